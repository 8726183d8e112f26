/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/evaluate.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const double slack = 1e-9; /* of a capacity: as much more may be on it, or is nothing */

/* ---- life ---------------------------------------------------------------------------------- */

static kv_status make_room(kv_evaluation *e)
{
    size_t groups = (size_t)e->shape->n_groups, blocks = (size_t)e->shape->n_blocks;
    e->level = kv_alloc(groups, sizeof *e->level);
    e->home_level = kv_alloc(groups, sizeof *e->home_level);
    e->given_level = kv_alloc(groups, sizeof *e->given_level);
    e->changed = kv_alloc(groups, sizeof *e->changed);
    e->home_cost = kv_alloc(blocks, sizeof *e->home_cost);
    e->block_cost = kv_alloc(blocks, sizeof *e->block_cost);
    e->routing = kv_alloc(blocks, sizeof *e->routing);
    e->home = kv_alloc(blocks, sizeof *e->home);
    e->away = kv_alloc(blocks, sizeof *e->away);
    return e->level && e->home_level && e->given_level && e->changed && e->home_cost &&
                   e->block_cost && e->routing && e->home && e->away
               ? KV_OK
               : KV_ERR_MEMORY;
}

kv_status kv_evaluation_create(const kv_shape *shape, kv_evaluation **evaluation)
{
    kv_evaluation *e = *evaluation = kv_alloc(1, sizeof *e);
    if (!e)
        return KV_ERR_MEMORY;
    e->shape = shape;
    e->flow_cost = e->cost = HUGE_VAL;
    kv_status status = make_room(e);
    for (int b = 0; b < shape->n_blocks && status == KV_OK; b++) {
        e->home_cost[b] = HUGE_VAL;
        status = kv_routing_create(shape, b, &e->away[b]);
        if (status == KV_OK)
            status = kv_routing_create(shape, b, &e->home[b]);
        e->routing[b] = e->home[b];
    }
    return status;
}

void kv_evaluation_free(kv_evaluation *e)
{
    if (!e)
        return;
    for (int b = 0; b < e->shape->n_blocks; b++) {
        kv_routing_free(e->away ? e->away[b] : NULL);
        kv_routing_free(e->home ? e->home[b] : NULL);
    }
    void *arrays[] = {e->level,      e->home_level, e->given_level, e->changed, e->home_cost,
                      e->block_cost, e->routing,    e->home,        e->away};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(e);
}

/* ---- levels -------------------------------------------------------------------------------- */

