/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kkt.c allocates, kkt_factor.c fills and kkt_solve.c uses; internal to solver/ipm. */
#ifndef KV_SOLVER_IPM_KKT_DATA_H
#define KV_SOLVER_IPM_KKT_DATA_H

#include "solver/ipm/border.h"
#include "solver/ipm/kkt.h"

/*
 * A block's system on its border, in the order of columns.h: dense linking rows, design variables,
 * global rows with flows. In the border's matrix the first part becomes its Cholesky factor C, the
 * parts below it E = [y, G] C^-T, and the others lose E E'. Tiles are those of the border.
 */
typedef struct kv_block_system {
    kv_border border;
    double **part; /* [n_tiles] -> [order] contributions of a solve */
    int failed;
} kv_block_system;

typedef struct kv_kkt_work { /* of one worker */
    double *rows, *permuted; /* one value a flow row of a block */
    double *opening;         /* one value an opening row of a column */
} kv_kkt_work;

typedef struct kv_kkt_tile { /* of a block's groups */
    int block, part;
} kv_kkt_tile;

/*
 * Design variables in the border of a block are tied; of the others H has the diagonal 1/Theta_y
 * alone, so that they leave the system in closed form.
 */
typedef struct kv_tied {
    int n, *place;        /* [n_y] place among the tied ones, in order; -1 = loose */
    int *row_first, *row; /* [n_y + 1] entries of loose variables: global rows */
    double *value;
} kv_tied;

struct kv_kkt {
    const kv_block_lp *lp;
    kv_threads *threads;
    kv_block_system *system;
    kv_kkt_work *work;          /* [n_work] */
    kv_group_work *border_work; /* [n_work] */
    kv_border_shared *shared;   /* [n_work], the first one alone where there are few blocks */
    int n_work;
    int n_tiles; /* of all blocks */
    kv_kkt_tile *tile;
    kv_tied tied;
    double *h, *n, *m; /* H (tied squared), C_H^-1 N' (tied x n_global), K (n_global squared) */
    double *right;     /* [tied] right-hand side of H */
    const kv_theta *theta;
    kv_row_vector *rhs;
    double *y;
    double regular;
};

/* The first part of a factorisation: what rows and flows add up to on the borders of the blocks. 0,
 * or -1 when a group's C is not positive definite. */
int kv_kkt_sum_borders(kv_kkt *kkt, const kv_theta *theta, double regular);

enum { KV_KKT_FEW_BLOCKS = 4 }; /* fewer are worked on one after the other, by all threads */

#endif
