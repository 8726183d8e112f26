/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole model to the LP interface's branch and cut: root relaxation (its multipliers are the
 * certificate), the start plan made good for this problem, the search, a last LP with the integer
 * variables fixed so that flows are basic, and the flows put on the grid.
 *
 * The strong form is prepared first (solver/preprocess): multipliers by the volume algorithm choose the
 * columns and rows of the root, roundings give an incumbent, which with the multipliers narrows
 * boxes and bounds; opening rows come as they are broken, at the root and in the search.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/glpk_run.h"
#include "solver/preprocess/root.h"
#include "solver/transfer.h"

#include <math.h>
#include <string.h>

static const double proved = 1e-6;        /* relative gap that counts as none */
static const double start_slack = 1e-6;   /* violation that a start plan may have */
static const double polish_seconds = 5.0; /* for the last step when time is out */

static int on_search(void *context, double bound, double incumbent, long nodes)
{
    kv_glpk_run *run = context;
    (void)nodes;
    double best = run->has_plan ? fmin(incumbent, run->plan->objective) : incumbent;
    bound = fmin(bound, kv_run_cutoff(run));
    int news = bound > run->bound + 1e-9 * fabs(bound);
    run->bound = fmax(run->bound, bound);
    if (news || kv_clock() - run->last_report > kv_report_seconds)
        kv_run_report(run, "search", best, run->work + kv_lp_iterations(run->whole.lp));
    run->satisfied |= kv_run_near_enough(run, best);
    return run->satisfied;
}

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

/* The start plan's integers with the best flows for them, or the plan as it is. */
static void use_start(kv_glpk_run *run)
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

/* ---- the steps ----------------------------------------------------------------------------- */

/* The certificate, whatever the last basis is worth: the better of the LP's multipliers and those of
 * the preparation. */
static kv_status certify(kv_glpk_run *run, kv_lp_state state)
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

static kv_lp_state search(kv_glpk_run *run)
{
    kv_lp_limits limits = kv_run_limits_left(run);
    double bound;
    limits.progress = on_search;
    limits.context = run;
    if (run->has_plan) {
        kv_whole_model_values(&run->whole, run->plan->design, run->plan->flow);
        limits.start = run->whole.values;
    }
    if (run->prepared) {
        limits.broken = kv_whole_model_broken;
        limits.broken_context = &run->whole;
    }
    kv_run_report(run, "search", run->has_plan ? run->plan->objective : 1e30, run->work);
    kv_lp_state state = kv_lp_solve_mip(run->whole.lp, &limits, &bound);
    run->work += kv_lp_iterations(run->whole.lp);
    run->plan->nodes = kv_lp_nodes(run->whole.lp);
    if (state == KV_LP_OPTIMAL || state == KV_LP_FEASIBLE) {
        kv_whole_model_plan(&run->whole, run->design, run->flow);
        kv_run_offer(run);
    }
    if (state != KV_LP_INFEASIBLE && bound > -1e29)
        run->bound = fmax(run->bound, fmin(bound, kv_run_cutoff(run)));
    return state;
}

/* Basic flows for the incumbent's integers, then the grid. Never worse than a good start plan. */
static kv_status polish(kv_glpk_run *run)
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
static void judge(kv_glpk_run *run)
{
    kv_plan *plan = run->plan;
    double slack = proved * fabs(plan->objective) + 1e-9;
    plan->status = KV_PLAN_FEASIBLE;
    plan->bound = run->bound > plan->objective + slack ? plan->certified_bound : run->bound;
    plan->bound = fmin(plan->bound, plan->objective);
    if (plan->objective - plan->bound <= slack)
        plan->status = KV_PLAN_OPTIMAL;
}

