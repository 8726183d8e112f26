/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dense symmetric kernels on several threads: BLAS on one thread each, over tiles that do not depend
 * on the number of threads. Matrices are column-major, of symmetric ones the lower triangle counts;
 * what is above it is neither read nor written, but within a tile on the diagonal.
 */
#ifndef KV_SOLVER_IPM_DENSE_H
#define KV_SOLVER_IPM_DENSE_H

#include "base/parallel.h"

/*
 * The first m steps of a Cholesky factorisation of a (n x n, leading dimension lda):
 *
 *   [ A  .  ]    [ C        .        ]    A = C C',  E = B C^-T
 *   [ B  S  ] -> [ E   S - E E'      ]    (A m x m, S (n - m) x (n - m))
 *
 * 0, or -1 when A is not positive definite; a is spoilt then. n up to 60,000; `threads` may be NULL.
 */
int kv_dense_factor(kv_threads *threads, double *a, int lda, int n, int m);

/* c (n x n, leading dimension ldc) -= a a', a n x k of leading dimension lda. */
void kv_dense_update(kv_threads *threads, double *c, int ldc, int n, const double *a, int lda,
                     int k);

/* The same, c -= a' a with a k x n of leading dimension lda. */
void kv_dense_update_transposed(kv_threads *threads, double *c, int ldc, int n, const double *a,
                                int lda, int k);

#endif
