/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/ipm.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/ipm/point.h"

#include <math.h>
#include <string.h>

void kv_ipm_options_default(kv_ipm_options *options)
{
    memset(options, 0, sizeof(*options));
    options->tolerance = 1e-7;
    options->max_iterations = 200;
    options->deadline = 1e300;
    options->cutoff = 1e300;
}

static kv_status run(kv_point *s, kv_ipm_result *result)
{
    const kv_ipm_options *o = s->options;
    kv_status status = o->start ? kv_point_resume(s, o->start) : kv_point_start(s);
    double best_bound = -1e300, least_mu = 1e300, least_violation = 1e300;
    int stalled = 0; /* iterations since bound, complementarity or rows last got better */
    for (int i = 0; status == KV_OK; i++) {
        kv_point_measure(s);
        result->iterations = i;
        if (o->trace)
            o->trace(o->trace_context, i, s->primal, s->bound, s->violation);
        double gap = (s->primal - s->bound) / fmax(1, fabs(s->primal));
        if (s->violation <= kv_ipm_rows_share * o->tolerance && fabs(gap) <= o->tolerance)
            break;
        if (s->bound > o->cutoff)
            break;
        int better = s->bound > best_bound + 1e-3 * o->tolerance * fabs(best_bound) ||
                     s->mu < 0.99 * least_mu ||
                     (s->violation < 0.9 * least_violation && s->violation > 1e-9);
        stalled = better ? 0 : stalled + 1;
        if (s->bound > best_bound) {
            best_bound = s->bound;
            kv_rows_copy(s->lp, &s->best, &s->lambda);
        }
        least_mu = fmin(least_mu, s->mu);
        least_violation = fmin(least_violation, s->violation);
        if (!(s->mu > 0) || stalled > 15)
            status = KV_ERR_NUMERIC;
        else if (i >= o->max_iterations || kv_clock() > o->deadline || kv_stop_requested())
            status = KV_ERR_LIMIT;
        else
            status = kv_point_iterate(s);
    }
    if (status != KV_OK && best_bound > s->bound) { /* the end was not the best */
        s->bound = best_bound;
        kv_rows_copy(s->lp, &s->lambda, &s->best);
    }
    return status;
}

kv_status kv_ipm_solve(const kv_block_lp *lp, const kv_lp_options *lp_options, kv_threads *threads,
                       const kv_ipm_options *options, kv_ipm_result *result)
{
    kv_point s = {.lp = lp, .options = options, .threads = threads};
    memset(result, 0, sizeof(*result));
    kv_status status = kv_point_create(&s);
    if (status == KV_OK) {
        result->status = run(&s, result);
        result->primal = s.primal;
        result->bound = s.bound;
        result->violation = s.violation;
        status = kv_point_multipliers(&s, lp_options, result);
    }
    if (status == KV_OK)
        status = kv_point_values(&s, result);
    kv_point_destroy(&s);
    if (status != KV_OK)
        kv_ipm_result_free(result);
    return status;
}

void kv_ipm_result_free(kv_ipm_result *result)
{
    kv_free(result->design);
    kv_free(result->flow);
    kv_multipliers_free(result->multipliers);
    result->design = result->flow = NULL;
    result->multipliers = NULL;
}
