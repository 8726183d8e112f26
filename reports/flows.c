/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flows.csv: every flow that is not zero, so that the plan can be checked from the table alone. */
#include "reports/report.h"

#include "instances/schema.h"

static const char *const arc_kinds[] = {
    [KV_ARC_LINK] = "link",     [KV_ARC_RANGE] = "range",         [KV_ARC_TRANSFER] = "transfer",
    [KV_ARC_SOURCE] = "source", [KV_ARC_PLANT_OUT] = "plant_out", [KV_ARC_PLANT_IN] = "plant_in",
    [KV_ARC_MARKET] = "market", [KV_ARC_UNSERVED] = "unserved",   [KV_ARC_UNSOLD] = "unsold",
};

/* Which row it is among the rows of its terminal, from 1. */
static int transfer_row(const kv_case *c, int transfer)
{
    int n = 0;
    for (int i = 0; i <= transfer; i++)
        n += c->transfers.rows[i].terminal == c->transfers.rows[transfer].terminal;
    return n;
}

static void add_links(kv_out *out, const kv_report *report, const kv_arc_info *arc)
{
    const kv_case *c = report->the_case;
    kv_text text = {0};
    if (arc->kind == KV_ARC_LINK)
        kv_text_add(&text, c->links.rows[arc->link].link);
    for (int i = 0; arc->kind == KV_ARC_RANGE && i < arc->path_count; i++) {
        kv_text_add(&text, i ? "+" : "");
        kv_text_add(&text, c->links.rows[report->map->path_links[arc->path_first + i]].link);
    }
    out->text.failed |= text.failed;
    kv_out_text(out, text.data);
    kv_text_clear(&text);
}

/* The two ends of an arc in the words of the case. */
static void add_ends(kv_out *out, const kv_report *report, int a)
{
    const kv_column *mode = kv_schema_column(&kv_schema[KV_TABLE_LINKS], "mode");
    const kv_map *map = report->map;
    const int node[] = {report->problem->arc_tail[a], report->problem->arc_head[a]};
    for (int i = 0; i < 2; i++)
        kv_out_text(out, kv_report_place(report, map->node_place[node[i]]));
    for (int i = 0; i < 2; i++) {
        int m = map->node_mode[node[i]];
        kv_out_text(out, m < 0 ? NULL : mode->choices[m]);
        kv_out_text(out, map->node_standard[node[i]]);
    }
}

static void add_arc(kv_out *out, const kv_report *report, int a, int empty)
{
    const kv_arc_info *arc = &report->map->arc[a];
    const kv_case *c = report->the_case;
    int moves = arc->kind == KV_ARC_LINK || arc->kind == KV_ARC_RANGE;
    int transfers = arc->kind == KV_ARC_TRANSFER, outside = !moves && !transfers;
    int backward = !outside && arc->backward > 0;
    int sited = outside && arc->kind != KV_ARC_UNSERVED && arc->kind != KV_ARC_UNSOLD;
    kv_out_text(out, empty ? "empty" : arc_kinds[arc->kind]);
    kv_out_text(out, moves ? c->technologies.rows[arc->technology].technology : NULL);
    add_links(out, report, arc);
    kv_out_text(out, outside ? NULL : backward ? "b" : "f");
    add_ends(out, report, a);
    if (transfers) {
        kv_out_text(out, c->terminals.rows[c->transfers.rows[arc->transfer].terminal].terminal);
        kv_out_integer(out, transfer_row(c, arc->transfer));
    } else {
        kv_out_text(out, NULL);
        kv_out_text(out, NULL);
    }
    kv_out_text(out, sited ? c->sites.rows[arc->site].site : NULL);
    kv_out_text(out, !outside && arc->improved_by >= 0 ? c->projects.rows[arc->improved_by].project
                                                       : NULL);
    kv_out_text(out, outside ? NULL : arc->dangerous_only > 0 ? "yes" : "no");
}

static void add_row(kv_out *out, const kv_report *report, int b, int p)
{
    const kv_problem *problem = report->problem;
    const kv_case *c = report->the_case;
    const kv_commodity_info *commodity = &report->map->commodity[problem->flow_commodity[p]];
    size_t column = (size_t)b * (size_t)problem->n_flows + (size_t)p;
    int empty = commodity->kind == KV_COMMODITY_EMPTY;
    int freight = commodity->kind == KV_COMMODITY_FREIGHT;
    kv_flow_detail detail;
    kv_flow_explain(problem, report->map, b, p, &detail);
    kv_out_text(out, kv_report_scenario(report, kv_report_block_slot(report, b)));
    kv_out_text(out, kv_report_period(report, report->map->block[b].period));
    kv_out_text(out, empty ? NULL : c->products.rows[commodity->product].product);
    kv_out_text(out, freight ? kv_report_place(report, commodity->origin) : NULL);
    add_arc(out, report, problem->flow_arc[p], empty);
    kv_out_on_grid(out, report->flow[column], empty ? 0 : problem->flow_grid);
    kv_out_rounded(out, problem->flow_cost[column] + detail.reference, 9);
    kv_out_rounded(out, detail.hours, 6);
    kv_out_rounded(out, report->map->arc[problem->flow_arc[p]].length_km, 6);
    kv_out_rounded(out, detail.co2_kg, 9);
    kv_out_end_row(out);
}

kv_status kv_report_flows(const kv_report *report, const char *dir, kv_messages *messages)
{
    const kv_problem *problem = report->problem;
    kv_out out;
    kv_out_begin(&out, KV_OUT_FLOWS);
    for (int b = 0; report->flow && b < problem->n_blocks; b++) {
        const double *x = report->flow + (size_t)b * (size_t)problem->n_flows;
        for (int p = 0; p < problem->n_flows; p++) {
            if (x[p] != 0)
                add_row(&out, report, b, p);
        }
    }
    return kv_out_write(&out, dir, messages);
}
