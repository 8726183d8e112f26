/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The structured solve of an iteration's linear system against the whole system, assembled plainly
 * and eliminated by Gauss. */
#include "base/memory.h"
#include "solver/ipm/kkt.h"
#include "support/random_problem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* Rows in the order flow and linking of each block, global; then y. Columns of A: x of each block. */
typedef struct whole {
    const kv_block_lp *lp;
    int n_rows, n_x, order;
    int *flow_at, *linking_at, *x_at; /* [n_blocks] */
    int global_at;
    double *a;                /* n_rows x n_x, row-major */
    double *matrix, *rhs, *x; /* order x order */
} whole;

static void *room(size_t count, size_t size)
{
    void *memory = kv_alloc(count, size);
    cr_assert(memory != NULL);
    return memory;
}

static whole lay_out(const kv_block_lp *lp)
{
    whole w = {.lp = lp};
    w.flow_at = room((size_t)lp->n_blocks, sizeof(int));
    w.linking_at = room((size_t)lp->n_blocks, sizeof(int));
    w.x_at = room((size_t)lp->n_blocks, sizeof(int));
    for (int b = 0; b < lp->n_blocks; b++) {
        w.flow_at[b] = w.n_rows;
        w.linking_at[b] = w.n_rows + lp->block[b].n_rows;
        w.n_rows += lp->block[b].n_rows + lp->block[b].n_linking;
        w.x_at[b] = w.n_x;
        w.n_x += lp->block[b].n_columns;
    }
    w.global_at = w.n_rows;
    w.n_rows += lp->n_global;
    w.order = w.n_rows + lp->n_y;
    w.a = room((size_t)w.n_rows * (size_t)w.n_x, sizeof(double));
    w.matrix = room((size_t)w.order * (size_t)w.order, sizeof(double));
    w.rhs = room((size_t)w.order, sizeof(double));
    w.x = room((size_t)w.order, sizeof(double));
    return w;
}

static void forget(whole *w)
{
    void *arrays[] = {w->flow_at, w->linking_at, w->x_at, w->a, w->matrix, w->rhs, w->x};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
}

static double *cell(const whole *w, int row, int column)
{
    return &w->matrix[(size_t)row * (size_t)w->order + (size_t)column];
}

static double *entry(const whole *w, int row, int column)
{
    return &w->a[(size_t)row * (size_t)w->n_x + (size_t)column];
}

static void add_block(whole *w, int b)
{
    const kv_block *k = &w->lp->block[b];
    for (int c = 0; c < k->n_columns; c++) {
        int x = w->x_at[b] + c;
        if (k->tail[c] >= 0)
            *entry(w, w->flow_at[b] + k->tail[c], x) += 1;
        if (k->head[c] >= 0)
            *entry(w, w->flow_at[b] + k->head[c], x) -= 1;
        for (int e = k->entry_first[c]; e < k->entry_first[c + 1]; e++) {
            int r = k->entry_row[e];
            *entry(w, r < k->n_linking ? w->linking_at[b] + r : w->global_at + r - k->n_linking,
                   x) += k->entry[e];
        }
    }
    for (int r = 0; r < k->n_linking; r++)
        for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++) {
            *cell(w, w->linking_at[b] + r, w->n_rows + k->y_index[e]) += k->y_value[e];
            *cell(w, w->n_rows + k->y_index[e], w->linking_at[b] + r) += k->y_value[e];
        }
}

/* [ A Theta A' + slacks + regular, A_y; A_y', -1/Theta_y ] */
static void assemble(whole *w, const kv_theta *theta, double regular)
{
    const kv_block_lp *lp = w->lp;
    for (int b = 0; b < lp->n_blocks; b++)
        add_block(w, b);
    for (int r = 0; r < lp->n_global; r++)
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++) {
            *cell(w, w->global_at + r, w->n_rows + lp->global_y[e]) += lp->global_value[e];
            *cell(w, w->n_rows + lp->global_y[e], w->global_at + r) += lp->global_value[e];
        }
    for (int i = 0; i < w->n_rows; i++)
        for (int j = 0; j < w->n_rows; j++)
            for (int b = 0; b < lp->n_blocks; b++)
                for (int c = 0; c < lp->block[b].n_columns; c++)
                    *cell(w, i, j) += *entry(w, i, w->x_at[b] + c) * theta->x[b][c] *
                                      *entry(w, j, w->x_at[b] + c);
    for (int b = 0; b < lp->n_blocks; b++)
        for (int r = 0; r < lp->block[b].n_linking; r++)
            *cell(w, w->linking_at[b] + r, w->linking_at[b] + r) += theta->slack[b][r];
    for (int r = 0; r < lp->n_global; r++)
        *cell(w, w->global_at + r, w->global_at + r) += theta->global[r];
    for (int i = 0; i < w->n_rows; i++)
        *cell(w, i, i) += regular;
    for (int j = 0; j < lp->n_y; j++)
        *cell(w, w->n_rows + j, w->n_rows + j) -= 1 / theta->y[j];
}

