/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of a sweep over budgets and scenarios. */
#ifndef KV_REPORTS_FRONTIER_H
#define KV_REPORTS_FRONTIER_H

#include "reports/result.h"

/* One solved point. Start with {0}; filled by kv_frontier_fill; end with kv_frontier_clear. */
typedef struct kv_frontier_point {
    double budget;                                        /* factor on all budgets */
    double budget_meur;                                   /* sum of all budgets at that factor */
    char *scenario;                                       /* owned */
    const char *status;                                   /* static */
    double objective, bound, certified_bound, do_nothing; /* MEUR; NaN = unknown */
    double spent_meur; /* construction cost, undiscounted, expected */
    int n_projects;
    double *units;      /* [n_projects] started, in any scenario */
    double *start_year; /* [n_projects] first year of construction, NaN = not built */
} kv_frontier_point;

/* KV_OK or KV_ERR_MEMORY. */
kv_status kv_frontier_fill(const kv_result *result, double budget, kv_frontier_point *point);
void kv_frontier_clear(kv_frontier_point *point);

/* Write frontier.csv and projects.csv of the points into `dir` (made if need be), each whole; to be
 * called after every point. The rows of frontier.csv are in the order of the points. */
kv_status kv_frontier_write(const kv_case *the_case, const kv_frontier_point *points, int n_points,
                            const char *dir, kv_messages *messages);

#endif
