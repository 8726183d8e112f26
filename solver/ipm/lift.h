/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef KV_SOLVER_IPM_LIFT_H
#define KV_SOLVER_IPM_LIFT_H

#include "solver/engine.h"

/*
 * Multipliers found without the flows that nothing in the boxes can open, and with flows bounded by
 * what their resources can carry, price neither: the bound of docs/mathematics.md section 6 counts
 * each such flow at its full m. Raise the multipliers of opening rows whose set offers less than 1
 * and of resources that offer less than m, so that these flows attract no more. `upper` [n_design]
 * is the upper end of the boxes (NULL = the problem's); the bound within them does not get worse.
 * Multipliers with rows of whole arcs stay as they are. KV_OK or KV_ERR_MEMORY (the multipliers are
 * still valid).
 */
kv_status kv_multipliers_lift(const kv_problem *problem, const double *upper,
                              kv_multipliers *multipliers);

#endif
