/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which rows of a view are in force in a scenario and a period (docs/mathematics.md, section 1).
 * `view` is a case as kv_case_view gives it; scenario and period are row indices.
 */
#ifndef KV_INSTANCES_SELECT_H
#define KV_INSTANCES_SELECT_H

#include "instances/case.h"

/* rows[view->sites.count]: indices of the sites rows in force, in row order; returns how many. */
int kv_sites_in_force(const kv_case *view, int scenario, int period, int *rows);

/* used[view->freight.count]: 1 for the freight rows that count in the scenario. */
kv_status kv_freight_in_force(const kv_case *view, int scenario, unsigned char *used);

/* The technology's numbers in the period: base row with technology_periods applied. */
void kv_technology_in_force(const kv_case *view, int technology, int period,
                            kv_technology *numbers);

/* Price and emissions of a carrier in a country; both 0 when no row is in force. */
void kv_energy_in_force(const kv_case *view, int carrier, const char *country, int period,
                        double *price_eur_per_kwh, double *co2_kg_per_kwh);

/* The policy in force, or NULL. */
const kv_policy *kv_policy_in_force(const kv_case *view, int scenario, int period);

/* Whether the recipe text names at least one row; the rows are those whose recipe pointer is equal (same pool). */
int kv_period_years(const kv_period *period);
/* (1+rho)^-(year - base year) */
double kv_discount(const kv_case *view, double year);
/* Sum of discount factors over the years of a period. */
double kv_period_discount(const kv_case *view, int period);
/* Mean of (1+growth)^(y - base year) over the years of the period. */
double kv_period_growth(const kv_case *view, int period, double growth_per_year);

#endif
