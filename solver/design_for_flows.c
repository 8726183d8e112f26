/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/design_for_flows.h"

#include "base/memory.h"
#include "solver/lp/lp.h"

#include <math.h>
#include <string.h>

static const double none = 1e30;
static const double slack = 1e-9;     /* by which rows are eased, relative; LP codes want room */
static const double tolerated = 1e-6; /* use over the base that flows on the grid may have */

typedef struct design_model {
    const kv_problem *problem;
    const double *flow;
    kv_lp *lp;
    int *column; /* [n_design] room for a row */
    double *value;
} design_model;

static kv_status add_columns(const design_model *m)
{
    const kv_problem *p = m->problem;
    size_t *first = kv_alloc((size_t)p->n_design + 1, sizeof *first);
    if (!first)
        return KV_ERR_MEMORY;
    kv_status status = kv_lp_add_columns(m->lp, p->n_design, p->design_cost, p->design_lower,
                                         p->design_upper, p->design_integer, first, NULL, NULL);
    kv_free(first);
    return status;
}

/* A row over design variables, its right-hand side eased. */
static kv_status add_row(const design_model *m, char sense, double rhs, int n, const int *design,
                         const double *value)
{
    double room = slack * fmax(1.0, fabs(rhs));
    if (n == 0)
        return rhs + room >= 0 && (sense == 'L' || rhs - room <= 0) ? KV_OK : KV_ERR_INFEASIBLE;
    return kv_lp_add_row(m->lp, sense == 'E' ? rhs - room : -none, rhs + room, n, design, value);
}

/* Rows of a kind that speaks of investments; what flows add to them is known. */
static kv_status add_rows(const design_model *m, const kv_rows *rows, const unsigned char *drop)
{
    size_t n_flows = (size_t)m->problem->n_flows;
    kv_status status = KV_OK;
    for (int i = 0; i < rows->count && status == KV_OK; i++) {
        double rhs = rows->rhs[i];
        if (drop && drop[i])
            continue;
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++)
            rhs -= rows->flow_value[e] *
                   m->flow[(size_t)rows->flow_block[e] * n_flows + (size_t)rows->flow[e]];
        int first = rows->design_first[i];
        int n = rows->design_first[i + 1] - first;
        if (n > 0)
            status = add_row(m, rows->sense[i], rhs, n, &rows->design[first],
                             &rows->design_value[first]);
    }
    return status;
}

/* used[n_blocks * n_resources] = sum u x. */
static void sum_use(const kv_problem *p, const double *flow, double *used)
{
    size_t n_use = (size_t)p->use_first[p->n_flows];
    for (int b = 0; b < p->n_blocks; b++) {
        const double *x = &flow[(size_t)b * (size_t)p->n_flows];
        for (int f = 0; f < p->n_flows; f++)
            for (int e = p->use_first[f]; x[f] > 0 && e < p->use_first[f + 1]; e++)
                used[(size_t)b * (size_t)p->n_resources + (size_t)p->use_resource[e]] +=
                    p->use[(size_t)b * n_use + (size_t)e] * x[f];
    }
}

/* sum s y >= use - R where the base does not do. */
static kv_status add_resources(const design_model *m)
{
    const kv_problem *p = m->problem;
    size_t n = (size_t)p->n_blocks * (size_t)p->n_resources;
    double *used = kv_alloc(n, sizeof *used);
    kv_status status = used ? KV_OK : KV_ERR_MEMORY;
    if (used)
        sum_use(p, m->flow, used);
    for (size_t r = 0; r < n && status == KV_OK; r++) {
        double short_of = used[r] - p->resource_base[r];
        if (p->resource_base[r] >= none || short_of <= tolerated * fmax(1.0, p->resource_base[r]))
            continue;
        int count = 0;
        for (int e = p->supply_first[r]; e < p->supply_first[r + 1]; e++) {
            m->column[count] = p->supply_design[e];
            m->value[count++] = -p->supply[e] / used[r];
        }
        status = add_row(m, 'L', -short_of / used[r], count, m->column, m->value);
    }
    kv_free(used);
    return status;
}

