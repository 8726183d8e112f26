/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Variables: x (0 <= x <= u), y (0 <= y <= 1), slacks of <= rows (>= 0). For each, z >= 0 is the
 * multiplier of its lower bound, w >= 0 of its upper bound (none for slacks). lambda are the
 * multipliers of the rows; of a <= row they are <= 0 and minus them is the slack's z.
 */
#include "solver/ipm/ipm.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/ipm/kkt.h"

#include <math.h>
#include <string.h>

enum { MAX_CORRECTORS = 3 };

/* One family of variables: those of a block, the linking slacks of a block, y, the global slacks. */
typedef struct family {
    int n, bounded;      /* bounded: has upper bounds */
    const double *cost;  /* NULL = 0 */
    const double *upper; /* NULL when not bounded */
    const unsigned char
        *absent;          /* [n] 1 = no such variable (slack of an equality); NULL = all there */
    double *x, *z, *w;    /* values and multipliers */
    double *dx, *dz, *dw; /* direction */
    double *ax, *az, *aw; /* affine direction, kept for the corrector */
    double *rd, *rz, *rw; /* right-hand sides: dual, complementarity */
    double *theta;
    double *column; /* A' lambda of the direction or point at hand */
} family;

typedef struct ipm {
    const kv_block_lp *lp;
    const kv_ipm_options *options;
    kv_threads *threads;
    int n_families;
    family *families; /* x of block 0.., slack of block 0.., y, global slack */
    kv_row_vector lambda, step, residual, work;
    double *y_work;
    kv_theta theta;
    kv_kkt *kkt;
    double mu, sigma;
    double primal, bound, violation;
    long n_complementary;
} ipm;

static family *block_x(ipm *s, int b)
{
    return &s->families[b];
}
static family *block_slack(ipm *s, int b)
{
    return &s->families[s->lp->n_blocks + b];
}
static family *family_y(ipm *s)
{
    return &s->families[2 * s->lp->n_blocks];
}
static family *global_slack(ipm *s)
{
    return &s->families[2 * s->lp->n_blocks + 1];
}
static int there(const family *f, int i)
{
    return !f->absent || !f->absent[i];
}

void kv_ipm_options_default(kv_ipm_options *options)
{
    memset(options, 0, sizeof(*options));
    options->tolerance = 1e-7;
    options->max_iterations = 200;
    options->deadline = 1e300;
    options->cutoff = 1e300;
}

/* ---- memory ---- */

static kv_status create_family(family *f, int n, const double *cost, const double *upper,
                               const unsigned char *absent)
{
    double **arrays[] = {&f->x,  &f->z,  &f->w,  &f->dx, &f->dz, &f->dw,    &f->ax,
                         &f->az, &f->aw, &f->rd, &f->rz, &f->rw, &f->theta, &f->column};
    f->n = n;
    f->bounded = upper != NULL;
    f->cost = cost;
    f->upper = upper;
    f->absent = absent;
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        if (!(*arrays[i] = kv_alloc((size_t)n, sizeof(double))))
            return KV_ERR_MEMORY;
    return KV_OK;
}

static void free_family(family *f)
{
    double *arrays[] = {f->x,  f->z,  f->w,  f->dx, f->dz, f->dw,    f->ax,
                        f->az, f->aw, f->rd, f->rz, f->rw, f->theta, f->column};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
}

static void destroy(ipm *s)
{
    kv_kkt_free(s->kkt);
    for (int i = 0; s->families && i < s->n_families; i++)
        free_family(&s->families[i]);
    kv_free(s->families);
    kv_row_vector_free(s->lp, &s->lambda);
    kv_row_vector_free(s->lp, &s->step);
    kv_row_vector_free(s->lp, &s->residual);
    kv_row_vector_free(s->lp, &s->work);
    kv_free(s->y_work);
    kv_free(s->theta.x);
    kv_free(s->theta.slack);
}

