/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sites, recipes, freight and growing towns, each in a case solved by hand. */
#include "support/small_case.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static void expect_near(double value, double wanted, const char *what)
{
    cr_expect(fabs(value - wanted) <= 1e-7 * fmax(1, fabs(wanted)), "%s: %.12g, by hand %.12g",
              what, value, wanted);
}

/* d of a commodity at a node in block 0. */
static double balance(const kv_problem *p, const char *node, const char *commodity)
{
    for (int i = 0; i < p->n_balances; i++) {
        if (strcmp(p->node_name[p->balance_node[i]], node) == 0 &&
            strcmp(p->commodity_name[p->balance_commodity[i]], commodity) == 0)
            return p->balance[i];
    }
    cr_assert(0, "no balance of %s at %s", commodity, node);
    return 0;
}

/* b takes 1000 t. Two sources: at b for 50 EUR/t, 300 t a year, and at a for 30 EUR/t + 10 to b, 600
 * t. 100 t stay unserved at 1000. The reference price is 30: it is out of the objective and, times
 * 1000 t, in the constant: true cost 600 x 40 + 300 x 50 + 100 x 1000 = 139 000. */
Test(formulation_demand, sources_compete)
{
    small_case s = small_case_solve(
        (const char *const[]){"sites.csv",
                              "site,place,product,role,planned,amount,price_eur_per_t\n"
                              "near,b,ore,source,chosen,300,50\nfar,a,ore,source,chosen,600,30\n"
                              "none,b,acid,source,chosen,0,1\nbuyer,b,ore,market,planned,1000,\n",
                              NULL});
    small_case_expect(&s, 1e-6 * (139000 - 30000), "sources");
    expect_near(s.problem->constant, 0.03, "constant");
    expect_near(small_case_flow(&s, "source:far:ore", "ore"), 600, "far");
    expect_near(balance(s.problem, "b", "ore"), -1000, "demand");
    expect_near(balance(s.problem, "outside", "ore"), 1000, "outside");
    kv_flow_detail d;
    kv_flow_explain(s.problem, s.map, 0, test_flow(s.problem, "source:near:ore", "ore"), &d);
    expect_near(d.price, 20, "price less the reference");
    expect_near(d.reference, 30, "reference");
    small_case_clear(&s);
}

/* The cheap source may give at most 40 % of all: of 1000 t 400, also counting a planned source of
 * 100 t at b; so 400 from far, 100 planned, 500 near. 400 x 40 + 500 x 50. */
Test(formulation_demand, largest_share_of_a_supplier)
{
    small_case s = small_case_solve((const char *const[]){
        "sites.csv",
        "site,place,product,role,planned,amount,price_eur_per_t,max_share\n"
        "near,b,ore,source,chosen,900,50,\nfar,a,ore,source,chosen,900,30,0.4\n"
        "own,b,ore,source,planned,100,,\nbuyer,b,ore,market,planned,1000,,\n",
        NULL});
    small_case_expect(&s, 1e-6 * (400 * 40 + 500 * 50 - 30 * 900), "share");
    expect_near(small_case_flow(&s, "source:far:ore", "ore"), 400, "far");
    cr_expect(test_row(&s.problem->coupling, "supplier:far:ore:base/p1") >= 0);
    small_case_clear(&s);
}

/* A chosen market at b takes up to 500 t of ore for 25 EUR/t; ore costs 12 at a + 10 on the way: it
 * gains 3 EUR/t. One at c (200 km) for 30 EUR/t would lose 2. */
Test(formulation_demand, chosen_markets_take_what_pays)
{
    small_case s = small_case_solve((const char *const[]){
        "links.csv", "link,from,to,mode,length_km\nab,a,b,road,100\nbc,b,c,road,100\n", "sites.csv",
        "site,place,product,role,planned,amount,price_eur_per_t\nmine,a,ore,source,chosen,9000,12\n"
        "mill,b,ore,market,chosen,500,25\nfar,c,ore,market,chosen,500,30\n",
        NULL});
    small_case_expect(&s, -1e-6 * 500 * 3, "market");
    expect_near(s.problem->constant, 0, "constant");
    small_case_clear(&s);
}

/* A planned plant at b makes 2 GWh of cells a year, 500 t/GWh: 1000 t. A GWh takes 3000 t of ore and
 * 50 t of acid and gives 100 t of slag. Ore comes from a at 7 EUR/t, 6000 t x 17; 100 t of acid are
 * planned to come from a, x 10; 200 t of slag go to a dump at a, x 10; 1000 t of cells are taken by a
 * market at a, x 10. */
