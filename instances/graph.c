/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/graph.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

int kv_graph_add(kv_graph *graph, int from, int to)
{
    void *edges = graph->edges;
    if (kv_reserve(&edges, &graph->capacity, graph->n_edges + 1, sizeof(kv_edge)) != 0)
        return -1;
    graph->edges = edges;
    graph->edges[graph->n_edges++] = (kv_edge){from, to};
    return 0;
}

static int compare_edges(const void *left, const void *right)
{
    const kv_edge *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    return a->to < b->to ? -1 : a->to > b->to;
}

int kv_graph_sort(kv_graph *graph)
{
    graph->first = kv_alloc((size_t)graph->n_nodes + 2, sizeof(int));
    if (!graph->first)
        return -1;
    if (graph->n_edges > 0)
        qsort(graph->edges, graph->n_edges, sizeof(kv_edge), compare_edges);
    for (size_t i = 0; i < graph->n_edges; i++)
        graph->first[graph->edges[i].from + 1]++;
    for (int v = 0; v < graph->n_nodes; v++)
        graph->first[v + 1] += graph->first[v];
    return 0;
}

void kv_graph_clear(kv_graph *graph)
{
    kv_free(graph->edges);
    kv_free(graph->first);
    *graph = (kv_graph){0};
}

/* A depth-first search: the nodes on the way, the next edge to look at from each, and the place of
 * a node on the way (0 = not on it, -1 = done with). */
typedef struct search {
    int *path, *edge, *place;
    int n;
} search;

static void search_push(const kv_graph *graph, search *state, int node)
{
    state->path[state->n] = node;
    state->edge[state->n++] = graph->first[node];
    state->place[node] = state->n;
}

static int search_from(const kv_graph *graph, int start, search *state,
                       void (*found)(void *, const int *, int), void *context)
{
    int told = 0;
    search_push(graph, state, start);
    while (state->n > 0) {
        int node = state->path[state->n - 1];
        int edge = state->edge[state->n - 1]++;
        if (edge >= graph->first[node + 1]) {
            state->place[node] = -1;
            state->n--;
            continue;
        }
        int to = graph->edges[edge].to;
        if (state->place[to] == 0)
            search_push(graph, state, to);
        else if (state->place[to] > 0 && !told++)
            found(context, state->path + state->place[to] - 1, state->n - state->place[to] + 1);
    }
    return told;
}

int kv_graph_circles(const kv_graph *graph, void (*found)(void *context, const int *nodes, int n),
                     void *context)
{
    size_t n = (size_t)graph->n_nodes;
    search state = {kv_alloc(n, sizeof(int)), kv_alloc(n, sizeof(int)), kv_alloc(n, sizeof(int)),
                    0};
    int failed = !state.path || !state.edge || !state.place;
    for (int v = 0; v < graph->n_nodes && !failed; v++)
        if (state.place[v] == 0)
            search_from(graph, v, &state, found, context);
    kv_free(state.path);
    kv_free(state.edge);
    kv_free(state.place);
    return failed ? -1 : 0;
}

void kv_graph_reach(const kv_graph *graph, int start, unsigned char *reached, int *stack)
{
    int n = 0;
    memset(reached, 0, (size_t)graph->n_nodes);
    reached[start] = 1;
    stack[n++] = start;
    while (n > 0) {
        int node = stack[--n];
        for (int e = graph->first[node]; e < graph->first[node + 1]; e++) {
            int to = graph->edges[e].to;
            if (!reached[to])
                stack[n++] = to;
            reached[to] = 1;
        }
    }
}
