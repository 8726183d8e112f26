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

enum { MOST_TILES = 4 };

/* Blocks are worked on at once where there are enough of them; else the groups of a block are cut
 * into tiles. How does not depend on the threads. */
static void choose_tiles(kv_kkt *kkt, int b)
{
    const kv_block *k = &kkt->lp->block[b];
    kv_block_system *s = &kkt->system[b];
    double order = s->columns.order, total = 0;
    for (int g = 0; g < k->n_groups; g++)
        total += s->group[g].work;
    double tiles = kkt->lp->n_blocks < KV_KKT_FEW_BLOCKS ? total / (4 * order * order + 1e5) : 1;
    s->n_tiles = tiles < 1 ? 1 : tiles > MOST_TILES ? MOST_TILES : (int)tiles;
}

/* Cut the groups into tiles of about the same work. */
static void cut_groups(const kv_block *k, kv_block_system *s)
{
    double total = 0, sum = 0;
    int t = 0;
    for (int g = 0; g < k->n_groups; g++)
        total += s->group[g].work;
    for (int g = 0; g < k->n_groups; g++) {
        while (t + 1 < s->n_tiles && sum >= total * (t + 1) / s->n_tiles)
            s->tile[++t] = g;
        sum += s->group[g].work;
    }
    while (t < s->n_tiles)
        s->tile[++t] = k->n_groups;
}

static kv_status create_system(kv_kkt *kkt, int b)
{
    const kv_block_lp *lp = kkt->lp;
    const kv_block *k = &lp->block[b];
    kv_block_system *s = &kkt->system[b];
    kv_status status = kv_columns_create(k, lp->n_y, lp->n_global_flow, &s->columns);
    if (status == KV_OK && !(s->group = kv_alloc((size_t)k->n_groups, sizeof(kv_group))))
        status = KV_ERR_MEMORY;
    for (int g = 0; g < k->n_groups && status == KV_OK; g++)
        status = kv_group_create(&s->columns, g, &s->group[g]);
    if (status != KV_OK)
        return status;
    choose_tiles(kkt, b);
    size_t tiles = (size_t)s->n_tiles, order = (size_t)s->columns.order;
    s->tile = kv_alloc(tiles + 1, sizeof(int));
    s->matrix = kv_alloc(tiles, sizeof(double *));
    s->part = kv_alloc(tiles, sizeof(double *));
    s->failed = kv_alloc(tiles, 1);
    if (!s->tile || !s->matrix || !s->part || !s->failed)
        return KV_ERR_MEMORY;
    for (size_t t = 0; t < tiles; t++) {
        s->matrix[t] = kv_alloc(order * order, sizeof(double));
        s->part[t] = kv_alloc(order, sizeof(double));
        if (!s->matrix[t] || !s->part[t])
            return KV_ERR_MEMORY;
    }
    cut_groups(k, s);
    kkt->n_tiles += s->n_tiles;
    return KV_OK;
}

static kv_status list_tiles(kv_kkt *kkt)
{
    int tile = 0;
    if (!(kkt->tile = kv_alloc((size_t)kkt->n_tiles, sizeof(kv_kkt_tile))))
        return KV_ERR_MEMORY;
    for (int b = 0; b < kkt->lp->n_blocks; b++)
        for (int i = 0; i < kkt->system[b].n_tiles; i++)
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
        for (int i = 0; i < kkt->system[b].columns.n_local; i++)
            t->place[kkt->system[b].columns.local[i]] = 1;
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
    size_t rows = 0, entries = 0, touched = 0, stack = 0, openings = 0;
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block_system *s = &kkt->system[b];
        rows = larger(rows, (size_t)lp->block[b].n_rows);
        openings = larger(openings, (size_t)s->columns.most);
        for (int i = 0; i < lp->block[b].n_groups; i++) {
            entries = larger(entries, kv_group_entries(&s->group[i]));
            touched = larger(touched, (size_t)s->group[i].n_touched);
            stack = larger(stack, kv_group_stack(&s->group[i]));
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
        w->opening = kv_alloc(2 * openings, sizeof(double));
        if (!w->group.z || !w->group.row || !w->group.stack || !w->group.update || !w->rows ||
            !w->permuted || !w->opening)
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

static void free_system(const kv_block *k, kv_block_system *s)
{
    kv_columns_free(&s->columns);
    for (int g = 0; s->group && g < k->n_groups; g++)
        kv_group_free(&s->group[g]);
    for (int t = 0; t < s->n_tiles; t++) {
        if (s->matrix)
            kv_free(s->matrix[t]);
        if (s->part)
            kv_free(s->part[t]);
    }
    kv_free(s->group);
    kv_free(s->tile);
    kv_free(s->matrix);
    kv_free(s->part);
    kv_free(s->failed);
}

void kv_kkt_free(kv_kkt *kkt)
{
    if (!kkt)
        return;
    for (int b = 0; kkt->system && b < kkt->lp->n_blocks; b++)
        free_system(&kkt->lp->block[b], &kkt->system[b]);
    for (int i = 0; kkt->work && i < kkt->n_work; i++) {
        kv_free(kkt->work[i].group.z);
        kv_free(kkt->work[i].group.row);
        kv_free(kkt->work[i].group.stack);
        kv_free(kkt->work[i].group.update);
        kv_free(kkt->work[i].rows);
        kv_free(kkt->work[i].permuted);
        kv_free(kkt->work[i].opening);
    }
    kv_free(kkt->system);
    kv_free(kkt->work);
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
