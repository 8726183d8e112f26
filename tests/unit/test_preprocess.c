/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "solver/lagrange/volume.h"
#include "solver/preprocess/choice.h"
#include "solver/preprocess/groups.h"
#include "solver/preprocess/path_costs.h"
#include "solver/preprocess/reduction.h"
#include "solver/preprocess/root.h"
#include "solver/preprocess/rounding.h"
#include "support/random_problem.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static kv_limits exact(int plain, int threads)
{
    kv_limits limits;
    kv_limits_default(&limits);
    limits.gap = 0.0;
    limits.no_preprocessing = plain;
    limits.threads = threads;
    return limits;
}

static kv_plan *solve(const kv_problem *p, const kv_limits *limits)
{
    kv_plan *plan = NULL;
    cr_assert(kv_engine_glpk.solve(p, limits, &plan, NULL) == KV_OK && plan);
    return plan;
}

static kv_multipliers *priced(const kv_problem *p, long iterations)
{
    kv_volume_options options;
    kv_volume_result result;
    kv_volume_options_default(&options);
    options.iterations = iterations;
    cr_assert(kv_volume_solve(p, NULL, &options, NULL, &result) == KV_OK);
    kv_multipliers *m = kv_multipliers_copy(p, result.multipliers);
    kv_volume_result_free(&result);
    cr_assert(m != NULL);
    return m;
}

/* ---- reduced costs ------------------------------------------------------------------------- */

Test(preprocess, reduced_costs_bound_every_point)
{
    kv_random random;
    kv_random_seed(&random, 51);
    random_kinds all = random_problem_all();
    for (int trial = 0; trial < 40; trial++) {
        kv_problem *p = random_problem(&random, &all);
        kv_multipliers *m = priced(p, trial % 3 == 0 ? 0 : 100);
        kv_reduced_costs costs;
        cr_assert(kv_reduced_costs_create(p, NULL, NULL, m, &costs) == KV_OK);
        double bound = kv_bound_recompute(p, m);
        cr_expect(fabs(costs.bound - bound) <= costs.error + 1e-9 * fabs(bound));
        cr_expect(costs.error <= 1e-6 * (1.0 + fabs(bound)), "%g of %g", costs.error, bound);
        kv_reduced_costs_clear(&costs);
        kv_multipliers_free(m);
        kv_problem_free(p);
    }
}

/* Source 0, sink 2, ways 0-1-2 (1 + 2) and 0-2 (5), and 2-0 (4) which only a cycle can use. */
Test(preprocess, costs_of_whole_ways)
{
    int tail[] = {0, 1, 0, 2}, head[] = {1, 2, 2, 0};
    kv_problem *p = tiny_problem(3, 4, tail, head, 1, 0, 1, 0, 1);
    double reduced[] = {1.0, 2.0, 5.0, -4.0}, room[6 + 9], least[4];
    unsigned char open[] = {1, 1, 1, 1};
    cr_assert(eq(sz, kv_path_room(3), sizeof room / sizeof *room));
    p->balance[tiny_balance(p, 0, 0, 0)] = 7.0;
    p->balance[tiny_balance(p, 0, 0, 2)] = -7.0;
    kv_path_costs(p, 0, 0, reduced, open, room, least);
    cr_expect(eq(dbl, least[0], 3.0));
    cr_expect(eq(dbl, least[1], 3.0));
    cr_expect(eq(dbl, least[2], 5.0));
    cr_expect(eq(dbl, least[3], 3.0)); /* 0-1-2 and back, which is cheaper than 0-1-2-0-1-2 */
    open[0] = 0;
    kv_path_costs(p, 0, 0, reduced, open, room, least);
    cr_expect(least[0] == HUGE_VAL && least[1] == HUGE_VAL); /* nothing comes to node 1 */
    cr_expect(eq(dbl, least[2], 5.0));
    cr_expect(eq(dbl, least[3], 5.0));
    open[0] = 1;
    open[1] = 0; /* node 1 leads nowhere */
    kv_path_costs(p, 0, 0, reduced, open, room, least);
    cr_expect(least[0] == HUGE_VAL);
    kv_problem_free(p);
}

