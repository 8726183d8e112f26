/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formulations/model.h"

#include "base/memory.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#define NO_BOUND 1e30

typedef struct maker {
    const kv_problem *p;
    kv_model *model;
    int *arc_first, *arc_flow; /* flows of each arc */
    size_t *next;              /* [n_columns] filling: where the next entry goes; NULL = counting */
} maker;

static size_t at_flow(const kv_problem *p, int b, int f)
{
    return (size_t)b * (size_t)p->n_flows + (size_t)f;
}

static void entry(maker *mk, int column, int row, double value)
{
    if (!mk->next) {
        mk->model->column_first[column + 1]++;
        return;
    }
    size_t at = mk->next[column]++;
    mk->model->row[at] = row;
    mk->model->value[at] = value;
}

static int arcs_index(maker *mk)
{
    const kv_problem *p = mk->p;
    mk->arc_first = kv_alloc((size_t)p->n_arcs + 2, sizeof(int));
    mk->arc_flow = kv_alloc((size_t)p->n_flows, sizeof(int));
    if (!mk->arc_first || !mk->arc_flow)
        return -1;
    for (int f = 0; f < p->n_flows; f++)
        mk->arc_first[p->flow_arc[f] + 2]++;
    for (int a = 0; a < p->n_arcs; a++)
        mk->arc_first[a + 2] += mk->arc_first[a + 1];
    for (int f = 0; f < p->n_flows; f++)
        mk->arc_flow[mk->arc_first[p->flow_arc[f] + 1]++] = f;
    return 0;
}

/* Numbers the flow columns behind the design columns. */
static int columns_number(maker *mk)
{
    const kv_problem *p = mk->p;
    kv_model *m = mk->model;
    size_t pairs = (size_t)p->n_blocks * (size_t)p->n_flows, columns = (size_t)p->n_design;
    if (!(m->column_of_flow = kv_alloc(pairs, sizeof(int))))
        return -1;
    for (size_t i = 0; i < pairs; i++)
        columns += p->flow_upper[i] > 0;
    if (pairs > INT_MAX || columns > INT_MAX)
        return -1;
    m->n_columns = (int)columns;
    if (!(m->flow_of_column = kv_alloc(columns, sizeof(int))))
        return -1;
    int column = 0;
    for (; column < p->n_design; column++)
        m->flow_of_column[column] = -1;
    for (size_t i = 0; i < pairs; i++) {
        m->column_of_flow[i] = p->flow_upper[i] > 0 ? column : -1;
        if (p->flow_upper[i] > 0)
            m->flow_of_column[column++] = (int)i;
    }
    return 0;
}

/* used[r] = 1 for the rows of block b that some flow column enters. */
static void mark_used(const maker *mk, int b, unsigned char *balance, unsigned char *resource)
{
    const kv_problem *p = mk->p;
    const double *use = p->use + (size_t)b * (size_t)p->use_first[p->n_flows];
    memset(balance, 0, (size_t)p->n_balances);
    memset(resource, 0, (size_t)p->n_resources);
    for (int f = 0; f < p->n_flows; f++) {
        if (mk->model->column_of_flow[at_flow(p, b, f)] < 0)
            continue;
        if (p->flow_tail_row[f] >= 0)
            balance[p->flow_tail_row[f]] = 1;
        if (p->flow_head_row[f] >= 0)
            balance[p->flow_head_row[f]] = 1;
        for (int i = p->use_first[f]; i < p->use_first[f + 1]; i++) {
            if (use[i] > 0)
                resource[p->use_resource[i]] = 1;
        }
    }
}

/* Numbers the balance and resource rows; a row that nothing enters and that holds anyway is -1. */
static int rows_number(maker *mk)
{
    const kv_problem *p = mk->p;
    kv_model *m = mk->model;
    const size_t balances = (size_t)p->n_blocks * (size_t)p->n_balances;
    const size_t resources = (size_t)p->n_blocks * (size_t)p->n_resources;
    int failed = -1;
    unsigned char *balance = kv_alloc((size_t)p->n_balances, 1);
    unsigned char *resource = kv_alloc((size_t)p->n_resources, 1);
    m->row_of_flow_balance = kv_alloc(balances, sizeof(int));
    m->row_of_resource = kv_alloc(resources, sizeof(int));
    if (!balance || !resource || !m->row_of_flow_balance || !m->row_of_resource ||
        balances > INT_MAX / 2 || resources > INT_MAX / 2)
        goto out;
    int n_balance = 0, n_resource = 0;
    for (int b = 0; b < p->n_blocks; b++) {
        mark_used(mk, b, balance, resource);
        for (int r = 0; r < p->n_balances; r++) {
            size_t at = (size_t)b * (size_t)p->n_balances + (size_t)r;
            int kept = balance[r] || p->balance[at] != 0;
            m->row_of_flow_balance[at] = kept ? n_balance++ : -1;
        }
        for (int r = 0; r < p->n_resources; r++) {
            size_t at = (size_t)b * (size_t)p->n_resources + (size_t)r;
            int kept = p->resource_base[at] < NO_BOUND && (resource[r] || p->resource_base[at] < 0);
            m->row_of_resource[at] = kept ? n_resource++ : -1;
        }
    }
    for (size_t i = 0; i < resources; i++) {
        if (m->row_of_resource[i] >= 0)
            m->row_of_resource[i] += n_balance;
    }
    m->row_of_balance = 0;
    m->row_of_resource_first = n_balance;
    m->row_of_coupling = n_balance + n_resource;
    failed = 0;
out:
    kv_free(balance);
    kv_free(resource);
    return failed;
}

