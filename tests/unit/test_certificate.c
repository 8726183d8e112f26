/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/random.h"
#include "solver/engine.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

/* One arc beside a dear one: 4 t, resource 3 + 2 y, opening by y; y costs 5. */
static kv_problem *one_arc(void)
{
    int tail[2] = {0, 0}, head[2] = {1, 1}, set[1] = {0};
    kv_problem *p = tiny_problem(2, 2, tail, head, 1, 0, 1, 1, 1);
    p->balance[0] = 4.0;
    p->balance[1] = -4.0;
    p->flow_cost[0] = 1.0;
    p->flow_cost[1] = 3.0;
    p->flow_upper[0] = p->flow_upper[1] = 4.0;
    tiny_use(p, 0, 0, 0, 2.0);
    p->resource_base[0] = 3.0;
    tiny_supply(p, 0, 0, 0, 2.0);
    tiny_opening(p, 0, 0, 1, set);
    p->design_cost[0] = 5.0;
    cr_assert(eq(int, kv_problem_check(p, NULL), KV_OK));
    return p;
}

static void set_opening(kv_multipliers *m, int opening, int flow, double value)
{
    cr_assert(eq(int, kv_multipliers_reserve(m, m->n_opening + 1), KV_OK));
    m->opening[m->n_opening] = opening;
    m->opening_flow[m->n_opening] = flow;
    m->opening_value[m->n_opening++] = value;
}

static void set_arc_opening(kv_multipliers *m, int opening, double value)
{
    cr_assert(eq(int, kv_multipliers_reserve_arcs(m, m->n_arc_opening + 1), KV_OK));
    m->arc_opening[m->n_arc_opening] = opening;
    m->arc_opening_value[m->n_arc_opening++] = value;
}

Test(certificate, by_hand)
{
    kv_problem *p = one_arc();
    kv_multipliers *m = kv_multipliers_create(p);
    cr_assert(m != NULL);
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 0.0));
    m->balance[0] = 3.0; /* r = -2, 0; 3 * 4 - 2 * 4 */
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 4.0));
    m->resource[0] = 0.75; /* r = -0.5; 12 - 0.5 * 4 - 0.75 * 3 + 0 * (5 - 1.5) */
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 7.75));
    set_opening(m, 0, 0, 0.5); /* r = 0; 12 - 2.25 + 0 * (5 - 1.5 - 2) */
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 9.75));
    m->opening_value[0] = 1.0; /* r = 0.5; (5 - 1.5 - 4) y */
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 9.25));
    double zero[1] = {0.0}, half[1] = {0.5}, quarter[1] = {0.25};
    cr_expect(eq(dbl, kv_bound_within(p, NULL, zero, m), 9.75));
    cr_expect(eq(dbl, kv_bound_within(p, NULL, half, m), 9.75)); /* rounded inwards */
    cr_expect(eq(dbl, kv_bound_within(p, half, NULL, m), 9.25));
    cr_expect(eq(dbl, kv_bound_within(p, quarter, half, m), HUGE_VAL));
    p->design_integer[0] = 0;
    cr_expect(eq(dbl, kv_bound_within(p, NULL, half, m), 9.5));
    p->resource_base[0] = 1e30;
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 8.0));
    kv_multipliers_free(m);
    kv_problem_free(p);
}

Test(certificate, what_is_no_multiplier_counts_as_zero)
{
    kv_problem *p = one_arc();
    kv_multipliers *m = kv_multipliers_create(p);
    tiny_row(&p->side, 'L', 0.0, 0);
    tiny_row_design(&p->side, 0, 1.0);
    kv_multipliers_free(m);
    m = kv_multipliers_create(p);
    m->balance[0] = 3.0;
    m->resource[0] = -5.0;
    m->side[0] = -7.0;
    set_opening(m, 0, 0, -1.0);
    set_arc_opening(m, 0, -1.0);
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 4.0));
    m->resource[0] = (double)NAN;
    m->side[0] = HUGE_VAL;
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 4.0));
    m->side[0] = 2.0;
    p->side.sense[0] = 'E';
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 4.0)); /* (5 + 2) * 0 */
    m->side[0] = -6.0;
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 3.0)); /* (5 - 6) * 1 */
    m->balance[0] = 1e308;
    m->balance[1] = -1e308;
    cr_expect(eq(dbl, kv_bound_recompute(p, m), -HUGE_VAL));
    kv_multipliers_free(m);
    kv_multipliers_free(NULL);
    kv_problem_free(p);
}

