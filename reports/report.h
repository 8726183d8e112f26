/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the writers of result tables share. Internal to reports/. */
#ifndef KV_REPORTS_REPORT_H
#define KV_REPORTS_REPORT_H

#include "reports/columns.h"
#include "reports/figures.h"
#include "reports/result.h"

/* Demand that is not served, or goods that are made and not taken, and why. */
typedef struct kv_unserved {
    int block, flow, commodity, place, unsold;
    double demand_t, amount_t; /* t/yr */
    double penalty_meur;       /* present */
    char *bottleneck;          /* as in unserved.csv; owned */
} kv_unserved;

/* A result with what was worked out from it. */
typedef struct kv_report {
    const kv_result *result;
    const kv_case *the_case;
    const kv_problem *problem;
    const kv_map *map;
    const double *design, *flow; /* of the plan; NULL without one */
    kv_usage usage;              /* of the plan */
    kv_usage usage_nothing;      /* when no project is built */
    kv_figures figures;          /* of the plan */
    kv_figures figures_nothing;  /* of doing nothing; empty without such a plan */
    int has_nothing;             /* 1 = figures_nothing is there */
    kv_unserved *unserved;       /* in the order of unserved.csv */
    int n_unserved;
    double *benefit; /* [n_design] MEUR a unit, at the certificate's multipliers */
} kv_report;

/* KV_OK or KV_ERR_MEMORY; *report is to be cleared in either case. */
kv_status kv_report_prepare(const kv_result *result, kv_report *report);
void kv_report_clear(kv_report *report);

/* Name of scenario slot `slot` (0 .. n_scenarios - 1; n_scenarios = decided for all). */
const char *kv_report_scenario(const kv_report *report, int slot);
const char *kv_report_period(const kv_report *report, int period); /* NULL for -1 */
const char *kv_report_place(const kv_report *report, int place);   /* NULL for -1 */
/* The slot of a block or of a design variable. */
int kv_report_block_slot(const kv_report *report, int block);
int kv_report_design_slot(const kv_report *report, int design);
/* The block of a slot and a period, -1 if there is none. */
int kv_report_block(const kv_report *report, int slot, int period);
/* The case as slot sees it (the first scenario's for "all"). */
const kv_case *kv_report_view(const kv_report *report, int slot);

/* Worth of the supplies and openings of each design variable at the multipliers, MEUR a unit:
 * sum of alpha s and of beta m o, and what rules pass on (benefit.c). benefit [n_design]. */
void kv_report_benefit(const kv_problem *problem, const kv_multipliers *multipliers,
                       double *benefit);

/* Fills report->unserved. KV_OK or KV_ERR_MEMORY. */
kv_status kv_report_find_unserved(kv_report *report);

/* The writers, each for one file. KV_OK, KV_ERR_IO, KV_ERR_MEMORY, KV_ERR_INTERNAL. */
kv_status kv_report_plan_json(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_investments(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_flows(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_fleet(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_unserved(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_sourcing(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_regional(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_costs(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_emissions(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_budgets(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_access(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_certificate(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_progress(const kv_report *report, const char *dir, kv_messages *messages);
kv_status kv_report_summary(const kv_report *report, const char *dir, kv_messages *messages);

#endif
