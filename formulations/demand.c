/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Planned supply and demand. A good is what will be a commodity: a product, or a product from one
 * origin (freight). A stop is a place with planned supply or demand of a good in some block.
 *
 * All contributions are visited twice by the same code: first to find the stops, then to add up.
 */
#include "formulations/builder.h"

#include "base/memory.h"
#include "instances/select.h"

#include <math.h>
#include <stdlib.h>

typedef struct visit {
    kv_builder *b;
    int block, scenario; /* scenario: index among those built */
    const kv_case *view;
    int adding;             /* 0 = finding stops, 1 = adding up */
    kv_list *found;         /* kv_stop */
    int *rows;              /* [sites] in force */
    unsigned char *freight; /* [freight rows] in force */
    int failed;
} visit;

static int stop_compare(const void *left, const void *right)
{
    const kv_stop *a = left, *b = right;
    if (a->good != b->good)
        return a->good < b->good ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

static int good_compare(const void *left, const void *right)
{
    const kv_commodity_info *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->product != b->product)
        return a->product < b->product ? -1 : 1;
    return (a->origin > b->origin) - (a->origin < b->origin);
}

static int freight_good(const kv_builder *b, int product, int origin)
{
    kv_commodity_info key = {KV_COMMODITY_FREIGHT, product, origin, -1};
    const kv_commodity_info *goods = b->good.items;
    const kv_commodity_info *found =
        bsearch(&key, goods, (size_t)b->good.count, sizeof key, good_compare);
    return found ? (int)(found - goods) : -1;
}

/* Adds an amount (+ supply) of a good at a place; a demand may carry a price of its own (NaN = the
 * product's). */
static void contribute(visit *v, int good, int place, double amount, double price)
{
    kv_builder *b = v->b;
    kv_stop key = {good, place};
    if (amount == 0 || v->failed)
        return;
    if (!v->adding) {
        kv_stop *stop = kv_list_push(v->found);
        if (stop)
            *stop = key;
        else
            v->failed = 1;
        return;
    }
    const kv_stop *stops = b->stop.items;
    const kv_stop *stop = bsearch(&key, stops, (size_t)b->stop.count, sizeof key, stop_compare);
    size_t at = (size_t)v->block * (size_t)b->stop.count + (size_t)(stop - stops);
    b->stop_amount[at] += amount;
    if (amount < 0 && !isnan(price))
        b->stop_price[at] = isnan(b->stop_price[at]) ? price : fmin(b->stop_price[at], price);
    if (amount > 0 && good < b->n_products)
        b->planned_supply[(size_t)v->block * (size_t)b->n_products + (size_t)good] += amount;
}

static void planned_site(visit *v, const kv_site *site)
{
    kv_builder *b = v->b;
    const double amount =
        kv_amount_t_per_year(&v->view->products.rows[site->product], site->amount, site->unit);
    if (site->role == KV_SITE_MARKET)
        contribute(v, site->product, site->place, -amount, site->unserved_price_eur_per_t);
    else
        contribute(v, site->product, site->place, amount, (double)NAN);
    if (site->role != KV_SITE_PLANT || !site->recipe)
        return;
    for (int i = 0; i < v->view->recipes.count; i++) {
        const kv_recipe *recipe = &v->view->recipes.rows[i];
        if (recipe->recipe != site->recipe)
            continue;
        double t = kv_recipe_ratio(b, v->view, site, recipe) * amount;
        if (isnan(t))
            v->failed = 2;
        else if (recipe->role == KV_RECIPE_INPUT)
            contribute(v, recipe->product, site->place, -t, site->unserved_price_eur_per_t);
        else
            contribute(v, recipe->product, site->place, t, (double)NAN);
    }
}

