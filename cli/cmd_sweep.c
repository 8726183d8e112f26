/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/budgets.h"
#include "cli/interrupt.h"
#include "cli/planning.h"

#include "base/file.h"
#include "base/memory.h"
#include "reports/frontier.h"
#include "solver/sweep.h"
#include "solver/transfer.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

typedef struct sweep_values {
    cli_search_values search;
    const char *budget, *scenarios;
} sweep_values;

static const kv_option options[] = {
    CLI_SEARCH_OPTIONS,
    {"budget", KV_OPTION_TEXT, offsetof(sweep_values, budget), NULL, 0, 0, "0.5:1.5:0.25", NULL,
     "FROM:TO:STEP, factors on all budgets of the case, or one factor"},
    {"scenarios", KV_OPTION_TEXT, offsetof(sweep_values, scenarios), NULL, 0, 0, NULL, NULL,
     "each, or NAME,NAME,..., joint being all of them in one plan; left out: joint if there are "
     "several, else the only one"},
    CLI_CASE_OPTIONS,
    {.name = NULL},
};

/* A sweep at work. */
typedef struct sweeping {
    const sweep_values *values;
    kv_case *the_case;
    int *scenario, n_scenarios;
    double factors[CLI_MOST_BUDGETS];
    int n_budgets;
    kv_frontier_point *points; /* [n_scenarios * n_budgets] */
    int n_points, n_plans, n_limited, n_infeasible;
    double *regret;
    cli_progress progress;
    char stage[32]; /* shown: "2 of 5" */
    kv_messages *messages;
} sweeping;

/* ---- which scenarios ---- */

static kv_status each_scenario(sweeping *s)
{
    for (int i = 0; i < s->the_case->scenarios.count; i++)
        s->scenario[s->n_scenarios++] = i;
    return KV_OK;
}

/* The names between commas. `names` is cut. */
static kv_status named_scenarios(sweeping *s, char *names)
{
    kv_status status = KV_OK;
    int room = s->the_case->scenarios.count + 1;
    while (names && status == KV_OK) {
        char *comma = strchr(names, ',');
        if (comma)
            *comma = 0;
        if (s->n_scenarios == room) {
            kv_messages_add(s->messages, KV_FAULT, NULL, "name each scenario once",
                            "--scenarios: too many names");
            return KV_ERR_INPUT;
        }
        status = cli_find_scenario(s->the_case, names, &s->scenario[s->n_scenarios], s->messages);
        s->n_scenarios++;
        names = comma ? comma + 1 : NULL;
    }
    return status;
}

static kv_status choose_scenarios(sweeping *s)
{
    const char *given = s->values->scenarios;
    s->scenario = kv_alloc((size_t)s->the_case->scenarios.count + 1, sizeof(int));
    if (!s->scenario)
        return KV_ERR_MEMORY;
    if (!given) {
        s->n_scenarios = 1;
        return cli_find_scenario(s->the_case, NULL, &s->scenario[0], s->messages);
    }
    if (strcmp(given, "each") == 0)
        return each_scenario(s);
    char *names = kv_strdup(given);
    kv_status status = names ? named_scenarios(s, names) : KV_ERR_MEMORY;
    kv_free(names);
    return status;
}

/* ---- a solved point ---- */

static void show_stage(sweeping *s)
{
    snprintf(s->stage, sizeof s->stage, "%d of %d", s->n_points + 1, s->n_scenarios * s->n_budgets);
    cli_progress_stage(&s->progress, s->stage);
}

static kv_status write_point(sweeping *s, const kv_sweep_point *point, const kv_result *result)
{
    kv_text name = {0};
    kv_status status = KV_ERR_MEMORY;
    kv_text_addf(&name, "%s/%s-", s->values->search.out, result->scenario);
    kv_text_add_number(&name, point->budget);
    if (!name.failed)
        status = kv_result_write(result, name.data, s->messages);
    kv_text_clear(&name);
    return status;
}

static void count_point(sweeping *s, const kv_plan *plan)
{
    s->n_plans += kv_plan_exists(plan);
    s->n_limited += plan->ended_by_limit != 0;
    s->n_infeasible += plan->status == KV_PLAN_INFEASIBLE;
}

static void print_point(const sweeping *s, const kv_frontier_point *point)
{
    char budget[KV_NUMBER_SIZE];
    kv_format_number(point->budget, budget);
    if (s->values->search.quiet)
        return;
    printf("%s, budget %s: %s", point->scenario, budget, point->status);
    if (isfinite(point->objective))
        printf(", cost %.2f MEUR", point->objective);
    double gap = kv_decision_gap(point->objective, point->certified_bound, point->do_nothing);
    if (isfinite(gap))
        printf(", decision gap %.1f %%", 100 * gap);
    putchar('\n');
    fflush(stdout);
}

