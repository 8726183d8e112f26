/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/report.h"

#include "base/memory.h"

/* The design when nothing is built: that of the plan of doing nothing, or the plan's own vehicles
 * without its projects. */
static void design_nothing(const kv_result *result, double *design)
{
    const kv_problem *problem = result->problem;
    const kv_plan *nothing = result->do_nothing;
    int have = nothing && nothing->design &&
               (nothing->status == KV_PLAN_FEASIBLE || nothing->status == KV_PLAN_OPTIMAL);
    for (int j = 0; j < problem->n_design; j++) {
        int start = result->map->design[j].kind == KV_DESIGN_START;
        design[j] = have ? nothing->design[j] : start ? 0 : result->plan->design[j];
    }
}

static kv_status prepare_nothing(const kv_result *result, kv_report *report)
{
    const kv_problem *problem = result->problem;
    const kv_plan *nothing = result->do_nothing;
    double *design = kv_alloc((size_t)problem->n_design, sizeof(double));
    kv_status status = KV_ERR_MEMORY;
    if (!design)
        return status;
    design_nothing(result, design);
    status = kv_usage_create(problem, design, NULL, &report->usage_nothing);
    kv_free(design);
    report->has_nothing =
        nothing && nothing->flow && nothing->design &&
        (nothing->status == KV_PLAN_FEASIBLE || nothing->status == KV_PLAN_OPTIMAL);
    if (status == KV_OK && report->has_nothing)
        status = kv_figures_create(result->the_case, problem, result->map, nothing->design,
                                   nothing->flow, &report->figures_nothing);
    return status;
}

kv_status kv_report_prepare(const kv_result *result, kv_report *report)
{
    const kv_problem *problem = result->problem;
    *report = (kv_report){
        .result = result, .the_case = result->the_case, .problem = problem, .map = result->map};
    report->benefit = kv_alloc((size_t)problem->n_design, sizeof(double));
    if (!report->benefit)
        return KV_ERR_MEMORY;
    if (result->plan->multipliers)
        kv_report_benefit(problem, result->plan->multipliers, report->benefit);
    if (!kv_result_has_plan(result))
        return KV_OK;
    report->design = result->plan->design;
    report->flow = result->plan->flow;
    kv_status status = kv_usage_create(problem, report->design, report->flow, &report->usage);
    if (status == KV_OK)
        status = kv_figures_create(result->the_case, problem, result->map, report->design,
                                   report->flow, &report->figures);
    if (status == KV_OK)
        status = prepare_nothing(result, report);
    return status == KV_OK ? kv_report_find_unserved(report) : status;
}

void kv_report_clear(kv_report *report)
{
    kv_usage_clear(&report->usage);
    kv_usage_clear(&report->usage_nothing);
    kv_figures_clear(&report->figures);
    kv_figures_clear(&report->figures_nothing);
    kv_free(report->benefit);
    for (int i = 0; i < report->n_unserved; i++)
        kv_free(report->unserved[i].bottleneck);
    kv_free(report->unserved);
    *report = (kv_report){0};
}

/* ---- names and numbers of scenarios, periods, blocks ---- */

const char *kv_report_scenario(const kv_report *report, int slot)
{
    if (slot < 0 || slot >= report->map->n_scenarios)
        return "all";
    return report->the_case->scenarios.rows[report->map->scenario[slot]].scenario;
}

const char *kv_report_period(const kv_report *report, int period)
{
    return period < 0 ? NULL : report->the_case->periods.rows[period].period;
}

const char *kv_report_place(const kv_report *report, int place)
{
    return place < 0 ? NULL : report->the_case->places.rows[place].place;
}

int kv_report_block_slot(const kv_report *report, int block)
{
    const kv_map *map = report->map;
    for (int s = 0; s < map->n_scenarios; s++) {
        if (map->scenario[s] == map->block[block].scenario)
            return s;
    }
    return map->n_scenarios;
}

int kv_report_design_slot(const kv_report *report, int design)
{
    int scenario = report->map->design[design].scenario;
    return scenario < 0 ? report->map->n_scenarios : scenario;
}

int kv_report_block(const kv_report *report, int slot, int period)
{
    for (int b = 0; b < report->problem->n_blocks; b++) {
        if (report->map->block[b].period == period && kv_report_block_slot(report, b) == slot)
            return b;
    }
    return -1;
}

const kv_case *kv_report_view(const kv_report *report, int slot)
{
    int s = slot >= 0 && slot < report->map->n_scenarios ? slot : 0;
    return report->map->view[s];
}
