/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Links, terminals and the projects on them, each in a case solved by hand. */
#include "support/small_case.h"

#include <criterion/criterion.h>
#include <math.h>

static void expect_near(double value, double wanted, const char *what)
{
    cr_expect(fabs(value - wanted) <= 1e-7 * fmax(1, fabs(wanted)), "%s: %.12g, by hand %.12g",
              what, value, wanted);
}

/* Freight of 1000 t a -> b over ab: 100 km x 1 EUR/km / 10 t = 10 EUR/t. The link takes 600 t/yr, so
 * 600 x 10 + 400 x 1000 (unserved) = 406 000 EUR. */
Test(formulation_network, link_with_capacity)
{
    small_case s = small_case_solve((const char *const[]){
        "links.csv", "link,from,to,mode,length_km,capacity\nab,a,b,road,100,600\n", "freight.csv",
        "from,to,product,t_per_year\na,b,ore,1000\n", NULL});
    small_case_expect(&s, 0.406, "link");
    expect_near(small_case_flow(&s, "ab:f:truck", "ore@a"), 600, "flow");
    expect_near(small_case_flow(&s, "unserved:b", "ore@a"), 400, "unserved");
    expect_near(small_case_flow(&s, "unsold:a", "ore@a"), 400, "unsold");
    cr_expect(s.problem->n_commodities == 1, "nobody has or wants acid");
    small_case_clear(&s);
}

/* 500 t each way. Shared: both directions together 600 t, so 600 x 10 + 400 x 1000 EUR. Separate:
 * each direction 600 t, so all 1000 t x 10 EUR. */
Test(formulation_network, directions_shared_or_separate)
{
    const char *freight = "from,to,product,t_per_year\na,b,ore,500\nb,a,ore,500\n";
    small_case s = small_case_solve((const char *const[]){
        "links.csv",
        "link,from,to,mode,length_km,capacity,capacity_shared\nab,a,b,road,100,600,yes\n",
        "freight.csv", freight, NULL});
    small_case_expect(&s, 0.406, "shared");
    cr_expect(test_resource(s.problem, "link:ab") >= 0);
    small_case_clear(&s);
    s = small_case_solve((const char *const[]){
        "links.csv",
        "link,from,to,mode,length_km,capacity,capacity_shared\nab,a,b,road,100,600,no\n",
        "freight.csv", freight, NULL});
    small_case_expect(&s, 0.01, "separate");
    cr_expect(test_resource(s.problem, "link:ab:>") >= 0 &&
              test_resource(s.problem, "link:ab:<") >= 0);
    small_case_clear(&s);
}

/* A base load of 100 t growing by 10 % a year, in a period of two years: the mean of 100 and 110 is
 * 105 t. Capacity 1 t/day x 365 = 365 t, so 260 t pass of 1000, for two years:
 * 2 x (260 x 10 + 740 x 1000). */
Test(formulation_network, base_load_grows_and_units_are_converted)
{
    small_case s = small_case_solve((const char *const[]){
        "periods.csv", "period,first_year,last_year\np1,2026,2027\n", "links.csv",
        "link,from,to,mode,length_km,capacity,capacity_unit,base_load_t_per_year,"
        "base_load_growth_per_year\nab,a,b,road,100,1,t/day,100,0.1\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n", NULL});
    small_case_expect(&s, 2e-6 * (260 * 10 + 740 * 1000), "base load");
    small_case_clear(&s);
}

/* Time: 100 km at the link's 20 km/h = 5 h, + 3 h, + 6/12 x 4 h of ice = 10 h at 0.7 EUR/t/h = 7;
 * toll 2, ice 6/12 x 8 = 4; driving 10. 1000 t x 23 EUR/t. */
