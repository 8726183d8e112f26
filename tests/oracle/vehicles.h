/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Owned vehicles: what a purchase costs and how long it serves (docs/mathematics.md, section 5). */
#ifndef ORACLE_VEHICLES_H
#define ORACLE_VEHICLES_H

#include "instances/case.h"

/* Vehicles of the start that are left, mean over the period. */
double oracle_vehicles_initial(const kv_case *view, int technology, int period);
/* Share of the years of `period` in which a vehicle bought at the start of `bought` serves. */
double oracle_vehicles_cover(const kv_case *view, int technology, int bought, int period);
/* MEUR a vehicle bought in the period; MEUR a vehicle held during the period. */
double oracle_vehicles_price(const kv_case *view, int technology, int period);
double oracle_vehicles_holding(const kv_case *view, int technology, int period);
/* Most that can be bought in the period; INFINITY = no limit. */
double oracle_vehicles_limit(const kv_case *view, int technology, int period);

#endif
