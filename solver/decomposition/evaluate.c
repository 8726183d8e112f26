/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Designs are evaluated: the best flows for them, in relaxations within their boxes. */
#include "base/memory.h"
#include "solver/decomposition/search.h"

#include <math.h>
#include <string.h>

enum { MAX_ROUNDS = 12 };

/* Of the bound: how far from the root's solution another relaxation may begin. */
static const double begin_share = 2.0;

/* ---- incumbents ---------------------------------------------------------------------------- */

void kv_search_keep_incumbent(kv_search *s, kv_ipm_result *result)
{
    if (s->has_incumbent && result->primal >= s->incumbent)
        return;
    s->has_incumbent = 1;
    s->incumbent = result->primal;
    kv_free(s->design);
    kv_free(s->flow);
    kv_multipliers_free(s->prices);
    s->design = result->design;
    s->flow = result->flow;
    s->prices = result->multipliers;
    result->design = result->flow = NULL;
    result->multipliers = NULL;
}

int kv_search_usable(const kv_ipm_result *result)
{
    return result->violation <= 1e-5;
}

kv_status kv_search_add_cuts(kv_search *s, const kv_multipliers *multipliers, const double *at)
{
    kv_cuts *cuts = NULL;
    kv_status status = kv_cuts_create(&s->problem, multipliers, at, &cuts);
    if (status == KV_OK)
        status = kv_master_add(s->master, cuts);
    kv_cuts_free(cuts);
    return status;
}

/* ---- relaxations within boxes --------------------------------------------------------------- */

kv_status kv_search_relax_within(kv_search *s, const kv_relaxed *from, const double *lower,
                                 const double *upper, double tolerance, double cutoff,
                                 kv_ipm_result *result)
{
    kv_relaxed root = {s->root.design, s->root.flow, s->root.multipliers};
    if (!from && root.multipliers)
        from = &root;
    if (from) {
        double gap = begin_share * fabs(s->bound);
        kv_status status = kv_cut_rounds_relax(&s->rounds, lower, upper, s->groups.drop, from, gap,
                                               tolerance, cutoff, result);
        if (status == KV_ERR_MEMORY ||
            (status == KV_OK && (result->status == KV_OK || result->bound > cutoff)))
            return status;
        kv_ipm_result_free(result);
    }
    return kv_relaxation_solve(s->relaxation, lower, upper, tolerance, cutoff, result);
}

/* ---- designs ------------------------------------------------------------------------------- */

int kv_search_seen(const kv_search *s, const double *design)
{
    for (size_t i = 0; i < s->n_seen; i++) {
        int same = 1;
        for (int j = 0; j < s->problem.n_design && same; j++)
            same = !s->problem.design_integer[j] || fabs(s->seen[i][j] - design[j]) < 0.5;
        if (same)
            return 1;
    }
    return 0;
}

static kv_status remember(kv_search *s, const double *design)
{
    size_t n = (size_t)s->problem.n_design;
    if (kv_reserve((void **)&s->seen, &s->seen_capacity, s->n_seen + 1, sizeof(*s->seen)))
        return KV_ERR_MEMORY;
    if (!(s->seen[s->n_seen] = kv_alloc(n, sizeof(double))))
        return KV_ERR_MEMORY;
    memcpy(s->seen[s->n_seen++], design, n * sizeof(double));
    return KV_OK;
}

/* A side row that holds a continuous variable that counts lets the others in it count too. */
static int spread(const kv_problem *p, unsigned char *counts)
{
    int changed = 0;
    for (int i = 0; i < p->side.count; i++) {
        int any = 0, first = p->side.design_first[i], last = p->side.design_first[i + 1];
        for (int e = first; e < last; e++)
            any |= counts[p->side.design[e]] && !p->design_integer[p->side.design[e]];
        for (int e = first; any && e < last; e++) {
            changed |= !counts[p->side.design[e]];
            counts[p->side.design[e]] = 1;
        }
    }
    return changed;
}

/* Variables that only side rows of integers see and that cost nothing (carry-over) are fixed with
 * the integers. */
static void mark_supporting(const kv_problem *p, unsigned char *counts)
{
    for (int j = 0; j < p->n_design; j++)
        counts[j] = p->design_cost[j] != 0;
    int n_supply = p->supply_first[p->n_blocks * p->n_resources];
    for (int e = 0; e < n_supply; e++)
        counts[p->supply_design[e]] = 1;
    for (int e = 0; p->coupling.count && e < p->coupling.design_first[p->coupling.count]; e++)
        counts[p->coupling.design[e]] = 1;
    for (int o = 0; o < p->n_openings; o++)
        for (int e = p->openings[o].first; e < p->openings[o].first + p->openings[o].count; e++)
            counts[p->opening_design[e]] = 1;
    while (spread(p, counts))
        ;
}

static kv_status fix_boxes(const kv_search *s, const double *design, double **lower, double **upper)
{
    const kv_problem *p = &s->problem;
    size_t n = (size_t)p->n_design;
    unsigned char *counts = kv_alloc(n, 1);
    *lower = kv_alloc(n, sizeof(double));
    *upper = kv_alloc(n, sizeof(double));
    if (!counts || !*lower || !*upper) {
        kv_free(counts);
        return KV_ERR_MEMORY;
    }
    mark_supporting(p, counts);
    for (int j = 0; j < p->n_design; j++) {
        double at = p->design_integer[j] ? round(design[j]) : design[j];
        int fixed = p->design_integer[j] || !counts[j];
        (*lower)[j] =
            fixed ? fmax(p->design_lower[j], fmin(p->design_upper[j], at)) : p->design_lower[j];
        (*upper)[j] = fixed ? (*lower)[j] : p->design_upper[j];
    }
    kv_free(counts);
    return KV_OK;
}

/* With the integers fixed, an opening row can be violated only where a continuous design opens. */
static kv_status solve_within(kv_search *s, const double *lower, const double *upper,
                              kv_ipm_result *result)
{
    kv_status status = KV_OK;
    int added = 1;
    for (int round = 0; round < MAX_ROUNDS && status == KV_OK && added; round++) {
        kv_ipm_result_free(result);
        added = 0;
        status = kv_search_relax_within(s, NULL, lower, upper, 1e-7, kv_search_cutoff(s), result);
        if (status != KV_OK)
            break;
        s->work += result->iterations;
        if (kv_search_usable(result))
            status = kv_relaxation_separate(s->relaxation, result, 1e-6, &added);
    }
    return status;
}

kv_status kv_search_evaluate(kv_search *s, const double *design)
{
    double *lower = NULL, *upper = NULL;
    kv_ipm_result result = {0};
    kv_status status = remember(s, design);
    if (status == KV_OK)
        status = fix_boxes(s, design, &lower, &upper);
    if (status == KV_OK)
        status = solve_within(s, lower, upper, &result);
    if (status == KV_ERR_INFEASIBLE) {
        status = KV_OK;
    } else if (status == KV_OK) {
        if (s->master && result.multipliers)
            status = kv_search_add_cuts(s, result.multipliers, upper);
        if (status == KV_OK && kv_search_usable(&result))
            kv_search_keep_incumbent(s, &result);
    }
    kv_ipm_result_free(&result);
    kv_free(lower);
    kv_free(upper);
    kv_search_report(s, "search");
    return status;
}
