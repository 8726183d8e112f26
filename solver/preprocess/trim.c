/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/preprocess/rounding.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static const double slack = 1e-9; /* relative to a row's terms */

typedef struct candidate {
    double cost;
    int design;
} candidate;

static int dearer(const void *left, const void *right)
{
    const candidate *a = left, *b = right;
    if (a->cost != b->cost)
        return a->cost > b->cost ? -1 : 1;
    return a->design < b->design ? -1 : a->design > b->design;
}

/* What each row comes to, and the size of its terms. */
static void add_up(const kv_whole_model *w, const double *design, const double *flow, double *sum,
                   double *size)
{
    const kv_model *m = w->model;
    for (int j = 0; j < m->n_columns; j++) {
        double value = m->flow_of_column[j] < 0 ? design[j] : flow[m->flow_of_column[j]];
        for (size_t e = m->column_first[j]; e < m->column_first[j + 1] && value != 0.0; e++) {
            sum[m->row[e]] += m->value[e] * value;
            size[m->row[e]] += fabs(m->value[e] * value);
        }
    }
}

/* How many units design j can be lowered by. */
static double spare_units(const kv_whole_model *w, int j, double y, const double *sum,
                          const double *size)
{
    const kv_model *m = w->model;
    double most = y - w->lower[j];
    for (size_t e = m->column_first[j]; e < m->column_first[j + 1]; e++) {
        int row = m->row[e];
        double a = m->value[e], end = a > 0.0 ? m->row_lower[row] : m->row_upper[row];
        if (a == 0.0 || fabs(end) >= 1e30)
            continue;
        double room = a > 0.0 ? sum[row] - end : end - sum[row];
        most = fmin(most, (room + slack * size[row]) / fabs(a));
    }
    return floor(most + 1e-9);
}

kv_status kv_trim(const kv_whole_model *whole, double *design, const double *flow)
{
    const kv_problem *p = whole->problem;
    const kv_model *m = whole->model;
    double *sum = kv_alloc((size_t)m->n_rows, sizeof *sum);
    double *size = kv_alloc((size_t)m->n_rows, sizeof *size);
    candidate *list = kv_alloc((size_t)p->n_design, sizeof *list);
    int count = 0;
    kv_status status = sum && size && list ? KV_OK : KV_ERR_MEMORY;
    if (status != KV_OK)
        goto out;
    add_up(whole, design, flow, sum, size);
    for (int j = 0; j < p->n_design; j++)
        if (p->design_integer[j] && p->design_cost[j] > 0.0 && design[j] > whole->lower[j])
            list[count++] = (candidate){p->design_cost[j], j};
    qsort(list, (size_t)count, sizeof *list, dearer);
    for (int i = 0; i < count; i++) {
        int j = list[i].design;
        double units = spare_units(whole, j, design[j], sum, size);
        if (!(units >= 1.0))
            continue;
        design[j] -= units;
        for (size_t e = m->column_first[j]; e < m->column_first[j + 1]; e++)
            sum[m->row[e]] -= m->value[e] * units;
    }
out:
    kv_free(sum);
    kv_free(size);
    kv_free(list);
    return status;
}
