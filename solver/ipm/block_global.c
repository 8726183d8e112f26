/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Global rows, and lists of entries. */
#include "solver/ipm/builder.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

int kv_entry_list_add(kv_entry_list *list, int row, int column, double value)
{
    if (kv_reserve((void **)&list->row, &list->row_capacity, list->count + 1, sizeof(int)) ||
        kv_reserve((void **)&list->column, &list->column_capacity, list->count + 1, sizeof(int)) ||
        kv_reserve((void **)&list->value, &list->value_capacity, list->count + 1, sizeof(double)))
        return -1;
    list->row[list->count] = row;
    list->column[list->count] = column;
    list->value[list->count++] = value;
    return 0;
}

void kv_entry_list_free(kv_entry_list *list)
{
    kv_free(list->row);
    kv_free(list->column);
    kv_free(list->value);
}

kv_status kv_entry_list_compress(const kv_entry_list *list, const int *key, const int *other, int n,
                                 int **first, int **index, double **value)
{
    *first = kv_alloc((size_t)n + 1, sizeof(int));
    *index = kv_alloc(list->count, sizeof(int));
    *value = kv_alloc(list->count, sizeof(double));
    int *next = kv_alloc((size_t)n + 1, sizeof(int));
    if (!*first || !*index || !*value || !next) {
        kv_free(next);
        return KV_ERR_MEMORY;
    }
    for (size_t e = 0; e < list->count; e++)
        (*first)[key[e] + 1]++;
    for (int i = 0; i < n; i++)
        (*first)[i + 1] += (*first)[i];
    memcpy(next, *first, sizeof(int) * (size_t)n);
    for (size_t e = 0; e < list->count; e++) {
        int at = next[key[e]]++;
        (*index)[at] = other[e];
        (*value)[at] = list->value[e];
    }
    kv_free(next);
    return KV_OK;
}

void kv_builder_sort_couplings(kv_builder *w)
{
    const kv_rows *rows = &w->problem->coupling;
    w->lp->n_global_flow = 0;
    for (int i = 0; i < rows->count; i++) {
        int block = -1, several = 0;
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++) {
            several |= block >= 0 && rows->flow_block[e] != block;
            block = rows->flow_block[e];
        }
        w->coupling_block[i] = several || block < 0 ? -1 : block;
        w->coupling_global[i] = w->coupling_block[i] < 0 ? w->lp->n_global_flow++ : -1;
    }
}

/* Items 0 .. n - 1 by key (key_of < 0: left out), in their order: order[first[k]] ... */
static kv_status sort_by(const kv_builder *w, int (*key_of)(const kv_builder *, int), int n,
                         int **first, int **order)
{
    int keys = w->problem->n_blocks;
    *first = kv_alloc((size_t)keys + 2, sizeof(int));
    *order = kv_alloc((size_t)n, sizeof(int));
    if (!*first || !*order)
        return KV_ERR_MEMORY;
    for (int i = 0; i < n; i++)
        if (key_of(w, i) >= 0)
            (*first)[key_of(w, i) + 2]++;
    for (int k = 0; k < keys; k++)
        (*first)[k + 2] += (*first)[k + 1];
    for (int i = 0; i < n; i++)
        if (key_of(w, i) >= 0)
            (*order)[(*first)[key_of(w, i) + 1]++] = i;
    return KV_OK;
}

static int block_of_opening(const kv_builder *w, int i)
{
    return w->problem->openings[w->options->openings[i].opening].block;
}

static int block_of_coupling(const kv_builder *w, int i)
{
    return w->coupling_block[i];
}

static int block_of_entry(const kv_builder *w, int e)
{
    return w->entry_global[e] < 0 ? -1 : w->problem->coupling.flow_block[e];
}

