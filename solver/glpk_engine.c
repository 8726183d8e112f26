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
#include "solver/lagrange/volume.h"
#include "solver/preprocess/choice.h"
#include "solver/preprocess/neighbourhood.h"
#include "solver/preprocess/reduction.h"
#include "solver/preprocess/root.h"
#include "solver/preprocess/rounding.h"
#include "solver/transfer.h"
#include "solver/whole_model.h"

#include <math.h>
#include <string.h>

static const double proved = 1e-6;        /* relative gap that counts as none */
static const double start_slack = 1e-6;   /* violation that a start plan may have */
static const double polish_seconds = 5.0; /* for the last step when time is out */
static const double report_seconds = 0.2; /* longest time between two reports of a search */
static const double volume_tolerance = 1e-4;
static const double near_gap = 1e-3; /* of the search between the plans found */
enum {
    VOLUME_ITERATIONS = 800,
    VOLUME_SHARE = 8,    /* of a work limit */
    ROUNDING_SHARE = 4,  /* of what is left of it */
    NEAR_SHARE = 1,      /* iterations of that search for each before it, */
    NEAR_LEAST = 2000,   /* and in any case; */
    NEAR_COLUMNS = 3000, /* models with fewer columns are searched as a whole at once */
    TIGHTENINGS = 3
};

