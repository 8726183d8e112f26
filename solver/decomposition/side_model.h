/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The investments alone: design variables and side rows as an LP or MIP, and the nearest design. */
#ifndef KV_SOLVER_DECOMPOSITION_SIDE_MODEL_H
#define KV_SOLVER_DECOMPOSITION_SIDE_MODEL_H

#include "formulations/problem.h"
#include "solver/lp/lp.h"

/* Columns 0 .. n_design-1 with the boxes and costs given, then the side rows not marked in
 * `drop_side` (NULL = none). The caller frees *lp. */
kv_status kv_side_model(const kv_problem *problem, const double *cost, const double *lower,
                        const double *upper, const unsigned char *drop_side, kv_lp **lp);

/* Append columns without entries. */
kv_status kv_side_columns(kv_lp *lp, int n, const double *cost, const double *lower,
                          const double *upper, const unsigned char *integer);

/* Solve as a MIP; `design` [n_design] gets the values, integers rounded. KV_OK, KV_ERR_INFEASIBLE,
 * KV_ERR_LIMIT (no solution within the limits). */
kv_status kv_side_solve(kv_lp *lp, const kv_problem *problem, const kv_lp_limits *limits,
                        double *design, double *bound);

/*
 * The design in the boxes that meets the side rows and is nearest to `target` [n_design]: integers
 * count by their cost, the rest is free. Where it is even, the cheaper one. KV_OK, KV_ERR_INFEASIBLE
 * or KV_ERR_LIMIT.
 */
kv_status kv_side_nearest(const kv_problem *problem, const double *lower, const double *upper,
                          const unsigned char *drop_side, const double *target, double seconds,
                          double *design);

/* Whether some design in the boxes meets the side rows: KV_OK, KV_ERR_INFEASIBLE or KV_ERR_LIMIT (not known).
 * `design` [n_design] gets one. */
kv_status kv_side_feasible(const kv_problem *problem, const double *lower, const double *upper,
                           const unsigned char *drop_side, double seconds, double *design);

#endif
