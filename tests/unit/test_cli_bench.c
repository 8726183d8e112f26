/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kvarken bench as a whole: runs of ours and of other solvers, a folder that is gone on with, peers
 * that overrun or are missing, and faults. No time is judged. */
#include "base/process.h"
#include "reports/bench/runs.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* A folder with two tiny networks, a list of them, and a place for results and for programs. */
typedef struct scene {
    char *dir, *list, *out, *programs;
} scene;

/*
 * Node 2 sends 3 to node 1 and has one way: 2-3 and 3-1, flow 6, opened for 5 and 9. Node 1 sends 4
 * to node 3: past node 2 for 8 and what 1-2 costs, or straight for 16 and 3. So all costs 28 and that
 * of 1-2, or 39; the LP relaxation has the same value.
 */
static void write_network(const scene *s, const char *name, const char *cost)
{
    char *path = test_path(s->dir, name), text[200];
    snprintf(text, sizeof text,
             "MULTIGEN.DAT:\n3 4 2\n1 2 1 10 %s 0 0\n2 3 1 10 5 0 0\n1 3 4 10 3 0 0\n"
             "3 1 1 10 9 0 0\n1 3 4\n2 1 3\n",
             cost);
    test_write(path, text);
    free(path);
}

static scene make_scene(const char *list)
{
    scene s = {.dir = test_folder()};
    s.list = test_path(s.dir, "list.csv");
    s.out = test_path(s.dir, "out");
    s.programs = test_path(s.dir, "programs");
    cr_assert_eq(mkdir(s.programs, 0777), 0);
    write_network(&s, "one.dow", "5");
    write_network(&s, "two.dow", "50");
    test_write(s.list, list);
    return s;
}

static void clear_scene(scene *s)
{
    test_remove(s->dir);
    free(s->dir);
    free(s->list);
    free(s->out);
    free(s->programs);
}

/* A shell script among the programs, and nothing else on the PATH. */
static void fake(const scene *s, const char *name, const char *script)
{
    char *path = test_path(s->programs, name);
    test_write(path, script);
    cr_assert_eq(chmod(path, 0755), 0);
    cr_assert_eq(setenv("PATH", s->programs, 1), 0);
    free(path);
}

/* What CBC would print of a plan of that cost. */
#define FAKE_CBC(cost)                                                                             \
    "#!/bin/sh\necho 'Version: 9.9 '\necho 'Result - Optimal solution found'\n"                    \
    "echo 'Objective value:  " cost "'\n"

static void expect_in(const char *text, const char *part)
{
    cr_assert(text && strstr(text, part), "'%s' is missing in:\n%s", part, text ? text : "nothing");
}

static kv_bench_runs read_runs(const scene *s, size_t count)
{
    kv_bench_runs runs;
    cr_assert_eq(kv_bench_runs_read(s->out, &runs, NULL), KV_OK);
    cr_assert_eq(runs.count, count, "%zu runs", runs.count);
    return runs;
}

static int is_on_path(const char *name)
{
    char path[4096];
    return kv_process_find(name, path, sizeof path) == 0;
}

static void expect_optimum(const kv_bench_runs *runs, const char *instance, double optimum)
{
    const kv_bench_run *ours = kv_bench_runs_find(runs, instance, "kvarken-glpk", "");
    cr_assert_not_null(ours);
    cr_assert_str_eq(ours->checked, "confirmed");
    cr_assert_leq(ours->certified_gap, 0.0001);
    for (size_t i = 0; i < runs->count; i++) {
        const kv_bench_run *run = &runs->run[i];
        if (strcmp(run->instance, instance) != 0)
            continue;
        cr_assert_float_eq(run->primal, optimum, 1e-6, "%s %s: %g", run->solver, run->formulation,
                           run->primal);
        cr_assert_eq(run->status, KV_BENCH_SOLVED);
        cr_assert_leq(run->gap, 0.0001 + 1e-9);
        cr_assert_gt(run->peak_mb, 0.1);
        cr_assert_leq(run->primal_integral, 60);
        cr_assert_gt(strlen(run->version), 0);
    }
}

