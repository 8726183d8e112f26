/* SPDX-License-Identifier: GPL-3.0-or-later */
/* unserved.csv: what stays unserved, what that costs, and what is in the way. */
#include "base/memory.h"
#include "reports/bottleneck.h"
#include "reports/report.h"

#include <math.h>

/* The amount that is asked for (unsold: made) at the place of the flow. */
static double balance_of(const kv_problem *problem, int block, int flow, int unsold)
{
    int row = unsold ? problem->flow_tail_row[flow] : problem->flow_head_row[flow];
    size_t first = (size_t)block * (size_t)problem->n_balances;
    return row < 0 ? 0 : fabs(problem->balance[first + (size_t)row]);
}

/* Freight that stays at its origin is the same tons as those unserved at its end. */
static int is_listed(const kv_report *report, int commodity, int flow)
{
    int kind = report->map->arc[report->problem->flow_arc[flow]].kind;
    return kind == KV_ARC_UNSERVED ||
           (kind == KV_ARC_UNSOLD &&
            report->map->commodity[commodity].kind == KV_COMMODITY_PRODUCT);
}

static kv_status add(kv_report *report, size_t *capacity, kv_ways *ways, int block, int flow)
{
    const kv_problem *problem = report->problem;
    const kv_arc_info *arc = &report->map->arc[problem->flow_arc[flow]];
    void *items = report->unserved;
    kv_flow_detail detail;
    kv_text text = {0};
    kv_status status = kv_ways_bottleneck(ways, block, flow, &text);
    char *bottleneck = status == KV_OK && !text.failed ? kv_strdup(text.data) : NULL;
    kv_text_clear(&text);
    if (!bottleneck ||
        kv_reserve(&items, capacity, (size_t)report->n_unserved + 1, sizeof(kv_unserved)) != 0) {
        kv_free(bottleneck);
        return KV_ERR_MEMORY;
    }
    kv_flow_explain(problem, report->map, block, flow, &detail);
    double x = report->flow[(size_t)block * (size_t)problem->n_flows + (size_t)flow];
    int unsold = arc->kind == KV_ARC_UNSOLD;
    report->unserved = items;
    report->unserved[report->n_unserved++] = (kv_unserved){
        .block = block,
        .flow = flow,
        .commodity = ways->commodity,
        .place = arc->place,
        .unsold = unsold,
        .demand_t = balance_of(problem, block, flow, unsold),
        .amount_t = x,
        .penalty_meur = problem->block_weight[block] * (detail.price + detail.reference) * x,
        .bottleneck = bottleneck,
    };
    return KV_OK;
}

static kv_status add_commodity(kv_report *report, size_t *capacity, int commodity)
{
    const kv_problem *problem = report->problem;
    int first = problem->commodity_flow_first[commodity];
    int last = problem->commodity_flow_first[commodity + 1], laid = 0;
    kv_status status = KV_OK;
    kv_ways ways = {.block = -1};
    for (int b = 0; b < problem->n_blocks && status == KV_OK; b++) {
        const double *x = report->flow + (size_t)b * (size_t)problem->n_flows;
        for (int p = first; p < last && status == KV_OK; p++) {
            if (x[p] <= 0 || !is_listed(report, commodity, p))
                continue;
            if (!laid)
                status = kv_ways_create(report, commodity, &ways);
            laid = 1;
            if (status == KV_OK)
                status = add(report, capacity, &ways, b, p);
        }
    }
    kv_ways_clear(&ways);
    return status;
}

kv_status kv_report_find_unserved(kv_report *report)
{
    size_t capacity = 0;
    kv_status status = KV_OK;
    for (int k = 0; k < report->problem->n_commodities && status == KV_OK; k++)
        status = add_commodity(report, &capacity, k);
    return status;
}

kv_status kv_report_unserved(const kv_report *report, const char *dir, kv_messages *messages)
{
    kv_out out;
    kv_out_begin(&out, KV_OUT_UNSERVED);
    for (int i = 0; i < report->n_unserved; i++) {
        const kv_unserved *row = &report->unserved[i];
        const kv_commodity_info *commodity = &report->map->commodity[row->commodity];
        int freight = commodity->kind == KV_COMMODITY_FREIGHT;
        kv_out_text(&out, kv_report_scenario(report, kv_report_block_slot(report, row->block)));
        kv_out_text(&out, kv_report_period(report, report->map->block[row->block].period));
        kv_out_text(&out, report->the_case->products.rows[commodity->product].product);
        kv_out_text(&out, freight ? kv_report_place(report, commodity->origin) : NULL);
        kv_out_text(&out, row->unsold ? "unsold" : "unserved");
        kv_out_text(&out, kv_report_place(report, row->place));
        kv_out_on_grid(&out, row->demand_t, report->problem->flow_grid);
        kv_out_on_grid(&out, row->amount_t, report->problem->flow_grid);
        kv_out_rounded(&out, row->penalty_meur, 9);
        kv_out_text(&out, row->bottleneck);
        kv_out_end_row(&out);
    }
    return kv_out_write(&out, dir, messages);
}
