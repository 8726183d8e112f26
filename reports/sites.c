/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/sites.h"

#include "base/memory.h"
#include "instances/select.h"

int kv_site_is_regional(const kv_case *the_case, const kv_site *site)
{
    const kv_place *place = &the_case->places.rows[site->place];
    int door = place->kind == KV_PLACE_PORT || place->kind == KV_PLACE_BORDER ||
               place->kind == KV_PLACE_GATEWAY;
    return place->region && !(door && site->role == KV_SITE_SOURCE);
}

static kv_status add(kv_site_flows *flows, kv_site_flow item)
{
    void *items = flows->items;
    if (item.t == 0)
        return KV_OK;
    for (int i = 0; i < flows->count; i++) {
        kv_site_flow *at = &flows->items[i];
        if (at->product == item.product && at->site == item.site && at->planned == item.planned &&
            (at->t > 0) == (item.t > 0) && at->place == item.place) {
            at->t += item.t;
            return KV_OK;
        }
    }
    if (kv_reserve(&items, &flows->capacity, (size_t)flows->count + 1, sizeof item) != 0)
        return KV_ERR_MEMORY;
    flows->items = items;
    flows->items[flows->count++] = item;
    return KV_OK;
}

/* Inputs and co-products of a planned plant. */
static kv_status add_recipe(const kv_case *view, const kv_site *site, kv_site_flows *flows)
{
    const kv_product *product = &view->products.rows[site->product];
    kv_status status = KV_OK;
    for (int i = 0; i < view->recipes.count && status == KV_OK; i++) {
        const kv_recipe *recipe = &view->recipes.rows[i];
        if (!site->recipe || recipe->recipe != site->recipe)
            continue;
        double output = kv_amount_t_per_year(product, site->amount, site->unit);
        if (recipe->unit == KV_AMOUNT_GWH_YR)
            output = site->unit == KV_AMOUNT_GWH_YR ? site->amount : output / product->t_per_gwh;
        double t = recipe->t_per_unit * output;
        kv_site_flow item = {recipe->product,
                             site->place,
                             site->site,
                             recipe->role == KV_RECIPE_INPUT ? -t : t,
                             1,
                             kv_site_is_regional(view, site)};
        status = add(flows, item);
    }
    return status;
}

static kv_status add_planned(const kv_report *report, int block, kv_site_flows *flows)
{
    const kv_case *view = kv_report_view(report, kv_report_block_slot(report, block));
    const kv_block_info *info = &report->map->block[block];
    int *rows = kv_alloc((size_t)view->sites.count, sizeof(int));
    if (!rows)
        return KV_ERR_MEMORY;
    kv_status status = KV_OK;
    int n = kv_sites_in_force(view, info->scenario, info->period, rows);
    for (int i = 0; i < n && status == KV_OK; i++) {
        const kv_site *site = &view->sites.rows[rows[i]];
        if (site->planned != KV_PLANNED)
            continue;
        double t =
            kv_amount_t_per_year(&view->products.rows[site->product], site->amount, site->unit);
        kv_site_flow item = {site->product,
                             site->place,
                             site->site,
                             site->role == KV_SITE_MARKET ? -t : t,
                             1,
                             kv_site_is_regional(view, site)};
        status = add(flows, item);
        if (status == KV_OK && site->role == KV_SITE_PLANT)
            status = add_recipe(view, site, flows);
    }
    kv_free(rows);
    return status;
}

/* Takes what is unserved (unsold) off the planned uses (supplies) at the place, in proportion. */
static void take_off(kv_site_flows *flows, int product, int place, int unsold, double t)
{
    double all = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < flows->count; i++) {
            kv_site_flow *at = &flows->items[i];
            if (!at->planned || at->product != product || at->place != place ||
                (at->t > 0) != unsold)
                continue;
            if (pass == 0)
                all += at->t > 0 ? at->t : -at->t;
            else if (all > 0)
                at->t *= t < all ? 1 - t / all : 0;
        }
    }
}

static kv_status add_chosen(const kv_report *report, int block, kv_site_flows *flows)
{
    const kv_problem *problem = report->problem;
    const double *x = report->flow + (size_t)block * (size_t)problem->n_flows;
    kv_status status = KV_OK;
    for (int p = 0; p < problem->n_flows && status == KV_OK; p++) {
        const kv_arc_info *arc = &report->map->arc[problem->flow_arc[p]];
        const kv_commodity_info *commodity = &report->map->commodity[problem->flow_commodity[p]];
        int makes = arc->kind == KV_ARC_SOURCE || arc->kind == KV_ARC_PLANT_OUT;
        int takes = arc->kind == KV_ARC_MARKET || arc->kind == KV_ARC_PLANT_IN;
        if (x[p] == 0 || commodity->kind != KV_COMMODITY_PRODUCT)
            continue;
        if (makes || takes) {
            const kv_site *site = &report->the_case->sites.rows[arc->site];
            kv_site_flow item = {.product = commodity->product,
                                 .place = arc->place,
                                 .site = site->site,
                                 .t = makes ? x[p] : -x[p],
                                 .regional = kv_site_is_regional(report->the_case, site)};
            status = add(flows, item);
        } else if (arc->kind == KV_ARC_UNSERVED || arc->kind == KV_ARC_UNSOLD) {
            take_off(flows, commodity->product, arc->place, arc->kind == KV_ARC_UNSOLD, x[p]);
        }
    }
    return status;
}

static void sort_by_product(kv_site_flows *flows)
{
    for (int i = 1; i < flows->count; i++) {
        kv_site_flow item = flows->items[i];
        int k = i;
        for (; k > 0 && flows->items[k - 1].product > item.product; k--)
            flows->items[k] = flows->items[k - 1];
        flows->items[k] = item;
    }
}

kv_status kv_site_flows_create(const kv_report *report, int block, kv_site_flows *flows)
{
    *flows = (kv_site_flows){0};
    kv_status status = add_planned(report, block, flows);
    if (status == KV_OK)
        status = add_chosen(report, block, flows);
    if (status == KV_OK)
        sort_by_product(flows);
    return status;
}

void kv_site_flows_clear(kv_site_flows *flows)
{
    kv_free(flows->items);
    *flows = (kv_site_flows){0};
}
