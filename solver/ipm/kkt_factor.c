/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/kkt_data.h"

#include <cblas.h>
#include <string.h>

void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);

static void add_diagonal_terms(const kv_block *k, const double *theta, const double *slack,
                               double regular, double *schur, int order)
{
    for (int a = 0; a < k->n_columns; a++)
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++)
            for (int f = k->entry_first[a]; f < k->entry_first[a + 1]; f++) {
                if (k->entry_row[f] < k->entry_row[e])
                    continue;
                schur[(size_t)k->entry_row[e] * (size_t)order + (size_t)k->entry_row[f]] +=
                    theta[a] * k->entry[e] * k->entry[f];
            }
    for (int r = 0; r < k->n_linking; r++)
        schur[(size_t)r * (size_t)order + (size_t)r] += slack[r] + regular;
}

/* E = C^-1 [S_LG, T] and E'E for the blocks' common system. */
static void reduce_block(const kv_kkt *kkt, int b)
{
    const kv_block *k = &kkt->lp->block[b];
    kv_block_system *s = &kkt->system[b];
    int g = kkt->lp->n_global_flow, order = k->n_linking + g, wide = g + s->n_local,
        rows = k->n_linking;
    if (wide == 0)
        return;
    memset(s->coupling, 0, sizeof(double) * (size_t)rows * (size_t)wide);
    for (int j = 0; j < g; j++)
        for (int r = 0; r < rows; r++)
            s->coupling[(size_t)j * (size_t)rows + (size_t)r] =
                s->schur[(size_t)r * (size_t)order + (size_t)(rows + j)];
    for (int r = 0; r < rows; r++)
        for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++)
            s->coupling[(size_t)(g + s->local_of[e]) * (size_t)rows + (size_t)r] += k->y_value[e];
    memset(s->rest, 0, sizeof(double) * (size_t)wide * (size_t)wide);
    if (rows == 0)
        return;
    cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, rows, wide, 1.0,
                s->schur, order, s->coupling, rows);
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, wide, rows, 1.0, s->coupling, rows, 0.0,
                s->rest, wide);
}

static void factor_block(void *context, int b, int worker)
{
    kv_kkt *kkt = context;
    const kv_block *k = &kkt->lp->block[b];
    kv_block_system *s = &kkt->system[b];
    const double *theta = kkt->theta->x[b];
    int order = k->n_linking + kkt->lp->n_global_flow, info = 0;
    s->failed = 0;
    memset(s->schur, 0, sizeof(double) * (size_t)order * (size_t)order);
    add_diagonal_terms(k, theta, kkt->theta->slack[b], kkt->regular, s->schur, order);
    for (int g = 0; g < k->n_groups && !s->failed; g++)
        s->failed = kv_group_subtract(&s->group[g], k, g, theta, kkt->regular,
                                      &kkt->work[worker].group, s->schur, order) != 0;
    if (s->failed)
        return;
    if (k->n_linking)
        dpotrf_("L", &k->n_linking, s->schur, &order, &info);
    s->failed = info != 0;
    if (!s->failed)
        reduce_block(kkt, b);
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
        const kv_block_system *s = &kkt->system[b];
        int g = lp->n_global_flow, wide = g + s->n_local, order = lp->block[b].n_linking + g;
        for (int j = 0; j < wide; j++)
            for (int i = j; i < wide; i++) {
                double value = s->rest[(size_t)j * (size_t)wide + (size_t)i];
                if (j < g && i < g) {
                    size_t at = (size_t)(lp->block[b].n_linking + j) * (size_t)order +
                                (size_t)(lp->block[b].n_linking + i);
                    kkt->m[(size_t)j * ng + (size_t)i] += s->schur[at] - value;
                } else if (j < g) {
                    kkt->n[(size_t)j * ny + (size_t)s->local[i - g]] -= value;
                } else {
                    int a = s->local[i - g], c = s->local[j - g];
                    kkt->h[(size_t)(a < c ? a : c) * ny + (size_t)(a < c ? c : a)] += value;
                }
            }
    }
}

kv_status kv_kkt_factor(kv_kkt *kkt, const kv_theta *theta, double regular)
{
    const kv_block_lp *lp = kkt->lp;
    kkt->theta = theta;
    kkt->regular = regular;
    kv_threads_run(kkt->threads, lp->n_blocks, factor_block, kkt);
    for (int b = 0; b < lp->n_blocks; b++)
        if (kkt->system[b].failed)
            return KV_ERR_NUMERIC;
    gather(kkt);
    int ny = lp->n_y, ng = lp->n_global, info = 0;
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
