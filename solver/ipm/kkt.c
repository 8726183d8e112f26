/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/kkt.h"

#include "base/memory.h"

#include <cblas.h>
#include <math.h>
#include <string.h>

void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);

typedef struct block_system {
    double **laplacian; /* [n_groups] -> n x n Cholesky factor, lower, column-major */
    double *schur;    /* (n_linking + g) squared, lower; linking part becomes its Cholesky factor */
    double *coupling; /* n_linking x (g + n_local): S_LG and T, then C^-1 of them */
    double *rest;     /* (g + n_local) squared: E'E, lower */
    int n_local;      /* design variables with entries in linking rows */
    int *local;       /* [n_local] -> y */
    int *local_of;    /* entries' local index, parallel to y_index */
    int failed;
} block_system;

typedef struct workspace { /* of one worker */
    double *stack;         /* n x touched linking rows of a group */
    double *update;        /* touched squared */
    double *rows;          /* one value a flow row of a block */
    int *touched, *position;
} workspace;

struct kv_kkt {
    const kv_block_lp *lp;
    kv_threads *threads;
    block_system *system;
    workspace *work;
    int n_work;
    double *h, *n, *m; /* H (n_y squared), C_H^-1 N' (n_y x n_global), K (n_global squared) */
    double *rhs_y;     /* [n_y] */
    double **part;     /* [n_blocks] -> [g + n_local] contributions of a solve */
    const kv_theta *theta;
    kv_row_vector *rhs;
    double *y;
    double regular;
};

/* ---- vectors ---- */

kv_status kv_row_vector_create(const kv_block_lp *lp, kv_row_vector *v)
{
    v->flow = kv_alloc((size_t)lp->n_blocks, sizeof(double *));
    v->linking = kv_alloc((size_t)lp->n_blocks, sizeof(double *));
    v->global = kv_alloc((size_t)lp->n_global, sizeof(double));
    if (!v->flow || !v->linking || !v->global)
        return KV_ERR_MEMORY;
    for (int b = 0; b < lp->n_blocks; b++) {
        v->flow[b] = kv_alloc((size_t)lp->block[b].n_rows, sizeof(double));
        v->linking[b] = kv_alloc((size_t)lp->block[b].n_linking, sizeof(double));
        if (!v->flow[b] || !v->linking[b])
            return KV_ERR_MEMORY;
    }
    return KV_OK;
}

void kv_row_vector_free(const kv_block_lp *lp, kv_row_vector *v)
{
    for (int b = 0; b < lp->n_blocks; b++) {
        if (v->flow)
            kv_free(v->flow[b]);
        if (v->linking)
            kv_free(v->linking[b]);
    }
    kv_free(v->flow);
    kv_free(v->linking);
    kv_free(v->global);
    memset(v, 0, sizeof(*v));
}

/* ---- memory ---- */

static kv_status create_locals(kv_kkt *kkt, int b)
{
    const kv_block_lp *lp = kkt->lp;
    const kv_block *k = &lp->block[b];
    block_system *s = &kkt->system[b];
    int entries = k->y_first[k->n_linking];
    int *seen = kv_alloc((size_t)lp->n_y, sizeof(int));
    s->local = kv_alloc((size_t)(entries < lp->n_y ? entries : lp->n_y), sizeof(int));
    s->local_of = kv_alloc((size_t)entries, sizeof(int));
    if (!seen || !s->local || !s->local_of) {
        kv_free(seen);
        return KV_ERR_MEMORY;
    }
    for (int e = 0; e < entries; e++) {
        int y = k->y_index[e];
        if (!seen[y]) {
            s->local[s->n_local++] = y;
            seen[y] = s->n_local;
        }
        s->local_of[e] = seen[y] - 1;
    }
    kv_free(seen);
    return KV_OK;
}

static kv_status create_system(kv_kkt *kkt, int b)
{
    const kv_block_lp *lp = kkt->lp;
    const kv_block *k = &lp->block[b];
    block_system *s = &kkt->system[b];
    if (create_locals(kkt, b) != KV_OK)
        return KV_ERR_MEMORY;
    size_t order = (size_t)k->n_linking + (size_t)lp->n_global_flow;
    size_t wide = (size_t)lp->n_global_flow + (size_t)s->n_local;
    s->laplacian = kv_alloc((size_t)k->n_groups, sizeof(double *));
    s->schur = kv_alloc(order * order, sizeof(double));
    s->coupling = kv_alloc((size_t)k->n_linking * wide, sizeof(double));
    s->rest = kv_alloc(wide * wide, sizeof(double));
    kkt->part[b] = kv_alloc(wide, sizeof(double));
    if (!s->laplacian || !s->schur || !s->coupling || !s->rest || !kkt->part[b])
        return KV_ERR_MEMORY;
    for (int g = 0; g < k->n_groups; g++) {
        size_t n = (size_t)(k->group_row[g + 1] - k->group_row[g]);
        if (!(s->laplacian[g] = kv_alloc(n * n, sizeof(double))))
            return KV_ERR_MEMORY;
    }
    return KV_OK;
}

