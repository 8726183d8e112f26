/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a group (the flows of one commodity in a block) takes off the Schur complement on the
 * linking rows: P' C^-1 P = Z' Z with Z = L^-1 P, P the product of flow rows and linking rows.
 * L and P are sparse, and so is Z but for the rows eliminated last: the pattern of Z is found
 * once, rows with few entries are multiplied entry by entry and the full ones by BLAS.
 */
#ifndef KV_SOLVER_IPM_GROUP_H
#define KV_SOLVER_IPM_GROUP_H

#include "solver/ipm/block_lp.h"
#include "solver/ipm/laplacian.h"

typedef struct kv_group {
    kv_laplacian c;
    int n_touched, *touched; /* linking and global rows that the group's flows enter, ascending */
    int *first, *index;      /* [c.n + 1] Z by rows in elimination order: positions in touched */
    int *tail_at, *head_at;  /* entries of the group's columns: where in Z they begin, -1 = none */
    int n_full;
    unsigned char *full; /* [c.n] 1 = the row of Z goes to BLAS */
} kv_group;

/* Group g of a block; `order`: linking rows and global rows with flows. kv_group_free also after a
 * failure. KV_OK or KV_ERR_MEMORY. */
kv_status kv_group_create(const kv_block *block, int g, int order, kv_group *group);
void kv_group_free(kv_group *group);

typedef struct kv_group_work { /* of one worker, large enough for all groups */
    double *z;                 /* entries of Z */
    double *row;               /* [n_touched] zeros between calls */
    double *stack;             /* [n_full * n_touched] */
    double *update;            /* [n_touched squared] */
} kv_group_work;

/* Factor C for theta [columns of the block] and subtract P' C^-1 P from the lower triangle of schur
 * (column-major). 0, or -1 when C is not positive definite. */
int kv_group_subtract(kv_group *group, const kv_block *block, int g, const double *theta,
                      double regular, kv_group_work *work, double *schur, int order);

#endif
