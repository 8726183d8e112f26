/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Budgets: for each funder and period, what its projects spend and what is carried on is no more
 * than the budget and what was carried over. Carry-over variables cost nothing.
 */
#include "formulations/builder.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const kv_budget *budget_of(const kv_case *view, int funder, int period)
{
    for (int i = 0; i < view->budgets.count; i++) {
        const kv_budget *row = &view->budgets.rows[i];
        if (row->funder == funder && row->period == period)
            return row;
    }
    return NULL;
}

static int has_budget(const kv_case *view, int funder)
{
    for (int t = 0; t < view->periods.count; t++) {
        if (budget_of(view, funder, t))
            return 1;
    }
    return 0;
}

/* B of a funder, scenario and period, MEUR. */
static double budget_amount(const kv_builder *b, int funder, int s, int period)
{
    const kv_case *view = b->map->view[s];
    const kv_budget *row = budget_of(view, funder, period);
    return row ? row->amount_meur * view->scenarios.rows[b->map->scenario[s]].budget_factor *
                     b->options->budget_factor
               : 0;
}

static double carry_share(const kv_builder *b, int funder, int s, int period)
{
    const kv_budget *row = budget_of(b->map->view[s], funder, period);
    return row ? row->carry_over : 0;
}

/* What a unit whose construction starts with `start` costs in the years of a period, MEUR. */
static double spending(const kv_case *view, const kv_project *project, int start, int period)
{
    const int years = (int)fmax(1, ceil(project->lead_time_years));
    const int from = view->periods.rows[start].first_year, end = from + years;
    const kv_period *p = &view->periods.rows[period];
    int low = from > p->first_year ? from : p->first_year;
    int high = end < p->last_year + 1 ? end : p->last_year + 1;
    return high > low ? project->cost_meur / years * (high - low) : 0;
}

static double share_of(const kv_case *view, int project, int funder)
{
    double share = 0;
    for (int i = 0; i < view->funding.count; i++) {
        if (view->funding.rows[i].project == project && view->funding.rows[i].funder == funder)
            share += view->funding.rows[i].share;
    }
    return share;
}

/* Whether budgets can differ between the scenarios. */
static int scenarios_differ(const kv_builder *b)
{
    if (b->map->n_scenarios == 1)
        return 0;
    for (int s = 0; s < b->map->n_scenarios; s++) {
        const double factor = b->given->scenarios.rows[b->map->scenario[s]].budget_factor;
        if (factor < 1 || factor > 1)
            return 1;
    }
    for (int i = 0; i < b->given->changes.count; i++) {
        const char *table = b->given->changes.rows[i].table;
        if (strcmp(table, "budgets") == 0 || strcmp(table, "projects") == 0 ||
            strcmp(table, "funding") == 0)
            return 1;
    }
    const kv_design_info *designs = b->design.items; /* before they are handed over */
    for (int j = 0; j < b->n_starts; j++) {
        if (designs[j].scenario >= 0)
            return 1;
    }
    return 0;
}

/* c_t of a set of rows: 0 ... all budgets up to t; -1 in the last period or when nothing passes. */
static int carry_add(kv_builder *b, int funder, int s, int period, int differs, const double *cost)
{
    kv_design_info info = {.kind = KV_DESIGN_CARRY,
                           .project = -1,
                           .technology = -1,
                           .funder = funder,
                           .period = period,
                           .scenario = differs ? s : -1};
    kv_box box = {0};
    for (int t = 0; t <= period; t++)
        box.upper += budget_amount(b, funder, s, t);
    box.do_nothing = box.upper;
    return kv_builder_design(b, &info, &box, cost);
}

kv_status kv_build_carries(kv_builder *builder)
{
    kv_builder *b = builder;
    const size_t scenarios = (size_t)b->map->n_scenarios;
    const size_t size = (size_t)b->given->funders.count * scenarios;
    kv_status status = KV_ERR_MEMORY;
    double *cost = kv_alloc(scenarios, sizeof(double));
    b->carry = kv_alloc_grid(size, (size_t)b->n_periods, sizeof(int));
    if (!cost || !b->carry)
        goto out;
    for (size_t i = 0; i < size * (size_t)b->n_periods; i++)
        b->carry[i] = -1;
    b->budgets_differ = scenarios_differ(b);
    int *next = b->carry;
    for (int funder = 0; funder < b->given->funders.count; funder++) {
        for (int s = 0; s < b->map->n_scenarios; s++) {
            for (int t = 0; t < b->n_periods; t++, next++) {
                if (t == b->n_periods - 1 || (s > 0 && !b->budgets_differ) ||
                    !has_budget(b->given, funder) || !(carry_share(b, funder, s, t) > 0))
                    continue;
                if ((*next = carry_add(b, funder, s, t, b->budgets_differ, cost)) < 0)
                    goto out;
            }
        }
    }
    status = KV_OK;
out:
    kv_free(cost);
    return status;
}

static void budget_row(const kv_builder *b, kv_row_writer *side, int funder, int s, int period)
{
    const kv_case *view = b->map->view[s];
    const int *carry = b->carry + ((size_t)funder * (size_t)b->map->n_scenarios + (size_t)s) *
                                      (size_t)b->n_periods;
    kv_row_begin(side, 'L', budget_amount(b, funder, s, period), "budget:%s:%s:%s",
                 view->funders.rows[funder].funder, view->periods.rows[period].period,
                 b->budgets_differ ? kv_builder_scenario_name(b, s) : "all");
    for (int project = 0; project < view->projects.count; project++) {
        const double share = share_of(view, project, funder);
        for (int j = b->start_first[project]; share > 0 && j < b->start_first[project + 1]; j++) {
            if (b->start_in[(size_t)j * (size_t)b->map->n_scenarios + (size_t)s])
                kv_row_design(side, j,
                              share * spending(view, &view->projects.rows[project],
                                               b->map->design[j].period, period));
        }
    }
    if (carry[period] >= 0)
        kv_row_design(side, carry[period], 1);
    if (period > 0 && carry[period - 1] >= 0)
        kv_row_design(side, carry[period - 1], -carry_share(b, funder, s, period - 1));
}

void kv_budget_rows(kv_builder *builder, kv_row_writer *side)
{
    kv_builder *b = builder;
    for (int funder = 0; funder < b->given->funders.count; funder++) {
        if (!has_budget(b->given, funder))
            continue;
        for (int s = 0; s < (b->budgets_differ ? b->map->n_scenarios : 1); s++) {
            for (int t = 0; t < b->n_periods; t++)
                budget_row(b, side, funder, s, t);
        }
    }
}
