/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs. The LP's dual of a row is d objective / d row, so that cost = A' dual + reduced cost and,
 * for a minimum, rows at their upper side have duals <= 0. Hence (docs/mathematics.md, section 6)
 * pi = dual of a balance row, and alpha, beta, kappa, gamma = -dual of the other rows.
 *
 * A weak opening row sum_k x <= M sum o y with M = sum_k m_k is the sum of the flows' rows: its
 * multiplier is given to each of them. With a smaller M it stays a row of the whole arc
 * (solver/certificate.c says when that is valid and uses the M that it finds itself).
 */
#include "solver/whole_model.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* ---- loading ------------------------------------------------------------------------------- */

/* Add up entries of a column that are in the same row. last [n_rows] holds 1 + the place of the
 * row's entry in the current column. */
static void merge_entries(kv_model *m, size_t *last)
{
    size_t from = 0, to = 0;
    for (int j = 0; j < m->n_columns; j++) {
        size_t end = m->column_first[j + 1], start = to;
        for (; from < end; from++) {
            int row = m->row[from];
            if (last[row] > start) {
                m->value[last[row] - 1] += m->value[from];
                continue;
            }
            m->row[to] = row;
            m->value[to] = m->value[from];
            last[row] = ++to;
        }
        m->column_first[j + 1] = to;
    }
    m->n_entries = to;
}

static void set_boxes(kv_whole_model *w, const kv_limits *limits)
{
    const kv_problem *p = w->problem;
    const double *low = limits->fixed_lower ? limits->fixed_lower : p->design_lower;
    const double *high = limits->fixed_upper ? limits->fixed_upper : p->design_upper;
    for (int j = 0; j < p->n_design; j++) {
        w->lower[j] = p->design_integer[j] ? ceil(low[j]) : low[j];
        w->upper[j] = p->design_integer[j] ? floor(high[j]) : high[j];
        w->empty_box |= w->lower[j] > w->upper[j];
        w->model->lower[j] = w->lower[j];
        w->model->upper[j] = w->upper[j];
    }
}

static void drop_rows(kv_model *m, const kv_rows *rows, int first)
{
    for (int i = 0; i < rows->count; i++) {
        if (!rows->dropped[i])
            continue;
        m->row_lower[first + i] = -1e30;
        m->row_upper[first + i] = 1e30;
    }
}

static kv_status load_all(kv_whole_model *w)
{
    const kv_model *m = w->model;
    kv_status status = kv_lp_add_rows(w->lp, m->n_rows, m->row_lower, m->row_upper);
    if (status == KV_OK)
        status = kv_lp_add_columns(w->lp, m->n_columns, m->cost, m->lower, m->upper, m->integer,
                                   m->column_first, m->row, m->value);
    return status;
}

/* The entries that are not in opening rows. */
static kv_status load_lazy(kv_whole_model *w)
{
    const kv_model *m = w->model;
    size_t *first = kv_alloc((size_t)m->n_columns + 1, sizeof *first);
    int *row = kv_alloc(m->n_entries, sizeof *row);
    double *value = kv_alloc(m->n_entries, sizeof *value);
    kv_status status = first && row && value ? KV_OK : KV_ERR_MEMORY;
    for (int j = 0; j < m->n_columns && status == KV_OK; j++) {
        first[j + 1] = first[j];
        for (size_t e = m->column_first[j]; e < m->column_first[j + 1]; e++) {
            if (m->row[e] >= m->row_of_opening)
                continue;
            row[first[j + 1]] = m->row[e];
            value[first[j + 1]++] = m->value[e];
        }
    }
    if (status == KV_OK)
        status = kv_lp_add_rows(w->lp, m->row_of_opening, m->row_lower, m->row_upper);
    if (status == KV_OK)
        status = kv_lp_add_columns(w->lp, m->n_columns, m->cost, m->lower, m->upper, m->integer,
                                   first, row, value);
    kv_free(first);
    kv_free(row);
    kv_free(value);
    return status;
}