Test(cli_bench, runs_ours_and_the_others)
{
    if (!is_on_path("cbc") || !is_on_path("glpsol"))
        cr_skip_test("cbc or glpsol is not on the PATH");
    scene s = make_scene("# two of them\ninstance,best_known\none.dow,\ntwo.dow,\n");
    test_run run = test_kvarken(WORDS("bench", s.list, "-o", s.out, "--peers", "cbc,glpsol",
                                      "--engines", "glpk", "--threads", "1"));
    cr_assert_eq(run.exit, 0, "%s", run.err);
    expect_in(run.out, "kvarken-glpk");
    expect_in(run.out, "Over 2 instances");
    kv_bench_runs runs = read_runs(&s, 10);
    expect_optimum(&runs, "one", 33);
    expect_optimum(&runs, "two", 39);
    char *drawing = test_path(s.out, "profile.svg"), *summary = test_path(s.out, "summary.csv");
    char *svg = test_read(drawing), *table = test_read(summary);
    expect_in(svg, "glpsol");
    expect_in(table, "\ncbc,best,2,2,");
    free(svg);
    free(table);
    free(drawing);
    free(summary);
    kv_bench_runs_clear(&runs);
    test_run_clear(&run);
    clear_scene(&s);
}

/* The second command makes what the first could not, and nothing again: the fake peer counts how
 * often it was called. */
Test(cli_bench, goes_on_where_it_was)
{
    scene s = make_scene("one.dow\n");
    fake(&s, "cbc", FAKE_CBC("1000") "echo x >>\"${0}.calls\"\n");
    char *counted = test_path(s.programs, "cbc.calls");
    const char *const words[] = {"bench",   s.list, "-o",     s.out, "--engines", "glpk",
                                 "--peers", "cbc",  "--time", "5",   NULL};
    test_run run = test_kvarken(words);
    cr_assert_eq(run.exit, 0, "%s", run.err);
    kv_bench_runs first = read_runs(&s, 3);
    test_run_clear(&run);
    test_write(s.list, "one.dow\ntwo.dow\n");
    run = test_kvarken(words);
    cr_assert_eq(run.exit, 0, "%s", run.err);
    expect_in(run.err, "3 of 6 runs are in ");
    kv_bench_runs second = read_runs(&s, 6);
    for (size_t i = 0; i < first.count; i++)
        cr_assert_eq(first.run[i].seconds, second.run[i].seconds, "it was made again");
    char *calls = test_read(counted);
    cr_assert_str_eq(calls, "x\nx\nx\nx\n");
    cr_assert_str_eq(second.run[1].version, "9.9");
    cr_assert_eq(second.run[1].primal, 1000);
    free(calls);
    free(counted);
    kv_bench_runs_clear(&first);
    kv_bench_runs_clear(&second);
    test_run_clear(&run);
    run = test_kvarken(WORDS("bench", s.list, "-o", s.out, "--peers", "cbc", "--time", "6"));
    cr_assert_eq(run.exit, 2);
    expect_in(run.err, "its runs were made with --threads");
    test_run_clear(&run);
    clear_scene(&s);
}

Test(cli_bench, ends_what_overruns_and_tells_what_fails)
{
    scene s = make_scene("one.dow\n");
    fake(&s, "cbc",
         "#!/bin/sh\necho 'Continuous objective value is 5 - 0.01 seconds'\n"
         "/bin/sleep 60\n");
    fake(&s, "glpsol", "#!/bin/sh\necho broken\nexit 7\n");
    test_run run = test_kvarken(WORDS("bench", s.list, "-o", s.out, "--engines", "none",
                                      "--formulations", "weak", "--time", "0.1"));
    cr_assert_eq(run.exit, 0, "%s", run.err);
    expect_in(run.err, "overran");
    kv_bench_runs runs = read_runs(&s, 2);
    cr_assert_eq(runs.run[0].status, KV_BENCH_OVERRAN);
    cr_assert_eq(runs.run[0].bound, 5);
    cr_assert_eq(runs.run[1].status, KV_BENCH_FAILED);
    cr_assert_str_eq(runs.run[1].note, "exit status 7");
    char *path = test_path(s.out, "logs/one.glpsol.weak.log"), *log = test_read(path);
    expect_in(log, "] broken\n");
    free(log);
    free(path);
    kv_bench_runs_clear(&runs);
    test_run_clear(&run);
    clear_scene(&s);
}

