/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which rows of a scenario's view hold in a period, and the factors of time: docs/mathematics.md,
 * section 1, written anew for the tests. `view` is a case as kv_case_view gives it; `scenario` and
 * `period` are rows of its tables.
 */
#ifndef ORACLE_IN_FORCE_H
#define ORACLE_IN_FORCE_H

#include "instances/case.h"

/* (1 + rho)^-(year - base year) */
double oracle_disc(const kv_case *view, double year);
/* Sum of disc over the years of a period. */
double oracle_period_disc(const kv_case *view, int period);
int oracle_period_years(const kv_case *view, int period);
/* Mean of (1 + growth)^(y - base year) over the years of the period. */
double oracle_growth(const kv_case *view, int period, double growth);
int oracle_base_year(const kv_case *view);
int oracle_last_year(const kv_case *view);

/* 1 = the row holds in this scenario and period. */
int oracle_site_holds(const kv_case *view, int scenario, int period, int row);
int oracle_freight_holds(const kv_case *view, int scenario, int row);
/* The policy row that holds, or NULL. */
const kv_policy *oracle_policy(const kv_case *view, int scenario, int period);

/* EUR/kWh and kg/kWh in a country; 0 and 0 when no row holds. */
typedef struct oracle_energy_price {
    double eur, co2;
} oracle_energy_price;
oracle_energy_price oracle_energy(const kv_case *view, int carrier, const char *country,
                                  int period);
/* Mean of two places' countries. */
oracle_energy_price oracle_energy_between(const kv_case *view, int carrier, int place, int other,
                                          int period);

/* The technology's numbers in the period. */
kv_technology oracle_technology(const kv_case *view, int technology, int period);

/* t/yr, by the factors of case.csv; NaN stays NaN. */
double oracle_capacity(const kv_case *view, double capacity, int unit);
/* t/yr of an amount of a product. */
double oracle_amount(const kv_case *view, int product, double amount, int unit);
/* Rounded to the flow grid. */
double oracle_on_grid(const kv_case *view, double amount);

#endif
