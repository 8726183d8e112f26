/* SPDX-License-Identifier: GPL-3.0-or-later */
/* runs.csv, what follows from it, and the performance profile: figures worked out by hand. */
#include "base/memory.h"
#include "reports/bench/profile.h"
#include "reports/bench/summary.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double none = NAN;

/* Adds a run of 60 s with a plan and bound found at `seconds`. */
static kv_bench_run *add(kv_bench_runs *runs, const char *dir, const char *instance,
                         const char *solver, const char *formulation, double seconds, double primal,
                         double bound)
{
    kv_bench_run run;
    kv_trace trace = {0};
    cr_assert_eq(kv_bench_run_begin(instance, solver, formulation, &run), KV_OK);
    run.threads = 2;
    run.limit = 60;
    run.asked = 0.0001;
    kv_trace_add(&trace, seconds, primal, bound);
    kv_trace_settle(&trace, none);
    kv_bench_run_measure(&run, &trace);
    run.status = isnan(run.to_asked) ? KV_BENCH_LIMIT : KV_BENCH_SOLVED;
    run.seconds = isnan(run.to_asked) ? 60 : seconds;
    run.cpu = 2 * run.seconds;
    run.peak_mb = 10 * seconds;
    if (strncmp(solver, "kvarken-", 8) == 0) {
        run.certified_gap = run.gap;
        cr_assert_eq(kv_bench_run_text(&run.checked, "confirmed"), KV_OK);
        run.check_seconds = 0.25;
    }
    if (dir)
        cr_assert_eq(kv_bench_trace_write(&run, &trace, dir, NULL), KV_OK);
    cr_assert_eq(kv_bench_runs_add(runs, &run), KV_OK);
    kv_trace_clear(&trace);
    return &runs->run[runs->count - 1];
}

/* On `a`: ours 3 s to 0.5 %; cbc strong 7 s to 2 % and weak 15 s to 0. On `b`: ours 1 s to 0; cbc
 * strong nothing and weak 31 s to 1 %. `c` is ours alone. */
static kv_bench_runs example(const char *dir)
{
    kv_bench_runs runs = {0};
    add(&runs, dir, "a", "kvarken-auto", "", 3, 200, 199);
    add(&runs, dir, "a", "cbc", "strong", 7, 200, 196);
    add(&runs, dir, "a", "cbc", "weak", 15, 200, 200);
    add(&runs, dir, "b", "kvarken-auto", "", 1, 100, 100);
    add(&runs, dir, "b", "cbc", "strong", 30, none, none);
    add(&runs, dir, "b", "cbc", "weak", 31, 100, 99);
    add(&runs, dir, "c", "kvarken-auto", "", 1, 100, 100);
    return runs;
}

Test(bench_runs, measures_a_run)
{
    kv_bench_runs runs = {0};
    kv_bench_run *run = add(&runs, NULL, "a", "cbc", "strong", 7, 200, 197);
    cr_assert_eq(run->to[0], 7);
    cr_assert_eq(run->to[1], 7);
    cr_assert(isnan(run->to[2]) && isnan(run->to[3]) && isnan(run->to_asked));
    cr_assert_eq(run->gap, 0.015);
    cr_assert_eq(add(&runs, NULL, "b", "cbc", "strong", 7, 200, 200.0001)->gap, 0, "rounding");
    cr_assert_lt(add(&runs, NULL, "c", "cbc", "strong", 7, 200, 201)->gap, 0, "no rounding");
    kv_bench_runs_clear(&runs);
}

