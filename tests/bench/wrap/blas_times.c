/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/wrap/blas_times.h"

#include <cblas.h>
#include <stdatomic.h>
#include <time.h>

static atomic_long calls, nanoseconds;
static atomic_long operations; /* thousands */

void blas_times_reset(void)
{
    atomic_store(&calls, 0);
    atomic_store(&nanoseconds, 0);
    atomic_store(&operations, 0);
}

blas_times blas_times_read(void)
{
    return (blas_times){atomic_load(&calls), 1e-9 * (double)atomic_load(&nanoseconds),
                        1e3 * (double)atomic_load(&operations)};
}

static long thread_time(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return 1000000000L * now.tv_sec + now.tv_nsec;
}

static void add(long start, double count)
{
    atomic_fetch_add(&nanoseconds, thread_time() - start);
    atomic_fetch_add(&calls, 1);
    atomic_fetch_add(&operations, (long)(1e-3 * count + 0.5));
}

/* What the linker calls: __real_X is X itself, __wrap_X what stands in its place. */

void __real_cblas_dsyrk(CBLAS_ORDER order, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, blasint n,
                        blasint k, double alpha, const double *a, blasint lda, double beta,
                        double *c, blasint ldc);
void __wrap_cblas_dsyrk(CBLAS_ORDER order, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, blasint n,
                        blasint k, double alpha, const double *a, blasint lda, double beta,
                        double *c, blasint ldc);
void __wrap_cblas_dsyrk(CBLAS_ORDER order, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, blasint n,
                        blasint k, double alpha, const double *a, blasint lda, double beta,
                        double *c, blasint ldc)
{
    long start = thread_time();
    __real_cblas_dsyrk(order, uplo, trans, n, k, alpha, a, lda, beta, c, ldc);
    add(start, 1.0 * n * (n + 1) * k);
}

void __real_cblas_dgemm(CBLAS_ORDER order, CBLAS_TRANSPOSE left, CBLAS_TRANSPOSE right, blasint m,
                        blasint n, blasint k, double alpha, const double *a, blasint lda,
                        const double *b, blasint ldb, double beta, double *c, blasint ldc);
void __wrap_cblas_dgemm(CBLAS_ORDER order, CBLAS_TRANSPOSE left, CBLAS_TRANSPOSE right, blasint m,
                        blasint n, blasint k, double alpha, const double *a, blasint lda,
                        const double *b, blasint ldb, double beta, double *c, blasint ldc);
