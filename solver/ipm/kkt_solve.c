/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/kkt_data.h"

#include <cblas.h>
#include <string.h>

static void solve_lower(int n, const double *c, int ld, double *v, int transposed)
{
    if (n)
        cblas_dtrsv(CblasColMajor, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit,
                    n, c, ld, v, 1);
}

/* h_L -= P' C^-1 h_F, h_F becomes C^-1 h_F; entries of global rows go to `global`. */
static void eliminate_flow_rows(const kv_kkt *kkt, int b, double *permuted, double *flow,
                                double *linking, double *global)
{
    const kv_block *k = &kkt->lp->block[b];
    const double *theta = kkt->theta->x[b];
    for (int g = 0; g < k->n_groups; g++)
        kv_laplacian_solve(&kkt->system[b].group[g].c, flow + k->group_row[g], permuted);
    for (int a = 0; a < k->n_columns; a++) {
        double value = theta[a] * ((k->tail[a] >= 0 ? flow[k->tail[a]] : 0) -
                                   (k->head[a] >= 0 ? flow[k->head[a]] : 0));
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
            if (k->entry_row[e] < k->n_linking)
                linking[k->entry_row[e]] -= value * k->entry[e];
            else
                global[k->entry_row[e] - k->n_linking] -= value * k->entry[e];
        }
    }
}

static void solve_forward(void *context, int b, int worker)
{
    kv_kkt *kkt = context;
    const kv_block *k = &kkt->lp->block[b];
    const kv_block_system *s = &kkt->system[b];
    int g = kkt->lp->n_global_flow, order = k->n_linking + g, wide = g + s->n_local;
    double *part = kkt->part[b], *linking = kkt->rhs->linking[b];
    memset(part, 0, sizeof(double) * (size_t)wide);
    eliminate_flow_rows(kkt, b, kkt->work[worker].permuted, kkt->rhs->flow[b], linking, part);
    solve_lower(k->n_linking, s->schur, order, linking, 0);
    if (k->n_linking && wide)
        cblas_dgemv(CblasColMajor, CblasTrans, k->n_linking, wide, -1.0, s->coupling, k->n_linking,
                    linking, 1, 1.0, part, 1);
}

static void solve_backward(void *context, int b, int worker)
{
    kv_kkt *kkt = context;
    const kv_block_lp *lp = kkt->lp;
    const kv_block *k = &lp->block[b];
    const kv_block_system *s = &kkt->system[b];
    int g = lp->n_global_flow, order = k->n_linking + g, wide = g + s->n_local;
    double *part = kkt->part[b], *linking = kkt->rhs->linking[b], *flow = kkt->rhs->flow[b];
    const double *theta = kkt->theta->x[b];
    for (int i = 0; i < wide; i++)
        part[i] = i < g ? kkt->rhs->global[i] : kkt->y[s->local[i - g]];
    if (k->n_linking && wide)
        cblas_dgemv(CblasColMajor, CblasNoTrans, k->n_linking, wide, -1.0, s->coupling,
                    k->n_linking, part, 1, 1.0, linking, 1);
    solve_lower(k->n_linking, s->schur, order, linking, 1);
    /* dlambda_F = C^-1 h_F - C^-1 P dlambda; P dlambda is formed arc by arc */
    double *correction = kkt->work[worker].rows;
    memset(correction, 0, sizeof(double) * (size_t)k->n_rows);
    for (int a = 0; a < k->n_columns; a++) {
        double value = 0;
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++)
            value += k->entry[e] * (k->entry_row[e] < k->n_linking
                                        ? linking[k->entry_row[e]]
                                        : part[k->entry_row[e] - k->n_linking]);
        value *= theta[a];
        if (k->tail[a] >= 0)
            correction[k->tail[a]] += value;
        if (k->head[a] >= 0)
            correction[k->head[a]] -= value;
    }
    for (int i = 0; i < k->n_groups; i++)
        kv_laplacian_solve(&s->group[i].c, correction + k->group_row[i],
                           kkt->work[worker].permuted);
    for (int r = 0; r < k->n_rows; r++)
        flow[r] -= correction[r];
}

void kv_kkt_solve(kv_kkt *kkt, const kv_theta *theta, kv_row_vector *h, double *y)
{
    const kv_block_lp *lp = kkt->lp;
    int ny = lp->n_y, ng = lp->n_global;
    kkt->theta = theta;
    kkt->rhs = h;
    kkt->y = y;
    kv_threads_run(kkt->threads, lp->n_blocks, solve_forward, kkt);
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block_system *s = &kkt->system[b];
        for (int i = 0; i < lp->n_global_flow; i++)
            h->global[i] += kkt->part[b][i];
        for (int i = 0; i < s->n_local; i++)
            y[s->local[i]] += kkt->part[b][lp->n_global_flow + i];
    }
    /* K dlambda_G = h_G + N H^-1 g_y ;  dy = H^-1 (N' dlambda_G - g_y); kkt->n holds C_H^-1 N' */
    solve_lower(ny, kkt->h, ny, y, 0);
    if (ny && ng)
        cblas_dgemv(CblasColMajor, CblasTrans, ny, ng, 1.0, kkt->n, ny, y, 1, 1.0, h->global, 1);
    solve_lower(ng, kkt->m, ng, h->global, 0);
    solve_lower(ng, kkt->m, ng, h->global, 1);
    if (ny && ng)
        cblas_dgemv(CblasColMajor, CblasNoTrans, ny, ng, 1.0, kkt->n, ny, h->global, 1, -1.0, y, 1);
    else
        for (int j = 0; j < ny; j++)
            y[j] = -y[j];
    solve_lower(ny, kkt->h, ny, y, 1);
    kv_threads_run(kkt->threads, lp->n_blocks, solve_backward, kkt);
}
