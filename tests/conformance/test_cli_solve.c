/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program as a whole, on the tutorial case: what it writes, when it writes nothing, and how it
 * ends. */
#include "support/process.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define TUTORIAL   KV_SOURCE_DIR "/instances/tutorial"

static const char *const tables[] = {
    "investments.csv", "flows.csv",    "fleet.csv", "unserved.csv",
    "sourcing.csv",    "regional.csv", "costs.csv", "emissions.csv",
    "budgets.csv",     "access.csv",   NULL};

static json_t *plan_of(const char *folder)
{
    char *path = test_path(folder, "plan.json");
    json_t *plan = json_load_file(path, 0, NULL);
    free(path);
    return plan;
}

static double number_of(const json_t *plan, const char *name)
{
    const json_t *value = json_object_get(plan, name);
    cr_assert(json_is_number(value), "plan.json: %s is no number", name);
    return json_number_value(value);
}

static int solve(const char *const *words)
{
    test_run run = test_kvarken(words);
    int status = run.exit;
    cr_assert_neq(status, 5, "%s", run.err);
    test_run_clear(&run);
    return status;
}

static void assert_same_tables(const char *a, const char *b)
{
    for (int i = 0; tables[i]; i++) {
        char *path_a = test_path(a, tables[i]), *path_b = test_path(b, tables[i]);
        char *text_a = test_read(path_a), *text_b = test_read(path_b);
        cr_assert(text_a && text_b, "%s is missing", tables[i]);
        cr_assert_str_eq(text_a, text_b, "%s differs", tables[i]);
        free(path_a);
        free(path_b);
        free(text_a);
        free(text_b);
    }
}

Test(cli_solve, tutorial_is_solved_to_the_end)
{
    char *out = test_folder();
    test_run run = test_kvarken(
        WORDS("solve", TUTORIAL, "-o", out, "--gap", "1e-6", "--decision-gap", "1e-4"));
    cr_assert_eq(run.exit, 0, "%d: %s", run.exit, run.err);
    cr_assert(strstr(run.err, "the plan is in"), "%s", run.err);
    cr_assert_gt(strlen(run.out), 100);
    json_t *plan = plan_of(out);
    cr_assert(plan);
    double objective = number_of(plan, "objective"), bound = number_of(plan, "certified_bound");
    cr_assert_leq(bound, objective + 1e-9 * fabs(objective));
    cr_assert_gt(number_of(plan, "do_nothing"), 1.03 * objective);
    cr_assert_leq(number_of(plan, "gap"), 1e-6);
    json_decref(plan);
    test_run_clear(&run);
    test_remove(out);
    free(out);
}

/* The figure that the README quotes is the one that the program finds. */
Test(cli_solve, readme_tells_the_saving)
{
    char *out = test_folder(), quoted[80];
    cr_assert_eq(solve(WORDS("solve", TUTORIAL, "-o", out, "--decision-gap", "0.01")), 0);
    json_t *plan = plan_of(out);
    snprintf(quoted, sizeof quoted, "saves %.0f MEUR", number_of(plan, "saving"));
    char *readme = test_read(KV_SOURCE_DIR "/README.md");
    cr_assert(readme && strstr(readme, quoted), "README.md does not say '%s'", quoted);
    free(readme);
    json_decref(plan);
    test_remove(out);
    free(out);
}

Test(cli_solve, tables_do_not_depend_on_repetition_or_threads)
{
    char *one = test_folder(), *two = test_folder(), *three = test_folder();
    cr_assert_eq(solve(WORDS("solve", TUTORIAL, "-o", one, "--threads", "1")), 0);
    cr_assert_eq(solve(WORDS("solve", TUTORIAL, "-o", two, "--threads", "1")), 0);
    cr_assert_eq(solve(WORDS("solve", TUTORIAL, "-o", three, "--threads=2")), 0);
    assert_same_tables(one, two);
    assert_same_tables(one, three);
    test_remove(one);
    test_remove(two);
    test_remove(three);
    free(one);
    free(two);
    free(three);
}

Test(cli_solve, work_limit_is_repeatable)
{
    char *one = test_folder(), *two = test_folder();
    const char *const first[] = {
        "solve", TUTORIAL,         "-o", one,         "--work", "2000", "--gap",
        "0",     "--decision-gap", "0",  "--threads", "1",      NULL};
    const char *const second[] = {
        "solve", TUTORIAL,         "-o", two,         "--work", "2000", "--gap",
        "0",     "--decision-gap", "0",  "--threads", "2",      NULL};
    int status = solve(first);
    cr_assert(status == 0 || status == 3 || status == 4, "%d", status);
    cr_assert_eq(solve(second), status);
    assert_same_tables(one, two);
    test_remove(one);
    test_remove(two);
    free(one);
    free(two);
}