Test(bench_runs, are_read_as_they_were_written)
{
    char *dir = test_folder(), *path = test_path(dir, "runs.csv");
    kv_bench_runs runs = example(dir), read;
    cr_assert_eq(kv_bench_run_text(&runs.run[0].note, "a, \"b\""), KV_OK);
    runs.run[0].nodes = 12;
    runs.run[0].best_known = 199.5;
    cr_assert_eq(kv_bench_refresh(&runs, dir, "a", NULL), KV_OK);
    cr_assert_eq(kv_bench_runs_write(&runs, dir, NULL), KV_OK);
    char *first = test_read(path);
    cr_assert_eq(kv_bench_runs_read(dir, &read, NULL), KV_OK);
    cr_assert_eq(read.count, 7);
    cr_assert_str_eq(read.run[0].note, "a, \"b\"");
    cr_assert_eq(read.run[0].nodes, 12);
    cr_assert_eq(read.run[1].nodes, -1);
    cr_assert_eq(read.run[0].limit, 60);
    cr_assert(isnan(read.run[4].primal));
    cr_assert_eq(read.run[0].status, KV_BENCH_LIMIT);
    cr_assert_eq(read.run[3].status, KV_BENCH_SOLVED);
    cr_assert_not_null(kv_bench_runs_find(&read, "b", "cbc", "weak"));
    cr_assert_null(kv_bench_runs_find(&read, "c", "cbc", "weak"));
    cr_assert_eq(kv_bench_runs_write(&read, dir, NULL), KV_OK);
    char *second = test_read(path);
    cr_assert_str_eq(first, second);
    free(first);
    free(second);
    kv_bench_runs_clear(&read);
    kv_bench_runs_clear(&runs);
    test_remove(dir);
    free(path);
    free(dir);
}

/* Best plan 199.5: ours has 1 for 3 s and then 0.5/200. */
Test(bench_runs, primal_integrals_are_against_the_best_plan_known)
{
    char *dir = test_folder();
    kv_bench_runs runs = example(dir);
    cr_assert_eq(kv_bench_best(&runs, "a"), 200);
    runs.run[2].best_known = 199.5;
    cr_assert_eq(kv_bench_best(&runs, "a"), 199.5);
    cr_assert(isnan(kv_bench_best(&runs, "d")));
    cr_assert_eq(kv_bench_refresh(&runs, dir, "a", NULL), KV_OK);
    cr_assert_float_eq(runs.run[0].primal_integral, 3 + 57 * 0.0025, 1e-12);
    cr_assert_eq(kv_bench_refresh(&runs, dir, "b", NULL), KV_OK);
    cr_assert_float_eq(runs.run[3].primal_integral, 1, 1e-12);
    cr_assert_float_eq(runs.run[4].primal_integral, 60, 1e-12, "no plan");
    kv_bench_runs_clear(&runs);
    test_remove(dir);
    free(dir);
}

/* Doing nothing costs 299 on `a`: ours misses 1 of 100, and cbc strong 4 of 103 = 3.9 %. */
Test(bench_runs, decision_gaps_are_against_doing_nothing)
{
    char *dir = test_folder();
    kv_bench_runs runs = example(dir);
    runs.run[0].do_nothing = 299;
    runs.run[0].certified_gap = 0.0095; /* 1.9 of 100.9 */
    cr_assert_eq(kv_bench_refresh(&runs, dir, "a", NULL), KV_OK);
    cr_assert_float_eq(runs.run[0].decision_gap, 1.9 / 100.9, 1e-12);
    cr_assert_eq(runs.run[0].to_decision[0], 3);
    cr_assert_eq(runs.run[0].to_decision[1], 3);
    cr_assert_float_eq(runs.run[1].decision_gap, 4 / 103.0, 1e-12);
    cr_assert_eq(runs.run[1].to_decision[0], 7);
    cr_assert(isnan(runs.run[1].to_decision[1]));
    cr_assert_eq(runs.run[2].decision_gap, 0);
    cr_assert_eq(kv_bench_refresh(&runs, dir, "b", NULL), KV_OK);
    cr_assert(isnan(runs.run[3].decision_gap), "nobody knows what doing nothing costs");
    cr_assert(isnan(runs.run[3].to_decision[0]));
    kv_bench_runs_clear(&runs);
    test_remove(dir);
    free(dir);
}

Test(bench_runs, names_what_is_wrong_in_a_row)
{
    char *dir = test_folder(), *path = test_path(dir, "runs.csv");
    kv_messages *messages = kv_messages_create();
    kv_bench_runs read;
    cr_assert_eq(kv_bench_runs_read(dir, &read, messages), KV_OK);
    cr_assert_eq(read.count, 0, "no file, no runs");
    test_write(path, "instance,solver,status,primal\na,cbc,solved,1\nb,cbc,perhaps,x\n");
    cr_assert_eq(kv_bench_runs_read(dir, &read, messages), KV_ERR_INPUT);
    cr_assert_eq(kv_messages_count(messages), 2);
    char *text = kv_message_text(kv_messages_get(messages, 0));
    cr_assert(strstr(text, "runs.csv:3: status: 'perhaps' is no value of this column"), "%s", text);
    kv_free(text);
    kv_bench_runs_clear(&read);
    kv_messages_free(messages);
    test_remove(dir);
    free(path);
    free(dir);
}

