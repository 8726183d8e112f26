/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Equations among investments, made to hold as exactly as doubles can. */
#ifndef KV_SOLVER_EQUATIONS_H
#define KV_SOLVER_EQUATIONS_H

#include "formulations/problem.h"

/*
 * Each side equation, in order, sets one continuous variable of its own: of those that no earlier
 * equation holds the one in the fewest equations, the first among equals (the stock of a period, given the purchases). The
 * solution at hand must be off by no more than an LP's tolerance; a variable that would leave its box
 * stays. Equations marked in `drop_side` [side.count] (NULL = none) are passed over. KV_OK or
 * KV_ERR_MEMORY.
 */
kv_status kv_equations_settle(const kv_problem *problem, const unsigned char *drop_side,
                              double *design);

#endif
