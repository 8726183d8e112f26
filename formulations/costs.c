/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a flow costs, and why. The parts that depend on the arc alone are computed once an arc and
 * block; time is added by commodity. Explaining a flow runs through the same code.
 */
#include "formulations/builder.h"

#include "base/memory.h"
#include "instances/select.h"

#include <math.h>

double kv_annuity(double rate, double life_years)
{
    if (!(rate > 0))
        return 1 / life_years;
    return rate / (1 - pow(1 + rate, -life_years));
}

double kv_flow_detail_total(const kv_flow_detail *d)
{
    return d->vehicle + d->energy + d->carbon + d->time + d->toll_and_ice + d->transfer + d->price;
}

/* The effect by which the project of an improved arc improves it. */
static const kv_effect *improvement(const kv_case *view, int effect, int project, int link,
                                    int terminal)
{
    for (int i = 0; i < view->effects.count; i++) {
        const kv_effect *e = &view->effects.rows[i];
        if (e->effect == effect && e->project == project &&
            (effect == KV_EFFECT_IMPROVE_LINK ? e->link == link : e->terminal == terminal))
            return e;
    }
    return NULL;
}

static void transfer_detail(const kv_case *view, const kv_arc_info *info, kv_flow_detail *detail)
{
    const kv_transfer *t = &view->transfers.rows[info->transfer];
    const kv_effect *e = info->improved_by < 0 ? NULL
                                               : improvement(view, KV_EFFECT_IMPROVE_TERMINAL,
                                                             info->improved_by, -1, t->terminal);
    detail->transfer = t->cost_eur_per_t * (e ? e->factor : 1);
    detail->hours = e ? fmax(0, t->hours + e->hours) : t->hours;
}

/* Adds one link's length, hours, tolls and ice; returns the length that is driven. */
static double link_detail(const kv_link *link, double speed, const kv_effect *improved,
                          kv_flow_detail *detail)
{
    double driven = link->length_km * (improved ? improved->factor : 1);
    double hours = driven / (isnan(link->speed_km_per_h) ? speed : link->speed_km_per_h) +
                   link->hours + link->ice_months / 12 * link->ice_hours;
    if (improved)
        hours = fmax(0, hours + improved->hours);
    detail->km += link->length_km;
    detail->hours += hours;
    detail->toll_and_ice += link->toll_eur_per_t + link->ice_months / 12 * link->ice_eur_per_t;
    return driven;
}

void kv_arc_detail(const kv_case *view, const kv_map *map, const kv_arc_info *info,
                   const kv_rates *rates, int empty, kv_flow_detail *detail)
{
    *detail = (kv_flow_detail){0};
    if (info->kind == KV_ARC_TRANSFER)
        transfer_detail(view, info, detail);
    if (info->kind != KV_ARC_LINK && info->kind != KV_ARC_RANGE)
        return;
    const kv_technology *q = &rates->numbers;
    const kv_effect *improved =
        info->improved_by < 0
            ? NULL
            : improvement(view, KV_EFFECT_IMPROVE_LINK, info->improved_by, info->link, -1);
    double driven = 0;
    if (info->kind == KV_ARC_LINK)
        driven = link_detail(&view->links.rows[info->link], q->speed_km_per_h, improved, detail);
    for (int i = 0; info->kind == KV_ARC_RANGE && i < info->path_count; i++)
        driven += link_detail(&view->links.rows[map->path_links[info->path_first + i]],
                              q->speed_km_per_h, NULL, detail);
    const double hired =
        q->fleet == KV_FLEET_HIRED ? q->vehicle_price_eur * rates->annuity / q->km_per_year : 0;
    if (empty) {
        *detail = (kv_flow_detail){.vehicle_km = driven};
        detail->vehicle = driven * (q->cost_eur_per_km + hired);
    } else {
        detail->vehicle_km = driven / (q->payload_t * q->load_factor);
        if (q->empties == KV_EMPTIES_SHARE)
            detail->vehicle_km *= 1 + q->empty_share;
        detail->vehicle =
            detail->vehicle_km * (q->cost_eur_per_km + hired) + driven * q->cost_eur_per_tkm;
    }
    detail->energy_kwh = detail->vehicle_km * q->energy_kwh_per_km;
    detail->energy = detail->energy_kwh * rates->price_eur_per_kwh;
    detail->co2_kg = detail->energy_kwh * rates->co2_kg_per_kwh;
    detail->carbon = detail->co2_kg / 1000 * rates->carbon_price_eur_per_t;
}

