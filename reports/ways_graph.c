/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/ways_graph.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Edges by the node in `end`. */
static void index_edges(int n_nodes, int n_edges, const int *end, int *first, int *edge)
{
    for (int e = 0; e < n_edges; e++)
        first[end[e] + 1]++;
    for (int v = 0; v < n_nodes; v++)
        first[v + 1] += first[v];
    for (int e = 0; e < n_edges; e++)
        edge[first[end[e]]++] = e;
    for (int v = n_nodes; v > 0; v--)
        first[v] = first[v - 1];
    first[0] = 0;
}

kv_status kv_ways_graph_create(int n_nodes, int n_edges, const int *tail, const int *head,
                               kv_ways_graph *graph)
{
    size_t nodes = (size_t)n_nodes, edges = (size_t)n_edges;
    *graph = (kv_ways_graph){.n_nodes = n_nodes, .n_edges = n_edges};
    graph->tail = kv_alloc(edges, sizeof(int));
    graph->head = kv_alloc(edges, sizeof(int));
    graph->out_first = kv_alloc(nodes + 1, sizeof(int));
    graph->in_first = kv_alloc(nodes + 1, sizeof(int));
    graph->out_edge = kv_alloc(edges, sizeof(int));
    graph->in_edge = kv_alloc(edges, sizeof(int));
    graph->heap = kv_alloc(nodes, sizeof(int));
    graph->place = kv_alloc(nodes, sizeof(int));
    if (!graph->tail || !graph->head || !graph->out_first || !graph->in_first || !graph->out_edge ||
        !graph->in_edge || !graph->heap || !graph->place)
        return KV_ERR_MEMORY;
    if (n_edges > 0) {
        memcpy(graph->tail, tail, edges * sizeof(int));
        memcpy(graph->head, head, edges * sizeof(int));
    }
    index_edges(n_nodes, n_edges, graph->tail, graph->out_first, graph->out_edge);
    index_edges(n_nodes, n_edges, graph->head, graph->in_first, graph->in_edge);
    return KV_OK;
}

void kv_ways_graph_clear(kv_ways_graph *graph)
{
    kv_free(graph->tail);
    kv_free(graph->head);
    kv_free(graph->out_first);
    kv_free(graph->in_first);
    kv_free(graph->out_edge);
    kv_free(graph->in_edge);
    kv_free(graph->heap);
    kv_free(graph->place);
    *graph = (kv_ways_graph){0};
}

/* ---- a heap of nodes by distance, ties by node ---- */

static int before(const double *distance, int a, int b)
{
    return distance[a] < distance[b] || (distance[a] == distance[b] && a < b);
}

static void put(kv_ways_graph *graph, int at, int node)
{
    graph->heap[at] = node;
    graph->place[node] = at;
}

static void rise(kv_ways_graph *graph, const double *distance, int node)
{
    int at = graph->place[node];
    while (at > 0 && before(distance, node, graph->heap[(at - 1) / 2])) {
        put(graph, at, graph->heap[(at - 1) / 2]);
        at = (at - 1) / 2;
    }
    put(graph, at, node);
}

static int take_first(kv_ways_graph *graph, const double *distance, int *size)
{
    int first = graph->heap[0], node = graph->heap[--*size], at = 0;
    for (;;) {
        int child = 2 * at + 1;
        if (child >= *size)
            break;
        if (child + 1 < *size && before(distance, graph->heap[child + 1], graph->heap[child]))
            child++;
        if (!before(distance, graph->heap[child], node))
            break;
        put(graph, at, graph->heap[child]);
        at = child;
    }
    put(graph, at, node);
    graph->place[first] = -2;
    return first;
}

static void reach(kv_ways_graph *graph, int node, int *size, const double *distance)
{
    if (graph->place[node] == -1)
        put(graph, (*size)++, node);
    rise(graph, distance, node);
}

void kv_ways_graph_shortest(kv_ways_graph *graph, const double *cost, int reverse, double *distance,
                            int *via)
{
    const int *first = reverse ? graph->in_first : graph->out_first;
    const int *edges = reverse ? graph->in_edge : graph->out_edge;
    const int *end = reverse ? graph->tail : graph->head;
    int size = 0;
    for (int v = 0; v < graph->n_nodes; v++) {
        via[v] = -1;
        graph->place[v] = -1;
    }
    for (int v = 0; v < graph->n_nodes; v++) {
        if (isfinite(distance[v]))
            reach(graph, v, &size, distance);
    }
    while (size > 0) {
        int v = take_first(graph, distance, &size);
        for (int i = first[v]; i < first[v + 1]; i++) {
            int e = edges[i], to = end[e];
            double next = distance[v] + fmax(0, cost[e]);
            if (!(next < distance[to]) || graph->place[to] == -2)
                continue;
            distance[to] = next;
            via[to] = e;
            reach(graph, to, &size, distance);
        }
    }
}