Test(preprocess, best_of_a_group)
{
    int tail[] = {0}, head[] = {1};
    kv_problem *p = tiny_problem(2, 1, tail, head, 1, 0, 1, 0, 4);
    int group[] = {0, 0, 0, -1};
    double limit[] = {2.0}, d[] = {-3.0, -5.0, 1.0, -9.0}, upper[] = {2.0, 1.0, 2.0, 1.0};
    kv_groups groups;
    p->n_groups = 1;
    p->design_group = kv_alloc(4, sizeof(int));
    p->group_limit = kv_alloc(1, sizeof(double));
    memcpy(p->design_group, group, sizeof group);
    memcpy(p->group_limit, limit, sizeof limit);
    cr_assert(kv_groups_create(p, p->design_lower, NULL, &groups) == KV_OK);
    cr_expect(eq(int, groups.of[0], -1)); /* no row states it */
    kv_groups_clear(&groups);
    tiny_row(&p->side, 'L', 2.0, 0);
    for (int j = 0; j < 3; j++)
        tiny_row_design(&p->side, j, 1.0);
    cr_assert(kv_groups_create(p, p->design_lower, NULL, &groups) == KV_OK);
    cr_expect(eq(int, groups.of[0], 0));
    cr_expect(eq(int, groups.of[3], -1));
    cr_expect(eq(dbl, kv_group_least(&groups, 0, d, upper, 2.0, -1), -8.0));
    cr_expect(eq(dbl, kv_group_least(&groups, 0, d, upper, 2.0, 1), -6.0));
    cr_expect(eq(dbl, kv_group_least(&groups, 0, d, upper, 0.0, -1), 0.0));
    kv_groups_clear(&groups);
    unsigned char dropped[] = {1};
    cr_assert(kv_groups_create(p, p->design_lower, dropped, &groups) == KV_OK);
    cr_expect(eq(int, groups.of[0], -1));
    kv_groups_clear(&groups);
    kv_problem_free(p);
}

/* ---- reductions ---------------------------------------------------------------------------- */

/* All designs of integers in the problem's boxes in turn, continuous ones left free (lower, upper).
 * 0 = there are no more. */
static int next_design(const kv_problem *p, double *lower, double *upper)
{
    for (int j = 0; j < p->n_design; j++) {
        if (!p->design_integer[j])
            continue;
        if (lower[j] + 1.0 <= floor(p->design_upper[j])) {
            lower[j] += 1.0;
            upper[j] = lower[j];
            return 1;
        }
        lower[j] = upper[j] = ceil(p->design_lower[j]);
    }
    return 0;
}

static void first_design(const kv_problem *p, double *lower, double *upper)
{
    for (int j = 0; j < p->n_design; j++) {
        lower[j] = p->design_integer[j] ? ceil(p->design_lower[j]) : p->design_lower[j];
        upper[j] = p->design_integer[j] ? lower[j] : p->design_upper[j];
    }
}

/* The largest value of flow x in plans of the boxes that cost at most `cutoff`; -1 = there are none. */
static double largest_flow(const kv_problem *p, const double *lower, const double *upper, int x,
                           double cutoff)
{
    int flows = p->n_blocks * p->n_flows, n = p->n_design + flows, *column = NULL;
    double *cost = kv_alloc((size_t)n, sizeof *cost), most = -1.0;
    kv_lp *lp = tiny_lp(p, lower, upper, 0, NULL);
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    column = kv_alloc((size_t)n, sizeof *column);
    cr_assert(cost && column);
    for (int j = 0; j < n; j++) {
        int f = j - p->n_design;
        column[j] = j;
        cost[j] = f < 0 ? p->design_cost[j] : p->block_weight[f / p->n_flows] * p->flow_cost[f];
        cr_assert(kv_lp_set_cost(lp, j, f == x ? -1.0 : 0.0) == KV_OK);
    }
    cr_assert(kv_lp_add_row(lp, -1e30, cutoff, n, column, cost) == KV_OK);
    if (kv_lp_solve(lp, &limits) == KV_LP_OPTIMAL)
        most = -kv_lp_objective(lp);
    kv_lp_free(lp);
    kv_free(cost);
    kv_free(column);
    return most;
}

typedef struct tally {
    int narrowed, closed, shrunk, plans;
} tally;