static kv_status load(kv_whole_model *w, int lazy)
{
    for (int i = 0; i < w->model->n_opening_rows; i++)
        w->held[i] = lazy ? -1 : w->model->row_of_opening + i;
    kv_status status = lazy ? load_lazy(w) : load_all(w);
    return status == KV_ERR_ARGUMENT || status == KV_ERR_NUMERIC ? KV_ERR_INTERNAL : status;
}

/* Room for all that follows the model. */
static kv_status make_room(kv_whole_model *w)
{
    size_t n = (size_t)w->problem->n_design, columns = (size_t)w->model->n_columns;
    size_t rows = (size_t)w->model->n_opening_rows;
    w->lower = kv_alloc(n, sizeof *w->lower);
    w->upper = kv_alloc(n, sizeof *w->upper);
    w->values = kv_alloc(columns, sizeof *w->values);
    w->solution = kv_alloc(columns, sizeof *w->solution);
    w->held = kv_alloc(rows, sizeof *w->held);
    w->held_upper = kv_alloc(rows, sizeof *w->held_upper);
    w->spare = kv_alloc(rows, sizeof *w->spare);
    w->asleep = kv_alloc(columns, 1);
    w->stamp = kv_alloc(rows, sizeof *w->stamp);
    w->entry_column = kv_alloc(n + 1, sizeof *w->entry_column);
    w->entry_value = kv_alloc(n + 1, sizeof *w->entry_value);
    w->lp = kv_lp_create();
    return w->lower && w->upper && w->values && w->solution && w->held && w->held_upper &&
                   w->spare && w->asleep && w->stamp && w->entry_column && w->entry_value && w->lp
               ? KV_OK
               : KV_ERR_MEMORY;
}

static kv_status create(kv_whole_model *whole, const kv_problem *problem, const kv_limits *limits,
                        int lazy)
{
    size_t *last = NULL;
    memset(whole, 0, sizeof *whole);
    whole->problem = problem;
    whole->lazy = lazy;
    kv_status status = kv_model_create(problem, lazy ? KV_STRONG : limits->strength, &whole->model);
    if (status != KV_OK)
        return status;
    status = make_room(whole);
    last = kv_alloc((size_t)whole->model->n_rows, sizeof *last);
    if (status != KV_OK || !last) {
        status = KV_ERR_MEMORY;
        goto out;
    }
    merge_entries(whole->model, last);
    set_boxes(whole, limits);
    if (limits->relax_dropped_rows) {
        drop_rows(whole->model, &problem->side, whole->model->row_of_side);
        drop_rows(whole->model, &problem->coupling, whole->model->row_of_coupling);
    }
    if (!whole->empty_box)
        status = load(whole, lazy);
out:
    kv_free(last);
    return status;
}

kv_status kv_whole_model_create(kv_whole_model *whole, const kv_problem *problem,
                                const kv_limits *limits)
{
    return create(whole, problem, limits, 0);
}

kv_status kv_whole_model_create_lazy(kv_whole_model *whole, const kv_problem *problem,
                                     const kv_limits *limits)
{
    return create(whole, problem, limits, 1);
}

void kv_whole_model_clear(kv_whole_model *whole)
{
    kv_model_free(whole->model);
    kv_lp_free(whole->lp);
    kv_free(whole->lower);
    kv_free(whole->upper);
    kv_free(whole->values);
    kv_free(whole->solution);
    kv_free(whole->held);
    kv_free(whole->held_upper);
    kv_free(whole->spare);
    kv_free(whole->asleep);
    kv_free(whole->stamp);
    kv_free(whole->entry_column);
    kv_free(whole->entry_value);
    memset(whole, 0, sizeof *whole);
}

/* ---- multipliers --------------------------------------------------------------------------- */

