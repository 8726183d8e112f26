/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <string.h>

/* The options that stand without a command are commands in other words. */
static const char *command_word(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return "help";
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return "version";
    return word;
}

static cli_exit dispatch(int argc, char **argv)
{
    kv_messages *messages = kv_messages_create();
    const cli_command *command = cli_find(command_word(argv[1]), messages);
    cli_print_messages(stderr, messages, KV_FAULT);
    kv_messages_free(messages);
    return command ? cli_run(command, argc - 2, argv + 2) : CLI_INPUT;
}

int main(int argc, char **argv)
{
    cli_exit result = CLI_INPUT;
    if (argc < 2)
        fprintf(stderr, "kvarken: a command is missing; kvarken help lists the commands\n");
    else
        result = dispatch(argc, argv);
    if ((fflush(stdout) != 0 || ferror(stdout)) && result == CLI_DONE) {
        fprintf(stderr, "kvarken: standard output cannot be written\n");
        result = CLI_INPUT;
    }
    return (int)result;
}
