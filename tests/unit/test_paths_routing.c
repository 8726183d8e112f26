/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exact flows for given levels, against the whole LP. */
#include "base/memory.h"
#include "solver/paths/evaluate.h"
#include "support/random_network.h"
#include "support/served_network.h"

#include <criterion/criterion.h>
#include <math.h>

/* Cost of the flows by the LP of all rows, the design being fixed; HUGE_VAL when there are none. */
static double by_whole_lp(const kv_problem *p, const double *design)
{
    kv_lp *lp = tiny_lp(p, design, design, 0, NULL);
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    double cost = HUGE_VAL;
    if (kv_lp_solve(lp, &limits) == KV_LP_OPTIMAL) {
        cost = kv_lp_objective(lp);
        for (int j = 0; j < p->n_design; j++)
            cost -= p->design_cost[j] * design[j];
    }
    kv_lp_free(lp);
    return cost;
}

/* The flows keep every row at this design. */
static void check_flows(const kv_problem *p, const kv_evaluation *e, const double *design)
{
    kv_violation v;
    double *flow = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof(double)),
           cost = e->flow_cost;
    kv_evaluation_flow(e, flow);
    kv_problem_violation(p, design, flow, &v);
    cr_assert(v.balance < 1e-9 && v.resource < 1e-8 && v.opening < 1e-8 && v.bounds < 1e-8,
              "%g %g %g %g", v.balance, v.resource, v.opening, v.bounds);
    for (int j = 0; j < p->n_design; j++)
        cost += p->design_cost[j] * design[j];
    cr_assert(fabs(kv_problem_objective(p, design, flow) - cost) < 1e-8 * (1.0 + fabs(cost)));
    kv_free(flow);
}

/* With a limit that the levels keep they are solved, and given up only where they are beyond it. */
static void check_bound(kv_evaluation *e, const int *level, double wanted)
{
    double all = wanted + kv_shape_cost(e->shape, level), room = 1e-7 * (1.0 + fabs(all));
    cr_assert(kv_evaluation_try(e, level, all + room) == KV_OK);
    cr_assert(isinf(wanted) || fabs(e->flow_cost - wanted) <= 1e-7 * (1.0 + fabs(wanted)));
    cr_assert(kv_evaluation_try(e, level, kv_shape_cost(e->shape, level) - 1.0) == KV_OK);
    cr_assert(isinf(e->flow_cost));
}

/* Random levels one after the other, so that each solve begins at another's basis. */
static void compare(kv_random *random, const kv_problem *p, int times)
{
    kv_shape *s = NULL;
    kv_evaluation *e = NULL;
    cr_assert(kv_shape_create(p, NULL, NULL, NULL, &s) == KV_OK);
    cr_assert(kv_evaluation_create(s, &e) == KV_OK);
    int *level = kv_alloc((size_t)s->n_groups, sizeof(int));
    double *design = kv_alloc((size_t)p->n_design, sizeof(double));
    for (int i = 0; i < times; i++) {
        for (int g = 0; g < s->n_groups; g++)
            if (i == 0 || kv_random_integer(random, 0, 2) == 0)
                level[g] = kv_random_integer(random, i == 0 ? 1 : 0, kv_shape_ladder(s, g)) - 1;
        for (int g = 0; g < s->n_groups; g++)
            level[g] = level[g] < 0 ? kv_shape_ladder(s, g) - 1 : level[g];
        kv_shape_design(s, level, design);
        double wanted = by_whole_lp(p, design);
        check_bound(e, level, wanted);
        cr_assert(kv_evaluation_solve(e, level) == KV_OK);
        cr_assert(isinf(wanted) == isinf(e->flow_cost), "%g, %g", e->flow_cost, wanted);
        if (isinf(wanted))
            continue;
        cr_assert(fabs(e->flow_cost - wanted) <= 1e-7 * (1.0 + fabs(wanted)), "%.12g, %.12g",
                  e->flow_cost, wanted);
        check_flows(p, e, design);
        kv_shape_design(s, e->level, design);
        check_flows(p, e, design); /* the levels given up are not needed */
        for (int g = 0; g < s->n_groups; g++)
            cr_assert(e->level[g] <= level[g]);
        if (i % 3 == 0)
            kv_evaluation_settle(e);
    }
    kv_free(level);
    kv_free(design);
    kv_evaluation_free(e);
    kv_shape_free(s);
}

static void compare_kind(served_network_kind kind)
{
    for (unsigned long seed = 1; seed <= 40; seed++) {
        kv_random random;
        kv_random_seed(&random, seed);
        kv_problem *p = served_network(&random, kind, 1 + (int)(seed % 3 == 0), seed % 4 == 0);
        compare(&random, p, 12);
        kv_problem_free(p);
    }
}

