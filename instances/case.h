/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case: what is given, as typed rows of its tables. Every column's meaning, unit, range and
 * default stands once, in instances/schema.c; the field here has the column's name.
 *
 * Conventions of all rows:
 *   const char *   a text of the case's pool; NULL = left blank
 *   int x          for a reference: the index of the row in the table referred to, -1 = blank
 *   int x          for a choice: the enum's value, -1 = blank;  for yes/no: 1 or 0;  for a year: the year
 *   double x       for a number in the unit of its name; NaN = left blank (no default)
 *   long line      the line of the file that the row came from (header = 1); 0 = not from a file
 */
#ifndef KV_INSTANCES_CASE_H
#define KV_INSTANCES_CASE_H

#include "base/intern.h"
#include "base/messages.h"
#include "base/status.h"

#include <stddef.h>
#include <stdint.h>

typedef enum kv_mode {
    KV_MODE_ROAD,
    KV_MODE_RAIL,
    KV_MODE_SEA,
    KV_MODE_FERRY,
    KV_MODE_WATERWAY,
    KV_MODE_AIR,
    KV_MODE_PIPELINE,
    KV_MODES
} kv_mode;

typedef enum kv_handling { /* how a product is handled; a transfer serves one of these or any */
                           KV_HANDLING_ANY,
                           KV_HANDLING_DRY_BULK,
                           KV_HANDLING_LIQUID_BULK,
                           KV_HANDLING_CONTAINER,
                           KV_HANDLING_BREAK_BULK,
                           KV_HANDLING_NEO_BULK
} kv_handling;

typedef enum kv_capacity_unit { /* converted to t/yr in one place: kv_capacity_t_per_year */
                                KV_UNIT_T_YR,
                                KV_UNIT_KT_YR,
                                KV_UNIT_MT_YR,
                                KV_UNIT_T_DAY,
                                KV_UNIT_TRAINS_DAY,
                                KV_UNIT_TRUCKS_DAY,
                                KV_UNIT_TEU_YR,
                                KV_UNIT_MWH_YR,
                                KV_UNIT_VEHICLES /* of effects only: energy_point, fleet */
} kv_capacity_unit;

typedef enum kv_amount_unit {
    KV_AMOUNT_T_YR,
    KV_AMOUNT_KT_YR,
    KV_AMOUNT_MT_YR,
    KV_AMOUNT_GWH_YR
} kv_amount_unit;

typedef enum kv_residual { KV_RESIDUAL_STRAIGHT_LINE, KV_RESIDUAL_NONE } kv_residual;
typedef enum kv_risk { KV_RISK_EXPECTED, KV_RISK_CVAR, KV_RISK_REGRET } kv_risk;

typedef struct kv_case_row { /* case.csv, exactly one row */
    const char *name, *title, *currency;
    int price_year;
    double discount_rate_per_year;
    int decision_year;  /* 0 = blank: all starts are common to the scenarios */
    int residual_value; /* kv_residual */
    double unserved_price_eur_per_t;
    int general_freight_product, general_freight_origin; /* product, place */
    double general_freight_t_per_inhabitant_year, inhabitants_per_job;
    double operating_days_per_year, t_per_train, t_per_truck, t_per_teu;
    double flow_grid_t;
    double carbon_cap_total_kt; /* NaN = no cumulative cap */
    int risk;                   /* kv_risk */
    double risk_level, risk_weight;
    const char *source;
    long line;
} kv_case_row;

typedef struct kv_period {
    const char *period;
    int first_year, last_year;
    const char *source;
    long line;
} kv_period;

typedef enum kv_place_kind {
    KV_PLACE_CITY,
    KV_PLACE_PLANT,
    KV_PLACE_MINE,
    KV_PLACE_REFINERY,
    KV_PLACE_PORT,
    KV_PLACE_RAIL_TERMINAL,
    KV_PLACE_BORDER,
    KV_PLACE_GATEWAY,
    KV_PLACE_JUNCTION
} kv_place_kind;

typedef struct kv_place {
    const char *place, *name, *country;
    double latitude_deg, longitude_deg;
    int kind; /* kv_place_kind; a gateway is a door to the world's markets */
    int town; /* place whose population grows with jobs here; -1 = itself */
    double inhabitants;
    int region; /* 1 = inside the region that is planned */
    const char *source;
    long line;
} kv_place;