/* share[n_arcs] of a block = the largest x / m of an arc's flows. */
static void arc_shares(const kv_problem *p, const double *flow, int block, double *share)
{
    size_t first = (size_t)block * (size_t)p->n_flows;
    memset(share, 0, (size_t)p->n_arcs * sizeof *share);
    for (size_t f = 0; f < (size_t)p->n_flows; f++) {
        double x = flow[first + f], most = p->flow_upper[first + f];
        int arc = p->flow_arc[f];
        if (x > 0)
            share[arc] = fmax(share[arc], most > 0 ? x / most : 1.0);
    }
}

static kv_status add_openings(const design_model *m)
{
    const kv_problem *p = m->problem;
    int block = -1;
    double *share = kv_alloc((size_t)p->n_arcs, sizeof *share);
    kv_status status = share ? KV_OK : KV_ERR_MEMORY;
    for (int i = 0; i < p->n_openings && status == KV_OK; i++) {
        const kv_opening *opening = &p->openings[i];
        if (opening->block != block)
            arc_shares(p, m->flow, block = opening->block, share);
        if (share[opening->arc] <= 0)
            continue;
        for (int e = 0; e < opening->count; e++) {
            m->column[e] = p->opening_design[opening->first + e];
            m->value[e] = -p->opening_coefficient[opening->first + e];
        }
        status = add_row(m, 'L', -share[opening->arc], opening->count, m->column, m->value);
    }
    kv_free(share);
    return status;
}

static kv_status solve(const design_model *m, double seconds)
{
    kv_lp_limits limits;
    double bound;
    kv_lp_limits_default(&limits);
    limits.seconds = seconds;
    limits.gap = 0.01;
    limits.finish = 1;
    switch (kv_lp_solve_mip(m->lp, &limits, &bound)) {
    case KV_LP_OPTIMAL:
    case KV_LP_FEASIBLE: return KV_OK;
    case KV_LP_INFEASIBLE: return KV_ERR_INFEASIBLE;
    case KV_LP_LIMIT: return KV_ERR_LIMIT;
    default: return KV_ERR_NUMERIC;
    }
}

static kv_status take_plan(const design_model *m, kv_plan **plan)
{
    const kv_problem *p = m->problem;
    *plan = kv_plan_create(p);
    if (!*plan)
        return KV_ERR_MEMORY;
    for (int j = 0; j < p->n_design; j++) {
        double y = kv_lp_value(m->lp, j);
        y = p->design_integer[j] ? round(y) : y;
        (*plan)->design[j] = fmin(fmax(y, p->design_lower[j]), p->design_upper[j]);
    }
    memcpy((*plan)->flow, m->flow, (size_t)p->n_blocks * (size_t)p->n_flows * sizeof(double));
    (*plan)->objective = kv_problem_objective(p, (*plan)->design, (*plan)->flow);
    (*plan)->status = KV_PLAN_FEASIBLE;
    return KV_OK;
}

kv_status kv_design_for_flows(const kv_problem *problem, const double *flow,
                              const unsigned char *drop_side, double seconds, kv_plan **plan)
{
    size_t n = (size_t)problem->n_design;
    design_model m = {problem, flow, kv_lp_create(), kv_alloc(n, sizeof(int)),
                      kv_alloc(n, sizeof(double))};
    kv_status status = m.lp && m.column && m.value ? KV_OK : KV_ERR_MEMORY;
    *plan = NULL;
    if (status == KV_OK)
        status = add_columns(&m);
    if (status == KV_OK)
        status = add_rows(&m, &problem->side, drop_side);
    if (status == KV_OK)
        status = add_rows(&m, &problem->coupling, NULL);
    if (status == KV_OK)
        status = add_resources(&m);
    if (status == KV_OK)
        status = add_openings(&m);
    if (status == KV_OK)
        status = solve(&m, seconds);
    if (status == KV_OK)
        status = take_plan(&m, plan);
    kv_lp_free(m.lp);
    kv_free(m.column);
    kv_free(m.value);
    return status;
}
