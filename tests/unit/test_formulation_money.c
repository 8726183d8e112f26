/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Carbon, discounting, residual value, budgets, rules, scenarios and risk, solved by hand. */
#include "support/small_case.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>

static void expect_near(double value, double wanted, const char *what)
{
    cr_expect(fabs(value - wanted) <= 1e-7 * fmax(1, fabs(wanted)), "%s: %.12g, by hand %.12g",
              what, value, wanted);
}

#define STATE "funders.csv", "funder\nstate\n"

/* Dirty: 10 vehicle-km per t: 10 EUR + 40 kWh x 0.2 = 18 EUR/t and 10 kg CO2; clean: 30 EUR/t. */
#define TWO_TECHNOLOGIES                                                                           \
    "technologies.csv",                                                                            \
        "technology,mode,carrier,payload_t,speed_km_per_h,cost_eur_per_km,energy_kwh_per_km\n"     \
        "dirty,road,diesel,10,50,1,4\nclean,road,,10,50,3,0\n",                                    \
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n"

/* A cap of 4 t CO2 a year lets 400 t go dirty: 400 x 18 + 600 x 30. */
Test(formulation_money, carbon_cap_of_a_block)
{
    small_case s = small_case_solve(
        (const char *const[]){TWO_TECHNOLOGIES, "policies.csv",
                              "carbon_price_eur_per_t,carbon_cap_kt_per_year\n0,0.004\n", NULL});
    small_case_expect(&s, 1e-6 * (400 * 18 + 600 * 30), "cap");
    expect_near(s.problem->resource_base[test_resource(s.problem, "carbon")], 4, "cap in t");
    small_case_clear(&s);
}

/* The cap begins in the second period; the resource has no limit in the first. */
Test(formulation_money, carbon_cap_from_a_period_on)
{
    small_case s = small_case_solve((const char *const[]){
        TWO_TECHNOLOGIES, "periods.csv",
        "period,first_year,last_year\np1,2026,2026\np2,2027,2027\n", "policies.csv",
        "from_period,carbon_price_eur_per_t,carbon_cap_kt_per_year\np2,100,0.004\n", NULL});
    /* and a price of 100 EUR/t CO2: 1 EUR per t of ore */
    small_case_expect(&s, 1e-6 * (1000 * 18 + 400 * 19 + 600 * 30), "cap");
    cr_expect(s.problem->resource_base[test_resource(s.problem, "carbon")] == 1e30);
    small_case_clear(&s);
}

/* Over the three years of two periods 12 t CO2: 1200 t of 3000 go dirty. */
Test(formulation_money, cumulative_carbon_cap)
{
    small_case s = small_case_solve((const char *const[]){
        "case.csv",
        "name,price_year,discount_rate_per_year,residual_value,carbon_cap_total_kt\n"
        "small,2025,0,none,0.012\n",
        TWO_TECHNOLOGIES, "periods.csv",
        "period,first_year,last_year\np1,2026,2026\np2,2027,2028\n", NULL});
    small_case_expect(&s, 1e-6 * (1200 * 18 + 1800 * 30), "cap");
    cr_expect(test_row(&s.problem->coupling, "carbon:base") >= 0);
    small_case_clear(&s);
}

/* At 10 %: the way of 1000 t at 10 EUR in 2026, at 5 EUR in 2027 and 2028, when half the link is
 * by-passed. The project costs 4000 EUR in 2026; freight bears half of that, less the residual value:
 * in service 2027 to 2030, so 2 of 4 years are left in 2029: 2000 EUR x 1.1^-3. It runs for 100 EUR
 * in each of 2027 and 2028. */
Test(formulation_money, discounting_and_residual_value)
{
    const double later = 1 / 1.1 + 1 / 1.21;
    const char *const tables[] = {
        "case.csv",
        "name,price_year,discount_rate_per_year,residual_value\nsmall,2025,0.1,straight_line\n",
        "periods.csv",
        "period,first_year,last_year\np1,2026,2026\np2,2027,2028\n",
        "freight.csv",
        "from,to,product,t_per_year\na,b,ore,1000\n",
        "projects.csv",
        "project,cost_meur,freight_share,operating_meur_per_year,lead_time_years,life_years\n"
        "bypass,0.004,0.5,0.0001,1,4\n",
        "effects.csv",
        "project,effect,link,factor\nbypass,improve_link,ab,0.5\n",
        STATE,
        "funding.csv",
        "project,funder,share\nbypass,state,1\n",
        NULL};
    small_case s = small_case_solve(tables);
    small_case_expect(&s, 1e-6 * (10000 + 5000 * later + 0.5 * (4000 - 2000 / 1.331) + 100 * later),
                      "present value");
    expect_near(s.problem->block_weight[1], 1e-6 * later, "weight");
    const int j = test_design(s.problem, "start:bypass:p1");
    expect_near(s.map->design[j].service_year, 2027, "service");
    expect_near(s.map->design[j].cost_meur, 0.004, "cost");
    cr_expect(test_design(s.problem, "start:bypass:p2") == -1, "too late to serve");
    small_case_clear(&s);
}

