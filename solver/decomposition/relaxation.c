/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/relaxation.h"

#include "base/memory.h"
#include "solver/ipm/lift.h"

#include <math.h>

enum { FEW_ROWS = 20000, FEW_FLOWS = 10000 };

/* Flows on an arc: flow columns sorted by commodity, so arcs' flows are found through this index. */
static kv_status index_openings(kv_relaxation *r)
{
    const kv_problem *p = r->problem;
    int *count = kv_alloc((size_t)p->n_arcs, sizeof(int));
    r->held_first = kv_alloc((size_t)p->n_openings + 1, sizeof(size_t));
    if (!count || !r->held_first) {
        kv_free(count);
        return KV_ERR_MEMORY;
    }
    for (int f = 0; f < p->n_flows; f++)
        count[p->flow_arc[f]]++;
    for (int o = 0; o < p->n_openings; o++)
        r->held_first[o + 1] = r->held_first[o] + (size_t)count[p->openings[o].arc];
    kv_free(count);
    r->held = kv_alloc(r->held_first[p->n_openings], 1);
    return r->held ? KV_OK : KV_ERR_MEMORY;
}

kv_status kv_relaxation_create(const kv_problem *problem, kv_threads *threads,
                               const unsigned char *drop_side, kv_relaxation **out)
{
    kv_relaxation *r = *out = kv_alloc(1, sizeof(*r));
    if (!r)
        return KV_ERR_MEMORY;
    r->problem = problem;
    r->threads = threads;
    r->drop_side = drop_side;
    r->deadline = 1e300;
    r->few_flows = FEW_FLOWS;
    kv_status status = index_openings(r);
    if (status != KV_OK) {
        kv_relaxation_free(r);
        *out = NULL;
    }
    return status;
}

void kv_relaxation_free(kv_relaxation *r)
{
    if (!r)
        return;
    kv_free(r->rows);
    kv_free(r->held);
    kv_free(r->held_first);
    kv_free(r);
}

kv_status kv_relaxation_run(kv_relaxation *r, const kv_lp_options *lp_options, double tolerance,
                            double cutoff, kv_ipm_result *result)
{
    kv_ipm_options options;
    kv_block_lp *lp = NULL;
    kv_ipm_options_default(&options);
    options.tolerance = tolerance;
    options.deadline = r->deadline;
    options.cutoff = cutoff;
    options.start = r->begin;
    options.trace = r->trace;
    options.trace_context = r->trace_context;
    kv_status status = kv_block_lp_create(r->problem, lp_options, &lp);
    if (status == KV_OK && lp->infeasible)
        status = KV_ERR_INFEASIBLE;
    if (status == KV_OK)
        status = kv_ipm_solve(lp, lp_options, r->threads, &options, result);
    if (status == KV_OK)
        r->iterations += result->iterations;
    kv_block_lp_free(lp);
    return status;
}

kv_status kv_relaxation_solve(kv_relaxation *r, const double *lower, const double *upper,
                              double tolerance, double cutoff, kv_ipm_result *result)
{
    kv_lp_options options = {.lower = lower,
                             .upper = upper,
                             .drop_side = r->drop_side,
                             .openings = r->rows,
                             .n_openings = (int)r->n_rows};
    return kv_relaxation_run(r, &options, tolerance, cutoff, result);
}

static kv_status hold(kv_relaxation *r, int opening, int flow)
{
    if (kv_reserve((void **)&r->rows, &r->capacity, r->n_rows + 1, sizeof(*r->rows)))
        return KV_ERR_MEMORY;
    r->rows[r->n_rows].opening = opening;
    r->rows[r->n_rows++].flow = flow;
    return KV_OK;
}

/* First opening of each (block, arc); -1 where the arc is always open. */
static int *first_openings(const kv_problem *p, int block)
{
    int *first = kv_alloc((size_t)p->n_arcs, sizeof(int));
    for (int a = 0; first && a < p->n_arcs; a++)
        first[a] = -1;
    for (int o = kv_first_opening(p, block + 1) - 1; first && o >= kv_first_opening(p, block); o--)
        first[p->openings[o].arc] = o;
    return first;
}

static double opened(const kv_problem *p, const kv_opening *open, const double *design)
{
    double sum = 0;
    for (int e = open->first; e < open->first + open->count; e++)
        sum += p->opening_coefficient[e] * design[p->opening_design[e]];
    return sum;
}

/* Hold the rows of flows above `least` that come closer than `-over` to what is open. Shares of m. */
static kv_status separate_block(kv_relaxation *r, const kv_ipm_result *point, int b, double least,
                                double over, int *added)
{
    const kv_problem *p = r->problem;
    int *first = first_openings(p, b), *rank = kv_alloc((size_t)p->n_arcs, sizeof(int));
    kv_status status = first && rank ? KV_OK : KV_ERR_MEMORY;
    for (int f = 0; f < p->n_flows && status == KV_OK; f++) {
        int a = p->flow_arc[f], position = rank[a]++;
        size_t at = (size_t)b * (size_t)p->n_flows + (size_t)f;
        double most = p->flow_upper[at];
        if (first[a] < 0 || point->flow[at] <= least * most)
            continue;
        for (int o = first[a];
             o < p->n_openings && p->openings[o].block == b && p->openings[o].arc == a; o++) {
            const kv_opening *open = &p->openings[o];
            unsigned char *held = &r->held[r->held_first[o] + (size_t)position];
            if (*held || point->flow[at] <= most * (opened(p, open, point->design) + over))
                continue;
            *held = 1;
            (*added)++;
            if ((status = hold(r, o, f)) != KV_OK)
                break;
        }
    }
    kv_free(first);
    kv_free(rank);
    return status;
}

static kv_status separate(kv_relaxation *r, const kv_ipm_result *point, double least, double over,
                          int *added)
{
    kv_status status = KV_OK;
    *added = 0;
    for (int b = 0; b < r->problem->n_blocks && status == KV_OK; b++)
        status = separate_block(r, point, b, least, over, added);
    return status;
}

kv_status kv_relaxation_separate(kv_relaxation *r, const kv_ipm_result *point, double least,
                                 int *added)
{
    return separate(r, point, least, least, added);
}

kv_status kv_relaxation_hold_tight(kv_relaxation *r, const kv_ipm_result *point)
{
    const kv_problem *p = r->problem;
    const double near = 0.02, least = 1e-4;
    int added, few = r->held_first[p->n_openings] <= FEW_ROWS;
    /* all of a small problem's; opening rows cost the interior point little */
    return few ? separate(r, point, -1, -1e12, &added) : separate(r, point, least, -near, &added);
}
