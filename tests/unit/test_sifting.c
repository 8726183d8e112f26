/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strong relaxation by sifting against GLPK's simplex on random problems. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "solver/decomposition/group_rows.h"
#include "solver/decomposition/sifting_state.h"
#include "support/random_problem.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <limits.h>
#include <math.h>
#include <string.h>

enum { MOST_STEPS = 40 };

typedef struct outcome {
    kv_status status; /* of the last step */
    kv_ipm_result result;
    int done, steps;
} outcome;

/* No row of an opening and flow has two multipliers: a certificate names each row once. */
static int once_each(const kv_multipliers *m)
{
    for (int i = 0; i < m->n_opening; i++)
        for (int j = 0; j < i; j++)
            if (m->opening[i] == m->opening[j] && m->opening_flow[i] == m->opening_flow[j])
                return 0;
    return 1;
}

/* Rounds until the value is found; each bound is one on `optimum`. */
static outcome sift(const kv_problem *problem, kv_threads *threads, long few_flows, double optimum,
                    int i)
{
    kv_relaxation *relaxation = NULL;
    kv_sifting *sifting = NULL;
    outcome o = {0};
    cr_assert(kv_relaxation_create(problem, threads, NULL, &relaxation) == KV_OK);
    relaxation->few_flows = few_flows;
    cr_assert(kv_sifting_create(relaxation, &sifting) == KV_OK);
    while (!o.done && o.steps < MOST_STEPS) {
        kv_ipm_result_free(&o.result);
        o.status = kv_sifting_step(sifting, 1e-7, 1e300, &o.result, &o.done);
        cr_assert(o.status == KV_OK, "%d: %d", i, o.status);
        double bound = kv_bound_recompute(problem, o.result.multipliers);
        cr_assert(fabs(bound - o.result.bound) <= 1e-9 * fmax(1, fabs(bound)), "%d", i);
        cr_assert(bound <= optimum + 1e-9 * fmax(1, fabs(optimum)), "%d: %.12g above %.12g", i,
                  bound, optimum);
        cr_assert(once_each(o.result.multipliers), "%d", i);
        o.steps++;
    }
    kv_sifting_free(sifting);
    kv_relaxation_free(relaxation);
    return o;
}

/* Optimum of the strong relaxation, 1e300 when there is none. */
static double simplex_optimum(const kv_problem *problem)
{
    kv_lp_limits limits;
    kv_lp *lp = random_problem_lp(problem, KV_STRONG, NULL, NULL, 1);
    kv_lp_limits_default(&limits);
    kv_lp_state state = kv_lp_solve(lp, &limits);
    double optimum = state == KV_LP_OPTIMAL ? kv_lp_objective(lp) : 1e300;
    cr_assert(state == KV_LP_OPTIMAL || state == KV_LP_INFEASIBLE);
    kv_lp_free(lp);
    return optimum;
}

typedef struct tally {
    int feasible, met, several; /* several: took more than one round */
} tally;

static tally compare(uint64_t seed, int count, const random_kinds *kinds, long few_flows)
{
    tally t = {0, 0, 0};
    kv_random random;
    kv_random_seed(&random, seed);
    for (int i = 0; i < count; i++) {
        kv_problem *p = random_problem(&random, kinds);
        double optimum = simplex_optimum(p);
        if (optimum < 1e299) {
            outcome o = sift(p, NULL, few_flows, optimum, i);
            double size = fmax(1, fabs(optimum));
            t.feasible++;
            t.several += o.steps > 1;
            t.met += o.done && o.result.status == KV_OK &&
                     fabs(o.result.primal - optimum) <= 1e-6 * size &&
                     o.result.bound >= optimum - 1e-6 * size;
            kv_ipm_result_free(&o.result);
        }
        kv_problem_free(p);
    }
    return t;
}

static random_kinds without_couplings(void)
{
    random_kinds kinds = random_problem_all();
    kinds.local_rows = kinds.spanning_rows = kinds.empties = 0;
    return kinds;
}

/* Without coupling rows the volume algorithm says which flows to begin with. */
Test(sifting, from_the_volume_algorithm)
{
    random_kinds kinds = without_couplings();
    tally t = compare(1, 60, &kinds, 0);
    cr_assert(t.feasible >= 50 && t.met == t.feasible, "%d of %d", t.met, t.feasible);
    cr_assert(t.several >= 30, "%d of %d", t.several, t.feasible);
}

Test(sifting, all_flows_at_once)
{
    random_kinds kinds = random_problem_all();
    tally t = compare(2, 60, &kinds, LONG_MAX);
    cr_assert(t.feasible >= 45 && t.met == t.feasible, "%d of %d", t.met, t.feasible);
}

