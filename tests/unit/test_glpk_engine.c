/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "solver/engine.h"
#include "solver/whole_model.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

static kv_plan *solve(const kv_problem *p, const kv_limits *limits)
{
    kv_plan *plan = NULL;
    cr_assert(eq(int, kv_engine_glpk.solve(p, limits, &plan, NULL), KV_OK));
    cr_assert(plan != NULL);
    return plan;
}

static kv_limits exact(kv_strength strength)
{
    kv_limits limits;
    kv_limits_default(&limits);
    limits.gap = 0.0;
    limits.strength = strength;
    return limits;
}

/* The plan keeps all rows; what it says of itself is so. */
static void expect_sound(const kv_problem *p, const kv_plan *plan, double best)
{
    kv_violation v;
    kv_problem_violation(p, plan->design, plan->flow, &v);
    double slack = 2e-5 * (1.0 + fabs(best)), objective = 0.0;
    cr_expect(v.balance <= 1e-9 && v.resource <= 1e-5 && v.opening <= 1e-5);
    cr_expect(v.coupling <= 1e-5 && v.bounds <= 1e-5 && v.integrality <= 0.0);
    objective = kv_problem_objective(p, plan->design, plan->flow);
    cr_expect(epsilon_eq(dbl, plan->objective, objective, 1e-9 * (1.0 + fabs(objective))));
    cr_expect(plan->objective >= best - slack);
    cr_expect(plan->bound <= best + slack && plan->bound <= plan->objective);
    cr_expect(plan->certified_bound <= best + slack);
}

/* The last variable may be continuous and open arcs: then no row of a whole arc is tightened. */
static kv_problem *tiny(kv_random *random)
{
    kv_problem *p = tiny_random(random);
    p->flow_grid = 1e-6;
    return p;
}

Test(glpk_engine, optimum_by_enumeration)
{
    kv_random random;
    kv_random_seed(&random, 21);
    int feasible = 0, infeasible = 0;
    for (int trial = 0; trial < 80; trial++) {
        kv_problem *p = tiny(&random);
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        for (int strength = KV_WEAK; strength <= KV_STRONG; strength++) {
            kv_limits limits = exact((kv_strength)strength);
            kv_plan *plan = solve(p, &limits);
            cr_expect(eq(int, plan->ended_by_limit, 0));
            if (best >= 1e30) {
                infeasible++;
                cr_expect(eq(int, plan->status, KV_PLAN_INFEASIBLE));
            } else {
                feasible++;
                cr_expect(eq(int, plan->status, KV_PLAN_OPTIMAL));
                cr_expect(epsilon_eq(dbl, plan->objective, best, 2e-5 * (1.0 + fabs(best))),
                          "trial %d", trial);
                expect_sound(p, plan, best);
            }
            kv_plan_free(plan);
        }
        kv_problem_free(p);
    }
    cr_expect(feasible >= 80 && infeasible >= 2, "%d, %d", feasible, infeasible);
}

/* A network on which the search takes a while: 40 arcs that each need opening. */
static kv_problem *slow(kv_random *random)
{
    enum { NODES = 10, ARCS = 60, GOODS = 12 };
    int tail[ARCS + GOODS], head[ARCS + GOODS];
    for (int a = 0; a < ARCS + GOODS; a++) {
        tail[a] = kv_random_integer(random, 0, NODES - 1);
        head[a] = (tail[a] + kv_random_integer(random, 1, NODES - 1)) % NODES;
    }
    kv_problem *p = tiny_problem(NODES, ARCS + GOODS, tail, head, GOODS, 0, 1, ARCS, ARCS);
    p->flow_grid = 0.001;
    for (int k = 0; k < GOODS; k++) {
        p->balance[tiny_balance(p, 0, k, tail[ARCS + k])] = 10.0;
        p->balance[tiny_balance(p, 0, k, head[ARCS + k])] = -10.0;
        p->flow_upper[tiny_flow(p, 0, k, ARCS + k)] = 10.0;
        p->flow_cost[tiny_flow(p, 0, k, ARCS + k)] = 100.0;
        for (int a = 0; a < ARCS; a++) {
            p->flow_upper[tiny_flow(p, 0, k, a)] = 10.0;
            p->flow_cost[tiny_flow(p, 0, k, a)] = kv_random_integer(random, 1, 9);
        }
    }
    for (int a = 0; a < ARCS; a++) {
        for (int k = 0; k < GOODS; k++)
            tiny_use(p, k, a, a, 1.0);
        p->resource_base[a] = 1.0;
        tiny_supply(p, 0, a, a, 19.0);
        tiny_opening(p, 0, a, 1, &a);
        p->design_cost[a] = kv_random_integer(random, 100, 300);
    }
    cr_assert(eq(int, kv_problem_check(p, NULL), KV_OK));
    return p;
}

