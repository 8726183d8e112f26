/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/block_lp.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

#define UNLIMITED 1e29

/* Working data while the LP is built; all arrays are freed at the end. */
typedef struct builder {
    const kv_problem *problem;
    const kv_lp_options *options;
    kv_block_lp *lp;
    int *y_of;            /* [n_design] position among the free variables, -1 = fixed */
    double *flow_upper;   /* [n_flows] upper bounds in the block at hand */
    int *column_of;       /* [n_flows] column in the block at hand, -1 = none */
    int *parent;          /* [n_balances] union-find over balance rows */
    double *imbalance;    /* [n_balances] sum of d over a component, at its first row */
    int *row_of;          /* [n_balances] flow row in the block at hand, -1 = left out */
    int *coupling_block;  /* [coupling.count] its only block, -1 = several (global) */
    int *coupling_global; /* [coupling.count] global row, -1 = none */
    int *count;           /* [n_flows + 1] scratch */
} builder;

/* What a resource offers when all designs are at the given values. */
static double supply_at(const builder *w, int block, int resource, const double *design)
{
    const kv_problem *p = w->problem;
    size_t row = (size_t)block * (size_t)p->n_resources + (size_t)resource;
    double sum = p->resource_base[row];
    for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
        sum += p->supply[e] * design[p->supply_design[e]];
    return sum;
}

/* Bounds of the block's flows: closed where an opening set has no room, and no more than any
 * resource could carry. */
static void bound_flows(builder *w, int b)
{
    const kv_problem *p = w->problem;
    size_t at = (size_t)b * (size_t)p->n_flows;
    size_t n_use = (size_t)p->use_first[p->n_flows];
    memcpy(w->flow_upper, p->flow_upper + at, sizeof(double) * (size_t)p->n_flows);
    int o = 0;
    while (o < p->n_openings && p->openings[o].block < b)
        o++;
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
        if (closed[p->flow_arc[f]])
            w->flow_upper[f] = 0;
        for (int e = p->use_first[f]; e < p->use_first[f + 1] && w->flow_upper[f] > 0; e++) {
            double use = p->use[(size_t)b * n_use + (size_t)e];
            if (use <= 0)
                continue;
            int r = p->use_resource[e];
            if (p->resource_base[(size_t)b * (size_t)p->n_resources + (size_t)r] > UNLIMITED)
                continue;
            double room = supply_at(w, b, r, p->design_upper) / use;
            if (room < w->flow_upper[f])
                w->flow_upper[f] = room;
            if (supply_at(w, b, r, w->lp->upper) <= 1e-9 * use)
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

/* imbalance of each component of commodity c, at its first row; returns the largest |d|. */
static double sum_components(builder *w, int b, int c)
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
    return scale;
}

/* Columns and flow rows of a block: one row of each connected component is left out. */
static kv_status add_columns(builder *w, int b)
{
    const kv_problem *p = w->problem;
    kv_block *k = &w->lp->block[b];
    size_t at = (size_t)b * (size_t)p->n_flows;
    int n = 0;
    for (int f = 0; f < p->n_flows; f++) {
        w->column_of[f] = w->flow_upper[f] > 0 ? n : -1;
        n += w->flow_upper[f] > 0;
    }
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
    if (!k->flow || !k->cost || !k->upper || !k->tail || !k->head || !k->group_first ||
        !k->group_row || !k->group_scale || !k->row_balance || !k->rhs)
        return KV_ERR_MEMORY;
    for (int i = 0; i < p->n_balances; i++)
        w->parent[i] = i;
    for (int f = 0; f < p->n_flows; f++) {
        if (w->column_of[f] < 0 || p->flow_tail_row[f] < 0 || p->flow_head_row[f] < 0)
            continue;
        int s = find_root(w->parent, p->flow_tail_row[f]),
            t = find_root(w->parent, p->flow_head_row[f]);
        if (s != t)
            w->parent[s > t ? s : t] = s > t ? t : s;
    }
    int rows = 0, column = 0;
    for (int c = 0; c < p->n_commodities; c++) {
        k->group_first[c] = column;
        k->group_row[c] = rows;
        double scale = sum_components(w, b, c);
        for (int i = p->commodity_balance_first[c]; i < p->commodity_balance_first[c + 1]; i++) {
            w->row_of[i] = -1;
            if (find_root(w->parent, i) == i && fabs(w->imbalance[i]) <= 1e-9 * scale)
                continue; /* the component's first row; kept if the component does not balance */
            w->row_of[i] = rows;
            k->row_balance[rows++] = i;
        }
        double largest = 0;
        for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++)
            if (w->flow_upper[f] > largest)
                largest = w->flow_upper[f];
        if (scale <= 0)
            scale = largest > 0 ? largest : 1;
        k->group_scale[c] = scale;
        for (int i = k->group_row[c]; i < rows; i++)
            k->rhs[i] =
                p->balance[(size_t)b * (size_t)p->n_balances + (size_t)k->row_balance[i]] / scale;
        for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++) {
            if (w->column_of[f] < 0)
                continue;
            k->flow[column] = f;
            k->cost[column] = p->block_weight[b] * p->flow_cost[at + (size_t)f] * scale;
            k->upper[column] = w->flow_upper[f] / scale;
            k->tail[column] = p->flow_tail_row[f] < 0 ? -1 : w->row_of[p->flow_tail_row[f]];
            k->head[column] = p->flow_head_row[f] < 0 ? -1 : w->row_of[p->flow_head_row[f]];
            column++;
        }
    }
    k->group_first[p->n_commodities] = column;
    k->group_row[p->n_commodities] = rows;
    k->n_rows = rows;
    w->lp->n_x += column;
    return KV_OK;
}

