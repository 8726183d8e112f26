/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/vehicles.h"

#include "oracle/in_force.h"

#include <math.h>

double oracle_vehicles_initial(const kv_case *view, int technology, int period)
{
    const kv_technology *q = &view->technologies.rows[technology];
    const kv_period *t = &view->periods.rows[period];
    double sum = 0;
    for (int y = t->first_year; y <= t->last_year; y++) {
        sum += fmax(0, 1 - (y - oracle_base_year(view) + 0.5) / q->life_years);
    }
    return q->initial_vehicles * sum / oracle_period_years(view, period);
}

double oracle_vehicles_cover(const kv_case *view, int technology, int bought, int period)
{
    const kv_period *t = &view->periods.rows[period];
    double from = view->periods.rows[bought].first_year;
    double until = from + view->technologies.rows[technology].life_years;
    double years = fmin(until, t->last_year + 1) - fmax(from, t->first_year);
    return fmax(0, years) / oracle_period_years(view, period);
}

double oracle_vehicles_price(const kv_case *view, int technology, int period)
{
    kv_technology q = oracle_technology(view, technology, period);
    int first = view->periods.rows[period].first_year, after = oracle_last_year(view) + 1;
    double factor = oracle_disc(view, first);
    if (view->the_case.rows[0].residual_value == KV_RESIDUAL_STRAIGHT_LINE) {
        factor -= fmax(0, first + q.life_years - after) / q.life_years * oracle_disc(view, after);
    }
    return q.vehicle_price_eur * 1e-6 * factor;
}

double oracle_vehicles_holding(const kv_case *view, int technology, int period)
{
    double fixed = view->technologies.rows[technology].vehicle_fixed_eur_per_year;
    return isnan(fixed) ? 0 : fixed * 1e-6 * oracle_period_disc(view, period);
}

double oracle_vehicles_limit(const kv_case *view, int technology, int period)
{
    kv_technology q = oracle_technology(view, technology, period);
    return isnan(q.max_purchases_per_year)
               ? INFINITY
               : q.max_purchases_per_year * oracle_period_years(view, period);
}
