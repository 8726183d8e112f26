/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flow relaxation: least-cost flows, the investment problem, pricing and its bounds. */
#include "base/memory.h"
#include "solver/lagrange/flow_bound.h"
#include "solver/lagrange/flow_relaxation.h"
#include "support/random_network.h"
#include "support/random_problem.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

/* ---- flows of least cost ---- */

enum { MOST_NODES = 9, MOST_ARCS = 40 };

/* Costs of either sign, bounds that bind, several sources and sinks; often no plan. */
static void draw_network(kv_random *random, kv_least_cost_flow *w)
{
    w->n_nodes = kv_random_integer(random, 2, MOST_NODES);
    w->n_arcs = kv_random_integer(random, w->n_nodes, MOST_ARCS);
    for (int a = 0; a < w->n_arcs; a++) {
        w->tail[a] = a < w->n_nodes ? a : kv_random_integer(random, 0, w->n_nodes - 1);
        w->head[a] =
            a < w->n_nodes ? (a + 1) % w->n_nodes : kv_random_integer(random, 0, w->n_nodes - 1);
        w->cost[a] = kv_random_integer(random, -3, 12);
        w->upper[a] = kv_random_integer(random, 0, 4) == 0 ? 0 : kv_random_integer(random, 1, 30);
    }
    memset(w->supply, 0, (size_t)w->n_nodes * sizeof(double));
    for (int pairs = kv_random_integer(random, 0, 4); pairs > 0; pairs--) {
        double amount = kv_random_integer(random, 1, 40) / 4.0;
        w->supply[kv_random_integer(random, 0, w->n_nodes - 1)] += amount;
        w->supply[kv_random_integer(random, 0, w->n_nodes - 1)] -= amount;
    }
}

/* Its least cost by GLPK; infinity when there is no plan. */
static double least_cost(const kv_least_cost_flow *w)
{
    kv_lp_limits limits;
    double zero[MOST_ARCS] = {0};
    size_t first[MOST_ARCS + 1], n = 0;
    int row[2 * MOST_ARCS];
    double value[2 * MOST_ARCS];
    kv_lp *lp = kv_lp_create();
    for (int a = 0; a < w->n_arcs; a++) {
        first[a] = n;
        if (w->tail[a] == w->head[a])
            continue;
        row[n] = w->tail[a];
        value[n++] = 1;
        row[n] = w->head[a];
        value[n++] = -1;
    }
    first[w->n_arcs] = n;
    cr_assert(lp && kv_lp_add_rows(lp, w->n_nodes, w->supply, w->supply) == KV_OK);
    cr_assert(kv_lp_add_columns(lp, w->n_arcs, w->cost, zero, w->upper, NULL, first, row, value) ==
              KV_OK);
    kv_lp_limits_default(&limits);
    kv_lp_state state = kv_lp_solve(lp, &limits);
    double cost = state == KV_LP_OPTIMAL ? kv_lp_objective(lp) : HUGE_VAL;
    kv_lp_free(lp);
    return cost;
}

Test(flow_relaxation, least_cost_flow_is_that_of_the_simplex_method)
{
    kv_least_cost_flow w;
    kv_random random;
    int plans = 0;
    kv_random_seed(&random, 1);
    cr_assert(kv_least_cost_flow_create(MOST_NODES, MOST_ARCS, &w) == KV_OK);
    for (int i = 0; i < 600; i++) {
        draw_network(&random, &w);
        double least = least_cost(&w), cost = 0, out[MOST_NODES] = {0};
        kv_status status = kv_least_cost_flow_solve(&w);
        cr_assert_eq(status, least < HUGE_VAL ? KV_OK : KV_ERR_INFEASIBLE, "%d", i);
        if (status != KV_OK)
            continue;
        plans++;
        for (int a = 0; a < w.n_arcs; a++) {
            cr_assert(w.flow[a] >= 0 && w.flow[a] <= w.upper[a], "%d", i);
            cost += w.cost[a] * w.flow[a];
            out[w.tail[a]] += w.flow[a];
            out[w.head[a]] -= w.flow[a];
        }
        for (int v = 0; v < w.n_nodes; v++)
            cr_assert(fabs(out[v] - w.supply[v]) <= 1e-9, "%d", i);
        cr_assert(fabs(cost - least) <= 1e-9 * (1 + fabs(least)), "%d", i);
        cr_assert(fabs(kv_least_cost_flow_value(&w) - least) <= 1e-9 * (1 + fabs(least)), "%d", i);
    }
    cr_assert(plans > 200 && plans < 590, "%d", plans);
    kv_least_cost_flow_free(&w);
}