/* Completes an arc's detail for one flow on it. */
static void flow_detail(const kv_problem *p, const kv_map *map, const kv_case *view, int block,
                        int flow, kv_flow_detail *detail)
{
    const int k = p->flow_commodity[flow], column = map->price_of_flow[flow];
    if (map->commodity[k].kind == KV_COMMODITY_EMPTY)
        return;
    if (column < 0) {
        detail->time = detail->hours *
                       view->products.rows[map->commodity[k].product].value_of_time_eur_per_t_h;
        return;
    }
    const int kind = map->arc[p->flow_arc[flow]].kind;
    const int inward = kind == KV_ARC_SOURCE || kind == KV_ARC_PLANT_OUT || kind == KV_ARC_UNSERVED;
    const double reference = map->reference[(size_t)block * (size_t)p->n_commodities + (size_t)k];
    detail->reference = inward ? reference : -reference;
    detail->price =
        map->price[(size_t)block * (size_t)map->n_prices + (size_t)column] - detail->reference;
}

/* Rates of a technology on an arc, looked up in the tables. */
static void rates_find(const kv_case *view, const kv_arc_info *info, int scenario, int period,
                       kv_rates *rates)
{
    const int ends[] = {info->place, info->to_place};
    kv_technology_in_force(view, info->technology, period, &rates->numbers);
    rates->annuity =
        kv_annuity(view->the_case.rows[0].discount_rate_per_year, rates->numbers.life_years);
    for (int i = 0; i < 2 && rates->numbers.carrier >= 0; i++) {
        double price, co2;
        kv_energy_in_force(view, rates->numbers.carrier, view->places.rows[ends[i]].country, period,
                           &price, &co2);
        rates->price_eur_per_kwh += price / 2;
        rates->co2_kg_per_kwh += co2 / 2;
    }
    const kv_policy *policy = kv_policy_in_force(view, scenario, period);
    if (policy && !isnan(policy->carbon_price_eur_per_t))
        rates->carbon_price_eur_per_t = policy->carbon_price_eur_per_t;
}

void kv_flow_explain(const kv_problem *problem, const kv_map *map, int block, int flow,
                     kv_flow_detail *detail)
{
    const int periods = problem->n_blocks / map->n_scenarios;
    const kv_case *view = map->view[block / periods];
    const kv_arc_info *info = &map->arc[problem->flow_arc[flow]];
    const int empty = map->commodity[problem->flow_commodity[flow]].kind == KV_COMMODITY_EMPTY;
    kv_rates rates = {0};
    if (info->technology >= 0)
        rates_find(view, info, map->block[block].scenario, map->block[block].period, &rates);
    kv_arc_detail(view, map, info, &rates, empty, detail);
    flow_detail(problem, map, view, block, flow, detail);
}

/* The same rates from what the builder keeps of each block. */
static void rates_kept(const kv_builder *b, int block, const kv_arc_info *info, kv_rates *rates)
{
    const int ends[] = {info->place, info->to_place};
    rates->numbers =
        b->technology[(size_t)block * (size_t)b->n_technologies + (size_t)info->technology];
    rates->annuity =
        kv_annuity(b->given->the_case.rows[0].discount_rate_per_year, rates->numbers.life_years);
    const size_t first = ((size_t)block * (size_t)b->given->carriers.count) * (size_t)b->n_places;
    for (int i = 0; i < 2 && rates->numbers.carrier >= 0; i++) {
        size_t at = first + (size_t)rates->numbers.carrier * (size_t)b->n_places + (size_t)ends[i];
        rates->price_eur_per_kwh += b->energy_price[at] / 2;
        rates->co2_kg_per_kwh += b->energy_co2[at] / 2;
    }
    rates->carbon_price_eur_per_t = b->carbon_price[block];
}

/* What a ton of a good costs that is not sold: freight nothing, since its unserved end costs. */
static double unsold_price(const kv_case *view, const kv_commodity_info *good)
{
    const double price = view->products.rows[good->product].unserved_price_eur_per_t;
    if (good->kind == KV_COMMODITY_FREIGHT)
        return 0;
    return isnan(price) ? view->the_case.rows[0].unserved_price_eur_per_t : price;
}

