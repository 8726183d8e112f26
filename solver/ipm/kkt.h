/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The linear systems of the interior point. With Theta the diagonal of an iteration, for all
 * rows (F flow, L linking, G global) and the design variables y:
 *
 *   [ A Theta A' + slacks   A_y       ] [ dlambda ]   [ h   ]
 *   [ A_y'                  -1/Theta_y] [ dy      ] = [ g_y ]
 *
 * Flow rows are eliminated group by group (a dense Laplacian of order nodes - 1, Cholesky), their
 * part of the Schur complement on the linking rows is a symmetric rank-k update; linking rows are
 * eliminated block by block; what remains is dense in (y, G): H = 1/Theta_y + ... is positive
 * definite, and so is M + N H^-1 N' on the global rows. Work grows linearly with groups x blocks.
 */
#ifndef KV_SOLVER_IPM_KKT_H
#define KV_SOLVER_IPM_KKT_H

#include "base/parallel.h"
#include "solver/ipm/block_lp.h"

/* A vector over all rows: flow and linking rows block after block, then the global rows. */
typedef struct kv_row_vector {
    double **flow;    /* [n_blocks] -> [n_rows] */
    double **linking; /* [n_blocks] -> [n_linking] */
    double *global;   /* [n_global] */
} kv_row_vector;

kv_status kv_row_vector_create(const kv_block_lp *lp, kv_row_vector *vector);
void kv_row_vector_free(const kv_block_lp *lp, kv_row_vector *vector);

/* The diagonal of an iteration. */
typedef struct kv_theta {
    double **x;     /* [n_blocks] -> [n_columns] */
    double **slack; /* [n_blocks] -> [n_linking], 0 for equality rows */
    double *y;      /* [n_y] */
    double *global; /* [n_global] slack, 0 for equality rows */
} kv_theta;

typedef struct kv_kkt kv_kkt;

kv_status kv_kkt_create(const kv_block_lp *lp, kv_threads *threads, kv_kkt **kkt);
void kv_kkt_free(kv_kkt *kkt);

/* Factor for a diagonal; `regular` is added to the diagonal of the (scaled) rows.
 * KV_ERR_NUMERIC when a Cholesky factorisation breaks down: call again with more. */
kv_status kv_kkt_factor(kv_kkt *kkt, const kv_theta *theta, double regular);

/* Solve in place: on entry h and g_y, on return dlambda and dy. */
void kv_kkt_solve(kv_kkt *kkt, const kv_theta *theta, kv_row_vector *h, double *y);

#endif
