/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fleets, shares, charging, range and empty running, each in a case solved by hand. */
#include "support/small_case.h"

#include <criterion/criterion.h>
#include <math.h>

static void expect_near(double value, double wanted, const char *what)
{
    cr_expect(fabs(value - wanted) <= 1e-7 * fmax(1, fabs(wanted)), "%s: %.12g, by hand %.12g",
              what, value, wanted);
}

/* A hired truck: 1 EUR/km + price 80 000 over 4 years at no interest / 100 000 km a year = 0.2 EUR/km;
 * + 0.05 EUR/tkm; 3 kWh/km at 0.2 EUR; half empty again: x 1.5; load 10 t x 0.8.
 * vkm per t = 100 / 8 x 1.5 = 18.75; 18.75 x 1.2 + 100 x 0.05 + 18.75 x 3 x 0.2 = 38.75 EUR/t;
 * carbon: 56.25 kWh x 0.25 kg / 1000 x 80 EUR = 1.125. 100 t x 39.875 EUR. */
Test(formulation_vehicles, cost_of_a_hired_truck)
{
    small_case s = small_case_solve((const char *const[]){
        "technologies.csv",
        "technology,mode,carrier,payload_t,load_factor,speed_km_per_h,cost_eur_per_km,"
        "cost_eur_per_tkm,energy_kwh_per_km,empties,empty_share,vehicle_price_eur,life_years,"
        "km_per_year\ntruck,road,diesel,10,0.8,50,1,0.05,3,share,0.5,80000,4,100000\n",
        "policies.csv", "carbon_price_eur_per_t\n80\n", "freight.csv",
        "from,to,product,t_per_year\na,b,ore,100\n", NULL});
    small_case_expect(&s, 1e-6 * 100 * 39.875, "hired truck");
    kv_flow_detail d;
    const int f = test_flow(s.problem, "ab:f:truck", "ore@a");
    kv_flow_explain(s.problem, s.map, 0, f, &d);
    expect_near(d.vehicle_km, 18.75, "vehicle-km");
    expect_near(d.energy_kwh, 56.25, "kWh");
    expect_near(d.co2_kg, 14.0625, "kg CO2");
    expect_near(d.vehicle, 27.5, "vehicle");
    expect_near(d.energy, 11.25, "energy");
    expect_near(d.carbon, 1.125, "carbon");
    expect_near(s.problem->flow_cost[f], 39.875, "unit cost");
    small_case_clear(&s);
}

/* The annuity of 100 000 EUR over 2 years at 10 %: 0.1 / (1 - 1.1^-2) = 121/210, so 0.576190... EUR/km
 * on 100 000 km a year. The energy price is the mean of SE (0.2) and FI (0.3), at 1 kWh/km. */
Test(formulation_vehicles, annuity_and_two_countries)
{
    small_case s = small_case_solve((const char *const[]){
        "case.csv", "name,price_year,discount_rate_per_year,residual_value\nsmall,2025,0.1,none\n",
        "places.csv", "place,country,latitude_deg,longitude_deg\na,SE,60,20\nb,FI,60,20.1\n",
        "energy.csv",
        "carrier,country,price_eur_per_kwh,co2_kg_per_kwh\ndiesel,,0.2,0.25\n"
        "diesel,FI,0.3,0.25\nelectricity,,0.1,0\n",
        "technologies.csv",
        "technology,mode,carrier,payload_t,speed_km_per_h,energy_kwh_per_km,vehicle_price_eur,"
        "life_years,km_per_year\ntruck,road,diesel,10,50,1,100000,2,100000\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,100\n", NULL});
    small_case_expect(&s, 1e-6 * 100 * 10 * (121.0 / 210 + 0.25), "annuity");
    small_case_clear(&s);
}

#define TWO_YEARS "periods.csv", "period,first_year,last_year\np1,2026,2026\np2,2027,2027\n"

/* Owned trucks do 1000 km a year, 100 t over ab each at 100 km / 10 t. Two of life 2 are there:
 * evenly aged, so (1 - 0.5/2) x 2 = 1.5 are left in the first year, 0.5 in the second. 400 t need 4.
 * A truck costs 5000 EUR, keeping one 100 a year, an unserved ton 1000: buy 2.5 in the first year,
 * which also serve the second; then 0.5 + 2.5 = 3 are left and 1 more is needed.
 * 3.5 x 5000 + (4 + 4) x 100 + 800 x 10 = 26 300 EUR. */