/* General freight of the towns that grow with the jobs of the sites in force. */
static void jobs(visit *v, int n_rows)
{
    const kv_case_row *row = &v->view->the_case.rows[0];
    const double t_per_job = row->inhabitants_per_job * row->general_freight_t_per_inhabitant_year;
    if (row->general_freight_product < 0 || row->general_freight_origin < 0 || !(t_per_job > 0))
        return;
    int good = freight_good(v->b, row->general_freight_product, row->general_freight_origin);
    for (int i = 0; i < n_rows; i++) {
        const kv_site *site = &v->view->sites.rows[v->rows[i]];
        double most = isnan(site->jobs) ? 0 : site->jobs;
        int first = 1;
        for (int o = 0; o < n_rows && first; o++) {
            const kv_site *other = &v->view->sites.rows[v->rows[o]];
            if (other->site != site->site)
                continue;
            first = o >= i;
            most = fmax(most, other->jobs);
        }
        int town = v->view->places.rows[site->place].town;
        town = town >= 0 ? town : site->place;
        if (!first || !(most > 0) || town == row->general_freight_origin)
            continue;
        contribute(v, good, row->general_freight_origin, most * t_per_job, (double)NAN);
        contribute(v, good, town, -most * t_per_job, (double)NAN);
    }
}

static void freight(visit *v)
{
    const kv_block_info *block = &v->b->map->block[v->block];
    const double factor = v->view->scenarios.rows[block->scenario].freight_factor;
    double growth = 0, mean = 1; /* of the row before: most rows grow alike */
    for (int i = 0; i < v->view->freight.count; i++) {
        const kv_freight *row = &v->view->freight.rows[i];
        if (!v->freight[i])
            continue;
        if (row->growth_per_year < growth || row->growth_per_year > growth) {
            growth = row->growth_per_year;
            mean = kv_period_growth(v->view, block->period, growth);
        }
        int good = freight_good(v->b, row->product, row->from);
        contribute(v, good, row->from, row->t_per_year * mean * factor, (double)NAN);
        contribute(v, good, row->to, -row->t_per_year * mean * factor, (double)NAN);
    }
}

static void visit_block(visit *v)
{
    const kv_block_info *block = &v->b->map->block[v->block];
    int count = kv_sites_in_force(v->view, block->scenario, block->period, v->rows);
    for (int i = 0; i < count; i++) {
        const kv_site *site = &v->view->sites.rows[v->rows[i]];
        if (site->planned == KV_PLANNED)
            planned_site(v, site);
    }
    freight(v);
    jobs(v, count);
}

static kv_status visit_all(visit *v)
{
    for (v->block = 0; v->block < v->b->n_blocks && !v->failed; v->block++) {
        v->scenario = v->block / v->b->n_periods;
        v->view = v->b->map->view[v->scenario];
        if (v->block % v->b->n_periods == 0) {
            kv_status status =
                kv_freight_in_force(v->view, v->b->map->scenario[v->scenario], v->freight);
            if (status != KV_OK)
                return status;
        }
        visit_block(v);
    }
    return v->failed == 2 ? KV_ERR_INPUT : v->failed ? KV_ERR_MEMORY : KV_OK;
}

static const kv_commodity_info *last_good(const kv_builder *b)
{
    return (const kv_commodity_info *)b->good.items + (b->good.count - 1);
}

/* Products in table order, then the pairs (product, origin) of freight. */
static kv_status goods_find(kv_builder *b)
{
    const kv_case_row *row = &b->given->the_case.rows[0];
    for (int k = 0; k < b->n_products; k++) {
        kv_commodity_info *good = kv_list_push(&b->good);
        if (!good)
            return KV_ERR_MEMORY;
        *good = (kv_commodity_info){KV_COMMODITY_PRODUCT, k, -1, -1};
    }
    for (int i = -1; i < b->given->freight.count; i++) {
        const kv_freight *f = i < 0 ? NULL : &b->given->freight.rows[i];
        const kv_commodity_info freight_of = {KV_COMMODITY_FREIGHT,
                                              f ? f->product : row->general_freight_product,
                                              f ? f->from : row->general_freight_origin, -1};
        if (freight_of.product < 0 || freight_of.origin < 0 ||
            (b->good.count > 0 && good_compare(last_good(b), &freight_of) == 0))
            continue;
        kv_commodity_info *good = kv_list_push(&b->good);
        if (!good)
            return KV_ERR_MEMORY;
        *good = freight_of;
    }
    kv_commodity_info *goods = b->good.items;
    int kept = 0;
    if (b->good.count > 0)
        qsort(goods, (size_t)b->good.count, sizeof *goods, good_compare);
    for (int i = 0; i < b->good.count; i++) {
        if (kept == 0 || good_compare(&goods[kept - 1], &goods[i]) != 0)
            goods[kept++] = goods[i];
    }
    b->good.count = kept;
    return KV_OK;
}

