/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "solver/proof.h"

#include <math.h>
#include <string.h>

kv_plan *kv_plan_create(const kv_problem *problem)
{
    kv_plan *plan = kv_alloc(1, sizeof *plan);
    if (!plan)
        return NULL;
    plan->design = kv_alloc((size_t)problem->n_design, sizeof *plan->design);
    plan->flow = kv_alloc((size_t)problem->n_blocks * (size_t)problem->n_flows, sizeof *plan->flow);
    plan->multipliers = kv_multipliers_create(problem);
    plan->status = KV_PLAN_NONE;
    plan->objective = 1e30;
    plan->bound = plan->certified_bound = -1e30;
    plan->engine = "";
    if (!plan->design || !plan->flow || !plan->multipliers) {
        kv_plan_free(plan);
        return NULL;
    }
    return plan;
}

void kv_plan_free(kv_plan *plan)
{
    if (!plan)
        return;
    kv_free(plan->design);
    kv_free(plan->flow);
    kv_multipliers_free(plan->multipliers);
    kv_proof_free(plan->proof);
    kv_free(plan);
}

void kv_limits_default(kv_limits *limits)
{
    memset(limits, 0, sizeof *limits);
    limits->gap = 0.01;
    limits->do_nothing = (double)NAN;
    limits->seconds = 1e30;
    limits->threads = 1;
    limits->strength = KV_STRONG;
}

kv_status kv_solve_do_nothing(const kv_engine *engine, const kv_problem *problem,
                              const kv_limits *limits, kv_plan **plan, kv_messages *messages)
{
    size_t n = (size_t)problem->n_design;
    kv_status status = KV_ERR_MEMORY;
    kv_limits boxed = *limits;
    double *lower = kv_alloc(n, sizeof *lower), *upper = kv_alloc(n, sizeof *upper);
    *plan = NULL;
    if (!lower || !upper)
        goto out;
    const double *low = limits->fixed_lower ? limits->fixed_lower : problem->design_lower;
    const double *high = limits->fixed_upper ? limits->fixed_upper : problem->design_upper;
    for (size_t j = 0; j < n; j++) {
        upper[j] = fmin(high[j], problem->do_nothing_upper[j]);
        lower[j] = fmin(low[j], upper[j]);
    }
    boxed.fixed_lower = lower;
    boxed.fixed_upper = upper;
    boxed.relax_dropped_rows = 1;
    boxed.start = NULL;
    boxed.do_nothing = (double)NAN;
    boxed.decision_gap = 0.0;
    status = engine->solve(problem, &boxed, plan, messages);
out:
    kv_free(lower);
    kv_free(upper);
    return status;
}
