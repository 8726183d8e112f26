/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans and the certificate of a run: from a start plan, from the LP, and made exact at the end. */
#include "base/clock.h"
#include "solver/glpk_run.h"
#include "solver/preprocess/root.h"
#include "solver/transfer.h"

#include <math.h>
#include <string.h>

static const double proved = 1e-6;        /* relative gap that counts as none */
static const double start_slack = 1e-6;   /* violation that a start plan may have */
static const double polish_seconds = 5.0; /* for the last step when time is out */

/* ---- incumbents ---------------------------------------------------------------------------- */

/* Whether a plan is one of this problem, in the boxes asked for. */
static int acceptable(const kv_glpk_run *run, const kv_plan *plan)
{
    for (int j = 0; j < run->problem->n_design; j++)
        if (!(plan->design[j] >= run->whole.lower[j] - start_slack &&
              plan->design[j] <= run->whole.upper[j] + start_slack))
            return 0;
    return !run->limits->relax_dropped_rows && kv_plan_fits(run->problem, plan, start_slack);
}

void kv_run_use_start(kv_glpk_run *run)
{
    const kv_problem *p = run->problem;
    const kv_plan *start = run->limits->start;
    if (!kv_plan_exists(start))
        return;
    if (acceptable(run, start)) {
        memcpy(run->design, start->design, (size_t)p->n_design * sizeof(double));
        memcpy(run->flow, start->flow, (size_t)p->n_blocks * (size_t)p->n_flows * sizeof(double));
        kv_run_offer(run);
    }
    kv_lp_limits limits = kv_run_limits_left(run);
    if (kv_root_solve_fixed(&run->whole, start->design, &limits, &run->work) != KV_LP_OPTIMAL)
        return;
    kv_whole_model_plan(&run->whole, run->design, run->flow);
    kv_run_offer(run);
}

/* The certificate, whatever the last basis is worth: the better of the LP's multipliers and those of
 * the preparation. */
kv_status kv_run_certify(kv_glpk_run *run, kv_lp_state state)
{
    kv_plan *plan = run->plan;
    const double *low = run->whole.lower, *high = run->whole.upper;
    kv_status status = KV_OK;
    if (state == KV_LP_OPTIMAL || state == KV_LP_LIMIT)
        status = kv_whole_model_multipliers(&run->whole, plan->multipliers);
    plan->certified_bound = kv_bound_within(run->problem, low, high, plan->multipliers);
    if (status == KV_OK && run->volume.multipliers && run->volume.bound > plan->certified_bound) {
        kv_multipliers *better = kv_multipliers_copy(run->problem, run->volume.multipliers);
        if (!better)
            return KV_ERR_MEMORY;
        kv_multipliers_free(plan->multipliers);
        plan->multipliers = better;
        plan->certified_bound = run->volume.bound;
    }
    run->bound = fmax(run->bound, plan->certified_bound);
    return status;
}

/* Basic flows for the incumbent's integers, then the grid. Never worse than a good start plan. */
kv_status kv_run_polish(kv_glpk_run *run)
{
    const kv_problem *p = run->problem;
    const kv_plan *start = run->limits->start;
    kv_plan *plan = run->plan;
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    limits.seconds = fmax(polish_seconds, run->deadline - kv_clock());
    limits.finish = 1;
    kv_run_report(run, "polish", plan->objective, run->work);
    (void)kv_root_wake(&run->whole);
    if (kv_whole_model_solve_fixed(&run->whole, plan->design, &limits, &run->work) == KV_LP_OPTIMAL)
        kv_whole_model_plan(&run->whole, plan->design, plan->flow);
    kv_status status = kv_flow_to_grid(p, plan->design, plan->flow);
    if (status == KV_OK)
        status = kv_design_settle(p, plan->design, plan->flow);
    plan->objective = kv_problem_objective(p, plan->design, plan->flow);
    if (kv_plan_exists(start) && acceptable(run, start)) {
        double known = kv_problem_objective(p, start->design, start->flow);
        if (status == KV_OK && plan->objective <= known)
            return status;
        memcpy(plan->design, start->design, (size_t)p->n_design * sizeof(double));
        memcpy(plan->flow, start->flow, (size_t)p->n_blocks * (size_t)p->n_flows * sizeof(double));
        plan->objective = known;
        status = KV_OK;
    }
    return status;
}

/* Status and bound of a plan in hand. A claim above the plan's own objective is no claim. */
void kv_run_judge(kv_glpk_run *run)
{
    kv_plan *plan = run->plan;
    double slack = proved * fabs(plan->objective) + 1e-9;
    plan->status = KV_PLAN_FEASIBLE;
    plan->bound = run->bound > plan->objective + slack ? plan->certified_bound : run->bound;
    plan->bound = fmin(plan->bound, plan->objective);
    if (plan->objective - plan->bound <= slack)
        plan->status = KV_PLAN_OPTIMAL;
}
