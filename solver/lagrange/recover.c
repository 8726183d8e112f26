/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the multipliers of the knapsack relaxation to those of the problem's rows. In each cell the
 * resource's multiplier is that of the knapsack, and the opening rows take what is then still
 * negative of r; in a gated cell no more in all than its gates are worth. So r is 0 where the cell
 * counts a flow, and the designs' coefficients hold the cell's value.
 */
#include "base/memory.h"
#include "solver/lagrange/fill.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>

typedef struct recovery {
    const kv_knapsack *knapsack;
    const double *rows;
    kv_multipliers *out;
    int *chosen, *order; /* room for the largest cell */
    double *reduced, *sorted, *amount;
} recovery;

static kv_status add_opening(kv_multipliers *out, int opening, int flow, double value)
{
    if (out->n_opening == out->opening_room) {
        kv_status status = kv_multipliers_reserve(out, 2 * out->n_opening + 64);
        if (status != KV_OK)
            return status;
    }
    out->opening[out->n_opening] = opening;
    out->opening_flow[out->n_opening] = flow;
    out->opening_value[out->n_opening++] = value;
    return KV_OK;
}

static double gates_price(const recovery *v, const kv_cell *cell)
{
    double price = 0.0;
    for (int i = 0; i < cell->n_gates; i++)
        price += v->rows[cell->gate + i];
    return price;
}

/* The knapsack's multiplier in a cell with n attracted flows. */
static double fill_price(recovery *v, const kv_cell *cell, int n)
{
    const kv_knapsack *k = v->knapsack;
    double used = 0.0, price = 0.0;
    for (int i = 0; i < n; i++) {
        v->order[i] = v->chosen[i];
        v->sorted[i] = v->reduced[i];
        used += k->use[v->chosen[i]] * k->most[v->chosen[i]];
    }
    if (cell->resource >= 0 && used > cell->supply) {
        int filled = n;
        kv_fill(k->use, k->most, cell->supply, v->order, v->sorted, v->amount, &filled, &price);
    }
    return price;
}

static kv_status recover_cell(recovery *v, const kv_cell *cell)
{
    const kv_knapsack *k = v->knapsack;
    const kv_problem *p = k->problem;
    kv_status status = KV_OK;
    int n = kv_pricing_attracted(k, cell, v->rows, v->chosen, v->reduced);
    double price = fill_price(v, cell, n), worth = 0.0, share = 1.0;
    if (cell->resource >= 0)
        v->out->resource[(size_t)cell->block * (size_t)p->n_resources + (size_t)cell->resource] =
            price;
    if (cell->owner < 0 && cell->n_gates == 0)
        return KV_OK;
    for (int i = 0; i < n; i++) {
        v->reduced[i] += price * k->use[v->chosen[i]];
        worth -= fmin(0.0, v->reduced[i]) * k->most[v->chosen[i]];
    }
    double gates = gates_price(v, cell);
    if (cell->n_gates > 0 && gates < worth)
        share = gates / worth;
    for (int i = 0; i < n && status == KV_OK; i++) {
        int flow = k->flow[v->chosen[i]];
        int opening = k->opening_first[cell->block * p->n_arcs + p->flow_arc[flow]];
        double value = -share * v->reduced[i];
        if (value <= 0.0)
            continue;
        if (cell->n_gates == 0)
            status = add_opening(v->out, opening, flow, value);
        for (int g = 0; g < cell->n_gates && status == KV_OK; g++) {
            double part = cell->n_gates == 1 ? 1.0
                          : gates > 0.0      ? v->rows[cell->gate + g] / gates
                                             : 0.0;
            if (part > 0.0)
                status = add_opening(v->out, opening + g, flow, value * part);
        }
    }
    return status;
}

/* ---- flows whose arc stays closed ---- */

/* An opening set of the arc that offers nothing, or -1. */
static int closed_set(const kv_knapsack *k, int block, int arc)
{
    const kv_problem *p = k->problem;
    int row = block * p->n_arcs + arc;
    for (int i = k->opening_first[row]; i < k->opening_first[row + 1]; i++) {
        const kv_opening *o = &p->openings[i];
        int offers = 0;
        for (int e = o->first; e < o->first + o->count; e++)
            offers |= k->lower[p->opening_design[e]] < 0.0 || k->upper[p->opening_design[e]] > 0.0;
        if (!offers)
            return i;
    }
    return -1;
}

/* What coupling rows add to the flows' reduced costs; [n_blocks * n_flows], zeros. */
static void price_coupling(const kv_problem *p, const double *kappa, double *priced)
{
    for (int i = 0; i < p->coupling.count; i++)
        for (int e = p->coupling.flow_first[i]; e < p->coupling.flow_first[i + 1]; e++)
            priced[(size_t)p->coupling.flow_block[e] * (size_t)p->n_flows +
                   (size_t)p->coupling.flow[e]] += kappa[i] * p->coupling.flow_value[e];
}

