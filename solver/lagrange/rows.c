/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows that the knapsack relaxation prices: where they are, and their entries. */
#include "base/memory.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>

static const double unlimited = 1e30;

typedef struct maker {
    kv_knapsack *knapsack;
    const kv_problem *problem;
    const unsigned char *drop_side;
    unsigned char *kept; /* [n_blocks * n_resources] 1 = by a cell, 2 = never binds */
    int *balance_row;    /* [n_balances] rank by node, commodity */
    int *resource_row;   /* [n_blocks * n_resources] or -1 */
    int *coupling_row;   /* [coupling.count] */
    int *side_row;       /* [side.count] or -1 */
} maker;

/* ---- which rows ---- */

static void mark_resources(maker *m)
{
    const kv_knapsack *k = m->knapsack;
    const kv_problem *p = m->problem;
    for (int c = 0; c < k->n_cells; c++)
        if (k->cells[c].resource >= 0)
            m->kept[k->cells[c].block * p->n_resources + k->cells[c].resource] = 1;
}

/* The most that the flows can use of each resource of a block; `most` [n_resources]. */
static void most_used(const maker *m, int block, double *most)
{
    const kv_problem *p = m->problem;
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    for (int r = 0; r < p->n_resources; r++)
        most[r] = 0.0;
    for (int f = 0; f < p->n_flows; f++) {
        size_t x = (size_t)block * (size_t)p->n_flows + (size_t)f;
        for (int e = p->use_first[f]; m->knapsack->position[x] >= 0 && e < p->use_first[f + 1]; e++)
            most[p->use_resource[e]] += use[e] * p->flow_upper[x];
    }
}

/* Counts, and numbers when the arrays are there. */
static int add_row(kv_knapsack *k, kv_row_kind kind, int bounded, int source, double rhs)
{
    int row = k->n_rows++;
    if (k->kind) {
        k->kind[row] = (unsigned char)kind;
        k->bounded[row] = (unsigned char)bounded;
        k->source[row] = source;
        k->rhs[row] = rhs;
    }
    return row;
}

static void add_balance_rows(const maker *m)
{
    const kv_problem *p = m->problem;
    kv_knapsack *k = m->knapsack;
    for (int b = 0; b < p->n_blocks; b++) {
        int first = k->n_rows;
        k->n_rows += p->n_balances;
        for (int v = 0; k->kind && v < p->n_balances; v++) {
            int row = first + m->balance_row[v], source = b * p->n_balances + v;
            k->kind[row] = KV_ROW_BALANCE;
            k->source[row] = source;
            k->rhs[row] = p->balance[source];
        }
    }
    k->n_balance = k->n_rows;
    for (int i = 0; i < p->n_commodities; i++)
        add_row(k, KV_ROW_NONE, 0, -1, 0.0);
}

static void add_rows(const maker *m)
{
    const kv_problem *p = m->problem;
    kv_knapsack *k = m->knapsack;
    k->n_rows = 0;
    add_balance_rows(m);
    for (int r = 0; r < p->n_blocks * p->n_resources; r++)
        m->resource_row[r] =
            m->kept[r] ? -1 : add_row(k, KV_ROW_RESOURCE, 1, r, -p->resource_base[r]);
    for (int i = 0; i < p->coupling.count; i++)
        m->coupling_row[i] =
            add_row(k, KV_ROW_COUPLING, p->coupling.sense[i] == 'L', i, -p->coupling.rhs[i]);
    for (int i = 0; i < p->side.count; i++)
        m->side_row[i] = m->drop_side && m->drop_side[i]
                             ? -1
                             : add_row(k, KV_ROW_SIDE, p->side.sense[i] == 'L', i, -p->side.rhs[i]);
    int first_gate = k->n_rows;
    for (int c = 0; c < k->n_cells; c++) {
        int opening = k->cells[c].gate, row = k->n_rows;
        for (int i = 0; i < k->cells[c].n_gates; i++)
            add_row(k, KV_ROW_GATE, 1, opening + i, 0.0);
        if (k->kind && k->cells[c].n_gates > 0)
            k->cells[c].gate = row;
    }
    k->n_gates = k->n_rows - first_gate;
}

static kv_status number_rows(maker *m)
{
    kv_knapsack *k = m->knapsack;
    add_rows(m);
    size_t n = (size_t)k->n_rows;
    unsigned char *kind = kv_alloc(n, 1);
    k->bounded = kv_alloc(n, 1);
    k->source = kv_alloc(n, sizeof(int));
    k->rhs = kv_alloc(n, sizeof(double));
    k->worth = kv_alloc(n, sizeof(double));
    k->size = kv_alloc(n, sizeof(double));
    k->kind = kind;
    if (!kind || !k->bounded || !k->source || !k->rhs || !k->worth || !k->size)
        return KV_ERR_MEMORY;
    add_rows(m);
    return KV_OK;
}

