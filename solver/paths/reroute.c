/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/reroute.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { MOST_PARTS = 6 };

static const double slack = 1e-9;     /* of a capacity, that may be exceeded */
static const double whole = 1e-9;     /* of a demand that need not be placed */
static const double least_part = 0.1; /* of what is left, that a way has to hold */

/* ---- life ---------------------------------------------------------------------------------- */

kv_status kv_reroute_create(const kv_shape *shape, kv_reroute **reroute)
{
    size_t groups = (size_t)shape->n_groups, pairs = (size_t)shape->n_blocks * groups;
    size_t nodes = (size_t)shape->n_nodes, demands = (size_t)shape->n_demands;
    kv_reroute *r = *reroute = kv_alloc(1, sizeof *r);
    if (!r)
        return KV_ERR_MEMORY;
    r->shape = shape;
    r->usable = kv_alloc(groups, 1);
    r->level = kv_alloc(groups, sizeof(int));
    r->load = kv_alloc(pairs, sizeof(double));
    r->new_level = kv_alloc(groups, sizeof(int));
    r->new_load = kv_alloc(pairs, sizeof(double));
    r->most_level = kv_alloc(groups, sizeof(int));
    r->least_level = kv_alloc(groups, sizeof(int));
    r->taken = kv_alloc(demands, sizeof(int));
    r->taken_amount = kv_alloc(demands, sizeof(double));
    r->discount = kv_alloc(groups, sizeof(double));
    r->limit = kv_alloc(groups, sizeof(double));
    r->in_first = kv_alloc(nodes + 1, sizeof(int));
    r->in = kv_alloc((size_t)shape->n_arcs, sizeof *r->in);
    r->distance = kv_alloc(nodes, sizeof(double));
    r->next = kv_alloc(nodes, sizeof(int));
    r->frontier = kv_alloc(nodes, sizeof(int));
    if (!r->usable || !r->level || !r->load || !r->new_level || !r->new_load || !r->most_level ||
        !r->least_level || !r->taken || !r->taken_amount || !r->limit || !r->discount ||
        !r->in_first || !r->in || !r->distance || !r->next || !r->frontier)
        return KV_ERR_MEMORY;
    memset(r->usable, 1, groups);
    for (size_t g = 0; g < groups; g++)
        r->discount[g] = 1.0;
    return KV_OK;
}

void kv_reroute_free(kv_reroute *r)
{
    if (!r)
        return;
    void *arrays[] = {r->usable,   r->level,        r->load,       r->demand,      r->amount,
                      r->first,    r->arcs,         r->away,       r->new_level,   r->new_load,
                      r->taken,    r->taken_amount, r->most_level, r->least_level, r->limit,
                      r->discount, r->in_first,     r->in,         r->distance,    r->next,
                      r->frontier};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(r);
}

/* ---- the plan ------------------------------------------------------------------------------ */

static kv_status add_path(kv_reroute *r, const kv_routing_path *path)
{
    size_t n = (size_t)r->n_paths, used = n > 0 ? (size_t)r->first[n] : 0;
    size_t length = (size_t)path->length;
    if (kv_reserve((void **)&r->demand, &r->path_room, n + 1, sizeof(int)) ||
        kv_reserve((void **)&r->first, &r->first_room, n + 2, sizeof(int)) ||
        kv_reserve((void **)&r->amount, &r->amount_room, n + 1, sizeof(double)) ||
        kv_reserve((void **)&r->away, &r->away_room, n + 1, 1) ||
        kv_reserve((void **)&r->arcs, &r->arc_room, used + length + 1, sizeof(int)))
        return KV_ERR_MEMORY;
    r->demand[n] = path->demand;
    r->amount[n] = path->amount;
    r->away[n] = 0;
    r->first[n] = (int)used;
    r->first[n + 1] = (int)(used + length);
    for (size_t i = 0; i < length; i++)
        r->arcs[used + i] = path->arcs[i];
    r->n_paths++;
    return KV_OK;
}

/* Arcs of groups that are used or may be. */
static void list_arcs(kv_reroute *r)
{
    const kv_shape *s = r->shape;
    int n = 0;
    for (int v = 0; v < s->n_nodes; v++) {
        r->in_first[v] = n;
        for (int i = s->in_first[v]; i < s->in_first[v + 1]; i++) {
            int a = s->in_arc[i], g = s->arc[a].group;
            if (g < 0 || r->usable[g] || r->level[g] > 0 || kv_shape_offers(s, g, 0) > 0.0)
                r->in[n++] = (struct kv_reroute_arc){a, s->arc[a].tail, g, s->arc[a].use};
        }
    }
    r->in_first[s->n_nodes] = n;
    r->work += s->n_arcs;
}