Test(bench_runs, file_names_are_plain)
{
    kv_bench_runs runs = {0};
    kv_text name = {0};
    kv_bench_file_name(add(&runs, NULL, "a b/c@x", "cbc", "weak", 1, 1, 1), ".csv", &name);
    cr_assert_str_eq(name.data, "a_b_c@x.cbc.weak.csv");
    kv_text_clear(&name);
    kv_bench_file_name(add(&runs, NULL, "a", "kvarken-auto", "", 1, 1, 1), "", &name);
    cr_assert_str_eq(name.data, "a.kvarken-auto");
    kv_text_clear(&name);
    kv_bench_runs_clear(&runs);
}

Test(bench_runs, every_lost_allocation_is_told)
{
    char *dir = test_folder();
    kv_bench_runs runs = example(dir);
    cr_assert_eq(kv_bench_runs_write(&runs, dir, NULL), KV_OK);
    int failed = 1;
    for (long n = 1; failed; n++) {
        kv_bench_runs read;
        kv_bench_summary summary;
        kv_profile profile = {0};
        kv_text drawing = {0};
        kv_memory_fail_at(n, 1);
        kv_status status = kv_bench_runs_read(dir, &read, NULL);
        kv_status summed = kv_bench_summarise(&read, &summary);
        status = status == KV_OK ? summed : status;
        if (status == KV_OK)
            status = kv_profile_create(&read, &summary, dir, 0.01, &profile, NULL);
        if (status == KV_OK)
            status = kv_profile_draw(&profile, 0.01, "note", &drawing);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY, "%d at %ld", status, n);
        failed = status != KV_OK;
        cr_assert(failed || n > 40);
        kv_text_clear(&drawing);
        kv_profile_clear(&profile);
        kv_bench_summary_clear(&summary);
        kv_bench_runs_clear(&read);
    }
    kv_bench_runs_clear(&runs);
    test_remove(dir);
    free(dir);
}

/* ---- summary ---- */

/* (1 + 1)(1 + 3) = 8 = 2.828...^2; (0 + 1)(3 + 1)(15 + 1) = 64 = 4^3. */
Test(bench_runs, shifted_geometric_mean)
{
    const double two[] = {1, 3}, three[] = {0, 3, 15};
    cr_assert_float_eq(kv_shifted_geometric_mean(2, two, 1), sqrt(8) - 1, 1e-12);
    cr_assert_float_eq(kv_shifted_geometric_mean(3, three, 1), 3, 1e-12);
    cr_assert_float_eq(kv_shifted_geometric_mean(2, two, 0), sqrt(3), 1e-12);
    cr_assert(isnan(kv_shifted_geometric_mean(0, two, 1)));
}

static void expect_line(const kv_bench_line *line, const char *solver, const char *formulation,
                        int solved, double to_1, double to_asked, double mean_gap, double max_gap)
{
    cr_assert_str_eq(line->solver, solver);
    cr_assert_str_eq(line->formulation, formulation);
    cr_assert_eq(line->instances, 2);
    cr_assert_eq(line->solved, solved, "%s %s: %d solved", solver, formulation, line->solved);
    cr_assert_float_eq(line->to_1, to_1, 1e-9, "%s %s: %g s to 1 %%", solver, formulation,
                       line->to_1);
    cr_assert_float_eq(line->to_asked, to_asked, 1e-9, "%s %s: %g s", solver, formulation,
                       line->to_asked);
    cr_assert_float_eq(line->mean_gap, mean_gap, 1e-12);
    cr_assert_float_eq(line->max_gap, max_gap, 1e-12);
}