void __wrap_cblas_dgemm(CBLAS_ORDER order, CBLAS_TRANSPOSE left, CBLAS_TRANSPOSE right, blasint m,
                        blasint n, blasint k, double alpha, const double *a, blasint lda,
                        const double *b, blasint ldb, double beta, double *c, blasint ldc)
{
    long start = thread_time();
    __real_cblas_dgemm(order, left, right, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    add(start, 2.0 * m * n * k);
}

void __real_cblas_dtrsm(CBLAS_ORDER order, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans,
                        CBLAS_DIAG diag, blasint m, blasint n, double alpha, const double *a,
                        blasint lda, double *b, blasint ldb);
void __wrap_cblas_dtrsm(CBLAS_ORDER order, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans,
                        CBLAS_DIAG diag, blasint m, blasint n, double alpha, const double *a,
                        blasint lda, double *b, blasint ldb);
void __wrap_cblas_dtrsm(CBLAS_ORDER order, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans,
                        CBLAS_DIAG diag, blasint m, blasint n, double alpha, const double *a,
                        blasint lda, double *b, blasint ldb)
{
    long start = thread_time();
    __real_cblas_dtrsm(order, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb);
    add(start, 1.0 * m * n * (side == CblasLeft ? m : n));
}

void __real_cblas_dtrmm(CBLAS_ORDER order, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans,
                        CBLAS_DIAG diag, blasint m, blasint n, double alpha, const double *a,
                        blasint lda, double *b, blasint ldb);
void __wrap_cblas_dtrmm(CBLAS_ORDER order, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans,
                        CBLAS_DIAG diag, blasint m, blasint n, double alpha, const double *a,
                        blasint lda, double *b, blasint ldb);
void __wrap_cblas_dtrmm(CBLAS_ORDER order, CBLAS_SIDE side, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans,
                        CBLAS_DIAG diag, blasint m, blasint n, double alpha, const double *a,
                        blasint lda, double *b, blasint ldb)
{
    long start = thread_time();
    __real_cblas_dtrmm(order, side, uplo, trans, diag, m, n, alpha, a, lda, b, ldb);
    add(start, 1.0 * m * n * (side == CblasLeft ? m : n));
}

void __real_cblas_dsymm(CBLAS_ORDER order, CBLAS_SIDE side, CBLAS_UPLO uplo, blasint m, blasint n,
                        double alpha, const double *a, blasint lda, const double *b, blasint ldb,
                        double beta, double *c, blasint ldc);
void __wrap_cblas_dsymm(CBLAS_ORDER order, CBLAS_SIDE side, CBLAS_UPLO uplo, blasint m, blasint n,
                        double alpha, const double *a, blasint lda, const double *b, blasint ldb,
                        double beta, double *c, blasint ldc);
void __wrap_cblas_dsymm(CBLAS_ORDER order, CBLAS_SIDE side, CBLAS_UPLO uplo, blasint m, blasint n,
                        double alpha, const double *a, blasint lda, const double *b, blasint ldb,
                        double beta, double *c, blasint ldc)
{
    long start = thread_time();
    __real_cblas_dsymm(order, side, uplo, m, n, alpha, a, lda, b, ldb, beta, c, ldc);
    add(start, 2.0 * m * n * (side == CblasLeft ? m : n));
}

void __real_cblas_dtrsv(CBLAS_ORDER order, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag,
                        blasint n, const double *a, blasint lda, double *x, blasint step);
void __wrap_cblas_dtrsv(CBLAS_ORDER order, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag,
                        blasint n, const double *a, blasint lda, double *x, blasint step);
void __wrap_cblas_dtrsv(CBLAS_ORDER order, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag,
                        blasint n, const double *a, blasint lda, double *x, blasint step)
{
    long start = thread_time();
    __real_cblas_dtrsv(order, uplo, trans, diag, n, a, lda, x, step);
    add(start, 1.0 * n * n);
}

void __real_cblas_dtrmv(CBLAS_ORDER order, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag,
                        blasint n, const double *a, blasint lda, double *x, blasint step);
void __wrap_cblas_dtrmv(CBLAS_ORDER order, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag,
                        blasint n, const double *a, blasint lda, double *x, blasint step);
void __wrap_cblas_dtrmv(CBLAS_ORDER order, CBLAS_UPLO uplo, CBLAS_TRANSPOSE trans, CBLAS_DIAG diag,
                        blasint n, const double *a, blasint lda, double *x, blasint step)
{
    long start = thread_time();
    __real_cblas_dtrmv(order, uplo, trans, diag, n, a, lda, x, step);
    add(start, 1.0 * n * n);
}

void __real_cblas_dgemv(CBLAS_ORDER order, CBLAS_TRANSPOSE trans, blasint m, blasint n,
                        double alpha, const double *a, blasint lda, const double *x, blasint stepx,
                        double beta, double *y, blasint stepy);
void __wrap_cblas_dgemv(CBLAS_ORDER order, CBLAS_TRANSPOSE trans, blasint m, blasint n,
                        double alpha, const double *a, blasint lda, const double *x, blasint stepx,
                        double beta, double *y, blasint stepy);
void __wrap_cblas_dgemv(CBLAS_ORDER order, CBLAS_TRANSPOSE trans, blasint m, blasint n,
                        double alpha, const double *a, blasint lda, const double *x, blasint stepx,
                        double beta, double *y, blasint stepy)
{
    long start = thread_time();
    __real_cblas_dgemv(order, trans, m, n, alpha, a, lda, x, stepx, beta, y, stepy);
    add(start, 2.0 * m * n);
}

void __real_cblas_dsymv(CBLAS_ORDER order, CBLAS_UPLO uplo, blasint n, double alpha,
                        const double *a, blasint lda, const double *x, blasint stepx, double beta,
                        double *y, blasint stepy);
void __wrap_cblas_dsymv(CBLAS_ORDER order, CBLAS_UPLO uplo, blasint n, double alpha,
                        const double *a, blasint lda, const double *x, blasint stepx, double beta,
                        double *y, blasint stepy);
void __wrap_cblas_dsymv(CBLAS_ORDER order, CBLAS_UPLO uplo, blasint n, double alpha,
                        const double *a, blasint lda, const double *x, blasint stepx, double beta,
                        double *y, blasint stepy)
{
    long start = thread_time();
    __real_cblas_dsymv(order, uplo, n, alpha, a, lda, x, stepx, beta, y, stepy);
    add(start, 2.0 * n * n);
}

void __real_dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void __wrap_dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void __wrap_dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info)
{
    long start = thread_time();
    __real_dpotrf_(uplo, n, a, lda, info);
    add(start, 1.0 / 3 * *n * *n * *n);
}

void __real_dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void __wrap_dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info);
void __wrap_dpotri_(const char *uplo, const int *n, double *a, const int *lda, int *info)
{
    long start = thread_time();
    __real_dpotri_(uplo, n, a, lda, info);
    add(start, 2.0 / 3 * *n * *n * *n);
}

void __real_dtrtri_(const char *uplo, const char *diag, const int *n, double *a, const int *lda,
                    int *info);
void __wrap_dtrtri_(const char *uplo, const char *diag, const int *n, double *a, const int *lda,
                    int *info);
void __wrap_dtrtri_(const char *uplo, const char *diag, const int *n, double *a, const int *lda,
                    int *info)
{
    long start = thread_time();
    __real_dtrtri_(uplo, diag, n, a, lda, info);
    add(start, 1.0 / 3 * *n * *n * *n);
}
