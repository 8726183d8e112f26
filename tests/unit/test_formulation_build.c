/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What holds for every case: costs are explained, scaling, periods cut in two, names, memory. */
#include "support/small_case.h"

#include "base/memory.h"
#include "instances/schema.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static kv_case *bundled(const char *name)
{
    char folder[1000];
    kv_messages *messages = kv_messages_create();
    kv_case *the_case = NULL;
    snprintf(folder, sizeof folder, "%s/instances/%s", KV_SOURCE_DIR, name);
    cr_assert(kv_case_read(folder, NULL, 0, &the_case, messages) == KV_OK, "%s", name);
    kv_messages_free(messages);
    return the_case;
}

/* The sum of the explained parts is the very number of the problem. */
static void expect_explained(const kv_problem *p, const kv_map *map, const char *name)
{
    int wrong = 0;
    for (int b = 0; b < p->n_blocks; b++) {
        for (int f = 0; f < p->n_flows; f++) {
            kv_flow_detail d;
            kv_flow_explain(p, map, b, f, &d);
            double sum =
                d.vehicle + d.energy + d.carbon + d.time + d.toll_and_ice + d.transfer + d.price;
            double cost = p->flow_cost[(size_t)b * (size_t)p->n_flows + (size_t)f];
            wrong += fabs(sum - cost) > 1e-12 * fmax(1, fabs(cost));
        }
    }
    cr_expect(wrong == 0, "%s: %d flows are explained wrongly", name, wrong);
}

static int duplicates(char *const *names, int count)
{
    kv_pool *pool = kv_pool_create();
    for (int i = 0; i < count; i++)
        kv_pool_add(pool, names[i], strlen(names[i]));
    int different = kv_pool_count(pool);
    kv_pool_free(pool);
    return count - different;
}

static void expect_names(const kv_problem *p)
{
    cr_expect(duplicates(p->node_name, p->n_nodes) == 0, "nodes");
    cr_expect(duplicates(p->arc_name, p->n_arcs) == 0, "arcs");
    cr_expect(duplicates(p->commodity_name, p->n_commodities) == 0, "commodities");
    cr_expect(duplicates(p->resource_name, p->n_resources) == 0, "resources");
    cr_expect(duplicates(p->design_name, p->n_design) == 0, "design variables");
    cr_expect(duplicates(p->coupling.name, p->coupling.count) == 0, "coupling rows");
    cr_expect(duplicates(p->side.name, p->side.count) == 0, "side rows");
}

Test(formulation_build, bundled_cases)
{
    static const char *const names[] = {"tutorial", "nordic-battery-belt"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        kv_case *c = bundled(names[i]);
        kv_build_options options = {i == 0 ? -1 : 0, NULL, 1};
        kv_messages *messages = kv_messages_create();
        kv_problem *p;
        kv_map *map;
        cr_assert(kv_build(c, &options, &p, &map, messages) == KV_OK, "%s", names[i]);
        cr_expect(kv_problem_check(p, messages) == KV_OK, "%s", names[i]);
        expect_explained(p, map, names[i]);
        expect_names(p);
        double constant = 0;
        for (int b = 0; b < p->n_blocks; b++)
            constant += map->block_constant[b];
        cr_expect(fabs(constant - p->constant) <= 1e-12 * fabs(constant), "%s", names[i]);
        kv_problem_free(p);
        kv_map_free(map);
        kv_messages_free(messages);
        kv_case_free(c);
    }
}

/* Doubles all money of the tables, as their units say. */
static void double_money(kv_case *c)
{
    for (int t = 0; t < KV_TABLES; t++) {
        const kv_table *table = &kv_schema[t];
        KV_ROWS(char) *rows = (void *)((char *)c + table->rows_offset);
        for (const kv_column *column = table->columns; column->name; column++) {
            if (column->type != KV_TYPE_NUMBER || !column->unit ||
                (strncmp(column->unit, "EUR", 3) != 0 && strncmp(column->unit, "MEUR", 4) != 0))
                continue;
            for (int i = 0; i < rows->count; i++)
                *(double *)(void *)(rows->rows + (size_t)i * table->row_size + column->offset) *= 2;
        }
    }
}

