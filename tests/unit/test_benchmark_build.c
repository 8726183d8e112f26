/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The models of benchmark instances: names, numbers, rows, and optima worked out by hand. */
#include "base/memory.h"
#include "solver/engine.h"
#include "support/benchmarks.h"
#include "support/solve_model.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { READINGS = 6 };

/* Each format, with the optimum. */
static void make(int i, small_reading *reading, double *optimum)
{
    static const double optima[READINGS] = {25, 86, 75, 19, 44, 61};
    *reading = (small_reading){.text = small_canad, .options = SMALL_OPTIONS};
    *optimum = optima[i];
    if (i == 1 || i == 2)
        reading->text = small_location;
    if (i == 3)
        reading->text = small_scenarios;
    if (i >= 4)
        reading->text = small_sndlib;
    reading->topology = i == 3 ? small_canad : NULL;
    reading->options.capacity = i == 1 ? 8 : i == 2 ? 9 : 0;
    reading->options.modules = i == 5 ? KV_MODULES_ONE : -1;
}

/* By hand, by enumeration of all designs, by branch and cut in both forms, and by both engines. */
Test(benchmark_build, optima_are_those_worked_out_by_hand)
{
    for (int i = 0; i < READINGS; i++) {
        small_reading reading;
        double optimum;
        make(i, &reading, &optimum);
        kv_problem *p = small_problem(&reading);
        double found = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        cr_expect(fabs(found - optimum) < 1e-9, "%d: %.12g, not %.12g", i, found, optimum);
        for (int strength = KV_WEAK; strength <= KV_STRONG; strength++) {
            test_optimum model = test_model_solve(p, (kv_strength)strength, 0);
            cr_expect(model.found && fabs(model.objective - optimum) < 1e-7, "%d: %.12g", i,
                      model.objective);
            test_optimum_clear(&model);
        }
        for (int e = 0; kv_engines[e]; e++) {
            kv_limits limits;
            kv_plan *plan = NULL;
            kv_limits_default(&limits);
            limits.gap = 1e-9;
            cr_assert_eq(kv_engines[e]->solve(p, &limits, &plan, NULL), KV_OK);
            cr_expect(fabs(plan->objective - optimum) < 1e-6, "%d, %s: %.12g", i,
                      kv_engines[e]->name, plan->objective);
            cr_expect(plan->certified_bound <= optimum + 1e-6);
            kv_plan_free(plan);
        }
        kv_problem_free(p);
    }
}

/* Demands of their own give the same optimum as those merged by source. */
Test(benchmark_build, commodities_by_pair_cost_the_same)
{
    for (int modules = KV_MODULES_MANY; modules <= KV_MODULES_ONE; modules++) {
        small_reading reading = {
            .text = small_sndlib,
            .options = {.modules = modules, .commodities = KV_COMMODITIES_PAIRS}};
        kv_problem *p = small_problem(&reading);
        cr_assert_eq(p->n_commodities, 3);
        cr_assert_str_eq(p->commodity_name[2], "D3");
        double found = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        cr_expect(fabs(found - (modules == KV_MODULES_MANY ? 44 : 61)) < 1e-9, "%.12g", found);
        kv_problem_free(p);
    }
}

Test(benchmark_build, names_of_networks)
{
    small_reading reading = {
        .text = small_scenarios, .topology = small_canad, .options = SMALL_OPTIONS};
    kv_problem *p = small_problem(&reading);
    cr_assert_str_eq(p->node_name[2], "3");
    cr_assert_str_eq(p->arc_name[1], "a2:2-3");
    cr_assert_str_eq(p->resource_name[1], "a2:2-3");
    cr_assert_str_eq(p->design_name[3], "a4:2-1");
    cr_assert_str_eq(p->commodity_name[1], "k2:2-3");
    cr_assert_str_eq(p->arc_name[5], "unserved:k2:2-3");
    cr_assert_str_eq(p->block_name[1], "s2");
    cr_assert(p->n_blocks == 2 && p->block_weight[0] == 0.5);
    kv_problem_free(p);
}

Test(benchmark_build, numbers_of_networks)
{
    small_reading reading = {
        .text = small_scenarios, .topology = small_canad, .options = SMALL_OPTIONS};
    kv_problem *p = small_problem(&reading);
    int own = test_flow(p, "unserved:k1:1-3", "k1:1-3"), shared = test_flow(p, "a2:2-3", "k1:1-3");
    cr_assert(own >= 0 && shared >= 0);
    cr_assert_eq(test_flow(p, "unserved:k1:1-3", "k2:2-3"), -1);
    /* the dearest of 1.5, 2, 4.3 and 3, twice */
    cr_assert_float_eq(p->flow_cost[own], 2 * (4.3 + 3), 1e-12);
    cr_assert(p->flow_upper[own] == 4 && p->flow_upper[p->n_flows + own] == 1);
    cr_assert(p->flow_upper[shared] == 4 && p->flow_cost[shared] == 1);
    cr_assert_eq(p->n_openings, 2 * 4);
    kv_problem_free(p);
}

