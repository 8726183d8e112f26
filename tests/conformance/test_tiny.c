/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The generated tiny cases: lawful, small, the same each time, and between them full of all that a
 * case can hold. */
#include "base/file.h"
#include "base/memory.h"
#include "oracle/enumerate.h"
#include "oracle/tiny_case.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEEDS = 240 };

static kv_case *read_seed(const char *folder, unsigned seed)
{
    kv_messages *messages = kv_messages_create();
    kv_case *the_case = NULL;
    cr_assert(oracle_tiny_write(folder, seed, messages) == KV_OK);
    kv_status status = kv_case_read(folder, NULL, 0, &the_case, messages);
    for (size_t i = 0; i < kv_messages_count(messages) && status != KV_OK; i++) {
        char *text = kv_message_text(kv_messages_get(messages, i));
        cr_log_error("seed %u: %s", seed, text);
        kv_free(text);
    }
    cr_assert(status == KV_OK, "seed %u", seed);
    kv_messages_free(messages);
    return the_case;
}

typedef struct feature {
    const char *name;
    int count; /* cases that have it */
} feature;

enum { FEATURES = 160 };

typedef struct tally {
    feature feature[FEATURES];
    int n;
} tally;

/* Note a feature; it is listed also when this case lacks it. */
static void note(tally *t, const char *name, int has)
{
    for (int i = 0; i < t->n; i++) {
        if (strcmp(t->feature[i].name, name) == 0) {
            t->feature[i].count += has != 0;
            return;
        }
    }
    cr_assert(t->n < FEATURES);
    t->feature[t->n++] = (feature){name, has != 0};
}

#define ANY(result, table, condition)                                                              \
    int result = 0;                                                                                \
    for (int i = 0; i < c->table.count; i++) {                                                     \
        const __typeof__(c->table.rows[0]) *it = &c->table.rows[i];                                \
        result |= (condition);                                                                     \
    }

