/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The search on paths: optima of tiny problems, repeated runs, limits, and its turns in an engine. */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/paths/companion.h"
#include "support/served_network.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

typedef struct found {
    double cost;
    double *design, *flow;
} found;

static kv_problem *network(unsigned long seed)
{
    kv_random random;
    kv_random_seed(&random, seed);
    return served_network(&random, (served_network_kind)(seed % SERVED_NETWORK_KINDS),
                          1 + (int)(seed % 3 == 0), seed % 5 != 0);
}

static kv_improver *improver(const kv_problem *p, unsigned long seed)
{
    kv_improver *m = NULL;
    cr_assert(kv_improver_create(p, NULL, NULL, NULL, NULL, NULL, seed, &m) == KV_OK);
    return m;
}

/* The plan at hand, which is one. */
static found take(const kv_problem *p, kv_improver *m)
{
    kv_violation v;
    found f = {kv_improver_cost(m), kv_alloc((size_t)p->n_design, sizeof(double)),
               kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof(double))};
    cr_assert(kv_improver_plan(m, f.design, f.flow) == KV_OK);
    kv_problem_violation(p, f.design, f.flow, &v);
    cr_assert(v.balance < 1e-9 && v.resource < 1e-8 && v.opening < 1e-8 && v.bounds < 1e-8 &&
              v.side < 1e-9 && v.integrality == 0.0);
    cr_assert(fabs(kv_problem_objective(p, f.design, f.flow) - f.cost) <=
              1e-8 * (1.0 + fabs(f.cost)));
    return f;
}

static void clear(found *f)
{
    kv_free(f->design);
    kv_free(f->flow);
}

/* Nothing is better, and nearly always it is the optimum. */
Test(paths_improve, tiny_optima)
{
    int optimal = 0, solved = 0;
    for (unsigned long seed = 1; seed <= 60; seed++) {
        kv_problem *p = network(seed);
        kv_improver *m = improver(p, seed);
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        cr_assert(kv_improver_run(m, 2.0, NULL, 1e300) == KV_OK);
        if (best >= 1e29) {
            cr_assert(isinf(kv_improver_cost(m)));
        } else {
            found f = take(p, m);
            cr_assert(f.cost >= best - 1e-7 * (1.0 + fabs(best)), "%lu: %.10g below %.10g", seed,
                      f.cost, best);
            optimal += f.cost <= best + 1e-7 * (1.0 + fabs(best));
            solved++;
            clear(&f);
        }
        kv_improver_free(m);
        kv_problem_free(p);
    }
    cr_assert(solved >= 40);
    cr_assert(10 * optimal >= 9 * solved, "%d of %d", optimal, solved);
}

Test(paths_improve, the_same_again)
{
    for (unsigned long seed = 1; seed <= 12; seed++) {
        kv_problem *p = network(seed + 100);
        found f[2] = {{0}};
        for (int i = 0; i < 2; i++) {
            kv_improver *m = improver(p, 7);
            for (int slice = 0; slice < 3; slice++)
                cr_assert(kv_improver_run(m, 0.3, NULL, 1e300) == KV_OK);
            if (kv_improver_cost(m) < HUGE_VAL)
                f[i] = take(p, m);
            kv_improver_free(m);
        }
        cr_assert((f[0].design == NULL) == (f[1].design == NULL));
        size_t designs = (size_t)p->n_design * sizeof(double);
        size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows * sizeof(double);
        cr_assert(!f[0].design || (memcmp(f[0].design, f[1].design, designs) == 0 &&
                                   memcmp(f[0].flow, f[1].flow, flows) == 0));
        clear(&f[0]);
        clear(&f[1]);
        kv_problem_free(p);
    }
}

/* Within boxes, from multipliers and a relaxed design that are given. */
Test(paths_improve, boxes_and_what_is_given)
{
    for (unsigned long seed = 4; seed <= 40; seed += 4) { /* binaries of arcs */
        kv_problem *p = network(seed);
        size_t n = (size_t)p->n_design;
        double *lower = kv_alloc(n, sizeof(double)), *upper = kv_alloc(n, sizeof(double));
        double *relaxed = kv_alloc(n, sizeof(double));
        kv_multipliers *multipliers = kv_multipliers_create(p);
        kv_improver *m = NULL;
        for (size_t j = 0; j < n; j++) {
            lower[j] = j == 0;
            upper[j] = j != 1;
            relaxed[j] = 0.5;
        }
        double best = tiny_optimum(p, lower, upper, 0, NULL, NULL);
        cr_assert(kv_improver_create(p, lower, upper, NULL, multipliers, seed % 8 ? relaxed : NULL,
                                     0, &m) == KV_OK);
        lower[0] = upper[1] = 7; /* theirs are copies */
        kv_multipliers_free(multipliers);
        kv_free(lower);
        kv_free(upper);
        kv_free(relaxed);
        cr_assert(kv_improver_run(m, 1.0, NULL, 1e300) == KV_OK);
        cr_assert((best >= 1e29) == isinf(kv_improver_cost(m)));
        if (best < 1e29) {
            found f = take(p, m);
            cr_assert(f.cost >= best - 1e-7 * (1.0 + fabs(best)));
            cr_assert(f.design[0] == 1.0 && f.design[1] == 0.0);
            clear(&f);
        }
        kv_improver_free(m);
        kv_problem_free(p);
    }
}

