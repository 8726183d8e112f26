/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why demand stays unserved: the cheapest way over all that is or could be open is laid from the
 * suppliers with something left to the place, and what is used up or not built on it is named
 * (columns_text.c, unserved.csv). Unsold goods: the same, from the place to who would take more.
 * Internal to reports/.
 */
#ifndef KV_REPORTS_BOTTLENECK_H
#define KV_REPORTS_BOTTLENECK_H

#include "reports/report.h"
#include "reports/ways_graph.h"

/* The ways of one commodity. */
typedef struct kv_ways {
    const kv_report *report;
    int commodity, first, count; /* flow columns first .. first + count - 1 */
    kv_ways_graph graph;         /* edge i = flow first + i */
    int block, reverse;          /* of the run that cost, distance and via hold; block -1 = none */
    int starts;                  /* places where a way may begin */
    double lowest;               /* EUR/t, the cheapest start, taken off distances */
    double *cost, *distance;     /* [count], [n_nodes] EUR/t */
    int *via;                    /* [n_nodes] */
} kv_ways;

/* KV_OK or KV_ERR_MEMORY; clear in either case. */
kv_status kv_ways_create(const kv_report *report, int commodity, kv_ways *ways);
void kv_ways_clear(kv_ways *ways);

/* Adds to `text` why `flow`, an unserved or unsold column of the commodity, is used in `block`. */
kv_status kv_ways_bottleneck(kv_ways *ways, int block, int flow, kv_text *text);

#endif
