/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of summary.txt. Internal to reports/. Each adds its part to `out`; KV_OK or
 * KV_ERR_MEMORY. */
#ifndef KV_REPORTS_SUMMARY_H
#define KV_REPORTS_SUMMARY_H

#include "reports/prose.h"
#include "reports/report.h"

kv_status kv_summary_short(const kv_report *report, kv_text *out);     /* what the plan does */
kv_status kv_summary_build(const kv_report *report, kv_text *out);     /* what, when, who pays */
kv_status kv_summary_worth(const kv_report *report, kv_text *out);     /* benefit beside cost */
kv_status kv_summary_scenarios(const kv_report *report, kv_text *out); /* common and waiting */
kv_status kv_summary_budgets(const kv_report *report, kv_text *out);   /* where they bind */
kv_status kv_summary_demand(const kv_report *report, kv_text *out);    /* served, bottlenecks */
kv_status kv_summary_access(const kv_report *report, kv_text *out);    /* to world markets */
kv_status kv_summary_costs(const kv_report *report, kv_text *out);     /* cost by period */
kv_status kv_summary_emissions(const kv_report *report, kv_text *out); /* modal split, CO2 */
kv_status kv_summary_sourcing(const kv_report *report, kv_text *out);  /* regional shares */
kv_status kv_summary_findings(const kv_report *report, kv_text *out);  /* findings.csv */
kv_status kv_summary_quality(const kv_report *report, kv_text *out);   /* how good, how known */

/* The scenario slot that single figures are shown for: the likeliest, the first of equals. */
int kv_summary_main_slot(const kv_report *report);
/* The projects started in slot (with the common ones) or, slot -1, in any: started [projects] gets
 * the units of the one with most. */
void kv_summary_started(const kv_report *report, int slot, double *started);
/* "2026-2030" of a period. */
void kv_summary_years(const kv_report *report, int period, char *buffer /* [KV_NUMBER_SIZE] */);
/* Obstacles of unserved.csv in words. */
void kv_summary_obstacle(const kv_report *report, const char *bottleneck, kv_text *out);

/* Probability-weighted mean over the scenarios of a value by block, in a period. */
double kv_summary_expected(const kv_report *report, const double *by_block, int stride, int offset,
                           int period);

#endif
