/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"
#include "base/random.h"
#include "solver/lp/lp.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <pthread.h>

enum { MOST = 64 };
static const double none = 1e30;

/* A dense LP kept beside the object under test, to judge its answers by. */
struct dense {
    int rows, columns;
    double cost[MOST], lower[MOST], upper[MOST];
    unsigned char integer[MOST];
    double row_lower[MOST], row_upper[MOST];
    double a[MOST][MOST];
};

static kv_lp *lp_of(const struct dense *d)
{
    size_t first[MOST + 1];
    int row[MOST * MOST];
    double value[MOST * MOST];
    size_t n = 0;
    for (int j = 0; j < d->columns; j++) {
        first[j] = n;
        for (int i = 0; i < d->rows; i++) {
            if (d->a[i][j] != 0.0) {
                row[n] = i;
                value[n++] = d->a[i][j];
            }
        }
    }
    first[d->columns] = n;
    kv_lp *lp = kv_lp_create();
    cr_assert(lp != NULL);
    cr_assert(eq(int, kv_lp_add_rows(lp, d->rows, d->row_lower, d->row_upper), KV_OK));
    cr_assert(eq(int,
                 kv_lp_add_columns(lp, d->columns, d->cost, d->lower, d->upper, d->integer, first,
                                   row, value),
                 KV_OK));
    return lp;
}

static kv_lp_state solve(kv_lp *lp)
{
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    return kv_lp_solve(lp, &limits);
}

/* Feasibility, stationarity, sign of the multipliers, complementary slackness: all from scratch. */
static void expect_optimal(const kv_lp *lp, const struct dense *d)
{
    const double tolerance = 1e-6;
    double objective = 0.0;
    for (int i = 0; i < d->rows; i++) {
        double activity = 0.0, dual = kv_lp_dual(lp, i);
        for (int j = 0; j < d->columns; j++)
            activity += d->a[i][j] * kv_lp_value(lp, j);
        cr_expect(activity >= d->row_lower[i] - tolerance, "row %d below", i);
        cr_expect(activity <= d->row_upper[i] + tolerance, "row %d above", i);
        if (dual > tolerance)
            cr_expect(activity <= d->row_lower[i] + tolerance, "row %d: a positive dual", i);
        if (dual < -tolerance)
            cr_expect(activity >= d->row_upper[i] - tolerance, "row %d: a negative dual", i);
    }
    for (int j = 0; j < d->columns; j++) {
        double x = kv_lp_value(lp, j), reduced = d->cost[j];
        for (int i = 0; i < d->rows; i++)
            reduced -= d->a[i][j] * kv_lp_dual(lp, i);
        objective += d->cost[j] * x;
        cr_expect(x >= d->lower[j] - tolerance && x <= d->upper[j] + tolerance);
        cr_expect(epsilon_eq(dbl, reduced, kv_lp_reduced_cost(lp, j), tolerance));
        if (reduced > tolerance)
            cr_expect(x <= d->lower[j] + tolerance, "column %d should be at its lower end", j);
        if (reduced < -tolerance)
            cr_expect(x >= d->upper[j] - tolerance, "column %d should be at its upper end", j);
    }
    cr_expect(fabs(objective - kv_lp_objective(lp)) <= tolerance * fmax(1.0, fabs(objective)));
}

/* min -3x -5y: x <= 4, 2y <= 12, 3x + 2y <= 18: 36 at (2, 6), duals 0, -1.5, -1. */
static struct dense textbook(void)
{
    struct dense d = {.rows = 3,
                      .columns = 2,
                      .cost = {-3, -5},
                      .upper = {1e30, 1e30},
                      .row_lower = {-1e30, -1e30, -1e30},
                      .row_upper = {4, 12, 18},
                      .a = {{1, 0}, {0, 2}, {3, 2}}};
    return d;
}

Test(lp, textbook_optimum_and_duals)
{
    struct dense d = textbook();
    kv_lp *lp = lp_of(&d);
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    cr_expect(epsilon_eq(dbl, kv_lp_objective(lp), -36.0, 1e-9));
    cr_expect(epsilon_eq(dbl, kv_lp_value(lp, 0), 2.0, 1e-9));
    cr_expect(epsilon_eq(dbl, kv_lp_value(lp, 1), 6.0, 1e-9));
    cr_expect(epsilon_eq(dbl, kv_lp_dual(lp, 0), 0.0, 1e-9));
    cr_expect(epsilon_eq(dbl, kv_lp_dual(lp, 1), -1.5, 1e-9));
    cr_expect(epsilon_eq(dbl, kv_lp_dual(lp, 2), -1.0, 1e-9));
    cr_expect(kv_lp_iterations(lp) > 0);
    expect_optimal(lp, &d);
    kv_lp_free(lp);
}

