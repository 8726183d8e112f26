/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/cutting/pool.h"

#include "base/memory.h"

#include <string.h>

static const double priced = 1e-12;

void kv_cut_pool_clear(kv_cut_pool *pool)
{
    for (int i = 0; i < pool->count; i++)
        kv_cut_free(pool->cut[i]);
    kv_free(pool->cut);
    kv_free(pool->row);
    kv_free(pool->idle);
    memset(pool, 0, sizeof *pool);
}

/* ---- adding -------------------------------------------------------------------------------- */

static kv_status reserve(kv_cut_pool *pool)
{
    if (pool->count < pool->capacity)
        return KV_OK;
    int room = 2 * pool->capacity + 64;
    kv_cut **cut = kv_realloc(pool->cut, (size_t)room, sizeof *cut);
    pool->cut = cut ? cut : pool->cut;
    int *row = kv_realloc(pool->row, (size_t)room, sizeof *row);
    pool->row = row ? row : pool->row;
    int *idle = kv_realloc(pool->idle, (size_t)room, sizeof *idle);
    pool->idle = idle ? idle : pool->idle;
    if (!cut || !row || !idle)
        return KV_ERR_MEMORY;
    pool->capacity = room;
    return KV_OK;
}

static kv_status add_row(kv_cut_pool *pool, const kv_cut *cut)
{
    const kv_model *m = pool->whole->model;
    size_t size = (size_t)(cut->n_design + cut->n_flows);
    int *column = kv_alloc(size, sizeof *column), n = 0;
    double *value = kv_alloc(size, sizeof *value);
    kv_status status = column && value ? KV_OK : KV_ERR_MEMORY;
    for (int i = 0; i < cut->n_design && status == KV_OK; i++) {
        column[n] = cut->design[i];
        value[n++] = cut->design_value[i];
    }
    for (int i = 0; i < cut->n_flows && status == KV_OK; i++) {
        if (m->column_of_flow[cut->flow[i]] < 0)
            continue;
        column[n] = m->column_of_flow[cut->flow[i]];
        value[n++] = cut->flow_value[i];
    }
    if (status == KV_OK)
        status = kv_lp_add_row(pool->whole->lp, -1e30, cut->rhs, n, column, value);
    kv_free(column);
    kv_free(value);
    return status;
}

/* Append a cut and its row. The pool owns it in any case. */
static kv_status append(kv_cut_pool *pool, kv_cut *cut)
{
    kv_status status = reserve(pool);
    int row = kv_lp_rows(pool->whole->lp);
    if (status == KV_OK)
        status = add_row(pool, cut);
    if (status != KV_OK) {
        kv_cut_free(cut);
        return status;
    }
    pool->cut[pool->count] = cut;
    pool->row[pool->count] = row;
    pool->idle[pool->count++] = 0;
    return KV_OK;
}

kv_status kv_cut_pool_add(kv_cut_pool *pool, kv_cut_list *list, const double *design,
                          const double *flow, int most, int *added)
{
    kv_status status = kv_cut_list_select(list, design, flow, most);
    int taken = 0;
    *added = 0;
    for (; taken < list->count && status == KV_OK; taken++) {
        status = append(pool, list->cut[taken]);
        *added += status == KV_OK;
    }
    for (int i = taken; i < list->count; i++)
        kv_cut_free(list->cut[i]);
    list->count = 0;
    return status;
}

/* ---- leaving ------------------------------------------------------------------------------- */

/* Mark the rows that leave; how many. */
static int mark_rows(kv_cut_pool *pool, int rounds, unsigned char *leaves)
{
    kv_whole_model *w = pool->whole;
    int n = 0;
    for (int i = 0; i < pool->count; i++) {
        if (pool->row[i] < 0)
            continue;
        pool->idle[i] = kv_lp_row_is_basic(w->lp, pool->row[i]) ? pool->idle[i] + 1 : 0;
        if (pool->idle[i] >= rounds)
            n += leaves[pool->row[i]] = 1;
    }
    for (int i = 0; i < w->model->n_opening_rows; i++) {
        if (w->held[i] >= 0 && kv_lp_row_is_basic(w->lp, w->held[i]) &&
            w->asleep[w->model->column_of_flow[kv_whole_model_flow(w, i)]])
            n += leaves[w->held[i]] = 1;
    }
    return n;
}

static void renumber(kv_cut_pool *pool, const unsigned char *leaves, const int *number)
{
    kv_whole_model *w = pool->whole;
    for (int i = 0; i < pool->count; i++)
        if (pool->row[i] >= 0)
            pool->row[i] = leaves[pool->row[i]] ? -1 : number[pool->row[i]];
    for (int i = 0; i < w->model->n_opening_rows; i++)
        if (w->held[i] >= 0)
            w->held[i] = leaves[w->held[i]] ? -1 : number[w->held[i]];
}

kv_status kv_cut_pool_purge(kv_cut_pool *pool, int rounds)
{
    int rows = kv_lp_rows(pool->whole->lp), n = 0;
    unsigned char *leaves = kv_alloc((size_t)rows, 1);
    int *number = kv_alloc((size_t)rows, sizeof *number), *list = NULL;
    kv_status status = leaves && number ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK)
        n = mark_rows(pool, rounds, leaves);
    if (status != KV_OK || n == 0)
        goto out;
    list = kv_alloc((size_t)n, sizeof *list);
    if (!list) {
        status = KV_ERR_MEMORY;
        goto out;
    }
    n = 0;
    for (int r = 0; r < rows; r++) {
        number[r] = r - n;
        if (leaves[r])
            list[n++] = r;
    }
    renumber(pool, leaves, number);
    status = kv_lp_delete_rows(pool->whole->lp, n, list);
out:
    kv_free(leaves);
    kv_free(number);
    kv_free(list);
    return status;
}

/* ---- multipliers --------------------------------------------------------------------------- */

kv_status kv_cut_pool_multipliers(const kv_cut_pool *pool, kv_multipliers *multipliers)
{
    kv_multipliers *m = multipliers;
    kv_status status = kv_whole_model_multipliers(pool->whole, m);
    if (status == KV_OK)
        status = kv_multipliers_reserve_cuts(m, pool->count);
    for (int i = 0; i < pool->count && status == KV_OK; i++) {
        double mu = pool->row[i] < 0 ? 0 : -kv_lp_dual(pool->whole->lp, pool->row[i]);
        if (mu <= priced)
            continue;
        m->cut[m->n_cut] = pool->cut[i];
        m->cut_value[m->n_cut++] = mu;
    }
    return status;
}
