/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/dive.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/side_model.h"

#include <math.h>
#include <string.h>

/* Levels of a dive; fractions left when rounding them all is worth a try. */
enum { MAX_LEVELS = 25, FEW_LEFT = 16, MOST_PASSES = 20 };

static const double level_tolerance = 1e-3;
/* Of a unit: fractions that go up, those that go down; the largest goes up in any case, and what is near it. */
static const double high = 0.8, low = 0.03, near_highest = 0.9, near_lowest = 0.4;

typedef struct dive {
    kv_search *search;
    double *lower, *upper;  /* [n_design] the boxes, narrowed level by level */
    double *support;        /* [n_design] a design in the boxes that meets the side rows */
    double *wish;           /* [n_design] the relaxation's design */
    const kv_relaxed *from; /* of the boxes that the dive begins with; NULL = not known */
    kv_ipm_result last;     /* where the last relaxation of the dive ended, if there was one */
} dive;

static int is_free(const dive *d, int j)
{
    return d->search->problem.design_integer[j] && d->upper[j] - d->lower[j] > 0.5;
}

/* Fix an integer; if no design meets the side rows then, shut it out instead, with
 * all above it, or where there is nothing below it itself alone. */
static kv_status fix(dive *d, int j, double value)
{
    const kv_search *s = d->search;
    double least = d->lower[j], most = d->upper[j];
    d->lower[j] = d->upper[j] = value;
    if (fabs(d->support[j] - value) < 0.5)
        return KV_OK;
    kv_status status =
        kv_side_feasible(&s->problem, d->lower, d->upper, s->drop_side, 20, d->support);
    if (status == KV_OK || status == KV_ERR_MEMORY)
        return status;
    d->lower[j] = least;
    d->upper[j] = most;
    if (value > least)
        d->upper[j] = value - 1;
    else
        d->lower[j] = value + 1;
    return KV_OK;
}

static double above(double value)
{
    return value - floor(value + 1e-6);
}

/* The largest fraction. */
static double highest(const dive *d)
{
    double most = 0;
    for (int j = 0; j < d->search->problem.n_design; j++)
        if (is_free(d, j))
            most = fmax(most, above(d->wish[j]));
    return most;
}

/* Fix what is whole and what is at least `up`, shut out what is at most `down`. *fixed counts the fractions
 * that went up. */
static kv_status narrow_to(dive *d, double up, double down, int *fixed)
{
    kv_status status = KV_OK;
    for (int j = 0; j < d->search->problem.n_design && status == KV_OK; j++) {
        double part = above(d->wish[j]), below = floor(d->wish[j] + 1e-6);
        if (!is_free(d, j) || (part < 1e-4 && below <= d->lower[j]))
            continue;
        if (part < 1e-4 || part >= up)
            status = fix(d, j, fmin(d->upper[j], part < 1e-4 ? below : below + 1));
        else if (part <= down)
            d->upper[j] = fmax(d->lower[j], fmax(below, round(d->support[j])));
        *fixed += part >= up && d->lower[j] > below + 0.5;
    }
    return status;
}

/* Of the fractions: large ones go up, and if none is large (or the side rows forbid it) the largest that
 * can; small ones go down. What is fixed too early costs more than a level, which is an interior point
 * solve. */
static kv_status narrow(dive *d)
{
    kv_status status = KV_OK;
    int fixed = 0;
    for (int i = 0; i < MOST_PASSES && !fixed && status == KV_OK; i++) {
        double most = highest(d);
        if (most <= 1e-4)
            break;
        status =
            narrow_to(d, fmin(high, near_highest * most), fmin(low, near_lowest * most), &fixed);
    }
    return status;
}

static int count_fractions(const dive *d)
{
    int n = 0;
    for (int j = 0; j < d->search->problem.n_design; j++)
        n += is_free(d, j) && above(d->wish[j]) > 1e-4 && above(d->wish[j]) < 1 - 1e-4;
    return n;
}

/* The design nearest to what the relaxation wants is evaluated. */
static kv_status try_nearest(dive *d)
{
    kv_search *s = d->search;
    double *design = kv_alloc((size_t)s->problem.n_design, sizeof(double));
    kv_status status =
        design ? kv_side_nearest(&s->problem, d->lower, d->upper, s->drop_side, d->wish, 30, design)
               : KV_ERR_MEMORY;
    if (status == KV_OK && !kv_search_seen(s, design) && !kv_search_done(s))
        status = kv_search_evaluate(s, design);
    kv_free(design);
    return status == KV_ERR_LIMIT || status == KV_ERR_INFEASIBLE ? KV_OK : status;
}