Test(lp, warm_restart_after_changes)
{
    struct dense d = textbook();
    kv_lp *lp = lp_of(&d);
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    d.upper[1] = 5.0;
    cr_expect(eq(int, kv_lp_set_column_bounds(lp, 1, 0.0, 5.0), KV_OK));
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    expect_optimal(lp, &d);
    cr_expect(kv_lp_iterations(lp) <= 3);
    d.row_lower[0] = d.row_upper[0] = 1.0;
    cr_expect(eq(int, kv_lp_set_row_bounds(lp, 0, 1.0, 1.0), KV_OK));
    d.cost[0] = 2.0;
    cr_expect(eq(int, kv_lp_set_cost(lp, 0, 2.0), KV_OK));
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    expect_optimal(lp, &d);
    int column[2] = {1, 0};
    double value[2] = {1.0, 1.0};
    cr_expect(eq(int, kv_lp_add_row(lp, -none, 4.0, 2, column, value), KV_OK));
    d.a[3][0] = d.a[3][1] = 1.0;
    d.row_lower[3] = -none;
    d.row_upper[3] = 4.0;
    d.rows = 4;
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    expect_optimal(lp, &d);
    cr_expect(epsilon_eq(dbl, kv_lp_value(lp, 1), 3.0, 1e-9));
    kv_lp_free(lp);
}

Test(lp, infeasible_and_unbounded)
{
    struct dense d = textbook();
    d.row_lower[2] = 40.0;
    d.row_upper[2] = 50.0;
    kv_lp *lp = lp_of(&d);
    cr_expect(eq(int, solve(lp), KV_LP_INFEASIBLE));
    double bound;
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    cr_expect(eq(int, kv_lp_solve_mip(lp, &limits, &bound), KV_LP_INFEASIBLE));
    kv_lp_free(lp);
    d = textbook();
    d.row_upper[1] = d.row_upper[2] = none;
    lp = lp_of(&d);
    cr_expect(eq(int, solve(lp), KV_LP_UNBOUNDED));
    limits.dual = 0;
    cr_expect(eq(int, kv_lp_solve(lp, &limits), KV_LP_UNBOUNDED));
    cr_expect(eq(int, kv_lp_solve_mip(lp, &limits, &bound), KV_LP_UNBOUNDED));
    kv_lp_free(lp);
}

Test(lp, nothing_at_all)
{
    kv_lp *lp = kv_lp_create();
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    cr_expect(eq(dbl, kv_lp_objective(lp), 0.0));
    double cost[1] = {-2.0}, lower[1] = {0.0}, upper[1] = {3.0};
    size_t first[2] = {0, 0};
    cr_expect(
        eq(int, kv_lp_add_columns(lp, 1, cost, lower, upper, NULL, first, NULL, NULL), KV_OK));
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    cr_expect(eq(dbl, kv_lp_objective(lp), -6.0));
    kv_lp_free(lp);
    kv_lp_free(NULL);
}

