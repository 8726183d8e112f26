/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the decomposition relaxes, at its root, in nodes and for designs that it evaluates: the strong
 * relaxation by sifting, with rows for cuts. At the root of network design rounds of cuts follow on it: rows
 * for those that its solution breaks, and sifting goes on from where it ended. Within other boxes, too, it
 * begins where another relaxation ended.
 */
#ifndef KV_SOLVER_DECOMPOSITION_CUT_ROUNDS_H
#define KV_SOLVER_DECOMPOSITION_CUT_ROUNDS_H

#include "solver/cutting/select.h"
#include "solver/decomposition/cut_rows.h"
#include "solver/decomposition/sifting.h"

typedef struct kv_cut_rounds {
    kv_cut_rows rows;          /* with the cuts in use */
    kv_relaxation *relaxation; /* of that problem */
    kv_sifting *sifting;       /* of that relaxation */
    kv_cutset *cutset;
    kv_cut **cut; /* [n_cuts] all that were ever in use; owned */
    int *idle;    /* [n_cuts] rounds that it had no multiplier; -1 = no longer in use */
    int n_cuts;
    size_t cut_room, idle_room;
    double bound;           /* best so far */
    kv_multipliers *vector; /* that prove it, of the problem itself, with those of cuts */
} kv_cut_rounds;

/* Where a relaxation ended, of the problem itself with the multipliers of cuts. */
typedef struct kv_relaxed {
    const double *design; /* [n_design] */
    const double *flow;   /* [n_blocks * n_flows] */
    const kv_multipliers *multipliers;
} kv_relaxed;

/* Whether cuts can be found for such problems. */
int kv_cut_rounds_serve(const kv_problem *problem);

/* The problem without cuts yet, its relaxation and sifting. The problem and drop_side [side.count] or
 * NULL must outlive it. KV_OK or KV_ERR_MEMORY; to be cleared in any case. */
kv_status kv_cut_rounds_create(const kv_problem *problem, kv_threads *threads,
                               const unsigned char *drop_side, kv_cut_rounds *rounds);
void kv_cut_rounds_clear(kv_cut_rounds *rounds);

/* Another one that begins where this one stands, with the cuts in use and the flows held, for relaxations
 * beside its own. It borrows the cuts, and finds none. KV_OK or KV_ERR_MEMORY; to be cleared in any case,
 * and before the other. */
kv_status kv_cut_rounds_follow(const kv_cut_rounds *rounds, kv_cut_rounds *follower);

/*
 * One round: look for cuts that the point breaks, and solve with them; the point is the new one then.
 * *added = 0: none were found, nothing was done. `gap` (MEUR) is what is left between bound and plan.
 * KV_OK, KV_ERR_INFEASIBLE or KV_ERR_MEMORY.
 */
kv_status kv_cut_rounds_step(kv_cut_rounds *rounds, double gap, double cutoff, kv_ipm_result *point,
                             int *added);

/*
 * The relaxation within other boxes [n_design] and with other side rows left out (drop [side.count] or
 * NULL), with the cuts in use, from where another one ended, solved to a tolerance as of
 * kv_sifting_step, or until its bound is above the cutoff (MEUR); gap (MEUR): see kv_ipm_start. The
 * result's multipliers are those of the problem itself and of cuts, lifted; its bound is what they prove
 * within the boxes. The caller frees the result with kv_ipm_result_free. KV_OK (result->status as of
 * kv_ipm_solve), KV_ERR_INFEASIBLE or KV_ERR_MEMORY.
 */
kv_status kv_cut_rounds_relax(kv_cut_rounds *rounds, const double *lower, const double *upper,
                              const unsigned char *drop, const kv_relaxed *from, double gap,
                              double tolerance, double cutoff, kv_ipm_result *result);

#endif