#define OWNED_TRUCKS(more_names, more)                                                             \
    "technologies.csv",                                                                            \
        "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km,fleet,initial_vehicles,"         \
        "vehicle_price_eur,vehicle_fixed_eur_per_year,life_years,km_per_year" more_names "\n"      \
        "truck,road,10,50,1,owned,2,5000,100,2,1000" more "\n",                                    \
        "freight.csv", "from,to,product,t_per_year\na,b,ore,400\n"

Test(formulation_vehicles, fleet_is_bought_and_retires)
{
    small_case s = small_case_solve((const char *const[]){TWO_YEARS, OWNED_TRUCKS("", ""), NULL});
    small_case_expect(&s, 0.0263, "fleet");
    expect_near(small_case_design(&s, "buy:truck:p1"), 2.5, "bought at first");
    expect_near(small_case_design(&s, "buy:truck:p2"), 1, "bought later");
    expect_near(small_case_design(&s, "stock:truck:p1:base"), 4, "stock");
    expect_near(small_case_nothing(&s), 0.0263, "fleets are renewed when nothing is done");
    small_case_clear(&s);
}

/* Whole trucks: 3 and 1: stocks 4.5 and 4.5, 4 x 5000 + 9 x 100 + 8000 = 28 900; or 3 then 0.5 + 3 =
 * 3.5 and 50 t unserved: dearer. At most 1 a year: stocks 2.5 and 0.5 + 1 + 1 = 2.5 carry 250 t a
 * year: 2 x 5000 + 5 x 100 + 500 x 10 + 300 x 1000. */
Test(formulation_vehicles, whole_vehicles_and_limited_purchases)
{
    small_case s = small_case_solve(
        (const char *const[]){TWO_YEARS, OWNED_TRUCKS(",integer_vehicles", ",yes"), NULL});
    small_case_expect(&s, 0.0289, "whole trucks");
    small_case_clear(&s);
    s = small_case_solve(
        (const char *const[]){TWO_YEARS, OWNED_TRUCKS(",max_purchases_per_year", ",1"), NULL});
    small_case_expect(&s, 1e-6 * (10000 + 500 + 5000 + 300000), "limited purchases");
    expect_near(small_case_design(&s, "buy:truck:p2"), 1, "bought");
    small_case_clear(&s);
}

/* Without renewal nothing is bought when nothing is done: 1.5 and 0.5 trucks carry 150 and 50 t:
 * 2 x 100 + 200 x 10 + 600 x 1000. A project gives two trucks in each year for 3000 EUR: cheaper than
 * buying: 3.5 and 2.5 trucks are there, so 0.5 x 5000, then with 0.5 + 2 + 0.5 = 3 one more x 5000;
 * (2 + 2) own trucks' upkeep x 100: the project's trucks have none. */
Test(formulation_vehicles, fleet_by_a_project_and_no_renewal)
{
    small_case s = small_case_solve((const char *const[]){
        TWO_YEARS, OWNED_TRUCKS(",renewal", ",no"), "projects.csv",
        "project,cost_meur,life_years\ntrucks,0.003,2\n", "effects.csv",
        "project,effect,technology,amount\ntrucks,fleet,truck,2\n", "funders.csv",
        "funder\nstate\n", "funding.csv", "project,funder,share\ntrucks,state,1\n", NULL});
    small_case_expect(&s, 1e-6 * (3000 + 1.5 * 5000 + 4 * 100 + 8000), "trucks of a project");
    expect_near(small_case_nothing(&s), 1e-6 * (200 + 2000 + 600000), "doing nothing");
    small_case_clear(&s);
}

/* Residual value: a truck bought in the last year has 1 of 2 years left: 2500 of 5000 come back,
 * undiscounted. Bought at first: nothing. As before 2.5, then 1: 2.5 x 5000 + 1 x 2500 + 800 + 8000;
 * buying later costs half of that, but the first year needs its trucks. */
Test(formulation_vehicles, residual_value_of_a_truck)
{
    small_case s = small_case_solve((const char *const[]){
        "case.csv",
        "name,price_year,discount_rate_per_year,residual_value\nsmall,2025,0,straight_line\n",
        TWO_YEARS, OWNED_TRUCKS("", ""), NULL});
    small_case_expect(&s, 1e-6 * (12500 + 2500 + 800 + 8000), "residual value");
    small_case_clear(&s);
}

