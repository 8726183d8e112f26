/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directions: predictor, corrector, centrality correctors (Mehrotra 1992, Gondzio 1996). */
#include "base/clock.h"
#include "solver/ipm/point.h"

#include <math.h>
#include <string.h>

#define REGULAR      1e-10 /* of the scaled rows and of 1 / Theta */
#define MORE_REGULAR 100

enum { MAX_CORRECTORS = 5, MAX_REFINEMENTS = 3, MAX_FACTORS = 3 };

/* Iterations in which no more regularisation is tried after one in which it did not help. */
enum { PATIENCE = 8 };

/* ---- right-hand sides rz, rw, in place of X z and V w ---- */

static void predictor_rhs(const kv_point *s, kv_family *f)
{
    (void)s;
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        f->rz[j] = -f->x[j] * f->z[j];
        f->rw[j] = f->bounded ? -(f->upper[j] - f->x[j]) * f->w[j] : 0;
    }
}

/* Mehrotra's corrector on top of the affine direction that stands in dx, dz, dw. */
static void corrector_rhs(const kv_point *s, kv_family *f)
{
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        f->rz[j] = s->target - f->x[j] * f->z[j] - f->dx[j] * f->dz[j];
        if (f->bounded)
            f->rw[j] = s->target - (f->upper[j] - f->x[j]) * f->w[j] + f->dx[j] * f->dw[j];
    }
}

/* The same without the second-order term. */
static void centering_rhs(const kv_point *s, kv_family *f)
{
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        f->rz[j] = s->target - f->x[j] * f->z[j];
        f->rw[j] = f->bounded ? s->target - (f->upper[j] - f->x[j]) * f->w[j] : 0;
    }
}

static double project(double value, double target)
{
    double low = 0.1 * target, high = 10 * target;
    if (value < low)
        return low - value;
    if (value > high)
        return value > 2 * high ? -high : high - value;
    return 0;
}

/* Gondzio's corrector: add to rz, rw what pulls outlying products of the direction kept in ax, az,
 * aw back towards the target. */
static void centrality_rhs(const kv_point *s, kv_family *f)
{
    double p = s->wish_primal, d = s->wish_dual;
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        double x = f->x[j] + p * f->ax[j];
        f->rz[j] += project(x * (f->z[j] + d * f->az[j]), s->target);
        if (f->bounded)
            f->rw[j] += project((f->upper[j] - x) * (f->w[j] + d * f->aw[j]), s->target);
    }
}

/* ---- the direction for a right-hand side ---- */

/* g = rd - rz/x + rw/v goes to dz; the direction begins with nothing, which misses -g. */
static void begin_family(kv_family *f)
{
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        double g = f->rd[j] - f->rz[j] * f->inverse_x[j];
        if (f->bounded)
            g += f->rw[j] * f->inverse_v[j];
        f->miss[j] = -g;
        f->dx[j] = 0;
    }
}

/* dz, dw from dx, with the longest steps. */
static void end_family(kv_family *f)
{
    double p = 1, d = 1;
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        double dx = f->dx[j], dz = (f->rz[j] - f->z[j] * dx) * f->inverse_x[j];
        f->dz[j] = dz;
        if (dx < 0 && f->x[j] + p * dx < 0)
            p = -f->x[j] / dx;
        if (dz < 0 && f->z[j] + d * dz < 0)
            d = -f->z[j] / dz;
        if (!f->bounded)
            continue;
        double dw = (f->rw[j] + f->w[j] * dx) * f->inverse_v[j], v = f->upper[j] - f->x[j];
        f->dw[j] = dw;
        if (dx > 0 && v - p * dx < 0)
            p = v / dx;
        if (dw < 0 && f->w[j] + d * dw < 0)
            d = -f->w[j] / dw;
    }
    f->primal_limit = p;
    f->dual_limit = d;
}

/* ---- the linear system ---- */

/* change = dx + Theta miss: what dx becomes when lambda stays; the largest Theta miss. */
static void foresee_family(kv_family *f)
{
    double most = 0;
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        double more = f->theta[j] * f->miss[j];
        f->change[j] = f->dx[j] + more;
        most = fabs(more) > most ? fabs(more) : most; /* fmax is a call */
    }
    f->sum = most;
}

