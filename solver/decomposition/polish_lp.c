/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/polish_lp.h"

#include "base/memory.h"
#include "solver/ipm/lift.h"
#include "solver/shut.h"

#include <math.h>

#define NONE      1e30
#define UNLIMITED 1e29

/* Bounds for this design; `reduced` [n_arcs, scratch] holds the share of each arc that is open. */
static kv_status bound_flows(kv_polish_lp *w)
{
    const kv_problem *p = w->problem;
    size_t first = (size_t)w->block * (size_t)p->n_flows;
    unsigned char *shut = kv_alloc((size_t)p->n_flows, 1);
    kv_status status = shut ? kv_shut_block(p, w->design, w->block, shut) : KV_ERR_MEMORY;
    for (int a = 0; a < p->n_arcs; a++)
        w->reduced[a] = 1;
    int end = kv_first_opening(p, w->block + 1);
    for (int o = kv_first_opening(p, w->block); o < end; o++) {
        const kv_opening *open = &p->openings[o];
        double sum = 0;
        for (int e = open->first; e < open->first + open->count; e++)
            sum += p->opening_coefficient[e] * w->design[p->opening_design[e]];
        w->reduced[open->arc] = fmin(w->reduced[open->arc], sum);
    }
    for (int f = 0; f < p->n_flows && status == KV_OK; f++)
        w->upper[f] = shut[f] ? 0 : p->flow_upper[first + (size_t)f] * w->reduced[p->flow_arc[f]];
    kv_free(shut);
    return status;
}

static kv_status add_rows(kv_polish_lp *w)
{
    const kv_problem *p = w->problem;
    size_t base = (size_t)w->block * (size_t)p->n_resources;
    int n = 0;
    kv_status status = KV_OK;
    for (int i = 0; i < p->n_balances && status == KV_OK; i++) {
        double d = p->balance[(size_t)w->block * (size_t)p->n_balances + (size_t)i];
        w->balance_row[i] = n++;
        status = kv_lp_add_rows(w->lp, 1, &d, &d);
    }
    for (int r = 0; r < p->n_resources && status == KV_OK; r++) {
        double low = -NONE, high = p->resource_base[base + (size_t)r];
        w->resource_row[r] = -1;
        if (high > UNLIMITED)
            continue;
        for (int e = p->supply_first[base + (size_t)r]; e < p->supply_first[base + (size_t)r + 1];
             e++)
            high += p->supply[e] * w->design[p->supply_design[e]];
        high = fmax(0, high);
        w->resource_row[r] = n++;
        status = kv_lp_add_rows(w->lp, 1, &low, &high);
    }
    for (int i = 0; i < p->coupling.count && status == KV_OK; i++) {
        double high = w->coupling_rhs[i], low = p->coupling.sense[i] == 'E' ? high : -NONE;
        if (w->coupling_row[i] < 0)
            continue;
        w->coupling_row[i] = n++;
        status = kv_lp_add_rows(w->lp, 1, &low, &high);
    }
    return status;
}

kv_status kv_polish_lp_add(kv_polish_lp *w, int f)
{
    const kv_problem *p = w->problem;
    size_t at = (size_t)w->block * (size_t)p->n_flows + (size_t)f, first[2] = {0, 0};
    size_t n_use = (size_t)p->use_first[p->n_flows];
    int n = 0;
    if (p->flow_tail_row[f] >= 0) {
        w->row_index[n] = w->balance_row[p->flow_tail_row[f]];
        w->row_value[n++] = 1;
    }
    if (p->flow_head_row[f] >= 0) {
        w->row_index[n] = w->balance_row[p->flow_head_row[f]];
        w->row_value[n++] = -1;
    }
    for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++) {
        double use = p->use[(size_t)w->block * n_use + (size_t)e];
        if (w->resource_row[p->use_resource[e]] < 0 || use == 0)
            continue;
        w->row_index[n] = w->resource_row[p->use_resource[e]];
        w->row_value[n++] = use;
    }
    for (int e = w->entry_first[f]; e < w->entry_first[f + 1]; e++) {
        w->row_index[n] = w->coupling_row[w->entry_row[e]];
        w->row_value[n++] = w->entry[e];
    }
    first[1] = (size_t)n;
    double cost = p->block_weight[w->block] * p->flow_cost[at] * w->cost_scale, low = 0;
    w->column[f] = kv_lp_columns(w->lp);
    return kv_lp_add_columns(w->lp, 1, &cost, &low, &w->upper[f], NULL, first, w->row_index,
                             w->row_value);
}

void kv_polish_lp_price(kv_polish_lp *w, const kv_multipliers *m, int costs)
{
    const kv_problem *p = w->problem;
    size_t n_use = (size_t)p->use_first[p->n_flows], bb = (size_t)w->block * (size_t)p->n_balances;
    size_t rb = (size_t)w->block * (size_t)p->n_resources;
    for (int f = 0; f < p->n_flows; f++) {
        double cost = p->flow_cost[(size_t)w->block * (size_t)p->n_flows + (size_t)f];
        double r = costs ? p->block_weight[w->block] * cost * w->cost_scale : 0;
        double scale = m ? w->cost_scale : 1;
        int tail = p->flow_tail_row[f], head = p->flow_head_row[f];
        if (tail >= 0)
            r -=
                m ? m->balance[bb + (size_t)tail] * scale : kv_lp_dual(w->lp, w->balance_row[tail]);
        if (head >= 0)
            r +=
                m ? m->balance[bb + (size_t)head] * scale : kv_lp_dual(w->lp, w->balance_row[head]);
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++) {
            int k = p->use_resource[e];
            double use = p->use[(size_t)w->block * n_use + (size_t)e];
            if (w->resource_row[k] >= 0)
                r += use * (m ? m->resource[rb + (size_t)k] * scale
                              : -kv_lp_dual(w->lp, w->resource_row[k]));
        }
        for (int e = w->entry_first[f]; e < w->entry_first[f + 1]; e++)
            r += w->entry[e] * (m ? m->coupling[w->entry_row[e]] * scale
                                  : -kv_lp_dual(w->lp, w->coupling_row[w->entry_row[e]]));
        w->reduced[f] = r;
    }
}

