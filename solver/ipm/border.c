/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/border.h"

#include "base/memory.h"

#include <string.h>

/* ---- tiles, batches and panels ---- */

enum { MOST_TILES = 16 };

static int between(double value, int low, int high)
{
    return value < low ? low : value > high ? high : (int)value;
}

/* Groups of about 50 us each, and not too many entries of Z. */
static int count_tiles(const kv_border *s, int n_groups, int together, double most_entries)
{
    double work = 0, entries = 0;
    for (int g = 0; g < n_groups; g++) {
        work += s->group[g].work;
        entries += (double)kv_group_entries(&s->group[g]);
    }
    int tiles = together ? between(work / 5e4, 1, MOST_TILES) : 1;
    int least = between(2 * entries / most_entries + 1, 1, n_groups > 1 ? n_groups : 1);
    return tiles > least ? tiles : least;
}

/* Cut the groups into tiles of about the same work. */
static void cut_groups(kv_border *s, int n_groups)
{
    double total = 0, sum = 0;
    int t = 0;
    for (int g = 0; g < n_groups; g++)
        total += s->group[g].work;
    for (int g = 0; g < n_groups; g++) {
        while (t + 1 < s->n_tiles && sum >= total * (t + 1) / s->n_tiles)
            s->tile[++t] = g;
        sum += s->group[g].work;
    }
    while (t < s->n_tiles)
        s->tile[++t] = n_groups;
}

/* Tiles go together while their entries of Z are few enough. */
static kv_status cut_tiles(kv_border *s, size_t most_entries)
{
    if (!(s->batch = kv_alloc((size_t)s->n_tiles, sizeof(kv_border_batch))))
        return KV_ERR_MEMORY;
    for (int t = 0; t < s->n_tiles;) {
        kv_border_batch *batch = &s->batch[s->n_batches++];
        size_t entries = 0, more = 0;
        batch->first_tile = t;
        do {
            for (int g = s->tile[t]; g < s->tile[t + 1]; g++) {
                s->entry_at[g] = entries;
                entries += kv_group_entries(&s->group[g]);
            }
            batch->end_tile = ++t;
            more = 0;
            for (int g = s->tile[t]; t < s->n_tiles && g < s->tile[t + 1]; g++)
                more += kv_group_entries(&s->group[g]);
        } while (t < s->n_tiles && entries + more <= most_entries);
    }
    return KV_OK;
}

static int first_group(const kv_border *s, const kv_border_batch *batch)
{
    return s->tile[batch->first_tile];
}

static int end_group(const kv_border *s, const kv_border_batch *batch)
{
    return s->tile[batch->end_tile];
}

/* ---- what enters a panel ---- */

/* Counts by panel, at [panel + 1], to where each panel's begin; `next` is set to the same. */
static int sum_counts(int *first, int *next, int n)
{
    for (int p = 0; p < n; p++) {
        first[p + 1] += first[p];
        next[p] = first[p];
    }
    return first[n];
}

/* The panels of column a's entries: each once, ascending is not needed. */
static int panels_of(const kv_border *s, int a, int *panel)
{
    const kv_columns *c = &s->columns;
    int n = 0;
    for (int e = c->first[a]; e < c->first[a + 1]; e++) {
        int p = c->index[e] / s->width, i = 0;
        while (i < n && panel[i] != p)
            i++;
        if (i == n)
            panel[n++] = p;
    }
    return n;
}

