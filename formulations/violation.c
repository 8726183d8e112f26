/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far a plan is from meeting the rows of its design problem. */
#include "formulations/problem.h"

#include "base/memory.h"

#include <math.h>

typedef struct row {
    long double rest;
    double largest;
} row; /* left minus right; largest term */

static void row_add(row *r, double term)
{
    r->rest += (long double)term;
    r->largest = fmax(r->largest, fabs(term));
}

/* Relative to max(1, size of the largest term); `equal`: both signs count. */
static void row_close(const row *r, int equal, double *worst)
{
    double rest = (double)r->rest;
    double amount = equal ? fabs(rest) : fmax(rest, 0);
    *worst = fmax(*worst, amount / fmax(1, r->largest));
}

static void balances(const kv_problem *p, int b, const double *x, row *rows, double *worst)
{
    const double *d = p->balance + (size_t)b * (size_t)p->n_balances;
    for (int r = 0; r < p->n_balances; r++) {
        rows[r] = (row){0};
        row_add(&rows[r], -d[r]);
    }
    for (int f = 0; f < p->n_flows; f++) {
        if (x[f] == 0) /* as most are */
            continue;
        if (p->flow_tail_row[f] >= 0)
            row_add(&rows[p->flow_tail_row[f]], x[f]);
        if (p->flow_head_row[f] >= 0)
            row_add(&rows[p->flow_head_row[f]], -x[f]);
    }
    for (int r = 0; r < p->n_balances; r++)
        row_close(&rows[r], 1, worst);
}

static void resources(const kv_problem *p, int b, const double *x, const double *y, row *rows,
                      double *worst)
{
    const size_t n_use = (size_t)p->use_first[p->n_flows];
    const double *use = p->use + (size_t)b * n_use;
    for (int r = 0; r < p->n_resources; r++)
        rows[r] = (row){0};
    for (int f = 0; f < p->n_flows; f++) {
        for (int i = p->use_first[f]; x[f] != 0 && i < p->use_first[f + 1]; i++)
            row_add(&rows[p->use_resource[i]], use[i] * x[f]);
    }
    for (int r = 0; r < p->n_resources; r++) {
        const size_t at = (size_t)b * (size_t)p->n_resources + (size_t)r;
        if (p->resource_base[at] >= 1e30)
            continue;
        row_add(&rows[r], -p->resource_base[at]);
        for (int i = p->supply_first[at]; i < p->supply_first[at + 1]; i++)
            row_add(&rows[r], -p->supply[i] * y[p->supply_design[i]]);
        row_close(&rows[r], 0, worst);
    }
}

/* level[a] = the smallest sum of o y over the opening sets of arc a in the block. */
static void openings(const kv_problem *p, int b, const double *x, const double *y, double *level,
                     int *at, double *worst)
{
    const double *m = p->flow_upper + (size_t)b * (size_t)p->n_flows;
    for (int a = 0; a < p->n_arcs; a++)
        level[a] = HUGE_VAL;
    for (; *at < p->n_openings && p->openings[*at].block == b; (*at)++) {
        const kv_opening *o = &p->openings[*at];
        double open = 0;
        for (int i = o->first; i < o->first + o->count; i++)
            open += p->opening_coefficient[i] * y[p->opening_design[i]];
        level[o->arc] = fmin(level[o->arc], open);
    }
    for (int f = 0; f < p->n_flows; f++) {
        double open = level[p->flow_arc[f]];
        if (open >= HUGE_VAL || (x[f] == 0 && open >= 0))
            continue;
        row r = {0};
        row_add(&r, x[f]);
        row_add(&r, -m[f] * open);
        row_close(&r, 0, worst);
    }
}

static void over_rows(const kv_problem *p, const kv_rows *rows, const double *x, const double *y,
                      double *worst)
{
    for (int i = 0; i < rows->count; i++) {
        row r = {0};
        row_add(&r, -rows->rhs[i]);
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            row_add(&r, rows->design_value[e] * y[rows->design[e]]);
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++)
            row_add(
                &r,
                rows->flow_value[e] *
                    x[(size_t)rows->flow_block[e] * (size_t)p->n_flows + (size_t)rows->flow[e]]);
        row_close(&r, rows->sense[i] == 'E', worst);
    }
}

static void within(double value, double lower, double upper, double *worst)
{
    if (value < lower)
        *worst = fmax(*worst, (lower - value) / fmax(1, fabs(lower)));
    if (value > upper)
        *worst = fmax(*worst, (value - upper) / fmax(1, fabs(upper)));
}

void kv_problem_violation(const kv_problem *problem, const double *design, const double *flow,
                          kv_violation *violation)
{
    const kv_problem *p = problem;
    *violation = (kv_violation){0};
    size_t n_rows = (size_t)(p->n_balances > p->n_resources ? p->n_balances : p->n_resources);
    row *rows = kv_alloc(n_rows, sizeof *rows);
    double *level = kv_alloc((size_t)p->n_arcs, sizeof *level);
    if (!rows || !level) {
        *violation =
            (kv_violation){HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL, HUGE_VAL};
        goto out;
    }
    int at = 0;
    for (int b = 0; b < p->n_blocks; b++) {
        const double *x = flow + (size_t)b * (size_t)p->n_flows;
        const double *m = p->flow_upper + (size_t)b * (size_t)p->n_flows;
        balances(p, b, x, rows, &violation->balance);
        resources(p, b, x, design, rows, &violation->resource);
        openings(p, b, x, design, level, &at, &violation->opening);
        for (int f = 0; f < p->n_flows; f++)
            within(x[f], 0, m[f], &violation->bounds);
    }
    over_rows(p, &p->coupling, flow, design, &violation->coupling);
    over_rows(p, &p->side, flow, design, &violation->side);
    for (int j = 0; j < p->n_design; j++) {
        within(design[j], p->design_lower[j], p->design_upper[j], &violation->bounds);
        if (p->design_integer[j])
            violation->integrality =
                fmax(violation->integrality, fabs(design[j] - round(design[j])));
    }
out:
    kv_free(rows);
    kv_free(level);
}
