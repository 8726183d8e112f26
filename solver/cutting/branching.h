/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Branch and cut on the investments: a tree of its own, whose nodes are LPs of the simplex method,
 * warm from their parents, and whose leaves prove the bound with the multipliers of these LPs.
 */
#ifndef KV_SOLVER_CUTTING_BRANCHING_H
#define KV_SOLVER_CUTTING_BRANCHING_H

#include "solver/cutting/cutset.h"
#include "solver/cutting/pool.h"
#include "solver/decomposition/record.h"
#include "solver/glpk_run.h"

typedef struct kv_basis { /* of an LP, shared by the children of a node */
    int users, rows;
    unsigned char *state;
} kv_basis;

/* One user less; the last one frees it. NULL is allowed. */
void kv_basis_drop(kv_basis *basis);

typedef struct kv_cut_node {
    double bound;
    int record, depth;
    kv_basis *basis; /* its parent's */
    int design, up;  /* the branch that leads here; design -1 = root */
    double distance; /* that the design was from its new bound in the parent */
} kv_cut_node;

typedef struct kv_branching {
    kv_glpk_run *run; /* at its root, solved */
    kv_cut_pool pool;
    kv_cutset *cutset;
    kv_records records;
    double *root_lower, *root_upper; /* [n_design] boxes of the root */
    double *design, *flow;           /* the LP's point */
    kv_cut_list found;               /* by the separation at hand */
    double *gain[2];                 /* [n_design] sums of the bound's gains a unit, down and up */
    int *tried[2];
    kv_cut_node *open;
    size_t n_open, open_room;
    double closed;          /* the least bound of leaves that are done */
    kv_multipliers *vector; /* of the LP just solved */
} kv_branching;

kv_status kv_branching_create(kv_glpk_run *run, kv_branching *branching);
void kv_branching_clear(kv_branching *branching);

/* Rounds of cuts at the root. KV_LP_OPTIMAL, or how the last LP ended. */
kv_lp_state kv_branching_root(kv_branching *branching, kv_status *status);
/* The tree, until the limits of the run end it. */
kv_status kv_branching_search(kv_branching *branching);
/* The proof of the tree so far, with its cuts, into the run's plan. KV_OK or KV_ERR_MEMORY. */
kv_status kv_branching_prove(kv_branching *branching);

/* ---- shared by the files of the tree ---- */

/* Solve the LP of the boxes in force; design, flow and vector are its point and multipliers, *bound
 * what they prove within the boxes. */
kv_lp_state kv_branching_solve(kv_branching *branching, double *bound, kv_status *status);
/* One round of cuts at the point: how many rows were added. */
kv_status kv_branching_separate(kv_branching *branching, double least, int most, int quick,
                                int *added);
/* The boxes of a record, into the model. */
void kv_branching_set_boxes(kv_branching *branching, int record);
/* The plan of the LP's point when its integers are whole: 1 = it is one. */
int kv_branching_whole(kv_branching *branching);
/* The design to branch on, -1 = none. May solve trial LPs from the basis at hand. */
int kv_branching_choose(kv_branching *branching, int depth, double bound);
/* A node with a bound above this needs no children. */
double kv_branching_level(const kv_branching *branching);

#endif
