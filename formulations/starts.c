/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Project starts: one integer variable for each project, period in which construction may begin and,
 * after the decision year, scenario. Which blocks each serves, and what it costs.
 */
#include "formulations/builder.h"

#include "base/memory.h"
#include "instances/select.h"

#include <limits.h>
#include <math.h>

/* Whether a start at the beginning of a period serves another. */
static int serves(const kv_case *c, const kv_project *project, int start, int period)
{
    const double from = c->periods.rows[start].first_year + project->lead_time_years;
    return from <= c->periods.rows[period].first_year &&
           from + project->life_years >= c->periods.rows[period].last_year + 1;
}

/* Whether construction may begin with the period, and it then serves at least one. */
static int can_start(const kv_case *c, const kv_project *project, int start)
{
    int year = c->periods.rows[start].first_year;
    if ((project->earliest_year && year < project->earliest_year) ||
        (project->latest_year && year > project->latest_year))
        return 0;
    for (int t = 0; t < c->periods.count; t++) {
        if (serves(c, project, start, t))
            return 1;
    }
    return 0;
}

/* f of a unit: the freight share of construction less residual value, and operation, in MEUR. */
static double start_cost(const kv_case *view, const kv_project *project, int start)
{
    const int first = view->periods.rows[start].first_year;
    const int last = view->periods.rows[view->periods.count - 1].last_year;
    const double from = first + project->lead_time_years, end = from + project->life_years;
    const int years = (int)fmax(1, ceil(project->lead_time_years));
    double construction = 0, operation = 0;
    for (int i = 0; i < years; i++) {
        if (first + i <= last)
            construction += project->cost_meur / years * kv_discount(view, first + i);
    }
    for (double year = ceil(from); year < fmin(floor(end), last + 1); year++)
        operation += kv_discount(view, year);
    double residual = kv_residual_value(view, project->cost_meur, from, project->life_years);
    return project->freight_share * (construction - residual) +
           project->operating_meur_per_year * operation;
}

/* The variables of one start: a common one, or one a scenario. `cost`: room for the scenarios. */
static int start_add(kv_builder *b, int project, int start, double *cost)
{
    const kv_project *given = &b->given->projects.rows[project];
    const int scenarios = b->map->n_scenarios, copies = kv_builder_has_copies(b, start);
    kv_box box = {0, given->max_units, 0, 1};
    kv_design_info info = {.kind = KV_DESIGN_START,
                           .project = project,
                           .technology = -1,
                           .funder = -1,
                           .period = start};
    info.service_year = b->given->periods.rows[start].first_year + given->lead_time_years;
    for (int copy = 0; copy < (copies ? scenarios : 1); copy++) {
        info.scenario = copies ? copy : -1;
        info.cost_meur = 0;
        for (int s = 0; s < scenarios; s++) {
            const kv_case *view = b->map->view[s];
            const kv_project *seen = &view->projects.rows[project];
            int in = !copies || s == copy;
            cost[s] = in ? start_cost(view, seen, start) : 0;
            if (in)
                info.cost_meur +=
                    copies ? seen->cost_meur : b->map->probability[s] * seen->cost_meur;
        }
        if (kv_builder_design(b, &info, &box, cost) < 0)
            return -1;
    }
    return 0;
}

static void service_mark(kv_builder *b)
{
    const kv_design_info *designs = b->design.items;
    for (int j = 0; j < b->n_starts; j++) {
        const kv_project *project = &b->given->projects.rows[designs[j].project];
        for (int s = 0; s < b->map->n_scenarios; s++) {
            int in = designs[j].scenario < 0 || designs[j].scenario == s;
            b->start_in[(size_t)j * (size_t)b->map->n_scenarios + (size_t)s] = (unsigned char)in;
            for (int t = 0; t < b->n_periods && in; t++) {
                size_t at = (size_t)j * (size_t)b->n_blocks + (size_t)(s * b->n_periods + t);
                b->serves[at] = (unsigned char)serves(b->given, project, designs[j].period, t);
            }
        }
    }
}

/* Groups for the most that a resource can offer: the sizes of one together, else each project. */
static kv_status groups(kv_builder *b)
{
    kv_problem *p = b->problem;
    const int projects = b->given->projects.count;
    const kv_project *rows = b->given->projects.rows;
    if (!(p->group_limit = kv_alloc((size_t)projects, sizeof(double))))
        return KV_ERR_MEMORY;
    p->n_groups = projects; /* named by the first project of each; some stay empty */
    for (int i = 0; i < projects; i++)
        p->group_limit[i] = rows[i].size_of ? 1 : rows[i].max_units;
    return KV_OK;
}

kv_status kv_build_starts(kv_builder *builder)
{
    kv_builder *b = builder;
    const int projects = b->given->projects.count;
    kv_status status = KV_ERR_MEMORY;
    double *cost = kv_alloc((size_t)b->map->n_scenarios, sizeof(double));
    b->start_first = kv_alloc((size_t)projects + 1, sizeof(int));
    if (!cost || !b->start_first)
        goto out;
    for (int i = 0; i < projects; i++) {
        b->start_first[i] = b->design.count;
        for (int t = 0; t < b->n_periods; t++) {
            if (can_start(b->given, &b->given->projects.rows[i], t) &&
                start_add(b, i, t, cost) != 0)
                goto out;
        }
    }
    b->start_first[projects] = b->n_starts = b->design.count;
    b->serves = kv_alloc_grid((size_t)b->n_starts, (size_t)b->n_blocks, 1);
    b->start_in = kv_alloc_grid((size_t)b->n_starts, (size_t)b->map->n_scenarios, 1);
    if (!b->serves || !b->start_in)
        goto out;
    service_mark(b);
    status = groups(b);
out:
    kv_free(cost);
    return status;
}