/* ---- entries ---- */

typedef void entry_fn(maker *m, int at, int row, double value);

/* Entries of designs: counted by one function, put down by another. */
static void each_design_entry(maker *m, entry_fn *entry)
{
    const kv_problem *p = m->problem;
    const kv_knapsack *k = m->knapsack;
    for (int r = 0; r < p->n_blocks * p->n_resources; r++)
        for (int e = p->supply_first[r]; m->resource_row[r] >= 0 && e < p->supply_first[r + 1]; e++)
            entry(m, p->supply_design[e], m->resource_row[r], -p->supply[e]);
    for (int i = 0; i < p->coupling.count; i++)
        for (int e = p->coupling.design_first[i]; e < p->coupling.design_first[i + 1]; e++)
            entry(m, p->coupling.design[e], m->coupling_row[i], p->coupling.design_value[e]);
    for (int i = 0; i < p->side.count; i++)
        for (int e = p->side.design_first[i];
             m->side_row[i] >= 0 && e < p->side.design_first[i + 1]; e++)
            entry(m, p->side.design[e], m->side_row[i], p->side.design_value[e]);
    for (int i = 0; i < k->n_rows; i++) {
        if (k->kind[i] != KV_ROW_GATE)
            continue;
        const kv_opening *o = &p->openings[k->source[i]];
        for (int e = o->first; e < o->first + o->count; e++)
            entry(m, p->opening_design[e], i, -p->opening_coefficient[e]);
    }
}

static void each_flow_entry(maker *m, entry_fn *entry)
{
    const kv_problem *p = m->problem;
    const kv_knapsack *k = m->knapsack;
    for (int b = 0; b < p->n_blocks; b++) {
        const double *use = p->use + (size_t)b * (size_t)p->use_first[p->n_flows];
        for (int f = 0; f < p->n_flows; f++) {
            int at = k->position[(size_t)b * (size_t)p->n_flows + (size_t)f];
            for (int e = p->use_first[f]; at >= 0 && e < p->use_first[f + 1]; e++) {
                int row = m->resource_row[b * p->n_resources + p->use_resource[e]];
                if (row >= 0 && use[e] > 0.0)
                    entry(m, at, row, use[e]);
            }
        }
    }
    for (int i = 0; i < p->coupling.count; i++)
        for (int e = p->coupling.flow_first[i]; e < p->coupling.flow_first[i + 1]; e++) {
            int at = k->position[(size_t)p->coupling.flow_block[e] * (size_t)p->n_flows +
                                 (size_t)p->coupling.flow[e]];
            if (at >= 0 && p->coupling.flow_value[e] != 0.0)
                entry(m, at, m->coupling_row[i], p->coupling.flow_value[e]);
        }
}

static void count_flow(maker *m, int at, int row, double value)
{
    (void)row;
    (void)value;
    m->knapsack->entry_first[at + 1]++;
}

static void put_flow(maker *m, int at, int row, double value)
{
    kv_knapsack *k = m->knapsack;
    int e = k->entry_first[at + 1]++;
    k->entry_row[e] = row;
    k->entry_value[e] = value;
}

static void count_design(maker *m, int at, int row, double value)
{
    (void)row;
    (void)value;
    m->knapsack->design_first[at + 1]++;
}

static void put_design(maker *m, int at, int row, double value)
{
    kv_knapsack *k = m->knapsack;
    int e = k->design_first[at + 1]++;
    k->design_row[e] = row;
    k->design_value[e] = value;
}

/* Counts in first[i + 1] become the beginning of i there; filling it makes it the end. */
static int begin(int *first, int count)
{
    int at = 0;
    for (int i = 0; i < count; i++) {
        int n = first[i + 1];
        first[i + 1] = at;
        at += n;
    }
    return at;
}

static kv_status add_entries(maker *m)
{
    kv_knapsack *k = m->knapsack;
    k->entry_first = kv_alloc((size_t)k->n_positions + 1, sizeof(int));
    k->design_first = kv_alloc((size_t)k->problem->n_design + 1, sizeof(int));
    if (!k->entry_first || !k->design_first)
        return KV_ERR_MEMORY;
    each_flow_entry(m, count_flow);
    each_design_entry(m, count_design);
    size_t flows = (size_t)begin(k->entry_first, k->n_positions);
    size_t designs = (size_t)begin(k->design_first, k->problem->n_design);
    k->entry_row = kv_alloc(flows, sizeof(int));
    k->entry_value = kv_alloc(flows, sizeof(double));
    k->design_row = kv_alloc(designs, sizeof(int));
    k->design_value = kv_alloc(designs, sizeof(double));
    if (!k->entry_row || !k->entry_value || !k->design_row || !k->design_value)
        return KV_ERR_MEMORY;
    each_flow_entry(m, put_flow);
    each_design_entry(m, put_design);
    for (int c = 0; c < k->n_cells; c++)
        k->cells[c].general = k->entry_first[k->cells[c].end] > k->entry_first[k->cells[c].first];
    return KV_OK;
}

