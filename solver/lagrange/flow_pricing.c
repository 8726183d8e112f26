/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/sum.h"
#include "solver/ipm/lift.h"
#include "solver/lagrange/flow_relaxation.h"

#include <math.h>
#include <string.h>

kv_status kv_flow_pricing_create(const kv_flow_relaxation *relaxation, kv_threads *threads,
                                 kv_flow_pricing **pricing)
{
    const kv_problem *p = relaxation->problem;
    kv_flow_pricing *w = *pricing = kv_alloc(1, sizeof *w);
    int n = threads ? kv_threads_count(threads) : 1;
    size_t blocks = (size_t)p->n_blocks;
    if (!w)
        return KV_ERR_MEMORY;
    w->relaxation = relaxation;
    w->flow = kv_alloc(blocks * (size_t)p->n_flows, sizeof(double));
    w->potential = kv_alloc(blocks * (size_t)p->n_balances, sizeof(double));
    w->part = kv_alloc(blocks * (size_t)p->n_commodities, sizeof(double));
    w->design_cost = kv_alloc((size_t)p->n_design, sizeof(double));
    w->design = kv_alloc((size_t)p->n_design, sizeof(double));
    w->network = kv_alloc((size_t)n, sizeof *w->network);
    if (!w->flow || !w->potential || !w->part || !w->design_cost || !w->design || !w->network)
        return KV_ERR_MEMORY;
    kv_status status = kv_investments_create(p, relaxation->lower, relaxation->upper,
                                             relaxation->drop_side, &w->investments);
    for (int i = 0; i < n && status == KV_OK; i++, w->n_networks++)
        status = kv_least_cost_flow_create(relaxation->most_nodes, relaxation->most_arcs,
                                           &w->network[i]);
    return status;
}

void kv_flow_pricing_free(kv_flow_pricing *w)
{
    if (!w)
        return;
    kv_investments_free(w->investments);
    for (int i = 0; i < w->n_networks; i++)
        kv_least_cost_flow_free(&w->network[i]);
    kv_free(w->network);
    kv_free(w->flow);
    kv_free(w->potential);
    kv_free(w->part);
    kv_free(w->design_cost);
    kv_free(w->design);
    kv_free(w);
}

/* ---- flows ---- */

/* The commodity's flows as a network whose last node stands for missing balance rows. */
static void load(const kv_flow_pricing *w, int block, int k, kv_least_cost_flow *network)
{
    const kv_flow_relaxation *r = w->relaxation;
    const kv_problem *p = r->problem;
    int base = p->commodity_balance_first[k], first = p->commodity_flow_first[k];
    int n = p->commodity_balance_first[k + 1] - base;
    const double *balance = p->balance + (size_t)block * (size_t)p->n_balances + (size_t)base;
    kv_sum total = {0.0, 0.0};
    network->n_nodes = n + 1;
    network->n_arcs = p->commodity_flow_first[k + 1] - first;
    for (int v = 0; v < n; v++) {
        network->supply[v] = balance[v];
        kv_sum_add(&total, -balance[v]);
    }
    network->supply[n] = kv_sum_total(&total);
    for (int a = 0; a < network->n_arcs; a++) {
        int f = first + a, tail = p->flow_tail_row[f], head = p->flow_head_row[f];
        size_t x = (size_t)block * (size_t)p->n_flows + (size_t)f;
        double cost = p->block_weight[block] * p->flow_cost[x];
        for (size_t e = r->entry_first[x]; e < r->entry_first[x + 1]; e++)
            cost += r->entry_value[e] * w->multipliers[r->entry_row[e]];
        network->tail[a] = tail >= 0 ? tail - base : n;
        network->head[a] = head >= 0 ? head - base : n;
        network->cost[a] = cost;
        network->upper[a] = r->closed[x] ? 0.0 : p->flow_upper[x];
    }
}

static void solve_commodity(kv_flow_pricing *w, int block, int k, kv_least_cost_flow *network)
{
    const kv_problem *p = w->relaxation->problem;
    size_t part = (size_t)block * (size_t)p->n_commodities + (size_t)k;
    size_t flow = (size_t)block * (size_t)p->n_flows + (size_t)p->commodity_flow_first[k];
    size_t row = (size_t)block * (size_t)p->n_balances + (size_t)p->commodity_balance_first[k];
    load(w, block, k, network);
    int n = network->n_nodes - 1;
    if (kv_least_cost_flow_solve(network) != KV_OK) {
        w->part[part] = HUGE_VAL;
        return;
    }
    double shift = network->potential[n];
    for (int v = 0; v <= n; v++)
        network->potential[v] -= shift;
    w->part[part] = kv_least_cost_flow_value(network);
    memcpy(w->flow + flow, network->flow, (size_t)network->n_arcs * sizeof(double));
    memcpy(w->potential + row, network->potential, (size_t)n * sizeof(double));
}

