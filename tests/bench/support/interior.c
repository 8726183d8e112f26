/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/support/interior.h"

#include "base/clock.h"
#include "solver/decomposition/relaxation.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <string.h>

enum { MOST_ROUNDS = 30 };

static kv_status keep(const kv_problem *problem, const kv_ipm_result *result, bench_interior *out)
{
    kv_status status = kv_multipliers_lift(problem, NULL, result->multipliers);
    double recomputed = kv_bound_recompute(problem, result->multipliers);
    out->rounds++;
    out->iterations += result->iterations;
    out->primal = result->primal;
    out->violation = result->violation;
    if (recomputed > out->recomputed) {
        out->recomputed = recomputed;
        out->bound = result->bound;
    }
    return status;
}

int bench_interior_solve(const kv_problem *problem, kv_threads *threads, double tolerance,
                         double seconds, bench_interior *out)
{
    kv_relaxation *relaxation = NULL;
    int done = 0;
    memset(out, 0, sizeof(*out));
    out->bound = out->recomputed = -HUGE_VAL;
    kv_status status = kv_relaxation_create(problem, threads, NULL, &relaxation);
    if (status == KV_OK)
        relaxation->deadline = kv_clock() + seconds;
    while (status == KV_OK && !done && out->rounds < MOST_ROUNDS) {
        kv_ipm_result result;
        int added = 0;
        status = kv_relaxation_solve(relaxation, NULL, NULL, tolerance, 1e300, &result);
        if (status != KV_OK)
            break;
        status = kv_relaxation_separate(relaxation, &result, tolerance, &added);
        if (status == KV_OK)
            status = keep(problem, &result, out);
        done = added == 0 || result.status == KV_ERR_LIMIT || kv_clock() > relaxation->deadline;
        kv_ipm_result_free(&result);
    }
    if (relaxation)
        out->opening_rows = (long)relaxation->n_rows;
    kv_relaxation_free(relaxation);
    out->ended = fabs(out->primal - out->recomputed) <= 2 * tolerance * fmax(1, fabs(out->primal));
    return status == KV_OK ? 0 : -1;
}
