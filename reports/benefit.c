/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What each investment is worth at the multipliers of a bound: sum_b alpha_rb s_jrb for what it
 * supplies, sum beta m o for what it opens, and what rules that tie projects to each other pass on
 * (`requires`, `jointly`: - gamma G), so that a project that only makes another possible shares in
 * its worth. It is the slope of the bound in the variable: at an optimal set of multipliers of the
 * relaxation, leaving out a unit costs at least this much there.
 */
#include "reports/report.h"

#include <string.h>

static void add_supplies(const kv_problem *problem, const kv_multipliers *multipliers,
                         double *benefit)
{
    int n = problem->n_blocks * problem->n_resources;
    for (int i = 0; i < n; i++) {
        double alpha = multipliers->resource[i];
        for (int s = problem->supply_first[i]; alpha > 0 && s < problem->supply_first[i + 1]; s++)
            benefit[problem->supply_design[s]] += alpha * problem->supply[s];
    }
}

static void add_opening(const kv_problem *problem, const kv_opening *opening, double worth,
                        double *benefit)
{
    for (int o = opening->first; worth > 0 && o < opening->first + opening->count; o++)
        benefit[problem->opening_design[o]] += worth * problem->opening_coefficient[o];
}

static void add_openings(const kv_problem *problem, const kv_multipliers *multipliers,
                         double *benefit)
{
    for (int i = 0; i < multipliers->n_opening; i++) {
        const kv_opening *opening = &problem->openings[multipliers->opening[i]];
        size_t column = (size_t)opening->block * (size_t)problem->n_flows +
                        (size_t)multipliers->opening_flow[i];
        double worth = multipliers->opening_value[i] * problem->flow_upper[column];
        add_opening(problem, opening, worth, benefit);
    }
    for (int i = 0; i < multipliers->n_arc_opening; i++) {
        int opening = multipliers->arc_opening[i];
        double beta = multipliers->arc_opening_value[i];
        if (beta > 0)
            add_opening(problem, &problem->openings[opening],
                        beta * kv_opening_capacity(problem, opening), benefit);
    }
}

/* Rows of `requires` and `jointly` are named rule:... and have right-hand side 0. */
static void add_rules(const kv_rows *side, const double *gamma, double *benefit)
{
    for (int i = 0; i < side->count; i++) {
        if (strncmp(side->name[i], "rule:", 5) != 0 || side->rhs[i] != 0 ||
            (side->sense[i] == 'L' && gamma[i] < 0))
            continue;
        for (int e = side->design_first[i]; e < side->design_first[i + 1]; e++)
            benefit[side->design[e]] -= gamma[i] * side->design_value[e];
    }
}

void kv_report_benefit(const kv_problem *problem, const kv_multipliers *multipliers,
                       double *benefit)
{
    for (int j = 0; j < problem->n_design; j++)
        benefit[j] = 0;
    add_supplies(problem, multipliers, benefit);
    add_openings(problem, multipliers, benefit);
    add_rules(&problem->side, multipliers->side, benefit);
}
