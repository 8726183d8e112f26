/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/bottleneck.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

typedef struct obstacle {
    char *name;
    double weight; /* multiplier times use, EUR/t weighted: how tight it is */
} obstacle;

typedef struct obstacles {
    obstacle *items;
    size_t capacity;
    int count, failed;
} obstacles;

kv_status kv_ways_create(const kv_report *report, int commodity, kv_ways *ways)
{
    const kv_problem *problem = report->problem;
    int first = problem->commodity_flow_first[commodity];
    int count = problem->commodity_flow_first[commodity + 1] - first;
    *ways = (kv_ways){
        .report = report, .commodity = commodity, .first = first, .count = count, .block = -1};
    size_t nodes = (size_t)problem->n_nodes, edges = (size_t)count;
    int *tail = kv_alloc(edges, sizeof(int)), *head = kv_alloc(edges, sizeof(int));
    ways->cost = kv_alloc(edges, sizeof(double));
    ways->distance = kv_alloc(nodes, sizeof(double));
    ways->via = kv_alloc(nodes, sizeof(int));
    kv_status status = KV_ERR_MEMORY;
    if (!tail || !head || !ways->cost || !ways->distance || !ways->via)
        goto out;
    for (int i = 0; i < count; i++) {
        tail[i] = problem->arc_tail[problem->flow_arc[first + i]];
        head[i] = problem->arc_head[problem->flow_arc[first + i]];
    }
    status = kv_ways_graph_create(problem->n_nodes, count, tail, head, &ways->graph);
out:
    kv_free(tail);
    kv_free(head);
    return status;
}

void kv_ways_clear(kv_ways *ways)
{
    kv_ways_graph_clear(&ways->graph);
    kv_free(ways->cost);
    kv_free(ways->distance);
    kv_free(ways->via);
    *ways = (kv_ways){.block = -1};
}

/* ---- the cheapest ways of a block ---- */

static size_t column(const kv_ways *ways, int block, int flow)
{
    return (size_t)block * (size_t)ways->report->problem->n_flows + (size_t)flow;
}

static int arc_kind(const kv_ways *ways, int flow)
{
    return ways->report->map->arc[ways->report->problem->flow_arc[flow]].kind;
}

/* First opening set of the arc in the block; *count of them. */
static int openings_of(const kv_problem *problem, int block, int arc, int *count)
{
    int low = 0, high = problem->n_openings;
    while (low < high) {
        int middle = low + (high - low) / 2;
        const kv_opening *at = &problem->openings[middle];
        if (at->block < block || (at->block == block && at->arc < arc))
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < problem->n_openings && problem->openings[low + *count].block == block &&
           problem->openings[low + *count].arc == arc)
        ++*count;
    return low;
}

/* Whether a flow moves goods and is open or could be opened in the block. */
static int could_move(const kv_ways *ways, int block, int flow)
{
    const kv_problem *problem = ways->report->problem;
    int kind = arc_kind(ways, flow), count;
    if (kind != KV_ARC_LINK && kind != KV_ARC_RANGE && kind != KV_ARC_TRANSFER)
        return 0;
    if (problem->flow_upper[column(ways, block, flow)] <= 0)
        return 0;
    int first = openings_of(problem, block, problem->flow_arc[flow], &count);
    for (int o = first; o < first + count; o++) {
        if (problem->openings[o].count == 0)
            return 0;
    }
    return 1;
}

/* Where a way may begin (reverse: end) by this flow, and at what cost; -1 = nowhere. */
static int start_of(const kv_ways *ways, int block, int flow, int reverse, double *cost)
{
    const kv_problem *problem = ways->report->problem;
    size_t at = column(ways, block, flow);
    int kind = arc_kind(ways, flow), arc = problem->flow_arc[flow];
    double x = ways->report->flow[at];
    int offers =
        reverse ? kind == KV_ARC_MARKET : kind == KV_ARC_SOURCE || kind == KV_ARC_PLANT_OUT;
    int waits = kind == (reverse ? KV_ARC_UNSERVED : KV_ARC_UNSOLD);
    if (offers && x < problem->flow_upper[at] * (1 - 1e-9) - 1e-6)
        *cost = problem->flow_cost[at];
    else if (waits && x > 0)
        *cost = -problem->flow_cost[at];
    else
        return -1;
    return (offers && reverse) || (waits && !reverse) ? problem->arc_tail[arc]
                                                      : problem->arc_head[arc];
}

/* Lay the cheapest ways; distances are NaN-free, INFINITY = none. Returns 0 if nothing begins. */
static int lay_ways(kv_ways *ways, int block, int reverse)
{
    const kv_problem *problem = ways->report->problem;
    int starts = 0;
    if (ways->block == block && ways->reverse == reverse)
        return ways->starts;
    ways->block = block;
    ways->reverse = reverse;
    ways->lowest = 0;
    for (int v = 0; v < problem->n_nodes; v++)
        ways->distance[v] = (double)INFINITY;
    for (int i = 0; i < ways->count; i++) {
        int flow = ways->first + i;
        double cost = 0;
        int v = start_of(ways, block, flow, reverse, &cost);
        if (v >= 0) {
            ways->distance[v] = fmin(ways->distance[v], cost);
            ways->lowest = starts++ ? fmin(ways->lowest, cost) : cost;
        }
        ways->cost[i] = could_move(ways, block, flow)
                            ? problem->flow_cost[column(ways, block, flow)]
                            : (double)INFINITY;
    }
    for (int v = 0; v < problem->n_nodes; v++)
        ways->distance[v] -= ways->lowest;
    kv_ways_graph_shortest(&ways->graph, ways->cost, reverse, ways->distance, ways->via);
    ways->starts = starts;
    return starts;
}

