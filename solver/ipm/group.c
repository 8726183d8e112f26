/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/group.h"

#include "base/memory.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ---- structure ---- */

static int first_entry(const kv_columns *c, int g)
{
    return c->first[c->block->group_first[g]];
}

static int last_entry(const kv_columns *c, int g)
{
    return c->first[c->block->group_first[g + 1]];
}

/* The border that the group touches, ascending; position [order] of each, -1 = not touched. */
static kv_status find_touched(const kv_columns *c, int g, kv_group *group, int *position)
{
    int order = c->order;
    for (int r = 0; r < order; r++)
        position[r] = -1;
    for (int e = first_entry(c, g); e < last_entry(c, g); e++)
        position[c->index[e]] = 0;
    for (int r = 0; r < order; r++)
        group->n_touched += position[r] == 0;
    if (!(group->touched = kv_alloc((size_t)group->n_touched, sizeof(int))))
        return KV_ERR_MEMORY;
    int n = 0;
    for (int r = 0; r < order; r++)
        if (position[r] == 0) {
            group->touched[n] = r;
            position[r] = n++;
        }
    return KV_OK;
}

static int place_of(const kv_group *group, const kv_block *k, int g, int row)
{
    return row < 0 ? -1 : group->c.place[row - k->group_row[g]];
}

static void set_bit(uint64_t *bits, int i)
{
    bits[i / 64] |= (uint64_t)1 << (i % 64);
}

static int has_bit(const uint64_t *bits, int i)
{
    return (int)(bits[i / 64] >> (i % 64) & 1);
}

/* The pattern of Z in bits, n rows of `words`: that of P, then of what elimination fills in. */
static void fill_pattern(const kv_group *group, const kv_columns *columns, int g,
                         const int *position, uint64_t *bits, size_t words)
{
    const kv_laplacian *c = &group->c;
    const kv_block *k = columns->block;
    for (int a = k->group_first[g]; a < k->group_first[g + 1]; a++) {
        int ends[2] = {place_of(group, k, g, k->tail[a]), place_of(group, k, g, k->head[a])};
        for (int e = columns->first[a]; e < columns->first[a + 1]; e++)
            for (int i = 0; i < 2; i++)
                if (ends[i] >= 0)
                    set_bit(bits + (size_t)ends[i] * words, position[columns->index[e]]);
    }
    for (int j = 0; j < c->n; j++)
        for (int e = c->column_first[j] + 1; e < c->column_first[j + 1]; e++)
            for (size_t w = 0; w < words; w++)
                bits[(size_t)c->row[e] * words + w] |= bits[(size_t)j * words + w];
}

static kv_status store_pattern(kv_group *group, const uint64_t *bits, size_t words)
{
    int n = group->c.n, at = 0;
    size_t count = 0;
    for (size_t i = 0; i < (size_t)n; i++)
        for (int t = 0; t < group->n_touched; t++)
            count += (size_t)has_bit(bits + i * words, t);
    group->first = kv_alloc((size_t)n + 1, sizeof(int));
    group->index = kv_alloc(count, sizeof(int));
    group->full = kv_alloc((size_t)n, 1);
    if (!group->first || !group->index || !group->full)
        return KV_ERR_MEMORY;
    for (int i = 0; i < n; i++) {
        for (int t = 0; t < group->n_touched; t++)
            if (has_bit(bits + (size_t)i * words, t))
                group->index[at++] = group->touched[t];
        group->first[i + 1] = at;
    }
    return KV_OK;
}

