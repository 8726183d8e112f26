/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The point of the interior point and what is computed from it; internal to solver/ipm.
 *
 * Variables: x (0 <= x <= u), y (0 <= y <= 1), slacks of <= rows (>= 0). For each, z >= 0 is the
 * multiplier of its lower bound, w >= 0 of its upper bound (none for slacks). lambda are the
 * multipliers of the rows; of a <= row they are <= 0 and minus them is the slack's z.
 */
#ifndef KV_SOLVER_IPM_POINT_H
#define KV_SOLVER_IPM_POINT_H

#include "solver/ipm/ipm.h"
#include "solver/ipm/kkt.h"

/* One family of variables: those of a block, the linking slacks of a block, y, the global slacks. */
typedef struct kv_family {
    int n, bounded;      /* bounded: has upper bounds */
    const double *cost;  /* NULL = 0 */
    const double *upper; /* NULL when not bounded */
    const unsigned char
        *absent;           /* [n] 1 = no such variable (slack of an equality); NULL = all there */
    double *x, *z, *w;     /* values and multipliers */
    double *dx, *dz, *dw;  /* direction */
    double *ax, *az, *aw;  /* affine direction, kept for the corrector */
    double *rd, *rz, *rw;  /* right-hand sides: dual, complementarity */
    double *theta;         /* regularised */
    double *miss, *change; /* what dx leaves of its equation; dx to come */
    double *inverse_x, *inverse_v;   /* 1 / x and 1 / (upper - x) of the point at hand */
    double *column;                  /* A' lambda of the direction or point at hand */
    double primal_limit, dual_limit; /* the longest steps in [0, 1] that stay inside */
    double sum, cost_sum;            /* parts of complementarity and cost */
} kv_family;

typedef struct kv_point {
    const kv_block_lp *lp;
    const kv_ipm_options *options;
    kv_threads *threads;
    int n_families;
    kv_family *families; /* x of block 0.., slack of block 0.., y, global slack */
    kv_row_vector lambda, step, residual, work;
    kv_row_vector best; /* lambda of the best bound */
    double *y_work;
    kv_row_vector miss;  /* what the direction at hand leaves of the rows, then the correction */
    double regular;      /* on the diagonal of the rows, and of 1 / Theta */
    int wait;            /* iterations in which no more of it is tried */
    double *global_part; /* [n_blocks * n_global_flow] blocks' parts of global rows */
    double *bound_part;  /* [n_blocks] */
    double *miss_part;   /* [n_blocks] the largest entry of the block's rows in `miss` */
    kv_theta theta;
    kv_kkt *kkt;
    double mu, sigma;
    double target, wish_primal, wish_dual; /* of the corrector at hand */
    double primal, bound, violation;
    long n_complementary;
} kv_point;

static inline kv_family *kv_block_x(kv_point *s, int b)
{
    return &s->families[b];
}
static inline kv_family *kv_block_slack(kv_point *s, int b)
{
    return &s->families[s->lp->n_blocks + b];
}
static inline kv_family *kv_family_y(kv_point *s)
{
    return &s->families[2 * s->lp->n_blocks];
}
static inline kv_family *kv_global_slack(kv_point *s)
{
    return &s->families[2 * s->lp->n_blocks + 1];
}
/* 1 = the variable exists. */
static inline int kv_there(const kv_family *f, int i)
{
    return !f->absent || !f->absent[i];
}

/* Memory; kv_point_destroy also after a failed creation. `s` has lp, options and threads set. */
kv_status kv_point_create(kv_point *s);
void kv_point_destroy(kv_point *s);

/* Run task(s, b) for the blocks on the point's threads; it writes what belongs to block b. */
void kv_point_each_block(kv_point *s, void (*task)(kv_point *s, int b));

/* ---- row vectors: a block's rows, the global ones, or all ---- */

void kv_rows_set_rhs(const kv_block_lp *lp, kv_row_vector *v);
void kv_rows_clear_block(const kv_block_lp *lp, int b, kv_row_vector *v);
void kv_rows_copy(const kv_block_lp *lp, kv_row_vector *to, const kv_row_vector *from);
void kv_rows_add_block(const kv_block_lp *lp, int b, kv_row_vector *to, double factor,
                       const kv_row_vector *from);
void kv_rows_add_global(const kv_block_lp *lp, kv_row_vector *to, double factor,
                        const kv_row_vector *from);

/* The largest entry, those of linking and global rows relative to their right-hand side if > 1. */
double kv_rows_largest(const kv_block_lp *lp, const kv_row_vector *v);
double kv_rows_largest_block(const kv_block_lp *lp, int b, const kv_row_vector *v);
double kv_rows_largest_global(const kv_block_lp *lp, const kv_row_vector *v);

/* ---- products with the matrix ---- */

typedef enum kv_pick { KV_PICK_X, KV_PICK_DX, KV_PICK_CHANGE } kv_pick;
/* out = sign * (A v) + out over the rows, v given per family by `which`. */
void kv_point_multiply(kv_point *s, kv_pick which, double sign, kv_row_vector *out);
/* The block's part of it: its own rows, and global rows into global_part. */
void kv_point_multiply_block(kv_point *s, int b, kv_pick which, double sign, kv_row_vector *out);
/* What is left: blocks' parts of the global rows, y and slacks in them. */
void kv_point_multiply_global(kv_point *s, kv_pick which, double sign, kv_row_vector *out);
/* column = A' v of every family; of a block's; of y and the global slacks. */
void kv_point_multiply_transposed(kv_point *s, const kv_row_vector *v);
void kv_point_transposed_block(kv_point *s, int b, const kv_row_vector *v);
void kv_point_transposed_global(kv_point *s, const kv_row_vector *v);

/* ---- the point ---- */

/* Residuals, complementarity, primal value and bound of the point at hand. */
void kv_point_measure(kv_point *s);
/* The diagonal of an iteration from the point at hand. */
void kv_point_set_theta(kv_point *s);
/* Mehrotra's start: least-squares x and lambda, moved inside. KV_OK or KV_ERR_NUMERIC. */
kv_status kv_point_start(kv_point *s);
/* A point that is given, moved inside. KV_OK or KV_ERR_MEMORY. */
kv_status kv_point_resume(kv_point *s, const kv_ipm_start *start);
/* One iteration: factor, predictor, corrector, centrality correctors, step. KV_OK or
 * KV_ERR_NUMERIC. */
kv_status kv_point_iterate(kv_point *s);

/* lambda -> multipliers in MEUR, signs as in the mathematics: resource and other <= rows >= 0. */
kv_status kv_point_multipliers(kv_point *s, const kv_lp_options *lp_options, kv_ipm_result *result);
/* Design and flow in the problem's units. */
kv_status kv_point_values(kv_point *s, kv_ipm_result *result);

#endif
