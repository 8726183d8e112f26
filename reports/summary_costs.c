/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cost, emissions and modal split by period. */
#include "instances/schema.h"
#include "reports/summary.h"

#include <math.h>

/* Money of a period: each scenario's times its probability, and what is common. MEUR/yr. */
static double yearly(const kv_report *report, const kv_figures *figures, int period, kv_cost cost)
{
    double sum = 0;
    for (int slot = 0; slot < figures->n_slots; slot++) {
        double weight = slot < report->map->n_scenarios ? report->map->probability[slot] : 1;
        sum += weight * kv_figures_money(figures, slot, period, cost)->yearly;
    }
    return sum;
}

static const struct group {
    const char *name;
    kv_cost first, last;
} groups[] = {
    {"Vehicles and distance", KV_COST_VEHICLE, KV_COST_VEHICLE},
    {"Energy", KV_COST_ENERGY, KV_COST_ENERGY},
    {"Carbon price", KV_COST_CARBON, KV_COST_CARBON},
    {"Time", KV_COST_TIME, KV_COST_TIME},
    {"Tolls and ice", KV_COST_TOLL_AND_ICE, KV_COST_TOLL_AND_ICE},
    {"Transfers", KV_COST_TRANSFER, KV_COST_TRANSFER},
    {"Purchases beyond the cheapest", KV_COST_PURCHASE, KV_COST_PURCHASE},
    {"Unserved", KV_COST_UNSERVED, KV_COST_UNSERVED},
    {"Fleets", KV_COST_VEHICLES_BOUGHT, KV_COST_VEHICLES_KEPT},
    {"Projects, charged to freight", KV_COST_PROJECTS, KV_COST_OPERATING},
};

enum { GROUPS = sizeof groups / sizeof *groups, MOST_PERIODS = KV_GRID_MOST_COLUMNS - 1 };

static double group_sum(const kv_report *report, const kv_figures *figures, int period, int g)
{
    double sum = 0;
    for (int c = (int)groups[g].first; c <= (int)groups[g].last; c++)
        sum += yearly(report, figures, period, (kv_cost)c);
    return sum;
}

/* The head of a table of periods: a text column, then one a period. Returns the periods shown. */
static int begin_periods(const kv_report *report, kv_grid *grid, char *align, const char *head)
{
    int n = report->figures.n_periods < MOST_PERIODS ? report->figures.n_periods : MOST_PERIODS;
    char years[KV_NUMBER_SIZE];
    align[0] = 'l';
    for (int t = 0; t < n; t++)
        align[t + 1] = 'r';
    align[n + 1] = 0;
    kv_grid_begin(grid, align);
    kv_grid_cell(grid, "%s", head);
    for (int t = 0; t < n; t++) {
        kv_summary_years(report, t, years);
        kv_grid_cell(grid, "%s", years);
    }
    return n;
}

static void add_all(const kv_report *report, const kv_figures *figures, const char *name, int n,
                    kv_grid *grid)
{
    kv_grid_cell(grid, "%s", name);
    for (int t = 0; t < n; t++) {
        double sum = 0;
        for (int g = 0; g < GROUPS; g++)
            sum += group_sum(report, figures, t, g);
        kv_grid_number(grid, sum);
    }
}

kv_status kv_summary_costs(const kv_report *report, kv_text *out)
{
    char align[KV_GRID_MOST_COLUMNS + 1];
    kv_grid grid;
    kv_prose_title(out, "Cost by period", '-');
    kv_prose_paragraph(out, "MEUR a year, undiscounted%s.",
                       report->map->n_scenarios > 1 ? ", expected over the scenarios" : "");
    int n = begin_periods(report, &grid, align, "");
    for (int g = 0; g < GROUPS; g++) {
        double largest = 0;
        for (int t = 0; t < n; t++)
            largest = fmax(largest, fabs(group_sum(report, &report->figures, t, g)));
        if (largest < 0.005)
            continue;
        kv_grid_cell(&grid, "%s", groups[g].name);
        for (int t = 0; t < n; t++)
            kv_grid_number(&grid, group_sum(report, &report->figures, t, g));
    }
    add_all(report, &report->figures, "All", n, &grid);
    if (report->has_nothing)
        add_all(report, &report->figures_nothing, "All, if nothing is built", n, &grid);
    kv_grid_write(&grid, out);
    return KV_OK;
}

/* ---- modal split and emissions ---- */

static double mode_sum(const kv_report *report, const kv_figures *figures, const double *by_block,
                       int mode, int period)
{
    double sum = 0;
    for (int q = 0; q < figures->n_technologies; q++) {
        if (mode < 0 || report->the_case->technologies.rows[q].mode == mode)
            sum += kv_summary_expected(report, by_block, figures->n_technologies, q, period);
    }
    return sum;
}

static void add_modes(const kv_report *report, int n, kv_grid *grid)
{
    const kv_column *column = kv_schema_column(&kv_schema[KV_TABLE_TECHNOLOGIES], "mode");
    const kv_figures *figures = &report->figures;
    for (int m = 0; m < KV_MODES; m++) {
        double largest = 0;
        for (int t = 0; t < n; t++)
            largest = fmax(largest, mode_sum(report, figures, figures->t_km, m, t));
        if (largest <= 0)
            continue;
        kv_grid_cell(grid, "%s, share of t-km", column->choices[m]);
        for (int t = 0; t < n; t++)
            kv_grid_percent(grid, mode_sum(report, figures, figures->t_km, m, t) /
                                      mode_sum(report, figures, figures->t_km, -1, t));
    }
}

static void add_total(const kv_report *report, const kv_figures *figures, const double *by_block,
                      double unit, const char *name, int n, kv_grid *grid)
{
    kv_grid_cell(grid, "%s", name);
    for (int t = 0; t < n; t++)
        kv_grid_number(grid, mode_sum(report, figures, by_block, -1, t) / unit);
}

kv_status kv_summary_emissions(const kv_report *report, kv_text *out)
{
    char align[KV_GRID_MOST_COLUMNS + 1];
    const kv_figures *plan = &report->figures, *idle = &report->figures_nothing;
    kv_grid grid;
    kv_prose_title(out, "Transport work, modal split and emissions", '-');
    if (report->map->n_scenarios > 1)
        kv_prose_paragraph(out, "Expected over the scenarios.");
    int n = begin_periods(report, &grid, align, "");
    add_total(report, plan, plan->t_km, 1e9, "Billion t-km a year", n, &grid);
    add_modes(report, n, &grid);
    add_total(report, plan, plan->co2_t, 1e3, "CO2, kt a year", n, &grid);
    if (report->has_nothing)
        add_total(report, idle, idle->co2_t, 1e3, "CO2, kt, if nothing is built", n, &grid);
    kv_grid_cell(&grid, "CO2, g per t-km");
    for (int t = 0; t < n; t++)
        kv_grid_number(&grid, mode_sum(report, plan, plan->co2_t, -1, t) * 1e6 /
                                  mode_sum(report, plan, plan->t_km, -1, t));
    kv_grid_write(&grid, out);
    return KV_OK;
}
