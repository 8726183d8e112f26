/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/search.h"
#include "solver/decomposition/sifting.h"
#include "solver/ipm/lift.h"
#include "solver/lagrange/volume.h"

#include <math.h>
#include <string.h>

#define ROOT_TOLERANCE 1e-6

enum { MAX_ROUNDS = 12, MOST_ROUNDS = 30, VOLUME_STEPS = 50 };

/* `result` has lifted multipliers. */
static void keep_certificate(kv_search *s, kv_ipm_result *result)
{
    double bound = kv_bound_recompute(&s->problem, result->multipliers);
    if (s->certificate && bound <= s->certified)
        return;
    kv_multipliers_free(s->certificate);
    s->certificate = result->multipliers;
    result->multipliers = NULL;
    s->certified = bound;
    s->bound = fmax(s->bound, bound);
}

static void keep_incumbent(kv_search *s, kv_ipm_result *result)
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

/* A point that the interior point left is a plan's when its rows hold well enough to be polished. */
static int usable(const kv_ipm_result *result)
{
    return result->violation <= 1e-5;
}

static kv_status add_cuts(kv_search *s, const kv_multipliers *multipliers, const double *at)
{
    kv_cuts *cuts = NULL;
    kv_status status = kv_cuts_create(&s->problem, multipliers, at, &cuts);
    if (status == KV_OK)
        status = kv_master_add(s->master, cuts);
    kv_cuts_free(cuts);
    return status;
}

/* No plan costs more than all flows and investments at their dearest: a bound above it proves that
 * there is none; one above the incumbent ends an evaluation. */
double kv_search_cutoff(const kv_search *s)
{
    const kv_problem *p = &s->problem;
    double most = 0;
    if (s->has_incumbent)
        return s->incumbent;
    for (int b = 0; b < p->n_blocks; b++)
        for (int f = 0; f < p->n_flows; f++) {
            size_t at = (size_t)b * (size_t)p->n_flows + (size_t)f;
            most += p->block_weight[b] * fmax(0, p->flow_cost[at]) * p->flow_upper[at];
        }
    for (int j = 0; j < p->n_design; j++)
        most +=
            fmax(p->design_cost[j] * p->design_lower[j], p->design_cost[j] * p->design_upper[j]);
    return most + 1 + 1e-6 * fabs(most);
}

static int out_of_time(const kv_search *s)
{
    double used = kv_clock() - s->start;
    return kv_search_done(s) || (s->limits->seconds < 1e29 && used > 0.3 * s->limits->seconds);
}

/* What a round of the root found: cuts while integers are free, a plan where none is. */
static kv_status keep_round(kv_search *s, kv_ipm_result *result, int added)
{
    kv_status status = KV_OK;
    if (s->n_free_integers)
        status = add_cuts(s, result->multipliers, result->design);
    if (status == KV_OK)
        status = kv_multipliers_lift(&s->problem, NULL, result->multipliers);
    if (!s->n_free_integers && usable(result) && added == 0) {
        double bound = kv_bound_recompute(&s->problem, result->multipliers);
        keep_incumbent(s, result);
        s->bound = fmax(s->bound, bound);
        s->certified = fmax(s->certified, bound);
    } else {
        keep_certificate(s, result);
    }
    return status;
}

/* The relaxation with all flows, opening rows as they are violated: where no integer is free, and
 * where sifting came to no good end. */
static kv_status solve_by_rows(kv_search *s, double tolerance)
{
    kv_status status = KV_OK, ended = KV_OK;
    int added = 1;
    for (int round = 0; round < MAX_ROUNDS && status == KV_OK && added && ended == KV_OK; round++) {
        kv_ipm_result result;
        status =
            kv_relaxation_solve(s->relaxation, NULL, NULL, tolerance, kv_search_cutoff(s), &result);
        if (status != KV_OK)
            return status;
        s->work += result.iterations;
        ended = result.status == KV_ERR_LIMIT ? KV_ERR_LIMIT : KV_OK;
        memcpy(s->root_design, result.design, sizeof(double) * (size_t)s->problem.n_design);
        status = kv_relaxation_separate(s->relaxation, &result, 1e-4, &added);
        if (status == KV_OK)
            status = keep_round(s, &result, added);
        kv_ipm_result_free(&result);
        kv_search_report(s, "root");
        if (status == KV_OK && !s->has_incumbent && s->bound > kv_search_cutoff(s))
            return KV_ERR_INFEASIBLE;
        if (s->n_free_integers && out_of_time(s))
            break;
    }
    return status != KV_OK ? status : ended;
}

/* One round of the root; *done also when a limit says that time is for the search now. *good: it
 * ended as it should. */