/* Into dx from column = A' dlambda. What it misses then is due to the regularisation of Theta. */
static void advance_family(const kv_point *s, kv_family *f)
{
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        double missing = f->column[j] + f->miss[j];
        f->dx[j] += f->theta[j] * missing;
        f->miss[j] = missing * s->regular * f->theta[j];
    }
}

/* The block's rows of the right-hand side: residual - A change. */
static void foresee_block(kv_point *s, int b)
{
    const kv_block *k = &s->lp->block[b];
    foresee_family(kv_block_x(s, b));
    foresee_family(kv_block_slack(s, b));
    memcpy(s->miss.flow[b], s->residual.flow[b], sizeof(double) * (size_t)k->n_rows);
    memcpy(s->miss.linking[b], s->residual.linking[b], sizeof(double) * (size_t)k->n_linking);
    kv_point_multiply_block(s, b, KV_PICK_CHANGE, -1, &s->miss);
    s->miss_part[b] = kv_rows_largest_block(s->lp, b, &s->miss);
}

static void begin_block(kv_point *s, int b, void (*rhs)(const kv_point *, kv_family *))
{
    kv_family *families[2] = {kv_block_x(s, b), kv_block_slack(s, b)};
    for (int i = 0; i < 2; i++) {
        rhs(s, families[i]);
        begin_family(families[i]);
    }
    kv_rows_clear_block(s->lp, b, &s->step);
    foresee_block(s, b);
}

static void begin_predictor(kv_point *s, int b)
{
    begin_block(s, b, predictor_rhs);
}

static void begin_corrector(kv_point *s, int b)
{
    begin_block(s, b, corrector_rhs);
}

static void begin_centering(kv_point *s, int b)
{
    begin_block(s, b, centering_rhs);
}

static void begin_centrality(kv_point *s, int b)
{
    begin_block(s, b, centrality_rhs);
}

static void advance_block(kv_point *s, int b)
{
    kv_rows_add_block(s->lp, b, &s->step, 1, &s->miss);
    kv_point_transposed_block(s, b, &s->miss);
    advance_family(s, kv_block_x(s, b));
    advance_family(s, kv_block_slack(s, b));
    foresee_block(s, b);
}

static void end_block(kv_point *s, int b)
{
    end_family(kv_block_x(s, b));
    end_family(kv_block_slack(s, b));
}

/* Global rows of the right-hand side, blocks having done theirs; y_work = that of y. The largest of
 * what is missed. */
static double foresee_rest(kv_point *s)
{
    kv_family *y = kv_family_y(s), *slack = kv_global_slack(s);
    double most = 0;
    foresee_family(slack);
    memcpy(y->change, y->dx, sizeof(double) * (size_t)y->n);
    memcpy(s->miss.global, s->residual.global, sizeof(double) * (size_t)s->lp->n_global);
    /* y is not eliminated: it has a place of its own in the system, and in the blocks' rows */
    kv_point_multiply_global(s, KV_PICK_CHANGE, -1, &s->miss);
    for (int j = 0; j < y->n; j++) {
        s->y_work[j] = -y->miss[j];
        most = fmax(most, fabs(y->miss[j]));
    }
    for (int i = 0; i < s->n_families; i++)
        if (&s->families[i] != y)
            most = fmax(most, s->families[i].sum);
    for (int b = 0; b < s->lp->n_blocks; b++)
        most = fmax(most, s->miss_part[b]);
    return fmax(most, kv_rows_largest_global(s->lp, &s->miss));
}

/* Solve for what is missed, add it to the direction; what is missed then. */
static double advance(kv_point *s)
{
    const kv_block_lp *lp = s->lp;
    kv_family *y = kv_family_y(s), *slack = kv_global_slack(s);
    kv_kkt_solve(s->kkt, &s->theta, &s->miss, s->y_work);
    kv_rows_add_global(lp, &s->step, 1, &s->miss);
    for (int j = 0; j < y->n; j++)
        y->dx[j] += s->y_work[j];
    memcpy(y->change, y->dx, sizeof(double) * (size_t)y->n);
    kv_point_transposed_global(s, &s->miss);
    for (int j = 0; j < y->n; j++)
        y->miss[j] += y->column[j] - s->y_work[j] / y->theta[j] + s->regular * s->y_work[j];
    advance_family(s, slack);
    kv_point_each_block(s, advance_block);
    return foresee_rest(s);
}

