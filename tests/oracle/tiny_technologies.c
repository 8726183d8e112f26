/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vehicles of each mode that the case has, their energy, and the price of carbon. */
#include "oracle/tiny_parts.h"

#include <stdio.h>
#include <string.h>

/* What differs between the technologies that a case can have. */
typedef struct vehicle {
    const char *name, *mode, *carrier;
    int needs_electrification, owned, whole;
    double range_km, payload_t, speed, cost_km, kwh_km, price, life, km_year;
} vehicle;

static void technology_row(tiny *t, const vehicle *it, const char *empties, double initial)
{
    char range[16] = "", limit[16] = "", most[16] = "", least[16] = "";
    if (it->range_km > 0) {
        snprintf(range, sizeof range, "%.5g", it->range_km);
    }
    if (it->owned && tiny_maybe(t, 0.4)) {
        snprintf(limit, sizeof limit, "%.4g", tiny_number(t, 2, 25));
    }
    if (strcmp(it->name, "truck") != 0 && tiny_maybe(t, 0.2)) {
        snprintf(most, sizeof most, "%.3g", tiny_number(t, 0.3, 0.8));
    }
    if (strcmp(it->mode, "road") == 0 && it->range_km > 0 && tiny_maybe(t, 0.25)) {
        snprintf(least, sizeof least, "%.3g", tiny_number(t, 0.02, 0.12));
    }
    tiny_row(t, KV_TABLE_TECHNOLOGIES,
             "%s,%s,%s,%s,%s,%s,%s,%s,%.4g,%s,%s,%g,%.3g,%g,%.4g,%s,%.4g,%.6g,%s,%g,%g,%s,%s,%s",
             it->name, it->mode, it->carrier, it->needs_electrification ? "yes" : "", range,
             empties, strcmp(empties, "share") == 0 ? "0.3" : "", it->owned ? "owned" : "hired",
             initial, it->owned && tiny_maybe(t, 0.5) ? "no" : "", it->whole ? "yes" : "",
             it->payload_t, tiny_number(t, 0.6, 0.9), it->speed,
             it->cost_km * tiny_number(t, 0.9, 1.1), tiny_maybe(t, 0.2) ? "0.002" : "", it->kwh_km,
             it->price, it->owned && tiny_maybe(t, 0.5) ? "3000" : "", it->life, it->km_year, limit,
             most, least);
    if (it->owned) {
        tiny_note(t->fleet, &t->n_fleets, it->name);
    }
    if (t->periods > 1 && tiny_maybe(t, 0.3)) {
        tiny_row(t, KV_TABLE_TECHNOLOGY_PERIODS, "%s,t2,%s,%.4g,,%s,%.6g,%s,%s,", it->name,
                 tiny_maybe(t, 0.3) ? "30" : "", it->cost_km * 0.9, tiny_maybe(t, 0.2) ? "1.9" : "",
                 it->price * 0.7, it->owned && tiny_maybe(t, 0.4) ? "4" : "",
                 most[0] && tiny_maybe(t, 0.5) ? "0.9" : "");
    }
    if (t->periods > 2 && least[0] && tiny_maybe(t, 0.5)) {
        tiny_row(t, KV_TABLE_TECHNOLOGY_PERIODS, "%s,t3,,,0.001,,,,,0.01", it->name);
    }
}

/* A place where a range technology takes its carrier: today, or by a project. */
static void draw_points(tiny *t, const char *carrier)
{
    for (int p = 1; p <= t->places; p++) {
        if (tiny_maybe(t, 0.3)) {
            char capacity[16] = "";
            if (tiny_maybe(t, 0.6)) {
                snprintf(capacity, sizeof capacity, "%.5g", tiny_number(t, 200, 3000));
            }
            tiny_row(t, KV_TABLE_ENERGY_POINTS, "p%d,%s,%s", p, carrier, capacity);
            if (tiny_maybe(t, 0.6)) {
                continue;
            }
        }
        if (t->n_points < TINY_MAX) {
            snprintf(t->point_place[t->n_points], 16, "p%d", p);
            snprintf(t->point_carrier[t->n_points++], 16, "%s", carrier);
        }
    }
}