/* The root's multipliers prove the value of the relaxation of either form. Returns the number of
 * multipliers of whole arcs. */
static int expect_proved(const kv_problem *p, kv_strength strength)
{
    kv_whole_model whole;
    kv_multipliers *m = kv_multipliers_create(p);
    kv_limits limits = exact(strength);
    kv_lp_limits relaxation;
    kv_lp_limits_default(&relaxation);
    cr_assert(eq(int, kv_whole_model_create(&whole, p, &limits), KV_OK));
    int whole_arcs = 0;
    if (kv_lp_solve(whole.lp, &relaxation) == KV_LP_OPTIMAL) {
        double value = kv_lp_objective(whole.lp), slack = 1e-7 * (1.0 + fabs(value));
        cr_assert(eq(int, kv_whole_model_multipliers(&whole, m), KV_OK));
        cr_expect(kv_bound_recompute(p, m) >= value - slack);
        whole_arcs = m->n_arc_opening;
        if (whole_arcs == 0)
            cr_expect(kv_bound_recompute(p, m) <= value + slack);
    }
    kv_whole_model_clear(&whole);
    kv_multipliers_free(m);
    return whole_arcs;
}

Test(glpk_engine, certificate_is_the_root)
{
    kv_random random;
    kv_random_seed(&random, 22);
    for (int trial = 0; trial < 60; trial++) {
        kv_problem *p = tiny(&random);
        cr_expect(eq(int, expect_proved(p, KV_STRONG), 0));
        (void)expect_proved(p, KV_WEAK);
        kv_problem_free(p);
    }
    for (int trial = 0; trial < 3; trial++) {
        kv_problem *p = slow(&random);
        cr_expect(eq(int, expect_proved(p, KV_STRONG), 0));
        cr_expect(expect_proved(p, KV_WEAK) > 5);
        kv_limits limits = exact(KV_WEAK);
        limits.work = 500;
        kv_plan *plan = solve(p, &limits);
        cr_expect(eq(dbl, plan->certified_bound, kv_bound_recompute(p, plan->multipliers)));
        cr_expect(plan->multipliers->n_arc_opening > 5);
        kv_plan_free(plan);
        kv_problem_free(p);
    }
}

Test(glpk_engine, boxes_and_dropped_rows)
{
    kv_random random;
    kv_random_seed(&random, 23);
    int compared = 0, none = 0;
    for (int trial = 0; trial < 40; trial++) {
        kv_problem *p = tiny(&random);
        kv_limits limits = exact(KV_STRONG);
        double low[8] = {0.0}, high[8];
        for (int j = 0; j < p->n_design; j++)
            high[j] = p->design_upper[j];
        int j = kv_random_integer(&random, 0, p->n_design - 1);
        if (trial % 2)
            low[j] = 1.0;
        else
            high[j] = 0.5;
        limits.fixed_lower = low;
        limits.fixed_upper = high;
        double best = tiny_optimum(p, low, high, 0, NULL, NULL);
        kv_plan *plan = solve(p, &limits);
        cr_expect(eq(int, plan->status, best < 1e30 ? KV_PLAN_OPTIMAL : KV_PLAN_INFEASIBLE));
        if (best < 1e30) {
            compared++;
            cr_expect(epsilon_eq(dbl, plan->objective, best, 2e-5 * (1.0 + fabs(best))));
            cr_expect(plan->certified_bound <= best + 2e-5 * (1.0 + fabs(best)));
        }
        kv_plan_free(plan);
        limits = exact(KV_WEAK);
        best = tiny_optimum(p, NULL, p->do_nothing_upper, 1, NULL, NULL);
        cr_assert(eq(int, kv_solve_do_nothing(&kv_engine_glpk, p, &limits, &plan, NULL), KV_OK));
        cr_expect(eq(int, plan->status, best < 1e30 ? KV_PLAN_OPTIMAL : KV_PLAN_INFEASIBLE));
        none += best < 1e30;
        if (best < 1e30)
            cr_expect(epsilon_eq(dbl, plan->objective, best, 2e-5 * (1.0 + fabs(best))));
        kv_plan_free(plan);
        low[0] = 2.0;
        high[0] = 1.0;
        limits.fixed_lower = low;
        limits.fixed_upper = high;
        plan = solve(p, &limits);
        cr_expect(eq(int, plan->status, KV_PLAN_INFEASIBLE));
        kv_plan_free(plan);
        kv_problem_free(p);
    }
    cr_expect(compared >= 15 && none >= 15, "%d, %d", compared, none);
}