Test(benchmark_build, names_of_locations)
{
    small_reading reading = {.text = small_location, .options = SMALL_OPTIONS};
    reading.options.capacity = 8;
    kv_problem *p = small_problem(&reading);
    cr_assert_eq(p->n_commodities, 1);
    cr_assert_eq(p->n_flows, 6);
    cr_assert_str_eq(p->arc_name[4], "f2-c2");
    cr_assert_str_eq(p->design_name[1], "f2");
    cr_assert_str_eq(p->node_name[0], "supply");
    cr_assert_eq(p->flow_cost[4], 1);
    cr_assert_eq(p->balance[0], 9);
    /* a customer's flow is bounded by its demand, and opened by the warehouse */
    cr_assert_eq(p->flow_upper[4], 3);
    cr_assert_eq(p->opening_design[p->openings[4].first], 1);
    kv_problem_free(p);
}

Test(benchmark_build, names_of_sndlib)
{
    small_reading reading = {.text = small_sndlib, .options = SMALL_OPTIONS};
    reading.options.modules = KV_MODULES_ONE;
    kv_problem *p = small_problem(&reading);
    cr_assert_str_eq(p->arc_name[0], "L1:f");
    cr_assert_str_eq(p->arc_name[1], "L1:b");
    cr_assert_str_eq(p->design_name[1], "L1:m2");
    cr_assert_str_eq(p->design_name[4], "L2:setup");
    cr_assert_str_eq(p->commodity_name[0], "A");
    cr_assert_str_eq(p->side.name[0], "one:L1");
    cr_assert_eq(p->side.count, 1);
    cr_assert_eq(p->constant, 6);
    cr_assert_eq(p->resource_base[0], 2);
    cr_assert_eq(kv_problem_resource_most(p, 0, 0), 7); /* one module */
    kv_problem_free(p);
}

/* 0.1 + 0.2 is 0.3, not the sum of the two doubles. */
Test(benchmark_build, sums_are_decimal)
{
    small_reading reading = {.text = "1 2\n 1 0\n 0.1 5\n 0.2 5\n", .options = SMALL_OPTIONS};
    kv_problem *p = small_problem(&reading);
    cr_assert_eq(p->balance[0], 0.3);
    cr_assert_eq(p->flow_grid, 1e-9);
    kv_problem_free(p);
}

Test(benchmark_build, grid_is_coarser_for_large_amounts)
{
    small_reading reading = {.text = "1 2\n 1e9 0\n 1e7 5\n 1e6 5\n", .options = SMALL_OPTIONS};
    kv_problem *p = small_problem(&reading);
    cr_assert_eq(p->flow_grid, 1e-7);
    kv_problem_free(p);
    reading.text = "1 2\n 1e9 0\n 1e7 5\n 0.000000001 5\n"; /* no grid holds both */
    p = small_problem(&reading);
    cr_assert_eq(p->flow_grid, 0);
    kv_problem_free(p);
}

Test(benchmark_build, too_many_flows_are_told)
{
    kv_benchmark b = {
        .format = KV_BENCHMARK_CANAD, .n_nodes = 2, .n_links = 60000, .n_demands = 60000};
    kv_problem *p = NULL;
    kv_messages *messages = kv_messages_create();
    b.link_tail = kv_alloc(60000, sizeof(int));
    b.link_head = kv_alloc(60000, sizeof(int));
    cr_assert_eq(kv_benchmark_build(&b, &p, messages), KV_ERR_INPUT);
    cr_assert_null(p);
    cr_assert_str_eq(kv_messages_get(messages, 0)->what,
                     "the model would have 3600000000 flows, more than 2147483646");
    kv_messages_free(messages);
    kv_free(b.link_tail);
    kv_free(b.link_head);
}

Test(benchmark_build, tiny_modules_are_told)
{
    char *text = small_edit(small_sndlib, "<capacity>4<", "<capacity>1e-9<");
    small_reading reading = {.text = text, .options = SMALL_OPTIONS};
    kv_messages *messages = kv_messages_create();
    kv_benchmark *b = NULL;
    kv_problem *p = NULL;
    cr_assert_eq(small_read(&reading, &b, NULL), KV_OK);
    cr_assert_eq(kv_benchmark_build(b, &p, messages), KV_ERR_INPUT);
    cr_assert_null(p);
    cr_assert_str_eq(kv_messages_get(messages, 0)->what,
                     "link 'L2' would need 9e+09 of a module for all demand");
    kv_messages_free(messages);
    kv_benchmark_free(b);
    free(text);
}

Test(benchmark_build, without_memory)
{
    for (int i = 0; i < READINGS; i++) {
        small_reading reading;
        double optimum;
        kv_benchmark *b = NULL;
        kv_status status = KV_ERR_MEMORY;
        make(i, &reading, &optimum);
        cr_assert_eq(small_read(&reading, &b, NULL), KV_OK);
        for (long n = 1; status != KV_OK; n++) {
            kv_problem *p = NULL;
            kv_memory_fail_at(n, 0);
            status = kv_benchmark_build(b, &p, NULL);
            kv_memory_fail_at(0, 0);
            cr_assert(status == KV_OK || status == KV_ERR_MEMORY, "%d", (int)status);
            cr_assert((status == KV_OK) == (p != NULL));
            kv_problem_free(p);
            cr_assert_lt(n, 1000);
        }
        kv_benchmark_free(b);
    }
}
