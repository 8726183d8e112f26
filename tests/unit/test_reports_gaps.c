/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/result.h"

#include <criterion/criterion.h>
#include <math.h>

Test(gaps, plain)
{
    cr_assert_float_eq(kv_gap(100, 90), 0.1, 1e-15);
    cr_assert_float_eq(kv_gap(-100, -110), 0.1, 1e-15);
    cr_assert_eq(kv_gap(5, 5), 0);
    cr_assert_eq(kv_gap(0, 0), 0);
    cr_assert(isnan(kv_gap(0, -1)));
    cr_assert(isnan(kv_gap((double)NAN, 1)));
    cr_assert(isnan(kv_gap(1, -(double)INFINITY)));
    cr_assert(isnan(kv_gap(1, -1e30)));
}

Test(gaps, of_the_decision)
{
    cr_assert_float_eq(kv_decision_gap(95, 90, 100), 0.5, 1e-15);
    cr_assert_float_eq(kv_decision_gap(100, 90, 100), 1, 1e-15);
    cr_assert_eq(kv_decision_gap(90, 90, 100), 0);
    cr_assert_eq(kv_decision_gap(90, 90, 90), 0);
    cr_assert(isnan(kv_decision_gap(95, 90, 90)));
    cr_assert(isnan(kv_decision_gap(95, 90, (double)NAN)));
}