/* A bridge of 6 MEUR takes three years from 2026, 2 MEUR a year: 4 in the first period, 2 in the
 * second. It serves 2030: 100 000 t at 10 EUR instead of 1000: 99 MEUR. The budget leaves 0.5 of 4.5
 * in the first period; 0.8 of that and 1.6 make 2 in the second. */
#define BRIDGE(share, carry)                                                                       \
    "periods.csv", "period,first_year,last_year\np1,2026,2027\np2,2028,2029\np3,2030,2030\n",      \
        "links.csv",                                                                               \
        "link,from,to,mode,length_km,open\nab,a,b,road,100,no\nac,a,c,road,100,yes\n",             \
        "freight.csv", "from,to,product,t_per_year\na,b,ore,100000\n", "projects.csv",             \
        "project,cost_meur,lead_time_years,life_years\nbridge,6,3,30\n", "effects.csv",            \
        "project,effect,link\nbridge,open_link,ab\n", "funders.csv", "funder\nstate\ntown\n",      \
        "funding.csv", "project,funder,share\nbridge,state," share, "budgets.csv",                 \
        "funder,period,amount_meur,carry_over\nstate,p1,4.5," carry "\nstate,p2,1.6,1\n"

Test(formulation_money, budgets_with_carry_over)
{
    small_case s = small_case_solve((const char *const[]){BRIDGE("1\n", "0.8"), NULL});
    small_case_expect(&s, 4 * 100 + 1 + 6, "within the budget");
    expect_near(small_case_design(&s, "carry:state:p1:all"), 0.5, "carried over");
    cr_expect(test_design(s.problem, "carry:state:p3:all") == -1, "nothing after the last period");
    cr_expect(test_row(&s.problem->side, "budget:state:p3:all") >= 0);
    small_case_clear(&s);
    s = small_case_solve((const char *const[]){BRIDGE("1\n", "0.79"), NULL});
    small_case_expect(&s, 500, "just above the budget");
    small_case_clear(&s);
    s = small_case_solve((const char *const[]){BRIDGE("1\n", "0"), NULL});
    cr_expect(test_design(s.problem, "carry:state:p1:all") == -1, "nothing passes");
    small_case_clear(&s);
    /* another funder, without budgets, pays a tenth */
    s = small_case_solve((const char *const[]){BRIDGE("0.9\nbridge,town,0.1\n", "0.5"), NULL});
    small_case_expect(&s, 407, "co-funding");
    small_case_clear(&s);
}

Test(formulation_money, budget_factor)
{
    kv_case *c = small_case_read((const char *const[]){BRIDGE("1\n", "0.8"), NULL});
    for (int i = 0; i < 2; i++) {
        kv_build_options options = {-1, NULL, i == 0 ? 0.99 : 1.01};
        kv_problem *problem;
        kv_map *map;
        cr_assert(kv_build(c, &options, &problem, &map, NULL) == KV_OK);
        test_optimum optimum = test_model_solve(problem, KV_STRONG, 0);
        expect_near(optimum.objective, i == 0 ? 500 : 407, "factor");
        test_optimum_clear(&optimum);
        kv_problem_free(problem);
        kv_map_free(map);
    }
    kv_case_free(c);
}

/* 1000 t each on ab and bc. pa halves ab for 1000 EUR (gains 4000), pb halves bc for 6000 (loses
 * 1000). */
#define RULE(rule)                                                                                 \
    "links.csv", "link,from,to,mode,length_km\nab,a,b,road,100\nbc,b,c,road,100\n", "freight.csv", \
        "from,to,product,t_per_year\na,b,ore,1000\nb,c,ore,1000\n", "projects.csv",                \
        "project,cost_meur,life_years\npa,0.001,5\npb,0.006,5\n", "effects.csv",                   \
        "project,effect,link,factor\npa,improve_link,ab,0.5\npb,improve_link,bc,0.5\n", STATE,     \
        "funding.csv", "project,funder,share\npa,state,1\npb,state,1\n", "rules.csv",              \
        "rule,project,other\n" rule "\n"