static double reduced_cost(const kv_problem *p, const kv_multipliers *m, int block, int flow)
{
    const double *pi = m->balance + (size_t)block * (size_t)p->n_balances;
    const double *alpha = m->resource + (size_t)block * (size_t)p->n_resources;
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    double r =
        p->block_weight[block] * p->flow_cost[(size_t)block * (size_t)p->n_flows + (size_t)flow];
    if (p->flow_tail_row[flow] >= 0)
        r -= pi[p->flow_tail_row[flow]];
    if (p->flow_head_row[flow] >= 0)
        r += pi[p->flow_head_row[flow]];
    for (int e = p->use_first[flow]; e < p->use_first[flow + 1]; e++)
        r += use[e] * alpha[p->use_resource[e]];
    return r;
}

static kv_status recover_closed(const kv_knapsack *k, kv_multipliers *out)
{
    const kv_problem *p = k->problem;
    kv_status status = KV_OK;
    double *priced = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof(double));
    if (!priced)
        return KV_ERR_MEMORY;
    price_coupling(p, out->coupling, priced);
    for (int b = 0; b < p->n_blocks; b++)
        for (int f = 0; f < p->n_flows && status == KV_OK; f++) {
            size_t x = (size_t)b * (size_t)p->n_flows + (size_t)f;
            if (k->position[x] >= 0 || p->flow_upper[x] <= 0.0)
                continue;
            int opening = closed_set(k, b, p->flow_arc[f]);
            double r = reduced_cost(p, out, b, f) + priced[x];
            if (opening >= 0 && r < 0.0) /* a little more, as sums are rounded */
                status = add_opening(out, opening, f, -r * (1.0 + 1e-12));
        }
    kv_free(priced);
    return status;
}

/* ---- all ---- */

static void copy_rows(const kv_knapsack *k, const double *rows, kv_multipliers *out)
{
    for (int i = 0; i < k->n_rows; i++) {
        if (k->kind[i] == KV_ROW_BALANCE)
            out->balance[k->source[i]] = rows[i];
        else if (k->kind[i] == KV_ROW_RESOURCE)
            out->resource[k->source[i]] = rows[i];
        else if (k->kind[i] == KV_ROW_COUPLING)
            out->coupling[k->source[i]] = rows[i];
        else if (k->kind[i] == KV_ROW_SIDE)
            out->side[k->source[i]] = rows[i];
    }
}

kv_status kv_knapsack_multipliers(const kv_knapsack *knapsack, const double *multipliers,
                                  kv_multipliers *out)
{
    recovery v = {.knapsack = knapsack, .rows = multipliers, .out = out};
    int largest = 0;
    for (int c = 0; c < knapsack->n_cells; c++) {
        int size = knapsack->cells[c].end - knapsack->cells[c].first;
        largest = size > largest ? size : largest;
    }
    v.chosen = kv_alloc((size_t)largest, sizeof(int));
    v.order = kv_alloc((size_t)largest, sizeof(int));
    v.reduced = kv_alloc((size_t)largest, sizeof(double));
    v.sorted = kv_alloc((size_t)largest, sizeof(double));
    v.amount = kv_alloc((size_t)largest, sizeof(double));
    kv_status status =
        v.chosen && v.order && v.reduced && v.sorted && v.amount ? KV_OK : KV_ERR_MEMORY;
    out->n_opening = out->n_arc_opening = 0;
    if (status == KV_OK)
        copy_rows(knapsack, multipliers, out);
    for (int c = 0; c < knapsack->n_cells && status == KV_OK; c++)
        status = recover_cell(&v, &knapsack->cells[c]);
    if (status == KV_OK)
        status = recover_closed(knapsack, out);
    kv_free(v.chosen);
    kv_free(v.order);
    kv_free(v.reduced);
    kv_free(v.sorted);
    kv_free(v.amount);
    return status;
}

kv_status kv_knapsack_from(const kv_knapsack *knapsack, const kv_multipliers *from,
                           double *multipliers)
{
    const kv_problem *p = knapsack->problem;
    double *gate = kv_alloc((size_t)p->n_openings, sizeof(double));
    if (!gate)
        return KV_ERR_MEMORY;
    for (int i = 0; i < from->n_opening; i++) {
        size_t block = (size_t)p->openings[from->opening[i]].block;
        gate[from->opening[i]] +=
            fmax(0.0, from->opening_value[i]) *
            p->flow_upper[block * (size_t)p->n_flows + (size_t)from->opening_flow[i]];
    }
    for (int i = 0; i < knapsack->n_rows; i++) {
        int at = knapsack->source[i];
        double value = 0.0;
        switch ((kv_row_kind)knapsack->kind[i]) {
        case KV_ROW_BALANCE: value = from->balance[at]; break;
        case KV_ROW_RESOURCE: value = from->resource[at]; break;
        case KV_ROW_COUPLING: value = from->coupling[at]; break;
        case KV_ROW_SIDE: value = from->side[at]; break;
        case KV_ROW_GATE: value = gate[at]; break;
        case KV_ROW_NONE: break;
        }
        multipliers[i] = !isfinite(value) || (knapsack->bounded[i] && value < 0.0) ? 0.0 : value;
    }
    kv_free(gate);
    return KV_OK;
}
