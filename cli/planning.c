/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _POSIX_C_SOURCE 200809L
#include "cli/planning.h"

#include "base/clock.h"
#include "base/memory.h"
#include "instances/case.h"
#include "solver/design_for_flows.h"
#include "solver/transfer.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

const char *const cli_engine_names[] = {"auto", "glpk", "cutting", "decomposition", NULL};
const char *const cli_strength_names[] = {"weak", "strong", NULL};

enum { MOST_THREADS = 8 };

/* Doing nothing gets at most this share of the time, so that most is left for the plan. */
static const double do_nothing_share = 0.25;
/* Its cost is what plans are measured by, so it has to be nearly exact. */
static const double do_nothing_gap = 1e-6;
/* Share of the time for all scenarios alone, where regret needs them. */
static const double regret_share = 0.5;
/* Violation that a first plan may have. */
static const double start_slack = 1e-6;
static const double first_seconds = 10;

kv_status cli_need_out(const char *out, kv_messages *messages)
{
    if (out && *out)
        return KV_OK;
    kv_messages_add(messages, KV_FAULT, NULL, "give -o and a path", "-o is missing");
    return KV_ERR_INPUT;
}

kv_status cli_read_case(const char *folder, const cli_case_values *values, kv_case **the_case,
                        kv_messages *messages)
{
    return kv_case_read(folder, values->set.items, values->set.count, the_case, messages);
}

static kv_status unknown_scenario(const kv_case *the_case, const char *name, kv_messages *messages)
{
    kv_text mend = {0};
    kv_text_add(&mend, "choose one of joint");
    for (int s = 0; s < the_case->scenarios.count; s++)
        kv_text_addf(&mend, ", %s", the_case->scenarios.rows[s].scenario);
    kv_messages_add(messages, KV_FAULT, NULL, mend.failed ? NULL : mend.data,
                    "the case has no scenario '%s'", name);
    kv_text_clear(&mend);
    return KV_ERR_INPUT;
}

kv_status cli_find_scenario(const kv_case *the_case, const char *name, int *scenario,
                            kv_messages *messages)
{
    *scenario = the_case->scenarios.count > 1 ? -1 : 0;
    if (!name)
        return KV_OK;
    for (int s = 0; s < the_case->scenarios.count; s++) {
        if (strcmp(the_case->scenarios.rows[s].scenario, name) == 0) {
            *scenario = s;
            return KV_OK;
        }
    }
    if (strcmp(name, "joint") != 0)
        return unknown_scenario(the_case, name, messages);
    *scenario = -1;
    return KV_OK;
}

const char *cli_scenario_name(const kv_case *the_case, int scenario)
{
    return scenario < 0 ? "joint" : the_case->scenarios.rows[scenario].scenario;
}

int cli_threads(long asked)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (asked > 0)
        return (int)asked;
    return processors < 1 ? 1 : processors > MOST_THREADS ? MOST_THREADS : (int)processors;
}

void cli_limits(const cli_search_values *values, cli_progress *progress, kv_limits *limits)
{
    kv_limits_default(limits);
    limits->gap = values->gap;
    limits->decision_gap = values->decision_gap < 1 ? values->decision_gap : 0;
    limits->seconds = fmax(0.0, values->seconds - (kv_clock() - progress->start));
    limits->work = values->work;
    limits->threads = cli_threads(values->threads);
    limits->seed = (unsigned long)values->seed;
    limits->strength = values->strength == KV_WEAK ? KV_WEAK : KV_STRONG;
    limits->progress = cli_progress_step;
    limits->progress_context = progress;
}

/* ---- regret needs what each scenario could reach alone ---- */

static kv_status solve_alone(const kv_case *the_case, const cli_search_values *values,
                             cli_progress *progress, int scenario, double *objective,
                             kv_messages *messages)
{
    kv_build_options options = {.scenario = scenario, .budget_factor = 1};
    kv_problem *problem = NULL;
    kv_map *map = NULL;
    kv_plan *plan = NULL;
    kv_limits limits;
    kv_status status = kv_build(the_case, &options, &problem, &map, messages);
    if (status != KV_OK)
        goto out;
    cli_limits(values, progress, &limits);
    limits.seconds =
        fmin(limits.seconds, regret_share * values->seconds / the_case->scenarios.count);
    limits.progress = cli_progress_show_only;
    const kv_engine *engine = kv_engine_find(cli_engine_names[values->engine], problem);
    status = engine->solve(problem, &limits, &plan, messages);
    if (kv_plan_exists(plan))
        *objective = plan->objective;
    else if (status == KV_OK)
        status = plan->status == KV_PLAN_INFEASIBLE ? KV_ERR_INFEASIBLE : KV_ERR_LIMIT;
out:
    kv_plan_free(plan);
    kv_map_free(map);
    kv_problem_free(problem);
    return status;
}

