/* SPDX-License-Identifier: GPL-3.0-or-later */
/* investments.csv, fleet.csv and budgets.csv of a plan against the case. */
#include "oracle/memory.h"
#include "oracle/plan_parts.h"
#include "oracle/vehicles.h"

#include <math.h>
#include <string.h>

static int project_of(const kv_case *the_case, const char *name)
{
    for (int p = 0; p < the_case->projects.count; p++) {
        if (strcmp(the_case->projects.rows[p].project, name) == 0) {
            return p;
        }
    }
    return -1;
}

static int start_of(const oracle_plan *plan, const oracle_table *table, int row)
{
    const char *scenario = oracle_table_cell(table, row, "scenario");
    int k = strcmp(scenario, "all") == 0 ? -1 : oracle_plan_scenario(plan, scenario);
    int p = project_of(plan->world.the_case, oracle_table_cell(table, row, "project"));
    int t = oracle_plan_period(plan, oracle_table_cell(table, row, "start_period"));
    for (int i = 0; i < plan->starts.count; i++) {
        const oracle_start *it = &plan->starts.start[i];
        int alone = plan->world.n_scenarios == 1;
        if (it->project == p && it->period == t && (it->scenario == k || alone)) {
            return i;
        }
    }
    return -1;
}

/* Years and money of a row of investments.csv. */
static void check_row(oracle_plan *plan, const oracle_table *table, int row, int start)
{
    const oracle_start *it = &plan->starts.start[start];
    const kv_case *view = plan->world.view[it->scenario < 0 ? 0 : it->scenario];
    const kv_project *project = &view->projects.rows[it->project];
    double units = plan->units[start];
    double service = oracle_service_year(view, it->project, it->period);
    double cost = units * project->cost_meur;
    int off = oracle_table_number(table, row, "start_year") !=
                  view->periods.rows[it->period].first_year ||
              fabs(oracle_table_number(table, row, "service_year") - service) > 1e-6;
    oracle_note(plan, ORACLE_READING, off, "%s: years", project->project);
    if (plan->world.the_case->changes.count == 0) {
        double written = oracle_table_number(table, row, "cost_meur");
        oracle_note(plan, ORACLE_RULES, fabs(written - cost) / fmax(1, cost) > 1e-6,
                    "%s: cost %g is not %g", project->project, written, cost);
    }
    oracle_note(plan, ORACLE_RULES, fmax(-units, fabs(units - round(units))), "%s: %g units",
                project->project, units);
}

static int read_investments(oracle_plan *plan, const char *folder)
{
    oracle_table table;
    int unknown = 0;
    if (oracle_table_read(&table, folder, "investments.csv") != 0) {
        return -1;
    }
    for (int row = 0; row < table.n_rows; row++) {
        int start = start_of(plan, &table, row);
        if (start < 0) {
            unknown++;
            continue;
        }
        plan->units[start] += oracle_table_number(&table, row, "units");
        check_row(plan, &table, row, start);
    }
    oracle_note(plan, ORACLE_READING, unknown, "investments.csv");
    oracle_table_free(&table);
    double broken = oracle_rules_broken(&plan->world, &plan->starts, plan->units, 0);
    oracle_note(plan, ORACLE_RULES, broken, "rules");
    double over = oracle_budgets_broken(&plan->world, &plan->starts, plan->units);
    oracle_note(plan, ORACLE_BUDGETS, over, "spending");
    for (int b = 0; b < plan->pieces.n_blocks; b++) {
        oracle_serving(&plan->world, &plan->starts, plan->units, b / plan->world.n_periods,
                       b % plan->world.n_periods,
                       plan->served + b * plan->world.the_case->projects.count);
    }
    return 0;
}

/* Held = left of the start + bought, and purchases within their limit; their costs. */
static void check_vehicles(oracle_plan *plan, int q, int k)
{
    const oracle_world *world = &plan->world;
    int technologies = world->the_case->technologies.count;
    const kv_case *view = world->view[k];
    const kv_technology *it = &view->technologies.rows[q];
    for (int t = 0; t < world->n_periods; t++) {
        int at = (k * world->n_periods + t) * technologies + q;
        double should = oracle_vehicles_initial(view, q, t), bought = plan->purchases[at];
        for (int early = 0; early <= t; early++) {
            should += plan->purchases[(k * world->n_periods + early) * technologies + q] *
                      oracle_vehicles_cover(view, q, early, t);
        }
        oracle_note(plan, ORACLE_STOCK, fabs(plan->stock[at] - should) / fmax(1, should),
                    "%s in %d/%d", it->technology, k, t);
        double limit = oracle_vehicles_limit(view, q, t);
        oracle_note(plan, ORACLE_BOUNDS, fmax(-bought, (bought - limit) / fmax(1, bought)),
                    "%s bought in %d/%d", it->technology, k, t);
        if (it->integer_vehicles) {
            oracle_note(plan, ORACLE_BOUNDS, fabs(bought - round(bought)), "%s: whole vehicles",
                        it->technology);
        }
        if (oracle_is_common(world, t)) {
            double other = plan->purchases[t * technologies + q];
            oracle_note(plan, ORACLE_STOCK, fabs(other - bought) / fmax(1, bought),
                        "%s: common purchases differ", it->technology);
        }
        plan->cost[k] += bought * oracle_vehicles_price(view, q, t) +
                         plan->stock[at] * oracle_vehicles_holding(view, q, t);
    }
}

