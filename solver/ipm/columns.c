/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/columns.h"

#include "base/memory.h"

#include <string.h>

/* ---- structure ---- */

static int is_opening(const kv_block *k, int row)
{
    return row >= k->n_dense && row < k->n_linking;
}

static kv_status find_locals(kv_columns *c, int n_y)
{
    const kv_block *k = c->block;
    int entries = k->y_first[k->n_linking];
    int *seen = kv_alloc((size_t)n_y, sizeof(int));
    c->local = kv_alloc((size_t)(entries < n_y ? entries : n_y), sizeof(int));
    c->local_of = kv_alloc((size_t)entries, sizeof(int));
    if (!seen || !c->local || !c->local_of) {
        kv_free(seen);
        return KV_ERR_MEMORY;
    }
    for (int e = 0; e < entries; e++)
        seen[k->y_index[e]] = 1;
    for (int y = 0; y < n_y; y++)
        if (seen[y]) {
            seen[y] = k->n_dense + c->n_local;
            c->local[c->n_local++] = y;
        }
    for (int e = 0; e < entries; e++)
        c->local_of[e] = seen[k->y_index[e]];
    kv_free(seen);
    return KV_OK;
}

/* Entries of column a from number `at` on; design variables that several of its opening rows hold
 * stand once. */
static int place_column(kv_columns *c, int a, int at)
{
    const kv_block *k = c->block;
    int begin = at, base = k->y_first[k->n_dense], openings = c->open_first[a];
    for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
        int r = k->entry_row[e];
        if (!is_opening(k, r)) {
            c->value[at] = k->entry[e];
            c->index[at++] = r < k->n_dense ? r : k->n_dense + c->n_local + r - k->n_linking;
            continue;
        }
        c->entry[openings] = k->entry[e];
        c->open[openings++] = r;
        for (int q = k->y_first[r]; q < k->y_first[r + 1]; q++) {
            int slot = begin;
            while (slot < at && c->index[slot] != c->local_of[q])
                slot++;
            c->slot[q - base] = slot;
            if (slot == at)
                c->index[at++] = c->local_of[q];
        }
    }
    c->open_first[a + 1] = openings;
    if (openings - c->open_first[a] > c->most)
        c->most = openings - c->open_first[a];
    return at;
}

kv_status kv_columns_create(const kv_block *block, int n_y, int n_global_flow, kv_columns *c)
{
    const kv_block *k = block;
    memset(c, 0, sizeof(*c));
    c->block = k;
    if (find_locals(c, n_y) != KV_OK)
        return KV_ERR_MEMORY;
    size_t columns = (size_t)k->n_columns;
    size_t opened = (size_t)(k->y_first[k->n_linking] - k->y_first[k->n_dense]);
    size_t entries = (size_t)k->entry_first[k->n_columns] + opened;
    size_t rows = (size_t)(k->n_linking - k->n_dense);
    c->order = c->n_local + k->n_dense + n_global_flow;
    if (!(c->first = kv_alloc(columns + 1, sizeof(int))) ||
        !(c->index = kv_alloc(entries, sizeof(int))) ||
        !(c->value = kv_alloc(entries, sizeof(double))) ||
        !(c->phi = kv_alloc(columns, sizeof(double))) ||
        !(c->slot = kv_alloc(opened, sizeof(int))) ||
        !(c->open_first = kv_alloc(columns + 1, sizeof(int))) ||
        !(c->open = kv_alloc(rows, sizeof(int))) || !(c->entry = kv_alloc(rows, sizeof(double))) ||
        !(c->ratio = kv_alloc(rows, sizeof(double))) ||
        !(c->pivot = kv_alloc(rows, sizeof(double))))
        return KV_ERR_MEMORY;
    for (int a = 0; a < k->n_columns; a++)
        c->first[a + 1] = place_column(c, a, c->first[a]);
    return KV_OK;
}

void kv_columns_free(kv_columns *c)
{
    void *arrays[] = {c->local, c->local_of,   c->first, c->index, c->value, c->phi,
                      c->slot,  c->open_first, c->open,  c->entry, c->ratio, c->pivot};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    memset(c, 0, sizeof(*c));
}

/* ---- values ---- */

