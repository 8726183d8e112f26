/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sites whose amount is chosen (mathematics.md, section 3). A station is such a site with its
 * product, its gates are the arcs between outside and the door: one for its own product, one for
 * each input and co-product of a plant. Also the arcs for what is not served or sold, and reference
 * prices.
 */
#include "reports/checker/world.h"

#include "instances/select.h"

#include <math.h>

static int station_of(const kvc_world *w, const kv_site *site)
{
    for (int i = 0; i < w->station.count; i++) {
        const kvc_station *s = &KVC_AT(kvc_station, w->station, i);
        if (s->site == site->site && s->product == site->product && s->role == site->role &&
            s->place == site->place)
            return i;
    }
    return -1;
}

/* seen[row] = 1 for rows of sites that are in force in some block. */
static void in_force_anywhere(const kvc_world *w, int *rows, unsigned char *seen)
{
    for (int b = 0; b < w->n_blocks; b++) {
        const int slot = b / w->n_periods;
        int count = kv_sites_in_force(w->view[slot], w->slot_row[slot], b % w->n_periods, rows);
        for (int i = 0; i < count; i++)
            seen[rows[i]] = 1;
    }
}

static void stations_find(kvc_world *w, const unsigned char *seen)
{
    for (int i = 0; i < w->given->sites.count; i++) {
        const kv_site *site = &w->given->sites.rows[i];
        if (!seen[i] || site->planned != KV_CHOSEN || station_of(w, site) >= 0)
            continue;
        kvc_station *station = kvc_push(w->arena, &w->station, sizeof *station);
        *station = (kvc_station){site->site, site->product, site->role, site->place, i, 0, 0};
    }
}

static int is_inward(int kind)
{
    return kind == KVC_SOURCE || kind == KVC_PLANT_OUT || kind == KVC_UNSERVED;
}

static kvc_arc outside_arc(const kvc_world *w, int kind, int place)
{
    kvc_arc arc = {.kind = kind,
                   .tail = is_inward(kind) ? w->outside : place,
                   .head = is_inward(kind) ? place : w->outside,
                   .mode = -1,
                   .handling = KV_HANDLING_ANY,
                   .dangerous = 1,
                   .improved_by = -1,
                   .technology = -1,
                   .link = -1,
                   .transfer = -1,
                   .place = place,
                   .to_place = place,
                   .gate = -1,
                   .open = 1};
    return arc;
}

/* Which recipe gate of the site for the product a new one would be, from 1. */
static int ordinal_of(const kvc_world *w, int station, int product)
{
    const char *site = KVC_AT(kvc_station, w->station, station).site;
    int ordinal = 1;
    for (int i = 0; i < w->gate.count; i++) {
        const kvc_gate *g = &KVC_AT(kvc_gate, w->gate, i);
        ordinal += g->recipe_role >= 0 && g->product == product &&
                   KVC_AT(kvc_station, w->station, g->station).site == site;
    }
    return ordinal;
}

static void gate_add(kvc_world *w, int station, int product, int kind, int recipe_role)
{
    kvc_station *at = &KVC_AT(kvc_station, w->station, station);
    kvc_arc arc = outside_arc(w, kind, at->place);
    arc.gate = w->gate.count;
    const int ordinal = recipe_role < 0 ? 0 : ordinal_of(w, station, product);
    const int number = kvc_arc_add(w, &arc);
    kvc_gate *gate = kvc_push(w->arena, &w->gate, sizeof *gate);
    *gate = (kvc_gate){station, product, kind, recipe_role, number, ordinal};
    at->gate_count++;
}

/* The gate of a station for a product in that role of its recipe, or -1. */
static int gate_of(const kvc_world *w, int station, int product, int recipe_role)
{
    const kvc_station *at = &KVC_AT(kvc_station, w->station, station);
    for (int i = at->gate_first; i < at->gate_first + at->gate_count; i++) {
        const kvc_gate *g = &KVC_AT(kvc_gate, w->gate, i);
        if (g->product == product && g->recipe_role == recipe_role)
            return i;
    }
    return -1;
}

static void recipe_gates(kvc_world *w, int station, const unsigned char *seen)
{
    const kv_case *c = w->given;
    for (int i = 0; i < c->sites.count; i++) {
        const kv_site *site = &c->sites.rows[i];
        if (!seen[i] || site->planned != KV_CHOSEN || !site->recipe ||
            station_of(w, site) != station)
            continue;
        for (int r = 0; r < c->recipes.count; r++) {
            const kv_recipe *recipe = &c->recipes.rows[r];
            const int kind = recipe->role == KV_RECIPE_INPUT ? KVC_PLANT_IN : KVC_PLANT_OUT;
            if (recipe->recipe == site->recipe &&
                gate_of(w, station, recipe->product, recipe->role) < 0)
                gate_add(w, station, recipe->product, kind, recipe->role);
        }
    }
}

