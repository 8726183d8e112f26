/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published instances of fixed-charge network design (Crainic, Frangioni, Gendron), where their
 * files are beside the source tree; skipped with a message where they are not. */
#include "base/file.h"
#include "base/memory.h"
#include "solver/decomposition/relaxation.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BENCH KV_SOURCE_DIR "/../shared/bench/"

static char *read_all(const char *name)
{
    char path[1024], *text = NULL;
    size_t length;
    snprintf(path, sizeof path, BENCH "%s", name);
    if (!kv_path_exists(path))
        cr_skip_test("no file %s", path);
    cr_assert(kv_file_read(path, &text, &length, NULL) == KV_OK);
    return text;
}

static double number(char **at)
{
    char *end;
    double value = strtod(*at, &end);
    cr_assert(end != *at);
    *at = end;
    return value;
}

static void *make(size_t count, size_t size)
{
    void *memory = kv_alloc(count, size);
    cr_assert(memory != NULL);
    return memory;
}

/* An arc is opened by a design of its own, which supplies its capacity to all commodities. */
static void add_arcs(kv_problem *p, const double *capacity, const double *fixed)
{
    size_t arcs = (size_t)p->n_arcs, flows = (size_t)p->n_flows;
    void *old[] = {p->use_first, p->supply_first};
    kv_free(old[0]);
    kv_free(old[1]);
    p->use_first = make(flows + 1, sizeof(int));
    p->use_resource = make(flows, sizeof(int));
    p->use = make(flows, sizeof(double));
    for (int f = 0; f < p->n_flows; f++) {
        p->use_first[f + 1] = f + 1;
        p->use_resource[f] = p->flow_arc[f];
        p->use[f] = 1;
    }
    p->supply_first = make(arcs + 1, sizeof(int));
    p->supply_design = make(arcs, sizeof(int));
    p->supply = make(arcs, sizeof(double));
    p->openings = make(arcs, sizeof(kv_opening));
    p->opening_design = make(arcs, sizeof(int));
    p->opening_coefficient = make(arcs, sizeof(double));
    p->n_openings = p->n_arcs;
    for (int a = 0; a < p->n_arcs; a++) {
        p->supply_first[a + 1] = a + 1;
        p->supply_design[a] = p->opening_design[a] = a;
        p->supply[a] = capacity[a];
        p->resource_base[a] = 0;
        p->design_cost[a] = fixed[a];
        p->openings[a] = (kv_opening){0, a, 0, a, 1};
        p->opening_coefficient[a] = 1;
    }
}

static void add_commodity(kv_problem *p, int k, char **at, const double *cost,
                          const double *capacity)
{
    int from = (int)number(at) - 1, to = (int)number(at) - 1;
    double demand = number(at);
    p->balance[tiny_balance(p, 0, k, from)] += demand;
    p->balance[tiny_balance(p, 0, k, to)] -= demand;
    for (int a = 0; a < p->n_arcs; a++) {
        p->flow_cost[tiny_flow(p, 0, k, a)] = cost[a];
        p->flow_upper[tiny_flow(p, 0, k, a)] = fmin(demand, capacity[a]);
    }
}

static kv_problem *read_canad(const char *name)
{
    char *text = read_all(name), *at = strchr(text, '\n');
    cr_assert(at != NULL);
    int nodes = (int)number(&at), arcs = (int)number(&at), commodities = (int)number(&at);
    size_t n = (size_t)arcs;
    int *tail = make(n, sizeof(int)), *head = make(n, sizeof(int));
    double *cost = make(n, sizeof(double)), *capacity = make(n, sizeof(double));
    double *fixed = make(n, sizeof(double));
    for (int a = 0; a < arcs; a++) {
        tail[a] = (int)number(&at) - 1;
        head[a] = (int)number(&at) - 1;
        cost[a] = number(&at);
        capacity[a] = number(&at);
        fixed[a] = number(&at);
        number(&at);
        number(&at);
    }
    kv_problem *p = tiny_problem(nodes, arcs, tail, head, commodities, 0, 1, arcs, arcs);
    for (int k = 0; k < commodities; k++)
        add_commodity(p, k, &at, cost, capacity);
    add_arcs(p, capacity, fixed);
    cr_assert(kv_problem_check(p, NULL) == KV_OK);
    void *arrays[] = {text, tail, head, cost, capacity, fixed};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    return p;
}

/* The optimum of the strong relaxation, opening rows being added until none is violated. */
static double strong_bound(const kv_problem *p)
{
    kv_relaxation *relaxation = NULL;
    double bound = -HUGE_VAL;
    int added = 1;
    cr_assert(kv_relaxation_create(p, NULL, NULL, &relaxation) == KV_OK);
    for (int round = 0; round < 40 && added; round++) {
        kv_ipm_result result;
        cr_assert(kv_relaxation_solve(relaxation, NULL, NULL, 1e-7, 1e300, &result) == KV_OK);
        cr_assert(result.status == KV_OK);
        double before = bound;
        bound = kv_bound_recompute(p, result.multipliers);
        cr_assert(bound >= before - 1e-6 * fabs(before)); /* rows only add to it */
        cr_assert(kv_relaxation_separate(relaxation, &result, 1e-5, &added) == KV_OK);
        kv_ipm_result_free(&result);
    }
    cr_assert(added == 0);
    kv_relaxation_free(relaxation);
    return bound;
}

/* The best value known of an instance, from the table beside the files. */
static double best_known(const char *instance)
{
    char *text = read_all("best-known.csv"), key[64];
    snprintf(key, sizeof key, ",%s,", instance);
    char *row = strstr(text, key);
    cr_assert(row != NULL);
    for (int field = 0; field < 5; field++)
        row = strchr(row, ',') + 1;
    double value = strtod(row, NULL);
    kv_free(text);
    return value;
}

/* The value of the strong relaxation that several codes agree on, to a figure of its last digit. */
Test(canad, strong_relaxation_of_c33)
{
    kv_problem *p = read_canad("canad/C/c33.dow");
    double bound = strong_bound(p);
    cr_assert(fabs(bound - 422853.3) <= 0.3, "%.10g", bound);
    kv_problem_free(p);
}

/* A few steps of the engine: the optimum lies between bound and plan, and not far from either. */
Test(canad, plan_of_c33)
{
    kv_problem *p = read_canad("canad/C/c33.dow");
    kv_limits limits;
    kv_plan *plan = NULL;
    double optimum = best_known("c33");
    kv_limits_default(&limits);
    limits.work = 250;
    cr_assert(kv_engine_decomposition.solve(p, &limits, &plan, NULL) == KV_OK);
    cr_assert(plan->status == KV_PLAN_FEASIBLE || plan->status == KV_PLAN_OPTIMAL);
    cr_assert(plan->bound <= optimum * (1 + 1e-9) && plan->objective >= optimum * (1 - 1e-9));
    cr_assert(plan->certified_bound >= 0.99 * optimum, "%.10g", plan->certified_bound);
    cr_assert(plan->objective <= 1.05 * optimum, "%.10g", plan->objective);
    kv_plan_free(plan);
    kv_problem_free(p);
}
