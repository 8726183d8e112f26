/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cheapest ways over a graph with costs that are not negative (Dijkstra 1959, binary heap). */
#ifndef KV_REPORTS_WAYS_GRAPH_H
#define KV_REPORTS_WAYS_GRAPH_H

#include "base/status.h"

typedef struct kv_ways_graph {
    int n_nodes, n_edges;
    int *tail, *head;          /* [n_edges], copied */
    int *out_first, *out_edge; /* [n_nodes + 1], [n_edges] edges by tail */
    int *in_first, *in_edge;   /* the same by head */
    int *heap, *place;         /* [n_nodes] room for a run */
} kv_ways_graph;

/* KV_OK or KV_ERR_MEMORY; clear in either case. */
kv_status kv_ways_graph_create(int n_nodes, int n_edges, const int *tail, const int *head,
                               kv_ways_graph *graph);
void kv_ways_graph_clear(kv_ways_graph *graph);

/*
 * distance[v] [n_nodes]: on entry the cost at which a way may begin at v (INFINITY = it cannot), on
 * return the cost of the cheapest way to v (with `reverse`: from v). via[v] [n_nodes]: the last
 * (with `reverse`: first) edge of that way, -1 = it begins here or there is none. An edge of cost
 * INFINITY is closed; negative costs count as 0. Ties go to the lower edge that was seen first.
 */
void kv_ways_graph_shortest(kv_ways_graph *graph, const double *cost, int reverse, double *distance,
                            int *via);

#endif
