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

static double between_ends(const kv_block *k, int a, const double *flow)
{
    return (k->tail[a] >= 0 ? flow[k->tail[a]] : 0) - (k->head[a] >= 0 ? flow[k->head[a]] : 0);
}

static void add_to_ends(const kv_block *k, int a, double value, double *flow)
{
    if (k->tail[a] >= 0)
        flow[k->tail[a]] += value;
    if (k->head[a] >= 0)
        flow[k->head[a]] -= value;
}

/* Eliminate the opening rows of column a. They keep their right-hand side h; D^-1 h goes to the
 * design variables in `part`, and phi e h / sigma is what flow and border rows lose times the
 * column. */
static double eliminate_openings(const kv_columns *c, int a, const double *linking, double *work,
                                 double *part)
{
    const kv_block *k = c->block;
    int from = c->open_first[a], to = c->open_first[a + 1];
    double sum = 0;
    if (from == to)
        return 0;
    kv_columns_solve(c, a, linking, work);
    for (int i = from; i < to; i++) {
        int r = c->open[i];
        sum += c->ratio[i] * linking[r];
        for (int q = k->y_first[r]; q < k->y_first[r + 1]; q++)
            part[c->local_of[q]] -= k->y_value[q] * work[i - from];
    }
    return c->phi[a] * sum;
}

/* A tile's opening and flow rows: flow becomes C^-1 of itself; what the border loses goes to part. */
static void eliminate_tile(void *context, int i, int worker)
{
    kv_kkt *kkt = context;
    int b = kkt->tile[i].block, t = kkt->tile[i].part;
    const kv_block *k = &kkt->lp->block[b];
    const kv_border *s = &kkt->system[b].border;
    const kv_columns *c = &s->columns;
    double *part = kkt->system[b].part[t], *flow = kkt->rhs->flow[b],
           *linking = kkt->rhs->linking[b];
    double *work = kkt->work[worker].opening;
    int from = k->group_first[s->tile[t]], to = k->group_first[s->tile[t + 1]];
    memset(part, 0, sizeof(double) * (size_t)c->order);
    for (int a = from; a < to; a++) {
        double value = eliminate_openings(c, a, linking, work, part);
        if (value == 0)
            continue;
        add_to_ends(k, a, -value, flow);
        for (int e = c->first[a]; e < c->first[a + 1]; e++)
            if (!kv_columns_is_design(c, c->index[e]))
                part[c->index[e]] -= value * c->value[e];
    }
    for (int g = s->tile[t]; g < s->tile[t + 1]; g++)
        kv_laplacian_solve(&s->group[g].c, flow + k->group_row[g], kkt->work[worker].permuted);
    for (int a = from; a < to; a++) {
        double value = c->phi[a] * between_ends(k, a, flow);
        for (int e = c->first[a]; e < c->first[a + 1]; e++)
            part[c->index[e]] -= value * c->value[e];
    }
}

/* Dense rows of the block, forward: into the first entries of the block's part; the others lose E
 * times them. */
static void solve_forward(void *context, int b, int worker)
{
    kv_kkt *kkt = context;
    const kv_border *s = &kkt->system[b].border;
    int rows = kkt->lp->block[b].n_dense, order = s->order;
    double *part = kkt->system[b].part[0];
    (void)worker;
    for (int t = 1; t < s->n_tiles; t++)
        for (int i = 0; i < order; i++)
            part[i] += kkt->system[b].part[t][i];
    for (int r = 0; r < rows; r++)
        part[r] += kkt->rhs->linking[b][r];
    solve_lower(rows, s->matrix, order, part, 0);
    if (rows && order > rows)
        cblas_dgemv(CblasColMajor, CblasNoTrans, order - rows, rows, -1.0, s->matrix + rows, order,
                    part, 1, 1.0, part + rows, 1);
}

/* The block's border, with y and the global rows known. */
static void solve_backward(void *context, int b, int worker)
{
    kv_kkt *kkt = context;
    const kv_border *s = &kkt->system[b].border;
    int n_local = s->columns.n_local, rows = kkt->lp->block[b].n_dense, order = s->order;
    double *part = kkt->system[b].part[0], *design = part + rows;
    (void)worker;
    for (int i = 0; i < n_local; i++)
        design[i] = kkt->y[s->columns.local[i]];
    for (int i = 0; i < kkt->lp->n_global_flow; i++)
        design[n_local + i] = kkt->rhs->global[i];
    if (rows && order > rows)
        cblas_dgemv(CblasColMajor, CblasTrans, order - rows, rows, -1.0, s->matrix + rows, order,
                    design, 1, 1.0, part, 1);
    solve_lower(rows, s->matrix, order, part, 1);
    memcpy(kkt->rhs->linking[b], part, sizeof(double) * (size_t)rows);
}