/* ---- the investment problem ---- */

typedef struct chosen {
    kv_problem *problem;
    double *cost, *design;
    kv_investments *investments;
} chosen;

static kv_problem *with_side_rows(unsigned long seed)
{
    kv_random random;
    random_kinds kinds = random_problem_all();
    kv_random_seed(&random, seed);
    kinds.local_rows = kinds.spanning_rows = kinds.empties = 0;
    return seed % 2 ? tiny_random(&random) : random_problem(&random, &kinds);
}

static chosen choose(unsigned long seed)
{
    chosen c = {.problem = with_side_rows(seed)};
    size_t n = (size_t)c.problem->n_design;
    kv_random random;
    kv_random_seed(&random, seed + 7);
    c.cost = kv_alloc(n, sizeof(double));
    c.design = kv_alloc(n, sizeof(double));
    cr_assert(c.cost && c.design);
    for (size_t j = 0; j < n; j++)
        c.cost[j] = kv_random_integer(&random, -20, 5);
    cr_assert(kv_investments_create(c.problem, c.problem->design_lower, c.problem->design_upper,
                                    NULL, &c.investments) == KV_OK);
    return c;
}

static void choose_clear(chosen *c)
{
    kv_investments_free(c->investments);
    kv_free(c->cost);
    kv_free(c->design);
    kv_problem_free(c->problem);
}

/* The same by GLPK's branch and cut. */
static double least_design(const chosen *c)
{
    const kv_problem *p = c->problem;
    const kv_rows *rows = &p->side;
    size_t *first = kv_alloc((size_t)p->n_design + 1, sizeof(size_t));
    kv_lp *lp = kv_lp_create();
    kv_lp_limits limits;
    double bound;
    cr_assert(lp && first);
    cr_assert(kv_lp_add_columns(lp, p->n_design, c->cost, p->design_lower, p->design_upper,
                                p->design_integer, first, NULL, NULL) == KV_OK);
    for (int i = 0; i < rows->count; i++) {
        int from = rows->design_first[i];
        cr_assert(kv_lp_add_row(lp, rows->sense[i] == 'E' ? rows->rhs[i] : -1e30, rows->rhs[i],
                                rows->design_first[i + 1] - from, rows->design + from,
                                rows->design_value + from) == KV_OK);
    }
    kv_lp_limits_default(&limits);
    limits.gap = 0;
    kv_lp_state state = kv_lp_solve_mip(lp, &limits, &bound);
    double least = state == KV_LP_OPTIMAL ? kv_lp_objective(lp) : HUGE_VAL;
    kv_lp_free(lp);
    kv_free(first);
    return least;
}

Test(flow_relaxation, investments_are_solved_over_whole_numbers)
{
    int empty = 0, searched = 0, above = 0;
    for (unsigned long seed = 1; seed <= 300; seed++) {
        chosen c = choose(seed);
        double least = least_design(&c), bound = 0, cost = 0, size = 1 + fabs(least);
        cr_assert(kv_investments_solve(c.investments, c.cost, 2000, c.design, &bound) == KV_OK);
        empty += least == HUGE_VAL;
        if (least == HUGE_VAL) {
            cr_assert(bound == HUGE_VAL, "%lu: %.12g", seed, bound);
            choose_clear(&c);
            continue;
        }
        cr_assert(fabs(bound - least) <= 1e-7 * size, "%lu: %.12g, %.12g", seed, bound, least);
        for (int j = 0; j < c.problem->n_design; j++)
            cost += c.cost[j] * c.design[j];
        cr_assert(fabs(cost - least) <= 1e-6 * size, "%lu: %.12g, %.12g", seed, cost, least);
        searched += kv_investments_nodes(c.investments) > 1;
        above += bound > kv_investments_root(c.investments) + 1e-6 * size;
        cr_assert(kv_investments_solve(c.investments, c.cost, 3, c.design, &bound) == KV_OK);
        cr_assert(bound <= least + 1e-7 * size, "%lu: %.12g, %.12g", seed, bound, least);
        choose_clear(&c);
    }
    cr_assert(empty >= 3 && searched >= 60 && above >= 60, "%d %d %d", empty, searched, above);
}

