/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sparse Cholesky factor of one group's C = B Theta B' + diagonal, the Laplacian of its network.
 * Networks of transport are nearly planar: eliminated in order of least degree (Tinney and Walker
 * 1967) their factors have a few entries a row. The structure is found once, values anew in each
 * iteration. C = P' L L' P. Where L comes out nearly full it is held as full, columns contiguous.
 */
#ifndef KV_SOLVER_IPM_LAPLACIAN_H
#define KV_SOLVER_IPM_LAPLACIAN_H

#include "base/status.h"

typedef struct kv_laplacian {
    int n, n_arcs;
    int dense;                /* 1 = L has all entries, loops run without indices */
    int *place;               /* [n] row -> place in elimination order */
    int *column_first, *row;  /* L by columns, rows ascending, the diagonal first */
    int *row_first;           /* [n + 1] L by rows, without the diagonal: */
    int *row_column, *row_at; /* columns ascending, and where the entry is in value */
    int *tail_at, *head_at;   /* [n_arcs] entry of the end's diagonal, -1 = none */
    int *pair_at;             /* [n_arcs] entry of the two ends together, -1 = none */
    double *value;            /* [column_first[n]] */
    double *reciprocal;       /* [n] of L's diagonal */
    int *link, *next;         /* [n] scratch of the factorisation */
    double *work;             /* [n] zeros between calls */
} kv_laplacian;

/* tail, head [n_arcs]: rows first_row .. first_row + n - 1, or -1. KV_OK or KV_ERR_MEMORY. */
kv_status kv_laplacian_create(int n, int first_row, int n_arcs, const int *tail, const int *head,
                              kv_laplacian *laplacian);
void kv_laplacian_free(kv_laplacian *laplacian); /* what it owns */

/* Factor for theta [n_arcs]; each diagonal d becomes d + regular + relative * d. 0, or -1 when it
 * is not positive definite. */
int kv_laplacian_factor(kv_laplacian *laplacian, const double *theta, double regular,
                        double relative);

/* inverse (n x n, column-major) = L^-1, rows and columns by place; zeros above the diagonal. */
void kv_laplacian_invert(const kv_laplacian *laplacian, double *inverse);

/* L^-1 (e_tail - e_head) [n] from an inverse, ends by place, -1 = none: entries from the row that is
 * returned on; those before it are 0 and not written. */
int kv_laplacian_difference(int n, const double *inverse, int tail, int head, double *difference);

/* v [n] becomes C^-1 v; `work` [n]. */
void kv_laplacian_solve(const kv_laplacian *laplacian, double *v, double *work);

#endif