Test(lp, refuses_what_is_wrong_and_changes_nothing)
{
    struct dense d = textbook();
    kv_lp *lp = lp_of(&d);
    double one[2] = {1.0, 1.0}, bad[2] = {1.0, NAN}, low[1] = {2.0}, high[1] = {1.0};
    int beyond[2] = {0, 3}, twice[2] = {1, 1}, negative[1] = {-1}, fine[2] = {0, 1};
    size_t first[2] = {0, 2};
    cr_expect(eq(int, kv_lp_add_row(lp, 0, 1, 2, beyond, one), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_add_row(lp, 0, 1, 2, twice, one), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_add_row(lp, 0, 1, 1, negative, one), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_add_row(lp, 0, 1, 2, fine, bad), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_add_row(lp, 2, 1, 2, fine, one), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_add_rows(lp, 1, low, high), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_add_columns(lp, 1, one, one, one, NULL, first, beyond, one),
                 KV_ERR_ARGUMENT));
    cr_expect(
        eq(int, kv_lp_add_columns(lp, 1, one, one, one, NULL, first, twice, one), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_add_columns(lp, 1, bad + 1, one, one, NULL, first, fine, one),
                 KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_set_column_bounds(lp, 2, 0, 1), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_set_column_bounds(lp, 0, 1, 0), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_set_column_bounds(lp, 0, NAN, 0), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_set_row_bounds(lp, -1, 0, 1), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_set_cost(lp, 0, INFINITY), KV_ERR_ARGUMENT));
    cr_expect(eq(int, kv_lp_rows(lp), 3));
    cr_expect(eq(int, kv_lp_columns(lp), 2));
    cr_expect(eq(dbl, kv_lp_value(lp, 2), 0.0));
    cr_expect(eq(dbl, kv_lp_dual(lp, 3), 0.0));
    cr_expect(eq(dbl, kv_lp_reduced_cost(lp, -1), 0.0));
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    expect_optimal(lp, &d);
    kv_lp_free(lp);
}

/* A random LP with the feasible point `inside`; a third of the rows are equalities. */
static struct dense random_lp(kv_random *random, int rows, int columns)
{
    struct dense d = {.rows = rows, .columns = columns};
    double inside[MOST];
    for (int j = 0; j < columns; j++) {
        inside[j] = kv_random_integer(random, 0, 5);
        d.cost[j] = kv_random_integer(random, -9, 9);
        d.upper[j] = kv_random_integer(random, 0, 3) == 0 ? 20.0 : 5.0 + inside[j];
    }
    for (int i = 0; i < rows; i++) {
        double activity = 0.0;
        for (int j = 0; j < columns; j++) {
            if (kv_random_integer(random, 0, 2) == 0)
                d.a[i][j] = kv_random_integer(random, -4, 6);
            activity += d.a[i][j] * inside[j];
        }
        int kind = kv_random_integer(random, 0, 2);
        d.row_lower[i] = kind == 1 ? -none : activity;
        d.row_upper[i] = kind == 2 ? none : activity + (kind == 0 ? 0.0 : 2.0);
    }
    return d;
}

/* Costs of the order of MEUR per ton, next to fixed costs: reduced costs stay exact enough, and
 * change their size between two solves. */
Test(lp, small_costs)
{
    kv_random random;
    kv_random_seed(&random, 17);
    for (int trial = 0; trial < 30; trial++) {
        struct dense d = random_lp(&random, 10, 20), big = d;
        for (int j = 0; j < d.columns; j++)
            d.cost[j] *= 1e-8;
        kv_lp *small = lp_of(&d), *large = lp_of(&big);
        cr_expect(eq(int, solve(small), KV_LP_OPTIMAL));
        cr_expect(eq(int, solve(large), KV_LP_OPTIMAL));
        double value = kv_lp_objective(large);
        cr_expect(epsilon_eq(dbl, 1e8 * kv_lp_objective(small), value, 1e-6 * (1 + fabs(value))));
        for (int j = 0; j < d.columns; j++)
            cr_expect(eq(int, kv_lp_set_cost(small, j, 1e4 * big.cost[j]), KV_OK));
        cr_expect(eq(int, solve(small), KV_LP_OPTIMAL));
        cr_expect(epsilon_eq(dbl, 1e-4 * kv_lp_objective(small), value, 1e-6 * (1 + fabs(value))));
        for (int j = 0; j < d.columns; j++)
            big.cost[j] *= 1e4;
        kv_lp_free(large);
        kv_lp_free(small);
    }
}

/* What GLPK does when it would end the process: here it is refused memory. */
void glp_mem_limit(int megabytes);

Test(lp, a_fault_inside_is_survived)
{
    enum { MANY = 200000 };
    static double lower[MANY], upper[MANY];
    struct dense d = textbook();
    kv_lp *lp = kv_lp_create(), *other = lp_of(&d);
    glp_mem_limit(4);
    cr_expect(eq(int, kv_lp_add_rows(lp, MANY, lower, upper), KV_ERR_MEMORY));
    cr_expect(eq(int, kv_lp_add_rows(lp, 1, lower, upper), KV_ERR_NUMERIC));
    cr_expect(eq(int, solve(lp), KV_LP_FAILED));
    cr_expect(eq(int, kv_lp_rows(lp), 0));
    kv_lp_free(lp);
    glp_mem_limit(1 << 20);
    cr_expect(eq(int, solve(other), KV_LP_OPTIMAL));
    expect_optimal(other, &d);
    kv_lp_free(other);
}

