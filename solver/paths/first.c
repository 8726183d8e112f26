/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/first.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/paths/scale.h"

#include <math.h>
#include <string.h>

enum { ROUNDS = 60, EVERY = 5, SLOPES = 3, SLOPES_ALONE = 20 };

static const double least_share = 2e-3; /* of what a level offers, that its cost is spread over */

typedef struct starting {
    kv_first *how;
    kv_routing **routing; /* [n_blocks] at costs of their own */
    double *spread;       /* [n_blocks * n_groups] what the cost of a group is spread over */
    double *share;        /* [n_blocks] of that cost that a block bears */
    double *cost;         /* [n_arcs] room */
    int *level;           /* [n_groups] room */
} starting;

static int is_over(const kv_first *f)
{
    return kv_stop_requested() || kv_clock() >= f->deadline;
}

static int top(const kv_shape *s, int group)
{
    return kv_shape_ladder(s, group) - 1;
}

/* ---- levels from loads --------------------------------------------------------------------- */

/* Solve the levels that the loads of the starting's routings need. */
static kv_status try_loads(starting *w)
{
    const kv_shape *s = w->how->shape;
    for (int g = 0; g < s->n_groups; g++) {
        w->level[g] = 0;
        for (int b = 0; b < s->n_blocks; b++)
            w->level[g] = kv_level_for(s, g, kv_routing_load(w->routing[b])[g], w->level[g]);
    }
    kv_status status = kv_evaluation_solve(w->how->evaluation, w->level);
    if (status == KV_OK && kv_incumbent_offer(w->how->incumbent, w->how->evaluation))
        kv_evaluation_settle(w->how->evaluation);
    return status;
}

/* All groups on their highest level, or those kept. */
static kv_status try_highest(starting *w, int all)
{
    const kv_shape *s = w->how->shape;
    for (int g = 0; g < s->n_groups; g++)
        w->level[g] = all || w->how->keep[g] ? top(s, g) : 0;
    kv_status status = kv_evaluation_solve(w->how->evaluation, w->level);
    if (status == KV_OK && kv_incumbent_offer(w->how->incumbent, w->how->evaluation))
        kv_evaluation_settle(w->how->evaluation);
    return status;
}

/* ---- slopes -------------------------------------------------------------------------------- */

/* Costs of a block's arcs: those of flow and the cost of the group's level spread over `spread`. */
static void price_block(starting *w, int b)
{
    const kv_shape *s = w->how->shape;
    const double *cost = s->cost + (size_t)b * (size_t)s->n_arcs;
    const double *spread = w->spread + (size_t)b * (size_t)s->n_groups;
    for (int a = 0; a < s->n_arcs; a++) {
        int g = s->arc[a].group;
        w->cost[a] = cost[a];
        if (g < 0 || spread[g] <= 0.0)
            continue;
        double use = s->arc[a].use > 0.0 ? s->arc[a].use : 1.0;
        int level = kv_level_for(s, g, spread[g], 0);
        double fixed = kv_shape_level_cost(s, g, level) - kv_shape_level_cost(s, g, 0);
        w->cost[a] += w->share[b] * fmax(0.0, fixed) * use / spread[g];
    }
    kv_routing_price(w->routing[b], w->cost);
}

/* Slope scaling (Kim and Pardalos 1999): costs spread over loads, from the spread at hand. */
static kv_status scale_slopes(starting *w, int times)
{
    const kv_shape *s = w->how->shape;
    kv_status status = KV_OK;
    for (int i = 0; i < times && status == KV_OK && !is_over(w->how); i++) {
        for (int b = 0; b < s->n_blocks && status == KV_OK; b++) {
            double cost, before = kv_routing_work(w->routing[b]);
            double *spread = w->spread + (size_t)b * (size_t)s->n_groups;
            price_block(w, b);
            status = kv_routing_solve(w->routing[b], &cost);
            w->how->work += kv_routing_work(w->routing[b]) - before;
            if (status != KV_OK || cost == HUGE_VAL)
                return status;
            const double *load = kv_routing_load(w->routing[b]);
            for (int g = 0; g < s->n_groups; g++)
                if (load[g] > least_share * spread[g])
                    spread[g] = load[g];
        }
        if (status == KV_OK)
            status = try_loads(w);
    }
    return status;
}

