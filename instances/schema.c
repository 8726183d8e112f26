/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/schema.h"

#include "instances/columns.h"

#include <string.h>

const char *const kv_words_mode[] = {"road",     "rail", "sea",      "ferry",
                                     "waterway", "air",  "pipeline", NULL};
const char *const kv_words_handling[] = {"any",        "dry_bulk", "liquid_bulk", "container",
                                         "break_bulk", "neo_bulk", NULL};
const char *const kv_words_capacity[] = {"t/yr",       "kt/yr",      "Mt/yr",  "t/day",
                                         "trains/day", "trucks/day", "TEU/yr", NULL};

#define TABLE(field, must, row, meaning)                                                           \
    {                                                                                              \
        .name = #field, .need = must, .row_size = sizeof(row),                                     \
        .rows_offset = offsetof(kv_case, field), .line_offset = offsetof(row, line),               \
        .columns = kv_columns_##field, .help = meaning                                             \
    }

const kv_table kv_schema[KV_TABLES] = {
    [KV_TABLE_CASE] = {.name = "case",
                       .need = KV_REQUIRED,
                       .row_size = sizeof(kv_case_row),
                       .rows_offset = offsetof(kv_case, the_case),
                       .line_offset = offsetof(kv_case_row, line),
                       .columns = kv_columns_case,
                       .help =
                           "The case as a whole: name, money, conversion factors, risk. One row."},
    [KV_TABLE_PERIODS] = TABLE(periods, KV_REQUIRED, kv_period,
                               "The periods that are planned, one after the other without a gap."),
    [KV_TABLE_SCENARIOS] =
        TABLE(scenarios, KV_OPTIONAL, kv_scenario,
              "The futures that may come, with their probabilities. Without this table there is "
              "one scenario, base."),
    [KV_TABLE_PLACES] = TABLE(places, KV_REQUIRED, kv_place,
                              "Towns, plants, ports, terminals, borders, gateways and junctions."),
    [KV_TABLE_PRODUCTS] = TABLE(products, KV_REQUIRED, kv_product, "What is made and moved."),
    [KV_TABLE_LINKS] =
        TABLE(links, KV_REQUIRED, kv_link,
              "Roads, railways, sea routes and the like between two places, as they are or as a "
              "project may open them."),
    [KV_TABLE_TERMINALS] =
        TABLE(terminals, KV_OPTIONAL, kv_terminal,
              "Ports, rail yards and other sites where goods change from one mode to another."),
    [KV_TABLE_TRANSFERS] = TABLE(transfers, KV_OPTIONAL, kv_transfer,
                                 "Which changes between modes a terminal offers, at what cost."),
    [KV_TABLE_CARRIERS] = TABLE(carriers, KV_OPTIONAL, kv_carrier,
                                "Energy carriers of vehicles: diesel, electricity, hydrogen."),
    [KV_TABLE_ENERGY] = TABLE(energy, KV_OPTIONAL, kv_energy,
                              "Price and emissions of a carrier, by country and from a period on."),
    [KV_TABLE_TECHNOLOGIES] =
        TABLE(technologies, KV_REQUIRED, kv_technology,
              "Kinds of vehicles: what they carry, cost and use, and whether they are owned."),
    [KV_TABLE_TECHNOLOGY_PERIODS] =
        TABLE(technology_periods, KV_OPTIONAL, kv_technology_period,
              "Figures of a technology that change from a period on; a blank cell stays as "
              "before."),
    [KV_TABLE_RECIPES] =
        TABLE(recipes, KV_OPTIONAL, kv_recipe,
              "What goes into a product, and what comes out beside it, per t or GWh of output."),
    [KV_TABLE_SITES] =
        TABLE(sites, KV_OPTIONAL, kv_site,
              "Who makes, offers or takes what: plants, sources and markets, by scenario and from "
              "a period on."),
    [KV_TABLE_FREIGHT] = {.name = "freight",
                          .need = KV_OPTIONAL,
                          .line_is_int = 1,
                          .row_size = sizeof(kv_freight),
                          .rows_offset = offsetof(kv_case, freight),
                          .line_offset = offsetof(kv_freight, line),
                          .columns = kv_columns_freight,
                          .help = "Freight that moves from one given place to another."},
    [KV_TABLE_FUNDERS] = TABLE(funders, KV_OPTIONAL, kv_funder, "Who pays for projects."),
    [KV_TABLE_BUDGETS] = TABLE(budgets, KV_OPTIONAL, kv_budget,
                               "What a funder can spend in a period. A funder without a row here "
                               "has no limit; one with rows has nothing in the other periods."),
    [KV_TABLE_PROJECTS] = TABLE(projects, KV_OPTIONAL, kv_project,
                                "Investments that can be chosen: cost, time and size."),
    [KV_TABLE_EFFECTS] = TABLE(effects, KV_OPTIONAL, kv_effect,
                               "What a project does once it is finished; one row for each effect."),
    [KV_TABLE_ENERGY_POINTS] =
        TABLE(energy_points, KV_OPTIONAL, kv_energy_point,
              "Places where vehicles with a range can charge or fill today."),
    [KV_TABLE_FUNDING] =
        TABLE(funding, KV_OPTIONAL, kv_funding, "Which funder pays which share of a project."),
    [KV_TABLE_RULES] =
        TABLE(rules, KV_OPTIONAL, kv_rule, "What must hold between projects, whatever they cost."),
    [KV_TABLE_POLICIES] = TABLE(policies, KV_OPTIONAL, kv_policy,
                                "Carbon price and carbon cap, by scenario and from a period on."),
    [KV_TABLE_CHANGES] =
        TABLE(changes, KV_OPTIONAL, kv_change,
              "What a scenario changes in the figures of other tables, in the order of the rows."),
};

int kv_schema_find(const char *table)
{
    for (int t = 0; t < KV_TABLES; t++)
        if (table && strcmp(kv_schema[t].name, table) == 0)
            return t;
    return -1;
}

const kv_column *kv_schema_column(const kv_table *table, const char *column)
{
    for (const kv_column *c = table->columns; c->name; c++)
        if (column && strcmp(c->name, column) == 0)
            return c;
    return NULL;
}
