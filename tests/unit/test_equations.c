/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "solver/equations.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

/* Stocks 1 and 3 of two periods, purchases 0 and 2: s1 = 10 + b1, s2 = 0.7 b1 + b2; a whole number 4
 * in an equation with 3, and an inequality. */
static kv_problem *stocks(void)
{
    int tail[1] = {0}, head[1] = {1};
    kv_problem *p = tiny_problem(2, 1, tail, head, 1, 0, 1, 0, 6);
    for (int j = 0; j < 6; j++) {
        p->design_upper[j] = 100;
        p->design_integer[j] = j == 4;
    }
    tiny_row(&p->side, 'E', 10, 0);
    tiny_row_design(&p->side, 0, -1);
    tiny_row_design(&p->side, 1, 1);
    tiny_row(&p->side, 'L', 50, 0);
    tiny_row_design(&p->side, 5, 1);
    tiny_row(&p->side, 'E', 0, 0);
    tiny_row_design(&p->side, 3, 1);
    tiny_row_design(&p->side, 0, -0.7);
    tiny_row_design(&p->side, 2, -1);
    tiny_row(&p->side, 'E', 20, 1);
    tiny_row_design(&p->side, 5, 2);
    tiny_row_design(&p->side, 4, 1);
    return p;
}

Test(equations, each_sets_a_variable_of_its_own)
{
    kv_problem *p = stocks();
    double y[6] = {3, 13 + 1e-7, 4, 6.1 - 1e-7, 6, 7 + 1e-8};
    cr_expect(kv_equations_settle(p, NULL, y) == KV_OK);
    cr_expect(eq(dbl, y[0], 3));
    cr_expect(eq(dbl, y[2], 4));
    cr_expect(eq(dbl, y[4], 6));
    cr_expect(eq(dbl, y[1], 13));
    cr_expect(fabs(y[3] - 6.1) < 1e-14);
    cr_expect(eq(dbl, y[5], 7));
    kv_problem_free(p);
}

Test(equations, dropped_rows_and_boxes_are_left_alone)
{
    kv_problem *p = stocks();
    unsigned char drop[4] = {0, 0, 0, 1};
    double y[6] = {3, 13.5, 4, 6.5, 6, 7.5};
    p->design_upper[1] = 12.9;
    cr_expect(kv_equations_settle(p, drop, y) == KV_OK);
    cr_expect(eq(dbl, y[1], 13.5));
    cr_expect(eq(dbl, y[5], 7.5));
    cr_expect(fabs(y[3] - 6.1) < 1e-14);
    kv_memory_fail_at(1, 0);
    cr_expect(kv_equations_settle(p, NULL, y) == KV_ERR_MEMORY);
    kv_memory_fail_at(0, 0);
    kv_problem_free(p);
}
