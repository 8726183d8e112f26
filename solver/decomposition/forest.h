/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The network's part of a basis, from flows and multipliers that are not basic: of each commodity a
 * forest, of flows that are inside their bounds as far as these close no cycle, then of those that
 * cost least. Near an optimal vertex, so are the basis and its potentials, also those of nodes that
 * nothing flows through.
 */
#ifndef KV_SOLVER_DECOMPOSITION_FOREST_H
#define KV_SOLVER_DECOMPOSITION_FOREST_H

#include "formulations/problem.h"

/*
 * Of a block, by [n_flows] values, bounds (0 = the flow is shut) and reduced costs: basic_flow
 * [n_flows] 1 = in the forest; basic_row [n_balances] 1 = no flow of the forest takes the balance's
 * place in the basis. KV_OK or KV_ERR_MEMORY.
 */
kv_status kv_forest_choose(const kv_problem *problem, const double *flow, const double *upper,
                           const double *reduced, unsigned char *basic_flow,
                           unsigned char *basic_row);

#endif
