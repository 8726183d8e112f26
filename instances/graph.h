/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small directed graph, for circles and for what follows from what. Internal to instances/. */
#ifndef KV_INSTANCES_GRAPH_H
#define KV_INSTANCES_GRAPH_H

#include <stddef.h>

typedef struct kv_edge {
    int from, to;
} kv_edge;

typedef struct kv_graph { /* start with {0} and n_nodes; end with kv_graph_clear */
    int n_nodes;
    kv_edge *edges;
    size_t n_edges, capacity;
    int *first; /* first[v] .. first[v + 1]: the edges that leave v, once sorted */
} kv_graph;

int kv_graph_add(kv_graph *graph, int from, int to); /* 0, or -1: out of memory */
int kv_graph_sort(kv_graph *graph);                  /* call after the last edge; 0 or -1 */
void kv_graph_clear(kv_graph *graph);

/*
 * Circles, at most one for each node where a search begins: `found` is given the nodes in order
 * (n of them, the last leads to the first). 0, or -1: out of memory.
 */
int kv_graph_circles(const kv_graph *graph, void (*found)(void *context, const int *nodes, int n),
                     void *context);

/* reached[v] = 1 for `start` and all that edges lead to from there; `stack` has room for n_nodes. */
void kv_graph_reach(const kv_graph *graph, int start, unsigned char *reached, int *stack);

#endif
