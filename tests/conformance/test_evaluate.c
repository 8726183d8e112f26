/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans as they are written: objective and rows recomputed from the tables alone. */
#include "base/memory.h"
#include "base/options.h"
#include "oracle/enumerate.h"
#include "oracle/evaluate.h"
#include "oracle/tiny_case.h"
#include "reports/result.h"
#include "support/process.h"
#include "support/solve_case.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 120 };

/* Solve, write, and evaluate what was written. */
static void write_and_evaluate(const kv_case *c, int scenario, const double *reference,
                               const char *engine, const char *folder, const char *label)
{
    test_solved solved = test_build(c, scenario, reference);
    oracle_evaluation evaluation;
    test_solve(&solved, engine, KV_STRONG);
    if (solved.plan->status != KV_PLAN_OPTIMAL && solved.plan->status != KV_PLAN_FEASIBLE) {
        test_solved_clear(&solved);
        return;
    }
    kv_result result = {.the_case = c,
                        .problem = solved.problem,
                        .map = solved.map,
                        .plan = solved.plan,
                        .scenario = scenario < 0 ? "joint" : c->scenarios.rows[scenario].scenario,
                        .engine = engine,
                        .threads = 1};
    kv_messages *messages = kv_messages_create();
    cr_assert(kv_result_write(&result, folder, messages) == KV_OK, "%s", label);
    kv_messages_free(messages);
    cr_assert(oracle_evaluate(c, scenario, reference, folder, &evaluation) == 0, "%s", label);
    double objective = solved.plan->objective;
    cr_expect(fabs(evaluation.objective - objective) <= 1e-9 * fmax(1, fabs(objective)),
              "%s: objective %.15g, recomputed %.15g", label, objective, evaluation.objective);
    cr_expect(fabs(evaluation.constant - solved.problem->constant) <=
                  1e-9 * fmax(1, fabs(evaluation.constant)),
              "%s: constant %.15g, recomputed %.15g", label, solved.problem->constant,
              evaluation.constant);
    for (int check = 0; check < ORACLE_CHECKS; check++) {
        double most = check == ORACLE_READING || check == ORACLE_BALANCE ? 0 : 1e-6;
        cr_expect(evaluation.violation[check] <= most, "%s: %s broken by %g: %s", label,
                  oracle_check_name(check), evaluation.violation[check], evaluation.where[check]);
    }
    test_solved_clear(&solved);
}

static void evaluate_tiny_cases(const char *engine, unsigned seeds)
{
    char *tables = test_folder(), *plan = test_folder();
    for (unsigned seed = 1; seed <= seeds; seed++) {
        char label[32];
        double own[2] = {0, 0};
        cr_assert(oracle_tiny_write(tables, seed, NULL) == KV_OK);
        kv_case *c = test_read_case(tables);
        for (int s = 0; s < c->scenarios.count && c->the_case.rows[0].risk == KV_RISK_REGRET; s++) {
            oracle_optimum optimum;
            oracle_enumerate(c, s, own, 5000, &optimum);
            own[s] = optimum.objective;
            oracle_optimum_free(&optimum);
        }
        snprintf(label, sizeof label, "%s, seed %u", engine, seed);
        write_and_evaluate(c, -1, own, engine, plan, label);
        kv_case_free(c);
    }
    test_remove(tables);
    test_remove(plan);
    free(tables);
    free(plan);
}

Test(evaluate, tiny_cases)
{
    evaluate_tiny_cases("glpk", SEEDS);
}

Test(evaluate, tiny_cases_of_the_decomposition)
{
    evaluate_tiny_cases("decomposition", SEEDS / 2);
}

Test(evaluate, tutorial)
{
    char *plan = test_folder();
    kv_case *c = test_read_case(KV_SOURCE_DIR "/instances/tutorial");
    write_and_evaluate(c, -1, NULL, "auto", plan, "tutorial");
    for (int s = 0; s < c->scenarios.count; s++) {
        write_and_evaluate(c, s, NULL, "auto", plan, c->scenarios.rows[s].scenario);
    }
    kv_case_free(c);
    test_remove(plan);
    free(plan);
}

/* Take a line out of a table of the plan: the last one, or the first behind the header. */
static void drop_line(const char *folder, const char *file, int last)
{
    char *path = test_path(folder, file), *text = test_read(path);
    size_t length = text ? strlen(text) : 0, header = text ? strcspn(text, "\n") + 1 : 0;
    cr_assert(length > header, "%s has no rows", file);
    size_t start = header, end = header + strcspn(text + header, "\n") + 1;
    if (last) {
        end = length;
        for (start = length - 1; start > header && text[start - 1] != '\n';) {
            start--;
        }
    }
    memmove(text + start, text + end, length - end + 1);
    test_write(path, text);
    free(path);
    free(text);
}

/* The evaluation itself is not blind: a plan that was changed afterwards is found out. */
Test(evaluate, a_spoilt_plan_is_found_out)
{
    char *folder = test_folder();
    kv_case *c = test_read_case(KV_SOURCE_DIR "/instances/tutorial");
    oracle_evaluation before, after;
    write_and_evaluate(c, -1, NULL, "auto", folder, "tutorial");
    cr_assert(oracle_evaluate(c, -1, NULL, folder, &before) == 0);
    drop_line(folder, "investments.csv", 0);
    cr_assert(oracle_evaluate(c, -1, NULL, folder, &after) == 0);
    cr_expect(fabs(after.objective - before.objective) > 1e-3);
    cr_expect(after.violation[ORACLE_CAPACITY] > 1e-3 || after.violation[ORACLE_OPENING] > 0 ||
              after.violation[ORACLE_ENERGY] > 1e-3);
    drop_line(folder, "flows.csv", 1);
    cr_assert(oracle_evaluate(c, -1, NULL, folder, &after) == 0);
    cr_expect(after.violation[ORACLE_BALANCE] > 0);
    kv_case_free(c);
    test_remove(folder);
    free(folder);
}
