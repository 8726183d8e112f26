/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/planning.h"

#include "instances/new.h"

#include <stddef.h>

typedef struct validate_values {
    cli_case_values tables;
    int datapackage;
} validate_values;

static const kv_option options[] = {
    {"datapackage", KV_OPTION_FLAG, offsetof(validate_values, datapackage), NULL, 0, 0, NULL, NULL,
     "write datapackage.json (Frictionless) into the case, from the description of all tables"},
    CLI_CASE_OPTIONS,
    CLI_BENCHMARK_OPTIONS,
    {.name = NULL},
};

static kv_status read_tables(const validate_values *values, const char *folder, kv_messages *found,
                             kv_messages *messages)
{
    kv_case *the_case = NULL;
    kv_status status = cli_refuse_benchmark_options(&values->tables, found);
    if (status == KV_OK)
        status = cli_read_case(folder, &values->tables, &the_case, found);
    if (status == KV_OK && values->datapackage)
        status = kv_datapackage_write(folder, messages);
    kv_case_free(the_case);
    return status;
}

/* A benchmark file is also made into its model, which may be too large. */
static kv_status read_file(const validate_values *values, const char *path, kv_messages *found)
{
    cli_planning planning = {0};
    kv_status status = cli_read_benchmark(path, &values->tables, NULL, &planning.benchmark, found);
    if (status == KV_OK)
        status = cli_build(&planning, NULL, found);
    cli_planning_clear(&planning);
    if (!values->datapackage)
        return status;
    kv_messages_add(found, KV_FAULT, NULL, "leave it out",
                    "--datapackage is for cases that are folders of tables, and this is a file");
    return KV_ERR_INPUT;
}

/* The findings are the result of this command, so they go to standard output. */
static cli_exit run(const void *given, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const validate_values *values = given;
    (void)n_arguments;
    kv_messages *found = kv_messages_create();
    if (!found)
        return CLI_INTERNAL;
    kv_status status = cli_is_benchmark(arguments[0])
                           ? read_file(values, arguments[0], found)
                           : read_tables(values, arguments[0], found, messages);
    cli_print_messages(stdout, found, KV_WARNING);
    printf("%s, ", cli_count(kv_messages_faults(found), "fault"));
    printf("%s\n", cli_count(kv_messages_warnings(found), "warning"));
    kv_messages_free(found);
    return cli_exit_of(status);
}

const cli_command cli_validate = {
    .line = {.name = "validate",
             .arguments = "CASE",
             .summary = "List every fault and warning of a case, and what would mend each.",
             .options = options,
             .min_arguments = 1,
             .max_arguments = 1},
    .values_size = sizeof(validate_values),
    .run = run,
};