static kv_status step_root(kv_search *s, kv_sifting *sifting, int *done, int *good)
{
    kv_ipm_result result;
    kv_status status = kv_sifting_step(sifting, ROOT_TOLERANCE, kv_search_cutoff(s), &result, done);
    if (status != KV_OK)
        return status;
    s->work += result.iterations;
    memcpy(s->root_design, result.design, sizeof(double) * (size_t)s->problem.n_design);
    *good = result.status == KV_OK;
    if (out_of_time(s))
        *done = *good = 1;
    if (*done) {
        status = kv_relaxation_hold_tight(s->relaxation, &result);
        if (status == KV_OK)
            status = add_cuts(s, result.multipliers, result.design);
    }
    keep_certificate(s, &result);
    kv_ipm_result_free(&result);
    kv_search_report(s, "root");
    if (status == KV_OK && !s->has_incumbent && s->bound > kv_search_cutoff(s))
        return KV_ERR_INFEASIBLE;
    return status;
}

static void on_volume(void *context, long iteration, double bound)
{
    kv_search *s = context;
    (void)iteration;
    s->bound = fmax(s->bound, bound);
    kv_search_report(s, "root");
}

/* A bound within some tenths of a percent long before the first LP is solved, unless coupling rows
 * are in the way. */
static kv_status begin_by_volume(kv_search *s)
{
    kv_volume_options options;
    kv_volume_result result = {0};
    kv_ipm_result first = {0};
    if (s->problem.coupling.count > 0)
        return KV_OK;
    kv_volume_options_default(&options);
    options.deadline = s->deadline;
    options.drop_side = s->drop_side;
    options.cutoff = kv_search_cutoff(s);
    options.progress = on_volume;
    options.progress_context = s;
    kv_status status = kv_volume_solve(&s->problem, s->threads, &options, NULL, &result);
    if (status == KV_OK && result.multipliers) {
        first.multipliers = result.multipliers;
        result.multipliers = NULL;
        s->work += result.iterations / VOLUME_STEPS;
        memcpy(s->root_design, result.design, sizeof(double) * (size_t)s->problem.n_design);
        keep_certificate(s, &first);
        kv_multipliers_free(first.multipliers);
        kv_search_report(s, "root");
    }
    kv_volume_result_free(&result);
    if (status == KV_OK && !s->has_incumbent && s->bound > kv_search_cutoff(s))
        return KV_ERR_INFEASIBLE;
    return status;
}

kv_status kv_search_root(kv_search *s)
{
    kv_sifting *sifting = NULL;
    int done = 0, good = 1;
    if (!s->n_free_integers)
        return solve_by_rows(s, 1e-8);
    kv_status status = begin_by_volume(s);
    if (status == KV_OK)
        status = kv_search_begin_plans(s);
    if (s->certificate && kv_search_done(s))
        return status;
    if (status == KV_OK)
        status = kv_sifting_create(s->relaxation, &sifting);
    for (int round = 0; round < MOST_ROUNDS && status == KV_OK && !done; round++)
        status = step_root(s, sifting, &done, &good);
    kv_sifting_free(sifting);
    if (status == KV_OK && !good)
        status = solve_by_rows(s, ROOT_TOLERANCE);
    return status;
}

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
        status =
            kv_relaxation_solve(s->relaxation, lower, upper, 1e-7, kv_search_cutoff(s), result);
        if (status != KV_OK)
            break;
        s->work += result->iterations;
        if (usable(result))
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
            status = add_cuts(s, result.multipliers, upper);
        if (status == KV_OK && usable(&result))
            keep_incumbent(s, &result);
    }
    kv_ipm_result_free(&result);
    kv_free(lower);
    kv_free(upper);
    kv_search_report(s, "search");
    return status;
}

int kv_search_done(const kv_search *s)
{
    const kv_limits *l = s->limits;
    if (kv_stop_requested() || kv_clock() >= s->deadline || (l->work > 0 && s->work >= l->work))
        return 1;
    if (!s->has_incumbent)
        return 0;
    double miss = s->incumbent - s->bound;
    if (miss > l->gap * fmax(1e-10, fabs(s->incumbent)))
        return 0;
    if (l->decision_gap > 0 && isfinite(l->do_nothing) &&
        miss > l->decision_gap * (l->do_nothing - s->bound))
        return 0;
    return 1;
}

void kv_search_report(const kv_search *s, const char *phase)
{
    if (!s->limits->progress)
        return;
    kv_progress progress = {kv_clock() - s->start,
                            s->work,
                            s->has_incumbent,
                            s->has_incumbent ? s->incumbent : 1e30,
                            s->bound,
                            phase};
    s->limits->progress(s->limits->progress_context, &progress);
}
