/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Basic flows for a fixed design: block by block an LP on the columns that an interior point found
 * worth having, others being added while they price out, until none does.
 */
#ifndef KV_SOLVER_DECOMPOSITION_POLISH_H
#define KV_SOLVER_DECOMPOSITION_POLISH_H

#include "solver/engine.h"

/*
 * `design` [n_design] fixed; `flow` [n_blocks * n_flows]: on entry near-optimal flows for it, on
 * return optimal basic flows (coupling rows over several blocks: each block keeps its share).
 * KV_OK; KV_ERR_INFEASIBLE when a block has no flow for this design; KV_ERR_LIMIT when `deadline` (kv_clock)
 * passed or a stop was requested; KV_ERR_NUMERIC; KV_ERR_MEMORY. Blocks not done keep their entry
 * flows. Blocks that no coupling row ties to others are shared out to the threads.
 */
kv_status kv_polish(const kv_problem *problem, kv_threads *threads, const double *design,
                    const kv_multipliers *multipliers, double deadline, double *flow,
                    long *iterations);

#endif