/* Gauss with partial pivoting in long double; the solution goes to w->x. */
static void eliminate(whole *w)
{
    size_t n = (size_t)w->order, wide = n + 1;
    long double *m = room(n * wide, sizeof *m);
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++)
            m[i * wide + j] = w->matrix[i * n + j];
        m[i * wide + n] = w->rhs[i];
    }
    for (size_t p = 0; p < n; p++) {
        size_t best = p;
        for (size_t i = p + 1; i < n; i++)
            if (fabsl(m[i * wide + p]) > fabsl(m[best * wide + p]))
                best = i;
        cr_assert(m[best * wide + p] != 0);
        for (size_t j = 0; j < wide && best != p; j++) {
            long double swap = m[p * wide + j];
            m[p * wide + j] = m[best * wide + j];
            m[best * wide + j] = swap;
        }
        for (size_t i = p + 1; i < n; i++) {
            long double factor = m[i * wide + p] / m[p * wide + p];
            for (size_t j = p; j < wide && factor != 0; j++)
                m[i * wide + j] -= factor * m[p * wide + j];
        }
    }
    for (size_t i = n; i-- > 0;) {
        long double sum = m[i * wide + n];
        for (size_t j = i + 1; j < n; j++)
            sum -= m[i * wide + j] * (long double)w->x[j];
        w->x[i] = (double)(sum / m[i * wide + i]);
    }
    kv_free(m);
}

/* The largest |matrix * v - rhs|, relative to the largest of rhs and of matrix times |v|. */
static double residual(const whole *w, const double *v)
{
    double worst = 0, size = 0;
    for (int i = 0; i < w->order; i++) {
        double sum = -w->rhs[i], terms = fabs(w->rhs[i]);
        for (int j = 0; j < w->order; j++) {
            sum += *cell(w, i, j) * v[j];
            terms += fabs(*cell(w, i, j) * v[j]);
        }
        worst = fmax(worst, fabs(sum));
        size = fmax(size, terms);
    }
    return size > 0 ? worst / size : 0;
}

static double any(kv_random *random)
{
    return 2 * kv_random_uniform(random) - 1;
}

static double any_theta(kv_random *random, double decades)
{
    return pow(10, decades * any(random));
}

/* The blocks' values with the whole vector: into it (to = 1) or back. */
static void copy(const whole *w, kv_row_vector *v, double *y, double *all, int to)
{
    const kv_block_lp *lp = w->lp;
    for (int b = 0; b < lp->n_blocks; b++) {
        double *parts[2] = {v->flow[b], v->linking[b]};
        int at[2] = {w->flow_at[b], w->linking_at[b]};
        int n[2] = {lp->block[b].n_rows, lp->block[b].n_linking};
        for (int i = 0; i < 2; i++)
            memcpy(to ? all + at[i] : parts[i], to ? parts[i] : all + at[i],
                   (size_t)n[i] * sizeof(double));
    }
    memcpy(to ? all + w->global_at : v->global, to ? v->global : all + w->global_at,
           (size_t)lp->n_global * sizeof(double));
    memcpy(to ? all + w->n_rows : y, to ? y : all + w->n_rows, (size_t)lp->n_y * sizeof(double));
}

static kv_theta random_theta(const kv_block_lp *lp, kv_random *random, double decades)
{
    kv_theta theta;
    theta.x = room((size_t)lp->n_blocks, sizeof(double *));
    theta.slack = room((size_t)lp->n_blocks, sizeof(double *));
    theta.y = room((size_t)lp->n_y, sizeof(double));
    theta.global = room((size_t)lp->n_global, sizeof(double));
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        theta.x[b] = room((size_t)k->n_columns, sizeof(double));
        theta.slack[b] = room((size_t)k->n_linking, sizeof(double));
        for (int c = 0; c < k->n_columns; c++)
            theta.x[b][c] = any_theta(random, decades);
        for (int r = 0; r < k->n_linking; r++)
            theta.slack[b][r] = k->equality[r] ? 0 : any_theta(random, decades);
    }
    for (int j = 0; j < lp->n_y; j++)
        theta.y[j] = any_theta(random, decades);
    for (int r = 0; r < lp->n_global; r++)
        theta.global[r] = lp->global_equality[r] ? 0 : any_theta(random, decades);
    return theta;
}