/* Sorts the stops found, keeps one of each, and indexes them by good. */
static kv_status stops_index(kv_builder *b)
{
    kv_stop *stops = b->stop.items;
    int kept = 0;
    if (b->stop.count > 0)
        qsort(stops, (size_t)b->stop.count, sizeof *stops, stop_compare);
    for (int i = 0; i < b->stop.count; i++) {
        if (kept == 0 || stop_compare(&stops[kept - 1], &stops[i]) != 0)
            stops[kept++] = stops[i];
    }
    b->stop.count = kept;
    if (!(b->stop_first = kv_alloc((size_t)b->good.count + 1, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int i = 0; i < kept; i++)
        b->stop_first[stops[i].good + 1]++;
    for (int g = 0; g < b->good.count; g++)
        b->stop_first[g + 1] += b->stop_first[g];
    return KV_OK;
}

/* Amounts to the grid; the price of what is not served: the rows', else the product's, else the
 * case's. */
static void stops_finish(kv_builder *b)
{
    const double grid = b->problem->flow_grid;
    const kv_stop *stops = b->stop.items;
    const kv_commodity_info *goods = b->good.items;
    for (int block = 0; block < b->n_blocks; block++) {
        const kv_case *view = b->map->view[block / b->n_periods];
        for (int i = 0; i < b->stop.count; i++) {
            size_t at = (size_t)block * (size_t)b->stop.count + (size_t)i;
            const kv_product *product = &view->products.rows[goods[stops[i].good].product];
            if (grid > 0) /* a half that the arithmetic put just below is still a half */
                b->stop_amount[at] = round(b->stop_amount[at] / grid * (1 + 2e-15)) * grid;
            if (isnan(b->stop_price[at]))
                b->stop_price[at] = product->unserved_price_eur_per_t;
            if (isnan(b->stop_price[at]))
                b->stop_price[at] = view->the_case.rows[0].unserved_price_eur_per_t;
        }
    }
}

kv_status kv_build_demand(kv_builder *builder)
{
    kv_builder *b = builder;
    visit v = {.b = b, .found = &b->stop};
    const size_t blocks = (size_t)b->n_blocks;
    kv_status status = goods_find(b);
    v.rows = kv_alloc((size_t)b->given->sites.count, sizeof(int));
    v.freight = kv_alloc((size_t)b->given->freight.count, 1);
    b->planned_supply = kv_alloc_grid(blocks, (size_t)b->n_products, sizeof(double));
    if (status == KV_OK && (!v.rows || !v.freight || !b->planned_supply))
        status = KV_ERR_MEMORY;
    if (status == KV_OK)
        status = visit_all(&v);
    if (status == KV_OK)
        status = stops_index(b);
    if (status != KV_OK)
        goto out;
    status = KV_ERR_MEMORY;
    const size_t stops = (size_t)b->stop.count;
    b->stop_amount = kv_alloc_grid(blocks, stops, sizeof(double));
    b->stop_price = kv_alloc_grid(blocks, stops, sizeof(double));
    if (!b->stop_amount || !b->stop_price)
        goto out;
    for (size_t i = 0; i < blocks * stops; i++)
        b->stop_price[i] = (double)NAN;
    v.adding = 1;
    status = visit_all(&v);
    if (status == KV_OK)
        stops_finish(b);
out:
    kv_free(v.rows);
    kv_free(v.freight);
    return status;
}
