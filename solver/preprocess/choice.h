/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which columns and opening rows an LP should begin with. */
#ifndef KV_SOLVER_PREPROCESS_CHOICE_H
#define KV_SOLVER_PREPROCESS_CHOICE_H

#include "solver/preprocess/reduced_costs.h"
#include "solver/whole_model.h"

/*
 * Of a lazily loaded model (solver/whole_model.h): all flow columns are put to sleep but those that
 * flow in the average, are nearly free by their reduced costs, or are used by `plan_flow` (NULL =
 * none); opening rows are held that have a multiplier or that the average nearly fills, of columns
 * that are awake. average_design [n_design], average_flow [n_blocks * n_flows]. KV_OK, or what the
 * LP says.
 */
kv_status kv_choose(kv_whole_model *whole, const kv_reduced_costs *costs,
                    const kv_multipliers *multipliers, const double *average_design,
                    const double *average_flow, const double *plan_flow);

#endif