Test(formulation_network, time_toll_and_ice)
{
    small_case s = small_case_solve((const char *const[]){
        "products.csv", "product,value_of_time_eur_per_t_h\nore,0.7\n", "links.csv",
        "link,from,to,mode,length_km,speed_km_per_h,hours,toll_eur_per_t,ice_months,ice_eur_per_t,"
        "ice_hours\nab,a,b,road,100,20,3,2,6,8,4\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n", NULL});
    small_case_expect(&s, 0.023, "time");
    kv_flow_detail d;
    kv_flow_explain(s.problem, s.map, 0, test_flow(s.problem, "ab:f:truck", "ore@a"), &d);
    expect_near(d.hours, 10, "hours");
    expect_near(d.time, 7, "time");
    expect_near(d.toll_and_ice, 6, "toll and ice");
    expect_near(d.vehicle, 10, "vehicle");
    small_case_clear(&s);
}

#define RAIL_TABLES                                                                                \
    "technologies.csv",                                                                            \
        "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km\ntruck,road,10,50,1\n"           \
        "train,rail,500,50,10\n",                                                                  \
        "links.csv", "link,from,to,mode,length_km\nab,a,b,road,100\nrab,a,b,rail,100\n"

/* Rail costs 100 x 10/500 = 2 EUR/t and two transfers of 1 EUR/t: 4 instead of 10 by road. The
 * terminal at b handles 700 t: 700 x 4 + 300 x 10 = 5800 EUR. A crane for 400 EUR adds 200 t, saving
 * 1200; a larger one for 1100 EUR adds 300 t, saving 1800: the small one is better, by 800 to 700. */
Test(formulation_network, terminal_with_sizes)
{
    const char *const tables[] = {
        RAIL_TABLES,
        "terminals.csv",
        "terminal,place,capacity\nta,a,\ntb,b,700\n",
        "transfers.csv",
        "terminal,from_mode,to_mode,cost_eur_per_t,hours\nta,road,rail,1,0\ntb,road,rail,1,0\n",
        "freight.csv",
        "from,to,product,t_per_year\na,b,ore,1000\n",
        "projects.csv",
        "project,cost_meur,life_years,size_of\ncrane,0.0004,5,quay\nlarge,0.0011,5,quay\n",
        "effects.csv",
        "project,effect,terminal,amount,unit\ncrane,terminal_capacity,tb,200,t/yr\n"
        "large,terminal_capacity,tb,300,t/yr\n",
        "funders.csv",
        "funder\nstate\n",
        "funding.csv",
        "project,funder,share\ncrane,state,1\nlarge,state,1\n",
        NULL};
    small_case s = small_case_solve(tables);
    small_case_expect(&s, 1e-6 * (900 * 4 + 100 * 10 + 400), "terminal");
    expect_near(small_case_nothing(&s), 1e-6 * (700 * 4 + 300 * 10), "doing nothing");
    expect_near(small_case_design(&s, "start:crane:p1"), 1, "the small size");
    expect_near(small_case_design(&s, "start:large:p1"), 0, "the large size");
    expect_near(small_case_flow(&s, "tb:1:b", "ore@a"), 900, "transfer at b");
    cr_expect(test_row(&s.problem->side, "size:quay:all") >= 0);
    /* largest supply: of the sizes of one only the largest counts, 300 t */
    int r = test_resource(s.problem, "terminal:tb");
    expect_near(kv_problem_resource_most(s.problem, 0, r), 1000, "the most at b");
    small_case_clear(&s);
}

/* A closed terminal at b, opened for 500 EUR: rail saves 6 EUR/t of 1000 t. Another project lowers
 * the cost of its transfers from 1 to 0.4 EUR/t for 550 EUR, which saves 600; it needs the first. */