static kv_status on_point(void *context, const kv_sweep_point *point)
{
    sweeping *s = context;
    kv_result result = {
        .the_case = s->the_case,
        .problem = point->problem,
        .map = point->map,
        .plan = point->plan,
        .do_nothing = point->do_nothing,
        .scenario = cli_scenario_name(s->the_case, point->scenario),
        .engine = cli_engine_names[s->values->search.engine],
        .threads = cli_threads(s->values->search.threads),
        .seed = (unsigned long)s->values->search.seed,
    };
    cli_progress_end_line(&s->progress);
    kv_status status = write_point(s, point, &result);
    if (status != KV_OK)
        return status;
    status = kv_frontier_fill(&result, point->budget, &s->points[s->n_points]);
    if (status != KV_OK)
        return status;
    count_point(s, point->plan);
    print_point(s, &s->points[s->n_points++]);
    show_stage(s);
    return kv_frontier_write(s->the_case, s->points, s->n_points, s->values->search.out,
                             s->messages);
}

/* ---- the command ---- */

static kv_status prepare(sweeping *s, const char *folder)
{
    kv_status status = cli_need_out(s->values->search.out, s->messages);
    if (status == KV_OK)
        status = cli_read_budgets(s->values->budget, s->factors, &s->n_budgets, s->messages);
    if (status == KV_OK)
        status = cli_read_case(folder, &s->values->search.tables, &s->the_case, s->messages);
    if (status == KV_OK)
        status = choose_scenarios(s);
    if (status == KV_OK)
        status = cli_regret(s->the_case, &s->values->search, &s->progress, &s->regret, s->messages);
    if (status != KV_OK)
        return status;
    s->points = kv_alloc((size_t)s->n_scenarios * (size_t)s->n_budgets, sizeof *s->points);
    return s->points ? kv_folder_make(s->values->search.out, s->messages) : KV_ERR_MEMORY;
}

static kv_status solve_points(sweeping *s)
{
    kv_sweep_options sweep = {
        .n_scenarios = s->n_scenarios,
        .scenario = s->scenario,
        .n_budgets = s->n_budgets,
        .budget = s->factors,
        .regret_reference = s->regret,
        .engine = cli_engine_names[s->values->search.engine],
        .done = on_point,
        .context = s,
    };
    cli_limits(&s->values->search, &s->progress, &sweep.limits);
    sweep.limits.progress = cli_progress_show_only;
    show_stage(s);
    return kv_sweep(s->the_case, &sweep, s->messages);
}

static cli_exit conclude(const sweeping *s, kv_status status)
{
    int stopped = status == KV_ERR_LIMIT || s->n_limited > 0;
    if (status != KV_OK && status != KV_ERR_LIMIT)
        return cli_exit_of(status);
    if (!s->values->search.quiet)
        fprintf(stderr, "%s of %d in %s (frontier.csv, projects.csv)\n",
                cli_count((size_t)s->n_points, "point"), s->n_scenarios * s->n_budgets,
                s->values->search.out);
    if (stopped && !s->values->search.quiet)
        fputs("stopped by a limit or a signal\n", stderr);
    if (s->n_plans == 0)
        return s->n_infeasible == s->n_points && !stopped ? CLI_NO_PLAN : CLI_STOPPED_NONE;
    return stopped ? CLI_STOPPED : CLI_DONE;
}

static cli_exit run(const void *given, const char *const *arguments, int n_arguments,
                    kv_messages *messages)
{
    const sweep_values *values = given;
    sweeping *s = kv_alloc(1, sizeof *s);
    (void)n_arguments;
    if (!s)
        return CLI_INTERNAL;
    s->values = values;
    s->messages = messages;
    cli_interrupt_start();
    cli_progress_start(&s->progress, values->search.quiet, values->search.seconds);
    kv_status status = prepare(s, arguments[0]);
    if (status == KV_OK)
        status = solve_points(s);
    cli_progress_clear(&s->progress);
    cli_exit result = conclude(s, status);
    for (int i = 0; i < s->n_points; i++)
        kv_frontier_clear(&s->points[i]);
    kv_free(s->points);
    kv_free(s->regret);
    kv_free(s->scenario);
    kv_case_free(s->the_case);
    kv_free(s);
    return result;
}

const cli_command cli_sweep = {
    .line = {.name = "sweep",
             .arguments = "CASE -o DIR",
             .summary = "Solve a case at several budgets and in several scenarios; --time is for "
                        "all of them together.",
             .options = options,
             .min_arguments = 1,
             .max_arguments = 1},
    .values_size = sizeof(sweep_values),
    .run = run,
};
