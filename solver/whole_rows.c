/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening rows put into the LP of the whole model as its solutions break them. */
#include "base/memory.h"
#include "solver/whole_model.h"

#include <string.h>

static const double broken = 1e-6; /* violation relative to m that counts */
static const double worth = 1.0 - 1e-9;

size_t kv_whole_model_flow(const kv_whole_model *whole, int i)
{
    const kv_opening *o = &whole->problem->openings[whole->model->opening_of_row[i]];
    return (size_t)o->block * (size_t)whole->problem->n_flows +
           (size_t)whole->model->flow_of_opening_row[i];
}

/* Opening row i with the problem's present m, into the model's room; how many entries. */
static int make_row(const kv_whole_model *w, int i)
{
    const kv_problem *p = w->problem;
    const kv_opening *o = &p->openings[w->model->opening_of_row[i]];
    size_t x = kv_whole_model_flow(w, i);
    int n = 1;
    w->entry_column[0] = w->model->column_of_flow[x];
    w->entry_value[0] = 1.0;
    for (int e = o->first; e < o->first + o->count; e++) {
        w->entry_column[n] = p->opening_design[e];
        w->entry_value[n++] = -p->flow_upper[x] * p->opening_coefficient[e];
    }
    return n;
}

kv_status kv_whole_model_hold(kv_whole_model *whole, int i)
{
    if (whole->held[i] >= 0)
        return KV_OK;
    int row = kv_lp_rows(whole->lp), n = make_row(whole, i);
    kv_status status =
        kv_lp_add_row(whole->lp, -1e30, 0.0, n, whole->entry_column, whole->entry_value);
    if (status != KV_OK)
        return status == KV_ERR_ARGUMENT ? KV_ERR_INTERNAL : status;
    whole->held[i] = row;
    whole->held_upper[i] = whole->problem->flow_upper[kv_whole_model_flow(whole, i)];
    return KV_OK;
}

/* Whether the columns' values break opening row i, which is not in the LP. `open`: sum o y. */
static int is_broken(const kv_whole_model *w, int i, double x, double open)
{
    double m = w->problem->flow_upper[kv_whole_model_flow(w, i)];
    return w->held[i] < 0 && m > 0.0 && x - m * open > broken * m;
}

static double sum_open(const kv_whole_model *w, int opening, const double *value)
{
    const kv_problem *p = w->problem;
    const kv_opening *o = &p->openings[opening];
    double open = 0.0;
    for (int e = o->first; e < o->first + o->count; e++) {
        int j = p->opening_design[e];
        open += p->opening_coefficient[e] * (value ? value[j] : kv_lp_value(w->lp, j));
    }
    return open;
}

kv_status kv_whole_model_separate(kv_whole_model *whole, int *added)
{
    const kv_model *m = whole->model;
    kv_status status = KV_OK;
    double open = 0.0;
    *added = 0;
    if (!whole->lazy)
        return KV_OK;
    for (int j = 0; j < m->n_columns; j++)
        whole->solution[j] = kv_lp_value(whole->lp, j); /* rows added make the LP forget them */
    for (int i = 0; i < m->n_opening_rows && status == KV_OK; i++) {
        if (i == 0 || m->opening_of_row[i] != m->opening_of_row[i - 1])
            open = sum_open(whole, m->opening_of_row[i], whole->solution);
        double x = whole->solution[m->column_of_flow[kv_whole_model_flow(whole, i)]];
        if (!is_broken(whole, i, x, open))
            continue;
        status = kv_whole_model_hold(whole, i);
        (*added)++;
    }
    return status;
}

kv_status kv_whole_model_hold_used(kv_whole_model *whole)
{
    const kv_model *m = whole->model;
    kv_status status = KV_OK;
    for (int j = 0; j < m->n_columns; j++)
        whole->solution[j] = kv_lp_value(whole->lp, j);
    for (int i = 0; i < m->n_opening_rows && whole->lazy && status == KV_OK; i++) {
        size_t x = kv_whole_model_flow(whole, i);
        double most = whole->problem->flow_upper[x];
        if (most > 0.0 && whole->solution[m->column_of_flow[x]] > broken * most)
            status = kv_whole_model_hold(whole, i);
    }
    return status;
}

kv_lp_state kv_whole_model_relax(kv_whole_model *whole, const kv_lp_limits *limits, long *work)
{
    kv_lp_limits left = *limits;
    for (;;) {
        int added = 0;
        kv_lp_state state = kv_lp_solve(whole->lp, &left);
        *work += kv_lp_iterations(whole->lp);
        if (state != KV_LP_OPTIMAL)
            return state;
        if (kv_whole_model_separate(whole, &added) != KV_OK)
            return KV_LP_FAILED;
        if (added == 0)
            return state;
        if (limits->iterations > 0) {
            left.iterations -= kv_lp_iterations(whole->lp);
            if (left.iterations <= 0)
                return KV_LP_LIMIT;
        }
        left.dual = 1;
    }
}

void kv_whole_model_sleep(kv_whole_model *whole, int column, int asleep)
{
    int x = whole->model->flow_of_column[column];
    if (x < 0 || whole->asleep[column] == asleep)
        return;
    whole->asleep[column] = asleep != 0;
    (void)kv_lp_set_column_bounds(whole->lp, column, 0.0,
                                  asleep ? 0.0 : whole->problem->flow_upper[x]);
}

kv_status kv_whole_model_shrink(kv_whole_model *whole, const double *lower, const double *upper)
{
    const kv_problem *p = whole->problem;
    const kv_model *m = whole->model;
    kv_status status = KV_OK;
    for (int j = 0; j < m->n_columns && status == KV_OK; j++) {
        int x = m->flow_of_column[j];
        if (x < 0) {
            whole->lower[j] = lower[j];
            whole->upper[j] = upper[j];
            status = kv_lp_set_column_bounds(whole->lp, j, lower[j], upper[j]);
        } else {
            status = kv_lp_set_column_bounds(whole->lp, j, 0.0,
                                             whole->asleep[j] ? 0.0 : p->flow_upper[x]);
        }
    }
    for (int i = 0; i < m->n_opening_rows && status == KV_OK; i++) {
        whole->spare[i] = 0.0;
        if (whole->held[i] < 0 ||
            p->flow_upper[kv_whole_model_flow(whole, i)] >= worth * whole->held_upper[i])
            continue;
        /* The row with the smaller m comes when it is broken. */
        status = kv_lp_set_row_bounds(whole->lp, whole->held[i], -1e30, 1e30);
        whole->held[i] = -1;
    }
    return status;
}

int kv_whole_model_broken(void *whole, const double *value, int node, int *next, kv_lp_row *row)
{
    kv_whole_model *w = whole;
    const kv_model *m = w->model;
    double open = 0.0;
    if (!value) {
        memset(w->stamp, 0, (size_t)m->n_opening_rows * sizeof *w->stamp);
        return 0;
    }
    for (int i = *next; i < m->n_opening_rows; i++) {
        if (i == *next || m->opening_of_row[i] != m->opening_of_row[i - 1])
            open = sum_open(w, m->opening_of_row[i], value);
        double x = value[m->column_of_flow[kv_whole_model_flow(w, i)]];
        if (w->stamp[i] == node || !is_broken(w, i, x, open))
            continue;
        w->stamp[i] = node;
        *next = i + 1;
        *row = (kv_lp_row){-1e30, 0.0, make_row(w, i), w->entry_column, w->entry_value};
        return 1;
    }
    *next = m->n_opening_rows;
    return 0;
}