/* Flow columns on the arc of an opening. */
static int opening_columns(const maker *mk, const kv_opening *o)
{
    int count = 0;
    for (int i = mk->arc_first[o->arc]; i < mk->arc_first[o->arc + 1]; i++)
        count += mk->model->column_of_flow[at_flow(mk->p, o->block, mk->arc_flow[i])] >= 0;
    return count;
}

/* Whether one row for the whole arc says the same as a row for each flow: with o y = 0 or >= 1 it
 * does, between these it allows more (or, with a smaller M, less). */
static int may_be_weak(const kv_problem *p, const kv_opening *o)
{
    for (int e = o->first; e < o->first + o->count; e++) {
        if (!p->design_integer[p->opening_design[e]] || p->opening_coefficient[e] < 1)
            return 0;
    }
    return 1;
}

static int openings_number(maker *mk, kv_strength strength)
{
    const kv_problem *p = mk->p;
    kv_model *m = mk->model;
    size_t count = 0;
    for (int i = 0; i < p->n_openings; i++) {
        int columns = opening_columns(mk, &p->openings[i]);
        int strong = strength == KV_STRONG || !may_be_weak(p, &p->openings[i]);
        count += strong ? (size_t)columns : (size_t)(columns > 0);
    }
    size_t others = (size_t)m->row_of_coupling + (size_t)p->coupling.count + (size_t)p->side.count;
    if (others + count > INT_MAX)
        return -1;
    m->row_of_side = m->row_of_coupling + p->coupling.count;
    m->row_of_opening = m->row_of_side + p->side.count;
    m->n_opening_rows = (int)count;
    m->n_rows = m->row_of_opening + m->n_opening_rows;
    m->opening_of_row = kv_alloc(count, sizeof(int));
    m->flow_of_opening_row = kv_alloc(count, sizeof(int));
    if (!m->opening_of_row || !m->flow_of_opening_row)
        return -1;
    int row = 0;
    for (int i = 0; i < p->n_openings; i++) {
        const kv_opening *o = &p->openings[i];
        int strong = strength == KV_STRONG || !may_be_weak(p, o);
        if (!strong && opening_columns(mk, o) > 0) {
            m->opening_of_row[row] = i;
            m->flow_of_opening_row[row++] = -1;
        }
        for (int e = mk->arc_first[o->arc]; strong && e < mk->arc_first[o->arc + 1]; e++) {
            if (m->column_of_flow[at_flow(p, o->block, mk->arc_flow[e])] < 0)
                continue;
            m->opening_of_row[row] = i;
            m->flow_of_opening_row[row++] = mk->arc_flow[e];
        }
    }
    return 0;
}

/* u of resource r by the flow in the block; 0 when it is not used. */
static double use_of(const kv_problem *p, int b, int f, int r)
{
    const double *use = p->use + (size_t)b * (size_t)p->use_first[p->n_flows];
    for (int i = p->use_first[f]; i < p->use_first[f + 1]; i++) {
        if (p->use_resource[i] == r)
            return use[i];
    }
    return 0;
}

