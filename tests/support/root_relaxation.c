/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/root_relaxation.h"

#include "base/clock.h"
#include "solver/decomposition/search.h"
#include "solver/decomposition/sifting.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <string.h>

enum { MOST_ROUNDS = 30, MOST_ROW_ROUNDS = 12 };

static void keep(const kv_problem *problem, const kv_ipm_result *result, root_relaxation *out)
{
    double recomputed = kv_bound_recompute(problem, result->multipliers);
    out->rounds++;
    out->iterations += result->iterations;
    out->primal = result->primal;
    out->violation = result->violation;
    out->status = result->status;
    if (recomputed > out->recomputed) {
        out->recomputed = recomputed;
        out->bound = result->bound;
    }
}

/* *good: it ended as it should. */
static kv_status sift(kv_relaxation *relaxation, double tolerance, double cutoff, int *good,
                      root_relaxation *out)
{
    kv_sifting *sifting = NULL;
    int done = 0;
    kv_status status = kv_sifting_create(relaxation, &sifting);
    *good = 0;
    while (status == KV_OK && !done && out->rounds < MOST_ROUNDS) {
        kv_ipm_result result;
        status = kv_sifting_step(sifting, tolerance, cutoff, &result, &done);
        if (status != KV_OK)
            break;
        keep(relaxation->problem, &result, out);
        *good = done && result.status == KV_OK;
        done |= kv_clock() > relaxation->deadline || out->recomputed > cutoff;
        kv_ipm_result_free(&result);
    }
    kv_sifting_free(sifting);
    return status;
}

static kv_status by_rows(kv_relaxation *relaxation, double tolerance, double cutoff,
                         root_relaxation *out)
{
    kv_status status = KV_OK;
    out->by_rows = 1;
    for (int added = 1, i = 0; status == KV_OK && added && i < MOST_ROW_ROUNDS; i++) {
        kv_ipm_result result;
        status = kv_relaxation_solve(relaxation, NULL, NULL, tolerance, cutoff, &result);
        if (status != KV_OK)
            break;
        status = kv_relaxation_separate(relaxation, &result, 1e-4, &added);
        if (status == KV_OK)
            status = kv_multipliers_lift(relaxation->problem, NULL, result.multipliers);
        if (status == KV_OK)
            keep(relaxation->problem, &result, out);
        if (out->recomputed > cutoff || kv_clock() > relaxation->deadline)
            added = 0;
        kv_ipm_result_free(&result);
    }
    return status;
}

kv_status root_relaxation_solve(const kv_problem *problem, kv_threads *threads, double tolerance,
                                double seconds, root_relaxation *out)
{
    const kv_search none = {.problem = *problem};
    const double cutoff = kv_search_cutoff(&none);
    kv_relaxation *relaxation = NULL;
    int good = 1;
    memset(out, 0, sizeof(*out));
    out->bound = out->recomputed = -HUGE_VAL;
    kv_status status = kv_relaxation_create(problem, threads, NULL, &relaxation);
    if (status == KV_OK) {
        relaxation->deadline = kv_clock() + seconds;
        status = sift(relaxation, tolerance, cutoff, &good, out);
    }
    if (status == KV_OK && !good && out->recomputed <= cutoff && kv_clock() < relaxation->deadline)
        status = by_rows(relaxation, tolerance, cutoff, out);
    kv_relaxation_free(relaxation);
    if (status != KV_OK && status != KV_ERR_INFEASIBLE)
        return status;
    double room = 2 * tolerance * fmax(1, fabs(out->primal));
    if (status == KV_ERR_INFEASIBLE || out->recomputed > cutoff)
        out->status = KV_ERR_INFEASIBLE;
    else if (out->status == KV_OK && fabs(out->primal - out->recomputed) > room)
        out->status = KV_ERR_NUMERIC;
    return KV_OK;
}
