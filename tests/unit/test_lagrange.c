/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The knapsack relaxation and the volume algorithm on small random problems. */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/relaxation.h"
#include "solver/lagrange/knapsack.h"
#include "solver/lagrange/volume.h"
#include "support/random_problem.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

/* Where y has no lower bounds there is a plan, and the optimum is that of an enumeration. */
static kv_problem *problem_of(unsigned long seed)
{
    kv_random random;
    random_kinds kinds = random_problem_all();
    kv_random_seed(&random, seed);
    return seed % 2 ? tiny_random(&random) : random_problem(&random, &kinds);
}

static void random_rows(const kv_knapsack *k, unsigned long seed, double *rows)
{
    kv_random random;
    kv_random_seed(&random, seed);
    for (int i = 0; i < k->n_rows; i++) {
        double value = 8.0 * kv_random_uniform(&random) - 4.0;
        rows[i] = k->kind[i] == KV_ROW_NONE || (k->bounded[i] && value < 0.0) ? 0.0 : value;
    }
}

/* What the cells are worth is what the problem's own rows prove. */
Test(lagrange, every_multiplier_is_recovered)
{
    int with_gates = 0;
    for (unsigned long seed = 1; seed <= 300; seed++) {
        kv_problem *p = problem_of(seed);
        kv_knapsack *k = NULL;
        kv_pricing *w = NULL;
        kv_multipliers *m = kv_multipliers_create(p);
        cr_assert(eq(int, kv_knapsack_create(p, NULL, NULL, NULL, &k), KV_OK));
        cr_assert(eq(int, kv_pricing_create(k, &w), KV_OK));
        double *rows = kv_alloc((size_t)k->n_rows, sizeof(double));
        double *violation = kv_alloc((size_t)k->n_rows, sizeof(double));
        random_rows(k, seed, rows);
        double bound = kv_pricing_run(w, NULL, rows, violation);
        cr_assert(eq(int, kv_knapsack_multipliers(k, rows, m), KV_OK));
        double proved = kv_bound_recompute(p, m), size = 1.0 + fabs(bound);
        cr_assert(fabs(proved - bound) <= 1e-9 * size, "%lu: %.17g, %.17g", seed, proved, bound);
        with_gates += k->n_gates > 0;
        kv_free(rows);
        kv_free(violation);
        kv_multipliers_free(m);
        kv_pricing_free(w);
        kv_knapsack_free(k);
        kv_problem_free(p);
    }
    cr_assert(with_gates > 20 && with_gates < 300, "%d", with_gates);
}

/* The violation is a slope: along any way the bound rises no more than it says. */
Test(lagrange, violation_is_a_supergradient)
{
    for (unsigned long seed = 1; seed <= 100; seed++) {
        kv_problem *p = problem_of(seed);
        kv_knapsack *k = NULL;
        kv_pricing *w = NULL;
        cr_assert(eq(int, kv_knapsack_create(p, NULL, NULL, NULL, &k), KV_OK));
        cr_assert(eq(int, kv_pricing_create(k, &w), KV_OK));
        size_t n = (size_t)k->n_rows;
        double *from = kv_alloc(n, sizeof(double)), *to = kv_alloc(n, sizeof(double));
        double *violation = kv_alloc(n, sizeof(double)), *other = kv_alloc(n, sizeof(double));
        random_rows(k, seed, from);
        random_rows(k, seed + 1000, to);
        double first = kv_pricing_run(w, NULL, from, violation);
        double second = kv_pricing_run(w, NULL, to, other), most = first;
        for (size_t i = 0; i < n; i++)
            most += violation[i] * (to[i] - from[i]);
        cr_assert(second <= most + 1e-9 * (1.0 + fabs(most)), "%lu: %.17g, %.17g", seed, second,
                  most);
        double *arrays[] = {from, to, violation, other};
        for (int i = 0; i < 4; i++)
            kv_free(arrays[i]);
        kv_pricing_free(w);
        kv_knapsack_free(k);
        kv_problem_free(p);
    }
}

