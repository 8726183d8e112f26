/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans from the search on paths, beside the engine's own steps. */
#include "base/memory.h"
#include "solver/decomposition/search.h"

#include <math.h>

/* Pieces of the first plans, after each of which a better one is told; they end after so many in
 * turn that found none. */
enum { PIECES = 8, IDLE_PIECES = 2 };

/* A slice costs about what so many iterations of the interior point do. */
static const double slice_iterations = 30.0;
static const double first_slices = 12.0; /* before the first LP */
static const double limit_share = 0.1;   /* of a work limit, for the first plans */
static const double least_gain = 1e-9;   /* relative */

/* Its best plan becomes the incumbent. */
static kv_status take_plan(kv_search *s, kv_improver *improver)
{
    const kv_problem *p = &s->problem;
    double *design = kv_alloc((size_t)p->n_design, sizeof *design);
    double *flow = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof *flow);
    kv_status status = design && flow ? kv_improver_plan(improver, design, flow) : KV_ERR_MEMORY;
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

static int is_better(double cost, double known)
{
    return cost < HUGE_VAL && (known == HUGE_VAL || cost < known - least_gain * fabs(known));
}

static double incumbent_of(const kv_search *s)
{
    return s->has_incumbent ? s->incumbent : HUGE_VAL;
}

/* The first plans, whose work counts as the search's. */
static kv_status find_first(kv_search *s, kv_improver *improver)
{
    double slice = kv_improver_slice(improver), slices = first_slices;
    kv_status status = KV_OK;
    long before = s->work;
    if (s->limits->work > 0) /* most of a work limit is for bounds */
        slices = fmin(slices, limit_share * (double)s->limits->work / slice_iterations);
    int idle = 0;
    for (int i = 0; i < PIECES && idle < IDLE_PIECES && status == KV_OK && !kv_search_done(s);
         i++) {
        status = kv_improver_run(improver, slices * slice / PIECES, s->threads, s->deadline);
        s->work = before + (long)ceil(slice_iterations * kv_improver_work(improver) / slice);
        int better = is_better(kv_improver_cost(improver), incumbent_of(s));
        idle = better ? 0 : idle + 1;
        if (status == KV_OK && better)
            status = take_plan(s, improver);
    }
    return status;
}

kv_status kv_search_begin_plans(kv_search *s)
{
    kv_improver *improver = NULL;
    kv_status status =
        kv_improver_create(&s->problem, NULL, NULL, s->drop_side, s->certificate,
                           s->certificate ? s->root_design : NULL, s->limits->seed, &improver);
    if (status != KV_OK)
        return status == KV_ERR_MEMORY ? status : KV_OK;
    s->slice = kv_improver_slice(improver);
    status = find_first(s, improver);
    kv_status made = kv_companion_create(improver, s->limits->threads, s->deadline, &s->companion);
    s->met_at = s->work;
    return status == KV_OK ? made : status;
}

void kv_search_send_plans(kv_search *s)
{
    if (s->companion)
        kv_companion_send(s->companion,
                          s->slice * (double)(s->work - s->met_at) / slice_iterations);
    s->met_at = s->work;
}

kv_status kv_search_meet_plans(kv_search *s)
{
    kv_improver *improver = NULL;
    if (!s->companion)
        return KV_OK;
    kv_status status = kv_companion_meet(s->companion, &improver);
    if (status != KV_OK)
        return status;
    double cost = kv_improver_cost(improver), known = incumbent_of(s);
    if (is_better(cost, known))
        return take_plan(s, improver);
    return is_better(known, cost) ? kv_improver_offer(improver, s->design, s->flow) : KV_OK;
}
