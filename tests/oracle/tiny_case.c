/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/tiny_case.h"

#include "base/file.h"
#include "oracle/memory.h"
#include "oracle/tiny_parts.h"

#include <stdio.h>
#include <string.h>

typedef struct tiny_table {
    const char *file, *header;
} tiny_table;

static const tiny_table tables[KV_TABLES] = {
    [KV_TABLE_CASE] = {"case.csv",
                       "name,price_year,discount_rate_per_year,decision_year,residual_value,"
                       "unserved_price_eur_per_t,general_freight_product,general_freight_origin,"
                       "general_freight_t_per_inhabitant_year,inhabitants_per_job,"
                       "operating_days_per_year,t_per_train,t_per_truck,t_per_teu,flow_grid_t,"
                       "carbon_cap_total_kt,risk,risk_level,risk_weight"},
    [KV_TABLE_PERIODS] = {"periods.csv", "period,first_year,last_year"},
    [KV_TABLE_SCENARIOS] = {"scenarios.csv", "scenario,probability,freight_factor,budget_factor"},
    [KV_TABLE_PLACES] = {"places.csv", "place,country,latitude_deg,longitude_deg,kind,town"},
    [KV_TABLE_PRODUCTS] = {"products.csv",
                           "product,handling,value_of_time_eur_per_t_h,dangerous,road,t_per_gwh,"
                           "unserved_price_eur_per_t"},
    [KV_TABLE_LINKS] = {"links.csv",
                        "link,from,to,mode,standard,length_km,directions,capacity,capacity_unit,"
                        "capacity_shared,base_load_t_per_year,base_load_growth_per_year,"
                        "electrified,open,dangerous_goods,speed_km_per_h,toll_eur_per_t,hours,"
                        "ice_months,ice_eur_per_t,ice_hours"},
    [KV_TABLE_TERMINALS] = {"terminals.csv",
                            "terminal,place,capacity,capacity_unit,base_load_t_per_year,"
                            "base_load_growth_per_year,open"},
    [KV_TABLE_TRANSFERS] = {"transfers.csv",
                            "terminal,handling,from_mode,from_standard,to_mode,to_standard,"
                            "cost_eur_per_t,hours,both_directions"},
    [KV_TABLE_CARRIERS] = {"carriers.csv", "carrier"},
    [KV_TABLE_ENERGY] = {"energy.csv",
                         "carrier,country,from_period,price_eur_per_kwh,co2_kg_per_kwh"},
    [KV_TABLE_TECHNOLOGIES] =
        {"technologies.csv",
         "technology,mode,carrier,needs_electrification,range_km,empties,empty_share,fleet,"
         "initial_vehicles,renewal,integer_vehicles,payload_t,load_factor,speed_km_per_h,"
         "cost_eur_per_km,cost_eur_per_tkm,energy_kwh_per_km,vehicle_price_eur,"
         "vehicle_fixed_eur_per_year,life_years,km_per_year,max_purchases_per_year,max_share,"
         "min_share"},
    [KV_TABLE_TECHNOLOGY_PERIODS] = {"technology_periods.csv",
                                     "technology,from_period,payload_t,cost_eur_per_km,"
                                     "cost_eur_per_tkm,energy_kwh_per_km,vehicle_price_eur,"
                                     "max_purchases_per_year,max_share,min_share"},
    [KV_TABLE_RECIPES] = {"recipes.csv", "recipe,product,role,t_per_unit,unit"},
    [KV_TABLE_SITES] = {"sites.csv",
                        "site,place,product,role,planned,recipe,amount,unit,price_eur_per_t,"
                        "max_share,unserved_price_eur_per_t,jobs,from_period,scenario"},
    [KV_TABLE_FREIGHT] = {"freight.csv", "from,to,product,t_per_year,growth_per_year,scenario"},
    [KV_TABLE_FUNDERS] = {"funders.csv", "funder"},
    [KV_TABLE_BUDGETS] = {"budgets.csv", "funder,period,amount_meur,carry_over"},
    [KV_TABLE_PROJECTS] = {"projects.csv",
                           "project,kind,cost_meur,freight_share,operating_meur_per_year,"
                           "earliest_year,latest_year,lead_time_years,life_years,max_units,"
                           "size_of"},
    [KV_TABLE_EFFECTS] = {"effects.csv",
                          "project,effect,link,terminal,place,carrier,technology,amount,unit,"
                          "factor,hours"},
    [KV_TABLE_ENERGY_POINTS] = {"energy_points.csv", "place,carrier,capacity_mwh_per_year"},
    [KV_TABLE_FUNDING] = {"funding.csv", "project,funder,share"},
    [KV_TABLE_RULES] = {"rules.csv", "rule,project,other"},
    [KV_TABLE_POLICIES] = {"policies.csv",
                           "from_period,scenario,carbon_price_eur_per_t,carbon_cap_kt_per_year"},
    [KV_TABLE_CHANGES] = {"changes.csv", "scenario,table,key,column,operation,value"},
};

