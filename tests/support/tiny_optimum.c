/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/tiny_problem.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* A row under construction: column indices and values. */
struct line {
    int n, *column;
    double *value;
};

static void put(struct line *line, size_t column, double value)
{
    for (int i = 0; i < line->n; i++) {
        if (line->column[i] == (int)column) {
            line->value[i] += value;
            return;
        }
    }
    line->column[line->n] = (int)column;
    line->value[line->n++] = value;
}

static void finish(kv_lp *lp, struct line *line, double lower, double upper)
{
    cr_assert(kv_lp_add_row(lp, lower, upper, line->n, line->column, line->value) == KV_OK);
    line->n = 0;
}

static void add_columns(const kv_problem *p, const double *lower, const double *upper, kv_lp *lp)
{
    int flows = p->n_blocks * p->n_flows, n = p->n_design + flows;
    double *cost = kv_alloc((size_t)n, sizeof *cost), *low = kv_alloc((size_t)n, sizeof *low);
    double *high = kv_alloc((size_t)n, sizeof *high);
    size_t *first = kv_alloc((size_t)n + 1, sizeof *first);
    cr_assert(cost && low && high && first);
    for (int j = 0; j < p->n_design; j++) {
        cost[j] = p->design_cost[j];
        low[j] = lower ? lower[j] : p->design_lower[j];
        high[j] = upper ? upper[j] : p->design_upper[j];
    }
    for (int i = 0; i < flows; i++) {
        cost[p->n_design + i] = p->block_weight[i / p->n_flows] * p->flow_cost[i];
        high[p->n_design + i] = p->flow_upper[i];
    }
    cr_assert(kv_lp_add_columns(lp, n, cost, low, high, NULL, first, NULL, NULL) == KV_OK);
    kv_free(cost);
    kv_free(low);
    kv_free(high);
    kv_free(first);
}

static void add_block(const kv_problem *p, int b, kv_lp *lp, struct line *line)
{
    size_t base = (size_t)p->n_design + (size_t)b * (size_t)p->n_flows;
    for (int v = 0; v < p->n_balances; v++) {
        double d = p->balance[(size_t)b * (size_t)p->n_balances + (size_t)v];
        for (int f = 0; f < p->n_flows; f++) {
            if (p->flow_tail_row[f] == v)
                put(line, base + (size_t)f, 1.0);
            if (p->flow_head_row[f] == v)
                put(line, base + (size_t)f, -1.0);
        }
        finish(lp, line, d, d);
    }
}

static void add_resources(const kv_problem *p, int b, kv_lp *lp, struct line *line)
{
    size_t base = (size_t)p->n_design + (size_t)b * (size_t)p->n_flows;
    const double *use = p->use + (size_t)b * (size_t)p->use_first[p->n_flows];
    for (int r = 0; r < p->n_resources; r++) {
        size_t row = (size_t)b * (size_t)p->n_resources + (size_t)r;
        for (int f = 0; f < p->n_flows; f++)
            for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++)
                if (p->use_resource[e] == r)
                    put(line, base + (size_t)f, use[e]);
        for (int s = p->supply_first[row]; s < p->supply_first[row + 1]; s++)
            put(line, (size_t)p->supply_design[s], -p->supply[s]);
        finish(lp, line, -1e30, p->resource_base[row]);
    }
}

static void add_rows(const kv_problem *p, const kv_rows *rows, int relax, kv_lp *lp,
                     struct line *line)
{
    for (int i = 0; i < rows->count; i++) {
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            put(line, (size_t)rows->design[e], rows->design_value[e]);
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++)
            put(line, (size_t)(p->n_design + rows->flow_block[e] * p->n_flows + rows->flow[e]),
                rows->flow_value[e]);
        int out = relax && rows->dropped[i];
        finish(lp, line, out || rows->sense[i] == 'L' ? -1e30 : rows->rhs[i],
               out ? 1e30 : rows->rhs[i]);
    }
}