struct watch {
    int calls, incumbents, stop_after;
    double bound, incumbent;
    long work;
};

static void on_progress(void *context, const kv_progress *point)
{
    struct watch *watch = context;
    watch->calls++;
    watch->incumbents += point->has_incumbent;
    cr_expect(point->bound >= watch->bound - 1e-9 * fabs(watch->bound));
    cr_expect(point->work >= watch->work);
    cr_expect(point->phase != NULL);
    if (strcmp(point->phase, "polish") != 0 && point->has_incumbent) {
        cr_expect(point->incumbent <= watch->incumbent + 1e-9);
        watch->incumbent = point->incumbent;
    }
    watch->bound = point->bound;
    watch->work = point->work;
    if (watch->stop_after > 0 && watch->calls >= watch->stop_after)
        kv_stop_request();
}

/* Same work limit, same plan; a larger one is no worse; stopped plans are sound. */
Test(glpk_engine, work_limit_is_exact)
{
    kv_random random;
    kv_random_seed(&random, 31);
    kv_problem *p = slow(&random);
    kv_limits limits = exact(KV_STRONG);
    struct watch watch = {0, 0, 0, -1e30, 1e30, 0};
    limits.progress = on_progress;
    limits.progress_context = &watch;
    for (int strength = KV_WEAK; strength <= KV_STRONG; strength++) {
        limits.strength = (kv_strength)strength;
        watch = (struct watch){0, 0, 0, -1e30, 1e30, 0};
        limits.work = 600;
        kv_plan *first = solve(p, &limits);
        watch = (struct watch){0, 0, 0, -1e30, 1e30, 0};
        kv_plan *again = solve(p, &limits);
        cr_expect(eq(int, first->ended_by_limit, 1));
        cr_expect(eq(int, first->status, again->status));
        cr_expect(eq(dbl, first->objective, again->objective));
        cr_expect(eq(dbl, first->certified_bound, again->certified_bound));
        cr_expect(eq(dbl, first->bound, again->bound));
        cr_expect(first->work == again->work && first->nodes == again->nodes);
        cr_expect(memcmp(first->flow, again->flow, (size_t)p->n_flows * sizeof(double)) == 0);
        cr_expect(watch.calls >= 3);
        cr_expect(first->bound <= again->objective);
        kv_plan_free(again);
        if (first->status == KV_PLAN_FEASIBLE)
            expect_sound(p, first, first->objective);
        kv_plan_free(first);
    }
    kv_problem_free(p);
}

