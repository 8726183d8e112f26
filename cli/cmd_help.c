/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "instances/new.h"
#include "reports/columns.h"

#include <stddef.h>

typedef struct help_values {
    int manual, tables, results;
} help_values;

static const kv_option options[] = {
    {"manual", KV_OPTION_FLAG, offsetof(help_values, manual), NULL, 0, 0, NULL, NULL,
     "print the manual of all commands in Markdown"},
    {"tables", KV_OPTION_FLAG, offsetof(help_values, tables), NULL, 0, 0, NULL, NULL,
     "print the manual of all tables of a case in Markdown"},
    {"results", KV_OPTION_FLAG, offsetof(help_values, results), NULL, 0, 0, NULL, NULL,
     "print the manual of all files of a plan in Markdown"},
    {.name = NULL},
};

static const char *const statuses[][2] = {
    {"0", "done as asked"},
    {"1", "no plan exists (proved)"},
    {"2", "the input, a file or the command is at fault"},
    {"3", "stopped by a limit or a signal, with a plan in hand; its gap is printed"},
    {"4", "stopped by a limit or a signal, with none"},
    {"5", "an error of the program, or no memory"},
};

enum { N_STATUSES = sizeof statuses / sizeof *statuses };

static cli_exit print_overview(void)
{
    kv_text text = {0};
    kv_text_add(&text, "Kvarken decides which transport investments best meet the demand of an "
                       "industrial cluster\nunder its budgets, and proves how good its plan is.\n\n"
                       "Usage: kvarken COMMAND ...\n\nCommands:\n");
    for (int i = 0; cli_commands[i]; i++)
        kv_text_addf(&text, "  %-9s %s\n", cli_commands[i]->line.name,
                     cli_commands[i]->line.summary);
    kv_text_add(&text, "\nkvarken help COMMAND lists the options of a command.\n\nExit status:\n");
    for (int i = 0; i < N_STATUSES; i++)
        kv_text_addf(&text, "  %s  %s\n", statuses[i][0], statuses[i][1]);
    return cli_print_text(&text);
}

static cli_exit print_manual(void)
{
    kv_text text = {0};
    kv_text_add(
        &text, "# The commands\n\n"
               "This page is the output of `kvarken help --manual`. `kvarken help COMMAND` shows "
               "the same for\none command. Progress and messages go to standard error, results "
               "to files. Each file is written\nwhole or not at all. The first Ctrl-C (or SIGTERM) "
               "stops a search with the best plan so far, the\nsecond ends the program.\n\n"
               "| exit status | meaning |\n| --- | --- |\n");
    for (int i = 0; i < N_STATUSES; i++)
        kv_text_addf(&text, "| %s | %s |\n", statuses[i][0], statuses[i][1]);
    kv_text_add(&text, "\n");
    for (int i = 0; cli_commands[i]; i++)
        kv_options_manual(&cli_commands[i]->line, &text);
    while (text.length > 1 && text.data[text.length - 2] == '\n')
        text.data[--text.length] = 0;
    return cli_print_text(&text);
}

static cli_exit print_tables(void)
{
    kv_text text = {0};
    kv_schema_manual(&text);
    return cli_print_text(&text);
}

static cli_exit print_results(void)
{
    kv_text text = {0};
    kv_report_manual(&text);
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
        return print_manual();
    if (asked->tables)
        return print_tables();
    if (asked->results)
        return print_results();
    return n_arguments ? print_command(arguments[0], messages) : print_overview();
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