Test(cli_solve, one_scenario_and_joint_are_told_apart)
{
    char *steady = test_folder(), *joint = test_folder();
    cr_assert_eq(solve(WORDS("solve", TUTORIAL, "-o", steady, "--scenario", "steady")), 0);
    cr_assert_eq(solve(WORDS("solve", TUTORIAL, "-o", joint, "--scenario", "joint")), 0);
    json_t *a = plan_of(steady), *b = plan_of(joint);
    cr_assert(a && b);
    cr_assert_neq(number_of(a, "objective"), number_of(b, "objective"));
    json_decref(a);
    json_decref(b);
    test_remove(steady);
    test_remove(joint);
    free(steady);
    free(joint);
}

Test(cli_solve, unknown_scenario_names_those_there_are)
{
    char *parent = test_folder(), *out = test_path(parent, "out");
    test_run run = test_kvarken(WORDS("solve", TUTORIAL, "-o", out, "--scenario", "bust"));
    cr_assert_eq(run.exit, 2);
    cr_assert(strstr(run.err, "no scenario 'bust'; choose one of joint, steady, boom"), "%s",
              run.err);
    cr_assert_eq(test_count_files(parent), 0);
    test_run_clear(&run);
    test_remove(parent);
    free(parent);
    free(out);
}

Test(cli_solve, set_changes_a_value)
{
    char *plain = test_folder(), *set = test_folder();
    cr_assert_eq(solve(WORDS("solve", TUTORIAL, "-o", plain)), 0);
    cr_assert_eq(
        solve(WORDS("solve", TUTORIAL, "-o", set, "--set", "projects.rail_loop.cost_meur=0.5",
                    "--set", "policies.*.carbon_price_eur_per_t=0")),
        0);
    json_t *a = plan_of(plain), *b = plan_of(set);
    cr_assert(a && b);
    cr_assert_lt(number_of(b, "objective"), number_of(a, "objective"));
    json_decref(a);
    json_decref(b);
    test_remove(plain);
    test_remove(set);
    free(plain);
    free(set);
}

Test(cli_solve, faults_are_listed_and_nothing_is_written)
{
    char *parent = test_folder();
    char *folder = test_path(parent, "case"), *out = test_path(parent, "out");
    test_copy_folder(TUTORIAL, folder);
    char *policies = test_path(folder, "policies.csv"), *rules = test_path(folder, "rules.csv");
    test_write(policies, "from_period,carbon_price_eur_per_t\np1,cheap\np9,120\n");
    test_write(rules, "rule,project,other\nrequires,new_fery,east_berth\n");
    test_run run = test_kvarken(WORDS("solve", folder, "-o", out));
    cr_assert_eq(run.exit, 2);
    cr_assert(strstr(run.err, "policies.csv:2:2: "), "%s", run.err);
    cr_assert(strstr(run.err, "policies.csv:3:1: "), "%s", run.err);
    cr_assert(strstr(run.err, "rules.csv:2:2: "), "%s", run.err);
    cr_assert(strstr(run.err, "new_ferry"), "%s", run.err);
    cr_assert(strstr(run.err, "nothing was written"), "%s", run.err);
    cr_assert_eq(test_count_files(out), -1, "a folder was made");
    test_run_clear(&run);
    run = test_kvarken(WORDS("validate", folder));
    cr_assert_eq(run.exit, 2);
    cr_assert(strstr(run.out, "policies.csv:2:2: "), "%s", run.out);
    cr_assert(strstr(run.out, "3 faults"), "%s", run.out);
    test_run_clear(&run);
    test_remove(parent);
    free(parent);
    free(folder);
    free(out);
    free(policies);
    free(rules);
}

Test(cli_solve, a_case_that_is_not_there_is_a_fault)
{
    test_run run = test_kvarken(WORDS("validate", "/nowhere/at/all"));
    cr_assert_eq(run.exit, 2);
    test_run_clear(&run);
    char *out = test_folder();
    cr_assert_eq(solve(WORDS("solve", "/nowhere/at/all", "-o", out)), 2);
    cr_assert_eq(test_count_files(out), 0);
    test_remove(out);
    free(out);
}