static kv_status create(ipm *s)
{
    const kv_block_lp *lp = s->lp;
    int nb = lp->n_blocks;
    s->n_families = 2 * nb + 2;
    kv_status status = KV_ERR_MEMORY;
    if (!(s->families = kv_alloc((size_t)s->n_families, sizeof(family))))
        return status;
    for (int b = 0; b < nb; b++) {
        const kv_block *k = &lp->block[b];
        if (create_family(block_x(s, b), k->n_columns, k->cost, k->upper, NULL) != KV_OK ||
            create_family(block_slack(s, b), k->n_linking, NULL, NULL, k->equality) != KV_OK)
            return status;
    }
    if (create_family(family_y(s), lp->n_y, lp->y_cost, lp->y_upper, NULL) != KV_OK ||
        create_family(global_slack(s), lp->n_global, NULL, NULL, lp->global_equality) != KV_OK)
        return status;
    if (kv_row_vector_create(lp, &s->lambda) != KV_OK ||
        kv_row_vector_create(lp, &s->step) != KV_OK ||
        kv_row_vector_create(lp, &s->residual) != KV_OK ||
        kv_row_vector_create(lp, &s->work) != KV_OK)
        return status;
    s->theta.x = kv_alloc((size_t)nb, sizeof(double *));
    s->theta.slack = kv_alloc((size_t)nb, sizeof(double *));
    s->y_work = kv_alloc((size_t)lp->n_y, sizeof(double));
    if (!s->theta.x || !s->theta.slack || !s->y_work)
        return status;
    for (int b = 0; b < nb; b++) {
        s->theta.x[b] = block_x(s, b)->theta;
        s->theta.slack[b] = block_slack(s, b)->theta;
    }
    s->theta.y = family_y(s)->theta;
    s->theta.global = global_slack(s)->theta;
    for (int i = 0; i < s->n_families; i++)
        for (int j = 0; j < s->families[i].n; j++)
            if (there(&s->families[i], j))
                s->n_complementary += 1 + s->families[i].bounded;
    return kv_kkt_create(lp, s->threads, &s->kkt);
}

/* ---- products with the matrix ---- */

/* out = sign * (A v) + out over the rows, v given per family by `pick`. */
typedef enum pick { PICK_X, PICK_DX, PICK_WORK } pick;
static const double *picked(const family *f, pick which)
{
    return which == PICK_X ? f->x : which == PICK_DX ? f->dx : f->rd;
}

static void multiply_block(ipm *s, int b, pick which, double sign, kv_row_vector *out)
{
    const kv_block *k = &s->lp->block[b];
    const double *x = picked(block_x(s, b), which), *slack = picked(block_slack(s, b), which),
                 *y = picked(family_y(s), which);
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

static void multiply(ipm *s, pick which, double sign, kv_row_vector *out)
{
    const kv_block_lp *lp = s->lp;
    for (int b = 0; b < lp->n_blocks; b++)
        multiply_block(s, b, which, sign, out);
    const double *y = picked(family_y(s), which), *slack = picked(global_slack(s), which);
    for (int r = 0; r < lp->n_global; r++) {
        if (!lp->global_equality[r])
            out->global[r] += sign * slack[r];
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++)
            out->global[r] += sign * lp->global_value[e] * y[lp->global_y[e]];
    }
}

/* column = A' v of every family. */
static void multiply_transposed(ipm *s, const kv_row_vector *v)
{
    const kv_block_lp *lp = s->lp;
    double *y = family_y(s)->column;
    memset(y, 0, sizeof(double) * (size_t)lp->n_y);
    for (int r = 0; r < lp->n_global; r++) {
        global_slack(s)->column[r] = lp->global_equality[r] ? 0 : v->global[r];
        for (int e = lp->global_first[r]; e < lp->global_first[r + 1]; e++)
            y[lp->global_y[e]] += lp->global_value[e] * v->global[r];
    }
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        double *column = block_x(s, b)->column;
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
            block_slack(s, b)->column[r] = k->equality[r] ? 0 : v->linking[b][r];
            for (int e = k->y_first[r]; e < k->y_first[r + 1]; e++)
                y[k->y_index[e]] += k->y_value[e] * v->linking[b][r];
        }
    }
}

static void set_rhs(const kv_block_lp *lp, kv_row_vector *v)
{
    for (int b = 0; b < lp->n_blocks; b++) {
        memcpy(v->flow[b], lp->block[b].rhs, sizeof(double) * (size_t)lp->block[b].n_rows);
        memcpy(v->linking[b], lp->block[b].linking_rhs,
               sizeof(double) * (size_t)lp->block[b].n_linking);
    }
    memcpy(v->global, lp->global_rhs, sizeof(double) * (size_t)lp->n_global);
}

static void copy_rows(const kv_block_lp *lp, kv_row_vector *to, const kv_row_vector *from)
{
    for (int b = 0; b < lp->n_blocks; b++) {
        memcpy(to->flow[b], from->flow[b], sizeof(double) * (size_t)lp->block[b].n_rows);
        memcpy(to->linking[b], from->linking[b], sizeof(double) * (size_t)lp->block[b].n_linking);
    }
    memcpy(to->global, from->global, sizeof(double) * (size_t)lp->n_global);
}

