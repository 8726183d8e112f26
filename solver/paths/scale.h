/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Capacity scaling driven by the volume algorithm: what groups are worth opening, without an LP.
 *
 * Katayama, Chen and Kubo (Journal of Computational and Applied Mathematics 232, 2009) solve the LP
 * relaxation again and again with capacities that follow its flows, u <- 0.1 x + 0.9 u, so that what
 * is used a little becomes dear and what is used a lot is opened whole. Here each LP is replaced by a
 * few steps of the volume algorithm on the knapsack relaxation, whose averaged flows stand for x.
 */
#ifndef KV_SOLVER_PATHS_SCALE_H
#define KV_SOLVER_PATHS_SCALE_H

#include "solver/engine.h"
#include "solver/paths/shape.h"

typedef struct kv_scaling kv_scaling;

/*
 * Begin at multipliers of the problem, with the groups that `keep` [n_groups] marks; the other groups'
 * designs stay at their lower bounds. Boxes and rows as in kv_shape_create. KV_OK; KV_ERR_ARGUMENT when
 * capacities of some group can't be scaled (it is more than one binary, or has no capacity);
 * KV_ERR_MEMORY. The caller frees *scaling in any case.
 */
kv_status kv_scaling_create(const kv_shape *shape, const double *lower, const double *upper,
                            const unsigned char *drop_side, const unsigned char *keep,
                            const kv_multipliers *start, kv_scaling **scaling);
void kv_scaling_free(kv_scaling *scaling);

/* One round: steps of the volume algorithm, then new capacities. The result does not depend on the
 * threads, which may be NULL. */
void kv_scaling_round(kv_scaling *scaling, kv_threads *threads);

/* Capacities at present [n_blocks * n_groups], owned by the scaling; 0 = not kept. */
const double *kv_scaling_capacity(const kv_scaling *scaling);

double kv_scaling_work(const kv_scaling *scaling); /* elementary steps so far */

#endif
