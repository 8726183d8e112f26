/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/dense.h"

#include <cblas.h>
#include <stddef.h>

void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);

enum {
    TILE = 128,   /* rows and columns: large enough for BLAS, small enough for its caches */
    FEW = 1000000 /* multiplications that are not worth waking other threads for */
};

/* ---- tiles ---- */

static int count_tiles(int n)
{
    return (n + TILE - 1) / TILE;
}

/* Where tile t of n rows begins: tiles of about one size, multiples of 8 rows but for the last. */
static int tile_edge(int n, int t)
{
    int tiles = count_tiles(n), height = tiles ? ((n + tiles - 1) / tiles + 7) / 8 * 8 : 0;
    return t * height < n ? t * height : n;
}

static double *entry(double *a, int lda, int i, int j)
{
    return a + (size_t)j * (size_t)lda + (size_t)i;
}

/* ---- update ---- */

typedef struct update {
    double *c;
    const double *a;
    int ldc, n, lda, k, transposed;
} update;

/* The columns of one tile, from the diagonal down. */
static void update_columns(void *context, int t, int worker)
{
    const update *u = context;
    int from = tile_edge(u->n, t), to = tile_edge(u->n, t + 1);
    size_t step = u->transposed ? (size_t)u->lda : 1; /* from one row of a to the next, or column */
    const double *here = u->a + (size_t)from * step, *below = u->a + (size_t)to * step;
    CBLAS_TRANSPOSE left = u->transposed ? CblasTrans : CblasNoTrans;
    CBLAS_TRANSPOSE right = u->transposed ? CblasNoTrans : CblasTrans;
    (void)worker;
    cblas_dsyrk(CblasColMajor, CblasLower, left, to - from, u->k, -1.0, here, u->lda, 1.0,
                entry(u->c, u->ldc, from, from), u->ldc);
    if (to < u->n)
        cblas_dgemm(CblasColMajor, left, right, u->n - to, to - from, u->k, -1.0, below, u->lda,
                    here, u->lda, 1.0, entry(u->c, u->ldc, to, from), u->ldc);
}

static void run_update(kv_threads *threads, update *u)
{
    if (u->k == 0)
        return;
    if ((double)u->n * u->n * u->k < FEW)
        threads = NULL;
    kv_threads_run(threads, count_tiles(u->n), update_columns, u);
}

void kv_dense_update(kv_threads *threads, double *c, int ldc, int n, const double *a, int lda,
                     int k)
{
    update u = {c, a, ldc, n, lda, k, 0};
    run_update(threads, &u);
}

void kv_dense_update_transposed(kv_threads *threads, double *c, int ldc, int n, const double *a,
                                int lda, int k)
{
    update u = {c, a, ldc, n, lda, k, 1};
    run_update(threads, &u);
}

/* ---- factorisation, left-looking ---- */

typedef struct factor {
    double *a;
    int lda, n, m;
    int column; /* tile of columns that is divided */
    int failed;
} factor;

/* Row tiles: those of the first m rows, then those of the others. */
static int row_edge(const factor *f, int t)
{
    int within = count_tiles(f->m);
    return t <= within ? tile_edge(f->m, t) : f->m + tile_edge(f->n - f->m, t - within);
}

/* Tile t of the diagonal becomes its Cholesky factor; the columns before it are done. */
static void factor_diagonal(factor *f, int t)
{
    int from = tile_edge(f->m, t), size = tile_edge(f->m, t + 1) - from, info = 0;
    double *diagonal = entry(f->a, f->lda, from, from);
    if (from)
        cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, size, from, -1.0,
                    entry(f->a, f->lda, from, 0), f->lda, 1.0, diagonal, f->lda);
    dpotrf_("L", &size, diagonal, &f->lda, &info);
    if (info)
        f->failed = 1;
}

/* One tile of rows below the diagonal of the column at hand. The first of them goes on with the next
 * tile of the diagonal, so that no thread waits for that alone. */
static void divide_rows(void *context, int i, int worker)
{
    factor *f = context;
    int t = f->column + 1 + i, from = row_edge(f, t), rows = row_edge(f, t + 1) - from;
    int left = tile_edge(f->m, f->column), columns = tile_edge(f->m, f->column + 1) - left;
    double *tile = entry(f->a, f->lda, from, left);
    (void)worker;
    if (left)
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasTrans, rows, columns, left, -1.0,
                    entry(f->a, f->lda, from, 0), f->lda, entry(f->a, f->lda, left, 0), f->lda, 1.0,
                    tile, f->lda);
    cblas_dtrsm(CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, rows, columns, 1.0,
                entry(f->a, f->lda, left, left), f->lda, tile, f->lda);
    if (i == 0 && from < f->m)
        factor_diagonal(f, t);
}

int kv_dense_factor(kv_threads *threads, double *a, int lda, int n, int m)
{
    factor f = {.a = a, .lda = lda, .n = n, .m = m};
    int within = count_tiles(m), all = within + count_tiles(n - m);
    if (m == 0)
        return 0;
    if ((double)n * n * m < FEW)
        threads = NULL;
    factor_diagonal(&f, 0);
    for (f.column = 0; f.column < within && !f.failed; f.column++)
        kv_threads_run(threads, all - f.column - 1, divide_rows, &f);
    if (f.failed)
        return -1;
    if (n > m)
        kv_dense_update(threads, entry(a, lda, m, m), lda, n - m, entry(a, lda, m, 0), lda, m);
    return 0;
}
