/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cutting engine on published instances: the known optimum, proved. */
#include "base/memory.h"
#include "solver/engine.h"
#include "solver/proof.h"
#include "support/published.h"

#include <criterion/criterion.h>
#include <math.h>

static void expect_optimum(const char *name, double optimum, double seconds)
{
    kv_problem *p = published_problem(name);
    kv_limits limits;
    kv_plan *plan = NULL;
    kv_limits_default(&limits);
    limits.gap = 1e-4;
    limits.seconds = seconds;
    cr_assert(kv_engine_cutting.solve(p, &limits, &plan, NULL) == KV_OK);
    cr_assert(plan->proof != NULL);
    cr_expect(fabs(plan->objective - optimum) <= 1e-4 * optimum, "%s: %.12g", name,
              plan->objective);
    cr_expect(plan->certified_bound >= (1 - 1.1e-4) * plan->objective, "%s: %.12g", name,
              plan->certified_bound);
    cr_expect(plan->certified_bound <= (1 + 1e-9) * optimum, "%s: %.12g", name,
              plan->certified_bound);
    cr_expect(fabs(plan->certified_bound - kv_proof_bound(p, plan->proof, NULL, NULL)) <=
              1e-9 * optimum);
    kv_plan_free(plan);
    kv_problem_free(p);
}

Test(cutting, c33)
{
    expect_optimum("canad/C/c33.dow", 423848, 300);
}

Test(cutting, r07_5)
{
    expect_optimum("canad/R/r07.5.dow", 56475, 300);
}

Test(cutting, c25_100_30_V_T)
{
    expect_optimum("canad/CPlus/c25_100_30_V_T_5.dow", 365272, 300);
}
