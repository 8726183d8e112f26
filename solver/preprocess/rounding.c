/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/preprocess/rounding.h"

#include "base/memory.h"

#include <math.h>

enum { SLOPES = 12 };
static const double fractions[] = {1e-6, 0.1, 0.3, 0.5}; /* a part above it is rounded up */
static const double used = 1e-6;

typedef struct rounder {
    const kv_rounding *how;
    double *relaxed, *rounded; /* [n_design] */
    long start;                /* work before */
} rounder;

/* Limits of the next LP; 0 = nothing is left. */
static int limits_left(const rounder *r, kv_lp_limits *limits)
{
    *limits = *r->how->limits;
    if (limits->iterations <= 0)
        return 1;
    limits->iterations -= *r->how->work - r->start;
    return limits->iterations > 0;
}

/* Round up what is above the fraction, and find the best flows. 0 = nothing new. */
static int round_design(rounder *r, double fraction)
{
    const kv_problem *p = r->how->whole->problem;
    int news = 0;
    for (int j = 0; j < p->n_design; j++) {
        double y = p->design_integer[j] ? ceil(r->relaxed[j] - fraction) : r->relaxed[j];
        y = fmin(fmax(y, r->how->whole->lower[j]), r->how->whole->upper[j]);
        news |= p->design_integer[j] && y != r->rounded[j];
        r->rounded[j] = y;
    }
    return news;
}

static kv_status evaluate(rounder *r, double fraction)
{
    const kv_rounding *how = r->how;
    kv_lp_limits limits;
    if (!round_design(r, fraction) || !limits_left(r, &limits))
        return KV_OK;
    if (kv_whole_model_solve_fixed(how->whole, r->rounded, &limits, how->work) != KV_LP_OPTIMAL)
        return KV_OK;
    kv_whole_model_plan(how->whole, how->design, how->flow);
    kv_status status = kv_trim(how->whole, how->design, how->flow);
    if (status == KV_OK)
        how->found(how->context);
    return status;
}

/* Spread the cost of each design over what the relaxation uses of it. */
static void spread_costs(rounder *r)
{
    const kv_problem *p = r->how->whole->problem;
    for (int j = 0; j < p->n_design; j++) {
        double y = r->relaxed[j];
        if (p->design_integer[j] && p->design_cost[j] > 0.0 && y > used)
            (void)kv_lp_set_cost(r->how->whole->lp, j, p->design_cost[j] * ceil(y - used) / y);
    }
}

static kv_status scale_slopes(rounder *r)
{
    kv_whole_model *w = r->how->whole;
    const kv_problem *p = w->problem;
    kv_status status = KV_OK;
    kv_lp_limits limits;
    for (int i = 0; i < SLOPES && status == KV_OK && limits_left(r, &limits); i++) {
        limits.dual = 0;
        spread_costs(r);
        if (kv_whole_model_relax(w, &limits, r->how->work) != KV_LP_OPTIMAL)
            break;
        for (int j = 0; j < p->n_design; j++)
            r->relaxed[j] = kv_lp_value(w->lp, j);
        status = evaluate(r, used);
    }
    for (int j = 0; j < p->n_design; j++)
        (void)kv_lp_set_cost(w->lp, j, p->design_cost[j]);
    return status;
}

kv_status kv_round(const kv_rounding *rounding, const double *relaxed)
{
    int n = rounding->whole->problem->n_design;
    rounder r = {.how = rounding,
                 .relaxed = kv_alloc((size_t)n, sizeof *r.relaxed),
                 .rounded = kv_alloc((size_t)n, sizeof *r.rounded),
                 .start = *rounding->work};
    kv_status status = r.relaxed && r.rounded ? KV_OK : KV_ERR_MEMORY;
    for (int j = 0; j < n && status == KV_OK; j++) {
        r.relaxed[j] = relaxed[j];
        r.rounded[j] = -HUGE_VAL;
    }
    for (size_t i = 0; i < sizeof fractions / sizeof *fractions && status == KV_OK; i++)
        status = evaluate(&r, fractions[i]);
    if (status == KV_OK)
        status = scale_slopes(&r);
    kv_free(r.relaxed);
    kv_free(r.rounded);
    return status;
}