/* pivot, from 1 / sigma in its place: D^-1_ii = phi (1/Theta + sum over the others of e^2/sigma) /
 * sigma, without cancellation. */
static void find_pivots(kv_columns *c, int a, double inverse)
{
    int from = c->open_first[a], to = c->open_first[a + 1];
    for (int i = from; i < to; i++) {
        double sum = inverse;
        for (int j = from; j < to; j++)
            if (j != i)
                sum += c->entry[j] * c->ratio[j];
        c->pivot[i] *= c->phi[a] * sum;
    }
}

void kv_columns_weigh(kv_columns *c, int from, int to, const double *theta, const double *slack,
                      double regular)
{
    const kv_block *k = c->block;
    int base = k->y_first[k->n_dense];
    for (int a = from; a < to; a++) {
        double inverse = 1 / theta[a], sum = inverse;
        for (int i = c->first[a]; i < c->first[a + 1]; i++)
            if (kv_columns_is_design(c, c->index[i]))
                c->value[i] = 0;
        for (int i = c->open_first[a]; i < c->open_first[a + 1]; i++) {
            int r = c->open[i];
            c->pivot[i] = 1 / (slack[r] + regular);
            c->ratio[i] = c->entry[i] * c->pivot[i];
            sum += c->ratio[i] * c->entry[i];
            for (int q = k->y_first[r]; q < k->y_first[r + 1]; q++)
                c->value[c->slot[q - base]] -= c->ratio[i] * k->y_value[q];
        }
        c->phi[a] = 1 / sum;
        find_pivots(c, a, inverse);
    }
}

/* D^-1 between opening rows i and j of column a. */
static double inverse_entry(const kv_columns *c, int a, int i, int j)
{
    return i == j ? c->pivot[i] : -c->phi[a] * c->ratio[i] * c->ratio[j];
}

/* Opening rows i and j of column a: what they give to the result's columns from .. to - 1. */
static void subtract_pair(const kv_columns *c, int a, int i, int j, int from, int to,
                          double *matrix)
{
    const kv_block *k = c->block;
    int r = c->open[i], s = c->open[j];
    for (int u = k->y_first[s]; u < k->y_first[s + 1]; u++) {
        int right = c->local_of[u];
        if (right < from || right >= to)
            continue;
        double *column = matrix + (size_t)right * (size_t)c->order;
        double factor = inverse_entry(c, a, i, j) * k->y_value[u];
        for (int q = k->y_first[r]; q < k->y_first[r + 1]; q++)
            if (c->local_of[q] >= right)
                column[c->local_of[q]] -= factor * k->y_value[q];
    }
}

static void add_column(const kv_columns *c, int a, int from, int to, double *matrix)
{
    for (int j = c->first[a]; j < c->first[a + 1]; j++) {
        int right = c->index[j];
        if (right < from || right >= to)
            continue;
        double *column = matrix + (size_t)right * (size_t)c->order;
        double factor = c->phi[a] * c->value[j];
        for (int i = c->first[a]; i < c->first[a + 1]; i++)
            if (c->index[i] >= right &&
                !(kv_columns_is_design(c, c->index[i]) && kv_columns_is_design(c, right)))
                column[c->index[i]] += factor * c->value[i];
    }
}

void kv_columns_add(const kv_columns *c, const int *list, int n, int from, int to, double *matrix)
{
    const kv_block *k = c->block;
    int designs = from < k->n_dense + c->n_local && to > k->n_dense;
    for (int i = 0; i < n; i++) {
        int a = list[i];
        add_column(c, a, from, to, matrix);
        for (int j = c->open_first[a]; j < c->open_first[a + 1] && designs; j++)
            for (int q = c->open_first[a]; q < c->open_first[a + 1]; q++)
                subtract_pair(c, a, q, j, from, to, matrix);
    }
}

void kv_columns_solve(const kv_columns *c, int a, const double *linking, double *out)
{
    int from = c->open_first[a], to = c->open_first[a + 1];
    for (int i = from; i < to; i++) {
        double sum = 0;
        for (int j = from; j < to; j++)
            if (j != i)
                sum += c->ratio[j] * linking[c->open[j]];
        out[i - from] = c->pivot[i] * linking[c->open[i]] - c->phi[a] * c->ratio[i] * sum;
    }
}
