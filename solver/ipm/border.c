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

/* Groups of about 50 us each, and not too many values. */
static int count_tiles(const kv_border *s, int n_groups, int together, double most_values)
{
    double work = 0, values = 0;
    for (int g = 0; g < n_groups; g++) {
        work += s->group[g].work;
        values += (double)kv_group_values(&s->group[g]);
    }
    int tiles = together ? between(work / 5e4, 1, MOST_TILES) : 1;
    int least = between(2 * values / most_values + 1, 1, n_groups > 1 ? n_groups : 1);
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

/* Tiles go together while their values are few enough. */
static kv_status cut_tiles(kv_border *s, size_t most_values)
{
    if (!(s->batch = kv_alloc((size_t)s->n_tiles, sizeof(kv_border_batch))))
        return KV_ERR_MEMORY;
    for (int t = 0; t < s->n_tiles;) {
        kv_border_batch *batch = &s->batch[s->n_batches++];
        size_t values = 0, more = 0;
        batch->first_tile = t;
        do {
            for (int g = s->tile[t]; g < s->tile[t + 1]; g++) {
                s->value_at[g] = values;
                values += kv_group_values(&s->group[g]);
            }
            batch->end_tile = ++t;
            more = 0;
            for (int g = s->tile[t]; t < s->n_tiles && g < s->tile[t + 1]; g++)
                more += kv_group_values(&s->group[g]);
        } while (t < s->n_tiles && values + more <= most_values);
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

/* Of each row that is not in a stack: its parts by panels; they are counted where there is no list. */
static void part_rows(const kv_border *s, kv_border_batch *batch, int i, int *next)
{
    const kv_group *g = &s->group[i];
    for (int r = 0; r < g->c.n; r++) {
        int end = g->first[r + 1];
        for (int q = g->first[r], after; q < end && !g->full[r]; q = after) {
            int panel = g->index[q] / s->width;
            for (after = q + 1; after < end && g->index[after] / s->width == panel;)
                after++;
            if (batch->row)
                batch->row[next[panel]++] =
                    (kv_border_row){g->index + q, s->value_at[i] + (size_t)q, after - q, end - q};
            else
                batch->row_first[panel + 1]++;
        }
    }
}

/* The same for the entries of pairs. */
static void part_pairs(const kv_border *s, kv_border_batch *batch, int i, int *next)
{
    const kv_group *g = &s->group[i];
    for (int e = 0, after; e < g->n_entries; e = after) {
        int panel = g->entry[e].index / s->width;
        for (after = e + 1; after < g->n_entries && g->entry[after].index / s->width == panel;)
            after++;
        if (batch->pairs)
            batch->pairs[next[panel]++] = (kv_border_pairs){i, e, after};
        else
            batch->pairs_first[panel + 1]++;
    }
}

/* Both lists, at first to count, then to fill. `next` [n_panels each]. */
static void part_groups(const kv_border *s, kv_border_batch *batch, int *next_row, int *next_pairs)
{
    for (int i = first_group(s, batch); i < end_group(s, batch); i++)
        if (s->group[i].way == KV_GROUP_ROWS)
            part_rows(s, batch, i, next_row);
        else if (s->group[i].way == KV_GROUP_PAIRS)
            part_pairs(s, batch, i, next_pairs);
}

static kv_status list_groups(const kv_border *s, kv_border_batch *batch, int *next_row,
                             int *next_pairs)
{
    batch->row_first = kv_alloc((size_t)s->n_panels + 1, sizeof(int));
    batch->pairs_first = kv_alloc((size_t)s->n_panels + 1, sizeof(int));
    if (!batch->row_first || !batch->pairs_first)
        return KV_ERR_MEMORY;
    part_groups(s, batch, next_row, next_pairs);
    int rows = sum_counts(batch->row_first, next_row, s->n_panels);
    int pairs = sum_counts(batch->pairs_first, next_pairs, s->n_panels);
    batch->row = kv_alloc((size_t)rows, sizeof(kv_border_row));
    batch->pairs = kv_alloc((size_t)pairs, sizeof(kv_border_pairs));
    if (!batch->row || !batch->pairs)
        return KV_ERR_MEMORY;
    part_groups(s, batch, next_row, next_pairs);
    return KV_OK;
}

static kv_status create_batches(kv_border *s, size_t most_values)
{
    kv_status status = cut_tiles(s, most_values);
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
            status = list_groups(s, batch, next, panel);
    }
    kv_free(next);
    kv_free(panel);
    return status;
}

/* ---- memory ---- */

kv_status kv_border_create(const kv_block *block, int n_y, int n_global_flow, int together,
                           size_t most_values, kv_border *s)
{
    memset(s, 0, sizeof(*s));
    kv_status status = kv_columns_create(block, n_y, n_global_flow, &s->columns);
    if (status != KV_OK)
        return status;
    size_t groups = (size_t)block->n_groups, order = (size_t)s->columns.order;
    s->order = s->columns.order;
    s->group = kv_alloc(groups, sizeof(kv_group));
    s->value_at = kv_alloc(groups, sizeof(size_t));
    s->matrix = kv_alloc(order * order, sizeof(double));
    if (!s->group || !s->value_at || !s->matrix)
        return KV_ERR_MEMORY;
    for (int g = 0; g < block->n_groups && status == KV_OK; g++)
        status = kv_group_create(&s->columns, g, &s->group[g]);
    if (status != KV_OK)
        return status;
    s->width = between(5e4 / (s->order + 1), 16, 128); /* 400 kB */
    s->n_panels = (s->order + s->width - 1) / s->width;
    s->n_tiles = count_tiles(s, block->n_groups, together, (double)most_values);
    s->tile = kv_alloc((size_t)s->n_tiles + 1, sizeof(int));
    s->failed = kv_alloc((size_t)s->n_tiles, 1);
    if (!s->tile || !s->failed)
        return KV_ERR_MEMORY;
    cut_groups(s, block->n_groups);
    return create_batches(s, most_values);
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
        kv_free(batch->pairs_first);
        kv_free(batch->pairs);
        kv_stacks_free(batch->stack, batch->n_stacks);
    }
    for (int g = 0; s->group && g < k->n_groups; g++)
        kv_group_free(&s->group[g]);
    kv_free(s->batch);
    kv_free(s->group);
    kv_free(s->value_at);
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

static void size_group(const kv_group *g, kv_border_sizes *n)
{
    size_t rows = (size_t)g->c.n;
    if (g->way == KV_GROUP_ROWS)
        return;
    n->inverse = larger(n->inverse, rows * rows);
    n->columns = larger(n->columns, rows);
    if (g->way == KV_GROUP_PAIRS)
        n->columns = larger(n->columns, rows * (size_t)g->n_flows);
}

void kv_border_size(const kv_border *s, kv_border_sizes *n)
{
    n->order = larger(n->order, (size_t)s->order);
    for (int i = 0; i < s->n_batches; i++) {
        const kv_border_batch *batch = &s->batch[i];
        for (int g = first_group(s, batch); g < end_group(s, batch); g++) {
            n->values = larger(n->values, s->value_at[g] + kv_group_values(&s->group[g]));
            size_group(&s->group[g], n);
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
    shared->values = kv_alloc(n->values, sizeof(double));
    shared->stack = kv_alloc(n->stack, sizeof(double));
    shared->update = kv_alloc(n->update, sizeof(double));
    return shared->values && shared->stack && shared->update ? KV_OK : KV_ERR_MEMORY;
}

void kv_border_shared_free(kv_border_shared *shared)
{
    kv_free(shared->values);
    kv_free(shared->stack);
    kv_free(shared->update);
}

kv_status kv_border_work_create(const kv_border_sizes *n, kv_group_work *work)
{
    work->row = kv_alloc(n->order, sizeof(double));
    work->inverse = kv_alloc(n->inverse, sizeof(double));
    work->columns = kv_alloc(n->columns, sizeof(double));
    return work->row && work->inverse && work->columns ? KV_OK : KV_ERR_MEMORY;
}

void kv_border_work_free(kv_group_work *work)
{
    kv_free(work->row);
    kv_free(work->inverse);
    kv_free(work->columns);
}

/* ---- values ---- */

typedef struct summing {
    kv_border *border;
    kv_border_batch *batch;
    const kv_stack *stack;
    const double *theta, *slack;
    double regular;
    kv_border_shared *shared;
    kv_group_work *work;
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
        failed = kv_group_eliminate(&s->group[g], &s->columns, g, w->regular, &w->work[worker],
                                    w->shared->values + s->value_at[g]);
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
        subtract_row(&batch->row[i], w->shared->values + batch->row[i].at, (size_t)s->order,
                     s->matrix);
    for (int i = batch->pairs_first[panel]; i < batch->pairs_first[panel + 1]; i++) {
        const kv_border_pairs *pairs = &batch->pairs[i];
        kv_group_subtract_pairs(&s->group[pairs->group],
                                w->shared->values + s->value_at[pairs->group], pairs->from,
                                pairs->to, s->order, s->matrix);
    }
}

static void fill_stack(void *context, int i, int worker)
{
    const summing *w = context;
    const kv_border *s = w->border;
    kv_stack_fill(w->stack, i, s->group, &s->columns,
                  w->shared->values + s->value_at[w->stack->group[i]], &w->work[worker],
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
                  double regular, kv_border_shared *shared, kv_group_work *work)
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