/* ---- pricing ---- */

static void random_rows(const kv_flow_relaxation *r, unsigned long seed, double *rows)
{
    kv_random random;
    kv_random_seed(&random, seed);
    for (int i = 0; i < r->n_rows; i++) {
        double value = r->worth[i] * (2 * kv_random_uniform(&random) - 1);
        rows[i] = r->bounded[i] && value < 0 ? 0 : value;
    }
}

typedef struct priced {
    kv_problem *problem;
    kv_flow_relaxation *relaxation;
    kv_flow_pricing *pricing;
    double *rows[2], *violation[2];
} priced;

static priced price(unsigned long seed)
{
    kv_random random;
    random_kinds kinds = random_problem_all();
    kv_random_seed(&random, seed);
    priced w = {.problem = seed % 2 ? tiny_random(&random) : random_problem(&random, &kinds)};
    cr_assert(kv_flow_relaxation_create(w.problem, NULL, NULL, NULL, &w.relaxation) == KV_OK);
    cr_assert(kv_flow_pricing_create(w.relaxation, NULL, &w.pricing) == KV_OK);
    w.pricing->most_nodes = 2000;
    for (int i = 0; i < 2; i++) {
        w.rows[i] = kv_alloc((size_t)w.relaxation->n_rows, sizeof(double));
        w.violation[i] = kv_alloc((size_t)w.relaxation->n_rows, sizeof(double));
        random_rows(w.relaxation, seed + 1000 * (unsigned long)i, w.rows[i]);
    }
    return w;
}

static void price_clear(priced *w)
{
    for (int i = 0; i < 2; i++) {
        kv_free(w->rows[i]);
        kv_free(w->violation[i]);
    }
    kv_flow_pricing_free(w->pricing);
    kv_flow_relaxation_free(w->relaxation);
    kv_problem_free(w->problem);
}

/* What a point is worth is what the problem's own rows and the leaves prove. */
Test(flow_relaxation, every_multiplier_is_confirmed)
{
    int several = 0, n = 0;
    for (unsigned long seed = 1; seed <= 200; seed++) {
        priced w = price(seed);
        kv_multipliers *m = kv_multipliers_create(w.problem);
        kv_bound_terms terms;
        kv_proof *proof = NULL;
        double bound = kv_flow_pricing_run(w.pricing, NULL, w.rows[0], w.violation[0]), designs;
        cr_assert(w.pricing->status == KV_OK);
        if (bound < HUGE_VAL) {
            kv_investments *v = w.pricing->investments;
            cr_assert(kv_flow_pricing_multipliers(w.pricing, m) == KV_OK);
            cr_assert(kv_bound_terms_create(w.problem, m, &terms) == KV_OK);
            cr_assert(kv_investments_solve(v, terms.design, 2000, w.pricing->design, &designs) ==
                      KV_OK);
            cr_assert(kv_investments_prove(v, m, &proof) == KV_OK);
            double proved = kv_proof_bound(w.problem, proof, NULL, NULL), size = 1 + fabs(bound);
            cr_assert(eq(dbl, proved, proof->bound));
            cr_assert(proved >= bound - 1e-7 * size, "%lu: %.12g, %.12g", seed, proved, bound);
            cr_assert(fabs(proved - (terms.constant + designs)) <= 1e-9 * size, "%lu", seed);
            several += proof->n_leaves > 1;
            n++;
            kv_proof_free(proof);
            kv_free(terms.design);
        } else {
            kv_multipliers_free(m);
        }
        price_clear(&w);
    }
    cr_assert(n >= 180 && several >= 40, "%d %d", n, several);
}

