/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program on benchmark files: what solve, validate and export do with them. */
#include "support/benchmarks.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define TUTORIAL   KV_SOURCE_DIR "/instances/tutorial"

/* A folder with the small instances, to be removed. */
static char *folder_of_files(void)
{
    static const char *const names[] = {"small.dow", "small.txt", "two", "small.xml"};
    const char *const texts[] = {small_canad, small_location, small_scenarios, small_sndlib};
    char *folder = test_folder();
    for (int i = 0; i < 4; i++) {
        char *path = test_path(folder, names[i]);
        test_write(path, texts[i]);
        free(path);
    }
    return folder;
}

typedef struct place { /* of one test */
    char *folder, *canad, *location, *scenarios, *sndlib, *out;
} place;

static place begin(void)
{
    place p = {.folder = folder_of_files()};
    p.canad = test_path(p.folder, "small.dow");
    p.location = test_path(p.folder, "small.txt");
    p.scenarios = test_path(p.folder, "two");
    p.sndlib = test_path(p.folder, "small.xml");
    p.out = test_path(p.folder, "out");
    return p;
}

static void end(place *p)
{
    test_remove(p->folder);
    char *const texts[] = {p->folder, p->canad, p->location, p->scenarios, p->sndlib, p->out};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        free(texts[i]);
}

static char *result(const place *p, const char *name)
{
    char *path = test_path(p->out, name), *text = test_read(path);
    cr_assert(text != NULL, "no %s", name);
    free(path);
    return text;
}

static void expect_result(const place *p, const char *name, const char *text)
{
    char *found = result(p, name);
    cr_expect_str_eq(found, text, "%s:\n%s", name, found);
    free(found);
}

static json_t *plan_of(const place *p)
{
    char *path = test_path(p->out, "plan.json");
    json_t *plan = json_load_file(path, 0, NULL);
    free(path);
    cr_assert(plan != NULL);
    return plan;
}

static double number_of(const json_t *plan, const char *name)
{
    const json_t *value = json_object_get(plan, name);
    cr_assert(json_is_number(value), "plan.json: %s is no number", name);
    return json_number_value(value);
}

static void expect(const char *const *words, int status, const char *out, const char *err)
{
    test_run run = test_kvarken(words);
    cr_expect_eq(run.exit, status, "exit status %d, not %d: %s", run.exit, status, run.err);
    cr_expect(!out || strstr(run.out, out), "'%s' is missing in\n%s", out, run.out);
    cr_expect(!err || strstr(run.err, err), "'%s' is missing in\n%s", err, run.err);
    test_run_clear(&run);
}

Test(cli_benchmark, canad_is_solved)
{
    place p = begin();
    expect(WORDS("solve", p.canad, "-o", p.out, "--gap", "0"), 0, "The plan costs 25.", "gap 0.00");
    expect_result(&p, "design.csv",
                  "design,value,cost,total_cost\n"
                  "a1:1-2,1,5,5\na2:2-3,1,5,5\na3:1-3,1,3,3\na4:2-1,0,0,0\n");
    expect_result(&p, "flows.csv",
                  "block,commodity,arc,from,to,amount,unit_cost\n"
                  "1,k1:1-3,a1:1-2,1,2,3,1\n1,k1:1-3,a2:2-3,2,3,3,1\n"
                  "1,k1:1-3,a3:1-3,1,3,1,4\n1,k2:2-3,a2:2-3,2,3,2,1\n");
    expect_result(&p, "plan.sol",
                  "# Objective value = 25\n"
                  "y:a1:1-2 1\ny:a2:2-3 1\ny:a3:1-3 1\ny:a4:2-1 0\n"
                  "x:a1:1-2:k1:1-3:1 3\nx:a2:2-3:k1:1-3:1 3\nx:a3:1-3:k1:1-3:1 1\n"
                  "x:a2:2-3:k2:2-3:1 2\n");
    json_t *plan = plan_of(&p);
    cr_expect_eq(number_of(plan, "objective"), 25);
    cr_expect_str_eq(json_string_value(json_object_get(plan, "case")), "small");
    cr_expect_str_eq(json_string_value(json_object_get(plan, "case_folder")), p.canad);
    cr_expect(json_is_null(json_object_get(plan, "do_nothing")));
    cr_expect(json_is_null(json_object_get(plan, "scenario")));
    cr_expect_str_eq(
        json_string_value(json_object_get(json_object_get(plan, "benchmark"), "format")), "canad");
    json_decref(plan);
    char *certificate = result(&p, "certificate.json"), *progress = result(&p, "progress.csv");
    cr_expect(strstr(certificate, "\"case\": \"small\""), "%s", certificate);
    cr_expect(strstr(certificate, "\"flow:"), "%s", certificate);
    cr_expect(strstr(progress, "incumbent"));
    free(certificate);
    free(progress);
    end(&p);
}

Test(cli_benchmark, columns_of_the_plan_are_those_of_the_export)
{
    place p = begin();
    char *model = test_path(p.folder, "model.mps");
    expect(WORDS("solve", p.sndlib, "-o", p.out, "--gap", "0"), 0, "The plan costs 44.", NULL);
    expect(WORDS("export", p.sndlib, "-o", model), 0, NULL, NULL);
    char *mps = test_read(model), *plan = result(&p, "plan.sol");
    int columns = 0;
    for (char *line = strchr(plan, '\n') + 1; *line; line = strchr(line, '\n') + 1) {
        char key[256];
        snprintf(key, sizeof key, " %.*s objective ", (int)strcspn(line, " "), line);
        cr_expect(strstr(mps, key), "no column '%s'", key);
        columns++;
    }
    cr_expect_geq(columns, 6);
    free(mps);
    free(plan);
    free(model);
    end(&p);
}

