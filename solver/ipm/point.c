/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products with the matrix, residuals, the bound and the diagonal of a point. */
#include "solver/ipm/point.h"

#include <math.h>
#include <string.h>

/* ---- products with the matrix ---- */

static const double *picked(const kv_family *f, kv_pick which)
{
    return which == KV_PICK_X ? f->x : which == KV_PICK_DX ? f->dx : f->change;
}

struct block_call {
    kv_point *point;
    void (*task)(kv_point *s, int b);
};

static void call_block(void *context, int b, int worker)
{
    struct block_call *call = context;
    (void)worker;
    call->task(call->point, b);
}

void kv_point_each_block(kv_point *s, void (*task)(kv_point *s, int b))
{
    struct block_call call = {s, task};
    kv_threads_run(s->threads, s->lp->n_blocks, call_block, &call);
}

void kv_point_multiply_block(kv_point *s, int b, kv_pick which, double sign, kv_row_vector *out)
{
    const kv_block *k = &s->lp->block[b];
    const double *x = picked(kv_block_x(s, b), which), *slack = picked(kv_block_slack(s, b), which),
                 *y = picked(kv_family_y(s), which);
    double *flow = out->flow[b], *linking = out->linking[b];
    double *global = s->global_part + (size_t)b * (size_t)s->lp->n_global_flow;
    memset(global, 0, sizeof(double) * (size_t)s->lp->n_global_flow);
    for (int a = 0; a < k->n_columns; a++) {
        double v = sign * x[a];
        if (k->tail[a] >= 0)
            flow[k->tail[a]] += v;
        if (k->head[a] >= 0)
            flow[k->head[a]] -= v;
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
            int r = k->entry_row[e];
            if (r < k->n_linking)
                linking[r] += v * k->entry[e];
            else
                global[r - k->n_linking] += v * k->entry[e];
        }
    }
    for (int r = 0; r < k->n_linking; r++) {
        if (!k->equality[r])
            linking[r] += sign * slack[r];
        for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++)
            linking[r] += sign * k->y_value[e] * y[k->y_index[e]];
    }
}

void kv_point_multiply_global(kv_point *s, kv_pick which, double sign, kv_row_vector *out)
{
    const kv_block_lp *lp = s->lp;
    const double *y = picked(kv_family_y(s), which), *slack = picked(kv_global_slack(s), which);
    for (int b = 0; b < lp->n_blocks; b++)
        for (int r = 0; r < lp->n_global_flow; r++)
            out->global[r] += s->global_part[b * lp->n_global_flow + r];
    for (int r = 0; r < lp->n_global; r++) {
        if (!lp->global_equality[r])
            out->global[r] += sign * slack[r];
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++)
            out->global[r] += sign * lp->global_value[e] * y[lp->global_y[e]];
    }
}

void kv_point_multiply(kv_point *s, kv_pick which, double sign, kv_row_vector *out)
{
    for (int b = 0; b < s->lp->n_blocks; b++)
        kv_point_multiply_block(s, b, which, sign, out);
    kv_point_multiply_global(s, which, sign, out);
}

void kv_point_transposed_block(kv_point *s, int b, const kv_row_vector *v)
{
    const kv_block *k = &s->lp->block[b];
    const double *flow = v->flow[b], *linking = v->linking[b], *global = v->global;
    double *column = kv_block_x(s, b)->column, *slack = kv_block_slack(s, b)->column;
    for (int a = 0; a < k->n_columns; a++) {
        double sum =
            (k->tail[a] >= 0 ? flow[k->tail[a]] : 0) - (k->head[a] >= 0 ? flow[k->head[a]] : 0);
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
            int r = k->entry_row[e];
            sum += k->entry[e] * (r < k->n_linking ? linking[r] : global[r - k->n_linking]);
        }
        column[a] = sum;
    }
    for (int r = 0; r < k->n_linking; r++)
        slack[r] = k->equality[r] ? 0 : linking[r];
}

void kv_point_transposed_global(kv_point *s, const kv_row_vector *v)
{
    const kv_block_lp *lp = s->lp;
    double *y = kv_family_y(s)->column, *slack = kv_global_slack(s)->column;
    memset(y, 0, sizeof(double) * (size_t)lp->n_y);
    for (int r = 0; r < lp->n_global; r++) {
        slack[r] = lp->global_equality[r] ? 0 : v->global[r];
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++)
            y[lp->global_y[e]] += lp->global_value[e] * v->global[r];
    }
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        for (int r = 0; r < k->n_linking; r++)
            for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++)
                y[k->y_index[e]] += k->y_value[e] * v->linking[b][r];
    }
}