/* M of a weak opening row: sum of m, or less where a resource is used alike by all the flows. */
static double weak_limit(const maker *mk, const kv_opening *o)
{
    const kv_problem *p = mk->p;
    double limit = 0;
    int first = -1;
    for (int i = mk->arc_first[o->arc]; i < mk->arc_first[o->arc + 1]; i++) {
        double m = p->flow_upper[at_flow(p, o->block, mk->arc_flow[i])];
        limit += m;
        if (m > 0 && first < 0)
            first = mk->arc_flow[i];
    }
    for (int u = p->use_first[first]; u < p->use_first[first + 1]; u++) {
        int r = p->use_resource[u];
        double use = use_of(p, o->block, first, r);
        int alike = use > 0;
        for (int i = mk->arc_first[o->arc]; alike && i < mk->arc_first[o->arc + 1]; i++) {
            int f = mk->arc_flow[i];
            alike = !(p->flow_upper[at_flow(p, o->block, f)] > 0) ||
                    !(fabs(use_of(p, o->block, f, r) - use) > 0);
        }
        double most = alike ? kv_problem_resource_most(p, o->block, r) : NO_BOUND;
        if (most < NO_BOUND)
            limit = fmin(limit, most / use);
    }
    return limit;
}

static void opening_entries(maker *mk)
{
    const kv_problem *p = mk->p;
    const kv_model *m = mk->model;
    for (int i = 0; i < m->n_opening_rows; i++) {
        const kv_opening *o = &p->openings[m->opening_of_row[i]];
        int flow = m->flow_of_opening_row[i], row = m->row_of_opening + i;
        double limit = 0;
        if (flow >= 0) {
            limit = p->flow_upper[at_flow(p, o->block, flow)];
            entry(mk, m->column_of_flow[at_flow(p, o->block, flow)], row, 1);
        } else {
            limit = weak_limit(mk, o);
            for (int e = mk->arc_first[o->arc]; e < mk->arc_first[o->arc + 1]; e++) {
                int column = m->column_of_flow[at_flow(p, o->block, mk->arc_flow[e])];
                if (column >= 0)
                    entry(mk, column, row, 1);
            }
        }
        for (int e = o->first; limit > 0 && e < o->first + o->count; e++)
            entry(mk, p->opening_design[e], row, -limit * p->opening_coefficient[e]);
    }
}

static void row_entries(maker *mk, const kv_rows *rows, int first_row)
{
    const kv_problem *p = mk->p;
    for (int i = 0; i < rows->count; i++) {
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            entry(mk, rows->design[e], first_row + i, rows->design_value[e]);
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++) {
            int column = mk->model->column_of_flow[at_flow(p, rows->flow_block[e], rows->flow[e])];
            if (column >= 0)
                entry(mk, column, first_row + i, rows->flow_value[e]);
        }
    }
}

static void block_entries(maker *mk, int b)
{
    const kv_problem *p = mk->p;
    const kv_model *m = mk->model;
    const double *use = p->use + (size_t)b * (size_t)p->use_first[p->n_flows];
    const int *balance = m->row_of_flow_balance + (size_t)b * (size_t)p->n_balances;
    const int *resource = m->row_of_resource + (size_t)b * (size_t)p->n_resources;
    for (int f = 0; f < p->n_flows; f++) {
        int column = m->column_of_flow[at_flow(p, b, f)];
        if (column < 0)
            continue;
        int tail = p->flow_tail_row[f], head = p->flow_head_row[f];
        if (tail != head) { /* a loop cancels */
            if (tail >= 0)
                entry(mk, column, balance[tail], 1);
            if (head >= 0)
                entry(mk, column, balance[head], -1);
        }
        for (int i = p->use_first[f]; i < p->use_first[f + 1]; i++) {
            if (use[i] > 0 && resource[p->use_resource[i]] >= 0)
                entry(mk, column, resource[p->use_resource[i]], use[i]);
        }
    }
    for (int r = 0; r < p->n_resources; r++) {
        size_t at = (size_t)b * (size_t)p->n_resources + (size_t)r;
        for (int i = p->supply_first[at]; resource[r] >= 0 && i < p->supply_first[at + 1]; i++) {
            if (p->supply[i] > 0)
                entry(mk, p->supply_design[i], resource[r], -p->supply[i]);
        }
    }
}

static void entries(maker *mk)
{
    for (int b = 0; b < mk->p->n_blocks; b++)
        block_entries(mk, b);
    row_entries(mk, &mk->p->coupling, mk->model->row_of_coupling);
    row_entries(mk, &mk->p->side, mk->model->row_of_side);
    opening_entries(mk);
}

/* Counts, then fills, the entries column by column. */
static int matrix(maker *mk)
{
    kv_model *m = mk->model;
    const size_t columns = (size_t)m->n_columns;
    if (!(m->column_first = kv_alloc(columns + 1, sizeof(size_t))))
        return -1;
    mk->next = NULL;
    entries(mk);
    for (size_t j = 0; j < columns; j++)
        m->column_first[j + 1] += m->column_first[j];
    m->n_entries = m->column_first[columns];
    m->row = kv_alloc(m->n_entries, sizeof(int));
    m->value = kv_alloc(m->n_entries, sizeof(double));
    mk->next = kv_alloc(columns, sizeof(size_t));
    if (!m->row || !m->value || !mk->next)
        return -1;
    memcpy(mk->next, m->column_first, columns * sizeof(size_t));
    entries(mk);
    return 0;
}

