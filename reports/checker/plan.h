/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A plan's files (docs/results.md), and what its decisions are. */
#ifndef KV_REPORTS_CHECKER_PLAN_H
#define KV_REPORTS_CHECKER_PLAN_H

#include "reports/checker/figures.h"
#include "reports/checker/findings.h"
#include "reports/checker/table.h"

#include <jansson.h>

typedef struct kvc_moved { /* a row of flows.csv */
    int row, block, flow;
    mpq_t *amount;
} kvc_moved;

typedef struct kvc_plan {
    kvc_world *world;
    const char *dir;
    json_t *json;  /* plan.json */
    int exists;    /* 0 = no plan: only the bound is there */
    mpq_t *design; /* [designs]; stock, carry-over and risk follow from the others */
    kvc_table flows;
    kvc_list moved;   /* kvc_moved, in the order of the file */
    mpq_t *co2;       /* [blocks] t/yr */
    mpq_t *slot_cost; /* [slots] MEUR of the scenario itself, without probability */
    mpq_t *objective; /* recomputed, MEUR */
} kvc_plan;

/* decisions.c: investments.csv, fleet.csv; then all that follows from them but risk. Rows of the
 * tables that name nothing of the case are failures. KV_OK or an error of reading. */
kv_status kvc_plan_decisions(kvc_plan *plan, kvc_findings *findings);
/* Boxes, whole numbers and side rows; after kvc_plan_risk. */
void kvc_verify_decisions(const kvc_plan *plan, kvc_findings *findings);
/* sum += what of an opening set is started and serves the block. */
void kvc_sum_started(const kvc_plan *plan, int opening, int block, mpq_t sum);
/* budgets.csv against what the decisions spend. */
kv_status kvc_verify_budgets(const kvc_plan *plan, kvc_findings *findings);
/* unserved.csv against the flows; costs.csv against the objective. */
kv_status kvc_verify_unserved(const kvc_plan *plan, kvc_findings *findings);
kv_status kvc_verify_costs(const kvc_plan *plan, kvc_findings *findings);

/* flows.c: flows.csv. */
kv_status kvc_plan_flows(kvc_plan *plan, kvc_findings *findings);
/* All rows of one block; adds the block's cost. */
void kvc_verify_block(kvc_plan *plan, const kvc_block *block, kvc_findings *findings);
/* Rows over several blocks. After all blocks. */
void kvc_verify_totals(kvc_plan *plan, kvc_findings *findings);

/* file_plan.c: the same of a benchmark file: design.csv, flows.csv. */
kv_status kvc_file_decisions(kvc_plan *plan, kvc_findings *findings);
kv_status kvc_file_flows(kvc_plan *plan, kvc_findings *findings);

/* risk.c: eta and xi as good as they can be; adds up the objective. */
void kvc_plan_risk(kvc_plan *plan);

/* Compares a cell with what it should say, rounded to `decimals`. */
void kvc_compare(kvc_findings *findings, const kvc_table *table, int row, const char *column,
                 const mpq_t exact, int decimals);
int kvc_slot_of(const kvc_world *world, const char *scenario); /* -1 = none */
int kvc_period_of(const kvc_world *world, const char *period);

#endif
