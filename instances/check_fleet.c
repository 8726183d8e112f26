/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Vehicles and their energy. */
#include "base/memory.h"
#include "instances/checker.h"
#include "instances/select.h"

#include <math.h>
#include <string.h>

static int carrier_has_range(const kv_case *c, int carrier)
{
    for (int i = 0; i < c->technologies.count; i++)
        if (c->technologies.rows[i].carrier == carrier && !isnan(c->technologies.rows[i].range_km))
            return 1;
    return 0;
}

static int carrier_has_points(const kv_case *c, int carrier)
{
    for (int i = 0; i < c->energy_points.count; i++)
        if (c->energy_points.rows[i].carrier == carrier)
            return 1;
    for (int i = 0; i < c->effects.count; i++)
        if (c->effects.rows[i].effect == KV_EFFECT_ENERGY_POINT &&
            c->effects.rows[i].carrier == carrier)
            return 1;
    return 0;
}

void kv_check_energy(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int i = 0; i < c->energy.count; i++) {
        int found = !c->energy.rows[i].country;
        for (int p = 0; p < c->places.count && !found; p++)
            found = c->places.rows[p].country &&
                    strcmp(c->places.rows[p].country, c->energy.rows[i].country) == 0;
        if (!found)
            kv_check_add(checker, KV_WARNING, KV_TABLE_ENERGY, i, "country",
                         "write the country as in places.csv", "no place lies in this country");
    }
    for (int i = 0; i < c->energy_points.count; i++)
        if (!carrier_has_range(c, c->energy_points.rows[i].carrier))
            kv_check_add(checker, KV_WARNING, KV_TABLE_ENERGY_POINTS, i, "carrier",
                         "give range_km to the technologies that need the point",
                         "no technology with a range uses this carrier");
}

/* ---- one technology ---- */

static void check_payload(kv_checker *checker, int table, int i, int mode, double payload)
{
    static const struct {
        double most_t;
        const char *vehicle;
    } usual[KV_MODES] = {
        [KV_MODE_ROAD] = {120, "a truck"},       [KV_MODE_RAIL] = {20000, "a train"},
        [KV_MODE_SEA] = {450000, "a ship"},      [KV_MODE_FERRY] = {50000, "a ferry"},
        [KV_MODE_WATERWAY] = {30000, "a barge"}, [KV_MODE_AIR] = {250, "an aircraft"},
        [KV_MODE_PIPELINE] = {1e6, "a pipeline"}};
    if (payload > usual[mode].most_t)
        kv_check_add(checker, KV_WARNING, table, i, "payload_t",
                     "check the figure and its unit (t)", "%s of more than %.0f t",
                     usual[mode].vehicle, usual[mode].most_t);
}

static void check_carrier(kv_checker *checker, int i, const kv_technology *row)
{
    const kv_case *c = checker->the_case;
    int used = row->energy_kwh_per_km > 0;
    for (int k = 0; k < c->technology_periods.count; k++)
        used |= c->technology_periods.rows[k].technology == i &&
                c->technology_periods.rows[k].energy_kwh_per_km > 0;
    if (used && row->carrier < 0)
        kv_check_add(checker, KV_FAULT, KV_TABLE_TECHNOLOGIES, i, "carrier",
                     "name the energy carrier, or set energy_kwh_per_km to 0",
                     "energy is used, but no carrier is named");
    if (isnan(row->range_km))
        return;
    if (row->carrier < 0)
        kv_check_add(checker, KV_FAULT, KV_TABLE_TECHNOLOGIES, i, "carrier",
                     "name the energy carrier, or leave range_km blank",
                     "a range is given, but no carrier");
    else if (!carrier_has_points(c, row->carrier))
        kv_check_add(checker, KV_WARNING, KV_TABLE_TECHNOLOGIES, i, "range_km",
                     "add energy_points.csv or projects with the effect energy_point",
                     "it cannot run: no place and no project offers '%s'",
                     kv_check_name(checker, KV_TABLE_CARRIERS, row->carrier));
    if (row->needs_electrification)
        kv_check_add(checker, KV_WARNING, KV_TABLE_TECHNOLOGIES, i, "needs_electrification",
                     "leave range_km blank or needs_electrification no",
                     "has no effect on a technology with a range");
}

static void check_fleet(kv_checker *checker, int i, const kv_technology *row)
{
    if (row->fleet == KV_FLEET_HIRED && row->initial_vehicles > 0)
        kv_check_add(checker, KV_WARNING, KV_TABLE_TECHNOLOGIES, i, "initial_vehicles",
                     "set fleet to owned", "has no effect while fleet is 'hired'");
    if (row->fleet == KV_FLEET_OWNED && row->vehicle_price_eur == 0)
        kv_check_add(checker, KV_WARNING, KV_TABLE_TECHNOLOGIES, i, "vehicle_price_eur",
                     "give the price of a vehicle", "owned vehicles that cost nothing");
    if (row->empties != KV_EMPTIES_SHARE && row->empty_share > 0)
        kv_check_add(checker, KV_WARNING, KV_TABLE_TECHNOLOGIES, i, "empty_share",
                     "set empties to share", "has no effect while empties is not 'share'");
    if (row->empties == KV_EMPTIES_SHARE && row->empty_share == 0)
        kv_check_add(checker, KV_WARNING, KV_TABLE_TECHNOLOGIES, i, "empties", "give empty_share",
                     "has no effect while empty_share is 0");
}

