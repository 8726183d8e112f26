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
    size_t entries = (size_t)order_rows(g, order);
    if (!(c->place = kv_alloc(n, sizeof(int))) ||
        !(c->column_first = kv_alloc(n + 1, sizeof(int))) ||
        !(c->row = kv_alloc(entries, sizeof(int))) ||
        !(c->value = kv_alloc(entries, sizeof(double))) ||
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
                      c->link,   c->next,         c->work};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    memset(c, 0, sizeof(*c));
}

/* ---- values ---- */

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

int kv_laplacian_factor(kv_laplacian *c, const double *theta, double regular, double relative)
{
    memset(c->value, 0, sizeof(double) * (size_t)c->column_first[c->n]);
    for (int a = 0; a < c->n_arcs; a++) {
        if (c->tail_at[a] >= 0)
            c->value[c->tail_at[a]] += theta[a];
        if (c->head_at[a] >= 0)
            c->value[c->head_at[a]] += theta[a];
        if (c->pair_at[a] >= 0)
            c->value[c->pair_at[a]] -= theta[a];
    }
    /* link[j]: head of the list of columns with their next entry in row j; of a column that is
     * done: the next in its list */
    for (int j = 0; j < c->n; j++)
        c->link[j] = -1;
    for (int j = 0; j < c->n; j++) {
        int from = c->column_first[j], to = c->column_first[j + 1];
        c->value[from] += regular + relative * c->value[from];
        gather_column(c, j);
        if (!(c->value[from] > 0) || !isfinite(c->value[from]))
            return -1;
        double scale = 1 / sqrt(c->value[from]);
        for (int e = from; e < to; e++)
            c->value[e] *= scale;
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

/* ---- solving ---- */

void kv_laplacian_invert(const kv_laplacian *c, double *inverse)
{
    size_t n = (size_t)c->n;
    memset(inverse, 0, sizeof(double) * n * n);
    for (int i = 0; i < c->n; i++) {
        double *column = inverse + (size_t)i * n;
        column[i] = 1;
        for (int j = i; j < c->n; j++) {
            int e = c->column_first[j];
            double value = column[j] /= c->value[e];
            for (e++; e < c->column_first[j + 1] && value != 0; e++)
                column[c->row[e]] -= c->value[e] * value;
        }
    }
}

void kv_laplacian_solve(const kv_laplacian *c, double *v, double *work)
{
    for (int i = 0; i < c->n; i++)
        work[c->place[i]] = v[i];
    for (int j = 0; j < c->n; j++) {
        int e = c->column_first[j];
        double value = work[j] /= c->value[e];
        for (e++; e < c->column_first[j + 1]; e++)
            work[c->row[e]] -= c->value[e] * value;
    }
    for (int j = c->n - 1; j >= 0; j--) {
        int first = c->column_first[j];
        double sum = work[j];
        for (int e = first + 1; e < c->column_first[j + 1]; e++)
            sum -= c->value[e] * work[c->row[e]];
        work[j] = sum / c->value[first];
    }
    for (int i = 0; i < c->n; i++)
        v[i] = work[c->place[i]];
}