kv_status cli_regret(const kv_case *the_case, const cli_search_values *values,
                     cli_progress *progress, double **reference, kv_messages *messages)
{
    const kv_case_row *row = &the_case->the_case.rows[0];
    int count = the_case->scenarios.count;
    kv_status status = KV_OK;
    *reference = kv_alloc((size_t)count, sizeof(double));
    if (!*reference)
        return KV_ERR_MEMORY;
    cli_progress_stage(progress, "each scenario");
    for (int s = 0; s < count && status == KV_OK; s++) {
        if (row->risk == KV_RISK_REGRET && row->risk_weight > 0)
            status = solve_alone(the_case, values, progress, s, &(*reference)[s], messages);
    }
    cli_progress_stage(progress, "plan");
    if (status != KV_OK) {
        kv_free(*reference);
        *reference = NULL;
    }
    return status;
}

kv_status cli_build(cli_planning *planning, const double *regret, kv_messages *messages)
{
    kv_build_options options = {
        .scenario = planning->scenario, .regret_reference = regret, .budget_factor = 1};
    kv_status status =
        planning->benchmark
            ? kv_benchmark_build(planning->benchmark, &planning->problem, messages)
            : kv_build(planning->the_case, &options, &planning->problem, &planning->map, messages);
    return status == KV_OK ? kv_problem_check(planning->problem, messages) : status;
}

/* ---- the search ---- */

static kv_status search_do_nothing(cli_planning *planning, const cli_search_values *values,
                                   kv_messages *messages)
{
    kv_limits limits;
    cli_limits(values, &planning->progress, &limits);
    limits.seconds = fmin(limits.seconds, do_nothing_share * values->seconds);
    limits.gap = fmin(limits.gap, do_nothing_gap);
    limits.progress = cli_progress_show_only;
    cli_progress_stage(&planning->progress, "doing nothing");
    kv_status status = kv_solve_do_nothing(planning->engine, planning->problem, &limits,
                                           &planning->do_nothing, messages);
    /* A case in which doing nothing breaks a rule still may have plans. */
    if (status == KV_ERR_INFEASIBLE || status == KV_ERR_LIMIT)
        status = KV_OK;
    if (status == KV_OK && kv_plan_exists(planning->do_nothing))
        planning->progress.do_nothing = planning->do_nothing->objective;
    return status;
}

/* A plan that is there before the search begins: doing nothing, with what the rules demand beside
 * it. Without one the search has to find its own. */
static kv_status find_first(cli_planning *planning)
{
    const kv_problem *problem = planning->problem;
    if (!kv_plan_exists(planning->do_nothing))
        return KV_OK;
    kv_status status = kv_design_for_flows(problem, planning->do_nothing->flow, NULL, first_seconds,
                                           &planning->first);
    if (status == KV_OK && !kv_plan_fits(problem, planning->first, start_slack)) {
        kv_plan_free(planning->first);
        planning->first = NULL;
    }
    return status == KV_ERR_MEMORY ? status : KV_OK;
}

/* A search that was stopped before it found a plan still has the first one. */
static void fall_back(cli_planning *planning)
{
    const kv_problem *problem = planning->problem;
    const kv_plan *first = planning->first;
    kv_plan *plan = planning->plan;
    size_t n_flows = (size_t)problem->n_blocks * (size_t)problem->n_flows;
    if (!plan || plan->status != KV_PLAN_NONE || !first)
        return;
    memcpy(plan->design, first->design, (size_t)problem->n_design * sizeof(double));
    memcpy(plan->flow, first->flow, n_flows * sizeof(double));
    plan->objective = first->objective;
    plan->status = KV_PLAN_FEASIBLE;
}

kv_status cli_search(cli_planning *planning, const cli_search_values *values, kv_messages *messages)
{
    kv_limits limits;
    planning->engine = kv_engine_find(cli_engine_names[values->engine], planning->problem);
    if (!planning->engine)
        return KV_ERR_INTERNAL;
    kv_status status = KV_OK;
    if (!planning->benchmark || kv_benchmark_has_do_nothing(planning->benchmark))
        status = search_do_nothing(planning, values, messages);
    if (status == KV_OK)
        status = find_first(planning);
    if (status != KV_OK)
        return status;
    cli_limits(values, &planning->progress, &limits);
    cli_progress_stage(&planning->progress, "plan");
    if (kv_plan_exists(planning->do_nothing))
        limits.do_nothing = planning->do_nothing->objective;
    limits.start = planning->first;
    status = planning->engine->solve(planning->problem, &limits, &planning->plan, messages);
    cli_progress_end_line(&planning->progress);
    if (planning->progress.failed)
        return KV_ERR_MEMORY;
    fall_back(planning);
    if (planning->plan && (status == KV_ERR_INFEASIBLE || status == KV_ERR_LIMIT))
        return KV_OK;
    return status;
}

void cli_planning_clear(cli_planning *planning)
{
    cli_progress_clear(&planning->progress);
    kv_plan_free(planning->plan);
    kv_plan_free(planning->first);
    kv_plan_free(planning->do_nothing);
    kv_map_free(planning->map);
    kv_problem_free(planning->problem);
    kv_benchmark_free(planning->benchmark);
    kv_case_free(planning->the_case);
    *planning = (cli_planning){0};
}
