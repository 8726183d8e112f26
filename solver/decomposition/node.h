/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nodes of the tree: boxes, groups of which one is chosen, and where their relaxation ended. */
#ifndef KV_SOLVER_DECOMPOSITION_NODE_H
#define KV_SOLVER_DECOMPOSITION_NODE_H

#include "solver/decomposition/search.h"

typedef struct kv_node_point { /* shared by a node and its children */
    int users;
    double *design, *flow;       /* [n_design], [n_blocks * n_flows] */
    kv_multipliers *multipliers; /* with those of cuts */
} kv_node_point;

typedef struct kv_node {
    double bound;
    int record;            /* in the tree's records */
    int leaf;              /* 1 = cannot be split; its bound still counts */
    int dived;             /* 1 = a dive began here */
    double *lower, *upper; /* [n_design] */
    double *wish;          /* [n_design] the relaxation's design */
    unsigned char *chosen; /* [n_groups] 1 = at least one of the group */
    kv_node_point *point;  /* where its relaxation ended, or an ancestor's; NULL = not known */
} kv_node;

/* The root as the search has it. KV_OK or KV_ERR_MEMORY (nothing to be cleared then). */
kv_status kv_node_create_root(const kv_search *search, kv_node *node);
/* Bound, record, boxes, design, groups and point are the other's. KV_OK or KV_ERR_MEMORY (likewise). */
kv_status kv_node_copy(const kv_search *search, const kv_node *from, kv_node *to);
void kv_node_clear(kv_node *node);

/*
 * The relaxation of a node from its point, where there is one: result as of kv_cut_rounds_relax on `rounds`,
 * which no one else uses meanwhile. `drop` [side rows with groups] is room, and says what was left out. The
 * node's gap decides how well it is solved. *good = 0: it came to no good end; what there is of a result is
 * the caller's.
 */
kv_status kv_node_relax_near(const kv_search *search, kv_cut_rounds *rounds, const kv_node *node,
                             unsigned char *drop, kv_ipm_result *result, int *good);

/* The same with all flows and the opening rows that the root holds, as of kv_relaxation_solve; tolerance 0 =
 * a rough one. */
kv_status kv_node_relax_whole(kv_search *search, const kv_node *node, double tolerance,
                              unsigned char *drop, kv_ipm_result *result);

/* Take a copy of the result: its design is the node's, and its point where the children begin. KV_OK or
 * KV_ERR_MEMORY (no point is kept then). */
kv_status kv_node_take(const kv_search *search, kv_node *node, const kv_ipm_result *result);

#endif