Test(certificate, capacity_of_a_whole_arc)
{
    kv_problem *p = one_arc();
    cr_expect(eq(dbl, kv_opening_capacity(p, 0), 2.5)); /* (3 + 2) / 2 */
    p->design_integer[0] = 0;
    cr_expect(eq(dbl, kv_opening_capacity(p, 0), 4.0));
    p->design_integer[0] = 1;
    p->opening_coefficient[0] = 0.5;
    cr_expect(eq(dbl, kv_opening_capacity(p, 0), 4.0));
    p->opening_coefficient[0] = 1.0;
    p->use[0] = 0.0;
    cr_expect(eq(dbl, kv_opening_capacity(p, 0), 4.0));
    p->use[0] = 2.0;
    p->resource_base[0] = 1e30;
    cr_expect(eq(dbl, kv_opening_capacity(p, 0), 4.0));
    p->flow_upper[0] = 0.0;
    cr_expect(eq(dbl, kv_opening_capacity(p, 0), 0.0));
    kv_problem_free(p);
}

/* Sums that plain addition gets wrong by more than the result. */
Test(certificate, sums_are_compensated)
{
    int tail[2] = {0, 0}, head[2] = {1, 1};
    kv_problem *p = tiny_problem(2, 2, tail, head, 3, 0, 1, 0, 0);
    kv_multipliers *m = kv_multipliers_create(p);
    p->balance[0] = 1e17;
    p->balance[2] = 1.0;
    p->balance[4] = -1e17;
    m->balance[0] = m->balance[2] = m->balance[4] = 1.0;
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 1.0));
    kv_multipliers_free(m);
    kv_problem_free(p);
}

/* The duals of the strong LP, with the signs of the mathematics. */
static kv_multipliers *duals(const kv_problem *p, const kv_lp *lp, const tiny_rows *rows)
{
    kv_multipliers *m = kv_multipliers_create(p);
    cr_assert(m != NULL);
    for (int i = 0; i < p->n_blocks * p->n_balances; i++)
        m->balance[i] = kv_lp_dual(lp, rows->balance + i);
    for (int i = 0; i < p->n_blocks * p->n_resources; i++)
        m->resource[i] = -kv_lp_dual(lp, rows->resource + i);
    for (int i = 0; i < p->coupling.count; i++)
        m->coupling[i] = -kv_lp_dual(lp, rows->coupling + i);
    for (int i = 0; i < p->side.count; i++)
        m->side[i] = -kv_lp_dual(lp, rows->side + i);
    for (int i = 0; i < rows->n_opening; i++)
        set_opening(m, rows->of[i], rows->flow[i], -kv_lp_dual(lp, rows->opening + i));
    return m;
}

Test(certificate, duals_of_the_relaxation_prove_its_value)
{
    kv_random random;
    kv_random_seed(&random, 3);
    int solved = 0;
    for (int trial = 0; trial < 60; trial++) {
        kv_problem *p = tiny_random(&random);
        tiny_rows rows;
        kv_lp *lp = tiny_lp(p, NULL, NULL, 0, &rows);
        kv_lp_limits limits;
        kv_lp_limits_default(&limits);
        kv_lp_state state = kv_lp_solve(lp, &limits);
        cr_expect(state == KV_LP_OPTIMAL || state == KV_LP_INFEASIBLE);
        if (state == KV_LP_OPTIMAL) {
            kv_multipliers *m = duals(p, lp, &rows);
            memset(p->design_integer, 0, (size_t)p->n_design);
            double value = kv_lp_objective(lp);
            cr_expect(epsilon_eq(dbl, kv_bound_recompute(p, m), value, 1e-7 * (1 + fabs(value))));
            kv_multipliers_free(m);
            solved++;
        }
        kv_free(rows.of);
        kv_free(rows.flow);
        kv_lp_free(lp);
        kv_problem_free(p);
    }
    cr_expect(solved >= 30, "%d of 60 problems have a plan", solved);
}

