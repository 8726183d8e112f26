/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What to build, when and who pays; what it is worth; what waits for the scenario. */
#include "base/memory.h"
#include "instances/schema.h"
#include "reports/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct start {
    int design, slot, year;
    const kv_project *project;
} start;

static int by_year(const void *left, const void *right)
{
    const start *a = left, *b = right;
    const char *in_a = a->project->country, *in_b = b->project->country;
    if (a->year != b->year)
        return a->year < b->year ? -1 : 1;
    int order = strcmp(in_a ? in_a : "", in_b ? in_b : "");
    return order ? order : (a->design > b->design) - (a->design < b->design);
}

static int by_slot(const void *left, const void *right)
{
    const start *a = left, *b = right;
    return a->slot != b->slot ? (a->slot > b->slot) - (a->slot < b->slot) : by_year(left, right);
}

/* The starts of the plan: of all slots, or only the common ones of a joint plan. */
static start *starts_of(const kv_report *report, int common_only, int *count)
{
    start *list = kv_alloc((size_t)report->problem->n_design, sizeof *list);
    *count = 0;
    for (int j = 0; list && j < report->problem->n_design; j++) {
        const kv_design_info *info = &report->map->design[j];
        int slot = kv_report_design_slot(report, j);
        if (info->kind != KV_DESIGN_START || report->design[j] < 1e-6 ||
            (common_only && slot < report->map->n_scenarios))
            continue;
        const kv_case *view = kv_report_view(report, slot);
        list[(*count)++] = (start){j, slot, view->periods.rows[info->period].first_year,
                                   &view->projects.rows[info->project]};
    }
    return list;
}

static const char *name_of(const kv_project *project)
{
    return project->name ? project->name : project->project;
}

/* "SE 50 %, EU 50 %" */
static void funders_cell(const kv_report *report, const start *at, kv_grid *grid)
{
    const kv_case *view = kv_report_view(report, at->slot);
    kv_text text = {0};
    for (int i = 0; i < view->funding.count; i++) {
        const kv_funding *funding = &view->funding.rows[i];
        char share[KV_NUMBER_SIZE];
        if (funding->project != report->map->design[at->design].project)
            continue;
        kv_prose_percent(funding->share, share);
        kv_text_addf(&text, "%s%s %s", text.length ? ", " : "",
                     view->funders.rows[funding->funder].funder, share);
    }
    grid->failed |= text.failed;
    kv_grid_cell(grid, "%s", text.data ? text.data : "");
    kv_text_clear(&text);
}

static void name_cell(const kv_report *report, const start *at, kv_grid *grid)
{
    double units = report->design[at->design];
    char number[KV_NUMBER_SIZE];
    kv_prose_number(units, number);
    if (fabs(units - 1) < 1e-6)
        kv_grid_cell(grid, "%s", name_of(at->project));
    else
        kv_grid_cell(grid, "%s (%s units)", name_of(at->project), number);
}

static void add_starts(const kv_report *report, const start *list, int count, kv_text *out)
{
    kv_grid grid;
    kv_grid_begin(&grid, "llllrl");
    const char *const head[] = {"Start", "In use", "Project", "Country", "MEUR", "Who pays"};
    for (int c = 0; c < 6; c++)
        kv_grid_cell(&grid, "%s", head[c]);
    for (int i = 0; i < count; i++) {
        const kv_design_info *info = &report->map->design[list[i].design];
        char service[KV_NUMBER_SIZE];
        kv_format_decimal(ceil(info->service_year - 1e-9), 0, service);
        kv_grid_cell(&grid, "%d", list[i].year);
        kv_grid_cell(&grid, "%s", service);
        name_cell(report, &list[i], &grid);
        kv_grid_cell(&grid, "%s", list[i].project->country ? list[i].project->country : "");
        kv_grid_number(&grid, info->cost_meur * report->design[list[i].design]);
        funders_cell(report, &list[i], &grid);
    }
    kv_grid_write(&grid, out);
}

/* The projects of a kind that are not built, as an item of a list. */
static void add_not_built_kind(const kv_report *report, int kind, const double *started,
                               kv_text *out)
{
    const kv_case *c = report->the_case;
    const kv_column *column = kv_schema_column(&kv_schema[KV_TABLE_PROJECTS], "kind");
    kv_text names = {0};
    for (int p = 0; p < c->projects.count; p++) {
        if (c->projects.rows[p].kind == kind && started[p] < 1e-6)
            kv_text_addf(&names, "%s%s", names.length ? "; " : "", name_of(&c->projects.rows[p]));
    }
    if (names.length)
        kv_prose_item(out, "%s: %s.", column->choices[kind], names.data);
    out->failed |= names.failed;
    kv_text_clear(&names);
}

static kv_status add_not_built(const kv_report *report, kv_text *out)
{
    const kv_case *c = report->the_case;
    double *started = kv_alloc((size_t)c->projects.count, sizeof(double));
    int n = 0;
    if (!started)
        return KV_ERR_MEMORY;
    kv_summary_started(report, -1, started);
    for (int p = 0; p < c->projects.count; p++)
        n += started[p] < 1e-6;
    if (n > 0) {
        kv_prose_paragraph(out, "Not built%s: %d of %d.",
                           report->map->n_scenarios > 1 ? " in any scenario" : "", n,
                           c->projects.count);
        for (int kind = 0; kind <= KV_PROJECT_OTHER; kind++)
            add_not_built_kind(report, kind, started, out);
        kv_text_add(out, "\n");
    }
    kv_free(started);
    return KV_OK;
}