/* Scripts that say what they were given, in the words of their logs. */
Test(cli_bench, tells_each_solver_the_same_limits)
{
    static const char *const told[][2] = {
        {"cbc", "/model.mps -threads 2 -timeMode elapsed -seconds 7.5 -ratioGap 0.002 -solve\n"},
        {"glpsol", "/model.mps --cuts --tmlim 8 --mipgap 0.002\n"},
        {"highs", "] time_limit = 7.5\n"},
        {"highs", "] mip_rel_gap = 0.002\n"},
        {"highs", "] threads = 2\n"},
        {"scip", "-c set limits time 7.5 -c set limits gap 0.002 -c read /"},
        {"scip", "/model.mps -c optimize -c quit\n"},
    };
    scene s = make_scene("one.dow\n");
    fake(&s, "cbc", "#!/bin/sh\necho $*\n");
    fake(&s, "glpsol", "#!/bin/sh\necho $*\n");
    fake(&s, "highs",
         "#!/bin/sh\nwhile read line; do echo \"$line\"; done <$2\n"
         "echo '  Status            Optimal'\necho '  Primal bound      33'\n"
         "echo '  Dual bound        32.99'\necho '  Nodes             3'\n");
    fake(&s, "scip",
         "#!/bin/sh\necho $*\necho 'SCIP Status        : problem is solved [infeasible]'\n");
    test_run run =
        test_kvarken(WORDS("bench", s.list, "-o", s.out, "--engines", "none", "--formulations",
                           "weak", "--time", "7.5", "--gap", "0.002", "--threads", "2"));
    cr_assert_eq(run.exit, 0, "%s", run.err);
    kv_bench_runs runs = read_runs(&s, 4);
    cr_assert_eq(runs.run[0].status, KV_BENCH_FAILED);
    cr_assert_eq(runs.run[2].status, KV_BENCH_SOLVED);
    cr_assert_eq(runs.run[2].nodes, 3);
    cr_assert_eq(runs.run[3].status, KV_BENCH_INFEASIBLE);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        char name[64];
        snprintf(name, sizeof name, "logs/one.%s.weak.log", told[i][0]);
        char *path = test_path(s.out, name), *log = test_read(path);
        expect_in(log, told[i][1]);
        free(log);
        free(path);
    }
    kv_bench_runs_clear(&runs);
    test_run_clear(&run);
    clear_scene(&s);
}

Test(cli_bench, a_missing_solver_is_told)
{
    scene s = make_scene("one.dow\n");
    fake(&s, "cbc", FAKE_CBC("1000"));
    test_run run = test_kvarken(
        WORDS("bench", s.list, "-o", s.out, "--engines", "none", "--formulations", "weak"));
    cr_assert_eq(run.exit, 0, "%s", run.err);
    expect_in(run.err, "glpsol is not on the PATH; the comparison goes on without it; install it");
    cr_assert_null(strstr(run.err, "scip"), "%s", run.err);
    test_run_clear(&run);
    run = test_kvarken(WORDS("bench", s.list, "-o", s.out, "--peers", "cbc,scip,glpsol"));
    cr_assert_eq(run.exit, 2);
    expect_in(run.err, "scip is not on the PATH; install it");
    expect_in(run.err, "glpsol is not on the PATH; install it");
    test_run_clear(&run);
    clear_scene(&s);
}

/* The other solver sends the signal itself, at its second run. It is ended with us; what was done
 * before stays, and its run is not recorded. */
Test(cli_bench, a_signal_leaves_the_folder_as_it_was)
{
    scene s = make_scene("one.dow\ntwo.dow\n");
    fake(&s, "cbc",
         FAKE_CBC("33") "if [ -e \"${0}.once\" ]; then\n  echo $$ >\"${0}.process\"\n"
                        "  kill -TERM $PPID\n  exec /bin/sleep 60\nfi\n: >\"${0}.once\"\n");
    test_run run = test_kvarken(WORDS("bench", s.list, "-o", s.out, "--engines", "none",
                                      "--formulations", "weak", "--peers", "cbc"));
    cr_assert_eq(run.exit, 3, "%d: %s", run.exit, run.err);
    expect_in(run.err, "stopped; the same command goes on from here");
    kv_bench_runs runs = read_runs(&s, 1);
    cr_assert_str_eq(runs.run[0].instance, "one");
    char *path = test_path(s.programs, "cbc.process"), *process = test_read(path);
    cr_assert_not_null(process);
    cr_assert_neq(kill((pid_t)atol(process), 0), 0, "the other solver still runs");
    free(path);
    free(process);
    kv_bench_runs_clear(&runs);
    test_run_clear(&run);
    clear_scene(&s);
}

Test(cli_bench, all_faults_of_a_command_at_once)
{
    scene s = make_scene("one.dow\nthree.dow\n");
    test_run run = test_kvarken(WORDS("bench", s.list, "--engines", "auto,abacus,auto", "--peers",
                                      "gurobi", "--formulations", "strong,odd"));
    cr_assert_eq(run.exit, 2);
    expect_in(run.err, "-o is missing");
    expect_in(run.err, "--engines: 'abacus' is none of its names; choose of auto, glpk");
    expect_in(run.err, "--engines: 'auto' is there twice");
    expect_in(run.err,
              "--peers: 'gurobi' is none of its names; choose of cbc, glpsol, highs, scip");
    expect_in(run.err, "--formulations: 'odd' is none of its names");
    expect_in(run.err, "list.csv:2:1: ");
    expect_in(run.err, "there is no such file or folder");
    test_run_clear(&run);
    run = test_kvarken(WORDS("bench", s.list, "-o", s.out, "--engines", "none", "--peers", "none"));
    cr_assert_eq(run.exit, 2);
    expect_in(run.err, "there is no solver to run");
    test_run_clear(&run);
    clear_scene(&s);
}

