/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The root's bound by the flow relaxation. From the multipliers of the LP relaxation it proves at
 * least as much as these, and more where whole numbers and side rows (budgets, rules) don't agree:
 * the investment problem is solved over whole numbers, which the LP can't.
 */
#include "solver/decomposition/search.h"
#include "solver/lagrange/flow_bound.h"

#include <math.h>

/* As many steps as price this many flows, within limits; where that is not the most, only if the first
 * pricing gains this share of the bound. */
static const double flows_priced = 2e6, worth_more = 1e-6;
enum { FEWEST_STEPS = 5, MOST_STEPS = 100, STEPS_A_WORK = 10 };

/* 1 = a side row holds a free integer design. */
static int has_whole_rows(const kv_search *s)
{
    const kv_problem *p = &s->problem;
    for (int i = 0; i < p->side.count; i++)
        for (int e = p->side.design_first[i]; e < p->side.design_first[i + 1]; e++) {
            int j = p->side.design[e];
            if ((!s->drop_side || !s->drop_side[i]) && p->design_integer[j] &&
                p->design_upper[j] - p->design_lower[j] > 0.5)
                return 1;
        }
    return 0;
}

/* Bound with at most this many steps; the better proof is kept. */
static kv_status raise(kv_search *s, long steps, double *gain)
{
    kv_flow_bound_options options;
    kv_flow_bound result;
    kv_flow_bound_options_default(&options);
    options.steps.iterations = steps;
    options.steps.deadline = s->deadline;
    options.steps.drop_side = s->drop_side;
    kv_status status =
        kv_flow_bound_solve(&s->problem, s->threads, &options, s->certificate, &result);
    *gain = 0.0;
    if (status == KV_OK && result.proof) {
        double before = fmax(s->certified, s->proof ? s->proof->bound : -HUGE_VAL);
        s->work += result.iterations / STEPS_A_WORK + 1;
        *gain = result.bound - before;
        if (result.bound > before) {
            kv_proof_free(s->proof);
            s->proof = result.proof;
            result.proof = NULL;
            s->bound = fmax(s->bound, result.bound);
        }
    }
    kv_flow_bound_free(&result);
    return status;
}

kv_status kv_search_flow_bound(kv_search *s)
{
    double flows = (double)s->problem.n_blocks * (double)s->problem.n_flows, gain;
    long steps = (long)fmin(MOST_STEPS, fmax(FEWEST_STEPS, flows_priced / flows));
    if (!s->certificate || !has_whole_rows(s) || kv_search_done(s))
        return KV_OK;
    kv_status status = raise(s, 0, &gain);
    int more = steps == MOST_STEPS || gain > worth_more * fabs(s->bound);
    if (status == KV_OK && more && !kv_search_done(s))
        status = raise(s, steps, &gain);
    kv_search_report(s, "root");
    return status;
}