/* A growing list of (row, column, value) entries of linking rows over flows, and over y. */
typedef struct entries {
    int *row, *column;
    double *value;
    size_t count, row_capacity, column_capacity, value_capacity;
} entries;

static int entries_add(entries *list, int row, int column, double value)
{
    if (kv_reserve((void **)&list->row, &list->row_capacity, list->count + 1, sizeof(int)) ||
        kv_reserve((void **)&list->column, &list->column_capacity, list->count + 1, sizeof(int)) ||
        kv_reserve((void **)&list->value, &list->value_capacity, list->count + 1, sizeof(double)))
        return -1;
    list->row[list->count] = row;
    list->column[list->count] = column;
    list->value[list->count++] = value;
    return 0;
}

static void entries_free(entries *list)
{
    kv_free(list->row);
    kv_free(list->column);
    kv_free(list->value);
}

typedef struct linking { /* linking rows of a block while they are collected */
    entries flows, designs;
    int *kind, *index;
    double *rhs;
    unsigned char *equality;
    int count, limit;
} linking;

static int linking_row(linking *rows, int kind, int index, double rhs, int equality)
{
    int r = rows->count++;
    rows->kind[r] = kind;
    rows->index[r] = index;
    rows->rhs[r] = rhs;
    rows->equality[r] = (unsigned char)equality;
    return r;
}

/* y entry of a row whose left side has value * y_j: free ones become entries, fixed ones move. */
static int design_entry(const builder *w, linking *rows, int row, int j, double value)
{
    rows->rhs[row] -= value * w->lp->lower[j];
    if (w->y_of[j] < 0 || value == 0)
        return 0;
    return entries_add(&rows->designs, row, w->y_of[j], value * w->lp->y_scale[w->y_of[j]]);
}

static int add_resources(builder *w, int b, linking *rows)
{
    const kv_problem *p = w->problem;
    size_t n_use = (size_t)p->use_first[p->n_flows], base = (size_t)b * (size_t)p->n_resources;
    const kv_block *k = &w->lp->block[b];
    int *row_of = kv_alloc((size_t)p->n_resources, sizeof(int)), failed = row_of == NULL;
    double *most =
        kv_alloc((size_t)p->n_resources, sizeof(double)); /* what flows could use at most */
    failed = failed || !most;
    for (int c = 0; c < k->n_columns && !failed; c++) {
        int f = k->flow[c];
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++)
            most[p->use_resource[e]] += p->use[(size_t)b * n_use + (size_t)e] * w->flow_upper[f];
    }
    for (int r = 0; r < p->n_resources && !failed; r++) {
        row_of[r] = -1;
        double rhs = p->resource_base[base + (size_t)r];
        if (rhs > UNLIMITED || most[r] <= 0 || most[r] <= supply_at(w, b, r, w->lp->lower))
            continue;
        row_of[r] = linking_row(rows, KV_LINK_RESOURCE, r, rhs, 0);
        for (int e = p->supply_first[base + (size_t)r]; e < p->supply_first[base + (size_t)r + 1];
             e++)
            failed |= design_entry(w, rows, row_of[r], p->supply_design[e], -p->supply[e]);
    }
    for (int c = 0; c < k->n_columns && !failed; c++) {
        int f = k->flow[c];
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++) {
            double use = p->use[(size_t)b * n_use + (size_t)e];
            if (row_of[p->use_resource[e]] >= 0 && use > 0)
                failed |= entries_add(&rows->flows, row_of[p->use_resource[e]], c, use);
        }
    }
    kv_free(row_of);
    kv_free(most);
    return failed ? -1 : 0;
}

