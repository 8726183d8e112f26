/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What kkt.c allocates, kkt_factor.c fills and kkt_solve.c uses; internal to solver/ipm. */
#ifndef KV_SOLVER_IPM_KKT_DATA_H
#define KV_SOLVER_IPM_KKT_DATA_H

#include "solver/ipm/group.h"
#include "solver/ipm/kkt.h"

typedef struct kv_block_system {
    kv_group *group;  /* [n_groups] */
    double *schur;    /* (n_linking + g) squared, lower; linking part becomes its Cholesky factor */
    double *coupling; /* n_linking x (g + n_local): S_LG and T, then C^-1 of them */
    double *rest;     /* (g + n_local) squared: E'E, lower */
    int n_local;      /* design variables with entries in linking rows */
    int *local;       /* [n_local] -> y */
    int *local_of;    /* entries' local index, parallel to y_index */
    int failed;
} kv_block_system;

typedef struct kv_kkt_work { /* of one worker */
    kv_group_work group;
    double *rows, *permuted; /* one value a flow row of a block */
} kv_kkt_work;

struct kv_kkt {
    const kv_block_lp *lp;
    kv_threads *threads;
    kv_block_system *system;
    kv_kkt_work *work;
    int n_work;
    double *h, *n, *m; /* H (n_y squared), C_H^-1 N' (n_y x n_global), K (n_global squared) */
    double *rhs_y;     /* [n_y] */
    double **part;     /* [n_blocks] -> [g + n_local] contributions of a solve */
    const kv_theta *theta;
    kv_row_vector *rhs;
    double *y;
    double regular;
};

#endif
