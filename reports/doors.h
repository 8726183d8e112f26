/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The door of a place. Internal to reports/. */
#ifndef KV_REPORTS_DOORS_H
#define KV_REPORTS_DOORS_H

#include "formulations/build.h"

/* door [places]: the node (place, road, none) where sites and freight sit, -1 where the place has
 * no node. */
void kv_doors(const kv_problem *problem, const kv_map *map, int n_places, int *door);

#endif