static double optimum_of(const kv_case *c, double *constant)
{
    kv_problem *p;
    kv_map *map;
    cr_assert(kv_build(c, NULL, &p, &map, NULL) == KV_OK);
    test_optimum optimum = test_model_solve(p, KV_STRONG, 0);
    double objective = optimum.objective;
    *constant = p->constant;
    test_optimum_clear(&optimum);
    kv_problem_free(p);
    kv_map_free(map);
    return objective;
}

Test(formulation_build, twice_the_money_twice_the_objective)
{
    double constant, constant_twice;
    kv_case *c = bundled("tutorial");
    double once = optimum_of(c, &constant);
    double_money(c);
    double twice = optimum_of(c, &constant_twice);
    cr_expect(fabs(twice - 2 * once) <= 1e-7 * fabs(once), "%.12g and %.12g", once, twice);
    cr_expect(fabs(constant_twice - 2 * constant) <= 1e-12 * constant);
    kv_case_free(c);
}

#define TWO_WAYS                                                                                   \
    "case.csv", "name,price_year,discount_rate_per_year,residual_value\nsmall,2025,0.07,none\n",   \
        "links.csv",                                                                               \
        "link,from,to,mode,length_km,capacity\nab,a,b,road,100,600\n"                              \
        "ac,a,c,road,100,\ncb,c,b,road,100,\n",                                                    \
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n"

/* Without growth and investments it does not matter how the years are cut into periods. */
Test(formulation_build, periods_may_be_cut_in_two)
{
    small_case whole = small_case_solve((const char *const[]){
        TWO_WAYS, "periods.csv", "period,first_year,last_year\np1,2026,2031\n", NULL});
    small_case cut = small_case_solve(
        (const char *const[]){TWO_WAYS, "periods.csv",
                              "period,first_year,last_year\np1,2026,2027\np2,2028,2031\n", NULL});
    small_case_expect(&cut, whole.strong.objective, "cut in two");
    double years = 0;
    for (int i = 0; i < 6; i++)
        years += pow(1.07, -i);
    small_case_expect(&whole, 1e-6 * (600 * 10 + 400 * 20) * years, "six years");
    small_case_clear(&whole);
    small_case_clear(&cut);
}

/* Two equal scenarios of any probability are as one. */
Test(formulation_build, equal_scenarios_are_as_one)
{
    small_case one = small_case_solve((const char *const[]){TWO_WAYS, NULL});
    small_case two = small_case_solve((const char *const[]){
        TWO_WAYS, "scenarios.csv", "scenario,probability\ns,0.3\nt,0.7\n", NULL});
    small_case_expect(&two, one.strong.objective, "two scenarios");
    cr_expect(two.problem->n_blocks == 2 && two.map->n_scenarios == 2);
    small_case_clear(&one);
    small_case_clear(&two);
}

Test(formulation_build, base_load_over_the_capacity_is_told)
{
    kv_case *c = small_case_read((const char *const[]){
        "periods.csv", "period,first_year,last_year\np1,2026,2026\np2,2027,2040\n", "links.csv",
        "link,from,to,mode,length_km,capacity,base_load_t_per_year,base_load_growth_per_year\n"
        "ab,a,b,road,100,1000,900,0.05\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n", NULL});
    kv_messages *messages = kv_messages_create();
    kv_problem *p;
    kv_map *map;
    cr_assert(kv_build(c, NULL, &p, &map, messages) == KV_OK);
    cr_assert(kv_messages_count(messages) == 1 && kv_messages_warnings(messages) == 1);
    char *text = kv_message_text(kv_messages_get(messages, 0));
    cr_expect_str_eq(text, "links.csv:2: base_load_t_per_year: the base load of 'ab' is above the "
                           "capacity in p2 of scenario base; nothing is left; check the capacity, "
                           "its unit, and the growth of the base load");
    kv_free(text);
    cr_expect(p->resource_base[1] == 0);
    kv_problem_free(p);
    kv_map_free(map);
    kv_messages_free(messages);
    kv_case_free(c);
}