static void expect_rule(const char *const *tables, double objective, double nothing,
                        const char *what)
{
    small_case s = small_case_solve(tables);
    small_case_expect(&s, objective, what);
    expect_near(small_case_nothing(&s), nothing, what);
    small_case_clear(&s);
}

Test(formulation_money, rules_between_projects)
{
    expect_rule((const char *const[]){RULE("requires,pb,pa"), NULL}, 0.016, 0.02, "pa alone");
    expect_rule((const char *const[]){RULE("requires,pa,pb"), NULL}, 0.017, 0.02, "pa needs pb");
    expect_rule((const char *const[]){RULE("jointly,pb,pa"), NULL}, 0.017, 0.02, "jointly");
    expect_rule((const char *const[]){RULE("mandatory,pb,"), NULL}, 0.017, 0.02, "mandatory");
    expect_rule((const char *const[]){RULE("mandatory,pb,\nexcludes,pa,pb"), NULL}, 0.021, 0.02,
                "excludes");
}

/* A project needs another that is finished in the second period only. */
Test(formulation_money, requires_holds_in_each_period)
{
    small_case s = small_case_solve((const char *const[]){
        "periods.csv", "period,first_year,last_year\np1,2026,2026\np2,2027,2027\n", "freight.csv",
        "from,to,product,t_per_year\na,b,ore,1000\n", "links.csv",
        "link,from,to,mode,length_km,capacity\nab,a,b,road,100,\nbc,b,c,road,50,5\n",
        "projects.csv",
        "project,cost_meur,lead_time_years,life_years\npa,0.001,0,2\npb,0.002,1,5\n", "effects.csv",
        "project,effect,link,factor,amount,unit\npa,improve_link,ab,0.5,,\n"
        "pb,link_capacity,bc,,10,t/yr\n",
        STATE, "funding.csv", "project,funder,share\npa,state,1\npb,state,1\n", "rules.csv",
        "rule,project,other\nrequires,pa,pb\n", NULL});
    /* pa from 2026 on would serve 2026 too, when pb does not: so pa in 2027: 5000 - 1000 - 2000 */
    small_case_expect(&s, 1e-6 * (10000 + 5000 + 1000 + 2000), "requires");
    expect_near(small_case_design(&s, "start:pa:p2"), 1, "later");
    cr_expect(test_row(&s.problem->side, "rule:1:p1:all") >= 0);
    small_case_clear(&s);
}

/* Year two: 1000 t in scenario high, 100 in low (500 and 50 in year one; growth of 100 %). Halving ab
 * for 3000 EUR in year two pays in high (5000) and not in low (500). After the decision year each
 * scenario decides by itself: year one 0.5 x (5000 + 500); year two 0.5 x (5000 + 3000) + 0.5 x 1000.
 * In common it does not pay: 0.5 x (10 000 + 1000) in year two. */
#define LATER(decision)                                                                            \
    "case.csv",                                                                                    \
        "name,price_year,discount_rate_per_year,residual_value,decision_year\n"                    \
        "small,2025,0,none," decision "\n",                                                        \
        "periods.csv", "period,first_year,last_year\np1,2026,2026\np2,2027,2027\n",                \
        "scenarios.csv", "scenario,probability,freight_factor\nhigh,0.5,1\nlow,0.5,0.1\n",         \
        "freight.csv", "from,to,product,t_per_year,growth_per_year\na,b,ore,500,1\n",              \
        "projects.csv", "project,cost_meur,earliest_year,life_years\nbypass,0.003,2027,5\n",       \
        "effects.csv", "project,effect,link,factor\nbypass,improve_link,ab,0.5\n", STATE,          \
        "funding.csv", "project,funder,share\nbypass,state,1\n", "budgets.csv",                    \
        "funder,period,amount_meur\nstate,p1,1\n"