kv_status kv_reroute_take(kv_reroute *r, const kv_evaluation *e)
{
    const kv_shape *s = r->shape;
    size_t groups = (size_t)s->n_groups;
    kv_status status = KV_OK;
    r->n_paths = 0;
    r->cost = e->cost;
    memcpy(r->level, e->level, groups * sizeof(int));
    for (int b = 0; b < s->n_blocks; b++) {
        kv_routing_path path;
        int next = 0;
        memcpy(r->load + (size_t)b * groups, kv_routing_load(e->routing[b]),
               groups * sizeof(double));
        while (status == KV_OK && kv_routing_next(e->routing[b], &next, &path))
            status = add_path(r, &path);
    }
    if (status != KV_OK)
        r->n_paths = 0;
    list_arcs(r);
    r->work += 12.0 * r->n_paths + (double)s->n_blocks * s->n_groups;
    return status;
}

/* ---- a neighbour --------------------------------------------------------------------------- */

static void set_level(kv_reroute *r, int group, int level)
{
    r->new_level[group] = level;
    r->limit[group] = kv_shape_offers(r->shape, group, level) * (1.0 + slack);
}

/* Move to another level and pay for it. */
static void climb(kv_reroute *r, int group, int level)
{
    r->new_cost += kv_shape_level_cost(r->shape, group, level) -
                   kv_shape_level_cost(r->shape, group, r->new_level[group]);
    set_level(r, group, level);
}

void kv_reroute_begin(kv_reroute *r)
{
    const kv_shape *s = r->shape;
    memcpy(r->new_load, r->load, (size_t)s->n_blocks * (size_t)s->n_groups * sizeof(double));
    for (int g = 0; g < s->n_groups; g++) {
        set_level(r, g, r->level[g]);
        r->most_level[g] = r->usable[g] ? kv_shape_ladder(s, g) - 1 : r->level[g];
    }
    r->new_cost = r->cost;
    r->n_taken = 0;
    r->work += (double)s->n_groups * (1 + s->n_blocks);
}

/* Take a path out of loads and cost. */
static void take_away(kv_reroute *r, int path)
{
    const kv_shape *s = r->shape;
    const kv_shape_demand *d = &s->demand[r->demand[path]];
    double *load = r->new_load + (size_t)d->block * (size_t)s->n_groups;
    const double *cost = s->cost + (size_t)d->block * (size_t)s->n_arcs;
    double amount = r->amount[path], sum = 0.0;
    for (int i = r->first[path]; i < r->first[path + 1]; i++) {
        const kv_shape_arc *arc = &s->arc[r->arcs[i]];
        sum += cost[r->arcs[i]];
        if (arc->group >= 0)
            load[arc->group] -= arc->use * amount;
    }
    r->new_cost -= sum * amount;
}

void kv_reroute_clear(kv_reroute *r, int group)
{
    const kv_shape *s = r->shape;
    for (int p = 0; p < r->n_paths; p++) {
        int through = 0, demand = r->demand[p];
        for (int i = r->first[p]; i < r->first[p + 1]; i++)
            through |= s->arc[r->arcs[i]].group == group;
        if (!through || r->away[p])
            continue;
        if (r->taken_amount[demand] == 0.0)
            r->taken[r->n_taken++] = demand;
        r->taken_amount[demand] += r->amount[p];
        r->away[p] = 1;
        take_away(r, p);
    }
    r->work += 2.0 * r->first[r->n_paths];
}

/* Levels come down to what the loads need, or as far as they may. */
static void lower_levels(kv_reroute *r)
{
    const kv_shape *s = r->shape;
    for (int g = 0; g < s->n_groups; g++) {
        double load = 0.0;
        int level = 0;
        if (r->new_level[g] == 0)
            continue;
        for (int b = 0; b < s->n_blocks; b++)
            load = fmax(load, r->new_load[(size_t)b * (size_t)s->n_groups + (size_t)g]);
        if (load > slack * r->limit[g])
            level = kv_level_for(s, g, load, 0);
        if (level < r->least_level[g])
            level = r->least_level[g];
        if (level < r->new_level[g])
            climb(r, g, level);
    }
    r->work += s->n_groups;
}

/* What a unit costs on an arc where its group's level does not let `amount` more on it. */
static double climbing_cost(const kv_reroute *r, int group, double needed, double cost,
                            double amount)
{
    const kv_shape *s = r->shape;
    int level = kv_level_for(s, group, needed, r->new_level[group]);
    if (level > r->most_level[group] || kv_shape_offers(s, group, level) * (1.0 + slack) < needed)
        return HUGE_VAL;
    return cost + r->discount[group] *
                      (kv_shape_level_cost(s, group, level) -
                       kv_shape_level_cost(s, group, r->new_level[group])) /
                      amount;
}

static int nearest(kv_reroute *r, int *n_frontier)
{
    int best = 0;
    double least = r->distance[r->frontier[0]];
    for (int i = 1; i < *n_frontier; i++)
        if (r->distance[r->frontier[i]] < least) {
            least = r->distance[r->frontier[i]];
            best = i;
        }
    int node = r->frontier[best];
    r->frontier[best] = r->frontier[--*n_frontier];
    return node;
}

