/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The proof of a search: leaves of a tree over the investments that leave no design out, each with
 * multipliers that bound its designs (docs/certificate.md).
 */
#ifndef KV_SOLVER_PROOF_H
#define KV_SOLVER_PROOF_H

#include "solver/engine.h"

/* sum of the designs <= rhs ('L') or >= rhs ('G'): whole numbers, so that "<= r" and ">= r + 1" leave
 * nothing out. */
typedef struct kv_branch {
    int count;
    int *design; /* [count] integer variables */
    char sense;
    double rhs;
} kv_branch;

typedef struct kv_leaf {
    int n_branches;
    kv_branch *branch;   /* [n_branches] from the root on; owned, with their designs */
    double *branch_rate; /* [n_branches] >= 0: multiplier of each branch's row in its <= form */
    int vector;          /* in the proof's pool */
    int n_side;          /* side rows with multipliers other than the vector's */
    int *side;           /* [n_side] */
    double *side_rate;   /* [n_side] */
    double bound;        /* of the leaf's designs; +infinity where there are none */
} kv_leaf;

struct kv_proof {
    int n_vectors, n_leaves;
    kv_multipliers **vector; /* [n_vectors] owned */
    kv_leaf *leaf;           /* [n_leaves] owned */
    int n_cuts;
    kv_cut **cut; /* [n_cuts] owned: the cuts that the vectors price */
    double bound; /* the least of the leaves' */
};

void kv_proof_free(kv_proof *proof); /* NULL is allowed */
/* Of these cuts, those that the proof's vectors price go to the proof; their places become NULL. KV_OK
 * or KV_ERR_MEMORY. */
kv_status kv_proof_take_cuts(kv_proof *proof, int n, kv_cut **cut);
void kv_leaf_clear(kv_leaf *leaf); /* what the leaf owns */

/* A leaf with room for its branches and side multipliers, all empty. KV_OK or KV_ERR_MEMORY. */
kv_status kv_leaf_create(int n_branches, int n_side, kv_leaf *leaf);
/* branch = sum of design[0 .. count-1] sense rhs. KV_OK or KV_ERR_MEMORY. */
kv_status kv_branch_create(int count, const int *design, char sense, double rhs, kv_branch *branch);

/* The boxes [n_design] of the designs that follow the branch, as far as they follow from it and from
 * the other boxes at once. */
void kv_branch_tighten(const kv_problem *problem, const kv_branch *branch, double *lower,
                       double *upper);

/* What multipliers say but for their side rows: any plan of the boxes costs at least
 * constant + sum_j design[j] y_j. */
typedef struct kv_bound_terms {
    double constant;
    double *design; /* [n_design], owned */
} kv_bound_terms;

kv_status kv_bound_terms_create(const kv_problem *problem, const kv_multipliers *multipliers,
                                kv_bound_terms *terms); /* KV_OK or KV_ERR_MEMORY */

/* The bound of a leaf with the terms of a vector and its multipliers `side` [side.count]; `lower` and
 * `upper` [n_design] are the boxes at the root. +infinity where a box is empty, -infinity without memory. */
double kv_leaf_bound(const kv_problem *problem, const kv_leaf *leaf, const kv_bound_terms *terms,
                     const double *side, const double *lower, const double *upper);

/* The bound that a proof proves, recomputed from its vectors (compensated sums, as
 * kv_bound_recompute); boxes as above, NULL = the problem's. */
double kv_proof_bound(const kv_problem *problem, const kv_proof *proof, const double *lower,
                      const double *upper);

#endif
