/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/support/kernel_operations.h"

double bench_factor_operations(const kv_laplacian *c)
{
    double sum = 0;
    for (int j = 0; j < c->n; j++) {
        double entries = c->column_first[j + 1] - c->column_first[j];
        sum += entries * entries;
    }
    return sum;
}

double bench_invert_operations(const kv_laplacian *c)
{
    double sum = 0;
    for (int j = 0; j < c->n; j++) /* column j of L is used for the columns of L^-1 up to j */
        sum += (2.0 * (c->column_first[j + 1] - c->column_first[j]) - 1) * (j + 1);
    return sum;
}

/* Of L^-1 and of the columns of Z. */
static double dense_operations(const kv_columns *c, const kv_group *group, int g)
{
    int from = c->block->group_first[g];
    double sum = bench_invert_operations(&group->c);
    for (int a = from; a < c->block->group_first[g + 1]; a++) {
        int tail = group->tail[a - from], head = group->head[a - from];
        int begin = tail < 0 || (head >= 0 && head < tail) ? head : tail;
        if (begin >= 0)
            sum += (group->c.n - begin) * (1.0 + 2 * (c->first[a + 1] - c->first[a]));
    }
    return sum;
}

/* Of Z, and of the products of its rows that are in no stack. */
static double sparse_operations(const kv_group *group)
{
    const kv_laplacian *l = &group->c;
    double sum = 0;
    for (int i = 0; i < l->n; i++) {
        double row = group->first[i + 1] - group->first[i];
        for (int e = l->row_first[i]; e < l->row_first[i + 1]; e++)
            sum += 2.0 * (group->first[l->row_column[e] + 1] - group->first[l->row_column[e]]);
        sum += group->full[i] ? 0 : row * (row + 1);
    }
    return sum;
}

/* Of L^-1, of the columns, of their products and of what these are spread over. */
static double pairs_operations(const kv_group *group)
{
    double n = group->c.n, m = group->n_flows, p = group->n_entries;
    return bench_invert_operations(&group->c) + 2 * n * m + n * m * (m + 1) + 1.5 * p * (p + 1);
}

static double group_operations(const kv_columns *c, const kv_group *group, int g)
{
    double factor = bench_factor_operations(&group->c);
    if (group->way == KV_GROUP_PAIRS)
        return factor + pairs_operations(group);
    return factor + (group->way == KV_GROUP_STACK ? dense_operations(c, group, g)
                                                  : sparse_operations(group));
}

double bench_sum_operations(const kv_kkt *kkt)
{
    const kv_border *s = &kkt->system[0].border;
    double sum = 0;
    for (int g = 0; g < kkt->lp->block[0].n_groups; g++)
        sum += group_operations(&s->columns, &s->group[g], g);
    for (int t = 0; t < s->n_batches; t++)
        for (int i = 0; i < s->batch[t].n_stacks; i++) {
            double touched = s->batch[t].stack[i].n_touched;
            sum += s->batch[t].stack[i].n_rows * touched * (touched + 1);
        }
    return sum;
}

double bench_cholesky_operations(double n)
{
    return n * n * n / 3;
}

double bench_border_operations(const bench_setup *s)
{
    double dense = s->dense, below = s->order - s->dense;
    return bench_cholesky_operations(dense) + dense * dense * below + dense * below * (below + 1);
}

double bench_solve_operations(const bench_setup *s, const kv_kkt *kkt)
{
    double dense = s->dense, below = s->order - s->dense, tied = kkt->tied.n, laplacians = 0;
    for (int g = 0; g < s->block->n_groups; g++) {
        const kv_laplacian *c = &kkt->system[0].border.group[g].c;
        laplacians += 8.0 * c->column_first[c->n];
    }
    return laplacians + 2 * dense * dense + 4 * dense * below + 2 * tied * tied +
           4.0 * s->columns.first[s->block->n_columns];
}
