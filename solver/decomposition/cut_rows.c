/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/cut_rows.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* ---- rows ---------------------------------------------------------------------------------- */

static void free_rows(kv_rows *rows)
{
    kv_free(rows->sense);
    kv_free(rows->rhs);
    kv_free(rows->design_first);
    kv_free(rows->design);
    kv_free(rows->design_value);
    kv_free(rows->flow_first);
    kv_free(rows->flow_block);
    kv_free(rows->flow);
    kv_free(rows->flow_value);
    memset(rows, 0, sizeof *rows);
}

static kv_status make_room(size_t rows, size_t designs, size_t flows, kv_rows *out)
{
    out->sense = kv_alloc(rows, 1);
    out->rhs = kv_alloc(rows, sizeof *out->rhs);
    out->design_first = kv_alloc(rows + 1, sizeof *out->design_first);
    out->design = kv_alloc(designs, sizeof *out->design);
    out->design_value = kv_alloc(designs, sizeof *out->design_value);
    out->flow_first = kv_alloc(rows + 1, sizeof *out->flow_first);
    out->flow_block = kv_alloc(flows, sizeof *out->flow_block);
    out->flow = kv_alloc(flows, sizeof *out->flow);
    out->flow_value = kv_alloc(flows, sizeof *out->flow_value);
    return out->sense && out->rhs && out->design_first && out->design && out->design_value &&
                   out->flow_first && out->flow_block && out->flow && out->flow_value
               ? KV_OK
               : KV_ERR_MEMORY;
}

static void copy_row(const kv_rows *from, int row, kv_rows *to)
{
    int n = to->count++, d = to->design_first[n], x = to->flow_first[n];
    to->sense[n] = from->sense[row];
    to->rhs[n] = from->rhs[row];
    for (int e = from->design_first[row]; e < from->design_first[row + 1]; e++) {
        to->design[d] = from->design[e];
        to->design_value[d++] = from->design_value[e];
    }
    for (int e = from->flow_first[row]; e < from->flow_first[row + 1]; e++) {
        to->flow_block[x] = from->flow_block[e];
        to->flow[x] = from->flow[e];
        to->flow_value[x++] = from->flow_value[e];
    }
    to->design_first[n + 1] = d;
    to->flow_first[n + 1] = x;
}

static void add_cut(const kv_cut *cut, int n_flows, kv_rows *to)
{
    int n = to->count++, d = to->design_first[n], x = to->flow_first[n];
    to->sense[n] = 'L';
    to->rhs[n] = cut->rhs;
    for (int i = 0; i < cut->n_design; i++) {
        to->design[d] = cut->design[i];
        to->design_value[d++] = cut->design_value[i];
    }
    for (int i = 0; i < cut->n_flows; i++) {
        to->flow_block[x] = cut->flow[i] / n_flows;
        to->flow[x] = cut->flow[i] % n_flows;
        to->flow_value[x++] = cut->flow_value[i];
    }
    to->design_first[n + 1] = d;
    to->flow_first[n + 1] = x;
}

/* The rows of the base, and then the cuts with flows, or those without. */
static kv_status extend_rows(const kv_rows *base, int n, kv_cut *const *cut, int with_flows,
                             int n_flows, kv_rows *out)
{
    size_t rows = (size_t)base->count, designs = 0, flows = 0;
    if (base->count > 0) {
        designs = (size_t)base->design_first[base->count];
        flows = (size_t)base->flow_first[base->count];
    }
    for (int i = 0; i < n; i++)
        if ((cut[i]->n_flows > 0) == with_flows) {
            rows++;
            designs += (size_t)cut[i]->n_design;
            flows += (size_t)cut[i]->n_flows;
        }
    memset(out, 0, sizeof *out);
    kv_status status = make_room(rows, designs, flows, out);
    for (int i = 0; i < base->count && status == KV_OK; i++)
        copy_row(base, i, out);
    for (int i = 0; i < n && status == KV_OK; i++)
        if ((cut[i]->n_flows > 0) == with_flows)
            add_cut(cut[i], n_flows, out);
    return status;
}

/* ---- life ---------------------------------------------------------------------------------- */

kv_status kv_cut_rows_create(const kv_problem *base, const unsigned char *drop_side,
                             kv_cut_rows *rows)
{
    *rows = (kv_cut_rows){.base = base, .problem = *base};
    memset(&rows->problem.coupling, 0, sizeof rows->problem.coupling);
    memset(&rows->problem.side, 0, sizeof rows->problem.side);
    if (drop_side) {
        rows->drop = kv_alloc((size_t)base->side.count, 1);
        if (!rows->drop)
            return KV_ERR_MEMORY;
        memcpy(rows->drop, drop_side, (size_t)base->side.count);
    }
    return kv_cut_rows_set(rows, 0, NULL);
}

