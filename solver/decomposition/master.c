/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/master.h"

#include "base/memory.h"
#include "solver/decomposition/side_model.h"

#include <math.h>
#include <string.h>

#define NONE 1e30

typedef struct cut_row { /* one row, built anew for each solve */
    double constant;
    int block; /* -1 = the sum over all blocks */
    int n;
    int *design;
    double *slope;
} cut_row;

struct kv_master {
    const kv_problem *problem;
    double *lower, *upper;
    const unsigned char *drop_side;
    cut_row *cuts;
    size_t n_cuts, capacity;
};

kv_status kv_master_create(const kv_problem *problem, const double *lower, const double *upper,
                           const unsigned char *drop_side, kv_master **out)
{
    kv_master *m = *out = kv_alloc(1, sizeof(*m));
    size_t n = (size_t)problem->n_design;
    if (!m)
        return KV_ERR_MEMORY;
    m->problem = problem;
    m->drop_side = drop_side;
    m->lower = kv_alloc(n, sizeof(double));
    m->upper = kv_alloc(n, sizeof(double));
    if (!m->lower || !m->upper) {
        kv_master_free(m);
        *out = NULL;
        return KV_ERR_MEMORY;
    }
    memcpy(m->lower, lower ? lower : problem->design_lower, n * sizeof(double));
    memcpy(m->upper, upper ? upper : problem->design_upper, n * sizeof(double));
    return KV_OK;
}

void kv_master_free(kv_master *m)
{
    if (!m)
        return;
    for (size_t i = 0; i < m->n_cuts; i++) {
        kv_free(m->cuts[i].design);
        kv_free(m->cuts[i].slope);
    }
    kv_free(m->cuts);
    kv_free(m->lower);
    kv_free(m->upper);
    kv_free(m);
}

static kv_status add_row(kv_master *m, int block, double constant, const double *slope)
{
    int n = m->problem->n_design, count = 0;
    double largest = fabs(constant);
    for (int j = 0; j < n; j++)
        largest = fmax(largest, fabs(slope[j]) * fmax(1, m->upper[j]));
    /* what the interior point leaves of a slope that should be 0 */
    double tiny = fmax(1e-10 * largest, 2e-8 * fmin(largest, fabs(constant)));
    if (kv_reserve((void **)&m->cuts, &m->capacity, m->n_cuts + 1, sizeof(*m->cuts)))
        return KV_ERR_MEMORY;
    cut_row *row = &m->cuts[m->n_cuts];
    row->design = kv_alloc((size_t)n, sizeof(int));
    row->slope = kv_alloc((size_t)n, sizeof(double));
    m->n_cuts++;
    row->block = block;
    row->constant = constant;
    row->n = 0;
    if (!row->design || !row->slope)
        return KV_ERR_MEMORY;
    for (int j = 0; j < n; j++) {
        double size = fabs(slope[j]) * fmax(fabs(m->lower[j]), fabs(m->upper[j]));
        if (size <= tiny) { /* too small for the LP: at its worst it goes into the constant */
            row->constant -= slope[j] > 0 ? slope[j] * m->upper[j] : slope[j] * m->lower[j];
            continue;
        }
        row->design[count] = j;
        row->slope[count++] = slope[j];
    }
    row->n = count;
    return KV_OK;
}

kv_status kv_master_add(kv_master *m, const kv_cuts *cuts)
{
    kv_status status = KV_OK;
    if (!cuts->joint) {
        for (int b = 0; b < cuts->n_blocks && status == KV_OK; b++)
            status =
                add_row(m, b, cuts->constant[b], cuts->slope + (size_t)b * (size_t)cuts->n_design);
        return status;
    }
    double *sum = kv_alloc((size_t)cuts->n_design, sizeof(double)), constant = 0;
    if (!sum)
        return KV_ERR_MEMORY;
    for (int b = 0; b < cuts->n_blocks; b++) {
        constant += cuts->constant[b];
        for (int j = 0; j < cuts->n_design; j++)
            sum[j] += cuts->slope[(size_t)b * (size_t)cuts->n_design + (size_t)j];
    }
    status = add_row(m, -1, constant, sum);
    kv_free(sum);
    return status;
}

