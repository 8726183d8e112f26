/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each funder may spend and spends. Internal to reports/. */
#ifndef KV_REPORTS_BUDGET_H
#define KV_REPORTS_BUDGET_H

#include "reports/report.h"

typedef struct kv_budget_line {
    int funder, slot, period;
    double budget, carried_in, spent, carried_out, unspent; /* MEUR */
    double worth;                                           /* MEUR/MEUR, its row's multiplier */
} kv_budget_line;

/* All lines of a funder with budgets, by slot and period. *lines is freed with kv_free. KV_OK or
 * KV_ERR_MEMORY. The report has a plan. */
kv_status kv_budget_lines(const kv_report *report, kv_budget_line **lines, int *count);

/* 1 = all of it is spent, or one more MEUR would lower the bound by more than 0.0001 MEUR. */
int kv_budget_binds(const kv_budget_line *line);

#endif