Test(flow_relaxation, violation_is_a_supergradient)
{
    for (unsigned long seed = 1; seed <= 150; seed++) {
        priced w = price(seed);
        double first = kv_flow_pricing_run(w.pricing, NULL, w.rows[0], w.violation[0]);
        double second = kv_flow_pricing_run(w.pricing, NULL, w.rows[1], w.violation[1]);
        double most = first;
        for (int i = 0; i < w.relaxation->n_rows; i++)
            most += w.violation[0][i] * (w.rows[1][i] - w.rows[0][i]);
        if (first < HUGE_VAL)
            cr_assert(second <= most + 1e-7 * (1 + fabs(most) + fabs(second)), "%lu: %.12g %.12g",
                      seed, second, most);
        price_clear(&w);
    }
}

/* ---- bounds ---- */

static double linear_optimum(const kv_problem *p)
{
    kv_lp_limits limits;
    kv_lp *lp = random_problem_lp(p, KV_STRONG, NULL, NULL, 1);
    kv_lp_limits_default(&limits);
    double value = kv_lp_solve(lp, &limits) == KV_LP_OPTIMAL ? kv_lp_objective(lp) : HUGE_VAL;
    kv_lp_free(lp);
    return value;
}

/* From the multipliers of the knapsack relaxation. */
static kv_flow_bound raise(const kv_problem *p, kv_threads *threads, long iterations)
{
    kv_flow_bound_options options;
    kv_volume_result start;
    kv_flow_bound result;
    kv_flow_bound_options_default(&options);
    options.steps.iterations = 2000;
    options.steps.tolerance = 1e-8;
    options.steps.least_weight = 0.005;
    cr_assert(kv_volume_solve(p, NULL, &options.steps, NULL, &start) == KV_OK);
    options.steps.iterations = iterations;
    cr_assert(kv_flow_bound_solve(p, threads, &options, start.multipliers, &result) == KV_OK);
    cr_assert(result.status == KV_OK || result.status == KV_ERR_LIMIT);
    kv_volume_result_free(&start);
    return result;
}

/* Without side rows whole numbers make no difference: LP, knapsack and flow relaxation agree. */
Test(flow_relaxation, agrees_with_the_linear_relaxation)
{
    static const network_kind kinds[] = {NETWORK_ORDINARY, NETWORK_EQUAL, NETWORK_FREE,
                                         NETWORK_APART, NETWORK_PARALLEL};
    for (unsigned long i = 0; i < 20; i++) {
        kv_random random;
        kv_random_seed(&random, 40 + i);
        kv_problem *p = random_network(&random, kinds[i % 5]);
        double value = linear_optimum(p);
        kv_flow_bound r = raise(p, NULL, 200);
        cr_assert(r.bound <= value + 1e-9 * value && r.bound >= value - 2e-3 * value,
                  "%lu: %.10g, %.10g", i, r.bound, value);
        cr_assert(fabs(r.linear - r.bound) <= 1e-9 * value && r.proof->n_leaves == 1);
        kv_flow_bound_free(&r);
        kv_problem_free(p);
    }
}

/* Cold, it gets there more slowly. */
Test(flow_relaxation, rises_from_its_own_start)
{
    for (unsigned long i = 0; i < 6; i++) {
        kv_random random;
        kv_random_seed(&random, 60 + i);
        kv_problem *p = random_network(&random, NETWORK_ORDINARY);
        double value = linear_optimum(p), before = -HUGE_VAL;
        for (long n = 0; n <= 3000; n = n ? 10 * n : 3) {
            kv_flow_bound_options options;
            kv_flow_bound r;
            kv_flow_bound_options_default(&options);
            options.steps.iterations = n;
            options.steps.tolerance = 1e-7;
            cr_assert(kv_flow_bound_solve(p, NULL, &options, NULL, &r) == KV_OK);
            cr_assert(r.bound >= before - 1e-9 * value && r.bound <= value + 1e-9 * value);
            before = r.bound;
            kv_flow_bound_free(&r);
        }
        cr_assert(before >= 0.98 * value, "%lu: %.10g, %.10g", i, before, value);
        kv_problem_free(p);
    }
}

