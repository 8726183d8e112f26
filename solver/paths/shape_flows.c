/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Demands and arcs, and that all demands may use all arcs alike. */
#include "base/memory.h"
#include "solver/paths/shape_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least_balance = 1e-9; /* of a commodity's supply: less is rounding */
static const double slack = 1e-9;         /* relative, of flows' bounds */

static size_t flow_at(const kv_problem *p, int block, int flow)
{
    return (size_t)block * (size_t)p->n_flows + (size_t)flow;
}

static double balance_at(const kv_problem *p, int block, int row)
{
    return p->balance[(size_t)block * (size_t)p->n_balances + (size_t)row];
}

/* ---- demands ---- */

typedef struct ends {                 /* of a commodity in a block */
    int sources, sinks, source, sink; /* how many, and the balance row of the last */
    double supplied, taken;
} ends;

static ends find_ends(const kv_problem *p, int block, int commodity)
{
    ends e = {0, 0, -1, -1, 0.0, 0.0};
    for (int row = p->commodity_balance_first[commodity];
         row < p->commodity_balance_first[commodity + 1]; row++) {
        double d = balance_at(p, block, row);
        if (d > 0.0) {
            e.sources++;
            e.source = row;
            e.supplied += d;
        } else if (d < 0.0) {
            e.sinks++;
            e.sink = row;
            e.taken -= d;
        }
    }
    return e;
}

static kv_status add_demands(kv_shaping *w, int block, int commodity, size_t *room)
{
    const kv_problem *p = w->problem;
    kv_shape *s = w->shape;
    ends e = find_ends(p, block, commodity);
    if (e.sources == 0 && e.sinks == 0)
        return KV_OK;
    if (fabs(e.supplied - e.taken) > least_balance * fmax(e.supplied, e.taken))
        return KV_ERR_INFEASIBLE;
    if (e.sources > 1 && e.sinks > 1)
        return KV_ERR_ARGUMENT;
    for (int row = p->commodity_balance_first[commodity];
         row < p->commodity_balance_first[commodity + 1]; row++) {
        double d = balance_at(p, block, row);
        if (e.sources == 1 ? d >= 0.0 : d <= 0.0)
            continue;
        if (kv_reserve((void **)&s->demand, room, (size_t)s->n_demands + 1, sizeof *s->demand))
            return KV_ERR_MEMORY;
        s->demand[s->n_demands++] =
            (kv_shape_demand){.block = block,
                              .commodity = commodity,
                              .origin = p->balance_node[e.sources == 1 ? e.source : row],
                              .destination = p->balance_node[e.sources == 1 ? row : e.sink],
                              .amount = fabs(d),
                              .direct = HUGE_VAL,
                              .direct_flow = -1};
    }
    w->most[block] += e.supplied;
    return KV_OK;
}

static int by_origin(const void *a, const void *b)
{
    const kv_shape_demand *x = a, *y = b;
    if (x->block != y->block)
        return x->block < y->block ? -1 : 1;
    if (x->origin != y->origin)
        return x->origin < y->origin ? -1 : 1;
    if (x->commodity != y->commodity)
        return x->commodity < y->commodity ? -1 : 1;
    return (x->destination > y->destination) - (x->destination < y->destination);
}

kv_status kv_shape_find_demands(kv_shaping *w)
{
    const kv_problem *p = w->problem;
    kv_shape *s = w->shape;
    size_t room = 0;
    kv_status status = KV_OK;
    s->block_first = kv_alloc((size_t)p->n_blocks + 1, sizeof *s->block_first);
    if (!s->block_first)
        return KV_ERR_MEMORY;
    for (int b = 0; b < p->n_blocks; b++)
        for (int k = 0; k < p->n_commodities && status == KV_OK; k++)
            status = add_demands(w, b, k, &room);
    if (status != KV_OK || s->n_demands == 0)
        return status == KV_OK ? KV_ERR_ARGUMENT : status;
    qsort(s->demand, (size_t)s->n_demands, sizeof *s->demand, by_origin);
    for (int i = 0; i < s->n_demands; i++) {
        kv_shape_demand *d = &s->demand[i];
        int same = i > 0 && d[-1].block == d->block && d[-1].origin == d->origin;
        s->n_trees += !same;
        d->tree = s->n_trees - 1;
        s->block_first[d->block + 1] = i + 1;
    }
    for (int b = 0; b < p->n_blocks; b++) /* blocks without demands */
        if (s->block_first[b + 1] < s->block_first[b])
            s->block_first[b + 1] = s->block_first[b];
    return KV_OK;
}