Test(glpk_engine, stops_at_the_gap_at_the_time_and_on_request)
{
    kv_random random;
    kv_random_seed(&random, 31);
    kv_problem *p = slow(&random);
    kv_limits limits = exact(KV_STRONG);
    limits.gap = 0.5;
    kv_plan *plan = solve(p, &limits);
    cr_expect(eq(int, plan->status, KV_PLAN_FEASIBLE));
    cr_expect(eq(int, plan->ended_by_limit, 0));
    cr_expect(plan->objective - plan->bound <= 0.5 * plan->objective);
    expect_sound(p, plan, plan->objective);
    double loose = plan->objective;

    limits.gap = 0.0;
    limits.seconds = 0.3;
    limits.start = plan;
    kv_plan *timed = solve(p, &limits);
    cr_expect(timed->ended_by_limit == 2 || timed->status == KV_PLAN_OPTIMAL);
    cr_expect(timed->objective <= loose);
    cr_expect(timed->seconds < 60.0);
    expect_sound(p, timed, timed->objective);
    kv_plan_free(timed);

    limits.seconds = 0.0; /* inside the root: the start and a bound all the same */
    timed = solve(p, &limits);
    cr_expect(eq(int, timed->status, KV_PLAN_FEASIBLE));
    cr_expect(eq(int, timed->ended_by_limit, 2));
    cr_expect(timed->objective <= loose);
    cr_expect(timed->certified_bound <= timed->objective && timed->certified_bound > -1e30);
    kv_plan_free(timed);
    limits.start = NULL;
    timed = solve(p, &limits);
    cr_expect(eq(int, timed->status, KV_PLAN_NONE));
    cr_expect(eq(int, timed->ended_by_limit, 2));
    cr_expect(timed->certified_bound > -1e30 && timed->certified_bound <= loose);
    kv_plan_free(timed);

    struct watch watch = {0, 0, 4, -1e30, 1e30, 0};
    limits.seconds = 1e30;
    limits.start = plan;
    limits.progress = on_progress;
    limits.progress_context = &watch;
    timed = solve(p, &limits);
    kv_stop_reset();
    cr_expect(eq(int, timed->status, KV_PLAN_FEASIBLE));
    cr_expect(eq(int, timed->ended_by_limit, 2));
    cr_expect(timed->objective <= loose);
    expect_sound(p, timed, timed->objective);
    kv_plan_free(timed);

    limits.progress = NULL; /* the decision gap is asked for beside the gap */
    limits.start = NULL;
    limits.gap = 0.9;
    limits.do_nothing = 12 * 1000.0;
    limits.decision_gap = 0.3;
    timed = solve(p, &limits);
    cr_expect(timed->objective - timed->bound <= 0.3 * (12000.0 - timed->bound) + 1e-9);
    kv_plan_free(timed);
    kv_plan_free(plan);
    kv_problem_free(p);
}

/* A start whose integers are fine although its flows belong to another problem. */
Test(glpk_engine, start_is_made_good)
{
    kv_random random;
    kv_random_seed(&random, 33);
    for (int trial = 0; trial < 30; trial++) {
        kv_problem *p = tiny(&random);
        kv_limits limits = exact(KV_STRONG);
        kv_plan *start = kv_plan_create(p);
        double best = tiny_optimum(p, NULL, NULL, 0, start->design, NULL);
        start->status = KV_PLAN_FEASIBLE;
        start->objective = -1e6;
        limits.start = start;
        limits.gap = 1e9;
        kv_plan *plan = solve(p, &limits);
        if (best < 1e30) {
            cr_expect(epsilon_eq(dbl, plan->objective, best, 2e-5 * (1.0 + fabs(best))));
            cr_expect(eq(int, (int)plan->nodes, 0));
        } else {
            cr_expect(eq(int, plan->status, KV_PLAN_INFEASIBLE));
        }
        kv_plan_free(plan);
        kv_plan_free(start);
        kv_problem_free(p);
    }
}

Test(glpk_engine, no_memory_is_reported)
{
    kv_random random;
    kv_random_seed(&random, 35);
    kv_problem *p = tiny(&random);
    kv_limits limits = exact(KV_WEAK);
    int failures = 0;
    for (long n = 1; n < 100000; n++) {
        kv_plan *plan = NULL;
        kv_memory_fail_at(n, 1);
        kv_status status = kv_engine_glpk.solve(p, &limits, &plan, NULL);
        kv_memory_fail_at(0, 0);
        cr_expect(status == KV_OK ? plan != NULL : plan == NULL);
        kv_plan_free(plan);
        if (status == KV_OK)
            break;
        failures++;
        cr_expect(status == KV_ERR_MEMORY || status == KV_ERR_NUMERIC);
    }
    cr_expect(failures > 20);
    kv_problem_free(p);
}
