/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each investment is worth at the multipliers of a bound: sum_b alpha_rb s_jrb for what it
 * supplies and sum beta m o for what it opens. It is the slope of the bound in the variable: at an
 * optimal set of multipliers of the relaxation, leaving out a unit costs at least this much there.
 */
#include "reports/report.h"

void kv_report_benefit(const kv_problem *problem, const kv_multipliers *multipliers,
                       double *benefit)
{
    for (int j = 0; j < problem->n_design; j++)
        benefit[j] = 0;
    int n = problem->n_blocks * problem->n_resources;
    for (int i = 0; i < n; i++) {
        double alpha = multipliers->resource[i];
        for (int s = problem->supply_first[i]; alpha > 0 && s < problem->supply_first[i + 1]; s++)
            benefit[problem->supply_design[s]] += alpha * problem->supply[s];
    }
    for (int i = 0; i < multipliers->n_opening; i++) {
        const kv_opening *opening = &problem->openings[multipliers->opening[i]];
        size_t column = (size_t)opening->block * (size_t)problem->n_flows +
                        (size_t)multipliers->opening_flow[i];
        double worth = multipliers->opening_value[i] * problem->flow_upper[column];
        for (int o = opening->first; worth > 0 && o < opening->first + opening->count; o++)
            benefit[problem->opening_design[o]] += worth * problem->opening_coefficient[o];
    }
}