/* The same inside a solve: the LP goes on with a copy, or says that it can't. */
Test(lp, a_fault_in_a_solve)
{
    kv_random random;
    kv_random_seed(&random, 19);
    struct dense d = random_lp(&random, 40, 60);
    for (int j = 0; j < d.columns; j++)
        d.integer[j] = 1;
    kv_lp *lp = lp_of(&d);
    double bound;
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    glp_mem_limit(1);
    kv_lp_state state = kv_lp_solve(lp, &limits);
    cr_expect(state == KV_LP_OPTIMAL || state == KV_LP_FAILED);
    state = kv_lp_solve_mip(lp, &limits, &bound);
    cr_expect(state != KV_LP_UNBOUNDED && state != KV_LP_UNSOLVED);
    kv_lp_free(lp);
    glp_mem_limit(1 << 20);
    kv_lp_thread_end();
}

/* A failed assertion inside the search, once: it goes on with a copy. */
typedef void (*glp_errfunc)(const char *format, ...);
glp_errfunc glp_error_(const char *file, int line);

static int fail_once(void *context, double bound, double incumbent, long nodes)
{
    int *calls = context;
    (void)bound;
    (void)incumbent;
    (void)nodes;
    if (++*calls == 2)
        glp_error_("here", 1)("an assertion failed\n");
    return 0;
}

Test(lp, a_failed_assertion_in_a_search)
{
    struct dense d = textbook();
    d.integer[0] = d.integer[1] = 1;
    d.row_upper[2] = 17.5;
    d.cost[0] *= 1e-7;
    d.cost[1] *= 1e-7;
    kv_lp *lp = lp_of(&d);
    double bound;
    int calls = 0;
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    limits.progress = fail_once;
    limits.context = &calls;
    cr_expect(eq(int, kv_lp_solve_mip(lp, &limits, &bound), KV_LP_OPTIMAL));
    cr_expect(calls > 2);
    cr_expect(epsilon_eq(dbl, kv_lp_objective(lp), -33e-7, 1e-15));
    cr_expect(epsilon_eq(dbl, bound, -33e-7, 1e-15));
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    expect_optimal(lp, &d);
    kv_lp_free(lp);
    kv_lp_thread_end();
}

/* Stopped and taken up again, an LP comes to the same end. */
Test(lp, iteration_limit)
{
    kv_random random;
    kv_random_seed(&random, 23);
    struct dense d = random_lp(&random, 40, 60);
    kv_lp *lp = lp_of(&d);
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    limits.iterations = 3;
    int rounds = 0;
    while (kv_lp_solve(lp, &limits) == KV_LP_LIMIT && rounds++ < 1000)
        cr_expect(kv_lp_iterations(lp) >= 1 && kv_lp_iterations(lp) <= 3);
    cr_expect(rounds > 2 && rounds < 1000, "%d rounds", rounds);
    expect_optimal(lp, &d);
    kv_lp_free(lp);
}

/* Beale's example, on which the plain simplex method cycles. */
Test(lp, degenerate)
{
    struct dense d = {.rows = 3,
                      .columns = 4,
                      .cost = {-0.75, 150, -0.02, 6},
                      .upper = {1e30, 1e30, 1e30, 1e30},
                      .row_lower = {-1e30, -1e30, -1e30},
                      .row_upper = {0, 0, 1},
                      .a = {{0.25, -60, -0.04, 9}, {0.5, -90, -0.02, 3}, {0, 0, 1, 0}}};
    for (int dual = 0; dual < 2; dual++) {
        kv_lp *lp = lp_of(&d);
        kv_lp_limits limits;
        kv_lp_limits_default(&limits);
        limits.dual = dual;
        cr_expect(eq(int, kv_lp_solve(lp, &limits), KV_LP_OPTIMAL));
        cr_expect(epsilon_eq(dbl, kv_lp_objective(lp), -0.05, 1e-9));
        expect_optimal(lp, &d);
        kv_lp_free(lp);
    }
}