/* What a step may miss: regularisation and the order of elimination cost accuracy. */
static double enough(const kv_point *s)
{
    return 1e-2 * fmax(fmin(s->options->tolerance, 1e-6), s->violation);
}

static double tolerable(const kv_point *s)
{
    return 10 * enough(s);
}

/* The direction for rz, rw, dual residual rd and primal residual: into step, dx, dz, dw; the
 * longest steps that stay inside, at most 1. Refined while that helps; returns what it misses. */
static double solve_direction(kv_point *s, void (*begin)(kv_point *, int),
                              void (*rhs)(const kv_point *, kv_family *), double *primal,
                              double *dual)
{
    kv_family *y = kv_family_y(s), *slack = kv_global_slack(s);
    memset(s->step.global, 0, sizeof(double) * (size_t)s->lp->n_global);
    rhs(s, y);
    rhs(s, slack);
    begin_family(y);
    begin_family(slack);
    memset(y->change, 0, sizeof(double) * (size_t)y->n);
    kv_point_each_block(s, begin);
    foresee_rest(s);
    double miss = advance(s);
    for (int i = 0; i < MAX_REFINEMENTS && miss > enough(s); i++) {
        double before = miss;
        miss = advance(s);
        if (!(miss < before))
            break;
    }
    kv_point_each_block(s, end_block);
    end_family(y);
    end_family(slack);
    *primal = *dual = 1;
    for (int i = 0; i < s->n_families; i++) {
        *primal = fmin(*primal, s->families[i].primal_limit);
        *dual = fmin(*dual, s->families[i].dual_limit);
    }
    return miss;
}

/* ---- steps ---- */

/* Sum of x z and v w after steps wish_primal and wish_dual. */
static void complementarity_family(const kv_point *s, kv_family *f)
{
    double sum = 0, p = s->wish_primal, d = s->wish_dual;
    for (int j = 0; j < f->n; j++) {
        if (!kv_there(f, j))
            continue;
        double x = f->x[j] + p * f->dx[j];
        sum += x * (f->z[j] + d * f->dz[j]);
        if (f->bounded)
            sum += (f->upper[j] - x) * (f->w[j] + d * f->dw[j]);
    }
    f->sum = sum;
}

static void complementarity_block(kv_point *s, int b)
{
    complementarity_family(s, kv_block_x(s, b));
    complementarity_family(s, kv_block_slack(s, b));
}

static double complementarity_after(kv_point *s, double p, double d)
{
    double sum = 0;
    s->wish_primal = p;
    s->wish_dual = d;
    kv_point_each_block(s, complementarity_block);
    complementarity_family(s, kv_family_y(s));
    complementarity_family(s, kv_global_slack(s));
    for (int i = 0; i < s->n_families; i++)
        sum += s->families[i].sum;
    return sum;
}

static void swap(void *a, void *b, size_t size)
{
    unsigned char kept[sizeof(kv_row_vector)];
    memcpy(kept, a, size);
    memcpy(a, b, size);
    memcpy(b, kept, size);
}

/* The direction and the one that is kept (ax, az, aw; work) change places. */
static void exchange_directions(kv_point *s)
{
    for (int i = 0; i < s->n_families; i++) {
        kv_family *f = &s->families[i];
        swap(&f->dx, &f->ax, sizeof(f->dx));
        swap(&f->dz, &f->az, sizeof(f->dz));
        swap(&f->dw, &f->aw, sizeof(f->dw));
    }
    swap(&s->step, &s->work, sizeof(s->step));
}