typedef enum kv_directions { KV_BOTH, KV_ONE } kv_directions;

typedef struct kv_link {
    const char *link, *name;
    int from, to; /* places */
    int mode;
    const char *standard; /* gauge or the like; NULL = none. Nodes are (place, mode, standard) */
    double length_km;
    int directions;
    double capacity;
    int capacity_unit;   /* NaN = unlimited */
    int capacity_shared; /* 1 = both directions together */
    double base_load_t_per_year, base_load_growth_per_year;
    int electrified, open, dangerous_goods;
    double speed_km_per_h; /* NaN = the technology's */
    double toll_eur_per_t, hours, ice_months, ice_eur_per_t, ice_hours;
    const char *source;
    long line;
} kv_link;

typedef struct kv_terminal {
    const char *terminal, *name;
    int place;
    double capacity;
    int capacity_unit;
    double base_load_t_per_year, base_load_growth_per_year;
    int open;
    const char *source;
    long line;
} kv_terminal;

typedef struct kv_transfer {
    int terminal, handling;
    int from_mode;
    const char *from_standard;
    int to_mode;
    const char *to_standard;
    double cost_eur_per_t, hours;
    int both_directions;
    const char *source;
    long line;
} kv_transfer;

typedef struct kv_carrier {
    const char *carrier, *name;
    const char *source;
    long line;
} kv_carrier;

typedef struct kv_energy { /* price and emissions of a carrier in a country from a period on */
    int carrier;
    const char *country; /* NULL = wherever no row names the country */
    int from_period;     /* -1 = from the first */
    double price_eur_per_kwh, co2_kg_per_kwh;
    const char *source;
    long line;
} kv_energy;

typedef enum kv_empties { KV_EMPTIES_NONE, KV_EMPTIES_SHARE, KV_EMPTIES_BALANCED } kv_empties;
typedef enum kv_fleet { KV_FLEET_HIRED, KV_FLEET_OWNED } kv_fleet;

typedef struct kv_technology {
    const char *technology, *name;
    int mode, carrier;
    int needs_electrification;
    double range_km; /* NaN = none: refuels anywhere */
    int empties;
    double empty_share;
    int fleet;
    double initial_vehicles;
    int renewal, integer_vehicles;
    double payload_t, load_factor, speed_km_per_h;
    double cost_eur_per_km, cost_eur_per_tkm, energy_kwh_per_km;
    double vehicle_price_eur, vehicle_fixed_eur_per_year, life_years, km_per_year;
    double max_purchases_per_year, max_share, min_share; /* NaN = no limit */
    const char *source;
    long line;
} kv_technology;

typedef struct kv_technology_period { /* from this period on; NaN = as before */
    int technology, from_period;
    double payload_t, cost_eur_per_km, cost_eur_per_tkm, energy_kwh_per_km, vehicle_price_eur;
    double max_purchases_per_year, max_share, min_share;
    const char *source;
    long line;
} kv_technology_period;

typedef struct kv_product {
    const char *product, *name;
    int handling;
    double value_of_time_eur_per_t_h;
    int dangerous, road;
    double t_per_gwh;                /* NaN = not counted in GWh */
    double unserved_price_eur_per_t; /* NaN = the case's */
    const char *source;
    long line;
} kv_product;

typedef enum kv_recipe_role { KV_RECIPE_INPUT, KV_RECIPE_COPRODUCT } kv_recipe_role;

typedef struct kv_recipe {
    const char *recipe;
    int product, role;
    double t_per_unit;
    int unit; /* t of `product` per t (KV_AMOUNT_T_YR) or per GWh (KV_AMOUNT_GWH_YR) of output */
    const char *source;
    long line;
} kv_recipe;

typedef enum kv_site_role { KV_SITE_PLANT, KV_SITE_SOURCE, KV_SITE_MARKET } kv_site_role;
typedef enum kv_planned { KV_PLANNED, KV_CHOSEN } kv_planned;

typedef struct kv_site {
    const char *site, *name;
    int place, product, role, planned;
    const char *recipe; /* NULL = none */
    double amount;
    int unit;
    double price_eur_per_t, max_share, unserved_price_eur_per_t;
    double jobs;
    int from_period, scenario;
    const char *source;
    long line;
} kv_site;