Test(bench_runs, summary_of_solvers_and_formulations)
{
    kv_bench_runs runs = example(NULL);
    kv_bench_summary summary;
    cr_assert_eq(kv_bench_summarise(&runs, &summary), KV_OK);
    cr_assert_eq(summary.n_lines, 4);
    cr_assert_eq(summary.n_instances, 2);
    cr_assert_eq(summary.n_partial, 1, "c has no run of cbc");
    /* times to 1 %: 3 and 1; to 0.01 %: 60 (the limit) and 1 */
    expect_line(&summary.line[0], "kvarken-auto", "", 1, sqrt(4 * 2) - 1, sqrt(61 * 2) - 1, 0.0025,
                0.005);
    expect_line(&summary.line[1], "cbc", "best", 1, sqrt(16 * 32) - 1, sqrt(16 * 61) - 1, 0.005,
                0.01);
    expect_line(&summary.line[2], "cbc", "strong", 0, 60, 60, 0.51, 1);
    expect_line(&summary.line[3], "cbc", "weak", 1, sqrt(16 * 32) - 1, sqrt(16 * 61) - 1, 0.005,
                0.01);
    cr_assert_float_eq(summary.line[1].mean_peak, (70 + 300) / 2.0, 1e-9);
    cr_assert_eq(summary.line[3].max_peak, 310);
    kv_bench_summary_clear(&summary);
    kv_bench_runs_clear(&runs);
}

Test(bench_runs, summary_of_bad_ends)
{
    kv_bench_runs runs = example(NULL);
    kv_bench_summary summary;
    runs.run[2].status = KV_BENCH_OVERRAN;
    runs.run[1].status = KV_BENCH_FAILED;
    cr_assert_eq(kv_bench_run_text(&runs.run[3].checked, "refused"), KV_OK);
    cr_assert_eq(kv_bench_summarise(&runs, &summary), KV_OK);
    cr_assert_eq(summary.line[0].failed, 1, "its plan was refused");
    cr_assert_eq(summary.line[0].solved, 0);
    cr_assert_eq(summary.line[0].max_gap, 1);
    cr_assert_float_eq(summary.line[0].to_1, sqrt(4 * 61) - 1, 1e-9);
    cr_assert_eq(summary.line[1].overran, 0, "one formulation did not overrun");
    cr_assert_eq(summary.line[1].failed, 0);
    cr_assert_eq(summary.line[2].failed, 1);
    cr_assert_eq(summary.line[3].overran, 1);
    kv_bench_summary_clear(&summary);
    kv_bench_runs_clear(&runs);
}

Test(bench_runs, summary_as_shown)
{
    char *dir = test_folder(), *path = test_path(dir, "summary.csv");
    kv_bench_runs runs = example(NULL);
    kv_bench_summary summary;
    kv_text text = {0};
    cr_assert_eq(kv_bench_summarise(&runs, &summary), KV_OK);
    cr_assert_eq(kv_bench_summary_write(&summary, dir, NULL), KV_OK);
    char *table = test_read(path);
    cr_assert(strstr(table, "\nkvarken-auto,,2,1,1.828,10.045,0.0025,0.005,"), "%s", table);
    kv_bench_summary_text(&summary, &text);
    cr_assert(strstr(text.data, "cbc                    best         1      21.63      30.24"),
              "%s", text.data);
    cr_assert(strstr(text.data, "Over 2 instances"));
    cr_assert(strstr(text.data, "1 more are left out"));
    kv_text_clear(&text);
    free(table);
    kv_bench_summary_clear(&summary);
    kv_bench_runs_clear(&runs);
    test_remove(dir);
    free(path);
    free(dir);
}

Test(bench_runs, bounds_above_plans_are_told)
{
    kv_bench_runs runs = example(NULL);
    kv_messages *messages = kv_messages_create();
    kv_bench_contradictions(&runs, messages);
    cr_assert_eq(kv_messages_count(messages), 0);
    runs.run[5].bound = 100.0005; /* no more than logs round */
    kv_bench_contradictions(&runs, messages);
    cr_assert_eq(kv_messages_count(messages), 0);
    runs.run[1].bound = 201;
    kv_bench_contradictions(&runs, messages);
    cr_assert_eq(kv_messages_count(messages), 1);
    char *text = kv_message_text(kv_messages_get(messages, 0));
    cr_assert(strstr(text, "a: cbc strong claims a bound of 201 and kvarken-auto  a plan of 200"),
              "%s", text);
    kv_free(text);
    kv_messages_free(messages);
    kv_bench_runs_clear(&runs);
}

