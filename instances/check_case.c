/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frame of a case: years, scenarios, risk, policies. */
#include "base/text.h"
#include "instances/checker.h"

#include <math.h>
#include <stdio.h>

static void check_periods(kv_checker *checker)
{
    const kv_period *rows = checker->the_case->periods.rows;
    char mend[64];
    for (int i = 0; i < checker->the_case->periods.count; i++) {
        if (rows[i].last_year < rows[i].first_year)
            kv_check_add(checker, KV_FAULT, KV_TABLE_PERIODS, i, "last_year",
                         "write the first and the last year of the period",
                         "before the first year, %d", rows[i].first_year);
        if (i == 0 || rows[i - 1].last_year < rows[i - 1].first_year)
            continue;
        int next = rows[i - 1].last_year + 1;
        snprintf(mend, sizeof mend, "let it begin in %d", next);
        if (rows[i].first_year < next)
            kv_check_add(checker, KV_FAULT, KV_TABLE_PERIODS, i, "first_year", mend,
                         "overlaps with the period '%s', which ends in %d", rows[i - 1].period,
                         next - 1);
        if (rows[i].first_year > next)
            kv_check_add(checker, KV_FAULT, KV_TABLE_PERIODS, i, "first_year", mend,
                         "a gap: the period '%s' before it ends in %d", rows[i - 1].period,
                         next - 1);
    }
}

static void check_scenarios(kv_checker *checker)
{
    char sum_text[KV_NUMBER_SIZE];
    double sum = 0;
    int count = checker->the_case->scenarios.count;
    for (int i = 0; i < count; i++)
        sum += checker->the_case->scenarios.rows[i].probability;
    if (fabs(sum - 1) <= 1e-6)
        return;
    kv_format_decimal(sum, 7, sum_text);
    kv_check_add(checker, KV_FAULT, KV_TABLE_SCENARIOS, -1, "probability",
                 "change them so that they sum to 1", "the probabilities sum to %s, not to 1",
                 sum_text);
}

static void check_risk(kv_checker *checker, const kv_case_row *row)
{
    int one = checker->the_case->scenarios.count == 1;
    if (row->risk == KV_RISK_EXPECTED && row->risk_weight > 0)
        kv_check_add(checker, KV_WARNING, KV_TABLE_CASE, 0, "risk_weight",
                     "set risk to cvar or regret", "has no effect while risk is 'expected'");
    if (row->risk != KV_RISK_EXPECTED && row->risk_weight == 0)
        kv_check_add(checker, KV_WARNING, KV_TABLE_CASE, 0, "risk", "set risk_weight above 0",
                     "has no effect while risk_weight is 0");
    if (row->risk != KV_RISK_EXPECTED && one)
        kv_check_add(checker, KV_WARNING, KV_TABLE_CASE, 0, "risk", "write scenarios.csv",
                     "has no effect with a single scenario");
}

static void check_row(kv_checker *checker)
{
    const kv_case_row *row = &checker->the_case->the_case.rows[0];
    int first = checker->the_case->periods.rows[0].first_year;
    check_risk(checker, row);
    if ((row->general_freight_product < 0) != (row->general_freight_origin < 0))
        kv_check_add(checker, KV_FAULT, KV_TABLE_CASE, 0,
                     row->general_freight_product < 0 ? "general_freight_product"
                                                      : "general_freight_origin",
                     "give both general_freight_product and general_freight_origin, or none",
                     "a value is missing beside %s",
                     row->general_freight_product < 0 ? "general_freight_origin"
                                                      : "general_freight_product");
    if (row->decision_year && row->decision_year < first)
        kv_check_add(checker, KV_WARNING, KV_TABLE_CASE, 0, "decision_year",
                     "choose a year within the periods",
                     "before the first period (%d): no investment is common to the scenarios",
                     first);
}

static void check_policies(kv_checker *checker)
{
    for (int i = 0; i < checker->the_case->policies.count; i++)
        if (checker->the_case->policies.rows[i].carbon_cap_kt_per_year == 0)
            kv_check_add(checker, KV_WARNING, KV_TABLE_POLICIES, i, "carbon_cap_kt_per_year",
                         "leave it blank for no cap", "a cap of 0 allows no emissions at all");
}

void kv_check_case(kv_checker *checker)
{
    check_periods(checker);
    check_scenarios(checker);
    check_row(checker);
    check_policies(checker);
}
