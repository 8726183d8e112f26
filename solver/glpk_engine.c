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

/* ---- the steps ----------------------------------------------------------------------------- */

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
        *status = kv_run_certify(run, state);
    if (*status != KV_OK)
        return state;
    if (state == KV_LP_OPTIMAL || state == KV_LP_LIMIT || state == KV_LP_FAILED)
        kv_run_use_start(run);
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
        status = kv_run_polish(run);
        if (status == KV_OK)
            kv_run_judge(run);
    }
    if (status == KV_ERR_MEMORY)
        return status;
    if (state == KV_LP_FAILED || status == KV_ERR_NUMERIC)
        kv_run_warn(messages);
    return KV_OK;
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
    kv_glpk_run run;
    kv_status status = kv_run_create(problem, limits, kv_engine_glpk.name, &run);
    if (status == KV_OK)
        status = load(&run);
    if (status == KV_OK)
        status = run_steps(&run, messages);
    return kv_run_close(&run, status, out);
}

const kv_engine kv_engine_glpk = {
    "glpk", "GLPK's branch and cut on the whole model; the reference for small cases", solve};
