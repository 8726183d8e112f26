/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The investment problem: min c y, G y <= or = g (side rows), y in its box, integer where said, by a
 * small branch and bound of its own (best bound first). LPs say which multipliers of the side rows a
 * node gets and where it is split; its bound is recomputed from them, so that the leaves prove the
 * bound whatever the LP code did.
 */
#ifndef KV_SOLVER_LAGRANGE_INVESTMENTS_H
#define KV_SOLVER_LAGRANGE_INVESTMENTS_H

#include "solver/proof.h"

typedef struct kv_investments kv_investments;

/* Boxes [n_design] rounded inwards for integers; drop_side [side.count] marks rows to leave out (NULL =
 * none). The problem, the boxes and drop_side must outlive it. KV_OK or KV_ERR_MEMORY. For the
 * thread that creates it. */
kv_status kv_investments_create(const kv_problem *problem, const double *lower, const double *upper,
                                const unsigned char *drop_side, kv_investments **investments);
void kv_investments_free(kv_investments *investments);

/*
 * The bound at these costs [n_design], with at most `most_nodes` nodes: that of the leaves, no more
 * than the least cost by it, and the least cost itself unless the limit ended the search or numbers
 * failed; +infinity where no design meets the side rows. design [n_design] gets the best design found,
 * else the root's LP solution. KV_OK or KV_ERR_MEMORY.
 */
kv_status kv_investments_solve(kv_investments *investments, const double *cost, int most_nodes,
                               double *design, double *bound);

/* Nodes of the last solve, and the bound of its root (the LP's). */
int kv_investments_nodes(const kv_investments *investments);
double kv_investments_root(const kv_investments *investments);

/* The leaves of the last solve as a proof whose only vector is `multipliers` with side rows at 0; it
 * owns the vector then, also on failure. KV_OK or KV_ERR_MEMORY. */
kv_status kv_investments_prove(const kv_investments *investments, kv_multipliers *multipliers,
                               kv_proof **proof);

#endif