/* ---- prices in force ---- */

static int price_in_force(const kv_case *c, int carrier, const char *country, int period)
{
    int named = 0, blank = 0, any_named = 0;
    for (int i = 0; i < c->energy.count; i++) {
        const kv_energy *row = &c->energy.rows[i];
        if (row->carrier != carrier)
            continue;
        int holds = row->from_period <= period;
        if (row->country && country && strcmp(row->country, country) == 0) {
            any_named = 1;
            named |= holds;
        }
        blank |= !row->country && holds;
    }
    return any_named ? named : blank;
}

enum { MOST_COUNTRIES = 64 };

/* A place for each country that links of the mode touch; returns how many. */
static int places_by_country(const kv_case *c, int mode, int *places)
{
    int n = 0;
    for (int k = 0; k < 2 * c->links.count && n < MOST_COUNTRIES; k++) {
        const kv_link *link = &c->links.rows[k / 2];
        int place = k % 2 ? link->to : link->from, known = link->mode != mode;
        const char *country = c->places.rows[place].country;
        for (int i = 0; i < n && !known; i++) {
            const char *other = c->places.rows[places[i]].country;
            known = country == other || (country && other && strcmp(country, other) == 0);
        }
        if (!known)
            places[n++] = place;
    }
    return n;
}

/* The first country and period without a price. */
static void check_prices(kv_checker *checker, int i, const kv_technology *row)
{
    const kv_case *c = checker->the_case;
    int places[MOST_COUNTRIES];
    int n = places_by_country(c, row->mode, places);
    for (int period = 0; period < c->periods.count; period++) {
        kv_technology numbers;
        kv_technology_in_force(c, i, period, &numbers);
        for (int k = 0; k < n && numbers.energy_kwh_per_km > 0; k++) {
            const char *country = c->places.rows[places[k]].country;
            if (price_in_force(c, row->carrier, country, period))
                continue;
            kv_check_add(checker, KV_FAULT, KV_TABLE_TECHNOLOGIES, i, "carrier",
                         "add a row to energy.csv; with a blank country it holds everywhere",
                         "no price in force at '%s' in the period '%s'",
                         kv_check_name(checker, KV_TABLE_PLACES, places[k]),
                         kv_check_name(checker, KV_TABLE_PERIODS, period));
            return;
        }
    }
}

/* ---- shares ---- */

static void check_shares(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int period = 0; period < c->periods.count; period++) {
        double least[KV_MODES] = {0};
        for (int i = 0; i < c->technologies.count; i++) {
            kv_technology now;
            kv_technology_in_force(c, i, period, &now);
            if (now.min_share > now.max_share)
                kv_check_add(checker, KV_FAULT, KV_TABLE_TECHNOLOGIES, i, "min_share",
                             "lower min_share or raise max_share",
                             "above max_share in the period '%s'",
                             kv_check_name(checker, KV_TABLE_PERIODS, period));
            if (isnan(now.min_share))
                continue;
            double before = least[now.mode];
            least[now.mode] += now.min_share;
            if (before <= 1 + 1e-9 && least[now.mode] > 1 + 1e-9)
                kv_check_add(checker, KV_FAULT, KV_TABLE_TECHNOLOGIES, i, "min_share",
                             "lower them so that they sum to at most 1",
                             "the least shares of its mode sum to more than 1 in the period '%s'",
                             kv_check_name(checker, KV_TABLE_PERIODS, period));
        }
    }
}

static void check_technology_periods(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int i = 0; i < c->technology_periods.count; i++) {
        const kv_technology_period *row = &c->technology_periods.rows[i];
        if (!isnan(row->payload_t))
            check_payload(checker, KV_TABLE_TECHNOLOGY_PERIODS, i,
                          c->technologies.rows[row->technology].mode, row->payload_t);
        if (isnan(row->payload_t) && isnan(row->cost_eur_per_km) && isnan(row->cost_eur_per_tkm) &&
            isnan(row->energy_kwh_per_km) && isnan(row->vehicle_price_eur) &&
            isnan(row->max_purchases_per_year) && isnan(row->max_share) && isnan(row->min_share))
            kv_check_add(checker, KV_WARNING, KV_TABLE_TECHNOLOGY_PERIODS, i, "technology",
                         "give a figure or remove the row", "the row changes nothing");
    }
}

void kv_check_technologies(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    for (int i = 0; i < c->technologies.count; i++) {
        const kv_technology *row = &c->technologies.rows[i];
        int links = 0;
        for (int k = 0; k < c->links.count; k++)
            links += c->links.rows[k].mode == row->mode;
        if (links == 0)
            kv_check_add(checker, KV_WARNING, KV_TABLE_TECHNOLOGIES, i, "mode",
                         "add links of the mode or remove the technology",
                         "there is no link of this mode");
        check_payload(checker, KV_TABLE_TECHNOLOGIES, i, row->mode, row->payload_t);
        check_carrier(checker, i, row);
        check_fleet(checker, i, row);
        if (row->carrier >= 0)
            check_prices(checker, i, row);
    }
    check_technology_periods(checker);
    check_shares(checker);
}
