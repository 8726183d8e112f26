/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows and columns of a design problem solved as they are, for tests of the formulation. */
#ifndef KV_TESTS_SUPPORT_SOLVE_MODEL_H
#define KV_TESTS_SUPPORT_SOLVE_MODEL_H

#include "formulations/build.h"
#include "formulations/model.h"

typedef struct test_optimum {
    int found;             /* 1 = optimal, 0 = no plan exists */
    double objective;      /* without the constant */
    double *design, *flow; /* [n_design], [n_blocks * n_flows] */
} test_optimum;

/* The optimum to the LP's last digits: branch and cut, then the LP with the integers fixed. The plan
 * is checked against the problem. nothing: 1 = doing nothing. Aborts the test when it can't. */
test_optimum test_model_solve(const kv_problem *problem, kv_strength strength, int nothing);
void test_optimum_clear(test_optimum *optimum);

/* Places of the names; -1 when there is no such name. */
int test_design(const kv_problem *problem, const char *name);
int test_arc(const kv_problem *problem, const char *name);
int test_commodity(const kv_problem *problem, const char *name);
int test_resource(const kv_problem *problem, const char *name);
int test_block(const kv_problem *problem, const char *name);
int test_row(const kv_rows *rows, const char *name);
/* The flow column of the pair, -1 when it was not generated. */
int test_flow(const kv_problem *problem, const char *arc, const char *commodity);
/* Their values in the optimum; the test is aborted when there is no such column. */
double test_flow_value(const kv_problem *problem, const test_optimum *optimum, const char *block,
                       const char *arc, const char *commodity);
double test_design_value(const kv_problem *problem, const test_optimum *optimum, const char *name);

#endif
