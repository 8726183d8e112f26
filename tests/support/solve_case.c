/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/solve_case.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void show(const kv_messages *messages)
{
    for (size_t i = 0; i < kv_messages_count(messages); i++) {
        char *text = kv_message_text(kv_messages_get(messages, i));
        cr_log_error("%s", text ? text : "?");
        kv_free(text);
    }
}

kv_case *test_read_case(const char *folder)
{
    kv_messages *messages = kv_messages_create();
    kv_case *the_case = NULL;
    kv_status status = kv_case_read(folder, NULL, 0, &the_case, messages);
    if (status != KV_OK) {
        show(messages);
    }
    cr_assert(status == KV_OK, "%s: %s", folder, kv_status_text(status));
    kv_messages_free(messages);
    return the_case;
}

test_solved test_build(const kv_case *the_case, int scenario, const double *reference)
{
    return test_build_budget(the_case, scenario, reference, 1);
}

test_solved test_build_budget(const kv_case *the_case, int scenario, const double *reference,
                              double budget_factor)
{
    test_solved solved = {0};
    kv_messages *messages = kv_messages_create();
    kv_build_options options = {
        .scenario = scenario, .regret_reference = reference, .budget_factor = budget_factor};
    kv_status status = kv_build(the_case, &options, &solved.problem, &solved.map, messages);
    if (status == KV_OK) {
        status = kv_problem_check(solved.problem, messages);
    }
    if (status != KV_OK) {
        show(messages);
    }
    cr_assert(status == KV_OK, "%s: %s", the_case->folder, kv_status_text(status));
    kv_messages_free(messages);
    return solved;
}

static kv_limits exact_limits(int strength)
{
    kv_limits limits;
    kv_limits_default(&limits);
    limits.gap = 1e-9;
    limits.decision_gap = 0;
    limits.seconds = 1e30;
    limits.threads = 1;
    limits.strength = (kv_strength)strength;
    return limits;
}

void test_solve(test_solved *solved, const char *engine, int strength)
{
    kv_messages *messages = kv_messages_create();
    kv_limits limits = exact_limits(strength);
    kv_status status = kv_engine_find(engine, solved->problem)
                           ->solve(solved->problem, &limits, &solved->plan, messages);
    if (status != KV_OK) {
        show(messages);
    }
    cr_assert(status == KV_OK, "%s", kv_status_text(status));
    kv_messages_free(messages);
}

void test_solve_nothing(test_solved *solved, const char *engine)
{
    kv_messages *messages = kv_messages_create();
    kv_limits limits = exact_limits(KV_STRONG);
    kv_status status = kv_solve_do_nothing(kv_engine_find(engine, solved->problem), solved->problem,
                                           &limits, &solved->nothing, messages);
    if (status != KV_OK) {
        show(messages);
    }
    cr_assert(status == KV_OK, "%s", kv_status_text(status));
    kv_messages_free(messages);
}

void test_solved_again(test_solved *solved)
{
    kv_plan_free(solved->plan);
    kv_plan_free(solved->nothing);
    solved->plan = solved->nothing = NULL;
}

void test_solved_clear(test_solved *solved)
{
    test_solved_again(solved);
    kv_map_free(solved->map);
    kv_problem_free(solved->problem);
    memset(solved, 0, sizeof *solved);
}
