/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows at both ends of each flow, supplies and demands, and the constant of reference prices. */
#include "formulations/builder.h"

#include "base/memory.h"

#include <math.h>

/* The balance row of a commodity at a node, or -1. */
static int balance_find(const kv_problem *p, int commodity, int node)
{
    int low = p->commodity_balance_first[commodity];
    const int last = p->commodity_balance_first[commodity + 1];
    for (int end = last; low < end;) {
        int middle = low + (end - low) / 2;
        if (p->balance_node[middle] < node)
            low = middle + 1;
        else
            end = middle;
    }
    return low < last && p->balance_node[low] == node ? low : -1;
}

/* d of all doors of a commodity in a block; at outside minus their sum, counted in grid units so
 * that all of them balance exactly. */
static void commodity_balance(const kv_builder *b, int block, int commodity, double *d)
{
    const kv_problem *p = b->problem;
    const kv_stop *stops = b->stop.items;
    const int good = b->good_of_commodity[commodity];
    const double grid = p->flow_grid > 0 ? p->flow_grid : 1;
    double units = 0, rest = 0;
    for (int i = b->stop_first[good]; i < b->stop_first[good + 1]; i++) {
        double amount = b->stop_amount[(size_t)block * (size_t)b->stop.count + (size_t)i];
        int row = balance_find(p, commodity, stops[i].place);
        if (row < 0) /* nothing in any block after rounding */
            continue;
        d[row] = amount;
        if (p->flow_grid > 0)
            units += round(amount / grid);
        else
            rest += amount;
    }
    int outside = balance_find(p, commodity, b->outside);
    if (outside >= 0)
        d[outside] = -(units * grid + rest);
    if (outside < 0 || good >= b->n_products)
        return;
    b->map->block_constant[block] +=
        p->block_weight[block] *
        b->reference[(size_t)block * (size_t)b->n_products + (size_t)good] * d[outside];
}

kv_status kv_build_balances(kv_builder *builder)
{
    kv_builder *b = builder;
    kv_problem *p = b->problem;
    const kv_ends *ends = b->ends.items;
    const size_t arcs = (size_t)b->ends.count;
    p->arc_tail = kv_alloc(arcs, sizeof(int));
    p->arc_head = kv_alloc(arcs, sizeof(int));
    p->flow_tail_row = kv_alloc((size_t)p->n_flows, sizeof(int));
    p->flow_head_row = kv_alloc((size_t)p->n_flows, sizeof(int));
    p->balance = kv_alloc_grid((size_t)b->n_blocks, (size_t)p->n_balances, sizeof(double));
    if (!p->arc_tail || !p->arc_head || !p->flow_tail_row || !p->flow_head_row || !p->balance)
        return KV_ERR_MEMORY;
    p->n_arcs = b->ends.count;
    p->n_nodes = b->node.count;
    for (size_t a = 0; a < arcs; a++) {
        p->arc_tail[a] = ends[a].tail;
        p->arc_head[a] = ends[a].head;
    }
    for (int f = 0; f < p->n_flows; f++) {
        const int k = p->flow_commodity[f];
        p->flow_tail_row[f] = balance_find(p, k, p->arc_tail[p->flow_arc[f]]);
        p->flow_head_row[f] = balance_find(p, k, p->arc_head[p->flow_arc[f]]);
    }
    for (int block = 0; block < b->n_blocks; block++) {
        for (int k = 0; k < p->n_commodities; k++) {
            if (b->good_of_commodity[k] >= 0)
                commodity_balance(b, block, k, p->balance + (size_t)block * (size_t)p->n_balances);
        }
        p->constant += b->map->block_constant[block];
    }
    return KV_OK;
}
