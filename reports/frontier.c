/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/frontier.h"

#include "base/file.h"
#include "base/memory.h"
#include "reports/columns.h"

#include <math.h>

static int is_idle(const kv_plan *nothing)
{
    return nothing && (nothing->status == KV_PLAN_FEASIBLE || nothing->status == KV_PLAN_OPTIMAL);
}

static void fill_starts(const kv_result *result, kv_frontier_point *point)
{
    const kv_map *map = result->map;
    for (int j = 0; j < result->problem->n_design; j++) {
        const kv_design_info *info = &map->design[j];
        double y = result->plan->design[j];
        if (info->kind != KV_DESIGN_START || y < 1e-6)
            continue;
        double year = result->the_case->periods.rows[info->period].first_year;
        double probability = info->scenario < 0 ? 1 : map->probability[info->scenario];
        double *start = &point->start_year[info->project];
        *start = isnan(*start) ? year : fmin(*start, year);
        point->units[info->project] += y;
        point->spent_meur += probability * info->cost_meur * y;
    }
}

static double all_budgets(const kv_case *c, double factor)
{
    double sum = 0;
    for (int i = 0; i < c->budgets.count; i++)
        sum += c->budgets.rows[i].amount_meur;
    return factor * sum;
}

kv_status kv_frontier_fill(const kv_result *result, double budget, kv_frontier_point *point)
{
    const kv_plan *plan = result->plan;
    size_t n = (size_t)result->the_case->projects.count;
    *point = (kv_frontier_point){.budget = budget,
                                 .budget_meur = all_budgets(result->the_case, budget),
                                 .status = kv_plan_status_name(plan),
                                 .objective = (double)NAN,
                                 .bound = plan->bound,
                                 .certified_bound = plan->certified_bound,
                                 .do_nothing = (double)NAN,
                                 .n_projects = (int)n};
    point->scenario = kv_strdup(result->scenario);
    point->units = kv_alloc(n, sizeof(double));
    point->start_year = kv_alloc(n, sizeof(double));
    if (!point->scenario || !point->units || !point->start_year) {
        kv_frontier_clear(point);
        return KV_ERR_MEMORY;
    }
    for (size_t p = 0; p < n; p++)
        point->start_year[p] = (double)NAN;
    if (is_idle(result->do_nothing))
        point->do_nothing = result->do_nothing->objective;
    if (kv_result_has_plan(result)) {
        point->objective = plan->objective;
        fill_starts(result, point);
    }
    return KV_OK;
}

void kv_frontier_clear(kv_frontier_point *point)
{
    kv_free(point->scenario);
    kv_free(point->units);
    kv_free(point->start_year);
    *point = (kv_frontier_point){0};
}

/* ---- frontier.csv ---- */

static double or_blank(double value)
{
    return isfinite(value) && fabs(value) < 1e30 ? value : (double)NAN;
}

static void add_point(kv_out *out, const kv_frontier_point *point)
{
    int built = 0;
    for (int p = 0; p < point->n_projects; p++)
        built += point->units[p] >= 1e-6;
    kv_out_exact(out, point->budget);
    kv_out_rounded(out, point->budget_meur, 6);
    kv_out_text(out, point->scenario);
    kv_out_text(out, point->status);
    kv_out_exact(out, point->objective);
    kv_out_exact(out, or_blank(point->bound));
    kv_out_rounded(out, kv_gap(point->objective, point->bound), 9);
    kv_out_rounded(out, kv_decision_gap(point->objective, point->bound, point->do_nothing), 9);
    kv_out_exact(out, or_blank(point->certified_bound));
    kv_out_rounded(out, kv_gap(point->objective, point->certified_bound), 9);
    kv_out_exact(out, point->do_nothing);
    kv_out_rounded(out, point->do_nothing - point->objective, 6);
    kv_out_integer(out, built);
    kv_out_rounded(out, point->spent_meur, 6);
    kv_out_end_row(out);
}

/* ---- projects.csv ---- */

static void add_project(kv_out *out, const kv_case *c, int p, const kv_frontier_point *points,
                        int n_points)
{
    double first = (double)NAN, last = (double)NAN, years = 0;
    int plans = 0, built = 0;
    for (int i = 0; i < n_points; i++) {
        plans += !isnan(points[i].objective);
        if (points[i].units[p] < 1e-6)
            continue;
        first = built ? fmin(first, points[i].budget) : points[i].budget;
        last = built ? fmax(last, points[i].budget) : points[i].budget;
        years += points[i].start_year[p];
        built++;
    }
    kv_out_text(out, c->projects.rows[p].project);
    kv_out_text(out, c->projects.rows[p].name);
    kv_out_exact(out, first);
    kv_out_exact(out, last);
    kv_out_integer(out, built);
    kv_out_rounded(out, plans > 0 ? (double)built / plans : (double)NAN, 6);
    kv_out_text(out, plans > 0 && built == plans ? "yes" : "no");
    kv_out_text(out, plans > 0 && built == 0 ? "yes" : "no");
    kv_out_rounded(out, built > 0 ? years / built : (double)NAN, 2);
    kv_out_end_row(out);
}

kv_status kv_frontier_write(const kv_case *the_case, const kv_frontier_point *points, int n_points,
                            const char *dir, kv_messages *messages)
{
    kv_out out;
    kv_status status = kv_folder_make(dir, messages);
    if (status != KV_OK)
        return status;
    kv_out_begin(&out, KV_OUT_FRONTIER);
    for (int i = 0; i < n_points; i++)
        add_point(&out, &points[i]);
    status = kv_out_write(&out, dir, messages);
    if (status != KV_OK)
        return status;
    kv_out_begin(&out, KV_OUT_PROJECTS);
    for (int p = 0; p < the_case->projects.count; p++)
        add_project(&out, the_case, p, points, n_points);
    return kv_out_write(&out, dir, messages);
}