/* `panel` [n_panels] scratch. */
static kv_status list_columns(const kv_border *s, kv_border_batch *batch, int *next, int *panel)
{
    const kv_block *k = s->columns.block;
    int from = k->group_first[first_group(s, batch)], to = k->group_first[end_group(s, batch)];
    if (!(batch->column_first = kv_alloc((size_t)s->n_panels + 1, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int a = from; a < to; a++)
        for (int n = panels_of(s, a, panel); n > 0; n--)
            batch->column_first[panel[n - 1] + 1]++;
    int all = sum_counts(batch->column_first, next, s->n_panels);
    if (!(batch->column = kv_alloc((size_t)all, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int a = from; a < to; a++)
        for (int n = panels_of(s, a, panel); n > 0; n--)
            batch->column[next[panel[n - 1]]++] = a;
    return KV_OK;
}

/* The end of the entries from q on that are in the panel of the first of them. */
static int end_in_panel(const kv_border *s, const kv_group *g, int q, int end)
{
    int panel = g->index[q] / s->width;
    while (q < end && g->index[q] / s->width == panel)
        q++;
    return q;
}

/* Of each row that is not in a stack: its parts by panels; they are counted where there is no list. */
static void part_rows(const kv_border *s, kv_border_batch *batch, int *next)
{
    for (int i = first_group(s, batch); i < end_group(s, batch); i++) {
        const kv_group *g = &s->group[i];
        for (int r = 0; r < g->c.n && !g->dense; r++) {
            int end = g->first[r + 1];
            for (int q = g->first[r], after; q < end && !g->full[r]; q = after) {
                int panel = g->index[q] / s->width;
                after = end_in_panel(s, g, q, end);
                if (batch->row)
                    batch->row[next[panel]++] = (kv_border_row){
                        g->index + q, s->entry_at[i] + (size_t)q, after - q, end - q};
                else
                    batch->row_first[panel + 1]++;
            }
        }
    }
}

static kv_status list_rows(const kv_border *s, kv_border_batch *batch, int *next)
{
    if (!(batch->row_first = kv_alloc((size_t)s->n_panels + 1, sizeof(int))))
        return KV_ERR_MEMORY;
    part_rows(s, batch, next);
    int all = sum_counts(batch->row_first, next, s->n_panels);
    if (!(batch->row = kv_alloc((size_t)all, sizeof(kv_border_row))))
        return KV_ERR_MEMORY;
    part_rows(s, batch, next);
    return KV_OK;
}

static kv_status create_batches(kv_border *s, size_t most_entries)
{
    kv_status status = cut_tiles(s, most_entries);
    int *next = kv_alloc((size_t)s->n_panels, sizeof(int));
    int *panel = kv_alloc((size_t)s->n_panels, sizeof(int));
    if (!next || !panel)
        status = KV_ERR_MEMORY;
    for (int i = 0; i < s->n_batches && status == KV_OK; i++) {
        kv_border_batch *batch = &s->batch[i];
        status = kv_stacks_create(s->group, first_group(s, batch), end_group(s, batch), s->order,
                                  &batch->stack, &batch->n_stacks);
        if (status == KV_OK)
            status = list_columns(s, batch, next, panel);
        if (status == KV_OK)
            status = list_rows(s, batch, next);
    }
    kv_free(next);
    kv_free(panel);
    return status;
}

/* ---- memory ---- */

kv_status kv_border_create(const kv_block *block, int n_y, int n_global_flow, int together,
                           size_t most_entries, kv_border *s)
{
    memset(s, 0, sizeof(*s));
    kv_status status = kv_columns_create(block, n_y, n_global_flow, &s->columns);
    if (status != KV_OK)
        return status;
    size_t groups = (size_t)block->n_groups, order = (size_t)s->columns.order;
    s->order = s->columns.order;
    s->group = kv_alloc(groups, sizeof(kv_group));
    s->entry_at = kv_alloc(groups, sizeof(size_t));
    s->matrix = kv_alloc(order * order, sizeof(double));
    if (!s->group || !s->entry_at || !s->matrix)
        return KV_ERR_MEMORY;
    for (int g = 0; g < block->n_groups && status == KV_OK; g++)
        status = kv_group_create(&s->columns, g, &s->group[g]);
    if (status != KV_OK)
        return status;
    s->width = between(5e4 / (s->order + 1), 16, 128); /* 400 kB */
    s->n_panels = (s->order + s->width - 1) / s->width;
    s->n_tiles = count_tiles(s, block->n_groups, together, (double)most_entries);
    s->tile = kv_alloc((size_t)s->n_tiles + 1, sizeof(int));
    s->failed = kv_alloc((size_t)s->n_tiles, 1);
    if (!s->tile || !s->failed)
        return KV_ERR_MEMORY;
    cut_groups(s, block->n_groups);
    return create_batches(s, most_entries);
}

void kv_border_free(kv_border *s)
{
    const kv_block *k = s->columns.block;
    for (int i = 0; i < s->n_batches; i++) {
        kv_border_batch *batch = &s->batch[i];
        kv_free(batch->column_first);
        kv_free(batch->column);
        kv_free(batch->row_first);
        kv_free(batch->row);
        kv_stacks_free(batch->stack, batch->n_stacks);
    }
    for (int g = 0; s->group && g < k->n_groups; g++)
        kv_group_free(&s->group[g]);
    kv_free(s->batch);
    kv_free(s->group);
    kv_free(s->entry_at);
    kv_free(s->tile);
    kv_free(s->matrix);
    kv_free(s->failed);
    kv_columns_free(&s->columns);
    memset(s, 0, sizeof(*s));
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

void kv_border_size(const kv_border *s, kv_border_sizes *n)
{
    n->order = larger(n->order, (size_t)s->order);
    for (int i = 0; i < s->n_batches; i++) {
        const kv_border_batch *batch = &s->batch[i];
        for (int g = first_group(s, batch); g < end_group(s, batch); g++) {
            n->z = larger(n->z, s->entry_at[g] + kv_group_entries(&s->group[g]));
            if (s->group[g].dense)
                n->rows = larger(n->rows, (size_t)s->group[g].c.n);
        }
        for (int j = 0; j < batch->n_stacks; j++) {
            size_t touched = (size_t)batch->stack[j].n_touched;
            n->stack = larger(n->stack, (size_t)batch->stack[j].n_rows * touched);
            n->update = larger(n->update, batch->stack[j].gaps ? touched * touched : 0);
        }
    }
}

kv_status kv_border_shared_create(const kv_border_sizes *n, kv_border_shared *shared)
{
    shared->z = kv_alloc(n->z, sizeof(double));
    shared->stack = kv_alloc(n->stack, sizeof(double));
    shared->update = kv_alloc(n->update, sizeof(double));
    return shared->z && shared->stack && shared->update ? KV_OK : KV_ERR_MEMORY;
}

void kv_border_shared_free(kv_border_shared *shared)
{
    kv_free(shared->z);
    kv_free(shared->stack);
    kv_free(shared->update);
}

kv_status kv_border_work_create(const kv_border_sizes *n, kv_border_work *work)
{
    work->row = kv_alloc(n->order, sizeof(double));
    work->stack.inverse = kv_alloc(n->rows * n->rows, sizeof(double));
    work->stack.difference = kv_alloc(n->rows, sizeof(double));
    return work->row && work->stack.inverse && work->stack.difference ? KV_OK : KV_ERR_MEMORY;
}

void kv_border_work_free(kv_border_work *work)
{
    kv_free(work->row);
    kv_free(work->stack.inverse);
    kv_free(work->stack.difference);
}

/* ---- values ---- */

typedef struct summing {
    kv_border *border;
    kv_border_batch *batch;
    const kv_stack *stack;
    const double *theta, *slack;
    double regular;
    kv_border_shared *shared;
    kv_border_work *work;
} summing;

static void eliminate_tile(void *context, int i, int worker)
{
    const summing *w = context;
    kv_border *s = w->border;
    const kv_block *k = s->columns.block;
    int t = w->batch->first_tile + i, failed = 0;
    kv_columns_weigh(&s->columns, k->group_first[s->tile[t]], k->group_first[s->tile[t + 1]],
                     w->theta, w->slack, w->regular);
    for (int g = s->tile[t]; g < s->tile[t + 1] && !failed; g++)
        failed = kv_group_eliminate(&s->group[g], &s->columns, g, w->regular,
                                    w->shared->z + s->entry_at[g], w->work[worker].row);
    s->failed[t] = failed != 0;
}

/* Slacks, and the design variables' part of the dense rows from .. to - 1; the panel was not used. */
static void begin_panel(const summing *w, int from, int to)
{
    const kv_border *s = w->border;
    const kv_block *k = s->columns.block;
    for (int r = from; r < to; r++) {
        double *column = s->matrix + (size_t)r * (size_t)s->order;
        memset(column + r, 0, sizeof(double) * (size_t)(s->order - r));
        if (r >= k->n_dense)
            continue;
        column[r] = w->slack[r] + w->regular;
        for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++)
            column[s->columns.local_of[e]] += k->y_value[e];
    }
}

static void subtract_row(const kv_border_row *row, const double *value, size_t order,
                         double *matrix)
{
    const int *index = row->index;
    for (int p = 0; p < row->here; p++) {
        double *column = matrix + (size_t)index[p] * order, factor = value[p];
        for (int q = p; factor != 0 && q < row->all; q++)
            column[index[q]] -= factor * value[q];
    }
}

static void sum_panel(void *context, int panel, int worker)
{
    const summing *w = context;
    const kv_border *s = w->border;
    const kv_border_batch *batch = w->batch;
    int from = s->width * panel, to = from + s->width < s->order ? from + s->width : s->order;
    (void)worker;
    if (batch == s->batch)
        begin_panel(w, from, to);
    kv_columns_add(&s->columns, batch->column + batch->column_first[panel],
                   batch->column_first[panel + 1] - batch->column_first[panel], from, to,
                   s->matrix);
    for (int i = batch->row_first[panel]; i < batch->row_first[panel + 1]; i++)
        subtract_row(&batch->row[i], w->shared->z + batch->row[i].at, (size_t)s->order, s->matrix);
}

static void fill_stack(void *context, int i, int worker)
{
    const summing *w = context;
    const kv_border *s = w->border;
    kv_stack_fill(w->stack, i, s->group, &s->columns,
                  w->shared->z + s->entry_at[w->stack->group[i]], &w->work[worker].stack,
                  w->shared->stack);
}

/* 0, or -1. */
static int sum_batch(summing *w, kv_threads *threads)
{
    kv_border *s = w->border;
    const kv_border_batch *batch = w->batch;
    kv_threads_run(threads, batch->end_tile - batch->first_tile, eliminate_tile, w);
    for (int t = batch->first_tile; t < batch->end_tile; t++)
        if (s->failed[t])
            return -1;
    kv_threads_run(threads, s->n_panels, sum_panel, w);
    for (int i = 0; i < batch->n_stacks; i++) {
        w->stack = &batch->stack[i];
        kv_threads_run(threads, w->stack->n_groups, fill_stack, w);
        kv_stack_subtract(w->stack, threads, w->shared->stack, w->shared->update, s->order,
                          s->matrix);
    }
    return 0;
}

int kv_border_sum(kv_border *s, kv_threads *threads, const double *theta, const double *slack,
                  double regular, kv_border_shared *shared, kv_border_work *work)
{
    summing w = {.border = s,
                 .theta = theta,
                 .slack = slack,
                 .regular = regular,
                 .shared = shared,
                 .work = work};
    for (int i = 0; i < s->n_batches; i++) {
        w.batch = &s->batch[i];
        if (sum_batch(&w, threads) != 0)
            return -1;
    }
    return 0;
}
