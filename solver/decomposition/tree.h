/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Branch and bound on the investments: best bound first, each node a relaxation by the interior
 * point. Of a group of designs of which at most one is chosen (the starts of a project) the first
 * split is none against at least one; after that, and elsewhere, single integers are split.
 */
#ifndef KV_SOLVER_DECOMPOSITION_TREE_H
#define KV_SOLVER_DECOMPOSITION_TREE_H

#include "solver/decomposition/record.h"
#include "solver/decomposition/search.h"

typedef struct kv_tree kv_tree;

/* A tree that holds the root only. `search` must have its root relaxation, and outlive the tree. */
kv_status kv_tree_create(kv_search *search, kv_tree **tree);
void kv_tree_free(kv_tree *tree);

/* Split the open node with the least bound: two relaxations. search->bound rises to the least bound
 * of all open nodes and leaves. *done = 1 when there is nothing left to split. */
kv_status kv_tree_step(kv_tree *tree, int *done);

/* Dive from the open node with the least bound, unless that was done before (*done = 1 then). */
kv_status kv_tree_dive(kv_tree *tree, int *done);

/* The proof of search->bound by the tree's leaves; the tree is of no use afterwards but to be freed.
 * KV_OK or KV_ERR_MEMORY. */
kv_status kv_tree_prove(kv_tree *tree, kv_proof **proof);

#endif
