/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dense linear algebra in plain loops, to compare with. Matrices are column-major. */
#ifndef KV_TESTS_BENCH_SUPPORT_REFERENCE_H
#define KV_TESTS_BENCH_SUPPORT_REFERENCE_H

/* a (n x n, lower triangle) becomes its Cholesky factor. 0, or -1 when it has none. */
int reference_cholesky(int n, double *a, int ld);
/* v [n] becomes L^-1 v, or L'^-1 v. */
void reference_solve(int n, const double *l, int ld, double *v, int transposed);
/* inverse (n x n) = L^-1, with zeros above the diagonal. */
void reference_invert(int n, const double *l, double *inverse);
/* c (n x n, lower triangle) += sign * Z'Z for Z of k rows and n columns. */
void reference_update(int n, int k, const double *z, double sign, double *c, int ld);
/* c (n x n, lower triangle, leading dimension ldc) -= A A' for A of n rows and k columns. */
void reference_subtract(int n, int k, const double *a, int lda, double *c, int ldc);
/* The n rows below the factor L (m x m) of a (leading dimension ld) become those times L'^-1. */
void reference_divide(int n, int m, double *a, int ld);

#endif
