/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "instances/new.h"

static const kv_option options[] = {{.name = NULL}};

static cli_exit run(const void *values, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    (void)values;
    (void)n_arguments;
    kv_status status = kv_case_new(arguments[0], messages);
    if (status == KV_OK)
        printf(
            "%s is a small case to start from: kvarken validate %s, kvarken solve %s -o results\n",
            arguments[0], arguments[0], arguments[0]);
    return cli_exit_of(status);
}

const cli_command cli_new = {
    .line = {.name = "new",
             .arguments = "DIR",
             .summary = "Write a small commented case to start from.",
             .options = options,
             .min_arguments = 1,
             .max_arguments = 1},
    .values_size = 1,
    .run = run,
};
