/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/cut_rounds.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { MOST_CUTS = 100, IDLE_ROUNDS = 3, MOST_LPS = 8 };

/* Of the first LP within other boxes, unless no more than the second is asked for at all. */
static const double first_tolerance = 1e-3, rough_tolerance = 1e-4;
static const double least_efficacy = 5e-4;
/* Of the gap: how well a round is solved, how far apart value and bound may be when it begins, and the
 * share of it below which a cut's part in the bound is none. */
static const double round_tolerance = 0.01, begin_gap = 0.3, least_part = 1e-5;

int kv_cut_rounds_serve(const kv_problem *p)
{
    for (int j = 0; j < p->n_design; j++)
        if (!p->design_integer[j])
            return 0;
    return p->n_design > 0 && p->coupling.count == 0;
}

/* ---- life ---------------------------------------------------------------------------------- */

kv_status kv_cut_rounds_create(const kv_problem *problem, kv_threads *threads,
                               const unsigned char *drop_side, kv_cut_rounds *rounds)
{
    kv_cut_rounds *r = rounds;
    memset(r, 0, sizeof *r);
    r->bound = -HUGE_VAL;
    kv_status status = kv_cut_rows_create(problem, drop_side, &r->rows);
    if (status == KV_OK)
        status = kv_relaxation_create(&r->rows.problem, threads, r->rows.drop, &r->relaxation);
    if (status == KV_OK)
        status = kv_sifting_create(r->relaxation, &r->sifting);
    return status;
}

void kv_cut_rounds_clear(kv_cut_rounds *rounds)
{
    kv_cut_rounds *r = rounds;
    for (int i = 0; i < r->n_cuts; i++)
        kv_cut_free(r->cut[i]);
    kv_free(r->cut);
    kv_free(r->idle);
    kv_multipliers_free(r->vector);
    kv_cutset_free(r->cutset);
    kv_sifting_free(r->sifting);
    kv_relaxation_free(r->relaxation);
    kv_cut_rows_clear(&r->rows);
    memset(r, 0, sizeof *r);
}

kv_status kv_cut_rounds_follow(const kv_cut_rounds *rounds, kv_cut_rounds *follower)
{
    const kv_cut_rows *rows = &rounds->rows;
    kv_status status =
        kv_cut_rounds_create(rows->base, rounds->relaxation->threads, rows->drop, follower);
    if (status == KV_OK)
        status = kv_cut_rows_set(&follower->rows, rows->n_cuts, (kv_cut *const *)rows->cut);
    if (status != KV_OK)
        return status;
    follower->relaxation->drop_side = follower->rows.drop;
    follower->relaxation->deadline = rounds->relaxation->deadline;
    kv_sifting_follow(follower->sifting, rounds->sifting);
    return KV_OK;
}

/* ---- cuts ---------------------------------------------------------------------------------- */

/* Cuts that the point breaks go behind the others. */
static kv_status find_cuts(kv_cut_rounds *r, const kv_ipm_result *point, int *added)
{
    kv_cut_list found = {0};
    kv_status status = KV_OK;
    if (!r->cutset)
        status = kv_cutset_create(r->rows.base, &r->cutset);
    if (status == KV_OK)
        status = kv_cutset_separate(r->cutset, point->design, point->flow, least_efficacy, 0,
                                    r->relaxation->deadline, kv_cut_list_keep, &found);
    if (status == KV_OK)
        status = found.status;
    if (status == KV_OK)
        status = kv_cut_list_select(&found, point->design, point->flow, MOST_CUTS);
    size_t total = (size_t)(r->n_cuts + found.count);
    if (status == KV_OK && (kv_reserve((void **)&r->cut, &r->cut_room, total, sizeof *r->cut) ||
                            kv_reserve((void **)&r->idle, &r->idle_room, total, sizeof *r->idle)))
        status = KV_ERR_MEMORY;
    *added = status == KV_OK ? found.count : 0;
    for (int i = 0; i < *added; i++) {
        r->idle[r->n_cuts] = 0;
        r->cut[r->n_cuts++] = found.cut[i];
    }
    if (status == KV_OK)
        found.count = 0;
    kv_cut_list_clear(&found);
    return status;
}

/* Count the rounds that cuts do nothing; those that did nothing for long leave. */
static void look_at_cuts(kv_cut_rounds *r, const kv_multipliers *m, double gap)
{
    for (int i = 0; i < r->n_cuts; i++) {
        double part = 0;
        if (r->idle[i] < 0)
            continue;
        for (int c = 0; c < m->n_cut; c++)
            if (m->cut[c] == r->cut[i])
                part = m->cut_value[c] * fmax(1, fabs(r->cut[i]->rhs));
        r->idle[i] = part > least_part * gap ? 0 : r->idle[i] + 1;
        if (r->idle[i] >= IDLE_ROUNDS)
            r->idle[i] = -1;
    }
}

