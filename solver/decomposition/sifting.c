/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/sifting_state.h"
#include "solver/ipm/lift.h"
#include "solver/lagrange/volume.h"

#include <math.h>
#include <string.h>

/* Flows whose cheapest way costs no more than this share of what it costs to serve their commodity
 * come in at first; more where that is not enough. */
static const double first_share = 0.1, wider = 5;
/* How well the first round is solved, when little is known and when the volume algorithm did well;
 * later ones to a part of the gap that is left. */
static const double rough_tolerance = 0.05, first_tolerance = 1e-3, tolerance_of_gap = 0.1;

/* Multipliers say which flows matter when the averaged flows cost about as much as the bound. */
static const double near_enough = 0.05;

/* An LP begins where the last one ended when its gap, as a share of the value, was below the first;
 * with products that make up a gap of at least the second. */
static const double most_gap = 1, least_gap = 1e-5;

/* Flows are chosen anew when so many times as many are held as the root needed. */
static const double most_growth = 3;

/* A point that misses rows by more is no solution. */
static const double untrue = 1e-3;
/* One above the cutoff may miss them by more, when it began where another LP ended: its multipliers say
 * which flows it lacks. So do, some times, those of one that went astray; the next LP begins as it did. */
static const double most_missed = 0.5;

enum { VOLUME_ITERATIONS = 2000, MOST_ASTRAY = 3 };

/* ---- memory ---- */

static kv_status create_workers(kv_sifting *s)
{
    kv_status status = KV_OK;
    s->n_workers = kv_threads_count(s->relaxation->threads);
    s->n_workers = s->n_workers > 0 ? s->n_workers : 1;
    s->detour = kv_alloc((size_t)s->n_workers * (size_t)s->problem->n_flows, sizeof(double));
    s->marked = kv_alloc((size_t)s->n_workers * (size_t)s->problem->n_flows, 1);
    s->worker = kv_alloc((size_t)s->n_workers, sizeof(*s->worker));
    if (!s->detour || !s->marked || !s->worker)
        return KV_ERR_MEMORY;
    for (int i = 0; i < s->n_workers && status == KV_OK; i++)
        status = kv_potentials_create(s->problem, &s->worker[i]);
    return status;
}

static kv_status make_room(kv_sifting *s)
{
    const kv_problem *p = s->problem;
    size_t flows = kv_sifting_flow(s, p->n_blocks), rows = kv_sifting_balance(s, p->n_blocks);
    if (!(s->terminal = kv_alloc(rows, 1)) || !(s->columns = kv_alloc(flows, 1)) ||
        !(s->kind = kv_alloc(flows, 1)) || !(s->bare = kv_alloc(flows, 1)) ||
        !(s->passed = kv_alloc(rows, 1)) || !(s->priced = kv_alloc(flows, sizeof(double))) ||
        !(s->reduced = kv_alloc(flows, sizeof(double))) ||
        !(s->next = kv_alloc(rows, sizeof(int))) || !(s->mended = kv_alloc(rows, sizeof(double))) ||
        !(s->design = kv_alloc((size_t)p->n_design, sizeof(double))) ||
        !(s->flow = kv_alloc(flows, sizeof(double))))
        return KV_ERR_MEMORY;
    kv_status status = kv_covering_create(p, &s->covering);
    return status == KV_OK ? create_workers(s) : status;
}

kv_status kv_sifting_create(kv_relaxation *relaxation, kv_sifting **out)
{
    kv_sifting *s = *out = kv_alloc(1, sizeof(*s));
    if (!s)
        return KV_ERR_MEMORY;
    s->relaxation = relaxation;
    s->problem = relaxation->problem;
    s->share = first_share;
    if (make_room(s) != KV_OK) {
        kv_sifting_free(s);
        *out = NULL;
        return KV_ERR_MEMORY;
    }
    kv_covering_close(&s->covering, s->kind);
    kv_sifting_find_terminals(s);
    kv_sifting_find_bare(s);
    return KV_OK;
}

void kv_sifting_free(kv_sifting *s)
{
    if (!s)
        return;
    void *arrays[] = {s->terminal, s->bare, s->columns, s->rows,    s->kind,
                      s->passed,   s->next, s->priced,  s->reduced, s->mended,
                      s->design,   s->flow, s->opening, s->detour,  s->marked};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    for (int i = 0; s->worker && i < s->n_workers; i++)
        kv_potentials_free(&s->worker[i]);
    kv_free(s->worker);
    kv_covering_free(&s->covering);
    kv_multipliers_free(s->base);
    kv_multipliers_free(s->multipliers);
    kv_free(s);
}