void kv_cut_rows_clear(kv_cut_rows *rows)
{
    free_rows(&rows->problem.coupling);
    free_rows(&rows->problem.side);
    kv_free(rows->drop);
    kv_free(rows->cut);
    kv_free(rows->row);
    memset(rows, 0, sizeof *rows);
}

static void number_cuts(const kv_problem *base, int n, kv_cut *const *cut, const kv_cut **list,
                        int *row)
{
    int coupling = base->coupling.count, side = base->side.count;
    for (int i = 0; i < n; i++) {
        list[i] = cut[i];
        row[i] = cut[i]->n_flows > 0 ? coupling++ : ~(side++);
    }
}

kv_status kv_cut_rows_set(kv_cut_rows *rows, int n, kv_cut *const *cut)
{
    const kv_problem *base = rows->base;
    kv_rows coupling, side = {0};
    const kv_cut **list = kv_alloc((size_t)n, sizeof *list);
    int *row = kv_alloc((size_t)n, sizeof *row);
    kv_status status = extend_rows(&base->coupling, n, cut, 1, base->n_flows, &coupling);
    if (status == KV_OK)
        status = extend_rows(&base->side, n, cut, 0, base->n_flows, &side);
    unsigned char *drop = NULL;
    if (status == KV_OK && rows->drop) {
        drop = kv_alloc((size_t)side.count, 1);
        if (drop)
            memcpy(drop, rows->drop, (size_t)base->side.count);
    }
    if (status != KV_OK || !list || !row || (rows->drop && !drop)) {
        free_rows(&coupling);
        free_rows(&side);
        kv_free(list);
        kv_free(row);
        kv_free(drop);
        return KV_ERR_MEMORY;
    }
    number_cuts(base, n, cut, list, row);
    free_rows(&rows->problem.coupling);
    free_rows(&rows->problem.side);
    kv_free(rows->cut);
    kv_free(rows->row);
    kv_free(rows->drop);
    rows->problem.coupling = coupling;
    rows->problem.side = side;
    rows->drop = drop;
    rows->cut = list;
    rows->row = row;
    rows->n_cuts = n;
    return KV_OK;
}

/* ---- multipliers --------------------------------------------------------------------------- */

/* Where a cut's multiplier stands in those of the problem with rows. */
static double *place_of(const kv_cut_rows *rows, int i, const kv_multipliers *m)
{
    return rows->row[i] < 0 ? &m->side[~rows->row[i]] : &m->coupling[rows->row[i]];
}

/* A copy for another number of coupling and side rows: those of the base, and zeros behind. */
static kv_multipliers *copy_for(const kv_problem *problem, const kv_problem *base,
                                const kv_multipliers *from)
{
    kv_multipliers *m = kv_multipliers_copy(base, from);
    double *coupling = kv_alloc((size_t)problem->coupling.count, sizeof *coupling);
    double *side = kv_alloc((size_t)problem->side.count, sizeof *side);
    if (!m || !coupling || !side) {
        kv_multipliers_free(m);
        kv_free(coupling);
        kv_free(side);
        return NULL;
    }
    memcpy(coupling, from->coupling, (size_t)base->coupling.count * sizeof *coupling);
    memcpy(side, from->side, (size_t)base->side.count * sizeof *side);
    kv_free(m->coupling);
    kv_free(m->side);
    m->coupling = coupling;
    m->side = side;
    return m;
}

kv_multipliers *kv_cut_rows_extend(const kv_cut_rows *rows, const kv_multipliers *multipliers)
{
    kv_multipliers *m = copy_for(&rows->problem, rows->base, multipliers);
    for (int c = 0; m && c < m->n_cut; c++)
        for (int i = 0; i < rows->n_cuts; i++)
            if (rows->cut[i] == m->cut[c])
                *place_of(rows, i, m) = m->cut_value[c];
    if (m)
        m->n_cut = 0;
    return m;
}

kv_multipliers *kv_cut_rows_reduce(const kv_cut_rows *rows, const kv_multipliers *multipliers)
{
    kv_multipliers *m = copy_for(rows->base, rows->base, multipliers);
    if (m && kv_multipliers_reserve_cuts(m, m->n_cut + rows->n_cuts) != KV_OK) {
        kv_multipliers_free(m);
        return NULL;
    }
    for (int i = 0; m && i < rows->n_cuts; i++) {
        double value = *place_of(rows, i, multipliers);
        if (!(value > 0))
            continue;
        m->cut[m->n_cut] = rows->cut[i];
        m->cut_value[m->n_cut++] = value;
    }
    return m;
}