/* With coupling rows; LPs over some of the flows need not have a solution then. */
Test(sifting, from_shortest_ways)
{
    random_kinds kinds = random_problem_all();
    tally t = compare(4, 40, &kinds, 0);
    cr_assert(t.feasible >= 30 && t.met == t.feasible, "%d of %d", t.met, t.feasible);
    cr_assert(t.several >= 20, "%d of %d", t.several, t.feasible);
}

/* Costs and capacities over eight orders of magnitude: most are solved, and all bounds hold. */
Test(sifting, badly_scaled)
{
    random_kinds kinds = without_couplings();
    kinds.scale = 1e8;
    tally t = compare(3, 80, &kinds, 0);
    cr_assert(t.feasible >= 50 && 10 * t.met >= 9 * t.feasible, "%d of %d", t.met, t.feasible);
}

Test(sifting, threads_change_nothing)
{
    random_kinds kinds[2] = {without_couplings(), random_problem_all()};
    kv_threads *threads = kv_threads_create(2);
    cr_assert(threads != NULL);
    for (uint64_t i = 0; i < 12; i++) {
        kv_random random;
        kv_random_seed(&random, 200 + i);
        kv_problem *p = random_problem(&random, &kinds[i % 2]);
        if (simplex_optimum(p) < 1e299) {
            outcome a = sift(p, NULL, 0, 1e300, (int)i), b = sift(p, threads, 0, 1e300, (int)i);
            size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows;
            cr_assert(a.steps == b.steps && a.result.iterations == b.result.iterations);
            cr_assert(memcmp(&a.result.bound, &b.result.bound, sizeof(double)) == 0);
            cr_assert(memcmp(a.result.flow, b.result.flow, flows * sizeof(double)) == 0);
            kv_ipm_result_free(&a.result);
            kv_ipm_result_free(&b.result);
        }
        kv_problem_free(p);
    }
    kv_threads_free(threads);
}

/* ---- again ---- */

/* Steps until it is done, from where an LP ended; the result is the last one's. */
static kv_status go_on(kv_sifting *s, double tolerance, double cutoff, kv_ipm_result *result,
                       int *done)
{
    kv_status status = KV_OK;
    *done = 0;
    for (int i = 0; i < MOST_STEPS && !*done && status == KV_OK; i++) {
        kv_ipm_result_free(result);
        status = kv_sifting_step(s, tolerance, cutoff, result, done);
    }
    return status;
}

/* Begin again at the point of `from`, with its own boxes. */
static void restart(kv_sifting *s, const kv_problem *p, const kv_ipm_result *from)
{
    kv_multipliers *m = kv_multipliers_copy(p, from->multipliers);
    cr_assert(m != NULL);
    cr_assert(kv_sifting_restart(s, from->design, from->flow, m, 2 * fabs(from->bound), 1e-3) ==
              KV_OK);
}

typedef struct again {
    int solved, fewer, above;
} again;

/* Solve, hold all flows as after a failure, begin again; then below a cutoff that no plan meets. */
static void try_again(const kv_problem *p, double optimum, again *seen)
{
    kv_relaxation *relaxation = NULL;
    kv_sifting *s = NULL;
    kv_ipm_result first = {0}, second = {0};
    double size = fmax(1, fabs(optimum)), cutoff = optimum - 1e-3 * size;
    int done = 0;
    cr_assert(kv_relaxation_create(p, NULL, NULL, &relaxation) == KV_OK);
    relaxation->few_flows = 0;
    cr_assert(kv_sifting_create(relaxation, &s) == KV_OK);
    cr_assert(go_on(s, 1e-7, 1e300, &first, &done) == KV_OK);
    cr_assert(done && first.status == KV_OK);
    kv_sifting_hold_all(s);
    restart(s, p, &first);
    seen->fewer += kv_sifting_held(s) < (long)p->n_blocks * p->n_flows;
    cr_assert(go_on(s, 1e-7, 1e300, &second, &done) == KV_OK);
    cr_assert(second.bound <= optimum + 1e-9 * size);
    seen->solved += done && second.bound >= optimum - 1e-6 * size;
    restart(s, p, &first);
    cr_assert(go_on(s, 1e-7, cutoff, &second, &done) == KV_OK);
    cr_assert(second.bound <= optimum + 1e-9 * size);
    seen->above += done && second.bound > cutoff;
    kv_ipm_result_free(&first);
    kv_ipm_result_free(&second);
    kv_sifting_free(s);
    kv_relaxation_free(relaxation);
}

