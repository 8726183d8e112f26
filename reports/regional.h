/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How much of what the region uses comes from the region. Internal to reports/. */
#ifndef KV_REPORTS_REGIONAL_H
#define KV_REPORTS_REGIONAL_H

#include "reports/report.h"

typedef struct kv_regional {
    double used_t, from_region_t; /* t/yr */
} kv_regional;

/* shares [products]: of each product in the block, goods of several origins being mixed evenly
 * where they meet. KV_OK or KV_ERR_MEMORY. */
kv_status kv_regional_shares(const kv_report *report, int block, kv_regional *shares);

#endif
