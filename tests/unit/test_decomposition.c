/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decomposition engine on random problems against enumeration, and its behaviour at limits. */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/proof.h"
#include "support/random_problem.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static kv_limits exact(void)
{
    kv_limits limits;
    kv_limits_default(&limits);
    limits.gap = 1e-6;
    return limits;
}

static kv_plan *solve(const kv_problem *p, const kv_limits *limits)
{
    kv_plan *plan = NULL;
    kv_messages *messages = kv_messages_create();
    cr_assert(messages != NULL);
    cr_assert(kv_engine_decomposition.solve(p, limits, &plan, messages) == KV_OK);
    cr_assert(plan != NULL);
    kv_messages_free(messages);
    return plan;
}

static double size_of(double value)
{
    return fmax(1.0, fabs(value));
}

/* What every plan must be, with a solution or without. */
static void check_plan(const kv_problem *p, const kv_limits *limits, const kv_plan *plan,
                       double best, int i)
{
    double slack = 1e-7 * size_of(best);
    cr_assert(plan->certified_bound <= best + slack, "%d: certified %.10g above %.10g", i,
              plan->certified_bound, best);
    cr_assert(plan->bound <= best + slack, "%d: bound %.10g above %.10g", i, plan->bound, best);
    cr_assert(plan->certified_bound <= plan->bound + 10 * slack, "%d", i);
    double again =
        plan->proof
            ? kv_proof_bound(p, plan->proof, limits->fixed_lower, limits->fixed_upper)
            : kv_bound_within(p, limits->fixed_lower, limits->fixed_upper, plan->multipliers);
    cr_assert(fabs(again - plan->certified_bound) <= 1e-12 * size_of(plan->certified_bound) ||
                  plan->certified_bound <= -1e29,
              "%d: %.12g is %.12g when recomputed", i, plan->certified_bound, again);
    cr_assert(plan->certified_bound >= plan->bound - slack || plan->certified_bound <= -1e29,
              "%d: claimed %.10g, proved %.10g", i, plan->bound, plan->certified_bound);
    if (plan->status != KV_PLAN_FEASIBLE && plan->status != KV_PLAN_OPTIMAL)
        return;
    kv_violation v;
    double objective = kv_problem_objective(p, plan->design, plan->flow);
    kv_problem_violation(p, plan->design, plan->flow, &v);
    cr_assert(v.balance <= 1e-9 && v.resource <= 1e-6 && v.opening <= 1e-6 && v.coupling <= 1e-6,
              "%d: balance %g resource %g opening %g coupling %g", i, v.balance, v.resource,
              v.opening, v.coupling);
    cr_assert((limits->relax_dropped_rows || v.side <= 1e-6) && v.bounds <= 1e-6 &&
                  v.integrality <= 0,
              "%d: side %g bounds %g", i, v.side, v.bounds);
    cr_assert(fabs(objective - plan->objective) <= 1e-9 * size_of(objective), "%d", i);
    cr_assert(plan->objective >= best - 1e-6 * size_of(best),
              "%d: %.10g is below the optimum %.10g", i, plan->objective, best);
    cr_assert(plan->bound <= plan->objective, "%d", i);
}

typedef struct tally {
    int all, infeasible, optimal, closed, proved_infeasible;
} tally;

static void count(tally *t, const kv_plan *plan, double best)
{
    t->all++;
    if (best >= 1e30) {
        t->infeasible++;
        t->proved_infeasible += plan->status == KV_PLAN_INFEASIBLE;
        cr_assert(plan->status == KV_PLAN_INFEASIBLE || plan->status == KV_PLAN_NONE);
        return;
    }
    cr_assert(plan->status != KV_PLAN_INFEASIBLE);
    t->optimal += plan->objective <= best + 1e-5 * size_of(best);
    t->closed += plan->objective - plan->bound <= 1.1e-6 * size_of(plan->objective);
}

