/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/side_model.h"

#include "base/memory.h"

#include <math.h>

#define NONE 1e30

kv_status kv_side_columns(kv_lp *lp, int n, const double *cost, const double *lower,
                          const double *upper, const unsigned char *integer)
{
    size_t *first = kv_alloc((size_t)n + 1, sizeof(size_t));
    if (!first)
        return KV_ERR_MEMORY;
    kv_status status = kv_lp_add_columns(lp, n, cost, lower, upper, integer, first, NULL, NULL);
    kv_free(first);
    return status;
}

kv_status kv_side_model(const kv_problem *problem, const double *cost, const double *lower,
                        const double *upper, const unsigned char *drop_side, kv_lp **out)
{
    const kv_rows *rows = &problem->side;
    kv_lp *lp = *out = kv_lp_create();
    if (!lp)
        return KV_ERR_MEMORY;
    kv_status status =
        kv_side_columns(lp, problem->n_design, cost, lower, upper, problem->design_integer);
    for (int i = 0; i < rows->count && status == KV_OK; i++) {
        int first = rows->design_first[i];
        if (drop_side && drop_side[i])
            continue;
        status = kv_lp_add_row(lp, rows->sense[i] == 'E' ? rows->rhs[i] : -NONE, rows->rhs[i],
                               rows->design_first[i + 1] - first, rows->design + first,
                               rows->design_value + first);
    }
    if (status != KV_OK) {
        kv_lp_free(lp);
        *out = NULL;
    }
    return status;
}

kv_status kv_side_solve(kv_lp *lp, const kv_problem *problem, const kv_lp_limits *limits,
                        double *design, double *bound)
{
    kv_lp_limits l = *limits;
    l.presolve = 0;
    kv_lp_state state = kv_lp_solve_mip(lp, &l, bound);
    if (state ==
        KV_LP_FAILED) { /* the reduced model may do; it cannot be stopped, hence the limit */
        l.presolve = 1;
        l.seconds = fmin(l.seconds, 60);
        state = kv_lp_solve_mip(lp, &l, bound);
    }
    if (state == KV_LP_INFEASIBLE)
        return KV_ERR_INFEASIBLE;
    if (state != KV_LP_OPTIMAL && state != KV_LP_FEASIBLE)
        return KV_ERR_LIMIT;
    for (int j = 0; j < problem->n_design; j++) {
        design[j] = kv_lp_value(lp, j);
        if (problem->design_integer[j])
            design[j] = round(design[j]);
    }
    return KV_OK;
}

/* |y_j - target_j| <= d_j for the integers; d are the columns after y. */
static kv_status add_distances(kv_lp *lp, const kv_problem *problem, const double *target)
{
    kv_status status = KV_OK;
    for (int j = 0; j < problem->n_design && status == KV_OK; j++) {
        int column[2] = {j, problem->n_design + j};
        double up[2] = {1, -1}, down[2] = {1, 1};
        if (!problem->design_integer[j])
            continue;
        status = kv_lp_add_row(lp, -NONE, target[j], 2, column, up);
        if (status == KV_OK)
            status = kv_lp_add_row(lp, target[j], NONE, 2, column, down);
    }
    return status;
}

kv_status kv_side_nearest(const kv_problem *problem, const double *lower, const double *upper,
                          const unsigned char *drop_side, const double *target, double seconds,
                          double *design)
{
    size_t n = (size_t)problem->n_design;
    double *cost = kv_alloc(n, sizeof(double)), *zero = kv_alloc(n, sizeof(double)),
           *most = kv_alloc(n, sizeof(double));
    double mean = 0, bound;
    kv_lp *lp = NULL;
    kv_lp_limits limits;
    kv_status status = cost && zero && most ? KV_OK : KV_ERR_MEMORY;
    if (status != KV_OK)
        goto out;
    for (size_t j = 0; j < n; j++)
        mean += fabs(problem->design_cost[j]) / (double)n;
    for (size_t j = 0; j < n; j++) {
        most[j] = NONE;
        cost[j] = problem->design_integer[j] ? 1e-6 * problem->design_cost[j] : 0;
    }
    status = kv_side_model(problem, cost, lower, upper, drop_side, &lp);
    for (size_t j = 0; j < n; j++)
        cost[j] =
            problem->design_integer[j] ? fabs(problem->design_cost[j]) + 0.1 * mean + 1e-3 : 0;
    if (status == KV_OK)
        status = kv_side_columns(lp, problem->n_design, cost, zero, most, NULL);
    if (status == KV_OK)
        status = add_distances(lp, problem, target);
    kv_lp_limits_default(&limits);
    limits.seconds = seconds;
    limits.gap = 0.02;
    limits.nodes = 2000;
    if (status == KV_OK)
        status = kv_side_solve(lp, problem, &limits, design, &bound);
out:
    kv_lp_free(lp);
    kv_free(cost);
    kv_free(zero);
    kv_free(most);
    return status;
}

kv_status kv_side_feasible(const kv_problem *problem, const double *lower, const double *upper,
                           const unsigned char *drop_side, double seconds, double *design)
{
    double *zero = kv_alloc((size_t)problem->n_design, sizeof(double)), bound;
    kv_lp *lp = NULL;
    kv_lp_limits limits;
    kv_status status =
        zero ? kv_side_model(problem, zero, lower, upper, drop_side, &lp) : KV_ERR_MEMORY;
    kv_lp_limits_default(&limits);
    limits.seconds = seconds;
    limits.nodes = 500;
    if (status == KV_OK)
        status = kv_side_solve(lp, problem, &limits, design, &bound);
    kv_lp_free(lp);
    kv_free(zero);
    return status;
}