static double at_least_zero(double value)
{
    return value > 0.0 ? value : 0.0;
}

static double row_multiplier(const kv_whole_model *w, int row, char sense)
{
    double value = -kv_lp_dual(w->lp, row);
    return sense == 'L' ? at_least_zero(value) : value;
}

/* The M of an opening row of a whole arc as the model has it: from its first design entry. */
static double model_capacity(const kv_whole_model *w, const kv_opening *o, int row)
{
    const kv_model *m = w->model;
    if (o->count == 0)
        return 0.0;
    int j = w->problem->opening_design[o->first];
    for (size_t e = m->column_first[j]; e < m->column_first[j + 1]; e++)
        if (m->row[e] == row)
            return -m->value[e] / w->problem->opening_coefficient[o->first];
    return 0.0;
}

static kv_status push_opening(kv_multipliers *m, int opening, int flow, double beta)
{
    kv_status status = KV_OK;
    if (m->n_opening == m->opening_room)
        status = kv_multipliers_reserve(m, 2 * m->n_opening + 16);
    if (status != KV_OK)
        return status;
    m->opening[m->n_opening] = opening;
    m->opening_flow[m->n_opening] = flow;
    m->opening_value[m->n_opening++] = beta;
    return KV_OK;
}

static kv_status push_arc_opening(kv_multipliers *m, int opening, double beta)
{
    kv_status status = KV_OK;
    if (m->n_arc_opening == m->arc_opening_room)
        status = kv_multipliers_reserve_arcs(m, 2 * m->n_arc_opening + 16);
    if (status != KV_OK)
        return status;
    m->arc_opening[m->n_arc_opening] = opening;
    m->arc_opening_value[m->n_arc_opening++] = beta;
    return KV_OK;
}

/* The multiplier of the i-th opening row, one of a whole arc: to its flows or to the arc. */
static kv_status push_weak(const kv_whole_model *w, int i, double beta, kv_multipliers *m)
{
    const kv_problem *p = w->problem;
    int opening = w->model->opening_of_row[i];
    const kv_opening *o = &p->openings[opening];
    const double *upper = p->flow_upper + (size_t)o->block * (size_t)p->n_flows;
    double all = 0.0, capacity = model_capacity(w, o, w->model->row_of_opening + i);
    kv_status status = KV_OK;
    for (int f = 0; f < p->n_flows; f++)
        all += p->flow_arc[f] == o->arc ? upper[f] : 0.0;
    if (o->count > 0 && capacity < all * (1.0 - 1e-12))
        return push_arc_opening(m, opening, beta);
    for (int f = 0; f < p->n_flows && status == KV_OK; f++)
        if (p->flow_arc[f] == o->arc && upper[f] > 0.0)
            status = push_opening(m, opening, f, beta);
    return status;
}

static kv_status opening_multipliers(const kv_whole_model *w, kv_multipliers *m)
{
    const kv_model *model = w->model;
    kv_status status = KV_OK;
    for (int i = 0; i < model->n_opening_rows && status == KV_OK; i++) {
        double beta = w->held[i] < 0 ? w->spare[i] : row_multiplier(w, w->held[i], 'L');
        if (beta <= 0.0)
            continue;
        if (model->flow_of_opening_row[i] < 0)
            status = push_weak(w, i, beta, m);
        else
            status = push_opening(m, model->opening_of_row[i], model->flow_of_opening_row[i], beta);
    }
    return status;
}

static void rows_multipliers(const kv_whole_model *w, const kv_rows *rows, int first, double *value)
{
    for (int i = 0; i < rows->count; i++) {
        int row = first + i,
            free = w->model->row_lower[row] <= -1e30 && w->model->row_upper[row] >= 1e30;
        value[i] = free ? 0.0 : row_multiplier(w, row, rows->sense[i]);
    }
}

