/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/planning.h"

#include "reports/checker/check.h"

#include <stddef.h>

typedef struct check_values {
    cli_case_values tables;
    int claims;
} check_values;

static const kv_option options[] = {
    CLI_OPTION("claims", KV_OPTION_FLAG, check_values, claims, NULL, NULL,
               "fail too where the engine's own bound and gap go beyond what is certified; without "
               "this they are only told"),
    CLI_CASE_OPTIONS,
    CLI_BENCHMARK_OPTIONS,
    {.name = NULL},
};

static kv_status check_tables(const check_values *values, const char *const *arguments,
                              const kv_check_options *how, kv_check_result *result,
                              kv_messages *messages)
{
    kv_case *the_case = NULL;
    kv_status status = cli_refuse_benchmark_options(&values->tables, messages);
    if (status == KV_OK)
        status = cli_read_case(arguments[0], &values->tables, &the_case, messages);
    if (status == KV_OK)
        status = kv_check(the_case, arguments[1], how, result, messages);
    kv_case_free(the_case);
    return status;
}

static kv_status check_file(const check_values *values, const char *const *arguments,
                            const kv_check_options *how, kv_check_result *result,
                            kv_messages *messages)
{
    kv_benchmark *benchmark = NULL;
    kv_status status =
        cli_read_benchmark(arguments[0], &values->tables, NULL, &benchmark, messages);
    if (status == KV_OK)
        status = kv_check_benchmark(benchmark, arguments[1], how, result, messages);
    kv_benchmark_free(benchmark);
    return status;
}

/* The report is the result of this command, so it goes to standard output. */
static cli_exit run(const void *given, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const check_values *values = given;
    const kv_check_options how = {.judge_claims = values->claims};
    kv_check_result result = {0};
    (void)n_arguments;
    kv_status status = cli_is_benchmark(arguments[0])
                           ? check_file(values, arguments, &how, &result, messages)
                           : check_tables(values, arguments, &how, &result, messages);
    cli_exit end = cli_exit_of(status);
    if (status == KV_OK) {
        end = cli_print_text(&result.report);
        end = end == CLI_DONE && result.failed > 0 ? CLI_NO_PLAN : end;
    }
    kv_text_clear(&result.report);
    return end;
}

const cli_command cli_check = {
    .line = {.name = "check",
             .arguments = "CASE DIR",
             .summary = "Recompute a plan and its bound in exact arithmetic and confirm them.",
             .options = options,
             .min_arguments = 2,
             .max_arguments = 2},
    .values_size = sizeof(check_values),
    .run = run,
};
