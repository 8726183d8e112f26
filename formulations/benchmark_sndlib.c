/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Capacity planning of SNDlib: every link is a resource that two arcs, one each way, use together.
 * It has its pre-installed capacity, modules that are bought in whole numbers, and perhaps a set-up
 * cost that is paid where anything flows. Routing is continuous and may be split.
 */
#include "formulations/benchmark_parts.h"
#include "formulations/builder.h"

#include "base/memory.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { MOST_MODULES = 1000000000 }; /* of one kind on a link */

typedef struct builder {
    const kv_benchmark *b;
    kv_problem *p;
    int n_modules, n_commodities;
    int *commodity_of; /* [n_demands] */
    int *source;       /* [n_commodities] node, of commodities by source */
    int *resource_of_arc;
    int *setup_of; /* [n_links] design variable, -1 = no set-up cost */
    double *total; /* [n_commodities] what leaves the commodity's sources */
    double all;    /* sum of the demands */
} builder;

/* ---- what is one commodity ---- */

/* By source: in the order of the nodes. */
static void number_sources(builder *w, int *of_node)
{
    const kv_benchmark *b = w->b;
    for (int k = 0; k < b->n_demands; k++)
        of_node[b->demand_from[k]] = 1;
    for (int v = 0; v < b->n_nodes; v++) {
        if (!of_node[v])
            continue;
        w->source[w->n_commodities] = v;
        of_node[v] = w->n_commodities++;
    }
    for (int k = 0; k < b->n_demands; k++)
        w->commodity_of[k] = of_node[b->demand_from[k]];
}

static kv_status make_commodities(builder *w)
{
    const kv_benchmark *b = w->b;
    int *of_node = kv_alloc((size_t)b->n_nodes, sizeof(int));
    w->commodity_of = kv_alloc((size_t)b->n_demands, sizeof(int));
    w->source = kv_alloc((size_t)b->n_nodes, sizeof(int));
    kv_status status = of_node && w->commodity_of && w->source ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK && b->commodities == KV_COMMODITIES_SOURCES) {
        number_sources(w, of_node);
    } else if (status == KV_OK) {
        w->n_commodities = b->n_demands;
        for (int k = 0; k < b->n_demands; k++)
            w->commodity_of[k] = k;
    }
    kv_free(of_node);
    return status;
}

/* ---- topology and names ---- */

/* Arcs 2e and 2e + 1 of link e; modules first among the design variables, then set-ups. */
static kv_status make_shape(builder *w, kv_messages *messages)
{
    const kv_benchmark *b = w->b;
    size_t arcs = 2 * (size_t)b->n_links;
    int n_setups = 0;
    int *tail = kv_alloc(arcs, sizeof(int)), *head = kv_alloc(arcs, sizeof(int));
    kv_status status = KV_ERR_MEMORY;
    w->resource_of_arc = kv_alloc(arcs, sizeof(int));
    w->setup_of = kv_alloc((size_t)b->n_links, sizeof(int));
    if (!tail || !head || !w->resource_of_arc || !w->setup_of)
        goto out;
    for (int e = 0; e < b->n_links; e++) {
        tail[2 * e] = head[2 * e + 1] = b->link_tail[e];
        head[2 * e] = tail[2 * e + 1] = b->link_head[e];
        w->resource_of_arc[2 * e] = w->resource_of_arc[2 * e + 1] = e;
        w->setup_of[e] = b->link_fixed_cost[e] > 0 ? w->n_modules + n_setups++ : -1;
    }
    kv_benchmark_shape shape = {.n_nodes = b->n_nodes,
                                .n_shared = (int)arcs,
                                .n_arcs = (int)arcs,
                                .n_commodities = w->n_commodities,
                                .n_blocks = 1,
                                .n_resources = b->n_links,
                                .n_design = w->n_modules + n_setups};
    status = kv_benchmark_shape_make(&shape, tail, head, &w->p, messages);
out:
    kv_free(tail);
    kv_free(head);
    return status;
}

static char *name_with(const char *id, const char *format, int number)
{
    kv_text text = {0};
    kv_text_add(&text, id);
    kv_text_add(&text, format);
    if (number > 0)
        kv_text_addf(&text, "%d", number);
    return kv_benchmark_take_name(&text);
}

