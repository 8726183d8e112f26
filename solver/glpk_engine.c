/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole model to the LP interface's branch and cut: root relaxation (its multipliers are the
 * certificate), the start plan made good for this problem, the search, a last LP with the integer
 * variables fixed so that flows are basic, and the flows put on the grid.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/transfer.h"
#include "solver/whole_model.h"

#include <math.h>
#include <string.h>

static const double proved = 1e-6;        /* relative gap that counts as none */
static const double start_slack = 1e-6;   /* violation that a start plan may have */
static const double polish_seconds = 5.0; /* for the last step when time is out */
static const double report_seconds = 0.2; /* longest time between two reports of a search */

struct run {
    const kv_problem *problem;
    const kv_limits *limits;
    kv_plan *plan; /* design, flow and objective of the incumbent once has_plan */
    kv_whole_model whole;
    double *design, *flow; /* a candidate */
    double start, deadline, bound, last_report;
    long work;
    int has_plan;
    int satisfied; /* the gaps asked for were reached */
    int out_of_limits;
};

/* ---- reporting and stopping ---------------------------------------------------------------- */

static void report(struct run *run, const char *phase, double incumbent, long work)
{
    kv_progress point = {
        kv_clock() - run->start, work, incumbent < 1e29, incumbent, run->bound, phase};
    run->last_report = kv_clock();
    if (run->limits->progress)
        run->limits->progress(run->limits->progress_context, &point);
}

/* Whether an objective is near enough to the bound, as the limits ask. */
static int near_enough(const struct run *run, double objective)
{
    const kv_limits *l = run->limits;
    double miss = objective - run->bound;
    if (run->bound <= -1e29 || objective >= 1e29 || !(miss <= l->gap * fabs(objective)))
        return 0;
    if (l->decision_gap <= 0.0 || isnan(l->do_nothing))
        return 1;
    return miss <= l->decision_gap * (l->do_nothing - run->bound) || miss <= 0.0;
}

static int on_search(void *context, double bound, double incumbent, long nodes)
{
    struct run *run = context;
    (void)nodes;
    double best = run->has_plan ? fmin(incumbent, run->plan->objective) : incumbent;
    int news = bound > run->bound + 1e-9 * fabs(bound);
    run->bound = fmax(run->bound, bound);
    if (news || kv_clock() - run->last_report > report_seconds)
        report(run, "search", best, run->work + kv_lp_iterations(run->whole.lp));
    run->satisfied |= near_enough(run, best);
    return run->satisfied;
}

/* Limits of the next LP or MIP; sets out_of_limits when nothing is left. */
static kv_lp_limits limits_left(struct run *run)
{
    kv_lp_limits lp;
    kv_lp_limits_default(&lp);
    lp.seconds = fmax(0.0, run->deadline - kv_clock());
    if (run->limits->work > 0)
        lp.iterations = run->limits->work > run->work ? run->limits->work - run->work : 1;
    return lp;
}

/* ---- incumbents ---------------------------------------------------------------------------- */

/* Keep the candidate if it is the best so far. */
static void offer(struct run *run)
{
    const kv_problem *p = run->problem;
    double objective = kv_problem_objective(p, run->design, run->flow);
    if (run->has_plan && !(objective < run->plan->objective))
        return;
    memcpy(run->plan->design, run->design, (size_t)p->n_design * sizeof(double));
    memcpy(run->plan->flow, run->flow, (size_t)p->n_blocks * (size_t)p->n_flows * sizeof(double));
    run->plan->objective = objective;
    run->has_plan = 1;
}

/* Whether a plan is one of this problem, in the boxes asked for. */
static int acceptable(const struct run *run, const kv_plan *plan)
{
    for (int j = 0; j < run->problem->n_design; j++)
        if (!(plan->design[j] >= run->whole.lower[j] - start_slack &&
              plan->design[j] <= run->whole.upper[j] + start_slack))
            return 0;
    return !run->limits->relax_dropped_rows && kv_plan_fits(run->problem, plan, start_slack);
}

/* The start plan's integers with the best flows for them, or the plan as it is. */
static void use_start(struct run *run)
{
    const kv_problem *p = run->problem;
    const kv_plan *start = run->limits->start;
    if (!kv_plan_exists(start))
        return;
    if (acceptable(run, start)) {
        memcpy(run->design, start->design, (size_t)p->n_design * sizeof(double));
        memcpy(run->flow, start->flow, (size_t)p->n_blocks * (size_t)p->n_flows * sizeof(double));
        offer(run);
    }
    kv_lp_limits limits = limits_left(run);
    kv_lp_state state = kv_whole_model_solve_fixed(&run->whole, start->design, &limits);
    run->work += kv_lp_iterations(run->whole.lp);
    if (state != KV_LP_OPTIMAL)
        return;
    kv_whole_model_plan(&run->whole, run->design, run->flow);
    offer(run);
}

