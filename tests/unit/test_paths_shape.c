/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which problems the search on paths serves, and what it makes of them. */
#include "base/memory.h"
#include "solver/paths/shape.h"
#include "support/benchmarks.h"
#include "support/served_network.h"

#include <criterion/criterion.h>
#include <math.h>

static kv_shape *shape_of(const kv_problem *p)
{
    kv_shape *s = NULL;
    cr_assert(kv_shape_create(p, NULL, NULL, NULL, &s) == KV_OK);
    return s;
}

static kv_problem *fixed_network(unsigned long seed)
{
    kv_random random;
    kv_random_seed(&random, seed);
    return served_network(&random, SERVED_FIXED, 1, 0);
}

Test(paths_shape, canad)
{
    kv_problem *p = small_problem(&(small_reading){.text = small_canad, .options = SMALL_OPTIONS});
    kv_shape *s = shape_of(p);
    cr_assert(s->n_nodes == 3);
    cr_assert(s->n_arcs == 4);
    cr_assert(s->n_groups == 4);
    cr_assert(s->n_demands == 2);
    for (int a = 0; a < s->n_arcs; a++) {
        const kv_shape_arc *arc = &s->arc[a];
        cr_assert(arc->tail == p->arc_tail[arc->arc]);
        cr_assert(arc->head == p->arc_head[arc->arc]);
        int built = kv_shape_ladder(s, arc->group) - 1;
        cr_assert(built == 1); /* also what is free: it is not built where nothing needs it */
        cr_assert(kv_shape_level_cost(s, arc->group, built) == p->design_cost[arc->arc]);
        cr_assert(kv_shape_offers(s, arc->group, built) == p->supply[arc->arc]);
        cr_assert(kv_shape_offers(s, arc->group, 0) == 0.0);
        for (int k = 0; k < p->n_commodities; k++)
            cr_assert(p->flow_arc[s->flow_of[k * s->n_arcs + a]] == arc->arc);
    }
    kv_shape_free(s);
    kv_problem_free(p);
}

/* What is not served is a way of the demand alone, at the block's weight. */
Test(paths_shape, scenarios)
{
    kv_problem *p = small_problem(&(small_reading){
        .text = small_scenarios, .topology = small_canad, .options = SMALL_OPTIONS});
    kv_shape *s = shape_of(p);
    cr_assert(s->n_arcs == 4);
    cr_assert(s->n_blocks == 2);
    for (int i = 0; i < s->n_demands; i++) {
        const kv_shape_demand *d = &s->demand[i];
        cr_assert(d->direct < HUGE_VAL && d->direct_flow >= 0);
        cr_assert(p->flow_commodity[d->direct_flow] == d->commodity);
        cr_assert(d->direct == p->block_weight[d->block] * p->flow_cost[d->direct_flow]);
        cr_assert(i >= s->block_first[d->block] && i < s->block_first[d->block + 1]);
    }
    kv_shape_free(s);
    kv_problem_free(p);
}

Test(paths_shape, location)
{
    kv_problem *p = small_problem(&(small_reading){
        .text = small_location, .options = {.modules = -1, .commodities = -1, .capacity = 8}});
    kv_shape *s = shape_of(p);
    cr_assert(s->n_groups == 2);
    cr_assert(s->n_arcs == 6);
    cr_assert(s->n_demands == 3);
    cr_assert(s->n_trees == 1);
    cr_assert(s->longest == 1);
    kv_shape_free(s);
    kv_problem_free(p);
}

