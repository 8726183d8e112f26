/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/polish.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/forest.h"
#include "solver/lp/lp.h"
#include "solver/shut.h"

#include <math.h>
#include <string.h>

#define NONE      1e30
#define UNLIMITED 1e29

typedef struct block_lp {
    const kv_problem *problem;
    const double *design;
    int block;
    kv_lp *lp;
    double *upper;                         /* [n_flows] for this design */
    int *column;                           /* [n_flows] column in the LP, -1 = not in it */
    double *reduced;                       /* [n_flows] */
    unsigned char *basic_flow, *basic_row; /* [n_flows], [n_balances] of kv_forest_choose */
    int *balance_row;                      /* [n_balances] */
    int *resource_row;                     /* [n_resources], -1 = none */
    int *coupling_row;                     /* [coupling.count], -1 = none in this block */
    double *coupling_rhs; /* [coupling.count] right-hand side left for this block */
    double *coupling_own; /* [coupling.count] left side of the flows at entry */
    /* coupling entries by flow of this block */
    int *entry_first, *entry_row;
    double *entry;
    int *row_index; /* scratch of a column's entries */
    double *row_value;
    double cost_scale;
} block_lp;

/* Bounds for this design; `reduced` [n_arcs, scratch] holds the share of each arc that is open. */
static kv_status bound_flows(block_lp *w)
{
    const kv_problem *p = w->problem;
    size_t first = (size_t)w->block * (size_t)p->n_flows;
    unsigned char *shut = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, 1);
    kv_status status = shut ? kv_shut_flows(p, w->design, shut) : KV_ERR_MEMORY;
    for (int a = 0; a < p->n_arcs; a++)
        w->reduced[a] = 1;
    for (int o = 0; o < p->n_openings; o++) {
        const kv_opening *open = &p->openings[o];
        double sum = 0;
        if (open->block != w->block)
            continue;
        for (int e = open->first; e < open->first + open->count; e++)
            sum += p->opening_coefficient[e] * w->design[p->opening_design[e]];
        w->reduced[open->arc] = fmin(w->reduced[open->arc], sum);
    }
    for (int f = 0; f < p->n_flows && status == KV_OK; f++)
        w->upper[f] = shut[first + (size_t)f]
                          ? 0
                          : p->flow_upper[first + (size_t)f] * w->reduced[p->flow_arc[f]];
    kv_free(shut);
    return status;
}

static kv_status add_rows(block_lp *w)
{
    const kv_problem *p = w->problem;
    size_t base = (size_t)w->block * (size_t)p->n_resources;
    int n = 0;
    kv_status status = KV_OK;
    for (int i = 0; i < p->n_balances && status == KV_OK; i++) {
        double d = p->balance[(size_t)w->block * (size_t)p->n_balances + (size_t)i];
        w->balance_row[i] = n++;
        status = kv_lp_add_rows(w->lp, 1, &d, &d);
    }
    for (int r = 0; r < p->n_resources && status == KV_OK; r++) {
        double low = -NONE, high = p->resource_base[base + (size_t)r];
        w->resource_row[r] = -1;
        if (high > UNLIMITED)
            continue;
        for (int e = p->supply_first[base + (size_t)r]; e < p->supply_first[base + (size_t)r + 1];
             e++)
            high += p->supply[e] * w->design[p->supply_design[e]];
        high = fmax(0, high);
        w->resource_row[r] = n++;
        status = kv_lp_add_rows(w->lp, 1, &low, &high);
    }
    for (int i = 0; i < p->coupling.count && status == KV_OK; i++) {
        double high = w->coupling_rhs[i], low = p->coupling.sense[i] == 'E' ? high : -NONE;
        if (w->coupling_row[i] < 0)
            continue;
        w->coupling_row[i] = n++;
        status = kv_lp_add_rows(w->lp, 1, &low, &high);
    }
    return status;
}

static kv_status add_column(block_lp *w, int f)
{
    const kv_problem *p = w->problem;
    size_t at = (size_t)w->block * (size_t)p->n_flows + (size_t)f, first[2] = {0, 0};
    size_t n_use = (size_t)p->use_first[p->n_flows];
    int n = 0;
    if (p->flow_tail_row[f] >= 0) {
        w->row_index[n] = w->balance_row[p->flow_tail_row[f]];
        w->row_value[n++] = 1;
    }
    if (p->flow_head_row[f] >= 0) {
        w->row_index[n] = w->balance_row[p->flow_head_row[f]];
        w->row_value[n++] = -1;
    }
    for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++) {
        double use = p->use[(size_t)w->block * n_use + (size_t)e];
        if (w->resource_row[p->use_resource[e]] < 0 || use == 0)
            continue;
        w->row_index[n] = w->resource_row[p->use_resource[e]];
        w->row_value[n++] = use;
    }
    for (int e = w->entry_first[f]; e < w->entry_first[f + 1]; e++) {
        w->row_index[n] = w->coupling_row[w->entry_row[e]];
        w->row_value[n++] = w->entry[e];
    }
    first[1] = (size_t)n;
    double cost = p->block_weight[w->block] * p->flow_cost[at] * w->cost_scale, low = 0;
    w->column[f] = kv_lp_columns(w->lp);
    return kv_lp_add_columns(w->lp, 1, &cost, &low, &w->upper[f], NULL, first, w->row_index,
                             w->row_value);
}

