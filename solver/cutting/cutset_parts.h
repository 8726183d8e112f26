/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the cutset separation share. Private to them. */
#ifndef KV_SOLVER_CUTTING_CUTSET_PARTS_H
#define KV_SOLVER_CUTTING_CUTSET_PARTS_H

#include "solver/cutting/cutset.h"

enum { NOT_TOUCHED = -2 };

typedef enum kv_crossing_use { KV_KEEP, KV_BY_RESOURCE, KV_BY_OPENING } kv_crossing_use;

/* The crossing flows of a set that use one resource (or, without one, lie on one arc). */
typedef struct kv_crossing {
    int resource; /* -1 = none that could replace them, NOT_TOUCHED = nothing crosses */
    int opener;   /* the design that opens all of them, -1 = none */
    double flow;  /* sum of x at the point */
    double least_use;
    double opened; /* sum of m o of the opening rows */
    kv_crossing_use use;
} kv_crossing;

struct kv_cutset {
    const kv_problem *problem;
    kv_derivation *derivation;
    int n_groups;
    int *group;                 /* [n_flows] resource, or n_resources + arc */
    int *opener;                /* [n_blocks * n_arcs] design that alone opens the arc, -1 = none */
    int *opening;               /* [n_blocks * n_arcs] its opening, -1 = none */
    int *arc_first, *arc_flow;  /* flows of an arc */
    int *node_first, *node_arc; /* arcs that leave or enter a node */
    int *balance_row;           /* [n_commodities * n_nodes] balance row, -1 = none */

    const double *design, *flow; /* the point */
    double least;
    int quick; /* 1 = all commodities of a set at once only */
    double deadline;
    double work; /* arcs and flows looked at in this separation */
    int *seed;   /* [n_nodes] in the order of what they need or offer, the most first */

    unsigned char *inside; /* [n_nodes] the set */
    int *members, n_members;
    double *demand; /* [n_commodities] what must leave it, 0 = not counted */
    double *all;    /* [n_commodities] the same of all commodities */
    double need;    /* sum of demand */
    int block;
    kv_crossing *crossing;   /* [n_groups] */
    int *touched, n_touched; /* groups that cross */

    double *rate;                /* [n_design] coefficient of y in the sum, negative */
    int *rated, n_rated;         /* designs with one */
    unsigned char *complemented; /* [n_design] */
    kv_source *source;           /* room */
    int n_sources, source_room;
    int *complement; /* [n_design] room */
};

/* Tell the best cuts of the set at hand (inside, members, block), for all commodities that must leave
 * it and for those that use one of its arcs. KV_OK or KV_ERR_MEMORY. */
kv_status kv_cutset_try(kv_cutset *cutset, kv_cutset_found *found, void *context);

#endif