/* A bound below which no theta can fall: from the cuts themselves at their worst. */
static double theta_floor(const kv_master *m)
{
    double worst = 0;
    for (size_t i = 0; i < m->n_cuts; i++) {
        double value = m->cuts[i].constant;
        for (int e = 0; e < m->cuts[i].n; e++) {
            double slope = m->cuts[i].slope[e];
            int j = m->cuts[i].design[e];
            value -= slope > 0 ? slope * m->upper[j] : slope * m->lower[j];
        }
        worst = fmin(worst, value);
    }
    return worst - 1;
}

/* theta_b + slope y >= constant; a joint cut has all thetas. */
static kv_status add_cut(const kv_master *m, kv_lp *lp, const cut_row *cut, int *column,
                         double *value)
{
    int n = 0, first = cut->block < 0 ? 0 : cut->block,
        last = cut->block < 0 ? m->problem->n_blocks : cut->block + 1;
    double scale = 1e-300;
    for (int e = 0; e < cut->n; e++) {
        column[n] = cut->design[e];
        value[n] = cut->slope[e];
        scale = fmax(scale, fabs(value[n++]));
    }
    for (int b = first; b < last; b++) {
        column[n] = m->problem->n_design + b;
        value[n++] = 1;
    }
    scale = fmax(1, sqrt(scale));
    for (int e = 0; e < n; e++)
        value[e] /= scale;
    return kv_lp_add_row(lp, cut->constant / scale, NONE, n, column, value);
}

/* sum over integer y of |y - center| <= radius, for binaries. */
static kv_status add_radius(const kv_master *m, kv_lp *lp, const kv_master_limits *limits,
                            int *column, double *value)
{
    const kv_problem *p = m->problem;
    int n = 0;
    double right = limits->radius;
    for (int j = 0; j < p->n_design; j++) {
        if (!p->design_integer[j] || m->upper[j] - m->lower[j] < 0.5)
            continue;
        double at = round(limits->center[j]);
        if (at > m->lower[j] && at < m->upper[j])
            continue; /* a general integer inside its box moves freely */
        column[n] = j;
        value[n++] = at <= m->lower[j] ? 1 : -1;
        right += at <= m->lower[j] ? m->lower[j] : -m->upper[j];
    }
    return kv_lp_add_row(lp, -NONE, right, n, column, value);
}

static kv_status build(const kv_master *m, const kv_master_limits *limits, kv_lp **out)
{
    const kv_problem *p = m->problem;
    size_t n = (size_t)p->n_design, nb = (size_t)p->n_blocks;
    double *theta = kv_alloc(3 * nb, sizeof(double)), *value = kv_alloc(n + nb, sizeof(double));
    int *column = kv_alloc(n + nb, sizeof(int));
    kv_status status = theta && value && column ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_side_model(p, p->design_cost, m->lower, m->upper, m->drop_side, out);
    if (status != KV_OK)
        goto out;
    double least = theta_floor(m);
    for (size_t b = 0; b < nb; b++) {
        theta[b] = 1;
        theta[nb + b] = least;
        theta[2 * nb + b] = NONE;
    }
    status = kv_side_columns(*out, p->n_blocks, theta, theta + nb, theta + 2 * nb, NULL);
    for (size_t i = 0; i < m->n_cuts && status == KV_OK; i++)
        status = add_cut(m, *out, &m->cuts[i], column, value);
    if (status == KV_OK && limits->radius >= 0)
        status = add_radius(m, *out, limits, column, value);
out:
    kv_free(theta);
    kv_free(value);
    kv_free(column);
    return status;
}

kv_status kv_master_solve(kv_master *m, const kv_master_limits *limits, double *design,
                          double *bound)
{
    kv_lp *lp = NULL;
    kv_lp_limits l;
    kv_lp_limits_default(&l);
    l.seconds = limits->seconds;
    l.gap = limits->gap;
    l.nodes = limits->nodes;
    *bound = -HUGE_VAL;
    kv_status status = build(m, limits, &lp);
    if (status == KV_OK)
        status = kv_side_solve(lp, m->problem, &l, design, bound);
    kv_lp_free(lp);
    return status;
}