typedef struct variant { /* how a problem is solved */
    int wide;            /* 1 = random_problem, else tiny_random */
    int boxes;           /* 1 = within other boxes, 2 = doing nothing */
} variant;

static kv_problem *make(kv_random *random, int wide)
{
    random_kinds kinds = random_problem_all();
    kinds.most_blocks = 3;
    kinds.most_commodities = 2;
    kv_problem *p = wide ? random_problem(random, &kinds) : tiny_random(random);
    p->flow_grid = 1e-9;
    return p;
}

/* Boxes within the problem's: some integers fixed, or what doing nothing leaves. */
static void choose_boxes(const kv_problem *p, kv_random *random, int boxes, double *low,
                         double *high)
{
    for (int j = 0; j < p->n_design; j++) {
        low[j] = p->design_lower[j];
        high[j] = boxes == 2 ? p->do_nothing_upper[j] : p->design_upper[j];
        int kind = boxes == 1 && p->design_integer[j] ? kv_random_integer(random, 0, 2) : 2;
        if (kind == 0)
            high[j] = low[j];
        if (kind == 1)
            low[j] = high[j];
    }
}

static tally compare(uint64_t seed, int n, variant how)
{
    kv_random random;
    tally t = {0, 0, 0, 0, 0};
    kv_random_seed(&random, seed);
    for (int i = 0; i < n; i++) {
        double low[8], high[8];
        kv_limits limits = exact();
        kv_problem *p = make(&random, how.wide);
        choose_boxes(p, &random, how.boxes, low, high);
        limits.fixed_lower = how.boxes ? low : NULL;
        limits.fixed_upper = how.boxes ? high : NULL;
        limits.relax_dropped_rows = how.boxes == 2;
        double best = tiny_optimum(p, limits.fixed_lower, limits.fixed_upper,
                                   limits.relax_dropped_rows, NULL, NULL);
        kv_plan *plan = solve(p, &limits);
        check_plan(p, &limits, plan, best, i);
        cr_assert(plan->ended_by_limit == 0);
        count(&t, plan, best);
        kv_plan_free(plan);
        kv_problem_free(p);
    }
    return t;
}

/* All are solved, and all but a few to the gap that was asked for. */
static void check_tally(tally t)
{
    int feasible = t.all - t.infeasible;
    cr_assert(t.optimal == feasible, "%d of %d optimal", t.optimal, feasible);
    cr_assert(20 * t.closed >= 19 * feasible, "%d of %d closed", t.closed, feasible);
    cr_assert(t.proved_infeasible == t.infeasible, "%d of %d proved infeasible",
              t.proved_infeasible, t.infeasible);
}

Test(decomposition, optimum_of_tiny_problems)
{
    check_tally(compare(1, 80, (variant){0, 0}));
}

Test(decomposition, optimum_with_every_kind_of_row)
{
    tally t = compare(1, 80, (variant){1, 0});
    check_tally(t);
    cr_assert(t.infeasible > 0); /* lower bounds and budgets that do not go together */
}

Test(decomposition, optimum_within_boxes)
{
    check_tally(compare(2, 50, (variant){0, 1}));
    check_tally(compare(2, 50, (variant){1, 1}));
}

Test(decomposition, doing_nothing)
{
    check_tally(compare(3, 40, (variant){0, 2}));
    check_tally(compare(3, 40, (variant){1, 2}));
}

Test(decomposition, solve_do_nothing)
{
    kv_random random;
    kv_random_seed(&random, 4);
    for (int i = 0; i < 20; i++) {
        kv_limits limits = exact();
        kv_problem *p = make(&random, 1);
        kv_plan *plan = NULL;
        double best = tiny_optimum(p, NULL, p->do_nothing_upper, 1, NULL, NULL);
        cr_assert(kv_solve_do_nothing(&kv_engine_decomposition, p, &limits, &plan, NULL) == KV_OK);
        if (best < 1e30)
            cr_assert(fabs(plan->objective - best) <= 1e-5 * size_of(best), "%d: %g, %g", i,
                      plan->objective, best);
        else
            cr_assert(plan->status == KV_PLAN_INFEASIBLE, "%d: %d", i, plan->status);
        kv_plan_free(plan);
        kv_problem_free(p);
    }
}

