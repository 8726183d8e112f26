/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which flows a design leaves no room for, and which are no more than the error of an LP. */
#ifndef KV_SOLVER_SHUT_H
#define KV_SOLVER_SHUT_H

#include "formulations/problem.h"

/* shut[b * n_flows + f] = 1 where flow f can't be in block b with this design [n_design]: its bound
 * is 0, an opening set of its arc has nothing open, or a resource that it uses has no room at all.
 * `design` NULL: only the bounds count. KV_OK or KV_ERR_MEMORY. */
kv_status kv_shut_flows(const kv_problem *problem, const double *design, unsigned char *shut);

/* The same for one block; shut [n_flows]. */
kv_status kv_shut_block(const kv_problem *problem, const double *design, int block,
                        unsigned char *shut);

/*
 * Set flows [n_blocks * n_flows] to 0 that an LP's tolerance has left where nothing flows: less than
 * 1000 points of the grid, and less than 1e-9 of the commodity's largest flow in the block or, where
 * nothing is supplied or taken, whatever share of it. Balances are then off by as little
 * (kv_flow_to_grid mends that). Without a grid nothing is changed.
 */
void kv_sweep_crumbs(const kv_problem *problem, double *flow);

#endif
