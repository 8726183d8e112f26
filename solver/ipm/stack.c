/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/stack.h"

#include "base/memory.h"
#include "solver/ipm/dense.h"

#include <string.h>

enum { MOST_ROWS = 512, LEAST_ROWS = 8, PANEL = 64 };

/* ---- structure ---- */

static int rows_of(const kv_group *g)
{
    return g->way == KV_GROUP_STACK ? g->c.n : g->n_full;
}

/* Mark the border indices that the group's rows have. */
static void mark_touched(const kv_group *g, int *place)
{
    if (g->way == KV_GROUP_STACK)
        for (int t = 0; t < g->n_touched; t++)
            place[g->touched[t]] = 1;
    else
        for (int i = 0; i < g->c.n; i++)
            for (int q = g->first[i]; q < g->first[i + 1] && g->full[i]; q++)
                place[g->index[q]] = 1;
}

/* A stack of groups from .. to - 1. */
static kv_status make_stack(const kv_group *group, int from, int to, int order, kv_stack *s)
{
    for (int g = from; g < to; g++)
        s->n_groups += rows_of(&group[g]) > 0;
    s->group = kv_alloc((size_t)s->n_groups, sizeof(int));
    s->row_at = kv_alloc((size_t)s->n_groups + 1, sizeof(int));
    s->place = kv_alloc((size_t)order, sizeof(int));
    if (!s->group || !s->row_at || !s->place)
        return KV_ERR_MEMORY;
    for (int g = from, i = 0; g < to; g++)
        if (rows_of(&group[g]) > 0) {
            s->group[i++] = g;
            s->row_at[i] = s->n_rows += rows_of(&group[g]);
            mark_touched(&group[g], s->place);
        }
    for (int r = 0; r < order; r++)
        s->n_touched += s->place[r];
    if (!(s->touched = kv_alloc((size_t)s->n_touched, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int r = 0, n = 0; r < order; r++)
        if (s->place[r]) {
            s->touched[n] = r;
            s->place[r] = n++;
        }
    s->gaps = s->touched[s->n_touched - 1] - s->touched[0] >= s->n_touched;
    return KV_OK;
}

/* The group behind the last one of a stack that begins with `from`. */
static int end_of_stack(const kv_group *group, int from, int to)
{
    int rows = rows_of(&group[from]), g = from + 1;
    while (g < to && rows + rows_of(&group[g]) <= MOST_ROWS)
        rows += rows_of(&group[g++]);
    return g;
}

/* Rows of all groups; 0 after taking their marks away where they are not worth it. */
static int count_rows(kv_group *group, int from, int to)
{
    int rows = 0, dense = 0;
    for (int g = from; g < to; g++) {
        rows += rows_of(&group[g]);
        dense |= group[g].way == KV_GROUP_STACK;
    }
    if (rows >= LEAST_ROWS || dense)
        return rows;
    for (int g = from; g < to; g++)
        if (group[g].n_full) {
            memset(group[g].full, 0, (size_t)group[g].c.n);
            group[g].n_full = 0;
        }
    return 0;
}

kv_status kv_stacks_create(kv_group *group, int from, int to, int order, kv_stack **stacks,
                           int *n_stacks)
{
    int count = 0;
    kv_status status = KV_OK;
    *stacks = NULL;
    *n_stacks = 0;
    if (count_rows(group, from, to) == 0)
        return KV_OK;
    for (int g = from; g < to; g = end_of_stack(group, g, to))
        count++;
    if (!(*stacks = kv_alloc((size_t)count, sizeof(kv_stack))))
        return KV_ERR_MEMORY;
    *n_stacks = count;
    for (int g = from, end, i = 0; g < to && status == KV_OK; g = end) {
        end = end_of_stack(group, g, to);
        status = make_stack(group, g, end, order, &(*stacks)[i++]);
    }
    return status;
}

void kv_stacks_free(kv_stack *stacks, int n_stacks)
{
    for (int i = 0; i < n_stacks; i++) {
        kv_free(stacks[i].group);
        kv_free(stacks[i].row_at);
        kv_free(stacks[i].touched);
        kv_free(stacks[i].place);
    }
    kv_free(stacks);
}

/* ---- values ---- */

static void fill_dense(const kv_stack *s, const kv_group *group, const kv_columns *c, int g,
                       kv_group_work *w, double *z)
{
    int n = group->c.n, from = c->block->group_first[g];
    const double *difference = w->columns;
    kv_laplacian_invert(&group->c, w->inverse);
    for (int a = from; a < c->block->group_first[g + 1]; a++) {
        int tail = group->tail[a - from], head = group->head[a - from];
        if ((tail < 0 && head < 0) || c->first[a] == c->first[a + 1])
            continue;
        int begin = kv_laplacian_difference(n, w->inverse, tail, head, w->columns);
        for (int e = c->first[a]; e < c->first[a + 1]; e++) {
            double *to = z + (size_t)s->place[c->index[e]] * (size_t)s->n_rows;
            double value = c->phi[a] * c->value[e];
            for (int i = begin; i < n; i++)
                to[i] += value * difference[i];
        }
    }
}

static void fill_rows(const kv_stack *s, const kv_group *group, const double *values, double *z)
{
    for (int i = 0; i < group->c.n; i++) {
        if (!group->full[i])
            continue;
        for (int q = group->first[i]; q < group->first[i + 1]; q++)
            z[(size_t)s->place[group->index[q]] * (size_t)s->n_rows] = values[q];
        z++;
    }
}

void kv_stack_fill(const kv_stack *s, int i, const kv_group *group, const kv_columns *columns,
                   const double *values, kv_group_work *work, double *z)
{
    const kv_group *one = &group[s->group[i]];
    z += s->row_at[i];
    for (int t = 0; t < s->n_touched; t++)
        memset(z + (size_t)t * (size_t)s->n_rows, 0, sizeof(double) * (size_t)rows_of(one));
    if (one->way == KV_GROUP_STACK)
        fill_dense(s, one, columns, s->group[i], work, z);
    else
        fill_rows(s, one, values, z);
}

typedef struct scattering {
    const kv_stack *stack;
    const double *update;
    double *matrix;
    size_t order;
} scattering;

static void add_panel(void *context, int panel, int worker)
{
    const scattering *s = context;
    int n = s->stack->n_touched, from = PANEL * panel;
    int to = from + PANEL < n ? from + PANEL : n;
    (void)worker;
    for (int j = from; j < to; j++) {
        double *column = s->matrix + (size_t)s->stack->touched[j] * s->order;
        const double *update = s->update + (size_t)j * (size_t)n;
        for (int i = j; i < n; i++)
            column[s->stack->touched[i]] += update[i];
    }
}

void kv_stack_subtract(const kv_stack *s, kv_threads *threads, const double *z, double *update,
                       int order, double *matrix)
{
    int n = s->n_touched;
    if (!s->gaps) {
        kv_dense_update_transposed(threads, matrix + (size_t)s->touched[0] * ((size_t)order + 1),
                                   order, n, z, s->n_rows, s->n_rows);
        return;
    }
    scattering sum = {s, update, matrix, (size_t)order};
    memset(update, 0, sizeof(double) * (size_t)n * (size_t)n);
    kv_dense_update_transposed(threads, update, n, n, z, s->n_rows, s->n_rows);
    kv_threads_run(threads, (n + PANEL - 1) / PANEL, add_panel, &sum);
}
