/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "solver/engine.h"
#include "solver/shut.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { OPEN, TO_OPEN, LIMITED, TWICE, N_ARCS };

/* Four ways from node 0 to node 1: one free, one opened by design 0, one on a resource that design 1
 * supplies, one that designs 0 and 1 must both open. */
static kv_problem *four_ways(void)
{
    int tail[N_ARCS] = {0, 0, 0, 0}, head[N_ARCS] = {1, 1, 1, 1};
    int first = 0, second = 1;
    kv_problem *p = tiny_problem(2, N_ARCS, tail, head, 1, 0, 2, 1, 2);
    for (int b = 0; b < 2; b++) {
        for (int a = 0; a < N_ARCS; a++)
            p->flow_upper[tiny_flow(p, b, 0, a)] = 9;
        p->balance[tiny_balance(p, b, 0, 0)] = 5;
        p->balance[tiny_balance(p, b, 0, 1)] = -5;
        p->resource_base[b] = 0;
        tiny_opening(p, b, TO_OPEN, 1, &first);
        tiny_opening(p, b, TWICE, 1, &first);
        tiny_opening(p, b, TWICE, 1, &second);
    }
    tiny_use(p, 0, LIMITED, 0, 2);
    tiny_supply(p, 0, 0, 1, 10); /* in the first block alone */
    return p;
}

static void expect_shut(const kv_problem *p, const double *design, const int *expected)
{
    unsigned char shut[2 * N_ARCS];
    cr_assert(kv_shut_flows(p, design, shut) == KV_OK);
    for (int x = 0; x < 2 * N_ARCS; x++)
        cr_expect(shut[x] == expected[x], "flow %d", x);
}

Test(shut, follows_the_design)
{
    kv_problem *p = four_ways();
    expect_shut(p, (double[]){0, 0}, (int[]){0, 1, 1, 1, 0, 1, 1, 1});
    expect_shut(p, (double[]){1, 0}, (int[]){0, 0, 1, 1, 0, 0, 1, 1});
    expect_shut(p, (double[]){0, 1}, (int[]){0, 1, 0, 1, 0, 1, 1, 1});
    expect_shut(p, (double[]){1, 1}, (int[]){0, 0, 0, 0, 0, 0, 1, 0});
    expect_shut(p, NULL, (int[]){0, 0, 0, 0, 0, 0, 0, 0});
    p->flow_upper[tiny_flow(p, 1, 0, OPEN)] = 0;
    expect_shut(p, NULL, (int[]){0, 0, 0, 0, 1, 0, 0, 0});
    kv_problem_free(p);
}

/* The error of an LP on ways that aren't there goes to one that is. */
Test(shut, nothing_is_left_on_a_closed_way)
{
    kv_problem *p = four_ways();
    double x[2 * N_ARCS] = {4.9999, 3e-5, 4e-5, 3e-5, 4.999999998, 0, 0, 2e-9};
    p->flow_grid = 1e-6;
    cr_expect(kv_flow_to_grid(p, (double[]){0, 0}, x) == KV_OK);
    for (int i = 0; i < 2 * N_ARCS; i++)
        cr_expect(eq(dbl, x[i], i % N_ARCS == OPEN ? 5.0 : 0.0));
    kv_problem_free(p);
}

/* Where only closed ways are left, balances come first. */
Test(shut, balances_come_first)
{
    kv_problem *p = four_ways();
    double x[2 * N_ARCS] = {0, 5.0000002, 0, 0, 0, 4.9999998, 0, 0};
    p->flow_grid = 1e-3;
    p->flow_upper[tiny_flow(p, 0, 0, OPEN)] = p->flow_upper[tiny_flow(p, 1, 0, OPEN)] = 0;
    cr_expect(kv_flow_to_grid(p, (double[]){0, 1}, x) == KV_OK);
    cr_expect(eq(dbl, x[TO_OPEN] + x[LIMITED], 5.0));
    cr_expect(eq(dbl, x[N_ARCS + TO_OPEN], 5.0));
    kv_problem_free(p);
}

Test(shut, crumbs_are_swept)
{
    kv_problem *p = four_ways();
    double x[2 * N_ARCS] = {5, 4e-9, 6e-9, 1e-3, 0, 5e-4, 2e-4, 0};
    p->flow_grid = 1e-6;
    p->balance[tiny_balance(p, 1, 0, 0)] = p->balance[tiny_balance(p, 1, 0, 1)] = 0;
    kv_sweep_crumbs(p, x);
    double left[2 * N_ARCS] = {5, 0, 6e-9, 1e-3, 0, 0, 0, 0};
    for (int i = 0; i < 2 * N_ARCS; i++)
        cr_expect(eq(dbl, x[i], left[i]));
    double large[2 * N_ARCS] = {2e9, 1.1e-3, 9e-4, 0, 2e-3, 0, 0, 0};
    kv_sweep_crumbs(p, large);
    cr_expect(large[1] > 0 && large[2] <= 0 && large[N_ARCS] > 0);
    double other[2 * N_ARCS] = {2e9, 1e-9};
    p->flow_grid = 0;
    kv_sweep_crumbs(p, other);
    cr_expect(other[1] > 0);
    kv_problem_free(p);
}

Test(shut, out_of_memory)
{
    kv_problem *p = four_ways();
    unsigned char shut[2 * N_ARCS];
    for (long n = 1; n <= 2; n++) {
        kv_memory_fail_at(n, 0);
        kv_status status = kv_shut_flows(p, NULL, shut);
        kv_memory_fail_at(0, 0);
        cr_expect(eq(int, status, KV_ERR_MEMORY));
    }
    kv_problem_free(p);
}