Test(cli_solve, validate_accepts_the_tutorial_without_a_word_of_warning)
{
    test_run run = test_kvarken(WORDS("validate", TUTORIAL));
    cr_assert_eq(run.exit, 0, "%s%s", run.out, run.err);
    cr_assert(strstr(run.out, "0 faults, 0 warnings"), "%s", run.out);
    test_run_clear(&run);
}

Test(cli_solve, infeasible_rules_end_with_status_1)
{
    char *parent = test_folder();
    char *folder = test_path(parent, "case"), *out = test_path(parent, "out");
    test_copy_folder(TUTORIAL, folder);
    char *rules = test_path(folder, "rules.csv"), *budgets = test_path(folder, "budgets.csv");
    test_write(rules, "rule,project,other\nmandatory,new_ferry,\n");
    test_write(budgets, "funder,period,amount_meur\nwestland,p1,1\neastland,p1,1\n");
    test_run run = test_kvarken(WORDS("solve", folder, "-o", out));
    cr_assert_eq(run.exit, 1, "%d %s", run.exit, run.err);
    cr_assert(strstr(run.err, "no plan exists"), "%s", run.err);
    json_t *plan = plan_of(out);
    cr_assert_str_eq(json_string_value(json_object_get(plan, "status")), "infeasible");
    json_decref(plan);
    test_run_clear(&run);
    test_remove(parent);
    free(parent);
    free(folder);
    free(out);
    free(rules);
    free(budgets);
}

/* A plan that is there is whole: plan.json can be read and all tables are there. */
static void assert_whole(const char *folder)
{
    json_t *plan = plan_of(folder);
    cr_assert(plan, "plan.json is not there or not whole");
    cr_assert(json_object_get(plan, "certified_bound"));
    for (int i = 0; tables[i]; i++) {
        char *path = test_path(folder, tables[i]);
        char *text = test_read(path);
        cr_assert(text && *text && text[strlen(text) - 1] == '\n', "%s is cut", tables[i]);
        free(text);
        free(path);
    }
    json_decref(plan);
}

/* An interrupt at any moment leaves a whole plan, or says that there is none. */
Test(cli_solve, interrupt_leaves_a_plan_or_says_that_there_is_none)
{
    for (int i = 0; i < 6; i++) {
        char *out = test_folder();
        test_run run = test_kvarken_signal(
            WORDS("solve", TUTORIAL, "-o", out, "--gap", "0", "--decision-gap", "0"),
            i % 2 ? SIGTERM : SIGINT, 0.002 + 0.1 * i, 0);
        if (run.signal) /* it came before the program was ready for it */
            cr_assert_eq(test_count_files(out), 0, "ended by signal %d", run.signal);
        if (run.exit == 3)
            cr_assert(strstr(run.err, "decision gap"), "%s", run.err);
        if (run.exit == 4)
            cr_assert(strstr(run.err, "before any plan"), "%s", run.err);
        if (run.exit == 0 || run.exit == 3)
            assert_whole(out);
        else
            cr_assert(run.exit == 4 || run.signal != 0, "exit status %d: %s", run.exit, run.err);
        test_run_clear(&run);
        test_remove(out);
        free(out);
    }
}

/* Files that were there when the program was killed are whole. */
Test(cli_solve, killed_runs_leave_no_half_written_file)
{
    for (int i = 0; i < 8; i++) {
        char *out = test_folder();
        test_run run =
            test_kvarken_signal(WORDS("solve", TUTORIAL, "-o", out), SIGKILL, 0.05 + 0.04 * i, 0);
        for (int t = 0; tables[t]; t++) {
            char *path = test_path(out, tables[t]);
            char *text = test_read(path);
            cr_assert(!text || (*text && text[strlen(text) - 1] == '\n'), "%s is cut", tables[t]);
            free(text);
            free(path);
        }
        test_run_clear(&run);
        test_remove(out);
        free(out);
    }
}

Test(cli_solve, folder_that_cannot_be_made_is_told_before_the_work)
{
    test_run run = test_kvarken(WORDS("solve", TUTORIAL, "-o", "/proc/kvarken/out"));
    cr_assert_eq(run.exit, 2, "%d", run.exit);
    cr_assert(strstr(run.err, "/proc/kvarken"), "%s", run.err);
    test_run_clear(&run);
}