static kv_status create_work(kv_kkt *kkt)
{
    const kv_block_lp *lp = kkt->lp;
    size_t rows = 0, order = 0, all_rows = 0;
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        size_t m = (size_t)k->n_linking + (size_t)lp->n_global_flow;
        if (m > order)
            order = m;
        if ((size_t)k->n_rows > all_rows)
            all_rows = (size_t)k->n_rows;
        for (int g = 0; g < k->n_groups; g++) {
            size_t n = (size_t)(k->group_row[g + 1] - k->group_row[g]);
            if (n > rows)
                rows = n;
        }
    }
    kkt->n_work = kv_threads_count(kkt->threads);
    if (kkt->n_work < 1)
        kkt->n_work = 1;
    kkt->work = kv_alloc((size_t)kkt->n_work, sizeof(workspace));
    if (!kkt->work)
        return KV_ERR_MEMORY;
    for (int i = 0; i < kkt->n_work; i++) {
        workspace *w = &kkt->work[i];
        w->stack = kv_alloc(rows * order, sizeof(double));
        w->update = kv_alloc(order * order, sizeof(double));
        w->rows = kv_alloc(all_rows, sizeof(double));
        w->touched = kv_alloc(order, sizeof(int));
        w->position = kv_alloc(order, sizeof(int));
        if (!w->stack || !w->update || !w->rows || !w->touched || !w->position)
            return KV_ERR_MEMORY;
        for (size_t r = 0; r < order; r++)
            w->position[r] = -1;
    }
    return KV_OK;
}

kv_status kv_kkt_create(const kv_block_lp *lp, kv_threads *threads, kv_kkt **out)
{
    kv_kkt *kkt = kv_alloc(1, sizeof(*kkt));
    *out = NULL;
    if (!kkt)
        return KV_ERR_MEMORY;
    kkt->lp = lp;
    kkt->threads = threads;
    size_t ny = (size_t)lp->n_y, ng = (size_t)lp->n_global;
    kkt->system = kv_alloc((size_t)lp->n_blocks, sizeof(block_system));
    kkt->part = kv_alloc((size_t)lp->n_blocks, sizeof(double *));
    kkt->h = kv_alloc(ny * ny, sizeof(double));
    kkt->n = kv_alloc(ny * ng, sizeof(double));
    kkt->m = kv_alloc(ng * ng, sizeof(double));
    kkt->rhs_y = kv_alloc(ny, sizeof(double));
    kv_status status = KV_OK;
    if (!kkt->system || !kkt->part || !kkt->h || !kkt->n || !kkt->m || !kkt->rhs_y)
        status = KV_ERR_MEMORY;
    for (int b = 0; b < lp->n_blocks && status == KV_OK; b++)
        status = create_system(kkt, b);
    if (status == KV_OK)
        status = create_work(kkt);
    if (status == KV_OK)
        *out = kkt;
    else
        kv_kkt_free(kkt);
    return status;
}

void kv_kkt_free(kv_kkt *kkt)
{
    if (!kkt)
        return;
    for (int b = 0; b < kkt->lp->n_blocks; b++) {
        if (kkt->part)
            kv_free(kkt->part[b]);
        if (!kkt->system)
            continue;
        block_system *s = &kkt->system[b];
        for (int g = 0; s->laplacian && g < kkt->lp->block[b].n_groups; g++)
            kv_free(s->laplacian[g]);
        kv_free(s->laplacian);
        kv_free(s->schur);
        kv_free(s->coupling);
        kv_free(s->rest);
        kv_free(s->local);
        kv_free(s->local_of);
    }
    for (int i = 0; kkt->work && i < kkt->n_work; i++) {
        kv_free(kkt->work[i].stack);
        kv_free(kkt->work[i].update);
        kv_free(kkt->work[i].rows);
        kv_free(kkt->work[i].touched);
        kv_free(kkt->work[i].position);
    }
    kv_free(kkt->system);
    kv_free(kkt->part);
    kv_free(kkt->work);
    kv_free(kkt->h);
    kv_free(kkt->n);
    kv_free(kkt->m);
    kv_free(kkt->rhs_y);
    kv_free(kkt);
}

/* ---- factorisation ---- */

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
                           workspace *w, double *schur, int order)
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
    block_system *s = &kkt->system[b];
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
    block_system *s = &kkt->system[b];
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
        const block_system *s = &kkt->system[b];
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

/* ---- solving ---- */

static void solve_lower(int n, const double *c, int ld, double *v, int transposed)
{
    if (n)
        cblas_dtrsv(CblasColMajor, CblasLower, transposed ? CblasTrans : CblasNoTrans, CblasNonUnit,
                    n, c, ld, v, 1);
}

/* h_L -= P' C^-1 h_F, h_F becomes C^-1 h_F; entries of global rows go to `global`. */
static void eliminate_flow_rows(const kv_kkt *kkt, int b, double *flow, double *linking,
                                double *global)
{
    const kv_block *k = &kkt->lp->block[b];
    const double *theta = kkt->theta->x[b];
    for (int g = 0; g < k->n_groups; g++) {
        int n = k->group_row[g + 1] - k->group_row[g];
        solve_lower(n, kkt->system[b].laplacian[g], n, flow + k->group_row[g], 0);
        solve_lower(n, kkt->system[b].laplacian[g], n, flow + k->group_row[g], 1);
    }
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
    const block_system *s = &kkt->system[b];
    int g = kkt->lp->n_global_flow, order = k->n_linking + g, wide = g + s->n_local;
    double *part = kkt->part[b], *linking = kkt->rhs->linking[b];
    (void)worker;
    memset(part, 0, sizeof(double) * (size_t)wide);
    eliminate_flow_rows(kkt, b, kkt->rhs->flow[b], linking, part);
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
    const block_system *s = &kkt->system[b];
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
    for (int i = 0; i < k->n_groups; i++) {
        int n = k->group_row[i + 1] - k->group_row[i];
        solve_lower(n, s->laplacian[i], n, correction + k->group_row[i], 0);
        solve_lower(n, s->laplacian[i], n, correction + k->group_row[i], 1);
    }
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
        const block_system *s = &kkt->system[b];
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
