/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Coupling rows: empty vehicles, recipes of chosen plants, shares of suppliers and technologies, the
 * cumulative carbon cap. Flows that are 0 in a block are left out of its rows, and rows without
 * entries too.
 */
#include "formulations/builder.h"

#include "base/memory.h"
#include "instances/select.h"

#include <math.h>

static double upper_of(const kv_builder *b, int block, int f)
{
    return b->problem->flow_upper[(size_t)block * (size_t)b->problem->n_flows + (size_t)f];
}

static void add_flow(const kv_builder *b, kv_row_writer *rows, int block, int f, double value)
{
    if (upper_of(b, block, f) > 0)
        kv_row_flow(rows, block, f, value);
}

/* ---- empty vehicles ---- */

typedef struct meeting { /* flows of a technology by node */
    int *first;          /* [nodes + 2] */
    int *flow;           /* flow, or -1 - flow where it comes in */
} meeting;

static int meeting_make(const kv_builder *b, int technology, meeting *m)
{
    const kv_problem *p = b->problem;
    m->first = kv_alloc((size_t)p->n_nodes + 2, sizeof(int));
    m->flow = kv_alloc_grid((size_t)p->n_flows, 2, sizeof(int));
    if (!m->first || !m->flow)
        return -1;
    for (int f = 0; f < p->n_flows; f++) {
        if (b->map->arc[p->flow_arc[f]].technology != technology)
            continue;
        m->first[p->arc_tail[p->flow_arc[f]] + 2]++;
        m->first[p->arc_head[p->flow_arc[f]] + 2]++;
    }
    for (int v = 0; v < p->n_nodes; v++)
        m->first[v + 2] += m->first[v + 1];
    for (int f = 0; f < p->n_flows; f++) {
        if (b->map->arc[p->flow_arc[f]].technology != technology)
            continue;
        m->flow[m->first[p->arc_tail[p->flow_arc[f]] + 1]++] = f;
        m->flow[m->first[p->arc_head[p->flow_arc[f]] + 1]++] = -1 - f;
    }
    return 0;
}

/* Vehicles in - vehicles out = 0 at each node, loaded and empty together. */
static void empties_rows(const kv_builder *b, kv_row_writer *rows, int technology, const meeting *m)
{
    for (int block = 0; block < b->n_blocks; block++) {
        const kv_technology *q =
            &b->technology[(size_t)block * (size_t)b->n_technologies + (size_t)technology];
        const double load = q->payload_t * q->load_factor;
        for (int v = 0; v < b->problem->n_nodes; v++) {
            if (m->first[v] == m->first[v + 1])
                continue;
            kv_row_begin(rows, 'E', 0, "empties:%s:%s:%s", q->technology, b->problem->node_name[v],
                         b->problem->block_name[block]);
            for (int i = m->first[v]; i < m->first[v + 1]; i++) {
                const int in = m->flow[i] < 0, f = in ? -1 - m->flow[i] : m->flow[i];
                const int empty = b->good_of_commodity[b->problem->flow_commodity[f]] < 0;
                add_flow(b, rows, block, f, (in ? 1 : -1) * (empty ? 1 : 1 / load));
            }
            kv_row_drop_empty(rows);
        }
    }
}

static void empties(const kv_builder *b, kv_row_writer *rows)
{
    for (int q = 0; q < b->n_technologies; q++) {
        meeting m = {0};
        if (b->given->technologies.rows[q].empties != KV_EMPTIES_BALANCED)
            continue;
        if (meeting_make(b, q, &m) == 0)
            empties_rows(b, rows, q, &m);
        else
            rows->failed = 1;
        kv_free(m.first);
        kv_free(m.flow);
    }
}

/* ---- chosen plants and suppliers ---- */

/* The flow through a gate, or -1 when the product cannot pass there. */
static int gate_flow(const kv_builder *b, const kv_gate *gate)
{
    const kv_problem *p = b->problem;
    for (int k = 0; k < p->n_commodities; k++) {
        if (b->map->commodity[k].kind == KV_COMMODITY_PRODUCT &&
            b->map->commodity[k].product == gate->product)
            return kv_flow_find(p, k, gate->arc);
    }
    return -1;
}

/* "" for the first recipe gate of a site and product, ":2" and so on for further ones: a site may
 * make several products out of the same input. */
static const char *ordinal(const kv_builder *b, int gate)
{
    static const char *const texts[] = {"", ":2", ":3", ":4", ":5", ":6", ":7", ":8", ":9"};
    const kv_station *stations = b->station.items;
    const kv_gate *gates = b->gate.items;
    size_t before = 0;
    for (int i = 0; i < gate; i++)
        before += gates[i].recipe_role >= 0 && gates[i].product == gates[gate].product &&
                  stations[gates[i].station].site == stations[gates[gate].station].site;
    return texts[before < sizeof texts / sizeof *texts ? before : sizeof texts / sizeof *texts - 1];
}