static int columns_fill(maker *mk)
{
    const kv_problem *p = mk->p;
    kv_model *m = mk->model;
    const size_t columns = (size_t)m->n_columns;
    m->cost = kv_alloc(columns, sizeof(double));
    m->lower = kv_alloc(columns, sizeof(double));
    m->upper = kv_alloc(columns, sizeof(double));
    m->integer = kv_alloc(columns, 1);
    if (!m->cost || !m->lower || !m->upper || !m->integer)
        return -1;
    for (int j = 0; j < p->n_design; j++) {
        m->cost[j] = p->design_cost[j];
        m->lower[j] = p->design_lower[j];
        m->upper[j] = p->design_upper[j];
        m->integer[j] = p->design_integer[j];
    }
    for (int j = p->n_design; j < m->n_columns; j++) {
        int i = m->flow_of_column[j];
        m->cost[j] = p->block_weight[i / p->n_flows] * p->flow_cost[i];
        m->upper[j] = p->flow_upper[i];
    }
    m->constant = p->constant;
    return 0;
}

static void sense_bounds(kv_model *m, int row, char sense, double rhs)
{
    m->row_lower[row] = sense == 'E' ? rhs : -NO_BOUND;
    m->row_upper[row] = rhs;
}

static int rows_fill(maker *mk)
{
    const kv_problem *p = mk->p;
    kv_model *m = mk->model;
    m->row_lower = kv_alloc((size_t)m->n_rows, sizeof(double));
    m->row_upper = kv_alloc((size_t)m->n_rows, sizeof(double));
    m->index_of_row = kv_alloc((size_t)m->n_rows, sizeof(int));
    if (!m->row_lower || !m->row_upper || !m->index_of_row)
        return -1;
    for (int i = 0; i < p->n_blocks * p->n_balances; i++) {
        int row = m->row_of_flow_balance[i];
        if (row >= 0) {
            sense_bounds(m, row, 'E', p->balance[i]);
            m->index_of_row[row] = i;
        }
    }
    for (int i = 0; i < p->n_blocks * p->n_resources; i++) {
        int row = m->row_of_resource[i];
        if (row >= 0) {
            sense_bounds(m, row, 'L', p->resource_base[i]);
            m->index_of_row[row] = i;
        }
    }
    for (int i = 0; i < p->coupling.count; i++) {
        sense_bounds(m, m->row_of_coupling + i, p->coupling.sense[i], p->coupling.rhs[i]);
        m->index_of_row[m->row_of_coupling + i] = i;
    }
    for (int i = 0; i < p->side.count; i++) {
        sense_bounds(m, m->row_of_side + i, p->side.sense[i], p->side.rhs[i]);
        m->index_of_row[m->row_of_side + i] = i;
    }
    for (int i = 0; i < m->n_opening_rows; i++) {
        sense_bounds(m, m->row_of_opening + i, 'L', 0);
        m->index_of_row[m->row_of_opening + i] = i;
    }
    return 0;
}

kv_status kv_model_create(const kv_problem *problem, kv_strength strength, kv_model **model)
{
    maker mk = {.p = problem};
    kv_status status = KV_ERR_MEMORY;
    *model = NULL;
    if (!(mk.model = kv_alloc(1, sizeof(kv_model))))
        return KV_ERR_MEMORY;
    if (arcs_index(&mk) == 0 && columns_number(&mk) == 0 && rows_number(&mk) == 0 &&
        openings_number(&mk, strength) == 0 && columns_fill(&mk) == 0 && rows_fill(&mk) == 0 &&
        matrix(&mk) == 0)
        status = KV_OK;
    kv_free(mk.arc_first);
    kv_free(mk.arc_flow);
    kv_free(mk.next);
    if (status == KV_OK)
        *model = mk.model;
    else
        kv_model_free(mk.model);
    return status;
}

void kv_model_free(kv_model *model)
{
    if (!model)
        return;
    void *arrays[] = {model->row_of_flow_balance,
                      model->row_of_resource,
                      model->opening_of_row,
                      model->flow_of_opening_row,
                      model->column_of_flow,
                      model->flow_of_column,
                      model->index_of_row,
                      model->cost,
                      model->lower,
                      model->upper,
                      model->integer,
                      model->row_lower,
                      model->row_upper,
                      model->column_first,
                      model->row,
                      model->value};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(model);
}