/* Reduced costs of all flows from row prices: given multipliers (first), or the LP's duals; `costs`
 * 0: of flows that cost nothing. */
static void price(block_lp *w, const kv_multipliers *m, int costs)
{
    const kv_problem *p = w->problem;
    size_t n_use = (size_t)p->use_first[p->n_flows], bb = (size_t)w->block * (size_t)p->n_balances;
    size_t rb = (size_t)w->block * (size_t)p->n_resources;
    for (int f = 0; f < p->n_flows; f++) {
        double cost = p->flow_cost[(size_t)w->block * (size_t)p->n_flows + (size_t)f];
        double r = costs ? p->block_weight[w->block] * cost * w->cost_scale : 0;
        double scale = m ? w->cost_scale : 1;
        int tail = p->flow_tail_row[f], head = p->flow_head_row[f];
        if (tail >= 0)
            r -=
                m ? m->balance[bb + (size_t)tail] * scale : kv_lp_dual(w->lp, w->balance_row[tail]);
        if (head >= 0)
            r +=
                m ? m->balance[bb + (size_t)head] * scale : kv_lp_dual(w->lp, w->balance_row[head]);
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++) {
            int k = p->use_resource[e];
            double use = p->use[(size_t)w->block * n_use + (size_t)e];
            if (w->resource_row[k] >= 0)
                r += use * (m ? m->resource[rb + (size_t)k] * scale
                              : -kv_lp_dual(w->lp, w->resource_row[k]));
        }
        for (int e = w->entry_first[f]; e < w->entry_first[f + 1]; e++)
            r += w->entry[e] * (m ? m->coupling[w->entry_row[e]] * scale
                                  : -kv_lp_dual(w->lp, w->coupling_row[w->entry_row[e]]));
        w->reduced[f] = r;
    }
}

static int holds_block(const kv_rows *rows, int row, int block)
{
    for (int e = rows->flow_first[row]; e < rows->flow_first[row + 1]; e++)
        if (rows->flow_block[e] == block)
            return 1;
    return 0;
}

/* Coupling rows of this block: entries by flow, and what of the right-hand side is this block's. */
static kv_status sort_couplings(block_lp *w, const double *flow)
{
    const kv_problem *p = w->problem;
    const kv_rows *rows = &p->coupling;
    int *next = kv_alloc((size_t)p->n_flows + 1, sizeof(int)),
        total = rows->count ? rows->flow_first[rows->count] : 0;
    w->entry_first = kv_alloc((size_t)p->n_flows + 1, sizeof(int));
    w->entry_row = kv_alloc((size_t)total, sizeof(int));
    w->entry = kv_alloc((size_t)total, sizeof(double));
    kv_status status = next && w->entry_first && w->entry_row && w->entry ? KV_OK : KV_ERR_MEMORY;
    for (int i = 0; i < rows->count && status == KV_OK; i++) {
        double others = 0, own = 0, slack;
        int foreign = 0;
        w->coupling_row[i] = -1;
        if (!holds_block(rows, i, w->block))
            continue;
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++) {
            double term =
                rows->flow_value[e] *
                flow[(size_t)rows->flow_block[e] * (size_t)p->n_flows + (size_t)rows->flow[e]];
            if (rows->flow_block[e] == w->block) {
                w->entry_first[rows->flow[e] + 1]++;
                own += term;
                continue;
            }
            others += term;
            foreign = 1;
        }
        slack = rows->rhs[i] - others;
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            slack -= rows->design_value[e] * w->design[rows->design[e]];
        w->coupling_row[i] = 0;
        w->coupling_rhs[i] = slack;
        w->coupling_own[i] = foreign ? own : slack;
    }
    for (int f = 0; f < p->n_flows && status == KV_OK; f++) {
        w->entry_first[f + 1] += w->entry_first[f];
        next[f] = w->entry_first[f];
    }
    for (int i = 0; i < rows->count && status == KV_OK; i++)
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++)
            if (rows->flow_block[e] == w->block) {
                w->entry_row[next[rows->flow[e]]] = i;
                w->entry[next[rows->flow[e]]++] = rows->flow_value[e];
            }
    kv_free(next);
    return status;
}

static kv_status solve_lp(block_lp *w, int dual, double deadline, long *iterations)
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
static kv_status first_columns(block_lp *w, const double *flow, const kv_multipliers *multipliers)
{
    const kv_problem *p = w->problem;
    const double *x = flow + (size_t)w->block * (size_t)p->n_flows;
    price(w, multipliers, 1);
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
                status = add_column(w, f);
        }
    }
    return status;
}

