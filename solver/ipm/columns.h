/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A block's flow columns with their opening rows eliminated. An opening row r holds one flow, its
 * slack and design variables: e x + s + t y = h. With Theta the flow's part of the diagonal and
 * sigma_r that of the slack, all opening rows of a column leave the system in closed form:
 *
 *   phi = 1 / (1/Theta + sum e^2/sigma)     in place of Theta, and
 *   p   = (l, -sum (e/sigma) t)             in place of the column l of linking rows,
 *
 * p over the block's border: its other linking rows, design variables of its rows, and global rows
 * with flows, in this order. Their own part on the design variables is -t' D^-1 t, with
 * D = diag(sigma) + Theta e e' a column. So opening rows cost next to nothing, however many.
 */
#ifndef KV_SOLVER_IPM_COLUMNS_H
#define KV_SOLVER_IPM_COLUMNS_H

#include "solver/ipm/block_lp.h"

typedef struct kv_columns {
    const kv_block *block;
    int order;           /* block->n_dense + n_local + global rows with flows */
    int n_local, *local; /* [n_local] -> y, ascending; on the border behind the linking rows */
    int *local_of;       /* border index of a linking row's y entry, parallel to block->y_index */
    int *first, *index;  /* [n_columns + 1] p by columns: border indices */
    double *value, *phi; /* of the diagonal at hand */
    int *slot;           /* y entries of opening rows: place in value; by y_first[n_dense] less */
    int *open_first, *open; /* [n_columns + 1] opening rows by columns: linking rows */
    double *entry;          /* of these: e, */
    double *ratio, *pivot;  /* e/sigma and the diagonal of D^-1, of the diagonal at hand */
    int most;               /* the most opening rows of a column */
} kv_columns;

/* n_y: design variables; n_global_flow: global rows with flows. kv_columns_free also after a
 * failure. KV_OK or KV_ERR_MEMORY. */
kv_status kv_columns_create(const kv_block *block, int n_y, int n_global_flow, kv_columns *columns);
void kv_columns_free(kv_columns *columns);

/* 1 = the border index is that of a design variable. */
static inline int kv_columns_is_design(const kv_columns *c, int index)
{
    return index >= c->block->n_dense && index < c->block->n_dense + c->n_local;
}

/* phi and p of columns from .. to - 1 for theta [n_columns], slack [n_linking]. */
void kv_columns_weigh(kv_columns *columns, int from, int to, const double *theta,
                      const double *slack, double regular);

/* matrix (lower, order x order) += sum phi p p' of the n columns in `list`, but on the design
 * variables -t' D^-1 t; the result's columns from .. to - 1 only. */
void kv_columns_add(const kv_columns *columns, const int *list, int n, int from, int to,
                    double *matrix);

/* The opening rows of column a, with right-hand sides in `linking` [n_linking]: D^-1 of them into out
 * [most], in the order of `open`. */
void kv_columns_solve(const kv_columns *columns, int a, const double *linking, double *out);

#endif