void kv_point_multiply_transposed(kv_point *s, const kv_row_vector *v)
{
    for (int b = 0; b < s->lp->n_blocks; b++)
        kv_point_transposed_block(s, b, v);
    kv_point_transposed_global(s, v);
}

void kv_rows_set_rhs(const kv_block_lp *lp, kv_row_vector *v)
{
    for (int b = 0; b < lp->n_blocks; b++) {
        memcpy(v->flow[b], lp->block[b].rhs, sizeof(double) * (size_t)lp->block[b].n_rows);
        memcpy(v->linking[b], lp->block[b].linking_rhs,
               sizeof(double) * (size_t)lp->block[b].n_linking);
    }
    memcpy(v->global, lp->global_rhs, sizeof(double) * (size_t)lp->n_global);
}

void kv_rows_copy(const kv_block_lp *lp, kv_row_vector *to, const kv_row_vector *from)
{
    for (int b = 0; b < lp->n_blocks; b++) {
        memcpy(to->flow[b], from->flow[b], sizeof(double) * (size_t)lp->block[b].n_rows);
        memcpy(to->linking[b], from->linking[b], sizeof(double) * (size_t)lp->block[b].n_linking);
    }
    memcpy(to->global, from->global, sizeof(double) * (size_t)lp->n_global);
}

void kv_rows_clear_block(const kv_block_lp *lp, int b, kv_row_vector *v)
{
    memset(v->flow[b], 0, sizeof(double) * (size_t)lp->block[b].n_rows);
    memset(v->linking[b], 0, sizeof(double) * (size_t)lp->block[b].n_linking);
}

void kv_rows_add_block(const kv_block_lp *lp, int b, kv_row_vector *to, double factor,
                       const kv_row_vector *from)
{
    for (int r = 0; r < lp->block[b].n_rows; r++)
        to->flow[b][r] += factor * from->flow[b][r];
    for (int r = 0; r < lp->block[b].n_linking; r++)
        to->linking[b][r] += factor * from->linking[b][r];
}

void kv_rows_add_global(const kv_block_lp *lp, kv_row_vector *to, double factor,
                        const kv_row_vector *from)
{
    for (int r = 0; r < lp->n_global; r++)
        to->global[r] += factor * from->global[r];
}

/* The larger of `most` and |value|; fmax is a call. */
static double larger(double most, double value)
{
    value = fabs(value);
    return value > most ? value : most;
}

static double larger_relative(double most, double value, double rhs)
{
    return larger(most, fabs(rhs) > 1 ? value / rhs : value);
}

double kv_rows_largest_block(const kv_block_lp *lp, int b, const kv_row_vector *v)
{
    const double *flow = v->flow[b], *linking = v->linking[b], *rhs = lp->block[b].linking_rhs;
    double most = 0;
    for (int r = 0; r < lp->block[b].n_rows; r++)
        most = larger(most, flow[r]);
    for (int r = 0; r < lp->block[b].n_linking; r++)
        most = larger_relative(most, linking[r], rhs[r]);
    return most;
}

double kv_rows_largest_global(const kv_block_lp *lp, const kv_row_vector *v)
{
    double most = 0;
    for (int r = 0; r < lp->n_global; r++)
        most = larger_relative(most, v->global[r], lp->global_rhs[r]);
    return most;
}

double kv_rows_largest(const kv_block_lp *lp, const kv_row_vector *v)
{
    double most = kv_rows_largest_global(lp, v);
    for (int b = 0; b < lp->n_blocks; b++)
        most = larger(most, kv_rows_largest_block(lp, b, v));
    return most;
}

/* ---- the point ---- */

/* work = lambda, of <= rows no more than 0; 1 when that changed something. */
static int clamp_lambda(kv_point *s)
{
    const kv_block_lp *lp = s->lp;
    int changed = 0;
    kv_rows_copy(lp, &s->work, &s->lambda);
    for (int b = 0; b < lp->n_blocks; b++)
        for (int r = 0; r < lp->block[b].n_linking; r++)
            if (!lp->block[b].equality[r] && s->work.linking[b][r] > 0) {
                s->work.linking[b][r] = 0;
                changed = 1;
            }
    for (int r = 0; r < lp->n_global; r++)
        if (!lp->global_equality[r] && s->work.global[r] > 0) {
            s->work.global[r] = 0;
            changed = 1;
        }
    return changed;
}