/* Up to the search: the certificate, and what plans there are. */
static kv_lp_state begin(kv_glpk_run *run, kv_status *status)
{
    kv_lp_state state = KV_LP_INFEASIBLE;
    kv_run_report(run, "root", 1e30, run->work);
    if (run->prepared && !run->whole.empty_box)
        *status = kv_run_volume(run);
    if (*status == KV_OK && run->volume.multipliers)
        *status = kv_run_choose(run);
    if (*status == KV_OK && !run->whole.empty_box)
        state = kv_run_root(run, status);
    if (*status == KV_ERR_NUMERIC) { /* the bound of the preparation is still good */
        *status = KV_OK;
        state = KV_LP_FAILED;
    }
    if (*status == KV_OK)
        *status = certify(run, state);
    if (*status != KV_OK)
        return state;
    if (state == KV_LP_OPTIMAL || state == KV_LP_LIMIT || state == KV_LP_FAILED)
        use_start(run);
    kv_run_report(run, "root", run->has_plan ? run->plan->objective : 1e30, run->work);
    run->satisfied = kv_run_near_enough(run, run->has_plan ? run->plan->objective : 1e30);
    if (run->prepared && state == KV_LP_OPTIMAL && !run->satisfied)
        state = kv_run_sharpen(run, status);
    if (*status == KV_ERR_NUMERIC) {
        *status = KV_OK;
        state = KV_LP_FAILED;
    }
    return state;
}

static kv_status run_steps(kv_glpk_run *run, kv_messages *messages)
{
    kv_plan *plan = run->plan;
    kv_status status = KV_OK;
    kv_lp_state state = begin(run, &status);
    if (status != KV_OK)
        return status;
    if (state == KV_LP_OPTIMAL && !run->satisfied)
        state = search(run);
    if (state == KV_LP_UNBOUNDED)
        plan->status = KV_PLAN_UNBOUNDED;
    if (state == KV_LP_INFEASIBLE && !run->has_plan)
        plan->status = KV_PLAN_INFEASIBLE;
    run->out_of_limits = state == KV_LP_LIMIT || state == KV_LP_FEASIBLE;
    plan->bound = run->bound;
    if (run->has_plan) {
        status = polish(run);
        if (status == KV_OK)
            judge(run);
    }
    if (status == KV_ERR_MEMORY)
        return status;
    if (state == KV_LP_FAILED || status == KV_ERR_NUMERIC)
        kv_messages_add(messages, KV_WARNING, NULL, "try another engine (--engine decomposition)",
                        "the simplex method broke down; the bound is valid, the plan may be worse "
                        "than it could be");
    return KV_OK;
}

static void close_run(kv_glpk_run *run)
{
    kv_plan *plan = run->plan;
    plan->work = run->work;
    plan->seconds = kv_clock() - run->start;
    plan->engine = kv_engine_glpk.name;
    if (plan->status == KV_PLAN_OPTIMAL || !run->out_of_limits || run->satisfied)
        return;
    plan->ended_by_limit = kv_stop_requested() || kv_clock() >= run->deadline ? 2 : 1;
}

/* The model, with what prepares it unless the weak form or no preparation is asked for. */
static kv_status load(kv_glpk_run *run)
{
    const kv_limits *l = run->limits;
    run->prepared = l->strength == KV_STRONG && !l->no_preprocessing;
    if (!run->prepared)
        return kv_whole_model_create(&run->whole, run->problem, l);
    kv_status status = kv_reduction_create(
        run->problem, l->fixed_lower, l->fixed_upper,
        l->relax_dropped_rows ? run->problem->side.dropped : NULL, &run->reduction);
    if (status == KV_OK)
        status = kv_whole_model_create_lazy(&run->whole, &run->reduction.problem, l);
    return status;
}

static kv_status solve(const kv_problem *problem, const kv_limits *limits, kv_plan **out,
                       kv_messages *messages)
{
    kv_glpk_run run = {.problem = problem, .limits = limits, .start = kv_clock(), .bound = -1e30};
    run.deadline = run.start + limits->seconds;
    run.plan = *out = kv_plan_create(problem);
    run.design = kv_alloc((size_t)problem->n_design, sizeof *run.design);
    run.flow = kv_alloc((size_t)problem->n_blocks * (size_t)problem->n_flows, sizeof *run.flow);
    kv_status status = run.plan && run.design && run.flow ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = load(&run);
    if (status == KV_OK)
        status = run_steps(&run, messages);
    if (status == KV_OK)
        close_run(&run);
    kv_whole_model_clear(&run.whole);
    kv_volume_result_free(&run.volume);
    kv_reduction_clear(&run.reduction);
    kv_neighbourhood_clear(&run.near);
    kv_free(run.design);
    kv_free(run.flow);
    if (status != KV_OK) {
        kv_plan_free(*out);
        *out = NULL;
    }
    return status;
}

const kv_engine kv_engine_glpk = {
    "glpk", "GLPK's branch and cut on the whole model; the reference for small cases", solve};
