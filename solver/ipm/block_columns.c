/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Flow columns and flow rows of a block. */
#include "solver/ipm/builder.h"

#include "base/memory.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <string.h>

double kv_builder_supply(const kv_builder *w, int block, int resource, const double *design)
{
    const kv_problem *p = w->problem;
    size_t row = (size_t)block * (size_t)p->n_resources + (size_t)resource;
    double sum = p->resource_base[row];
    for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
        sum += p->supply[e] * design[p->supply_design[e]];
    return sum;
}

void kv_builder_bound_flows(kv_builder *w, int b)
{
    const kv_problem *p = w->problem;
    size_t at = (size_t)b * (size_t)p->n_flows;
    size_t n_use = (size_t)p->use_first[p->n_flows];
    memcpy(w->flow_upper, p->flow_upper + at, sizeof(double) * (size_t)p->n_flows);
    int o = kv_first_opening(p, b);
    int *closed = w->count; /* [n_arcs] fits: reused as a marker per arc through flows below */
    memset(closed, 0, sizeof(int) * (size_t)(p->n_flows + p->n_arcs + 1));
    for (; o < p->n_openings && p->openings[o].block == b; o++) {
        const kv_opening *open = &p->openings[o];
        double room = 0;
        for (int e = open->first; e < open->first + open->count; e++)
            room += p->opening_coefficient[e] * w->lp->upper[p->opening_design[e]];
        if (room <= 1e-9)
            closed[open->arc] = 1;
    }
    for (int f = 0; f < p->n_flows; f++) {
        if (closed[p->flow_arc[f]] || (w->options->columns && !w->options->columns[at + (size_t)f]))
            w->flow_upper[f] = 0;
        for (int e = p->use_first[f]; e < p->use_first[f + 1] && w->flow_upper[f] > 0; e++) {
            double use = p->use[(size_t)b * n_use + (size_t)e];
            if (use <= 0)
                continue;
            int r = p->use_resource[e];
            if (p->resource_base[(size_t)b * (size_t)p->n_resources + (size_t)r] > KV_UNLIMITED)
                continue;
            if (kv_builder_supply(w, b, r, w->lp->upper) <= 1e-9 * use)
                w->flow_upper[f] = 0;
        }
        if (w->flow_upper[f] < 1e-9)
            w->flow_upper[f] = 0;
    }
}

static int find_root(int *parent, int i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/* imbalance of each component of commodity c, at its first row (infinite where a flow has only one
 * end in the component: its rows are independent then); returns the largest |d|. */
static double sum_components(kv_builder *w, int b, int c)
{
    const kv_problem *p = w->problem;
    double scale = 0;
    for (int i = p->commodity_balance_first[c]; i < p->commodity_balance_first[c + 1]; i++)
        w->imbalance[i] = 0;
    for (int i = p->commodity_balance_first[c]; i < p->commodity_balance_first[c + 1]; i++) {
        double d = p->balance[(size_t)b * (size_t)p->n_balances + (size_t)i];
        w->imbalance[find_root(w->parent, i)] += d;
        scale = fmax(scale, fabs(d));
    }
    for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++) {
        int tail = p->flow_tail_row[f], head = p->flow_head_row[f];
        if (w->column_of[f] >= 0 && (tail < 0) != (head < 0))
            w->imbalance[find_root(w->parent, tail < 0 ? head : tail)] = HUGE_VAL;
    }
    return scale;
}

static kv_status allocate_columns(const kv_problem *p, int n, kv_block *k)
{
    k->n_columns = n;
    k->n_groups = p->n_commodities;
    k->flow = kv_alloc((size_t)n, sizeof(int));
    k->cost = kv_alloc((size_t)n, sizeof(double));
    k->upper = kv_alloc((size_t)n, sizeof(double));
    k->tail = kv_alloc((size_t)n, sizeof(int));
    k->head = kv_alloc((size_t)n, sizeof(int));
    k->group_first = kv_alloc((size_t)k->n_groups + 1, sizeof(int));
    k->group_row = kv_alloc((size_t)k->n_groups + 1, sizeof(int));
    k->group_scale = kv_alloc((size_t)k->n_groups, sizeof(double));
    k->row_balance = kv_alloc((size_t)p->n_balances, sizeof(int));
    k->rhs = kv_alloc((size_t)p->n_balances, sizeof(double));
    return k->flow && k->cost && k->upper && k->tail && k->head && k->group_first && k->group_row &&
                   k->group_scale && k->row_balance && k->rhs
               ? KV_OK
               : KV_ERR_MEMORY;
}

