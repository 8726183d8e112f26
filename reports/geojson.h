/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Map layers of a written plan (RFC 7946), for any geographic information system. */
#ifndef KV_REPORTS_GEOJSON_H
#define KV_REPORTS_GEOJSON_H

#include "base/messages.h"
#include "instances/case.h"

/*
 * Read investments.csv and flows.csv of `dir`, which hold a plan of the case, and write
 * places.geojson, links.geojson and projects.geojson beside them; their properties are described in
 * docs/results.md. KV_OK, KV_ERR_IO, KV_ERR_INPUT (the tables do not belong to the case), KV_ERR_MEMORY.
 */
kv_status kv_report_geojson(const kv_case *the_case, const char *dir, kv_messages *messages);

#endif
