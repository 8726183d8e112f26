/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plan and bound over time: times to gaps and primal integrals worked out by hand. */
#include "base/memory.h"
#include "reports/bench/trace.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

static const double none = NAN;

/* A plan of 200 at 1 s, 125 at 2 s, 100 at 6 s; a bound of 50 at 0.5 s, 99 at 3 s, 100 at 8 s. */
static kv_trace example(void)
{
    kv_trace trace = {0};
    kv_trace_add(&trace, 3, none, 99);
    kv_trace_add(&trace, 0.5, none, 50);
    kv_trace_add(&trace, 1, 200, none);
    kv_trace_add(&trace, 2, 125, 40);
    kv_trace_add(&trace, 2.5, 130, 1e30);
    kv_trace_add(&trace, 6, 100, 99);
    kv_trace_add(&trace, 8, 1e50, 100);
    kv_trace_settle(&trace, none);
    return trace;
}

Test(bench_trace, keeps_the_best_in_the_order_of_time)
{
    kv_trace trace = example();
    static const kv_trace_point expected[] = {{0.5, none, 50}, {1, 200, 50}, {2, 125, 50},
                                              {3, 125, 99},    {6, 100, 99}, {8, 100, 100}};
    cr_assert_eq(trace.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < trace.count; i++) {
        cr_assert_eq(trace.point[i].seconds, expected[i].seconds);
        cr_assert_eq(trace.point[i].bound, expected[i].bound);
        cr_assert(i == 0 ? isnan(trace.point[i].primal)
                         : trace.point[i].primal == expected[i].primal);
    }
    kv_trace_clear(&trace);
}

Test(bench_trace, joins_what_came_at_the_same_time)
{
    kv_trace trace = {0};
    kv_trace_add(&trace, -1, 10, none);
    kv_trace_add(&trace, 0, none, 9);
    kv_trace_settle(&trace, none);
    cr_assert_eq(trace.count, 1);
    cr_assert_eq(trace.point[0].primal, 10);
    cr_assert_eq(trace.point[0].bound, 9);
    kv_trace_clear(&trace);
}

/* A heuristic's 90 did not stand up: the plan handed over costs 95. */
Test(bench_trace, no_plan_is_better_than_the_one_handed_over)
{
    kv_trace trace = {0};
    kv_trace_add(&trace, 1, 90, 80);
    kv_trace_add(&trace, 2, 95, 95);
    kv_trace_settle(&trace, 95);
    cr_assert_eq(trace.point[0].primal, 95);
    cr_assert_eq(kv_trace_time_to(&trace, 0), 2);
    kv_trace_clear(&trace);
}

Test(bench_trace, time_to_a_gap)
{
    kv_trace trace = example();
    cr_assert_eq(kv_trace_time_to(&trace, 0.75), 1); /* 150/200 */
    cr_assert_eq(kv_trace_time_to(&trace, 0.6), 2);  /* 75/125 */
    cr_assert_eq(kv_trace_time_to(&trace, 0.21), 3); /* 26/125 = 0.208 */
    cr_assert_eq(kv_trace_time_to(&trace, 0.01), 6); /* 1/100 */
    cr_assert_eq(kv_trace_time_to(&trace, 0.001), 8);
    cr_assert_eq(kv_trace_time_to(&trace, 0), 8);
    kv_trace_clear(&trace);
    kv_trace_add(&trace, 1, 100, none);
    kv_trace_settle(&trace, none);
    cr_assert(isnan(kv_trace_time_to(&trace, 1)), "no bound, no gap");
    kv_trace_clear(&trace);
}

/* 1 s without a plan, 1 s at |100 - 200|/200, 4 s at |100 - 125|/125, nothing after that. */
Test(bench_trace, primal_integral)
{
    kv_trace trace = example();
    cr_assert_float_eq(kv_trace_primal_integral(&trace, 100, 10), 1 + 0.5 + 0.8, 1e-12);
    cr_assert_float_eq(kv_trace_primal_integral(&trace, 100, 4), 1 + 0.5 + 0.4, 1e-12);
    cr_assert_float_eq(kv_trace_primal_integral(&trace, 80, 10), 1 + 0.6 + 4 * 0.36 + 4 * 0.2,
                       1e-12);
    cr_assert_float_eq(kv_trace_primal_integral(&trace, -1, 10), 10, 1e-12, "signs differ");
    cr_assert(isnan(kv_trace_primal_integral(&trace, none, 10)));
    kv_trace_clear(&trace);
    cr_assert_eq(kv_trace_primal_integral(&trace, 100, 10), 10, "no plan at all");
    kv_trace_add(&trace, 0, 0, none);
    kv_trace_settle(&trace, none);
    cr_assert_eq(kv_trace_primal_integral(&trace, 0, 10), 0, "0 is 0");
    kv_trace_clear(&trace);
}

Test(bench_trace, is_read_as_it_was_written)
{
    char *folder = test_folder(), *path = test_path(folder, "trace.csv");
    kv_trace trace = example(), read;
    cr_assert_eq(kv_trace_write(&trace, path, NULL), KV_OK);
    cr_assert_eq(kv_trace_read(folder, "trace.csv", &read, NULL), KV_OK);
    cr_assert_eq(read.count, trace.count);
    for (size_t i = 0; i < read.count; i++) {
        cr_assert_eq(read.point[i].seconds, trace.point[i].seconds);
        cr_assert_eq(read.point[i].bound, trace.point[i].bound);
    }
    kv_trace_clear(&read);
    cr_assert_eq(kv_trace_read(folder, "other.csv", &read, NULL), KV_ERR_IO);
    kv_trace_clear(&read);
    kv_trace_clear(&trace);
    test_remove(folder);
    free(folder);
    free(path);
}

Test(bench_trace, tells_of_lost_memory)
{
    kv_trace trace = {0};
    kv_memory_fail_at(1, 1);
    kv_trace_add(&trace, 1, 1, 1);
    kv_memory_fail_at(0, 0);
    cr_assert_eq(trace.failed, 1);
    cr_assert_eq(trace.count, 0);
    kv_trace_clear(&trace);
}
