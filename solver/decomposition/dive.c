/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/dive.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/side_model.h"

#include <math.h>
#include <string.h>

enum { MAX_LEVELS = 5 };

typedef struct dive {
    kv_search *search;
    double *lower, *upper; /* [n_design] the boxes, narrowed level by level */
    double *support;       /* [n_design] a design in the boxes that meets the side rows */
    double *wish;          /* [n_design] the relaxation's design */
} dive;

static int is_free(const dive *d, int j)
{
    return d->search->problem.design_integer[j] && d->upper[j] - d->lower[j] > 0.5;
}

/* Fix an integer; if no design meets the side rows then, shut the value out instead. */
static kv_status fix(dive *d, int j, double value)
{
    const kv_search *s = d->search;
    double low = d->lower[j], high = d->upper[j];
    d->lower[j] = d->upper[j] = value;
    if (fabs(d->support[j] - value) < 0.5)
        return KV_OK;
    kv_status status =
        kv_side_feasible(&s->problem, d->lower, d->upper, s->drop_side, 20, d->support);
    if (status == KV_OK || status == KV_ERR_MEMORY)
        return status;
    d->lower[j] = low;
    d->upper[j] = high;
    if (value >= high)
        d->upper[j] = value - 1;
    else if (value <= low)
        d->lower[j] = value + 1;
    return KV_OK;
}

static double above(double value)
{
    return value - floor(value + 1e-6);
}

/* Of the fractions: those above a half go up, small ones down, and if none is above a half the largest
 * up; so a dive takes few levels, each an interior point solve. */
static kv_status narrow(dive *d)
{
    int n = d->search->problem.n_design;
    double most = 0;
    kv_status status = KV_OK;
    for (int j = 0; j < n; j++)
        if (is_free(d, j))
            most = fmax(most, above(d->wish[j]));
    double up = fmin(0.5, 0.9 * most), down = fmin(0.2, 0.4 * most);
    for (int j = 0; j < n && status == KV_OK; j++) {
        double part = above(d->wish[j]), low = floor(d->wish[j] + 1e-6);
        if (!is_free(d, j) || (part < 1e-4 && low <= d->lower[j]))
            continue;
        if (part < 1e-4 || part >= up)
            status = fix(d, j, fmin(d->upper[j], part < 1e-4 ? low : low + 1));
        else if (part <= down)
            d->upper[j] = fmax(d->lower[j], fmax(low, round(d->support[j])));
    }
    return status;
}

static int has_fraction(const dive *d)
{
    for (int j = 0; j < d->search->problem.n_design; j++)
        if (is_free(d, j) && above(d->wish[j]) > 1e-4 && above(d->wish[j]) < 1 - 1e-4)
            return 1;
    return 0;
}

/* Solve the relaxation in the boxes; *go = 0 when it is cut off or cannot be solved. */
static kv_status relax(dive *d, int level, int *go)
{
    kv_search *s = d->search;
    kv_ipm_result result = {0};
    int added = 0;
    double cutoff = s->has_incumbent ? s->incumbent : 1e300;
    kv_status status = kv_search_relax_within(s, d->lower, d->upper, 1e-4, cutoff, &result);
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
    }
    kv_ipm_result_free(&result);
    kv_search_report(s, "search");
    return status;
}

static kv_status descend(dive *d)
{
    kv_search *s = d->search;
    int go = 1, level;
    kv_status status =
        kv_side_feasible(&s->problem, d->lower, d->upper, s->drop_side, 60, d->support);
    if (status == KV_ERR_INFEASIBLE || status == KV_ERR_LIMIT)
        return KV_OK;
    for (level = 0; status == KV_OK && level < MAX_LEVELS; level++) {
        if (kv_search_done(s))
            return KV_OK;
        status = relax(d, level, &go);
        if (status != KV_OK || !go || !has_fraction(d))
            break;
        status = narrow(d);
    }
    if (status != KV_OK || (!go && s->has_incumbent))
        return status;
    status =
        kv_side_nearest(&s->problem, d->lower, d->upper, s->drop_side, d->wish, 30, d->support);
    if (status == KV_OK && !kv_search_seen(s, d->support) && !kv_search_done(s))
        return kv_search_evaluate(s, d->support);
    return status == KV_ERR_LIMIT || status == KV_ERR_INFEASIBLE ? KV_OK : status;
}

kv_status kv_search_dive(kv_search *s, double *lower, double *upper)
{
    size_t n = (size_t)s->problem.n_design;
    dive d = {.search = s, .lower = lower, .upper = upper};
    d.support = kv_alloc(n, sizeof(double));
    d.wish = kv_alloc(n, sizeof(double));
    kv_status status = KV_ERR_MEMORY;
    if (d.support && d.wish) {
        memcpy(d.wish, s->root_design, n * sizeof(double));
        status = descend(&d);
    }
    kv_free(d.support);
    kv_free(d.wish);
    return status;
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
