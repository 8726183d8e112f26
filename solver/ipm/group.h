/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a group (the flows of one commodity in a block) takes off the Schur complement on the
 * block's border (columns.h): P' C^-1 P = Z' Z with Z = L^-1 P, P = B Phi p over the group's flows.
 * Where networks are sparse, so are L, P and Z but for the rows eliminated last: the pattern of Z
 * is found once, rows with few entries are multiplied entry by entry and the full ones by BLAS.
 * Where they are dense, L is inverted: B has two entries a column, so that a column of Z is a sum
 * of differences of two columns of L^-1; the product is left to BLAS.
 */
#ifndef KV_SOLVER_IPM_GROUP_H
#define KV_SOLVER_IPM_GROUP_H

#include "solver/ipm/columns.h"
#include "solver/ipm/laplacian.h"

typedef struct kv_group {
    kv_laplacian c;
    int n_touched, *touched; /* border indices that the group's flows enter, ascending */
    int *first, *index;      /* [c.n + 1] Z by rows in elimination order: positions in touched */
    int *tail_at, *head_at;  /* entries of the group's columns: where in Z they begin, -1 = none */
    int n_full;
    unsigned char *full; /* [c.n] 1 = the row of Z goes to BLAS */
    int dense;        /* 1 = L is inverted; first, index, full are not used, and tail_at is the */
    int *tail, *head; /* entry's position in touched; [columns] places of the ends, -1 = none */
    double work;      /* roughly the time of a factorisation, in ns */
} kv_group;

/* Group g of a block; kv_group_free also after a failure. KV_OK or KV_ERR_MEMORY. */
kv_status kv_group_create(const kv_columns *columns, int g, kv_group *group);
void kv_group_free(kv_group *group);

typedef struct kv_group_work { /* of one worker, large enough for all groups */
    double *z;                 /* entries of Z */
    double *row;               /* [n_touched] zeros between calls */
    double *stack;             /* [n_full * n_touched], or L^-1 */
    double *update;            /* [n_touched squared] */
} kv_group_work;

/* Sizes of the work that the group needs. */
size_t kv_group_entries(const kv_group *group); /* of z */
size_t kv_group_stack(const kv_group *group);

/* Factor C for the columns' phi and subtract P' C^-1 P from the lower triangle of matrix
 * (column-major, columns->order squared). 0, or -1 when C is not positive definite. */
int kv_group_subtract(kv_group *group, const kv_columns *columns, int g, double regular,
                      kv_group_work *work, double *matrix);

#endif
