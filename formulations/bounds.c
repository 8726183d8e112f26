/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upper bounds of all flows: finite, valid, and 0 where a flow cannot be. */
#include "formulations/builder.h"

#include "base/memory.h"

#include <math.h>

/* Bound from the resources that the flow uses. */
static double by_resources(const kv_problem *p, int block, int f, const double *most)
{
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    double bound = KV_UNLIMITED;
    for (int i = p->use_first[f]; i < p->use_first[f + 1]; i++) {
        if (use[i] > 0 && most[p->use_resource[i]] < KV_UNLIMITED)
            bound = fmin(bound, most[p->use_resource[i]] / use[i]);
    }
    return bound;
}

/* Vehicles that could ever run empty: as if all goods went by the technology. */
static double empties_total(const kv_builder *b, int block, int technology)
{
    const kv_technology *q =
        &b->technology[(size_t)block * (size_t)b->n_technologies + (size_t)technology];
    double tons = 0;
    for (int k = 0; k < b->problem->n_commodities; k++) {
        if (b->good_of_commodity[k] >= 0)
            tons += b->total_sinks[(size_t)block * (size_t)b->problem->n_commodities + (size_t)k];
    }
    return tons / (q->payload_t * q->load_factor);
}

/* Flows to and from outside: what the gate lets through, what is wanted or offered. */
static double by_outside(const kv_builder *b, int block, int f)
{
    const kv_problem *p = b->problem;
    const int a = p->flow_arc[f], kind = b->map->arc[a].kind;
    const double *d = p->balance + (size_t)block * (size_t)p->n_balances;
    if (kind == KV_ARC_UNSERVED)
        return fmax(0, -d[p->flow_head_row[f]]);
    if (kind == KV_ARC_UNSOLD)
        return fmax(0, d[p->flow_tail_row[f]]);
    const int gate = a - ((const kv_gate *)b->gate.items)[0].arc;
    return b->gate_upper[(size_t)block * (size_t)b->gate.count + (size_t)gate];
}

/* Rule (a): all that a good's sinks can take in the block. */
kv_status kv_build_totals(kv_builder *builder)
{
    kv_builder *b = builder;
    const kv_problem *p = b->problem;
    b->total_sinks = kv_alloc_grid((size_t)b->n_blocks, (size_t)p->n_commodities, sizeof(double));
    if (!b->total_sinks)
        return KV_ERR_MEMORY;
    for (int block = 0; block < b->n_blocks; block++) {
        double *total = b->total_sinks + (size_t)block * (size_t)p->n_commodities;
        const double *d = p->balance + (size_t)block * (size_t)p->n_balances;
        for (int i = 0; i < p->n_balances; i++) {
            if (p->balance_node[i] != b->outside && d[i] < 0)
                total[p->balance_commodity[i]] += -d[i];
        }
        for (int f = 0; f < p->n_flows; f++) {
            const int kind = b->map->arc[p->flow_arc[f]].kind;
            if (kind == KV_ARC_PLANT_IN || kind == KV_ARC_MARKET)
                total[p->flow_commodity[f]] += by_outside(b, block, f);
        }
    }
    return KV_OK;
}

/* Bounds of all flows of a block; `most`: what each resource can at most offer. */
static void block_bounds(kv_builder *b, int block, const double *most)
{
    kv_problem *p = b->problem;
    double *m = p->flow_upper + (size_t)block * (size_t)p->n_flows;
    const double *total = b->total_sinks + (size_t)block * (size_t)p->n_commodities;
    const unsigned char *closed = b->arc_closed + (size_t)block * (size_t)p->n_arcs;
    for (int k = 0; k < p->n_commodities; k++) {
        const kv_commodity_info *info = &b->map->commodity[k];
        const double limit =
            b->good_of_commodity[k] < 0 ? empties_total(b, block, info->technology) : total[k];
        for (int f = p->commodity_flow_first[k]; f < p->commodity_flow_first[k + 1]; f++) {
            const int a = p->flow_arc[f];
            if (!kv_arc_is_physical(&b->map->arc[a]))
                m[f] = by_outside(b, block, f);
            else if (!closed[a])
                m[f] = fmin(limit, by_resources(p, block, f, most));
        }
    }
}

kv_status kv_build_bounds(kv_builder *builder)
{
    kv_builder *b = builder;
    kv_problem *p = b->problem;
    double *most = kv_alloc((size_t)p->n_resources, sizeof(double));
    p->flow_upper = kv_alloc_grid((size_t)b->n_blocks, (size_t)p->n_flows, sizeof(double));
    if (!most || !p->flow_upper) {
        kv_free(most);
        return KV_ERR_MEMORY;
    }
    for (int block = 0; block < b->n_blocks; block++) {
        for (int r = 0; r < p->n_resources; r++)
            most[r] = kv_problem_resource_most(p, block, r);
        block_bounds(b, block, most);
    }
    kv_free(most);
    return KV_OK;
}
