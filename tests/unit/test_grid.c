/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/random.h"
#include "solver/engine.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* Every balance in whole grid units, no flow negative, each within one unit (and `error`) of what
 * it was. */
static void expect_on_grid(const kv_problem *p, const double *before, const double *after,
                           double error)
{
    double grid = p->flow_grid;
    int64_t *rest = kv_alloc((size_t)p->n_balances, sizeof *rest);
    for (int b = 0; b < p->n_blocks; b++) {
        for (int v = 0; v < p->n_balances; v++)
            rest[v] = llround(p->balance[b * p->n_balances + v] / grid);
        for (int f = 0; f < p->n_flows; f++) {
            double x = after[b * p->n_flows + f], old = before[b * p->n_flows + f];
            int64_t whole = llround(x / grid);
            cr_expect(x >= 0.0);
            if (p->flow_tail_row[f] < 0)
                continue;
            cr_expect(fabs(x - old) <= grid * (1.0 + 1e-9) + error, "%g became %g", old, x);
            cr_expect(fabs(x - (double)whole * grid) <= 1e-15 * fmax(1.0, x));
            rest[p->flow_tail_row[f]] -= whole;
            rest[p->flow_head_row[f]] += whole;
        }
        for (int v = 0; v < p->n_balances; v++)
            cr_expect(rest[v] == 0, "block %d row %d misses %lld", b, v, (long long)rest[v]);
    }
    kv_free(rest);
}

enum { NODES = 12, ARCS = 60, GOODS = 3 };

/* A random network with a random feasible flow: cycles and paths of arbitrary real size, whose
 * excess at the nodes is then corrected to the grid through the last node. */
static kv_problem *random_flow(kv_random *random, double grid, double size, double *x)
{
    int tail[ARCS + NODES], head[ARCS + NODES];
    for (int a = 0; a < ARCS; a++) {
        tail[a] = kv_random_integer(random, 0, NODES - 2);
        head[a] = (tail[a] + kv_random_integer(random, 1, NODES - 2)) % (NODES - 1);
    }
    for (int v = 0; v < NODES; v++) { /* to the last node and, at the end, one loop */
        tail[ARCS + v] = v;
        head[ARCS + v] = NODES - 1;
    }
    kv_problem *p = tiny_problem(NODES, ARCS + NODES, tail, head, GOODS, 0, 2, 0, 0);
    p->flow_grid = grid;
    for (int b = 0; b < 2; b++) {
        for (int k = 0; k < GOODS; k++) {
            double out[NODES] = {0.0};
            for (int a = 0; a < ARCS; a++) {
                size_t i = tiny_flow(p, b, k, a);
                int kind = kv_random_integer(random, 0, 3);
                x[i] = kind == 0 ? 0.0 : size * kv_random_uniform(random);
                if (kind == 1)
                    x[i] = nearbyint(x[i] / grid) * grid;
                p->flow_upper[i] = 2.0 * size;
                out[tail[a]] += x[i];
                out[head[a]] -= x[i];
            }
            for (int v = 0; v < NODES; v++) {
                size_t i = tiny_flow(p, b, k, ARCS + v), row = tiny_balance(p, b, k, v);
                double d = ceil(out[v] / grid) * grid;
                p->flow_upper[i] = 100.0 * size;
                x[i] = v < NODES - 1 ? d - out[v] : 0.3;
                p->balance[row] += d;
                p->balance[tiny_balance(p, b, k, NODES - 1)] -= d;
            }
        }
    }
    for (int i = 0; i < 2 * p->n_balances; i++)
        p->balance[i] = nearbyint(p->balance[i] / grid) * grid;
    cr_assert(eq(int, kv_problem_check(p, NULL), KV_OK));
    return p;
}

Test(grid, random_networks_in_exact_arithmetic)
{
    kv_random random;
    kv_random_seed(&random, 1);
    double before[2 * GOODS * (ARCS + NODES)], x[2 * GOODS * (ARCS + NODES)];
    const double grids[] = {1.0, 0.001, 0.1, 1e-6, 250.0};
    for (int trial = 0; trial < 200; trial++) {
        double grid = grids[trial % 5], size = trial % 2 ? 37.0 : 3e6;
        kv_problem *p = random_flow(&random, grid, size, x);
        double noise = trial % 3 ? 1e-9 * size : 0.0; /* an LP's tolerance */
        int n = 2 * p->n_flows;
        for (int i = 0; i < n; i++)
            x[i] += noise * (2.0 * kv_random_uniform(&random) - 1.0);
        memcpy(before, x, sizeof x);
        cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_OK));
        expect_on_grid(p, before, x, noise * 3 * ARCS);
        memcpy(before, x, sizeof x);
        cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_OK));
        cr_expect(memcmp(before, x, sizeof x) == 0, "a flow on the grid is left alone");
        kv_problem_free(p);
    }
}

/* Three thirds of a unit each make one whole unit; two halves of another way stay together. */
Test(grid, thirds)
{
    int tail[5] = {0, 0, 0, 1, 1}, head[5] = {1, 1, 1, 2, 2};
    kv_problem *p = tiny_problem(3, 5, tail, head, 1, 0, 1, 0, 0);
    double x[5] = {1.0 / 3, 1.0 / 3, 1.0 / 3, 0.5, 0.5};
    for (int a = 0; a < 5; a++)
        p->flow_upper[a] = 1.0;
    p->balance[0] = 1.0;
    p->balance[2] = -1.0;
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_OK));
    cr_expect(eq(dbl, x[0] + x[1] + x[2], 1.0));
    cr_expect(eq(dbl, x[3] + x[4], 1.0));
    for (int a = 0; a < 5; a++)
        cr_expect(x[a] == 0.0 || x[a] == 1.0);
    kv_problem_free(p);
}

