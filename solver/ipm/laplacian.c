/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/laplacian.h"

#include "base/memory.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ---- structure ---- */

typedef struct graph { /* neighbours as bits, while nodes are eliminated */
    int n, words;
    uint64_t *bits; /* [n * words] */
    int *degree;
    unsigned char *gone;
} graph;

static uint64_t *neighbours(const graph *g, int v)
{
    return g->bits + (size_t)v * (size_t)g->words;
}

static int count(const graph *g, int v)
{
    int sum = 0;
    for (int w = 0; w < g->words; w++)
        for (uint64_t rest = neighbours(g, v)[w]; rest; rest &= rest - 1)
            sum++;
    return sum;
}

static void connect(graph *g, int a, int b)
{
    neighbours(g, a)[b / 64] |= (uint64_t)1 << (b % 64);
    neighbours(g, b)[a / 64] |= (uint64_t)1 << (a % 64);
}

/* The number of the lowest bit that is set. */
static int lowest(uint64_t word)
{
    int bit = 0;
    while (!(word >> bit & 1))
        bit++;
    return bit;
}

/* Eliminate v: its neighbours become a clique without v. */
static void eliminate(graph *g, int v)
{
    const uint64_t *mine = neighbours(g, v);
    g->gone[v] = 1;
    for (int w = 0; w < g->words; w++)
        for (uint64_t rest = mine[w]; rest; rest &= rest - 1) {
            int u = 64 * w + lowest(rest);
            uint64_t *theirs = neighbours(g, u);
            for (int i = 0; i < g->words; i++)
                theirs[i] |= mine[i];
            theirs[v / 64] &= ~((uint64_t)1 << (v % 64));
            theirs[u / 64] &= ~((uint64_t)1 << (u % 64));
            g->degree[u] = count(g, u);
        }
}

/* order[i] = the row eliminated as i-th; neighbours that are left then stay in the graph's bits. */
static int order_rows(graph *g, int *order)
{
    int entries = g->n;
    for (int v = 0; v < g->n; v++)
        g->degree[v] = count(g, v);
    for (int i = 0; i < g->n; i++) {
        int best = -1;
        for (int v = 0; v < g->n; v++)
            if (!g->gone[v] && (best < 0 || g->degree[v] < g->degree[best]))
                best = v;
        order[i] = best;
        entries += g->degree[best];
        eliminate(g, best);
    }
    return entries;
}

static void sort_ascending(int *list, int n)
{
    for (int i = 1; i < n; i++) {
        int value = list[i], j = i;
        for (; j > 0 && list[j - 1] > value; j--)
            list[j] = list[j - 1];
        list[j] = value;
    }
}

/* The columns of L: what each row was connected to when it was eliminated. */
static void fill_columns(kv_laplacian *c, const graph *g, const int *order)
{
    int at = 0;
    if (c->dense) {
        for (int j = 0; j < c->n; j++) {
            c->column_first[j] = at;
            for (int i = j; i < c->n; i++)
                c->row[at++] = i;
        }
        c->column_first[c->n] = at;
        return;
    }
    for (int j = 0; j < c->n; j++) {
        const uint64_t *left = neighbours(g, order[j]);
        c->column_first[j] = at;
        c->row[at++] = j;
        for (int w = 0; w < g->words; w++)
            for (uint64_t rest = left[w]; rest; rest &= rest - 1)
                c->row[at++] = c->place[64 * w + lowest(rest)];
        sort_ascending(c->row + c->column_first[j], at - c->column_first[j]);
    }
    c->column_first[c->n] = at;
}

static void fill_rows(kv_laplacian *c)
{
    for (int j = 0; j < c->n; j++)
        for (int e = c->column_first[j] + 1; e < c->column_first[j + 1]; e++)
            c->row_first[c->row[e] + 1]++;
    for (int i = 0; i < c->n; i++) {
        c->row_first[i + 1] += c->row_first[i];
        c->next[i] = c->row_first[i];
    }
    for (int j = 0; j < c->n; j++)
        for (int e = c->column_first[j] + 1; e < c->column_first[j + 1]; e++) {
            int at = c->next[c->row[e]]++;
            c->row_column[at] = j;
            c->row_at[at] = e;
        }
}

static int find_entry(const kv_laplacian *c, int a, int b)
{
    int column = a < b ? a : b, row = a < b ? b : a, at = c->column_first[column];
    while (c->row[at] != row)
        at++;
    return at;
}

