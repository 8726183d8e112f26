/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The results of a benchmark instance, with and without a plan, and without memory. */
#include "base/memory.h"
#include "reports/result.h"
#include "support/benchmarks.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/* An instance with the plan that opens everything. */
typedef struct solved {
    kv_benchmark *benchmark;
    kv_problem *problem;
    kv_plan *plan;
    kv_result result;
} solved;

static void make(solved *s, const small_reading *reading)
{
    kv_limits limits;
    *s = (solved){0};
    cr_assert_eq(small_read(reading, &s->benchmark, NULL), KV_OK);
    cr_assert_eq(kv_benchmark_build(s->benchmark, &s->problem, NULL), KV_OK);
    kv_limits_default(&limits);
    limits.gap = 0;
    cr_assert_eq(kv_engine_glpk.solve(s->problem, &limits, &s->plan, NULL), KV_OK);
    s->result = (kv_result){.benchmark = s->benchmark,
                            .problem = s->problem,
                            .plan = s->plan,
                            .engine = "glpk",
                            .threads = 1};
}

static void clear(solved *s)
{
    kv_plan_free(s->plan);
    kv_problem_free(s->problem);
    kv_benchmark_free(s->benchmark);
}

Test(reports_benchmark, summary_says_what_is_open)
{
    small_reading reading = {.text = small_sndlib, .options = SMALL_OPTIONS};
    solved s;
    char *folder = test_folder();
    make(&s, &reading);
    cr_assert_eq(kv_result_write(&s.result, folder, NULL), KV_OK);
    char *path = test_path(folder, "summary.txt"), *text = test_read(path);
    cr_assert(text != NULL);
    cr_expect(strstr(text, "Capacity planning of 3 nodes, 3 links and 3 demands."), "%s", text);
    cr_expect(strstr(text, "The plan costs 44."), "%s", text);
    cr_expect(strstr(text, "It opens 4 of 5: 35 for what is opened and 9 for flow."), "%s", text);
    cr_expect(strstr(text, "L1:m2"), "%s", text);
    cr_expect_eq(test_count_files(folder), 7);
    free(path);
    free(text);
    test_remove(folder);
    free(folder);
    clear(&s);
}

Test(reports_benchmark, without_a_plan_the_tables_have_no_rows)
{
    small_reading reading = {.text = small_canad, .options = SMALL_OPTIONS};
    solved s;
    char *folder = test_folder();
    make(&s, &reading);
    s.plan->status = KV_PLAN_NONE;
    cr_assert_eq(kv_result_write(&s.result, folder, NULL), KV_OK);
    char *path = test_path(folder, "summary.txt"), *text = test_read(path);
    cr_expect(text && strstr(text, "There is no plan (no_plan)."), "%s", text);
    free(path);
    free(text);
    path = test_path(folder, "design.csv");
    text = test_read(path);
    cr_expect_str_eq(text, "design,value,cost,total_cost\n");
    free(path);
    free(text);
    test_remove(folder);
    free(folder);
    clear(&s);
}

Test(reports_benchmark, without_memory)
{
    small_reading reading = {
        .text = small_scenarios, .topology = small_canad, .options = SMALL_OPTIONS};
    solved s;
    char *folder = test_folder();
    kv_status status = KV_ERR_MEMORY;
    make(&s, &reading);
    for (long n = 1; status != KV_OK; n++) {
        kv_memory_fail_at(n, 0);
        status = kv_result_write(&s.result, folder, NULL);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY, "%ld: %d", n, (int)status);
        cr_assert_lt(n, 3000);
    }
    test_remove(folder);
    free(folder);
    clear(&s);
}
