/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables that frame a case: the case itself, periods, scenarios, policies, changes. */
#include "instances/columns.h"

static const char *const words_residual[] = {"straight_line", "none", NULL};
static const char *const words_risk[] = {"expected", "cvar", "regret", NULL};
static const char *const words_operation[] = {"set", "multiply", "add", NULL};

const kv_column kv_columns_case[] = {
    COLUMN_KEY(kv_case_row, name, KV_REQUIRED, 1, "my-case", "Short name of the case."),
    COLUMN_TEXT(kv_case_row, title, KV_OPTIONAL, 0, NULL, "Three towns and a factory",
                "Title for reports."),
    COLUMN_TEXT(kv_case_row, currency, KV_OPTIONAL, 0, "EUR", "EUR",
                "Currency of all money. Columns say EUR and MEUR (millions); read them in this "
                "currency."),
    COLUMN_YEAR(kv_case_row, price_year, KV_REQUIRED, "2025",
                "The year whose prices all money is given in."),
    COLUMN_NUMBER(kv_case_row, discount_rate_per_year, KV_REQUIRED, NULL, 0, 0.5, 0, 0.12,
                  "share per year", 0, "0.03",
                  "Real discount rate: 0.03 means that money a year later counts 3 % less."),
    COLUMN_YEAR(kv_case_row, decision_year, KV_OPTIONAL, "2030",
                "Investments that start up to this year are the same in all scenarios; later ones "
                "may differ. Blank: all are the same."),
    COLUMN_CHOICE(kv_case_row, residual_value, KV_OPTIONAL, 0, "straight_line", words_residual,
                  "straight_line",
                  "Whether what an investment is still worth after the last period is credited, "
                  "by the share of its life that is left."),
    COLUMN_NUMBER(kv_case_row, unserved_price_eur_per_t, KV_OPTIONAL, "1000", 0, 1e9, 50, 1e6,
                  "EUR/t", 1, "1000",
                  "Price of a ton that is not delivered, where neither site nor product has one."),
    COLUMN_REF(kv_case_row, general_freight_product, KV_OPTIONAL, 0, KV_TABLE_PRODUCTS, NULL,
               "The product that stands for the general freight of growing towns. Blank: growth "
               "brings no freight."),
    COLUMN_REF(kv_case_row, general_freight_origin, KV_OPTIONAL, 0, KV_TABLE_PLACES, NULL,
               "The place from which that freight comes."),
    COLUMN_NUMBER(kv_case_row, general_freight_t_per_inhabitant_year, KV_OPTIONAL, "0", 0, 1000, 0,
                  50, "t per inhabitant and year", 1, NULL,
                  "General freight that one more inhabitant brings."),
    COLUMN_NUMBER(kv_case_row, inhabitants_per_job, KV_OPTIONAL, "1", 0, 20, 0.5, 5, "inhabitants",
                  1, NULL, "Inhabitants who come with one job, the worker included."),
    COLUMN_NUMBER(kv_case_row, operating_days_per_year, KV_OPTIONAL, "365", 1, 366, 200, 366,
                  "days per year", 1, NULL,
                  "Days of operation, for capacities that are given per day."),
    COLUMN_NUMBER(kv_case_row, t_per_train, KV_OPTIONAL, "600", 1, 50000, 100, 10000, "t", 1, NULL,
                  "Net load of a train, for capacities in trains/day."),
    COLUMN_NUMBER(kv_case_row, t_per_truck, KV_OPTIONAL, "25", 0.1, 1000, 1, 60, "t", 1, NULL,
                  "Net load of a truck, for capacities in trucks/day."),
    COLUMN_NUMBER(kv_case_row, t_per_teu, KV_OPTIONAL, "12", 0.1, 100, 2, 25, "t", 1, NULL,
                  "Net load of a container unit, for capacities in TEU/yr."),
    COLUMN_NUMBER(kv_case_row, flow_grid_t, KV_OPTIONAL, "0.001", 1e-6, 1000, 1e-6, 1, "t", 0, NULL,
                  "Flows and demands are multiples of this."),
    COLUMN_NUMBER(kv_case_row, carbon_cap_total_kt, KV_OPTIONAL, NULL, 0, 1e9, 0, 1e7, "kt CO2", 0,
                  NULL, "Cap on the emissions of all years of all periods. Blank: none."),
    COLUMN_CHOICE(kv_case_row, risk, KV_OPTIONAL, 0, "expected", words_risk, "expected",
                  "How scenarios are weighed: by the expected cost, by the mean of the worst ones "
                  "(cvar), or by the largest regret."),
    COLUMN_NUMBER(kv_case_row, risk_level, KV_OPTIONAL, "0.95", 0, 1, 0.5, 1, "share", 0, NULL,
                  "For cvar: 0.95 means the mean of the worst 5 %; 1 means the worst scenario."),
    COLUMN_NUMBER(kv_case_row, risk_weight, KV_OPTIONAL, "0", 0, 1, 0, 1, "share", 0, NULL,
                  "Weight of the risk beside the expected cost."),
    COLUMN_SOURCE(kv_case_row),
    COLUMN_END,
};