#define NOTE(table, condition)                                                                     \
    do {                                                                                           \
        ANY(has, table, condition)                                                                 \
        note(t, #table ": " #condition, has);                                                      \
    } while (0)

static void note_network(tally *t, const kv_case *c)
{
    NOTE(links, !it->open);
    NOTE(links, it->directions == KV_ONE);
    NOTE(links, !it->dangerous_goods);
    NOTE(links, it->electrified);
    NOTE(links, it->standard != NULL);
    NOTE(links, !isnan(it->capacity) && it->capacity_shared);
    NOTE(links, !isnan(it->capacity) && !it->capacity_shared);
    NOTE(links, it->base_load_t_per_year > 0 && it->base_load_growth_per_year > 0);
    NOTE(links, it->toll_eur_per_t > 0);
    NOTE(links, it->hours > 0);
    NOTE(links, it->ice_months > 0 && it->ice_eur_per_t > 0 && it->ice_hours > 0);
    NOTE(links, !isnan(it->speed_km_per_h));
    NOTE(links, !isnan(it->capacity) && it->capacity_unit == KV_UNIT_MT_YR);
    NOTE(links, !isnan(it->capacity) && it->capacity_unit == KV_UNIT_KT_YR);
    NOTE(links, !isnan(it->capacity) && it->capacity_unit == KV_UNIT_T_YR);
    NOTE(links, !isnan(it->capacity) && it->capacity_unit == KV_UNIT_T_DAY);
    NOTE(links, !isnan(it->capacity) && it->capacity_unit == KV_UNIT_TRUCKS_DAY);
    NOTE(links, !isnan(it->capacity) && it->capacity_unit == KV_UNIT_TEU_YR);
    NOTE(links, it->mode == KV_MODE_RAIL);
    NOTE(links, it->mode == KV_MODE_SEA);
    NOTE(links, it->mode == KV_MODE_FERRY);
    NOTE(terminals, !it->open);
    NOTE(terminals, !isnan(it->capacity));
    NOTE(transfers, !it->both_directions);
    NOTE(transfers, it->handling != KV_HANDLING_ANY);
    NOTE(transfers, it->from_mode == it->to_mode);
    NOTE(places, it->town >= 0);
    NOTE(places, it->country == NULL);
}

static void note_vehicles(tally *t, const kv_case *c)
{
    NOTE(technologies, !isnan(it->range_km));
    NOTE(technologies, it->needs_electrification);
    NOTE(technologies, it->empties == KV_EMPTIES_SHARE);
    NOTE(technologies, it->empties == KV_EMPTIES_BALANCED);
    NOTE(technologies, it->empties == KV_EMPTIES_BALANCED && !isnan(it->range_km));
    NOTE(technologies, it->fleet == KV_FLEET_OWNED && !it->integer_vehicles);
    NOTE(technologies, it->fleet == KV_FLEET_OWNED && it->integer_vehicles);
    NOTE(technologies, it->fleet == KV_FLEET_OWNED && !it->renewal);
    NOTE(technologies, it->fleet == KV_FLEET_OWNED && it->initial_vehicles > 0);
    NOTE(technologies, it->fleet == KV_FLEET_OWNED && !isnan(it->max_purchases_per_year));
    NOTE(technologies, it->vehicle_fixed_eur_per_year > 0);
    NOTE(technologies, !isnan(it->max_share));
    NOTE(technologies, !isnan(it->min_share));
    NOTE(technologies, it->cost_eur_per_tkm > 0);
    NOTE(technology_periods, it->from_period > 0);
    NOTE(technology_periods, !isnan(it->payload_t));
    NOTE(technology_periods, !isnan(it->max_purchases_per_year));
    NOTE(technology_periods, !isnan(it->max_share));
    NOTE(technology_periods, !isnan(it->min_share));
    NOTE(energy, it->country != NULL);
    NOTE(energy, it->from_period > 0);
    NOTE(energy_points, isnan(it->capacity_mwh_per_year));
    NOTE(energy_points, !isnan(it->capacity_mwh_per_year));
    NOTE(policies, it->carbon_price_eur_per_t > 0);
    NOTE(policies, !isnan(it->carbon_cap_kt_per_year));
    NOTE(policies, it->scenario >= 0);
    NOTE(policies, it->from_period > 0);
}

static void note_demand(tally *t, const kv_case *c)
{
    int coproduct = 0;
    for (int i = 0; i < c->recipes.count; i++) {
        coproduct |= c->recipes.rows[i].role == KV_RECIPE_COPRODUCT;
    }
    NOTE(products, it->handling == KV_HANDLING_ANY);
    NOTE(products, it->dangerous);
    NOTE(products, !it->road);
    NOTE(recipes, it->unit == KV_AMOUNT_GWH_YR);
    NOTE(recipes, it->unit == KV_AMOUNT_T_YR);
    NOTE(sites, it->role == KV_SITE_PLANT && it->planned == KV_PLANNED && coproduct);
    NOTE(sites, it->role == KV_SITE_PLANT && it->planned == KV_CHOSEN && coproduct);
    NOTE(sites, it->role == KV_SITE_SOURCE && it->planned == KV_PLANNED);
    NOTE(sites, it->role == KV_SITE_SOURCE && it->planned == KV_CHOSEN && !isnan(it->max_share));
    NOTE(sites, it->role == KV_SITE_MARKET && it->planned == KV_PLANNED);
    NOTE(sites, it->role == KV_SITE_MARKET && it->planned == KV_CHOSEN);
    NOTE(sites, !isnan(it->unserved_price_eur_per_t));
    NOTE(sites, it->jobs > 0 && c->the_case.rows[0].general_freight_product >= 0);
    NOTE(sites, it->from_period > 0 && it->amount == 0);
    NOTE(sites, it->from_period > 0);
    NOTE(sites, it->scenario >= 0);
    NOTE(sites, it->unit == KV_AMOUNT_T_YR);
    NOTE(sites, it->unit == KV_AMOUNT_KT_YR);
    NOTE(sites, it->unit == KV_AMOUNT_MT_YR);
    NOTE(sites, it->unit == KV_AMOUNT_GWH_YR);
    NOTE(freight, it->growth_per_year > 0);
    NOTE(freight, it->scenario >= 0);
}

static void note_projects(tally *t, const kv_case *c)
{
    static const char *const kinds[] = {"corridor", "terminal", "electrification",
                                        "charging", "hydrogen", "trucks",
                                        "ships",    "ferry",    "other"};
    static const char *const effects[] = {
        "open_link",    "open_terminal",    "link_capacity",   "terminal_capacity", "electrify",
        "improve_link", "improve_terminal", "allow_dangerous", "energy_point",      "fleet"};
    static const char *const rules[] = {"requires", "excludes", "jointly", "mandatory"};
    for (int kind = 0; kind < 9; kind++) {
        ANY(has, projects, it->kind == kind)
        note(t, kinds[kind], has);
    }
    for (int effect = 0; effect < 10; effect++) {
        ANY(has, effects, it->effect == effect)
        note(t, effects[effect], has);
    }
    for (int rule = 0; rule < 4; rule++) {
        ANY(has, rules, it->rule == rule)
        note(t, rules[rule], has);
    }
    NOTE(effects, it->effect == KV_EFFECT_LINK_CAPACITY && it->unit == KV_UNIT_TRAINS_DAY);
    NOTE(effects, it->effect == KV_EFFECT_IMPROVE_LINK && it->hours < 0);
    NOTE(effects, it->effect == KV_EFFECT_IMPROVE_TERMINAL && it->hours < 0);
    NOTE(projects, it->size_of != NULL);
    NOTE(projects, it->max_units > 1);
    NOTE(projects, it->freight_share < 1);
    NOTE(projects, it->operating_meur_per_year > 0);
    NOTE(projects, it->lead_time_years == 1.5);
    NOTE(projects, it->lead_time_years == 0);
    NOTE(funding, it->share < 1);
    NOTE(budgets, it->carry_over == 0);
    NOTE(budgets, it->carry_over == 0.5);
    NOTE(budgets, it->carry_over == 1);
}

static void note_frame(tally *t, const kv_case *c)
{
    const kv_case_row *row = &c->the_case.rows[0];
    int several = c->scenarios.count > 1;
    note(t, "one period", c->periods.count == 1);
    note(t, "three periods", c->periods.count == 3);
    note(t, "copies of later decisions",
         several && row->decision_year &&
             c->periods.rows[c->periods.count - 1].first_year > row->decision_year);
    note(t, "all decisions common", several && !row->decision_year);
    note(t, "no discounting", row->discount_rate_per_year == 0);
    note(t, "no residual value", row->residual_value == KV_RESIDUAL_NONE);
    note(t, "residual value", row->residual_value == KV_RESIDUAL_STRAIGHT_LINE);
    note(t, "cumulative cap", !isnan(row->carbon_cap_total_kt));
    note(t, "cvar below 1", row->risk == KV_RISK_CVAR && row->risk_level < 1);
    note(t, "cvar at 1", row->risk == KV_RISK_CVAR && row->risk_level == 1);
    note(t, "regret", row->risk == KV_RISK_REGRET);
    NOTE(scenarios, it->freight_factor != 1);
    NOTE(scenarios, it->budget_factor != 1);
    NOTE(changes, strcmp(it->table, "links") == 0);
    NOTE(changes, strcmp(it->table, "projects") == 0);
    NOTE(changes, strcmp(it->table, "budgets") == 0);
    NOTE(changes, strcmp(it->table, "technologies") == 0);
    NOTE(changes, strcmp(it->table, "energy") == 0);
    NOTE(changes, strcmp(it->table, "sites") == 0);
    NOTE(changes, strcmp(it->table, "recipes") == 0);
    NOTE(changes, strcmp(it->table, "effects") == 0);
}

Test(tiny, cases_hold_everything_and_stay_small)
{
    static tally all;
    char *folder = test_folder();
    double most = 0;
    for (unsigned seed = 1; seed <= SEEDS; seed++) {
        kv_case *c = read_seed(folder, seed);
        note_network(&all, c);
        note_vehicles(&all, c);
        note_demand(&all, c);
        note_projects(&all, c);
        note_frame(&all, c);
        cr_expect(c->places.count >= 3 && c->places.count <= 5 && c->periods.count <= 3 &&
                  c->scenarios.count <= 2 && c->products.count <= 3 && c->projects.count <= 6);
        oracle_world world;
        oracle_starts starts;
        cr_assert(oracle_world_open(&world, c, -1) == 0);
        oracle_starts_list(&world, &starts);
        most = fmax(most, oracle_count_combinations(&world, &starts));
        oracle_starts_free(&starts);
        oracle_world_close(&world);
        kv_case_free(c);
    }
    for (int i = 0; i < all.n; i++) {
        cr_expect(all.feature[i].count > 0, "no case has %s", all.feature[i].name);
        cr_log_info("%3d %s", all.feature[i].count, all.feature[i].name);
    }
    cr_expect(most > 250 && most <= 2000, "the largest case has %g combinations", most);
    test_remove(folder);
    free(folder);
}

Test(tiny, the_same_seed_gives_the_same_tables)
{
    char *folder = test_folder();
    uint64_t hash[3];
    const unsigned seeds[] = {7, 8, 7};
    for (int i = 0; i < 3; i++) {
        kv_case *c = read_seed(folder, seeds[i]);
        hash[i] = c->hash;
        kv_case_free(c);
    }
    cr_expect(hash[0] == hash[2]);
    cr_expect(hash[0] != hash[1]);
    test_remove(folder);
    free(folder);
}