/* What goes in or comes out beside the product = ratio x product. */
static void recipes(const kv_builder *b, kv_row_writer *rows, int block)
{
    const kv_station *stations = b->station.items;
    const kv_gate *gates = b->gate.items;
    for (int i = 0; i < b->gate.count; i++) {
        const kv_station *station = &stations[gates[i].station];
        const size_t row = (size_t)block * (size_t)b->station.count + (size_t)gates[i].station;
        if (gates[i].recipe_role < 0 || b->station_row[row] < 0)
            continue;
        const int f = gate_flow(b, &gates[i]);
        const int output = gate_flow(b, &gates[station->gate_first]);
        const double ratio = b->gate_ratio[(size_t)block * (size_t)b->gate.count + (size_t)i];
        kv_row_begin(rows, 'E', 0, "recipe:%s:%s%s:%s", station->site,
                     b->given->products.rows[gates[i].product].product, ordinal(b, i),
                     b->problem->block_name[block]);
        if (f >= 0)
            add_flow(b, rows, block, f, 1);
        if (output >= 0)
            add_flow(b, rows, block, output, -ratio);
        kv_row_drop_empty(rows);
    }
}

/* A supplier's flow is at most its share of all chosen supply and all planned supply. */
static void suppliers(const kv_builder *b, kv_row_writer *rows, int block)
{
    const kv_station *stations = b->station.items;
    const kv_gate *gates = b->gate.items;
    const kv_case *view = b->map->view[block / b->n_periods];
    for (int s = 0; s < b->station.count; s++) {
        const int row = b->station_row[(size_t)block * (size_t)b->station.count + (size_t)s];
        const int product = stations[s].product;
        const int own = stations[s].gate_first;
        if (row < 0 || stations[s].role != KV_SITE_SOURCE)
            continue;
        const double share = view->sites.rows[row].max_share;
        if (isnan(share) || share >= 1)
            continue;
        const double planned =
            b->planned_supply[(size_t)block * (size_t)b->n_products + (size_t)product];
        kv_row_begin(rows, 'L', share * planned, "supplier:%s:%s:%s", stations[s].site,
                     view->products.rows[product].product, b->problem->block_name[block]);
        for (int i = 0; i < b->gate.count; i++) {
            if (gates[i].product != product ||
                (gates[i].kind != KV_ARC_SOURCE && gates[i].kind != KV_ARC_PLANT_OUT))
                continue;
            const int f = gate_flow(b, &gates[i]);
            if (f >= 0)
                add_flow(b, rows, block, f, (i == own ? 1 : 0) - share);
        }
        kv_row_drop_empty(rows);
    }
}

/* ---- shares of technologies ---- */

/* sign x (t-km of the technology - share x t-km of its mode) <= 0. */
static void share_row(const kv_builder *b, kv_row_writer *rows, int block, int technology,
                      double share, int sign)
{
    const kv_problem *p = b->problem;
    const kv_technology *given = b->given->technologies.rows;
    kv_row_begin(rows, 'L', 0, "%s:%s:%s", sign > 0 ? "share" : "min_share",
                 given[technology].technology, p->block_name[block]);
    for (int f = 0; f < p->n_flows; f++) {
        const kv_arc_info *info = &b->map->arc[p->flow_arc[f]];
        if (info->technology < 0 || given[info->technology].mode != given[technology].mode ||
            b->good_of_commodity[p->flow_commodity[f]] < 0)
            continue;
        double own = info->technology == technology ? 1 : 0;
        add_flow(b, rows, block, f, sign * info->length_km * (own - share));
    }
    kv_row_drop_empty(rows);
}

static void shares(const kv_builder *b, kv_row_writer *rows, int block)
{
    for (int q = 0; q < b->n_technologies; q++) {
        const kv_technology *numbers =
            &b->technology[(size_t)block * (size_t)b->n_technologies + (size_t)q];
        if (!isnan(numbers->max_share) && numbers->max_share < 1)
            share_row(b, rows, block, q, numbers->max_share, 1);
        if (!isnan(numbers->min_share) && numbers->min_share > 0)
            share_row(b, rows, block, q, numbers->min_share, -1);
    }
}

/* ---- carbon over all years ---- */

static void carbon(const kv_builder *b, kv_row_writer *rows)
{
    const kv_problem *p = b->problem;
    const double cap = b->given->the_case.rows[0].carbon_cap_total_kt;
    for (int s = 0; s < b->map->n_scenarios && !isnan(cap); s++) {
        kv_row_begin(rows, 'L', cap * 1000, "carbon:%s", kv_builder_scenario_name(b, s));
        for (int block = s * b->n_periods; block < (s + 1) * b->n_periods; block++) {
            const int years = kv_period_years(&b->given->periods.rows[block % b->n_periods]);
            for (int f = 0; f < p->n_flows; f++) {
                const int empty = b->good_of_commodity[p->flow_commodity[f]] < 0;
                const size_t at = (size_t)block * (size_t)p->n_arcs + (size_t)p->flow_arc[f];
                const kv_flow_detail *d = empty ? &b->arc_detail_empty[at] : &b->arc_detail[at];
                add_flow(b, rows, block, f, years * d->co2_kg / 1000);
            }
        }
        kv_row_drop_empty(rows);
    }
}

void kv_coupling_rows(kv_builder *builder, kv_row_writer *coupling)
{
    empties(builder, coupling);
    for (int block = 0; block < builder->n_blocks; block++) {
        recipes(builder, coupling, block);
        suppliers(builder, coupling, block);
        shares(builder, coupling, block);
    }
    carbon(builder, coupling);
}
