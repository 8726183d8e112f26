/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/evaluate.h"

#include "oracle/memory.h"
#include "oracle/plan_parts.h"
#include "oracle/risk.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *oracle_check_name(int check)
{
    static const char *const names[ORACLE_CHECKS] = {"reading",  "balance", "capacity", "fleet",
                                                     "energy",   "carbon",  "opening",  "bounds",
                                                     "coupling", "stock",   "rules",    "budgets"};
    return check >= 0 && check < ORACLE_CHECKS ? names[check] : "?";
}

void oracle_note(oracle_plan *plan, int check, double violation, const char *format, ...)
{
    if (violation <= plan->result->violation[check]) { /* a NaN is noted */
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    plan->result->violation[check] = isnan(violation) ? INFINITY : violation;
    vsnprintf(plan->result->where[check], sizeof plan->result->where[0], format, arguments);
    va_end(arguments);
}

int oracle_plan_scenario(const oracle_plan *plan, const char *name)
{
    for (int k = 0; k < plan->world.n_scenarios; k++) {
        int row = plan->world.scenario[k];
        if (strcmp(plan->world.the_case->scenarios.rows[row].scenario, name) == 0) {
            return k;
        }
    }
    return -1;
}

int oracle_plan_period(const oracle_plan *plan, const char *name)
{
    for (int t = 0; t < plan->world.n_periods; t++) {
        if (strcmp(plan->world.the_case->periods.rows[t].period, name) == 0) {
            return t;
        }
    }
    return -1;
}

static void plan_close(oracle_plan *plan)
{
    oracle_pieces_close(&plan->pieces);
    oracle_starts_free(&plan->starts);
    oracle_world_close(&plan->world);
    kv_free(plan->units);
    kv_free(plan->served);
    kv_free(plan->stock);
    kv_free(plan->purchases);
    kv_free(plan->cost);
    kv_free(plan->co2);
}

/* The cap on all years, and the objective. */
static void finish(oracle_plan *plan, const double *reference)
{
    double cap = plan->world.the_case->the_case.rows[0].carbon_cap_total_kt * 1000;
    for (int k = 0; k < plan->world.n_scenarios; k++) {
        if (!isnan(cap)) {
            oracle_note(plan, ORACLE_CARBON, (plan->co2[k] - cap) / fmax(1, cap),
                        "cumulative cap in scenario %d", k);
        }
        for (int t = 0; t < plan->world.n_periods; t++) {
            int b = k * plan->world.n_periods + t;
            plan->cost[k] -= plan->pieces.block[b].constant / plan->world.probability[k];
        }
        plan->cost[k] += oracle_starts_cost_seen(&plan->world, &plan->starts, plan->units, k);
    }
    plan->result->constant = plan->pieces.constant;
    plan->result->objective = oracle_risk_objective(&plan->world, plan->cost, reference);
}

int oracle_evaluate(const kv_case *the_case, int scenario, const double *reference,
                    const char *folder, oracle_evaluation *evaluation)
{
    oracle_plan plan = {.result = evaluation};
    int failed = -1;
    memset(evaluation, 0, sizeof *evaluation);
    if (oracle_world_open(&plan.world, the_case, scenario) != 0) {
        return -1;
    }
    oracle_starts_list(&plan.world, &plan.starts);
    oracle_pieces_open(&plan.pieces, &plan.world, reference);
    size_t blocks = (size_t)plan.pieces.n_blocks;
    size_t technologies = (size_t)the_case->technologies.count;
    plan.units = oracle_alloc((size_t)plan.starts.count + 1, sizeof(double));
    plan.served = oracle_alloc(blocks * (size_t)the_case->projects.count + 1, sizeof(double));
    plan.stock = oracle_alloc(blocks * technologies, sizeof(double));
    plan.purchases = oracle_alloc(blocks * technologies, sizeof(double));
    plan.cost = oracle_alloc((size_t)plan.world.n_scenarios, sizeof(double));
    plan.co2 = oracle_alloc((size_t)plan.world.n_scenarios, sizeof(double));
    if (oracle_plan_decisions(&plan, folder) == 0 && oracle_plan_flows(&plan, folder) == 0) {
        finish(&plan, reference);
        failed = 0;
    }
    plan_close(&plan);
    return failed;
}
