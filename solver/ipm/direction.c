/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directions: predictor, corrector, centrality correctors (Mehrotra 1992, Gondzio 1996). */
#include "solver/ipm/point.h"

#include <math.h>
#include <string.h>

enum { MAX_CORRECTORS = 3 };

/* Solve for the direction with complementarity right-hand sides rz, rw (in place of X z and V w),
 * dual residual rd and the primal residual. Direction into step, dx, dz, dw. */
static void solve_direction(kv_point *s, int with_residual)
{
    const kv_block_lp *lp = s->lp;
    int ny = lp->n_y;
    /* g = rd - rz/x + rw/v (kept in dx); rows' right side = residual + A_x Theta g */
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j))
                continue;
            double g = (with_residual ? f->rd[j] : 0) - f->rz[j] / f->x[j];
            if (f->bounded)
                g += f->rw[j] / (f->upper[j] - f->x[j]);
            f->dz[j] = g;
            f->dx[j] = f->theta[j] * g;
        }
    }
    kv_family *y = kv_family_y(s);
    for (int j = 0; j < ny; j++) {
        s->y_work[j] = y->dz[j];
        y->dx[j] = 0;
    }
    if (with_residual)
        kv_rows_copy(lp, &s->step, &s->residual);
    else {
        kv_rows_set_rhs(lp, &s->step);
        kv_rows_add(lp, &s->step, -1, &s->step);
    }
    kv_point_multiply(s, KV_PICK_DX, 1, &s->step);
    kv_kkt_solve(s->kkt, &s->theta, &s->step, s->y_work);
    kv_point_multiply_transposed(s, &s->step);
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j))
                continue;
            double dx = f == y ? s->y_work[j] : f->theta[j] * (f->column[j] - f->dz[j]);
            f->dx[j] = dx;
            f->dz[j] = (f->rz[j] - f->z[j] * dx) / f->x[j];
            if (f->bounded)
                f->dw[j] = (f->rw[j] + f->w[j] * dx) / (f->upper[j] - f->x[j]);
        }
    }
}

static void step_lengths(const kv_point *s, double *primal, double *dual)
{
    double p = 1, d = 1;
    for (int i = 0; i < s->n_families; i++) {
        const kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j))
                continue;
            if (f->dx[j] < 0)
                p = fmin(p, -f->x[j] / f->dx[j]);
            if (f->dz[j] < 0)
                d = fmin(d, -f->z[j] / f->dz[j]);
            if (!f->bounded)
                continue;
            if (f->dx[j] > 0)
                p = fmin(p, (f->upper[j] - f->x[j]) / f->dx[j]);
            if (f->dw[j] < 0)
                d = fmin(d, -f->w[j] / f->dw[j]);
        }
    }
    *primal = p;
    *dual = d;
}

static double complementarity_after(const kv_point *s, double p, double d)
{
    double sum = 0;
    for (int i = 0; i < s->n_families; i++) {
        const kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j))
                continue;
            double x = f->x[j] + p * f->dx[j];
            sum += x * (f->z[j] + d * f->dz[j]);
            if (f->bounded)
                sum += (f->upper[j] - x) * (f->w[j] + d * f->dw[j]);
        }
    }
    return sum;
}

static void predictor_rhs(kv_point *s)
{
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j))
                continue;
            f->rz[j] = -f->x[j] * f->z[j];
            f->rw[j] = f->bounded ? -(f->upper[j] - f->x[j]) * f->w[j] : 0;
        }
    }
}

/* Mehrotra's corrector on top of the affine direction that stands in dx, dz, dw. */
static void corrector_rhs(kv_point *s, double target)
{
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j))
                continue;
            f->rz[j] = target - f->x[j] * f->z[j] - f->dx[j] * f->dz[j];
            if (f->bounded)
                f->rw[j] = target - (f->upper[j] - f->x[j]) * f->w[j] + f->dx[j] * f->dw[j];
        }
    }
}

static double project(double value, double target)
{
    double low = 0.1 * target, high = 10 * target;
    if (value < low)
        return low - value;
    if (value > high)
        return fmax(high - value, -high);
    return 0;
}

