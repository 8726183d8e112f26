/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts on node sets hold for every plan, and the engine that uses them proves what enumeration finds. */
#include "base/clock.h"
#include "base/memory.h"
#include "base/random.h"
#include "solver/cutting/select.h"
#include "solver/proof.h"
#include "support/random_network.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

enum { NODES = 4, GOODS = 3, ROADS = 10, ARCS = ROADS + GOODS };

/* Roads that have to be opened, with capacities for some of what must go; a dear arc for each
 * commodity. `modules`: up to three units a road, and some capacity from the start. */
static kv_problem *network(kv_random *random, int modules)
{
    int tail[ARCS], head[ARCS];
    for (int a = 0; a < ARCS; a++) {
        tail[a] = a < NODES ? a : kv_random_integer(random, 0, NODES - 1);
        head[a] = (tail[a] + (a < NODES ? 1 : kv_random_integer(random, 1, NODES - 1))) % NODES;
    }
    kv_problem *p = tiny_problem(NODES, ARCS, tail, head, GOODS, 0, 1, ROADS, ROADS);
    p->flow_grid = 1e-6;
    for (int k = 0; k < GOODS; k++) {
        double d = kv_random_integer(random, 3, 20);
        p->balance[tiny_balance(p, 0, k, tail[ROADS + k])] = d;
        p->balance[tiny_balance(p, 0, k, head[ROADS + k])] = -d;
        p->flow_upper[tiny_flow(p, 0, k, ROADS + k)] = d;
        p->flow_cost[tiny_flow(p, 0, k, ROADS + k)] = 600;
        for (int a = 0; a < ROADS; a++) {
            p->flow_upper[tiny_flow(p, 0, k, a)] = d;
            p->flow_cost[tiny_flow(p, 0, k, a)] = kv_random_integer(random, 1, 5);
        }
    }
    for (int a = 0; a < ROADS; a++) {
        for (int k = 0; k < GOODS; k++)
            tiny_use(p, k, a, a, k == 0 ? 2.0 : 1.0);
        p->resource_base[a] = modules ? kv_random_integer(random, 0, 2) : 0;
        tiny_supply(p, 0, a, a, kv_random_integer(random, 9, 30));
        if (!modules)
            tiny_opening(p, 0, a, 1, &a);
        p->design_upper[a] = modules ? 3 : 1;
        p->design_cost[a] = kv_random_integer(random, 5, 60);
    }
    cr_assert(eq(int, kv_problem_check(p, NULL), KV_OK));
    return p;
}

/* ---- cuts ---- */

typedef struct cuts {
    kv_cut *cut[500];
    int count;
} cuts;

static void keep(void *context, kv_cut *cut)
{
    cuts *all = context;
    if (all->count < 500)
        all->cut[all->count++] = cut;
    else
        kv_cut_free(cut);
}

/* The cuts that the relaxation's optimum breaks, costs being random. */
static void find_cuts(const kv_problem *p, kv_random *random, cuts *all)
{
    size_t flows = (size_t)p->n_flows;
    double *flow = kv_alloc(flows, sizeof *flow), *design = kv_alloc((size_t)p->n_design, 8);
    kv_lp *lp = tiny_lp(p, NULL, NULL, 0, NULL);
    kv_lp_limits limits;
    kv_cutset *cutset;
    kv_lp_limits_default(&limits);
    cr_assert(flow && design && lp);
    cr_assert(eq(int, kv_cutset_create(p, &cutset), KV_OK));
    for (int trial = 0; trial < 4; trial++) {
        for (int j = 0; j < p->n_design && trial > 0; j++)
            (void)kv_lp_set_cost(lp, j, kv_random_integer(random, 5, 60));
        cr_assert(eq(int, kv_lp_solve(lp, &limits), KV_LP_OPTIMAL));
        for (int j = 0; j < p->n_design; j++)
            design[j] = kv_lp_value(lp, j);
        for (size_t x = 0; x < flows; x++)
            flow[x] = kv_lp_value(lp, p->n_design + (int)x);
        int first = all->count;
        cr_assert(eq(int,
                     kv_cutset_separate(cutset, design, flow, 1e-3, trial % 2, 1e300, keep, all),
                     KV_OK));
        for (int i = first; i < all->count; i++)
            cr_expect(kv_cut_efficacy(all->cut[i], design, flow) >= 1e-3);
    }
    kv_cutset_free(cutset);
    kv_lp_free(lp);
    kv_free(flow);
    kv_free(design);
}

/* The most that the left side of a cut comes to with the designs fixed; -infinity without flows. */
static double most_of(const kv_problem *p, kv_lp *lp, const kv_cut *cut, const double *design)
{
    kv_lp_limits limits;
    double most = 0;
    kv_lp_limits_default(&limits);
    for (int j = 0; j < p->n_design; j++) {
        (void)kv_lp_set_cost(lp, j, 0);
        (void)kv_lp_set_column_bounds(lp, j, design[j], design[j]);
    }
    for (int x = 0; x < p->n_flows; x++)
        (void)kv_lp_set_cost(lp, p->n_design + x, 0);
    for (int i = 0; i < cut->n_flows; i++)
        (void)kv_lp_set_cost(lp, p->n_design + cut->flow[i], -cut->flow_value[i]);
    if (kv_lp_solve(lp, &limits) != KV_LP_OPTIMAL)
        return -HUGE_VAL;
    for (int i = 0; i < cut->n_design; i++)
        most += cut->design_value[i] * design[cut->design[i]];
    return most - kv_lp_objective(lp);
}

