/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest investments under which given flows are lawful: a first plan from the flows of doing
 * nothing where rules demand that something is built. */
#ifndef KV_SOLVER_DESIGN_FOR_FLOWS_H
#define KV_SOLVER_DESIGN_FOR_FLOWS_H

#include "solver/engine.h"

/*
 * With the flows held, every row of the design problem is a row over the design variables; what is
 * left is a small MILP, solved for at most `seconds`. Side rows marked in `drop_side` [side.count] (NULL =
 * none) are left out. `flow` [n_blocks * n_flows] keeps the balances.
 * *plan has the flows, a design, KV_PLAN_FEASIBLE and no bound; freed by the caller. KV_OK;
 * KV_ERR_INFEASIBLE (no design carries these flows), KV_ERR_LIMIT, KV_ERR_NUMERIC, KV_ERR_MEMORY.
 */
kv_status kv_design_for_flows(const kv_problem *problem, const double *flow,
                              const unsigned char *drop_side, double seconds, kv_plan **plan);

#endif