static kv_status use_cuts(kv_cut_rounds *r)
{
    kv_cut **used = kv_alloc((size_t)r->n_cuts, sizeof *used);
    int n = 0;
    if (!used)
        return KV_ERR_MEMORY;
    for (int i = 0; i < r->n_cuts; i++)
        if (r->idle[i] >= 0)
            used[n++] = r->cut[i];
    kv_status status = kv_cut_rows_set(&r->rows, n, used);
    r->relaxation->drop_side = r->rows.drop;
    kv_free(used);
    return status;
}

/* ---- rounds -------------------------------------------------------------------------------- */

/* What the point's multipliers prove, kept if it is the most so far. */
static kv_status keep_bound(kv_cut_rounds *r, const kv_ipm_result *point)
{
    kv_multipliers *m = kv_cut_rows_reduce(&r->rows, point->multipliers);
    if (!m)
        return KV_ERR_MEMORY;
    double bound = kv_bound_recompute(r->rows.base, m);
    if (bound > r->bound) {
        kv_multipliers_free(r->vector);
        r->vector = m;
        r->bound = bound;
    } else {
        kv_multipliers_free(m);
    }
    return KV_OK;
}

/* Sifting goes on at the point, with the cuts as they are now. */
static kv_status restart(kv_cut_rounds *r, const kv_relaxed *from, double gap, double tolerance)
{
    kv_multipliers *extended = kv_cut_rows_extend(&r->rows, from->multipliers);
    if (!extended)
        return KV_ERR_MEMORY;
    return kv_sifting_restart(r->sifting, from->design, from->flow, extended, gap, tolerance);
}

static kv_status solve(kv_cut_rounds *r, double tolerance, double cutoff, kv_ipm_result *point)
{
    kv_status status = KV_OK;
    int done = 0;
    for (int i = 0; i < MOST_LPS && !done && status == KV_OK; i++) {
        kv_ipm_result_free(point);
        status = kv_sifting_step(r->sifting, tolerance, cutoff, point, &done);
        if (status == KV_OK && point->status != KV_OK)
            break;
    }
    return status;
}

kv_status kv_cut_rounds_step(kv_cut_rounds *rounds, double gap, double cutoff, kv_ipm_result *point,
                             int *added)
{
    kv_cut_rounds *r = rounds;
    kv_status status = find_cuts(r, point, added);
    if (status != KV_OK || *added == 0)
        return status;
    kv_multipliers *reduced = kv_cut_rows_reduce(&r->rows, point->multipliers);
    if (!reduced)
        return KV_ERR_MEMORY;
    double tolerance = round_tolerance * gap / fmax(1, fabs(point->primal));
    kv_relaxed from = {point->design, point->flow, reduced};
    look_at_cuts(r, reduced, gap);
    status = use_cuts(r);
    if (status == KV_OK)
        status = restart(r, &from, begin_gap * gap, tolerance);
    kv_multipliers_free(reduced);
    if (status == KV_OK)
        status = solve(r, tolerance, cutoff, point);
    return status == KV_OK ? keep_bound(r, point) : status;
}

/* ---- nodes --------------------------------------------------------------------------------- */

kv_status kv_cut_rounds_relax(kv_cut_rounds *rounds, const double *lower, const double *upper,
                              const unsigned char *drop, const kv_relaxed *from, double gap,
                              double tolerance, double cutoff, kv_ipm_result *result)
{
    kv_cut_rounds *r = rounds;
    const kv_problem *base = r->rows.base;
    r->rows.problem.design_lower = (double *)lower;
    r->rows.problem.design_upper = (double *)upper;
    for (int i = 0; drop && i < base->side.count; i++)
        r->rows.drop[i] = drop[i];
    memset(result, 0, sizeof *result);
    long before = r->relaxation->iterations;
    double first = tolerance >= rough_tolerance ? tolerance : first_tolerance;
    kv_status status = restart(r, from, gap, first);
    if (status == KV_OK)
        status = solve(r, tolerance, cutoff, result);
    r->rows.problem.design_lower = base->design_lower;
    r->rows.problem.design_upper = base->design_upper;
    if (status != KV_OK)
        return status;
    kv_multipliers *reduced = kv_cut_rows_reduce(&r->rows, result->multipliers);
    if (!reduced) {
        kv_ipm_result_free(result);
        return KV_ERR_MEMORY;
    }
    kv_multipliers_free(result->multipliers);
    result->multipliers = reduced;
    result->iterations = (int)(r->relaxation->iterations - before);
    return KV_OK;
}