kv_status kv_whole_model_multipliers(const kv_whole_model *whole, kv_multipliers *multipliers)
{
    const kv_problem *p = whole->problem;
    const kv_model *m = whole->model;
    for (int i = 0; i < p->n_blocks * p->n_balances; i++)
        multipliers->balance[i] =
            m->row_of_flow_balance[i] < 0 ? 0.0 : kv_lp_dual(whole->lp, m->row_of_flow_balance[i]);
    for (int i = 0; i < p->n_blocks * p->n_resources; i++)
        multipliers->resource[i] =
            m->row_of_resource[i] < 0 ? 0.0 : row_multiplier(whole, m->row_of_resource[i], 'L');
    rows_multipliers(whole, &p->coupling, m->row_of_coupling, multipliers->coupling);
    rows_multipliers(whole, &p->side, m->row_of_side, multipliers->side);
    return opening_multipliers(whole, multipliers);
}

/* ---- plans --------------------------------------------------------------------------------- */

void kv_whole_model_plan(const kv_whole_model *whole, double *design, double *flow)
{
    const kv_problem *p = whole->problem;
    size_t n_flows = (size_t)p->n_blocks * (size_t)p->n_flows;
    for (int j = 0; j < p->n_design; j++) {
        double y = kv_lp_value(whole->lp, j);
        design[j] =
            fmin(fmax(p->design_integer[j] ? nearbyint(y) : y, whole->lower[j]), whole->upper[j]);
    }
    for (size_t i = 0; i < n_flows; i++) {
        int column = whole->model->column_of_flow[i];
        double x = column < 0 ? 0.0 : kv_lp_value(whole->lp, column);
        flow[i] = fmin(at_least_zero(x), p->flow_upper[i]);
    }
}

void kv_whole_model_values(kv_whole_model *whole, const double *design, const double *flow)
{
    const kv_model *m = whole->model;
    for (int j = 0; j < m->n_columns; j++)
        whole->values[j] = m->flow_of_column[j] < 0 ? design[j] : flow[m->flow_of_column[j]];
}

/* Close (or give back their bounds to) the flows of the arcs that the design does not open. */
static void close_arcs(kv_whole_model *w, const double *design, int closed)
{
    const kv_problem *p = w->problem;
    const kv_model *m = w->model;
    for (int i = 0; i < p->n_openings; i++) {
        const kv_opening *o = &p->openings[i];
        double open = 0.0;
        for (int e = o->first; e < o->first + o->count; e++) {
            int j = p->opening_design[e];
            open += p->design_integer[j] ? design[j] : w->upper[j];
        }
        for (int f = 0; f < p->n_flows && open <= 0.0; f++) {
            size_t x = (size_t)o->block * (size_t)p->n_flows + (size_t)f;
            int column = m->column_of_flow[x];
            if (p->flow_arc[f] == o->arc && column >= 0)
                (void)kv_lp_set_column_bounds(w->lp, column, 0.0,
                                              closed || w->asleep[column] ? 0.0 : p->flow_upper[x]);
        }
    }
}

kv_lp_state kv_whole_model_solve_fixed(kv_whole_model *whole, const double *design,
                                       const kv_lp_limits *limits, long *work)
{
    const kv_problem *p = whole->problem;
    double *fixed = whole->values;
    for (int j = 0; j < p->n_design; j++) {
        fixed[j] = fmin(fmax(nearbyint(design[j]), whole->lower[j]), whole->upper[j]);
        if (p->design_integer[j])
            (void)kv_lp_set_column_bounds(whole->lp, j, fixed[j], fixed[j]);
    }
    close_arcs(whole, fixed, 1);
    kv_lp_state state = kv_whole_model_relax(whole, limits, work);
    for (int j = 0; j < p->n_design; j++)
        if (p->design_integer[j])
            (void)kv_lp_set_column_bounds(whole->lp, j, whole->lower[j], whole->upper[j]);
    close_arcs(whole, fixed, 0);
    return state;
}
