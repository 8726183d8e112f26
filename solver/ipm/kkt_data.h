/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kkt.c allocates, kkt_factor.c fills and kkt_solve.c uses; internal to solver/ipm. */
#ifndef KV_SOLVER_IPM_KKT_DATA_H
#define KV_SOLVER_IPM_KKT_DATA_H

#include "solver/ipm/group.h"
#include "solver/ipm/kkt.h"

/*
 * A block's system on its border, in the order design variables (n_local), dense linking rows,
 * global rows with flows; column-major, lower triangle. The groups are cut into tiles, each with a
 * matrix of its own; they are summed into the first one, in which then the middle part becomes its
 * Cholesky factor C, the parts beside it E = C^-1 [y, G], and the others lose E'E. Columns of the
 * design variables are cut into panels, to be worked on at once.
 */
typedef struct kv_block_system {
    kv_columns columns;
    kv_group *group;       /* [n_groups] */
    int n_tiles, *tile;    /* [n_tiles + 1] groups */
    double **matrix;       /* [n_tiles] -> [order squared] */
    double **part;         /* [n_tiles] -> [order] contributions of a solve */
    unsigned char *failed; /* [n_tiles] */
    int n_panels;
} kv_block_system;

typedef struct kv_kkt_work { /* of one worker */
    kv_group_work group;
    double *rows, *permuted; /* one value a flow row of a block */
    double *opening;         /* one value an opening row of a column */
} kv_kkt_work;

typedef struct kv_kkt_task { /* of a block: a tile of its groups or a panel of its border */
    int block, part;
} kv_kkt_task;

struct kv_kkt {
    const kv_block_lp *lp;
    kv_threads *threads;
    kv_block_system *system;
    kv_kkt_work *work;
    int n_work;
    int n_tiles, n_panels;     /* of all blocks */
    kv_kkt_task *tile, *panel; /* [n_tiles], [n_panels] */
    double *h, *n, *m; /* H (n_y squared), C_H^-1 N' (n_y x n_global), K (n_global squared) */
    const kv_theta *theta;
    kv_row_vector *rhs;
    double *y;
    double regular;
};

#endif
