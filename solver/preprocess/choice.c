/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/preprocess/choice.h"

#include "base/memory.h"

#include <math.h>

static const double flows = 1e-3;       /* share of m in the average that counts as flow */
static const double nearly_free = 2e-5; /* reduced cost times m, as share of the bound */
static const double nearly_full = 0.9;  /* share of an opening row's right side */

static void choose_columns(kv_whole_model *whole, const kv_reduced_costs *costs,
                           const double *average_flow, const double *plan_flow)
{
    const kv_model *m = whole->model;
    double free = nearly_free * fabs(costs->bound);
    for (int j = 0; j < m->n_columns; j++) {
        int x = m->flow_of_column[j];
        if (x < 0)
            continue;
        double most = whole->problem->flow_upper[x];
        int wanted = average_flow[x] > flows * most || costs->flow[x] * most <= free ||
                     (plan_flow && plan_flow[x] > 0.0);
        kv_whole_model_sleep(whole, j, !wanted);
    }
}

/* The model's opening rows stand by opening, then flow; so do few multipliers, in any order. */
static void mark_priced(const kv_whole_model *whole, const kv_multipliers *multipliers,
                        const int *first, unsigned char *priced)
{
    const kv_model *m = whole->model;
    for (int i = 0; i < multipliers->n_opening; i++) {
        int opening = multipliers->opening[i];
        if (multipliers->opening_value[i] <= 0.0)
            continue;
        for (int row = first[opening]; row < first[opening + 1]; row++)
            if (m->flow_of_opening_row[row] == multipliers->opening_flow[i])
                priced[row] = 1;
    }
}

static kv_status choose_rows(kv_whole_model *whole, const unsigned char *priced,
                             const double *average_design, const double *average_flow)
{
    const kv_problem *p = whole->problem;
    const kv_model *m = whole->model;
    kv_status status = KV_OK;
    for (int i = 0; i < m->n_opening_rows && status == KV_OK; i++) {
        const kv_opening *o = &p->openings[m->opening_of_row[i]];
        size_t x = (size_t)o->block * (size_t)p->n_flows + (size_t)m->flow_of_opening_row[i];
        double open = 0.0;
        if (whole->asleep[m->column_of_flow[x]])
            continue;
        for (int e = o->first; e < o->first + o->count; e++)
            open += p->opening_coefficient[e] * average_design[p->opening_design[e]];
        double most = p->flow_upper[x] * open;
        if (priced[i] ||
            (average_flow[x] > flows * p->flow_upper[x] && average_flow[x] >= nearly_full * most))
            status = kv_whole_model_hold(whole, i);
    }
    return status;
}

kv_status kv_choose(kv_whole_model *whole, const kv_reduced_costs *costs,
                    const kv_multipliers *multipliers, const double *average_design,
                    const double *average_flow, const double *plan_flow)
{
    const kv_model *m = whole->model;
    int openings = whole->problem->n_openings;
    int *first = kv_alloc((size_t)openings + 1, sizeof *first);
    unsigned char *priced = kv_alloc((size_t)m->n_opening_rows, 1);
    kv_status status = first && priced ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK) {
        for (int i = 0; i < m->n_opening_rows; i++)
            first[m->opening_of_row[i] + 1] = i + 1;
        for (int i = 0; i < openings; i++)
            if (first[i + 1] < first[i])
                first[i + 1] = first[i];
        choose_columns(whole, costs, average_flow, plan_flow);
        mark_priced(whole, multipliers, first, priced);
        status = choose_rows(whole, priced, average_design, average_flow);
    }
    kv_free(first);
    kv_free(priced);
    return status;
}
