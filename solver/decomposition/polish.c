/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/polish.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/forest.h"
#include "solver/decomposition/polish_lp.h"

#include <math.h>
#include <string.h>

#define NONE 1e30

static kv_status solve_lp(kv_polish_lp *w, int dual, double deadline, long *iterations)
{
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    limits.dual = dual;
    limits.seconds = fmin(1e30, fmax(0.1, deadline - kv_clock()));
    kv_lp_state state = kv_lp_solve(w->lp, &limits);
    *iterations += kv_lp_iterations(w->lp);
    switch (state) {
    case KV_LP_OPTIMAL: return KV_OK;
    case KV_LP_INFEASIBLE: return KV_ERR_INFEASIBLE;
    case KV_LP_LIMIT: return KV_ERR_LIMIT;
    default: return KV_ERR_NUMERIC;
    }
}

/* The columns to begin with: those that carry more, as a share of the most, than they cost too much;
 * those near to pricing out, and a forest. */
static kv_status first_columns(kv_polish_lp *w, const double *flow,
                               const kv_multipliers *multipliers)
{
    const kv_problem *p = w->problem;
    const double *x = flow + (size_t)w->block * (size_t)p->n_flows;
    kv_polish_lp_price(w, multipliers, 1);
    kv_status status = kv_forest_choose(p, x, w->upper, w->reduced, w->basic_flow, w->basic_row);
    for (int c = 0; c < p->n_commodities && status == KV_OK; c++) {
        double largest = 0, dearest = 0;
        for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++) {
            largest = fmax(largest, x[f]);
            dearest = fmax(dearest, w->upper[f] > 0 ? w->reduced[f] : 0);
        }
        for (int f = p->commodity_flow_first[c];
             f < p->commodity_flow_first[c + 1] && status == KV_OK; f++) {
            int carries = x[f] > 1e-5 * largest && x[f] * dearest > w->reduced[f] * largest;
            if (w->upper[f] > 0 && (carries || w->basic_flow[f] || w->reduced[f] < 1e-7))
                status = kv_polish_lp_add(w, f);
        }
    }
    return status;
}

/* The LP begins near the flows: basic are the forest's and the slacks of all other rows. */
static kv_status set_basis(kv_polish_lp *w, const double *flow)
{
    const kv_problem *p = w->problem;
    int rows = kv_lp_rows(w->lp), columns = kv_lp_columns(w->lp);
    unsigned char *state = kv_alloc((size_t)rows + (size_t)columns, 1);
    if (!state)
        return KV_ERR_MEMORY;
    memset(state, KV_LP_BASIC, (size_t)rows);
    for (int i = 0; i < p->n_balances; i++)
        if (!w->basic_row[i])
            state[w->balance_row[i]] = KV_LP_AT_LOWER;
    for (int f = 0; f < p->n_flows; f++) {
        double x = flow[(size_t)w->block * (size_t)p->n_flows + (size_t)f];
        if (w->column[f] >= 0)
            state[rows + w->column[f]] = w->basic_flow[f]        ? KV_LP_BASIC
                                         : x > 0.5 * w->upper[f] ? KV_LP_AT_UPPER
                                                                 : KV_LP_AT_LOWER;
    }
    kv_status status = kv_lp_set_basis(w->lp, rows, state);
    kv_free(state);
    return status;
}

static kv_status price_in(kv_polish_lp *w, double least, int *added)
{
    kv_status status = KV_OK;
    *added = 0;
    kv_polish_lp_price(w, NULL, 1);
    for (int f = 0; f < w->problem->n_flows && status == KV_OK; f++)
        if (w->column[f] < 0 && w->upper[f] > 0 && w->reduced[f] < -least) {
            status = kv_polish_lp_add(w, f);
            (*added)++;
        }
    return status;
}

/* The LP has no solution: take the columns that may change that, those on which the ray of its dual
 * (multipliers of the rows that prove it) does not vanish. */
static kv_status add_needed(kv_polish_lp *w, int *added)
{
    const kv_problem *p = w->problem;
    double *ray = kv_alloc((size_t)kv_lp_rows(w->lp), sizeof(double)), largest = 0;
    kv_status status = ray ? KV_OK : KV_ERR_MEMORY;
    *added = 0;
    if (status == KV_OK && kv_lp_ray(w->lp, ray)) {
        kv_lp_show_duals(w->lp, ray);
        kv_polish_lp_price(w, NULL, 0);
        kv_lp_show_duals(w->lp, NULL);
        for (int f = 0; f < p->n_flows; f++)
            largest = fmax(largest, fabs(w->reduced[f]));
        for (int f = 0; f < p->n_flows && status == KV_OK; f++)
            if (w->column[f] < 0 && w->upper[f] > 0 && fabs(w->reduced[f]) > 1e-9 * largest) {
                status = kv_polish_lp_add(w, f);
                (*added)++;
            }
    }
    kv_free(ray);
    return status;
}

/* Columns that feasibility needs may be missing: take all. If that does not help, rows over several
 * blocks may be as far off as they are with the flows at entry. */
