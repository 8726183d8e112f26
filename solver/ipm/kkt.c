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

static int few_blocks(const kv_kkt *kkt)
{
    return kkt->lp->n_blocks < KV_KKT_FEW_BLOCKS;
}

static kv_status create_system(kv_kkt *kkt, int b)
{
    const kv_block_lp *lp = kkt->lp;
    kv_block_system *s = &kkt->system[b];
    kv_status status = kv_border_create(&lp->block[b], lp->n_y, lp->n_global_flow, few_blocks(kkt),
                                        KV_BORDER_VALUES, &s->border);
    if (status != KV_OK)
        return status;
    kkt->n_tiles += s->border.n_tiles;
    if (!(s->part = kv_alloc((size_t)s->border.n_tiles, sizeof(double *))))
        return KV_ERR_MEMORY;
    for (int t = 0; t < s->border.n_tiles; t++)
        if (!(s->part[t] = kv_alloc((size_t)s->border.order, sizeof(double))))
            return KV_ERR_MEMORY;
    return KV_OK;
}

static kv_status list_tiles(kv_kkt *kkt)
{
    int tile = 0;
    if (!(kkt->tile = kv_alloc((size_t)kkt->n_tiles, sizeof(kv_kkt_tile))))
        return KV_ERR_MEMORY;
    for (int b = 0; b < kkt->lp->n_blocks; b++)
        for (int i = 0; i < kkt->system[b].border.n_tiles; i++)
            kkt->tile[tile++] = (kv_kkt_tile){b, i};
    return KV_OK;
}

/* Global rows' entries over loose design variables, by variables. */
static kv_status list_loose(const kv_block_lp *lp, kv_tied *t)
{
    size_t entries = (size_t)lp->global_first[lp->n_global];
    if (!(t->row_first = kv_alloc((size_t)lp->n_y + 1, sizeof(int))) ||
        !(t->row = kv_alloc(entries, sizeof(int))) ||
        !(t->value = kv_alloc(entries, sizeof(double))))
        return KV_ERR_MEMORY;
    for (int e = 0; e < lp->global_first[lp->n_global]; e++)
        t->row_first[lp->global_y[e]] += t->place[lp->global_y[e]] < 0;
    for (int y = 0; y < lp->n_y; y++)
        t->row_first[y + 1] += t->row_first[y];
    for (int r = lp->n_global - 1; r >= 0; r--) /* from where a variable's entries end */
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++)
            if (t->place[lp->global_y[e]] < 0) {
                int at = --t->row_first[lp->global_y[e]];
                t->row[at] = r;
                t->value[at] = lp->global_value[e];
            }
    return KV_OK;
}