Test(paths_routing, an_arc_a_binary)
{
    compare_kind(SERVED_FIXED);
}

/* Capacities that go up and down under the flows. */
Test(paths_routing, modules)
{
    compare_kind(SERVED_MODULES);
}

Test(paths_routing, one_size)
{
    compare_kind(SERVED_SIZES);
}

Test(paths_routing, facilities)
{
    compare_kind(SERVED_LOCATION);
}

/* Degenerate ones, and numbers over eight orders of magnitude. */
Test(paths_routing, hard_for_numerics)
{
    for (unsigned long seed = 1; seed <= 60; seed++) {
        kv_random random;
        kv_random_seed(&random, seed);
        kv_problem *p = random_network(&random, (network_kind)(seed % NETWORK_KINDS));
        compare(&random, p, 8);
        kv_problem_free(p);
    }
}

/* Two arcs side by side: first the cheap one up to its capacity. Other costs turn it round. */
Test(paths_routing, other_costs)
{
    int tail[] = {0, 0}, head[] = {1, 1}, own[] = {0, 1};
    kv_problem *p = tiny_problem(2, 2, tail, head, 1, 0, 1, 2, 2);
    kv_shape *s = NULL;
    kv_routing *r = NULL;
    kv_routing_path path;
    double cost, other[] = {9, 4}, most = 0;
    int next = 0, paths = 0;
    p->balance[0] = 5;
    p->balance[1] = -5;
    for (int a = 0; a < 2; a++) {
        p->flow_upper[a] = 5;
        p->flow_cost[a] = a == 0 ? 1 : 3;
        p->resource_base[a] = 0;
        p->design_cost[a] = 10;
        tiny_use(p, 0, a, a, 1);
        tiny_supply(p, 0, a, a, 3);
        tiny_opening(p, 0, a, 1, &own[a]);
    }
    cr_assert(kv_shape_create(p, NULL, NULL, NULL, &s) == KV_OK);
    cr_assert(kv_routing_create(s, 0, &r) == KV_OK);
    cr_assert(kv_routing_solve(r, &cost) == KV_OK);
    cr_assert(isinf(cost)); /* all closed */
    kv_routing_offer(r, 0, 3);
    cr_assert(kv_routing_solve(r, &cost) == KV_OK);
    cr_assert(isinf(cost)); /* too little */
    kv_routing_offer(r, 1, 3);
    cr_assert(kv_routing_solve(r, &cost) == KV_OK);
    cr_assert(fabs(cost - 9) < 1e-12, "%g", cost);
    cr_assert(fabs(kv_routing_load(r)[0] - 3) < 1e-12);
    kv_routing_price(r, other);
    cr_assert(kv_routing_solve(r, &cost) == KV_OK);
    cr_assert(fabs(cost - 30) < 1e-12, "%g", cost);
    while (kv_routing_next(r, &next, &path)) {
        cr_assert(path.demand == 0 && path.length == 1);
        most = fmax(most, path.amount);
        paths++;
    }
    cr_assert(paths == 2 && fabs(most - 3) < 1e-12);
    cr_assert(kv_routing_work(r) > 0);
    kv_routing_offer(r, 0, HUGE_VAL);
    kv_routing_price(r, NULL);
    cr_assert(kv_routing_solve(r, &cost) == KV_OK);
    cr_assert(fabs(cost - 5) < 1e-12, "%g", cost);
    kv_routing_free(r);
    kv_shape_free(s);
    kv_problem_free(p);
}

Test(paths_routing, memory)
{
    kv_random random;
    kv_shape *s = NULL;
    kv_status status = KV_ERR_MEMORY;
    kv_random_seed(&random, 5);
    kv_problem *p = served_network(&random, SERVED_FIXED, 2, 0);
    cr_assert(kv_shape_create(p, NULL, NULL, NULL, &s) == KV_OK);
    int *level = kv_alloc((size_t)s->n_groups, sizeof(int));
    for (int g = 0; g < s->n_groups; g++)
        level[g] = kv_shape_ladder(s, g) - 1;
    for (long n = 1; status == KV_ERR_MEMORY; n++) {
        kv_evaluation *e = NULL;
        kv_memory_fail_at(n, 1);
        status = kv_evaluation_create(s, &e);
        if (status == KV_OK)
            status = kv_evaluation_solve(e, level);
        kv_memory_fail_at(0, 0);
        kv_evaluation_free(e);
    }
    cr_assert(status == KV_OK);
    kv_free(level);
    kv_shape_free(s);
    kv_problem_free(p);
}