static kv_status add_names(builder *w)
{
    const kv_benchmark *b = w->b;
    kv_problem *p = w->p;
    int by_source = b->commodities == KV_COMMODITIES_SOURCES;
    int missing = !(p->block_name[0] = kv_strdup("1"));
    for (int v = 0; v < b->n_nodes; v++)
        missing |= !(p->node_name[v] = kv_strdup(b->node_id[v]));
    for (int k = 0; k < p->n_commodities; k++)
        missing |= !(p->commodity_name[k] =
                         kv_strdup(by_source ? b->node_id[w->source[k]] : b->demand_id[k]));
    for (int e = 0; e < b->n_links; e++) {
        const char *id = b->link_id[e];
        missing |= !(p->resource_name[e] = kv_strdup(id));
        missing |= !(p->arc_name[2 * e] = name_with(id, ":f", 0));
        missing |= !(p->arc_name[2 * e + 1] = name_with(id, ":b", 0));
        for (int i = b->module_first[e]; i < b->module_first[e + 1]; i++)
            missing |= !(p->design_name[i] = name_with(id, ":m", i - b->module_first[e] + 1));
        if (w->setup_of[e] >= 0)
            missing |= !(p->design_name[w->setup_of[e]] = name_with(id, ":setup", 0));
    }
    return missing ? KV_ERR_MEMORY : KV_OK;
}

/* ---- numbers ---- */

static kv_status add_demands(builder *w)
{
    const kv_benchmark *b = w->b;
    kv_problem *p = w->p;
    w->total = kv_alloc((size_t)p->n_commodities, sizeof(double));
    if (!w->total)
        return KV_ERR_MEMORY;
    for (int k = 0; k < b->n_demands; k++) {
        int commodity = w->commodity_of[k];
        double *balance = p->balance + (size_t)commodity * (size_t)b->n_nodes;
        double pair[2] = {w->total[commodity], b->demand[k]};
        w->total[commodity] = kv_benchmark_sum(pair, 2);
        pair[0] = balance[b->demand_to[k]];
        pair[1] = -b->demand[k];
        balance[b->demand_to[k]] = kv_benchmark_sum(pair, 2);
        balance[b->demand_from[k]] = w->total[commodity];
    }
    w->all = kv_benchmark_sum(b->demand, b->n_demands);
    return KV_OK;
}

static kv_status too_many(const char *id, double most, kv_messages *messages)
{
    kv_messages_add(messages, KV_FAULT, NULL, "give the module a larger capacity",
                    "link '%s' would need %.3g of a module for all demand", id, most);
    return KV_ERR_INPUT;
}

/* A module is never wanted more often than all demand together needs it. */
static kv_status add_modules(builder *w, kv_messages *messages)
{
    const kv_benchmark *b = w->b;
    kv_problem *p = w->p;
    for (int e = 0; e < b->n_links; e++) {
        double wanted = fmax(0, w->all - b->link_capacity[e]);
        for (int i = b->module_first[e]; i < b->module_first[e + 1]; i++) {
            double most = b->module_capacity[i] > 0 ? ceil(wanted / b->module_capacity[i]) : 0;
            if (most > MOST_MODULES)
                return too_many(b->link_id[e], most, messages);
            p->design_cost[i] = b->module_cost[i];
            p->design_upper[i] = b->modules == KV_MODULES_ONE ? fmin(most, 1) : most;
        }
        if (w->setup_of[e] >= 0)
            p->design_cost[w->setup_of[e]] = b->link_fixed_cost[e];
        p->resource_base[e] = b->link_capacity[e];
    }
    return KV_OK;
}

/* The most that a link can ever carry. */
static double most_capacity(const builder *w, int e)
{
    const kv_benchmark *b = w->b;
    double added = 0;
    for (int i = b->module_first[e]; i < b->module_first[e + 1]; i++) {
        double most = b->module_capacity[i] * w->p->design_upper[i];
        added = b->modules == KV_MODULES_ONE ? fmax(added, most) : added + most;
    }
    return b->link_capacity[e] + added;
}

static void add_flows(builder *w)
{
    kv_problem *p = w->p;
    for (int a = 0; a < p->n_arcs; a++) {
        int e = w->resource_of_arc[a];
        double most = most_capacity(w, e);
        for (int k = 0; k < p->n_commodities; k++) {
            int flow = kv_benchmark_flow(p, k, a);
            p->flow_cost[flow] = w->b->link_unit_cost[e];
            p->flow_upper[flow] = fmin(w->total[k], most);
        }
    }
}

/* ---- openings and rules ---- */

