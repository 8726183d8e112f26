/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cheapest flows of one block for given levels: the path formulation
 *
 *   min  sum_p c_p x_p
 *        sum over the paths of demand i  x_p          = d_i      each demand
 *        sum over the paths through g    use_gp x_p  <= u_g      each group with a capacity
 *        x >= 0
 *
 * by the primal simplex method in which one basic path of each demand, its key path, is eliminated
 * with the demand's row (Dantzig and Van Slyke 1967; for multicommodity flow Farvolden, Powell and
 * Lustig 1993): what is left is a basis of as many rows as groups are full, whose inverse is dense.
 * Entering paths are the shortest under the groups' prices (Dijkstra). Arcs of closed groups cost so
 * much that nobody stays on them; so the basis stays primal feasible when levels change, and a solve
 * goes on from the last one. A capacity that is lowered below its load is at first exceeded at such a
 * price too. A demand without any way is left on none, at that price.
 */
#ifndef KV_SOLVER_PATHS_ROUTING_H
#define KV_SOLVER_PATHS_ROUTING_H

#include "base/status.h"
#include "solver/paths/shape.h"

typedef struct kv_routing kv_routing;

/* All groups on level 0, nothing routed. The shape must outlive it. KV_OK or KV_ERR_MEMORY; the
 * caller frees *routing in any case. */
kv_status kv_routing_create(const kv_shape *shape, int block, kv_routing **routing);
void kv_routing_free(kv_routing *routing);

/* Give `to` the levels, the basis and the flows of `from`, of the same shape and block and at the same
 * costs. KV_OK or KV_ERR_MEMORY (nothing changed). */
kv_status kv_routing_copy(kv_routing *to, const kv_routing *from);

/* What a group offers from now on: 0 = closed, HUGE_VAL = no limit. */
void kv_routing_offer(kv_routing *routing, int group, double offers);
/* Other costs of the arcs [n_arcs] from now on, >= 0 (NULL = the shape's); copied. */
void kv_routing_price(kv_routing *routing, const double *cost);

/* The cheapest flows. *cost by the costs in force, HUGE_VAL when not all can be served. KV_OK or
 * KV_ERR_MEMORY. */
kv_status kv_routing_solve(kv_routing *routing, double *cost);

/* A lower bound of the cheapest flows at the costs in force, by the prices that `solved`, of the same shape
 * and block, ended with (Lagrange): the shortest ways under them, less what they pay for capacities. */
double kv_routing_bound(kv_routing *routing, const kv_routing *solved);

/* Of the last solve: how much of each group is used [n_groups], owned by the routing. */
const double *kv_routing_load(const kv_routing *routing);

typedef struct kv_routing_path {
    int demand;      /* of the shape */
    double amount;   /* > 0 */
    int length;      /* arcs; 0 = the demand's own way */
    const int *arcs; /* [length] of the shape, from origin to destination */
} kv_routing_path;

/* The paths with flow, one after the other: *next is 0 at first. 1 while there is one. */
int kv_routing_next(const kv_routing *routing, int *next, kv_routing_path *path);

/* Elementary steps since creation, for limits on work: about a nanosecond each. */
double kv_routing_work(const kv_routing *routing);

#endif
