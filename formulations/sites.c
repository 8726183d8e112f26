/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sites whose amount is the model's choice. A station is such a site with its product; its gates are
 * the arcs between outside and the door through which goods come or go: one for the product of the
 * station, one for each input and co-product of a plant. Also the arcs for what is not served or not
 * sold, and the reference prices.
 */
#include "formulations/builder.h"

#include "base/memory.h"
#include "instances/select.h"

#include <math.h>

double kv_recipe_ratio(kv_builder *builder, const kv_case *view, const kv_site *site,
                       const kv_recipe *recipe)
{
    if (recipe->unit != KV_AMOUNT_GWH_YR)
        return recipe->t_per_unit;
    double t_per_gwh = view->products.rows[site->product].t_per_gwh;
    if (!(t_per_gwh > 0)) {
        kv_where where = {
            .file = "sites.csv", .line = site->line, .column = "recipe", .value = site->recipe};
        kv_messages_add(builder->messages, KV_FAULT, &where, "give the product a t_per_gwh",
                        "the recipe is per GWh of a product without weight");
        return (double)NAN;
    }
    return recipe->t_per_unit / t_per_gwh;
}

static int station_of(const kv_builder *b, const kv_site *site)
{
    const kv_station *stations = b->station.items;
    for (int i = 0; i < b->station.count; i++) {
        if (stations[i].site == site->site && stations[i].product == site->product &&
            stations[i].role == site->role && stations[i].place == site->place)
            return i;
    }
    return -1;
}

/* seen[row] = 1 for the rows of sites that are in force in some block. */
static void in_force_anywhere(const kv_builder *b, int *rows, unsigned char *seen)
{
    for (int block = 0; block < b->n_blocks; block++) {
        const kv_case *view = b->map->view[block / b->n_periods];
        const kv_block_info *info = &b->map->block[block];
        int count = kv_sites_in_force(view, info->scenario, info->period, rows);
        for (int i = 0; i < count; i++)
            seen[rows[i]] = 1;
    }
}

static int stations_find(kv_builder *b, const unsigned char *seen)
{
    for (int i = 0; i < b->given->sites.count; i++) {
        const kv_site *site = &b->given->sites.rows[i];
        if (!seen[i] || site->planned != KV_CHOSEN || station_of(b, site) >= 0)
            continue;
        kv_station *station = kv_list_push(&b->station);
        if (!station)
            return -1;
        *station = (kv_station){.site = site->site,
                                .product = site->product,
                                .role = site->role,
                                .place = site->place,
                                .row = i};
    }
    return 0;
}

static int gate_add(kv_builder *b, int station, int product, int kind, int recipe_role)
{
    const kv_station *at = (kv_station *)b->station.items + station;
    int door = at->place, inward = kind == KV_ARC_SOURCE || kind == KV_ARC_PLANT_OUT;
    kv_arc_info info = {.kind = kind,
                        .link = -1,
                        .technology = -1,
                        .transfer = -1,
                        .place = at->place,
                        .to_place = at->place,
                        .site = at->row,
                        .improved_by = -1};
    kv_ends ends = {.tail = inward ? b->outside : door,
                    .head = inward ? door : b->outside,
                    .mode = -1,
                    .handling = KV_HANDLING_ANY,
                    .dangerous = 1};
    int arc = kv_builder_arc(b, &info, &ends);
    kv_gate *gate = arc < 0 ? NULL : kv_list_push(&b->gate);
    if (!gate)
        return -1;
    *gate = (kv_gate){station, product, kind, recipe_role, arc};
    ((kv_station *)b->station.items)[station].gate_count++;
    return 0;
}

/* The gate of a station for a product in that role of its recipe, or -1. */
static int gate_of(const kv_builder *b, int station, int product, int recipe_role)
{
    const kv_station *at = (kv_station *)b->station.items + station;
    const kv_gate *gates = b->gate.items;
    for (int i = at->gate_first; i < at->gate_first + at->gate_count; i++) {
        if (gates[i].product == product && gates[i].recipe_role == recipe_role)
            return i;
    }
    return -1;
}

