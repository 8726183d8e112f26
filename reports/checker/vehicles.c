/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vehicles of owned technologies (mathematics.md, section 5): purchases, stock, their balance. */
#include "reports/checker/world.h"

#include <math.h>

int kvc_fleet_at(const kvc_world *world, int technology, int slot, int period)
{
    return (technology * world->n_slots + slot) * world->n_periods + period;
}

const kv_technology *kvc_numbers_in(const kvc_world *world, int technology, int block)
{
    return &world->technology[(size_t)block * (size_t)world->given->technologies.count +
                              (size_t)technology];
}

static void purchases_add(kvc_world *w, int q, int period)
{
    const kv_technology *given = &w->given->technologies.rows[q];
    const int copies = kvc_has_copies(w, period) ? w->n_slots : 1;
    for (int copy = 0; copy < copies; copy++) {
        kvc_design buy = {KVC_PURCHASE, -1, q, -1, period, copies > 1 ? copy : -1, 0, 0, NULL};
        buy.integer = given->integer_vehicles;
        buy.idle = !given->renewal;
        const int design = kvc_design_add(w, &buy);
        for (int s = 0; s < w->n_slots; s++) {
            if (copies == 1 || s == copy)
                w->purchase[kvc_fleet_at(w, q, s, period)] = design;
        }
    }
}

void kvc_build_vehicles(kvc_world *world)
{
    kvc_world *w = world;
    const size_t cells =
        (size_t)w->given->technologies.count * (size_t)w->n_slots * (size_t)w->n_periods;
    w->purchase = kvc_alloc(w->arena, cells, sizeof(int));
    w->stock = kvc_alloc(w->arena, cells, sizeof(int));
    for (size_t i = 0; i < cells; i++)
        w->purchase[i] = w->stock[i] = -1;
    for (int q = 0; q < w->given->technologies.count; q++) {
        if (w->given->technologies.rows[q].fleet != KV_FLEET_OWNED)
            continue;
        for (int period = 0; period < w->n_periods; period++)
            purchases_add(w, q, period);
        for (int s = 0; s < w->n_slots; s++) {
            for (int period = 0; period < w->n_periods; period++) {
                kvc_design stock = {KVC_STOCK, -1, q, -1, period, s, 0, 0, NULL};
                w->stock[kvc_fleet_at(w, q, s, period)] = kvc_design_add(w, &stock);
            }
        }
    }
}

/* W: more vehicles than could ever be in use. t: scratch [4]. */
static void most_vehicles(const kvc_world *w, int technology, mpq_t *t, mpq_t most)
{
    const kv_case *c = w->given;
    mpq_set_ui(t[0], 0, 1); /* length of the mode's links */
    for (int l = 0; l < c->links.count; l++) {
        if (c->links.rows[l].mode != c->technologies.rows[technology].mode)
            continue;
        kvc_set(t[1], c->links.rows[l].length_km);
        mpq_add(t[0], t[0], t[1]);
    }
    mpq_set_ui(most, 0, 1);
    for (int b = 0; b < w->n_blocks; b++) {
        const kv_technology *q = kvc_numbers_in(w, technology, b);
        mpq_set_ui(t[1], 0, 1);
        for (int g = 0; g < w->n_goods; g++)
            mpq_add(t[1], t[1], w->sinks[(size_t)b * (size_t)w->n_goods + (size_t)g]);
        mpq_mul(t[1], t[1], t[0]);
        mpq_mul_2exp(t[1], t[1], 1);
        const double by[] = {q->payload_t, q->load_factor, q->km_per_year};
        for (int i = 0; i < 3; i++) {
            kvc_set(t[2], by[i]);
            mpq_div(t[1], t[1], t[2]);
        }
        kvc_set(t[2], q->initial_vehicles);
        mpq_add(t[1], t[1], t[2]);
        if (mpq_cmp(t[1], most) > 0)
            mpq_set(most, t[1]);
    }
    kvc_ceil(most);
}

static void fill_purchase(kvc_world *w, int j, const mpq_t most, mpq_t *t)
{
    const kvc_design *d = &KVC_AT(kvc_design, w->design, j);
    const kv_period *period = &w->given->periods.rows[d->period];
    mpq_set(w->upper[j], most);
    for (int s = 0; s < w->n_slots; s++) {
        if (!kvc_in_slot(w, j, s))
            continue;
        const kv_technology *q = kvc_numbers_in(w, d->technology, s * w->n_periods + d->period);
        mpq_t *cost = &w->scenario_cost[(size_t)j * (size_t)w->n_slots + (size_t)s];
        kvc_set(t[0], q->vehicle_price_eur);
        kvc_set_power(t[1], 1, -6);
        mpq_mul(t[0], t[0], t[1]);
        mpq_set_si(t[1], period->first_year, 1);
        kvc_set(t[2], q->life_years);
        kvc_residual(w, s, t[0], t[1], t[2], t[3]);
        mpq_mul(*cost, t[0], w->discount[period->first_year - w->base_year]);
        mpq_sub(*cost, *cost, t[3]);
        if (isnan(q->max_purchases_per_year))
            continue;
        kvc_set(t[0], q->max_purchases_per_year);
        mpq_set_si(t[1], period->last_year - period->first_year + 1, 1);
        mpq_mul(t[0], t[0], t[1]);
        if (mpq_cmp(t[0], w->upper[j]) < 0)
            mpq_set(w->upper[j], t[0]);
    }
    if (d->integer)
        kvc_floor(w->upper[j]);
}