static int read_fleet(oracle_plan *plan, const char *folder)
{
    const kv_case *the_case = plan->world.the_case;
    oracle_table table;
    int unknown = 0;
    if (oracle_table_read(&table, folder, "fleet.csv") != 0) {
        return -1;
    }
    for (int row = 0; row < table.n_rows; row++) {
        int k = oracle_plan_scenario(plan, oracle_table_cell(&table, row, "scenario"));
        int t = oracle_plan_period(plan, oracle_table_cell(&table, row, "period"));
        int q = 0;
        while (q < the_case->technologies.count &&
               strcmp(the_case->technologies.rows[q].technology,
                      oracle_table_cell(&table, row, "technology")) != 0) {
            q++;
        }
        if (k < 0 || t < 0 || q == the_case->technologies.count) {
            unknown++;
            continue;
        }
        if (the_case->technologies.rows[q].fleet == KV_FLEET_OWNED) {
            int at = (k * plan->world.n_periods + t) * the_case->technologies.count + q;
            plan->purchases[at] = oracle_table_number(&table, row, "purchases");
            plan->stock[at] = oracle_table_number(&table, row, "stock");
        }
    }
    oracle_note(plan, ORACLE_READING, unknown, "fleet.csv");
    oracle_table_free(&table);
    for (int q = 0; q < the_case->technologies.count; q++) {
        for (int k = 0; k < plan->world.n_scenarios; k++) {
            if (the_case->technologies.rows[q].fleet == KV_FLEET_OWNED) {
                check_vehicles(plan, q, k);
            }
        }
    }
    return 0;
}

static int funder_of(const kv_case *the_case, const char *name)
{
    for (int f = 0; f < the_case->funders.count; f++) {
        if (strcmp(the_case->funders.rows[f].funder, name) == 0) {
            return f;
        }
    }
    return -1;
}

/* One line of budgets.csv; `before` is carried out of the period before. */
static void check_budget(oracle_plan *plan, const oracle_table *table, int row, int f, int t,
                         double before)
{
    const char *scenario = oracle_table_cell(table, row, "scenario");
    int k = strcmp(scenario, "all") == 0 ? 0 : oracle_plan_scenario(plan, scenario);
    const char *name = oracle_table_cell(table, row, "funder");
    double carry = 0, last_carry = 0;
    if (k < 0) {
        oracle_note(plan, ORACLE_READING, 1, "budgets.csv: scenario %s", scenario);
        return;
    }
    double budget = oracle_budget_of(&plan->world, k, f, t, &carry);
    double spent = oracle_funder_spends(&plan->world, &plan->starts, plan->units, k, f, t);
    double in = oracle_table_number(table, row, "carried_in_meur");
    double out = oracle_table_number(table, row, "carried_out_meur");
    if (t > 0) {
        oracle_budget_of(&plan->world, k, f, t - 1, &last_carry);
    }
    double size = fmax(1, budget + in);
    oracle_note(plan, ORACLE_BUDGETS,
                fabs(oracle_table_number(table, row, "budget_meur") - budget) / size,
                "%s: budget of %d", name, t);
    oracle_note(plan, ORACLE_BUDGETS,
                fabs(oracle_table_number(table, row, "spent_meur") - spent) / size,
                "%s: spent in %d", name, t);
    oracle_note(plan, ORACLE_BUDGETS, fabs(in - last_carry * before) / size, "%s: carried into %d",
                name, t);
    oracle_note(plan, ORACLE_BUDGETS, (spent + out - budget - in) / size, "%s: spent over in %d",
                name, t);
}

static int read_budgets(oracle_plan *plan, const char *folder)
{
    oracle_table table;
    if (oracle_table_read(&table, folder, "budgets.csv") != 0) {
        return -1;
    }
    for (int row = 0; row < table.n_rows; row++) {
        int f = funder_of(plan->world.the_case, oracle_table_cell(&table, row, "funder"));
        int t = oracle_plan_period(plan, oracle_table_cell(&table, row, "period"));
        double before = 0;
        for (int other = 0; other < table.n_rows && t > 0; other++) {
            if (strcmp(oracle_table_cell(&table, other, "funder"),
                       oracle_table_cell(&table, row, "funder")) == 0 &&
                strcmp(oracle_table_cell(&table, other, "scenario"),
                       oracle_table_cell(&table, row, "scenario")) == 0 &&
                oracle_plan_period(plan, oracle_table_cell(&table, other, "period")) == t - 1) {
                before = oracle_table_number(&table, other, "carried_out_meur");
            }
        }
        if (f < 0 || t < 0) {
            oracle_note(plan, ORACLE_READING, 1, "budgets.csv: row %d", row + 1);
        } else {
            check_budget(plan, &table, row, f, t, before);
        }
    }
    oracle_table_free(&table);
    return 0;
}

int oracle_plan_decisions(oracle_plan *plan, const char *folder)
{
    return read_investments(plan, folder) != 0 || read_fleet(plan, folder) != 0 ||
                   read_budgets(plan, folder) != 0
               ? -1
               : 0;
}