static void solve(const kv_problem *p, kv_threads *threads, long iterations,
                  const kv_multipliers *start, kv_volume_result *result)
{
    kv_volume_options options;
    kv_volume_options_default(&options);
    options.iterations = iterations;
    options.tolerance = 0.0;
    cr_assert(eq(int, kv_volume_solve(p, threads, &options, start, result), KV_OK));
    cr_assert(result->status == KV_OK || result->status == KV_ERR_LIMIT);
}

/* Integer boxes make no difference to the relaxation of these, so the bound can't pass the LP's. */
Test(lagrange, bound_is_below_the_optimum_and_rises)
{
    for (unsigned long seed = 1; seed <= 61; seed += 2) {
        kv_problem *p = problem_of(seed);
        double optimum = tiny_optimum(p, NULL, NULL, 0, NULL, NULL), before = -HUGE_VAL;
        cr_assert(optimum < 1e29);
        for (long n = 0; n <= 300; n += 50) {
            kv_volume_result r;
            solve(p, NULL, n, NULL, &r);
            cr_assert(r.bound <= optimum + 1e-7 * (1.0 + fabs(optimum)), "%lu: %.10g, %.10g", seed,
                      r.bound, optimum);
            cr_assert(r.bound >= before - 1e-9 * (1.0 + fabs(before)), "%lu", seed);
            cr_assert(eq(dbl, r.bound, kv_bound_recompute(p, r.multipliers)));
            cr_assert(r.iterations <= n);
            before = r.bound;
            kv_volume_result_free(&r);
        }
        kv_problem_free(p);
    }
}

static int same(const kv_problem *p, const kv_volume_result *a, const kv_volume_result *b)
{
    size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows * sizeof(double);
    size_t balances = (size_t)p->n_blocks * (size_t)p->n_balances * sizeof(double);
    return a->iterations == b->iterations && a->bound == b->bound && a->value == b->value &&
           memcmp(a->flow, b->flow, flows) == 0 &&
           memcmp(a->design, b->design, (size_t)p->n_design * sizeof(double)) == 0 &&
           memcmp(a->multipliers->balance, b->multipliers->balance, balances) == 0;
}

Test(lagrange, warm_start_and_request_to_stop)
{
    kv_problem *p = problem_of(8);
    kv_volume_result cold, warm, stopped;
    solve(p, NULL, 200, NULL, &cold);
    cr_assert(eq(int, cold.status, KV_ERR_LIMIT));
    solve(p, NULL, 0, cold.multipliers, &warm);
    cr_assert(warm.bound >= cold.bound - 1e-9 * (1.0 + fabs(cold.bound)));
    kv_stop_request();
    solve(p, NULL, 200, cold.multipliers, &stopped);
    kv_stop_reset();
    cr_assert(eq(int, stopped.status, KV_ERR_LIMIT));
    cr_assert(eq(long, stopped.iterations, 0));
    cr_assert(same(p, &warm, &stopped));
    kv_volume_result_free(&cold);
    kv_volume_result_free(&warm);
    kv_volume_result_free(&stopped);
    kv_problem_free(p);
}

Test(lagrange, cutoff_and_empty_box)
{
    kv_problem *p = problem_of(3);
    kv_volume_options options;
    kv_volume_result r;
    kv_volume_options_default(&options);
    options.cutoff = -1e9;
    cr_assert(eq(int, kv_volume_solve(p, NULL, &options, NULL, &r), KV_OK));
    cr_assert(eq(int, r.status, KV_OK));
    cr_assert(eq(long, r.iterations, 0));
    kv_volume_result_free(&r);
    double *lower = kv_alloc((size_t)p->n_design, sizeof(double));
    lower[0] = p->design_upper[0] + 1.0;
    options.lower = lower;
    cr_assert(eq(int, kv_volume_solve(p, NULL, &options, NULL, &r), KV_OK));
    cr_assert(eq(int, r.status, KV_ERR_INFEASIBLE));
    kv_volume_result_free(&r);
    kv_free(lower);
    kv_problem_free(p);
}