static kv_status create_tied(kv_kkt *kkt)
{
    kv_tied *t = &kkt->tied;
    int ny = kkt->lp->n_y;
    if (!(t->place = kv_alloc((size_t)ny, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int b = 0; b < kkt->lp->n_blocks; b++)
        for (int i = 0; i < kkt->system[b].border.columns.n_local; i++)
            t->place[kkt->system[b].border.columns.local[i]] = 1;
    for (int y = 0; y < ny; y++)
        t->place[y] = t->place[y] ? t->n++ : -1;
    return list_loose(kkt->lp, t);
}

static kv_status create_rest(kv_kkt *kkt)
{
    kv_status status = create_tied(kkt);
    size_t n = (size_t)kkt->tied.n, ng = (size_t)kkt->lp->n_global;
    kkt->h = kv_alloc(n * n, sizeof(double));
    kkt->n = kv_alloc(n * ng, sizeof(double));
    kkt->m = kv_alloc(ng * ng, sizeof(double));
    kkt->right = kv_alloc(n, sizeof(double));
    return kkt->h && kkt->n && kkt->m && kkt->right ? status : KV_ERR_MEMORY;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static kv_status create_work(kv_kkt *kkt)
{
    const kv_block_lp *lp = kkt->lp;
    size_t rows = 0, openings = 0;
    kv_border_sizes sizes = {0};
    for (int b = 0; b < lp->n_blocks; b++) {
        rows = larger(rows, (size_t)lp->block[b].n_rows);
        openings = larger(openings, (size_t)kkt->system[b].border.columns.most);
        kv_border_size(&kkt->system[b].border, &sizes);
    }
    kkt->n_work = kv_threads_count(kkt->threads);
    kkt->work = kv_alloc((size_t)kkt->n_work, sizeof(kv_kkt_work));
    kkt->border_work = kv_alloc((size_t)kkt->n_work, sizeof(kv_group_work));
    kkt->shared = kv_alloc((size_t)kkt->n_work, sizeof(kv_border_shared));
    if (!kkt->work || !kkt->border_work || !kkt->shared)
        return KV_ERR_MEMORY;
    for (int i = 0; i < kkt->n_work; i++) {
        kv_kkt_work *w = &kkt->work[i];
        if (kv_border_work_create(&sizes, &kkt->border_work[i]) != KV_OK ||
            !(w->rows = kv_alloc(rows, sizeof(double))) ||
            !(w->permuted = kv_alloc(rows, sizeof(double))) ||
            !(w->opening = kv_alloc(openings, sizeof(double))))
            return KV_ERR_MEMORY;
        if ((i == 0 || !few_blocks(kkt)) &&
            kv_border_shared_create(&sizes, &kkt->shared[i]) != KV_OK)
            return KV_ERR_MEMORY;
    }
    return KV_OK;
}

static void free_work(kv_kkt *kkt, int i)
{
    if (kkt->work) {
        kv_free(kkt->work[i].rows);
        kv_free(kkt->work[i].permuted);
        kv_free(kkt->work[i].opening);
    }
    if (kkt->border_work)
        kv_border_work_free(&kkt->border_work[i]);
    if (kkt->shared)
        kv_border_shared_free(&kkt->shared[i]);
}

kv_status kv_kkt_create(const kv_block_lp *lp, kv_threads *threads, kv_kkt **out)
{
    kv_kkt *kkt = kv_alloc(1, sizeof(*kkt));
    *out = NULL;
    if (!kkt)
        return KV_ERR_MEMORY;
    kkt->lp = lp;
    kkt->threads = threads;
    openblas_set_num_threads(1); /* blocks and tiles are the parallel part */
    kkt->system = kv_alloc((size_t)lp->n_blocks, sizeof(kv_block_system));
    kv_status status = kkt->system ? KV_OK : KV_ERR_MEMORY;
    for (int b = 0; b < lp->n_blocks && status == KV_OK; b++)
        status = create_system(kkt, b);
    if (status == KV_OK)
        status = list_tiles(kkt);
    if (status == KV_OK)
        status = create_work(kkt);
    if (status == KV_OK)
        status = create_rest(kkt);
    if (status == KV_OK)
        *out = kkt;
    else
        kv_kkt_free(kkt);
    return status;
}

static void free_system(kv_block_system *s)
{
    for (int t = 0; s->part && t < s->border.n_tiles; t++)
        kv_free(s->part[t]);
    kv_free(s->part);
    kv_border_free(&s->border);
}

void kv_kkt_free(kv_kkt *kkt)
{
    if (!kkt)
        return;
    for (int b = 0; kkt->system && b < kkt->lp->n_blocks; b++)
        free_system(&kkt->system[b]);
    for (int i = 0; i < kkt->n_work; i++)
        free_work(kkt, i);
    kv_free(kkt->system);
    kv_free(kkt->work);
    kv_free(kkt->border_work);
    kv_free(kkt->shared);
    kv_free(kkt->tile);
    kv_free(kkt->tied.place);
    kv_free(kkt->tied.row_first);
    kv_free(kkt->tied.row);
    kv_free(kkt->tied.value);
    kv_free(kkt->h);
    kv_free(kkt->n);
    kv_free(kkt->m);
    kv_free(kkt->right);
    kv_free(kkt);
}
