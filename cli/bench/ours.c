/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of our own: kvarken solve, what it left, and kvarken check. */
#define _POSIX_C_SOURCE 200809L
#include "base/file.h"
#include "base/memory.h"
#include "base/version.h"
#include "cli/bench/solvers.h"
#include "cli/cli.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

/* Rounding of a gap that was reached exactly. */
static const double gap_slack = 1e-9;
static const double least_check_patience = 120; /* s */

/* ---- what a solve left ---- */

static double number_of(const json_t *plan, const char *name)
{
    const json_t *value = json_object_get(plan, name);
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

static kv_status read_plan(const char *folder, kv_bench_run *run)
{
    char *path = kv_path_join(folder, "plan.json");
    if (!path)
        return KV_ERR_MEMORY;
    json_t *plan = json_load_file(path, 0, NULL);
    kv_free(path);
    if (!plan)
        return KV_OK; /* it left none */
    double nodes = number_of(plan, "nodes");
    run->primal = number_of(plan, "objective");
    run->bound = number_of(plan, "bound");
    run->gap = number_of(plan, "gap");
    run->certified_gap = number_of(plan, "certified_gap");
    run->do_nothing = number_of(plan, "do_nothing");
    run->nodes = fabs(nodes) < 1e15 ? (long)nodes : -1;
    json_decref(plan);
    return KV_OK;
}

static kv_status read_progress(const char *folder, kv_trace *trace)
{
    kv_csv csv;
    kv_status status = kv_csv_read(folder, "progress.csv", &csv, NULL);
    if (status == KV_OK)
        status = kv_trace_take(&csv, "incumbent", trace);
    kv_csv_clear(&csv);
    return status == KV_ERR_MEMORY ? status : KV_OK; /* there may be none */
}

/* Its last figures are those of the plan, which came before the whole process ended. */
static kv_status read_results(const char *folder, const kv_process_end *end, kv_bench_run *run,
                              kv_trace *trace)
{
    kv_status status = read_plan(folder, run);
    if (status == KV_OK)
        status = read_progress(folder, trace);
    if (status != KV_OK)
        return status;
    double gap = run->gap, primal = run->primal;
    kv_trace_add(trace, end->wall, run->primal, run->bound);
    kv_trace_settle(trace, primal);
    kv_bench_run_measure(run, trace);
    run->gap = gap;
    return trace->failed ? KV_ERR_MEMORY : KV_OK;
}

static void judge(const kv_process_end *end, kv_bench_run *run)
{
    int ended = !end->signal && (end->status == CLI_DONE || end->status == CLI_STOPPED ||
                                 end->status == CLI_STOPPED_NONE);
    int solved = run->certified_gap <= run->asked + gap_slack;
    run->status = end->overran                                 ? KV_BENCH_OVERRAN
                  : !end->signal && end->status == CLI_NO_PLAN ? KV_BENCH_INFEASIBLE
                  : !ended                                     ? KV_BENCH_FAILED
                  : solved                                     ? KV_BENCH_SOLVED
                                                               : KV_BENCH_LIMIT;
}

/* Ended as asked by its own bound, but not by the certified one. */
static const char *uncertified(const kv_process_end *end, const kv_bench_run *run)
{
    return end->status == CLI_DONE && run->status == KV_BENCH_LIMIT ? "its gap is not certified"
                                                                    : "";
}

/* ---- the check ---- */

/* The first reason in a report of check, cut out of the kept lines; "" = none. */
static const char *reason_in(kv_text *text)
{
    char *at = text->data ? strstr(text->data, "NOT confirmed") : NULL;
    at = at ? strstr(at, "\n[") : NULL;
    at = at ? strstr(at, "] ") : NULL;
    if (!at)
        return "";
    at += 2 + strspn(at + 2, " ");
    at[strcspn(at, "\n")] = 0;
    return at;
}

static kv_status check(const cli_bench_setup *setup, const cli_bench_instance *instance,
                       const char *folder, cli_bench_output *solved, kv_bench_run *run)
{
    enum { OWN = 4 };
    const char *words[OWN + CLI_CASE_WORDS + 1] = {setup->program, "check", instance->path, folder};
    cli_bench_output output;
    kv_process_end end;
    cli_bench_case_words(instance, 0, words + OWN);
    kv_status status =
        cli_bench_spawn(setup, words, fmax(least_check_patience, cli_bench_patience(setup->limit)),
                        NULL, &output, &end);
    run->check_seconds = end.wall;
    int confirmed = !end.signal && end.status == CLI_DONE;
    if (status == KV_OK)
        status = kv_bench_run_text(&run->checked, confirmed ? "confirmed" : "refused");
    kv_text_add(&solved->text, "\nkvarken check\n");
    kv_text_add(&solved->text, output.text.data ? output.text.data : "");
    if (status == KV_OK && !confirmed)
        status = kv_bench_run_text(&run->note, reason_in(&output.text));
    if (solved->text.failed)
        status = status == KV_OK ? KV_ERR_MEMORY : status;
    cli_bench_output_clear(&output);
    return status;
}

/* ---- the run ---- */

static kv_status solve(const cli_bench_setup *setup, const cli_bench_instance *instance,
                       const char *engine, const char *folder, cli_bench_output *output,
                       kv_process_end *end)
{
    enum { OWN = 16 };
    char gap[KV_NUMBER_SIZE], limit[KV_NUMBER_SIZE], threads[KV_NUMBER_SIZE];
    kv_format_number(setup->gap, gap);
    kv_format_number(setup->limit, limit);
    kv_format_number(setup->threads, threads);
    const char *words[OWN + CLI_CASE_WORDS + 1] = {setup->program,
                                                   "solve",
                                                   instance->path,
                                                   "-o",
                                                   folder,
                                                   "--engine",
                                                   engine,
                                                   "--gap",
                                                   gap,
                                                   "--time",
                                                   limit,
                                                   "--threads",
                                                   threads,
                                                   "--decision-gap",
                                                   "1"};
    cli_bench_case_words(instance, 1, words + OWN - 1);
    return cli_bench_spawn(setup, words, cli_bench_patience(setup->limit), NULL, output, end);
}

static kv_status run_into(const cli_bench_setup *setup, const cli_bench_instance *instance,
                          const char *engine, const char *folder, kv_bench_run *run)
{
    cli_bench_output output;
    kv_process_end end;
    kv_trace trace = {0};
    kv_status status = solve(setup, instance, engine, folder, &output, &end);
    if (status == KV_OK)
        status = cli_bench_take_end(&end, run);
    if (status == KV_OK)
        status = kv_bench_run_text(&run->version, KV_VERSION);
    if (status == KV_OK)
        status = read_results(folder, &end, run, &trace);
    if (status == KV_OK) {
        judge(&end, run);
        if (run->status == KV_BENCH_SOLVED || run->status == KV_BENCH_LIMIT)
            status = kv_bench_run_text(&run->note, uncertified(&end, run));
    }
    if (status == KV_OK && !isnan(run->primal))
        status = check(setup, instance, folder, &output, run);
    if (status == KV_OK)
        status = cli_bench_keep(setup, run, &output, &trace);
    kv_trace_clear(&trace);
    cli_bench_output_clear(&output);
    return status;
}

kv_status cli_bench_run_ours(const cli_bench_setup *setup, const cli_bench_instance *instance,
                             const char *engine, kv_bench_run *run)
{
    kv_text name = {0};
    kv_text_addf(&name, "%s/plans/", setup->out);
    kv_text file = {0};
    kv_bench_file_name(run, "", &file);
    kv_text_add(&name, file.failed ? "" : file.data);
    kv_status status = name.failed || file.failed ? KV_ERR_MEMORY : KV_OK;
    if (status == KV_OK) {
        cli_bench_remove(name.data); /* what an earlier run left is not to be taken for ours */
        status = run_into(setup, instance, engine, name.data, run);
        if (status != KV_OK || strcmp(run->checked, "refused") != 0)
            cli_bench_remove(name.data);
    }
    kv_text_clear(&file);
    kv_text_clear(&name);
    return status;
}