/* ---- capacity scaling ---------------------------------------------------------------------- */

static void spread_over(starting *w, const double *capacity)
{
    const kv_shape *s = w->how->shape;
    for (int b = 0; b < s->n_blocks; b++)
        for (int g = 0; g < s->n_groups; g++) {
            size_t at = (size_t)b * (size_t)s->n_groups + (size_t)g;
            w->spread[at] = fmax(capacity[at], least_share * kv_shape_offers(s, g, top(s, g)));
        }
}

static kv_status scale_capacities(starting *w)
{
    kv_first *f = w->how;
    kv_scaling *scaling = NULL;
    kv_status status = kv_scaling_create(f->shape, f->lower, f->upper, f->drop_side, f->keep,
                                         f->multipliers, &scaling);
    for (int round = 1; round <= ROUNDS && status == KV_OK && !is_over(f); round++) {
        kv_scaling_round(scaling, f->threads);
        if (round % EVERY != 0)
            continue;
        spread_over(w, kv_scaling_capacity(scaling));
        status = scale_slopes(w, SLOPES);
    }
    if (scaling)
        f->work += kv_scaling_work(scaling);
    kv_scaling_free(scaling);
    return status;
}

/* ---- all ----------------------------------------------------------------------------------- */

static kv_status begin(starting *w)
{
    const kv_shape *s = w->how->shape;
    size_t blocks = (size_t)s->n_blocks, groups = (size_t)s->n_groups;
    kv_status status = KV_OK;
    double weights = 0.0;
    w->routing = kv_alloc(blocks, sizeof *w->routing);
    w->spread = kv_alloc(blocks * groups, sizeof *w->spread);
    w->share = kv_alloc(blocks, sizeof *w->share);
    w->cost = kv_alloc((size_t)s->n_arcs, sizeof *w->cost);
    w->level = kv_alloc(groups, sizeof *w->level);
    if (!w->routing || !w->spread || !w->share || !w->cost || !w->level)
        return KV_ERR_MEMORY;
    for (int b = 0; b < s->n_blocks; b++)
        weights += s->problem->block_weight[b];
    for (int b = 0; b < s->n_blocks && status == KV_OK; b++) {
        w->share[b] =
            weights > 0.0 ? s->problem->block_weight[b] / weights : 1.0 / (double)s->n_blocks;
        status = kv_routing_create(s, b, &w->routing[b]);
        for (int g = 0; g < s->n_groups && status == KV_OK; g++) {
            double offers = kv_shape_offers(s, g, top(s, g));
            w->spread[(size_t)b * groups + (size_t)g] = offers < HUGE_VAL ? offers : 0.0;
            kv_routing_offer(w->routing[b], g, w->how->keep[g] ? offers : kv_shape_offers(s, g, 0));
        }
    }
    return status;
}

kv_status kv_first_plans(kv_first *how)
{
    starting w = {.how = how};
    kv_status status = begin(&w);
    if (status == KV_OK)
        status = try_highest(&w, 0);
    if (status == KV_OK && how->incumbent->cost == HUGE_VAL)
        status = try_highest(&w, 1);
    if (status == KV_OK) {
        status = scale_capacities(&w);
        if (status == KV_ERR_ARGUMENT)
            status = scale_slopes(&w, SLOPES_ALONE);
    }
    for (int b = 0; w.routing && b < how->shape->n_blocks; b++)
        kv_routing_free(w.routing[b]);
    kv_free(w.routing);
    kv_free(w.spread);
    kv_free(w.share);
    kv_free(w.cost);
    kv_free(w.level);
    return status;
}
