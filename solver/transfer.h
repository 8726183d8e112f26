/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan of one design problem as a plan of another one that differs in its numbers or in a few of
 * its design variables: the same case with other budgets. */
#ifndef KV_SOLVER_TRANSFER_H
#define KV_SOLVER_TRANSFER_H

#include "solver/engine.h"

/*
 * Copy `plan` (of `from`) to the layout of `to`: design variables by name, those that `from` does not
 * have at the nearest to 0 in their box; flows as they are; multipliers where the rows agree in
 * number, else 0. Objective and certified bound are not recomputed. *out is freed by the caller.
 * KV_OK; KV_ERR_ARGUMENT when blocks, commodities or flows differ; KV_ERR_MEMORY.
 */
kv_status kv_plan_transfer(const kv_problem *from, const kv_plan *plan, const kv_problem *to,
                           kv_plan **out);

/* 1 = the plan breaks no row or box of the problem by more than `slack` (relative, as
 * kv_violation). */
int kv_plan_fits(const kv_problem *problem, const kv_plan *plan, double slack);

/* 1 = there is a plan with a design and flows. */
int kv_plan_exists(const kv_plan *plan);

#endif
