/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Capacitated facility location with splittable demand: one commodity from a node `supply` to every
 * customer, an arc for each facility and customer, which the facility's binary opens and whose flow
 * uses the facility's capacity. The file's cost is for all of a customer's demand, so that a unit
 * costs that divided by the demand.
 */
#include "formulations/benchmark_parts.h"

#include "base/memory.h"

#include <limits.h>
#include <math.h>

enum { SUPPLY = 0 }; /* node; customer j is node j + 1 */

/* Arcs by facility, then customer. */
static kv_status make_shape(const kv_benchmark *b, int *tail, int *head, int *resource_of_arc,
                            kv_problem **problem, kv_messages *messages)
{
    int m = b->n_facilities, n = b->n_customers;
    kv_benchmark_shape shape = {.n_nodes = n + 1,
                                .n_shared = m * n,
                                .n_arcs = m * n,
                                .n_commodities = 1,
                                .n_blocks = 1,
                                .n_resources = m,
                                .n_design = m};
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            tail[i * n + j] = SUPPLY;
            head[i * n + j] = j + 1;
            resource_of_arc[i * n + j] = i;
        }
    }
    return kv_benchmark_shape_make(&shape, tail, head, problem, messages);
}

static kv_status add_names(const kv_benchmark *b, kv_problem *p)
{
    kv_text text = {0};
    int n = b->n_customers, missing = 0;
    missing |= !(p->node_name[SUPPLY] = kv_strdup("supply"));
    missing |= !(p->commodity_name[0] = kv_strdup("goods"));
    missing |= !(p->block_name[0] = kv_strdup("1"));
    for (int j = 0; j < n; j++) {
        kv_benchmark_customer_name(j, &text);
        missing |= !(p->node_name[j + 1] = kv_benchmark_take_name(&text));
    }
    for (int i = 0; i < b->n_facilities; i++) {
        kv_benchmark_facility_name(i, &text);
        missing |= !(p->resource_name[i] = kv_benchmark_take_name(&text));
        kv_benchmark_facility_name(i, &text);
        missing |= !(p->design_name[i] = kv_benchmark_take_name(&text));
        for (int j = 0; j < n; j++) {
            kv_benchmark_facility_name(i, &text);
            kv_text_add(&text, "-");
            kv_benchmark_customer_name(j, &text);
            missing |= !(p->arc_name[i * n + j] = kv_benchmark_take_name(&text));
        }
    }
    return missing ? KV_ERR_MEMORY : KV_OK;
}

static void add_flows(const kv_benchmark *b, kv_problem *p)
{
    int m = b->n_facilities, n = b->n_customers;
    for (int j = 0; j < n; j++) {
        double demand = b->customer_demand[j];
        p->balance[j + 1] = -demand;
        for (int i = 0; i < m; i++) {
            double cost = b->serving_cost[(size_t)j * (size_t)m + (size_t)i];
            int flow = kv_benchmark_flow(p, 0, i * n + j);
            p->flow_cost[flow] = demand > 0 ? cost / demand : 0;
            p->flow_upper[flow] = fmin(demand, b->facility_capacity[i]);
        }
    }
    p->balance[SUPPLY] = kv_benchmark_sum(b->customer_demand, n);
    for (int i = 0; i < m; i++)
        p->design_cost[i] = b->facility_cost[i];
}

static kv_status add_numbers(const kv_benchmark *b, kv_problem *p, const int *resource_of_arc)
{
    int m = b->n_facilities, arcs = m * b->n_customers;
    int *itself = kv_alloc((size_t)m + 1, sizeof(int));
    kv_status status = itself ? KV_OK : KV_ERR_MEMORY;
    for (int i = 0; itself && i <= m; i++)
        itself[i] = i;
    add_flows(b, p);
    if (status == KV_OK)
        status = kv_benchmark_use(p, resource_of_arc, arcs);
    if (status == KV_OK)
        status = kv_benchmark_supply(p, itself, b->facility_capacity);
    if (status == KV_OK)
        status = kv_benchmark_open(p, resource_of_arc, arcs, itself);
    kv_free(itself);
    p->flow_grid = kv_benchmark_grid(p);
    return status;
}

kv_status kv_benchmark_build_location(const kv_benchmark *benchmark, kv_problem **problem,
                                      kv_messages *messages)
{
    double pairs = (double)benchmark->n_facilities * benchmark->n_customers;
    size_t arcs = (size_t)benchmark->n_facilities * (size_t)benchmark->n_customers;
    if (pairs >= INT_MAX) {
        kv_messages_add(messages, KV_FAULT, NULL, NULL, "the model would have %.0f arcs", pairs);
        return KV_ERR_INPUT;
    }
    int *tail = kv_alloc(arcs, sizeof(int)), *head = kv_alloc(arcs, sizeof(int));
    int *resource_of_arc = kv_alloc(arcs, sizeof(int));
    kv_status status = KV_ERR_MEMORY;
    if (tail && head && resource_of_arc)
        status = make_shape(benchmark, tail, head, resource_of_arc, problem, messages);
    if (status == KV_OK)
        status = add_names(benchmark, *problem);
    if (status == KV_OK)
        status = add_numbers(benchmark, *problem, resource_of_arc);
    if (status != KV_OK) {
        kv_problem_free(*problem);
        *problem = NULL;
    }
    kv_free(tail);
    kv_free(head);
    kv_free(resource_of_arc);
    return status;
}