/* No plan that costs at most the cutoff is left out. */
static void expect_all_survive(const kv_problem *p, const kv_reduction *r, double cutoff,
                               kv_random *random, tally *t)
{
    double lower[8], upper[8];
    int flows = p->n_blocks * p->n_flows;
    first_design(p, lower, upper);
    do {
        double best = tiny_optimum(p, lower, upper, 0, NULL, NULL);
        if (best > cutoff)
            continue;
        t->plans++;
        for (int j = 0; j < p->n_design; j++)
            if (p->design_integer[j])
                cr_expect(lower[j] >= r->lower[j] && lower[j] <= r->upper[j]);
        for (int i = 0; i < 4; i++) {
            int x = kv_random_integer(random, 0, flows - 1);
            double most = largest_flow(p, lower, upper, x, cutoff);
            cr_expect(most <= r->flow_upper[x] + 1e-6 * (1.0 + r->flow_upper[x]), "%g, %g", most,
                      r->flow_upper[x]);
        }
    } while (next_design(p, lower, upper));
    t->narrowed += r->narrowed;
    t->closed += (int)r->removed;
    t->shrunk += (int)r->tightened;
}

Test(preprocess, nothing_good_is_left_out)
{
    kv_random random;
    tally t = {0, 0, 0, 0};
    kv_random_seed(&random, 52);
    for (int trial = 0; trial < 60; trial++) {
        kv_problem *p = tiny_random(&random);
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        if (best < 1e30) {
            double cutoff = best + (trial % 3) * 0.02 * (1.0 + fabs(best));
            kv_reduction r;
            kv_multipliers *m = priced(p, trial % 4 == 0 ? 20 : 500);
            cr_assert(kv_reduction_create(p, NULL, NULL, NULL, &r) == KV_OK);
            for (int i = 0; i < 2; i++)
                cr_expect(eq(int, kv_reduction_tighten(&r, m, cutoff), KV_OK));
            cr_expect(eq(dbl, r.cutoff, cutoff));
            expect_all_survive(p, &r, cutoff, &random, &t);
            double again = tiny_optimum(&r.problem, NULL, NULL, 0, NULL, NULL);
            cr_expect(epsilon_eq(dbl, again, best, 1e-6 * (1.0 + fabs(best))));
            kv_reduction_clear(&r);
            kv_multipliers_free(m);
        }
        kv_problem_free(p);
    }
    cr_expect(t.narrowed >= 40 && t.closed >= 50 && t.shrunk >= 50 && t.plans >= 60,
              "%d, %d, %d, %d", t.narrowed, t.closed, t.shrunk, t.plans);
}

Test(preprocess, a_cutoff_below_the_optimum_leaves_nothing)
{
    kv_random random;
    kv_random_seed(&random, 53);
    int proved = 0;
    for (int trial = 0; trial < 20; trial++) {
        kv_problem *p = tiny_random(&random);
        kv_multipliers *m = priced(p, 500);
        kv_reduction r;
        double bound = kv_bound_recompute(p, m);
        cr_assert(kv_reduction_create(p, NULL, NULL, NULL, &r) == KV_OK);
        cr_expect(eq(int, kv_reduction_tighten(&r, m, 1e30), KV_OK)); /* no cutoff */
        cr_expect(r.cutoff == HUGE_VAL && r.narrowed + r.removed + r.tightened == 0);
        kv_status status = kv_reduction_tighten(&r, m, bound - 0.01 * (1.0 + fabs(bound)));
        proved += status == KV_ERR_INFEASIBLE;
        kv_reduction_clear(&r);
        kv_multipliers_free(m);
        kv_problem_free(p);
    }
    cr_expect(eq(int, proved, 20));
}

/* ---- the root ------------------------------------------------------------------------------ */

/* Columns and rows as they are needed give the relaxation of the whole, and its multipliers prove
 * it. */
