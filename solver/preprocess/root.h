/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strong LP relaxation by the simplex method on the columns and opening rows that matter. */
#ifndef KV_SOLVER_PREPROCESS_ROOT_H
#define KV_SOLVER_PREPROCESS_ROOT_H

#include "solver/whole_model.h"

/*
 * Solve a lazily loaded model, waking columns that would gain and holding rows that are broken until
 * there are none. Columns that sleep on where only an opening row that is left out keeps them from
 * gaining: its multiplier goes to whole->spare, so that kv_whole_model_multipliers proves the value.
 * *work counts iterations, of which `limits` allows so many in all. The state of the last LP;
 * KV_LP_FAILED also when out of memory (*status says so).
 */
kv_lp_state kv_root_solve(kv_whole_model *whole, const kv_lp_limits *limits, long *work,
                          kv_status *status);

/* kv_whole_model_solve_fixed with all columns; those that slept and do not flow sleep on. */
kv_lp_state kv_root_solve_fixed(kv_whole_model *whole, const double *design,
                                const kv_lp_limits *limits, long *work);

/* Wake all columns. How many slept. */
int kv_root_wake(kv_whole_model *whole);

#endif