Test(lagrange, boxes_of_a_node)
{
    for (unsigned long seed = 1; seed <= 31; seed += 2) {
        kv_problem *p = problem_of(seed);
        size_t n = (size_t)p->n_design;
        double *lower = kv_alloc(n, sizeof(double)), *upper = kv_alloc(n, sizeof(double));
        for (size_t j = 0; j < n; j++) {
            lower[j] = p->design_lower[j];
            upper[j] = j % 2 ? p->design_lower[j] : p->design_upper[j]; /* every other one closed */
        }
        double optimum = tiny_optimum(p, lower, upper, 0, NULL, NULL);
        kv_volume_options options;
        kv_volume_result r;
        kv_volume_options_default(&options);
        options.lower = lower;
        options.upper = upper;
        options.iterations = 100;
        cr_assert(eq(int, kv_volume_solve(p, NULL, &options, NULL, &r), KV_OK));
        cr_assert(r.bound <= optimum + 1e-7 * (1.0 + fabs(optimum)), "%lu: %.10g, %.10g", seed,
                  r.bound, optimum);
        cr_assert(eq(dbl, r.bound, kv_bound_within(p, lower, upper, r.multipliers)));
        kv_volume_result_free(&r);
        kv_free(lower);
        kv_free(upper);
        kv_problem_free(p);
    }
}

Test(lagrange, without_memory)
{
    kv_problem *p = problem_of(4);
    long before = kv_memory_count();
    kv_volume_result r;
    solve(p, NULL, 5, NULL, &r);
    long all = kv_memory_count() - before;
    kv_volume_result_free(&r);
    cr_assert(all > 30);
    for (long n = 1; n <= all; n++) {
        kv_volume_options options;
        kv_volume_options_default(&options);
        options.iterations = 5;
        kv_memory_fail_at(n, 0);
        kv_status status = kv_volume_solve(p, NULL, &options, NULL, &r);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_ERR_MEMORY || (status == KV_OK && r.bound == -HUGE_VAL), "%ld", n);
        kv_volume_result_free(&r);
    }
    kv_problem_free(p);
}

/* Large enough for several tasks. */
static kv_problem *grid_of_arcs(int n_nodes, int n_commodities)
{
    enum { MOST = 400 };
    int tail[MOST], head[MOST], n = 0, one[1];
    kv_random random;
    kv_random_seed(&random, 5);
    for (int v = 0; v < n_nodes; v++)
        for (int s = 1; s <= 4; s++) {
            tail[n] = v;
            head[n++] = (v + s * s) % n_nodes;
        }
    kv_problem *p = tiny_problem(n_nodes, n, tail, head, n_commodities, 0, 2, n, n);
    for (int a = 0; a < n; a++)
        p->design_cost[a] = kv_random_integer(&random, 50, 200);
    for (int b = 0; b < 2; b++) {
        for (int a = 0; a < n; a++) {
            one[0] = a;
            p->resource_base[b * n + a] = 0.0;
            tiny_supply(p, b, a, a, 60.0);
            tiny_opening(p, b, a, 1, one);
        }
        for (int k = 0; k < n_commodities; k++) {
            int from = kv_random_integer(&random, 0, n_nodes - 1);
            double d = kv_random_integer(&random, 1, 9);
            p->balance[tiny_balance(p, b, k, from)] = d;
            p->balance[tiny_balance(p, b, k, (from + 7) % n_nodes)] = -d;
            for (int a = 0; a < n; a++) {
                p->flow_cost[tiny_flow(p, b, k, a)] = kv_random_integer(&random, 1, 5);
                p->flow_upper[tiny_flow(p, b, k, a)] = d;
            }
        }
    }
    for (int k = 0; k < n_commodities; k++)
        for (int a = 0; a < n; a++)
            tiny_use(p, k, a, a, 1.0);
    return p;
}

