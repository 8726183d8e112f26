/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The priced rows of the flow relaxation: resources, a row a flow and opening set, coupling rows. */
#include "base/memory.h"
#include "solver/lagrange/flow_relaxation.h"

#include <string.h>

static const double unlimited = 1e30;

/* All is gone through twice: to count, then to fill. */
typedef struct builder {
    kv_flow_relaxation *relaxation;
    int fill, row;
    int *arc_first, *arc_flow; /* [n_arcs + 1], [n_flows] flows of an arc */
    int *resource_row;         /* [n_blocks * n_resources] -1 = unlimited */
} builder;

static void add_row(builder *b, kv_flow_row_kind kind, int bounded, int source, int flow,
                    double rhs)
{
    kv_flow_relaxation *w = b->relaxation;
    if (b->fill) {
        w->kind[b->row] = (unsigned char)kind;
        w->bounded[b->row] = (unsigned char)bounded;
        w->source[b->row] = source;
        w->flow[b->row] = flow;
        w->rhs[b->row] = rhs;
    }
    b->row++;
}

/* An entry of the row added last, or of `row`. */
static void add_flow(builder *b, size_t x, int row, double value)
{
    kv_flow_relaxation *w = b->relaxation;
    size_t at = w->entry_first[x]++;
    if (b->fill) {
        w->entry_row[at] = row;
        w->entry_value[at] = value;
    }
}

static void add_design(builder *b, int design, int row, double value)
{
    kv_flow_relaxation *w = b->relaxation;
    size_t at = w->design_first[design]++;
    if (b->fill) {
        w->design_row[at] = row;
        w->design_value[at] = value;
    }
}

/* ---- rows ---- */

static void add_resources(builder *b)
{
    const kv_problem *p = b->relaxation->problem;
    for (int i = 0; i < p->n_blocks * p->n_resources; i++) {
        b->resource_row[i] = p->resource_base[i] < unlimited ? b->row : -1;
        if (b->resource_row[i] < 0)
            continue;
        for (int e = p->supply_first[i]; e < p->supply_first[i + 1]; e++)
            add_design(b, p->supply_design[e], b->row, -p->supply[e]);
        add_row(b, KV_FLOW_RESOURCE, 1, i, -1, -p->resource_base[i]);
    }
    for (int block = 0; block < p->n_blocks; block++)
        for (int f = 0; f < p->n_flows; f++) {
            size_t x = (size_t)block * (size_t)p->n_flows + (size_t)f;
            const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
            for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++) {
                int row = b->resource_row[block * p->n_resources + p->use_resource[e]];
                if (row >= 0 && use[e] > 0.0 && !b->relaxation->closed[x])
                    add_flow(b, x, row, use[e]);
            }
        }
}

static void add_openings(builder *b)
{
    const kv_problem *p = b->relaxation->problem;
    for (int o = 0; o < p->n_openings; o++) {
        const kv_opening *open = &p->openings[o];
        for (int i = b->arc_first[open->arc]; i < b->arc_first[open->arc + 1]; i++) {
            size_t x = (size_t)open->block * (size_t)p->n_flows + (size_t)b->arc_flow[i];
            if (b->relaxation->closed[x])
                continue;
            add_flow(b, x, b->row, 1.0);
            for (int e = open->first; e < open->first + open->count; e++)
                add_design(b, p->opening_design[e], b->row,
                           -p->flow_upper[x] * p->opening_coefficient[e]);
            add_row(b, KV_FLOW_OPENING, 1, o, b->arc_flow[i], 0.0);
        }
    }
}

static void add_coupling(builder *b)
{
    const kv_problem *p = b->relaxation->problem;
    const kv_rows *rows = &p->coupling;
    for (int i = 0; i < rows->count; i++) {
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++) {
            size_t x = (size_t)rows->flow_block[e] * (size_t)p->n_flows + (size_t)rows->flow[e];
            if (!b->relaxation->closed[x])
                add_flow(b, x, b->row, rows->flow_value[e]);
        }
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            add_design(b, rows->design[e], b->row, rows->design_value[e]);
        add_row(b, KV_FLOW_COUPLING, rows->sense[i] == 'L', i, -1, -rows->rhs[i]);
    }
}

static void add_all(builder *b)
{
    b->row = 0;
    add_resources(b);
    add_openings(b);
    add_coupling(b);
}

/* ---- what it stands on ---- */

