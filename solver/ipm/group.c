/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/group.h"

#include "base/memory.h"

#include <cblas.h>
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

static kv_status place_ends(kv_group *group, const kv_block *k, int g)
{
    int from = k->group_first[g];
    group->tail = kv_alloc((size_t)group->n_flows, sizeof(int));
    group->head = kv_alloc((size_t)group->n_flows, sizeof(int));
    if (!group->tail || !group->head)
        return KV_ERR_MEMORY;
    for (int i = 0; i < group->n_flows; i++) {
        group->tail[i] = place_of(group, k, g, k->tail[from + i]);
        group->head[i] = place_of(group, k, g, k->head[from + i]);
    }
    return KV_OK;
}

/* Entries of p in the order of their border indices; `next` [n_touched + 1] scratch, zeros. */
static kv_status sort_entries(kv_group *group, const kv_columns *c, int g, const int *position,
                              int *next)
{
    int from = c->block->group_first[g];
    if (!(group->entry = kv_alloc((size_t)group->n_entries, sizeof(kv_group_entry))))
        return KV_ERR_MEMORY;
    for (int e = first_entry(c, g); e < last_entry(c, g); e++)
        next[position[c->index[e]] + 1]++;
    for (int t = 0; t < group->n_touched; t++)
        next[t + 1] += next[t];
    for (int a = from; a < c->block->group_first[g + 1]; a++)
        for (int e = c->first[a]; e < c->first[a + 1]; e++)
            group->entry[next[position[c->index[e]]]++] =
                (kv_group_entry){c->index[e], a - from, e};
    return KV_OK;
}

/* The pattern of Z is not needed any more. */
static void forget_rows(kv_group *group)
{
    kv_free(group->first);
    kv_free(group->index);
    kv_free(group->full);
    group->first = group->index = NULL;
    group->full = NULL;
    group->n_full = 0;
}

/* What the way needs. */
static kv_status prepare_way(kv_group *group, const kv_columns *c, int g, const int *position)
{
    if (group->way == KV_GROUP_ROWS)
        return place_entries(group, c, g);
    forget_rows(group);
    kv_status status = place_ends(group, c->block, g);
    if (status != KV_OK || group->way == KV_GROUP_STACK)
        return status;
    int *next = kv_alloc((size_t)group->n_touched + 1, sizeof(int));
    status = next ? sort_entries(group, c, g, position, next) : KV_ERR_MEMORY;
    kv_free(next);
    return status;
}

/* Times in ns: of multiplications that are spread over a matrix one takes about 2, of others 1, in
 * BLAS 1/18. Rows that take longer one by one than in a stack over the whole border are full. */
static void choose_way(kv_group *group, int order)
{
    const kv_laplacian *c = &group->c;
    double n = c->n, m = group->n_flows, p = group->n_entries, row_time = 0;
    double stacked = (double)order * order / 36;
    double invert = 300 + 0.5 * n * c->column_first[c->n];
    double stack = n * stacked + invert + 0.25 * n * p;
    double pairs = p * p + invert + n * m * (0.5 + m / 12) + m * m / 2 + 500;
    for (int i = 0; i < c->n; i++) {
        double row = group->first[i + 1] - group->first[i], plain = row * row;
        for (int e = c->row_first[i]; e < c->row_first[i + 1]; e++)
            row_time += group->first[c->row_column[e] + 1] - group->first[c->row_column[e]];
        group->full[i] = stacked + 2 * row < plain;
        group->n_full += group->full[i];
        row_time += group->full[i] ? stacked + 2 * row : plain;
    }
    group->way = stack < fmin(pairs, row_time) ? KV_GROUP_STACK
                 : pairs < row_time            ? KV_GROUP_PAIRS
                                               : KV_GROUP_ROWS;
    group->work = fmin(stack, fmin(pairs, row_time)) + 10 * p;
}

kv_status kv_group_create(const kv_columns *columns, int g, kv_group *group)
{
    const kv_block *k = columns->block;
    int a = k->group_first[g], n = k->group_row[g + 1] - k->group_row[g];
    memset(group, 0, sizeof(*group));
    group->n_flows = k->group_first[g + 1] - a;
    group->n_entries = last_entry(columns, g) - first_entry(columns, g);
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
        choose_way(group, columns->order);
        status = prepare_way(group, columns, g, position);
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
    kv_free(group->entry);
}

size_t kv_group_values(const kv_group *group)
{
    size_t m = (size_t)group->n_flows;
    if (group->way == KV_GROUP_ROWS)
        return (size_t)group->first[group->c.n];
    return group->way == KV_GROUP_PAIRS ? m * m + (size_t)group->n_entries : 0;
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

/* W = B' C^-1 B between all flows, weighed by phi on both sides, then the entries of p. */
static void find_pairs(const kv_group *group, const kv_columns *c, int g, kv_group_work *w,
                       double *values)
{
    int n = group->c.n, m = group->n_flows;
    const double *phi = c->phi + c->block->group_first[g];
    kv_laplacian_invert(&group->c, w->inverse);
    for (int a = 0; a < m; a++) {
        double *column = w->columns + (size_t)a * (size_t)n;
        int begin = kv_laplacian_difference(n, w->inverse, group->tail[a], group->head[a], column);
        memset(column, 0, sizeof(double) * (size_t)begin);
        for (int i = begin; i < n; i++)
            column[i] *= phi[a];
    }
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, m, n, 1.0, w->columns, n, 0.0, values, m);
    for (int a = 0; a < m; a++)
        for (int b = 0; b < a; b++)
            values[(size_t)a * (size_t)m + (size_t)b] = values[(size_t)b * (size_t)m + (size_t)a];
    values += (size_t)m * (size_t)m;
    for (int e = 0; e < group->n_entries; e++)
        values[e] = c->value[group->entry[e].at];
}

int kv_group_eliminate(kv_group *group, const kv_columns *columns, int g, double regular,
                       kv_group_work *work, double *values)
{
    if (kv_laplacian_factor(&group->c, columns->phi + columns->block->group_first[g], regular,
                            1e-13) != 0)
        return -1;
    if (group->way == KV_GROUP_PAIRS)
        find_pairs(group, columns, g, work, values);
    if (group->way != KV_GROUP_ROWS)
        return 0;
    assemble(group, columns, g, values);
    for (int i = 0; i < group->c.n; i++)
        eliminate_row(group, i, values, work->row);
    return 0;
}

void kv_group_subtract_pairs(const kv_group *group, const double *values, int from, int to,
                             int order, double *matrix)
{
    size_t m = (size_t)group->n_flows;
    const kv_group_entry *entry = group->entry;
    const double *p = values + m * m;
    for (int e = from, begin = from; e < to; e++) {
        if (entry[e].index != entry[begin].index)
            begin = e;
        const double *w = values + (size_t)entry[e].flow * m;
        double *column = matrix + (size_t)entry[e].index * (size_t)order, factor = p[e];
        for (int f = begin; f < group->n_entries; f++)
            column[entry[f].index] -= factor * p[f] * w[entry[f].flow];
    }
}