/* A level is the cheapest way to offer what it offers, and lies in the boxes. */
Test(paths_shape, ladders)
{
    for (unsigned long seed = 1; seed <= 40; seed++) {
        kv_random random;
        kv_random_seed(&random, seed);
        kv_problem *p =
            served_network(&random, seed % 2 ? SERVED_MODULES : SERVED_SIZES, 1, seed % 3 == 0);
        kv_shape *s = shape_of(p);
        for (int g = 0; g < s->n_groups; g++) {
            int *level = kv_alloc((size_t)s->n_groups, sizeof(int));
            int *again = kv_alloc((size_t)s->n_groups, sizeof(int));
            double *design = kv_alloc((size_t)p->n_design, sizeof(double)), idle;
            kv_shape_design(s, level, design);
            idle = kv_shape_cost(s, level);
            for (level[g] = 0; level[g] < kv_shape_ladder(s, g); level[g]++) {
                double cost = 0.0;
                kv_shape_design(s, level, design);
                for (int j = 0; j < p->n_design; j++) {
                    cost += p->design_cost[j] * design[j];
                    cr_assert(design[j] >= p->design_lower[j] && design[j] <= p->design_upper[j]);
                }
                cr_assert(fabs(cost - kv_shape_cost(s, level)) < 1e-9 && cost >= idle - 1e-9);
                kv_shape_levels(s, design, NULL, again);
                for (int h = 0; h < s->n_groups; h++)
                    cr_assert(again[h] == level[h]);
                if (level[g] > 0) {
                    cr_assert(kv_shape_offers(s, g, level[g]) >
                              kv_shape_offers(s, g, level[g] - 1));
                    cr_assert(kv_shape_level_cost(s, g, level[g]) >=
                              kv_shape_level_cost(s, g, level[g] - 1));
                }
            }
            kv_free(level);
            kv_free(again);
            kv_free(design);
        }
        kv_shape_free(s);
        kv_problem_free(p);
    }
}

/* A design that is on no level: the least that carries the flows, else the highest. */
Test(paths_shape, levels_for_flows)
{
    int tail[] = {0}, head[] = {1}, both[] = {0, 1}, level;
    kv_problem *p = tiny_problem(2, 1, tail, head, 1, 0, 1, 1, 2);
    p->balance[0] = 5;
    p->balance[1] = -5;
    p->flow_upper[0] = 5;
    p->resource_base[0] = 0;
    p->design_cost[0] = 3;
    p->design_cost[1] = 20;
    p->design_upper[0] = 3;
    tiny_use(p, 0, 0, 0, 1);
    tiny_supply(p, 0, 0, 0, 2);
    tiny_supply(p, 0, 0, 1, 6);
    tiny_opening(p, 0, 0, 2, both);
    kv_shape *s = shape_of(p);
    cr_assert(kv_shape_ladder(s, 0) == 4); /* 0, 2, 4, 6: the dear module never pays */
    double design[] = {0, 1}, flow[] = {3.5};
    kv_shape_levels(s, design, flow, &level);
    cr_assert(level == 2);
    kv_shape_levels(s, design, NULL, &level);
    cr_assert(level == 3);
    kv_shape_free(s);
    kv_problem_free(p);
}

/* ---- what is not served -------------------------------------------------------------------- */

static void expect(const kv_problem *p, kv_status wanted)
{
    kv_shape *s = NULL;
    cr_assert(kv_shape_create(p, NULL, NULL, NULL, &s) == wanted);
    cr_assert((s == NULL) == (wanted != KV_OK));
    kv_shape_free(s);
}

Test(paths_shape, boxes_and_dropped_rows)
{
    kv_problem *p = fixed_network(1);
    tiny_row(&p->side, 'L', 1, 1);
    tiny_row_design(&p->side, 0, 1);
    tiny_row_design(&p->side, 1, 1);
    expect(p, KV_ERR_ARGUMENT); /* a row over two groups */
    kv_shape *s = NULL;
    cr_assert(kv_shape_create(p, NULL, NULL, p->side.dropped, &s) == KV_OK);
    kv_shape_free(s);
    p->side.count = 0;
    p->design_upper[0] = 0.4; /* holds 0 alone: the arc is gone */
    s = shape_of(p);
    cr_assert(s->n_arcs == p->n_arcs - 1);
    kv_shape_free(s);
    p->design_lower[0] = 0.2;
    expect(p, KV_ERR_INFEASIBLE);
    p->side.count = 1;
    kv_problem_free(p);
}

Test(paths_shape, rows_within_a_group_count)
{
    kv_problem *p = fixed_network(1);
    tiny_row(&p->side, 'E', 1, 0);
    tiny_row_design(&p->side, 0, 1);
    kv_shape *s = shape_of(p);
    cr_assert(kv_shape_ladder(s, 0) == 1); /* always built */
    kv_shape_free(s);
    p->side.rhs[0] = 2;
    expect(p, KV_ERR_INFEASIBLE);
    kv_problem_free(p);
}

