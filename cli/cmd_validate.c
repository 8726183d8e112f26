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
    {.name = NULL},
};

/* The findings are the result of this command, so they go to standard output. */
static cli_exit run(const void *given, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const validate_values *values = given;
    kv_case *the_case = NULL;
    (void)n_arguments;
    kv_messages *found = kv_messages_create();
    if (!found)
        return CLI_INTERNAL;
    kv_status status = cli_read_case(arguments[0], &values->tables, &the_case, found);
    if (status == KV_OK && values->datapackage)
        status = kv_datapackage_write(arguments[0], messages);
    kv_case_free(the_case);
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
