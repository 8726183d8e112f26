/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Risk beside the expected cost: CVaR (Rockafellar and Uryasev 2000) or the largest regret. One
 * coupling row a scenario ties its cost to eta and, for CVaR below level 1, its own excess xi.
 */
#include "formulations/builder.h"

#include "base/memory.h"

#include <math.h>

static const kv_case_row *row_of(const kv_builder *b)
{
    return &b->given->the_case.rows[0];
}

/* With one scenario the risk is the cost itself. */
static int is_weighed(const kv_builder *b)
{
    return row_of(b)->risk != KV_RISK_EXPECTED && row_of(b)->risk_weight > 0 &&
           b->map->n_scenarios > 1;
}

static int has_excess(const kv_builder *b)
{
    return row_of(b)->risk == KV_RISK_CVAR && row_of(b)->risk_level < 1;
}

/* eta, then xi of each scenario; boxes and costs follow in kv_build_risk. */
kv_status kv_build_risk_variables(kv_builder *builder)
{
    kv_builder *b = builder;
    b->risk_first = b->design.count;
    if (!is_weighed(b))
        return KV_OK;
    if (row_of(b)->risk == KV_RISK_REGRET && !b->options->regret_reference)
        return KV_ERR_ARGUMENT;
    double *none = kv_alloc((size_t)b->map->n_scenarios, sizeof(double));
    kv_status status = none ? KV_OK : KV_ERR_MEMORY;
    for (int s = -1; status == KV_OK && s < (has_excess(b) ? b->map->n_scenarios : 0); s++) {
        kv_design_info info = {.kind = KV_DESIGN_RISK,
                               .project = -1,
                               .technology = -1,
                               .funder = -1,
                               .period = -1,
                               .scenario = s};
        if (kv_builder_design(b, &info, &(kv_box){0}, none) < 0)
            status = KV_ERR_MEMORY;
    }
    kv_free(none);
    return status;
}

/* What a design variable costs in a scenario, before any weight. */
static double scenario_cost(const kv_builder *b, int design, int s)
{
    return (
        (double *)b->design_cost.items)[(size_t)design * (size_t)b->map->n_scenarios + (size_t)s];
}

/* The right-hand side of a scenario's row: its own optimum for regret. */
static double offset(const kv_builder *b, int s)
{
    return row_of(b)->risk == KV_RISK_REGRET ? b->options->regret_reference[b->map->scenario[s]]
                                             : 0;
}

/* Adds a scenario's row and widens [low, high] to what its cost less the offset can be. */
static void scenario_row(const kv_builder *b, kv_row_writer *rows, int s, double *low, double *high)
{
    const kv_problem *p = b->problem;
    const double rhs = offset(b, s);
    double least = -rhs, most = least;
    kv_row_begin(rows, 'L', rhs, "risk:%s", kv_builder_scenario_name(b, s));
    for (int j = 0; j < b->risk_first; j++) {
        const double cost = scenario_cost(b, j, s);
        kv_row_design(rows, j, cost);
        least += fmin(cost * p->design_lower[j], cost * p->design_upper[j]);
        most += fmax(cost * p->design_lower[j], cost * p->design_upper[j]);
    }
    kv_row_design(rows, b->risk_first, -1);
    if (has_excess(b))
        kv_row_design(rows, b->risk_first + 1 + s, -1);
    for (int block = s * b->n_periods; block < (s + 1) * b->n_periods; block++) {
        for (int f = 0; f < p->n_flows; f++) {
            const size_t at = (size_t)block * (size_t)p->n_flows + (size_t)f;
            if (!(p->flow_upper[at] > 0))
                continue;
            const double cost = b->block_money[block] * p->flow_cost[at];
            kv_row_flow(rows, block, f, cost);
            least += fmin(0, cost * p->flow_upper[at]);
            most += fmax(0, cost * p->flow_upper[at]);
        }
    }
    *low = fmin(*low, least);
    *high = fmax(*high, most);
}

/* (1 - theta) x what there is + theta x risk. */
static void objective_weigh(kv_builder *b)
{
    kv_problem *p = b->problem;
    const double theta = row_of(b)->risk_weight, level = row_of(b)->risk_level;
    for (int j = 0; j < b->risk_first; j++)
        p->design_cost[j] *= 1 - theta;
    for (int i = 0; i < p->n_blocks; i++)
        p->block_weight[i] *= 1 - theta;
    p->design_cost[b->risk_first] = theta;
    for (int s = 0; has_excess(b) && s < b->map->n_scenarios; s++)
        p->design_cost[b->risk_first + 1 + s] = theta * b->map->probability[s] / (1 - level);
}

kv_status kv_build_risk(kv_builder *builder, kv_row_writer *coupling)
{
    kv_builder *b = builder;
    kv_problem *p = b->problem;
    double low = HUGE_VAL, high = -HUGE_VAL;
    if (!is_weighed(b))
        return KV_OK;
    for (int s = 0; s < b->map->n_scenarios; s++)
        scenario_row(b, coupling, s, &low, &high);
    for (int j = b->risk_first; j < p->n_design; j++) {
        p->design_lower[j] = j == b->risk_first ? low : 0;
        p->design_upper[j] = p->do_nothing_upper[j] = j == b->risk_first ? high : high - low;
    }
    objective_weigh(b);
    return KV_OK;
}
