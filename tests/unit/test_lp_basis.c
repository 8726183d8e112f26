/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bases, rows that leave, and the rays of infeasible LPs. */
#include "base/random.h"
#include "solver/lp/lp.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

enum { ROWS = 12, COLUMNS = 9 };

static double a[ROWS][COLUMNS], cost[COLUMNS], right[ROWS];

/* min c x, a x >= right, 0 <= x <= 10. */
static kv_lp *covering(kv_random *random)
{
    double lower[COLUMNS] = {0}, upper[COLUMNS];
    size_t first[COLUMNS + 1] = {0};
    int column[COLUMNS];
    kv_lp *lp = kv_lp_create();
    for (int j = 0; j < COLUMNS; j++) {
        cost[j] = kv_random_integer(random, 1, 20);
        upper[j] = 10;
        column[j] = j;
    }
    cr_assert(eq(int, kv_lp_add_columns(lp, COLUMNS, cost, lower, upper, NULL, first, NULL, NULL),
                 KV_OK));
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < COLUMNS; j++)
            a[i][j] = kv_random_integer(random, 0, 5);
        right[i] = kv_random_integer(random, 5, 40);
        cr_assert(eq(int, kv_lp_add_row(lp, right[i], 1e30, COLUMNS, column, a[i]), KV_OK));
    }
    return lp;
}

static kv_lp_state solve(kv_lp *lp)
{
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    return kv_lp_solve(lp, &limits);
}

Test(lp_basis, slack_rows_leave_and_nothing_changes)
{
    kv_random random;
    kv_random_seed(&random, 3);
    for (int trial = 0; trial < 30; trial++) {
        kv_lp *lp = covering(&random);
        int row[ROWS], n = 0;
        cr_assert(eq(int, solve(lp), KV_LP_OPTIMAL));
        double value = kv_lp_objective(lp);
        for (int i = 0; i < ROWS; i++)
            if (kv_lp_row_is_basic(lp, i))
                row[n++] = i;
        cr_assert(n > 0);
        cr_assert(eq(int, kv_lp_delete_rows(lp, n, row), KV_OK));
        cr_expect(eq(int, kv_lp_rows(lp), ROWS - n));
        cr_assert(eq(int, solve(lp), KV_LP_OPTIMAL));
        cr_expect(epsilon_eq(dbl, kv_lp_objective(lp), value, 1e-9 * value));
        cr_expect(eq(long, kv_lp_iterations(lp), 0));
        kv_lp_free(lp);
    }
}

Test(lp_basis, refused_rows_change_nothing)
{
    kv_random random;
    kv_random_seed(&random, 4);
    kv_lp *lp = covering(&random);
    int wrong[][2] = {{-1, 2}, {0, ROWS}, {3, 3}, {5, 4}};
    for (int i = 0; i < 4; i++)
        cr_expect(eq(int, kv_lp_delete_rows(lp, 2, wrong[i]), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_rows(lp), ROWS));
    cr_expect(eq(int, kv_lp_set_basis(lp, ROWS + 1, NULL), KV_ERR_ARGUMENT));
    kv_lp_free(lp);
}

/* Back at a basis, the LP of that basis needs no iterations, even with a row more. */
Test(lp_basis, a_basis_comes_back)
{
    kv_random random;
    kv_random_seed(&random, 8);
    for (int trial = 0; trial < 30; trial++) {
        kv_lp *lp = covering(&random);
        unsigned char state[ROWS + COLUMNS];
        int column = 0;
        double one = 1;
        cr_assert(eq(int, solve(lp), KV_LP_OPTIMAL));
        double value = kv_lp_objective(lp);
        kv_lp_basis(lp, state);
        (void)kv_lp_set_column_bounds(lp, 0, 3, 4);
        (void)kv_lp_set_column_bounds(lp, 1, 0, 0);
        (void)solve(lp);
        (void)kv_lp_set_column_bounds(lp, 0, 0, 10);
        (void)kv_lp_set_column_bounds(lp, 1, 0, 10);
        cr_assert(eq(int, kv_lp_add_row(lp, -1e30, 10, 1, &column, &one), KV_OK)); /* idle */
        cr_assert(eq(int, kv_lp_set_basis(lp, ROWS, state), KV_OK));
        cr_assert(eq(int, solve(lp), KV_LP_OPTIMAL));
        cr_expect(epsilon_eq(dbl, kv_lp_objective(lp), value, 1e-9 * value));
        cr_expect(eq(long, kv_lp_iterations(lp), 0));
        kv_lp_free(lp);
    }
}

/* Along the ray (of either sign) the sum of rows can't be met by any x in the box. */
Test(lp_basis, a_ray_proves_infeasibility)
{
    kv_random random;
    int found = 0;
    kv_random_seed(&random, 12);
    for (int trial = 0; trial < 40; trial++) {
        kv_lp *lp = covering(&random);
        double ray[ROWS];
        cr_assert(eq(int, solve(lp), KV_LP_OPTIMAL));
        for (int j = 0; j < COLUMNS; j++)
            (void)kv_lp_set_column_bounds(lp, j, 0, 0.2);
        if (solve(lp) != KV_LP_INFEASIBLE || !kv_lp_ray(lp, ray)) {
            kv_lp_free(lp);
            continue;
        }
        int proved = 0;
        for (int sign = -1; sign <= 1; sign += 2) {
            double most = 0, need = 0;
            for (int i = 0; i < ROWS; i++)
                need += fmax(0, sign * ray[i]) * right[i];
            for (int j = 0; j < COLUMNS; j++) {
                double rate = 0;
                for (int i = 0; i < ROWS; i++)
                    rate += fmax(0, sign * ray[i]) * a[i][j];
                most += 0.2 * fmax(0, rate);
            }
            proved |= need > most + 1e-9;
        }
        cr_expect(proved, "trial %d: the ray proves nothing", trial);
        found++;
        kv_lp_free(lp);
    }
    cr_expect(found >= 10, "%d rays", found);
}

Test(lp_basis, other_duals_on_show)
{
    kv_random random;
    double mine[ROWS] = {7};
    kv_random_seed(&random, 13);
    kv_lp *lp = covering(&random);
    cr_assert(eq(int, solve(lp), KV_LP_OPTIMAL));
    double own = kv_lp_dual(lp, 0);
    kv_lp_show_duals(lp, mine);
    cr_expect(kv_lp_dual(lp, 0) == 7 && kv_lp_dual(lp, ROWS) == 0);
    kv_lp_show_duals(lp, NULL);
    cr_expect(eq(dbl, kv_lp_dual(lp, 0), own));
    kv_lp_free(lp);
}