/* ---- tasks ---- */

void kv_sifting_each_block(kv_sifting *s, void (*task)(void *s, int block, int worker))
{
    kv_threads_run(s->relaxation->threads, s->problem->n_blocks, task, s);
}

void kv_sifting_take(kv_sifting *s, kv_multipliers *multipliers, const double *flow)
{
    s->at = multipliers;
    s->point = flow;
    memset(s->priced, 0, sizeof(double) * kv_sifting_flow(s, s->problem->n_blocks));
    kv_price_rows(s->problem, multipliers, s->priced);
}

/* ---- the first flows ---- */

static int are_few(const kv_sifting *s)
{
    long open = 0;
    for (size_t i = 0; i < kv_sifting_flow(s, s->problem->n_blocks); i++)
        open += s->kind[i] != KV_FLOW_CLOSED;
    return open <= s->relaxation->few_flows;
}

/* Flows by multipliers and averaged flows. */
static void begin_at(kv_sifting *s, kv_volume_result *result)
{
    int near = s->problem->coupling.count == 0 &&
               fabs(result->value - result->bound) <= near_enough * fabs(result->bound);
    s->tolerance = near ? first_tolerance : rough_tolerance;
    s->dearest = near ? result->value + 0.5 * fabs(result->value) : 1e300;
    kv_sifting_choose(s, result->multipliers, near ? result->flow : NULL);
    s->base = result->multipliers;
    result->multipliers = NULL;
}

void kv_sifting_begin(kv_sifting *s, kv_volume_result *result)
{
    begin_at(s, result);
    s->round = 1;
}

/* Where the volume algorithm can't do well (coupling rows), only shortest ways at the prices that it
 * begins with; or all flows where they are few. */
static kv_status begin(kv_sifting *s)
{
    const kv_problem *p = s->problem;
    kv_volume_options options;
    kv_volume_result result;
    if (p->coupling.count > 0 && are_few(s)) {
        s->few = 1;
        kv_sifting_hold_all(s);
        return KV_OK;
    }
    kv_volume_options_default(&options);
    options.iterations = p->coupling.count > 0 ? 0 : VOLUME_ITERATIONS;
    options.deadline = s->relaxation->deadline;
    options.drop_side = s->relaxation->drop_side;
    kv_status status = kv_volume_solve(p, s->relaxation->threads, &options, NULL, &result);
    if (status == KV_OK && result.status == KV_ERR_INFEASIBLE) {
        kv_sifting_hold_all(s);
    } else if (status == KV_OK) {
        begin_at(s, &result);
    }
    kv_volume_result_free(&result);
    return status;
}

/* ---- what an LP begins with ---- */

/* Multipliers that its opening rows have in those at hand. */
static kv_status match_openings(kv_sifting *s)
{
    const kv_problem *p = s->problem;
    const kv_multipliers *m = s->multipliers;
    int *first = NULL, *order = NULL, *last = kv_alloc((size_t)p->n_flows, sizeof(int));
    int *other = kv_alloc((size_t)m->n_opening, sizeof(int)); /* of the same flow, -1 = none */
    kv_status status = kv_sort_openings(p, m, &first, &order);
    if (!last || !other ||
        kv_reserve((void **)&s->opening, &s->opening_room, s->n_rows, sizeof(double)))
        status = KV_ERR_MEMORY;
    for (size_t i = 0; i < s->n_rows && status == KV_OK;) {
        int b = p->openings[s->rows[i].opening].block;
        for (int f = 0; f < p->n_flows; f++)
            last[f] = -1;
        for (int e = first[b]; e < first[b + 1]; e++) {
            other[order[e]] = last[m->opening_flow[order[e]]];
            last[m->opening_flow[order[e]]] = order[e];
        }
        for (; i < s->n_rows && p->openings[s->rows[i].opening].block == b; i++) {
            s->opening[i] = 0;
            for (int e = last[s->rows[i].flow]; e >= 0; e = other[e])
                if (m->opening[e] == s->rows[i].opening)
                    s->opening[i] += m->opening_value[e];
        }
    }
    kv_free(first);
    kv_free(order);
    kv_free(last);
    kv_free(other);
    return status;
}