static void step_family(const kv_point *s, kv_family *f)
{
    double p = s->wish_primal, d = s->wish_dual;
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

static void step_block(kv_point *s, int b)
{
    kv_rows_add_block(s->lp, b, &s->lambda, s->wish_dual, &s->step);
    step_family(s, kv_block_x(s, b));
    step_family(s, kv_block_slack(s, b));
}

static void take_step(kv_point *s, double p, double d)
{
    s->wish_primal = p;
    s->wish_dual = d;
    kv_point_each_block(s, step_block);
    step_family(s, kv_family_y(s));
    step_family(s, kv_global_slack(s));
    kv_rows_add_global(s->lp, &s->lambda, d, &s->step);
}

/* Comparisons pass over what is not a number; sums do not. */
static void sum_step_block(kv_point *s, int b)
{
    const kv_block *k = &s->lp->block[b];
    double sum = 0;
    for (int r = 0; r < k->n_rows; r++)
        sum += s->step.flow[b][r];
    for (int r = 0; r < k->n_linking; r++)
        sum += s->step.linking[b][r];
    s->miss_part[b] = sum;
}

static int direction_is_finite(kv_point *s, double p, double d)
{
    double sum = complementarity_after(s, p, d);
    kv_point_each_block(s, sum_step_block);
    for (int b = 0; b < s->lp->n_blocks; b++)
        sum += s->miss_part[b];
    for (int r = 0; r < s->lp->n_global; r++)
        sum += s->step.global[r];
    return isfinite(sum);
}

/* An iteration that began in time does the least that makes a step. */
static int is_late(const kv_point *s)
{
    return kv_clock() > s->options->deadline;
}

/* Gondzio's correctors as long as they lengthen the steps of a direction that misses `miss`. */
static void correct_centrality(kv_point *s, double miss, double *p, double *d)
{
    s->target = fmax(s->target, 1e-3 * s->mu);
    for (int i = 0; i < MAX_CORRECTORS && fmin(*p, *d) < 0.9 && !is_late(s); i++) {
        double longer_p, longer_d;
        s->wish_primal = fmin(1, 1.08 * *p + 0.3);
        s->wish_dual = fmin(1, 1.08 * *d + 0.3);
        exchange_directions(s);
        double more = solve_direction(s, begin_centrality, centrality_rhs, &longer_p, &longer_d);
        if (longer_p + longer_d < *p + *d + 0.01 || more > 10 * fmax(miss, tolerable(s))) {
            exchange_directions(s);
            return;
        }
        *p = longer_p;
        *d = longer_d;
    }
}

/* Factor with so much regularisation and find the affine direction; *miss: what it misses. */
static kv_status predict_with(kv_point *s, double regular, double *p, double *d, double *miss)
{
    s->regular = regular;
    kv_point_set_theta(s);
    kv_status status = kv_kkt_factor(s->kkt, &s->theta, s->regular);
    if (status == KV_OK)
        *miss = solve_direction(s, begin_predictor, predictor_rhs, p, d);
    return status;
}

/*
 * Factor and find the affine direction, with more regularisation where either fails, but no more
 * than helps. Where more did not help in an iteration, it is not tried in some that follow. *miss:
 * what it misses.
 */
static kv_status predict(kv_point *s, double *p, double *d, double *miss)
{
    double best = -1, regular = REGULAR, found = HUGE_VAL;
    kv_status status = KV_ERR_NUMERIC;
    int patient = s->wait > 0 ? s->wait-- : 0;
    *miss = HUGE_VAL;
    for (int i = 0; i < MAX_FACTORS && !(*miss <= tolerable(s)); i++, regular *= MORE_REGULAR) {
        if (best > 0 && (patient || is_late(s)))
            return KV_OK;
        if (predict_with(s, regular, p, d, &found) != KV_OK)
            continue;
        status = KV_OK;
        /* less is more: a system without solution shows soon */
        if (found < 0.1 * *miss || best < 0) {
            *miss = found;
            best = regular;
        }
    }
    if (status != KV_OK || s->regular == best)
        return status;
    s->wait = PATIENCE;
    return predict_with(s, best, p, d, miss);
}

kv_status kv_point_iterate(kv_point *s)
{
    double p = 0, d = 0, miss = 0, old = s->mu * (double)s->n_complementary;
    kv_status status = predict(s, &p, &d, &miss);
    if (status != KV_OK)
        return status;
    double ratio = complementarity_after(s, p, d) / fmax(old, 1e-300);
    s->sigma = fmin(1, fmax(1e-6, ratio * ratio * ratio * ratio));
    s->target = s->sigma * s->mu;
    double more = solve_direction(s, begin_corrector, corrector_rhs, &p, &d);
    if (!(more <= 10 * fmax(miss, tolerable(s))))
        more = solve_direction(s, begin_centering, centering_rhs, &p, &d);
    correct_centrality(s, more, &p, &d);
    if (!direction_is_finite(s, p, d))
        return KV_ERR_NUMERIC; /* the point stays as it was */
    double keep = fmin(fmax(0.98, 1 - s->mu), 0.9995);
    take_step(s, fmin(1, keep * p), fmin(1, keep * d));
    return KV_OK;
}
