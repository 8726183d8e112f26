/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lagrangian bounds of published instances, where their files are beside the source tree. */
#include "solver/lagrange/volume.h"
#include "support/published.h"

#include <criterion/criterion.h>
#include <math.h>

/* The bound comes within a share of the strong relaxation's value, and does not pass it. */
static void expect_bound(const char *name, double strong, double share, double least_weight)
{
    kv_problem *p = published_problem(name);
    kv_volume_options options;
    kv_volume_result r;
    kv_volume_options_default(&options);
    options.least_weight = least_weight;
    cr_assert(kv_volume_solve(p, NULL, &options, NULL, &r) == KV_OK);
    cr_assert(r.bound >= strong * (1.0 - share), "%.10g", r.bound);
    cr_assert(r.bound <= strong * (1.0 + 1e-7), "%.10g", r.bound);
    cr_assert(r.bound == kv_bound_recompute(p, r.multipliers));
    cr_assert(fabs(r.value - strong) <= 0.05 * strong, "%.10g", r.value);
    kv_volume_result_free(&r);
    kv_problem_free(p);
}

Test(lagrange_canad, c33_within_a_ten_thousandth)
{
    expect_bound("canad/C/c33.dow", 422853.27, 1e-4, 0.03);
}

Test(lagrange_canad, c33_slow)
{
    expect_bound("canad/C/c33.dow", 422853.27, 1e-5, 0.005);
}

/* Facilities: a resource that several arcs share, opened by one design; the relaxation has no gap. */
Test(lagrange_canad, cap71)
{
    expect_bound("orlib-cap/cap71.txt", 932615.75, 1e-6, 0.03);
}