typedef struct kv_freight {
    int from, to, product;
    double t_per_year, growth_per_year;
    int scenario;
    int line;
    const char *source;
} kv_freight;

typedef struct kv_funder {
    const char *funder, *name, *country, *source;
    long line;
} kv_funder;

typedef struct kv_budget {
    int funder, period;
    double amount_meur, carry_over; /* share of what is left that goes into the next period */
    const char *source;
    long line;
} kv_budget;

typedef enum kv_project_kind {
    KV_PROJECT_CORRIDOR,
    KV_PROJECT_TERMINAL,
    KV_PROJECT_ELECTRIFICATION,
    KV_PROJECT_CHARGING,
    KV_PROJECT_HYDROGEN,
    KV_PROJECT_TRUCKS,
    KV_PROJECT_SHIPS,
    KV_PROJECT_FERRY,
    KV_PROJECT_OTHER
} kv_project_kind;

typedef struct kv_project {
    const char *project, *name;
    int kind;
    const char *country;
    double cost_meur, freight_share, operating_meur_per_year;
    int earliest_year, latest_year; /* start of construction; 0 = blank */
    double lead_time_years, life_years;
    int max_units;
    const char
        *size_of; /* projects with the same text here are sizes of one: at most one is built */
    const char *range;
    const char *source;
    long line;
} kv_project;

typedef enum kv_effect_kind {
    KV_EFFECT_OPEN_LINK,
    KV_EFFECT_OPEN_TERMINAL,
    KV_EFFECT_LINK_CAPACITY,
    KV_EFFECT_TERMINAL_CAPACITY,
    KV_EFFECT_ELECTRIFY,
    KV_EFFECT_IMPROVE_LINK,
    KV_EFFECT_IMPROVE_TERMINAL,
    KV_EFFECT_ALLOW_DANGEROUS,
    KV_EFFECT_ENERGY_POINT,
    KV_EFFECT_FLEET
} kv_effect_kind;

typedef struct kv_effect {
    int project, effect;
    int link, terminal, place, carrier, technology; /* the one or two that the effect needs */
    double amount;
    int unit; /* capacity added a unit of the project; MWh/yr for energy_point; vehicles for fleet */
    double factor, hours; /* improve_*: factor on distance (or transfer cost), change of hours */
    const char *source;
    long line;
} kv_effect;

typedef struct kv_energy_point {
    int place, carrier;
    double capacity_mwh_per_year;
    const char *source;
    long line;
} kv_energy_point;
typedef struct kv_funding {
    int project, funder;
    double share;
    const char *source;
    long line;
} kv_funding;

typedef enum kv_rule_kind {
    KV_RULE_REQUIRES,
    KV_RULE_EXCLUDES,
    KV_RULE_JOINTLY,
    KV_RULE_MANDATORY
} kv_rule_kind;
typedef struct kv_rule {
    int rule, project, other;
    const char *source;
    long line;
} kv_rule;

typedef struct kv_policy {
    int from_period, scenario;
    double carbon_price_eur_per_t, carbon_cap_kt_per_year; /* cap NaN = none */
    const char *source;
    long line;
} kv_policy;

typedef struct kv_scenario {
    const char *scenario, *title;
    double probability, freight_factor, budget_factor;
    const char *note, *source;
    long line;
} kv_scenario;

typedef enum kv_operation { KV_SET, KV_MULTIPLY, KV_ADD } kv_operation;
typedef struct kv_change { /* what a scenario changes in the other tables */
    int scenario;
    const char *table, *key, *column; /* key: the row's key columns joined by '/'; "*" = all rows */
    int operation;
    double value;
    const char *source;
    long line;
} kv_change;

/* Tables in the order in which they are read; the number is the table's index everywhere. */
typedef enum kv_table_id {
    KV_TABLE_CASE,
    KV_TABLE_PERIODS,
    KV_TABLE_SCENARIOS,
    KV_TABLE_PLACES,
    KV_TABLE_PRODUCTS,
    KV_TABLE_LINKS,
    KV_TABLE_TERMINALS,
    KV_TABLE_TRANSFERS,
    KV_TABLE_CARRIERS,
    KV_TABLE_ENERGY,
    KV_TABLE_TECHNOLOGIES,
    KV_TABLE_TECHNOLOGY_PERIODS,
    KV_TABLE_RECIPES,
    KV_TABLE_SITES,
    KV_TABLE_FREIGHT,
    KV_TABLE_FUNDERS,
    KV_TABLE_BUDGETS,
    KV_TABLE_PROJECTS,
    KV_TABLE_EFFECTS,
    KV_TABLE_ENERGY_POINTS,
    KV_TABLE_FUNDING,
    KV_TABLE_RULES,
    KV_TABLE_POLICIES,
    KV_TABLE_CHANGES,
    KV_TABLES
} kv_table_id;

