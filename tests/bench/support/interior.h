/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strong LP relaxation by the interior point, as the engine solves it at its root. */
#ifndef KV_TESTS_BENCH_SUPPORT_INTERIOR_H
#define KV_TESTS_BENCH_SUPPORT_INTERIOR_H

#include "base/parallel.h"
#include "formulations/problem.h"

typedef struct bench_interior {
    int ended; /* 1 = bound and primal value agree within the tolerance */
    int rounds;
    long iterations;   /* of the interior point, all rounds */
    double primal;     /* of the last round */
    double bound;      /* what the method says, the best of its rounds */
    double recomputed; /* kv_bound_recompute of those multipliers */
    double violation;
} bench_interior;

/* To a relative tolerance, at most `seconds` of the clock. 0, or -1 when out of memory or when the
 * problem has no solution. */
int bench_interior_solve(const kv_problem *problem, kv_threads *threads, double tolerance,
                         double seconds, bench_interior *out);

#endif
