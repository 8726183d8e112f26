/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each site makes and takes under the plan. Internal to reports/. */
#ifndef KV_REPORTS_SITES_H
#define KV_REPORTS_SITES_H

#include "reports/report.h"

typedef struct kv_site_flow {
    int product, place;
    const char *site; /* a text of the case's pool */
    double t;         /* t/yr: + made and sold, - taken and served */
    int planned;      /* 1 = given by the case, 0 = chosen by the plan */
    int regional;     /* 1 = of the region (kv_site_is_regional) */
} kv_site_flow;

typedef struct kv_site_flows {
    kv_site_flow *items; /* by product, then in the order of the tables */
    size_t capacity;
    int count;
} kv_site_flows;

/* Whether what the site makes or takes counts as the region's own: its place is in the region, and
 * it is no source at a port, border or gateway, where goods come in from elsewhere. */
int kv_site_is_regional(const kv_case *the_case, const kv_site *site);

/* KV_OK or KV_ERR_MEMORY; clear in either case. The report has a plan. */
kv_status kv_site_flows_create(const kv_report *report, int block, kv_site_flows *flows);
void kv_site_flows_clear(kv_site_flows *flows);

#endif
