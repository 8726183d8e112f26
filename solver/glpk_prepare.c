/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Multipliers before the root; plans and a narrower model between it and the search. */
#include "solver/glpk_run.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/preprocess/choice.h"
#include "solver/preprocess/root.h"
#include "solver/preprocess/rounding.h"

#include <math.h>

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

/* ---- preparation --------------------------------------------------------------------------- */

static void on_volume(void *context, long iteration, double bound)
{
    kv_glpk_run *run = context;
    run->bound = fmax(run->bound, bound);
    if (kv_clock() - run->last_report > kv_report_seconds)
        kv_run_report(run, "root", 1e30, iteration);
}

/* Multipliers and an average of good flows; their bound. */
kv_status kv_run_volume(kv_glpk_run *run)
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
    kv_run_report(run, "root", 1e30, run->work);
    return KV_OK;
}

/* Columns and rows for the root. */
kv_status kv_run_choose(kv_glpk_run *run)
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
    kv_glpk_run *run = context;
    double known = run->has_plan ? run->plan->objective : 1e30;
    kv_run_offer(run);
    kv_neighbourhood_add(run->problem, &run->near, run->design);
    if (run->plan->objective < known)
        kv_run_report(run, "root", run->plan->objective, run->work);
}

static kv_status round_up(kv_glpk_run *run, const double *relaxed)
{
    kv_lp_limits limits = kv_run_limits_left(run);
    kv_rounding rounding = {&run->whole, &limits, &run->work, run->design, run->flow, on_plan, run};
    if (limits.iterations > 0)
        limits.iterations = limits.iterations / ROUNDING_SHARE + 1;
    return kv_round(&rounding, relaxed);
}

/* Search between the plans found, for a time counted in iterations. */
static void search_near(kv_glpk_run *run)
{
    kv_lp_limits limits = kv_run_limits_left(run);
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

kv_status kv_run_find_plans(kv_glpk_run *run)
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
        !kv_run_near_enough(run, run->plan->objective))
        search_near(run);
    kv_free(relaxed);
    return status;
}

/* Narrow the model by the incumbent, and solve its relaxation with all columns again, as long as
 * that helps. *status KV_ERR_INFEASIBLE: nothing is better than the incumbent. */
static kv_lp_state tighten(kv_glpk_run *run, kv_status *status)
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
            state = kv_run_root(run, status);
        if (*status != KV_OK || state != KV_LP_OPTIMAL || !run->has_plan)
            break;
        run->bound = fmax(run->bound, fmin(kv_lp_objective(run->whole.lp), kv_run_cutoff(run)));
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

/* Between root and search: first plans, and the model narrowed by them. */
kv_lp_state kv_run_sharpen(kv_glpk_run *run, kv_status *status)
{
    kv_lp_state state = KV_LP_OPTIMAL;
    *status = kv_run_find_plans(run);
    run->satisfied = kv_run_near_enough(run, run->has_plan ? run->plan->objective : 1e30);
    if (*status == KV_OK && !run->satisfied)
        state = tighten(run, status);
    if (*status == KV_OK && state == KV_LP_OPTIMAL && !run->satisfied)
        *status = kv_whole_model_hold_used(&run->whole);
    if (*status == KV_ERR_INFEASIBLE) {
        *status = KV_OK;
        run->bound = fmax(run->bound, run->plan->objective);
    }
    run->satisfied = kv_run_near_enough(run, run->has_plan ? run->plan->objective : 1e30);
    return state;
}
