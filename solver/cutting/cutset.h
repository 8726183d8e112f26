/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cuts on node sets. What must leave a set S of nodes crosses arcs, whose flows are bounded by what
 * designs supply or open. Rounding the sum of the balance rows of S, in which each group of crossing
 * flows is replaced by its bound or kept, gives cutset, cover, minimum-cardinality and flow-cover
 * inequalities (Chouman, Crainic and Gendron, Transportation Science 51, 2017; Raack, Koster,
 * Orlowski and Wessaely, Networks 57, 2011).
 */
#ifndef KV_SOLVER_CUTTING_CUTSET_H
#define KV_SOLVER_CUTTING_CUTSET_H

#include "solver/cut.h"

typedef struct kv_cutset kv_cutset;

/* What separation needs to know of a problem, which must outlive it. KV_OK or KV_ERR_MEMORY; the caller
 * frees it in any case. */
kv_status kv_cutset_create(const kv_problem *problem, kv_cutset **cutset);
void kv_cutset_free(kv_cutset *cutset);

/* Told each cut that a point breaks; the callee owns it from then on. */
typedef void kv_cutset_found(void *context, kv_cut *cut);

/*
 * Look for cuts that the point (y [n_design], x [n_blocks * n_flows]) breaks by an efficacy of at
 * least `least`, on sets grown from each node along arcs that are open at the point, and on their
 * complements; unless `quick`, on pairs of neighbours, too, and for the commodities of single arcs.
 * It ends early at `deadline` (kv_clock() time), and after a fixed amount of work on very large networks.
 * KV_OK or KV_ERR_MEMORY.
 */
kv_status kv_cutset_separate(kv_cutset *cutset, const double *design, const double *flow,
                             double least, int quick, double deadline, kv_cutset_found *found,
                             void *context);

#endif
