/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/kkt_data.h"

#include <cblas.h>
#include <string.h>

void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);

/* C = B Theta B' + regular, lower, and its Cholesky factor. */
static int factor_laplacian(const kv_block *k, int g, const double *theta, double regular,
                            double *c)
{
    int n = k->group_row[g + 1] - k->group_row[g], first = k->group_row[g], info = 0;
    if (n == 0)
        return 0;
    memset(c, 0, sizeof(double) * (size_t)n * (size_t)n);
    for (int a = k->group_first[g]; a < k->group_first[g + 1]; a++) {
        int i = k->tail[a] - first, j = k->head[a] - first;
        int has_i = k->tail[a] >= 0, has_j = k->head[a] >= 0;
        if (has_i)
            c[(size_t)i * (size_t)n + (size_t)i] += theta[a];
        if (has_j)
            c[(size_t)j * (size_t)n + (size_t)j] += theta[a];
        if (has_i && has_j && i != j) {
            int low = i > j ? i : j, high = i > j ? j : i;
            c[(size_t)high * (size_t)n + (size_t)low] -= theta[a];
        }
    }
    for (int i = 0; i < n; i++) {
        double *d = &c[(size_t)i * (size_t)n + (size_t)i];
        *d += regular + 1e-13 * *d;
    }
    dpotrf_("L", &n, c, &n, &info);
    return info;
}

/* The group's part of the Schur complement: - P' C^-1 P on the rows that its flows touch. */
static void subtract_group(const kv_block *k, int g, const double *theta, const double *c,
                           kv_kkt_work *w, double *schur, int order)
{
    int n = k->group_row[g + 1] - k->group_row[g], first = k->group_row[g], touched = 0;
    if (n == 0)
        return;
    for (int a = k->group_first[g]; a < k->group_first[g + 1]; a++)
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++)
            if (w->position[k->entry_row[e]] < 0) {
                w->position[k->entry_row[e]] = touched;
                w->touched[touched++] = k->entry_row[e];
            }
    if (touched == 0)
        return;
    memset(w->stack, 0, sizeof(double) * (size_t)n * (size_t)touched);
    for (int a = k->group_first[g]; a < k->group_first[g + 1]; a++)
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
            double *column = w->stack + (size_t)w->position[k->entry_row[e]] * (size_t)n;
            double value = theta[a] * k->entry[e];
            if (k->tail[a] >= 0)
                column[k->tail[a] - first] += value;
            if (k->head[a] >= 0)
                column[k->head[a] - first] -= value;
        }
    cblas_dtrsm(CblasColMajor, CblasLeft, CblasLower, CblasNoTrans, CblasNonUnit, n, touched, 1.0,
                c, n, w->stack, n);
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, touched, n, 1.0, w->stack, n, 0.0, w->update,
                touched);
    for (int j = 0; j < touched; j++)
        for (int i = j; i < touched; i++) {
            int r = w->touched[i], s = w->touched[j];
            int low = r > s ? r : s, high = r > s ? s : r;
            schur[(size_t)high * (size_t)order + (size_t)low] -=
                w->update[(size_t)j * (size_t)touched + (size_t)i];
        }
    for (int i = 0; i < touched; i++)
        w->position[w->touched[i]] = -1;
}

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
    for (int g = 0; g < k->n_groups && !s->failed; g++) {
        if (factor_laplacian(k, g, theta, kkt->regular, s->laplacian[g]))
            s->failed = 1;
        else
            subtract_group(k, g, theta, s->laplacian[g], &kkt->work[worker], s->schur, order);
    }
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