static kv_status solve_whole(kv_polish_lp *w, double deadline, long *iterations)
{
    const kv_rows *rows = &w->problem->coupling;
    kv_status status = KV_OK;
    for (int f = 0; f < w->problem->n_flows && status == KV_OK; f++)
        if (w->column[f] < 0 && w->upper[f] > 0)
            status = kv_polish_lp_add(w, f);
    if (status == KV_OK)
        status = solve_lp(w, 0, deadline, iterations);
    if (status != KV_ERR_INFEASIBLE)
        return status;
    status = KV_OK;
    for (int i = 0; i < rows->count && status == KV_OK; i++) {
        double own = w->coupling_own[i], left = w->coupling_rhs[i];
        if (w->coupling_row[i] < 0 || own == left)
            continue;
        status =
            kv_lp_set_row_bounds(w->lp, w->coupling_row[i],
                                 rows->sense[i] == 'E' ? fmin(own, left) : -NONE, fmax(own, left));
    }
    return status == KV_OK ? solve_lp(w, 0, deadline, iterations) : status;
}

static kv_status polish_block(kv_polish_lp *w, const kv_multipliers *multipliers, double deadline,
                              double *flow, long *iterations)
{
    const kv_problem *p = w->problem;
    int added = 1;
    kv_status status = kv_polish_lp_begin(w, flow);
    if (status == KV_OK)
        status = first_columns(w, flow, multipliers);
    if (status == KV_OK)
        status = set_basis(w, flow);
    if (status == KV_OK)
        status = solve_lp(w, 1, deadline, iterations);
    while (status == KV_ERR_INFEASIBLE && added) {
        status = add_needed(w, &added);
        if (status == KV_OK)
            status = added ? solve_lp(w, 1, deadline, iterations) : KV_ERR_INFEASIBLE;
    }
    if (status == KV_ERR_INFEASIBLE) {
        status = solve_whole(w, deadline, iterations);
        added = 0;
    }
    while (status == KV_OK && added) {
        status = price_in(w, 1e-9, &added);
        if (status == KV_OK && added)
            status = solve_lp(w, 0, deadline, iterations);
    }
    if (status == KV_OK)
        for (int f = 0; f < p->n_flows; f++)
            flow[(size_t)w->block * (size_t)p->n_flows + (size_t)f] =
                w->column[f] < 0 ? 0 : fmax(0, fmin(w->upper[f], kv_lp_value(w->lp, w->column[f])));
    return status;
}

typedef struct polishing {
    const kv_problem *problem;
    const double *design;
    const kv_multipliers *multipliers;
    double deadline, cost_scale;
    double *flow;
    unsigned char *tied; /* [n_blocks] 1 = rows over several blocks hold its flows */
    kv_status *status;   /* [n_blocks] */
    long *iterations;    /* [n_blocks] */
} polishing;

static void polish_one(polishing *all, int block)
{
    kv_polish_lp w = {.problem = all->problem,
                      .design = all->design,
                      .block = block,
                      .cost_scale = all->cost_scale};
    kv_status status = KV_ERR_LIMIT;
    if (kv_clock() <= all->deadline && !kv_stop_requested())
        status = kv_polish_lp_create(&w);
    if (status == KV_OK)
        status =
            polish_block(&w, all->multipliers, all->deadline, all->flow, &all->iterations[block]);
    kv_polish_lp_free(&w);
    all->status[block] = status;
}

static void polish_task(void *context, int block, int worker)
{
    polishing *all = context;
    if (!all->tied[block])
        polish_one(all, block);
    if (worker > 0)
        kv_lp_thread_end();
}

static void mark_tied(const kv_problem *p, unsigned char *tied)
{
    const kv_rows *rows = &p->coupling;
    for (int i = 0; i < rows->count; i++) {
        int first = rows->flow_first[i], last = rows->flow_first[i + 1], several = 0;
        for (int e = first; e < last; e++)
            several |= rows->flow_block[e] != rows->flow_block[first];
        for (int e = first; e < last && several; e++)
            tied[rows->flow_block[e]] = 1;
    }
}

static kv_status worst_of(const polishing *all)
{
    kv_status status = KV_OK;
    for (int b = 0; b < all->problem->n_blocks; b++)
        if (all->status[b] == KV_ERR_MEMORY || status == KV_OK)
            status = all->status[b];
    return status;
}

kv_status kv_polish(const kv_problem *problem, kv_threads *threads, const double *design,
                    const kv_multipliers *multipliers, double deadline, double *flow,
                    long *iterations)
{
    size_t blocks = (size_t)problem->n_blocks;
    double largest = 1e-300;
    for (size_t b = 0; b < blocks; b++)
        largest = fmax(largest, problem->block_weight[b]);
    polishing all = {.problem = problem,
                     .design = design,
                     .multipliers = multipliers,
                     .deadline = deadline,
                     .cost_scale = 1 / largest,
                     .flow = flow,
                     .tied = kv_alloc(blocks, 1),
                     .status = kv_alloc(blocks, sizeof(kv_status)),
                     .iterations = kv_alloc(blocks, sizeof(long))};
    kv_status status = all.tied && all.status && all.iterations ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK) {
        mark_tied(problem, all.tied);
        kv_threads_run(threads, problem->n_blocks, polish_task, &all);
        for (int b = 0; b < problem->n_blocks; b++)
            if (all.tied[b])
                polish_one(&all, b);
        status = worst_of(&all);
        for (size_t b = 0; b < blocks; b++)
            *iterations += all.iterations[b];
    }
    kv_free(all.tied);
    kv_free(all.status);
    kv_free(all.iterations);
    return status;
}