/* The block's part of the bound of docs/mathematics.md section 6, in scaled units. */
static void bound_block(kv_point *s, int b)
{
    const kv_block *k = &s->lp->block[b];
    const kv_family *f = kv_block_x(s, b);
    double part = 0;
    kv_point_transposed_block(s, b, &s->work);
    for (int r = 0; r < k->n_rows; r++)
        part += k->rhs[r] * s->work.flow[b][r];
    for (int r = 0; r < k->n_linking; r++)
        part += k->linking_rhs[r] * s->work.linking[b][r];
    for (int a = 0; a < k->n_columns; a++)
        if (f->cost[a] < f->column[a])
            part += (f->cost[a] - f->column[a]) * f->upper[a];
    s->bound_part[b] = part;
}

/* From work; leaves column = A' work. */
static double sum_bound(kv_point *s)
{
    const kv_block_lp *lp = s->lp;
    double sum = 0;
    kv_point_each_block(s, bound_block);
    kv_point_transposed_global(s, &s->work);
    for (int b = 0; b < lp->n_blocks; b++)
        sum += s->bound_part[b];
    for (int r = 0; r < lp->n_global; r++)
        sum += lp->global_rhs[r] * s->work.global[r];
    for (int j = 0; j < lp->n_y; j++)
        sum += fmin(0, lp->y_cost[j] - kv_family_y(s)->column[j]);
    return sum * lp->cost_scale + lp->fixed_cost;
}

static void residual_block(kv_point *s, int b)
{
    kv_point_multiply_block(s, b, KV_PICK_X, -1, &s->residual);
}

static void transposed_lambda_block(kv_point *s, int b)
{
    kv_point_transposed_block(s, b, &s->lambda);
}

/* Dual residual, complementarity and cost of one family, from column = A' lambda. */
static void measure_family(kv_family *f)
{
    double complementary = 0, primal = 0;
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        double cost = f->cost ? f->cost[j] : 0;
        primal += cost * f->x[j];
        f->rd[j] = cost - f->column[j] - f->z[j];
        complementary += f->x[j] * f->z[j];
        if (f->bounded) {
            f->rd[j] += f->w[j];
            complementary += (f->upper[j] - f->x[j]) * f->w[j];
        }
    }
    f->sum = complementary;
    f->cost_sum = primal;
}

static void measure_block(kv_point *s, int b)
{
    measure_family(kv_block_x(s, b));
    measure_family(kv_block_slack(s, b));
}

void kv_point_measure(kv_point *s)
{
    const kv_block_lp *lp = s->lp;
    double complementary = 0, primal = 0;
    kv_rows_set_rhs(lp, &s->residual);
    kv_point_each_block(s, residual_block);
    kv_point_multiply_global(s, KV_PICK_X, -1, &s->residual);
    s->violation = kv_rows_largest(lp, &s->residual);
    int clamped = clamp_lambda(s);
    s->bound = sum_bound(s);
    if (clamped) {
        kv_point_each_block(s, transposed_lambda_block);
        kv_point_transposed_global(s, &s->lambda);
    }
    kv_point_each_block(s, measure_block);
    measure_family(kv_family_y(s));
    measure_family(kv_global_slack(s));
    for (int i = 0; i < s->n_families; i++) {
        complementary += s->families[i].sum;
        primal += s->families[i].cost_sum;
    }
    s->mu = complementary / (double)(s->n_complementary > 0 ? s->n_complementary : 1);
    s->primal = primal * lp->cost_scale + lp->fixed_cost;
}

static void set_family_theta(const kv_point *s, kv_family *f)
{
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j)) {
            f->theta[j] = 0;
            continue;
        }
        f->inverse_x[j] = 1 / f->x[j];
        double inverse = f->z[j] * f->inverse_x[j];
        if (f->bounded) {
            f->inverse_v[j] = 1 / (f->upper[j] - f->x[j]);
            inverse += f->w[j] * f->inverse_v[j];
        }
        f->theta[j] = 1 / (inverse + s->regular);
    }
}

static void set_block_theta(kv_point *s, int b)
{
    set_family_theta(s, kv_block_x(s, b));
    set_family_theta(s, kv_block_slack(s, b));
}

void kv_point_set_theta(kv_point *s)
{
    kv_point_each_block(s, set_block_theta);
    set_family_theta(s, kv_family_y(s));
    set_family_theta(s, kv_global_slack(s));
}