kv_status kv_builder_sort_blocks(kv_builder *w)
{
    const kv_rows *rows = &w->problem->coupling;
    int entries = rows->count ? rows->flow_first[rows->count] : 0;
    w->entry_global = kv_alloc((size_t)entries, sizeof(int));
    if (!w->entry_global)
        return KV_ERR_MEMORY;
    for (int i = 0; i < rows->count; i++)
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++)
            w->entry_global[e] = w->coupling_global[i];
    kv_status status =
        sort_by(w, block_of_opening, w->options->n_openings, &w->opening_first, &w->opening_order);
    if (status == KV_OK)
        status = sort_by(w, block_of_coupling, rows->count, &w->coupling_first, &w->coupling_order);
    if (status == KV_OK)
        status = sort_by(w, block_of_entry, entries, &w->global_first, &w->global_order);
    return status;
}

static int row_is_free(const kv_builder *w, const kv_rows *rows, int i)
{
    for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
        if (w->y_of[rows->design[e]] >= 0 && rows->design_value[e] != 0)
            return 1;
    return 0;
}

/* A side row over fixed variables only: it must hold as it is. */
static void check_fixed_row(const kv_builder *w, const kv_rows *rows, int i)
{
    double left = 0, size = fabs(rows->rhs[i]);
    for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++) {
        double term = rows->design_value[e] * w->lp->lower[rows->design[e]];
        left += term;
        size = fmax(size, fabs(term));
    }
    double over = left - rows->rhs[i], slack = 1e-6 * fmax(1, size);
    if (over > slack || (rows->sense[i] == 'E' && over < -slack))
        w->lp->infeasible = 1;
}

static int add_global_row(kv_builder *w, kv_entry_list *list, const kv_rows *rows, int i, int kind)
{
    kv_block_lp *lp = w->lp;
    int g = lp->n_global++;
    lp->global_kind[g] = kind;
    lp->global_index[g] = i;
    lp->global_equality[g] = rows->sense[i] == 'E';
    double rhs = rows->rhs[i];
    for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++) {
        int j = rows->design[e];
        rhs -= rows->design_value[e] * lp->lower[j];
        if (w->y_of[j] < 0 || rows->design_value[e] == 0)
            continue;
        double value = rows->design_value[e] * lp->y_scale[w->y_of[j]];
        lp->global_scale[g] = fmax(lp->global_scale[g], fabs(value));
        if (kv_entry_list_add(list, g, w->y_of[j], value))
            return -1;
    }
    lp->global_rhs[g] = rhs;
    return 0;
}

kv_status kv_builder_add_global(kv_builder *w)
{
    const kv_problem *p = w->problem;
    kv_block_lp *lp = w->lp;
    kv_entry_list list = {0};
    kv_status status = KV_ERR_MEMORY;
    for (int i = 0; i < p->coupling.count; i++)
        if (w->coupling_global[i] >= 0 && add_global_row(w, &list, &p->coupling, i, 1))
            goto out;
    for (int i = 0; i < p->side.count; i++) {
        if (w->options->drop_side && w->options->drop_side[i])
            continue;
        if (!row_is_free(w, &p->side, i)) {
            check_fixed_row(w, &p->side, i);
            continue;
        }
        if (add_global_row(w, &list, &p->side, i, 0))
            goto out;
    }
    for (int g = 0; g < lp->n_global; g++)
        if (lp->global_scale[g] <= 0)
            lp->global_scale[g] = 1;
    for (size_t e = 0; e < list.count; e++)
        list.value[e] /= lp->global_scale[list.row[e]];
    for (int g = 0; g < lp->n_global; g++)
        lp->global_rhs[g] /= lp->global_scale[g];
    for (int b = 0; b < lp->n_blocks; b++) {
        kv_block *k = &lp->block[b];
        for (int e = 0; e < k->entry_first[k->n_columns]; e++)
            if (k->entry_row[e] >= k->n_linking)
                k->entry[e] /= lp->global_scale[k->entry_row[e] - k->n_linking];
    }
    status = kv_entry_list_compress(&list, list.row, list.column, lp->n_global, &lp->global_first,
                                    &lp->global_y, &lp->global_value);
out:
    kv_entry_list_free(&list);
    return status;
}
