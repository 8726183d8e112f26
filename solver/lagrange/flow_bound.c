/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/flow_bound.h"

#include "base/memory.h"
#include "solver/lagrange/flow_relaxation.h"
#include "solver/lagrange/steps.h"

#include <math.h>

typedef struct flow_bound {
    kv_flow_relaxation *relaxation;
    kv_flow_pricing *pricing;
    kv_threads *threads;
} flow_bound;

void kv_flow_bound_options_default(kv_flow_bound_options *options)
{
    kv_volume_options_default(&options->steps);
    options->step_nodes = 50;
    options->last_nodes = 2000;
}

static double price(void *context, double *multipliers, double *violation)
{
    flow_bound *w = context;
    return kv_flow_pricing_run(w->pricing, w->threads, multipliers, violation);
}

/* Only the bound is wanted. */
static void average_nothing(void *context, double weight)
{
    (void)context;
    (void)weight;
}

static kv_steps steps_of(flow_bound *w, const kv_volume_options *options)
{
    const kv_flow_relaxation *r = w->relaxation;
    return (kv_steps){.n_rows = r->n_rows,
                      .bounded = r->bounded,
                      .worth = r->worth,
                      .size = r->size,
                      .context = w,
                      .price = price,
                      .average = average_nothing,
                      .progress = options->progress,
                      .progress_context = options->progress_context,
                      .most_iterations = options->iterations,
                      .deadline = options->deadline,
                      .tolerance = options->tolerance,
                      .cutoff = options->cutoff,
                      .least_weight = options->least_weight};
}

/* The best multipliers once more, and the investment problem at the costs that the proof has. */
static kv_status prove(flow_bound *w, kv_steps *steps, int most_nodes, kv_flow_bound *out)
{
    const kv_problem *p = w->relaxation->problem;
    kv_bound_terms terms = {0, NULL};
    double designs;
    kv_multipliers *m = kv_multipliers_create(p);
    out->design = kv_alloc((size_t)p->n_design, sizeof(double));
    kv_status status = m && out->design ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK) {
        kv_flow_pricing_run(w->pricing, w->threads, steps->best, steps->violation);
        status = kv_flow_pricing_multipliers(w->pricing, m);
    }
    if (status == KV_OK)
        status = kv_bound_terms_create(p, m, &terms);
    if (status == KV_OK)
        status = kv_investments_solve(w->pricing->investments, terms.design, most_nodes,
                                      out->design, &designs);
    if (status == KV_OK) {
        out->linear = terms.constant + kv_investments_root(w->pricing->investments);
        status = kv_investments_prove(w->pricing->investments, m, &out->proof);
        m = NULL;
    }
    if (status == KV_OK)
        out->bound = kv_proof_bound(p, out->proof, w->relaxation->lower, w->relaxation->upper);
    kv_multipliers_free(m);
    kv_free(terms.design);
    return status;
}

static kv_status solve(flow_bound *w, const kv_flow_bound_options *options, kv_steps *steps,
                       const kv_multipliers *start, kv_flow_bound *out)
{
    kv_status status = kv_steps_create(steps);
    w->pricing->most_nodes = options->step_nodes;
    if (status == KV_OK && start)
        status = kv_flow_relaxation_from(w->relaxation, start, steps->best);
    else if (status == KV_OK)
        kv_flow_relaxation_start(w->relaxation, steps->best);
    if (status != KV_OK)
        return status;
    out->status = kv_steps_run(steps);
    out->iterations = steps->iterations;
    if (w->pricing->status != KV_OK)
        return w->pricing->status;
    if (steps->bound == HUGE_VAL) {
        out->status = KV_ERR_INFEASIBLE;
        return KV_OK;
    }
    return prove(w, steps, options->last_nodes, out);
}

kv_status kv_flow_bound_solve(const kv_problem *problem, kv_threads *threads,
                              const kv_flow_bound_options *options, const kv_multipliers *start,
                              kv_flow_bound *out)
{
    flow_bound w = {.threads = threads};
    const kv_volume_options *o = &options->steps;
    *out = (kv_flow_bound){.status = KV_ERR_INFEASIBLE};
    kv_status status =
        kv_flow_relaxation_create(problem, o->lower, o->upper, o->drop_side, &w.relaxation);
    if (status == KV_OK)
        status = kv_flow_pricing_create(w.relaxation, threads, &w.pricing);
    if (status == KV_OK) {
        kv_steps steps = steps_of(&w, o);
        status = solve(&w, options, &steps, start, out);
        kv_steps_free(&steps);
    } else if (status == KV_ERR_INFEASIBLE) {
        status = KV_OK;
    }
    kv_flow_pricing_free(w.pricing);
    kv_flow_relaxation_free(w.relaxation);
    return status;
}

void kv_flow_bound_free(kv_flow_bound *result)
{
    kv_proof_free(result->proof);
    kv_free(result->design);
    *result = (kv_flow_bound){.status = KV_OK};
}
