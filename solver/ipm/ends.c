/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of the interior point, and its end: what is handed out. */
#include "base/memory.h"
#include "solver/ipm/point.h"

#include <math.h>
#include <string.h>

/* ---- memory ---- */

static kv_status create_family(kv_family *f, int n, const double *cost, const double *upper,
                               const unsigned char *absent)
{
    double **arrays[] = {&f->x,     &f->z,         &f->w,         &f->dx,     &f->dz,   &f->dw,
                         &f->ax,    &f->az,        &f->aw,        &f->rd,     &f->rz,   &f->rw,
                         &f->theta, &f->inverse_x, &f->inverse_v, &f->column, &f->miss, &f->change};
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

static void free_family(kv_family *f)
{
    double *arrays[] = {f->x,     f->z,         f->w,         f->dx,     f->dz,   f->dw,
                        f->ax,    f->az,        f->aw,        f->rd,     f->rz,   f->rw,
                        f->theta, f->inverse_x, f->inverse_v, f->column, f->miss, f->change};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
}

void kv_point_destroy(kv_point *s)
{
    kv_kkt_free(s->kkt);
    for (int i = 0; s->families && i < s->n_families; i++)
        free_family(&s->families[i]);
    kv_free(s->families);
    kv_row_vector_free(s->lp, &s->lambda);
    kv_row_vector_free(s->lp, &s->step);
    kv_row_vector_free(s->lp, &s->residual);
    kv_row_vector_free(s->lp, &s->work);
    kv_row_vector_free(s->lp, &s->best);
    kv_row_vector_free(s->lp, &s->miss);
    kv_free(s->y_work);
    kv_free(s->global_part);
    kv_free(s->bound_part);
    kv_free(s->miss_part);
    kv_free(s->theta.x);
    kv_free(s->theta.slack);
}

kv_status kv_point_create(kv_point *s)
{
    const kv_block_lp *lp = s->lp;
    int nb = lp->n_blocks;
    s->n_families = 2 * nb + 2;
    kv_status status = KV_ERR_MEMORY;
    if (!(s->families = kv_alloc((size_t)s->n_families, sizeof(kv_family))))
        return status;
    for (int b = 0; b < nb; b++) {
        const kv_block *k = &lp->block[b];
        if (create_family(kv_block_x(s, b), k->n_columns, k->cost, k->upper, NULL) != KV_OK ||
            create_family(kv_block_slack(s, b), k->n_linking, NULL, NULL, k->equality) != KV_OK)
            return status;
    }
    if (create_family(kv_family_y(s), lp->n_y, lp->y_cost, lp->y_upper, NULL) != KV_OK ||
        create_family(kv_global_slack(s), lp->n_global, NULL, NULL, lp->global_equality) != KV_OK)
        return status;
    if (kv_row_vector_create(lp, &s->lambda) != KV_OK ||
        kv_row_vector_create(lp, &s->step) != KV_OK ||
        kv_row_vector_create(lp, &s->residual) != KV_OK ||
        kv_row_vector_create(lp, &s->work) != KV_OK ||
        kv_row_vector_create(lp, &s->best) != KV_OK || kv_row_vector_create(lp, &s->miss) != KV_OK)
        return status;
    s->theta.x = kv_alloc((size_t)nb, sizeof(double *));
    s->theta.slack = kv_alloc((size_t)nb, sizeof(double *));
    s->y_work = kv_alloc((size_t)lp->n_y, sizeof(double));
    s->global_part = kv_alloc((size_t)nb * (size_t)lp->n_global_flow, sizeof(double));
    s->bound_part = kv_alloc((size_t)nb, sizeof(double));
    s->miss_part = kv_alloc((size_t)nb, sizeof(double));
    if (!s->theta.x || !s->theta.slack || !s->y_work || !s->global_part || !s->bound_part ||
        !s->miss_part)
        return status;
    for (int b = 0; b < nb; b++) {
        s->theta.x[b] = kv_block_x(s, b)->theta;
        s->theta.slack[b] = kv_block_slack(s, b)->theta;
    }
    s->theta.y = kv_family_y(s)->theta;
    s->theta.global = kv_global_slack(s)->theta;
    for (int i = 0; i < s->n_families; i++)
        for (int j = 0; j < s->families[i].n; j++)
            if (kv_there(&s->families[i], j))
                s->n_complementary += 1 + s->families[i].bounded;
    return kv_kkt_create(lp, s->threads, &s->kkt);
}

/* ---- end ---- */

kv_status kv_point_multipliers(kv_point *s, const kv_lp_options *lp_options, kv_ipm_result *result)
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

kv_status kv_point_values(kv_point *s, kv_ipm_result *result)
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
        result->design[lp->y_design[j]] += lp->y_scale[j] * fmin(1, kv_family_y(s)->x[j]);
    for (int b = 0; b < lp->n_blocks; b++) {
        const kv_block *k = &lp->block[b];
        for (int g = 0; g < k->n_groups; g++)
            for (int c = k->group_first[g]; c < k->group_first[g + 1]; c++)
                result->flow[(size_t)b * (size_t)p->n_flows + (size_t)k->flow[c]] =
                    k->group_scale[g] * kv_block_x(s, b)->x[c];
    }
    return KV_OK;
}