/* ---- what stands on a way ---- */

static void add_obstacle(obstacles *list, const kv_text *name, double weight)
{
    void *items = list->items;
    for (int i = 0; i < list->count && !name->failed; i++) {
        if (strcmp(list->items[i].name, name->data) == 0) {
            list->items[i].weight += weight;
            return;
        }
    }
    char *copy = name->failed ? NULL : kv_strdup(name->data);
    if (!copy ||
        kv_reserve(&items, &list->capacity, (size_t)list->count + 1, sizeof *list->items) != 0) {
        kv_free(copy);
        list->failed = 1;
        return;
    }
    list->items = items;
    list->items[list->count++] = (obstacle){copy, weight};
}

static void clear_obstacles(obstacles *list)
{
    for (int i = 0; i < list->count; i++)
        kv_free(list->items[i].name);
    kv_free(list->items);
}

/* Opening sets of the flow's arc that no built project meets. */
static void add_closed(const kv_ways *ways, int flow, obstacles *list)
{
    const kv_report *report = ways->report;
    const kv_problem *problem = report->problem;
    int count, first = openings_of(problem, ways->block, problem->flow_arc[flow], &count);
    for (int o = first; o < first + count; o++) {
        const kv_opening *opening = &problem->openings[o];
        kv_text name = {0};
        int last = -1;
        double sum = 0;
        kv_text_add(&name, "closed:");
        for (int i = opening->first; i < opening->first + opening->count; i++) {
            int j = problem->opening_design[i], project = report->map->design[j].project;
            sum += report->design[j];
            if (project == last)
                continue;
            kv_text_addf(&name, "%s%s", last >= 0 ? "/" : "",
                         report->the_case->projects.rows[project].project);
            last = project;
        }
        if (sum < 1e-6)
            add_obstacle(list, &name, 0);
        kv_text_clear(&name);
    }
}

/* Resources of the flow with nothing left. */
static void add_full(const kv_ways *ways, int flow, obstacles *list)
{
    const kv_problem *problem = ways->report->problem;
    const kv_multipliers *multipliers = ways->report->result->plan->multipliers;
    size_t row = (size_t)ways->block * (size_t)problem->n_resources;
    const double *use =
        problem->use + (size_t)ways->block * (size_t)problem->use_first[problem->n_flows];
    for (int u = problem->use_first[flow]; u < problem->use_first[flow + 1]; u++) {
        int r = problem->use_resource[u];
        if (use[u] <= 0 || !kv_usage_full(problem, &ways->report->usage, ways->block, r))
            continue;
        kv_text name = {0};
        kv_text_addf(&name, "full:%s", problem->resource_name[r]);
        add_obstacle(list, &name,
                     multipliers ? multipliers->resource[row + (size_t)r] * use[u] : 0);
        kv_text_clear(&name);
    }
}

/* The tightest first, else in the order of the way. */
static void write_obstacles(obstacles *list, kv_text *text)
{
    for (int i = 1; i < list->count; i++) {
        obstacle item = list->items[i];
        int k = i;
        for (; k > 0 && list->items[k - 1].weight < item.weight; k--)
            list->items[k] = list->items[k - 1];
        list->items[k] = item;
    }
    for (int i = 0; i < list->count; i++)
        kv_text_addf(text, "%s%s", i ? "+" : "", list->items[i].name);
    if (list->count == 0)
        kv_text_add(text, "unexplained");
}

kv_status kv_ways_bottleneck(kv_ways *ways, int block, int flow, kv_text *text)
{
    const kv_problem *problem = ways->report->problem;
    int reverse = arc_kind(ways, flow) == KV_ARC_UNSOLD, arc = problem->flow_arc[flow];
    int v = reverse ? problem->arc_tail[arc] : problem->arc_head[arc];
    obstacles list = {0};
    if (lay_ways(ways, block, reverse) == 0) {
        kv_text_add(text, reverse ? "demand" : "supply");
        return KV_OK;
    }
    if (!isfinite(ways->distance[v])) {
        kv_text_add(text, "no_route");
        return KV_OK;
    }
    if (ways->distance[v] + ways->lowest >= problem->flow_cost[column(ways, block, flow)]) {
        kv_text_add(text, "price");
        return KV_OK;
    }
    while (ways->via[v] >= 0) {
        int edge = ways->via[v];
        add_closed(ways, ways->first + edge, &list);
        add_full(ways, ways->first + edge, &list);
        v = reverse ? ways->graph.head[edge] : ways->graph.tail[edge];
    }
    write_obstacles(&list, text);
    clear_obstacles(&list);
    return list.failed || text->failed ? KV_ERR_MEMORY : KV_OK;
}
