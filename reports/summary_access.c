/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How each site reaches the world's markets, and what the region supplies itself. */
#include "base/memory.h"
#include "instances/select.h"
#include "reports/access.h"
#include "reports/regional.h"
#include "reports/sites.h"
#include "reports/summary.h"

#include <math.h>
#include <string.h>

/* The gateway that is cheapest to reach, -1 = none. */
static int nearest(const kv_access *access, int place, int inward, kv_way *way)
{
    const kv_case *c = access->report->the_case;
    int best = -1;
    for (int g = 0; g < c->places.count; g++) {
        kv_way at = kv_access_way(access, g, inward);
        if (c->places.rows[g].kind != KV_PLACE_GATEWAY || g == place || isnan(at.cost_eur_per_t))
            continue;
        if (best < 0 || at.cost_eur_per_t < way->cost_eur_per_t) {
            best = g;
            *way = at;
        }
    }
    return best;
}

/* Whole numbers, or a decimal where small. */
static void short_number(double value, char *buffer)
{
    if (isnan(value))
        kv_prose_number(value, buffer);
    else
        kv_format_decimal(value, fabs(value) < 9.95 ? 1 : 0, buffer);
}

/* "61 > 57", or one number where nothing changes. */
static void pair_cell(kv_grid *grid, double before, double after)
{
    char left[KV_NUMBER_SIZE], right[KV_NUMBER_SIZE];
    short_number(before, left);
    short_number(after, right);
    if (strcmp(left, right) == 0)
        kv_grid_cell(grid, "%s", left);
    else
        kv_grid_cell(grid, "%s > %s", left, right);
}

/* Adds a site's row; one that reaches no gateway goes to `cut_off` instead. Returns 1 for a row. */
static int add_site(kv_access *access, const kv_site *site, kv_grid *grid, kv_text *cut_off)
{
    const kv_case *c = access->report->the_case;
    int inward = site->role == KV_SITE_MARKET;
    kv_way none = {(double)NAN, (double)NAN, (double)NAN}, with = none, without = none;
    const kv_product *product = &c->products.rows[site->product];
    const char *site_name = site->name ? site->name : site->site;
    const char *product_name = product->name ? product->name : product->product;
    kv_access_lay(access, site->product, site->place, inward, 0);
    nearest(access, site->place, inward, &without);
    kv_access_lay(access, site->product, site->place, inward, 1);
    int gateway = nearest(access, site->place, inward, &with);
    if (gateway < 0) {
        kv_text_addf(cut_off, "%s%s (%s)", cut_off->length ? "; " : "", site_name, product_name);
        return 0;
    }
    const kv_place *place = &c->places.rows[gateway];
    kv_grid_cell(grid, "%s: %s", site_name, product_name);
    kv_grid_cell(grid, "%s", place->name ? place->name : place->place);
    pair_cell(grid, without.cost_eur_per_t, with.cost_eur_per_t);
    pair_cell(grid, without.hours, with.hours);
    pair_cell(grid, without.co2_kg_per_t, with.co2_kg_per_t);
    return 1;
}

static void add_sites(kv_access *access, int block, const int *rows, int n, kv_text *out)
{
    const kv_report *report = access->report;
    const kv_case *view = kv_report_view(report, kv_report_block_slot(report, block));
    char years[KV_NUMBER_SIZE];
    kv_grid grid;
    kv_text cut_off = {0};
    int shown = 0;
    kv_summary_years(report, report->map->block[block].period, years);
    kv_prose_title(out, "How each site reaches the world's markets", '-');
    kv_prose_paragraph(
        out,
        "To or from the cheapest gateway in %s%s%s: when nothing is built > with the "
        "plan; capacity left aside.",
        years, report->map->n_scenarios > 1 ? ", scenario " : "",
        report->map->n_scenarios > 1
            ? kv_report_scenario(report, kv_report_block_slot(report, block))
            : "");
    kv_grid_begin(&grid, "llrrr");
    const char *const head[] = {"Site and product", "Gateway", "EUR/t", "hours", "kg CO2/t"};
    for (int c = 0; c < 5; c++)
        kv_grid_cell(&grid, "%s", head[c]);
    for (int i = 0; i < n; i++) {
        const kv_site *site = &view->sites.rows[rows[i]];
        if (kv_site_is_regional(view, site) && site->amount > 0)
            shown += add_site(access, site, &grid, &cut_off);
    }
    if (shown > 0)
        kv_grid_write(&grid, out);
    else
        kv_grid_clear(&grid);
    if (cut_off.length)
        kv_prose_paragraph(out, "No way to any gateway for: %s.", cut_off.data);
    else if (shown == 0)
        kv_prose_paragraph(out, "No site of the region is in force then.");
    out->failed |= cut_off.failed;
    kv_text_clear(&cut_off);
}