/* The LP begins near the flows: basic are the forest's and the slacks of all other rows. */
static kv_status set_basis(block_lp *w, const double *flow)
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

static kv_status price_in(block_lp *w, double least, int *added)
{
    kv_status status = KV_OK;
    *added = 0;
    price(w, NULL, 1);
    for (int f = 0; f < w->problem->n_flows && status == KV_OK; f++)
        if (w->column[f] < 0 && w->upper[f] > 0 && w->reduced[f] < -least) {
            status = add_column(w, f);
            (*added)++;
        }
    return status;
}

/* The LP has no solution: take the columns that may change that, those on which the ray of its dual
 * (multipliers of the rows that prove it) does not vanish. */
static kv_status add_needed(block_lp *w, int *added)
{
    const kv_problem *p = w->problem;
    double *ray = kv_alloc((size_t)kv_lp_rows(w->lp), sizeof(double)), largest = 0;
    kv_status status = ray ? KV_OK : KV_ERR_MEMORY;
    *added = 0;
    if (status == KV_OK && kv_lp_ray(w->lp, ray)) {
        kv_lp_show_duals(w->lp, ray);
        price(w, NULL, 0);
        kv_lp_show_duals(w->lp, NULL);
        for (int f = 0; f < p->n_flows; f++)
            largest = fmax(largest, fabs(w->reduced[f]));
        for (int f = 0; f < p->n_flows && status == KV_OK; f++)
            if (w->column[f] < 0 && w->upper[f] > 0 && fabs(w->reduced[f]) > 1e-9 * largest) {
                status = add_column(w, f);
                (*added)++;
            }
    }
    kv_free(ray);
    return status;
}

/* Columns that feasibility needs may be missing: take all. If that does not help, rows over several
 * blocks may be as far off as they are with the flows at entry. */
static kv_status solve_whole(block_lp *w, double deadline, long *iterations)
{
    const kv_rows *rows = &w->problem->coupling;
    kv_status status = KV_OK;
    for (int f = 0; f < w->problem->n_flows && status == KV_OK; f++)
        if (w->column[f] < 0 && w->upper[f] > 0)
            status = add_column(w, f);
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

static kv_status polish_block(block_lp *w, const kv_multipliers *multipliers, double deadline,
                              double *flow, long *iterations)
{
    const kv_problem *p = w->problem;
    int added = 1;
    for (int f = 0; f < p->n_flows; f++)
        w->column[f] = -1;
    kv_status status = bound_flows(w);
    if (status == KV_OK)
        status = sort_couplings(w, flow);
    if (status == KV_OK)
        status = add_rows(w);
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

static kv_status allocate(block_lp *w)
{
    const kv_problem *p = w->problem;
    size_t nf = (size_t)p->n_flows, scratch = nf > (size_t)p->n_arcs ? nf : (size_t)p->n_arcs;
    size_t widest = 2 + (size_t)p->n_resources + (size_t)p->coupling.count;
    w->lp = kv_lp_create();
    w->upper = kv_alloc(nf, sizeof(double));
    w->column = kv_alloc(scratch, sizeof(int));
    w->reduced = kv_alloc(scratch, sizeof(double));
    w->basic_flow = kv_alloc(nf, 1);
    w->basic_row = kv_alloc((size_t)p->n_balances, 1);
    w->balance_row = kv_alloc((size_t)p->n_balances, sizeof(int));
    w->resource_row = kv_alloc((size_t)p->n_resources, sizeof(int));
    w->coupling_row = kv_alloc((size_t)p->coupling.count, sizeof(int));
    w->coupling_rhs = kv_alloc((size_t)p->coupling.count, sizeof(double));
    w->coupling_own = kv_alloc((size_t)p->coupling.count, sizeof(double));
    w->row_index = kv_alloc(widest, sizeof(int));
    w->row_value = kv_alloc(widest, sizeof(double));
    return w->lp && w->upper && w->column && w->reduced && w->basic_flow && w->basic_row &&
                   w->balance_row && w->resource_row && w->coupling_row && w->coupling_rhs &&
                   w->coupling_own && w->row_index && w->row_value
               ? KV_OK
               : KV_ERR_MEMORY;
}

static void clear(block_lp *w)
{
    void *arrays[] = {w->upper,        w->column,       w->reduced,      w->balance_row,
                      w->resource_row, w->coupling_row, w->coupling_rhs, w->coupling_own,
                      w->entry_first,  w->entry_row,    w->entry,        w->row_index,
                      w->row_value,    w->basic_flow,   w->basic_row};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    kv_lp_free(w->lp);
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
    block_lp w = {.problem = all->problem,
                  .design = all->design,
                  .block = block,
                  .cost_scale = all->cost_scale};
    kv_status status = KV_ERR_LIMIT;
    if (kv_clock() <= all->deadline && !kv_stop_requested())
        status = allocate(&w);
    if (status == KV_OK)
        status =
            polish_block(&w, all->multipliers, all->deadline, all->flow, &all->iterations[block]);
    clear(&w);
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