/* A cheap technology (5 EUR/t) may do at most 30 % of the ton-kilometres of the mode; another one
 * (20 EUR/t) must do at least 10 %; the plain truck costs 10. 1000 t: 300 x 5 + 100 x 20 + 600 x 10. */
Test(formulation_vehicles, adoption_limits_are_shares_of_work)
{
    small_case s = small_case_solve((const char *const[]){
        "technologies.csv",
        "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km,max_share,min_share\n"
        "cheap,road,10,50,0.5,0.3,\nplain,road,10,50,1,,\nclean,road,10,50,2,,0.1\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n", NULL});
    small_case_expect(&s, 1e-6 * (1500 + 2000 + 6000), "shares");
    expect_near(small_case_flow(&s, "ab:f:cheap", "ore@a"), 300, "cheap");
    expect_near(small_case_flow(&s, "ab:f:clean", "ore@a"), 100, "clean");
    small_case_clear(&s);
}

/* a - b - c - d, 100 km each, road. Battery trucks reach 250 km and charge at a and d only, with
 * c to be built: a - c is 200 km, c - d 100 km, a - d 300 km too far. Diesel costs 10 EUR per 100 km
 * and t, battery trucks 4 + energy: 1 kWh/km x 0.1 EUR / 10 t = 1 EUR per 100 km.
 * 1000 t a -> d: diesel 30 EUR/t. With chargers at c for 12 000 EUR and 15 MWh a year: the trucks
 * draw 1 kWh/km, so a - c uses 200 km / 10 t = 20 kWh per t, half at each end, c - d 10 kWh: at c
 * 15 kWh per t in all, at a 10, at d 5. 15 MWh at c serve 1000 t: 15 EUR/t.
 * 1000 x 15 + 12 000 = 27 000 < 30 000. */
#define RANGE_TABLES                                                                               \
    "places.csv",                                                                                  \
        "place,country,latitude_deg,longitude_deg\na,SE,60,20\nb,SE,60,20.1\nc,SE,60,20.2\n"       \
        "d,SE,60,20.3\n",                                                                          \
        "links.csv",                                                                               \
        "link,from,to,mode,length_km,capacity\nab,a,b,road,100,\nbc,b,c,road,100,900\n"            \
        "cd,c,d,road,100,\n",                                                                      \
        "freight.csv", "from,to,product,t_per_year\na,d,ore,1000\n", "projects.csv",               \
        "project,cost_meur,life_years\ncharger,0.012,5\n", "funders.csv", "funder\nstate\n",       \
        "funding.csv", "project,funder,share\ncharger,state,1\n", "technologies.csv",              \
        "technology,mode,carrier,payload_t,speed_km_per_h,cost_eur_per_km,energy_kwh_per_km,"      \
        "range_km\ndiesel-truck,road,,10,50,1,0,\nbattery,road,electricity,10,50,0.4,1,250\n"

Test(formulation_vehicles, range_on_the_graph_of_charging_places)
{
    small_case s = small_case_solve((const char *const[]){
        RANGE_TABLES, "energy_points.csv",
        "place,carrier,capacity_mwh_per_year\na,electricity,\nd,electricity,\n", "effects.csv",
        "project,effect,place,carrier,amount\ncharger,energy_point,c,electricity,15\n", NULL});
    /* link bc takes only 900 t, of which the trucks that pass it without stopping are part */
    small_case_expect(&s, 1e-6 * (900 * 15 + 100 * 1000 + 12000), "range");
    cr_expect(test_arc(s.problem, "a~c:battery") >= 0 && test_arc(s.problem, "c~d:battery") >= 0);
    cr_expect(test_arc(s.problem, "a~d:battery") == -1, "300 km are too far");
    cr_expect(test_arc(s.problem, "a~b:battery") == -1, "nothing charges at b");
    expect_near(small_case_flow(&s, "a~c:battery", "ore@a"), 900, "battery trucks");
    cr_expect(test_resource(s.problem, "energy:c:electricity") >= 0);
    cr_expect(test_resource(s.problem, "energy:a:electricity") == -1, "no limit there");
    kv_flow_detail d;
    kv_flow_explain(s.problem, s.map, 0, test_flow(s.problem, "a~c:battery", "ore@a"), &d);
    expect_near(d.km, 200, "length");
    expect_near(d.energy_kwh, 20, "kWh");
    small_case_clear(&s);
}

