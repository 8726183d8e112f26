/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/cutting/plans.h"

#include <math.h>

static const double first_slices = 12.0;
static const double limit_share = 0.1;      /* of a work limit, for the first plans */
static const double pivot_row_work = 3e-5;  /* million steps of a simplex iteration a row */
static const double iteration_work = 0.2;   /* and of what counts as one iteration elsewhere */
static const double most_iterations = 1000; /* that one outing makes up for: the tree waits */
static const double least_gain = 1e-9;      /* relative */

static double run_cost(const kv_glpk_run *run)
{
    return run->has_plan ? run->plan->objective : HUGE_VAL;
}

static int is_better(double cost, double known)
{
    return cost < HUGE_VAL && (known == HUGE_VAL || cost < known - least_gain * fabs(known));
}

static kv_status take_plan(kv_glpk_run *run, kv_improver *improver)
{
    if (!is_better(kv_improver_cost(improver), run_cost(run)))
        return KV_OK;
    kv_status status = kv_improver_plan(improver, run->design, run->flow);
    if (status == KV_OK) {
        kv_run_offer(run);
        kv_run_report(run, "search", run->plan->objective, run->work);
    }
    return status;
}

/* The first plans, whose work counts as the run's. */
static kv_status find_first(kv_glpk_run *run, kv_improver *improver)
{
    double work = first_slices * kv_improver_slice(improver);
    if (run->limits->work > 0)
        work = fmin(work, limit_share * iteration_work * (double)run->limits->work);
    kv_status status = kv_improver_run(improver, work, NULL, run->deadline);
    run->work += (long)ceil(fmin(work, kv_improver_work(improver)) / iteration_work);
    return status == KV_OK ? take_plan(run, improver) : status;
}

kv_status kv_plans_begin(kv_glpk_run *run)
{
    const kv_reduction *r = &run->reduction;
    kv_improver *improver = NULL;
    kv_status status =
        kv_improver_create(run->problem, r->lower, r->upper, r->drop_side, run->volume.multipliers,
                           run->volume.design, run->limits->seed, &improver);
    if (status != KV_OK)
        return status == KV_ERR_MEMORY ? status : KV_OK;
    status = find_first(run, improver);
    kv_status made =
        kv_companion_create(improver, run->limits->threads, run->deadline, &run->companion);
    run->met_at = run->work;
    return status == KV_OK ? made : status;
}

void kv_plans_send(kv_glpk_run *run)
{
    if (!run->companion)
        return;
    double rows = kv_lp_rows(run->whole.lp);
    double iterations = fmin((double)(run->work - run->met_at), most_iterations);
    kv_companion_send(run->companion, pivot_row_work * rows * iterations);
    run->met_at = run->work;
}

/* A plan of the run that is better than the search's own. */
static kv_status offer_plan(const kv_glpk_run *run, kv_improver *improver)
{
    if (!is_better(run_cost(run), kv_improver_cost(improver)))
        return KV_OK;
    return kv_improver_offer(improver, run->plan->design, run->plan->flow);
}

kv_status kv_plans_meet(kv_glpk_run *run)
{
    kv_improver *improver = NULL;
    if (!run->companion)
        return KV_OK;
    kv_status status = kv_companion_meet(run->companion, &improver);
    if (status == KV_OK)
        status = take_plan(run, improver);
    return status == KV_OK ? offer_plan(run, improver) : status;
}