static int holds_block(const kv_rows *rows, int row, int block)
{
    for (int e = rows->flow_first[row]; e < rows->flow_first[row + 1]; e++)
        if (rows->flow_block[e] == block)
            return 1;
    return 0;
}

/* Coupling rows of this block: entries by flow, and what of the right-hand side is this block's. */
static kv_status sort_couplings(kv_polish_lp *w, const double *flow)
{
    const kv_problem *p = w->problem;
    const kv_rows *rows = &p->coupling;
    int *next = kv_alloc((size_t)p->n_flows + 1, sizeof(int)),
        total = rows->count ? rows->flow_first[rows->count] : 0;
    w->entry_first = kv_alloc((size_t)p->n_flows + 1, sizeof(int));
    w->entry_row = kv_alloc((size_t)total, sizeof(int));
    w->entry = kv_alloc((size_t)total, sizeof(double));
    kv_status status = next && w->entry_first && w->entry_row && w->entry ? KV_OK : KV_ERR_MEMORY;
    for (int i = 0; i < rows->count && status == KV_OK; i++) {
        double others = 0, own = 0, slack;
        int foreign = 0;
        w->coupling_row[i] = -1;
        if (!holds_block(rows, i, w->block))
            continue;
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++) {
            double term =
                rows->flow_value[e] *
                flow[(size_t)rows->flow_block[e] * (size_t)p->n_flows + (size_t)rows->flow[e]];
            if (rows->flow_block[e] == w->block) {
                w->entry_first[rows->flow[e] + 1]++;
                own += term;
                continue;
            }
            others += term;
            foreign = 1;
        }
        slack = rows->rhs[i] - others;
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            slack -= rows->design_value[e] * w->design[rows->design[e]];
        w->coupling_row[i] = 0;
        w->coupling_rhs[i] = slack;
        w->coupling_own[i] = foreign ? own : slack;
    }
    for (int f = 0; f < p->n_flows && status == KV_OK; f++) {
        w->entry_first[f + 1] += w->entry_first[f];
        next[f] = w->entry_first[f];
    }
    for (int i = 0; i < rows->count && status == KV_OK; i++)
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++)
            if (rows->flow_block[e] == w->block) {
                w->entry_row[next[rows->flow[e]]] = i;
                w->entry[next[rows->flow[e]]++] = rows->flow_value[e];
            }
    kv_free(next);
    return status;
}

kv_status kv_polish_lp_begin(kv_polish_lp *w, const double *flow)
{
    for (int f = 0; f < w->problem->n_flows; f++)
        w->column[f] = -1;
    kv_status status = bound_flows(w);
    if (status == KV_OK)
        status = sort_couplings(w, flow);
    return status == KV_OK ? add_rows(w) : status;
}

kv_status kv_polish_lp_create(kv_polish_lp *w)
{
    const kv_problem *p = w->problem;
    size_t nf = (size_t)p->n_flows, scratch = nf > (size_t)p->n_arcs ? nf : (size_t)p->n_arcs;
    size_t widest = 2 + (size_t)p->n_resources + (size_t)p->coupling.count;
    w->lp = kv_lp_create();
    w->upper = kv_alloc(nf, sizeof(double));
    w->column = kv_alloc(scratch, sizeof(int));
    w->reduced = kv_alloc(scratch, sizeof(double));
    w->basic_flow = kv_alloc(nf, 1);
    w->basic_row = kv_alloc((size_t)p->n_balances, 1);
    w->balance_row = kv_alloc((size_t)p->n_balances, sizeof(int));
    w->resource_row = kv_alloc((size_t)p->n_resources, sizeof(int));
    w->coupling_row = kv_alloc((size_t)p->coupling.count, sizeof(int));
    w->coupling_rhs = kv_alloc((size_t)p->coupling.count, sizeof(double));
    w->coupling_own = kv_alloc((size_t)p->coupling.count, sizeof(double));
    w->row_index = kv_alloc(widest, sizeof(int));
    w->row_value = kv_alloc(widest, sizeof(double));
    return w->lp && w->upper && w->column && w->reduced && w->basic_flow && w->basic_row &&
                   w->balance_row && w->resource_row && w->coupling_row && w->coupling_rhs &&
                   w->coupling_own && w->row_index && w->row_value
               ? KV_OK
               : KV_ERR_MEMORY;
}

void kv_polish_lp_free(kv_polish_lp *w)
{
    void *arrays[] = {w->upper,        w->column,       w->reduced,      w->balance_row,
                      w->resource_row, w->coupling_row, w->coupling_rhs, w->coupling_own,
                      w->entry_first,  w->entry_row,    w->entry,        w->row_index,
                      w->row_value,    w->basic_flow,   w->basic_row};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    kv_lp_free(w->lp);
}
