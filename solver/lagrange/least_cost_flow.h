/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flows of least cost in a small network, by shortest augmenting paths (Ahuja, Magnanti and Orlin
 * 1993, section 9.7): Dijkstra's method from all nodes that have too much, on reduced costs, and along
 * its tree to all that have too little. One source and sinks without bounds that bind take one tree.
 */
#ifndef KV_SOLVER_LAGRANGE_LEAST_COST_FLOW_H
#define KV_SOLVER_LAGRANGE_LEAST_COST_FLOW_H

#include "base/status.h"

typedef struct kv_least_cost_flow {
    int most_nodes, most_arcs;
    /* What the caller sets: nodes 0 .. n_nodes-1, arcs 0 .. n_arcs-1. */
    int n_nodes, n_arcs;
    int *tail, *head;     /* [n_arcs] nodes */
    double *cost, *upper; /* [n_arcs] finite; upper >= 0 */
    double *supply;       /* [n_nodes] out - in; what they don't add up to is left open */
    /* What it gets: */
    double *flow; /* [n_arcs] */
    double
        *potential; /* [n_nodes] pi: cost - pi_tail + pi_head is >= 0 below upper, <= 0 above 0 */

    int *first, *incident; /* [n_nodes + 1], [2 * n_arcs]: arcs at a node */
    double *excess, *distance;
    int *parent;       /* [n_nodes] arc of the tree, -1 = none */
    int *heap, *place; /* [n_nodes] nodes by distance; place -1 = not reached, -2 = settled */
    int *settled;      /* [n_nodes] in this order */
    int n_heap, n_settled;
} kv_least_cost_flow;

/* Room for networks up to this size. KV_OK or KV_ERR_MEMORY; the caller frees it in any case. */
kv_status kv_least_cost_flow_create(int most_nodes, int most_arcs, kv_least_cost_flow *network);
void kv_least_cost_flow_free(kv_least_cost_flow *network);

/* KV_OK, or KV_ERR_INFEASIBLE when some supply can't go where it is wanted. */
kv_status kv_least_cost_flow_solve(kv_least_cost_flow *network);

/* The dual value: sum of pi supply + sum of min(0, reduced cost) upper. */
double kv_least_cost_flow_value(const kv_least_cost_flow *network);

#endif