/* Needs the right to mount; elsewhere it is skipped. */
Test(cli_solve, full_disk_is_told)
{
    char *out = test_folder();
    if (geteuid() != 0 || mount("none", out, "tmpfs", 0, "size=8k") != 0) {
        test_remove(out);
        free(out);
        cr_skip_test("a small file system cannot be mounted");
    }
    test_run run = test_kvarken(WORDS("solve", TUTORIAL, "-o", out));
    umount(out);
    cr_assert_eq(run.exit, 2, "%d: %s", run.exit, run.err);
    cr_assert(strstr(run.err, "the disk is full"), "%s", run.err);
    test_run_clear(&run);
    test_remove(out);
    free(out);
}

Test(cli_solve, quiet_says_nothing)
{
    char *out = test_folder();
    test_run run = test_kvarken(WORDS("solve", TUTORIAL, "-o", out, "--quiet"));
    cr_assert_eq(run.exit, 0);
    cr_assert_str_eq(run.out, "");
    cr_assert_str_eq(run.err, "");
    test_run_clear(&run);
    test_remove(out);
    free(out);
}

Test(cli_solve, export_writes_both_formats)
{
    char *out = test_folder(), *mps = test_path(out, "m.mps"), *lp = test_path(out, "m.lp");
    cr_assert_eq(solve(WORDS("export", TUTORIAL, "-o", mps, "--formulation", "weak")), 0);
    cr_assert_eq(solve(WORDS("export", TUTORIAL, "-o", lp)), 0);
    char *text = test_read(mps);
    cr_assert(text && strstr(text, "ENDATA"));
    free(text);
    text = test_read(lp);
    cr_assert(text && strstr(text, "\nend"));
    free(text);
    cr_assert_eq(solve(WORDS("export", TUTORIAL, "-o", out)), 2);
    test_remove(out);
    free(out);
    free(mps);
    free(lp);
}

/* Regret is counted from each scenario's own plan, which solve finds first. */
Test(cli_solve, regret_solves_each_scenario_first)
{
    char *out = test_folder(), *lp = test_path(out, "m.lp");
    const char *const regret[] = {"--set", "case.tutorial.risk=regret", "--set",
                                  "case.tutorial.risk_weight=0.5"};
    test_run run = test_kvarken(
        WORDS("solve", TUTORIAL, "-o", out, regret[0], regret[1], regret[2], regret[3]));
    cr_assert_eq(run.exit, 0, "%s", run.err);
    cr_assert(strstr(run.err, "each scenario, "), "%s", run.err);
    assert_whole(out);
    test_run_clear(&run);
    run = test_kvarken(
        WORDS("export", TUTORIAL, "-o", lp, regret[0], regret[1], regret[2], regret[3]));
    cr_assert_eq(run.exit, 2);
    cr_assert(strstr(run.err, "regret needs each scenario's own plan"), "%s", run.err);
    test_run_clear(&run);
    test_remove(out);
    free(out);
    free(lp);
}

Test(cli_solve, second_interrupt_ends_at_once)
{
    char *out = test_folder();
    test_run run = test_kvarken_signal(WORDS("sweep", TUTORIAL, "-o", out, "--budget", "0:90:0.1",
                                             "--gap", "0", "--decision-gap", "0"),
                                       SIGINT, 0.5, 1);
    cr_assert_eq(run.signal, 0);
    cr_assert(run.exit == 3 || run.exit == 4, "%d: %s", run.exit, run.err);
    cr_assert(strstr(run.err, "stopping; once more ends at once"), "%s", run.err);
    test_run_clear(&run);
    test_remove(out);
    free(out);
}

Test(cli_solve, output_that_cannot_be_written_is_told)
{
    char command[1000];
    if (access("/dev/full", W_OK) != 0)
        cr_skip_test("there is no /dev/full");
    snprintf(command, sizeof command, "'%s' help --manual >/dev/full 2>/dev/null", test_program());
    int status = system(command);
    cr_assert(WIFEXITED(status));
    cr_assert_eq(WEXITSTATUS(status), 2);
}

Test(cli_solve, work_limit_ends_with_status_3_or_4)
{
    char *out = test_folder();
    test_run run = test_kvarken(
        WORDS("solve", TUTORIAL, "-o", out, "--work", "1", "--gap", "0", "--decision-gap", "0"));
    cr_assert(run.exit == 3 || run.exit == 4, "%d: %s", run.exit, run.err);
    if (run.exit == 3)
        cr_assert(strstr(run.err, "stopped by the work limit"), "%s", run.err);
    test_run_clear(&run);
    test_remove(out);
    free(out);
}
