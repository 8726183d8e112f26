/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Periods, scenarios, risk, policies.
 * Each case is the valid one of support/tables.h with a change; all messages are compared, word by
 * word. */
#include "base/memory.h"
#include "support/tables.h"

#include <criterion/criterion.h>

static const tables_case cases[] = {
    {"period_backwards",
     {{"periods.csv", "p2,2031,2040", "p2,2031,2020"}},
     NULL,
     "fault periods.csv:3:3: last_year: '2020': before the first year, 2031; write the first and "
     "the last year of the period\n"},
    {"period_gap",
     {{"periods.csv", "p2,2031", "p2,2033"}},
     NULL,
     "fault periods.csv:3:2: first_year: '2033': a gap: the period 'p1' before it ends in 2030; "
     "let it begin in 2031\n"},
    {"period_overlap",
     {{"periods.csv", "p2,2031", "p2,2030"}},
     NULL,
     "fault periods.csv:3:2: first_year: overlaps with the period 'p1', which ends in 2030; let it "
     "begin in 2031\n"
     "fault projects.csv:2:6: lead_time_years: '5': it cannot be finished when the last period "
     "begins, in 2030; let it start earlier, or leave the project out\n"},
    {"probabilities",
     {{"scenarios.csv", "growth,0.5", "growth,0.6"}},
     NULL,
     "fault scenarios.csv: probability: the probabilities sum to 1.1, not to 1; change them so "
     "that they sum to 1\n"},
    {"half_of_general_freight",
     {{"case.csv", "general,abroad,3", "general,,3"}},
     NULL,
     "fault case.csv:2:8: general_freight_origin: a value is missing beside "
     "general_freight_product; give both general_freight_product and general_freight_origin, or "
     "none\n"},
    {"other_half_of_general_freight",
     {{"case.csv", "general,abroad,3", ",abroad,3"}},
     NULL,
     "fault case.csv:2:7: general_freight_product: a value is missing beside "
     "general_freight_origin; give both general_freight_product and general_freight_origin, or "
     "none\n"},
    {"early_decision_year",
     {{"case.csv", "2026,10000", "2020,10000"}},
     NULL,
     "warning case.csv:2:5: decision_year: '2020': before the first period (2026): no investment "
     "is common to the scenarios; choose a year within the periods\n"},
    {"risk_weight_without_risk",
     {{"case.csv", NULL,
       "name,price_year,discount_rate_per_year,unserved_price_eur_per_t,risk_weight\nsmall,2025,0."
       "03,10000,0.5\n"}},
     NULL,
     "warning case.csv:2:5: risk_weight: '0.5': has no effect while risk is 'expected'; set risk "
     "to cvar or regret\n"},
    {"risk_without_weight",
     {{"case.csv", NULL,
       "name,price_year,discount_rate_per_year,unserved_price_eur_per_t,risk\nsmall,2025,0.03,"
       "10000,cvar\n"}},
     NULL,
     "warning case.csv:2:5: risk: 'cvar': has no effect while risk_weight is 0; set risk_weight "
     "above 0\n"},
    {"cap_of_zero",
     {{"policies.csv", "120,400", "120,0"}},
     NULL,
     "warning policies.csv:3:4: carbon_cap_kt_per_year: a cap of 0 allows no emissions at all; "
     "leave it blank for no cap\n"},
    {"risk_with_one_scenario",
     {{"case.csv", NULL,
       "name,price_year,discount_rate_per_year,unserved_price_eur_per_t,risk,risk_weight\nsmall,"
       "2025,0.03,10000,regret,0.5\n"},
      {"scenarios.csv", NULL, NULL},
      {"changes.csv", NULL, NULL},
      {"sites.csv", "factory,town,cells,plant,planned,cells,16,GWh/yr,,1000,,growth\n", ""},
      {"sites.csv", "factory,town,cells,plant,planned,cells,40,GWh/yr,,2500,p2,growth\n", ""}},
     NULL,
     "warning case.csv:2:5: risk: 'regret': has no effect with a single scenario; write "
     "scenarios.csv\n"},
};

Test(tables_frame, every_message)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *messages = tables_case_messages(&cases[i]);
        cr_expect_str_eq(messages, cases[i].messages, "%s:\n%sinstead of\n%s", cases[i].name,
                         messages, cases[i].messages);
        kv_free(messages);
    }
}
