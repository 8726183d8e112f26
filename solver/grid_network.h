/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One network with flows in whole numbers, to be balanced and rounded exactly. */
#ifndef KV_SOLVER_GRID_NETWORK_H
#define KV_SOLVER_GRID_NETWORK_H

#include "base/status.h"

#include <stdint.h>

typedef struct kv_grid_network {
    int n_nodes, n_arcs;
    int *tail, *head; /* [n_arcs] */
    double *weight;   /* [n_arcs] the flow as it was: large ones take up what is left over */
    int64_t *flow;    /* [n_arcs] >= 0 */
    int64_t *excess;  /* [n_nodes] outflow - inflow as it should be */
    int64_t slack;    /* what a connected part may miss in all, at one node of it */
    /* room for the work */
    int *order, *parent, *parent_arc, *queue; /* [n_arcs], [n_nodes], ... */
    int *first, *next; /* [n_nodes] and [2 * n_arcs]: lists of arc ends, 2 a + (1 at the head) */
} kv_grid_network;

/* Room for at most this many nodes and arcs. KV_OK or KV_ERR_MEMORY. End with the clear function. */
kv_status kv_grid_network_reserve(kv_grid_network *network, int n_nodes, int n_arcs);
void kv_grid_network_clear(kv_grid_network *network);

/* Change the flows, mainly the large ones, until outflow - inflow = excess at every node and none
 * is negative. KV_ERR_NUMERIC if that can't be (the flows are then of no use), KV_ERR_MEMORY. */
kv_status kv_grid_network_balance(kv_grid_network *network);

/* Round each flow of a balanced network to a multiple of `unit` next below or above, keeping the
 * balances, which are multiples of it. KV_ERR_NUMERIC if they are not. */
kv_status kv_grid_network_round(kv_grid_network *network, int64_t unit);

#endif