int tiny_maybe(tiny *t, double share)
{
    return kv_random_uniform(&t->random) < share;
}

int tiny_integer(tiny *t, int low, int high)
{
    return kv_random_integer(&t->random, low, high);
}

double tiny_number(tiny *t, double low, double high)
{
    return low + (high - low) * kv_random_uniform(&t->random);
}

void tiny_row(tiny *t, int table, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    kv_text_addv(&t->table[table], format, arguments);
    va_end(arguments);
    kv_text_add(&t->table[table], "\n");
    t->rows[table]++;
}

void tiny_note(char list[TINY_MAX][24], int *count, const char *name)
{
    if (*count < TINY_MAX) {
        snprintf(list[(*count)++], sizeof list[0], "%s", name);
    }
}

/* What the case is about. Vehicles of its own make the linear programmes large, so such cases have
 * fewer periods and projects. */
static void draw_subject(tiny *t)
{
    t->rail = tiny_maybe(t, 0.5);
    t->sea = tiny_maybe(t, 0.35);
    t->ferry = tiny_maybe(t, 0.25);
    t->range = tiny_maybe(t, 0.4);
    t->hydrogen = t->range && tiny_maybe(t, 0.4);
    t->owned_truck = tiny_maybe(t, 0.12);
    t->owned_range = t->range && tiny_maybe(t, 0.3);
    t->owned_ship = t->sea && tiny_maybe(t, 0.2);
    t->balanced = tiny_maybe(t, 0.3);
    t->dangerous = tiny_maybe(t, 0.35);
    t->plants = tiny_maybe(t, 0.55);
    t->planned_plant = t->plants && tiny_maybe(t, 0.5);
    t->carbon_total = tiny_maybe(t, 0.15);
    int owned = t->owned_truck || t->owned_range || t->owned_ship;
    t->places = tiny_integer(t, 3, owned ? 4 : 5);
    t->periods = tiny_integer(t, 1, owned ? 2 : 3);
    t->scenarios = tiny_maybe(t, 0.45) ? 2 : 1;
    if (owned && t->periods * t->scenarios > 2 && tiny_maybe(t, 0.7)) {
        t->scenarios = 1;
    }
    t->cvar = t->scenarios > 1 && tiny_maybe(t, 0.45);
    t->regret = t->scenarios > 1 && !t->cvar && tiny_maybe(t, 0.15);
    t->products = tiny_integer(t, t->plants ? 2 : 1, owned ? 2 : 3);
    t->off_road = t->rail && t->products == 3 && t->places <= 4 && tiny_maybe(t, 0.4);
    t->most_combinations = owned ? 24 : t->carbon_total ? 100 : 400;
    if (!owned && !t->carbon_total && tiny_maybe(t, 0.08)) {
        t->most_combinations = 1900;
    }
}

static void draw_time(tiny *t)
{
    int year = 2026;
    for (int i = 0; i < t->periods; i++) {
        int years = tiny_integer(t, 2, 5);
        t->first_year[i] = year;
        tiny_row(t, KV_TABLE_PERIODS, "t%d,%d,%d", i + 1, year, year + years - 1);
        year += years;
    }
    t->first_year[t->periods] = year;
    if (t->scenarios > 1 && t->periods > 1 && tiny_maybe(t, 0.7)) {
        t->decision_year = t->first_year[tiny_integer(t, 1, t->periods - 1)] - 1;
    }
    for (int s = 0; s < t->scenarios; s++) {
        double probability = t->scenarios == 1 ? 1 : s == 0 ? 0.4 : 0.6;
        int other_budget = t->scenarios > 1 && tiny_maybe(t, 0.4);
        tiny_row(t, KV_TABLE_SCENARIOS, "s%d,%g,%g,%g", s + 1, probability,
                 tiny_maybe(t, 0.5) ? 1 : 1.25, other_budget ? 0.75 : 1);
    }
}