/* Solve the relaxation in the boxes; *go = 0 when it is cut off or cannot be solved. */
static kv_status relax(dive *d, int level, int *go)
{
    kv_search *s = d->search;
    kv_ipm_result result = {0};
    kv_relaxed last = {d->last.design, d->last.flow, d->last.multipliers};
    int added = 0;
    double cutoff = s->has_incumbent ? s->incumbent : 1e300;
    kv_status status = kv_search_relax_within(s, last.multipliers ? &last : d->from, d->lower,
                                              d->upper, level_tolerance, cutoff, &result);
    *go = 0;
    if (status == KV_ERR_INFEASIBLE)
        return KV_OK;
    if (status != KV_OK)
        return status;
    s->work += result.iterations;
    if (result.bound < cutoff && result.violation < 1e-3 && result.status != KV_ERR_LIMIT) {
        memcpy(d->wish, result.design, sizeof(double) * (size_t)s->problem.n_design);
        if (level % 2 == 0)
            status = kv_relaxation_separate(s->relaxation, &result, 1e-2, &added);
        *go = 1;
        kv_ipm_result_free(&d->last);
        d->last = result;
        memset(&result, 0, sizeof result);
    }
    kv_ipm_result_free(&result);
    kv_search_report(s, "search");
    return status;
}

/* Level by level; where the relaxation of the boxes at hand is known, that is the first. */
static kv_status descend(dive *d)
{
    kv_search *s = d->search;
    int go = 1, tried = 0, level;
    kv_status status =
        kv_side_feasible(&s->problem, d->lower, d->upper, s->drop_side, 60, d->support);
    if (status == KV_ERR_INFEASIBLE || status == KV_ERR_LIMIT)
        return KV_OK;
    for (level = 0; status == KV_OK && level < MAX_LEVELS; level++) {
        if (kv_search_done(s))
            return KV_OK;
        if (level > 0 || !d->from)
            status = relax(d, level, &go);
        int left = status == KV_OK && go ? count_fractions(d) : 0;
        if (left == 0)
            break;
        if (left <= FEW_LEFT && !tried)
            status = try_nearest(d);
        tried |= left <= FEW_LEFT;
        if (status == KV_OK)
            status = narrow(d);
    }
    if (status != KV_OK || (!go && s->has_incumbent))
        return status;
    return try_nearest(d);
}

static kv_status create(kv_search *s, const double *wish, double *lower, double *upper, dive *d)
{
    size_t n = (size_t)s->problem.n_design;
    *d = (dive){.search = s, .lower = lower, .upper = upper};
    d->support = kv_alloc(n, sizeof(double));
    d->wish = kv_alloc(n, sizeof(double));
    if (!d->support || !d->wish)
        return KV_ERR_MEMORY;
    memcpy(d->wish, wish, n * sizeof(double));
    return KV_OK;
}

static void destroy(dive *d)
{
    kv_free(d->support);
    kv_free(d->wish);
    kv_ipm_result_free(&d->last);
}

static kv_status run(kv_search *s, const kv_relaxed *from, const double *wish, double *lower,
                     double *upper)
{
    dive d;
    kv_status status = create(s, wish, lower, upper, &d);
    d.from = from;
    if (status == KV_OK)
        status = descend(&d);
    destroy(&d);
    return status;
}

kv_status kv_search_dive(kv_search *s, double *lower, double *upper)
{
    return run(s, NULL, s->root_design, lower, upper);
}

kv_status kv_search_dive_from(kv_search *s, const kv_relaxed *from, double *lower, double *upper)
{
    return run(s, from, from->design, lower, upper);
}

/* What carries a fraction of the root's flows is built whole: where rules allow it, that is a plan. */
kv_status kv_search_round_up(kv_search *s)
{
    const kv_problem *p = &s->problem;
    size_t n = (size_t)p->n_design;
    double *lower = kv_alloc(n, sizeof(double)), *design = kv_alloc(n, sizeof(double));
    kv_status status = lower && design ? KV_OK : KV_ERR_MEMORY;
    for (size_t j = 0; j < n && status == KV_OK; j++) {
        double up = p->design_integer[j] ? ceil(s->root_design[j] - 1e-6) : p->design_lower[j];
        lower[j] = fmin(p->design_upper[j], fmax(p->design_lower[j], up));
    }
    if (status == KV_OK)
        status = kv_side_nearest(p, lower, p->design_upper, s->drop_side, lower, 30, design);
    if (status == KV_OK && !kv_search_seen(s, design))
        status = kv_search_evaluate(s, design);
    kv_free(lower);
    kv_free(design);
    return status == KV_ERR_LIMIT || status == KV_ERR_INFEASIBLE ? KV_OK : status;
}

kv_status kv_search_neighbourhood(kv_search *s, double share, kv_random *random)
{
    const kv_problem *p = &s->problem;
    size_t n = (size_t)p->n_design;
    double *lower = kv_alloc(n, sizeof(double)), *upper = kv_alloc(n, sizeof(double));
    kv_status status = lower && upper ? KV_OK : KV_ERR_MEMORY;
    for (int j = 0; j < p->n_design && status == KV_OK; j++) {
        double at = round(s->design[j]), draw = kv_random_uniform(random);
        int active = s->root_design[j] > 1e-3 || at > p->design_lower[j] + 0.5;
        int stays = p->design_integer[j] && draw > (active ? share : 0.1 * share);
        lower[j] = stays ? at : p->design_lower[j];
        upper[j] = stays ? at : p->design_upper[j];
    }
    if (status == KV_OK)
        status = kv_search_dive(s, lower, upper);
    kv_free(lower);
    kv_free(upper);
    return status;
}
