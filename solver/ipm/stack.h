/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nearly full rows of the Z = L^-1 P of many groups, stacked into one matrix of a few hundred rows,
 * so that BLAS has enough to do in a product Z' Z. Of groups with dense networks all rows are there,
 * found by columns: B has two entries a column, so that a column of Z is a sum of differences of two
 * columns of L^-1.
 */
#ifndef KV_SOLVER_IPM_STACK_H
#define KV_SOLVER_IPM_STACK_H

#include "base/parallel.h"
#include "solver/ipm/group.h"

typedef struct kv_stack {
    int n_groups, *group;    /* numbers of groups, ascending */
    int *row_at;             /* [n_groups + 1] where each one's rows begin */
    int n_rows;              /* of all of them */
    int n_touched, *touched; /* border indices that rows have, ascending */
    int *place;              /* [order] border index -> place in touched */
    int gaps;                /* 1 = border indices between them are not touched */
} kv_stack;

/* Stacks of the groups from .. to - 1 that have rows for them, within an order of the border. Where
 * these rows are too few for a stack, they are not marked any more. kv_stacks_free also after a
 * failure. KV_OK or KV_ERR_MEMORY. */
kv_status kv_stacks_create(kv_group *group, int from, int to, int order, kv_stack **stacks,
                           int *n_stacks);
void kv_stacks_free(kv_stack *stacks, int n_stacks);

/* The rows of the stack's i-th group: into z [n_rows x n_touched], column-major. The group has been
 * eliminated, with its values. */
void kv_stack_fill(const kv_stack *stack, int i, const kv_group *group, const kv_columns *columns,
                   const double *values, kv_group_work *work, double *z);

/* matrix (lower triangle, order x order) -= z' z; `update` [n_touched squared] of a stack with gaps,
 * else NULL. */
void kv_stack_subtract(const kv_stack *stack, kv_threads *threads, const double *z, double *update,
                       int order, double *matrix);

#endif
