/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The design problem's own checks: malformed problems are named, violations measured. */
#include "support/small_case.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* A capacity, an opening, a coupling row and a side row. */
#define SOME_OF_ALL                                                                                \
    "links.csv",                                                                                   \
        "link,from,to,mode,length_km,open,capacity\nab,a,b,road,100,no,600\nac,a,c,road,90,yes,\n" \
        "cb,c,b,road,90,yes,\n",                                                                   \
        "technologies.csv",                                                                        \
        "technology,mode,payload_t,speed_km_per_h,cost_eur_per_km,max_share\n"                     \
        "truck,road,10,50,1,\nvan,road,10,50,0.5,0.25\n",                                          \
        "freight.csv", "from,to,product,t_per_year\na,b,ore,1000\n", "projects.csv",               \
        "project,cost_meur,life_years\nroad,0.001,5\nlane,0.001,5\n", "effects.csv",               \
        "project,effect,link,amount,unit\nroad,open_link,ab,,\nlane,link_capacity,ab,100,t/yr\n",  \
        "funders.csv", "funder\nstate\n", "funding.csv",                                           \
        "project,funder,share\nroad,state,1\nlane,state,1\n", "budgets.csv",                       \
        "funder,period,amount_meur\nstate,p1,0.002\n"

static small_case some_of_all(void)
{
    return small_case_solve((const char *const[]){SOME_OF_ALL, NULL});
}