/* Demand that nothing can serve, and side rows that contradict each other. */
Test(decomposition, infeasible)
{
    for (int kind = 0; kind < 3; kind++) {
        kv_limits limits = exact();
        kv_problem *p = tiny_problem(2, 1, (int[]){0}, (int[]){1}, 1, 0, 1, 1, 2);
        p->balance[0] = 5;
        p->balance[1] = -5;
        p->flow_upper[0] = kind == 0 ? 4 : 5;
        p->flow_cost[0] = 1;
        if (kind == 1) { /* y0 = y1 and y0 + y1 = 1: only fractions */
            tiny_row(&p->side, 'E', 0, 0);
            tiny_row_design(&p->side, 0, 1);
            tiny_row_design(&p->side, 1, -1);
            tiny_row(&p->side, 'E', 1, 0);
            tiny_row_design(&p->side, 0, 1);
            tiny_row_design(&p->side, 1, 1);
        }
        if (kind == 2) { /* both are needed, one is allowed */
            tiny_use(p, 0, 0, 0, 1);
            p->resource_base[0] = 0;
            tiny_supply(p, 0, 0, 0, 3);
            tiny_supply(p, 0, 0, 1, 3);
            tiny_row(&p->side, 'L', 1, 0);
            tiny_row_design(&p->side, 0, 1);
            tiny_row_design(&p->side, 1, 1);
        }
        kv_plan *plan = solve(p, &limits);
        cr_assert(plan->status == KV_PLAN_INFEASIBLE, "%d: %d", kind, plan->status);
        cr_assert(plan->objective >= 1e30);
        kv_plan_free(plan);
        kv_problem_free(p);
    }
}

Test(decomposition, starts_from_a_plan)
{
    kv_random random;
    kv_random_seed(&random, 5);
    for (int i = 0; i < 10; i++) {
        kv_limits limits = exact();
        kv_problem *p = make(&random, 0);
        kv_plan *first = solve(p, &limits);
        limits.start = first;
        kv_plan *second = solve(p, &limits);
        if (first->status != KV_PLAN_INFEASIBLE)
            cr_assert(second->objective <= first->objective + 1e-6 * size_of(first->objective));
        kv_plan_free(first);
        kv_plan_free(second);
        kv_problem_free(p);
    }
}

/* ---- limits ---- */

static int same(const double *a, const double *b, int n)
{
    return n == 0 || memcmp(a, b, (size_t)n * sizeof *a) == 0;
}

static void check_same(const kv_problem *p, const kv_plan *a, const kv_plan *b, int i)
{
    cr_assert(a->status == b->status && a->work == b->work && a->nodes == b->nodes, "%d", i);
    cr_assert(a->ended_by_limit == b->ended_by_limit, "%d", i);
    cr_assert(same(&a->objective, &b->objective, 1) && same(&a->bound, &b->bound, 1), "%d", i);
    cr_assert(same(&a->certified_bound, &b->certified_bound, 1), "%d", i);
    cr_assert(same(a->design, b->design, p->n_design), "%d", i);
    cr_assert(same(a->flow, b->flow, p->n_blocks * p->n_flows), "%d", i);
    cr_assert(same(a->multipliers->balance, b->multipliers->balance, p->n_blocks * p->n_balances),
              "%d", i);
    cr_assert(a->multipliers->n_opening == b->multipliers->n_opening, "%d", i);
    cr_assert(same(a->multipliers->opening_value, b->multipliers->opening_value,
                   a->multipliers->n_opening),
              "%d", i);
}

