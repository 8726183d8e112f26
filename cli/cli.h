/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the subcommands share: the table of commands, exit statuses and printing. */
#ifndef KV_CLI_CLI_H
#define KV_CLI_CLI_H

#include "base/messages.h"
#include "base/options.h"
#include "base/status.h"
#include "base/text.h"

#include <stdio.h>

typedef enum cli_exit {
    CLI_DONE = 0,         /* done as asked */
    CLI_NO_PLAN = 1,      /* proved: no plan exists; or a check failed */
    CLI_INPUT = 2,        /* the input, a file or the command is at fault */
    CLI_STOPPED = 3,      /* stopped by a limit or a signal with a plan in hand */
    CLI_STOPPED_NONE = 4, /* stopped so with none */
    CLI_INTERNAL = 5      /* an error of the program, or no memory */
} cli_exit;

enum { CLI_MAX_ARGUMENTS = 2 }; /* positional arguments of any command */

typedef struct cli_command {
    kv_command_line line;
    size_t values_size; /* of the struct that the options are read into; at least 1 */
    /* Runs the command. `values` is that struct, `arguments` the positional ones; messages added to
     * the list are printed by the caller. Returns the exit status. */
    cli_exit (*run)(const void *values, const char *const *arguments, int n_arguments,
                    kv_messages *messages);
} cli_command;

extern const cli_command cli_solve, cli_sweep, cli_check, cli_validate, cli_report, cli_export,
    cli_generate, cli_bench, cli_new, cli_help, cli_version;
extern const cli_command *const cli_commands[]; /* all, in the order of the help; NULL-ended */

/* The command of that name, or NULL with a fault that names the nearest one. */
const cli_command *cli_find(const char *name, kv_messages *messages);

/* Reads the options and runs the command; prints its messages. argv begins after its name. */
cli_exit cli_run(const cli_command *command, int argc, char **argv);

/* The exit status for a status of the library. */
cli_exit cli_exit_of(kv_status status);

/* Prints all messages that are at least as severe as `least`, one a line, sorted by place. */
void cli_print_messages(FILE *out, kv_messages *messages, kv_severity least);

/* Writes the text to standard output and clears it; CLI_INTERNAL when it is incomplete. */
cli_exit cli_print_text(kv_text *text);

/* What to write for plural: "1 fault", "2 faults". The text lives until the next call. */
const char *cli_count(size_t count, const char *noun);

#endif
