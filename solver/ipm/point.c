/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Products with the matrix, residuals, the bound and the diagonal of a point. */
#include "solver/ipm/point.h"

#include <math.h>
#include <string.h>

/* ---- products with the matrix ---- */

static const double *picked(const kv_family *f, kv_pick which)
{
    return which == KV_PICK_X ? f->x : f->dx;
}

static void multiply_block(kv_point *s, int b, kv_pick which, double sign, kv_row_vector *out)
{
    const kv_block *k = &s->lp->block[b];
    const double *x = picked(kv_block_x(s, b), which), *slack = picked(kv_block_slack(s, b), which),
                 *y = picked(kv_family_y(s), which);
    for (int a = 0; a < k->n_columns; a++) {
        double v = sign * x[a];
        if (k->tail[a] >= 0)
            out->flow[b][k->tail[a]] += v;
        if (k->head[a] >= 0)
            out->flow[b][k->head[a]] -= v;
        for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++) {
            if (k->entry_row[e] < k->n_linking)
                out->linking[b][k->entry_row[e]] += v * k->entry[e];
            else
                out->global[k->entry_row[e] - k->n_linking] += v * k->entry[e];
        }
    }
    for (int r = 0; r < k->n_linking; r++) {
        if (!k->equality[r])
            out->linking[b][r] += sign * slack[r];
        for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++)
            out->linking[b][r] += sign * k->y_value[e] * y[k->y_index[e]];
    }
}

void kv_point_multiply(kv_point *s, kv_pick which, double sign, kv_row_vector *out)
{
    const kv_block_lp *lp = s->lp;
    for (int b = 0; b < lp->n_blocks; b++)
        multiply_block(s, b, which, sign, out);
    const double *y = picked(kv_family_y(s), which), *slack = picked(kv_global_slack(s), which);
    for (int r = 0; r < lp->n_global; r++) {
        if (!lp->global_equality[r])
            out->global[r] += sign * slack[r];
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++)
            out->global[r] += sign * lp->global_value[e] * y[lp->global_y[e]];
    }
}

void kv_point_multiply_transposed(kv_point *s, const kv_row_vector *v)
{
    const kv_block_lp *lp = s->lp;
    double *y = kv_family_y(s)->column;
    memset(y, 0, sizeof(double) * (size_t)lp->n_y);
    for (int r = 0; r < lp->n_global; r++) {
        kv_global_slack(s)->column[r] = lp->global_equality[r] ? 0 : v->global[r];
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++)
            y[lp->global_y[e]] += lp->global_value[e] * v->global[r];
    }
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        double *column = kv_block_x(s, b)->column;
        for (int a = 0; a < k->n_columns; a++) {
            double sum = (k->tail[a] >= 0 ? v->flow[b][k->tail[a]] : 0) -
                         (k->head[a] >= 0 ? v->flow[b][k->head[a]] : 0);
            for (int e = k->entry_first[a]; e < k->entry_first[a + 1]; e++)
                sum += k->entry[e] * (k->entry_row[e] < k->n_linking
                                          ? v->linking[b][k->entry_row[e]]
                                          : v->global[k->entry_row[e] - k->n_linking]);
            column[a] = sum;
        }
        for (int r = 0; r < k->n_linking; r++) {
            kv_block_slack(s, b)->column[r] = k->equality[r] ? 0 : v->linking[b][r];
            for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++)
                y[k->y_index[e]] += k->y_value[e] * v->linking[b][r];
        }
    }
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

void kv_rows_add(const kv_block_lp *lp, kv_row_vector *to, double factor, const kv_row_vector *from)
{
    for (int b = 0; b < lp->n_blocks; b++) {
        for (int r = 0; r < lp->block[b].n_rows; r++)
            to->flow[b][r] += factor * from->flow[b][r];
        for (int r = 0; r < lp->block[b].n_linking; r++)
            to->linking[b][r] += factor * from->linking[b][r];
    }
    for (int r = 0; r < lp->n_global; r++)
        to->global[r] += factor * from->global[r];
}

static double largest_row(const kv_block_lp *lp, const kv_row_vector *v)
{
    double most = 0;
    for (int b = 0; b < lp->n_blocks; b++) {
        for (int r = 0; r < lp->block[b].n_rows; r++)
            most = fmax(most, fabs(v->flow[b][r]));
        for (int r = 0; r < lp->block[b].n_linking; r++)
            most = fmax(most, fabs(v->linking[b][r]) / fmax(1, fabs(lp->block[b].linking_rhs[r])));
    }
    for (int r = 0; r < lp->n_global; r++)
        most = fmax(most, fabs(v->global[r]) / fmax(1, fabs(lp->global_rhs[r])));
    return most;
}

/* ---- state ---- */

/* The bound of docs/mathematics.md section 6 in scaled units, from lambda alone. */
static double recompute_bound(kv_point *s)
{
    const kv_block_lp *lp = s->lp;
    kv_row_vector *v = &s->work; /* lambda, of <= rows no more than 0 */
    double sum = 0;
    kv_rows_copy(lp, v, &s->lambda);
    for (int b = 0; b < lp->n_blocks; b++)
        for (int r = 0; r < lp->block[b].n_linking; r++)
            if (!lp->block[b].equality[r])
                v->linking[b][r] = fmin(0, v->linking[b][r]);
    for (int r = 0; r < lp->n_global; r++)
        if (!lp->global_equality[r])
            v->global[r] = fmin(0, v->global[r]);
    kv_point_multiply_transposed(s, v);
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        const kv_family *f = kv_block_x(s, b);
        double part = 0;
        for (int r = 0; r < k->n_rows; r++)
            part += k->rhs[r] * v->flow[b][r];
        for (int r = 0; r < k->n_linking; r++)
            part += k->linking_rhs[r] * v->linking[b][r];
        for (int a = 0; a < k->n_columns; a++)
            part += fmin(0, f->cost[a] - f->column[a]) * f->upper[a];
        sum += part;
    }
    for (int r = 0; r < lp->n_global; r++)
        sum += lp->global_rhs[r] * v->global[r];
    for (int j = 0; j < lp->n_y; j++)
        sum += fmin(0, lp->y_cost[j] - kv_family_y(s)->column[j]);
    return sum * lp->cost_scale + lp->fixed_cost;
}

void kv_point_measure(kv_point *s)
{
    const kv_block_lp *lp = s->lp;
    kv_rows_set_rhs(lp, &s->residual);
    kv_point_multiply(s, KV_PICK_X, -1, &s->residual);
    s->violation = largest_row(lp, &s->residual);
    s->bound = recompute_bound(s);
    kv_point_multiply_transposed(s, &s->lambda);
    double complementary = 0, primal = 0;
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
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
    }
    s->mu = complementary / (double)(s->n_complementary > 0 ? s->n_complementary : 1);
    s->primal = primal * lp->cost_scale + lp->fixed_cost;
}

void kv_point_set_theta(kv_point *s)
{
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j)) {
                f->theta[j] = 0;
                continue;
            }
            double inverse = f->z[j] / f->x[j];
            if (f->bounded)
                inverse += f->w[j] / (f->upper[j] - f->x[j]);
            f->theta[j] = 1 / fmax(inverse, 1e-18);
        }
    }
}