/* ---- the steps ----------------------------------------------------------------------------- */

static kv_lp_state root(struct run *run)
{
    kv_lp_limits limits = limits_left(run);
    report(run, "root", 1e30, 0);
    kv_lp_state state = kv_lp_solve(run->whole.lp, &limits);
    run->work += kv_lp_iterations(run->whole.lp);
    return state;
}

/* The certificate, whatever the last basis is worth. */
static kv_status certify(struct run *run, kv_lp_state state)
{
    kv_plan *plan = run->plan;
    kv_status status = KV_OK;
    if (state == KV_LP_OPTIMAL || state == KV_LP_LIMIT)
        status = kv_whole_model_multipliers(&run->whole, plan->multipliers);
    plan->certified_bound =
        kv_bound_within(run->problem, run->whole.lower, run->whole.upper, plan->multipliers);
    run->bound = fmax(run->bound, plan->certified_bound);
    return status;
}

static kv_lp_state search(struct run *run)
{
    kv_lp_limits limits = limits_left(run);
    double bound;
    limits.progress = on_search;
    limits.context = run;
    if (run->has_plan) {
        kv_whole_model_values(&run->whole, run->plan->design, run->plan->flow);
        limits.start = run->whole.values;
    }
    report(run, "search", run->has_plan ? run->plan->objective : 1e30, run->work);
    kv_lp_state state = kv_lp_solve_mip(run->whole.lp, &limits, &bound);
    run->work += kv_lp_iterations(run->whole.lp);
    run->plan->nodes = kv_lp_nodes(run->whole.lp);
    if (state == KV_LP_OPTIMAL || state == KV_LP_FEASIBLE) {
        kv_whole_model_plan(&run->whole, run->design, run->flow);
        offer(run);
    }
    if (state != KV_LP_INFEASIBLE && bound > -1e29)
        run->bound = fmax(run->bound, bound);
    return state;
}

/* Basic flows for the incumbent's integers, then the grid. Never worse than a good start plan. */
static kv_status polish(struct run *run)
{
    const kv_problem *p = run->problem;
    const kv_plan *start = run->limits->start;
    kv_plan *plan = run->plan;
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    limits.seconds = fmax(polish_seconds, run->deadline - kv_clock());
    limits.finish = 1;
    report(run, "polish", plan->objective, run->work);
    if (kv_whole_model_solve_fixed(&run->whole, plan->design, &limits) == KV_LP_OPTIMAL)
        kv_whole_model_plan(&run->whole, plan->design, plan->flow);
    run->work += kv_lp_iterations(run->whole.lp);
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
static void judge(struct run *run)
{
    kv_plan *plan = run->plan;
    double slack = proved * fabs(plan->objective) + 1e-9;
    plan->status = KV_PLAN_FEASIBLE;
    plan->bound = run->bound > plan->objective + slack ? plan->certified_bound : run->bound;
    plan->bound = fmin(plan->bound, plan->objective);
    if (plan->objective - plan->bound <= slack)
        plan->status = KV_PLAN_OPTIMAL;
}

static kv_status run_steps(struct run *run, kv_messages *messages)
{
    kv_plan *plan = run->plan;
    kv_lp_state state = run->whole.empty_box ? KV_LP_INFEASIBLE : root(run);
    kv_status status = certify(run, state);
    if (status != KV_OK)
        return status;
    if (state == KV_LP_OPTIMAL || state == KV_LP_LIMIT || state == KV_LP_FAILED)
        use_start(run);
    run->satisfied = near_enough(run, run->has_plan ? plan->objective : 1e30);
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

static void close_run(struct run *run)
{
    kv_plan *plan = run->plan;
    plan->work = run->work;
    plan->seconds = kv_clock() - run->start;
    plan->engine = kv_engine_glpk.name;
    if (plan->status == KV_PLAN_OPTIMAL || !run->out_of_limits || run->satisfied)
        return;
    plan->ended_by_limit = kv_stop_requested() || kv_clock() >= run->deadline ? 2 : 1;
}

static kv_status solve(const kv_problem *problem, const kv_limits *limits, kv_plan **out,
                       kv_messages *messages)
{
    struct run run = {.problem = problem, .limits = limits, .start = kv_clock(), .bound = -1e30};
    run.deadline = run.start + limits->seconds;
    run.plan = *out = kv_plan_create(problem);
    run.design = kv_alloc((size_t)problem->n_design, sizeof *run.design);
    run.flow = kv_alloc((size_t)problem->n_blocks * (size_t)problem->n_flows, sizeof *run.flow);
    kv_status status = run.plan && run.design && run.flow ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_whole_model_create(&run.whole, problem, limits);
    if (status == KV_OK)
        status = run_steps(&run, messages);
    if (status == KV_OK)
        close_run(&run);
    kv_whole_model_clear(&run.whole);
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