/* A plan that is told is kept and goes on from there. */
Test(paths_improve, offers)
{
    for (unsigned long seed = 1; seed <= 20; seed++) {
        kv_problem *p = network(seed);
        size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows;
        double *design = kv_alloc((size_t)p->n_design, sizeof(double));
        double *flow = kv_alloc(flows, sizeof(double));
        double best = tiny_optimum(p, NULL, NULL, 0, design, flow);
        kv_improver *m = improver(p, 0);
        cr_assert(kv_improver_plan(m, design, flow) == KV_ERR_LIMIT);
        if (best < 1e29) {
            cr_assert(kv_improver_offer(m, design, flow) == KV_OK);
            cr_assert(kv_improver_cost(m) <= best + 1e-7 * (1.0 + fabs(best)));
            cr_assert(kv_improver_run(m, 0.2, NULL, 1e300) == KV_OK);
            found f = take(p, m);
            cr_assert(fabs(f.cost - best) <= 1e-7 * (1.0 + fabs(best)));
            clear(&f);
        }
        kv_free(design);
        kv_free(flow);
        kv_improver_free(m);
        kv_problem_free(p);
    }
}

Test(paths_improve, limits)
{
    kv_problem *p = network(4);
    kv_improver *m = improver(p, 0);
    cr_assert(kv_improver_slice(m) > 0.0);
    cr_assert(kv_improver_run(m, 1e9, NULL, kv_clock()) == KV_OK); /* ends at once */
    kv_stop_request();
    cr_assert(kv_improver_run(m, 1e9, NULL, 1e300) == KV_OK);
    kv_stop_reset();
    double before = kv_improver_work(m);
    cr_assert(kv_improver_run(m, 1.0, NULL, 1e300) == KV_OK);
    cr_assert(kv_improver_work(m) - before >= 1.0 || isinf(kv_improver_cost(m)));
    cr_assert(kv_improver_work(m) - before < 10.0);
    kv_improver_free(m);
    kv_problem_free(p);
}

Test(paths_improve, not_served)
{
    kv_problem *p = network(4);
    kv_improver *m = NULL;
    p->design_integer[0] = 0;
    cr_assert(kv_improver_create(p, NULL, NULL, NULL, NULL, NULL, 0, &m) == KV_ERR_ARGUMENT);
    cr_assert(m == NULL);
    kv_problem_free(p);
}

/* Out of memory anywhere: an error, or a plan where it was not needed. */
Test(paths_improve, memory)
{
    kv_problem *p = network(4);
    kv_status status = KV_ERR_MEMORY;
    for (long n = 1; status == KV_ERR_MEMORY; n += 1 + n / 20) {
        kv_improver *m = NULL;
        kv_memory_fail_at(n, 1);
        status = kv_improver_create(p, NULL, NULL, NULL, NULL, NULL, 0, &m);
        if (status == KV_OK)
            status = kv_improver_run(m, 0.2, NULL, 1e300);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY);
        kv_improver_free(m);
    }
    kv_problem_free(p);
}

/* Send it off some times beside other work; the cost of its best plan after each. */
static void send_off(const kv_problem *p, int threads, double *cost, int times)
{
    kv_companion *companion = NULL;
    kv_improver *m = improver(p, 7);
    cr_assert(kv_improver_run(m, 0.01, NULL, 1e300) == KV_OK);
    cr_assert(kv_companion_create(m, threads, 1e300, &companion) == KV_OK);
    for (int i = 0; i < times; i++) {
        kv_companion_send(companion, 0.05 * (i + 1));
        cr_assert(kv_companion_meet(companion, &m) == KV_OK);
        cost[2 * i] = kv_improver_cost(m);
        cost[2 * i + 1] = kv_improver_work(m);
    }
    kv_companion_send(companion, 0.1); /* and never met again */
    kv_companion_free(companion);
}

Test(paths_improve, beside_other_work)
{
    for (unsigned long seed = 1; seed <= 10; seed++) {
        kv_problem *p = network(seed);
        double one[20], two[20];
        send_off(p, 1, one, 10);
        send_off(p, 2, two, 10);
        cr_assert(memcmp(one, two, sizeof one) == 0);
        kv_problem_free(p);
    }
    kv_companion_free(NULL);
}

Test(paths_improve, companion_without_memory)
{
    kv_problem *p = network(2);
    kv_improver *m = improver(p, 1);
    kv_companion *companion = NULL;
    kv_memory_fail_at(1, 0);
    cr_assert(kv_companion_create(m, 1, 1e300, &companion) == KV_ERR_MEMORY);
    kv_memory_fail_at(0, 0);
    cr_assert(!companion);
    kv_problem_free(p);
}

/* In the engine: optima, whatever the number of threads. */
Test(paths_improve, in_the_decomposition_engine)
{
    for (unsigned long seed = 1; seed <= 10; seed++) {
        kv_problem *p = network(seed);
        kv_plan *plan[2];
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        for (int i = 0; i < 2; i++) {
            kv_limits limits;
            kv_limits_default(&limits);
            limits.gap = 1e-6;
            limits.threads = i + 1;
            cr_assert(kv_engine_decomposition.solve(p, &limits, &plan[i], NULL) == KV_OK);
        }
        if (best >= 1e29) {
            cr_assert(plan[0]->status == KV_PLAN_INFEASIBLE);
        } else {
            cr_assert(fabs(plan[0]->objective - best) <= 1e-5 * (1.0 + fabs(best)),
                      "%lu: %.10g, %.10g", seed, plan[0]->objective, best);
            cr_assert(memcmp(plan[0]->flow, plan[1]->flow,
                             (size_t)p->n_blocks * (size_t)p->n_flows * sizeof(double)) == 0);
            cr_assert(memcmp(&plan[0]->bound, &plan[1]->bound, sizeof(double)) == 0);
        }
        kv_plan_free(plan[0]);
        kv_plan_free(plan[1]);
        kv_problem_free(p);
    }
}
