/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/sweep.h"
#include "solver/transfer.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static kv_case *tutorial(void)
{
    char path[1024];
    const char *source = getenv("KV_SOURCE_DIR");
    kv_case *the_case = NULL;
    snprintf(path, sizeof path, "%s/instances/tutorial", source ? source : KV_SOURCE_DIR);
    cr_assert(eq(int, kv_case_read(path, NULL, 0, &the_case, NULL), KV_OK));
    return the_case;
}

struct seen {
    int count, stop_after, fail_after;
    int scenario[16];
    double budget[16], objective[16], nothing[16], bound[16];
};

static kv_status note(void *context, const kv_sweep_point *point)
{
    struct seen *seen = context;
    int i = seen->count++;
    cr_assert(i < 16);
    cr_expect(eq(int, point->number, i));
    seen->scenario[i] = point->scenario;
    seen->budget[i] = point->budget;
    seen->objective[i] = point->plan->objective;
    seen->bound[i] = point->plan->bound;
    seen->nothing[i] = point->do_nothing->objective;
    cr_expect(kv_plan_fits(point->problem, point->plan, 1e-6));
    cr_expect(point->plan->bound <= point->plan->objective);
    cr_expect(point->plan->certified_bound <= point->plan->objective * (1.0 + 1e-6) + 1e-6);
    if (seen->count == seen->stop_after)
        kv_stop_request();
    return seen->count == seen->fail_after ? KV_ERR_IO : KV_OK;
}

static kv_sweep_options options_for(struct seen *seen)
{
    static const int scenario[2] = {1, 0};
    static const double budget[4] = {1.0, 0.0, 2.0, 0.5};
    kv_sweep_options options = {.n_scenarios = 2,
                                .scenario = scenario,
                                .n_budgets = 4,
                                .budget = budget,
                                .engine = "glpk",
                                .done = note,
                                .context = seen};
    kv_limits_default(&options.limits);
    options.limits.gap = 1e-6;
    return options;
}

Test(sweep, more_budget_is_never_worse)
{
    kv_case *the_case = tutorial();
    struct seen seen = {0};
    kv_sweep_options options = options_for(&seen);
    cr_expect(eq(int, kv_sweep(the_case, &options, NULL), KV_OK));
    cr_expect(eq(int, seen.count, 8));
    const double order[4] = {0.0, 0.5, 1.0, 2.0};
    for (int i = 0; i < seen.count; i++) {
        cr_expect(eq(int, seen.scenario[i], i < 4 ? 1 : 0));
        cr_expect(eq(dbl, seen.budget[i], order[i % 4]));
        cr_expect(eq(dbl, seen.nothing[i], seen.nothing[i / 4 * 4]));
        cr_expect(seen.objective[i] <= seen.nothing[i] * (1.0 + 1e-9));
        if (i % 4)
            cr_expect(seen.objective[i] <= seen.objective[i - 1]);
    }
    cr_expect(seen.objective[2] < seen.objective[0], "a budget buys something");
    kv_case_free(the_case);
}

/* A point is the same whether it is reached by a sweep or alone. */
Test(sweep, a_point_is_what_solving_it_alone_gives)
{
    kv_case *the_case = tutorial();
    struct seen seen = {0}, alone = {0};
    kv_sweep_options options = options_for(&seen);
    cr_expect(eq(int, kv_sweep(the_case, &options, NULL), KV_OK));
    const double one[1] = {1.0};
    const int first[1] = {1};
    options.budget = one;
    options.n_budgets = options.n_scenarios = 1;
    options.scenario = first;
    options.context = &alone;
    cr_expect(eq(int, kv_sweep(the_case, &options, NULL), KV_OK));
    cr_expect(eq(int, alone.count, 1));
    cr_expect(
        epsilon_eq(dbl, alone.objective[0], seen.objective[2], 3e-6 * fabs(seen.objective[2])));
    kv_case_free(the_case);
}

Test(sweep, ends_cleanly)
{
    kv_case *the_case = tutorial();
    struct seen seen = {.stop_after = 3};
    kv_sweep_options options = options_for(&seen);
    cr_expect(eq(int, kv_sweep(the_case, &options, NULL), KV_ERR_LIMIT));
    kv_stop_reset();
    cr_expect(eq(int, seen.count, 3));
    seen = (struct seen){.fail_after = 2};
    cr_expect(eq(int, kv_sweep(the_case, &options, NULL), KV_ERR_IO));
    cr_expect(eq(int, seen.count, 2));
    options.limits.seconds = 0.0;
    seen = (struct seen){0};
    cr_expect(eq(int, kv_sweep(the_case, &options, NULL), KV_ERR_LIMIT));
    cr_expect(eq(int, seen.count, 0));
    const double wrong[1] = {-1.0};
    options.budget = wrong;
    options.n_budgets = 1;
    cr_expect(eq(int, kv_sweep(the_case, &options, NULL), KV_ERR_ARGUMENT));
    const double fine[1] = {1.0};
    options.budget = fine;
    options.engine = "no such engine";
    options.limits.seconds = 1e30;
    cr_expect(eq(int, kv_sweep(the_case, &options, NULL), KV_ERR_ARGUMENT));
    options.n_budgets = 0;
    cr_expect(eq(int, kv_sweep(the_case, &options, NULL), KV_OK));
    kv_case_free(the_case);
}

/* Carry-over variables are missing where no budget is left to carry: the rest finds its place. */
Test(sweep, plans_move_between_layouts)
{
    kv_case *the_case = tutorial();
    kv_problem *rich, *poor;
    kv_map *rich_map, *poor_map;
    kv_plan *plan = NULL, *moved = NULL, *back = NULL;
    kv_limits limits;
    kv_build_options build = {.scenario = 0, .budget_factor = 1.0};
    cr_assert(eq(int, kv_build(the_case, &build, &rich, &rich_map, NULL), KV_OK));
    build.budget_factor = 0.0;
    cr_assert(eq(int, kv_build(the_case, &build, &poor, &poor_map, NULL), KV_OK));
    kv_limits_default(&limits);
    cr_assert(eq(int, kv_engine_glpk.solve(poor, &limits, &plan, NULL), KV_OK));
    cr_assert(eq(int, kv_plan_transfer(poor, plan, rich, &moved), KV_OK));
    cr_expect(kv_plan_fits(rich, moved, 1e-6));
    cr_expect(epsilon_eq(dbl, kv_problem_objective(rich, moved->design, moved->flow),
                         plan->objective, 1e-9 * fabs(plan->objective)));
    cr_assert(eq(int, kv_plan_transfer(rich, moved, poor, &back), KV_OK));
    for (int j = 0; j < poor->n_design; j++)
        cr_expect(eq(dbl, back->design[j], plan->design[j]));
    kv_plan_free(moved);
    kv_plan_free(back);
    for (long n = 1; n < 1000; n++) {
        kv_memory_fail_at(n, 0);
        kv_status status = kv_plan_transfer(poor, plan, rich, &moved);
        kv_memory_fail_at(0, 0);
        kv_plan_free(moved);
        if (status == KV_OK)
            break;
        cr_expect(eq(int, status, KV_ERR_MEMORY));
    }
    rich->n_blocks++;
    cr_expect(eq(int, kv_plan_transfer(poor, plan, rich, &moved), KV_ERR_ARGUMENT));
    rich->n_blocks--;
    kv_plan_free(plan);
    cr_expect(eq(int, kv_plan_exists(NULL), 0));
    kv_map_free(rich_map);
    kv_map_free(poor_map);
    kv_problem_free(rich);
    kv_problem_free(poor);
    kv_case_free(the_case);
}