/* The one row of case.csv; products and places are known by now. */
static void draw_case(tiny *t)
{
    char decision[16] = "", cap[32] = "", level[32] = "", weight[32] = "", jobs[64] = ",,,";
    if (t->decision_year) {
        snprintf(decision, sizeof decision, "%d", t->decision_year);
    }
    if (t->carbon_total) {
        snprintf(cap, sizeof cap, "%.4g", tiny_number(t, 1, 25));
    }
    if (t->cvar) {
        snprintf(level, sizeof level, "%g", tiny_maybe(t, 0.4) ? 1 : tiny_number(t, 0.1, 0.9));
    }
    if (t->cvar || t->regret) {
        snprintf(weight, sizeof weight, "%g", tiny_maybe(t, 0.2) ? 1 : 0.4);
    }
    if (tiny_maybe(t, 0.4)) {
        snprintf(jobs, sizeof jobs, "a,p%d,%.3g,%.3g", t->places, tiny_number(t, 4, 12),
                 tiny_number(t, 1, 3));
    }
    tiny_row(t, KV_TABLE_CASE, "tiny,2025,%g,%s,%s,%g,%s,%d,%d,%d,%d,%s,%s,%s,%s,%s",
             tiny_maybe(t, 0.2) ? 0 : 0.04, decision, tiny_maybe(t, 0.3) ? "none" : "straight_line",
             tiny_number(t, 300, 900), jobs, tiny_integer(t, 250, 365), tiny_integer(t, 400, 900),
             tiny_integer(t, 20, 30), tiny_integer(t, 9, 14), tiny_maybe(t, 0.3) ? "0.0003" : "",
             cap,
             t->cvar     ? "cvar"
             : t->regret ? "regret"
                         : "",
             level, weight);
}

/* What the second scenario changes in figures of the tables. */
static void draw_changes(tiny *t)
{
    if (t->scenarios < 2 || tiny_maybe(t, 0.5)) {
        return;
    }
    if (t->n_tight > 0) {
        tiny_row(t, KV_TABLE_CHANGES, "s2,links,%s,capacity,multiply,0.7", t->tight_link[0]);
    }
    if (t->n_projects > 0 && tiny_maybe(t, 0.5)) {
        tiny_row(t, KV_TABLE_CHANGES, "s2,projects,%s,cost_meur,add,1.5", t->project[0]);
    }
    if (t->rows[KV_TABLE_BUDGETS] > 0 && tiny_maybe(t, 0.4)) {
        tiny_row(t, KV_TABLE_CHANGES, "s2,budgets,*,amount_meur,multiply,0.9");
    }
    if (tiny_maybe(t, 0.5)) {
        tiny_row(t, KV_TABLE_CHANGES, "s2,technologies,truck,cost_eur_per_km,set,1.6");
    }
    if (tiny_maybe(t, 0.3)) {
        tiny_row(t, KV_TABLE_CHANGES, "s2,energy,diesel/*/*,price_eur_per_kwh,multiply,1.3");
    }
    if (tiny_maybe(t, 0.3)) {
        tiny_row(t, KV_TABLE_CHANGES, "s2,links,*,toll_eur_per_t,add,0.35");
    }
    if (tiny_maybe(t, 0.3)) {
        tiny_row(t, KV_TABLE_CHANGES, "s2,sites,a_far/*/*/*,price_eur_per_t,add,6");
    }
    if (t->rows[KV_TABLE_RECIPES] > 0 && tiny_maybe(t, 0.4)) {
        tiny_row(t, KV_TABLE_CHANGES, "s2,recipes,make_b/*/*,t_per_unit,multiply,1.07");
    }
    if (t->sized_effect[0]) {
        tiny_row(t, KV_TABLE_CHANGES, "s2,effects,%s/*/*/*/*/*/*,amount,multiply,0.8",
                 t->sized_effect);
    }
}

static kv_status write_tables(tiny *t, const char *folder, kv_messages *messages)
{
    kv_status status = kv_folder_make(folder, messages);
    for (int i = 0; i < KV_TABLES && status == KV_OK; i++) {
        char *path = kv_path_join(folder, tables[i].file);
        if (!path || t->table[i].failed) {
            status = KV_ERR_MEMORY;
        } else if (t->rows[i] == 0) {
            remove(path);
        } else {
            FILE *file = fopen(path, "wb"); /* plainly: nothing is lost when a test ends badly */
            size_t done = file ? fwrite(t->table[i].data, 1, t->table[i].length, file) : 0;
            status = done == t->table[i].length ? KV_OK : KV_ERR_IO;
            status = file && fclose(file) != 0 ? KV_ERR_IO : status;
        }
        kv_free(path);
    }
    return status;
}

kv_status oracle_tiny_write(const char *folder, unsigned seed, kv_messages *messages)
{
    tiny *t = oracle_alloc(1, sizeof *t);
    kv_random_seed(&t->random, 1000003ULL * seed + 17);
    t->combinations = 1;
    for (int i = 0; i < KV_TABLES; i++) {
        kv_text_add(&t->table[i], tables[i].header);
        kv_text_add(&t->table[i], "\n");
    }
    draw_subject(t);
    draw_time(t);
    tiny_network(t);
    tiny_technologies(t);
    tiny_demand(t);
    tiny_projects(t);
    draw_case(t);
    draw_changes(t);
    kv_status status = write_tables(t, folder, messages);
    for (int i = 0; i < KV_TABLES; i++) {
        kv_text_clear(&t->table[i]);
    }
    kv_free(t);
    return status;
}
