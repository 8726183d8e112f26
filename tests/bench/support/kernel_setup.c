/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/support/kernel_setup.h"

#include "base/memory.h"
#include "base/random.h"
#include "bench/support/instance.h"

#include <math.h>
#include <string.h>

static double any_theta(kv_random *random)
{
    return pow(10, 4 * kv_random_uniform(random) - 2);
}

/* Every opening row there is. */
static int list_openings(bench_setup *s, int *count)
{
    const kv_problem *p = s->problem;
    int *opening_of = kv_alloc((size_t)p->n_arcs, sizeof(int));
    s->openings = kv_alloc((size_t)p->n_flows, sizeof(kv_opening_row));
    *count = 0;
    if (!opening_of || !s->openings) {
        kv_free(opening_of);
        return -1;
    }
    for (int o = 0; o < p->n_openings; o++)
        opening_of[p->openings[o].arc] = o;
    for (int f = 0; f < p->n_flows; f++)
        s->openings[(*count)++] = (kv_opening_row){opening_of[p->flow_arc[f]], f};
    kv_free(opening_of);
    return 0;
}

static int fill_theta(bench_setup *s, kv_random *random)
{
    s->theta_x = kv_alloc((size_t)s->block->n_columns, sizeof(double));
    s->theta_slack = kv_alloc((size_t)s->block->n_linking, sizeof(double));
    s->theta_y = kv_alloc((size_t)s->lp->n_y, sizeof(double));
    if (!s->theta_x || !s->theta_slack || !s->theta_y)
        return -1;
    for (int a = 0; a < s->block->n_columns; a++)
        s->theta_x[a] = any_theta(random);
    for (int r = 0; r < s->block->n_linking; r++)
        s->theta_slack[r] = s->block->equality[r] ? 0 : any_theta(random);
    for (int j = 0; j < s->lp->n_y; j++)
        s->theta_y[j] = any_theta(random);
    s->theta = (kv_theta){&s->theta_x, &s->theta_slack, s->theta_y, NULL};
    return 0;
}

static void close_group(bench_setup *s)
{
    double **arrays[] = {&s->laplacian, &s->factor, &s->inverse, &s->vector, &s->p};
    kv_group_free(&s->group);
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++) {
        kv_free(*arrays[i]);
        *arrays[i] = NULL;
    }
}

/* C and P of group g, entry by entry. */
static void expand_group(bench_setup *s, int g, const int *position)
{
    const kv_block *k = s->block;
    const kv_columns *c = &s->columns;
    size_t n = (size_t)s->n;
    for (int a = k->group_first[g]; a < k->group_first[g + 1]; a++) {
        int ends[2] = {k->tail[a], k->head[a]};
        for (int i = 0; i < 2; i++) {
            int row = ends[i] < 0 ? -1 : s->group.c.place[ends[i] - k->group_row[g]];
            for (int j = 0; j < 2 && row >= 0; j++) {
                int other = ends[j] < 0 ? -1 : s->group.c.place[ends[j] - k->group_row[g]];
                if (other >= 0 && other <= row)
                    s->laplacian[(size_t)other * n + (size_t)row] +=
                        i == j ? c->phi[a] : -c->phi[a];
            }
            for (int e = c->first[a]; e < c->first[a + 1] && row >= 0; e++)
                s->p[(size_t)position[c->index[e]] * n + (size_t)row] +=
                    (i == 0 ? 1 : -1) * c->phi[a] * c->value[e];
        }
    }
    for (size_t i = 0; i < n; i++)
        s->laplacian[i * (n + 1)] += BENCH_REGULAR + 1e-13 * s->laplacian[i * (n + 1)];
}

int bench_setup_open(bench_setup *s, int g)
{
    int *position = kv_alloc((size_t)s->order, sizeof(int));
    close_group(s);
    if (!position || kv_group_create(&s->columns, g, &s->group) != KV_OK) {
        kv_free(position);
        return -1;
    }
    s->n = s->group.c.n;
    size_t n = (size_t)s->n;
    s->laplacian = kv_alloc(n * n, sizeof(double));
    s->factor = kv_alloc(n * n, sizeof(double));
    s->inverse = kv_alloc(n * n, sizeof(double));
    s->vector = kv_alloc(n, sizeof(double));
    s->p = kv_alloc(n * (size_t)s->group.n_touched, sizeof(double));
    int failed = !s->laplacian || !s->factor || !s->inverse || !s->vector || !s->p;
    for (int t = 0; t < s->group.n_touched; t++)
        position[s->group.touched[t]] = t;
    if (!failed)
        expand_group(s, g, position);
    kv_free(position);
    return failed ? -1 : 0;
}

static int create_columns(bench_setup *s)
{
    if (kv_columns_create(s->block, s->lp->n_y, s->lp->n_global_flow, &s->columns) != KV_OK)
        return -1;
    kv_columns_weigh(&s->columns, 0, s->block->n_columns, s->theta_x, s->theta_slack,
                     BENCH_REGULAR);
    s->order = s->columns.order;
    s->dense = s->block->n_dense;
    return bench_setup_open(s, 0);
}

/* A stack of columns for the symmetric update, a billion operations or all commodities' rows, and a
 * definite matrix of the border's order. */
