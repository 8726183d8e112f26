/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Arcs and commodities that cannot meet are never generated; bounds are as tight as said. */
#include "support/small_case.h"

#include <criterion/criterion.h>
#include <string.h>

/* a -> b -> c one-way, and d with a way to b only. Ore goes from a to b: it cannot use bc (no demand
 * behind it) nor db (no supply before it). */
Test(formulation_reach, only_arcs_between_supply_and_demand)
{
    small_case s = small_case_solve((const char *const[]){
        "places.csv",
        "place,country,latitude_deg,longitude_deg\na,SE,60,20\nb,SE,60,20.1\nc,SE,60,20.2\n"
        "d,SE,60,20.3\n",
        "links.csv",
        "link,from,to,mode,length_km,directions\nab,a,b,road,100,one\nbc,b,c,road,100,one\n"
        "db,d,b,road,100,one\n",
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n", NULL});
    small_case_expect(&s, 0.01, "one way");
    cr_expect(test_arc(s.problem, "bc:f:truck") >= 0 && test_arc(s.problem, "db:f:truck") >= 0);
    cr_expect(test_flow(s.problem, "bc:f:truck", "ore@a") == -1);
    cr_expect(test_flow(s.problem, "db:f:truck", "ore@a") == -1);
    cr_expect(s.problem->n_flows == 3, "ab, unserved, unsold");
    cr_expect(s.problem->n_balances == 3, "a, b, outside");
    small_case_clear(&s);
}

/* No way leads from a to b: what is planned is not served and not sold, at 1000 EUR/t. */
Test(formulation_reach, no_way_at_all)
{
    small_case s = small_case_solve(
        (const char *const[]){"products.csv", "product,road\nore,no\n", "freight.csv",
                              "from,to,product,t_per_year\na,b,ore,10\n", NULL});
    small_case_expect(&s, 0.01, "no way");
    cr_expect(s.problem->n_flows == 2, "unserved and unsold");
    small_case_clear(&s);
}

/* A road that opens only in the second period: its arc is closed (m = 0) in the first. */
Test(formulation_reach, closed_until_it_can_be_open)
{
    small_case s = small_case_solve((const char *const[]){
        "periods.csv", "period,first_year,last_year\np1,2026,2026\np2,2027,2027\n", "links.csv",
        "link,from,to,mode,length_km,open\nab,a,b,road,100,no\n", "freight.csv",
        "from,to,product,t_per_year\na,b,ore,1000\n", "projects.csv",
        "project,cost_meur,life_years,lead_time_years\nroad,0.001,5,1\n", "effects.csv",
        "project,effect,link\nroad,open_link,ab\n", "funders.csv", "funder\nstate\n", "funding.csv",
        "project,funder,share\nroad,state,1\n", NULL});
    const int f = test_flow(s.problem, "ab:f:truck", "ore@a");
    cr_assert(f >= 0);
    cr_expect(s.problem->flow_upper[f] == 0);
    cr_expect(s.problem->flow_upper[s.problem->n_flows + f] == 1000);
    cr_expect(s.problem->n_openings == 4, "both directions in both periods");
    cr_expect(s.problem->openings[0].count == 0 && s.problem->openings[2].count == 1);
    small_case_expect(&s, 1e-6 * (1000 * 1000 + 1000 * 10 + 1000), "opened late");
    cr_expect(test_design(s.problem, "start:road:p2") == -1, "it would serve no period");
    small_case_clear(&s);
}

/* Two links between the same places, of two standards, have nodes of their own. */
Test(formulation_reach, standards_are_apart)
{
    small_case s = small_case_solve((const char *const[]){
        "technologies.csv",
        "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km\ntrain,rail,100,50,1\n",
        "links.csv",
        "link,from,to,mode,standard,length_km\nn,a,b,rail,1435,100\nw,b,c,rail,1524,100\n",
        "terminals.csv", "terminal,place\nta,a\ntb,b\ntc,c\n", "transfers.csv",
        "terminal,from_mode,from_standard,to_mode,to_standard,cost_eur_per_t\nta,road,,rail,1435,"
        "0\n"
        "tb,rail,1435,rail,1524,3\ntc,rail,1524,road,,0\n",
        "freight.csv", "from,to,product,t_per_year\na,c,ore,1000\n", NULL});
    small_case_expect(&s, 1e-6 * 1000 * (1 + 3 + 1), "gauge change");
    cr_expect(strcmp(s.problem->node_name[s.problem->arc_head[test_arc(s.problem, "tb:1:f")]],
                     "b.rail.1524") == 0);
    small_case_clear(&s);
}