/* Instances are read before the first run. */
Test(cli_bench, faults_of_instances_come_first)
{
    scene s =
        make_scene("instance,capacity,scenario\none.dow,,\nbad.dow,,\ntwo.dow,5,\n" KV_SOURCE_DIR
                   "/instances/tutorial,,nowhere\n");
    char *bad = test_path(s.dir, "bad.dow");
    test_write(bad, "MULTIGEN.DAT:\n2 1 1\n1 2 1 -5 3 0 0\n1 2 4\n");
    test_run run = test_kvarken(WORDS("bench", s.list, "-o", s.out, "--peers", "none"));
    cr_assert_eq(run.exit, 2);
    expect_in(run.err, "list.csv:3: bad: ");
    expect_in(run.err, "bad.dow:3:4: capacity: '-5'");
    expect_in(run.err, "list.csv:4: two@5: ");
    expect_in(run.err, "list.csv:5: tutorial@nowhere: the case has no scenario 'nowhere'");
    cr_assert_eq(test_count_files(s.out), -1, "nothing was begun");
    free(bad);
    test_run_clear(&run);
    clear_scene(&s);
}

/* The model of a case with regret can't be exported; the other instance is done all the same. */
Test(cli_bench, an_instance_without_a_model_holds_up_no_other)
{
    scene s = make_scene("tables\none.dow\n");
    fake(&s, "cbc", FAKE_CBC("33"));
    char *tables = test_path(s.dir, "tables"), *path = test_path(tables, "case.csv");
    test_copy_folder(KV_SOURCE_DIR "/instances/tutorial", tables);
    char *text = test_read(path), *end = strchr(text, '\n'), *changed;
    size_t size = strlen(text) + 100;
    changed = malloc(size);
    snprintf(changed, size, "%.*s,risk,risk_weight\n%.*s,regret,0.5\n", (int)(end - text), text,
             (int)strcspn(end + 1, "\n"), end + 1);
    test_write(path, changed);
    test_run run = test_kvarken(WORDS("bench", s.list, "-o", s.out, "--engines", "none", "--peers",
                                      "cbc", "--formulations", "weak"));
    cr_assert_eq(run.exit, 2, "%s", run.err);
    expect_in(run.err, "tables: no weak model of it: a model with regret needs");
    expect_in(run.out, "cbc");
    kv_bench_runs runs = read_runs(&s, 1);
    cr_assert_str_eq(runs.run[0].instance, "one");
    free(text);
    free(changed);
    free(path);
    free(tables);
    kv_bench_runs_clear(&runs);
    test_run_clear(&run);
    clear_scene(&s);
}

/* |33 - 22|/33 over the whole limit but what the run took. */
Test(cli_bench, a_better_plan_in_the_list_counts_for_runs_made_before)
{
    scene s = make_scene("instance,best_known\none.dow,\n");
    fake(&s, "cbc", FAKE_CBC("33"));
    const char *const words[] = {"bench",          s.list, "-o",      s.out,
                                 "--engines",      "none", "--peers", "cbc",
                                 "--formulations", "weak", NULL};
    test_run run = test_kvarken(words);
    cr_assert_eq(run.exit, 0, "%s", run.err);
    kv_bench_runs runs = read_runs(&s, 1);
    double before = runs.run[0].primal_integral;
    cr_assert_lt(before, 1);
    kv_bench_runs_clear(&runs);
    test_run_clear(&run);
    test_write(s.list, "instance,best_known\none.dow,22\n");
    run = test_kvarken(words);
    cr_assert_eq(run.exit, 0, "%s", run.err);
    runs = read_runs(&s, 1);
    cr_assert_float_eq(runs.run[0].primal_integral, before + (60 - before) / 3, 0.01);
    kv_bench_runs_clear(&runs);
    test_run_clear(&run);
    clear_scene(&s);
}

Test(cli_bench, refuses_a_folder_with_other_runs)
{
    scene s = make_scene("one.dow\n");
    char *path = test_path(s.out, "runs.csv");
    cr_assert_eq(mkdir(s.out, 0777), 0);
    test_write(path, "instance,solver,status\none,cbc,sometimes\n");
    test_run run = test_kvarken(WORDS("bench", s.list, "-o", s.out, "--peers", "none"));
    cr_assert_eq(run.exit, 2);
    expect_in(run.err, "runs.csv:2: status: 'sometimes' is no value of this column");
    free(path);
    test_run_clear(&run);
    clear_scene(&s);
}
