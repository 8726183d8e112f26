/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/manual.h"

#include "base/version.h"
#include "cli/cli.h"

#include <string.h>

static const char *const statuses[][2] = {
    {"0", "done as asked"},
    {"1", "no plan exists (proved), or a check failed"},
    {"2", "the input, a file or the command is at fault"},
    {"3", "stopped by a limit or a signal, with a plan in hand; its gap is printed"},
    {"4", "stopped by a limit or a signal, with none"},
    {"5", "an error of the program, or no memory"},
};

enum { N_STATUSES = sizeof statuses / sizeof *statuses };

void cli_manual_overview(kv_text *out)
{
    kv_text_add(out, "Kvarken decides which transport investments best meet the demand of an "
                     "industrial cluster\nunder its budgets, and proves how good its plan is.\n\n"
                     "Usage: kvarken COMMAND ...\n\nCommands:\n");
    for (int i = 0; cli_commands[i]; i++)
        kv_text_addf(out, "  %-9s %s\n", cli_commands[i]->line.name, cli_commands[i]->line.summary);
    kv_text_add(out, "\nkvarken help COMMAND lists the options of a command.\n\nExit status:\n");
    for (int i = 0; i < N_STATUSES; i++)
        kv_text_addf(out, "  %s  %s\n", statuses[i][0], statuses[i][1]);
}

void cli_manual_markdown(kv_text *out)
{
    kv_text_add(
        out, "# The commands\n\n"
             "This page is the output of `kvarken help --manual`. `kvarken help COMMAND` shows "
             "the same for\none command. Progress and messages go to standard error, results "
             "to files. Each file is written\nwhole or not at all. The first Ctrl-C (or SIGTERM) "
             "stops a search with the best plan so far, the\nsecond ends the program.\n\n"
             "| exit status | meaning |\n| --- | --- |\n");
    for (int i = 0; i < N_STATUSES; i++)
        kv_text_addf(out, "| %s | %s |\n", statuses[i][0], statuses[i][1]);
    kv_text_add(out, "\n");
    for (int i = 0; cli_commands[i]; i++)
        kv_options_manual(&cli_commands[i]->line, out);
    while (out->length > 1 && out->data[out->length - 2] == '\n')
        out->data[--out->length] = 0;
}

/* ---- man(1) ---- */

/* Text in which roff sees nothing but text; no line of ours begins with its control characters. */
static void add_roff(kv_text *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '-' || *text == '\\')
            kv_text_add(out, *text == '-' ? "\\-" : "\\e");
        else if (*text == '"')
            kv_text_add(out, "\\(dq");
        else
            kv_text_add_bytes(out, text, 1);
    }
}

/* The help of a command is plain text: two blanks before an option, six before what it means. */
static void add_options(kv_text *out, const kv_command_line *line)
{
    kv_text help = {0};
    kv_options_help(line, &help);
    const char *rest = help.failed ? NULL : strstr(help.data, "\nOptions:\n");
    rest = rest ? rest + strlen("\nOptions:\n") : "";
    while (*rest) {
        size_t n = strcspn(rest, "\n"), blanks = strspn(rest, " ");
        kv_text one = {0};
        kv_text_add_bytes(&one, rest + blanks, n - blanks);
        kv_text_add(out, blanks == 2 ? ".TP\n.B \"" : "");
        add_roff(out, one.data ? one.data : "");
        kv_text_add(out, blanks == 2 ? "\"\n" : ".\n");
        out->failed |= one.failed;
        kv_text_clear(&one);
        rest += n + (rest[n] == '\n');
    }
    out->failed |= help.failed;
    kv_text_clear(&help);
}

static void add_command(kv_text *out, const kv_command_line *line)
{
    kv_text_add(out, ".SS \"kvarken ");
    add_roff(out, line->name);
    kv_text_add(out, *line->arguments ? " " : "");
    add_roff(out, line->arguments);
    kv_text_add(out, line->options[0].name ? " [options]\"\n" : "\"\n");
    add_roff(out, line->summary);
    kv_text_add(out, "\n");
    add_options(out, line);
}

void cli_manual_roff(kv_text *out)
{
    kv_text_add(out,
                ".\\\" SPDX-License-Identifier: GPL-3.0-or-later\n"
                ".\\\" The output of kvarken help --man.\n"
                ".TH KVARKEN 1 \"\" \"Kvarken " KV_VERSION "\" \"User Commands\"\n"
                ".SH NAME\nkvarken \\- network design for transport investment planning\n"
                ".SH SYNOPSIS\n.B kvarken\n.I COMMAND\n.RI [ ARGUMENT ...]\n.RI [ OPTION ...]\n"
                ".SH DESCRIPTION\n.B kvarken\n"
                "decides which corridors, terminals and fleet\\-electrification investments best "
                "meet the projected demand\nof an industrial cluster under its budgets, and when "
                "to make them. It proves how good its plan is, with a\nbound that anyone can "
                "recompute.\n.PP\n.I CASE\nis a folder of tables,\n.I DIR\na folder of results. "
                "Progress and messages go to standard error. Each file is written whole or not at "
                "all.\nThe first interrupt stops a search with the best plan so far, the second "
                "ends the program.\n.SH COMMANDS\n");
    for (int i = 0; cli_commands[i]; i++)
        add_command(out, &cli_commands[i]->line);
    kv_text_add(out, ".SH EXIT STATUS\n");
    for (int i = 0; i < N_STATUSES; i++)
        kv_text_addf(out, ".TP\n.B %s\n%s.\n", statuses[i][0], statuses[i][1]);
    kv_text_add(out, ".SH EXAMPLES\n.nf\nkvarken new my\\-case\nkvarken validate my\\-case\n"
                     "kvarken solve my\\-case \\-o results\n"
                     "kvarken check my\\-case results\n"
                     "kvarken report results \\-\\-geojson\n.fi\n"
                     ".SH COPYRIGHT\nGNU General Public License, version 3 or later. There is no "
                     "warranty.\n.SH SEE ALSO\n.BR glpsol (1)\n");
}