/* Where budgets and rules leave the LP fractions it proves more, and never more than is true. */
Test(flow_relaxation, above_the_linear_relaxation_where_side_rows_are)
{
    int above = 0, valid = 0;
    for (unsigned long seed = 1; seed <= 100; seed++) {
        kv_problem *p = with_side_rows(seed);
        double value = linear_optimum(p), optimum = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        if (optimum < 1e29) {
            kv_flow_bound r = raise(p, NULL, 100);
            double size = 1 + fabs(optimum);
            cr_assert(r.bound <= optimum + 1e-7 * size, "%lu: %.10g above %.10g", seed, r.bound,
                      optimum);
            cr_assert(eq(dbl, r.bound, kv_proof_bound(p, r.proof, NULL, NULL)));
            cr_assert(r.linear <= value + 1e-7 * size && r.linear <= r.bound + 1e-9 * size);
            above += r.bound > value + 1e-3 * size;
            valid++;
            kv_flow_bound_free(&r);
        }
        kv_problem_free(p);
    }
    cr_assert(valid >= 80 && above >= 10, "%d %d", valid, above);
}

Test(flow_relaxation, threads_change_nothing)
{
    kv_threads *threads = kv_threads_create(2);
    cr_assert(threads != NULL);
    for (unsigned long seed = 2; seed <= 12; seed += 2) {
        kv_problem *p = with_side_rows(seed);
        if (tiny_optimum(p, NULL, NULL, 0, NULL, NULL) < 1e29) {
            kv_flow_bound a = raise(p, NULL, 60), b = raise(p, threads, 60);
            size_t balances = (size_t)p->n_blocks * (size_t)p->n_balances * sizeof(double);
            cr_assert(a.bound == b.bound && a.iterations == b.iterations);
            cr_assert(a.proof->n_leaves == b.proof->n_leaves);
            cr_assert(memcmp(a.proof->vector[0]->balance, b.proof->vector[0]->balance, balances) ==
                      0);
            kv_flow_bound_free(&a);
            kv_flow_bound_free(&b);
        }
        kv_problem_free(p);
    }
    kv_threads_free(threads);
}

Test(flow_relaxation, no_plan)
{
    kv_random random;
    kv_random_seed(&random, 3);
    kv_problem *p = random_network(&random, NETWORK_CUT_OFF);
    kv_flow_bound_options options;
    kv_flow_bound r;
    kv_flow_bound_options_default(&options);
    cr_assert(kv_flow_bound_solve(p, NULL, &options, NULL, &r) == KV_OK);
    cr_assert(r.status == KV_ERR_INFEASIBLE && r.proof == NULL);
    kv_flow_bound_free(&r);
    kv_problem_free(p);
}

/* All with the n-th allocation failing; 1 when one did. */
static int run_short_of_memory(const kv_problem *p, long n)
{
    kv_flow_bound_options options;
    kv_flow_bound result;
    kv_flow_bound_options_default(&options);
    options.steps.iterations = 2;
    kv_memory_fail_at(n, 0);
    kv_status status = kv_flow_bound_solve(p, NULL, &options, NULL, &result);
    kv_memory_fail_at(0, 0);
    cr_assert(status == KV_OK || status == KV_ERR_MEMORY, "%ld: %d", n, status);
    kv_flow_bound_free(&result);
    return status == KV_ERR_MEMORY;
}

Test(flow_relaxation, out_of_memory)
{
    kv_problem *p = with_side_rows(9);
    long n = 1;
    while (run_short_of_memory(p, n))
        n++;
    cr_assert(n > 60, "%ld", n);
    kv_problem_free(p);
}
