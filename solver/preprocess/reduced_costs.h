/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What multipliers say of every flow and every design variable on its own. */
#ifndef KV_SOLVER_PREPROCESS_REDUCED_COSTS_H
#define KV_SOLVER_PREPROCESS_REDUCED_COSTS_H

#include "solver/engine.h"

/*
 * Every plan (y, x) of the boxes costs at least
 *   bound + sum over flows of  |r| * distance of x from the bound that r favours
 *         + sum over designs of |d| * distance of y from the bound that d favours.
 */
typedef struct kv_reduced_costs {
    double bound;   /* kv_bound_within(multipliers) to `error`; +infinity = a box is empty */
    double error;   /* what rounding may have done to the bound and its parts, MEUR */
    double *flow;   /* [n_blocks * n_flows] r, MEUR per t; 0 where the upper bound is 0 */
    double *design; /* [n_design] d, MEUR per unit */
} kv_reduced_costs;

/* Within the boxes [n_design] (NULL = the problem's). KV_OK or KV_ERR_MEMORY; clear it in any case. */
kv_status kv_reduced_costs_create(const kv_problem *problem, const double *lower,
                                  const double *upper, const kv_multipliers *multipliers,
                                  kv_reduced_costs *costs);
void kv_reduced_costs_clear(kv_reduced_costs *costs);

#endif