const kv_column kv_columns_periods[] = {
    COLUMN_KEY(kv_period, period, KV_REQUIRED, 1, "2026-2030", "Name of the period."),
    COLUMN_YEAR(kv_period, first_year, KV_REQUIRED, "2026", "Its first year."),
    COLUMN_YEAR(kv_period, last_year, KV_REQUIRED, "2030", "Its last year, included."),
    COLUMN_SOURCE(kv_period),
    COLUMN_END,
};

const kv_column kv_columns_scenarios[] = {
    COLUMN_KEY(kv_scenario, scenario, KV_REQUIRED, 1, "growth", "Short name of the scenario."),
    COLUMN_TEXT(kv_scenario, title, KV_OPTIONAL, 0, NULL, "The factory grows",
                "Title for reports."),
    COLUMN_NUMBER(kv_scenario, probability, KV_REQUIRED, NULL, 1e-9, 1, 0.001, 1, "share", 0, "0.5",
                  "Probability; those of all scenarios sum to 1."),
    COLUMN_NUMBER(kv_scenario, freight_factor, KV_OPTIONAL, "1", 0, 1000, 0.1, 10, "factor", 0, "1",
                  "Factor on all rows of freight.csv."),
    COLUMN_NUMBER(kv_scenario, budget_factor, KV_OPTIONAL, "1", 0, 1000, 0.1, 10, "factor", 0, "1",
                  "Factor on all budgets."),
    COLUMN_TEXT(kv_scenario, note, KV_OPTIONAL, 0, NULL, NULL, "A note for the reader."),
    COLUMN_SOURCE(kv_scenario),
    COLUMN_END,
};

const kv_column kv_columns_policies[] = {
    COLUMN_REF(kv_policy, from_period, KV_OPTIONAL, 1, KV_TABLE_PERIODS, NULL,
               "The period from which the row holds. Blank: from the first."),
    COLUMN_REF(kv_policy, scenario, KV_OPTIONAL, 1, KV_TABLE_SCENARIOS, NULL,
               "The scenario in which the row holds. Blank: all that have no rows of their own."),
    COLUMN_NUMBER(kv_policy, carbon_price_eur_per_t, KV_OPTIONAL, "0", 0, 1e5, 0, 1000, "EUR/t CO2",
                  1, "80", "Price of a ton of CO2."),
    COLUMN_NUMBER(kv_policy, carbon_cap_kt_per_year, KV_OPTIONAL, NULL, 0, 1e9, 0, 1e6, "kt CO2/yr",
                  1, NULL, "Cap on the emissions of a year. Blank: none."),
    COLUMN_SOURCE(kv_policy),
    COLUMN_END,
};

const kv_column kv_columns_changes[] = {
    COLUMN_REF(kv_change, scenario, KV_REQUIRED, 0, KV_TABLE_SCENARIOS, "growth",
               "The scenario that changes something."),
    COLUMN_KEY(kv_change, table, KV_REQUIRED, 0, "energy", "The table, without .csv."),
    COLUMN_TEXT(kv_change, key, KV_REQUIRED, 0, NULL, "diesel/*/*",
                "The row: its key columns in order, joined by /, blank ones empty; * stands for "
                "any value of a key column, and alone for all rows."),
    COLUMN_KEY(kv_change, column, KV_REQUIRED, 0, "price_eur_per_kwh", "The column."),
    COLUMN_CHOICE(kv_change, operation, KV_OPTIONAL, 0, "set", words_operation, "multiply",
                  "Whether the figure is set to the value, multiplied by it, or the value added."),
    COLUMN_NUMBER(kv_change, value, KV_REQUIRED, NULL, ANY_LOW, ANY_HIGH, ANY_LOW, ANY_HIGH, NULL,
                  0, "1.2", "The value, in the unit of the column."),
    COLUMN_SOURCE(kv_change),
    COLUMN_END,
};
