/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tests' own linear programme solver, on programmes solved by hand. */
#include "base/random.h"
#include "oracle/simplex.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#define NEAR 1e-12

static int row_of(oracle_lp *lp, double lower, double upper, int n, const double *values)
{
    int row = oracle_lp_add_row(lp, lower, upper);
    for (int j = 0; j < n; j++) {
        oracle_lp_add_entry(lp, row, j, values[j]);
    }
    return row;
}

/* max 3x + 5y, x <= 4, 2y <= 12, 3x + 2y <= 18: 36 at (2, 6), duals 0, 3/2, 1. */
Test(simplex, textbook_maximum)
{
    oracle_lp *lp = oracle_lp_create();
    oracle_lp_add_column(lp, -3, 0, INFINITY);
    oracle_lp_add_column(lp, -5, 0, INFINITY);
    row_of(lp, -INFINITY, 4, 2, (double[]){1, 0});
    row_of(lp, -INFINITY, 12, 2, (double[]){0, 2});
    row_of(lp, -INFINITY, 18, 2, (double[]){3, 2});
    cr_assert(oracle_lp_solve(lp) == ORACLE_LP_OPTIMAL);
    cr_expect(fabs(oracle_lp_objective(lp) + 36) < NEAR);
    cr_expect(fabs(oracle_lp_value(lp, 0) - 2) < NEAR);
    cr_expect(fabs(oracle_lp_value(lp, 1) - 6) < NEAR);
    cr_expect(fabs(oracle_lp_dual(lp, 0)) < NEAR);
    cr_expect(fabs(oracle_lp_dual(lp, 1) + 1.5) < NEAR);
    cr_expect(fabs(oracle_lp_dual(lp, 2) + 1) < NEAR);
    cr_expect(oracle_lp_error(lp) < NEAR);
    oracle_lp_free(lp);
}

/* min x + 2y + 3z, x + y + z = 10, x <= 4 (bound), y - z = 1, y <= 5: x 4, y 3.5, z 2.5. */
Test(simplex, equalities_and_bounds)
{
    oracle_lp *lp = oracle_lp_create();
    oracle_lp_add_column(lp, 1, 0, 4);
    oracle_lp_add_column(lp, 2, 0, 5);
    oracle_lp_add_column(lp, 3, 0, INFINITY);
    row_of(lp, 10, 10, 3, (double[]){1, 1, 1});
    row_of(lp, 1, 1, 3, (double[]){0, 1, -1});
    cr_assert(oracle_lp_solve(lp) == ORACLE_LP_OPTIMAL);
    cr_expect(fabs(oracle_lp_objective(lp) - 18.5) < NEAR);
    cr_expect(fabs(oracle_lp_value(lp, 1) - 3.5) < NEAR);
    oracle_lp_free(lp);
}

/* A free variable below zero, a row with two sides, an upper bound that is left by a flip. */
Test(simplex, free_variable_and_range)
{
    oracle_lp *lp = oracle_lp_create();
    oracle_lp_add_column(lp, 1, -INFINITY, INFINITY);
    oracle_lp_add_column(lp, -1, 0, 2);
    row_of(lp, -3, 8, 2, (double[]){1, 1});
    cr_assert(oracle_lp_solve(lp) == ORACLE_LP_OPTIMAL);
    cr_expect(fabs(oracle_lp_objective(lp) + 7) < NEAR, "x = -5, y = 2");
    oracle_lp_free(lp);
}

Test(simplex, infeasible)
{
    oracle_lp *lp = oracle_lp_create();
    oracle_lp_add_column(lp, 1, 0, 3);
    oracle_lp_add_column(lp, 1, 0, 3);
    row_of(lp, 7, INFINITY, 2, (double[]){1, 1});
    cr_expect(oracle_lp_solve(lp) == ORACLE_LP_INFEASIBLE);
    oracle_lp_free(lp);
}

Test(simplex, unbounded)
{
    oracle_lp *lp = oracle_lp_create();
    oracle_lp_add_column(lp, -1, 0, INFINITY);
    oracle_lp_add_column(lp, 0, 0, INFINITY);
    row_of(lp, -INFINITY, 1, 2, (double[]){1, -1});
    cr_expect(oracle_lp_solve(lp) == ORACLE_LP_UNBOUNDED);
    oracle_lp_free(lp);
}

