/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prices of full groups, and shortest paths under them. */
#include "solver/paths/routing_parts.h"

#include <math.h>
#include <string.h>

double kv_routing_cost_of(const kv_routing *t, int demand, int length, const int *arcs)
{
    double cost = 0.0;
    int closed = 0;
    if (length == 0) {
        double direct = t->shape->demand[t->first + demand].direct;
        return direct < t->big ? direct : t->big;
    }
    for (int i = 0; i < length; i++) {
        int group = t->shape->arc[arcs[i]].group;
        closed |= group >= 0 && !t->open[group];
        cost += t->cost[arcs[i]];
    }
    return closed ? cost + t->penalty : cost;
}

double kv_routing_priced(const kv_routing *t, double cost, int length, const int *arcs)
{
    for (int i = 0; i < length; i++) {
        const kv_shape_arc *arc = &t->shape->arc[arcs[i]];
        if (arc->group >= 0)
            cost += arc->use * t->price[arc->group];
    }
    return cost;
}

/* Cost of a slot with the price of exceeded groups. */
static double cost_of_slot(const kv_routing *t, int slot)
{
    return t->n_exceeded == 0 ? t->path_cost[slot]
                              : kv_routing_priced(t, t->path_cost[slot], t->length[slot],
                                                  t->arcs + (size_t)slot * (size_t)t->stride);
}

void kv_routing_find_prices(kv_routing *t)
{
    for (int g = 0; g < t->n_groups; g++)
        t->price[g] = t->exceeded[g] ? t->big : 0.0;
    for (int q = 0; q < t->size; q++)
        t->row[q] = cost_of_slot(t, t->column_demand[q]) - cost_of_slot(t, t->n_demands + q);
    for (int r = 0; r < t->size; r++) {
        const double *inverse = t->inverse + (size_t)r * (size_t)t->room;
        double part[4] = {0.0, 0.0, 0.0, 0.0};
        int q = 0;
        for (; q + 4 <= t->size; q += 4)
            for (int i = 0; i < 4; i++)
                part[i] += t->row[q + i] * inverse[q + i];
        for (; q < t->size; q++)
            part[0] += t->row[q] * inverse[q];
        t->price[t->row_group[r]] = (part[0] + part[1]) + (part[2] + part[3]);
    }
    t->work += 0.5 * (double)t->size * t->size + t->n_groups;
}

void kv_routing_list_live(kv_routing *t)
{
    const kv_shape *s = t->shape;
    int n = 0;
    if (!t->live_is_old)
        return;
    t->live_is_old = 0;
    for (int v = 0; v < s->n_nodes; v++) {
        t->live_first[v] = n;
        for (int a = s->out_first[v]; a < s->out_first[v + 1]; a++)
            if (s->arc[a].group < 0 || t->open[s->arc[a].group])
                t->live_arc[n++] = a;
    }
    t->live_first[s->n_nodes] = n;
    t->work += s->n_arcs;
}

/* Take the nearest node off the frontier. */
static int nearest(kv_routing *t, const double *distance, int *n_frontier)
{
    int best = 0;
    for (int i = 1; i < *n_frontier; i++)
        if (distance[t->frontier[i]] < distance[t->frontier[best]])
            best = i;
    int node = t->frontier[best];
    t->frontier[best] = t->frontier[--*n_frontier];
    return node;
}

/* Dijkstra; nodes that no arc leaves are not waited for. */
void kv_routing_distances(kv_routing *t, int origin)
{
    const kv_shape *s = t->shape;
    double *distance = t->distance;
    int *pred = t->pred;
    int n_frontier = 0, steps = 0;
    for (int v = 0; v < s->n_nodes; v++) {
        distance[v] = HUGE_VAL;
        pred[v] = -1;
    }
    distance[origin] = 0.0;
    t->frontier[n_frontier++] = origin;
    while (n_frontier > 0) {
        steps += n_frontier;
        int v = nearest(t, distance, &n_frontier);
        double from = distance[v];
        steps += t->live_first[v + 1] - t->live_first[v];
        for (int i = t->live_first[v]; i < t->live_first[v + 1]; i++) {
            int a = t->live_arc[i], head = s->arc[a].head, group = s->arc[a].group;
            double price = group >= 0 ? t->price[group] : 0.0;
            double to = from + t->cost[a] + (price > 0.0 ? s->arc[a].use * price : 0.0);
            if (to >= distance[head])
                continue;
            if (distance[head] == HUGE_VAL && t->live_first[head + 1] > t->live_first[head])
                t->frontier[n_frontier++] = head;
            distance[head] = to;
            pred[head] = a;
        }
    }
    t->work += 2.0 * steps + s->n_nodes;
}

int kv_routing_trace(kv_routing *t, int origin, int destination)
{
    const int *pred = t->pred;
    int length = 0;
    for (int v = destination; v != origin; v = t->shape->arc[pred[v]].tail)
        t->candidate[length++] = pred[v];
    for (int i = 0; i < length / 2; i++) {
        int keep = t->candidate[i];
        t->candidate[i] = t->candidate[length - 1 - i];
        t->candidate[length - 1 - i] = keep;
    }
    return length;
}

double kv_routing_bound(kv_routing *t, const kv_routing *solved)
{
    double sum = 0.0;
    kv_routing_list_live(t);
    for (int g = 0; g < t->n_groups; g++) {
        t->price[g] = solved->row_of[g] >= 0 ? fmax(solved->price[g], 0.0) : 0.0;
        if (t->price[g] > 0.0 && t->open[g])
            sum -= t->price[g] * t->capacity[g];
    }
    for (int i = 0; i < t->n_demands; i++) {
        const kv_shape_demand *d = &t->shape->demand[t->first + i];
        if (i == 0 || d->tree != d[-1].tree)
            kv_routing_distances(t, d->origin);
        sum += d->amount * fmin(t->distance[d->destination], d->direct);
    }
    t->work += t->n_groups + t->n_demands;
    return sum;
}
