/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands that exist, and how one is run. */
#include "cli/cli.h"

#include "base/memory.h"

#include <string.h>

const cli_command *const cli_commands[] = {
    &cli_solve,    &cli_sweep, &cli_check, &cli_validate, &cli_report,  &cli_export,
    &cli_generate, &cli_bench, &cli_new,   &cli_help,     &cli_version, NULL,
};

const cli_command *cli_find(const char *name, kv_messages *messages)
{
    const cli_command *nearest = NULL;
    int least = 4; /* farther away is no misspelling */
    for (int i = 0; cli_commands[i]; i++) {
        int distance = kv_text_distance(name, cli_commands[i]->line.name);
        if (distance == 0)
            return cli_commands[i];
        if (distance < least) {
            least = distance;
            nearest = cli_commands[i];
        }
    }
    kv_text mend = {0};
    if (nearest)
        kv_text_addf(&mend, "did you mean kvarken %s?", nearest->line.name);
    else
        kv_text_add(&mend, "kvarken help lists the commands");
    kv_messages_add(messages, KV_FAULT, NULL, mend.failed ? NULL : mend.data,
                    "'%s' is not a command of kvarken", name);
    kv_text_clear(&mend);
    return NULL;
}

static int asks_for_help(int argc, char **argv)
{
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return 1;
    }
    return 0;
}

static cli_exit print_help(const cli_command *command)
{
    kv_text text = {0};
    kv_options_help(&command->line, &text);
    return cli_print_text(&text);
}

static cli_exit read_and_run(const cli_command *command, int argc, char **argv, void *values,
                             kv_messages *messages)
{
    const char *arguments[CLI_MAX_ARGUMENTS] = {NULL};
    int n_arguments = 0;
    kv_status status =
        kv_options_read(&command->line, argc, argv, values, arguments, &n_arguments, messages);
    if (status != KV_OK)
        return cli_exit_of(status);
    cli_exit result = command->run(values, arguments, n_arguments, messages);
    kv_options_free(&command->line, values);
    return result;
}

cli_exit cli_run(const cli_command *command, int argc, char **argv)
{
    cli_exit result = CLI_INTERNAL;
    if (asks_for_help(argc, argv))
        return print_help(command);
    void *values = kv_alloc(1, command->values_size);
    kv_messages *messages = kv_messages_create();
    if (values && messages)
        result = read_and_run(command, argc, argv, values, messages);
    fflush(stdout);
    cli_print_messages(stderr, messages, KV_WARNING);
    if (result == CLI_INTERNAL && kv_messages_faults(messages) == 0)
        fprintf(stderr, "kvarken %s: out of memory or an error of the program\n",
                command->line.name);
    kv_messages_free(messages);
    kv_free(values);
    return result;
}
