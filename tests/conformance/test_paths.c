/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans that the search on paths finds of published instances, where their files are beside the
 * source tree; skipped with a message where they are not. */
#include "base/memory.h"
#include "solver/paths/improve.h"
#include "support/published.h"

#include <criterion/criterion.h>
#include <math.h>

/* After so much work the plan is lawful and within a share of a value that is known; no plan can be
 * below it where that is the optimum. */
static void expect_plan(const char *name, double work, double value, double share, int optimum)
{
    kv_problem *p = published_problem(name);
    kv_improver *m = NULL;
    kv_violation v;
    double *design = kv_alloc((size_t)p->n_design, sizeof(double));
    double *flow = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof(double));
    cr_assert(kv_improver_create(p, NULL, NULL, NULL, NULL, NULL, 0, &m) == KV_OK);
    cr_assert(kv_improver_run(m, work, NULL, 1e300) == KV_OK);
    cr_assert(kv_improver_plan(m, design, flow) == KV_OK);
    kv_problem_violation(p, design, flow, &v);
    cr_assert(v.balance < 1e-9 && v.resource < 1e-9 && v.opening < 1e-9 && v.bounds < 1e-9 &&
              v.integrality == 0.0);
    double cost = kv_problem_objective(p, design, flow);
    cr_assert(fabs(cost - kv_improver_cost(m)) <= 1e-9 * fabs(cost));
    cr_assert(cost <= value * (1.0 + share), "%s: %.10g", name, cost);
    cr_assert(!optimum || cost >= value * (1.0 - 1e-8), "%s: %.10g", name, cost);
    kv_free(design);
    kv_free(flow);
    kv_improver_free(m);
    kv_problem_free(p);
}

Test(paths, c33_optimal)
{
    expect_plan("canad/C/c33.dow", 200, 423848, 1e-3, 1);
}

Test(paths, c35_optimal)
{
    expect_plan("canad/C/c35.dow", 200, 371475, 2e-3, 1);
}

Test(paths, c37)
{
    expect_plan("canad/C/c37.dow", 150, 94820, 2e-3, 0);
}

Test(paths, c49)
{
    expect_plan("canad/C/c49.dow", 100, 53974, 4e-3, 0);
}

Test(paths, c57)
{
    expect_plan("canad/C/c57.dow", 100, 47612, 4e-3, 0);
}

Test(paths, r09_5_optimal)
{
    expect_plan("canad/R/r09.5.dow", 100, 357318, 5e-3, 1);
}

Test(paths, few_commodities_dear_arcs)
{
    expect_plan("canad/CPlus/c25_100_30_F_L_5.dow", 100, 37064, 1e-2, 0);
}

/* Facilities with many arcs each. */
Test(paths, cap41_optimal)
{
    expect_plan("orlib-cap/cap41.txt", 50, 1040444.375, 2e-3, 1);
}

Test(paths, cap134_optimal)
{
    expect_plan("orlib-cap/cap134.txt", 50, 928941.75, 2e-3, 1);
}
