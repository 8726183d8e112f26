/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/kkt.h"

#include "base/memory.h"
#include "solver/ipm/kkt_data.h"

#include <string.h>

void openblas_set_num_threads(int n);

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
    s->group = kv_alloc((size_t)k->n_groups, sizeof(kv_group));
    s->schur = kv_alloc(order * order, sizeof(double));
    s->coupling = kv_alloc((size_t)k->n_linking * wide, sizeof(double));
    s->rest = kv_alloc(wide * wide, sizeof(double));
    kkt->part[b] = kv_alloc(wide, sizeof(double));
    if (!s->group || !s->schur || !s->coupling || !s->rest || !kkt->part[b])
        return KV_ERR_MEMORY;
    kv_status status = KV_OK;
    for (int g = 0; g < k->n_groups && status == KV_OK; g++)
        status = kv_group_create(k, g, (int)order, &s->group[g]);
    return status;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static kv_status create_work(kv_kkt *kkt)
{
    const kv_block_lp *lp = kkt->lp;
    size_t rows = 0, entries = 0, touched = 0, stack = 0;
    for (int b = 0; b < lp->n_blocks; b++) {
        rows = larger(rows, (size_t)lp->block[b].n_rows);
        for (int i = 0; i < lp->block[b].n_groups; i++) {
            const kv_group *g = &kkt->system[b].group[i];
            entries = larger(entries, (size_t)g->first[g->c.n]);
            touched = larger(touched, (size_t)g->n_touched);
            stack = larger(stack, (size_t)g->n_full * (size_t)g->n_touched);
        }
    }
    kkt->n_work = kv_threads_count(kkt->threads);
    if (kkt->n_work < 1)
        kkt->n_work = 1;
    if (!(kkt->work = kv_alloc((size_t)kkt->n_work, sizeof(kv_kkt_work))))
        return KV_ERR_MEMORY;
    for (int i = 0; i < kkt->n_work; i++) {
        kv_kkt_work *w = &kkt->work[i];
        w->group.z = kv_alloc(entries, sizeof(double));
        w->group.row = kv_alloc(touched, sizeof(double));
        w->group.stack = kv_alloc(stack, sizeof(double));
        w->group.update = kv_alloc(stack ? touched * touched : 0, sizeof(double));
        w->rows = kv_alloc(rows, sizeof(double));
        w->permuted = kv_alloc(rows, sizeof(double));
        if (!w->group.z || !w->group.row || !w->group.stack || !w->group.update || !w->rows ||
            !w->permuted)
            return KV_ERR_MEMORY;
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
    openblas_set_num_threads(1); /* the blocks are the parallel part */
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
        for (int g = 0; s->group && g < kkt->lp->block[b].n_groups; g++)
            kv_group_free(&s->group[g]);
        kv_free(s->group);
        kv_free(s->schur);
        kv_free(s->coupling);
        kv_free(s->rest);
        kv_free(s->local);
        kv_free(s->local_of);
    }
    for (int i = 0; kkt->work && i < kkt->n_work; i++) {
        kv_free(kkt->work[i].group.z);
        kv_free(kkt->work[i].group.row);
        kv_free(kkt->work[i].group.stack);
        kv_free(kkt->work[i].group.update);
        kv_free(kkt->work[i].rows);
        kv_free(kkt->work[i].permuted);
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
