/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A case read, built and solved by the library, for tests that compare it with something else. */
#ifndef KV_TESTS_SUPPORT_SOLVE_CASE_H
#define KV_TESTS_SUPPORT_SOLVE_CASE_H

#include "formulations/build.h"
#include "solver/engine.h"

typedef struct test_solved {
    kv_problem *problem;
    kv_map *map;
    kv_plan *plan, *nothing; /* nothing: NULL unless asked for */
} test_solved;

/* Reads a case; aborts the test with its faults when there are any. */
kv_case *test_read_case(const char *folder);

/* Builds the problem of one scenario (a row of scenarios) or of all (-1) and checks it; reference:
 * the scenarios' own optima, for regret, or NULL. Aborts the test when it can't. */
test_solved test_build(const kv_case *the_case, int scenario, const double *reference);

/* The same with all budgets multiplied. */
test_solved test_build_budget(const kv_case *the_case, int scenario, const double *reference,
                              double budget_factor);

/* To proved optimality with the engine of that name; `strength` as in model.h. */
void test_solve(test_solved *solved, const char *engine, int strength);
/* The plan without projects, in solved->nothing. */
void test_solve_nothing(test_solved *solved, const char *engine);
/* Frees the plans, for another solve. */
void test_solved_again(test_solved *solved);
void test_solved_clear(test_solved *solved);

#endif