static void mark_closed(kv_flow_relaxation *w, const builder *b)
{
    const kv_problem *p = w->problem;
    size_t flows = (size_t)p->n_flows;
    for (size_t x = 0; x < (size_t)p->n_blocks * flows; x++)
        w->closed[x] = p->flow_upper[x] <= 0.0;
    for (int o = 0; o < p->n_openings; o++) {
        const kv_opening *open = &p->openings[o];
        int offers = 0;
        for (int e = open->first; e < open->first + open->count; e++)
            offers |=
                w->lower[p->opening_design[e]] != 0.0 || w->upper[p->opening_design[e]] != 0.0;
        for (int i = b->arc_first[open->arc]; i < b->arc_first[open->arc + 1] && !offers; i++)
            w->closed[(size_t)open->block * flows + (size_t)b->arc_flow[i]] = 1;
    }
}

static void index_arcs(const kv_problem *p, builder *b)
{
    for (int f = 0; f < p->n_flows; f++)
        b->arc_first[p->flow_arc[f]]++;
    for (int a = 0, end = 0; a <= p->n_arcs; a++)
        b->arc_first[a] = end += a < p->n_arcs ? b->arc_first[a] : 0;
    for (int f = p->n_flows - 1; f >= 0; f--)
        b->arc_flow[--b->arc_first[p->flow_arc[f]]] = f;
}

/* Counts become beginnings. */
static size_t add_up(size_t *first, size_t n)
{
    size_t end = 0;
    for (size_t i = 0; i <= n; i++) {
        size_t count = i < n ? first[i] : 0;
        first[i] = end;
        end += count;
    }
    return end;
}

/* Ends become beginnings. */
static void step_back(size_t *first, size_t n)
{
    memmove(first + 1, first, n * sizeof *first);
    first[0] = 0;
}

static kv_status fill_rows(builder *b)
{
    kv_flow_relaxation *w = b->relaxation;
    size_t flows = (size_t)w->problem->n_blocks * (size_t)w->problem->n_flows;
    size_t designs = (size_t)w->problem->n_design, rows = (size_t)b->row;
    size_t entries = add_up(w->entry_first, flows), of_designs = add_up(w->design_first, designs);
    w->n_rows = b->row;
    w->kind = kv_alloc(rows, 1);
    w->bounded = kv_alloc(rows, 1);
    w->source = kv_alloc(rows, sizeof(int));
    w->flow = kv_alloc(rows, sizeof(int));
    w->rhs = kv_alloc(rows, sizeof(double));
    w->worth = kv_alloc(rows, sizeof(double));
    w->size = kv_alloc(rows, sizeof(double));
    w->entry_row = kv_alloc(entries, sizeof(int));
    w->entry_value = kv_alloc(entries, sizeof(double));
    w->design_row = kv_alloc(of_designs, sizeof(int));
    w->design_value = kv_alloc(of_designs, sizeof(double));
    if (!w->kind || !w->bounded || !w->source || !w->flow || !w->rhs || !w->worth || !w->size ||
        !w->entry_row || !w->entry_value || !w->design_row || !w->design_value)
        return KV_ERR_MEMORY;
    b->fill = 1;
    add_all(b);
    step_back(w->entry_first, flows);
    step_back(w->design_first, designs);
    return KV_OK;
}

kv_status kv_flow_relaxation_rows(kv_flow_relaxation *relaxation)
{
    kv_flow_relaxation *w = relaxation;
    const kv_problem *p = w->problem;
    size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows;
    builder b = {.relaxation = w};
    kv_status status = KV_ERR_MEMORY;
    w->closed = kv_alloc(flows, 1);
    w->entry_first = kv_alloc(flows + 1, sizeof(size_t));
    w->design_first = kv_alloc((size_t)p->n_design + 1, sizeof(size_t));
    b.arc_first = kv_alloc((size_t)p->n_arcs + 1, sizeof(int));
    b.arc_flow = kv_alloc((size_t)p->n_flows, sizeof(int));
    b.resource_row = kv_alloc((size_t)p->n_blocks * (size_t)p->n_resources, sizeof(int));
    if (!w->closed || !w->entry_first || !w->design_first || !b.arc_first || !b.arc_flow ||
        !b.resource_row)
        goto out;
    index_arcs(p, &b);
    mark_closed(w, &b);
    add_all(&b);
    status = fill_rows(&b);
out:
    kv_free(b.arc_first);
    kv_free(b.arc_flow);
    kv_free(b.resource_row);
    return status;
}