static void add_rows(const kv_block_lp *lp, kv_row_vector *to, double factor,
                     const kv_row_vector *from)
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
static double recompute_bound(ipm *s)
{
    const kv_block_lp *lp = s->lp;
    kv_row_vector *v = &s->work; /* lambda, of <= rows no more than 0 */
    double sum = 0;
    copy_rows(lp, v, &s->lambda);
    for (int b = 0; b < lp->n_blocks; b++)
        for (int r = 0; r < lp->block[b].n_linking; r++)
            if (!lp->block[b].equality[r])
                v->linking[b][r] = fmin(0, v->linking[b][r]);
    for (int r = 0; r < lp->n_global; r++)
        if (!lp->global_equality[r])
            v->global[r] = fmin(0, v->global[r]);
    multiply_transposed(s, v);
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        const family *f = block_x(s, b);
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
        sum += fmin(0, lp->y_cost[j] - family_y(s)->column[j]);
    return sum * lp->cost_scale + lp->fixed_cost;
}

/* Residuals, complementarity, primal value and bound of the point at hand. */
static void measure(ipm *s)
{
    const kv_block_lp *lp = s->lp;
    set_rhs(lp, &s->residual);
    multiply(s, PICK_X, -1, &s->residual);
    s->violation = largest_row(lp, &s->residual);
    s->bound = recompute_bound(s);
    multiply_transposed(s, &s->lambda);
    double complementary = 0, primal = 0;
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j))
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

static void set_theta(ipm *s)
{
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j)) {
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

/* Solve for the direction with complementarity right-hand sides rz, rw (in place of X z and V w),
 * dual residual rd and the primal residual. Direction into step, dx, dz, dw. */
static void solve_direction(ipm *s, int with_residual)
{
    const kv_block_lp *lp = s->lp;
    int ny = lp->n_y;
    /* g = rd - rz/x + rw/v (kept in dx); rows' right side = residual + A_x Theta g */
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j))
                continue;
            double g = (with_residual ? f->rd[j] : 0) - f->rz[j] / f->x[j];
            if (f->bounded)
                g += f->rw[j] / (f->upper[j] - f->x[j]);
            f->dz[j] = g;
            f->dx[j] = f->theta[j] * g;
        }
    }
    family *y = family_y(s);
    for (int j = 0; j < ny; j++) {
        s->y_work[j] = y->dz[j];
        y->dx[j] = 0;
    }
    if (with_residual)
        copy_rows(lp, &s->step, &s->residual);
    else {
        set_rhs(lp, &s->step);
        add_rows(lp, &s->step, -1, &s->step);
    }
    multiply(s, PICK_DX, 1, &s->step);
    kv_kkt_solve(s->kkt, &s->theta, &s->step, s->y_work);
    multiply_transposed(s, &s->step);
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j))
                continue;
            double dx = f == y ? s->y_work[j] : f->theta[j] * (f->column[j] - f->dz[j]);
            f->dx[j] = dx;
            f->dz[j] = (f->rz[j] - f->z[j] * dx) / f->x[j];
            if (f->bounded)
                f->dw[j] = (f->rw[j] + f->w[j] * dx) / (f->upper[j] - f->x[j]);
        }
    }
}

static void step_lengths(const ipm *s, double *primal, double *dual)
{
    double p = 1, d = 1;
    for (int i = 0; i < s->n_families; i++) {
        const family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j))
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

static double complementarity_after(const ipm *s, double p, double d)
{
    double sum = 0;
    for (int i = 0; i < s->n_families; i++) {
        const family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j))
                continue;
            double x = f->x[j] + p * f->dx[j];
            sum += x * (f->z[j] + d * f->dz[j]);
            if (f->bounded)
                sum += (f->upper[j] - x) * (f->w[j] + d * f->dw[j]);
        }
    }
    return sum;
}

static void predictor_rhs(ipm *s)
{
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j))
                continue;
            f->rz[j] = -f->x[j] * f->z[j];
            f->rw[j] = f->bounded ? -(f->upper[j] - f->x[j]) * f->w[j] : 0;
        }
    }
}

/* Mehrotra's corrector on top of the affine direction that stands in dx, dz, dw. */
static void corrector_rhs(ipm *s, double target)
{
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j))
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
static void centrality_rhs(ipm *s, double p, double d, double target)
{
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j))
                continue;
            double x = f->x[j] + p * f->dx[j];
            f->rz[j] += project(x * (f->z[j] + d * f->dz[j]), target);
            if (f->bounded)
                f->rw[j] += project((f->upper[j] - x) * (f->w[j] + d * f->dw[j]), target);
        }
    }
}

