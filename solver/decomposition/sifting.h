/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The strong relaxation by sifting (Bixby, Gregory, Lustig, Marsten and Shanno, Operations Research
 * 40, 1992): of all flows few are used, so an LP over some of them, with all their opening rows, is
 * solved by the interior point, beginning where the last one ended. Its multipliers are made good for
 * the whole problem (sifting_price.c), and flows on ways that are then among the cheapest come in,
 * until the bound on the whole problem meets the LP's value. The volume algorithm says what to begin
 * with; with coupling rows it does not do well, and shortest ways do.
 */
#ifndef KV_SOLVER_DECOMPOSITION_SIFTING_H
#define KV_SOLVER_DECOMPOSITION_SIFTING_H

#include "solver/decomposition/relaxation.h"
#include "solver/lagrange/volume.h"

typedef struct kv_sifting kv_sifting;

/* `relaxation` must outlive it; it is left as it is. */
kv_status kv_sifting_create(kv_relaxation *relaxation, kv_sifting **sifting);
void kv_sifting_free(kv_sifting *sifting);

/* Begin with what the volume algorithm found on the problem, instead of running it in the first round;
 * takes the multipliers over, and not to be called after a round. */
void kv_sifting_begin(kv_sifting *sifting, kv_volume_result *result);

/* The problem's boxes, or its coupling and side rows, were changed. The next round begins at this design
 * and flow with these multipliers of the rows as they are now (taken over), and is solved to a tolerance
 * at first; gap (MEUR): see kv_ipm_start. KV_OK or KV_ERR_MEMORY. */
kv_status kv_sifting_restart(kv_sifting *sifting, const double *design, const double *flow,
                             kv_multipliers *multipliers, double gap, double tolerance);

/* Hold the flows that another one of the same problem (but for rows) holds after a round, to be restarted. */
void kv_sifting_follow(kv_sifting *sifting, const kv_sifting *other);

/*
 * One round within the problem's boxes. The result's multipliers are lifted and its bound is one on
 * the whole problem's relaxation, its primal value that of the flows at hand. *done = 1 when the two
 * are within the tolerance (relative): the value of the strong relaxation. KV_OK (result->status as
 * of kv_ipm_solve), KV_ERR_INFEASIBLE, KV_ERR_MEMORY. `cutoff` as of kv_relaxation_solve.
 */
kv_status kv_sifting_step(kv_sifting *sifting, double tolerance, double cutoff,
                          kv_ipm_result *result, int *done);

#endif