/* A case with something of everything that allocates. */
#define EVERYTHING                                                                                 \
    "case.csv",                                                                                    \
        "name,price_year,discount_rate_per_year,decision_year,carbon_cap_total_kt,risk,risk_"      \
        "level,"                                                                                   \
        "risk_weight\nsmall,2025,0.05,2026,10,cvar,0.5,0.5\n",                                     \
        "periods.csv", "period,first_year,last_year\np1,2026,2026\np2,2027,2028\n",                \
        "scenarios.csv", "scenario,probability,freight_factor\nlow,0.75,1\nhigh,0.25,3\n",         \
        "links.csv",                                                                               \
        "link,from,to,mode,length_km,capacity,open\nab,a,b,road,100,900,yes\nbc,b,c,road,90,,no\n" \
        "rab,a,b,rail,100,,yes\n",                                                                 \
        "technologies.csv",                                                                        \
        "technology,mode,carrier,payload_t,speed_km_per_h,cost_eur_per_km,energy_kwh_per_km,"      \
        "range_km,empties,fleet,vehicle_price_eur,max_share\n"                                     \
        "truck,road,diesel,10,50,1,3,,balanced,hired,0,0.9\n"                                      \
        "battery,road,electricity,10,50,1,1,200,none,owned,100,\n"                                 \
        "train,rail,electricity,500,50,10,9,,none,hired,0,\n",                                     \
        "energy_points.csv", "place,carrier,capacity_mwh_per_year\na,electricity,5\n",             \
        "policies.csv", "carbon_price_eur_per_t,carbon_cap_kt_per_year\n50,4\n", "terminals.csv",  \
        "terminal,place,capacity\nta,a,500\ntb,b,\n", "transfers.csv",                             \
        "terminal,from_mode,to_mode,cost_eur_per_t\nta,road,rail,1\ntb,road,rail,1\n",             \
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n", "recipes.csv",                \
        "recipe,product,role,t_per_unit,unit\nr,ore,input,2,t\n", "sites.csv",                     \
        "site,place,product,role,planned,recipe,amount,price_eur_per_t,max_share\n"                \
        "works,b,acid,plant,chosen,r,100,5,\nmine,a,ore,source,chosen,,900,12,0.8\n"               \
        "pit,b,ore,source,chosen,,900,20,\nbuyer,c,acid,market,planned,,50,,\n",                   \
        "projects.csv",                                                                            \
        "project,cost_meur,life_years,size_of\nroad,0.001,5,way\nlane,0.002,5,way\n"               \
        "charger,0.001,5,\n",                                                                      \
        "effects.csv",                                                                             \
        "project,effect,link,place,carrier,amount,unit,factor\nroad,open_link,bc,,,,,\n"           \
        "lane,link_capacity,ab,,,300,t/yr,\nlane,open_link,bc,,,,,\n"                              \
        "charger,energy_point,,b,electricity,9,MWh/yr,\ncharger,improve_link,rab,,,,,0.5\n",       \
        "funders.csv", "funder\nstate\n", "budgets.csv",                                           \
        "funder,period,amount_meur\nstate,p1,1\nstate,p2,1\n", "funding.csv",                      \
        "project,funder,share\nroad,state,1\nlane,state,1\ncharger,state,1\n", "rules.csv",        \
        "rule,project,other\nexcludes,road,charger\n"

/* Each allocation fails once: an error, nothing half-made, nothing lost (seen by the sanitizers). */
Test(formulation_build, every_allocation_may_fail)
{
    kv_case *c = small_case_read((const char *const[]){EVERYTHING, NULL});
    kv_problem *p = NULL;
    kv_map *map = NULL;
    long n = 0;
    for (kv_status status = KV_ERR_MEMORY; status != KV_OK;) {
        cr_assert(++n < 100000);
        kv_memory_fail_at(n, 0);
        status = kv_build(c, NULL, &p, &map, NULL);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY, "allocation %ld: %s", n,
                  kv_status_text(status));
        cr_assert((status == KV_OK) == (p != NULL) && (p != NULL) == (map != NULL));
    }
    cr_expect(n > 500, "%ld allocations", n);
    cr_expect(kv_problem_check(p, NULL) == KV_OK);
    test_optimum optimum = test_model_solve(p, KV_STRONG, 0);
    cr_expect(optimum.found);
    test_optimum_clear(&optimum);
    kv_problem_free(p);
    kv_map_free(map);
    kv_case_free(c);
}