/* Disturb every multiplier; size 0 keeps it. */
static void disturb(const kv_problem *p, kv_multipliers *m, kv_random *random, double size)
{
    double *array[] = {m->balance, m->resource,      m->coupling,
                       m->side,    m->opening_value, m->arc_opening_value};
    int count[] = {p->n_blocks * p->n_balances,
                   p->n_blocks * p->n_resources,
                   p->coupling.count,
                   p->side.count,
                   m->n_opening,
                   m->n_arc_opening};
    for (int i = 0; i < 6; i++)
        for (int e = 0; e < count[i]; e++)
            array[i][e] += size * (2.0 * kv_random_uniform(random) - 1.0);
}

Test(certificate, no_multipliers_exceed_the_optimum)
{
    kv_random random;
    kv_random_seed(&random, 5);
    int near = 0;
    for (int trial = 0; trial < 60; trial++) {
        kv_problem *p = tiny_random(&random);
        tiny_rows rows;
        kv_lp *lp = tiny_lp(p, NULL, NULL, 0, &rows);
        kv_lp_limits limits;
        kv_lp_limits_default(&limits);
        kv_lp_state state = kv_lp_solve(lp, &limits);
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        if (state == KV_LP_OPTIMAL && best < 1e30) {
            kv_multipliers *m = duals(p, lp, &rows);
            double slack = 1e-7 * (1.0 + fabs(best));
            cr_expect(kv_bound_recompute(p, m) <= best + slack);
            for (int i = 0; i < p->n_openings; i++)
                set_arc_opening(m, i, 0.0);
            for (int change = 0; change < 40; change++) {
                disturb(p, m, &random, change < 30 ? 0.3 : 10.0);
                cr_expect(kv_bound_recompute(p, m) <= best + slack);
                near += kv_bound_recompute(p, m) > 0.0;
            }
            kv_multipliers_free(m);
        }
        kv_free(rows.of);
        kv_free(rows.flow);
        kv_lp_free(lp);
        kv_problem_free(p);
    }
    cr_expect(near > 100, "the disturbed bounds say something: %d do", near);
}

/* The LP of the weak form: with M of whole arcs it can be above the strong one, never above the
 * optimum. All rows are random multiples of one arc's. */
Test(certificate, rows_of_whole_arcs_are_valid)
{
    int tail[3] = {0, 0, 0}, head[3] = {1, 1, 1}, set[1] = {0};
    kv_problem *p = tiny_problem(2, 3, tail, head, 2, 0, 1, 1, 1);
    for (int k = 0; k < 2; k++) {
        p->balance[tiny_balance(p, 0, k, 0)] = 3.0;
        p->balance[tiny_balance(p, 0, k, 1)] = -3.0;
        p->flow_upper[tiny_flow(p, 0, k, 0)] = p->flow_upper[tiny_flow(p, 0, k, 1)] = 3.0;
        p->flow_cost[tiny_flow(p, 0, k, 1)] = 10.0;
        tiny_use(p, k, 0, 0, 1.0);
    }
    p->resource_base[0] = 3.0;
    tiny_opening(p, 0, 0, 1, set);
    p->design_cost[0] = 12.0;
    cr_expect(eq(dbl, kv_opening_capacity(p, 0), 3.0));
    double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
    cr_expect(epsilon_eq(dbl, best, 42.0, 1e-9)); /* y = 1 carries 3 of 6 t */
    kv_multipliers *m = kv_multipliers_create(p);
    m->balance[0] = m->balance[2] = 10.0;
    m->resource[0] = 6.0;
    set_opening(m, 0, 0, 4.0);
    set_opening(m, 0, 3, 4.0); /* column 3: the other commodity on arc 0 */
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 60.0 - 18.0 - 12.0));
    m->n_opening = 0;
    set_arc_opening(m, 0, 4.0);
    cr_expect(eq(dbl, kv_bound_recompute(p, m), 60.0 - 18.0));
    kv_multipliers_free(m);
    kv_problem_free(p);
}
