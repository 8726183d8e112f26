/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of the command line: help, version, unknown words, and that the option tables, the help
 * and the manual agree. */
#include "base/options.h"
#include "base/text.h"
#include "base/version.h"
#include "cli/cli.h"
#include "cli/planning.h"
#include "solver/engine.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static void expect(const char *const *words, int status, const char *out, const char *err)
{
    test_run run = test_kvarken(words);
    cr_assert_eq(run.exit, status, "%s: exit status %d, not %d; %s", words[0], run.exit, status,
                 run.err);
    cr_assert(!out || strstr(run.out, out), "'%s' is missing in the output:\n%s", out, run.out);
    cr_assert(!err || strstr(run.err, err), "'%s' is missing in the errors:\n%s", err, run.err);
    test_run_clear(&run);
}

Test(cli_commands, says_its_version)
{
    expect(WORDS("--version"), 0, "kvarken " KV_VERSION "\n", NULL);
    expect(WORDS("version"), 0, "kvarken " KV_VERSION "\n", NULL);
    expect(WORDS("-V"), 0, "kvarken " KV_VERSION "\n", NULL);
}

Test(cli_commands, asks_for_a_command)
{
    expect((const char *const[]){NULL}, 2, NULL, "a command is missing");
}

Test(cli_commands, names_the_nearest_command)
{
    expect(WORDS("sovle"), 2, NULL,
           "'sovle' is not a command of kvarken; did you mean kvarken solve?");
    expect(WORDS("help", "validat"), 2, NULL, "did you mean kvarken validate?");
    expect(WORDS("zzzzzzzzzzzz"), 2, NULL, "kvarken help lists the commands");
}

Test(cli_commands, names_the_nearest_option)
{
    expect(WORDS("solve", "x", "-o", "y", "--treads", "2"), 2, NULL, "did you mean --threads?");
}

Test(cli_commands, tells_all_faults_of_a_command_at_once)
{
    test_run run = test_kvarken(WORDS("solve", "--gap", "x", "--time=-3", "--engine", "abacus"));
    cr_assert_eq(run.exit, 2);
    cr_assert(strstr(run.err, "--gap: 'x' is not a number"), "%s", run.err);
    cr_assert(strstr(run.err, "--time: '-3' is out of range"), "%s", run.err);
    cr_assert(strstr(run.err, "--engine: 'abacus'"), "%s", run.err);
    cr_assert(strstr(run.err, "too few arguments"), "%s", run.err);
    test_run_clear(&run);
}

Test(cli_commands, needs_a_place_for_results)
{
    expect(WORDS("solve", KV_SOURCE_DIR "/instances/tutorial"), 2, NULL, "-o is missing");
}

/* The part of a line up to its end. */
static const char *line_after(const char *text, const char *start, char *line, size_t size)
{
    const char *found = strstr(text, start);
    if (!found)
        return NULL;
    snprintf(line, size, "%.*s", (int)strcspn(found, "\n"), found);
    return line;
}

/* Each option with its help, default and choices stands in what `kvarken help COMMAND` prints. */
Test(cli_commands, help_shows_every_option)
{
    for (int c = 0; cli_commands[c]; c++) {
        const kv_command_line *line = &cli_commands[c]->line;
        test_run run = test_kvarken(WORDS("help", line->name));
        cr_assert_eq(run.exit, 0);
        cr_assert(strstr(run.out, line->summary), "%s", run.out);
        for (const kv_option *option = line->options; option->name; option++) {
            char word[64];
            snprintf(word, sizeof word, "%s%s", option->name[1] ? "  --" : "  -", option->name);
            cr_assert(strstr(run.out, word), "help %s: %s is missing", line->name, word);
            cr_assert(strstr(run.out, option->help), "help %s: %s", line->name, option->help);
            for (int i = 0; option->choices && option->choices[i]; i++)
                cr_assert(strstr(run.out, option->choices[i]));
        }
        test_run_clear(&run);
    }
}

Test(cli_commands, help_as_a_flag_is_the_same)
{
    for (int c = 0; cli_commands[c]; c++) {
        test_run a = test_kvarken(WORDS("help", cli_commands[c]->line.name));
        test_run b = test_kvarken(WORDS(cli_commands[c]->line.name, "--help"));
        cr_assert_eq(b.exit, 0);
        cr_assert_str_eq(a.out, b.out);
        test_run_clear(&a);
        test_run_clear(&b);
    }
}

Test(cli_commands, overview_lists_commands_and_statuses)
{
    test_run run = test_kvarken(WORDS("--help"));
    cr_assert_eq(run.exit, 0);
    for (int c = 0; cli_commands[c]; c++)
        cr_assert(strstr(run.out, cli_commands[c]->line.summary), "%s", cli_commands[c]->line.name);
    for (char status[] = "\n  0  "; status[3] <= '5'; status[3]++)
        cr_assert(strstr(run.out, status), "%s", status);
    test_run_clear(&run);
}

static void compare_with_page(const char *flag, const char *page)
{
    char *path = test_path(KV_SOURCE_DIR "/docs", page);
    char *text = test_read(path);
    test_run run = test_kvarken(WORDS("help", flag));
    cr_assert_eq(run.exit, 0);
    cr_assert(text, "%s is missing", path);
    cr_assert_str_eq(run.out, text, "docs/%s is not what kvarken help %s prints", page, flag);
    test_run_clear(&run);
    free(text);
    free(path);
}

Test(cli_commands, pages_are_what_the_program_prints)
{
    compare_with_page("--manual", "commands.md");
    compare_with_page("--tables", "tables.md");
    compare_with_page("--man", "kvarken.1");
}

/* The page on results has more than the tables. */
Test(cli_commands, page_of_results_holds_what_the_program_prints)
{
    char *text = test_read(KV_SOURCE_DIR "/docs/results.md");
    test_run run = test_kvarken(WORDS("help", "--results"));
    cr_assert_eq(run.exit, 0);
    cr_assert(text && strlen(run.out) > 1000);
    cr_assert(strstr(text, run.out),
              "docs/results.md does not hold what kvarken help --results prints");
    test_run_clear(&run);
    free(text);
}

Test(cli_commands, engines_on_offer_are_the_engines_there_are)
{
    cr_assert_str_eq(cli_engine_names[0], "auto");
    int n = 0;
    for (; kv_engines[n]; n++)
        cr_assert_str_eq(cli_engine_names[n + 1], kv_engines[n]->name);
    cr_assert_null(cli_engine_names[n + 1]);
}

/* A default must be what a user could type. */
Test(cli_commands, defaults_are_in_range)
{
    for (int c = 0; cli_commands[c]; c++) {
        const kv_command_line *line = &cli_commands[c]->line;
        kv_command_line lenient = *line;
        const char *arguments[CLI_MAX_ARGUMENTS];
        int n = 0;
        void *values = calloc(1, cli_commands[c]->values_size);
        lenient.min_arguments = 0;
        cr_assert_leq(line->max_arguments, CLI_MAX_ARGUMENTS);
        cr_assert_eq(kv_options_read(&lenient, 0, NULL, values, arguments, &n, NULL), KV_OK, "%s",
                     line->name);
        kv_options_free(&lenient, values);
        free(values);
    }
}

Test(cli_commands, default_of_help_is_shown)
{
    char line[200];
    test_run run = test_kvarken(WORDS("help", "solve"));
    cr_assert(line_after(run.out, "  --time", line, sizeof line));
    cr_assert(strstr(run.out, "default 600"));
    test_run_clear(&run);
}