Test(lp, random_lps_satisfy_the_conditions_of_optimality)
{
    kv_random random;
    kv_random_seed(&random, 7);
    for (int trial = 0; trial < 200; trial++) {
        struct dense d = random_lp(&random, kv_random_integer(&random, 1, 15),
                                   kv_random_integer(&random, 1, 25));
        kv_lp *lp = lp_of(&d);
        cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
        expect_optimal(lp, &d);
        for (int change = 0; change < 4; change++) {
            int j = kv_random_integer(&random, 0, d.columns - 1);
            d.upper[j] = 1000.0;
            cr_expect(eq(int, kv_lp_set_column_bounds(lp, j, 0.0, d.upper[j]), KV_OK));
            j = kv_random_integer(&random, 0, d.columns - 1);
            d.cost[j] += 1.0;
            cr_expect(eq(int, kv_lp_set_cost(lp, j, d.cost[j]), KV_OK));
            cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
            expect_optimal(lp, &d);
        }
        kv_lp_free(lp);
    }
}

/* A knapsack with its optimum by enumeration. */
Test(lp, mip_by_enumeration)
{
    kv_random random;
    kv_random_seed(&random, 11);
    for (int trial = 0; trial < 40; trial++) {
        struct dense d = {.rows = 2, .columns = 10};
        for (int j = 0; j < d.columns; j++) {
            d.cost[j] = -kv_random_integer(&random, 1, 50);
            d.a[0][j] = kv_random_integer(&random, 1, 30);
            d.a[1][j] = kv_random_integer(&random, 0, 1);
            d.upper[j] = 1.3; /* an integer's box is rounded inwards */
            d.integer[j] = 1;
        }
        d.row_lower[0] = d.row_lower[1] = -none;
        d.row_upper[0] = 60.0;
        d.row_upper[1] = 3.0;
        double best = 0.0, bound;
        for (int set = 0; set < 1 << 10; set++) {
            double cost = 0.0, weight = 0.0, count = 0.0;
            for (int j = 0; j < d.columns; j++) {
                if (set >> j & 1) {
                    cost += d.cost[j];
                    weight += d.a[0][j];
                    count += d.a[1][j];
                }
            }
            if (weight <= 60.0 && count <= 3.0 && cost < best)
                best = cost;
        }
        kv_lp_limits limits;
        kv_lp_limits_default(&limits);
        kv_lp *lp = lp_of(&d);
        cr_expect(eq(int, kv_lp_solve_mip(lp, &limits, &bound), KV_LP_OPTIMAL));
        cr_expect(epsilon_eq(dbl, kv_lp_objective(lp), best, 1e-6));
        cr_expect(epsilon_eq(dbl, bound, best, 1e-6));
        limits.presolve = 1;
        cr_expect(eq(int, kv_lp_solve_mip(lp, &limits, &bound), KV_LP_OPTIMAL));
        cr_expect(epsilon_eq(dbl, kv_lp_objective(lp), best, 1e-6));
        limits.presolve = 0;
        cr_expect(eq(int, kv_lp_solve(lp, &limits), KV_LP_OPTIMAL));
        cr_expect(kv_lp_objective(lp) <= best + 1e-6);
        expect_optimal(lp, &d);
        kv_lp_free(lp);
    }
}

static int stop_at_once(void *context, double bound, double incumbent, long nodes)
{
    (void)bound;
    (void)incumbent;
    (void)nodes;
    ++*(int *)context;
    return 1;
}

/* A MIP that needs many nodes: an even sum of odd coefficients. */
static struct dense stubborn(void)
{
    struct dense d = {.rows = 1, .columns = 40};
    for (int j = 0; j < d.columns; j++) {
        d.cost[j] = 1.0 + 0.01 * j;
        d.a[0][j] = 2.0 * (j % 7) + 10.0;
        d.upper[j] = 1.0;
        d.integer[j] = 1;
    }
    d.row_lower[0] = d.row_upper[0] = 301.0;
    return d;
}