/* Prices of the flows of a commodity on arcs of outside. */
static void good_prices(kv_builder *b, int block, int commodity)
{
    const kv_problem *p = b->problem;
    const kv_map *map = b->map;
    const int good = b->good_of_commodity[commodity];
    const kv_commodity_info *info = (const kv_commodity_info *)b->good.items + good;
    const kv_stop *stops = b->stop.items;
    const double *stop_price = b->stop_price + (size_t)block * (size_t)b->stop.count;
    double *price = map->price + (size_t)block * (size_t)map->n_prices;
    int stop = b->stop_first[good]; /* unserved arcs and stops are both in the order of places */
    for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
         f++) {
        const int a = p->flow_arc[f], column = map->price_of_flow[f];
        if (column < 0)
            continue;
        if (map->arc[a].kind == KV_ARC_UNSERVED) {
            while (stops[stop].place != map->arc[a].place)
                stop++;
            price[column] = stop_price[stop];
        } else if (map->arc[a].kind == KV_ARC_UNSOLD) {
            price[column] = unsold_price(map->view[block / b->n_periods], info);
        } else {
            const int gate = a - ((const kv_gate *)b->gate.items)[0].arc; /* gates' arcs in a row */
            price[column] = b->gate_price[(size_t)block * (size_t)b->gate.count + (size_t)gate];
        }
    }
}

/* Numbers the flows on arcs of outside and fills in their prices and reference prices. */
static kv_status prices(kv_builder *b)
{
    kv_problem *p = b->problem;
    kv_map *map = b->map;
    if (!(map->price_of_flow = kv_alloc((size_t)p->n_flows, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int f = 0; f < p->n_flows; f++)
        map->price_of_flow[f] =
            kv_arc_is_physical(&map->arc[p->flow_arc[f]]) ? -1 : map->n_prices++;
    map->price = kv_alloc_grid((size_t)b->n_blocks, (size_t)map->n_prices, sizeof(double));
    map->reference = kv_alloc_grid((size_t)b->n_blocks, (size_t)p->n_commodities, sizeof(double));
    if (!map->price || !map->reference)
        return KV_ERR_MEMORY;
    for (int block = 0; block < b->n_blocks; block++) {
        for (int k = 0; k < p->n_commodities; k++) {
            const int good = b->good_of_commodity[k];
            if (good >= 0 && good < b->n_products)
                map->reference[(size_t)block * (size_t)p->n_commodities + (size_t)k] =
                    b->reference[(size_t)block * (size_t)b->n_products + (size_t)good];
            if (good >= 0)
                good_prices(b, block, k);
        }
    }
    return KV_OK;
}

/* The details of all arcs between places in a block, loaded and empty. */
static void arcs_detail(kv_builder *b, int block)
{
    const kv_case *view = b->map->view[block / b->n_periods];
    for (int a = 0; a < b->problem->n_arcs; a++) {
        const kv_arc_info *info = &b->map->arc[a];
        kv_rates rates = {0};
        if (info->technology >= 0)
            rates_kept(b, block, info, &rates);
        const size_t at = (size_t)block * (size_t)b->problem->n_arcs + (size_t)a;
        kv_arc_detail(view, b->map, info, &rates, 0, &b->arc_detail[at]);
        kv_arc_detail(view, b->map, info, &rates, 1, &b->arc_detail_empty[at]);
    }
}

/* Hands the arcs and what they stand for over to the map. */
static kv_status arcs_hand_over(kv_builder *b)
{
    const size_t arcs = (size_t)b->problem->n_arcs;
    if (!(b->map->path_links = kv_list_take(&b->path_link)) ||
        !(b->map->arc = kv_list_take(&b->arc_info)))
        return KV_ERR_MEMORY;
    b->arc_detail = kv_alloc_grid((size_t)b->n_blocks, arcs, sizeof(kv_flow_detail));
    b->arc_detail_empty = kv_alloc_grid((size_t)b->n_blocks, arcs, sizeof(kv_flow_detail));
    return b->arc_detail && b->arc_detail_empty ? KV_OK : KV_ERR_MEMORY;
}

kv_status kv_build_costs(kv_builder *builder)
{
    kv_builder *b = builder;
    kv_problem *p = b->problem;
    kv_status status = arcs_hand_over(b);
    if (status == KV_OK)
        status = prices(b);
    if (status != KV_OK)
        return status;
    p->flow_cost = kv_alloc_grid((size_t)b->n_blocks, (size_t)p->n_flows, sizeof(double));
    if (!p->flow_cost)
        return KV_ERR_MEMORY;
    for (int block = 0; block < b->n_blocks; block++) {
        const kv_case *view = b->map->view[block / b->n_periods];
        double *cost = p->flow_cost + (size_t)block * (size_t)p->n_flows;
        arcs_detail(b, block);
        for (int f = 0; f < p->n_flows; f++) {
            int empty = b->good_of_commodity[p->flow_commodity[f]] < 0;
            const size_t at = (size_t)block * (size_t)p->n_arcs + (size_t)p->flow_arc[f];
            kv_flow_detail detail = (empty ? b->arc_detail_empty : b->arc_detail)[at];
            flow_detail(p, b->map, view, block, f, &detail);
            cost[f] = kv_flow_detail_total(&detail);
        }
    }
    return KV_OK;
}