/* The cheapest way for `amount` of a demand, from its destination backwards. Cost a unit, HUGE_VAL =
 * none. */
static double find_way(kv_reroute *r, const kv_shape_demand *d, double amount)
{
    const kv_shape *s = r->shape;
    const double *load = r->new_load + (size_t)d->block * (size_t)s->n_groups;
    const double *costs = s->cost + (size_t)d->block * (size_t)s->n_arcs;
    double *distance = r->distance;
    int n_frontier = 0, steps = 0;
    for (int v = 0; v < s->n_nodes; v++)
        distance[v] = HUGE_VAL;
    distance[d->destination] = 0.0;
    r->frontier[n_frontier++] = d->destination;
    while (n_frontier > 0) {
        steps += n_frontier;
        int v = nearest(r, &n_frontier);
        double from = distance[v];
        if (v == d->origin || from >= d->direct)
            break;
        steps += 3 * (r->in_first[v + 1] - r->in_first[v]);
        for (int i = r->in_first[v]; i < r->in_first[v + 1]; i++) {
            const struct kv_reroute_arc *in = &r->in[i];
            double cost = costs[in->arc];
            if (from + cost >= distance[in->tail])
                continue;
            if (in->group >= 0 && load[in->group] + in->use * amount > r->limit[in->group]) {
                cost =
                    climbing_cost(r, in->group, load[in->group] + in->use * amount, cost, amount);
                if (from + cost >= distance[in->tail])
                    continue;
            }
            if (distance[in->tail] == HUGE_VAL)
                r->frontier[n_frontier++] = in->tail;
            distance[in->tail] = from + cost;
            r->next[in->tail] = in->arc;
        }
    }
    r->work += steps + s->n_nodes;
    return distance[d->origin];
}

/* Put `amount` on the way found, climbing levels. */
static void use_way(kv_reroute *r, const kv_shape_demand *d, double amount)
{
    const kv_shape *s = r->shape;
    double *load = r->new_load + (size_t)d->block * (size_t)s->n_groups;
    const double *cost = s->cost + (size_t)d->block * (size_t)s->n_arcs;
    for (int v = d->origin; v != d->destination; v = s->arc[r->next[v]].head) {
        const kv_shape_arc *arc = &s->arc[r->next[v]];
        int g = arc->group;
        r->new_cost += cost[r->next[v]] * amount;
        if (g < 0)
            continue;
        load[g] += arc->use * amount;
        if (load[g] > r->limit[g])
            climb(r, g, kv_level_for(s, g, load[g], r->new_level[g]));
    }
}

/* How much the way found can hold. */
static double way_room(const kv_reroute *r, const kv_shape_demand *d)
{
    const kv_shape *s = r->shape;
    const double *load = r->new_load + (size_t)d->block * (size_t)s->n_groups;
    double room = HUGE_VAL;
    for (int v = d->origin; v != d->destination; v = s->arc[r->next[v]].head) {
        const kv_shape_arc *arc = &s->arc[r->next[v]];
        if (arc->group < 0 || arc->use <= 0.0)
            continue;
        double offers = kv_shape_offers(s, arc->group, r->most_level[arc->group]);
        room = fmin(room, (offers - load[arc->group]) / arc->use);
    }
    return room;
}

/* A demand goes whole where it can, else in parts. */
static int insert_demand(kv_reroute *r, int demand, double amount)
{
    const kv_shape_demand *d = &r->shape->demand[demand];
    double left = amount;
    for (int part = 0; part < MOST_PARTS; part++) {
        double now = left, way = find_way(r, d, left);
        if (way == HUGE_VAL && d->direct == HUGE_VAL) {
            way = find_way(r, d, least_part * left);
            if (way == HUGE_VAL)
                return -1;
            now = fmin(left, way_room(r, d));
        }
        if (way < d->direct)
            use_way(r, d, now);
        else
            r->new_cost += d->direct * now;
        left -= now;
        if (left <= whole * d->amount)
            return 0;
    }
    return -1;
}

void kv_reroute_raise(kv_reroute *r, int group)
{
    int level = r->new_level[group] + 1;
    if (level > r->most_level[group])
        return;
    climb(r, group, level);
    r->least_level[group] = level;
}

int kv_reroute_insert(kv_reroute *r, double cutoff)
{
    int failed = 0;
    memset(r->away, 0, (size_t)r->n_paths);
    lower_levels(r);
    for (int i = 0; i < r->n_taken; i++) {
        int demand = r->taken[i];
        if (!failed && insert_demand(r, demand, r->taken_amount[demand]) != 0)
            failed = -1;
        if (r->new_cost > cutoff)
            failed = -1;
        r->taken_amount[demand] = 0.0;
    }
    r->n_taken = 0;
    memset(r->least_level, 0, (size_t)r->shape->n_groups * sizeof *r->least_level);
    if (!failed)
        lower_levels(r);
    return failed;
}
