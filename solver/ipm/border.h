/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the flows of a block add up to on its border (columns.h), flow and opening rows eliminated:
 * sum phi p p' - sum over the groups of P' C^-1 P, with what the border's rows have themselves.
 *
 * Groups are cut into tiles that are eliminated at once; then panels of the result's columns, few
 * enough to stay in a cache, take the sums of all groups in their order, and stacks (stack.h) their
 * products. So nothing depends on the threads, and there is one matrix only.
 */
#ifndef KV_SOLVER_IPM_BORDER_H
#define KV_SOLVER_IPM_BORDER_H

#include "base/parallel.h"
#include "solver/ipm/stack.h"

/* Entries of a row of a group's Z, from the first one in a panel on. */
typedef struct kv_border_row {
    const int *index; /* border indices */
    size_t at;        /* where their values begin */
    int here, all;    /* how many are in the panel, and how many there are */
} kv_border_row;

/* Entries of a group of pairs, those in a panel. */
typedef struct kv_border_pairs {
    int group, from, to;
} kv_border_pairs;

/* Some tiles, the values of whose groups are held together. */
typedef struct kv_border_batch {
    int first_tile, end_tile;
    int *column_first, *column; /* [n_panels + 1] flows with an entry in the panel */
    int *row_first;             /* [n_panels + 1] */
    kv_border_row *row;
    int *pairs_first; /* [n_panels + 1] */
    kv_border_pairs *pairs;
    kv_stack *stack;
    int n_stacks;
} kv_border_batch;

typedef struct kv_border {
    kv_columns columns;
    int order;          /* of columns */
    kv_group *group;    /* [n_groups] */
    size_t *value_at;   /* [n_groups] where in its batch a group's values begin */
    int n_tiles, *tile; /* [n_tiles + 1] groups */
    int n_panels, width;
    int n_batches;
    kv_border_batch *batch;
    double *matrix;        /* [order squared] the sum: column-major, lower triangle */
    unsigned char *failed; /* [n_tiles] */
} kv_border;

enum { KV_BORDER_VALUES = 4000000 }; /* of groups that are held together, as a rule */

/* n_y: design variables; n_global_flow: global rows with flows; together: 0 = all is done by one
 * thread; most_values: of groups in a batch, where a tile does not have more. kv_border_free also after a
 * failure. KV_OK or KV_ERR_MEMORY. */
kv_status kv_border_create(const kv_block *block, int n_y, int n_global_flow, int together,
                           size_t most_values, kv_border *border);
void kv_border_free(kv_border *border);

/* Scratch: `shared` once for each border that is at work, the rest for each thread. */
typedef struct kv_border_sizes {
    size_t values, stack, update;   /* shared */
    size_t order, inverse, columns; /* of a thread */
} kv_border_sizes;

typedef struct kv_border_shared {
    double *values, *stack, *update;
} kv_border_shared;

/* Raise the sizes to what the border needs. */
void kv_border_size(const kv_border *border, kv_border_sizes *sizes);
kv_status kv_border_shared_create(const kv_border_sizes *sizes, kv_border_shared *shared);
void kv_border_shared_free(kv_border_shared *shared);
kv_status kv_border_work_create(const kv_border_sizes *sizes, kv_group_work *work);
void kv_border_work_free(kv_group_work *work);

/* The sum for a diagonal: theta [n_columns], slack [n_linking]. `threads` may be NULL; work: of each
 * of them. 0, or -1 when a group's C is not positive definite. */
int kv_border_sum(kv_border *border, kv_threads *threads, const double *theta, const double *slack,
                  double regular, kv_border_shared *shared, kv_group_work *work);

#endif