static void place_arcs(kv_laplacian *c, int first_row, const int *tail, const int *head)
{
    for (int a = 0; a < c->n_arcs; a++) {
        int i = tail[a] < 0 ? -1 : c->place[tail[a] - first_row];
        int j = head[a] < 0 ? -1 : c->place[head[a] - first_row];
        c->tail_at[a] = i < 0 ? -1 : c->column_first[i];
        c->head_at[a] = j < 0 ? -1 : c->column_first[j];
        c->pair_at[a] = i < 0 || j < 0 || i == j ? -1 : find_entry(c, i, j);
    }
}

static kv_status build(kv_laplacian *c, graph *g, int first_row, const int *tail, const int *head,
                       int *order)
{
    size_t n = (size_t)c->n, arcs = (size_t)c->n_arcs;
    for (int a = 0; a < c->n_arcs; a++)
        if (tail[a] >= 0 && head[a] >= 0 && tail[a] != head[a])
            connect(g, tail[a] - first_row, head[a] - first_row);
    size_t entries = (size_t)order_rows(g, order), all = n * (n + 1) / 2;
    c->dense = 10 * entries > 6 * all;
    if (c->dense)
        entries = all;
    if (!(c->place = kv_alloc(n, sizeof(int))) ||
        !(c->column_first = kv_alloc(n + 1, sizeof(int))) ||
        !(c->row = kv_alloc(entries, sizeof(int))) ||
        !(c->value = kv_alloc(entries, sizeof(double))) ||
        !(c->reciprocal = kv_alloc(n, sizeof(double))) ||
        !(c->row_first = kv_alloc(n + 1, sizeof(int))) ||
        !(c->row_column = kv_alloc(entries, sizeof(int))) ||
        !(c->row_at = kv_alloc(entries, sizeof(int))) ||
        !(c->tail_at = kv_alloc(arcs, sizeof(int))) ||
        !(c->head_at = kv_alloc(arcs, sizeof(int))) ||
        !(c->pair_at = kv_alloc(arcs, sizeof(int))) || !(c->link = kv_alloc(n, sizeof(int))) ||
        !(c->next = kv_alloc(n, sizeof(int))) || !(c->work = kv_alloc(n, sizeof(double))))
        return KV_ERR_MEMORY;
    for (int i = 0; i < c->n; i++)
        c->place[order[i]] = i;
    fill_columns(c, g, order);
    fill_rows(c);
    place_arcs(c, first_row, tail, head);
    return KV_OK;
}

kv_status kv_laplacian_create(int n, int first_row, int n_arcs, const int *tail, const int *head,
                              kv_laplacian *c)
{
    graph g = {.n = n, .words = (n + 63) / 64};
    int *order = kv_alloc((size_t)n, sizeof(int));
    kv_status status = KV_ERR_MEMORY;
    memset(c, 0, sizeof(*c));
    c->n = n;
    c->n_arcs = n_arcs;
    g.bits = kv_alloc((size_t)n * (size_t)g.words, sizeof(uint64_t));
    g.degree = kv_alloc((size_t)n, sizeof(int));
    g.gone = kv_alloc((size_t)n, 1);
    if (order && g.bits && g.degree && g.gone)
        status = build(c, &g, first_row, tail, head, order);
    kv_free(order);
    kv_free(g.bits);
    kv_free(g.degree);
    kv_free(g.gone);
    return status;
}

void kv_laplacian_free(kv_laplacian *c)
{
    void *arrays[] = {c->place,  c->column_first, c->row,     c->row_first, c->row_column,
                      c->row_at, c->tail_at,      c->head_at, c->pair_at,   c->value,
                      c->link,   c->next,         c->work,    c->reciprocal};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    memset(c, 0, sizeof(*c));
}

/* ---- values ---- */

/* The diagonal of column j is settled: divide by its root. 0, or -1. */
static int scale_column(kv_laplacian *c, int j)
{
    double *column = c->value + c->column_first[j];
    if (!(column[0] > 0) || !isfinite(column[0]))
        return -1;
    double root = sqrt(column[0]), scale = c->reciprocal[j] = 1 / root;
    column[0] = root;
    for (int e = 1; e < c->column_first[j + 1] - c->column_first[j]; e++)
        column[e] *= scale;
    return 0;
}

/* Column j minus what the columns before it that have an entry in row j contribute. */
static void gather_column(kv_laplacian *c, int j)
{
    int from = c->column_first[j], to = c->column_first[j + 1];
    for (int e = from; e < to; e++)
        c->work[c->row[e]] = c->value[e];
    for (int k = c->link[j], after; k >= 0; k = after) {
        int at = c->next[k], end = c->column_first[k + 1];
        double factor = c->value[at];
        after = c->link[k];
        for (int e = at; e < end; e++)
            c->work[c->row[e]] -= factor * c->value[e];
        if (++c->next[k] < end) { /* column k comes next where its next entry is */
            int row = c->row[c->next[k]];
            c->link[k] = c->link[row];
            c->link[row] = k;
        }
    }
    for (int e = from; e < to; e++) {
        c->value[e] = c->work[c->row[e]];
        c->work[c->row[e]] = 0;
    }
}