/* What one LP needed is not left to the next. */
Test(sifting, begins_again)
{
    random_kinds kinds = without_couplings();
    again seen = {0, 0, 0};
    int feasible = 0;
    kv_random random;
    kv_random_seed(&random, 11);
    for (int i = 0; i < 40; i++) {
        kv_problem *p = random_problem(&random, &kinds);
        double optimum = simplex_optimum(p);
        feasible += optimum < 1e299;
        if (optimum < 1e299)
            try_again(p, optimum, &seen);
        kv_problem_free(p);
    }
    cr_assert(feasible >= 30 && seen.solved == feasible && seen.above == feasible, "%d, %d of %d",
              seen.solved, seen.above, feasible);
    cr_assert(seen.fewer >= 20, "%d of %d", seen.fewer, feasible);
}

/* The first round, stopped: the multipliers that it began with, of a problem without rows of groups. */
static void stop_at_once(const kv_group_rows *groups, const kv_problem *p, kv_volume_result *volume)
{
    kv_relaxation *relaxation = NULL;
    kv_sifting *sifting = NULL;
    kv_ipm_result result = {0};
    int done;
    cr_assert(kv_relaxation_create(&groups->problem, NULL, groups->drop, &relaxation) == KV_OK);
    cr_assert(kv_sifting_create(relaxation, &sifting) == KV_OK);
    cr_assert(kv_group_rows_extend(groups, volume->multipliers) == KV_OK);
    kv_sifting_begin(sifting, volume);
    kv_stop_request();
    cr_assert(kv_sifting_step(sifting, 1e-7, 1e300, &result, &done) == KV_OK && done);
    kv_stop_reset();
    cr_assert(result.multipliers->side[p->side.count] == 0);
    double bound_again = kv_bound_recompute(&groups->problem, result.multipliers);
    cr_assert(fabs(bound_again - result.bound) <= 1e-6 * fmax(1, fabs(result.bound)), "%g, not %g",
              bound_again, result.bound);
    kv_ipm_result_free(&result);
    kv_sifting_free(sifting);
    kv_relaxation_free(relaxation);
}

Test(sifting, stopped_in_its_first_round)
{
    random_kinds kinds = without_couplings();
    int tried = 0;
    kv_random random;
    kv_random_seed(&random, 13);
    for (int i = 0; i < 60; i++) {
        kv_problem *p = random_problem(&random, &kinds);
        kv_group_rows groups;
        kv_volume_options options;
        kv_volume_result volume = {0};
        tiny_group(p, 0, 2);
        kv_volume_options_default(&options);
        cr_assert(kv_group_rows_create(p, NULL, &groups) == KV_OK);
        cr_assert(kv_volume_solve(p, NULL, &options, NULL, &volume) == KV_OK);
        if (groups.n_groups == 1 && volume.multipliers && ++tried)
            stop_at_once(&groups, p, &volume);
        kv_volume_result_free(&volume);
        kv_group_rows_clear(&groups);
        kv_problem_free(p);
    }
    cr_assert(tried >= 10, "%d", tried);
}

/* All steps with the n-th allocation failing; 1 when one did. */
static int run_short_of_memory(const kv_problem *problem, long n)
{
    kv_relaxation *relaxation = NULL;
    kv_sifting *sifting = NULL;
    kv_ipm_result result;
    int done = 0;
    memset(&result, 0, sizeof result);
    kv_memory_fail_at(n, 0);
    kv_status status = kv_relaxation_create(problem, NULL, NULL, &relaxation);
    if (status == KV_OK) {
        relaxation->few_flows = 0;
        status = kv_sifting_create(relaxation, &sifting);
    }
    for (int i = 0; i < 2 && status == KV_OK && !done; i++) {
        kv_ipm_result_free(&result);
        status = kv_sifting_step(sifting, 1e-6, 1e300, &result, &done);
    }
    if (status == KV_OK)
        status = kv_relaxation_hold_tight(relaxation, &result);
    kv_memory_fail_at(0, 0);
    cr_assert(status == KV_OK || status == KV_ERR_MEMORY, "%ld: %d", n, status);
    kv_ipm_result_free(&result);
    kv_sifting_free(sifting);
    kv_relaxation_free(relaxation);
    return status == KV_ERR_MEMORY;
}

static void try_short_of_memory(random_kinds kinds, uint64_t seed)
{
    kv_random random;
    long n = 1;
    kinds.most_blocks = 1;
    kinds.most_commodities = 2;
    kv_random_seed(&random, seed);
    kv_problem *p = random_problem(&random, &kinds);
    while (run_short_of_memory(p, n))
        n++;
    cr_assert(n > 50, "%ld", n);
    kv_problem_free(p);
}

Test(sifting, out_of_memory)
{
    try_short_of_memory(without_couplings(), 9);
    try_short_of_memory(random_problem_all(), 10);
}
