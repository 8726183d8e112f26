/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the map layers show, read back from a plan's tables. Internal to reports/. */
#ifndef KV_REPORTS_GEOJSON_DATA_H
#define KV_REPORTS_GEOJSON_DATA_H

#include "base/text.h"
#include "instances/case.h"
#include "reports/csv_read.h"

typedef struct kv_built {  /* a row of investments.csv */
    int project, scenario; /* rows of the case; scenario -1 = all */
    int start_year;
    double service_year, units;
} kv_built;

typedef struct kv_map_data {
    const kv_case *the_case;
    int n_scenarios, *scenario; /* those with flows, rows of the case's scenarios */
    double *t_per_year;         /* [n_links * n_scenarios * n_periods] loaded, both directions */
    double *capacity; /* the same layout: less base load, with what is built; NaN = no limit */
    kv_built *built;
    int n_built;
} kv_map_data;

/* KV_OK, KV_ERR_IO, KV_ERR_INPUT, KV_ERR_MEMORY; clear in any case. */
kv_status kv_map_data_read(const kv_case *the_case, const char *dir, kv_map_data *data,
                           kv_messages *messages);
void kv_map_data_clear(kv_map_data *data);
size_t kv_map_data_at(const kv_map_data *data, int link, int scenario, int period);

#endif
