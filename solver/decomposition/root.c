/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/record.h"
#include "solver/decomposition/search.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define ROOT_TOLERANCE 1e-6

static const double many_blocks = 100;

enum { MAX_ROUNDS = 12, MOST_ROUNDS = 30, VOLUME_STEPS = 50, SLOW_ROUNDS = 4 };

static const double least_progress = 2e-3; /* of the gap, in a round of cuts */

/* A copy of these multipliers, which are lifted, if they prove more. */
static kv_status keep_certificate(kv_search *s, const kv_multipliers *multipliers)
{
    double bound = kv_bound_recompute(&s->problem, multipliers);
    if (s->certificate && bound <= s->certified)
        return KV_OK;
    kv_multipliers *copy = kv_multipliers_copy(&s->problem, multipliers);
    if (!copy)
        return KV_ERR_MEMORY;
    kv_multipliers_free(s->certificate);
    s->certificate = copy;
    s->certified = bound;
    s->bound = fmax(s->bound, bound);
    return KV_OK;
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
        status = kv_search_add_cuts(s, result->multipliers, result->design);
    if (status == KV_OK)
        status = kv_multipliers_lift(&s->problem, NULL, result->multipliers);
    if (!s->n_free_integers && kv_search_usable(result) && added == 0) {
        double bound = kv_bound_recompute(&s->problem, result->multipliers);
        kv_search_keep_incumbent(s, result);
        s->bound = fmax(s->bound, bound);
        s->certified = fmax(s->certified, bound);
    } else if (status == KV_OK) {
        status = keep_certificate(s, result->multipliers);
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
static kv_status step_root(kv_search *s, int *done, int *good)
{
    kv_ipm_result *point = &s->root;
    kv_ipm_result_free(point);
    kv_status status =
        kv_sifting_step(s->rounds.sifting, ROOT_TOLERANCE, kv_search_cutoff(s), point, done);
    if (status != KV_OK)
        return status;
    s->work += point->iterations;
    memcpy(s->root_design, point->design, sizeof(double) * (size_t)s->problem.n_design);
    *good = point->status == KV_OK;
    if (out_of_time(s))
        *done = *good = 1;
    if (*done) {
        status = kv_relaxation_hold_tight(s->relaxation, point);
        if (status == KV_OK)
            status = kv_search_add_cuts(s, point->multipliers, point->design);
    }
    if (status == KV_OK)
        status = keep_certificate(s, point->multipliers);
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
static kv_status begin_by_volume(kv_search *s, kv_volume_result *result)
{
    kv_volume_options options;
    if (s->problem.coupling.count > 0)
        return KV_OK;
    kv_volume_options_default(&options);
    /* with many blocks plans come first: less is asked of it */
    options.tolerance *= fmin(10, fmax(1, s->problem.n_blocks / many_blocks));
    options.deadline = s->deadline;
    options.drop_side = s->drop_side;
    options.cutoff = kv_search_cutoff(s);
    options.progress = on_volume;
    options.progress_context = s;
    kv_status status = kv_volume_solve(&s->problem, s->threads, &options, NULL, result);
    if (status == KV_OK && result->multipliers) {
        s->work += result->iterations / VOLUME_STEPS;
        memcpy(s->root_design, result->design, sizeof(double) * (size_t)s->problem.n_design);
        status = keep_certificate(s, result->multipliers);
        kv_search_report(s, "root");
    }
    if (status == KV_OK && !s->has_incumbent && s->bound > kv_search_cutoff(s))
        return KV_ERR_INFEASIBLE;
    return status;
}

/* Rounds of cuts, as long as they raise the bound. */
static kv_status raise_by_cuts(kv_search *s)
{
    kv_ipm_result *point = &s->root;
    kv_status status = KV_OK;
    int slow = 0, added = 1;
    while (status == KV_OK && added && slow < SLOW_ROUNDS && !kv_search_done(s) &&
           point->status == KV_OK) {
        double gap = s->has_incumbent ? s->incumbent - s->bound : 0.1 * fabs(s->bound);
        double before = s->bound;
        s->rounds.relaxation->iterations = 0;
        kv_search_send_plans(s);
        status = kv_cut_rounds_step(&s->rounds, gap, kv_search_cutoff(s), point, &added);
        s->work += s->rounds.relaxation->iterations;
        s->bound = fmax(s->bound, s->rounds.bound);
        slow = s->bound - before < least_progress * gap ? slow + 1 : 0;
        if (status == KV_OK && point->design)
            memcpy(s->root_design, point->design, sizeof(double) * (size_t)s->problem.n_design);
        kv_search_report(s, "cuts");
        kv_status met = kv_search_meet_plans(s);
        status = status == KV_OK ? met : status;
    }
    return status;
}

/* What the root and the tree's nodes relax. */
static kv_status prepare_relaxation(kv_search *s)
{
    kv_status status = kv_group_rows_create(&s->problem, s->drop_side, &s->groups);
    if (status == KV_OK)
        status = kv_cut_rounds_create(&s->groups.problem, s->threads, s->groups.drop, &s->rounds);
    if (status == KV_OK)
        s->rounds.relaxation->deadline = s->deadline;
    return status;
}

/* The strong relaxation by sifting, then cuts where they serve. */
static kv_status solve_by_sifting(kv_search *s, kv_volume_result *volume, int *good)
{
    kv_status status = KV_OK;
    int done = 0;
    if (volume->multipliers)
        status = kv_group_rows_extend(&s->groups, volume->multipliers);
    if (volume->multipliers && status == KV_OK)
        kv_sifting_begin(s->rounds.sifting, volume);
    for (int round = 0; round < MOST_ROUNDS && status == KV_OK && !done; round++)
        status = step_root(s, &done, good);
    if (status == KV_OK && *good && kv_cut_rounds_serve(&s->problem))
        status = raise_by_cuts(s);
    if (status == KV_OK && s->root.multipliers) {
        kv_multipliers *reduced = kv_cut_rows_reduce(&s->rounds.rows, s->root.multipliers);
        kv_multipliers_free(s->root.multipliers);
        s->root.multipliers = reduced;
        status = reduced ? KV_OK : KV_ERR_MEMORY;
    }
    return status;
}

kv_status kv_search_root(kv_search *s)
{
    kv_volume_result volume = {0};
    int good = 1;
    if (!s->n_free_integers)
        return solve_by_rows(s, 1e-8);
    kv_status status = prepare_relaxation(s);
    if (status == KV_OK)
        status = begin_by_volume(s, &volume);
    if (status == KV_OK)
        status = kv_search_begin_plans(s);
    if (status == KV_OK && !(s->certificate && kv_search_done(s)))
        status = solve_by_sifting(s, &volume, &good);
    kv_volume_result_free(&volume);
    if (status == KV_OK && !good)
        status = solve_by_rows(s, ROOT_TOLERANCE);
    return status;
}

kv_status kv_search_prove_cuts(kv_search *s)
{
    kv_cut_rounds *r = &s->rounds;
    kv_records records;
    kv_proof *proof = NULL;
    double known = fmax(s->certified, s->proof ? s->proof->bound : -HUGE_VAL);
    if (!r->vector || r->bound <= known)
        return KV_OK;
    kv_status status = kv_records_create(&s->problem, r->vector, SIZE_MAX, &records);
    if (status != KV_OK)
        return status;
    status = kv_records_prove(&records, &s->problem, r->bound, s->problem.design_lower,
                              s->problem.design_upper, &proof);
    kv_records_clear(&records);
    if (status == KV_OK)
        status = kv_proof_take_cuts(proof, r->n_cuts, r->cut);
    kv_proof_free(s->proof);
    s->proof = proof;
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
