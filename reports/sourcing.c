/* SPDX-License-Identifier: GPL-3.0-or-later */
/* sourcing.csv: who supplies each product. */
#include "reports/report.h"
#include "reports/sites.h"

static double supply_of(const kv_site_flows *flows, int product)
{
    double all = 0;
    for (int i = 0; i < flows->count; i++) {
        if (flows->items[i].product == product && flows->items[i].t > 0)
            all += flows->items[i].t;
    }
    return all;
}

static void add_block(kv_out *out, const kv_report *report, int block, const kv_site_flows *flows)
{
    const kv_case *c = report->the_case;
    for (int i = 0; i < flows->count; i++) {
        const kv_site_flow *item = &flows->items[i];
        if (item->t <= 0)
            continue;
        kv_out_text(out, kv_report_scenario(report, kv_report_block_slot(report, block)));
        kv_out_text(out, kv_report_period(report, report->map->block[block].period));
        kv_out_text(out, c->products.rows[item->product].product);
        kv_out_text(out, item->site);
        kv_out_text(out, kv_report_place(report, item->place));
        kv_out_text(out, item->regional ? "yes" : "no");
        kv_out_rounded(out, item->t, 6);
        kv_out_rounded(out, item->t / supply_of(flows, item->product), 9);
        kv_out_end_row(out);
    }
}

kv_status kv_report_sourcing(const kv_report *report, const char *dir, kv_messages *messages)
{
    kv_status status = KV_OK;
    kv_out out;
    kv_out_begin(&out, KV_OUT_SOURCING);
    for (int b = 0; report->flow && b < report->problem->n_blocks && status == KV_OK; b++) {
        kv_site_flows flows;
        status = kv_site_flows_create(report, b, &flows);
        if (status == KV_OK)
            add_block(&out, report, b, &flows);
        kv_site_flows_clear(&flows);
    }
    if (status != KV_OK) {
        kv_text_clear(&out.text);
        return status;
    }
    return kv_out_write(&out, dir, messages);
}
