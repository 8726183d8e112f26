/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the interior point begins: Mehrotra's start, or a point and multipliers of a problem much
 * like this one. These are moved inside: with r a variable's reduced cost and mu what its products
 * should be at least, x >= mu / r or, where r is small, sqrt(mu), and z - w = r stays as it is, so
 * that what was feasible for the dual still is.
 */
#include "base/memory.h"
#include "solver/ipm/point.h"

#include <math.h>
#include <string.h>

/* ---- from nothing ---- */

/* The primal part from column = A' (A A')^-1 b, moved inside. */
static void start_primal(kv_family *f)
{
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        double low = f->bounded ? fmin(0.05, 0.2 * f->upper[j]) : 0.05;
        f->x[j] = fmax(f->column[j], low);
        if (f->bounded && f->x[j] > 0.8 * f->upper[j])
            f->x[j] = 0.8 * f->upper[j];
    }
}

static double reduced_cost(const kv_family *f, int j)
{
    return (f->cost ? f->cost[j] : 0) - f->column[j];
}

/* The dual part from column = A' lambda: reduced costs, all shifted by their mean size. */
static void start_dual(kv_point *s)
{
    double sum = 0;
    long count = 0;
    for (int i = 0; i < s->n_families; i++)
        for (int j = 0; j < s->families[i].n; j++)
            if (kv_there(&s->families[i], j)) {
                sum += fabs(reduced_cost(&s->families[i], j));
                count++;
            }
    double shift = fmax(1e-2, count ? sum / (double)count : 1);
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j))
                continue;
            double cost = reduced_cost(f, j);
            f->z[j] = fmax(cost, 0) + shift;
            if (f->bounded) {
                double v = f->upper[j] - f->x[j];
                f->w[j] = fmax(-cost, 0) + shift * fmin(1, f->x[j] / v);
            }
        }
    }
}

kv_status kv_point_start(kv_point *s)
{
    const kv_block_lp *lp = s->lp;
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            f->theta[j] = kv_there(f, j) ? 1 : 0;
            f->dx[j] = kv_there(f, j) && f->cost && f != kv_family_y(s) ? f->cost[j] : 0;
        }
    }
    kv_status status = kv_kkt_factor(s->kkt, &s->theta, 1e-8);
    if (status != KV_OK)
        return status;
    kv_rows_set_rhs(lp, &s->step);
    memset(s->y_work, 0, sizeof(double) * (size_t)lp->n_y);
    kv_kkt_solve(s->kkt, &s->theta, &s->step, s->y_work);
    kv_point_multiply_transposed(s, &s->step);
    for (int i = 0; i < s->n_families; i++)
        start_primal(&s->families[i]);
    /* lambda, zeros until now, = (A A')^-1 A c */
    kv_point_multiply(s, KV_PICK_DX, 1, &s->lambda);
    for (int j = 0; j < lp->n_y; j++)
        s->y_work[j] = lp->y_cost[j];
    kv_kkt_solve(s->kkt, &s->theta, &s->lambda, s->y_work);
    kv_point_multiply_transposed(s, &s->lambda);
    start_dual(s);
    return KV_OK;
}

/* ---- from a point ---- */

