/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fixed-charge multicommodity network design: each arc is a resource that its own binary supplies
 * and opens. With scenarios each is a block, and each commodity has an arc of its own from origin to
 * destination, at a penalty, for what is not served.
 */
#include "formulations/benchmark_parts.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- the penalty ---- */

static int dearer_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

double kv_benchmark_penalty(const kv_benchmark *b)
{
    double *cost = kv_alloc((size_t)b->n_links, sizeof(double)), sum = 0;
    int count = 0;
    if (!cost)
        return HUGE_VAL;
    for (int a = 0; a < b->n_links; a++) {
        if (b->link_capacity[a] > 0)
            cost[count++] = b->link_unit_cost[a] + b->link_fixed_cost[a] / b->link_capacity[a];
    }
    qsort(cost, (size_t)count, sizeof(double), dearer_first);
    for (int i = 0; i < count && i < b->n_nodes - 1; i++)
        sum += cost[i];
    kv_free(cost);
    return 2 * sum;
}

/* ---- topology ---- */

static int n_blocks_of(const kv_benchmark *b)
{
    return b->format == KV_BENCHMARK_SCENARIOS ? b->n_scenarios : 1;
}

/* Arcs, then one for each commodity where demand may stay unserved. */
static kv_status make_shape(const kv_benchmark *b, kv_problem **problem, kv_messages *messages)
{
    int own = b->format == KV_BENCHMARK_SCENARIOS ? b->n_demands : 0;
    size_t links = (size_t)b->n_links, arcs = links + (size_t)own;
    kv_benchmark_shape shape = {.n_nodes = b->n_nodes,
                                .n_shared = b->n_links,
                                .n_arcs = b->n_links + own,
                                .n_commodities = b->n_demands,
                                .n_blocks = n_blocks_of(b),
                                .n_resources = b->n_links,
                                .n_design = b->n_links};
    int *tail = kv_alloc(arcs, sizeof(int)), *head = kv_alloc(arcs, sizeof(int));
    kv_status status = KV_ERR_MEMORY;
    if (!tail || !head)
        goto out;
    memcpy(tail, b->link_tail, links * sizeof(int));
    memcpy(head, b->link_head, links * sizeof(int));
    for (int k = 0; k < own; k++) {
        tail[b->n_links + k] = b->demand_from[k];
        head[b->n_links + k] = b->demand_to[k];
    }
    status = kv_benchmark_shape_make(&shape, tail, head, problem, messages);
out:
    kv_free(tail);
    kv_free(head);
    return status;
}

static kv_status add_names(const kv_benchmark *b, kv_problem *p)
{
    kv_text text = {0};
    int missing = 0;
    for (int v = 0; v < p->n_nodes; v++) {
        kv_benchmark_node_name(b, v, &text);
        missing |= !(p->node_name[v] = kv_benchmark_take_name(&text));
    }
    for (int a = 0; a < p->n_arcs; a++) {
        int shared = a < b->n_links;
        if (!shared)
            kv_text_add(&text, "unserved:");
        if (shared)
            kv_benchmark_link_name(b, a, &text);
        else
            kv_benchmark_demand_name(b, a - b->n_links, &text);
        missing |= !(p->arc_name[a] = kv_benchmark_take_name(&text));
        if (shared && !missing) {
            missing |= !(p->resource_name[a] = kv_strdup(p->arc_name[a]));
            missing |= !(p->design_name[a] = kv_strdup(p->arc_name[a]));
        }
    }
    for (int k = 0; k < p->n_commodities; k++) {
        kv_benchmark_demand_name(b, k, &text);
        missing |= !(p->commodity_name[k] = kv_benchmark_take_name(&text));
    }
    for (int block = 0; block < p->n_blocks; block++) {
        kv_text_addf(&text, b->format == KV_BENCHMARK_SCENARIOS ? "s%d" : "%d", block + 1);
        missing |= !(p->block_name[block] = kv_benchmark_take_name(&text));
    }
    return missing ? KV_ERR_MEMORY : KV_OK;
}

/* ---- numbers ---- */

static void add_block(const kv_benchmark *b, kv_problem *p, int block, double penalty)
{
    const double *demand =
        b->scenario_demand ? b->scenario_demand + (size_t)block * (size_t)b->n_demands : b->demand;
    double *cost = p->flow_cost + (size_t)block * (size_t)p->n_flows;
    double *upper = p->flow_upper + (size_t)block * (size_t)p->n_flows;
    double *balance = p->balance + (size_t)block * (size_t)p->n_balances;
    if (b->format == KV_BENCHMARK_SCENARIOS)
        p->block_weight[block] = b->probability[block];
    for (int k = 0; k < b->n_demands; k++) {
        balance[k * b->n_nodes + b->demand_from[k]] = demand[k];
        balance[k * b->n_nodes + b->demand_to[k]] = -demand[k];
        for (int a = 0; a < b->n_links; a++) {
            int flow = kv_benchmark_flow(p, k, a);
            cost[flow] = b->link_unit_cost[a];
            upper[flow] = fmin(demand[k], b->link_capacity[a]);
        }
        if (b->format == KV_BENCHMARK_SCENARIOS) {
            cost[kv_benchmark_own_flow(p, k)] = penalty;
            upper[kv_benchmark_own_flow(p, k)] = demand[k];
        }
    }
}

static kv_status add_numbers(const kv_benchmark *b, kv_problem *p)
{
    double penalty = b->format == KV_BENCHMARK_SCENARIOS ? kv_benchmark_penalty(b) : 0;
    int *itself = kv_alloc((size_t)b->n_links + 1, sizeof(int));
    kv_status status = itself && isfinite(penalty) ? KV_OK : KV_ERR_MEMORY;
    for (int a = 0; status == KV_OK && a <= b->n_links; a++)
        itself[a] = a;
    for (int a = 0; a < b->n_links; a++)
        p->design_cost[a] = b->link_fixed_cost[a];
    for (int block = 0; status == KV_OK && block < p->n_blocks; block++)
        add_block(b, p, block, penalty);
    if (status == KV_OK)
        status = kv_benchmark_use(p, itself, b->n_links);
    if (status == KV_OK)
        status = kv_benchmark_supply(p, itself, b->link_capacity);
    if (status == KV_OK)
        status = kv_benchmark_open(p, itself, b->n_links, itself);
    kv_free(itself);
    p->flow_grid = kv_benchmark_grid(p);
    return status;
}

kv_status kv_benchmark_build_network(const kv_benchmark *benchmark, kv_problem **problem,
                                     kv_messages *messages)
{
    kv_status status = make_shape(benchmark, problem, messages);
    if (status == KV_OK)
        status = add_names(benchmark, *problem);
    if (status == KV_OK)
        status = add_numbers(benchmark, *problem);
    if (status != KV_OK) {
        kv_problem_free(*problem);
        *problem = NULL;
    }
    return status;
}