static void keep_direction(ipm *s, int store)
{
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        size_t size = sizeof(double) * (size_t)f->n;
        memcpy(store ? f->ax : f->dx, store ? f->dx : f->ax, size);
        memcpy(store ? f->az : f->dz, store ? f->dz : f->az, size);
        memcpy(store ? f->aw : f->dw, store ? f->dw : f->aw, size);
    }
    copy_rows(s->lp, store ? &s->work : &s->step, store ? &s->step : &s->work);
}

static void take_step(ipm *s, double p, double d)
{
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        for (int j = 0; j < f->n; j++) {
            if (!there(f, j))
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
    add_rows(s->lp, &s->lambda, d, &s->step);
}

/* One iteration: factor, predictor, corrector, centrality correctors, step. */
static kv_status iterate(ipm *s)
{
    double regular = 1e-10;
    set_theta(s);
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
    double keep = fmax(0.9, 1 - s->mu);
    keep = fmin(keep, 0.9995);
    take_step(s, fmin(1, keep * p), fmin(1, keep * d));
    return KV_OK;
}

/* ---- start and end ---- */

/* Mehrotra's start: least-squares x and lambda, moved inside. */
static kv_status start(ipm *s)
{
    const kv_block_lp *lp = s->lp;
    for (int i = 0; i < s->n_families; i++) {
        family *f = &s->families[i];
        for (int j = 0; j < f->n; j++)
            f->theta[j] = there(f, j) ? 1 : 0;
    }
    kv_status status = kv_kkt_factor(s->kkt, &s->theta, 1e-8);
    if (status != KV_OK)
        return status;
    /* x = A' (A A')^-1 b */
    set_rhs(lp, &s->step);
    memset(s->y_work, 0, sizeof(double) * (size_t)lp->n_y);
    kv_kkt_solve(s->kkt, &s->theta, &s->step, s->y_work);
    multiply_transposed(s, &s->step);
    for (int i = 0; i < s->n_families; i++)
        for (int j = 0; j < s->families[i].n; j++) {
            family *f = &s->families[i];
            if (!there(f, j))
                continue;
            double x = f->column[j], low = f->bounded ? fmin(0.05, 0.2 * f->upper[j]) : 0.05;
            f->x[j] = fmax(x, low);
            if (f->bounded && f->x[j] > 0.8 * f->upper[j])
                f->x[j] = 0.8 * f->upper[j];
        }
    /* lambda = (A A')^-1 A c */
    for (int i = 0; i < s->n_families; i++)
        for (int j = 0; j < s->families[i].n; j++) {
            family *f = &s->families[i];
            f->dx[j] = there(f, j) && f->cost && f != family_y(s) ? f->cost[j] : 0;
        }
    set_rhs(lp, &s->lambda);
    add_rows(lp, &s->lambda, -1, &s->lambda);
    multiply(s, PICK_DX, 1, &s->lambda);
    for (int j = 0; j < lp->n_y; j++)
        s->y_work[j] = lp->y_cost[j];
    kv_kkt_solve(s->kkt, &s->theta, &s->lambda, s->y_work);
    multiply_transposed(s, &s->lambda);
    double sum = 0;
    long count = 0;
    for (int i = 0; i < s->n_families; i++)
        for (int j = 0; j < s->families[i].n; j++) {
            family *f = &s->families[i];
            if (!there(f, j))
                continue;
            sum += fabs((f->cost ? f->cost[j] : 0) - f->column[j]);
            count++;
        }
    double shift = fmax(1e-2, count ? sum / (double)count : 1);
    for (int i = 0; i < s->n_families; i++)
        for (int j = 0; j < s->families[i].n; j++) {
            family *f = &s->families[i];
            if (!there(f, j))
                continue;
            double r = (f->cost ? f->cost[j] : 0) - f->column[j];
            f->z[j] = fmax(r, 0) + shift;
            if (f->bounded)
                f->w[j] = fmax(-r, 0) + shift;
        }
    return KV_OK;
}

static kv_status run(ipm *s, kv_ipm_result *result)
{
    const kv_ipm_options *o = s->options;
    kv_status status = start(s);
    double best_bound = -1e300;
    int stalled = 0;
    for (int i = 0; status == KV_OK; i++) {
        measure(s);
        result->iterations = i;
        if (o->trace)
            o->trace(o->trace_context, i, s->primal, s->bound, s->violation);
        double gap = (s->primal - s->bound) / fmax(1, fabs(s->primal));
        if (s->violation <= o->tolerance && fabs(gap) <= o->tolerance)
            break;
        if (s->bound > o->cutoff)
            break;
        stalled = s->bound > best_bound + 1e-10 * fabs(best_bound) ? 0 : stalled + 1;
        best_bound = fmax(best_bound, s->bound);
        if (!(s->mu > 0) || stalled > 25)
            status = KV_ERR_NUMERIC;
        else if (i >= o->max_iterations || kv_clock() > o->deadline || kv_stop_requested())
            status = KV_ERR_LIMIT;
        else
            status = iterate(s);
    }
    return status;
}

/* lambda -> multipliers in MEUR, signs as in the mathematics: resource and other <= rows >= 0. */
static kv_status extract_multipliers(ipm *s, const kv_lp_options *lp_options, kv_ipm_result *result)
{
    const kv_block_lp *lp = s->lp;
    const kv_problem *p = lp->problem;
    int n_opening = lp_options ? lp_options->n_openings : 0;
    kv_multipliers *m = result->multipliers = kv_multipliers_create(p);
    if (!m || kv_multipliers_reserve(m, n_opening) != KV_OK)
        return KV_ERR_MEMORY;
    m->n_opening = n_opening;
    for (int i = 0; i < n_opening; i++) {
        m->opening[i] = lp_options->openings[i].opening;
        m->opening_flow[i] = lp_options->openings[i].flow;
        m->opening_value[i] = 0;
    }
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        for (int g = 0; g < k->n_groups; g++)
            for (int r = k->group_row[g]; r < k->group_row[g + 1]; r++)
                m->balance[(size_t)b * (size_t)p->n_balances + (size_t)k->row_balance[r]] =
                    s->lambda.flow[b][r] * lp->cost_scale / k->group_scale[g];
        for (int r = 0; r < k->n_linking; r++) {
            double value = -s->lambda.linking[b][r] * lp->cost_scale / k->linking_scale[r];
            if (!k->equality[r])
                value = fmax(0, value);
            if (k->kind[r] == KV_LINK_RESOURCE)
                m->resource[(size_t)b * (size_t)p->n_resources + (size_t)k->index[r]] = value;
            else if (k->kind[r] == KV_LINK_OPENING)
                m->opening_value[k->index[r]] = value;
            else
                m->coupling[k->index[r]] = value;
        }
    }
    for (int r = 0; r < lp->n_global; r++) {
        double value = -s->lambda.global[r] * lp->cost_scale / lp->global_scale[r];
        if (!lp->global_equality[r])
            value = fmax(0, value);
        (lp->global_kind[r] ? m->coupling : m->side)[lp->global_index[r]] = value;
    }
    return KV_OK;
}