static int find_root(int *parent, int i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/* Potentials of a block's flow rows: those of the row that its component left out are 0. */
static void take_potentials(kv_point *s, int b, const double *potential, int *parent, int *row_of)
{
    const kv_problem *p = s->lp->problem;
    const kv_block *k = &s->lp->block[b];
    for (int i = 0; i < p->n_balances; i++) {
        parent[i] = i;
        row_of[i] = -1;
    }
    for (int a = 0; a < k->n_columns; a++) {
        int tail = p->flow_tail_row[k->flow[a]], head = p->flow_head_row[k->flow[a]];
        if (tail < 0 || head < 0)
            continue;
        tail = find_root(parent, tail);
        head = find_root(parent, head);
        parent[tail > head ? tail : head] = tail > head ? head : tail;
    }
    for (int r = 0; r < k->n_rows; r++)
        row_of[k->row_balance[r]] = r;
    for (int g = 0; g < k->n_groups; g++)
        for (int r = k->group_row[g]; r < k->group_row[g + 1]; r++) {
            int root = find_root(parent, k->row_balance[r]);
            double level = row_of[root] < 0 ? potential[root] : 0;
            s->lambda.flow[b][r] =
                (potential[k->row_balance[r]] - level) * k->group_scale[g] / s->lp->cost_scale;
        }
}

static double *coupling_of(const kv_multipliers *m, int kind)
{
    return kind ? m->coupling : m->side;
}

static kv_status take_multipliers(kv_point *s, const kv_ipm_start *start)
{
    const kv_block_lp *lp = s->lp;
    const kv_problem *p = lp->problem;
    const kv_multipliers *m = start->multipliers;
    int *parent = kv_alloc((size_t)p->n_balances, sizeof(int));
    int *row_of = kv_alloc((size_t)p->n_balances, sizeof(int));
    kv_status status = parent && row_of ? KV_OK : KV_ERR_MEMORY;
    for (int b = 0; b < lp->n_blocks && status == KV_OK; b++) {
        const kv_block *k = &lp->block[b];
        take_potentials(s, b, m->balance + (size_t)b * (size_t)p->n_balances, parent, row_of);
        for (int r = 0; r < k->n_linking; r++) {
            double value =
                k->kind[r] == KV_LINK_RESOURCE
                    ? m->resource[(size_t)b * (size_t)p->n_resources + (size_t)k->index[r]]
                : k->kind[r] == KV_LINK_OPENING ? start->opening[k->index[r]]
                                                : m->coupling[k->index[r]];
            s->lambda.linking[b][r] = -value * k->linking_scale[r] / lp->cost_scale;
        }
    }
    for (int r = 0; r < lp->n_global && status == KV_OK; r++)
        s->lambda.global[r] = -coupling_of(m, lp->global_kind[r])[lp->global_index[r]] *
                              lp->global_scale[r] / lp->cost_scale;
    kv_free(parent);
    kv_free(row_of);
    return status;
}

static void take_values(kv_point *s, const kv_ipm_start *start)
{
    const kv_block_lp *lp = s->lp;
    const kv_problem *p = lp->problem;
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        const double *flow = start->flow + (size_t)b * (size_t)p->n_flows;
        for (int g = 0; g < k->n_groups; g++)
            for (int a = k->group_first[g]; a < k->group_first[g + 1]; a++)
                kv_block_x(s, b)->x[a] = flow[k->flow[a]] / k->group_scale[g];
    }
    for (int j = 0; j < lp->n_y; j++)
        kv_family_y(s)->x[j] =
            (start->design[lp->y_design[j]] - lp->lower[lp->y_design[j]]) / lp->y_scale[j];
}

/* Slacks take what the rows leave. */
static void take_slacks(kv_point *s)
{
    const kv_block_lp *lp = s->lp;
    kv_rows_set_rhs(lp, &s->residual);
    kv_point_multiply(s, KV_PICK_X, -1, &s->residual);
    for (int b = 0; b < lp->n_blocks; b++)
        memcpy(kv_block_slack(s, b)->x, s->residual.linking[b],
               sizeof(double) * (size_t)lp->block[b].n_linking);
    memcpy(kv_global_slack(s)->x, s->residual.global, sizeof(double) * (size_t)lp->n_global);
}

/* Inside, with products of at least mu. */
static void move_inside(kv_family *f, double mu)
{
    double most = sqrt(mu);
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        double r = reduced_cost(f, j), upper = f->bounded ? f->upper[j] : HUGE_VAL;
        double low = fmin(fmin(most, r > 0 ? mu / r : most), 0.25 * upper);
        double high = f->bounded ? fmin(fmin(most, r < 0 ? -mu / r : most), 0.25 * upper) : 0;
        f->x[j] = fmin(fmax(f->x[j], low), upper - high);
        f->z[j] = fmax(r, mu / f->x[j]);
        if (f->bounded)
            f->w[j] = fmax(-r, mu / (upper - f->x[j]));
    }
}

kv_status kv_point_resume(kv_point *s, const kv_ipm_start *start)
{
    kv_status status = take_multipliers(s, start);
    if (status != KV_OK)
        return status;
    take_values(s, start);
    take_slacks(s);
    kv_point_multiply_transposed(s, &s->lambda);
    double mu = start->gap / (s->lp->cost_scale * (double)s->n_complementary);
    for (int i = 0; i < s->n_families; i++)
        move_inside(&s->families[i], mu);
    return KV_OK;
}