static int add_openings(builder *w, int b, linking *rows)
{
    const kv_problem *p = w->problem;
    for (int i = 0; i < w->options->n_openings; i++) {
        const kv_opening *open = &p->openings[w->options->openings[i].opening];
        int f = w->options->openings[i].flow;
        if (open->block != b || w->column_of[f] < 0)
            continue;
        double low = 0;
        for (int e = open->first; e < open->first + open->count; e++)
            low += p->opening_coefficient[e] * w->lp->lower[p->opening_design[e]];
        if (low >= 1)
            continue; /* open for sure */
        int r = linking_row(rows, KV_LINK_OPENING, i, 0, 0);
        if (entries_add(&rows->flows, r, w->column_of[f], 1))
            return -1;
        for (int e = open->first; e < open->first + open->count; e++)
            if (design_entry(w, rows, r, p->opening_design[e],
                             -w->flow_upper[f] * p->opening_coefficient[e]))
                return -1;
    }
    return 0;
}

static int add_couplings(builder *w, int b, linking *rows)
{
    const kv_rows *coupling = &w->problem->coupling;
    for (int i = 0; i < coupling->count; i++) {
        if (w->coupling_block[i] != b)
            continue;
        int any = 0;
        for (int e = coupling->flow_first[i]; e < coupling->flow_first[i + 1]; e++)
            any |= w->column_of[coupling->flow[e]] >= 0 && coupling->flow_value[e] != 0;
        for (int e = coupling->design_first[i]; e < coupling->design_first[i + 1]; e++)
            any |= w->y_of[coupling->design[e]] >= 0;
        if (!any)
            continue;
        int r = linking_row(rows, KV_LINK_COUPLING, i, coupling->rhs[i], coupling->sense[i] == 'E');
        for (int e = coupling->flow_first[i]; e < coupling->flow_first[i + 1]; e++)
            if (w->column_of[coupling->flow[e]] >= 0 && coupling->flow_value[e] != 0 &&
                entries_add(&rows->flows, r, w->column_of[coupling->flow[e]],
                            coupling->flow_value[e]))
                return -1;
        for (int e = coupling->design_first[i]; e < coupling->design_first[i + 1]; e++)
            if (design_entry(w, rows, r, coupling->design[e], coupling->design_value[e]))
                return -1;
    }
    return 0;
}

/* Flow entries of the global rows; their row numbers follow the linking rows. */
static int add_global_flows(builder *w, int b, linking *rows)
{
    const kv_rows *coupling = &w->problem->coupling;
    for (int i = 0; i < coupling->count; i++) {
        int g = w->coupling_global[i];
        if (g < 0)
            continue;
        for (int e = coupling->flow_first[i]; e < coupling->flow_first[i + 1]; e++)
            if (coupling->flow_block[e] == b && w->column_of[coupling->flow[e]] >= 0 &&
                coupling->flow_value[e] != 0 &&
                entries_add(&rows->flows, rows->count + g, w->column_of[coupling->flow[e]],
                            coupling->flow_value[e]))
                return -1;
    }
    return 0;
}

/* Sort entries by `key` (stable) into a compressed form. */
static kv_status compress(const entries *list, const int *key, const int *other, int n, int **first,
                          int **index, double **value)
{
    *first = kv_alloc((size_t)n + 1, sizeof(int));
    *index = kv_alloc(list->count, sizeof(int));
    *value = kv_alloc(list->count, sizeof(double));
    int *next = kv_alloc((size_t)n + 1, sizeof(int));
    if (!*first || !*index || !*value || !next) {
        kv_free(next);
        return KV_ERR_MEMORY;
    }
    for (size_t e = 0; e < list->count; e++)
        (*first)[key[e] + 1]++;
    for (int i = 0; i < n; i++)
        (*first)[i + 1] += (*first)[i];
    memcpy(next, *first, sizeof(int) * (size_t)n);
    for (size_t e = 0; e < list->count; e++) {
        int at = next[key[e]]++;
        (*index)[at] = other[e];
        (*value)[at] = list->value[e];
    }
    kv_free(next);
    return KV_OK;
}