static kv_status extract_point(ipm *s, kv_ipm_result *result)
{
    const kv_block_lp *lp = s->lp;
    const kv_problem *p = lp->problem;
    result->design = kv_alloc((size_t)p->n_design, sizeof(double));
    result->flow = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof(double));
    if (!result->design || !result->flow)
        return KV_ERR_MEMORY;
    for (int j = 0; j < p->n_design; j++)
        result->design[j] = lp->lower[j];
    for (int j = 0; j < lp->n_y; j++)
        result->design[lp->y_design[j]] += lp->y_scale[j] * fmin(1, family_y(s)->x[j]);
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        for (int g = 0; g < k->n_groups; g++)
            for (int c = k->group_first[g]; c < k->group_first[g + 1]; c++)
                result->flow[(size_t)b * (size_t)p->n_flows + (size_t)k->flow[c]] =
                    k->group_scale[g] * block_x(s, b)->x[c];
    }
    return KV_OK;
}

kv_status kv_ipm_solve(const kv_block_lp *lp, const kv_lp_options *lp_options, kv_threads *threads,
                       const kv_ipm_options *options, kv_ipm_result *result)
{
    ipm s = {.lp = lp, .options = options, .threads = threads};
    memset(result, 0, sizeof(*result));
    kv_status status = create(&s);
    if (status == KV_OK) {
        result->status = run(&s, result);
        result->primal = s.primal;
        result->bound = s.bound;
        result->violation = s.violation;
        status = extract_multipliers(&s, lp_options, result);
    }
    if (status == KV_OK)
        status = extract_point(&s, result);
    destroy(&s);
    if (status != KV_OK)
        kv_ipm_result_free(result);
    return status;
}

void kv_ipm_result_free(kv_ipm_result *result)
{
    kv_free(result->design);
    kv_free(result->flow);
    kv_multipliers_free(result->multipliers);
    result->design = result->flow = NULL;
    result->multipliers = NULL;
}
