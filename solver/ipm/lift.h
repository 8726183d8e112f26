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

/* What coupling and opening rows add to the unit cost of each flow: priced [n_blocks * n_flows] is
 * added to. */
void kv_price_rows(const kv_problem *problem, const kv_multipliers *multipliers, double *priced);

/* Reduced costs r of a block's flows, 0 where m = 0: reduced [n_flows]. */
void kv_price_flows(const kv_problem *problem, const kv_multipliers *multipliers, int block,
                    const double *priced, double *reduced);

/* Coefficients of the design variables in the bound: reduced [n_design]. */
void kv_price_designs(const kv_problem *problem, const kv_multipliers *multipliers,
                      double *reduced);

/* The first opening of a block or a later one; problem->n_openings where there is none. */
int kv_first_opening(const kv_problem *problem, int block);

/* The multipliers of opening rows by blocks: those of block b are order[first[b]], ... up to
 * order[first[b + 1] - 1], as they come. first [n_blocks + 1] and order [n_opening] are the caller's
 * to free, also after a failure. KV_OK or KV_ERR_MEMORY. */
kv_status kv_sort_openings(const kv_problem *problem, const kv_multipliers *multipliers,
                           int **first, int **order);

#endif