/* Spoils one number, expects the check to name it, and mends it. */
#define EXPECT_FAULT(place, spoilt, told)                                                          \
    do {                                                                                           \
        __typeof__(place) kept = (place);                                                          \
        kv_messages *messages = kv_messages_create();                                              \
        (place) = (spoilt);                                                                        \
        cr_expect(kv_problem_check(p, messages) == KV_ERR_INTERNAL, #place);                       \
        cr_assert(kv_messages_count(messages) == 1, #place);                                       \
        cr_expect(strstr(kv_messages_get(messages, 0)->what, told) != NULL, "%s: %s", #place,      \
                  kv_messages_get(messages, 0)->what);                                             \
        (place) = kept;                                                                            \
        kv_messages_free(messages);                                                                \
        cr_expect(kv_problem_check(p, NULL) == KV_OK, #place);                                     \
    } while (0)

Test(formulation_problem, check_names_the_fault)
{
    small_case s = some_of_all();
    kv_problem *p = s.problem;
    cr_assert(p->coupling.count > 0 && p->side.count > 0 && p->n_openings > 0);
    EXPECT_FAULT(p->n_nodes, -1, "negative");
    EXPECT_FAULT(p->arc_tail[0], p->n_nodes, "arc tails");
    EXPECT_FAULT(p->arc_head[0], -1, "arc heads");
    EXPECT_FAULT(p->flow_arc[0], p->n_arcs, "arcs of flows");
    EXPECT_FAULT(p->flow_arc[1], p->flow_arc[0], "not in order");
    EXPECT_FAULT(p->flow_commodity[0], 1, "commodities of flows");
    EXPECT_FAULT(p->balance_node[1], p->balance_node[0], "balances");
    EXPECT_FAULT(p->commodity_flow_first[1], 1, "flows");
    EXPECT_FAULT(p->flow_tail_row[0], p->flow_tail_row[0] + 1, "tail row");
    EXPECT_FAULT(p->flow_head_row[0], p->n_balances, "head rows");
    EXPECT_FAULT(p->block_weight[0], -1.0, "block weights");
    EXPECT_FAULT(p->flow_cost[2], (double)NAN, "unit costs");
    EXPECT_FAULT(p->flow_upper[2], (double)INFINITY, "flow bounds");
    EXPECT_FAULT(p->balance[0], (double)NAN, "balances");
    EXPECT_FAULT(p->use_resource[0], p->n_resources, "resources used");
    EXPECT_FAULT(p->use[0], -1.0, "uses of resources");
    EXPECT_FAULT(p->resource_base[0], (double)NAN, "base capacities");
    EXPECT_FAULT(p->supply_design[0], -1, "designs that supply");
    EXPECT_FAULT(p->supply[0], -1.0, "supplies");
    EXPECT_FAULT(p->openings[0].arc, p->n_arcs, "out of range");
    EXPECT_FAULT(p->openings[1].arc, p->openings[0].arc, "not in order");
    EXPECT_FAULT(p->opening_design[0], p->n_design, "its design");
    EXPECT_FAULT(p->opening_coefficient[0], 0.0, "not positive");
    EXPECT_FAULT(p->coupling.sense[0], 'G', "the sense 'G'");
    EXPECT_FAULT(p->coupling.flow[0], -1, "coupling rows");
    EXPECT_FAULT(p->coupling.flow[1], p->coupling.flow[0], "something twice");
    EXPECT_FAULT(p->side.rhs[0], (double)INFINITY, "side rows");
    EXPECT_FAULT(p->side.design[0], p->n_design, "side rows");
    EXPECT_FAULT(p->side.design[1], p->side.design[0], "something twice");
    EXPECT_FAULT(p->design_lower[0], 2.0, "lower bound");
    EXPECT_FAULT(p->do_nothing_upper[0], 2.0, "doing nothing");
    EXPECT_FAULT(p->design_group[0], p->n_groups, "groups");
    EXPECT_FAULT(p->node_name[0][0], ' ', "blank");
    EXPECT_FAULT(p->arc_name[0][0], '\0', "no name");
    EXPECT_FAULT(p->constant, (double)NAN, "constant");
    small_case_clear(&s);
}

/* One row broken at a time, by a known amount. */
Test(formulation_problem, violations_are_measured)
{
    small_case s = some_of_all();
    const kv_problem *p = s.problem;
    double *x = s.strong.flow, *y = s.strong.design;
    kv_violation v;
    const int van = test_flow(p, "ab:f:van", "ore@a");
    const int unserved = test_flow(p, "unserved:b", "ore@a");
    kv_problem_violation(p, y, x, &v);
    cr_expect(v.balance < 1e-9 && v.resource < 1e-9 && v.opening < 1e-9 && v.coupling < 1e-9 &&
              v.side < 1e-9 && v.bounds < 1e-9 && v.integrality < 1e-9);
    x[unserved] += 10; /* at b: 1000 wanted; outside has nothing, so its row is 10 of 10 */
    kv_problem_violation(p, y, x, &v);
    cr_expect(fabs(v.balance - 1) < 1e-9, "%g", v.balance);
    x[unserved] -= 10;
    x[van] += 1500; /* 600 or 700 t allowed */
    kv_problem_violation(p, y, x, &v);
    cr_expect(v.resource > 0.3 && v.coupling > 0.3 && v.bounds > 0.3);
    x[van] -= 1500;
    const int road = test_design(p, "start:road:p1");
    cr_assert(y[road] == 1);
    y[road] = 0.25;
    kv_problem_violation(p, y, x, &v);
    cr_expect(fabs(v.integrality - 0.25) < 1e-12 && v.opening > 0.1);
    y[road] = 3; /* 0.003 of a budget of 0.002 MEUR; the box ends at 1 */
    kv_problem_violation(p, y, x, &v);
    cr_expect(v.side >= 0.001 - 1e-12 && fabs(v.bounds - 2) < 1e-12 && v.integrality == 0);
    small_case_clear(&s);
}

/* 1e16 + 1 - 1e16 is 1 only with compensated sums. */
Test(formulation_problem, objective_is_summed_exactly)
{
    small_case s = some_of_all();
    kv_problem *p = s.problem;
    for (int f = 0; f < p->n_flows; f++) {
        p->flow_cost[f] = f < 3 ? (double[]){1e16, 1, -1e16}[f] : 0;
        s.strong.flow[f] = 1;
    }
    for (int j = 0; j < p->n_design; j++)
        p->design_cost[j] = 0;
    p->block_weight[0] = 1;
    cr_expect(kv_problem_objective(p, s.strong.design, s.strong.flow) == 1);
    small_case_clear(&s);
}

Test(formulation_problem, an_empty_problem_can_be_freed)
{
    kv_problem_free(NULL);
    kv_map_free(NULL);
    kv_model_free(NULL);
    kv_problem *p = kv_problem_create();
    cr_assert(p != NULL);
    cr_expect(kv_problem_check(p, NULL) == KV_ERR_INTERNAL, "arrays are missing");
    kv_problem_free(p);
}