/* Divide each linking row by its largest entry; flows' entries are in scaled units then. */
static kv_status finish_linking(builder *w, int b, linking *rows)
{
    kv_block *k = &w->lp->block[b];
    k->n_linking = rows->count;
    k->linking_scale = kv_alloc((size_t)rows->count, sizeof(double));
    if (!k->linking_scale)
        return KV_ERR_MEMORY;
    int *group = w->count; /* [n_columns] */
    for (int g = 0; g < k->n_groups; g++)
        for (int c = k->group_first[g]; c < k->group_first[g + 1]; c++)
            group[c] = g;
    for (size_t e = 0; e < rows->flows.count; e++) {
        rows->flows.value[e] *= k->group_scale[group[rows->flows.column[e]]];
        int r = rows->flows.row[e];
        if (r < rows->count)
            k->linking_scale[r] = fmax(k->linking_scale[r], fabs(rows->flows.value[e]));
        else
            w->lp->global_scale[r - rows->count] =
                fmax(w->lp->global_scale[r - rows->count], fabs(rows->flows.value[e]));
    }
    for (size_t e = 0; e < rows->designs.count; e++)
        k->linking_scale[rows->designs.row[e]] =
            fmax(k->linking_scale[rows->designs.row[e]], fabs(rows->designs.value[e]));
    for (int r = 0; r < rows->count; r++)
        if (k->linking_scale[r] <= 0)
            k->linking_scale[r] = 1;
    for (size_t e = 0; e < rows->flows.count; e++)
        if (rows->flows.row[e] < rows->count)
            rows->flows.value[e] /= k->linking_scale[rows->flows.row[e]];
    for (size_t e = 0; e < rows->designs.count; e++)
        rows->designs.value[e] /= k->linking_scale[rows->designs.row[e]];
    for (int r = 0; r < rows->count; r++)
        rows->rhs[r] /= k->linking_scale[r];
    kv_status status = compress(&rows->flows, rows->flows.column, rows->flows.row, k->n_columns,
                                &k->entry_first, &k->entry_row, &k->entry);
    if (status == KV_OK)
        status = compress(&rows->designs, rows->designs.row, rows->designs.column, rows->count,
                          &k->y_first, &k->y_index, &k->y_value);
    k->kind = rows->kind;
    k->index = rows->index;
    k->linking_rhs = rows->rhs;
    k->equality = rows->equality;
    return status;
}

static kv_status add_linking(builder *w, int b)
{
    linking rows = {0};
    size_t limit = (size_t)w->problem->n_resources + (size_t)w->options->n_openings +
                   (size_t)w->problem->coupling.count;
    rows.kind = kv_alloc(limit, sizeof(int));
    rows.index = kv_alloc(limit, sizeof(int));
    rows.rhs = kv_alloc(limit, sizeof(double));
    rows.equality = kv_alloc(limit, 1);
    kv_status status = KV_ERR_MEMORY;
    int owned = 0;
    if (!rows.kind || !rows.index || !rows.rhs || !rows.equality)
        goto out;
    if (add_resources(w, b, &rows) || add_openings(w, b, &rows) || add_couplings(w, b, &rows) ||
        add_global_flows(w, b, &rows))
        goto out;
    status = finish_linking(w, b, &rows);
    owned = w->lp->block[b].kind != NULL;
out:
    entries_free(&rows.flows);
    entries_free(&rows.designs);
    if (!owned) {
        kv_free(rows.kind);
        kv_free(rows.index);
        kv_free(rows.rhs);
        kv_free(rows.equality);
    }
    return status;
}

/* Which coupling rows lie within one block, and which are global. */
static void sort_couplings(builder *w)
{
    const kv_rows *rows = &w->problem->coupling;
    w->lp->n_global_flow = 0;
    for (int i = 0; i < rows->count; i++) {
        int block = -1, several = 0;
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++) {
            several |= block >= 0 && rows->flow_block[e] != block;
            block = rows->flow_block[e];
        }
        w->coupling_block[i] = several || block < 0 ? -1 : block;
        w->coupling_global[i] = w->coupling_block[i] < 0 ? w->lp->n_global_flow++ : -1;
    }
}

