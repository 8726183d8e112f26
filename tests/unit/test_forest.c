/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The forest of a basis on random problems: no cycles, nothing shut, flows inside their bounds first,
 * and as many flows as balances that leave the basis. */
#include "base/memory.h"
#include "solver/decomposition/forest.h"
#include "support/random_problem.h"

#include <criterion/criterion.h>
#include <stdlib.h>

typedef struct forest {
    const kv_problem *problem;
    double *flow, *upper, *reduced;
    unsigned char *basic_flow, *basic_row;
    int *tree; /* [n_balances + 1] by union */
} forest;

static forest draw(const kv_problem *p, kv_random *random)
{
    size_t flows = (size_t)p->n_flows, rows = (size_t)p->n_balances;
    forest f = {p,
                kv_alloc(flows, sizeof(double)),
                kv_alloc(flows, sizeof(double)),
                kv_alloc(flows, sizeof(double)),
                kv_alloc(flows, 1),
                kv_alloc(rows, 1),
                kv_alloc(rows + 1, sizeof(int))};
    cr_assert(f.flow && f.upper && f.reduced && f.basic_flow && f.basic_row && f.tree);
    for (int i = 0; i < p->n_flows; i++) {
        f.upper[i] = kv_random_uniform(random) < 0.2 ? 0 : 10;
        f.flow[i] = kv_random_uniform(random) < 0.5 ? 0 : f.upper[i] * kv_random_uniform(random);
        f.reduced[i] = kv_random_uniform(random);
    }
    for (int i = 0; i <= p->n_balances; i++)
        f.tree[i] = i;
    return f;
}

static void release(forest *f)
{
    kv_free(f->flow);
    kv_free(f->upper);
    kv_free(f->reduced);
    kv_free(f->basic_flow);
    kv_free(f->basic_row);
    kv_free(f->tree);
}

static int root(const forest *f, int i)
{
    while (f->tree[i] != i)
        i = f->tree[i];
    return i;
}

static int tail_of(const forest *f, int i)
{
    int row = f->problem->flow_tail_row[i];
    return row >= 0 ? row : f->problem->n_balances;
}

static int head_of(const forest *f, int i)
{
    int row = f->problem->flow_head_row[i];
    return row >= 0 ? row : f->problem->n_balances;
}

/* 1 = its ends were in two trees, which are one now. */
static int unite(const forest *f, int i)
{
    int a = root(f, tail_of(f, i)), b = root(f, head_of(f, i));
    f->tree[a] = b;
    return a != b;
}

static void check(const forest *f, int seed)
{
    const kv_problem *p = f->problem;
    int flows = 0, rows = 0;
    for (int i = 0; i < p->n_flows; i++)
        if (f->basic_flow[i] && f->flow[i] > 0) {
            cr_assert(unite(f, i), "%d: a cycle", seed);
        }
    for (int i = 0; i < p->n_flows; i++) /* those inside could not have been added */
        if (!f->basic_flow[i] && f->flow[i] > 0 && f->flow[i] < f->upper[i])
            cr_assert(root(f, tail_of(f, i)) == root(f, head_of(f, i)), "%d: left out", seed);
    for (int i = 0; i < p->n_flows; i++)
        if (f->basic_flow[i] && f->flow[i] <= 0) {
            cr_assert(unite(f, i), "%d: a cycle", seed);
        }
    for (int i = 0; i < p->n_flows; i++) {
        flows += f->basic_flow[i];
        if (f->upper[i] > 0)
            cr_assert(root(f, tail_of(f, i)) == root(f, head_of(f, i)), "%d: not all", seed);
        else
            cr_assert(!f->basic_flow[i], "%d: shut", seed);
    }
    for (int i = 0; i < p->n_balances; i++)
        rows += !f->basic_row[i];
    cr_assert(flows == rows, "%d: %d flows for %d rows", seed, flows, rows);
}

Test(forest, spans_what_is_open_without_cycles)
{
    random_kinds kinds = random_problem_all();
    int chosen = 0;
    for (int seed = 0; seed < 40; seed++) {
        kv_random random;
        kv_random_seed(&random, (uint64_t)seed);
        kv_problem *p = random_problem(&random, &kinds);
        forest f = draw(p, &random);
        cr_assert(kv_forest_choose(p, f.flow, f.upper, f.reduced, f.basic_flow, f.basic_row) ==
                  KV_OK);
        check(&f, seed);
        for (int i = 0; i < p->n_flows; i++)
            chosen += f.basic_flow[i];
        release(&f);
        kv_problem_free(p);
    }
    cr_assert(chosen > 100);
}

Test(forest, takes_the_cheapest_of_what_is_empty)
{
    random_kinds kinds = random_problem_all();
    kv_random random;
    kv_random_seed(&random, 7);
    kv_problem *p = random_problem(&random, &kinds);
    forest f = draw(p, &random);
    double cheap = 0, dear = 0;
    for (int i = 0; i < p->n_flows; i++) {
        f.upper[i] = 1;
        f.flow[i] = 0;
    }
    cr_assert(kv_forest_choose(p, f.flow, f.upper, f.reduced, f.basic_flow, f.basic_row) == KV_OK);
    for (int i = 0; i < p->n_flows; i++) {
        cheap += f.basic_flow[i] ? f.reduced[i] : 0;
        f.reduced[i] = -f.reduced[i];
    }
    cr_assert(kv_forest_choose(p, f.flow, f.upper, f.reduced, f.basic_flow, f.basic_row) == KV_OK);
    for (int i = 0; i < p->n_flows; i++)
        dear -= f.basic_flow[i] ? f.reduced[i] : 0;
    cr_assert(cheap < dear, "%g, %g", cheap, dear);
    release(&f);
    kv_problem_free(p);
}
