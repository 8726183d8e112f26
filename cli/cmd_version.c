/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/version.h"

static cli_exit run(const void *values, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    (void)values;
    (void)arguments;
    (void)n_arguments;
    (void)messages;
    printf("kvarken %s\n", KV_VERSION);
    return CLI_DONE;
}

static const kv_option options[] = {{.name = NULL}};

const cli_command cli_version = {
    .line = {.name = "version",
             .arguments = "",
             .summary = "Print the version of the program; --version does the same.",
             .options = options},
    .values_size = 1,
    .run = run,
};