struct run {
    const kv_problem *problem;
    const kv_limits *limits;
    kv_plan *plan; /* design, flow and objective of the incumbent once has_plan */
    kv_whole_model whole;
    int prepared; /* 1 = what follows is in use */
    kv_volume_result volume;
    kv_reduction reduction;
    kv_neighbourhood near; /* of the plans found so far */
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

/* What is left out of the search costs more than this. */
static double cutoff(const struct run *run)
{
    return run->prepared ? run->reduction.cutoff : HUGE_VAL;
}

static int on_search(void *context, double bound, double incumbent, long nodes)
{
    struct run *run = context;
    (void)nodes;
    double best = run->has_plan ? fmin(incumbent, run->plan->objective) : incumbent;
    bound = fmin(bound, cutoff(run));
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
    if (kv_root_solve_fixed(&run->whole, start->design, &limits, &run->work) != KV_LP_OPTIMAL)
        return;
    kv_whole_model_plan(&run->whole, run->design, run->flow);
    offer(run);
}

/* ---- preparation --------------------------------------------------------------------------- */

static void on_volume(void *context, long iteration, double bound)
{
    struct run *run = context;
    run->bound = fmax(run->bound, bound);
    if (kv_clock() - run->last_report > report_seconds)
        report(run, "root", 1e30, iteration);
}

/* Multipliers and an average of good flows; their bound. */
static kv_status volume(struct run *run)
{
    const kv_limits *l = run->limits;
    const kv_problem *p = run->problem;
    kv_volume_options options;
    kv_threads *threads = l->threads > 1 ? kv_threads_create(l->threads) : NULL;
    kv_volume_options_default(&options);
    options.iterations = VOLUME_ITERATIONS;
    if (l->work > 0 && l->work / VOLUME_SHARE < options.iterations)
        options.iterations = l->work / VOLUME_SHARE;
    options.tolerance = volume_tolerance;
    options.deadline = run->deadline;
    options.lower = run->reduction.lower;
    options.upper = run->reduction.upper;
    options.drop_side = run->reduction.drop_side;
    options.progress = on_volume;
    options.progress_context = run;
    kv_status status = kv_volume_solve(p, threads, &options, NULL, &run->volume);
    kv_threads_free(threads);
    if (status != KV_OK || run->volume.status == KV_ERR_INFEASIBLE)
        return status;
    kv_multipliers *m = run->volume.multipliers;
    for (int i = 0; i < p->coupling.count && l->relax_dropped_rows; i++)
        if (p->coupling.dropped[i])
            m->coupling[i] = 0.0;
    run->work += run->volume.iterations;
    run->volume.bound = kv_bound_within(p, run->reduction.lower, run->reduction.upper, m);
    run->bound = fmax(run->bound, run->volume.bound);
    report(run, "root", 1e30, run->work);
    return KV_OK;
}

/* Columns and rows for the root. */
static kv_status choose(struct run *run)
{
    kv_reduced_costs costs;
    const kv_reduction *r = &run->reduction;
    kv_status status =
        kv_reduced_costs_create(&r->problem, r->lower, r->upper, run->volume.multipliers, &costs);
    if (status == KV_OK)
        status = kv_choose(&run->whole, &costs, run->volume.multipliers, run->volume.design,
                           run->volume.flow, run->has_plan ? run->plan->flow : NULL);
    kv_reduced_costs_clear(&costs);
    return status;
}

static void on_plan(void *context)
{
    struct run *run = context;
    double known = run->has_plan ? run->plan->objective : 1e30;
    offer(run);
    kv_neighbourhood_add(run->problem, &run->near, run->design);
    if (run->plan->objective < known)
        report(run, "root", run->plan->objective, run->work);
}

static kv_status round_up(struct run *run, const double *relaxed)
{
    kv_lp_limits limits = limits_left(run);
    kv_rounding rounding = {&run->whole, &limits, &run->work, run->design, run->flow, on_plan, run};
    if (limits.iterations > 0)
        limits.iterations = limits.iterations / ROUNDING_SHARE + 1;
    return kv_round(&rounding, relaxed);
}

/* Search between the plans found, for a time counted in iterations. */
static void search_near(struct run *run)
{
    kv_lp_limits limits = limits_left(run);
    long most = NEAR_SHARE * run->work + NEAR_LEAST;
    if (run->near.plans == 0 || !run->has_plan)
        return;
    if (limits.iterations > 0)
        most =
            limits.iterations / ROUNDING_SHARE < most ? limits.iterations / ROUNDING_SHARE : most;
    limits.iterations = most + 1;
    limits.gap = fmax(run->limits->gap, near_gap);
    kv_whole_model_values(&run->whole, run->plan->design, run->plan->flow);
    kv_lp_state state = kv_neighbourhood_search(&run->near, &run->whole, &limits, 1, &run->work);
    if (state != KV_LP_OPTIMAL && state != KV_LP_FEASIBLE)
        return;
    kv_whole_model_plan(&run->whole, run->design, run->flow);
    on_plan(run);
}

/* First plans from the relaxation's solution. */
static kv_status find_plans(struct run *run)
{
    double *relaxed = kv_alloc((size_t)run->problem->n_design, sizeof *relaxed);
    kv_status status = relaxed ? KV_OK : KV_ERR_MEMORY;
    for (int j = 0; j < run->problem->n_design && relaxed; j++)
        relaxed[j] = kv_lp_value(run->whole.lp, j);
    if (status == KV_OK)
        status = kv_neighbourhood_create(run->problem, relaxed, &run->near);
    if (status == KV_OK && run->has_plan)
        kv_neighbourhood_add(run->problem, &run->near, run->plan->design);
    if (status == KV_OK)
        status = round_up(run, relaxed);
    if (status == KV_OK && run->whole.model->n_columns >= NEAR_COLUMNS &&
        !near_enough(run, run->plan->objective))
        search_near(run);
    kv_free(relaxed);
    return status;
}

/* ---- the steps ----------------------------------------------------------------------------- */

static kv_lp_state root(struct run *run, kv_status *status)
{
    kv_lp_limits limits = limits_left(run);
    if (run->prepared)
        return kv_root_solve(&run->whole, &limits, &run->work, status);
    kv_lp_state state = kv_lp_solve(run->whole.lp, &limits);
    run->work += kv_lp_iterations(run->whole.lp);
    return state;
}

/* The certificate, whatever the last basis is worth: the better of the LP's multipliers and those of
 * the preparation. */
static kv_status certify(struct run *run, kv_lp_state state)
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

/* Narrow the model by the incumbent, and solve its relaxation with all columns again, as long as
 * that helps. *status KV_ERR_INFEASIBLE: nothing is better than the incumbent. */
static kv_lp_state tighten(struct run *run, kv_status *status)
{
    kv_reduction *r = &run->reduction;
    kv_multipliers *m = NULL;
    kv_lp_state state = KV_LP_OPTIMAL;
    if (run->has_plan && run->volume.multipliers)
        *status = kv_reduction_tighten(r, run->volume.multipliers, run->plan->objective);
    if (run->has_plan && *status == KV_OK)
        *status = kv_reduction_tighten(r, run->plan->multipliers, run->plan->objective);
    if (*status == KV_ERR_INFEASIBLE)
        return state;
    (void)kv_root_wake(&run->whole);
    for (int i = 0; i < TIGHTENINGS && *status == KV_OK; i++) {
        long before = r->narrowed + r->removed + r->tightened;
        *status = kv_whole_model_shrink(&run->whole, r->lower, r->upper);
        if (*status == KV_OK)
            state = root(run, status);
        if (*status != KV_OK || state != KV_LP_OPTIMAL || !run->has_plan)
            break;
        run->bound = fmax(run->bound, fmin(kv_lp_objective(run->whole.lp), cutoff(run)));
        kv_multipliers_free(m);
        m = kv_multipliers_create(run->problem);
        *status = m ? kv_whole_model_multipliers(&run->whole, m) : KV_ERR_MEMORY;
        if (*status == KV_OK && i + 1 < TIGHTENINGS)
            *status = kv_reduction_tighten(r, m, run->plan->objective);
        if (*status == KV_OK && r->narrowed + r->removed + r->tightened == before)
            break;
    }
    kv_multipliers_free(m);
    return state;
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
    if (run->prepared) {
        limits.broken = kv_whole_model_broken;
        limits.broken_context = &run->whole;
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
        run->bound = fmax(run->bound, fmin(bound, cutoff(run)));
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

/* Between root and search: first plans, and the model narrowed by them. */
static kv_lp_state sharpen(struct run *run, kv_status *status)
{
    kv_lp_state state = KV_LP_OPTIMAL;
    *status = find_plans(run);
    run->satisfied = near_enough(run, run->has_plan ? run->plan->objective : 1e30);
    if (*status == KV_OK && !run->satisfied)
        state = tighten(run, status);
    if (*status == KV_OK && state == KV_LP_OPTIMAL && !run->satisfied)
        *status = kv_whole_model_hold_used(&run->whole);
    if (*status == KV_ERR_INFEASIBLE) {
        *status = KV_OK;
        run->bound = fmax(run->bound, run->plan->objective);
    }
    run->satisfied = near_enough(run, run->has_plan ? run->plan->objective : 1e30);
    return state;
}

/* Up to the search: the certificate, and what plans there are. */
static kv_lp_state begin(struct run *run, kv_status *status)
{
    kv_lp_state state = KV_LP_INFEASIBLE;
    report(run, "root", 1e30, run->work);
    if (run->prepared && !run->whole.empty_box)
        *status = volume(run);
    if (*status == KV_OK && run->volume.multipliers)
        *status = choose(run);
    if (*status == KV_OK && !run->whole.empty_box)
        state = root(run, status);
    if (*status == KV_OK)
        *status = certify(run, state);
    if (*status != KV_OK)
        return state;
    if (state == KV_LP_OPTIMAL || state == KV_LP_LIMIT || state == KV_LP_FAILED)
        use_start(run);
    report(run, "root", run->has_plan ? run->plan->objective : 1e30, run->work);
    run->satisfied = near_enough(run, run->has_plan ? run->plan->objective : 1e30);
    if (run->prepared && state == KV_LP_OPTIMAL && !run->satisfied)
        state = sharpen(run, status);
    return state;
}

static kv_status run_steps(struct run *run, kv_messages *messages)
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

/* The model, with what prepares it unless the weak form or no preparation is asked for. */
static kv_status load(struct run *run)
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
    struct run run = {.problem = problem, .limits = limits, .start = kv_clock(), .bound = -1e30};
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
