/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of investments: funders, budgets, projects, effects, funding, rules. */
#include "instances/columns.h"

static const char *const words_project[] = {"corridor", "terminal", "electrification", "charging",
                                            "hydrogen", "trucks",   "ships",           "ferry",
                                            "other",    NULL};
static const char *const words_effect[] = {"open_link",
                                           "open_terminal",
                                           "link_capacity",
                                           "terminal_capacity",
                                           "electrify",
                                           "improve_link",
                                           "improve_terminal",
                                           "allow_dangerous",
                                           "energy_point",
                                           "fleet",
                                           NULL};
static const char *const words_effect_unit[] = {"t/yr",       "kt/yr",      "Mt/yr",  "t/day",
                                                "trains/day", "trucks/day", "TEU/yr", "MWh/yr",
                                                "vehicles",   NULL};
static const char *const words_rule[] = {"requires", "excludes", "jointly", "mandatory", NULL};

const kv_column kv_columns_funders[] = {
    COLUMN_KEY(kv_funder, funder, KV_REQUIRED, 1, "region", "Short name of the funder."),
    COLUMN_TEXT(kv_funder, name, KV_OPTIONAL, 0, NULL, "Region", "Name for reports."),
    COLUMN_TEXT(kv_funder, country, KV_OPTIONAL, 0, NULL, "SE",
                "Country, as in places.csv. Blank: none, such as the EU."),
    COLUMN_SOURCE(kv_funder),
    COLUMN_END,
};

const kv_column kv_columns_budgets[] = {
    COLUMN_REF(kv_budget, funder, KV_REQUIRED, 1, KV_TABLE_FUNDERS, "region", "The funder."),
    COLUMN_REF(kv_budget, period, KV_REQUIRED, 1, KV_TABLE_PERIODS, "2026-2030", "The period."),
    COLUMN_NUMBER(kv_budget, amount_meur, KV_REQUIRED, NULL, 0, 1e7, 0, 1e5, "MEUR", 1, "150",
                  "What can be spent in the period, in prices of the price year."),
    COLUMN_NUMBER(kv_budget, carry_over, KV_OPTIONAL, "1", 0, 1, 0, 1, "share", 0, "1",
                  "Share of what is left that goes into the next period."),
    COLUMN_SOURCE(kv_budget),
    COLUMN_END,
};

const kv_column kv_columns_projects[] = {
    COLUMN_KEY(kv_project, project, KV_REQUIRED, 1, "new-quay", "Short name of the project."),
    COLUMN_TEXT(kv_project, name, KV_OPTIONAL, 0, NULL, "New quay", "Name for reports."),
    COLUMN_CHOICE(kv_project, kind, KV_OPTIONAL, 0, "other", words_project, "terminal",
                  "What kind of investment it is, for reports."),
    COLUMN_TEXT(kv_project, country, KV_OPTIONAL, 0, NULL, "SE", "Country, for reports."),
    COLUMN_NUMBER(kv_project, cost_meur, KV_REQUIRED, NULL, 0, 1e7, 0.01, 50000, "MEUR per unit", 1,
                  "60", "Cost of a unit, spent evenly over the lead time."),
    COLUMN_NUMBER(kv_project, freight_share, KV_OPTIONAL, "1", 0, 1, 0.01, 1, "share", 1, "1",
                  "Share of the cost that is set against the gains of freight; the rest is for "
                  "passengers and others. Budgets pay all of it."),
    COLUMN_NUMBER(kv_project, operating_meur_per_year, KV_OPTIONAL, "0", -1e5, 1e5, 0, 1000,
                  "MEUR/yr per unit", 1, NULL, "Cost of running it, from its opening on."),
    COLUMN_YEAR(kv_project, earliest_year, KV_OPTIONAL, "2026",
                "Construction starts in this year at the earliest. Blank: any."),
    COLUMN_YEAR(kv_project, latest_year, KV_OPTIONAL, NULL,
                "Construction starts in this year at the latest. Blank: any."),
    COLUMN_NUMBER(kv_project, lead_time_years, KV_OPTIONAL, "0", 0, 50, 0, 25, "years", 0, "3",
                  "From the start of construction to the opening."),
    COLUMN_NUMBER(kv_project, life_years, KV_OPTIONAL, "40", 0.5, 500, 3, 120, "years", 0, "40",
                  "Life from the opening on."),
    COLUMN_INTEGER(kv_project, max_units, KV_OPTIONAL, "1", 1, 100000, "units", "1",
                   "How many units can be built, such as groups of chargers."),
    COLUMN_KEY(kv_project, size_of, KV_OPTIONAL, 0, NULL,
               "Projects with the same word here are sizes of one: at most one of them is built."),
    COLUMN_TEXT(kv_project, range, KV_OPTIONAL, 0, NULL, NULL,
                "Range of the cost as its source gives it, for the reader."),
    COLUMN_SOURCE(kv_project),
    COLUMN_END,
};