/* ---- runs ---- */

static int row_of(const maker *m, int block, int balance, int commodity)
{
    return balance < 0 ? m->knapsack->n_balance + commodity
                       : block * m->problem->n_balances + m->balance_row[balance];
}

static void find_ends(const maker *m)
{
    const kv_problem *p = m->problem;
    kv_knapsack *k = m->knapsack;
    for (int c = 0; c < k->n_cells; c++)
        for (int i = k->cells[c].first; i < k->cells[c].end; i++) {
            int f = k->flow[i], b = k->cells[c].block;
            k->tail[i] = row_of(m, b, p->flow_tail_row[f], p->flow_commodity[f]);
            k->head[i] = row_of(m, b, p->flow_head_row[f], p->flow_commodity[f]);
        }
}

/* Positions that follow each other in the rows too; every run belongs to one cell. */
static int find_runs(kv_knapsack *k)
{
    int n = 0;
    for (int c = 0; c < k->n_cells; c++) {
        kv_cell *cell = &k->cells[c];
        cell->run = n;
        for (int i = cell->first; i < cell->end; i++) {
            int follows = i > cell->first && k->tail[i] == k->tail[i - 1] + 1 &&
                          k->head[i] == k->head[i - 1] + 1;
            n += !follows;
            if (!k->runs)
                continue;
            kv_run *run = &k->runs[n - 1];
            if (!follows)
                *run = (kv_run){i, 0, k->tail[i], k->head[i], 1, k->cost[i]};
            run->length++;
            run->uniform &= k->cost[i] == run->cost;
        }
        cell->run_end = n;
    }
    return n;
}

static kv_status add_runs(maker *m)
{
    kv_knapsack *k = m->knapsack;
    k->tail = kv_alloc((size_t)k->n_positions, sizeof(int));
    k->head = kv_alloc((size_t)k->n_positions, sizeof(int));
    if (!k->tail || !k->head)
        return KV_ERR_MEMORY;
    find_ends(m);
    k->n_runs = find_runs(k);
    k->runs = kv_alloc((size_t)k->n_runs, sizeof *k->runs);
    if (!k->runs)
        return KV_ERR_MEMORY;
    find_runs(k);
    return KV_OK;
}

/* ---- all ---- */

/* Rank of the balance rows by node, then commodity. */
static kv_status rank_balances(maker *m)
{
    const kv_problem *p = m->problem;
    int *next = kv_alloc((size_t)p->n_nodes + 1, sizeof(int));
    if (!next)
        return KV_ERR_MEMORY;
    for (int v = 0; v < p->n_balances; v++)
        next[p->balance_node[v] + 1]++;
    for (int i = 0; i < p->n_nodes; i++)
        next[i + 1] += next[i];
    for (int v = 0; v < p->n_balances; v++)
        m->balance_row[v] = next[p->balance_node[v]]++;
    kv_free(next);
    return KV_OK;
}

static kv_status prepare(maker *m)
{
    const kv_problem *p = m->problem;
    size_t resources = (size_t)p->n_blocks * (size_t)p->n_resources;
    double *most = kv_alloc((size_t)p->n_resources, sizeof(double));
    m->kept = kv_alloc(resources, 1);
    m->balance_row = kv_alloc((size_t)p->n_balances, sizeof(int));
    m->resource_row = kv_alloc(resources, sizeof(int));
    m->coupling_row = kv_alloc((size_t)p->coupling.count, sizeof(int));
    m->side_row = kv_alloc((size_t)p->side.count, sizeof(int));
    kv_status status = KV_ERR_MEMORY;
    if (!most || !m->kept || !m->balance_row || !m->resource_row || !m->coupling_row ||
        !m->side_row)
        goto out;
    mark_resources(m);
    for (int b = 0; b < p->n_blocks; b++) {
        most_used(m, b, most);
        for (int r = 0; r < p->n_resources; r++) {
            int row = b * p->n_resources + r;
            if (!m->kept[row] &&
                (p->resource_base[row] >= unlimited || most[r] <= p->resource_base[row]))
                m->kept[row] = 2;
        }
    }
    status = rank_balances(m);
out:
    kv_free(most);
    return status;
}

kv_status kv_knapsack_rows(kv_knapsack *knapsack, const unsigned char *drop_side)
{
    maker m = {.knapsack = knapsack, .problem = knapsack->problem, .drop_side = drop_side};
    kv_status status = prepare(&m);
    if (status == KV_OK)
        status = number_rows(&m);
    if (status == KV_OK)
        status = add_entries(&m);
    if (status == KV_OK)
        status = add_runs(&m);
    void *arrays[] = {m.kept, m.balance_row, m.resource_row, m.coupling_row, m.side_row};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    return status;
}