Test(lagrange, threads_change_nothing)
{
    kv_problem *p = grid_of_arcs(60, 90);
    kv_volume_result one, more;
    kv_knapsack *k = NULL;
    cr_assert(eq(int, kv_problem_check(p, NULL), KV_OK));
    cr_assert(eq(int, kv_knapsack_create(p, NULL, NULL, NULL, &k), KV_OK));
    cr_assert(k->n_tiles > 2);
    cr_assert(eq(int, k->n_rows, 2 * p->n_balances + p->n_commodities)); /* all else is kept */
    kv_knapsack_free(k);
    solve(p, NULL, 60, NULL, &one);
    for (int n = 1; n <= 3; n++) {
        kv_threads *threads = kv_threads_create(n);
        cr_assert(threads != NULL);
        solve(p, threads, 60, NULL, &more);
        cr_assert(same(p, &one, &more));
        kv_volume_result_free(&more);
        kv_threads_free(threads);
    }
    kv_volume_result_free(&one);
    kv_problem_free(p);
}

/* The multipliers of the strong relaxation's optimum, or NULL where it has no optimum. */
static kv_multipliers *strong_optimum(const kv_problem *p)
{
    kv_relaxation *relaxation = NULL;
    kv_multipliers *best = NULL;
    int added = 1;
    cr_assert(eq(int, kv_relaxation_create(p, NULL, NULL, &relaxation), KV_OK));
    for (int round = 0; round < 40 && added; round++) {
        kv_ipm_result result;
        kv_status status = kv_relaxation_solve(relaxation, NULL, NULL, 1e-8, 1e300, &result);
        if (status != KV_OK || result.status != KV_OK)
            added = 0;
        if (status != KV_OK)
            break;
        if (added) {
            kv_multipliers_free(best);
            best = result.multipliers;
            result.multipliers = NULL;
            cr_assert(eq(int, kv_relaxation_separate(relaxation, &result, 1e-7, &added), KV_OK));
        }
        kv_ipm_result_free(&result);
    }
    kv_relaxation_free(relaxation);
    return best;
}

/* Nothing that rows of the problem prove is lost in the knapsack relaxation: it is as strong as the
 * strong linear relaxation. */
Test(lagrange, as_strong_as_the_strong_relaxation)
{
    int compared = 0;
    for (unsigned long seed = 1; seed <= 80; seed++) {
        kv_problem *p = problem_of(seed);
        kv_multipliers *m = strong_optimum(p);
        if (m) {
            kv_volume_result r;
            double bound = kv_bound_recompute(p, m);
            solve(p, NULL, 0, m, &r);
            cr_assert(r.bound >= bound - 1e-6 * (1.0 + fabs(bound)), "%lu: %.10g, %.10g", seed,
                      r.bound, bound);
            kv_volume_result_free(&r);
            compared++;
        }
        kv_multipliers_free(m);
        kv_problem_free(p);
    }
    cr_assert(compared > 60, "%d", compared);
}

/* Costs and amounts over eight orders of magnitude; a deadline in the past ends the work at once. */
Test(lagrange, badly_scaled)
{
    for (unsigned long seed = 1; seed <= 40; seed++) {
        kv_random random;
        random_kinds kinds = random_problem_all();
        kinds.scale = 1e8;
        kv_random_seed(&random, seed);
        kv_problem *p = random_problem(&random, &kinds);
        kv_volume_options options;
        kv_volume_result first, last;
        kv_volume_options_default(&options);
        options.deadline = 0.0;
        cr_assert(eq(int, kv_volume_solve(p, NULL, &options, NULL, &first), KV_OK));
        cr_assert(eq(long, first.iterations, 0));
        solve(p, NULL, 500, NULL, &last);
        cr_assert(isfinite(first.bound) && isfinite(last.value));
        cr_assert(last.bound >= first.bound - 1e-9 * (1.0 + fabs(first.bound)), "%lu", seed);
        kv_volume_result_free(&first);
        kv_volume_result_free(&last);
        kv_problem_free(p);
    }
}