Test(formulation_network, terminal_opened_and_improved)
{
    small_case s = small_case_solve((const char *const[]){
        RAIL_TABLES, "terminals.csv", "terminal,place,open\nta,a,yes\ntb,b,no\n", "transfers.csv",
        "terminal,from_mode,to_mode,cost_eur_per_t,hours\nta,road,rail,1,0\ntb,road,rail,1,2\n",
        "products.csv", "product,value_of_time_eur_per_t_h\nore,0.01\n", "freight.csv",
        "from,to,product,t_per_year\na,b,ore,1000\n", "projects.csv",
        "project,cost_meur,life_years\nopen,0.0005,5\nbetter,0.00055,5\n", "effects.csv",
        "project,effect,terminal,factor,hours\nopen,open_terminal,tb,,\n"
        "better,improve_terminal,tb,0.4,-3\n",
        "funders.csv", "funder\nstate\n", "funding.csv",
        "project,funder,share\nopen,state,1\nbetter,state,1\n", NULL});
    /* per t: 2 rail + 2 h x 0.01 + 1 at ta + 0.4 at tb, whose hours end at 0, not at -1 */
    small_case_expect(&s, 1e-6 * (1000 * 3.42 + 1050), "improved terminal");
    expect_near(small_case_flow(&s, "tb:1:b+better", "ore@a"), 1000, "improved transfer");
    int sets = 0;
    for (int i = 0; i < s.problem->n_openings; i++) {
        sets += s.problem->openings[i].arc == test_arc(s.problem, "tb:1:b+better");
    }
    cr_expect(sets == 2, "to be opened, and by its own project");
    small_case_clear(&s);
}

/* No road at first. The corridor costs 3000 EUR a unit of 400 t/yr (the link is open but has no
 * capacity), at most 2 units: 800 t x 10 + 200 x 1000 + 6000. */
Test(formulation_network, corridor_in_units)
{
    small_case s = small_case_solve((const char *const[]){
        "links.csv", "link,from,to,mode,length_km,capacity\nab,a,b,road,100,0\n", "freight.csv",
        "from,to,product,t_per_year\na,b,ore,1000\n", "projects.csv",
        "project,cost_meur,life_years,max_units\nlane,0.003,5,2\n", "effects.csv",
        "project,effect,link,amount,unit\nlane,link_capacity,ab,0.4,kt/yr\n", "funders.csv",
        "funder\nstate\n", "funding.csv", "project,funder,share\nlane,state,1\n", NULL});
    small_case_expect(&s, 1e-6 * (800 * 10 + 200 * 1000 + 6000), "corridor");
    expect_near(small_case_design(&s, "start:lane:p1"), 2, "units");
    /* m of the flow: what two units give */
    expect_near(s.problem->flow_upper[test_flow(s.problem, "ab:f:truck", "ore@a")], 800, "bound");
    small_case_clear(&s);
}

/* A link that is not open, between a and b: opened for 9000 EUR, 1000 t x 10 instead of a way over c
 * of 250 km at 25 EUR/t: it saves 15 000. */
Test(formulation_network, corridor_opened)
{
    small_case s = small_case_solve((const char *const[]){
        "links.csv",
        "link,from,to,mode,length_km,open\nab,a,b,road,100,no\nac,a,c,road,150,yes\n"
        "cb,c,b,road,100,yes\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n", "projects.csv",
        "project,cost_meur,life_years\nroad,0.009,5\n", "effects.csv",
        "project,effect,link\nroad,open_link,ab\n", "funders.csv", "funder\nstate\n", "funding.csv",
        "project,funder,share\nroad,state,1\n", NULL});
    small_case_expect(&s, 1e-6 * (10000 + 9000), "opened");
    expect_near(small_case_nothing(&s), 0.025, "doing nothing");
    small_case_clear(&s);
}

/* A tunnel makes ab 40 % shorter and, for its queue, 1 h slower: 60 km: 6 EUR/t, 1.2 + 1 h at 0.5 =
 * 1.1; before 10 + 2 x 0.5 = 11. 1000 t x 7.1 + 2000 EUR. The link's capacity of 800 t holds for
 * both arcs together. */