const kv_column kv_columns_effects[] = {
    COLUMN_REF(kv_effect, project, KV_REQUIRED, 1, KV_TABLE_PROJECTS, "new-quay", "The project."),
    COLUMN_CHOICE(kv_effect, effect, KV_REQUIRED, 1, NULL, words_effect, "terminal_capacity",
                  "What it does."),
    COLUMN_REF(kv_effect, link, KV_OPTIONAL, 1, KV_TABLE_LINKS, NULL,
               "The link, for open_link, link_capacity, electrify, improve_link and "
               "allow_dangerous."),
    COLUMN_REF(kv_effect, terminal, KV_OPTIONAL, 1, KV_TABLE_TERMINALS, "harbour-quay",
               "The terminal, for open_terminal, terminal_capacity and improve_terminal."),
    COLUMN_REF(kv_effect, place, KV_OPTIONAL, 1, KV_TABLE_PLACES, NULL,
               "The place, for energy_point."),
    COLUMN_REF(kv_effect, carrier, KV_OPTIONAL, 1, KV_TABLE_CARRIERS, NULL,
               "The carrier, for energy_point."),
    COLUMN_REF(kv_effect, technology, KV_OPTIONAL, 1, KV_TABLE_TECHNOLOGIES, NULL,
               "The technology, for fleet."),
    COLUMN_NUMBER(kv_effect, amount, KV_OPTIONAL, NULL, 0, 1e12, 0, 1e10, "unit", 1, "500",
                  "What one unit of the project adds, for link_capacity, terminal_capacity, "
                  "energy_point and fleet."),
    COLUMN_CHOICE(
        kv_effect, unit, KV_OPTIONAL, 0, NULL, words_effect_unit, "kt/yr",
        "Unit of the amount; blank means MWh/yr for energy_point and vehicles for fleet."),
    COLUMN_NUMBER(kv_effect, factor, KV_OPTIONAL, "1", 0, 1000, 0.1, 2, "factor", 0, NULL,
                  "For improve_link: factor on the length. For improve_terminal: factor on the "
                  "cost."),
    COLUMN_NUMBER(kv_effect, hours, KV_OPTIONAL, "0", -10000, 10000, -200, 200, "h", 0, NULL,
                  "For improve_link and improve_terminal: change of the hours, negative for "
                  "faster."),
    COLUMN_SOURCE(kv_effect),
    COLUMN_END,
};

const kv_column kv_columns_funding[] = {
    COLUMN_REF(kv_funding, project, KV_REQUIRED, 1, KV_TABLE_PROJECTS, "new-quay", "The project."),
    COLUMN_REF(kv_funding, funder, KV_REQUIRED, 1, KV_TABLE_FUNDERS, "region", "The funder."),
    COLUMN_NUMBER(kv_funding, share, KV_REQUIRED, NULL, 0, 1, 0.001, 1, "share", 0, "1",
                  "Share of the cost; those of a project sum to 1."),
    COLUMN_SOURCE(kv_funding),
    COLUMN_END,
};

const kv_column kv_columns_rules[] = {
    COLUMN_CHOICE(kv_rule, rule, KV_REQUIRED, 1, NULL, words_rule, "requires",
                  "requires: the project serves only while the other does. excludes: not both. "
                  "jointly: both or none. mandatory: it must be built."),
    COLUMN_REF(kv_rule, project, KV_REQUIRED, 1, KV_TABLE_PROJECTS, "new-quay", "The project."),
    COLUMN_REF(kv_rule, other, KV_OPTIONAL, 1, KV_TABLE_PROJECTS, NULL,
               "The other project; blank for mandatory."),
    COLUMN_SOURCE(kv_rule),
    COLUMN_END,
};
