/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The block LP while it is built; internal to solver/ipm. */
#ifndef KV_SOLVER_IPM_BUILDER_H
#define KV_SOLVER_IPM_BUILDER_H

#include "solver/ipm/block_lp.h"

#define KV_UNLIMITED 1e29

/* Working data while the LP is built; all arrays are freed at the end. */
typedef struct kv_builder {
    const kv_problem *problem;
    const kv_lp_options *options;
    kv_block_lp *lp;
    int *y_of;            /* [n_design] position among the free variables, -1 = fixed */
    double *flow_upper;   /* [n_flows] upper bounds in the block at hand */
    int *column_of;       /* [n_flows] column in the block at hand, -1 = none */
    int *parent;          /* [n_balances] union-find over balance rows */
    double *imbalance;    /* [n_balances] sum of d over a component, at its first row */
    int *row_of;          /* [n_balances] flow row in the block at hand, -1 = left out */
    int *coupling_block;  /* [coupling.count] its only block, -1 = several (global) */
    int *coupling_global; /* [coupling.count] global row, -1 = none */
    int *count;           /* [n_flows + 1] scratch */
    /* What belongs to block b, order[first[b]] ... order[first[b + 1] - 1]: opening rows of the
     * options, coupling rows within the block, flow entries of global rows. */
    int *opening_first, *opening_order;
    int *coupling_first, *coupling_order;
    int *global_first, *global_order;
    int *entry_global; /* [coupling flow entries] global row, -1 = none */
} kv_builder;

/* Sort what belongs to blocks by them, after kv_builder_sort_couplings. KV_OK or KV_ERR_MEMORY. */
kv_status kv_builder_sort_blocks(kv_builder *w);

/* What a resource offers when all designs are at the given values. */
double kv_builder_supply(const kv_builder *w, int block, int resource, const double *design);

/* A growing list of (row, column, value) entries of linking rows over flows, and over y. */
typedef struct kv_entry_list {
    int *row, *column;
    double *value;
    size_t count, row_capacity, column_capacity, value_capacity;
} kv_entry_list;

/* 0, or -1 when out of memory. */
int kv_entry_list_add(kv_entry_list *list, int row, int column, double value);
void kv_entry_list_free(kv_entry_list *list);
/* Sort entries by `key` (stable) into a compressed form. */
kv_status kv_entry_list_compress(const kv_entry_list *list, const int *key, const int *other, int n,
                                 int **first, int **index, double **value);

/* Bounds of the block's flows: m, or 0 where an opening set or a resource offers nothing. (No bound
 * from what a resource offers: its multiplier would be in no row, and no bound or cut could use it.) */
void kv_builder_bound_flows(kv_builder *w, int b);
/* Columns and flow rows of a block: one row of each connected component is left out. */
kv_status kv_builder_add_columns(kv_builder *w, int b);
kv_status kv_builder_add_linking(kv_builder *w, int b);
/* Which coupling rows lie within one block, and which are global. */
void kv_builder_sort_couplings(kv_builder *w);
/* Global rows: coupling rows over several blocks first, then side rows. */
kv_status kv_builder_add_global(kv_builder *w);

#endif
