/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kvarken sweep, report, new and generate as a whole. */
#include "support/process.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define TUTORIAL   KV_SOURCE_DIR "/instances/tutorial"

static int lines_of(const char *folder, const char *name)
{
    char *path = test_path(folder, name), *text = test_read(path);
    int lines = 0;
    for (const char *c = text; c && *c; c++)
        lines += *c == '\n';
    free(text);
    free(path);
    return lines;
}

static void expect(const char *const *words, int status)
{
    test_run run = test_kvarken(words);
    cr_assert_eq(run.exit, status, "%s: %d, not %d: %s", words[0], run.exit, status, run.err);
    test_run_clear(&run);
}

/* Field `number` (from 0) of line `line` (from 0). */
static double field_of(const char *text, int line, int number)
{
    for (; line > 0; line--)
        text = strchr(text, '\n') + 1;
    for (; number > 0; number--)
        text = strchr(text, ',') + 1;
    return strtod(text, NULL);
}

Test(cli_sweep, more_budget_never_costs_more)
{
    char *out = test_folder(), *path = test_path(out, "frontier.csv");
    expect(WORDS("sweep", TUTORIAL, "-o", out, "--budget", "0:2:1", "--quiet"), 0);
    char *text = test_read(path);
    cr_assert(text);
    cr_assert_eq(lines_of(out, "frontier.csv"), 4);
    cr_assert_eq(lines_of(out, "projects.csv"), 9);
    for (int i = 1; i <= 3; i++)
        cr_assert_eq(field_of(text, i, 0), i - 1);
    for (int i = 2; i <= 3; i++)
        cr_assert_leq(field_of(text, i, 4), field_of(text, i - 1, 4));
    cr_assert_lt(field_of(text, 3, 4), field_of(text, 1, 4));
    char *point = test_path(out, "joint-2");
    cr_assert_gt(test_count_files(point), 10);
    free(point);
    free(text);
    test_remove(out);
    free(path);
    free(out);
}

Test(cli_sweep, scenarios_by_name_and_each)
{
    char *out = test_folder();
    expect(WORDS("sweep", TUTORIAL, "-o", out, "--budget", "1", "--scenarios", "each"), 0);
    cr_assert_eq(lines_of(out, "frontier.csv"), 3);
    expect(WORDS("sweep", TUTORIAL, "-o", out, "--budget", "1", "--scenarios", "boom,joint"), 0);
    cr_assert_eq(lines_of(out, "frontier.csv"), 3);
    expect(WORDS("sweep", TUTORIAL, "-o", out, "--scenarios", "boom,bust"), 2);
    expect(WORDS("sweep", TUTORIAL, "-o", out, "--scenarios", "boom,boom,boom,boom"), 2);
    expect(WORDS("sweep", TUTORIAL, "-o", out, "--budget", "1:0:1"), 2);
    test_remove(out);
    free(out);
}

/* What was solved before the signal stays, and both tables are whole. */
Test(cli_sweep, interrupt_keeps_what_is_done)
{
    char *out = test_folder();
    test_run run = test_kvarken_signal(
        WORDS("sweep", TUTORIAL, "-o", out, "--budget", "0:50:0.1", "--decision-gap", "1"), SIGINT,
        2.0, 0);
    cr_assert(run.exit == 3 || run.exit == 4, "%d: %s", run.exit, run.err);
    if (run.exit == 3)
        cr_assert_gt(lines_of(out, "frontier.csv"), 1);
    test_run_clear(&run);
    test_remove(out);
    free(out);
}

Test(cli_report, map_layers_of_a_plan)
{
    char *out = test_folder(), *path = test_path(out, "links.geojson");
    expect(WORDS("report", out, "--geojson"), 2); /* no plan there */
    expect(WORDS("solve", TUTORIAL, "-o", out, "--scenario", "boom", "--quiet"), 0);
    expect(WORDS("report", out), 2); /* no report asked for */
    expect(WORDS("report", out, "--geojson"), 0);
    char *text = test_read(path);
    cr_assert(text && strstr(text, "\"rail_west\""));
    expect(WORDS("report", out, "--geojson", "--case", "/nowhere"), 2);
    expect(WORDS("report", out, "--geojson", "--case", TUTORIAL), 0);
    free(text);
    test_remove(out);
    free(path);
    free(out);
}

Test(cli_new, writes_a_case_that_solves)
{
    char *parent = test_folder(), *folder = test_path(parent, "case"),
         *out = test_path(parent, "o");
    expect(WORDS("new", folder), 0);
    expect(WORDS("validate", folder), 0);
    expect(WORDS("solve", folder, "-o", out, "--quiet"), 0);
    expect(WORDS("new", folder), 2); /* not empty */
    char *package = test_path(folder, "datapackage.json");
    unlink(package);
    expect(WORDS("validate", folder, "--datapackage"), 0);
    cr_assert_gt(lines_of(folder, "datapackage.json"), 10);
    test_remove(parent);
    free(package);
    free(parent);
    free(folder);
    free(out);
}

Test(cli_generate, same_seed_same_file)
{
    char *out = test_folder();
    char *a = test_path(out, "a.dow"), *b = test_path(out, "b.dow"), *c = test_path(out, "c.dow");
    expect(WORDS("generate", "-o", a, "--seed", "7"), 0);
    expect(WORDS("generate", "-o", b, "--seed", "7"), 0);
    expect(WORDS("generate", "-o", c, "--seed", "8"), 0);
    char *text_a = test_read(a), *text_b = test_read(b), *text_c = test_read(c);
    cr_assert_str_eq(text_a, text_b);
    cr_assert_str_neq(text_a, text_c);
    expect(WORDS("generate", "-o", a, "--nodes", "10", "--arcs", "5"), 2);
    expect(WORDS("generate"), 2);
    free(text_a);
    free(text_b);
    free(text_c);
    test_remove(out);
    free(a);
    free(b);
    free(c);
    free(out);
}