/* Beale's programme, on which the plain rule cycles: -1/20. */
Test(simplex, beale_does_not_cycle)
{
    oracle_lp *lp = oracle_lp_create();
    const double cost[] = {-0.75, 150, -0.02, 6};
    for (int j = 0; j < 4; j++) {
        oracle_lp_add_column(lp, cost[j], 0, INFINITY);
    }
    row_of(lp, -INFINITY, 0, 4, (double[]){0.25, -60, -0.04, 9});
    row_of(lp, -INFINITY, 0, 4, (double[]){0.5, -90, -0.02, 3});
    row_of(lp, -INFINITY, 1, 4, (double[]){0, 0, 1, 0});
    cr_assert(oracle_lp_solve(lp) == ORACLE_LP_OPTIMAL);
    cr_expect(fabs(oracle_lp_objective(lp) + 0.05) < NEAR);
    oracle_lp_free(lp);
}

/* Hitchcock's problem: supplies 20, 30; demands 10, 25, 15; costs 8 6 10 and 9 5 3. By hand:
 * 10 x 8 + 10 x 6 + 15 x 5 + 15 x 3 = 260. */
Test(simplex, transport)
{
    oracle_lp *lp = oracle_lp_create();
    const double cost[] = {8, 6, 10, 9, 5, 3};
    for (int j = 0; j < 6; j++) {
        oracle_lp_add_column(lp, cost[j], 0, INFINITY);
    }
    row_of(lp, 20, 20, 6, (double[]){1, 1, 1, 0, 0, 0});
    row_of(lp, 30, 30, 6, (double[]){0, 0, 0, 1, 1, 1});
    row_of(lp, 10, 10, 6, (double[]){1, 0, 0, 1, 0, 0});
    row_of(lp, 25, 25, 6, (double[]){0, 1, 0, 0, 1, 0});
    row_of(lp, 15, 15, 6, (double[]){0, 0, 1, 0, 0, 1});
    cr_assert(oracle_lp_solve(lp) == ORACLE_LP_OPTIMAL);
    cr_expect(fabs(oracle_lp_objective(lp) - 260) < NEAR);
    oracle_lp_free(lp);
}

/* Random programmes of very different sizes of numbers: the solution must prove itself. */
Test(simplex, random_programmes_prove_themselves)
{
    for (unsigned seed = 1; seed <= 60; seed++) {
        kv_random random;
        kv_random_seed(&random, seed);
        int m = kv_random_integer(&random, 3, 25), n = kv_random_integer(&random, 4, 50);
        oracle_lp *lp = oracle_lp_create();
        for (int j = 0; j < n; j++) {
            double upper =
                kv_random_integer(&random, 0, 3) ? 1e4 * kv_random_uniform(&random) : INFINITY;
            oracle_lp_add_column(lp, 2 * kv_random_uniform(&random), 0, upper);
        }
        for (int i = 0; i < m; i++) {
            int sense = kv_random_integer(&random, 0, 2);
            double right = 1000 * kv_random_uniform(&random), scale = pow(10, i % 7 - 3);
            int row = oracle_lp_add_row(lp, sense == 0 ? -INFINITY : right * scale,
                                        sense == 1 ? INFINITY : 2 * right * scale);
            for (int j = 0; j < n; j++) {
                if (kv_random_integer(&random, 0, 2) == 0) {
                    oracle_lp_add_entry(lp, row, j, scale * kv_random_uniform(&random));
                }
            }
        }
        oracle_lp_state state = oracle_lp_solve(lp);
        cr_assert(state == ORACLE_LP_OPTIMAL || state == ORACLE_LP_INFEASIBLE, "seed %u", seed);
        if (state == ORACLE_LP_OPTIMAL) {
            cr_expect(oracle_lp_error(lp) < 1e-10, "seed %u: error %g", seed, oracle_lp_error(lp));
        }
        oracle_lp_free(lp);
    }
}