#define KV_ROWS(type)                                                                              \
    struct {                                                                                       \
        type *rows;                                                                                \
        int count;                                                                                 \
    }

typedef struct kv_case {
    char *folder;  /* where it was read from; NULL = made in memory */
    uint64_t hash; /* FNV-1a over the files' names and bytes, in table order */
    kv_pool *pool; /* all texts */
    /* In the order of kv_table_id; each { rows, count }, so that `tables` can address them. */
    KV_ROWS(kv_case_row) the_case;  /* count 1 after reading */
    KV_ROWS(kv_period) periods;     /* ordered by year */
    KV_ROWS(kv_scenario) scenarios; /* at least one: "base" with probability 1 if no table */
    KV_ROWS(kv_place) places;
    KV_ROWS(kv_product) products;
    KV_ROWS(kv_link) links;
    KV_ROWS(kv_terminal) terminals;
    KV_ROWS(kv_transfer) transfers;
    KV_ROWS(kv_carrier) carriers;
    KV_ROWS(kv_energy) energy;
    KV_ROWS(kv_technology) technologies;
    KV_ROWS(kv_technology_period) technology_periods;
    KV_ROWS(kv_recipe) recipes;
    KV_ROWS(kv_site) sites;
    KV_ROWS(kv_freight) freight;
    KV_ROWS(kv_funder) funders;
    KV_ROWS(kv_budget) budgets;
    KV_ROWS(kv_project) projects;
    KV_ROWS(kv_effect) effects;
    KV_ROWS(kv_energy_point) energy_points;
    KV_ROWS(kv_funding) funding;
    KV_ROWS(kv_rule) rules;
    KV_ROWS(kv_policy) policies;
    KV_ROWS(kv_change) changes;
} kv_case;

/*
 * Read and check the case in `folder`; all faults and warnings go to `messages`.
 * KV_OK (perhaps with warnings), KV_ERR_INPUT (faults; *the_case is NULL), KV_ERR_IO, KV_ERR_MEMORY.
 * `sets` are n_sets texts "TABLE.KEY.COLUMN=VALUE" (option --set), applied before checking.
 * The caller frees *the_case with kv_case_free.
 */
kv_status kv_case_read(const char *folder, const char *const *sets, int n_sets, kv_case **the_case,
                       kv_messages *messages);
void kv_case_free(kv_case *the_case);

/* A file of a case that is in memory: "links.csv" and its bytes. */
typedef struct kv_case_file {
    const char *name, *bytes;
    size_t length;
} kv_case_file;

/* Like kv_case_read, from bytes in memory; the case's folder is NULL. */
kv_status kv_case_read_memory(const kv_case_file *files, int n_files, const char *const *sets,
                              int n_sets, kv_case **the_case, kv_messages *messages);

/*
 * Check a case that did not come from kv_case_read, or was altered since: the ranges of all values
 * and what must hold between tables. KV_OK (perhaps with warnings), KV_ERR_INPUT, KV_ERR_MEMORY.
 */
kv_status kv_case_check(const kv_case *the_case, kv_messages *messages);

/*
 * The case as scenario `s` sees it: a copy with the scenario's rows of changes.csv applied (rows
 * of sites, freight and policies keep their `scenario` column: use the selectors of
 * instances/select.h). Shares the pool with `the_case`, which must outlive it.
 */
kv_status kv_case_view(const kv_case *the_case, int scenario, kv_case **view);
void kv_case_view_free(kv_case *view);

/* Convert a capacity to t/yr by the factors of case.csv. NaN stays NaN. */
double kv_capacity_t_per_year(const kv_case_row *the_case, double capacity, int unit);

/* t/yr of a site's amount; GWh by the product's t_per_gwh. */
double kv_amount_t_per_year(const kv_product *product, double amount, int unit);

#endif
