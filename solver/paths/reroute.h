/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A plan as paths, and neighbours of it that are found by taking paths away and putting their demands
 * back, one by one, where they cost least: the cost of flow, and of the levels that are still to be
 * climbed for it. Of a neighbour only loads and levels are kept, apart from those of the plan.
 */
#ifndef KV_SOLVER_PATHS_REROUTE_H
#define KV_SOLVER_PATHS_REROUTE_H

#include "solver/paths/evaluate.h"

typedef struct kv_reroute {
    const kv_shape *shape;
    unsigned char
        *usable; /* [n_groups] 0 = may not be raised; by the caller, before a plan is taken */

    /* The plan. */
    double cost;    /* of levels and flows */
    int *level;     /* [n_groups] */
    double *load;   /* [n_blocks * n_groups] */
    int n_paths;    /* those of a block together, in the order of blocks: */
    int *demand;    /* [n_paths] of the shape */
    double *amount; /* [n_paths] */
    int *first;     /* [n_paths + 1] arcs of a path: */
    int *arcs;
    unsigned char *away; /* [n_paths] 1 = not in the neighbour */

    /* The neighbour. */
    double new_cost;
    int *new_level;       /* [n_groups] */
    double *new_load;     /* [n_blocks * n_groups] */
    int *most_level;      /* [n_groups] highest level allowed */
    int *least_level;     /* [n_groups] levels paid for in advance */
    int n_taken;          /* demands that are to be put back: */
    int *taken;           /* [n_taken] */
    double *taken_amount; /* [n_demands] by demand */

    /* [n_groups] share of the cost of climbing that ways are found with; by the caller, 1 at first */
    double *discount;

    double work; /* elementary steps */

    /* room */
    size_t path_room, first_room, amount_room, arc_room, away_room;
    double *limit; /* [n_groups] what the neighbour's level lets on a group */
    int *in_first; /* [n_nodes + 1] arcs that may be used and enter a node: */
    struct kv_reroute_arc {
        int arc, tail, group;
        double use;
    } * in;
    double *distance; /* [n_nodes] */
    int *next;        /* [n_nodes] arc that leaves a node on its way */
    int *frontier;    /* [n_nodes] */
} kv_reroute;

kv_status kv_reroute_create(const kv_shape *shape, kv_reroute **reroute);
void kv_reroute_free(kv_reroute *reroute);

/* Take the plan of a solved evaluation. KV_OK or KV_ERR_MEMORY (there is no plan then). */
kv_status kv_reroute_take(kv_reroute *reroute, const kv_evaluation *evaluation);

/* Begin a neighbour at the plan. */
void kv_reroute_begin(kv_reroute *reroute);
/* Take away all paths through a group. */
void kv_reroute_clear(kv_reroute *reroute, int group);
/* A level more of a group is paid for in advance, unless it is on the highest that it may be on. */
void kv_reroute_raise(kv_reroute *reroute, int group);
/* Put back all that was taken, in the order of `taken`; levels that nothing needs are given up. 0, or
 * -1 when it can't be or costs more than the cutoff. */
int kv_reroute_insert(kv_reroute *reroute, double cutoff);

#endif