/* link[j]: head of the list of columns with their next entry in row j; of a column that is done: the
 * next in its list. */
static int factor_sparse(kv_laplacian *c)
{
    for (int j = 0; j < c->n; j++)
        c->link[j] = -1;
    for (int j = 0; j < c->n; j++) {
        int from = c->column_first[j], to = c->column_first[j + 1];
        gather_column(c, j);
        if (scale_column(c, j) != 0)
            return -1;
        c->next[j] = from + 1;
        c->link[j] = -1;
        if (from + 1 < to) {
            int row = c->row[from + 1];
            c->link[j] = c->link[row];
            c->link[row] = j;
        }
    }
    return 0;
}

/* v [n] -= the sum of factor[k] * column[k]. */
static void subtract_four(int n, const double *restrict factor, const double *const *column,
                          double *restrict v)
{
    const double *restrict c0 = column[0], *restrict c1 = column[1], *restrict c2 = column[2],
                           *restrict c3 = column[3];
    double f0 = factor[0], f1 = factor[1], f2 = factor[2], f3 = factor[3];
    for (int i = 0; i < n; i++)
        v[i] -= f0 * c0[i] + f1 * c1[i] + (f2 * c2[i] + f3 * c3[i]);
}

static void subtract_one(int n, double factor, const double *restrict column, double *restrict v)
{
    for (int i = 0; i < n; i++)
        v[i] -= factor * column[i];
}

/* Column j of a full L from row i >= j on. */
static const double *full_column(const kv_laplacian *c, int i, int j)
{
    return c->value + c->column_first[j] + (i - j);
}

static int factor_full(kv_laplacian *c)
{
    for (int k = 0; k < c->n; k++) {
        double *column = c->value + c->column_first[k];
        int j = 0;
        for (; j + 4 <= k; j += 4) {
            const double *before[4];
            double factor[4];
            for (int q = 0; q < 4; q++) {
                before[q] = full_column(c, k, j + q);
                factor[q] = before[q][0];
            }
            subtract_four(c->n - k, factor, before, column);
        }
        for (; j < k; j++)
            subtract_one(c->n - k, *full_column(c, k, j), full_column(c, k, j), column);
        if (scale_column(c, k) != 0)
            return -1;
    }
    return 0;
}

static void assemble_sparse(kv_laplacian *c, const double *theta)
{
    for (int a = 0; a < c->n_arcs; a++) {
        if (c->tail_at[a] >= 0)
            c->value[c->tail_at[a]] += theta[a];
        if (c->head_at[a] >= 0)
            c->value[c->head_at[a]] += theta[a];
        if (c->pair_at[a] >= 0)
            c->value[c->pair_at[a]] -= theta[a];
    }
}

/* The same where arcs are many: of those within the network off the diagonal first, which then loses
 * the sum of its row. */
static void assemble_full(kv_laplacian *c, const double *theta)
{
    for (int a = 0; a < c->n_arcs; a++) {
        if (c->pair_at[a] >= 0) {
            c->value[c->pair_at[a]] -= theta[a];
            continue;
        }
        if (c->tail_at[a] >= 0)
            c->value[c->tail_at[a]] += theta[a];
        if (c->head_at[a] >= 0)
            c->value[c->head_at[a]] += theta[a];
    }
    double *sum = c->work; /* of the entries left of the diagonal */
    for (int j = 0; j < c->n; j++) {
        double *column = c->value + c->column_first[j], below = 0;
        for (int i = 1; i < c->n - j; i++) {
            below += column[i];
            sum[j + i] += column[i];
        }
        column[0] -= below + sum[j];
        sum[j] = 0;
    }
}

int kv_laplacian_factor(kv_laplacian *c, const double *theta, double regular, double relative)
{
    memset(c->value, 0, sizeof(double) * (size_t)c->column_first[c->n]);
    if (c->dense)
        assemble_full(c, theta);
    else
        assemble_sparse(c, theta);
    for (int j = 0; j < c->n; j++) {
        double *diagonal = c->value + c->column_first[j];
        *diagonal += regular + relative * *diagonal;
    }
    return c->dense ? factor_full(c) : factor_sparse(c);
}

/* ---- solving ---- */