/* The same at every work limit, on one thread and on two. */
Test(decomposition, work_limit_is_deterministic)
{
    kv_random random;
    int limited = 0;
    kv_random_seed(&random, 6);
    for (int i = 0; i < 24; i++) {
        kv_limits limits = exact();
        kv_problem *p = make(&random, 1);
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        limits.work = 1 + 10 * (i % 8);
        limits.threads = 1;
        kv_plan *one = solve(p, &limits);
        limits.threads = 2;
        kv_plan *two = solve(p, &limits);
        check_plan(p, &limits, one, best, i);
        check_same(p, one, two, i);
        limited += one->ended_by_limit == 1;
        kv_plan_free(one);
        kv_plan_free(two);
        kv_problem_free(p);
    }
    cr_assert(limited >= 6, "%d", limited);
}

struct stopper {
    int after, calls;
    double last_bound;
};

static void stop_after(void *context, const kv_progress *progress)
{
    struct stopper *s = context;
    cr_assert(progress->bound <= progress->incumbent + 1e-4 * size_of(progress->incumbent));
    cr_assert(progress->has_incumbent || progress->incumbent >= 1e30);
    cr_assert(progress->bound >= s->last_bound, "the bound fell");
    s->last_bound = progress->bound;
    if (s->calls++ == s->after)
        kv_stop_request();
}

/* Asked to stop at each moment that progress is told, it leaves what is true. */
Test(decomposition, stop_request)
{
    kv_random random;
    int stopped = 0;
    kv_random_seed(&random, 7);
    for (int i = 0; i < 30; i++) {
        kv_limits limits = exact();
        struct stopper stopper = {i % 10 - 1, 0, -1e30};
        kv_problem *p = make(&random, i % 2);
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        limits.progress = stop_after;
        limits.progress_context = &stopper;
        if (stopper.after < 0)
            kv_stop_request();
        kv_plan *plan = solve(p, &limits);
        cr_assert(!kv_stop_requested() || plan->ended_by_limit == 2, "%d", i);
        stopped += plan->ended_by_limit == 2;
        kv_stop_reset();
        check_plan(p, &limits, plan, best, i);
        if (best < 1e30)
            cr_assert(plan->status != KV_PLAN_INFEASIBLE, "%d", i);
        kv_plan_free(plan);
        kv_problem_free(p);
    }
    cr_assert(stopped >= 10, "%d", stopped);
}

Test(decomposition, no_time_at_all)
{
    kv_random random;
    kv_random_seed(&random, 8);
    kv_problem *p = make(&random, 1);
    kv_limits limits = exact();
    double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
    limits.seconds = 0;
    kv_plan *plan = solve(p, &limits);
    cr_assert(plan->ended_by_limit == 2);
    check_plan(p, &limits, plan, best, 0);
    kv_plan_free(plan);
    kv_problem_free(p);
}

/* ---- memory ---- */

/* Some allocation fails, once or from then on: an error, nothing left behind. */
Test(decomposition, out_of_memory)
{
    kv_random random;
    kv_random_seed(&random, 9);
    for (int wide = 0; wide < 2; wide++) {
        kv_problem *p = make(&random, wide);
        long failed = 0;
        for (long n = 1;; n += 1 + n / 25) {
            kv_limits limits = exact();
            kv_plan *plan = NULL;
            kv_memory_fail_at(n, n % 2 == 0);
            kv_status status = kv_engine_decomposition.solve(p, &limits, &plan, NULL);
            kv_memory_fail_at(0, 0);
            if (status == KV_OK)
                cr_assert(plan != NULL);
            else
                cr_assert(status == KV_ERR_MEMORY && plan == NULL, "%ld: %d", n, status);
            kv_plan_free(plan);
            if (status == KV_OK)
                break;
            failed++;
        }
        cr_assert(failed >= 40, "%ld", failed);
        kv_problem_free(p);
    }
}