#define PLANT_PRODUCTS "products.csv", "product,t_per_gwh\nore,\nacid,\nslag,\ncells,500\n"

Test(formulation_demand, planned_plant)
{
    small_case s = small_case_solve((const char *const[]){
        PLANT_PRODUCTS, "recipes.csv",
        "recipe,product,role,t_per_unit,unit\nc,ore,input,3000,GWh\nc,acid,input,50,GWh\n"
        "c,slag,coproduct,100,GWh\n",
        "sites.csv",
        "site,place,product,role,planned,recipe,amount,unit,price_eur_per_t\n"
        "plant,b,cells,plant,planned,c,2,GWh/yr,\ndump,a,slag,market,planned,,200,t/yr,\n"
        "mine,a,ore,source,chosen,,9000,t/yr,7\nworks,a,acid,source,planned,,0.1,kt/yr,\n"
        "buyer,a,cells,market,planned,,1000,t/yr,\n",
        NULL});
    small_case_expect(&s, 1e-6 * (6000 * 10 + 100 * 10 + 200 * 10 + 1000 * 10), "planned plant");
    expect_near(s.problem->constant, 0.042, "ore");
    expect_near(balance(s.problem, "b", "ore"), -6000, "ore");
    expect_near(balance(s.problem, "b", "cells"), 1000, "cells");
    small_case_clear(&s);
}

/* What a planned plant lacks is priced as its row says: 50 EUR/t of ore, which is cheaper than to
 * bring it for 90. Of 10 t of cells 20 t of ore are needed. */
Test(formulation_demand, unserved_input_of_a_plant)
{
    small_case s = small_case_solve((const char *const[]){
        PLANT_PRODUCTS, "recipes.csv", "recipe,product,role,t_per_unit,unit\nc,ore,input,2,t\n",
        "sites.csv",
        "site,place,product,role,planned,recipe,amount,price_eur_per_t,unserved_price_eur_per_t\n"
        "plant,b,cells,plant,planned,c,10,,50\nmine,a,ore,source,chosen,,9000,80,\n"
        "buyer,b,cells,market,planned,,10,,\n",
        NULL});
    small_case_expect(&s, 1e-6 * 20 * (50 - 80), "unserved input");
    expect_near(s.problem->constant, 20 * 80e-6, "constant");
    small_case_clear(&s);
}

/* A chosen plant at b makes up to 1 GWh = 500 t of cells, sold at b for 100 EUR/t; making costs 5
 * EUR/t; a GWh takes 1000 t of ore (2 t per t; at a for 12, + 10: 22 EUR/t, limit 600 t) and a t
 * gives 0.5 t of slag (market at a for 8 EUR/t, less 10 on the way). A t of cells brings
 * 100 - 5 - 2 x 22 + 0.5 x (8 - 10) = 50 EUR; ore for 300 t. */
Test(formulation_demand, chosen_plant_with_a_coproduct)
{
    small_case s = small_case_solve((const char *const[]){
        PLANT_PRODUCTS, "recipes.csv",
        "recipe,product,role,t_per_unit,unit\nc,ore,input,1000,GWh\nc,slag,coproduct,250,GWh\n",
        "sites.csv",
        "site,place,product,role,planned,recipe,amount,unit,price_eur_per_t\n"
        "plant,b,cells,plant,chosen,c,1,GWh/yr,5\nmine,a,ore,source,chosen,,600,t/yr,12\n"
        "dump,a,slag,market,chosen,,900,t/yr,8\nbuyer,b,cells,market,chosen,,900,t/yr,100\n",
        NULL});
    small_case_expect(&s, -1e-6 * 300 * 50, "chosen plant");
    expect_near(small_case_flow(&s, "out:plant:cells", "cells"), 300, "cells");
    expect_near(small_case_flow(&s, "in:plant:ore", "ore"), 600, "ore");
    expect_near(small_case_flow(&s, "out:plant:slag", "slag"), 150, "slag");
    expect_near(s.problem->constant, 0, "constant");
    /* bounds: amount, and t_per_unit x amount */
    expect_near(s.problem->flow_upper[test_flow(s.problem, "in:plant:ore", "ore")], 1000, "ore");
    expect_near(s.problem->flow_upper[test_flow(s.problem, "out:plant:slag", "slag")], 250, "slag");
    cr_expect(test_row(&s.problem->coupling, "recipe:plant:ore:base/p1") >= 0 &&
              test_row(&s.problem->coupling, "recipe:plant:slag:base/p1") >= 0);
    small_case_clear(&s);
}

