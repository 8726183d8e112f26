/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans from the search on paths, in turn with the engine's own steps. */
#include "base/memory.h"
#include "solver/decomposition/search.h"

#include <math.h>

enum { PIECES = 8 }; /* of a turn, after each of which a better plan is told */

/* A slice costs about what so many iterations of the interior point do. */
static const double slice_iterations = 30.0;
static const double first_slices = 12.0; /* before the first LP */
static const double limit_share = 0.1;   /* of a work limit, for one turn */
static const double least_gain = 1e-9;   /* relative */

/* Its best plan becomes the incumbent. */
static kv_status take_plan(kv_search *s)
{
    const kv_problem *p = &s->problem;
    double *design = kv_alloc((size_t)p->n_design, sizeof *design);
    double *flow = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof *flow);
    kv_status status = design && flow ? kv_improver_plan(s->improver, design, flow) : KV_ERR_MEMORY;
    if (status != KV_OK) {
        kv_free(design);
        kv_free(flow);
        return status;
    }
    kv_free(s->design);
    kv_free(s->flow);
    kv_multipliers_free(s->prices);
    s->prices = NULL;
    s->design = design;
    s->flow = flow;
    s->has_incumbent = 1;
    s->incumbent = kv_problem_objective(p, design, flow);
    kv_search_report(s, "search");
    return KV_OK;
}

static int is_better(const kv_search *s)
{
    double cost = kv_improver_cost(s->improver);
    return cost < HUGE_VAL &&
           (!s->has_incumbent || cost < s->incumbent - least_gain * fabs(s->incumbent));
}

kv_status kv_search_improve_plans(kv_search *s, double slices)
{
    kv_status status = KV_OK;
    if (s->limits->work > 0) /* most of a work limit is for bounds */
        slices = fmin(slices, limit_share * (double)s->limits->work / slice_iterations);
    double slice = kv_improver_slice(s->improver), start = kv_improver_work(s->improver);
    double cost = kv_improver_cost(s->improver);
    long before = s->work;
    if (s->has_incumbent && s->incumbent < cost - least_gain * fabs(s->incumbent))
        status = kv_improver_offer(s->improver, s->design, s->flow);
    for (int i = 0; i < PIECES && status == KV_OK && !kv_search_done(s); i++) {
        status = kv_improver_run(s->improver, slices * slice / PIECES, s->deadline);
        double spent = (kv_improver_work(s->improver) - start) / slice;
        s->work = before + (long)ceil(slice_iterations * spent);
        if (status == KV_OK && is_better(s))
            status = take_plan(s);
    }
    return status;
}

kv_status kv_search_begin_plans(kv_search *s)
{
    kv_status status =
        kv_improver_create(&s->problem, NULL, NULL, s->drop_side, s->certificate,
                           s->certificate ? s->root_design : NULL, s->limits->seed, &s->improver);
    if (status != KV_OK)
        return status == KV_ERR_MEMORY ? status : KV_OK;
    return kv_search_improve_plans(s, first_slices);
}