/* ---- arcs ---- */

/* The most that any level of an arc's group lets through of it. */
static double arc_most(const kv_shaping *w, int group, double use)
{
    const kv_shape *s = w->shape;
    double offers = group < 0 ? HUGE_VAL : kv_shape_offers(s, group, kv_shape_ladder(s, group) - 1);
    return use > 0.0 && offers < HUGE_VAL ? offers / use : offers > 0.0 ? HUGE_VAL : 0.0;
}

static int group_of(const kv_shaping *w, int arc)
{
    const kv_problem *p = w->problem;
    int first = w->opening_first[arc];
    if (w->resource[arc] >= 0)
        return w->component[p->n_design + w->resource[arc]];
    return first < w->opening_first[arc + 1] && p->openings[first].count > 0
               ? w->component[p->opening_design[p->openings[first].first]]
               : -1;
}

static int is_open_or_not_at_all(const kv_shaping *w, int arc)
{
    for (int i = w->opening_first[arc]; i < w->opening_first[arc + 1]; i++)
        if (w->problem->openings[i].count == 0)
            return 0;
    return 1;
}

static int can_flow(const kv_problem *p, int flow)
{
    for (int b = 0; b < p->n_blocks; b++)
        if (p->flow_upper[flow_at(p, b, flow)] > 0.0)
            return 1;
    return 0;
}

/* Arcs of one commodity that nothing opens or limits may be ways of its demands alone. */
static kv_status find_alone(kv_shaping *w, int *flow_of_arc)
{
    const kv_problem *p = w->problem;
    int *users = kv_alloc((size_t)p->n_arcs, sizeof(int));
    if (!users)
        return KV_ERR_MEMORY;
    for (int f = 0; f < p->n_flows; f++)
        if (can_flow(p, f)) {
            users[p->flow_arc[f]]++;
            flow_of_arc[p->flow_arc[f]] = f;
        }
    for (int a = 0; a < p->n_arcs; a++)
        w->alone[a] =
            users[a] == 1 && w->resource[a] < 0 && w->opening_first[a] == w->opening_first[a + 1];
    for (int i = 0; i < w->shape->n_demands; i++) {
        kv_shape_demand *d = &w->shape->demand[i];
        for (int f = p->commodity_flow_first[d->commodity];
             f < p->commodity_flow_first[d->commodity + 1]; f++) {
            int a = p->flow_arc[f];
            size_t at = flow_at(p, d->block, f);
            if (!w->alone[a] || p->arc_tail[a] != d->origin || p->arc_head[a] != d->destination ||
                p->flow_upper[at] < d->amount * (1.0 - slack))
                continue;
            double cost = p->block_weight[d->block] * p->flow_cost[at];
            w->alone[a] = 2;
            if (cost < d->direct) {
                d->direct = cost;
                d->direct_flow = f;
            }
        }
    }
    for (int a = 0; a < p->n_arcs; a++)
        w->alone[a] = w->alone[a] == 2;
    kv_free(users);
    return KV_OK;
}

/* Costs and flow columns of the arcs; KV_ERR_ARGUMENT where commodities differ in cost. */
static kv_status fill_arcs(kv_shaping *w, const int *place)
{
    const kv_problem *p = w->problem;
    kv_shape *s = w->shape;
    size_t arcs = (size_t)s->n_arcs, pairs = (size_t)p->n_commodities * arcs;
    s->cost = kv_alloc((size_t)p->n_blocks * arcs, sizeof *s->cost);
    s->flow_of = kv_alloc(pairs, sizeof *s->flow_of);
    if (!s->cost || !s->flow_of)
        return KV_ERR_MEMORY;
    for (size_t i = 0; i < pairs; i++)
        s->flow_of[i] = -1;
    for (size_t i = 0; i < (size_t)p->n_blocks * arcs; i++)
        s->cost[i] = -1.0;
    for (int f = 0; f < p->n_flows; f++) {
        int a = place[p->flow_arc[f]];
        if (a < 0)
            continue;
        s->flow_of[(size_t)p->flow_commodity[f] * arcs + (size_t)a] = f;
        for (int b = 0; b < p->n_blocks; b++) {
            double *cost = &s->cost[(size_t)b * arcs + (size_t)a];
            double own = p->block_weight[b] * p->flow_cost[flow_at(p, b, f)];
            if (own < 0.0 || (*cost >= 0.0 && *cost != own))
                return KV_ERR_ARGUMENT;
            *cost = own;
        }
    }
    return KV_OK;
}

