/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/in_force.h"

#include <math.h>
#include <string.h>

static const kv_case_row *row_of(const kv_case *view)
{
    return &view->the_case.rows[0];
}

int oracle_base_year(const kv_case *view)
{
    return view->periods.rows[0].first_year;
}

int oracle_last_year(const kv_case *view)
{
    return view->periods.rows[view->periods.count - 1].last_year;
}

double oracle_disc(const kv_case *view, double year)
{
    return pow(1 + row_of(view)->discount_rate_per_year, -(year - oracle_base_year(view)));
}

double oracle_period_disc(const kv_case *view, int period)
{
    double sum = 0;
    const kv_period *p = &view->periods.rows[period];
    for (int y = p->first_year; y <= p->last_year; y++) {
        sum += oracle_disc(view, y);
    }
    return sum;
}

int oracle_period_years(const kv_case *view, int period)
{
    const kv_period *p = &view->periods.rows[period];
    return p->last_year - p->first_year + 1;
}

double oracle_growth(const kv_case *view, int period, double growth)
{
    double sum = 0;
    const kv_period *p = &view->periods.rows[period];
    for (int y = p->first_year; y <= p->last_year; y++) {
        sum += pow(1 + growth, y - oracle_base_year(view));
    }
    return sum / oracle_period_years(view, period);
}

/* Period from which a row holds; blank is the first. */
static int from_of(int from_period)
{
    return from_period < 0 ? 0 : from_period;
}

int oracle_site_holds(const kv_case *view, int scenario, int period, int row)
{
    const kv_site *it = &view->sites.rows[row];
    int named = 0;
    for (int i = 0; i < view->sites.count; i++) {
        const kv_site *other = &view->sites.rows[i];
        if (strcmp(other->site, it->site) == 0 && other->product == it->product &&
            other->scenario == scenario) {
            named = 1;
        }
    }
    int wanted = named ? scenario : -1;
    if (it->scenario != wanted || from_of(it->from_period) > period) {
        return 0;
    }
    for (int i = 0; i < view->sites.count; i++) {
        const kv_site *other = &view->sites.rows[i];
        if (strcmp(other->site, it->site) == 0 && other->product == it->product &&
            other->scenario == wanted && from_of(other->from_period) <= period &&
            from_of(other->from_period) > from_of(it->from_period)) {
            return 0;
        }
    }
    return 1;
}

int oracle_freight_holds(const kv_case *view, int scenario, int row)
{
    const kv_freight *it = &view->freight.rows[row];
    if (it->scenario == scenario) {
        return 1;
    }
    if (it->scenario >= 0) {
        return 0;
    }
    for (int i = 0; i < view->freight.count; i++) {
        const kv_freight *other = &view->freight.rows[i];
        if (other->from == it->from && other->to == it->to && other->product == it->product &&
            other->scenario == scenario) {
            return 0;
        }
    }
    return 1;
}

const kv_policy *oracle_policy(const kv_case *view, int scenario, int period)
{
    int wanted = -1;
    const kv_policy *best = NULL;
    for (int i = 0; i < view->policies.count; i++) {
        if (view->policies.rows[i].scenario == scenario) {
            wanted = scenario;
        }
    }
    for (int i = 0; i < view->policies.count; i++) {
        const kv_policy *row = &view->policies.rows[i];
        if (row->scenario == wanted && from_of(row->from_period) <= period &&
            (!best || from_of(row->from_period) > from_of(best->from_period))) {
            best = row;
        }
    }
    return best;
}

static int same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

oracle_energy_price oracle_energy(const kv_case *view, int carrier, const char *country, int period)
{
    const char *wanted = NULL;
    const kv_energy *best = NULL;
    oracle_energy_price price = {0, 0};
    for (int i = 0; i < view->energy.count; i++) {
        const kv_energy *row = &view->energy.rows[i];
        if (row->carrier == carrier && country && same_text(row->country, country)) {
            wanted = country;
        }
    }
    for (int i = 0; i < view->energy.count; i++) {
        const kv_energy *row = &view->energy.rows[i];
        if (row->carrier == carrier && same_text(row->country, wanted) &&
            from_of(row->from_period) <= period &&
            (!best || from_of(row->from_period) > from_of(best->from_period))) {
            best = row;
        }
    }
    if (best) {
        price.eur = best->price_eur_per_kwh;
        price.co2 = best->co2_kg_per_kwh;
    }
    return price;
}

oracle_energy_price oracle_energy_between(const kv_case *view, int carrier, int place, int other,
                                          int period)
{
    const char *here = view->places.rows[place].country;
    const char *there = view->places.rows[other].country;
    oracle_energy_price a = oracle_energy(view, carrier, here, period);
    oracle_energy_price b = oracle_energy(view, carrier, there, period);
    return (oracle_energy_price){(a.eur + b.eur) / 2, (a.co2 + b.co2) / 2};
}

static void replace(double *value, double by)
{
    if (!isnan(by)) {
        *value = by;
    }
}

kv_technology oracle_technology(const kv_case *view, int technology, int period)
{
    kv_technology q = view->technologies.rows[technology];
    for (int t = 0; t <= period; t++) {
        for (int i = 0; i < view->technology_periods.count; i++) {
            const kv_technology_period *row = &view->technology_periods.rows[i];
            if (row->technology != technology || from_of(row->from_period) != t) {
                continue;
            }
            replace(&q.payload_t, row->payload_t);
            replace(&q.cost_eur_per_km, row->cost_eur_per_km);
            replace(&q.cost_eur_per_tkm, row->cost_eur_per_tkm);
            replace(&q.energy_kwh_per_km, row->energy_kwh_per_km);
            replace(&q.vehicle_price_eur, row->vehicle_price_eur);
            replace(&q.max_purchases_per_year, row->max_purchases_per_year);
            replace(&q.max_share, row->max_share);
            replace(&q.min_share, row->min_share);
        }
    }
    return q;
}

double oracle_capacity(const kv_case *view, double capacity, int unit)
{
    const kv_case_row *it = row_of(view);
    switch ((kv_capacity_unit)unit) {
    case KV_UNIT_T_YR: return capacity;
    case KV_UNIT_KT_YR: return capacity * 1e3;
    case KV_UNIT_MT_YR: return capacity * 1e6;
    case KV_UNIT_T_DAY: return capacity * it->operating_days_per_year;
    case KV_UNIT_TRAINS_DAY: return capacity * it->t_per_train * it->operating_days_per_year;
    case KV_UNIT_TRUCKS_DAY: return capacity * it->t_per_truck * it->operating_days_per_year;
    case KV_UNIT_TEU_YR: return capacity * it->t_per_teu;
    case KV_UNIT_MWH_YR:
    case KV_UNIT_VEHICLES: break; /* no capacity */
    }
    return NAN;
}

double oracle_amount(const kv_case *view, int product, double amount, int unit)
{
    switch ((kv_amount_unit)unit) {
    case KV_AMOUNT_T_YR: return amount;
    case KV_AMOUNT_KT_YR: return amount * 1e3;
    case KV_AMOUNT_MT_YR: return amount * 1e6;
    case KV_AMOUNT_GWH_YR: return amount * view->products.rows[product].t_per_gwh;
    }
    return NAN;
}

double oracle_on_grid(const kv_case *view, double amount)
{
    double grid = row_of(view)->flow_grid_t;
    /* a half in decimals may come out just below it in doubles */
    return grid > 0 ? round(amount / grid * (1 + 2e-15)) * grid : amount;
}