void kvc_fill_vehicles(kvc_world *world)
{
    kvc_world *w = world;
    mpq_t *t = kvc_numbers(w->arena, 6);
    int last = -1; /* technology whose W is in t[5] */
    for (int j = w->n_starts; j < w->design.count; j++) {
        const kvc_design *d = &KVC_AT(kvc_design, w->design, j);
        if (d->kind != KVC_PURCHASE && d->kind != KVC_STOCK)
            continue;
        if (d->technology != last)
            most_vehicles(w, d->technology, t, t[5]);
        last = d->technology;
        if (d->kind == KVC_PURCHASE) {
            fill_purchase(w, j, t[5], t);
            continue;
        }
        const kv_technology *q =
            kvc_numbers_in(w, d->technology, d->slot * w->n_periods + d->period);
        mpq_t *cost = &w->scenario_cost[(size_t)j * (size_t)w->n_slots + (size_t)d->slot];
        mpq_set(w->upper[j], t[5]);
        kvc_set(*cost, isnan(q->vehicle_fixed_eur_per_year) ? 0 : q->vehicle_fixed_eur_per_year);
        kvc_set_power(t[0], 1, -6);
        mpq_mul(*cost, *cost, t[0]);
        mpq_mul(*cost, *cost, w->period_sum[d->period]);
    }
}

/* Share of the years of a period that lie within [from, from + life). */
static void cover(const kv_period *period, int from, double life, mpq_t *t, mpq_t share)
{
    const int first = period->first_year > from ? period->first_year : from;
    kvc_set(t[0], life);
    mpq_set_si(t[1], from, 1);
    mpq_add(t[0], t[0], t[1]);
    mpq_set_si(t[1], period->last_year + 1, 1);
    if (mpq_cmp(t[1], t[0]) < 0)
        mpq_set(t[0], t[1]);
    mpq_set_si(t[1], first, 1);
    mpq_sub(share, t[0], t[1]);
    if (mpq_sgn(share) < 0)
        mpq_set_ui(share, 0, 1);
    mpq_set_si(t[1], period->last_year + 1 - period->first_year, 1);
    mpq_div(share, share, t[1]);
}

/* Vehicles of the first year, evenly spread over all ages, that are left in a period. */
static void first_vehicles(const kvc_world *w, const kv_technology *q, const kv_period *period,
                           mpq_t *t, mpq_t left)
{
    mpq_set_ui(left, 0, 1);
    kvc_set(t[1], q->life_years);
    for (int year = period->first_year; year <= period->last_year; year++) {
        mpq_set_si(t[0], 2 * (year - w->base_year) + 1, 2);
        mpq_canonicalize(t[0]);
        mpq_div(t[0], t[0], t[1]);
        mpq_set_ui(t[2], 1, 1);
        mpq_sub(t[0], t[2], t[0]);
        if (mpq_sgn(t[0]) > 0)
            mpq_add(left, left, t[0]);
    }
    kvc_set(t[0], q->initial_vehicles);
    mpq_mul(left, left, t[0]);
    mpq_set_si(t[0], period->last_year - period->first_year + 1, 1);
    mpq_div(left, left, t[0]);
}

void kvc_stock_rows(kvc_world *world)
{
    kvc_world *w = world;
    const kv_period *periods = w->given->periods.rows;
    mpq_t *t = kvc_numbers(w->arena, 4);
    for (int q = 0; q < w->given->technologies.count; q++) {
        if (w->given->technologies.rows[q].fleet != KV_FLEET_OWNED)
            continue;
        for (int cell = 0; cell < w->n_blocks; cell++) {
            const int s = cell / w->n_periods, period = cell % w->n_periods;
            const kv_technology *now = kvc_numbers_in(w, q, cell);
            first_vehicles(w, now, &periods[period], t, t[3]);
            kvc_side_begin(w, 'E', 0, t[3], "stock:%s:%s:%s", now->technology,
                           periods[period].period, kvc_slot_name(w, s));
            mpq_set_ui(t[3], 1, 1);
            kvc_side_entry(w, w->stock[kvc_fleet_at(w, q, s, period)], t[3]);
            for (int bought = 0; bought <= period; bought++) {
                cover(&periods[period], periods[bought].first_year, now->life_years, t, t[3]);
                mpq_neg(t[3], t[3]);
                kvc_side_entry(w, w->purchase[kvc_fleet_at(w, q, s, bought)], t[3]);
            }
        }
    }
}
