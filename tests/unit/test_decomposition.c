/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decomposition engine on random problems against enumeration, and its behaviour at limits. */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/engine.h"
#include "support/random_problem.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static kv_limits exact(void)
{
    kv_limits limits;
    kv_limits_default(&limits);
    limits.gap = 1e-6;
    return limits;
}

static kv_plan *solve(const kv_problem *p, const kv_limits *limits)
{
    kv_plan *plan = NULL;
    kv_messages *messages = kv_messages_create();
    cr_assert(messages != NULL);
    cr_assert(kv_engine_decomposition.solve(p, limits, &plan, messages) == KV_OK);
    cr_assert(plan != NULL);
    kv_messages_free(messages);
    return plan;
}

static double size_of(double value)
{
    return fmax(1.0, fabs(value));
}

/* What every plan must be, with a solution or without. */
static void check_plan(const kv_problem *p, const kv_limits *limits, const kv_plan *plan,
                       double best, int i)
{
    double slack = 1e-7 * size_of(best);
    cr_assert(plan->certified_bound <= best + slack, "%d: certified %.10g above %.10g", i,
              plan->certified_bound, best);
    cr_assert(plan->bound <= best + slack, "%d: bound %.10g above %.10g", i, plan->bound, best);
    cr_assert(plan->certified_bound <= plan->bound + slack, "%d", i);
    cr_assert(fabs(kv_bound_within(p, limits->fixed_lower, limits->fixed_upper, plan->multipliers) -
                   plan->certified_bound) <= 1e-12 * size_of(plan->certified_bound) ||
                  plan->certified_bound <= -1e29,
              "%d", i);
    if (plan->status != KV_PLAN_FEASIBLE && plan->status != KV_PLAN_OPTIMAL)
        return;
    kv_violation v;
    double objective = kv_problem_objective(p, plan->design, plan->flow);
    kv_problem_violation(p, plan->design, plan->flow, &v);
    cr_assert(v.balance <= 1e-9 && v.resource <= 1e-6 && v.opening <= 1e-6 && v.coupling <= 1e-6,
              "%d: balance %g resource %g opening %g coupling %g", i, v.balance, v.resource,
              v.opening, v.coupling);
    cr_assert((limits->relax_dropped_rows || v.side <= 1e-6) && v.bounds <= 1e-9 &&
                  v.integrality <= 0,
              "%d: side %g bounds %g", i, v.side, v.bounds);
    cr_assert(fabs(objective - plan->objective) <= 1e-9 * size_of(objective), "%d", i);
    cr_assert(plan->objective >= best - 1e-6 * size_of(best),
              "%d: %.10g is below the optimum %.10g", i, plan->objective, best);
    cr_assert(plan->bound <= plan->objective, "%d", i);
}

typedef struct tally {
    int all, infeasible, optimal, closed, proved_infeasible;
} tally;

static void count(tally *t, const kv_plan *plan, double best)
{
    t->all++;
    if (best >= 1e30) {
        t->infeasible++;
        t->proved_infeasible += plan->status == KV_PLAN_INFEASIBLE;
        cr_assert(plan->status == KV_PLAN_INFEASIBLE || plan->status == KV_PLAN_NONE);
        return;
    }
    cr_assert(plan->status != KV_PLAN_INFEASIBLE);
    t->optimal += plan->objective <= best + 1e-5 * size_of(best);
    t->closed += plan->objective - plan->bound <= 1.1e-6 * size_of(plan->objective);
}

static void run_many(uint64_t seed, int n, int wide, tally *t)
{
    kv_random random;
    kv_limits limits = exact();
    random_kinds kinds = random_problem_all();
    kinds.most_blocks = 3;
    kinds.most_commodities = 2;
    kv_random_seed(&random, seed);
    for (int i = 0; i < n; i++) {
        kv_problem *p = wide ? random_problem(&random, &kinds) : tiny_random(&random);
        p->flow_grid = 1e-6;
        double best = tiny_optimum(p, NULL, NULL, 0, NULL, NULL);
        kv_plan *plan = solve(p, &limits);
        if (best < 1e30 && plan->objective > best + 1e-5 * size_of(best))
            fprintf(stderr, "%d status %d obj %.10g bound %.10g best %.10g nodes %ld nd %d nb %d\n",
                    i, plan->status, plan->objective, plan->bound, best, plan->nodes, p->n_design,
                    p->n_blocks);
        else if (best < 1e30 && plan->objective - plan->bound > 1e-6 * size_of(best))
            fprintf(stderr,
                    "%d GAP status %d obj %.10g bound %.10g best %.10g nodes %ld nd %d nb %d\n", i,
                    plan->status, plan->objective, plan->bound, best, plan->nodes, p->n_design,
                    p->n_blocks);
        else if (best >= 1e30)
            fprintf(stderr, "%d INF status %d obj %.10g bound %.10g\n", i, plan->status,
                    plan->objective, plan->bound);
        check_plan(p, &limits, plan, best, i);
        count(t, plan, best);
        kv_plan_free(plan);
        kv_problem_free(p);
    }
}

Test(decomposition, optimum_by_enumeration)
{
    tally t = {0, 0, 0, 0, 0};
    run_many(1, 300, 0, &t);
    fprintf(stderr, "all %d inf %d optimal %d closed %d proved %d\n", t.all, t.infeasible,
            t.optimal, t.closed, t.proved_infeasible);
}
Test(decomposition, richer)
{
    tally t = {0, 0, 0, 0, 0};
    run_many(1, 200, 1, &t);
    fprintf(stderr, "all %d inf %d optimal %d closed %d proved %d\n", t.all, t.infeasible,
            t.optimal, t.closed, t.proved_infeasible);
}
