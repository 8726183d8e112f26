/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rounds of cuts at the root: what they prove holds for the optimum, and is never less than before;
 * relaxations within other boxes begin where another ended and find what a fresh one does. */
#include "base/memory.h"
#include "base/random.h"
#include "solver/decomposition/cut_rounds.h"
#include "solver/proof.h"
#include "support/served_network.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static kv_problem *network(unsigned long seed)
{
    kv_random random;
    kv_random_seed(&random, seed);
    return served_network(&random, (served_network_kind)(seed % SERVED_NETWORK_KINDS),
                          1 + (int)(seed % 2), 1);
}

/* The strong relaxation. 0 = there is no solution. */
static int relax(kv_cut_rounds *rounds, kv_ipm_result *point)
{
    int done = 0;
    for (int i = 0; i < 30 && !done; i++) {
        kv_ipm_result_free(point);
        kv_status status = kv_sifting_step(rounds->sifting, 1e-6, 1e300, point, &done);
        if (status == KV_ERR_INFEASIBLE)
            return 0;
        cr_assert(status == KV_OK);
    }
    return point->status == KV_OK;
}

Test(cut_rounds, prove_no_more_than_the_optimum)
{
    int raised = 0, tried = 0;
    for (unsigned long seed = 1; seed <= 60; seed++) {
        kv_problem *p = network(seed);
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        kv_cut_rounds rounds;
        kv_ipm_result point = {0};
        cr_assert(kv_cut_rounds_create(p, NULL, NULL, &rounds) == KV_OK);
        if (best < 1e29 && kv_cut_rounds_serve(p) && relax(&rounds, &point)) {
            double before = point.bound, size = 1 + fabs(best);
            int added = 1;
            for (int i = 0; i < 6 && added && point.status == KV_OK; i++) {
                double gap = fmax(1e-3 * size, best - before);
                cr_assert(kv_cut_rounds_step(&rounds, gap, 1e300, &point, &added) == KV_OK);
            }
            cr_assert(!(rounds.bound > best + 1e-6 * size), "%lu: %.9g above %.9g", seed,
                      rounds.bound, best);
            if (rounds.vector)
                cr_assert(fabs(kv_bound_recompute(p, rounds.vector) - rounds.bound) <= 1e-9 * size);
            raised += rounds.bound > before + 1e-4 * size;
            tried++;
        }
        kv_ipm_result_free(&point);
        kv_cut_rounds_clear(&rounds);
        kv_problem_free(p);
    }
    cr_assert(tried >= 40, "%d", tried);
    cr_assert(raised >= tried / 4, "%d of %d", raised, tried);
}

/* With a design closed or built: the same as from scratch. */
Test(cut_rounds, other_boxes)
{
    int compared = 0;
    for (unsigned long seed = 1; seed <= 40; seed++) {
        kv_problem *p = network(seed);
        kv_cut_rounds rounds, fresh;
        kv_ipm_result point = {0}, within = {0}, again = {0};
        double *lower = p->design_lower, *upper = p->design_upper;
        double *low = kv_alloc((size_t)p->n_design, sizeof *low);
        double *high = kv_alloc((size_t)p->n_design, sizeof *high);
        memcpy(low, lower, (size_t)p->n_design * sizeof *low);
        memcpy(high, upper, (size_t)p->n_design * sizeof *high);
        int j = (int)(seed % (unsigned long)p->n_design);
        if (seed % 2)
            low[j] = high[j];
        else
            high[j] = low[j];
        cr_assert(kv_cut_rounds_create(p, NULL, NULL, &rounds) == KV_OK);
        if (relax(&rounds, &point)) {
            kv_relaxed from = {point.design, point.flow, point.multipliers};
            kv_status status = kv_cut_rounds_relax(&rounds, low, high, NULL, &from,
                                                   2 * fabs(point.bound), 1e-6, 1e300, &within);
            p->design_lower = low;
            p->design_upper = high;
            cr_assert(kv_cut_rounds_create(p, NULL, NULL, &fresh) == KV_OK);
            if (status == KV_OK && within.status == KV_OK && relax(&fresh, &again)) {
                double size = 1 + fabs(again.bound);
                cr_assert(fabs(within.bound - again.bound) <= 1e-4 * size, "%lu: %.9g, not %.9g",
                          seed, within.bound, again.bound);
                compared++;
            }
            kv_cut_rounds_clear(&fresh);
            p->design_lower = lower;
            p->design_upper = upper;
        }
        kv_ipm_result_free(&point);
        kv_ipm_result_free(&within);
        kv_ipm_result_free(&again);
        kv_cut_rounds_clear(&rounds);
        kv_free(low);
        kv_free(high);
        kv_problem_free(p);
    }
    cr_assert(compared >= 20, "%d", compared);
}

