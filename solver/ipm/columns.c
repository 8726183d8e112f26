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
    int begin = at, base = k->y_first[k->n_dense], openings = 0;
    for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
        int r = k->entry_row[e];
        if (!is_opening(k, r)) {
            c->value[at] = k->entry[e];
            c->index[at++] = r < k->n_dense ? r : k->n_dense + c->n_local + r - k->n_linking;
            continue;
        }
        openings++;
        for (int q = k->y_first[r]; q < k->y_first[r + 1]; q++) {
            int slot = begin;
            while (slot < at && c->index[slot] != c->local_of[q])
                slot++;
            c->slot[q - base] = slot;
            if (slot == at)
                c->index[at++] = c->local_of[q];
        }
    }
    if (openings > c->most)
        c->most = openings;
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
    c->order = c->n_local + k->n_dense + n_global_flow;
    if (!(c->first = kv_alloc(columns + 1, sizeof(int))) ||
        !(c->index = kv_alloc(entries, sizeof(int))) ||
        !(c->value = kv_alloc(entries, sizeof(double))) ||
        !(c->phi = kv_alloc(columns, sizeof(double))) ||
        !(c->inverse = kv_alloc(columns, sizeof(double))) ||
        !(c->sigma = kv_alloc((size_t)(k->n_linking - k->n_dense), sizeof(double))) ||
        !(c->slot = kv_alloc(opened, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int a = 0; a < k->n_columns; a++)
        c->first[a + 1] = place_column(c, a, c->first[a]);
    return KV_OK;
}

void kv_columns_free(kv_columns *c)
{
    void *arrays[] = {c->local, c->local_of, c->first, c->index, c->value,
                      c->phi,   c->inverse,  c->sigma, c->slot};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    memset(c, 0, sizeof(*c));
}

/* ---- values ---- */

void kv_columns_weigh(kv_columns *c, int from, int to, const double *theta, const double *slack,
                      double regular)
{
    const kv_block *k = c->block;
    int base = k->y_first[k->n_dense];
    for (int a = from; a < to; a++) {
        double sum = c->inverse[a] = 1 / theta[a];
        for (int i = c->first[a]; i < c->first[a + 1]; i++)
            if (kv_columns_is_design(c, c->index[i]))
                c->value[i] = 0;
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
            int r = k->entry_row[e];
            if (!is_opening(k, r))
                continue;
            double sigma = c->sigma[r - k->n_dense] = slack[r] + regular;
            double weight = k->entry[e] / sigma;
            sum += weight * k->entry[e];
            for (int q = k->y_first[r]; q < k->y_first[r + 1]; q++)
                c->value[c->slot[q - base]] -= weight * k->y_value[q];
        }
        c->phi[a] = 1 / sum;
    }
}

/* D^-1 between opening rows of entries e and f of column a, without cancellation. */
static double inverse_entry(const kv_columns *c, int a, int e, int f)
{
    const kv_block *k = c->block;
    double sigma = c->sigma[k->entry_row[e] - k->n_dense], sum = c->inverse[a];
    if (e != f)
        return -c->phi[a] * k->entry[e] * k->entry[f] /
               (sigma * c->sigma[k->entry_row[f] - k->n_dense]);
    for (int g = k->entry_first[a]; g < k->entry_first[a + 1]; g++)
        if (g != e && is_opening(k, k->entry_row[g]))
            sum += k->entry[g] * k->entry[g] / c->sigma[k->entry_row[g] - k->n_dense];
    return c->phi[a] * sum / sigma;
}

static int has_design(const kv_columns *c, int e, int from, int to)
{
    const kv_block *k = c->block;
    int r = k->entry_row[e];
    for (int q = k->y_first[r]; q < k->y_first[r + 1]; q++)
        if (c->local_of[q] >= from && c->local_of[q] < to)
            return 1;
    return 0;
}

/* Entries e and f of column a: what their opening rows give to the result's columns from .. to - 1. */
static void subtract_pair(const kv_columns *c, int a, int e, int f, int from, int to,
                          double *matrix)
{
    const kv_block *k = c->block;
    int r = k->entry_row[e], s = k->entry_row[f];
    if (!has_design(c, f, from, to))
        return;
    double factor = inverse_entry(c, a, e, f);
    for (int u = k->y_first[s]; u < k->y_first[s + 1]; u++) {
        int j = c->local_of[u];
        if (j < from || j >= to)
            continue;
        double *column = matrix + (size_t)j * (size_t)c->order;
        for (int q = k->y_first[r]; q < k->y_first[r + 1]; q++)
            if (c->local_of[q] >= j)
                column[c->local_of[q]] -= factor * k->y_value[q] * k->y_value[u];
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
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1] && designs; e++)
            for (int f = k->entry_first[a]; f < k->entry_first[a + 1]; f++)
                if (is_opening(k, k->entry_row[e]) && is_opening(k, k->entry_row[f]))
                    subtract_pair(c, a, e, f, from, to, matrix);
    }
}

void kv_columns_solve(const kv_columns *c, int a, double *linking, double *work)
{
    const kv_block *k = c->block;
    int n = 0;
    for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
        if (!is_opening(k, k->entry_row[e]))
            continue;
        double sum = 0;
        for (int f = k->entry_first[a]; f < k->entry_first[a + 1]; f++)
            if (is_opening(k, k->entry_row[f]))
                sum += inverse_entry(c, a, e, f) * linking[k->entry_row[f]];
        work[n++] = sum;
    }
    n = 0;
    for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++)
        if (is_opening(k, k->entry_row[e]))
            linking[k->entry_row[e]] = work[n++];
}