Test(formulation_money, later_decisions_differ_by_scenario)
{
    small_case s = small_case_solve((const char *const[]){LATER("2026"), NULL});
    small_case_expect(&s, 1e-6 * (2750 + 4000 + 500), "copies");
    expect_near(small_case_design(&s, "start:bypass:p2:high"), 1, "high");
    expect_near(small_case_design(&s, "start:bypass:p2:low"), 0, "low");
    cr_expect(test_row(&s.problem->side, "budget:state:p2:low") >= 0, "budgets apart");
    small_case_clear(&s);
    s = small_case_solve((const char *const[]){LATER(""), NULL});
    small_case_expect(&s, 1e-6 * (2750 + 5500), "common");
    expect_near(small_case_design(&s, "start:bypass:p2"), 0, "common");
    cr_expect(test_row(&s.problem->side, "budget:state:p2:all") >= 0, "budgets together");
    small_case_clear(&s);
    s = small_case_solve_scenario((const char *const[]){LATER("2026"), NULL}, 0, NULL);
    small_case_expect(&s, 1e-6 * (5000 + 5000 + 3000), "high alone");
    cr_expect(s.problem->n_blocks == 2 && test_block(s.problem, "high/p2") == 1);
    small_case_clear(&s);
}

/* 100 t and 300 t with probability 3/4 and 1/4; halving ab costs 800 EUR. Without it the scenarios cost
 * 1000 and 3000, with it 1300 and 2300; expected 1500 and 1550: not built.
 * CVaR at 0.75 (the worst quarter) is 3000 or 2300; half of it and half of the expectation: 2250 or
 * 1925. At 0.5: (1000 + 3000)/2 or (1300 + 2300)/2, so 1750 or 1675. At 1: the maximum, as at 0.75.
 * Regret against 1000 and 2300: 700 or 300; all weight on it: 300; half: 1100 or 925. */
#define RISK(risk, level, weight)                                                                  \
    "case.csv",                                                                                    \
        "name,price_year,discount_rate_per_year,residual_value,risk,risk_level,risk_weight\n"      \
        "small,2025,0,none," risk "," level "," weight "\n",                                       \
        "scenarios.csv", "scenario,probability,freight_factor\nlow,0.75,1\nhigh,0.25,3\n",         \
        "freight.csv", "from,to,product,t_per_year\na,b,ore,100\n", "projects.csv",                \
        "project,cost_meur,life_years\nbypass,0.0008,5\n", "effects.csv",                          \
        "project,effect,link,factor\nbypass,improve_link,ab,0.5\n", STATE, "funding.csv",          \
        "project,funder,share\nbypass,state,1\n"

static void expect_risk(const char *const *tables, double objective, int built, const char *what)
{
    const double reference[] = {0.001, 0.0023};
    small_case s = small_case_solve_scenario(tables, -1, reference);
    small_case_expect(&s, objective, what);
    expect_near(small_case_design(&s, "start:bypass:p1"), built, what);
    small_case_clear(&s);
}

Test(formulation_money, risk_beside_the_expected_cost)
{
    expect_risk((const char *const[]){RISK("expected", "", ""), NULL}, 0.0015, 0, "expected");
    expect_risk((const char *const[]){RISK("cvar", "0.75", "0.5"), NULL}, 0.001925, 1, "CVaR 0.75");
    expect_risk((const char *const[]){RISK("cvar", "0.5", "0.5"), NULL}, 0.001675, 1, "CVaR 0.5");
    expect_risk((const char *const[]){RISK("cvar", "1", "0.5"), NULL}, 0.001925, 1, "maximum");
    expect_risk((const char *const[]){RISK("regret", "", "1"), NULL}, 0.0003, 1, "regret");
    expect_risk((const char *const[]){RISK("regret", "", "0.5"), NULL}, 0.000925, 1, "half");
}

Test(formulation_money, regret_needs_its_reference)
{
    kv_case *c = small_case_read((const char *const[]){RISK("regret", "", "1"), NULL});
    kv_problem *problem;
    kv_map *map;
    cr_expect(kv_build(c, NULL, &problem, &map, NULL) == KV_ERR_ARGUMENT);
    cr_expect(problem == NULL && map == NULL);
    kv_build_options beyond = {7, NULL, 1};
    cr_expect(kv_build(c, &beyond, &problem, &map, NULL) == KV_ERR_ARGUMENT);
    kv_case_free(c);
}

/* A price that differs by scenario: a common start costs the mean, 0.75 x 800 + 0.25 x 1600 = 1000. */
Test(formulation_money, common_start_at_two_prices)
{
    small_case s = small_case_solve((const char *const[]){
        RISK("expected", "", ""), "rules.csv", "rule,project\nmandatory,bypass\n", "changes.csv",
        "scenario,table,key,column,operation,value\nhigh,projects,bypass,cost_meur,"
        "multiply,2\n",
        NULL});
    small_case_expect(&s, 1e-6 * (0.75 * 500 + 0.25 * 1500 + 1000), "mean price");
    expect_near(s.map->design[0].cost_meur, 0.001, "cost");
    small_case_clear(&s);
}
