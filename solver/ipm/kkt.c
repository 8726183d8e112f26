/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/kkt.h"

#include "base/memory.h"
#include "solver/ipm/kkt_data.h"

#include <string.h>

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
    kv_block_system *s = &kkt->system[b];
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
    kv_block_system *s = &kkt->system[b];
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
    kkt->work = kv_alloc((size_t)kkt->n_work, sizeof(kv_kkt_work));
    if (!kkt->work)
        return KV_ERR_MEMORY;
    for (int i = 0; i < kkt->n_work; i++) {
        kv_kkt_work *w = &kkt->work[i];
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
    kkt->system = kv_alloc((size_t)lp->n_blocks, sizeof(kv_block_system));
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
        kv_block_system *s = &kkt->system[b];
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