Test(preprocess, root_is_the_whole_relaxation)
{
    kv_random random;
    random_kinds all = random_problem_all();
    int slept = 0, left_out = 0, trials = 0;
    kv_random_seed(&random, 54);
    for (int trial = 0; trial < 40; trial++) {
        kv_problem *p = random_problem(&random, &all);
        kv_limits limits = exact(0, 1);
        kv_lp_limits lp;
        kv_whole_model full, lazy;
        kv_reduced_costs costs;
        kv_volume_options options;
        kv_volume_result v;
        kv_multipliers *m = kv_multipliers_create(p);
        kv_status status;
        long work = 0;
        kv_lp_limits_default(&lp);
        kv_volume_options_default(&options);
        cr_assert(kv_whole_model_create(&full, p, &limits) == KV_OK);
        cr_assert(kv_whole_model_create_lazy(&lazy, p, &limits) == KV_OK);
        cr_assert(kv_volume_solve(p, NULL, &options, NULL, &v) == KV_OK);
        cr_assert(kv_reduced_costs_create(p, NULL, NULL, v.multipliers, &costs) == KV_OK);
        cr_assert(kv_choose(&lazy, &costs, v.multipliers, v.design, v.flow, NULL) == KV_OK);
        kv_lp_state state = kv_lp_solve(full.lp, &lp);
        cr_expect(eq(int, kv_root_solve(&lazy, &lp, &work, &status), state));
        if (state == KV_LP_OPTIMAL) {
            double value = kv_lp_objective(full.lp), near = 1e-6 * (1.0 + fabs(value));
            cr_expect(epsilon_eq(dbl, kv_lp_objective(lazy.lp), value, near));
            cr_assert(kv_whole_model_multipliers(&lazy, m) == KV_OK);
            cr_expect(epsilon_eq(dbl, kv_bound_recompute(p, m), value, near));
            for (int i = 0; i < lazy.model->n_opening_rows; i++)
                left_out += lazy.held[i] < 0;
            slept += kv_root_wake(&lazy);
            trials++;
        }
        kv_reduced_costs_clear(&costs);
        kv_volume_result_free(&v);
        kv_multipliers_free(m);
        kv_whole_model_clear(&full);
        kv_whole_model_clear(&lazy);
        kv_problem_free(p);
    }
    cr_expect(trials >= 20 && slept >= 100 && left_out >= 100, "%d, %d, %d", trials, slept,
              left_out);
}

/* A search that begins with no opening row at all. */
Test(preprocess, search_adds_the_rows_it_needs)
{
    kv_random random;
    int needed = 0, solved = 0;
    kv_random_seed(&random, 59);
    for (int trial = 0; trial < 40; trial++) {
        kv_problem *p = tiny_random(&random);
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL), bound;
        kv_limits limits = exact(0, 1);
        kv_whole_model whole;
        kv_lp_limits lp;
        kv_lp_limits_default(&lp);
        cr_assert(kv_whole_model_create_lazy(&whole, p, &limits) == KV_OK);
        kv_lp_state state = kv_lp_solve_mip(whole.lp, &lp, &bound);
        double without = state == KV_LP_OPTIMAL ? kv_lp_objective(whole.lp) : 1e30;
        lp.broken = kv_whole_model_broken;
        lp.broken_context = &whole;
        state = kv_lp_solve_mip(whole.lp, &lp, &bound);
        cr_expect(eq(int, state, best < 1e30 ? KV_LP_OPTIMAL : KV_LP_INFEASIBLE));
        if (state == KV_LP_OPTIMAL) {
            double value = kv_lp_objective(whole.lp);
            cr_expect(epsilon_eq(dbl, value, best, 2e-5 * (1.0 + fabs(best))));
            needed += without < best - 0.01;
            solved++;
        }
        kv_whole_model_clear(&whole);
        kv_problem_free(p);
    }
    cr_expect(solved >= 30 && needed >= 10, "%d, %d", solved, needed);
}

/* What is given back was not needed. */
Test(preprocess, trimmed_plans_keep_all_rows)
{
    kv_random random;
    int gave_back = 0;
    kv_random_seed(&random, 55);
    for (int trial = 0; trial < 80; trial++) {
        kv_problem *p = tiny_random(&random);
        kv_limits limits = exact(0, 1);
        kv_lp_limits lp;
        kv_whole_model whole;
        kv_violation before, after;
        long work = 0;
        double design[8];
        double *flow = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof *flow);
        kv_lp_limits_default(&lp);
        cr_assert(kv_whole_model_create_lazy(&whole, p, &limits) == KV_OK);
        double best = tiny_optimum(p, NULL, NULL, 0, design, NULL);
        int j = kv_random_integer(&random, 0, p->n_design - 1);
        design[j] = fmin(design[j] + 1.0, p->design_upper[j]);
        if (best < 1e30 &&
            kv_whole_model_solve_fixed(&whole, design, &lp, &work) == KV_LP_OPTIMAL) {
            kv_whole_model_plan(&whole, design, flow);
            double dear = kv_problem_objective(p, design, flow);
            kv_problem_violation(p, design, flow, &before);
            cr_assert(kv_trim(&whole, design, flow) == KV_OK);
            gave_back += kv_problem_objective(p, design, flow) < dear;
            kv_problem_violation(p, design, flow, &after);
            cr_expect(after.resource <= before.resource + 1e-8);
            cr_expect(after.opening <= before.opening + 1e-8);
            cr_expect(after.coupling <= before.coupling + 1e-8);
            cr_expect(after.side <= before.side + 1e-8 && after.bounds <= before.bounds);
            cr_expect(kv_problem_objective(p, design, flow) <= dear);
        }
        kv_whole_model_clear(&whole);
        kv_free(flow);
        kv_problem_free(p);
    }
    cr_expect(gave_back >= 10, "%d", gave_back);
}

