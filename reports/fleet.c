/* SPDX-License-Identifier: GPL-3.0-or-later */
/* fleet.csv: vehicles by technology, scenario and period. */
#include "reports/report.h"

#include <math.h>

/* Value of the design variable of that kind in the slot, or decided for all; NaN if there is none.*/
static double value_of(const kv_report *report, kv_design_kind kind, int technology, int slot,
                       int period)
{
    double sum = 0;
    int found = 0;
    for (int j = 0; j < report->problem->n_design; j++) {
        const kv_design_info *info = &report->map->design[j];
        if ((kv_design_kind)info->kind != kind || info->technology != technology ||
            info->period != period)
            continue;
        int s = kv_report_design_slot(report, j);
        if (s != slot && s != report->map->n_scenarios)
            continue;
        sum += report->design[j];
        found = 1;
    }
    return found ? sum : (double)NAN;
}

static double capacity_of(const kv_report *report, int technology, int block)
{
    const kv_problem *problem = report->problem;
    for (int r = 0; r < problem->n_resources; r++) {
        const kv_resource_info *info = &report->map->resource[r];
        size_t i = (size_t)block * (size_t)problem->n_resources + (size_t)r;
        if (info->kind == KV_RESOURCE_FLEET && info->technology == technology)
            return report->usage.capacity[i] < 1e30 ? report->usage.capacity[i] : (double)NAN;
    }
    return NAN;
}

static void add_row(kv_out *out, const kv_report *report, int technology, int block)
{
    int slot = kv_report_block_slot(report, block), period = report->map->block[block].period;
    const kv_figures *figures = &report->figures;
    size_t i = (size_t)block * (size_t)figures->n_technologies + (size_t)technology;
    kv_out_text(out, report->the_case->technologies.rows[technology].technology);
    kv_out_text(out, kv_report_scenario(report, slot));
    kv_out_text(out, kv_report_period(report, period));
    kv_out_exact(out, value_of(report, KV_DESIGN_PURCHASE, technology, slot, period));
    kv_out_rounded(out, value_of(report, KV_DESIGN_STOCK, technology, slot, period), 6);
    kv_out_rounded(out, figures->vehicle_km[i], 3);
    kv_out_rounded(out, capacity_of(report, technology, block), 3);
    kv_out_end_row(out);
}

kv_status kv_report_fleet(const kv_report *report, const char *dir, kv_messages *messages)
{
    kv_out out;
    kv_out_begin(&out, KV_OUT_FLEET);
    for (int q = 0; report->design && q < report->the_case->technologies.count; q++) {
        for (int b = 0; b < report->problem->n_blocks; b++)
            add_row(&out, report, q, b);
    }
    return kv_out_write(&out, dir, messages);
}