/* Gates for all that the recipes of the station's rows take or give. */
static int recipe_gates(kv_builder *b, int station, const unsigned char *seen)
{
    for (int i = 0; i < b->given->sites.count; i++) {
        const kv_site *site = &b->given->sites.rows[i];
        if (!seen[i] || site->planned != KV_CHOSEN || !site->recipe ||
            station_of(b, site) != station)
            continue;
        for (int r = 0; r < b->given->recipes.count; r++) {
            const kv_recipe *recipe = &b->given->recipes.rows[r];
            int kind = recipe->role == KV_RECIPE_INPUT ? KV_ARC_PLANT_IN : KV_ARC_PLANT_OUT;
            if (recipe->recipe == site->recipe &&
                gate_of(b, station, recipe->product, recipe->role) < 0 &&
                gate_add(b, station, recipe->product, kind, recipe->role) != 0)
                return -1;
        }
    }
    return 0;
}

static int gates_find(kv_builder *b, const unsigned char *seen)
{
    static const int kinds[] = {KV_ARC_PLANT_OUT, KV_ARC_SOURCE, KV_ARC_MARKET};
    for (int i = 0; i < b->station.count; i++) {
        kv_station *station = (kv_station *)b->station.items + i;
        station->gate_first = b->gate.count;
        if (gate_add(b, i, station->product, kinds[station->role], -1) != 0)
            return -1;
        if (station->role == KV_SITE_PLANT && recipe_gates(b, i, seen) != 0)
            return -1;
    }
    return 0;
}

/* What the site in force lets through the gates of its station in a block, and at what price. */
static kv_status gates_fill(kv_builder *b, int block, int station, const kv_site *site)
{
    const kv_case *view = b->map->view[block / b->n_periods];
    const kv_station *at = (kv_station *)b->station.items + station;
    const size_t first = (size_t)block * (size_t)b->gate.count;
    const size_t own = first + (size_t)at->gate_first;
    b->gate_upper[own] =
        kv_amount_t_per_year(&view->products.rows[site->product], site->amount, site->unit);
    b->gate_price[own] = isnan(site->price_eur_per_t) ? 0 : site->price_eur_per_t;
    if (site->role == KV_SITE_MARKET)
        b->gate_price[own] = -b->gate_price[own];
    b->gate_ratio[own] = 1;
    for (int r = 0; site->role == KV_SITE_PLANT && site->recipe && r < view->recipes.count; r++) {
        const kv_recipe *recipe = &view->recipes.rows[r];
        if (recipe->recipe != site->recipe)
            continue;
        double ratio = kv_recipe_ratio(b, view, site, recipe);
        if (isnan(ratio))
            return KV_ERR_INPUT;
        int gate = gate_of(b, station, recipe->product, recipe->role);
        b->gate_ratio[first + (size_t)gate] = ratio;
        b->gate_upper[first + (size_t)gate] = ratio * b->gate_upper[own];
    }
    return KV_OK;
}

/* Rows in force, capacities, prices, reference prices of all blocks. */
static kv_status blocks_fill(kv_builder *b, int *rows)
{
    for (int block = 0; block < b->n_blocks; block++) {
        const kv_case *view = b->map->view[block / b->n_periods];
        const kv_block_info *info = &b->map->block[block];
        double *reference = b->reference + (size_t)block * (size_t)b->n_products;
        for (int k = 0; k < b->n_products; k++)
            reference[k] = HUGE_VAL;
        int count = kv_sites_in_force(view, info->scenario, info->period, rows);
        for (int i = 0; i < count; i++) {
            const kv_site *site = &view->sites.rows[rows[i]];
            if (site->planned != KV_CHOSEN)
                continue;
            int station = station_of(b, site);
            b->station_row[(size_t)block * (size_t)b->station.count + (size_t)station] = rows[i];
            kv_status status = gates_fill(b, block, station, site);
            if (status != KV_OK)
                return status;
            double price = isnan(site->price_eur_per_t) ? 0 : site->price_eur_per_t;
            if (site->role == KV_SITE_SOURCE && site->amount > 0)
                reference[site->product] = fmin(reference[site->product], price);
        }
        for (int k = 0; k < b->n_products; k++)
            reference[k] = reference[k] < HUGE_VAL ? reference[k] : 0;
    }
    return KV_OK;
}

