/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LP relaxations of a design problem by the interior point, with opening rows as they are violated. */
#ifndef KV_SOLVER_DECOMPOSITION_RELAXATION_H
#define KV_SOLVER_DECOMPOSITION_RELAXATION_H

#include "solver/ipm/ipm.h"

typedef struct kv_relaxation {
    const kv_problem *problem;
    kv_threads *threads;
    const unsigned char *drop_side; /* [side.count] or NULL */
    kv_opening_row *rows;           /* opening rows found so far */
    size_t n_rows, capacity;
    unsigned char *held;       /* [n_openings * ...]: bit per (opening, flow), see relaxation.c */
    size_t *held_first;        /* [n_openings + 1] */
    long iterations;           /* interior point iterations so far */
    double deadline;           /* kv_clock() time */
    long few_flows;            /* with coupling rows and no more flows, sifting holds all of them */
    const kv_ipm_start *begin; /* of the next LPs; NULL = none */
    void (*trace)(void *context, int iteration, double primal, double bound, double violation);
    void *trace_context; /* trace: called in each iteration; NULL = none */
} kv_relaxation;

kv_status kv_relaxation_create(const kv_problem *problem, kv_threads *threads,
                               const unsigned char *drop_side, kv_relaxation **relaxation);
void kv_relaxation_free(kv_relaxation *relaxation);

/* Solve once with the boxes given (NULL = the problem's) and the opening rows held. Result as of
 * kv_ipm_solve (`cutoff`: see kv_ipm_options; 1e300 = none); KV_ERR_INFEASIBLE when fixed rows cannot hold. */
kv_status kv_relaxation_solve(kv_relaxation *relaxation, const double *lower, const double *upper,
                              double tolerance, double cutoff, kv_ipm_result *result);

/* Solve the LP of these options once; the rest as above. */
kv_status kv_relaxation_run(kv_relaxation *relaxation, const kv_lp_options *options,
                            double tolerance, double cutoff, kv_ipm_result *result);

/* Hold the opening rows that a point violates by more than `least` of their size; how many were added. */
kv_status kv_relaxation_separate(kv_relaxation *relaxation, const kv_ipm_result *point,
                                 double least, int *added);

/* Hold the opening rows that a solution of the strong relaxation meets without room to spare. */
kv_status kv_relaxation_hold_tight(kv_relaxation *relaxation, const kv_ipm_result *point);

#endif