static void add_set(kv_problem *p, int arc, int set, int first, int count, int *next)
{
    p->openings[p->n_openings++] = (kv_opening){0, arc, set, *next, count};
    for (int i = 0; i < count; i++) {
        p->opening_design[*next] = first + i;
        p->opening_coefficient[(*next)++] = 1;
    }
}

/* An arc needs some module, unless capacity is there before, and the set-up, if it costs. */
static kv_status add_openings(builder *w)
{
    const kv_benchmark *b = w->b;
    kv_problem *p = w->p;
    size_t arcs = (size_t)p->n_arcs, entries = 2 * (size_t)w->n_modules + arcs;
    int next = 0;
    p->openings = kv_alloc(2 * arcs, sizeof *p->openings);
    p->opening_design = kv_alloc(entries, sizeof(int));
    p->opening_coefficient = kv_alloc(entries, sizeof(double));
    if (!p->openings || !p->opening_design || !p->opening_coefficient)
        return KV_ERR_MEMORY;
    for (int a = 0; a < p->n_arcs; a++) {
        int e = w->resource_of_arc[a], set = 0;
        int first = b->module_first[e], count = b->module_first[e + 1] - first;
        if (b->link_capacity[e] <= 0)
            add_set(p, a, set++, first, count, &next);
        if (w->setup_of[e] >= 0)
            add_set(p, a, set, w->setup_of[e], 1, &next);
    }
    return KV_OK;
}

/* One module a link: a side row, and a group for bounds on what the link can offer. */
static kv_status add_rules(builder *w)
{
    const kv_benchmark *b = w->b;
    kv_problem *p = w->p;
    kv_row_writer rows;
    if (b->modules != KV_MODULES_ONE)
        return KV_OK;
    p->design_group = kv_alloc((size_t)p->n_design, sizeof(int));
    p->group_limit = kv_alloc((size_t)b->n_links, sizeof(double));
    if (!p->design_group || !p->group_limit)
        return KV_ERR_MEMORY;
    p->n_groups = b->n_links;
    for (int j = 0; j < p->n_design; j++)
        p->design_group[j] = -1;
    kv_row_writer_init(&rows);
    for (int e = 0; e < b->n_links; e++) {
        int first = b->module_first[e], end = b->module_first[e + 1];
        p->group_limit[e] = 1;
        if (end - first >= 2)
            kv_row_begin(&rows, 'L', 1, "one:%s", b->link_id[e]);
        for (int i = first; i < end; i++) {
            p->design_group[i] = e;
            if (end - first >= 2)
                kv_row_design(&rows, i, 1);
        }
    }
    kv_free(p->side.design_first); /* the empty ones */
    kv_free(p->side.flow_first);
    p->side = (kv_rows){0};
    kv_status status = kv_row_writer_finish(&rows, &p->side);
    kv_row_writer_clear(&rows);
    return status;
}

static kv_status add_numbers(builder *w, kv_messages *messages)
{
    kv_status status = add_demands(w);
    if (status == KV_OK)
        status = add_modules(w, messages);
    if (status != KV_OK)
        return status;
    add_flows(w);
    w->p->constant = w->b->sunk_cost;
    status = kv_benchmark_use(w->p, w->resource_of_arc, w->p->n_arcs);
    if (status == KV_OK)
        status = kv_benchmark_supply(w->p, w->b->module_first, w->b->module_capacity);
    if (status == KV_OK)
        status = add_openings(w);
    if (status == KV_OK)
        status = add_rules(w);
    w->p->flow_grid = kv_benchmark_grid(w->p);
    return status;
}

kv_status kv_benchmark_build_sndlib(const kv_benchmark *benchmark, kv_problem **problem,
                                    kv_messages *messages)
{
    builder w = {.b = benchmark, .n_modules = benchmark->module_first[benchmark->n_links]};
    kv_status status = KV_ERR_INPUT;
    if (benchmark->n_links > INT_MAX / 4 || w.n_modules > INT_MAX / 4) {
        kv_messages_add(messages, KV_FAULT, NULL, NULL, "the network has too many links");
        goto out;
    }
    status = make_commodities(&w);
    if (status == KV_OK)
        status = make_shape(&w, messages);
    if (status == KV_OK)
        status = add_names(&w);
    if (status == KV_OK)
        status = add_numbers(&w, messages);
out:
    kv_free(w.commodity_of);
    kv_free(w.source);
    kv_free(w.resource_of_arc);
    kv_free(w.setup_of);
    kv_free(w.total);
    if (status == KV_OK)
        *problem = w.p;
    else
        kv_problem_free(w.p);
    return status;
}