Test(lp, mip_limits_and_start)
{
    struct dense d = stubborn();
    d.columns = 41;
    d.cost[40] = 100.0; /* a way out at a price */
    d.a[0][40] = 1.0;
    d.upper[40] = 400.0;
    kv_lp *lp = lp_of(&d);
    double bound, start[41] = {0.0};
    int calls = 0;
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    limits.nodes = 50;
    kv_lp_state state = kv_lp_solve_mip(lp, &limits, &bound);
    cr_expect(state == KV_LP_LIMIT || state == KV_LP_FEASIBLE || state == KV_LP_OPTIMAL);
    cr_expect(kv_lp_nodes(lp) <= 53);
    limits.progress = stop_at_once;
    limits.context = &calls;
    start[40] = 301.0;
    limits.start = start;
    state = kv_lp_solve_mip(lp, &limits, &bound);
    cr_expect(eq(int, state, KV_LP_LIMIT));
    cr_expect(eq(int, calls, 1));
    limits.progress = NULL;
    limits.nodes = 0;
    limits.iterations = 1; /* enough for the root, where the start is handed over */
    state = kv_lp_solve_mip(lp, &limits, &bound);
    cr_expect(eq(int, state, KV_LP_FEASIBLE));
    cr_expect(kv_lp_objective(lp) <= 30100.0);
    limits.iterations = 0;
    limits.gap = 0.999;
    state = kv_lp_solve_mip(lp, &limits, &bound);
    cr_expect(eq(int, state, KV_LP_OPTIMAL));
    cr_expect(kv_lp_objective(lp) <= 30100.0);
    cr_expect(bound >= kv_lp_objective(lp) * 0.001 - 1e-6 && bound < kv_lp_objective(lp));
    kv_lp_free(lp);
}

Test(lp, stop_is_obeyed)
{
    struct dense d = textbook();
    kv_lp *lp = lp_of(&d);
    double bound;
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    kv_stop_request();
    cr_expect(eq(int, solve(lp), KV_LP_LIMIT));
    cr_expect(eq(int, kv_lp_solve_mip(lp, &limits, &bound), KV_LP_LIMIT));
    kv_stop_reset();
    limits.seconds = 0.0;
    cr_expect(eq(int, kv_lp_solve(lp, &limits), KV_LP_LIMIT));
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    kv_lp_free(lp);
}

/* Progress must not get at the LP that is being solved, but may solve another. */
struct nested {
    kv_lp *outer, *inner;
    int calls;
};

static int solve_nested(void *context, double bound, double incumbent, long nodes)
{
    struct nested *nested = context;
    (void)bound;
    (void)incumbent;
    (void)nodes;
    nested->calls++;
    cr_expect(eq(int, kv_lp_set_cost(nested->outer, 0, 1.0), KV_ERR_ARGUMENT));
    cr_expect(eq(int, solve(nested->outer), KV_LP_FAILED));
    cr_expect(eq(int, solve(nested->inner), KV_LP_OPTIMAL));
    return 0;
}

Test(lp, nested_in_a_callback)
{
    struct dense d = textbook(), hard = textbook();
    hard.integer[0] = hard.integer[1] = 1;
    hard.row_upper[2] = 17.5;
    struct nested nested = {lp_of(&hard), lp_of(&d), 0};
    double bound;
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    limits.progress = solve_nested;
    limits.context = &nested;
    cr_expect(eq(int, kv_lp_solve_mip(nested.outer, &limits, &bound), KV_LP_OPTIMAL));
    cr_expect(nested.calls > 0);
    cr_expect(epsilon_eq(dbl, kv_lp_objective(nested.outer), -33.0, 1e-9));
    kv_lp_free(nested.outer);
    kv_lp_free(nested.inner);
}

static void *in_a_thread(void *context)
{
    kv_lp *foreign = context;
    struct dense d = textbook();
    cr_expect(eq(int, solve(foreign), KV_LP_FAILED));
    cr_expect(eq(int, kv_lp_rows(foreign), 0));
    kv_lp *lp = lp_of(&d);
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    expect_optimal(lp, &d);
    kv_lp_free(lp);
    kv_lp_thread_end();
    return NULL;
}

Test(lp, threads_have_their_own)
{
    struct dense d = textbook();
    kv_lp *lp = lp_of(&d);
    pthread_t thread[2];
    for (int i = 0; i < 2; i++)
        cr_assert(eq(int, pthread_create(&thread[i], NULL, in_a_thread, lp), 0));
    for (int i = 0; i < 2; i++)
        pthread_join(thread[i], NULL);
    cr_expect(eq(int, solve(lp), KV_LP_OPTIMAL));
    kv_lp_free(lp);
    kv_lp_thread_end();
}
