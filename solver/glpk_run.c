/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/glpk_run.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/preprocess/root.h"

#include <math.h>
#include <string.h>

/* ---- life ---------------------------------------------------------------------------------- */

kv_status kv_run_create(const kv_problem *problem, const kv_limits *limits, const char *engine,
                        kv_glpk_run *run)
{
    *run = (kv_glpk_run){.problem = problem, .limits = limits, .start = kv_clock(), .bound = -1e30};
    run->deadline = run->start + limits->seconds;
    run->plan = kv_plan_create(problem);
    run->design = kv_alloc((size_t)problem->n_design, sizeof *run->design);
    run->flow = kv_alloc((size_t)problem->n_blocks * (size_t)problem->n_flows, sizeof *run->flow);
    if (!run->plan || !run->design || !run->flow)
        return KV_ERR_MEMORY;
    run->plan->engine = engine;
    return KV_OK;
}

static void tell_end(kv_glpk_run *run)
{
    kv_plan *plan = run->plan;
    plan->work = run->work;
    plan->seconds = kv_clock() - run->start;
    if (plan->status == KV_PLAN_OPTIMAL || !run->out_of_limits || run->satisfied)
        return;
    plan->ended_by_limit = kv_stop_requested() || kv_clock() >= run->deadline ? 2 : 1;
}

kv_status kv_run_close(kv_glpk_run *run, kv_status status, kv_plan **plan)
{
    *plan = run->plan;
    if (status == KV_OK)
        tell_end(run);
    kv_companion_free(run->companion);
    kv_whole_model_clear(&run->whole);
    kv_volume_result_free(&run->volume);
    kv_reduction_clear(&run->reduction);
    kv_neighbourhood_clear(&run->near);
    kv_free(run->design);
    kv_free(run->flow);
    if (status != KV_OK) {
        kv_plan_free(*plan);
        *plan = NULL;
    }
    return status;
}

void kv_run_warn(kv_messages *messages)
{
    kv_messages_add(messages, KV_WARNING, NULL, "try another engine (--engine decomposition)",
                    "the simplex method broke down; the bound is valid, the plan may be worse than "
                    "it could be");
}

/* ---- reporting and stopping ---------------------------------------------------------------- */

void kv_run_report(kv_glpk_run *run, const char *phase, double incumbent, long work)
{
    kv_progress point = {
        kv_clock() - run->start, work, incumbent < 1e29, incumbent, run->bound, phase};
    run->last_report = kv_clock();
    if (run->limits->progress)
        run->limits->progress(run->limits->progress_context, &point);
}

/* Whether an objective is near enough to the bound, as the limits ask. */
int kv_run_near_enough(const kv_glpk_run *run, double objective)
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
double kv_run_cutoff(const kv_glpk_run *run)
{
    return run->prepared ? run->reduction.cutoff : HUGE_VAL;
}

/* Limits of the next LP or MIP; sets out_of_limits when nothing is left. */
kv_lp_limits kv_run_limits_left(kv_glpk_run *run)
{
    kv_lp_limits lp;
    kv_lp_limits_default(&lp);
    lp.seconds = fmax(0.0, run->deadline - kv_clock());
    if (run->limits->work > 0)
        lp.iterations = run->limits->work > run->work ? run->limits->work - run->work : 1;
    return lp;
}

/* ---- incumbents and the root ------------------------------------------------------------- */

/* Keep the candidate if it is the best so far. */
void kv_run_offer(kv_glpk_run *run)
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

kv_lp_state kv_run_root(kv_glpk_run *run, kv_status *status)
{
    kv_lp_limits limits = kv_run_limits_left(run);
    if (run->prepared)
        return kv_root_solve(&run->whole, &limits, &run->work, status);
    kv_lp_state state = kv_lp_solve(run->whole.lp, &limits);
    run->work += kv_lp_iterations(run->whole.lp);
    return state;
}
