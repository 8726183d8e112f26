/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/kkt_data.h"

#include <cblas.h>
#include <string.h>

void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);

/* Border rows of a block: dense linking rows and global rows, in the block's matrix. */
typedef struct border {
    int order, n_local, n_dense, n_global;
    double *matrix;
} border;

static border border_of(const kv_kkt *kkt, int b)
{
    const kv_block_system *s = &kkt->system[b];
    return (border){s->columns.order, s->columns.n_local, kkt->lp->block[b].n_dense,
                    kkt->lp->n_global_flow, s->matrix[0]};
}

static double *at(const border *w, int i, int j)
{
    return w->matrix + (size_t)j * (size_t)w->order + (size_t)i;
}

/* What does not belong to a group: slacks, and the design variables' part of dense rows. */
static void add_rows(const kv_kkt *kkt, int b)
{
    const kv_block *k = &kkt->lp->block[b];
    const kv_columns *c = &kkt->system[b].columns;
    border w = border_of(kkt, b);
    for (int r = 0; r < k->n_dense; r++) {
        *at(&w, c->n_local + r, c->n_local + r) += kkt->theta->slack[b][r] + kkt->regular;
        for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++)
            *at(&w, c->n_local + r, c->local_of[e]) += k->y_value[e];
    }
}

static void factor_tile(void *context, int i, int worker)
{
    kv_kkt *kkt = context;
    int b = kkt->tile[i].block, t = kkt->tile[i].part;
    const kv_block *k = &kkt->lp->block[b];
    kv_block_system *s = &kkt->system[b];
    size_t order = (size_t)s->columns.order;
    int from = k->group_first[s->tile[t]], to = k->group_first[s->tile[t + 1]], failed = 0;
    memset(s->matrix[t], 0, sizeof(double) * order * order);
    if (t == 0)
        add_rows(kkt, b);
    kv_columns_weigh(&s->columns, from, to, kkt->theta->x[b], kkt->theta->slack[b], kkt->regular);
    kv_columns_add(&s->columns, from, to, s->matrix[t]);
    for (int g = s->tile[t]; g < s->tile[t + 1] && !failed; g++)
        failed = kv_group_subtract(&s->group[g], &s->columns, g, kkt->regular,
                                   &kkt->work[worker].group, s->matrix[t]) != 0;
    s->failed[t] = (unsigned char)failed;
}

/* Columns of a panel of the whole border: the tiles' sum. */
static void sum_tiles(void *context, int i, int worker)
{
    kv_kkt *kkt = context;
    kv_block_system *s = &kkt->system[kkt->panel[i].block];
    int panel = kkt->panel[i].part, order = s->columns.order;
    int from = order * panel / s->n_panels, to = order * (panel + 1) / s->n_panels;
    (void)worker;
    for (int t = 1; t < s->n_tiles; t++)
        for (int j = from; j < to; j++) {
            size_t column = (size_t)j * (size_t)order;
            double *sum = s->matrix[0] + column;
            const double *more = s->matrix[t] + column;
            for (int r = j; r < order; r++)
                sum[r] += more[r];
        }
}

static void factor_dense(void *context, int b, int worker)
{
    kv_kkt *kkt = context;
    border w = border_of(kkt, b);
    int info = 0;
    (void)worker;
    if (w.n_dense)
        dpotrf_("L", &w.n_dense, at(&w, w.n_local, w.n_local), &w.order, &info);
    if (info)
        kkt->system[b].failed[0] = 1;
}

static void panel_range(const kv_kkt *kkt, int i, int *from, int *to)
{
    const kv_block_system *s = &kkt->system[kkt->panel[i].block];
    *from = s->columns.n_local * kkt->panel[i].part / s->n_panels;
    *to = s->columns.n_local * (kkt->panel[i].part + 1) / s->n_panels;
}

/* E = C^-1 [y, G], that of G transposed. */
static void divide_panel(void *context, int i, int worker)
{
    kv_kkt *kkt = context;
    border w = border_of(kkt, kkt->panel[i].block);
    int from, to, middle = w.n_local, end = w.n_local + w.n_dense;
    (void)worker;
    panel_range(kkt, i, &from, &to);
    if (w.n_dense && to > from)
        cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, w.n_dense,
                    to - from, 1.0, at(&w, middle, middle), w.order, at(&w, middle, from), w.order);
    if (w.n_dense && w.n_global && kkt->panel[i].part == 0)
        cblas_dtrsm(CblasColMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, w.n_global,
                    w.n_dense, 1.0, at(&w, middle, middle), w.order, at(&w, end, middle), w.order);
}