/* v becomes L^-1 v; its first `from` entries are 0. */
static void forward_full(const kv_laplacian *c, int from, double *v)
{
    int n = c->n, j = from;
    for (; j + 4 <= n; j += 4) {
        const double *column[4];
        for (int q = 0; q < 4; q++) {
            v[j + q] *= c->reciprocal[j + q];
            for (int i = q + 1; i < 4; i++)
                v[j + i] -= *full_column(c, j + i, j + q) * v[j + q];
        }
        if (j + 4 == n)
            return;
        for (int q = 0; q < 4; q++)
            column[q] = full_column(c, j + 4, j + q);
        subtract_four(n - j - 4, v + j, column, v + j + 4);
    }
    for (; j < n; j++) {
        v[j] *= c->reciprocal[j];
        if (j + 1 < n)
            subtract_one(n - j - 1, v[j], full_column(c, j + 1, j), v + j + 1);
    }
}

static void forward_sparse(const kv_laplacian *c, int from, double *v)
{
    for (int j = from; j < c->n; j++) {
        double value = v[j] *= c->reciprocal[j];
        for (int e = c->column_first[j] + 1; e < c->column_first[j + 1] && value != 0; e++)
            v[c->row[e]] -= c->value[e] * value;
    }
}

/* v becomes L'^-1 v. */
static void backward_full(const kv_laplacian *c, double *v)
{
    int n = c->n, j = n;
    for (; j % 4; j--) {
        const double *column = full_column(c, j - 1, j - 1);
        double sum = v[j - 1];
        for (int i = j; i < n; i++)
            sum -= column[i - j + 1] * v[i];
        v[j - 1] = sum * c->reciprocal[j - 1];
    }
    for (j -= 4; j >= 0; j -= 4) {
        const double *c0 = full_column(c, j, j) - j, *c1 = full_column(c, j + 1, j + 1) - j - 1,
                     *c2 = full_column(c, j + 2, j + 2) - j - 2,
                     *c3 = full_column(c, j + 3, j + 3) - j - 3;
        double s0 = v[j], s1 = v[j + 1], s2 = v[j + 2], s3 = v[j + 3];
        for (int i = j + 4; i < n; i++) {
            s0 -= c0[i] * v[i];
            s1 -= c1[i] * v[i];
            s2 -= c2[i] * v[i];
            s3 -= c3[i] * v[i];
        }
        v[j + 3] = s3 * c->reciprocal[j + 3];
        v[j + 2] = (s2 - c2[j + 3] * v[j + 3]) * c->reciprocal[j + 2];
        v[j + 1] = (s1 - c1[j + 2] * v[j + 2] - c1[j + 3] * v[j + 3]) * c->reciprocal[j + 1];
        v[j] = (s0 - c0[j + 1] * v[j + 1] - c0[j + 2] * v[j + 2] - c0[j + 3] * v[j + 3]) *
               c->reciprocal[j];
    }
}

static void backward_sparse(const kv_laplacian *c, double *v)
{
    for (int j = c->n - 1; j >= 0; j--) {
        double sum = v[j];
        for (int e = c->column_first[j] + 1; e < c->column_first[j + 1]; e++)
            sum -= c->value[e] * v[c->row[e]];
        v[j] = sum * c->reciprocal[j];
    }
}

void kv_laplacian_invert(const kv_laplacian *c, double *inverse)
{
    size_t n = (size_t)c->n;
    memset(inverse, 0, sizeof(double) * n * n);
    for (int i = 0; i < c->n; i++) {
        double *column = inverse + (size_t)i * n;
        column[i] = 1;
        if (c->dense)
            forward_full(c, i, column);
        else
            forward_sparse(c, i, column);
    }
}

int kv_laplacian_difference(int n, const double *inverse, int tail, int head, double *difference)
{
    const double *plus = inverse + (size_t)(tail < 0 ? 0 : tail) * (size_t)n;
    const double *minus = inverse + (size_t)(head < 0 ? 0 : head) * (size_t)n;
    if (tail < 0 && head < 0)
        return n;
    int begin = tail < 0 || (head >= 0 && head < tail) ? head : tail;
    if (tail < 0)
        for (int i = begin; i < n; i++)
            difference[i] = -minus[i];
    else if (head < 0)
        for (int i = begin; i < n; i++)
            difference[i] = plus[i];
    else
        for (int i = begin; i < n; i++)
            difference[i] = plus[i] - minus[i];
    return begin;
}

void kv_laplacian_solve(const kv_laplacian *c, double *v, double *work)
{
    for (int i = 0; i < c->n; i++)
        work[c->place[i]] = v[i];
    if (c->dense) {
        forward_full(c, 0, work);
        backward_full(c, work);
    } else {
        forward_sparse(c, 0, work);
        backward_sparse(c, work);
    }
    for (int i = 0; i < c->n; i++)
        v[i] = work[c->place[i]];
}