Test(formulation_network, corridor_improved_shares_the_capacity)
{
    small_case s = small_case_solve((const char *const[]){
        "products.csv", "product,value_of_time_eur_per_t_h\nore,0.5\n", "links.csv",
        "link,from,to,mode,length_km,capacity\nab,a,b,road,100,800\n", "freight.csv",
        "from,to,product,t_per_year\na,b,ore,1000\n", "projects.csv",
        "project,cost_meur,life_years\ntunnel,0.002,5\n", "effects.csv",
        "project,effect,link,factor,hours\ntunnel,improve_link,ab,0.6,1\n", "funders.csv",
        "funder\nstate\n", "funding.csv", "project,funder,share\ntunnel,state,1\n", NULL});
    small_case_expect(&s, 1e-6 * (800 * 7.1 + 200 * 1000 + 2000), "improved");
    expect_near(small_case_flow(&s, "ab:f:truck+tunnel", "ore@a"), 800, "shorter way");
    kv_flow_detail d;
    kv_flow_explain(s.problem, s.map, 0, test_flow(s.problem, "ab:f:truck+tunnel", "ore@a"), &d);
    expect_near(d.km, 100, "ton-kilometres count the true length");
    small_case_clear(&s);
}

/* Electric trains cost 1 EUR/t where diesel trains cost 2, but rab has no wire: 700 EUR pay for it. */
Test(formulation_network, electrification)
{
    const char *const tables[] = {
        "technologies.csv",
        "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km,needs_electrification\n"
        "diesel-train,rail,500,50,10,no\nelectric-train,rail,500,50,5,yes\n",
        "links.csv",
        "link,from,to,mode,length_km\nrab,a,b,rail,100\n",
        "terminals.csv",
        "terminal,place\nta,a\ntb,b\n",
        "transfers.csv",
        "terminal,from_mode,to_mode,cost_eur_per_t\nta,road,rail,0\ntb,road,rail,0\n",
        "freight.csv",
        "from,to,product,t_per_year\na,b,ore,1000\n",
        "projects.csv",
        "project,cost_meur,life_years\nwire,0.0007,5\n",
        "effects.csv",
        "project,effect,link\nwire,electrify,rab\n",
        "funders.csv",
        "funder\nstate\n",
        "funding.csv",
        "project,funder,share\nwire,state,1\n",
        NULL};
    small_case s = small_case_solve(tables);
    small_case_expect(&s, 1e-6 * (1000 + 700), "electrified");
    expect_near(small_case_nothing(&s), 0.002, "doing nothing");
    small_case_clear(&s);
}

/* Acid may not pass ab: it goes over c for 25 EUR/t, ore over ab for 10. A by-pass for dangerous
 * goods on ab costs 10 000 EUR and saves 15 EUR/t of 1000 t. */
Test(formulation_network, dangerous_goods)
{
    small_case s = small_case_solve((const char *const[]){
        "links.csv",
        "link,from,to,mode,length_km,dangerous_goods\nab,a,b,road,100,no\nac,a,c,road,150,yes\n"
        "cb,c,b,road,100,yes\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\na,b,acid,1000\n", "projects.csv",
        "project,cost_meur,life_years\nbypass,0.01,5\n", "effects.csv",
        "project,effect,link\nbypass,allow_dangerous,ab\n", "funders.csv", "funder\nstate\n",
        "funding.csv", "project,funder,share\nbypass,state,1\n", NULL});
    small_case_expect(&s, 1e-6 * (10000 + 10000 + 10000), "dangerous");
    expect_near(small_case_flow(&s, "ab:f:truck!d", "acid@a"), 1000, "by-pass");
    cr_expect(test_flow(s.problem, "ab:f:truck", "acid@a") == -1);
    cr_expect(test_flow(s.problem, "ab:f:truck!d", "ore@a") == -1);
    expect_near(small_case_nothing(&s), 1e-6 * (10000 + 25000), "doing nothing");
    small_case_clear(&s);
}