/* All integer designs, one after the other; 0 = that was the last. */
static int next_design(const kv_problem *p, double *design)
{
    for (int j = 0; j < p->n_design; j++) {
        if (design[j] < p->design_upper[j]) {
            design[j] += 1;
            return 1;
        }
        design[j] = 0;
    }
    return 0;
}

static int expect_valid(const kv_problem *p, const cuts *all)
{
    double design[ROADS] = {0};
    int met = 0, few = all->count < 4 ? all->count : 4;
    kv_lp *lp = tiny_lp(p, NULL, NULL, 0, NULL);
    do {
        for (int i = 0; i < few; i++) {
            const kv_cut *cut = all->cut[i * all->count / few];
            double most = most_of(p, lp, cut, design);
            cr_expect(most <= cut->rhs + 1e-6 * (1 + fabs(cut->rhs)), "a cut that a plan breaks");
            met += most > cut->rhs - 1e-5 * (1 + fabs(cut->rhs));
        }
    } while (next_design(p, design));
    kv_lp_free(lp);
    return met;
}

Test(cutting, cuts_hold_for_every_plan)
{
    kv_random random;
    int found = 0, met = 0;
    kv_random_seed(&random, 5);
    for (int trial = 0; trial < 8; trial++) {
        cuts all = {.count = 0};
        kv_problem *p = network(&random, 0);
        find_cuts(p, &random, &all);
        met += expect_valid(p, &all);
        found += all.count;
        for (int i = 0; i < all.count; i++)
            kv_cut_free(all.cut[i]);
        kv_problem_free(p);
    }
    cr_expect(found > 20, "%d cuts", found);
    cr_expect(met > 10, "%d of them touch a plan", met);
}

/* How many cuts are kept at the relaxation's optimum, by whether the list is full and time is over. */
static void count_kept(const kv_problem *p, kv_random *random, int count[2][2])
{
    kv_lp *lp = tiny_lp(p, NULL, NULL, 0, NULL);
    kv_lp_limits limits;
    kv_cutset *cutset = NULL;
    double *flow = kv_alloc((size_t)p->n_flows, sizeof *flow);
    double *design = kv_alloc((size_t)p->n_design, sizeof *design);
    cr_assert(flow && design && lp && kv_cutset_create(p, &cutset) == KV_OK);
    kv_lp_limits_default(&limits);
    for (int j = 0; j < p->n_design; j++)
        (void)kv_lp_set_cost(lp, j, kv_random_integer(random, 5, 60));
    cr_assert(eq(int, kv_lp_solve(lp, &limits), KV_LP_OPTIMAL));
    for (int j = 0; j < p->n_design; j++)
        design[j] = kv_lp_value(lp, j);
    for (int x = 0; x < p->n_flows; x++)
        flow[x] = kv_lp_value(lp, p->n_design + x);
    for (int full = 0; full < 2; full++)
        for (int late = 0; late < 2; late++) {
            kv_cut_list list = {.entries = full ? 1e9 : 0};
            double deadline = late ? kv_clock() : 1e300;
            kv_status status = kv_cutset_separate(cutset, design, flow, 1e-3, 0, deadline,
                                                  kv_cut_list_keep, &list);
            cr_assert(eq(int, status, KV_OK));
            count[full][late] += list.count;
            kv_cut_list_clear(&list);
        }
    kv_cutset_free(cutset);
    kv_lp_free(lp);
    kv_free(flow);
    kv_free(design);
}

/* Nothing is looked for when time is over, and nothing more is kept than there is room for. */
Test(cutting, limits_of_separation)
{
    kv_random random;
    int count[2][2] = {{0}};
    kv_random_seed(&random, 5);
    for (int trial = 0; trial < 8; trial++) {
        kv_problem *p = network(&random, 0);
        count_kept(p, &random, count);
        kv_problem_free(p);
    }
    cr_assert(count[0][0] > 10, "%d cuts", count[0][0]);
    cr_assert(eq(int, count[0][1], 0));
    cr_assert(eq(int, count[1][0], 0));
    cr_assert(eq(int, count[1][1], 0));
}

Test(cutting, cuts_with_modules)
{
    kv_random random;
    int found = 0;
    kv_random_seed(&random, 6);
    for (int trial = 0; trial < 2; trial++) {
        cuts all = {.count = 0};
        kv_problem *p = network(&random, 1);
        for (int j = 4; j < p->n_design; j++)
            p->design_upper[j] = 1;
        find_cuts(p, &random, &all);
        (void)expect_valid(p, &all);
        found += all.count;
        for (int i = 0; i < all.count; i++)
            kv_cut_free(all.cut[i]);
        kv_problem_free(p);
    }
    cr_expect(found > 5, "%d cuts", found);
}