/* Arcs of the problem that the shape has, by tail; place [n_arcs] gets their numbers there or -1. */
static kv_status take_arcs(kv_shaping *w, const int *flow_of_arc, int *place)
{
    const kv_problem *p = w->problem;
    kv_shape *s = w->shape;
    s->arc = kv_alloc((size_t)p->n_arcs, sizeof *s->arc);
    s->out_first = kv_alloc((size_t)p->n_nodes + 1, sizeof *s->out_first);
    s->in_first = kv_alloc((size_t)p->n_nodes + 1, sizeof *s->in_first);
    if (!s->arc || !s->out_first || !s->in_first)
        return KV_ERR_MEMORY;
    for (int a = 0; a < p->n_arcs; a++) {
        int fit = !w->alone[a] && flow_of_arc[a] >= 0 && is_open_or_not_at_all(w, a) &&
                  p->arc_tail[a] != p->arc_head[a] && arc_most(w, group_of(w, a), w->use[a]) > 0.0;
        place[a] = fit ? 0 : -1;
        if (fit)
            s->out_first[p->arc_tail[a] + 1]++;
    }
    for (int v = 0; v < p->n_nodes; v++)
        s->out_first[v + 1] += s->out_first[v];
    s->n_arcs = s->out_first[p->n_nodes];
    for (int a = 0; a < p->n_arcs; a++)
        if (place[a] >= 0) {
            int at = place[a] = s->out_first[p->arc_tail[a]]++;
            s->arc[at] = (kv_shape_arc){p->arc_tail[a], p->arc_head[a], group_of(w, a),
                                        w->resource[a] >= 0 ? w->use[a] : 0.0, a};
        }
    for (int v = p->n_nodes; v > 0; v--)
        s->out_first[v] = s->out_first[v - 1];
    s->out_first[0] = 0;
    return KV_OK;
}

/* Arcs by key (0 .. n_keys - 1, or -1 for none): first [n_keys + 1] zeroed, list [n_arcs]. */
static void sort_arcs(const int *key, int n_arcs, int n_keys, int *first, int *list)
{
    for (int a = 0; a < n_arcs; a++)
        if (key[a] >= 0)
            first[key[a] + 1]++;
    for (int i = 0; i < n_keys; i++)
        first[i + 1] += first[i];
    for (int a = 0; a < n_arcs; a++)
        if (key[a] >= 0)
            list[first[key[a]]++] = a;
    for (int i = n_keys; i > 0; i--)
        first[i] = first[i - 1];
    first[0] = 0;
}

/* Lists by head and by group, and the longest path. */
static kv_status list_arcs(kv_shape *s)
{
    size_t arcs = (size_t)s->n_arcs;
    s->in_arc = kv_alloc(arcs, sizeof(int));
    s->group_arc = kv_alloc(arcs, sizeof(int));
    s->group_first = kv_alloc((size_t)s->n_groups + 1, sizeof(int));
    int *key = kv_alloc(arcs, sizeof(int));
    kv_status status = s->in_arc && s->group_arc && s->group_first && key ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK) {
        for (int a = 0; a < s->n_arcs; a++)
            key[a] = s->arc[a].head;
        sort_arcs(key, s->n_arcs, s->n_nodes, s->in_first, s->in_arc);
        for (int a = 0; a < s->n_arcs; a++)
            key[a] = s->arc[a].group;
        sort_arcs(key, s->n_arcs, s->n_groups, s->group_first, s->group_arc);
        s->longest = 1;
        for (int v = 0; v < s->n_nodes; v++) /* nodes that a path passes through */
            s->longest +=
                s->in_first[v + 1] > s->in_first[v] && s->out_first[v + 1] > s->out_first[v];
        if (s->longest > s->n_nodes - 1)
            s->longest = s->n_nodes - 1;
    }
    kv_free(key);
    return status;
}

kv_status kv_shape_find_arcs(kv_shaping *w)
{
    size_t arcs = (size_t)w->problem->n_arcs;
    int *flow_of_arc = kv_alloc(arcs, sizeof(int)), *place = kv_alloc(arcs, sizeof(int));
    kv_status status = flow_of_arc && place ? KV_OK : KV_ERR_MEMORY;
    for (size_t a = 0; a < arcs && status == KV_OK; a++)
        flow_of_arc[a] = -1;
    if (status == KV_OK)
        status = find_alone(w, flow_of_arc);
    if (status == KV_OK)
        status = take_arcs(w, flow_of_arc, place);
    if (status == KV_OK)
        status = fill_arcs(w, place);
    if (status == KV_OK)
        status = list_arcs(w->shape);
    kv_free(flow_of_arc);
    kv_free(place);
    return status;
}