static int fill_matrices(bench_setup *s, kv_random *random)
{
    double most = 1e9 / ((double)s->order * s->order), all = (double)s->n * s->size.commodities;
    size_t order = (size_t)s->order;
    s->rank = (int)fmax(8, fmin(most, all));
    size_t entries = (size_t)s->rank * order;
    if (!(s->stack = kv_alloc(entries, sizeof(double))) ||
        !(s->definite = kv_alloc(order * order, sizeof(double))) ||
        !(s->matrix = kv_alloc(order * order, sizeof(double))) ||
        !(s->plain = kv_alloc(order * order, sizeof(double))) ||
        !(s->sum = kv_alloc(order * order, sizeof(double))) ||
        !(s->update = kv_alloc(order * order, sizeof(double))) ||
        !(s->z = kv_alloc((size_t)s->size.nodes * order, sizeof(double))))
        return -1;
    for (size_t i = 0; i < entries; i++)
        s->stack[i] = 2 * kv_random_uniform(random) - 1;
    for (size_t j = 0; j < order; j++)
        for (size_t i = j; i < order; i++)
            s->definite[j * order + i] = i == j ? (double)order : 2 * kv_random_uniform(random) - 1;
    return 0;
}

int bench_setup_create(const bench_size *size, bench_setup *s)
{
    kv_random random;
    kv_lp_options options = {0};
    kv_random_seed(&random, 1);
    memset(s, 0, sizeof(*s));
    s->size = *size;
    s->problem = bench_generate(size->nodes, size->arcs, size->commodities, 0);
    if (list_openings(s, &options.n_openings) != 0)
        return -1;
    options.openings = s->openings;
    if (kv_block_lp_create(s->problem, &options, &s->lp) != KV_OK)
        return -1;
    s->block = &s->lp->block[0];
    if (fill_theta(s, &random) != 0 || create_columns(s) != 0)
        return -1;
    return fill_matrices(s, &random);
}

void bench_setup_clear(bench_setup *s)
{
    void *arrays[] = {s->openings, s->theta_x,  s->theta_slack, s->theta_y, s->z,  s->update,
                      s->stack,    s->definite, s->matrix,      s->plain,   s->sum};
    close_group(s);
    kv_columns_free(&s->columns);
    kv_block_lp_free(s->lp);
    kv_problem_free(s->problem);
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    memset(s, 0, sizeof(*s));
}

double bench_triangle_difference(int n, const double *a, const double *b)
{
    double worst = 0, most = 0;
    for (int j = 0; j < n; j++)
        for (int i = j; i < n; i++) {
            size_t at = (size_t)j * (size_t)n + (size_t)i;
            worst = fmax(worst, fabs(a[at] - b[at]));
            most = fmax(most, fabs(b[at]));
        }
    return most > 0 ? worst / most : worst;
}

/* One row's sum of terms and of their sizes. */
typedef struct row_sum {
    double sum, size;
} row_sum;

static void add_term(row_sum *row, double value)
{
    row->sum += value;
    row->size += fabs(value);
}

/* A (Theta A' lambda), a column after the other. */
static void add_columns(const bench_setup *s, const kv_row_vector *lambda, row_sum *flow,
                        row_sum *linking)
{
    const kv_block *k = s->block;
    for (int a = 0; a < k->n_columns; a++) {
        double value = (k->tail[a] >= 0 ? lambda->flow[0][k->tail[a]] : 0) -
                       (k->head[a] >= 0 ? lambda->flow[0][k->head[a]] : 0);
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++)
            value += k->entry[e] * lambda->linking[0][k->entry_row[e]];
        value *= s->theta_x[a];
        if (k->tail[a] >= 0)
            add_term(&flow[k->tail[a]], value);
        if (k->head[a] >= 0)
            add_term(&flow[k->head[a]], -value);
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++)
            add_term(&linking[k->entry_row[e]], k->entry[e] * value);
    }
}

double bench_residual(const bench_setup *s, const kv_row_vector *lambda, const double *y,
                      const kv_row_vector *h, const double *g)
{
    const kv_block *k = s->block;
    int ny = s->lp->n_y, rows = k->n_rows + k->n_linking + ny;
    row_sum *all = kv_alloc((size_t)rows, sizeof(row_sum));
    double worst = 0, size = 0;
    if (!all)
        return NAN;
    row_sum *flow = all, *linking = all + k->n_rows, *design = linking + k->n_linking;
    add_columns(s, lambda, flow, linking);
    for (int r = 0; r < k->n_rows; r++) {
        add_term(&flow[r], BENCH_REGULAR * lambda->flow[0][r]);
        add_term(&flow[r], -h->flow[0][r]);
    }
    for (int r = 0; r < k->n_linking; r++) {
        add_term(&linking[r], (s->theta_slack[r] + BENCH_REGULAR) * lambda->linking[0][r]);
        add_term(&linking[r], -h->linking[0][r]);
        for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++) {
            add_term(&linking[r], k->y_value[e] * y[k->y_index[e]]);
            add_term(&design[k->y_index[e]], k->y_value[e] * lambda->linking[0][r]);
        }
    }
    for (int j = 0; j < ny; j++) {
        add_term(&design[j], -y[j] / s->theta_y[j]);
        add_term(&design[j], -g[j]);
    }
    for (int i = 0; i < rows; i++) {
        worst = fmax(worst, fabs(all[i].sum));
        size = fmax(size, all[i].size);
    }
    kv_free(all);
    return worst / size;
}