/* ---- performance profile ---- */

/* On `a` 3 s and 15 s, on `b` 1 s and 31 s: ours is the fastest twice. */
Test(bench_runs, profile_ratios)
{
    char *dir = test_folder();
    kv_bench_runs runs = example(dir);
    kv_bench_summary summary;
    kv_profile profile;
    double ratio[2];
    cr_assert_eq(kv_bench_summarise(&runs, &summary), KV_OK);
    cr_assert_eq(kv_profile_create(&runs, &summary, dir, 0.01, &profile, NULL), KV_OK);
    cr_assert_eq(profile.n_solvers, 2);
    cr_assert_eq(profile.n_instances, 2);
    cr_assert_eq(kv_profile_ratios(&profile, 0, ratio), 2);
    cr_assert(ratio[0] == 1 && ratio[1] == 1);
    cr_assert_eq(kv_profile_ratios(&profile, 1, ratio), 2);
    cr_assert(ratio[0] == 5 && ratio[1] == 31);
    kv_profile_clear(&profile);
    /* to 2 %: cbc strong has it after 7 s on `a` */
    cr_assert_eq(kv_profile_create(&runs, &summary, dir, 0.02, &profile, NULL), KV_OK);
    cr_assert_eq(kv_profile_ratios(&profile, 1, ratio), 2);
    cr_assert_float_eq(ratio[0], 7.0 / 3, 1e-12);
    kv_profile_clear(&profile);
    /* to 0.01 %: each is alone on one */
    cr_assert_eq(kv_profile_create(&runs, &summary, dir, 0.0001, &profile, NULL), KV_OK);
    cr_assert_eq(kv_profile_ratios(&profile, 0, ratio), 1);
    cr_assert_eq(ratio[0], 1);
    cr_assert_eq(kv_profile_ratios(&profile, 1, ratio), 1);
    cr_assert_eq(ratio[0], 1);
    kv_profile_clear(&profile);
    kv_bench_summary_clear(&summary);
    kv_bench_runs_clear(&runs);
    test_remove(dir);
    free(dir);
}

Test(bench_runs, profile_tells_no_times_below_a_hundredth_apart)
{
    const char *solvers[] = {"x", "y"};
    double time[] = {0.001, 0.02}, ratio[1];
    kv_profile profile = {2, 1, solvers, time};
    cr_assert_eq(kv_profile_ratios(&profile, 0, ratio), 1);
    cr_assert_eq(ratio[0], 1);
    cr_assert_eq(kv_profile_ratios(&profile, 1, ratio), 1);
    cr_assert_float_eq(ratio[0], 2, 1e-12);
}

/* The axis goes to 4, so that 2 stands half way between 76 and 610 px; half of the instances are
 * half way between 420 and 84 px. */
Test(bench_runs, profile_as_drawn)
{
    const char *solvers[] = {"one & only", "other"};
    double time[] = {1, 1, none, none}, slower[] = {1, 2, 2, 8};
    kv_profile profile = {2, 2, solvers, time};
    kv_text drawing = {0};
    cr_assert_eq(kv_profile_draw(&profile, 0.01, "a <note>", &drawing), KV_OK);
    cr_assert(strstr(drawing.data, "time to a gap of 1 %</text>"));
    cr_assert(strstr(drawing.data, "a &#60;note&#62;"));
    cr_assert(strstr(drawing.data, "one &#38; only, 100 %"));
    cr_assert(strstr(drawing.data, "other, 0 %"));
    kv_text_clear(&drawing);
    profile.time = slower;
    cr_assert_eq(kv_profile_draw(&profile, 0.001, "note", &drawing), KV_OK);
    cr_assert(strstr(drawing.data, "time to a gap of 0.1 %</text>"));
    cr_assert(strstr(drawing.data, "d=\"M76 420 H76 V252 H76 V84 H610\""), "%s", drawing.data);
    cr_assert(strstr(drawing.data, "d=\"M76 420 H343 V252 H610 V84 H610\""), "%s", drawing.data);
    kv_text_clear(&drawing);
    profile.n_instances = 0;
    cr_assert_eq(kv_profile_draw(&profile, 0.01, "nothing yet", &drawing), KV_OK);
    kv_text_clear(&drawing);
}
