/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the tree splits a node: pseudocosts (Benichou and others, Mathematical Programming 1, 1971). What a
 * split gained, a unit of the distance that it moved a design and of what the design costs, is expected of
 * it again; of one that was never split the mean is expected.
 */
#ifndef KV_SOLVER_DECOMPOSITION_SPLIT_H
#define KV_SOLVER_DECOMPOSITION_SPLIT_H

#include "solver/decomposition/node.h"
#include "solver/proof.h"

typedef struct kv_split {
    int group, design; /* one of them, the other is -1 */
    double value;      /* of the design, or of the group together */
} kv_split;

typedef struct kv_splits {
    const kv_group_rows *groups;
    double *cost;    /* [n_design + n_groups] what a unit costs, of a group the dearest */
    double *sum;     /* [n_groups] room: of the designs at a node */
    kv_split *list;  /* [n_groups + n_design] room */
    double *gain[2]; /* [n_design + n_groups] of splits down and up, a unit of distance and cost */
    int *tried[2];
    double all_gain[2]; /* of all */
    long all_tried[2];
} kv_splits;

/* KV_OK or KV_ERR_MEMORY; to be cleared in any case. The rows must outlive it. */
kv_status kv_splits_create(const kv_group_rows *groups, kv_splits *splits);
void kv_splits_clear(kv_splits *splits);

/* All splits that its design leaves to a node, into `list` [n_groups + n_design]; their number. */
int kv_splits_list(kv_splits *splits, const kv_node *node, kv_split *list);

/* The split that promises most; 0 = the node's design is integral. */
int kv_splits_choose(kv_splits *splits, const kv_node *node, kv_split *split);

/* What the bound gained on one side of a split. */
void kv_splits_learn(kv_splits *splits, const kv_split *split, int up, double gain);

/* Narrow a child. */
void kv_split_apply(const kv_splits *splits, const kv_split *split, int up, kv_node *child);
/* The branch from a node to a child, as a row. KV_OK or KV_ERR_MEMORY. */
kv_status kv_split_branch(const kv_splits *splits, const kv_split *split, int up,
                          kv_branch *branch);

#endif
