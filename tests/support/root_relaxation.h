/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strong LP relaxation as the root of the decomposition engine solves it: by sifting, and where
 * that comes to no good end with all flows and the opening rows that are violated. */
#ifndef KV_TESTS_SUPPORT_ROOT_RELAXATION_H
#define KV_TESTS_SUPPORT_ROOT_RELAXATION_H

#include "base/parallel.h"
#include "formulations/problem.h"

typedef struct root_relaxation {
    kv_status status;    /* KV_OK: bound and primal value agree within the tolerance;
                         KV_ERR_INFEASIBLE: no plan; else the bound is valid, and no more is said */
    int rounds, by_rows; /* rounds of both ways; 1 = the second way was taken */
    long iterations;     /* of the interior point, all rounds */
    double primal;       /* of the last round */
    double bound;        /* what the method says, the best of its rounds */
    double recomputed;   /* kv_bound_recompute of those multipliers */
    double violation;    /* of rows, of the last round */
} root_relaxation;

/* To a relative tolerance, at most `seconds` of the clock. KV_OK, or KV_ERR_MEMORY. */
kv_status root_relaxation_solve(const kv_problem *problem, kv_threads *threads, double tolerance,
                                double seconds, root_relaxation *out);

#endif