/* One that follows another begins where it stands: both come to the same end, to the last bit, and leave each
 * other alone. */
Test(cut_rounds, followers_end_where_the_other_does)
{
    int compared = 0, with_cuts = 0;
    for (unsigned long seed = 1; seed <= 40; seed++) {
        kv_problem *p = network(seed);
        kv_cut_rounds rounds, follower = {0};
        kv_ipm_result point = {0}, one = {0}, two = {0};
        int added = 0;
        double *high = kv_alloc((size_t)p->n_design, sizeof *high);
        memcpy(high, p->design_upper, (size_t)p->n_design * sizeof *high);
        high[seed % (unsigned long)p->n_design] = 0;
        cr_assert(kv_cut_rounds_create(p, NULL, NULL, &rounds) == KV_OK);
        if (kv_cut_rounds_serve(p) && relax(&rounds, &point) &&
            kv_cut_rounds_step(&rounds, fabs(point.bound), 1e300, &point, &added) == KV_OK &&
            point.status == KV_OK) {
            kv_relaxed from = {point.design, point.flow, point.multipliers};
            double gap = 2 * fabs(point.bound);
            cr_assert(kv_cut_rounds_follow(&rounds, &follower) == KV_OK);
            kv_status status = kv_cut_rounds_relax(&follower, p->design_lower, high, NULL, &from,
                                                   gap, 1e-6, 1e300, &two);
            cr_assert(kv_cut_rounds_relax(&rounds, p->design_lower, high, NULL, &from, gap, 1e-6,
                                          1e300, &one) == status);
            cr_assert(one.status == two.status && one.iterations == two.iterations);
            cr_assert(status != KV_OK || one.bound == two.bound, "%lu: %.17g, not %.17g", seed,
                      two.bound, one.bound);
            compared += status == KV_OK;
            with_cuts += added > 0;
        }
        kv_ipm_result_free(&point);
        kv_ipm_result_free(&one);
        kv_ipm_result_free(&two);
        kv_cut_rounds_clear(&follower);
        kv_cut_rounds_clear(&rounds);
        kv_free(high);
        kv_problem_free(p);
    }
    cr_assert(compared >= 20 && with_cuts >= 10, "%d, %d", compared, with_cuts);
}

static int holds_cut(const kv_proof *proof, const kv_cut *cut)
{
    for (int i = 0; i < proof->n_cuts; i++)
        if (proof->cut[i] == cut)
            return 1;
    return 0;
}

/* Wherever a limit ends the engine, the proof holds all cuts that it speaks of, and proves its bound. */
Test(cut_rounds, proofs_of_the_engine)
{
    int with_cuts = 0;
    for (unsigned long seed = 1; seed <= 24; seed++) {
        kv_problem *p = network(seed);
        for (long work = 2; work <= 2048; work *= 4) {
            kv_limits limits;
            kv_plan *plan = NULL;
            kv_limits_default(&limits);
            limits.gap = 0;
            limits.work = work;
            cr_assert(kv_engine_decomposition.solve(p, &limits, &plan, NULL) == KV_OK);
            const kv_proof *proof = plan->proof;
            for (int v = 0; proof && v < proof->n_vectors; v++)
                for (int c = 0; c < proof->vector[v]->n_cut; c++)
                    cr_assert(holds_cut(proof, proof->vector[v]->cut[c]));
            if (proof) {
                double bound = kv_proof_bound(p, proof, NULL, NULL);
                cr_assert(fabs(bound - plan->certified_bound) <= 1e-9 * (1 + fabs(bound)));
                with_cuts += proof->n_cuts > 0;
            }
            kv_plan_free(plan);
        }
        kv_problem_free(p);
    }
    cr_assert(with_cuts >= 10, "%d", with_cuts);
}

Test(cut_rounds, failing_allocations)
{
    kv_problem *p = network(4);
    long n = 0;
    for (int over = 0; !over; n += 1 + n / 8) {
        kv_cut_rounds rounds;
        kv_ipm_result point = {0};
        int done = 0, added = 0;
        kv_memory_fail_at(n + 1, 1);
        kv_status status = kv_cut_rounds_create(p, NULL, NULL, &rounds);
        if (status == KV_OK)
            status = kv_sifting_step(rounds.sifting, 1e-2, 1e300, &point, &done);
        if (status == KV_OK)
            status = kv_cut_rounds_step(&rounds, 1.0, 1e300, &point, &added);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY);
        over = status == KV_OK;
        kv_ipm_result_free(&point);
        kv_cut_rounds_clear(&rounds);
    }
    kv_problem_free(p);
}