int kv_level_for(const kv_shape *shape, int group, double load, int from)
{
    int low = from, high = kv_shape_ladder(shape, group) - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (kv_shape_offers(shape, group, middle) * (1.0 + slack) < load)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The levels that the flows need, none above the given one. */
static void find_needed(kv_evaluation *e)
{
    const kv_shape *s = e->shape;
    for (int g = 0; g < s->n_groups; g++) {
        double load = 0.0;
        for (int b = 0; b < s->n_blocks && e->given_level[g] > 0; b++)
            load = fmax(load, kv_routing_load(e->routing[b])[g]);
        e->level[g] = 0;
        if (load > slack * kv_shape_offers(s, g, e->given_level[g]))
            e->level[g] = kv_level_for(s, g, load, 0);
        if (e->level[g] > e->given_level[g])
            e->level[g] = e->given_level[g];
    }
    e->cost = e->flow_cost + kv_shape_cost(s, e->level);
    e->work += (double)s->n_groups * s->n_blocks;
}

static void give_levels(kv_evaluation *e, const int *level)
{
    e->n_changed = 0;
    for (int g = 0; g < e->shape->n_groups; g++) {
        e->given_level[g] = level[g];
        if (level[g] != e->home_level[g])
            e->changed[e->n_changed++] = g;
    }
}

/* What a group offers at the given levels. */
static double given_offer(const kv_evaluation *e, int group)
{
    return kv_shape_offers(e->shape, group, e->given_level[group]);
}

/* 1 when a block's flows at home are the best for the given levels, too: nothing is gained, and
 * nothing lost that they use. */
static int stays(const kv_evaluation *e, int block)
{
    const double *load = kv_routing_load(e->home[block]);
    if (e->home_cost[block] == HUGE_VAL)
        return 0;
    for (int i = 0; i < e->n_changed; i++) {
        int g = e->changed[i];
        if (e->given_level[g] > e->home_level[g] || load[g] > given_offer(e, g))
            return 0;
    }
    return 1;
}

/* ---- solves -------------------------------------------------------------------------------- */

/* The routing away from home takes the given levels. */
static kv_status prepare_block(kv_evaluation *e, int block)
{
    kv_routing *r = e->away[block];
    double before = kv_routing_work(r);
    kv_status status = kv_routing_copy(r, e->home[block]);
    for (int i = 0; i < e->n_changed && status == KV_OK; i++)
        kv_routing_offer(r, e->changed[i], given_offer(e, e->changed[i]));
    e->routing[block] = r;
    e->work += kv_routing_work(r) - before;
    return status;
}

/* A bound of a block's flows at the given levels, by the prices at home. */
static double bound_block(kv_evaluation *e, int block)
{
    kv_routing *r = e->away[block];
    double before = kv_routing_work(r), bound = 0.0;
    if (e->routing[block] == e->home[block])
        return e->home_cost[block];
    if (e->home_cost[block] < HUGE_VAL)
        bound = kv_routing_bound(r, e->home[block]);
    e->work += kv_routing_work(r) - before;
    return bound;
}

static kv_status solve_block(kv_evaluation *e, int block)
{
    kv_routing *r = e->away[block];
    double before = kv_routing_work(r);
    kv_status status = KV_OK;
    if (e->routing[block] == r)
        status = kv_routing_solve(r, &e->block_cost[block]);
    else
        e->block_cost[block] = e->home_cost[block];
    e->work += kv_routing_work(r) - before;
    return status;
}

kv_status kv_evaluation_try(kv_evaluation *e, const int *level, double most)
{
    kv_status status = KV_OK;
    double sum = 0.0, bound = most < HUGE_VAL ? kv_shape_cost(e->shape, level) : 0.0;
    give_levels(e, level);
    e->flow_cost = e->cost = HUGE_VAL;
    e->work += e->shape->n_groups + (double)e->n_changed * e->shape->n_blocks;
    for (int b = 0; b < e->shape->n_blocks && status == KV_OK && bound <= most; b++) {
        e->routing[b] = e->home[b];
        if (!stays(e, b))
            status = prepare_block(e, b);
        if (status == KV_OK && most < HUGE_VAL)
            bound += bound_block(e, b);
    }
    if (status != KV_OK || bound > most)
        return status;
    e->solved++;
    for (int b = 0; b < e->shape->n_blocks && status == KV_OK && sum < HUGE_VAL; b++) {
        status = solve_block(e, b);
        sum += status == KV_OK ? e->block_cost[b] : 0.0;
    }
    if (status != KV_OK || sum == HUGE_VAL)
        return status;
    e->flow_cost = sum;
    find_needed(e);
    return KV_OK;
}

kv_status kv_evaluation_solve(kv_evaluation *e, const int *level)
{
    return kv_evaluation_try(e, level, HUGE_VAL);
}

void kv_evaluation_settle(kv_evaluation *e)
{
    if (e->flow_cost == HUGE_VAL)
        return;
    for (int b = 0; b < e->shape->n_blocks; b++) {
        if (e->routing[b] == e->away[b]) {
            e->away[b] = e->home[b];
            e->home[b] = e->routing[b];
        } else {
            for (int i = 0; i < e->n_changed; i++)
                kv_routing_offer(e->home[b], e->changed[i], given_offer(e, e->changed[i]));
        }
        e->home_cost[b] = e->block_cost[b];
    }
    memcpy(e->home_level, e->given_level, (size_t)e->shape->n_groups * sizeof *e->home_level);
    e->n_changed = 0;
}

/* ---- flows --------------------------------------------------------------------------------- */

static void add_path(const kv_shape *s, const kv_routing_path *path, double *flow)
{
    const kv_shape_demand *d = &s->demand[path->demand];
    size_t block = (size_t)d->block * (size_t)s->problem->n_flows;
    const int *flow_of = s->flow_of + (size_t)d->commodity * (size_t)s->n_arcs;
    for (int i = 0; i < path->length; i++)
        flow[block + (size_t)flow_of[path->arcs[i]]] += path->amount;
    if (path->length == 0 && d->direct_flow >= 0)
        flow[block + (size_t)d->direct_flow] += path->amount;
}

void kv_evaluation_flow(const kv_evaluation *e, double *flow)
{
    const kv_problem *p = e->shape->problem;
    memset(flow, 0, (size_t)p->n_blocks * (size_t)p->n_flows * sizeof *flow);
    for (int b = 0; b < p->n_blocks; b++) {
        kv_routing_path path;
        int next = 0;
        while (kv_routing_next(e->routing[b], &next, &path))
            add_path(e->shape, &path, flow);
    }
}
