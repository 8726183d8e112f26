/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The checker confirms what the engines find, and nothing else. */
#include "base/memory.h"
#include "base/random.h"
#include "oracle/enumerate.h"
#include "oracle/tiny_case.h"
#include "reports/checker/check.h"
#include "reports/result.h"
#include "solver/lagrange/flow_bound.h"
#include "support/process.h"
#include "support/solve_case.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 60 };

/* ---- helpers ---- */

/* Solve a case and write all results. 0 when there is no plan. The status is set to feasible where the
 * certificate shows less: engines without a tree of their own claim more than they can prove. */
static int solve_and_write(const kv_case *c, int scenario, const double *reference,
                           const char *engine, const char *folder)
{
    test_solved solved = test_build(c, scenario, reference);
    test_solve_nothing(&solved, engine);
    test_solve(&solved, engine, KV_STRONG);
    kv_plan *plan = solved.plan;
    int exists = plan->status == KV_PLAN_OPTIMAL || plan->status == KV_PLAN_FEASIBLE;
    kv_result result = {.the_case = c,
                        .problem = solved.problem,
                        .map = solved.map,
                        .plan = plan,
                        .do_nothing = solved.nothing,
                        .scenario = scenario < 0 ? "joint" : c->scenarios.rows[scenario].scenario,
                        .engine = engine,
                        .threads = 1};
    if (exists && !(kv_gap(plan->objective, plan->certified_bound) <= 1e-6))
        plan->status = KV_PLAN_FEASIBLE;
    if (exists)
        cr_assert_eq(kv_result_write(&result, folder, NULL), KV_OK);
    test_solved_clear(&solved);
    return exists;
}

/* The report of a check that has to end well. */
static kv_check_result check(const kv_case *c, const char *folder)
{
    kv_messages *messages = kv_messages_create();
    kv_check_result result;
    kv_status status = kv_check(c, folder, NULL, &result, messages);
    char *text =
        kv_messages_count(messages) > 0 ? kv_message_text(kv_messages_get(messages, 0)) : NULL;
    cr_assert_eq(status, KV_OK, "%s: %s", kv_status_text(status), text ? text : "");
    kv_free(text);
    kv_messages_free(messages);
    return result;
}

static void confirm(const kv_case *c, const char *folder, const char *label)
{
    kv_check_result result = check(c, folder);
    cr_expect_eq(result.failed, 0, "%s:\n%s", label, result.report.data);
    kv_text_clear(&result.report);
}

/* ---- what the engines find is confirmed ---- */

static void confirm_tiny_cases(const char *engine, unsigned seeds)
{
    char *tables = test_folder(), *plan = test_folder();
    int plans = 0;
    for (unsigned seed = 1; seed <= seeds; seed++) {
        char label[32];
        double own[2] = {0, 0};
        cr_assert_eq(oracle_tiny_write(tables, seed, NULL), KV_OK);
        kv_case *c = test_read_case(tables);
        for (int s = 0; s < c->scenarios.count && c->the_case.rows[0].risk == KV_RISK_REGRET; s++) {
            oracle_optimum optimum;
            oracle_enumerate(c, s, own, 5000, &optimum);
            own[s] = optimum.objective;
            oracle_optimum_free(&optimum);
        }
        snprintf(label, sizeof label, "%s, seed %u", engine, seed);
        if (solve_and_write(c, -1, own, engine, plan)) {
            confirm(c, plan, label);
            plans++;
        }
        kv_case_free(c);
    }
    cr_assert_gt(plans, (int)seeds / 2);
    test_remove(tables);
    test_remove(plan);
    free(tables);
    free(plan);
}

Test(check, tiny_cases)
{
    confirm_tiny_cases("glpk", SEEDS);
}

Test(check, tiny_cases_of_the_decomposition)
{
    confirm_tiny_cases("decomposition", SEEDS / 2);
}

Test(check, tiny_cases_of_cutting)
{
    confirm_tiny_cases("cutting", SEEDS / 2);
}

/* The investment problem's leaves in a bound of the flow relaxation. */
Test(check, leaves_of_the_flow_relaxation)
{
    char *folder = test_folder();
    kv_case *c = test_read_case(KV_SOURCE_DIR "/instances/tutorial");
    for (int s = 0; s < c->scenarios.count; s++) {
        test_solved solved = test_build(c, s, NULL);
        kv_flow_bound_options options;
        kv_flow_bound bound;
        test_solve(&solved, "decomposition", KV_STRONG);
        kv_plan *plan = solved.plan;
        kv_flow_bound_options_default(&options);
        options.steps.iterations = 100;
        cr_assert_eq(kv_flow_bound_solve(solved.problem, NULL, &options, plan->multipliers, &bound),
                     KV_OK);
        cr_assert(bound.proof && bound.proof->n_leaves > 1);
        cr_assert_gt(bound.bound, kv_bound_recompute(solved.problem, plan->multipliers));
        kv_proof_free(plan->proof);
        plan->proof = bound.proof;
        bound.proof = NULL;
        plan->bound = plan->certified_bound = bound.bound;
        plan->status = KV_PLAN_FEASIBLE;
        kv_result result = {.the_case = c,
                            .problem = solved.problem,
                            .map = solved.map,
                            .plan = plan,
                            .scenario = c->scenarios.rows[s].scenario,
                            .engine = "decomposition",
                            .threads = 1};
        cr_assert_eq(kv_result_write(&result, folder, NULL), KV_OK);
        confirm(c, folder, c->scenarios.rows[s].scenario);
        kv_flow_bound_free(&bound);
        test_solved_clear(&solved);
    }
    kv_case_free(c);
    test_remove(folder);
    free(folder);
}

Test(check, tutorial)
{
    char *plan = test_folder();
    kv_case *c = test_read_case(KV_SOURCE_DIR "/instances/tutorial");
    for (int s = -1; s < c->scenarios.count; s++) {
        cr_assert(solve_and_write(c, s, NULL, "auto", plan));
        confirm(c, plan, s < 0 ? "joint" : c->scenarios.rows[s].scenario);
    }
    kv_case_free(c);
    test_remove(plan);
    free(plan);
}