kv_status kv_summary_access(const kv_report *report, kv_text *out)
{
    const kv_case *c = report->the_case;
    int slot = kv_summary_main_slot(report), gateways = 0;
    int block = kv_report_block(report, slot, c->periods.count - 1);
    for (int g = 0; g < c->places.count; g++)
        gateways += c->places.rows[g].kind == KV_PLACE_GATEWAY;
    if (block < 0 || gateways == 0)
        return KV_OK;
    kv_access access = {0};
    int *rows = kv_alloc((size_t)c->sites.count, sizeof *rows);
    kv_status status = rows ? kv_access_create(report, &access) : KV_ERR_MEMORY;
    if (status == KV_OK) {
        const kv_block_info *info = &report->map->block[block];
        int n = kv_sites_in_force(kv_report_view(report, slot), info->scenario, info->period, rows);
        kv_access_block(&access, block);
        add_sites(&access, block, rows, n, out);
    }
    kv_access_clear(&access);
    kv_free(rows);
    return status;
}

/* ---- what the region supplies itself ---- */

static void add_shares(const kv_report *report, const kv_regional *first, const kv_regional *last,
                       kv_text *out)
{
    const kv_case *c = report->the_case;
    char years[KV_NUMBER_SIZE];
    int shown = 0;
    kv_grid grid;
    kv_prose_title(out, "What the region supplies itself", '-');
    kv_prose_paragraph(out,
                       "Of what sites in the region use, the share that comes from sites in "
                       "the region%s.",
                       report->map->n_scenarios > 1 ? " (likeliest scenario)" : "");
    kv_grid_begin(&grid, "lrrrr");
    kv_grid_cell(&grid, "Product");
    kv_summary_years(report, 0, years);
    kv_grid_cell(&grid, "%s kt/yr", years);
    kv_grid_cell(&grid, "share");
    kv_summary_years(report, c->periods.count - 1, years);
    kv_grid_cell(&grid, "%s kt/yr", years);
    kv_grid_cell(&grid, "share");
    for (int k = 0; k < c->products.count; k++) {
        if (first[k].used_t <= 0 && last[k].used_t <= 0)
            continue;
        shown++;
        kv_grid_cell(&grid, "%s",
                     c->products.rows[k].name ? c->products.rows[k].name
                                              : c->products.rows[k].product);
        for (int end = 0; end < 2; end++) {
            const kv_regional *at = end ? &last[k] : &first[k];
            kv_grid_number(&grid, at->used_t / 1000);
            kv_grid_percent(&grid, at->used_t > 0 ? at->from_region_t / at->used_t : (double)NAN);
        }
    }
    if (shown > 0) {
        kv_grid_write(&grid, out);
    } else {
        kv_grid_clear(&grid);
        kv_prose_paragraph(out, "No site of the region uses anything that is followed here.");
    }
}

kv_status kv_summary_sourcing(const kv_report *report, kv_text *out)
{
    const kv_case *c = report->the_case;
    int slot = kv_summary_main_slot(report);
    int first = kv_report_block(report, slot, 0);
    int last = kv_report_block(report, slot, c->periods.count - 1);
    if (first < 0 || last < 0)
        return KV_OK;
    size_t n = (size_t)c->products.count;
    kv_regional *shares = kv_alloc(n, 2 * sizeof *shares);
    if (!shares)
        return KV_ERR_MEMORY;
    kv_status status = kv_regional_shares(report, first, shares);
    if (status == KV_OK)
        status = kv_regional_shares(report, last, shares + n);
    if (status == KV_OK)
        add_shares(report, shares, shares + n, out);
    kv_free(shares);
    return status;
}