/* Subtract E'E from the other parts. */
static void reduce_panel(void *context, int i, int worker)
{
    kv_kkt *kkt = context;
    border w = border_of(kkt, kkt->panel[i].block);
    int from, to, middle = w.n_local, end = w.n_local + w.n_dense, ld = w.order;
    (void)worker;
    panel_range(kkt, i, &from, &to);
    if (!w.n_dense)
        return;
    if (to > from)
        cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, to - from, w.n_dense, -1.0,
                    at(&w, middle, from), ld, 1.0, at(&w, from, from), ld);
    if (to > from && to < w.n_local)
        cblas_dgemm(CblasColMajor, CblasTrans, CblasNoTrans, w.n_local - to, to - from, w.n_dense,
                    -1.0, at(&w, middle, to), ld, at(&w, middle, from), ld, 1.0, at(&w, to, from),
                    ld);
    if (to > from && w.n_global)
        cblas_dgemm(CblasColMajor, CblasNoTrans, CblasNoTrans, w.n_global, to - from, w.n_dense,
                    -1.0, at(&w, end, middle), ld, at(&w, middle, from), ld, 1.0, at(&w, end, from),
                    ld);
    if (w.n_global && kkt->panel[i].part == 0)
        cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, w.n_global, w.n_dense, -1.0,
                    at(&w, end, middle), ld, 1.0, at(&w, end, end), ld);
}

/* Sum the blocks' parts in block order into H, N and M. */
static void gather(kv_kkt *kkt)
{
    const kv_block_lp *lp = kkt->lp;
    size_t ny = (size_t)lp->n_y, ng = (size_t)lp->n_global;
    memset(kkt->h, 0, sizeof(double) * ny * ny);
    memset(kkt->n, 0, sizeof(double) * ny * ng);
    memset(kkt->m, 0, sizeof(double) * ng * ng);
    for (size_t y = 0; y < ny; y++)
        kkt->h[y * ny + y] = 1 / kkt->theta->y[y];
    for (int r = 0; r < lp->n_global; r++) {
        kkt->m[(size_t)r * ng + (size_t)r] = kkt->theta->global[r] + kkt->regular;
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++)
            kkt->n[(size_t)r * ny + (size_t)lp->global_y[e]] += lp->global_value[e];
    }
    for (int b = 0; b < lp->n_blocks; b++) {
        const int *local = kkt->system[b].columns.local;
        border w = border_of(kkt, b);
        int end = w.n_local + w.n_dense;
        for (int j = 0; j < w.n_local; j++) {
            for (int i = j; i < w.n_local; i++) {
                int a = local[i], c = local[j];
                kkt->h[(size_t)(a < c ? a : c) * ny + (size_t)(a < c ? c : a)] -= *at(&w, i, j);
            }
            for (int r = 0; r < w.n_global; r++)
                kkt->n[(size_t)r * ny + (size_t)local[j]] += *at(&w, end + r, j);
        }
        for (int j = 0; j < w.n_global; j++)
            for (int i = j; i < w.n_global; i++)
                kkt->m[(size_t)j * ng + (size_t)i] += *at(&w, end + i, end + j);
    }
}

static int any_failed(const kv_kkt *kkt)
{
    int failed = 0;
    for (int i = 0; i < kkt->n_tiles; i++)
        failed |= kkt->system[kkt->tile[i].block].failed[kkt->tile[i].part];
    return failed;
}

/* What is left of the blocks: y and the global rows. */
static kv_status factor_rest(kv_kkt *kkt)
{
    int ny = kkt->lp->n_y, ng = kkt->lp->n_global, info = 0;
    gather(kkt);
    if (ny)
        dpotrf_("L", &ny, kkt->h, &ny, &info);
    if (info)
        return KV_ERR_NUMERIC;
    if (ng && ny) {
        cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, ny, ng, 1.0,
                    kkt->h, ny, kkt->n, ny);
        cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, ng, ny, 1.0, kkt->n, ny, 1.0, kkt->m,
                    ng);
    }
    if (ng) {
        for (int r = 0; r < ng; r++)
            kkt->m[(size_t)r * (size_t)ng + (size_t)r] *= 1 + 1e-13;
        dpotrf_("L", &ng, kkt->m, &ng, &info);
    }
    return info ? KV_ERR_NUMERIC : KV_OK;
}

kv_status kv_kkt_factor(kv_kkt *kkt, const kv_theta *theta, double regular)
{
    kkt->theta = theta;
    kkt->regular = regular;
    kv_threads_run(kkt->threads, kkt->n_tiles, factor_tile, kkt);
    if (any_failed(kkt))
        return KV_ERR_NUMERIC;
    kv_threads_run(kkt->threads, kkt->n_panels, sum_tiles, kkt);
    kv_threads_run(kkt->threads, kkt->lp->n_blocks, factor_dense, kkt);
    if (any_failed(kkt))
        return KV_ERR_NUMERIC;
    kv_threads_run(kkt->threads, kkt->n_panels, divide_panel, kkt);
    kv_threads_run(kkt->threads, kkt->n_panels, reduce_panel, kkt);
    return factor_rest(kkt);
}
