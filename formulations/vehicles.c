/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Vehicles of owned technologies. Purchases at the beginning of a period, common to the scenarios up
 * to the decision year and a copy a scenario after it; the stock of each scenario and period, tied to
 * them by a side row: stock - sum of purchases x share of the period that they live = what is left
 * of the first vehicles.
 */
#include "formulations/builder.h"

#include "base/memory.h"
#include "instances/select.h"

#include <math.h>

static size_t fleet_at(const kv_builder *b, int technology, int s, int period)
{
    return ((size_t)technology * (size_t)b->map->n_scenarios + (size_t)s) * (size_t)b->n_periods +
           (size_t)period;
}

static const kv_technology *numbers_in(const kv_builder *b, int technology, int s, int period)
{
    size_t block = (size_t)s * (size_t)b->n_periods + (size_t)period;
    return &b->technology[block * (size_t)b->n_technologies + (size_t)technology];
}

/* W: more vehicles than could ever be in use. */
static double most_vehicles(const kv_builder *b, int technology)
{
    const int mode = b->given->technologies.rows[technology].mode;
    double length = 0, most = 0;
    for (int l = 0; l < b->given->links.count; l++) {
        if (b->given->links.rows[l].mode == mode)
            length += b->given->links.rows[l].length_km;
    }
    for (int block = 0; block < b->n_blocks; block++) {
        const kv_technology *q =
            numbers_in(b, technology, block / b->n_periods, block % b->n_periods);
        double tons = 0;
        for (int k = 0; k < b->problem->n_commodities; k++) {
            if (b->good_of_commodity[k] >= 0)
                tons +=
                    b->total_sinks[(size_t)block * (size_t)b->problem->n_commodities + (size_t)k];
        }
        double vehicles = tons * length / (q->payload_t * q->load_factor) * 2 / q->km_per_year;
        most = fmax(most, q->initial_vehicles + vehicles);
    }
    return ceil(most);
}

static int purchase_add(kv_builder *b, int technology, int period, double most, double *cost)
{
    const int scenarios = b->map->n_scenarios, copies = kv_builder_has_copies(b, period);
    const kv_period *bought = &b->given->periods.rows[period];
    for (int copy = 0; copy < (copies ? scenarios : 1); copy++) {
        kv_design_info info = {.kind = KV_DESIGN_PURCHASE,
                               .project = -1,
                               .technology = technology,
                               .funder = -1,
                               .period = period,
                               .scenario = copies ? copy : -1};
        kv_box box = {.upper = most};
        for (int s = 0; s < scenarios; s++) {
            const kv_technology *q = numbers_in(b, technology, s, period);
            const double price = q->vehicle_price_eur * 1e-6;
            cost[s] = 0;
            if (copies && s != copy)
                continue;
            cost[s] = price * kv_discount(b->map->view[s], bought->first_year) -
                      kv_residual_value(b->map->view[s], price, bought->first_year, q->life_years);
            info.cost_meur += copies ? price : b->map->probability[s] * price;
            if (!isnan(q->max_purchases_per_year))
                box.upper = fmin(box.upper, q->max_purchases_per_year * kv_period_years(bought));
        }
        box.integer = (unsigned char)b->given->technologies.rows[technology].integer_vehicles;
        box.upper = box.integer ? floor(box.upper) : box.upper;
        box.do_nothing = b->given->technologies.rows[technology].renewal ? box.upper : 0;
        int design = kv_builder_design(b, &info, &box, cost);
        if (design < 0)
            return -1;
        for (int s = 0; s < scenarios; s++) {
            if (!copies || s == copy)
                b->purchase[fleet_at(b, technology, s, period)] = design;
        }
    }
    return 0;
}

static int stock_add(kv_builder *b, int technology, int s, int period, double most, double *cost)
{
    kv_design_info info = {.kind = KV_DESIGN_STOCK,
                           .project = -1,
                           .technology = technology,
                           .funder = -1,
                           .period = period,
                           .scenario = s};
    kv_box box = {0, most, most, 0};
    for (int other = 0; other < b->map->n_scenarios; other++)
        cost[other] = 0;
    cost[s] = numbers_in(b, technology, s, period)->vehicle_fixed_eur_per_year * 1e-6 *
              kv_period_discount(b->map->view[s], period);
    int design = kv_builder_design(b, &info, &box, cost);
    b->stock[fleet_at(b, technology, s, period)] = design;
    return design < 0 ? -1 : 0;
}

kv_status kv_build_fleets(kv_builder *builder)
{
    kv_builder *b = builder;
    const size_t scenarios = (size_t)b->map->n_scenarios;
    const size_t size = (size_t)b->n_technologies * scenarios;
    kv_status status = KV_ERR_MEMORY;
    double *cost = kv_alloc(scenarios, sizeof(double));
    b->purchase = kv_alloc_grid(size, (size_t)b->n_periods, sizeof(int));
    b->stock = kv_alloc_grid(size, (size_t)b->n_periods, sizeof(int));
    if (!cost || !b->purchase || !b->stock)
        goto out;
    for (size_t i = 0; i < size * (size_t)b->n_periods; i++)
        b->purchase[i] = b->stock[i] = -1;
    for (int q = 0; q < b->n_technologies; q++) {
        if (b->given->technologies.rows[q].fleet != KV_FLEET_OWNED)
            continue;
        const double most = most_vehicles(b, q);
        for (int t = 0; t < b->n_periods; t++) {
            if (purchase_add(b, q, t, most, cost) != 0)
                goto out;
        }
        for (int s = 0; s < b->map->n_scenarios; s++) {
            for (int t = 0; t < b->n_periods; t++) {
                if (stock_add(b, q, s, t, most, cost) != 0)
                    goto out;
            }
        }
    }
    status = KV_OK;
out:
    kv_free(cost);
    return status;
}

/* Share of the years of a period that lie within [from, from + life). */
static double cover(const kv_period *period, double from, double life)
{
    const double first = period->first_year, end = period->last_year + 1;
    return fmax(0, fmin(end, from + life) - fmax(first, from)) / (end - first);
}

/* Vehicles of the first year, evenly spread over all ages, that are left in a period. */
static double first_vehicles(const kv_case *view, const kv_technology *q, const kv_period *period)
{
    double sum = 0;
    for (int year = period->first_year; year <= period->last_year; year++)
        sum += fmax(0, 1 - (year - view->periods.rows[0].first_year + 0.5) / q->life_years);
    return q->initial_vehicles * sum / kv_period_years(period);
}

void kv_stock_rows(kv_builder *builder, kv_row_writer *side)
{
    kv_builder *b = builder;
    const kv_period *periods = b->given->periods.rows;
    for (int q = 0; q < b->n_technologies; q++) {
        if (b->given->technologies.rows[q].fleet != KV_FLEET_OWNED)
            continue;
        for (int s = 0; s < b->map->n_scenarios; s++) {
            for (int t = 0; t < b->n_periods; t++) {
                const kv_technology *now = numbers_in(b, q, s, t);
                kv_row_begin(side, 'E', first_vehicles(b->map->view[s], now, &periods[t]),
                             "stock:%s:%s:%s", now->technology, periods[t].period,
                             kv_builder_scenario_name(b, s));
                kv_row_design(side, b->stock[fleet_at(b, q, s, t)], 1);
                for (int bought = 0; bought <= t; bought++)
                    kv_row_design(side, b->purchase[fleet_at(b, q, s, bought)],
                                  -cover(&periods[t], periods[bought].first_year, now->life_years));
            }
        }
    }
}