kv_status kv_summary_build(const kv_report *report, kv_text *out)
{
    int count, joint = report->map->n_scenarios > 1;
    start *list = starts_of(report, joint, &count);
    if (!list)
        return KV_ERR_MEMORY;
    qsort(list, (size_t)count, sizeof *list, by_year);
    kv_prose_title(out, joint ? "What to decide now, for all scenarios" : "What to build", '-');
    if (count == 0)
        kv_prose_paragraph(out, "Nothing is built%s.", joint ? " in all scenarios alike" : "");
    else
        add_starts(report, list, count, out);
    kv_free(list);
    return add_not_built(report, out);
}

/* The projects that are worth less than they cost, at the margin. */
static void add_doubtful(const kv_report *report, const start *list, int count, kv_text *out)
{
    kv_text names = {0};
    for (int i = 0; i < count; i++) {
        int j = list[i].design;
        if (report->benefit[j] < 0.5 * report->problem->design_cost[j])
            kv_text_addf(&names, "%s%s", names.length ? "; " : "", name_of(list[i].project));
    }
    if (names.length)
        kv_prose_paragraph(out,
                           "Worth less than half of what they cost, at the margin; ask about "
                           "these first: %s.",
                           names.data);
    out->failed |= names.failed;
    kv_text_clear(&names);
}

static void add_worth(const kv_report *report, const start *list, int count, kv_text *out)
{
    int joint = report->map->n_scenarios > 1;
    kv_grid grid;
    kv_grid_begin(&grid, joint ? "llrr" : "lrr");
    kv_grid_cell(&grid, "Project");
    if (joint)
        kv_grid_cell(&grid, "Scenario");
    kv_grid_cell(&grid, "Cost");
    kv_grid_cell(&grid, "Worth");
    for (int i = 0; i < count; i++) {
        int j = list[i].design;
        name_cell(report, &list[i], &grid);
        if (joint)
            kv_grid_cell(&grid, "%s", kv_report_scenario(report, list[i].slot));
        kv_grid_number(&grid, report->problem->design_cost[j] * report->design[j]);
        kv_grid_number(&grid, report->benefit[j] * report->design[j]);
    }
    kv_grid_write(&grid, out);
}

kv_status kv_summary_worth(const kv_report *report, kv_text *out)
{
    int count;
    start *list = starts_of(report, 0, &count);
    if (!list)
        return KV_ERR_MEMORY;
    qsort(list, (size_t)count, sizeof *list, by_year);
    if (count > 0) {
        kv_prose_title(out, "What each project is worth beside what it costs", '-');
        kv_prose_paragraph(
            out,
            "Cost: what is charged to freight for building and running it, less its value at the "
            "end. Worth: what its capacity and openings are worth at the margin, at the "
            "multipliers that prove the bound; dropping it alone often costs more than that. Both "
            "in MEUR, present value%s.",
            report->map->n_scenarios > 1 ? ", times the scenario's probability" : "");
        add_worth(report, list, count, out);
        add_doubtful(report, list, count, out);
    }
    kv_free(list);
    return KV_OK;
}

/* What is started in each scenario, though it is decided later. */
static void add_everywhere(const kv_report *report, const start *list, int count, kv_text *out)
{
    kv_text names = {0};
    for (int i = 0; i < count; i++) {
        int slots = 0, last = -1;
        for (int k = 0; k < count; k++) {
            if (list[k].slot < report->map->n_scenarios && list[k].slot != last &&
                report->map->design[list[k].design].project ==
                    report->map->design[list[i].design].project) {
                slots++;
                last = list[k].slot;
            }
        }
        int seen = 0;
        for (int k = 0; k < i; k++)
            seen |= report->map->design[list[k].design].project ==
                    report->map->design[list[i].design].project;
        if (!seen && slots == report->map->n_scenarios)
            kv_text_addf(&names, "%s%s", names.length ? "; " : "", name_of(list[i].project));
    }
    if (names.length)
        kv_prose_paragraph(out, "In every scenario, sooner or later: %s.", names.data);
    out->failed |= names.failed;
    kv_text_clear(&names);
}

kv_status kv_summary_scenarios(const kv_report *report, kv_text *out)
{
    int count, first = 0;
    if (report->map->n_scenarios < 2)
        return KV_OK;
    start *list = starts_of(report, 0, &count);
    if (!list)
        return KV_ERR_MEMORY;
    qsort(list, (size_t)count, sizeof *list, by_slot);
    kv_prose_title(out, "What waits for the scenario", '-');
    kv_prose_paragraph(out, "Decided when it is known which future comes true:");
    for (int s = 0; s < report->map->n_scenarios; s++) {
        const kv_scenario *row = &report->the_case->scenarios.rows[report->map->scenario[s]];
        char probability[KV_NUMBER_SIZE];
        int n = 0;
        while (first + n < count && list[first + n].slot == s)
            n++;
        kv_prose_percent(report->map->probability[s], probability);
        kv_prose_paragraph(out, "%s%s%s%s, probability %s: %s", row->scenario,
                           row->title ? " (" : "", row->title ? row->title : "",
                           row->title ? ")" : "", probability, n ? "" : "nothing more is built.");
        if (n > 0)
            add_starts(report, list + first, n, out);
        first += n;
    }
    add_everywhere(report, list, count, out);
    kv_free(list);
    return KV_OK;
}