static kv_status remember(kv_sifting *s, const kv_ipm_result *result)
{
    const kv_problem *p = s->problem;
    double gap = fmax(0, result->primal - result->bound);
    double share = gap / fmax(1e-9, fabs(result->primal));
    kv_multipliers_free(s->multipliers);
    s->multipliers = NULL;
    if (!(share < most_gap))
        return KV_OK;
    memcpy(s->design, result->design, sizeof(double) * (size_t)p->n_design);
    memcpy(s->flow, result->flow, sizeof(double) * kv_sifting_flow(s, p->n_blocks));
    s->before.gap = fmax(gap, least_gap * fabs(result->primal));
    s->multipliers = kv_multipliers_copy(p, result->multipliers);
    return s->multipliers ? KV_OK : KV_ERR_MEMORY;
}

/* What other boxes needed is left behind: an LP that no choice of flows served holds all of them, and
 * each adds some. */
static void choose_anew(kv_sifting *s)
{
    s->all = 0;
    s->share = first_share;
    memset(s->columns, 0, kv_sifting_flow(s, s->problem->n_blocks));
    kv_sifting_choose(s, s->base, s->flow);
    s->usual = s->usual > kv_sifting_held(s) ? s->usual : kv_sifting_held(s);
}

kv_status kv_sifting_restart(kv_sifting *s, const double *design, const double *flow,
                             kv_multipliers *multipliers, double gap, double tolerance)
{
    const kv_problem *p = s->problem;
    kv_multipliers *base = kv_multipliers_copy(p, multipliers);
    kv_multipliers_free(s->multipliers);
    s->multipliers = multipliers;
    if (!base)
        return KV_ERR_MEMORY;
    kv_multipliers_free(s->base);
    s->base = base;
    memcpy(s->design, design, sizeof(double) * (size_t)p->n_design);
    memcpy(s->flow, flow, sizeof(double) * kv_sifting_flow(s, p->n_blocks));
    kv_covering_close(&s->covering, s->kind);
    s->before.gap = gap;
    s->tolerance = tolerance;
    s->astray = 0;
    if (s->usual == 0 && !s->all)
        s->usual = kv_sifting_held(s);
    if (!s->few && (s->all || (double)kv_sifting_held(s) > most_growth * (double)s->usual))
        choose_anew(s);
    return KV_OK;
}

void kv_sifting_follow(kv_sifting *s, const kv_sifting *other)
{
    memcpy(s->columns, other->columns, kv_sifting_flow(s, s->problem->n_blocks));
    s->all = other->all;
    s->few = other->few;
    s->usual = other->usual;
    s->share = other->share;
    s->dearest = other->dearest;
    s->round = other->round;
}

/* ---- rounds ---- */

/* The LP at hand could not be solved: more flows, in the end all. */
static void widen(kv_sifting *s)
{
    kv_multipliers_free(s->multipliers);
    s->multipliers = NULL;
    s->share *= wider;
    if (s->share > 1 || !s->base)
        kv_sifting_hold_all(s);
    else
        kv_sifting_choose(s, s->base, NULL);
}

/* The LP of the flows at hand. Where it comes to no good end from where the last one ended, it is
 * begun anew. */
static kv_status solve_lp(kv_sifting *s, double cutoff, kv_ipm_result *result)
{
    kv_status status = kv_sifting_list_rows(s);
    kv_lp_options options = {.drop_side = s->relaxation->drop_side,
                             .openings = s->rows,
                             .n_openings = (int)s->n_rows,
                             .columns = s->all ? NULL : s->columns};
    double most = s->all ? cutoff : fmin(cutoff, s->dearest);
    if (status == KV_OK && s->multipliers) {
        if ((status = match_openings(s)) != KV_OK)
            return status;
        s->before.design = s->design;
        s->before.flow = s->flow;
        s->before.multipliers = s->multipliers;
        s->before.opening = s->opening;
        s->relaxation->begin = &s->before;
        status = kv_relaxation_run(s->relaxation, &options, s->tolerance, most, result);
        s->relaxation->begin = NULL;
        if (status != KV_OK || result->status != KV_ERR_NUMERIC)
            return status;
        kv_ipm_result_free(result);
    }
    if (status == KV_OK)
        status = kv_relaxation_run(s->relaxation, &options, s->tolerance, most, result);
    return status;
}