/* Without a way for its slag the plant can make nothing. */
Test(formulation_demand, coproduct_without_a_taker)
{
    small_case s = small_case_solve((const char *const[]){
        PLANT_PRODUCTS, "recipes.csv",
        "recipe,product,role,t_per_unit,unit\nc,ore,input,2,t\nc,slag,coproduct,1,t\n", "sites.csv",
        "site,place,product,role,planned,recipe,amount,price_eur_per_t\n"
        "plant,b,cells,plant,chosen,c,500,5\nmine,a,ore,source,chosen,,600,12\n"
        "buyer,b,cells,market,chosen,,900,100\n",
        NULL});
    small_case_expect(&s, 0, "no taker");
    cr_expect(test_flow(s.problem, "out:plant:slag", "slag") == -1);
    small_case_clear(&s);
}

/* Two products to two places from one origin are two commodities; one product to two places is one.
 * Growth of 10 % in a period of two years from 2026: the mean of 1 and 1.1; factor 2 of the scenario:
 * 100 x 2.1 t a year to b, for two years; c: 50 x 2. */
Test(formulation_demand, freight_is_merged_by_origin)
{
    small_case s = small_case_solve((const char *const[]){
        "periods.csv", "period,first_year,last_year\np1,2026,2027\n", "scenarios.csv",
        "scenario,probability,freight_factor\nbase,1,2\n", "links.csv",
        "link,from,to,mode,length_km\nab,a,b,road,100\nbc,b,c,road,100\n", "freight.csv",
        "from,to,product,t_per_year,growth_per_year\na,b,ore,100,0.1\na,c,ore,50,0\n"
        "a,c,acid,10,0\nc,a,acid,5,0\n",
        NULL});
    cr_expect(s.problem->n_commodities == 3, "ore@a, acid@a, acid@c");
    small_case_expect(&s, 2e-6 * (210 * 10 + 100 * 20 + 20 * 20 + 10 * 20), "freight");
    expect_near(balance(s.problem, "a", "ore@a"), 310, "origin");
    expect_near(balance(s.problem, "c", "ore@a"), -100, "destination");
    small_case_clear(&s);
}

/* 100 jobs at c, in two rows of one site of which the larger counts, bring 150 inhabitants to the town
 * b, who want 4 t a year each from a: 600 t x 10 EUR. The scenario's freight factor does not apply. A
 * site in a itself brings nothing. */
Test(formulation_demand, jobs_raise_the_freight_of_the_town)
{
    small_case s = small_case_solve((const char *const[]){
        "case.csv",
        "name,price_year,discount_rate_per_year,residual_value,general_freight_product,"
        "general_freight_origin,general_freight_t_per_inhabitant_year,inhabitants_per_job\n"
        "small,2025,0,none,acid,a,4,1.5\n",
        "scenarios.csv", "scenario,probability,freight_factor\nbase,1,2\n", "places.csv",
        "place,country,latitude_deg,longitude_deg,town\na,SE,60,20,\nb,SE,60,20.1,\n"
        "c,SE,60,20.2,b\n",
        "links.csv", "link,from,to,mode,length_km\nab,a,b,road,100\nbc,b,c,road,100\n", "sites.csv",
        "site,place,product,role,planned,amount,jobs\nplant,c,ore,source,planned,10,100\n"
        "plant,c,acid,market,planned,10,40\nuser,c,ore,market,planned,10,\n"
        "maker,c,acid,source,planned,10,\nmine,a,ore,source,chosen,0,70\n",
        NULL});
    small_case_expect(&s, 0.006, "jobs");
    expect_near(balance(s.problem, "b", "acid@a"), -600, "town");
    small_case_clear(&s);
}

/* Amounts are rounded to the grid of 0.1 t, halves away from 0, and outside takes up the rest. */
Test(formulation_demand, amounts_are_on_the_grid)
{
    small_case s = small_case_solve((const char *const[]){
        "case.csv",
        "name,price_year,discount_rate_per_year,residual_value,flow_grid_t\nsmall,2025,0,none,0."
        "1\n",
        "links.csv", "link,from,to,mode,length_km\nab,a,b,road,100\nbc,b,c,road,100\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1.04\na,c,ore,1.04\n", NULL});
    expect_near(balance(s.problem, "a", "ore@a"), 2.1, "origin");
    expect_near(balance(s.problem, "b", "ore@a"), -1, "b");
    expect_near(balance(s.problem, "outside", "ore@a"), -0.1, "outside");
    small_case_clear(&s);
}