static void gates_find(kvc_world *w, const unsigned char *seen)
{
    static const int kinds[] = {[KV_SITE_PLANT] = KVC_PLANT_OUT,
                                [KV_SITE_SOURCE] = KVC_SOURCE,
                                [KV_SITE_MARKET] = KVC_MARKET};
    for (int i = 0; i < w->station.count; i++) {
        kvc_station *station = &KVC_AT(kvc_station, w->station, i);
        station->gate_first = w->gate.count;
        gate_add(w, i, station->product, kinds[station->role], -1);
        if (station->role == KV_SITE_PLANT)
            recipe_gates(w, i, seen);
    }
}

/* What the site in force lets through the gates of its station in a block, and at what price. */
static void gates_fill(kvc_world *w, int block, int station, const kv_site *site)
{
    const kv_case *view = w->view[block / w->n_periods];
    const size_t first = (size_t)block * (size_t)w->gate.count;
    const size_t own = first + (size_t)KVC_AT(kvc_station, w->station, station).gate_first;
    kvc_amount(&view->products.rows[site->product], site->amount, site->unit, w->gate_upper[own]);
    kvc_set(w->gate_price[own], isnan(site->price_eur_per_t) ? 0 : site->price_eur_per_t);
    if (site->role == KV_SITE_MARKET)
        mpq_neg(w->gate_price[own], w->gate_price[own]);
    mpq_set_ui(w->gate_ratio[own], 1, 1);
    for (int r = 0; site->role == KV_SITE_PLANT && site->recipe && r < view->recipes.count; r++) {
        const kv_recipe *recipe = &view->recipes.rows[r];
        if (recipe->recipe != site->recipe)
            continue;
        const size_t at = first + (size_t)gate_of(w, station, recipe->product, recipe->role);
        kvc_ratio(view, site, recipe, w->gate_ratio[at]);
        mpq_mul(w->gate_upper[at], w->gate_ratio[at], w->gate_upper[own]);
    }
}

static void block_fill(kvc_world *w, int block, int *rows)
{
    const int slot = block / w->n_periods;
    const kv_case *view = w->view[slot];
    double *reference = w->reference + (size_t)block * (size_t)w->given->products.count;
    for (int k = 0; k < w->given->products.count; k++)
        reference[k] = HUGE_VAL;
    int count = kv_sites_in_force(view, w->slot_row[slot], block % w->n_periods, rows);
    for (int i = 0; i < count; i++) {
        const kv_site *site = &view->sites.rows[rows[i]];
        if (site->planned != KV_CHOSEN)
            continue;
        const int station = station_of(w, site);
        w->station_row[(size_t)block * (size_t)w->station.count + (size_t)station] = rows[i];
        gates_fill(w, block, station, site);
        const double price = isnan(site->price_eur_per_t) ? 0 : site->price_eur_per_t;
        if (site->role == KV_SITE_SOURCE && site->amount > 0)
            reference[site->product] = fmin(reference[site->product], price);
    }
    for (int k = 0; k < w->given->products.count; k++)
        reference[k] = reference[k] < HUGE_VAL ? reference[k] : 0;
}

/* Arcs for what is not served and not sold, at the places where that can be: all of the one kind,
 * then all of the other. */
static void slack_arcs(kvc_world *w)
{
    const int places = w->given->places.count;
    int *arcs[] = {kvc_alloc(w->arena, (size_t)places, sizeof(int)),
                   kvc_alloc(w->arena, (size_t)places, sizeof(int))};
    for (int block = 0; block < w->n_blocks; block++) {
        for (int i = 0; i < w->stop.count; i++) {
            const int sign = mpq_sgn(w->amount[(size_t)block * (size_t)w->stop.count + (size_t)i]);
            if (sign != 0)
                arcs[sign > 0][KVC_AT(kvc_stop, w->stop, i).place] = 1;
        }
    }
    for (int unsold = 0; unsold < 2; unsold++) {
        for (int v = 0; v < places; v++) {
            kvc_arc arc = outside_arc(w, unsold ? KVC_UNSOLD : KVC_UNSERVED, v);
            arcs[unsold][v] = arcs[unsold][v] ? kvc_arc_add(w, &arc) : -1;
        }
    }
    w->unserved_arc = arcs[0];
    w->unsold_arc = arcs[1];
}

void kvc_build_stations(kvc_world *world)
{
    kvc_world *w = world;
    const size_t blocks = (size_t)w->n_blocks;
    int *rows = kvc_alloc(w->arena, (size_t)w->given->sites.count, sizeof(int));
    unsigned char *seen = kvc_alloc(w->arena, (size_t)w->given->sites.count, 1);
    in_force_anywhere(w, rows, seen);
    stations_find(w, seen);
    gates_find(w, seen);
    const size_t gates = (size_t)w->gate.count, stations = (size_t)w->station.count;
    w->station_row = kvc_alloc(w->arena, blocks * stations, sizeof(int));
    for (size_t i = 0; i < blocks * stations; i++)
        w->station_row[i] = -1;
    w->gate_upper = kvc_numbers(w->arena, blocks * gates);
    w->gate_price = kvc_numbers(w->arena, blocks * gates);
    w->gate_ratio = kvc_numbers(w->arena, blocks * gates);
    w->reference = kvc_alloc(w->arena, blocks * (size_t)w->given->products.count, sizeof(double));
    for (int block = 0; block < w->n_blocks; block++)
        block_fill(w, block, rows);
    slack_arcs(w);
}