Test(paths_shape, coupling_rows)
{
    kv_problem *p = fixed_network(2);
    tiny_row(&p->coupling, 'L', 1, 0);
    tiny_row_flow(&p->coupling, 0, 0, 1);
    expect(p, KV_ERR_ARGUMENT);
    kv_problem_free(p);
}

Test(paths_shape, continuous_designs)
{
    kv_problem *p = fixed_network(3);
    p->design_integer[0] = 0;
    expect(p, KV_ERR_ARGUMENT);
    kv_problem_free(p);
}

Test(paths_shape, costs_that_differ)
{
    kv_problem *p = fixed_network(4);
    p->flow_cost[0] += 1;
    expect(p, KV_ERR_ARGUMENT);
    for (int k = 0; k < p->n_commodities; k++)
        p->flow_cost[tiny_flow(p, 0, k, 0)] = -1;
    expect(p, KV_ERR_ARGUMENT);
    kv_problem_free(p);
}

Test(paths_shape, use_that_differs)
{
    kv_problem *p = fixed_network(5);
    p->use[0] += 1;
    expect(p, KV_ERR_ARGUMENT);
    p->use[0] -= 1;
    expect(p, KV_OK);
    p->use_resource[0] = p->use_resource[0] == 0 ? 1 : 0;
    expect(p, KV_ERR_ARGUMENT);
    kv_problem_free(p);
}

Test(paths_shape, openings_by_halves)
{
    kv_problem *p = fixed_network(6);
    p->opening_coefficient[0] = 0.5;
    expect(p, KV_ERR_ARGUMENT);
    kv_problem_free(p);
}

/* A bound that holds a flow back more than its arc does. */
Test(paths_shape, narrow_flows)
{
    kv_problem *p = fixed_network(7);
    int k = 0, a = 0;
    expect(p, KV_OK);
    while (p->flow_upper[tiny_flow(p, 0, k, a)] <= 0)
        k++;
    p->flow_upper[tiny_flow(p, 0, k, a)] = 0.5;
    expect(p, KV_ERR_ARGUMENT);
    kv_problem_free(p);
}

Test(paths_shape, several_sources_and_sinks)
{
    kv_problem *p = fixed_network(8);
    for (int v = 0; v < p->n_nodes; v++)
        p->balance[tiny_balance(p, 0, 0, v)] = v < 2 ? 1 : v < 4 ? -1 : 0;
    for (int a = 0; a < p->n_arcs; a++)
        p->flow_upper[tiny_flow(p, 0, 0, a)] = 2;
    expect(p, KV_ERR_ARGUMENT);
    p->balance[tiny_balance(p, 0, 0, 0)] = 0;
    p->balance[tiny_balance(p, 0, 0, 1)] = 2;
    expect(p, KV_OK);
    p->balance[tiny_balance(p, 0, 0, 1)] = 3;
    expect(p, KV_ERR_INFEASIBLE);
    kv_problem_free(p);
}

Test(paths_shape, random_problems_with_every_row)
{
    int served = 0;
    for (unsigned long seed = 1; seed <= 60; seed++) {
        kv_random random;
        kv_shape *s = NULL;
        kv_random_seed(&random, seed);
        kv_problem *p = tiny_random(&random);
        kv_status status = kv_shape_create(p, NULL, NULL, NULL, &s);
        cr_assert(status == KV_OK || status == KV_ERR_ARGUMENT || status == KV_ERR_INFEASIBLE);
        served += status == KV_OK;
        kv_shape_free(s);
        kv_problem_free(p);
    }
    cr_assert(served <= 10);
}

Test(paths_shape, memory)
{
    kv_random random;
    kv_random_seed(&random, 9);
    kv_problem *p = served_network(&random, SERVED_SIZES, 2, 1);
    kv_status status = KV_ERR_MEMORY;
    for (long n = 1; status == KV_ERR_MEMORY; n++) {
        kv_shape *s = NULL;
        kv_memory_fail_at(n, 1);
        status = kv_shape_create(p, NULL, NULL, NULL, &s);
        kv_memory_fail_at(0, 0);
        cr_assert((s != NULL) == (status == KV_OK));
        kv_shape_free(s);
    }
    cr_assert(status == KV_OK);
    kv_problem_free(p);
}