/* The LP of this round; the first one that does not fail before it begins. */
static kv_status solve(kv_sifting *s, double tolerance, double cutoff, kv_ipm_result *result)
{
    kv_status status = s->round++ == 0 ? begin(s) : KV_OK;
    while (status == KV_OK) {
        s->tolerance = s->all ? tolerance : fmax(s->tolerance, 0.5 * tolerance);
        status = solve_lp(s, cutoff, result);
        if (status != KV_ERR_INFEASIBLE || s->all)
            break;
        widen(s);
        status = KV_OK;
    }
    return status;
}

/* The next LP can begin where this one ended. */
static int is_near(const kv_sifting *s, const kv_ipm_result *result)
{
    return result->iterations > 0 && result->violation <= (s->multipliers ? most_missed : untrue);
}

/* More flows where they attract, and a tolerance for the next round; *none = 1: there is nothing
 * left. */
static kv_status prepare_next(kv_sifting *s, double gap, double tolerance,
                              const kv_ipm_result *result, int above, int *none)
{
    int tight = s->tolerance <= 0.5 * tolerance;
    *none = kv_sifting_add(s) == 0 && tight && kv_sifting_add_attracting(s, 1) == 0;
    s->tolerance = fmin(0.5 * s->tolerance, tolerance_of_gap * fmax(gap, 0));
    memcpy(s->base->balance, result->multipliers->balance,
           sizeof(double) * kv_sifting_balance(s, s->problem->n_blocks));
    if (above && !is_near(s, result)) {
        s->astray++;
        return KV_OK;
    }
    return remember(s, result);
}

static int out_of_time(const kv_relaxation *r)
{
    return kv_clock() >= r->deadline || kv_stop_requested();
}

/* An LP that has no solution ends with multipliers beyond all measure: even what rounding does to
 * them can pass for a bound. */
static kv_status forget_multipliers(kv_sifting *s, kv_ipm_result *result)
{
    kv_multipliers_free(result->multipliers);
    result->multipliers = kv_multipliers_copy(s->problem, s->base);
    return result->multipliers ? KV_OK : KV_ERR_MEMORY;
}

typedef enum kv_lp_end {
    KV_LP_END_GOOD,   /* or a limit was reached */
    KV_LP_END_ABOVE,  /* above the cutoff: with more flows it may be below */
    KV_LP_END_FAILED, /* nothing to go on from */
} kv_lp_end;

static kv_lp_end judge(const kv_sifting *s, double cutoff, const kv_ipm_result *result)
{
    if (s->all || out_of_time(s->relaxation))
        return KV_LP_END_GOOD;
    if (result->bound > cutoff && (is_near(s, result) || s->astray < MOST_ASTRAY))
        return KV_LP_END_ABOVE;
    return result->status != KV_OK || result->bound > fmin(cutoff, s->dearest) ? KV_LP_END_FAILED
                                                                               : KV_LP_END_GOOD;
}

/* What comes next: nothing, other flows, or all of them. */
static kv_status decide(kv_sifting *s, double tolerance, double cutoff, kv_lp_end end,
                        kv_ipm_result *result, int *done)
{
    double gap = (result->primal - result->bound) / fmax(1, fabs(result->primal));
    int none = 0;
    kv_status status = KV_OK;
    if (result->bound > cutoff) {
        *done = 1;
    } else if (end == KV_LP_END_FAILED) {
        widen(s);
    } else if (s->all || (result->status != KV_OK && end != KV_LP_END_ABOVE)) {
        *done = 1;
    } else if (gap <= tolerance && result->violation <= kv_ipm_rows_share * tolerance) {
        *done = 1;
    } else {
        status = prepare_next(s, gap, tolerance, result, end == KV_LP_END_ABOVE, &none);
        if (none) /* multipliers that no flow left out agrees with: there is no interior */
            kv_sifting_hold_all(s);
    }
    return status;
}

kv_status kv_sifting_step(kv_sifting *s, double tolerance, double cutoff, kv_ipm_result *result,
                          int *done)
{
    kv_status status = solve(s, tolerance, cutoff, result);
    *done = 0;
    if (status != KV_OK)
        return status;
    kv_lp_end end = judge(s, cutoff, result);
    if (!s->all && result->status != KV_OK && result->violation > untrue)
        status = forget_multipliers(s, result);
    if (status == KV_OK)
        status = kv_sifting_price(s, result);
    if (status == KV_OK)
        status = decide(s, tolerance, cutoff, end, result, done);
    if (status != KV_OK)
        kv_ipm_result_free(result);
    return status;
}