/* ---- the engine ---------------------------------------------------------------------------- */

Test(preprocess, same_optimum_with_and_without)
{
    kv_random random;
    random_kinds all = random_problem_all();
    kv_random_seed(&random, 56);
    int optimal = 0;
    for (int trial = 0; trial < 50; trial++) {
        kv_problem *p = random_problem(&random, &all);
        p->flow_grid = 1e-6;
        kv_limits plain = exact(1, 1), prepared = exact(0, 1);
        kv_plan *a = solve(p, &plain), *b = solve(p, &prepared);
        cr_expect(eq(int, a->status, b->status));
        if (a->status == KV_PLAN_OPTIMAL) {
            optimal++;
            cr_expect(
                epsilon_eq(dbl, a->objective, b->objective, 2e-5 * (1.0 + fabs(a->objective))));
            cr_expect(b->certified_bound <= b->objective + 1e-6 * (1.0 + fabs(b->objective)));
            cr_expect(b->certified_bound >= a->certified_bound - 1e-5 * (1.0 + fabs(a->objective)));
            cr_expect(eq(dbl, b->certified_bound, kv_bound_recompute(p, b->multipliers)));
        }
        kv_plan_free(a);
        kv_plan_free(b);
        kv_problem_free(p);
    }
    cr_expect(optimal >= 15, "%d", optimal);
}

Test(preprocess, same_result_on_two_threads)
{
    kv_random random;
    random_kinds all = random_problem_all();
    kv_random_seed(&random, 57);
    for (int trial = 0; trial < 10; trial++) {
        kv_problem *p = random_problem(&random, &all);
        p->flow_grid = 1e-6;
        kv_limits one = exact(0, 1), two = exact(0, 2);
        kv_plan *a = solve(p, &one), *b = solve(p, &two);
        size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows;
        cr_expect(a->status == b->status && a->work == b->work && a->nodes == b->nodes);
        cr_expect(a->objective == b->objective && a->bound == b->bound);
        cr_expect(a->certified_bound == b->certified_bound);
        cr_expect(memcmp(a->flow, b->flow, flows * sizeof(double)) == 0);
        cr_expect(memcmp(a->design, b->design, (size_t)p->n_design * sizeof(double)) == 0);
        kv_plan_free(a);
        kv_plan_free(b);
        kv_problem_free(p);
    }
}

/* Each allocation fails once: the engine says so, or does without what it was for. */
Test(preprocess, no_memory_is_reported)
{
    kv_random random;
    kv_random_seed(&random, 58);
    kv_problem *p = tiny_random(&random);
    kv_limits limits = exact(0, 1);
    double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
    int failures = 0;
    cr_assert(best < 1e30);
    for (long n = 1; n < 100000; n++) {
        kv_plan *plan = NULL;
        long before = kv_memory_count();
        kv_memory_fail_at(n, 0);
        kv_status status = kv_engine_glpk.solve(p, &limits, &plan, NULL);
        kv_memory_fail_at(0, 0);
        cr_expect(status == KV_OK ? plan != NULL : plan == NULL);
        failures += status != KV_OK;
        if (status == KV_OK && plan->status == KV_PLAN_OPTIMAL)
            cr_expect(epsilon_eq(dbl, plan->objective, best, 2e-5 * (1.0 + fabs(best))));
        kv_plan_free(plan);
        if (status == KV_OK && kv_memory_count() - before < n)
            break;
    }
    cr_expect(failures > 50, "%d", failures);
    kv_problem_free(p);
}
