/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/risk.h"

#include <math.h>

double oracle_risk_weight(const oracle_world *world)
{
    const kv_case_row *it = &world->the_case->the_case.rows[0];
    return it->risk == KV_RISK_EXPECTED || world->n_scenarios == 1 ? 0 : it->risk_weight;
}

/* The least over eta of eta + mean excess / (1 - level), which lies at one of the costs. */
static double value_at_risk_mean(const oracle_world *world, const double *cost, double level)
{
    double best = INFINITY;
    for (int k = 0; k < world->n_scenarios; k++) {
        double value = cost[k];
        for (int j = 0; j < world->n_scenarios; j++) {
            double excess = fmax(0, cost[j] - cost[k]);
            if (excess > 0) {
                value += world->probability[j] / (1 - level) * excess;
            }
        }
        best = fmin(best, value);
    }
    return best;
}

double oracle_risk_objective(const oracle_world *world, const double *cost, const double *reference)
{
    const kv_case_row *it = &world->the_case->the_case.rows[0];
    double expected = 0, worst = -INFINITY, regret = -INFINITY, weight = oracle_risk_weight(world);
    for (int k = 0; k < world->n_scenarios; k++) {
        expected += world->probability[k] * cost[k];
        worst = fmax(worst, cost[k]);
        if (reference) {
            regret = fmax(regret, cost[k] - reference[world->scenario[k]]);
        }
    }
    double risk = regret;
    if (it->risk == KV_RISK_CVAR) {
        risk = it->risk_level >= 1 ? worst : value_at_risk_mean(world, cost, it->risk_level);
    }
    return weight > 0 ? (1 - weight) * expected + weight * risk : expected;
}