Test(cli_benchmark, location_is_solved)
{
    place p = begin();
    expect(WORDS("solve", p.location, "-o", p.out, "--gap", "0", "--capacity", "8"), 0,
           "The plan costs 86.", NULL);
    json_t *plan = plan_of(&p);
    cr_expect_eq(number_of(json_object_get(plan, "benchmark"), "capacity"), 8);
    json_decref(plan);
    expect(WORDS("solve", p.location, "-o", p.out, "--gap", "0", "--capacity", "9"), 0,
           "The plan costs 75.", NULL);
    end(&p);
}

Test(cli_benchmark, scenarios_are_solved)
{
    place p = begin();
    expect(WORDS("solve", p.scenarios, "--topology", p.canad, "-o", p.out, "--gap", "0",
                 "--decision-gap", "0"),
           0, "The plan costs 19.", "decision gap 0.00");
    json_t *plan = plan_of(&p);
    /* all demand unserved: (6 + 1) / 2 at a penalty of 14.6 */
    cr_expect_float_eq(number_of(plan, "do_nothing"), 3.5 * 14.6, 1e-9);
    cr_expect_str_eq(
        json_string_value(json_object_get(json_object_get(plan, "benchmark"), "topology")),
        p.canad);
    json_decref(plan);
    end(&p);
}

Test(cli_benchmark, sndlib_is_solved_by_both_engines)
{
    place p = begin();
    expect(WORDS("solve", p.sndlib, "-o", p.out, "--modules", "one", "--commodities", "pairs",
                 "--gap", "0", "--engine", "glpk"),
           0, "The plan costs 61.", NULL);
    expect(WORDS("solve", p.sndlib, "-o", p.out, "--modules", "one", "--gap", "1e-6", "--engine",
                 "decomposition"),
           0, "The plan costs 61.", NULL);
    json_t *plan = plan_of(&p);
    const json_t *chosen = json_object_get(plan, "benchmark");
    cr_expect_str_eq(json_string_value(json_object_get(chosen, "modules")), "one");
    cr_expect_str_eq(json_string_value(json_object_get(chosen, "commodities")), "sources");
    cr_expect_eq(number_of(plan, "constant"), 6);
    json_decref(plan);
    end(&p);
}

Test(cli_benchmark, a_demand_that_cannot_be_met_has_no_plan)
{
    place p = begin();
    char *text = small_edit(small_canad, "1  3  4\n", "3  1  4\n");
    test_write(p.canad, text);
    expect(WORDS("solve", p.canad, "-o", p.out), 1, NULL, "no plan exists");
    json_t *plan = plan_of(&p);
    cr_expect_str_eq(json_string_value(json_object_get(plan, "status")), "infeasible");
    json_decref(plan);
    expect_result(&p, "flows.csv", "block,commodity,arc,from,to,amount,unit_cost\n");
    free(text);
    end(&p);
}

Test(cli_benchmark, faults_are_told_and_nothing_is_written)
{
    place p = begin();
    char *text = small_edit(small_canad, "  1  2  1  10", "  1  9  1  -1");
    test_write(p.canad, text);
    expect(WORDS("validate", p.canad), 2,
           "small.dow:3:2: to: '9': it is out of range; give a "
           "number from 1 to 3\n",
           NULL);
    expect(WORDS("validate", p.canad), 2, "2 faults, 0 warnings\n", NULL);
    expect(WORDS("solve", p.canad, "-o", p.out), 2, NULL, "2 faults; nothing was written\n");
    expect(WORDS("export", p.canad, "-o", "x.mps"), 2, NULL, "small.dow:3:4: capacity: '-1'");
    cr_expect_eq(test_count_files(p.out), -1);
    free(text);
    end(&p);
}

Test(cli_benchmark, options_that_make_no_sense_are_refused)
{
    place p = begin();
    expect(WORDS("solve", p.canad, "-o", p.out, "--scenario", "boom", "--set", "a.b.c=1"), 2, NULL,
           "--scenario is for cases that are folders of tables, and this is a file; leave it out");
    expect(WORDS("export", p.canad, "-o", "x.mps", "--set", "a.b.c=1"), 2, NULL,
           "--set is for cases that are folders of tables");
    expect(WORDS("validate", p.canad, "--datapackage"), 2,
           "--datapackage is for cases that are folders of tables", NULL);
    expect(WORDS("validate", p.canad, "--modules", "one"), 2,
           "--modules is for SNDlib networks, which this is not; leave the option out", NULL);
    expect(WORDS("validate", TUTORIAL, "--capacity", "5"), 2,
           "--capacity is for benchmark files, and this case is a folder of tables", NULL);
    expect(WORDS("solve", TUTORIAL, "-o", p.out, "--topology", p.canad), 2, NULL,
           "--topology is for benchmark files, and this case is a folder of tables");
    expect(WORDS("solve", p.scenarios, "-o", p.out), 2, NULL,
           "a scenario file needs the network it is for; give it with --topology FILE.dow");
    expect(WORDS("validate", p.location), 2, "set it with --capacity", NULL);
    cr_expect_eq(test_count_files(p.out), -1);
    end(&p);
}

Test(cli_benchmark, files_without_faults_are_valid)
{
    place p = begin();
    expect(WORDS("validate", p.canad), 0, "0 faults, 0 warnings\n", NULL);
    expect(WORDS("validate", p.location, "--capacity", "8"), 0, "0 faults, 0 warnings\n", NULL);
    expect(WORDS("validate", p.scenarios, "--topology", p.canad), 0, "0 faults, 0 warnings\n",
           NULL);
    expect(WORDS("validate", p.sndlib), 0, "0 faults, 0 warnings\n", NULL);
    end(&p);
}
