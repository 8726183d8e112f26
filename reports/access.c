/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/access.h"

#include "base/memory.h"
#include "reports/doors.h"

#include <math.h>

kv_status kv_access_create(const kv_report *report, kv_access *access)
{
    const kv_problem *problem = report->problem;
    size_t arcs = (size_t)problem->n_arcs, nodes = (size_t)problem->n_nodes;
    *access = (kv_access){.report = report, .block = -1};
    access->door = kv_alloc((size_t)report->the_case->places.count, sizeof(int));
    access->flow = kv_alloc(arcs, sizeof(int));
    access->cost = kv_alloc(arcs, sizeof(double));
    access->hours = kv_alloc(arcs, sizeof(double));
    access->co2 = kv_alloc(arcs, sizeof(double));
    access->price = kv_alloc(arcs, sizeof(double));
    access->distance = kv_alloc(nodes, sizeof(double));
    access->via = kv_alloc(nodes, sizeof(int));
    if (!access->door || !access->flow || !access->cost || !access->hours || !access->co2 ||
        !access->price || !access->distance || !access->via)
        return KV_ERR_MEMORY;
    kv_doors(problem, report->map, report->the_case->places.count, access->door);
    return kv_ways_graph_create(problem->n_nodes, problem->n_arcs, problem->arc_tail,
                                problem->arc_head, &access->graph);
}

void kv_access_clear(kv_access *access)
{
    kv_ways_graph_clear(&access->graph);
    kv_free(access->door);
    kv_free(access->flow);
    kv_free(access->cost);
    kv_free(access->hours);
    kv_free(access->co2);
    kv_free(access->price);
    kv_free(access->distance);
    kv_free(access->via);
    *access = (kv_access){.block = -1};
}

void kv_access_block(kv_access *access, int block)
{
    const kv_problem *problem = access->report->problem;
    const kv_map *map = access->report->map;
    access->block = block;
    for (int a = 0; a < problem->n_arcs; a++)
        access->flow[a] = -1;
    for (int p = 0; p < problem->n_flows; p++) {
        int a = problem->flow_arc[p];
        if (access->flow[a] >= 0 || map->arc[a].kind > KV_ARC_TRANSFER ||
            map->commodity[problem->flow_commodity[p]].kind == KV_COMMODITY_EMPTY)
            continue;
        kv_flow_detail detail;
        kv_flow_explain(problem, map, block, p, &detail);
        access->flow[a] = p;
        access->cost[a] =
            detail.vehicle + detail.energy + detail.carbon + detail.toll_and_ice + detail.transfer;
        access->hours[a] = detail.hours;
        access->co2[a] = detail.co2_kg;
    }
}

/* Whether the product may use the arc (docs/mathematics.md section 2). */
static int may_use(const kv_report *report, const kv_product *product, const kv_arc_info *arc)
{
    const kv_case *c = report->the_case;
    if (arc->kind == KV_ARC_TRANSFER) {
        int handling = c->transfers.rows[arc->transfer].handling;
        return handling == KV_HANDLING_ANY || product->handling == KV_HANDLING_ANY ||
               handling == product->handling;
    }
    if (!product->road && c->technologies.rows[arc->technology].mode == KV_MODE_ROAD)
        return 0;
    if (arc->dangerous_only > 0)
        return product->dangerous;
    if (!product->dangerous)
        return 1;
    if (arc->kind == KV_ARC_LINK)
        return c->links.rows[arc->link].dangerous_goods;
    for (int i = 0; i < arc->path_count; i++) {
        if (!c->links.rows[report->map->path_links[arc->path_first + i]].dangerous_goods)
            return 0;
    }
    return 1;
}

/* Whether the arc is open and everything that it needs is there at all. */
static int is_open(const kv_access *access, const kv_usage *usage, int arc)
{
    const kv_problem *problem = access->report->problem;
    size_t block = (size_t)access->block;
    const double *use = problem->use + block * (size_t)problem->use_first[problem->n_flows];
    int flow = access->flow[arc];
    if (flow < 0 || !usage->open[block * (size_t)problem->n_arcs + (size_t)arc])
        return 0;
    for (int u = problem->use_first[flow]; u < problem->use_first[flow + 1]; u++) {
        size_t r = block * (size_t)problem->n_resources + (size_t)problem->use_resource[u];
        if (use[u] > 0 && usage->capacity[r] <= 0)
            return 0;
    }
    return 1;
}

void kv_access_lay(kv_access *access, int product, int place, int inward, int with_plan)
{
    const kv_report *report = access->report;
    const kv_usage *usage = with_plan ? &report->usage : &report->usage_nothing;
    const kv_product *row = &report->the_case->products.rows[product];
    for (int a = 0; a < report->problem->n_arcs; a++) {
        int usable = is_open(access, usage, a) && may_use(report, row, &report->map->arc[a]);
        access->price[a] = usable
                               ? access->cost[a] + access->hours[a] * row->value_of_time_eur_per_t_h
                               : (double)INFINITY;
    }
    for (int v = 0; v < report->problem->n_nodes; v++)
        access->distance[v] = (double)INFINITY;
    if (access->door[place] >= 0)
        access->distance[access->door[place]] = 0;
    kv_ways_graph_shortest(&access->graph, access->price, inward, access->distance, access->via);
}

kv_way kv_access_way(const kv_access *access, int place, int inward)
{
    kv_way way = {(double)NAN, (double)NAN, (double)NAN};
    int v = access->door[place];
    if (v < 0 || !isfinite(access->distance[v]))
        return way;
    way = (kv_way){access->distance[v], 0, 0};
    while (access->via[v] >= 0) {
        int a = access->via[v];
        way.hours += access->hours[a];
        way.co2_kg_per_t += access->co2[a];
        v = inward ? access->graph.head[a] : access->graph.tail[a];
    }
    return way;
}
