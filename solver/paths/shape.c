/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/shape.h"

#include "base/memory.h"
#include "solver/paths/shape_parts.h"

#include <math.h>

/* ---- recognition --------------------------------------------------------------------------- */

/* What is seen at a glance. */
static int may_be_served(const kv_shaping *w)
{
    const kv_problem *p = w->problem;
    if (p->n_blocks < 1 || p->n_flows < 1)
        return 0;
    for (int i = 0; i < p->coupling.count; i++)
        if (!(w->drop_side && p->coupling.dropped[i]))
            return 0;
    for (int j = 0; j < p->n_design; j++)
        if (!p->design_integer[j])
            return 0;
    for (int f = 0; f < p->n_flows; f++)
        if (p->flow_tail_row[f] < 0 || p->flow_head_row[f] < 0)
            return 0;
    return 1;
}

static kv_status copy_boxes(kv_shaping *w, const double *lower, const double *upper, double *low,
                            double *high)
{
    const kv_problem *p = w->problem;
    for (int j = 0; j < p->n_design; j++) {
        low[j] = ceil((lower ? lower : p->design_lower)[j] - 1e-9);
        high[j] = floor((upper ? upper : p->design_upper)[j] + 1e-9);
        if (low[j] > high[j])
            return KV_ERR_INFEASIBLE;
        if (low[j] < 0.0)
            return KV_ERR_ARGUMENT;
    }
    w->lower = low;
    w->upper = high;
    return KV_OK;
}

static kv_status make_room(kv_shaping *w)
{
    const kv_problem *p = w->problem;
    size_t arcs = (size_t)p->n_arcs;
    w->opening_first = kv_alloc((size_t)p->n_blocks * arcs + 1, sizeof(int));
    w->resource = kv_alloc(arcs, sizeof(int));
    w->use = kv_alloc(arcs, sizeof(double));
    w->component = kv_alloc((size_t)(p->n_design + p->n_resources), sizeof(int));
    w->alone = kv_alloc(arcs, 1);
    w->most = kv_alloc((size_t)p->n_blocks, sizeof(double));
    return w->opening_first && w->resource && w->use && w->component && w->alone && w->most
               ? KV_OK
               : KV_ERR_MEMORY;
}

static void free_room(kv_shaping *w)
{
    void *arrays[] = {w->opening_first, w->resource, w->use,        w->component,     w->alone,
                      w->most,          w->n_sets,   w->group_sets, w->group_resource};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
}

static kv_status find_all(kv_shaping *w)
{
    kv_status status = make_room(w);
    if (status == KV_OK)
        status = kv_shape_find_groups(w);
    if (status == KV_OK)
        status = kv_shape_find_demands(w);
    if (status == KV_OK)
        status = kv_shape_find_levels(w);
    if (status == KV_OK)
        status = kv_shape_find_arcs(w);
    if (status == KV_OK)
        status = kv_shape_find_bounds(w);
    return status;
}

kv_status kv_shape_create(const kv_problem *problem, const double *lower, const double *upper,
                          const unsigned char *drop_side, kv_shape **shape)
{
    kv_shaping w = {.problem = problem, .drop_side = drop_side};
    double *low = kv_alloc((size_t)problem->n_design, sizeof(double));
    double *high = kv_alloc((size_t)problem->n_design, sizeof(double));
    w.shape = *shape = kv_alloc(1, sizeof **shape);
    kv_status status = w.shape && low && high ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK && !may_be_served(&w))
        status = KV_ERR_ARGUMENT;
    if (status == KV_OK)
        status = copy_boxes(&w, lower, upper, low, high);
    if (status == KV_OK) {
        w.shape->problem = problem;
        w.shape->n_nodes = problem->n_nodes;
        w.shape->n_blocks = problem->n_blocks;
        status = find_all(&w);
    }
    free_room(&w);
    kv_free(low);
    kv_free(high);
    if (status != KV_OK) {
        kv_shape_free(*shape);
        *shape = NULL;
    }
    return status;
}

void kv_shape_free(kv_shape *s)
{
    if (!s)
        return;
    void *arrays[] = {s->arc,          s->cost,   s->out_first,   s->in_first,    s->in_arc,
                      s->flow_of,      s->demand, s->block_first, s->group_first, s->group_arc,
                      s->design_first, s->design, s->level_first, s->level_cost,  s->level_offers,
                      s->level_value,  s->value,  s->idle};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(s);
}

/* ---- levels and designs -------------------------------------------------------------------- */

static const double *values_of(const kv_shape *s, int group, int level)
{
    return s->value + s->level_value[s->level_first[group] + level];
}

void kv_shape_design(const kv_shape *s, const int *level, double *design)
{
    for (int j = 0; j < s->problem->n_design; j++)
        design[j] = s->idle[j];
    for (int g = 0; g < s->n_groups; g++) {
        const double *value = values_of(s, g, level[g]);
        for (int i = s->design_first[g]; i < s->design_first[g + 1]; i++)
            design[s->design[i]] = value[i - s->design_first[g]];
    }
}

/* The level with a design's values in a group, or -1. */
static int level_of(const kv_shape *s, int group, const double *design)
{
    int n = s->design_first[group + 1] - s->design_first[group];
    const int *of = s->design + s->design_first[group];
    for (int l = 0; l < kv_shape_ladder(s, group); l++) {
        const double *value = values_of(s, group, l);
        int same = 1;
        for (int i = 0; i < n && same; i++)
            same = fabs(value[i] - design[of[i]]) < 0.5;
        if (same)
            return l;
    }
    return -1;
}

/* What the flows of a block use of a group. */
static double load_of(const kv_shape *s, int group, int block, const double *flow)
{
    const kv_problem *p = s->problem;
    double load = 0.0;
    for (int i = s->group_first[group]; i < s->group_first[group + 1]; i++) {
        int a = s->group_arc[i];
        double use = s->arc[a].use > 0.0 ? s->arc[a].use : 1.0;
        for (int k = 0; k < p->n_commodities; k++) {
            int f = s->flow_of[(size_t)k * (size_t)s->n_arcs + (size_t)a];
            if (f >= 0)
                load += use * flow[(size_t)block * (size_t)p->n_flows + (size_t)f];
        }
    }
    return load;
}

void kv_shape_levels(const kv_shape *s, const double *design, const double *flow, int *level)
{
    for (int g = 0; g < s->n_groups; g++) {
        level[g] = level_of(s, g, design);
        if (level[g] >= 0)
            continue;
        level[g] = flow ? 0 : kv_shape_ladder(s, g) - 1;
        for (int b = 0; b < s->n_blocks && flow; b++) {
            double load = load_of(s, g, b, flow);
            while (level[g] < kv_shape_ladder(s, g) - 1 &&
                   kv_shape_offers(s, g, level[g]) < load - 1e-7 * fmax(1.0, load))
                level[g]++;
        }
    }
}

double kv_shape_cost(const kv_shape *s, const int *level)
{
    double cost = s->idle_cost;
    for (int g = 0; g < s->n_groups; g++)
        cost += kv_shape_level_cost(s, g, level[g]);
    return cost;
}
