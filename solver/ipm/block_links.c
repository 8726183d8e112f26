/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Linking rows of a block: resources, opening rows, coupling rows. */
#include "solver/ipm/builder.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

typedef struct linking { /* linking rows of a block while they are collected */
    kv_entry_list flows, designs;
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
static int design_entry(const kv_builder *w, linking *rows, int row, int j, double value)
{
    rows->rhs[row] -= value * w->lp->lower[j];
    if (w->y_of[j] < 0 || value == 0)
        return 0;
    return kv_entry_list_add(&rows->designs, row, w->y_of[j], value * w->lp->y_scale[w->y_of[j]]);
}

static int add_resources(kv_builder *w, int b, linking *rows)
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
        if (rhs > KV_UNLIMITED || most[r] <= kv_builder_supply(w, b, r, w->lp->lower))
            continue; /* what is there cannot be used up */
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
                failed |= kv_entry_list_add(&rows->flows, row_of[p->use_resource[e]], c, use);
        }
    }
    kv_free(row_of);
    kv_free(most);
    return failed ? -1 : 0;
}

static int add_openings(kv_builder *w, int b, linking *rows)
{
    const kv_problem *p = w->problem;
    for (int at = w->opening_first[b]; at < w->opening_first[b + 1]; at++) {
        int i = w->opening_order[at], f = w->options->openings[i].flow;
        const kv_opening *open = &p->openings[w->options->openings[i].opening];
        if (w->column_of[f] < 0)
            continue;
        /* m of the problem, as the bound has it: what a resource limits is that row's part */
        double low = 0, most = p->flow_upper[(size_t)b * (size_t)p->n_flows + (size_t)f];
        for (int e = open->first; e < open->first + open->count; e++)
            low += p->opening_coefficient[e] * w->lp->lower[p->opening_design[e]];
        if (low >= 1)
            continue; /* open for sure */
        int r = linking_row(rows, KV_LINK_OPENING, i, 0, 0);
        if (kv_entry_list_add(&rows->flows, r, w->column_of[f], 1))
            return -1;
        for (int e = open->first; e < open->first + open->count; e++)
            if (design_entry(w, rows, r, p->opening_design[e], -most * p->opening_coefficient[e]))
                return -1;
    }
    return 0;
}

/* A row over closed flows and fixed designs only is needed where it does not hold: its multiplier
 * then proves that. */
static int row_matters(const kv_builder *w, const kv_rows *rows, int i)
{
    double left = 0, size = fmax(1, fabs(rows->rhs[i]));
    for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++)
        if (w->column_of[rows->flow[e]] >= 0 && rows->flow_value[e] != 0)
            return 1;
    for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++) {
        double term = rows->design_value[e] * w->lp->lower[rows->design[e]];
        if (w->y_of[rows->design[e]] >= 0)
            return 1;
        left += term;
        size = fmax(size, fabs(term));
    }
    double over = left - rows->rhs[i];
    return over > 1e-9 * size || (rows->sense[i] == 'E' && over < -1e-9 * size);
}

static int add_couplings(kv_builder *w, int b, linking *rows)
{
    const kv_rows *coupling = &w->problem->coupling;
    for (int at = w->coupling_first[b]; at < w->coupling_first[b + 1]; at++) {
        int i = w->coupling_order[at];
        if (!row_matters(w, coupling, i))
            continue;
        int r = linking_row(rows, KV_LINK_COUPLING, i, coupling->rhs[i], coupling->sense[i] == 'E');
        for (int e = coupling->flow_first[i]; e < coupling->flow_first[i + 1]; e++)
            if (w->column_of[coupling->flow[e]] >= 0 && coupling->flow_value[e] != 0 &&
                kv_entry_list_add(&rows->flows, r, w->column_of[coupling->flow[e]],
                                  coupling->flow_value[e]))
                return -1;
        for (int e = coupling->design_first[i]; e < coupling->design_first[i + 1]; e++)
            if (design_entry(w, rows, r, coupling->design[e], coupling->design_value[e]))
                return -1;
    }
    return 0;
}

/* Flow entries of the global rows; their row numbers follow the linking rows. */
static int add_global_flows(kv_builder *w, int b, linking *rows)
{
    const kv_rows *coupling = &w->problem->coupling;
    for (int at = w->global_first[b]; at < w->global_first[b + 1]; at++) {
        int e = w->global_order[at], column = w->column_of[coupling->flow[e]];
        if (column >= 0 && coupling->flow_value[e] != 0 &&
            kv_entry_list_add(&rows->flows, rows->count + w->entry_global[e], column,
                              coupling->flow_value[e]))
            return -1;
    }
    return 0;
}

/* Divide each linking row by its largest entry; flows' entries are in scaled units then. */
static kv_status finish_linking(kv_builder *w, int b, linking *rows)
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
    kv_status status =
        kv_entry_list_compress(&rows->flows, rows->flows.column, rows->flows.row, k->n_columns,
                               &k->entry_first, &k->entry_row, &k->entry);
    if (status == KV_OK)
        status = kv_entry_list_compress(&rows->designs, rows->designs.row, rows->designs.column,
                                        rows->count, &k->y_first, &k->y_index, &k->y_value);
    k->kind = rows->kind;
    k->index = rows->index;
    k->linking_rhs = rows->rhs;
    k->equality = rows->equality;
    return status;
}

kv_status kv_builder_add_linking(kv_builder *w, int b)
{
    linking rows = {0};
    size_t limit = (size_t)w->problem->n_resources +
                   (size_t)(w->opening_first[b + 1] - w->opening_first[b]) +
                   (size_t)(w->coupling_first[b + 1] - w->coupling_first[b]);
    rows.kind = kv_alloc(limit, sizeof(int));
    rows.index = kv_alloc(limit, sizeof(int));
    rows.rhs = kv_alloc(limit, sizeof(double));
    rows.equality = kv_alloc(limit, 1);
    kv_status status = KV_ERR_MEMORY;
    int owned = 0;
    if (!rows.kind || !rows.index || !rows.rhs || !rows.equality)
        goto out;
    if (add_resources(w, b, &rows) || add_couplings(w, b, &rows))
        goto out;
    w->lp->block[b].n_dense = rows.count;
    if (add_openings(w, b, &rows) || add_global_flows(w, b, &rows))
        goto out;
    status = finish_linking(w, b, &rows);
    owned = w->lp->block[b].kind != NULL;
out:
    kv_entry_list_free(&rows.flows);
    kv_entry_list_free(&rows.designs);
    if (!owned) {
        kv_free(rows.kind);
        kv_free(rows.index);
        kv_free(rows.rhs);
        kv_free(rows.equality);
    }
    return status;
}