static int row_is_free(const builder *w, const kv_rows *rows, int i)
{
    for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
        if (w->y_of[rows->design[e]] >= 0 && rows->design_value[e] != 0)
            return 1;
    return 0;
}

/* A side row over fixed variables only: it must hold as it is. */
static void check_fixed_row(const builder *w, const kv_rows *rows, int i)
{
    double left = 0, size = fabs(rows->rhs[i]);
    for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++) {
        double term = rows->design_value[e] * w->lp->lower[rows->design[e]];
        left += term;
        size = fmax(size, fabs(term));
    }
    double over = left - rows->rhs[i], slack = 1e-6 * fmax(1, size);
    if (over > slack || (rows->sense[i] == 'E' && over < -slack))
        w->lp->infeasible = 1;
}

static int add_global_row(builder *w, entries *list, const kv_rows *rows, int i, int kind)
{
    kv_block_lp *lp = w->lp;
    int g = lp->n_global++;
    lp->global_kind[g] = kind;
    lp->global_index[g] = i;
    lp->global_equality[g] = rows->sense[i] == 'E';
    double rhs = rows->rhs[i];
    for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++) {
        int j = rows->design[e];
        rhs -= rows->design_value[e] * lp->lower[j];
        if (w->y_of[j] < 0 || rows->design_value[e] == 0)
            continue;
        double value = rows->design_value[e] * lp->y_scale[w->y_of[j]];
        lp->global_scale[g] = fmax(lp->global_scale[g], fabs(value));
        if (entries_add(list, g, w->y_of[j], value))
            return -1;
    }
    lp->global_rhs[g] = rhs;
    return 0;
}

/* Global rows: coupling rows over several blocks first, then side rows. */
static kv_status add_global(builder *w)
{
    const kv_problem *p = w->problem;
    kv_block_lp *lp = w->lp;
    entries list = {0};
    kv_status status = KV_ERR_MEMORY;
    for (int i = 0; i < p->coupling.count; i++)
        if (w->coupling_global[i] >= 0 && add_global_row(w, &list, &p->coupling, i, 1))
            goto out;
    for (int i = 0; i < p->side.count; i++) {
        if (w->options->drop_side && w->options->drop_side[i])
            continue;
        if (!row_is_free(w, &p->side, i)) {
            check_fixed_row(w, &p->side, i);
            continue;
        }
        if (add_global_row(w, &list, &p->side, i, 0))
            goto out;
    }
    for (int g = 0; g < lp->n_global; g++)
        if (lp->global_scale[g] <= 0)
            lp->global_scale[g] = 1;
    for (size_t e = 0; e < list.count; e++)
        list.value[e] /= lp->global_scale[list.row[e]];
    for (int g = 0; g < lp->n_global; g++)
        lp->global_rhs[g] /= lp->global_scale[g];
    for (int b = 0; b < lp->n_blocks; b++) {
        kv_block *k = &lp->block[b];
        for (int e = 0; e < k->entry_first[k->n_columns]; e++)
            if (k->entry_row[e] >= k->n_linking)
                k->entry[e] /= lp->global_scale[k->entry_row[e] - k->n_linking];
    }
    status = compress(&list, list.row, list.column, lp->n_global, &lp->global_first, &lp->global_y,
                      &lp->global_value);
out:
    entries_free(&list);
    return status;
}

static void choose_designs(builder *w)
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

static kv_status allocate(builder *w)
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
    builder w = {.problem = problem, .options = options ? options : &plain};
    *out = NULL;
    w.lp = kv_alloc(1, sizeof(*w.lp));
    if (!w.lp)
        return KV_ERR_MEMORY;
    w.lp->problem = problem;
    kv_status status = allocate(&w);
    if (status != KV_OK)
        goto done;
    choose_designs(&w);
    sort_couplings(&w);
    for (int b = 0; b < problem->n_blocks && status == KV_OK; b++) {
        bound_flows(&w, b);
        status = add_columns(&w, b);
        if (status == KV_OK)
            status = add_linking(&w, b);
    }
    if (status == KV_OK)
        status = add_global(&w);
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
