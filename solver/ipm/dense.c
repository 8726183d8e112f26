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

/* ---- factorisation ---- */

enum { MOST_TILES = 512 };

/*
 * Left-looking: a task a tile (i, j), i >= j, of the first m columns, column after column; then one a
 * column of the rest. A tile waits for the tiles left of it and of the diagonal tile in its column,
 * then for the latter, so that the next column is begun before all of one is done.
 */
typedef struct factor {
    double *a;
    int lda, n, m;
    int within, all;             /* tiles of the first m rows; and of all */
    atomic_int done[MOST_TILES]; /* tiles of each row that are done */
    atomic_int failed;
} factor;

/* Row tiles: those of the first m rows, then those of the others. */
static int row_edge(const factor *f, int t)
{
    return t <= f->within ? tile_edge(f->m, t) : f->m + tile_edge(f->n - f->m, t - f->within);
}

static void factor_diagonal(factor *f, int t)
{
    int from = row_edge(f, t), size = row_edge(f, t + 1) - from, info = 0;
    double *diagonal = entry(f->a, f->lda, from, from);
    kv_threads_await(&f->done[t], t);
    if (atomic_load(&f->failed))
        return;
    if (from)
        cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, size, from, -1.0,
                    entry(f->a, f->lda, from, 0), f->lda, 1.0, diagonal, f->lda);
    dpotrf_("L", &size, diagonal, &f->lda, &info);
    if (info)
        atomic_store(&f->failed, 1);
}

static void divide_tile(factor *f, int i, int j)
{
    int from = row_edge(f, i), rows = row_edge(f, i + 1) - from;
    int left = row_edge(f, j), columns = row_edge(f, j + 1) - left;
    double *tile = entry(f->a, f->lda, from, left);
    kv_threads_await(&f->done[i], j);
    kv_threads_await(&f->done[j], j);
    if (left && !atomic_load(&f->failed))
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasTrans, rows, columns, left, -1.0,
                    entry(f->a, f->lda, from, 0), f->lda, entry(f->a, f->lda, left, 0), f->lda, 1.0,
                    tile, f->lda);
    kv_threads_await(&f->done[j], j + 1);
    if (!atomic_load(&f->failed))
        cblas_dtrsm(CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, rows, columns,
                    1.0, entry(f->a, f->lda, left, left), f->lda, tile, f->lda);
}

/* S - E E' in the c-th column of tiles of the rest. */
static void subtract_from_rest(factor *f, int c)
{
    update u = {.c = entry(f->a, f->lda, f->m, f->m),
                .a = entry(f->a, f->lda, f->m, 0),
                .ldc = f->lda,
                .n = f->n - f->m,
                .lda = f->lda,
                .k = f->m};
    for (int i = f->within + c; i < f->all; i++)
        kv_threads_await(&f->done[i], f->within);
    if (!atomic_load(&f->failed))
        update_columns(&u, c, 0);
}

static void factor_task(void *context, int task, int worker)
{
    factor *f = context;
    int i = task, j = 0;
    (void)worker;
    while (j < f->within && i >= f->all - j)
        i -= f->all - j++;
    if (j == f->within) {
        subtract_from_rest(f, i);
        return;
    }
    i += j;
    if (i == j)
        factor_diagonal(f, j);
    else
        divide_tile(f, i, j);
    atomic_fetch_add(&f->done[i], 1);
}

int kv_dense_factor(kv_threads *threads, double *a, int lda, int n, int m)
{
    factor f = {.a = a, .lda = lda, .n = n, .m = m};
    f.within = count_tiles(m);
    f.all = f.within + count_tiles(n - m);
    if (m == 0)
        return 0;
    if (f.all > MOST_TILES)
        return -1;
    if ((double)n * n * m < FEW)
        threads = NULL;
    int tasks = f.all - f.within;
    for (int j = 0; j < f.within; j++)
        tasks += f.all - j;
    kv_threads_run(threads, tasks, factor_task, &f);
    return atomic_load(&f.failed) ? -1 : 0;
}