static void solve_tile(void *context, int tile, int worker)
{
    kv_flow_pricing *w = context;
    const kv_flow_relaxation *r = w->relaxation;
    for (int i = r->tile_first[tile]; i < r->tile_first[tile + 1]; i++)
        solve_commodity(w, i / r->problem->n_commodities, i % r->problem->n_commodities,
                        &w->network[worker]);
}

/* ---- the bound ---- */

static void price_designs(kv_flow_pricing *w)
{
    const kv_flow_relaxation *r = w->relaxation;
    for (int j = 0; j < r->problem->n_design; j++) {
        kv_sum cost = {r->problem->design_cost[j], 0.0};
        for (size_t e = r->design_first[j]; e < r->design_first[j + 1]; e++)
            kv_sum_add(&cost, r->design_value[e] * w->multipliers[r->design_row[e]]);
        w->design_cost[j] = kv_sum_total(&cost);
    }
}

static void find_violation(const kv_flow_pricing *w, double *violation)
{
    const kv_flow_relaxation *r = w->relaxation;
    size_t flows = (size_t)r->problem->n_blocks * (size_t)r->problem->n_flows;
    memcpy(violation, r->rhs, (size_t)r->n_rows * sizeof(double));
    for (size_t x = 0; x < flows; x++)
        for (size_t e = r->entry_first[x]; w->flow[x] != 0.0 && e < r->entry_first[x + 1]; e++)
            violation[r->entry_row[e]] += r->entry_value[e] * w->flow[x];
    for (int j = 0; j < r->problem->n_design; j++)
        for (size_t e = r->design_first[j]; e < r->design_first[j + 1]; e++)
            violation[r->design_row[e]] += r->design_value[e] * w->design[j];
}

double kv_flow_pricing_run(kv_flow_pricing *pricing, kv_threads *threads, const double *multipliers,
                           double *violation)
{
    kv_flow_pricing *w = pricing;
    const kv_flow_relaxation *r = w->relaxation;
    const kv_problem *p = r->problem;
    kv_sum bound = {0.0, 0.0};
    double designs;
    w->multipliers = multipliers;
    kv_threads_run(threads, r->n_tiles, solve_tile, w);
    price_designs(w);
    for (int i = 0; i < p->n_blocks * p->n_commodities; i++) {
        if (w->part[i] == HUGE_VAL)
            return HUGE_VAL;
        kv_sum_add(&bound, w->part[i]);
    }
    w->status =
        kv_investments_solve(w->investments, w->design_cost, w->most_nodes, w->design, &designs);
    if (w->status != KV_OK)
        return HUGE_VAL;
    if (designs == HUGE_VAL)
        return HUGE_VAL;
    kv_sum_add(&bound, designs);
    for (int i = 0; i < r->n_rows; i++)
        kv_sum_add(&bound, r->rhs[i] * multipliers[i]);
    find_violation(w, violation);
    return kv_sum_total(&bound);
}

kv_status kv_flow_pricing_multipliers(const kv_flow_pricing *pricing, kv_multipliers *out)
{
    const kv_flow_pricing *w = pricing;
    const kv_flow_relaxation *r = w->relaxation;
    const kv_problem *p = r->problem;
    int n = 0;
    for (int i = 0; i < r->n_rows; i++)
        n += r->kind[i] == KV_FLOW_OPENING && w->multipliers[i] > 0.0;
    if (kv_multipliers_reserve(out, n) != KV_OK)
        return KV_ERR_MEMORY;
    out->n_opening = out->n_arc_opening = 0;
    memcpy(out->balance, w->potential,
           (size_t)p->n_blocks * (size_t)p->n_balances * sizeof(double));
    for (int i = 0; i < p->side.count; i++)
        out->side[i] = 0.0;
    for (int i = 0; i < r->n_rows; i++) {
        double value = w->multipliers[i];
        if (r->kind[i] == KV_FLOW_RESOURCE) {
            out->resource[r->source[i]] = value;
        } else if (r->kind[i] == KV_FLOW_COUPLING) {
            out->coupling[r->source[i]] = value;
        } else if (value > 0.0) {
            out->opening[out->n_opening] = r->source[i];
            out->opening_flow[out->n_opening] = r->flow[i];
            out->opening_value[out->n_opening++] = value;
        }
    }
    return kv_multipliers_lift(p, r->upper, out);
}