/* Only 9 MWh at c: 600 t by battery trucks save 15 EUR/t each: 9000 < 12 000, so nothing is built.
 * For 8000 EUR it pays: 600 x 15 + 300 x 30 + 100 x 1000 + 8000. */
Test(formulation_vehicles, charging_is_limited)
{
    const char *const tables[] = {
        RANGE_TABLES,
        "energy_points.csv",
        "place,carrier,capacity_mwh_per_year\na,electricity,6\nd,electricity,\n",
        "effects.csv",
        "project,effect,place,carrier,amount\ncharger,energy_point,c,electricity,9\n",
        NULL};
    small_case s = small_case_solve(tables);
    small_case_expect(&s, 1e-6 * (900 * 30 + 100 * 1000), "not built");
    const int a = test_resource(s.problem, "energy:a:electricity");
    expect_near(s.problem->resource_base[a], 6, "capacity at a");
    /* m: 6 MWh at a / 0.01 MWh per t = 600 t, as at c 9 / 0.01 = 900 */
    expect_near(s.problem->flow_upper[test_flow(s.problem, "a~c:battery", "ore@a")], 600, "bound");
    small_case_clear(&s);
}

/* Dangerous goods do not ride a way on which one link forbids them; a link that is not open can be
 * ridden from end to end only. */
Test(formulation_vehicles, range_over_closed_and_forbidden_links)
{
    small_case s = small_case_solve((const char *const[]){
        "links.csv",
        "link,from,to,mode,length_km,dangerous_goods,open\nab,a,b,road,100,no,yes\n"
        "bc,b,c,road,100,yes,yes\nac,a,c,road,50,yes,no\n",
        "freight.csv", "from,to,product,t_per_year\na,c,ore,1000\na,c,acid,1000\n", "projects.csv",
        "project,cost_meur,life_years\nroad,0.02,5\n", "effects.csv",
        "project,effect,link\nroad,open_link,ac\n", "funders.csv", "funder\nstate\n", "funding.csv",
        "project,funder,share\nroad,state,1\n", "energy_points.csv",
        "place,carrier\na,electricity\nc,electricity\n", "technologies.csv",
        "technology,mode,carrier,payload_t,speed_km_per_h,cost_eur_per_km,range_km\n"
        "battery,road,electricity,10,50,1,250\n",
        NULL});
    /* opened: 2000 t x 5 EUR + 20 000; else the acid would cost 1000 EUR/t */
    small_case_expect(&s, 1e-6 * (2000 * 5 + 20000), "opened");
    cr_expect(test_flow(s.problem, "a~c:battery", "acid@a") == -1);
    expect_near(small_case_flow(&s, "a~c:battery@ac", "acid@a"), 1000, "acid");
    small_case_clear(&s);
}

/* 900 t a -> b and 300 t b -> a in trucks of 10 t: 90 and 30 vehicles; 60 go back empty, 100 km at
 * 1 EUR/km each. 1200 x 10 + 60 x 100. */
Test(formulation_vehicles, empties_are_balanced)
{
    small_case s = small_case_solve((const char *const[]){
        "technologies.csv",
        "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km,empties\n"
        "truck,road,10,50,1,balanced\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,900\nb,a,acid,300\n", NULL});
    small_case_expect(&s, 1e-6 * (12000 + 6000), "empties");
    expect_near(small_case_flow(&s, "ab:b:truck", "empty:truck"), 60, "empties back");
    cr_expect(test_row(&s.problem->coupling, "empties:truck:a:base/p1") >= 0);
    small_case_clear(&s);
}

/* Owned and balanced: 120 loaded and 60 empty trips of 100 km are 18 000 vehicle-km: 1.8 trucks of
 * 10 000 km a year at 7000 EUR. Ore unserved costs 1000. */
Test(formulation_vehicles, empties_use_the_fleet)
{
    small_case s = small_case_solve((const char *const[]){
        "technologies.csv",
        "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km,empties,fleet,vehicle_price_eur,"
        "km_per_year,life_years\ntruck,road,10,50,1,balanced,owned,7000,10000,1\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,900\nb,a,acid,300\n", NULL});
    small_case_expect(&s, 1e-6 * (18000 + 1.8 * 7000), "fleet with empties");
    small_case_clear(&s);
}