/* Where in Z the entry of border index r in row i of Z stands, -1 = no such row. */
static int find_place(const kv_group *group, int i, int r)
{
    if (i < 0)
        return -1;
    int low = group->first[i], high = group->first[i + 1] - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (group->index[middle] < r)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static kv_status place_entries(kv_group *group, const kv_columns *c, int g)
{
    const kv_block *k = c->block;
    int first = first_entry(c, g);
    size_t count = (size_t)(last_entry(c, g) - first);
    group->tail_at = kv_alloc(count, sizeof(int));
    group->head_at = kv_alloc(count, sizeof(int));
    if (!group->tail_at || !group->head_at)
        return KV_ERR_MEMORY;
    for (int a = k->group_first[g]; a < k->group_first[g + 1]; a++) {
        int tail = place_of(group, k, g, k->tail[a]), head = place_of(group, k, g, k->head[a]);
        for (int e = c->first[a]; e < c->first[a + 1]; e++) {
            group->tail_at[e - first] = find_place(group, tail, c->index[e]);
            group->head_at[e - first] = find_place(group, head, c->index[e]);
        }
    }
    return KV_OK;
}

/* The pattern of Z is not needed any more. */
static kv_status place_dense(kv_group *group, const kv_columns *c, int g)
{
    const kv_block *k = c->block;
    int from = k->group_first[g], to = k->group_first[g + 1];
    kv_free(group->first);
    kv_free(group->index);
    kv_free(group->full);
    group->first = group->index = NULL;
    group->full = NULL;
    group->tail = kv_alloc((size_t)(to - from), sizeof(int));
    group->head = kv_alloc((size_t)(to - from), sizeof(int));
    if (!group->tail || !group->head)
        return KV_ERR_MEMORY;
    for (int a = from; a < to; a++) {
        group->tail[a - from] = place_of(group, k, g, k->tail[a]);
        group->head[a - from] = place_of(group, k, g, k->head[a]);
    }
    return KV_OK;
}

/* Which rows go to a stack over the whole border, or all of the group: by the time it takes, in ns.
 * Of multiplications an entry at a time takes about 1.3, BLAS 1/18. */
static void choose_way(kv_group *group, int order, int n_entries)
{
    const kv_laplacian *c = &group->c;
    double n = c->n, stacked = (double)order * order / 36, sparse = 0;
    double dense = n * stacked + 0.25 * n * n_entries + 0.25 * n * c->column_first[c->n];
    for (int i = 0; i < c->n; i++) {
        double row = group->first[i + 1] - group->first[i], plain = 0.65 * row * row;
        for (int e = c->row_first[i]; e < c->row_first[i + 1]; e++)
            sparse += group->first[c->row_column[e] + 1] - group->first[c->row_column[e]];
        group->full[i] = stacked + 2 * row < plain;
        group->n_full += group->full[i];
        sparse += group->full[i] ? stacked + 2 * row : plain;
    }
    group->dense = dense < sparse;
    group->work = fmin(dense, sparse) + 10 * n_entries;
}

kv_status kv_group_create(const kv_columns *columns, int g, kv_group *group)
{
    const kv_block *k = columns->block;
    int a = k->group_first[g], n = k->group_row[g + 1] - k->group_row[g];
    memset(group, 0, sizeof(*group));
    int *position = kv_alloc((size_t)columns->order, sizeof(int));
    uint64_t *bits = NULL;
    kv_status status = position ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_laplacian_create(n, k->group_row[g], k->group_first[g + 1] - a, k->tail + a,
                                     k->head + a, &group->c);
    if (status == KV_OK)
        status = find_touched(columns, g, group, position);
    size_t words = ((size_t)group->n_touched + 63) / 64;
    if (status == KV_OK && !(bits = kv_alloc((size_t)n * words, sizeof(*bits))))
        status = KV_ERR_MEMORY;
    if (status == KV_OK) {
        fill_pattern(group, columns, g, position, bits, words);
        status = store_pattern(group, bits, words);
    }
    if (status == KV_OK) {
        choose_way(group, columns->order, last_entry(columns, g) - first_entry(columns, g));
        status = group->dense ? place_dense(group, columns, g) : place_entries(group, columns, g);
    }
    kv_free(position);
    kv_free(bits);
    return status;
}

void kv_group_free(kv_group *group)
{
    kv_laplacian_free(&group->c);
    kv_free(group->touched);
    kv_free(group->first);
    kv_free(group->index);
    kv_free(group->tail_at);
    kv_free(group->head_at);
    kv_free(group->full);
    kv_free(group->tail);
    kv_free(group->head);
}

size_t kv_group_entries(const kv_group *group)
{
    return group->dense ? 0 : (size_t)group->first[group->c.n];
}

/* ---- values ---- */

/* P into the places of Z. */
static void assemble(const kv_group *group, const kv_columns *c, int g, double *z)
{
    const kv_block *k = c->block;
    int first = first_entry(c, g);
    memset(z, 0, sizeof(double) * (size_t)group->first[group->c.n]);
    for (int a = k->group_first[g]; a < k->group_first[g + 1]; a++)
        for (int e = c->first[a]; e < c->first[a + 1]; e++) {
            double value = c->phi[a] * c->value[e];
            if (group->tail_at[e - first] >= 0)
                z[group->tail_at[e - first]] += value;
            if (group->head_at[e - first] >= 0)
                z[group->head_at[e - first]] -= value;
        }
}

/* Row i of Z = L^-1 P from the rows before it. */
static void eliminate_row(const kv_group *group, int i, double *z, double *row)
{
    const kv_laplacian *c = &group->c;
    int from = group->first[i], to = group->first[i + 1];
    for (int q = from; q < to; q++)
        row[group->index[q]] = z[q];
    for (int e = c->row_first[i]; e < c->row_first[i + 1]; e++) {
        double factor = c->value[c->row_at[e]];
        int j = c->row_column[e];
        for (int q = group->first[j]; q < group->first[j + 1]; q++)
            row[group->index[q]] -= factor * z[q];
    }
    double scale = c->reciprocal[i];
    for (int q = from; q < to; q++) {
        z[q] = scale * row[group->index[q]];
        row[group->index[q]] = 0;
    }
}

int kv_group_eliminate(kv_group *group, const kv_columns *columns, int g, double regular, double *z,
                       double *row)
{
    if (kv_laplacian_factor(&group->c, columns->phi + columns->block->group_first[g], regular,
                            1e-13) != 0)
        return -1;
    if (group->dense)
        return 0;
    assemble(group, columns, g, z);
    for (int i = 0; i < group->c.n; i++)
        eliminate_row(group, i, z, row);
    return 0;
}