/* Opening rows of column a from its flow rows and the border: D^-1 (h - t y) - phi (e/sigma) v. */
static void restore_openings(const kv_columns *c, int a, const double *flow, const double *border,
                             double *linking, double *work)
{
    const kv_block *k = c->block;
    int from = c->open_first[a], to = c->open_first[a + 1];
    if (from == to)
        return;
    double v = between_ends(k, a, flow);
    for (int i = from; i < to; i++) {
        int r = c->open[i];
        for (int q = k->y_first[r]; q < k->y_first[r + 1]; q++)
            linking[r] -= k->y_value[q] * border[c->local_of[q]];
    }
    for (int e = c->first[a]; e < c->first[a + 1]; e++)
        if (!kv_columns_is_design(c, c->index[e]))
            v += c->value[e] * border[c->index[e]];
    kv_columns_solve(c, a, linking, work);
    for (int i = from; i < to; i++)
        linking[c->open[i]] = work[i - from] - c->phi[a] * v * c->ratio[i];
}

/* dlambda_F = C^-1 h_F - C^-1 P dlambda; P dlambda is formed arc by arc. */
static void restore_tile(void *context, int i, int worker)
{
    kv_kkt *kkt = context;
    int b = kkt->tile[i].block, t = kkt->tile[i].part;
    const kv_block *k = &kkt->lp->block[b];
    const kv_border *s = &kkt->system[b].border;
    const kv_columns *c = &s->columns;
    const double *border = kkt->system[b].part[0];
    double *flow = kkt->rhs->flow[b], *correction = kkt->work[worker].rows;
    int from = k->group_first[s->tile[t]], to = k->group_first[s->tile[t + 1]];
    int first = k->group_row[s->tile[t]], last = k->group_row[s->tile[t + 1]];
    memset(correction + first, 0, sizeof(double) * (size_t)(last - first));
    for (int a = from; a < to; a++) {
        double value = 0;
        for (int e = c->first[a]; e < c->first[a + 1]; e++)
            value += c->value[e] * border[c->index[e]];
        if (value != 0)
            add_to_ends(k, a, c->phi[a] * value, correction);
    }
    for (int g = s->tile[t]; g < s->tile[t + 1]; g++)
        kv_laplacian_solve(&s->group[g].c, correction + k->group_row[g],
                           kkt->work[worker].permuted);
    for (int r = first; r < last; r++)
        flow[r] -= correction[r];
    for (int a = from; a < to; a++)
        restore_openings(c, a, flow, border, kkt->rhs->linking[b], kkt->work[worker].opening);
}

/* K dlambda_G = h_G + N H^-1 g_y ;  dy = H^-1 (N' dlambda_G - g_y); kkt->n holds C_H^-1 N'. */
static void solve_rest(kv_kkt *kkt, double *global, double *y)
{
    const kv_tied *t = &kkt->tied;
    const double *theta = kkt->theta->y;
    int n = t->n, ng = kkt->lp->n_global, ny = kkt->lp->n_y;
    double *right = kkt->right;
    for (int j = 0; j < ny; j++)
        if (t->place[j] >= 0)
            right[t->place[j]] = y[j];
    solve_lower(n, kkt->h, n, right, 0);
    if (n && ng)
        cblas_dgemv(CblasColMajor, CblasTrans, n, ng, 1.0, kkt->n, n, right, 1, 1.0, global, 1);
    for (int j = 0; j < ny; j++)
        for (int e = t->row_first[j]; e < t->row_first[j + 1]; e++)
            global[t->row[e]] += t->value[e] * theta[j] * y[j];
    solve_lower(ng, kkt->m, ng, global, 0);
    solve_lower(ng, kkt->m, ng, global, 1);
    for (int j = 0; j < n; j++)
        right[j] = -right[j];
    if (n && ng)
        cblas_dgemv(CblasColMajor, CblasNoTrans, n, ng, 1.0, kkt->n, n, global, 1, 1.0, right, 1);
    solve_lower(n, kkt->h, n, right, 1);
    for (int j = 0; j < ny; j++) {
        double sum = -y[j];
        for (int e = t->row_first[j]; e < t->row_first[j + 1]; e++)
            sum += t->value[e] * global[t->row[e]];
        y[j] = t->place[j] >= 0 ? right[t->place[j]] : theta[j] * sum;
    }
}

void kv_kkt_solve(kv_kkt *kkt, const kv_theta *theta, kv_row_vector *h, double *y)
{
    const kv_block_lp *lp = kkt->lp;
    kkt->theta = theta;
    kkt->rhs = h;
    kkt->y = y;
    kv_threads_run(kkt->threads, kkt->n_tiles, eliminate_tile, kkt);
    kv_threads_run(kkt->threads, lp->n_blocks, solve_forward, kkt);
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_columns *c = &kkt->system[b].border.columns;
        const double *design = kkt->system[b].part[0] + lp->block[b].n_dense;
        for (int i = 0; i < c->n_local; i++)
            y[c->local[i]] += design[i];
        for (int i = 0; i < lp->n_global_flow; i++)
            h->global[i] += design[c->n_local + i];
    }
    solve_rest(kkt, h->global, y);
    kv_threads_run(kkt->threads, lp->n_blocks, solve_backward, kkt);
    kv_threads_run(kkt->threads, kkt->n_tiles, restore_tile, kkt);
}
