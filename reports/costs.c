/* SPDX-License-Identifier: GPL-3.0-or-later */
/* costs.csv and emissions.csv. */
#include "reports/report.h"

#include "instances/schema.h"

#include <math.h>

/* Costs whose yearly amount means something. */
static int has_years(kv_cost cost)
{
    return cost != KV_COST_RESIDUAL && cost != KV_COST_RISK;
}

static void add_cost(kv_out *out, const char *scenario, const char *period, kv_cost cost,
                     const kv_money *money)
{
    kv_out_text(out, scenario);
    kv_out_text(out, period);
    kv_out_text(out, kv_cost_names[cost]);
    kv_out_rounded(out, money->present, 9);
    kv_out_rounded(out, has_years(cost) ? money->yearly : (double)NAN, 9);
    kv_out_end_row(out);
}

kv_status kv_report_costs(const kv_report *report, const char *dir, kv_messages *messages)
{
    const kv_figures *figures = &report->figures;
    kv_out out;
    kv_out_begin(&out, KV_OUT_COSTS);
    for (int slot = 0; slot < figures->n_slots; slot++) {
        for (int t = 0; t < figures->n_periods; t++) {
            for (int c = 0; c < KV_COSTS; c++) {
                const kv_money *money = kv_figures_money(figures, slot, t, (kv_cost)c);
                if (money->present != 0 || money->yearly != 0)
                    add_cost(&out, kv_report_scenario(report, slot), kv_report_period(report, t),
                             (kv_cost)c, money);
            }
        }
    }
    if (figures->risk != 0) {
        kv_money money = {figures->risk, 0};
        add_cost(&out, "all", NULL, KV_COST_RISK, &money);
    }
    return kv_out_write(&out, dir, messages);
}

static double block_work(const kv_figures *figures, int block)
{
    double sum = 0;
    for (int q = 0; q < figures->n_technologies; q++)
        sum += figures->t_km[(size_t)block * (size_t)figures->n_technologies + (size_t)q];
    return sum;
}

static void add_emissions(kv_out *out, const kv_report *report, int block, int technology)
{
    const kv_figures *figures = &report->figures;
    const kv_technology *row = &report->the_case->technologies.rows[technology];
    const kv_column *mode = kv_schema_column(&kv_schema[KV_TABLE_TECHNOLOGIES], "mode");
    size_t i = (size_t)block * (size_t)figures->n_technologies + (size_t)technology;
    double all = block_work(figures, block);
    kv_out_text(out, kv_report_scenario(report, kv_report_block_slot(report, block)));
    kv_out_text(out, kv_report_period(report, report->map->block[block].period));
    kv_out_text(out, mode->choices[row->mode]);
    kv_out_text(out, row->technology);
    kv_out_rounded(out, figures->t_km[i], 3);
    kv_out_rounded(out, all > 0 ? figures->t_km[i] / all : 0, 9);
    kv_out_rounded(out, figures->vehicle_km[i], 3);
    kv_out_rounded(out, figures->co2_t[i], 6);
    kv_out_end_row(out);
}

kv_status kv_report_emissions(const kv_report *report, const char *dir, kv_messages *messages)
{
    kv_out out;
    kv_out_begin(&out, KV_OUT_EMISSIONS);
    for (int b = 0; report->design && b < report->problem->n_blocks; b++) {
        for (int q = 0; q < report->figures.n_technologies; q++)
            add_emissions(&out, report, b, q);
    }
    return kv_out_write(&out, dir, messages);
}