/* ---- bounds ---- */

typedef struct reach {
    const kv_shape *shape;
    unsigned char *can; /* [n_nodes * n_nodes] 1 = the second can be reached from the first */
    int *stack;         /* [n_nodes] */
    double *behind;     /* [n_nodes] demand of a commodity that may pass a node */
} reach;

static void reach_from(reach *r, int origin)
{
    const kv_shape *s = r->shape;
    unsigned char *can = r->can + (size_t)origin * (size_t)s->n_nodes;
    int n = 0;
    r->stack[n++] = origin;
    can[origin] = 1;
    while (n > 0) {
        int v = r->stack[--n];
        for (int a = s->out_first[v]; a < s->out_first[v + 1]; a++)
            if (!can[s->arc[a].head]) {
                can[s->arc[a].head] = 1;
                r->stack[n++] = s->arc[a].head;
            }
    }
}

/* Of the n demands listed, of one commodity in one block: what may pass a node. */
static void measure(reach *r, const int *listed, int n_listed)
{
    size_t n = (size_t)r->shape->n_nodes;
    memset(r->behind, 0, n * sizeof *r->behind);
    for (size_t v = 0; v < n; v++)
        for (int i = 0; i < n_listed; i++) {
            const kv_shape_demand *d = &r->shape->demand[listed[i]];
            if (r->can[(size_t)d->origin * n + v] && r->can[v * n + (size_t)d->destination])
                r->behind[v] += d->amount;
        }
}

/* 1 when the commodity can be on all arcs that may serve it, up to what they or it let through. */
static int is_unbounded(const kv_shaping *w, const reach *r, int block, int commodity)
{
    const kv_shape *s = w->shape;
    for (int a = 0; a < s->n_arcs; a++) {
        const kv_shape_arc *arc = &s->arc[a];
        double need = fmin(r->behind[arc->tail], r->behind[arc->head]);
        int flow = s->flow_of[(size_t)commodity * (size_t)s->n_arcs + (size_t)a];
        need = fmin(need, arc_most(w, arc->group, arc->use));
        if (need > 0.0 && (flow < 0 || w->problem->flow_upper[flow_at(w->problem, block, flow)] <
                                           need * (1.0 - slack)))
            return 0;
    }
    return 1;
}

static kv_status check_block(const kv_shaping *w, reach *r, int block, int *first, int *list)
{
    const kv_shape *s = w->shape;
    int commodities = w->problem->n_commodities;
    memset(first, 0, ((size_t)commodities + 1) * sizeof *first);
    for (int i = s->block_first[block]; i < s->block_first[block + 1]; i++)
        first[s->demand[i].commodity + 1]++;
    for (int k = 0; k < commodities; k++)
        first[k + 1] += first[k];
    for (int i = s->block_first[block]; i < s->block_first[block + 1]; i++)
        list[first[s->demand[i].commodity]++] = i;
    for (int k = 0, from = 0; k < commodities; from = first[k++]) {
        if (first[k] == from)
            continue;
        measure(r, list + from, first[k] - from);
        if (!is_unbounded(w, r, block, k))
            return KV_ERR_ARGUMENT;
    }
    return KV_OK;
}

kv_status kv_shape_find_bounds(kv_shaping *w)
{
    const kv_shape *s = w->shape;
    size_t nodes = (size_t)s->n_nodes;
    reach r = {.shape = s,
               .can = kv_alloc(nodes * nodes, 1),
               .stack = kv_alloc(nodes, sizeof(int)),
               .behind = kv_alloc(nodes, sizeof(double))};
    int *first = kv_alloc((size_t)w->problem->n_commodities + 1, sizeof(int));
    int *list = kv_alloc((size_t)s->n_demands, sizeof(int));
    kv_status status = r.can && r.stack && r.behind && first && list ? KV_OK : KV_ERR_MEMORY;
    for (int v = 0; v < s->n_nodes && status == KV_OK; v++)
        reach_from(&r, v);
    for (int b = 0; b < s->n_blocks && status == KV_OK; b++)
        status = check_block(w, &r, b, first, list);
    kv_free(r.can);
    kv_free(r.stack);
    kv_free(r.behind);
    kv_free(first);
    kv_free(list);
    return status;
}