/* One link of capacity 10 for a demand of 25: three units of it, which rounding alone tells. */
Test(cutting, rounding_by_hand)
{
    int tail[] = {0}, head[] = {1};
    kv_problem *p = tiny_problem(2, 1, tail, head, 1, 0, 1, 1, 1);
    p->balance[tiny_balance(p, 0, 0, 0)] = 25;
    p->balance[tiny_balance(p, 0, 0, 1)] = -25;
    p->flow_upper[tiny_flow(p, 0, 0, 0)] = 25;
    tiny_use(p, 0, 0, 0, 1);
    p->resource_base[0] = 0;
    tiny_supply(p, 0, 0, 0, 10);
    p->design_upper[0] = 9;
    p->design_cost[0] = 1;
    kv_derivation *d = kv_derivation_create(p);
    kv_source source[] = {{KV_FROM_BALANCE, (int)tiny_balance(p, 0, 0, 0), 0, -1},
                          {KV_FROM_RESOURCE, 0, 0, 1}};
    kv_cut *cut = NULL;
    cr_assert(eq(int, kv_cut_derive(d, 2, source, 0, NULL, 10, &cut), KV_OK));
    cr_assert(cut != NULL);
    cr_expect(cut->n_design == 1 && cut->n_flows == 0);
    cr_expect(epsilon_eq(dbl, cut->rhs / cut->design_value[0], 3.0, 1e-8)); /* -y <= -3 */
    kv_cut_free(cut);
    cr_assert(eq(int, kv_cut_derive(d, 2, source, 0, NULL, 5, &cut), KV_OK));
    cr_expect(cut == NULL, "25 / 5 is whole: nothing to round");
    kv_derivation_free(d);
    kv_problem_free(p);
}

/* ---- the engine ---- */

static kv_plan *solve(const kv_problem *p, int threads, long work)
{
    kv_limits limits;
    kv_plan *plan = NULL;
    kv_limits_default(&limits);
    limits.gap = 0;
    limits.threads = threads;
    limits.work = work;
    cr_assert(eq(int, kv_engine_cutting.solve(p, &limits, &plan, NULL), KV_OK));
    cr_assert(plan != NULL);
    return plan;
}

static void expect_proved(const kv_problem *p, const kv_plan *plan, double best, const char *name)
{
    double size = 1 + fabs(best);
    kv_violation v;
    if (best >= 1e30) {
        cr_expect(eq(int, plan->status, KV_PLAN_INFEASIBLE), "%s", name);
        return;
    }
    cr_expect(eq(int, plan->status, KV_PLAN_OPTIMAL), "%s", name);
    cr_expect(epsilon_eq(dbl, plan->objective, best, 2e-5 * size), "%s", name);
    cr_expect(plan->certified_bound <= best + 2e-5 * size, "%s", name);
    kv_problem_violation(p, plan->design, plan->flow, &v);
    cr_expect(v.balance <= 1e-9 && v.resource <= 1e-5 && v.opening <= 1e-5 && v.side <= 1e-5);
    if (plan->proof)
        cr_expect(epsilon_eq(dbl, plan->certified_bound, kv_proof_bound(p, plan->proof, NULL, NULL),
                             1e-9 * size));
}

Test(cutting, optimum_by_enumeration)
{
    kv_random random;
    int closed = 0, feasible = 0;
    kv_random_seed(&random, 22);
    for (int trial = 0; trial < 60; trial++) {
        kv_problem *p = trial % 3 ? tiny_random(&random) : network(&random, 0);
        p->flow_grid = 1e-6;
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        kv_plan *plan = solve(p, 1, 0);
        expect_proved(p, plan, best, "tiny");
        feasible += best < 1e30;
        closed += best < 1e30 && plan->certified_bound >= best - 1e-5 * (1 + fabs(best));
        kv_plan_free(plan);
        kv_problem_free(p);
    }
    cr_expect(feasible >= 40);
    cr_expect(closed >= 0.9 * feasible, "%d of %d are certified", closed, feasible);
}

Test(cutting, same_on_any_number_of_threads)
{
    kv_random random;
    kv_random_seed(&random, 9);
    for (int trial = 0; trial < 4; trial++) {
        kv_problem *p = random_network(&random, trial % 2 ? NETWORK_TIGHT : NETWORK_ORDINARY);
        kv_plan *one = solve(p, 1, 3000), *two = solve(p, 2, 3000);
        cr_expect(eq(dbl, one->objective, two->objective));
        cr_expect(eq(dbl, one->certified_bound, two->certified_bound));
        cr_expect(one->work == two->work && one->nodes == two->nodes);
        cr_expect(eq(int, memcmp(one->design, two->design, (size_t)p->n_design * 8), 0));
        kv_plan_free(one);
        kv_plan_free(two);
        kv_problem_free(p);
    }
}
