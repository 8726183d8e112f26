/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The library as a program of its own would use it: the one header, and the steps in its comment. */
#include "reports/kvarken.h"

#include "support/process.h"

#include <criterion/criterion.h>
#include <stdlib.h>

Test(public_header, from_tables_to_results)
{
    char *out = test_folder();
    kv_messages *messages = kv_messages_create();
    kv_case *the_case = NULL;
    kv_problem *problem = NULL;
    kv_map *map = NULL;
    kv_plan *plan = NULL;
    kv_limits limits;
    cr_assert_eq(kv_case_read(KV_SOURCE_DIR "/instances/tutorial", NULL, 0, &the_case, messages),
                 KV_OK);
    kv_build_options options = {.scenario = 0, .budget_factor = 1};
    cr_assert_eq(kv_build(the_case, &options, &problem, &map, messages), KV_OK);
    kv_limits_default(&limits);
    cr_assert_eq(kv_engine_find("auto", problem)->solve(problem, &limits, &plan, messages), KV_OK);
    kv_result result = {.the_case = the_case,
                        .problem = problem,
                        .map = map,
                        .plan = plan,
                        .scenario = "steady",
                        .engine = "auto",
                        .threads = 1};
    cr_assert(kv_result_has_plan(&result));
    cr_assert_eq(kv_result_write(&result, out, messages), KV_OK);
    cr_assert_eq(kv_report_geojson(the_case, out, messages), KV_OK);
    cr_assert_eq(kv_messages_count(messages), 0);
    cr_assert_gt(test_count_files(out), 12);
    kv_plan_free(plan);
    kv_map_free(map);
    kv_problem_free(problem);
    kv_case_free(the_case);
    kv_messages_free(messages);
    test_remove(out);
    free(out);
}
