/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The problems that the search on paths serves, in compact arrays. Served is a design problem in which
 *
 *   - there are no coupling rows and all designs are integer;
 *   - every commodity has one source or one sink in each block, so that it falls apart into demands
 *     of one origin and one destination;
 *   - all commodities may use all arcs at the same unit cost >= 0 and with the same use of at most one
 *     limited resource, but for arcs of one commodity alone from its origin to its destination that
 *     nothing opens and nothing limits (what is not served, at a price);
 *   - designs, the arcs that they open and the resources that they supply fall apart into groups: an
 *     arc with the design that opens it; a facility with its arcs; a link with its two arcs, modules
 *     and set-up. The arcs of a group have the same opening sets and a group has at most one
 *     resource; no flow's upper bound is less than what its group or its demand lets through;
 *   - what a design supplies and a resource has is the same in all blocks;
 *   - no side row that counts spans several groups.
 *
 * So Canad network design, facility location, modular networks with one or many modules a link, and
 * all of them with several blocks under common designs (two-stage stochastic network design).
 *
 * What can be built in a group is a ladder of levels: level 0 costs least, and each further one offers
 * more and costs no less (what is free is not built where nothing needs it). In a plan without a gain to be had each group is on a level of its ladder.
 */
#ifndef KV_SOLVER_PATHS_SHAPE_H
#define KV_SOLVER_PATHS_SHAPE_H

#include "formulations/problem.h"

typedef struct kv_shape_arc {
    int tail, head; /* nodes */
    int group;      /* -1 = always open and without limit */
    double use;     /* units of the group's capacity a unit of flow; 0 = no limit */
    int arc;        /* of the problem */
} kv_shape_arc;

typedef struct kv_shape_demand {
    int block, commodity;
    int origin, destination; /* nodes */
    int tree;                /* demands of one block and origin */
    double amount;           /* > 0 */
    double direct;           /* weight x unit cost of a way of its own; HUGE_VAL = none */
    int direct_flow;         /* flow column of that way, or -1 */
} kv_shape_demand;

typedef struct kv_shape {
    const kv_problem *problem;
    int n_nodes, n_blocks, n_arcs, n_groups, n_levels, n_demands, n_trees;
    int longest; /* arcs of the longest path without a node twice, at most */

    kv_shape_arc *arc; /* [n_arcs] by tail, then number in the problem */
    double *cost;      /* [n_blocks * n_arcs] weight x unit cost >= 0 */
    int *out_first;    /* [n_nodes + 1] arcs that leave a node */
    int *in_first;     /* [n_nodes + 1] arcs that enter a node: */
    int *in_arc;       /* [n_arcs] arc */
    int *flow_of;      /* [n_commodities * n_arcs] flow column, or -1 */

    kv_shape_demand *demand; /* [n_demands] by block, origin, commodity, destination */
    int *block_first;        /* [n_blocks + 1] demands of a block */

    int *group_first;     /* [n_groups + 1] arcs of a group: */
    int *group_arc;       /* arc */
    int *design_first;    /* [n_groups + 1] designs of a group: */
    int *design;          /* design */
    int *level_first;     /* [n_groups + 1] levels of a group, cheapest first */
    double *level_cost;   /* [n_levels] */
    double *level_offers; /* [n_levels] capacity in each block; 0 = closed, HUGE_VAL = no limit */
    size_t *level_value;  /* [n_levels] where its designs' values begin in `value` */
    double *value;        /* values of the group's designs, in the order of `design` */
    double *idle;         /* [n_design] values of designs in no group; 0 of others */
    double idle_cost;     /* what those cost */
} kv_shape;

/*
 * Recognise a problem. lower, upper [n_design]: boxes (NULL = the problem's); drop_side [side.count]
 * marks side rows that do not count (NULL = none). The problem must outlive the shape; boxes and rows
 * are copied. KV_OK; KV_ERR_ARGUMENT (not served), KV_ERR_INFEASIBLE (no design is in the boxes and
 * keeps the side rows), KV_ERR_MEMORY; *shape is NULL then.
 */
kv_status kv_shape_create(const kv_problem *problem, const double *lower, const double *upper,
                          const unsigned char *drop_side, kv_shape **shape);
void kv_shape_free(kv_shape *shape);

/* The design [n_design] of levels [n_groups], each counted from 0 within its group. */
void kv_shape_design(const kv_shape *shape, const int *level, double *design);
/* The levels of a design [n_design], rounded. Of a group in which it is on none: the least that offers
 * what the flows [n_blocks * n_flows] use, or without flows (NULL) or such a level the highest. */
void kv_shape_levels(const kv_shape *shape, const double *design, const double *flow, int *level);
/* Cost of levels, that of idle designs included. */
double kv_shape_cost(const kv_shape *shape, const int *level);

/* What level l (from 0) of a group offers. */
static inline double kv_shape_offers(const kv_shape *shape, int group, int level)
{
    return shape->level_offers[shape->level_first[group] + level];
}

static inline int kv_shape_ladder(const kv_shape *shape, int group) /* levels of a group */
{
    return shape->level_first[group + 1] - shape->level_first[group];
}

static inline double kv_shape_level_cost(const kv_shape *shape, int group, int level)
{
    return shape->level_cost[shape->level_first[group] + level];
}

#endif
