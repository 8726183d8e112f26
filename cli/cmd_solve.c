/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/planning.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "cli/interrupt.h"
#include "reports/result.h"
#include "solver/transfer.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

typedef struct solve_values {
    cli_search_values search;
    const char *scenario;
} solve_values;

static const kv_option options[] = {
    CLI_SEARCH_OPTIONS,
    {"scenario", KV_OPTION_TEXT, offsetof(solve_values, scenario), NULL, 0, 0, NULL, NULL,
     "plan for this scenario alone, or joint for the expectation over all; joint when left out and "
     "there are several"},
    CLI_CASE_OPTIONS,
    CLI_BENCHMARK_OPTIONS,
    {.name = NULL},
};

static void print_warning_count(const kv_messages *warnings, const char *folder)
{
    size_t count = kv_messages_warnings(warnings);
    if (count > 0)
        fprintf(stderr, "%s in the input: kvarken validate %s lists %s\n",
                cli_count(count, "warning"), folder, count == 1 ? "it" : "them");
}

static kv_status read_tables(cli_planning *planning, const solve_values *values, const char *folder,
                             double **regret, kv_messages *found)
{
    kv_status status = cli_refuse_benchmark_options(&values->search.tables, found);
    if (status == KV_OK)
        status = cli_read_case(folder, &values->search.tables, &planning->the_case, found);
    if (status == KV_OK)
        status =
            cli_find_scenario(planning->the_case, values->scenario, &planning->scenario, found);
    if (status == KV_OK && planning->scenario < 0)
        status =
            cli_regret(planning->the_case, &values->search, &planning->progress, regret, found);
    return status;
}

/* Reads and builds; the warnings of the tables are only counted, so that they do not hide the
 * plan. */
static kv_status prepare(cli_planning *planning, const solve_values *values, const char *folder,
                         kv_messages *messages)
{
    kv_messages *found = kv_messages_create();
    double *regret = NULL;
    if (!found)
        return KV_ERR_MEMORY;
    kv_status status = cli_is_benchmark(folder)
                           ? cli_read_benchmark(folder, &values->search.tables, values->scenario,
                                                &planning->benchmark, found)
                           : read_tables(planning, values, folder, &regret, found);
    if (status == KV_OK)
        status = cli_build(planning, regret, found);
    kv_free(regret);
    cli_progress_end_line(&planning->progress);
    cli_print_messages(stderr, found, KV_FAULT);
    if (status == KV_ERR_INPUT)
        fprintf(stderr, "%s; nothing was written\n", cli_count(kv_messages_faults(found), "fault"));
    else if (status != KV_OK && kv_messages_faults(found) == 0)
        kv_messages_add(messages, KV_FAULT, NULL, NULL, "%s", kv_status_text(status));
    else if (!values->search.quiet)
        print_warning_count(found, folder);
    kv_messages_free(found);
    return status;
}

static kv_status write_result(const cli_planning *planning, const solve_values *values,
                              kv_messages *messages)
{
    kv_result result = {
        .the_case = planning->the_case,
        .benchmark = planning->benchmark,
        .problem = planning->problem,
        .map = planning->map,
        .plan = planning->plan,
        .do_nothing = planning->do_nothing,
        .scenario =
            planning->benchmark ? NULL : cli_scenario_name(planning->the_case, planning->scenario),
        .engine = cli_engine_names[values->search.engine],
        .threads = cli_threads(values->search.threads),
        .seed = (unsigned long)values->search.seed,
        .progress = planning->progress.points,
        .n_progress = (int)planning->progress.n_points,
    };
    return kv_result_write(&result, values->search.out, messages);
}

/* The title and first section of a summary; a line of '-' stands under each section's name. */
static size_t first_section(const char *text)
{
    const char *first = strstr(text, "\n---");
    const char *second = first ? strstr(first + 1, "\n---") : NULL;
    if (!second)
        return strlen(text);
    while (second > text && second[-1] != '\n')
        second--;
    return (size_t)(second - text);
}

static void print_summary_head(const char *folder)
{
    char *path = kv_path_join(folder, "summary.txt"), *text = NULL;
    size_t length = 0;
    if (path && kv_file_read(path, &text, &length, NULL) == KV_OK)
        printf("%.*s", (int)first_section(text), text);
    kv_free(text);
    kv_free(path);
}

static void print_gap(const char *name, double gap)
{
    if (isfinite(gap))
        fprintf(stderr, ", %s %.2f %%", name, 100 * gap);
}

static void print_end(const cli_planning *planning, const char *folder)
{
    const kv_plan *plan = planning->plan;
    fprintf(stderr, "the plan is in %s (read summary.txt first)", folder);
    print_gap("gap", kv_gap(plan->objective, plan->certified_bound));
    if (kv_plan_exists(planning->do_nothing))
        print_gap("decision gap", kv_decision_gap(plan->objective, plan->certified_bound,
                                                  planning->do_nothing->certified_bound));
    fputs("\n", stderr);
    if (plan->ended_by_limit == 2)
        fputs("stopped by time or a signal: another run may find another plan\n", stderr);
    else if (plan->ended_by_limit)
        fputs("stopped by the work limit\n", stderr);
}

/* What the search ended with, and its exit status. */
static cli_exit conclude(const cli_planning *planning, const solve_values *values)
{
    const kv_plan *plan = planning->plan;
    switch (plan->status) {
    case KV_PLAN_INFEASIBLE:
        fputs("no plan exists: the rules, budgets and limits contradict each other\n", stderr);
        return CLI_NO_PLAN;
    case KV_PLAN_FEASIBLE:
    case KV_PLAN_OPTIMAL:
        if (!values->search.quiet) {
            print_summary_head(values->search.out);
            fflush(stdout);
            print_end(planning, values->search.out);
        }
        return plan->ended_by_limit ? CLI_STOPPED : CLI_DONE;
    case KV_PLAN_NONE:
        fputs("stopped before any plan was found\n", stderr);
        return plan->ended_by_limit ? CLI_STOPPED_NONE : CLI_INTERNAL;
    default: fputs("the model has no finite optimum\n", stderr); return CLI_INTERNAL;
    }
}

static cli_exit run(const void *given, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const solve_values *values = given;
    cli_planning planning = {0};
    (void)n_arguments;
    kv_status status = cli_need_out(values->search.out, messages);
    if (status != KV_OK)
        return cli_exit_of(status);
    cli_interrupt_start();
    cli_progress_start(&planning.progress, values->search.quiet, values->search.seconds);
    status = prepare(&planning, values, arguments[0], messages);
    if (status == KV_OK)
        status =
            kv_folder_make(values->search.out, messages); /* a fault here should cost no time */
    if (status == KV_OK)
        status = cli_search(&planning, &values->search, messages);
    cli_progress_end_line(&planning.progress);
    if (status == KV_OK)
        status = write_result(&planning, values, messages);
    cli_exit result = cli_exit_of(status);
    if (status == KV_OK)
        result = conclude(&planning, values);
    cli_planning_clear(&planning);
    return result;
}

const cli_command cli_solve = {
    .line = {.name = "solve",
             .arguments = "CASE -o DIR",
             .summary = "Find a plan for a case and prove how good it is.",
             .options = options,
             .min_arguments = 1,
             .max_arguments = 1},
    .values_size = sizeof(solve_values),
    .run = run,
};