static void draw_energy(tiny *t)
{
    tiny_row(t, KV_TABLE_CARRIERS, "diesel");
    tiny_row(t, KV_TABLE_CARRIERS, "electricity");
    tiny_row(t, KV_TABLE_CARRIERS, "hydrogen");
    tiny_row(t, KV_TABLE_ENERGY, "diesel,,,%.4g,0.27", tiny_number(t, 0.12, 0.2));
    tiny_row(t, KV_TABLE_ENERGY, "electricity,,,%.4g,0.03", tiny_number(t, 0.06, 0.12));
    tiny_row(t, KV_TABLE_ENERGY, "hydrogen,,,%.4g,0.01", tiny_number(t, 0.1, 0.2));
    if (tiny_maybe(t, 0.5)) {
        tiny_row(t, KV_TABLE_ENERGY, "electricity,SE,,%.4g,0.01", tiny_number(t, 0.04, 0.08));
    }
    if (t->periods > 1 && tiny_maybe(t, 0.5)) {
        tiny_row(t, KV_TABLE_ENERGY, "diesel,,t2,%.4g,0.25", tiny_number(t, 0.15, 0.25));
    }
}

static void draw_policies(tiny *t)
{
    char cap[16] = "";
    if (tiny_maybe(t, 0.25)) {
        snprintf(cap, sizeof cap, "%.4g", tiny_number(t, 0.5, 6));
    }
    if (tiny_maybe(t, 0.7)) {
        tiny_row(t, KV_TABLE_POLICIES, ",,%g,%s", tiny_number(t, 40, 120), cap);
        if (t->periods > 1 && tiny_maybe(t, 0.5)) {
            tiny_row(t, KV_TABLE_POLICIES, "t2,,%g,%s", tiny_number(t, 100, 200), cap);
        }
        if (t->scenarios > 1 && tiny_maybe(t, 0.4)) {
            tiny_row(t, KV_TABLE_POLICIES, "%s,s2,%g,", t->periods > 1 ? "t2" : "t1",
                     tiny_number(t, 150, 250));
        }
    }
}

static void draw_road(tiny *t)
{
    const vehicle truck = {"truck", "road", "diesel", 0, 0, 0, 0, 25, 60, 1.1, 3.4, 140000, 8, 1e5};
    const vehicle own = {"own_truck", "road", "diesel", 0,   1,      0, 0,
                         28,          62,     0.8,      3.2, 150000, 9, 9e4};
    vehicle battery = {"battery_truck",
                       "road",
                       "electricity",
                       0,
                       t->owned_range,
                       0,
                       tiny_number(t, 150, 400),
                       24,
                       60,
                       0.75,
                       1.4,
                       250000,
                       8,
                       9e4};
    vehicle fuel_cell = {
        "hydrogen_truck", "road", "hydrogen", 0, 0, 0, tiny_number(t, 250, 500), 24, 60, 0.8, 2.4,
        300000,           8,      1e5};
    technology_row(t, &truck, "share", 0);
    if (t->owned_truck) {
        technology_row(t, &own, t->balanced ? "balanced" : "none", tiny_integer(t, 0, 12));
    }
    if (t->range) {
        technology_row(t, &battery, t->balanced ? "balanced" : "share",
                       t->owned_range ? tiny_integer(t, 0, 8) : 0);
        draw_points(t, "electricity");
    }
    if (t->hydrogen) {
        technology_row(t, &fuel_cell, "none", 0);
        draw_points(t, "hydrogen");
    }
}

void tiny_technologies(tiny *t)
{
    const vehicle electric = {
        "electric_train", "rail", "electricity", 1, 0, 0, 0, 800, 60, 7, 20, 3.5e6, 30, 1.5e5};
    const vehicle diesel = {"diesel_train", "rail", "diesel", 0, 0, 0, 0, 800, 55, 9, 60, 3e6, 25,
                            1.5e5};
    vehicle ship = {"ship", "sea", "diesel", 0,  t->owned_ship, t->owned_ship && tiny_maybe(t, 0.5),
                    0,      4000,  25,       12, 200,           2e7,
                    25,     6e4};
    const vehicle boat = {"boat", "ferry", "diesel", 0, 0, 0, 0, 900, 28, 14, 220, 0, 25, 6e4};
    draw_energy(t);
    draw_road(t);
    if (t->rail) {
        int only_electric = !t->off_road && tiny_maybe(t, 0.4);
        technology_row(t, &electric, "share", 0);
        if (!only_electric) {
            technology_row(t, &diesel, t->balanced ? "balanced" : "none", 0);
        }
    }
    if (t->sea) {
        technology_row(t, &ship, "none", t->owned_ship ? 1 : 0);
    }
    if (t->ferry) {
        technology_row(t, &boat, "none", 0);
    }
    draw_policies(t);
}
