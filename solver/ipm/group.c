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
                group->index[at++] = t;
        group->first[i + 1] = at;
        group->full[i] = 5 * (at - group->first[i]) > 2 * group->n_touched;
        group->n_full += group->full[i];
    }
    if (group->n_full < 4) { /* not worth a call of BLAS */
        memset(group->full, 0, (size_t)n);
        group->n_full = 0;
    }
    return KV_OK;
}

/* Where in Z the entry of touched row t in row i of Z stands, -1 = no such row. */
static int find_place(const kv_group *group, int i, int t)
{
    if (i < 0)
        return -1;
    int low = group->first[i], high = group->first[i + 1] - 1;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (group->index[middle] < t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static kv_status place_entries(kv_group *group, const kv_columns *c, int g, const int *position)
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
            int t = position[c->index[e]];
            group->tail_at[e - first] = group->dense ? t : find_place(group, tail, t);
            group->head_at[e - first] = group->dense ? t : find_place(group, head, t);
        }
    }
    return KV_OK;
}

static kv_status place_ends(kv_group *group, const kv_block *k, int g)
{
    int from = k->group_first[g], to = k->group_first[g + 1];
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

/* Whether inverting L takes less time than eliminating Z row by row. Weights: of BLAS's
 * multiplications an eighth of the plain ones'. */
static void choose_way(kv_group *group, int n_entries)
{
    const kv_laplacian *c = &group->c;
    double n = c->n, wide = group->n_touched, sparse = 0;
    for (int i = 0; i < c->n; i++) {
        double row = group->first[i + 1] - group->first[i];
        for (int e = c->row_first[i]; e < c->row_first[i + 1]; e++)
            sparse += group->first[c->row_column[e] + 1] - group->first[c->row_column[e]];
        sparse += group->full[i] ? wide * wide / 16 : row * row / 2;
    }
    if (group->n_full)
        sparse += wide * wide / 2;
    double dense = n * wide * wide / 16 + wide * wide / 2 + 0.25 * n * n_entries +
                   0.25 * n * c->column_first[c->n];
    group->dense = dense < sparse;
    group->work = fmin(dense, sparse);
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
        choose_way(group, last_entry(columns, g) - first_entry(columns, g));
        status = place_entries(group, columns, g, position);
    }
    if (status == KV_OK)
        status = place_ends(group, k, g);
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
    size_t n = (size_t)group->c.n;
    return group->dense ? n * (size_t)group->n_touched : n ? (size_t)group->first[n] : 0;
}

size_t kv_group_stack(const kv_group *group)
{
    size_t n = (size_t)group->c.n;
    return group->dense ? n * n : (size_t)group->n_full * (size_t)group->n_touched;
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
    double scale = 1 / c->value[c->column_first[i]];
    for (int q = from; q < to; q++) {
        z[q] = scale * row[group->index[q]];
        row[group->index[q]] = 0;
    }
}

/* schur -= z z' of one row of Z. */
static void subtract_row(const kv_group *group, int i, const double *z, double *schur, int order)
{
    const int *touched = group->touched, *index = group->index;
    int to = group->first[i + 1];
    for (int p = group->first[i]; p < to; p++) {
        double *column = schur + (size_t)touched[index[p]] * (size_t)order, value = z[p];
        for (int q = p; value != 0 && q < to; q++)
            column[touched[index[q]]] -= value * z[q];
    }
}

static void stack_row(const kv_group *group, int i, const double *z, double *stack)
{
    memset(stack, 0, sizeof(double) * (size_t)group->n_touched);
    for (int q = group->first[i]; q < group->first[i + 1]; q++)
        stack[group->index[q]] = z[q];
}

/* matrix -= update, lower triangles. */
static void scatter(const kv_group *group, const double *update, double *matrix, int order)
{
    int n = group->n_touched;
    for (int j = 0; j < n; j++) {
        double *column = matrix + (size_t)group->touched[j] * (size_t)order;
        const double *from = update + (size_t)j * (size_t)n;
        for (int i = j; i < n; i++)
            column[group->touched[i]] -= from[i];
    }
}

static void subtract_stack(const kv_group *group, const kv_group_work *w, double *matrix, int order)
{
    int n = group->n_touched;
    cblas_dsyrk(CblasColMajor, CblasLower, CblasNoTrans, n, group->n_full, 1.0, w->stack, n, 0.0,
                w->update, n);
    scatter(group, w->update, matrix, order);
}

/* z += factor * column of L^-1, from its first entry on. */
static void add_inverse(const double *inverse, int n, int place, double factor, double *z)
{
    const double *column = inverse + (size_t)place * (size_t)n;
    for (int i = place; i < n; i++)
        z[i] += factor * column[i];
}

/* Z by columns, from differences of columns of L^-1. */
static void subtract_dense(const kv_group *group, const kv_columns *c, int g, kv_group_work *w,
                           double *matrix)
{
    const kv_block *k = c->block;
    int n = group->c.n, wide = group->n_touched, first = first_entry(c, g),
        from = k->group_first[g];
    kv_laplacian_invert(&group->c, w->stack);
    memset(w->z, 0, sizeof(double) * (size_t)n * (size_t)wide);
    for (int a = from; a < k->group_first[g + 1]; a++)
        for (int e = c->first[a]; e < c->first[a + 1]; e++) {
            double *z = w->z + (size_t)group->tail_at[e - first] * (size_t)n;
            double value = c->phi[a] * c->value[e];
            if (value != 0 && group->tail[a - from] >= 0)
                add_inverse(w->stack, n, group->tail[a - from], value, z);
            if (value != 0 && group->head[a - from] >= 0)
                add_inverse(w->stack, n, group->head[a - from], -value, z);
        }
    cblas_dsyrk(CblasColMajor, CblasLower, CblasTrans, wide, n, 1.0, w->z, n, 0.0, w->update, wide);
    scatter(group, w->update, matrix, c->order);
}

int kv_group_subtract(kv_group *group, const kv_columns *columns, int g, double regular,
                      kv_group_work *w, double *matrix)
{
    int full = 0, order = columns->order;
    if (group->c.n == 0)
        return 0;
    if (kv_laplacian_factor(&group->c, columns->phi + columns->block->group_first[g], regular,
                            1e-13) != 0)
        return -1;
    if (group->n_touched == 0)
        return 0;
    if (group->dense) {
        subtract_dense(group, columns, g, w, matrix);
        return 0;
    }
    assemble(group, columns, g, w->z);
    for (int i = 0; i < group->c.n; i++) {
        eliminate_row(group, i, w->z, w->row);
        if (group->full[i])
            stack_row(group, i, w->z, w->stack + (size_t)full++ * (size_t)group->n_touched);
        else
            subtract_row(group, i, w->z, matrix, order);
    }
    if (full)
        subtract_stack(group, w, matrix, order);
    return 0;
}
