/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/block_lp.h"

#include "base/memory.h"
#include "solver/ipm/builder.h"

#include <math.h>

static void choose_designs(kv_builder *w)
{
    const kv_problem *p = w->problem;
    kv_block_lp *lp = w->lp;
    for (int j = 0; j < p->n_design; j++) {
        lp->lower[j] = w->options->lower ? w->options->lower[j] : p->design_lower[j];
        lp->upper[j] = w->options->upper ? w->options->upper[j] : p->design_upper[j];
        double room = lp->upper[j] - lp->lower[j];
        lp->fixed_cost += p->design_cost[j] * lp->lower[j];
        w->y_of[j] = -1;
        if (room < 1e-9)
            continue;
        int y = lp->n_y++;
        w->y_of[j] = y;
        lp->y_design[y] = j;
        lp->y_scale[y] = room;
        lp->y_upper[y] = 1;
        lp->y_cost[y] = p->design_cost[j] * room;
    }
}

static void scale_costs(kv_block_lp *lp)
{
    double largest = 0;
    for (int j = 0; j < lp->n_y; j++)
        largest = fmax(largest, fabs(lp->y_cost[j]));
    for (int b = 0; b < lp->n_blocks; b++)
        for (int c = 0; c < lp->block[b].n_columns; c++) {
            double cost = fabs(lp->block[b].cost[c]);
            if (cost * fmin(1, lp->block[b].upper[c]) > largest)
                largest = cost * fmin(1, lp->block[b].upper[c]);
        }
    lp->cost_scale = largest > 0 ? largest / 100 : 1;
    for (int j = 0; j < lp->n_y; j++)
        lp->y_cost[j] /= lp->cost_scale;
    for (int b = 0; b < lp->n_blocks; b++)
        for (int c = 0; c < lp->block[b].n_columns; c++)
            lp->block[b].cost[c] /= lp->cost_scale;
}

static kv_status allocate(kv_builder *w)
{
    const kv_problem *p = w->problem;
    kv_block_lp *lp = w->lp;
    size_t nd = (size_t)p->n_design, nf = (size_t)p->n_flows, nb = (size_t)p->n_balances;
    size_t ng = (size_t)p->side.count + (size_t)p->coupling.count;
    size_t scratch = nf + (size_t)p->n_arcs + 1;
    if (!(w->y_of = kv_alloc(nd, sizeof(int))) || !(w->flow_upper = kv_alloc(nf, sizeof(double))) ||
        !(w->column_of = kv_alloc(nf, sizeof(int))) || !(w->parent = kv_alloc(nb, sizeof(int))) ||
        !(w->imbalance = kv_alloc(nb, sizeof(double))) ||
        !(w->row_of = kv_alloc(nb, sizeof(int))) || !(w->count = kv_alloc(scratch, sizeof(int))) ||
        !(w->coupling_block = kv_alloc((size_t)p->coupling.count, sizeof(int))) ||
        !(w->coupling_global = kv_alloc((size_t)p->coupling.count, sizeof(int))) ||
        !(lp->block = kv_alloc((size_t)p->n_blocks, sizeof(kv_block))) ||
        !(lp->y_design = kv_alloc(nd, sizeof(int))) ||
        !(lp->y_cost = kv_alloc(nd, sizeof(double))) ||
        !(lp->y_upper = kv_alloc(nd, sizeof(double))) ||
        !(lp->y_scale = kv_alloc(nd, sizeof(double))) ||
        !(lp->lower = kv_alloc(nd, sizeof(double))) ||
        !(lp->upper = kv_alloc(nd, sizeof(double))) ||
        !(lp->global_kind = kv_alloc(ng, sizeof(int))) ||
        !(lp->global_index = kv_alloc(ng, sizeof(int))) ||
        !(lp->global_equality = kv_alloc(ng, 1)) ||
        !(lp->global_rhs = kv_alloc(ng, sizeof(double))) ||
        !(lp->global_scale = kv_alloc(ng, sizeof(double))))
        return KV_ERR_MEMORY;
    lp->n_blocks = p->n_blocks;
    return KV_OK;
}

kv_status kv_block_lp_create(const kv_problem *problem, const kv_lp_options *options,
                             kv_block_lp **out)
{
    static const kv_lp_options plain = {0};
    kv_builder w = {.problem = problem, .options = options ? options : &plain};
    *out = NULL;
    w.lp = kv_alloc(1, sizeof(*w.lp));
    if (!w.lp)
        return KV_ERR_MEMORY;
    w.lp->problem = problem;
    kv_status status = allocate(&w);
    if (status != KV_OK)
        goto done;
    choose_designs(&w);
    kv_builder_sort_couplings(&w);
    status = kv_builder_sort_blocks(&w);
    for (int b = 0; b < problem->n_blocks && status == KV_OK; b++) {
        kv_builder_bound_flows(&w, b);
        status = kv_builder_add_columns(&w, b);
        if (status == KV_OK)
            status = kv_builder_add_linking(&w, b);
    }
    if (status == KV_OK)
        status = kv_builder_add_global(&w);
    if (status == KV_OK)
        scale_costs(w.lp);
done:
    kv_free(w.y_of);
    kv_free(w.flow_upper);
    kv_free(w.column_of);
    kv_free(w.parent);
    kv_free(w.row_of);
    kv_free(w.imbalance);
    kv_free(w.count);
    kv_free(w.coupling_block);
    kv_free(w.coupling_global);
    kv_free(w.opening_first);
    kv_free(w.opening_order);
    kv_free(w.coupling_first);
    kv_free(w.coupling_order);
    kv_free(w.global_first);
    kv_free(w.global_order);
    kv_free(w.entry_global);
    if (status == KV_OK)
        *out = w.lp;
    else
        kv_block_lp_free(w.lp);
    return status;
}

static void free_block(kv_block *k)
{
    void *arrays[] = {k->flow,        k->cost,        k->upper,         k->tail,        k->head,
                      k->group_first, k->group_row,   k->group_scale,   k->row_balance, k->rhs,
                      k->entry_first, k->entry_row,   k->entry,         k->kind,        k->index,
                      k->equality,    k->linking_rhs, k->linking_scale, k->y_first,     k->y_index,
                      k->y_value};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
}

void kv_block_lp_free(kv_block_lp *lp)
{
    if (!lp)
        return;
    if (lp->block)
        for (int b = 0; b < lp->n_blocks; b++)
            free_block(&lp->block[b]);
    void *arrays[] = {lp->block,        lp->y_design,     lp->y_cost,       lp->y_upper,
                      lp->y_scale,      lp->global_kind,  lp->global_index, lp->global_equality,
                      lp->global_rhs,   lp->global_scale, lp->global_first, lp->global_y,
                      lp->global_value, lp->lower,        lp->upper};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    kv_free(lp);
}