/* A decimal grid gives the doubles that the decimals are read as. */
Test(grid, decimals)
{
    int tail[2] = {0, 0}, head[2] = {1, 1};
    kv_problem *p = tiny_problem(2, 2, tail, head, 1, 0, 1, 0, 0);
    double x[2] = {0.3000000001, 6.9999999999};
    p->flow_grid = 0.1;
    p->flow_upper[0] = p->flow_upper[1] = 10.0;
    p->balance[0] = 7.3;
    p->balance[1] = -7.3;
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_OK));
    cr_expect(eq(dbl, x[0], 0.3));
    cr_expect(eq(dbl, x[1], 7.0));
    p->flow_grid = 0.0;
    x[0] = 0.123;
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_OK));
    cr_expect(eq(dbl, x[0], 0.123));
    kv_problem_free(p);
}

/* What a tiny tree flow can't give goes another way round. */
Test(grid, no_flow_becomes_negative)
{
    int tail[4] = {0, 1, 0, 2}, head[4] = {1, 2, 2, 0};
    kv_problem *p = tiny_problem(3, 4, tail, head, 1, 0, 1, 0, 0);
    double x[4] = {5.0, 0.001, 0.0, 0.0};
    for (int a = 0; a < 4; a++)
        p->flow_upper[a] = 9.0;
    p->balance[0] = 5.0; /* node 1 keeps 6: arc 1 would have to carry -1 */
    p->balance[1] = -6.0;
    p->balance[2] = 1.0;
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_OK));
    cr_expect(eq(dbl, x[0], 6.0));
    cr_expect(eq(dbl, x[1], 0.0));
    cr_expect(eq(dbl, x[2], 0.0));
    cr_expect(eq(dbl, x[3], 1.0));
    kv_problem_free(p);
}

Test(grid, what_cannot_balance_is_refused)
{
    int tail[2] = {0, 1}, head[2] = {1, 0};
    kv_problem *p = tiny_problem(3, 2, tail, head, 1, 0, 1, 0, 0);
    double x[2] = {1.0, 0.0};
    p->flow_upper[0] = p->flow_upper[1] = 2.0;
    p->balance[0] = 1.0;
    p->balance[2] = -1.0;
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_ERR_NUMERIC));
    cr_expect(eq(dbl, x[0], 1.0));
    p->balance[2] = 0.0;
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_ERR_NUMERIC));
    p->balance[1] = -1.0;
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_OK));
    p->flow_upper[0] = 0.0;
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_ERR_NUMERIC));
    x[0] = (double)NAN;
    p->flow_upper[0] = 1.0;
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_OK)); /* no number counts as no flow */
    cr_expect(eq(dbl, x[0], 1.0));
    kv_problem_free(p);
}

/* Loaded thirds are rounded, and the empties that ride with them come along. */
Test(grid, empties_follow)
{
    int tail[4] = {0, 1, 1, 0}, head[4] = {1, 0, 0, 1};
    kv_problem *p = tiny_problem(2, 4, tail, head, 2, 1, 1, 0, 1);
    double x[8] = {10.0 / 3, 0, 0, 2.0 / 3, 0, 1.0 / 7, 10.0 / 24 + 2.0 / 24 - 1.0 / 7, 0};
    p->balance[0] = 4.0;
    p->balance[1] = -4.0;
    for (int i = 0; i < 8; i++)
        p->flow_upper[i] = 9.0;
    for (int v = 0; v < 2; v++) { /* loaded in / 8 + empties in = the same out */
        tiny_row(&p->coupling, 'E', 0.0, 0);
        for (int f = 0; f < 8; f++)
            tiny_row_flow(&p->coupling, 0, f,
                          (head[f % 4] == v ? 1.0 : -1.0) * (f < 4 ? 0.125 : 1.0));
        if (v == 1)
            tiny_row_design(&p->coupling, 0, 1.0); /* a row in which the design has a part */
    }
    cr_expect(eq(int, kv_flow_to_grid(p, NULL, x), KV_OK));
    cr_expect(eq(dbl, x[0], 3.0));
    cr_expect(eq(dbl, x[3], 1.0));
    cr_expect(epsilon_eq(dbl, x[5] + x[6] - x[4] - x[7], 0.5, 1.5e-9));
    cr_expect(epsilon_eq(dbl, x[5], 1.0 / 7, 1e-6));
    kv_problem_free(p);
}

Test(grid, no_memory_leaves_the_flow)
{
    kv_random random;
    kv_random_seed(&random, 4);
    double before[2 * GOODS * (ARCS + NODES)], x[2 * GOODS * (ARCS + NODES)];
    kv_problem *p = random_flow(&random, 0.001, 50.0, x);
    memcpy(before, x, sizeof x);
    kv_status status = KV_ERR_MEMORY;
    int failures = 0;
    for (long n = 1; n < 10000 && status != KV_OK; n++) {
        kv_memory_fail_at(n, 0);
        status = kv_flow_to_grid(p, NULL, x);
        kv_memory_fail_at(0, 0);
        cr_expect(status == KV_OK || status == KV_ERR_MEMORY);
        if (status == KV_OK)
            break;
        failures++;
        cr_expect(memcmp(before, x, sizeof x) == 0);
    }
    cr_expect(eq(int, status, KV_OK));
    cr_expect(failures > 50);
    kv_problem_free(p);
}
