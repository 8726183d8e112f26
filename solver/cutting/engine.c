/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cutting engine: multipliers by the volume algorithm choose the columns and rows of the root,
 * which the simplex method solves; cuts on node sets raise it; a tree over the investments with warm
 * LPs closes it. Its leaves and cuts are the certificate.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/cutting/branching.h"
#include "solver/cutting/plans.h"

#include <math.h>

static kv_status load(kv_glpk_run *run)
{
    const kv_limits *l = run->limits;
    run->prepared = 1;
    kv_status status = kv_reduction_create(
        run->problem, l->fixed_lower, l->fixed_upper,
        l->relax_dropped_rows ? run->problem->side.dropped : NULL, &run->reduction);
    if (status == KV_OK)
        status = kv_whole_model_create_lazy(&run->whole, run->problem, l);
    return status;
}

/* Up to the strong relaxation and first plans. */
static kv_lp_state begin(kv_glpk_run *run, kv_status *status)
{
    kv_lp_state state = KV_LP_INFEASIBLE;
    kv_run_report(run, "root", 1e30, run->work);
    if (!run->whole.empty_box)
        *status = kv_run_volume(run);
    if (*status == KV_OK && run->volume.multipliers)
        *status = kv_plans_begin(run);
    if (*status == KV_OK && run->volume.multipliers)
        *status = kv_run_choose(run);
    if (*status == KV_OK && !run->whole.empty_box)
        state = kv_run_root(run, status);
    if (*status == KV_OK)
        *status = kv_run_certify(run, state);
    if (*status != KV_OK || state != KV_LP_OPTIMAL)
        return state;
    kv_run_report(run, "root", 1e30, run->work);
    kv_run_use_start(run);
    if (!run->companion || !run->has_plan)
        *status = kv_run_find_plans(run);
    return state;
}

/* Cuts and tree, from a root that is solved. */
static kv_status branch_and_cut(kv_glpk_run *run)
{
    kv_branching tree;
    kv_status status = kv_branching_create(run, &tree);
    kv_lp_state state = KV_LP_OPTIMAL;
    if (status == KV_OK)
        state = kv_branching_root(&tree, &status);
    run->satisfied = kv_run_near_enough(run, run->has_plan ? run->plan->objective : 1e30);
    if (status == KV_OK && state == KV_LP_OPTIMAL && !run->satisfied)
        status = kv_branching_search(&tree);
    if (state == KV_LP_LIMIT || state == KV_LP_FAILED)
        run->out_of_limits = 1;
    if (status == KV_OK)
        status = kv_branching_prove(&tree);
    kv_branching_clear(&tree);
    return status;
}

static kv_status run_steps(kv_glpk_run *run)
{
    kv_plan *plan = run->plan;
    kv_status status = KV_OK;
    kv_lp_state state = begin(run, &status);
    run->satisfied = kv_run_near_enough(run, run->has_plan ? plan->objective : 1e30);
    if (status == KV_OK && state == KV_LP_OPTIMAL && !run->satisfied)
        status = branch_and_cut(run);
    if (state == KV_LP_UNBOUNDED)
        plan->status = KV_PLAN_UNBOUNDED;
    if (state == KV_LP_INFEASIBLE && !run->has_plan)
        plan->status = KV_PLAN_INFEASIBLE;
    run->out_of_limits |= state == KV_LP_LIMIT;
    plan->bound = run->bound;
    if (status == KV_OK && run->has_plan) {
        status = kv_run_polish(run);
        if (status == KV_OK)
            kv_run_judge(run);
    }
    return status;
}

static kv_status solve(const kv_problem *problem, const kv_limits *limits, kv_plan **out,
                       kv_messages *messages)
{
    kv_glpk_run run;
    kv_status status = kv_run_create(problem, limits, kv_engine_cutting.name, &run);
    if (status == KV_OK)
        status = load(&run);
    if (status == KV_OK)
        status = run_steps(&run);
    if (status == KV_ERR_NUMERIC) {
        kv_run_warn(messages);
        status = KV_OK;
    }
    return kv_run_close(&run, status, out);
}

const kv_engine kv_engine_cutting = {
    "cutting", "branch and cut of our own, with cuts on node sets; for network design", solve};
