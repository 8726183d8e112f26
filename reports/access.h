/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a site reaches a gateway: the cheapest way over what is open, capacity left aside. Internal
 * to reports/.
 */
#ifndef KV_REPORTS_ACCESS_H
#define KV_REPORTS_ACCESS_H

#include "reports/report.h"
#include "reports/ways_graph.h"

typedef struct kv_way {
    double cost_eur_per_t, hours, co2_kg_per_t; /* NaN = no way */
} kv_way;

/* What the arcs of a block cost without time, and how long they take. */
typedef struct kv_access {
    const kv_report *report;
    kv_ways_graph graph; /* all arcs; those of outside are never used */
    int *door;           /* [places] */
    int block;
    int *flow;                  /* [n_arcs] a flow that moves goods on the arc, -1 = none */
    double *cost, *hours, *co2; /* [n_arcs] EUR/t without time, h, kg/t */
    double *price, *distance;   /* [n_arcs], [n_nodes] of a run */
    int *via;                   /* [n_nodes] */
} kv_access;

/* KV_OK or KV_ERR_MEMORY; clear in either case. The report has a plan. */
kv_status kv_access_create(const kv_report *report, kv_access *access);
void kv_access_clear(kv_access *access);

/* Look at a block from now on. */
void kv_access_block(kv_access *access, int block);
/* Lay the ways of a product from (inward: to) `place`, with the plan or without any project. */
void kv_access_lay(kv_access *access, int product, int place, int inward, int with_plan);
/* The way laid to (inward: from) `place`. */
kv_way kv_access_way(const kv_access *access, int place, int inward);

#endif
