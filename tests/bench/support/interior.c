/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/support/interior.h"

#include "base/clock.h"
#include "solver/decomposition/sifting.h"

#include <math.h>
#include <string.h>

enum { MOST_ROUNDS = 30 };

static void keep(const kv_problem *problem, const kv_ipm_result *result, bench_interior *out)
{
    double recomputed = kv_bound_recompute(problem, result->multipliers);
    out->rounds++;
    out->iterations += result->iterations;
    out->primal = result->primal;
    out->violation = result->violation;
    if (recomputed > out->recomputed) {
        out->recomputed = recomputed;
        out->bound = result->bound;
    }
}

int bench_interior_solve(const kv_problem *problem, kv_threads *threads, double tolerance,
                         double seconds, bench_interior *out)
{
    kv_relaxation *relaxation = NULL;
    kv_sifting *sifting = NULL;
    int done = 0;
    memset(out, 0, sizeof(*out));
    out->bound = out->recomputed = -HUGE_VAL;
    kv_status status = kv_relaxation_create(problem, threads, NULL, &relaxation);
    if (status == KV_OK) {
        relaxation->deadline = kv_clock() + seconds;
        status = kv_sifting_create(relaxation, &sifting);
    }
    while (status == KV_OK && !done && out->rounds < MOST_ROUNDS) {
        kv_ipm_result result;
        status = kv_sifting_step(sifting, tolerance, 1e300, &result, &done);
        if (status != KV_OK)
            break;
        keep(problem, &result, out);
        done |= kv_clock() > relaxation->deadline;
        kv_ipm_result_free(&result);
    }
    kv_sifting_free(sifting);
    kv_relaxation_free(relaxation);
    out->ended = fabs(out->primal - out->recomputed) <= 2 * tolerance * fmax(1, fabs(out->primal));
    return status == KV_OK ? 0 : -1;
}