/* Gondzio's corrector: add to rz, rw what pulls outlying products back towards the target. */
static void centrality_rhs(kv_point *s, double p, double d, double target)
{
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j))
                continue;
            double x = f->x[j] + p * f->dx[j];
            f->rz[j] += project(x * (f->z[j] + d * f->dz[j]), target);
            if (f->bounded)
                f->rw[j] += project((f->upper[j] - x) * (f->w[j] + d * f->dw[j]), target);
        }
    }
}

static void keep_direction(kv_point *s, int store)
{
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        size_t size = sizeof(double) * (size_t)f->n;
        memcpy(store ? f->ax : f->dx, store ? f->dx : f->ax, size);
        memcpy(store ? f->az : f->dz, store ? f->dz : f->az, size);
        memcpy(store ? f->aw : f->dw, store ? f->dw : f->aw, size);
    }
    kv_rows_copy(s->lp, store ? &s->work : &s->step, store ? &s->step : &s->work);
}

static void take_step(kv_point *s, double p, double d)
{
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!kv_there(f, j))
                continue;
            f->x[j] = fmax(f->x[j] + p * f->dx[j], 1e-300);
            f->z[j] = fmax(f->z[j] + d * f->dz[j], 1e-300);
            if (!f->bounded)
                continue;
            if (f->upper[j] - f->x[j] < 1e-15 * f->upper[j])
                f->x[j] = f->upper[j] * (1 - 1e-15);
            f->w[j] = fmax(f->w[j] + d * f->dw[j], 1e-300);
        }
    }
    kv_rows_add(s->lp, &s->lambda, d, &s->step);
}

/* fmin and fmax pass over what is not a number; sums do not. */
static int direction_is_finite(const kv_point *s, double p, double d)
{
    const kv_block_lp *lp = s->lp;
    double sum = complementarity_after(s, p, d);
    for (int b = 0; b < lp->n_blocks; b++) {
        for (int r = 0; r < lp->block[b].n_rows; r++)
            sum += s->step.flow[b][r];
        for (int r = 0; r < lp->block[b].n_linking; r++)
            sum += s->step.linking[b][r];
    }
    for (int r = 0; r < lp->n_global; r++)
        sum += s->step.global[r];
    return isfinite(sum);
}

kv_status kv_point_iterate(kv_point *s)
{
    double regular = 1e-10;
    kv_point_set_theta(s);
    kv_status status = kv_kkt_factor(s->kkt, &s->theta, regular);
    for (int i = 0; i < 4 && status == KV_ERR_NUMERIC; i++)
        status = kv_kkt_factor(s->kkt, &s->theta, regular *= 100);
    if (status != KV_OK)
        return status;
    double p, d, old = s->mu * (double)s->n_complementary;
    predictor_rhs(s);
    solve_direction(s, 1);
    step_lengths(s, &p, &d);
    double ratio = complementarity_after(s, p, d) / fmax(old, 1e-300);
    s->sigma = fmin(1, fmax(1e-6, ratio * ratio * ratio));
    double target = s->sigma * s->mu;
    corrector_rhs(s, target);
    solve_direction(s, 1);
    step_lengths(s, &p, &d);
    for (int i = 0; i < MAX_CORRECTORS && fmin(p, d) < 0.9; i++) {
        double wish_p = fmin(1, 1.08 * p + 0.08), wish_d = fmin(1, 1.08 * d + 0.08), np, nd;
        keep_direction(s, 1);
        centrality_rhs(s, wish_p, wish_d, fmax(target, 1e-3 * s->mu));
        solve_direction(s, 1);
        step_lengths(s, &np, &nd);
        if (np + nd < p + d + 0.02) {
            keep_direction(s, 0);
            break;
        }
        p = np;
        d = nd;
    }
    if (!direction_is_finite(s, p, d))
        return KV_ERR_NUMERIC; /* the point stays as it was */
    double keep = fmax(0.9, 1 - s->mu);
    keep = fmin(keep, 0.9995);
    take_step(s, fmin(1, keep * p), fmin(1, keep * d));
    return KV_OK;
}
