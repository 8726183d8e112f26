/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All scenarios and periods in one linear programme, with the purchases and stocks of vehicles. */
#ifndef ORACLE_TOGETHER_H
#define ORACLE_TOGETHER_H

#include "oracle/pieces.h"

/*
 * served[blocks * projects]; cost[n_scenarios] what each scenario's starts cost at full weight.
 * Whole vehicles are found by branching. *lp is the last programme (to be freed by the caller),
 * *objective MEUR without the constant. Returns an oracle_lp_state.
 */
int oracle_together_solve(const oracle_pieces *pieces, const double *served, const double *cost,
                          int nothing, oracle_lp **lp, double *objective);

#endif
