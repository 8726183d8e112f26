/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"
#include "cli/manual.h"

#include "instances/new.h"
#include "reports/columns.h"

#include <stddef.h>

typedef struct help_values {
    int manual, man, tables, results;
} help_values;

static const kv_option options[] = {
    {"manual", KV_OPTION_FLAG, offsetof(help_values, manual), NULL, 0, 0, NULL, NULL,
     "print the manual of all commands in Markdown"},
    {"man", KV_OPTION_FLAG, offsetof(help_values, man), NULL, 0, 0, NULL, NULL,
     "print the manual of all commands for man(1)"},
    {"tables", KV_OPTION_FLAG, offsetof(help_values, tables), NULL, 0, 0, NULL, NULL,
     "print the manual of all tables of a case in Markdown"},
    {"results", KV_OPTION_FLAG, offsetof(help_values, results), NULL, 0, 0, NULL, NULL,
     "print the manual of all files of a plan in Markdown"},
    {.name = NULL},
};

/* Each page is written by one function. */
static cli_exit print_page(void (*page)(kv_text *out))
{
    kv_text text = {0};
    page(&text);
    return cli_print_text(&text);
}

static cli_exit print_command(const char *name, kv_messages *messages)
{
    kv_text text = {0};
    const cli_command *command = cli_find(name, messages);
    if (!command)
        return CLI_INPUT;
    kv_options_help(&command->line, &text);
    return cli_print_text(&text);
}

static cli_exit run(const void *values, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const help_values *asked = values;
    if (asked->manual)
        return print_page(cli_manual_markdown);
    if (asked->man)
        return print_page(cli_manual_roff);
    if (asked->tables)
        return print_page(kv_schema_manual);
    if (asked->results)
        return print_page(kv_report_manual);
    return n_arguments ? print_command(arguments[0], messages) : print_page(cli_manual_overview);
}

const cli_command cli_help = {
    .line = {.name = "help",
             .arguments = "[COMMAND]",
             .summary = "Explain the program or one of its commands; --help does the same.",
             .options = options,
             .max_arguments = 1},
    .values_size = sizeof(help_values),
    .run = run,
};
