/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/kkt_data.h"

#include "solver/ipm/dense.h"

#include <cblas.h>
#include <string.h>

enum { PANEL = 64 }; /* columns of H that are summed at once */

static void clear_triangle(double *matrix, int order)
{
    for (int j = 0; j < order; j++)
        memset(matrix + (size_t)j * (size_t)order + (size_t)j, 0,
               sizeof(double) * (size_t)(order - j));
}

/* ---- blocks ---- */

static void sum_border(kv_kkt *kkt, int b, kv_threads *threads, int worker)
{
    kkt->system[b].failed =
        kv_border_sum(&kkt->system[b].border, threads, kkt->theta->x[b], kkt->theta->slack[b],
                      kkt->regular, &kkt->shared[worker], &kkt->border_work[worker]) != 0;
}

static void sum_border_alone(void *context, int b, int worker)
{
    sum_border(context, b, NULL, worker);
}

static int any_failed(const kv_kkt *kkt)
{
    int failed = 0;
    for (int b = 0; b < kkt->lp->n_blocks; b++)
        failed |= kkt->system[b].failed;
    return failed;
}

/* C, E and what E E' takes off the rest. */
static void factor_border(kv_kkt *kkt, int b, kv_threads *threads)
{
    kv_border *s = &kkt->system[b].border;
    if (kv_dense_factor(threads, s->matrix, s->order, s->order, kkt->lp->block[b].n_dense) != 0)
        kkt->system[b].failed = 1;
}

static void factor_border_alone(void *context, int b, int worker)
{
    (void)worker;
    factor_border(context, b, NULL);
}

int kv_kkt_sum_borders(kv_kkt *kkt, const kv_theta *theta, double regular)
{
    int n = kkt->lp->n_blocks;
    kkt->theta = theta;
    kkt->regular = regular;
    if (n >= KV_KKT_FEW_BLOCKS)
        kv_threads_run(kkt->threads, n, sum_border_alone, kkt);
    else
        for (int b = 0; b < n; b++)
            sum_border(kkt, b, kkt->threads, 0);
    return any_failed(kkt) ? -1 : 0;
}

static int factor_borders(kv_kkt *kkt)
{
    int n = kkt->lp->n_blocks;
    if (n >= KV_KKT_FEW_BLOCKS)
        kv_threads_run(kkt->threads, n, factor_border_alone, kkt);
    else
        for (int b = 0; b < n; b++)
            factor_border(kkt, b, kkt->threads);
    return any_failed(kkt) ? -1 : 0;
}

/* ---- design variables and global rows ---- */

/* Columns of a panel of H and N: the blocks' parts in block order. */
static void gather_panel(void *context, int panel, int worker)
{
    kv_kkt *kkt = context;
    const int *place = kkt->tied.place;
    size_t n = (size_t)kkt->tied.n;
    int begin = PANEL * panel, end = begin + PANEL;
    (void)worker;
    for (int b = 0; b < kkt->lp->n_blocks; b++) {
        const kv_columns *c = &kkt->system[b].border.columns;
        size_t order = (size_t)c->order;
        const int *local = c->local;
        int first = kkt->lp->block[b].n_dense;
        for (int j = 0; j < c->n_local; j++) {
            if (place[local[j]] < begin || place[local[j]] >= end)
                continue;
            const double *from = kkt->system[b].border.matrix + (size_t)(first + j) * order + first;
            size_t to = (size_t)place[local[j]];
            for (int i = j; i < c->n_local; i++)
                kkt->h[to * n + (size_t)place[local[i]]] -= from[i];
            for (int r = 0; r < kkt->lp->n_global_flow; r++)
                kkt->n[(size_t)r * n + to] += from[c->n_local + r];
        }
    }
}

/* What the blocks' global rows and loose design variables give to M. */
static void gather_global(kv_kkt *kkt)
{
    const kv_block_lp *lp = kkt->lp;
    const kv_tied *t = &kkt->tied;
    size_t ng = (size_t)lp->n_global;
    for (int b = 0; b < lp->n_blocks; b++) {
        size_t order = (size_t)kkt->system[b].border.order;
        size_t first = order - (size_t)lp->n_global_flow;
        for (size_t j = first; j < order; j++)
            for (size_t i = j; i < order; i++)
                kkt->m[(j - first) * ng + i - first] += kkt->system[b].border.matrix[j * order + i];
    }
    for (int y = 0; y < lp->n_y; y++)
        for (int e = t->row_first[y]; e < t->row_first[y + 1]; e++)
            for (int f = e; f < t->row_first[y + 1]; f++) /* rows ascend */
                kkt->m[(size_t)t->row[e] * ng + (size_t)t->row[f]] +=
                    t->value[e] * kkt->theta->y[y] * t->value[f];
}

/* H, N and M. */
static void gather(kv_kkt *kkt)
{
    const kv_block_lp *lp = kkt->lp;
    const int *place = kkt->tied.place;
    size_t n = (size_t)kkt->tied.n, ng = (size_t)lp->n_global;
    clear_triangle(kkt->h, kkt->tied.n);
    memset(kkt->n, 0, sizeof(double) * n * ng);
    memset(kkt->m, 0, sizeof(double) * ng * ng);
    for (int y = 0; y < lp->n_y; y++)
        if (place[y] >= 0)
            kkt->h[(size_t)place[y] * (n + 1)] = 1 / kkt->theta->y[y];
    for (int r = 0; r < lp->n_global; r++) {
        kkt->m[(size_t)r * ng + (size_t)r] = kkt->theta->global[r] + kkt->regular;
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++)
            if (place[lp->global_y[e]] >= 0)
                kkt->n[(size_t)r * n + (size_t)place[lp->global_y[e]]] += lp->global_value[e];
    }
    kv_threads_run(kkt->threads, (kkt->tied.n + PANEL - 1) / PANEL, gather_panel, kkt);
    gather_global(kkt);
}

/* What is left of the blocks: tied design variables and the global rows. */
static kv_status factor_rest(kv_kkt *kkt)
{
    int n = kkt->tied.n, ng = kkt->lp->n_global;
    gather(kkt);
    if (kv_dense_factor(kkt->threads, kkt->h, n, n, n) != 0)
        return KV_ERR_NUMERIC;
    if (ng && n) {
        cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, n, ng, 1.0,
                    kkt->h, n, kkt->n, n);
        cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, ng, n, 1.0, kkt->n, n, 1.0, kkt->m, ng);
    }
    for (int r = 0; r < ng; r++)
        kkt->m[(size_t)r * (size_t)ng + (size_t)r] *= 1 + 1e-13;
    return kv_dense_factor(kkt->threads, kkt->m, ng, ng, ng) == 0 ? KV_OK : KV_ERR_NUMERIC;
}

kv_status kv_kkt_factor(kv_kkt *kkt, const kv_theta *theta, double regular)
{
    if (kv_kkt_sum_borders(kkt, theta, regular) != 0 || factor_borders(kkt) != 0)
        return KV_ERR_NUMERIC;
    return factor_rest(kkt);
}