static void add_openings(const kv_problem *p, kv_lp *lp, struct line *line, tiny_rows *rows)
{
    for (int i = 0; i < p->n_openings; i++) {
        const kv_opening *o = &p->openings[i];
        for (int f = 0; f < p->n_flows; f++) {
            size_t x = (size_t)o->block * (size_t)p->n_flows + (size_t)f;
            if (p->flow_arc[f] != o->arc)
                continue;
            put(line, (size_t)p->n_design + x, 1.0);
            for (int e = o->first; e < o->first + o->count; e++)
                put(line, (size_t)p->opening_design[e],
                    -p->flow_upper[x] * p->opening_coefficient[e]);
            finish(lp, line, -1e30, 0.0);
            rows->of[rows->n_opening] = i;
            rows->flow[rows->n_opening++] = f;
        }
    }
}

kv_lp *tiny_lp(const kv_problem *problem, const double *lower, const double *upper,
               int relax_dropped, tiny_rows *rows)
{
    const kv_problem *p = problem;
    tiny_rows own;
    size_t n = (size_t)(p->n_design + p->n_blocks * p->n_flows);
    size_t most = (size_t)p->n_openings * (size_t)p->n_commodities;
    struct line line = {0, kv_alloc(n, sizeof(int)), kv_alloc(n, sizeof(double))};
    kv_lp *lp = kv_lp_create();
    memset(&own, 0, sizeof own);
    own.of = kv_alloc(most, sizeof(int));
    own.flow = kv_alloc(most, sizeof(int));
    cr_assert(lp && line.column && line.value && own.of && own.flow);
    add_columns(p, lower, upper, lp);
    for (int b = 0; b < p->n_blocks; b++)
        add_block(p, b, lp, &line);
    own.resource = kv_lp_rows(lp);
    for (int b = 0; b < p->n_blocks; b++)
        add_resources(p, b, lp, &line);
    own.coupling = kv_lp_rows(lp);
    add_rows(p, &p->coupling, relax_dropped, lp, &line);
    own.side = kv_lp_rows(lp);
    add_rows(p, &p->side, relax_dropped, lp, &line);
    own.opening = kv_lp_rows(lp);
    add_openings(p, lp, &line, &own);
    kv_free(line.column);
    kv_free(line.value);
    if (rows) {
        *rows = own;
    } else {
        kv_free(own.of);
        kv_free(own.flow);
    }
    return lp;
}

/* The next y in its box, the first variable fastest; 0 when all have been. */
static int next_design(const kv_problem *p, const double *low, const double *high, double *y)
{
    for (int j = 0; j < p->n_design; j++) {
        if (!p->design_integer[j])
            continue;
        y[j] += 1.0;
        if (y[j] <= floor(high[j]))
            return 1;
        y[j] = ceil(low[j]);
    }
    return 0;
}

double tiny_optimum(const kv_problem *problem, const double *lower, const double *upper,
                    int relax_dropped, double *design, double *flow)
{
    const kv_problem *p = problem;
    const double *low = lower ? lower : p->design_lower, *high = upper ? upper : p->design_upper;
    double best = 1e30, *y = kv_alloc((size_t)p->n_design, sizeof *y);
    kv_lp *lp = tiny_lp(p, lower, upper, relax_dropped, NULL);
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    cr_assert(y != NULL);
    for (int j = 0; j < p->n_design; j++)
        y[j] = ceil(low[j]);
    do {
        for (int j = 0; j < p->n_design; j++)
            if (p->design_integer[j])
                cr_assert(kv_lp_set_column_bounds(lp, j, y[j], y[j]) == KV_OK);
        kv_lp_state state = kv_lp_solve(lp, &limits);
        cr_assert(state == KV_LP_OPTIMAL || state == KV_LP_INFEASIBLE);
        if (state == KV_LP_INFEASIBLE || kv_lp_objective(lp) >= best)
            continue;
        best = kv_lp_objective(lp);
        for (int j = 0; design && j < p->n_design; j++)
            design[j] = kv_lp_value(lp, j);
        for (int i = 0; flow && i < p->n_blocks * p->n_flows; i++)
            flow[i] = kv_lp_value(lp, p->n_design + i);
    } while (next_design(p, low, high, y));
    kv_free(y);
    kv_lp_free(lp);
    return best;
}