static void forget_theta(const kv_block_lp *lp, kv_theta *theta)
{
    for (int b = 0; b < lp->n_blocks; b++) {
        kv_free(theta->x[b]);
        kv_free(theta->slack[b]);
    }
    kv_free(theta->x);
    kv_free(theta->slack);
    kv_free(theta->y);
    kv_free(theta->global);
}

/* Solve both ways for one right-hand side; the structured solution's residual and its distance
 * from the other one must be small. */
static void compare(const kv_block_lp *lp, kv_random *random, kv_threads *threads, double decades,
                    double regular, int i)
{
    whole w = lay_out(lp);
    kv_theta theta = random_theta(lp, random, decades);
    kv_row_vector h;
    kv_kkt *kkt = NULL;
    double *y = room((size_t)lp->n_y, sizeof(double)), *all = room((size_t)w.order, sizeof *all);
    assemble(&w, &theta, regular);
    for (int r = 0; r < w.order; r++)
        w.rhs[r] = any(random);
    eliminate(&w);
    cr_assert(kv_row_vector_create(lp, &h) == KV_OK);
    cr_assert(kv_kkt_create(lp, threads, &kkt) == KV_OK);
    cr_assert(kv_kkt_factor(kkt, &theta, regular) == KV_OK, "%d", i);
    copy(&w, &h, y, w.rhs, 0);
    kv_kkt_solve(kkt, &theta, &h, y);
    copy(&w, &h, y, all, 1);
    double most = 0, apart = 0;
    for (int r = 0; r < w.order; r++) {
        most = fmax(most, fabs(w.x[r]));
        apart = fmax(apart, fabs(w.x[r] - all[r]));
    }
    cr_assert(residual(&w, w.x) <= 1e-12, "%d: the reference itself", i);
    cr_assert(residual(&w, all) <= 1e-8, "%d: residual %g", i, residual(&w, all));
    cr_assert(decades > 2 || apart <= 1e-6 * most, "%d: %g of %g apart", i, apart, most);
    kv_kkt_free(kkt);
    kv_row_vector_free(lp, &h);
    kv_free(y);
    kv_free(all);
    forget_theta(lp, &theta);
    forget(&w);
}

static void compare_random(uint64_t seed, int count, double decades, double regular)
{
    random_kinds kinds = random_problem_all();
    kv_threads *threads = kv_threads_create(2);
    kv_random random;
    cr_assert(threads != NULL);
    kinds.most_commodities = 2;
    kv_random_seed(&random, seed);
    for (int i = 0; i < count; i++) {
        kinds.most_blocks = i % 2 ? 3 : 6; /* few are worked on by all threads, many at once */
        kv_problem *p = random_problem(&random, &kinds);
        kv_opening_row rows[40];
        int n = 0;
        /* without opening rows some design variables are in no block's rows, but in side rows */
        for (int o = 0; o < p->n_openings && n < 40 && i % 3; o++)
            rows[n++] = (kv_opening_row){o, p->openings[o].arc}; /* flow of the first commodity */
        kv_lp_options options = {NULL, NULL, NULL, rows, n};
        kv_block_lp *lp = NULL;
        cr_assert(kv_block_lp_create(p, &options, &lp) == KV_OK);
        compare(lp, &random, threads, decades, regular, i);
        kv_block_lp_free(lp);
        kv_problem_free(p);
    }
    kv_threads_free(threads);
}

Test(kkt, well_conditioned)
{
    compare_random(1, 25, 1, 1e-4);
}

Test(kkt, spread_over_eight_orders)
{
    compare_random(2, 25, 4, 1e-8);
}

/* A diagonal that is not positive is told, not used. */
Test(kkt, breakdown_is_told)
{
    random_kinds kinds = random_problem_all();
    kv_random random;
    kv_block_lp *lp = NULL;
    kv_kkt *kkt = NULL;
    kv_random_seed(&random, 3);
    kv_problem *p = random_problem(&random, &kinds);
    cr_assert(kv_block_lp_create(p, NULL, &lp) == KV_OK && kv_kkt_create(lp, NULL, &kkt) == KV_OK);
    kv_theta theta = random_theta(lp, &random, 1);
    cr_assert(kv_kkt_factor(kkt, &theta, 1e-8) == KV_OK);
    for (int b = 0; b < lp->n_blocks; b++)
        for (int c = 0; c < lp->block[b].n_columns; c++)
            theta.x[b][c] = -1;
    cr_assert(kv_kkt_factor(kkt, &theta, 1e-8) == KV_ERR_NUMERIC);
    forget_theta(lp, &theta);
    kv_kkt_free(kkt);
    kv_block_lp_free(lp);
    kv_problem_free(p);
}