/* Arcs for what is not served and not sold, at the places where that can be. */
static int slack_arcs(kv_builder *b)
{
    const kv_stop *stops = b->stop.items;
    b->unserved_arc = kv_alloc((size_t)b->n_places, sizeof(int));
    b->unsold_arc = kv_alloc((size_t)b->n_places, sizeof(int));
    if (!b->unserved_arc || !b->unsold_arc)
        return -1;
    for (int v = 0; v < b->n_places; v++)
        b->unserved_arc[v] = b->unsold_arc[v] = -1;
    for (int block = 0; block < b->n_blocks; block++) {
        for (int i = 0; i < b->stop.count; i++) {
            double d = b->stop_amount[(size_t)block * (size_t)b->stop.count + (size_t)i];
            if (d < 0)
                b->unserved_arc[stops[i].place] = 0;
            else if (d > 0)
                b->unsold_arc[stops[i].place] = 0;
        }
    }
    kv_arc_info info = {
        .link = -1, .technology = -1, .transfer = -1, .site = -1, .improved_by = -1};
    kv_ends ends = {.mode = -1, .handling = KV_HANDLING_ANY, .dangerous = 1};
    for (int v = 0; v < 2 * b->n_places; v++) { /* all unserved arcs, then all unsold ones */
        int place = v % b->n_places, unsold = v >= b->n_places;
        int *arc = unsold ? &b->unsold_arc[place] : &b->unserved_arc[place];
        if (*arc < 0)
            continue;
        info.kind = unsold ? KV_ARC_UNSOLD : KV_ARC_UNSERVED;
        info.place = info.to_place = place;
        ends.tail = unsold ? place : b->outside;
        ends.head = unsold ? b->outside : place;
        if ((*arc = kv_builder_arc(b, &info, &ends)) < 0)
            return -1;
    }
    return 0;
}

kv_status kv_build_stations(kv_builder *builder)
{
    kv_builder *b = builder;
    const size_t blocks = (size_t)b->n_blocks;
    kv_status status = KV_ERR_MEMORY;
    int *rows = kv_alloc((size_t)b->given->sites.count, sizeof(int));
    unsigned char *seen = kv_alloc((size_t)b->given->sites.count, 1);
    if (!rows || !seen)
        goto out;
    in_force_anywhere(b, rows, seen);
    if (stations_find(b, seen) != 0 || gates_find(b, seen) != 0)
        goto out;
    const size_t gates = (size_t)b->gate.count, stations = (size_t)b->station.count;
    b->station_row = kv_alloc_grid(blocks, stations, sizeof(int));
    b->gate_upper = kv_alloc_grid(blocks, gates, sizeof(double));
    b->gate_price = kv_alloc_grid(blocks, gates, sizeof(double));
    b->gate_ratio = kv_alloc_grid(blocks, gates, sizeof(double));
    b->reference = kv_alloc_grid(blocks, (size_t)b->n_products, sizeof(double));
    if (!b->station_row || !b->gate_upper || !b->gate_price || !b->gate_ratio || !b->reference)
        goto out;
    for (size_t i = 0; i < blocks * stations; i++)
        b->station_row[i] = -1;
    status = blocks_fill(b, rows);
    if (status == KV_OK && slack_arcs(b) != 0)
        status = KV_ERR_MEMORY;
out:
    kv_free(rows);
    kv_free(seen);
    return status;
}