/* Components of the balance rows over the flows that there are. */
static void join_rows(kv_builder *w)
{
    const kv_problem *p = w->problem;
    for (int i = 0; i < p->n_balances; i++)
        w->parent[i] = i;
    for (int f = 0; f < p->n_flows; f++) {
        if (w->column_of[f] < 0 || p->flow_tail_row[f] < 0 || p->flow_head_row[f] < 0)
            continue;
        int s = find_root(w->parent, p->flow_tail_row[f]);
        int t = find_root(w->parent, p->flow_head_row[f]);
        if (s != t)
            w->parent[s > t ? s : t] = s > t ? t : s;
    }
}

/* The group's flow rows from number `rows` on, and its scale; returns how many rows there are then. */
static int add_group_rows(kv_builder *w, int b, int c, int rows)
{
    const kv_problem *p = w->problem;
    kv_block *k = &w->lp->block[b];
    double scale = sum_components(w, b, c), largest = 0;
    k->group_row[c] = rows;
    for (int i = p->commodity_balance_first[c]; i < p->commodity_balance_first[c + 1]; i++) {
        w->row_of[i] = -1;
        if (find_root(w->parent, i) == i && fabs(w->imbalance[i]) <= 1e-9 * scale)
            continue; /* the component's first row; kept if the component does not balance */
        w->row_of[i] = rows;
        k->row_balance[rows++] = i;
    }
    for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++)
        largest = fmax(largest, w->flow_upper[f]);
    if (scale <= 0)
        scale = largest > 0 ? largest : 1;
    k->group_scale[c] = scale;
    for (int i = k->group_row[c]; i < rows; i++)
        k->rhs[i] =
            p->balance[(size_t)b * (size_t)p->n_balances + (size_t)k->row_balance[i]] / scale;
    return rows;
}

/* The group's columns from number `column` on; returns how many columns there are then. */
static int add_group_columns(kv_builder *w, int b, int c, int column)
{
    const kv_problem *p = w->problem;
    kv_block *k = &w->lp->block[b];
    double scale = k->group_scale[c];
    k->group_first[c] = column;
    for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++) {
        if (w->column_of[f] < 0)
            continue;
        size_t at = (size_t)b * (size_t)p->n_flows + (size_t)f;
        k->flow[column] = f;
        k->cost[column] = p->block_weight[b] * p->flow_cost[at] * scale;
        k->upper[column] = w->flow_upper[f] / scale;
        k->tail[column] = p->flow_tail_row[f] < 0 ? -1 : w->row_of[p->flow_tail_row[f]];
        k->head[column] = p->flow_head_row[f] < 0 ? -1 : w->row_of[p->flow_head_row[f]];
        column++;
    }
    return column;
}

kv_status kv_builder_add_columns(kv_builder *w, int b)
{
    const kv_problem *p = w->problem;
    kv_block *k = &w->lp->block[b];
    int n = 0, rows = 0, column = 0;
    for (int f = 0; f < p->n_flows; f++) {
        w->column_of[f] = w->flow_upper[f] > 0 ? n : -1;
        n += w->flow_upper[f] > 0;
    }
    if (allocate_columns(p, n, k) != KV_OK)
        return KV_ERR_MEMORY;
    join_rows(w);
    for (int c = 0; c < p->n_commodities; c++) {
        rows = add_group_rows(w, b, c, rows);
        column = add_group_columns(w, b, c, column);
    }
    k->group_first[p->n_commodities] = column;
    k->group_row[p->n_commodities] = rows;
    k->n_rows = rows;
    w->lp->n_x += column;
    return KV_OK;
}
