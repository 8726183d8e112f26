/* SPDX-License-Identifier: GPL-3.0-or-later */
/* access.csv: each site of the region to each gateway, with the plan and without. */
#include "reports/access.h"

#include "base/memory.h"
#include "instances/select.h"
#include "reports/sites.h"

typedef struct row {
    const kv_site *site;
    int block;
} row;

static void add_way(kv_out *out, kv_way way)
{
    kv_out_rounded(out, way.cost_eur_per_t, 4);
    kv_out_rounded(out, way.hours, 3);
    kv_out_rounded(out, way.co2_kg_per_t, 4);
}

static void add_row(kv_out *out, const kv_report *report, const row *at, int gateway, kv_way with,
                    kv_way without)
{
    const kv_case *c = report->the_case;
    int inward = at->site->role == KV_SITE_MARKET;
    kv_out_text(out, at->site->site);
    kv_out_text(out, c->products.rows[at->site->product].product);
    kv_out_text(out, inward ? "in" : "out");
    kv_out_text(out, kv_report_place(report, gateway));
    kv_out_text(out, kv_report_scenario(report, kv_report_block_slot(report, at->block)));
    kv_out_text(out, kv_report_period(report, report->map->block[at->block].period));
    add_way(out, with);
    add_way(out, without);
    kv_out_end_row(out);
}

/* with [places] is room for the ways with the plan. */
static void add_site(kv_out *out, kv_access *access, const row *at, kv_way *with)
{
    const kv_report *report = access->report;
    const kv_case *c = report->the_case;
    int inward = at->site->role == KV_SITE_MARKET;
    kv_access_lay(access, at->site->product, at->site->place, inward, 1);
    for (int g = 0; g < c->places.count; g++)
        with[g] = kv_access_way(access, g, inward);
    kv_access_lay(access, at->site->product, at->site->place, inward, 0);
    for (int g = 0; g < c->places.count; g++) {
        if (c->places.rows[g].kind == KV_PLACE_GATEWAY && g != at->site->place)
            add_row(out, report, at, g, with[g], kv_access_way(access, g, inward));
    }
}

static void add_block(kv_out *out, kv_access *access, int block, int *rows, kv_way *with)
{
    const kv_report *report = access->report;
    const kv_case *view = kv_report_view(report, kv_report_block_slot(report, block));
    const kv_block_info *info = &report->map->block[block];
    int n = kv_sites_in_force(view, info->scenario, info->period, rows);
    kv_access_block(access, block);
    for (int i = 0; i < n; i++) {
        const kv_site *site = &view->sites.rows[rows[i]];
        row at = {site, block};
        if (kv_site_is_regional(view, site) && site->amount > 0)
            add_site(out, access, &at, with);
    }
}

kv_status kv_report_access(const kv_report *report, const char *dir, kv_messages *messages)
{
    const kv_case *c = report->the_case;
    kv_status status = KV_OK;
    kv_access access = {0};
    int *rows = kv_alloc((size_t)c->sites.count, sizeof *rows);
    kv_way *with = kv_alloc((size_t)c->places.count, sizeof *with);
    kv_out out;
    kv_out_begin(&out, KV_OUT_ACCESS);
    if (!rows || !with)
        status = KV_ERR_MEMORY;
    else if (report->flow)
        status = kv_access_create(report, &access);
    for (int b = 0; report->flow && b < report->problem->n_blocks && status == KV_OK; b++)
        add_block(&out, &access, b, rows, with);
    if (status == KV_OK)
        status = kv_out_write(&out, dir, messages);
    else
        kv_text_clear(&out.text);
    kv_access_clear(&access);
    kv_free(rows);
    kv_free(with);
    return status;
}
