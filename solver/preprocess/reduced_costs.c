/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/mathematics.md, section 6. The sums here are plain; `error` allows for that. */
#include "solver/preprocess/reduced_costs.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const double unlimited = 1e30;
static const double rounding = 1e-13; /* share of the sum of all sizes that plain sums may lose */

typedef struct pricing {
    const kv_problem *problem;
    const kv_multipliers *multipliers;
    kv_reduced_costs *costs;
    double constant, size; /* size: sum of the sizes of all terms */
} pricing;

/* A multiplier as it may be used: a number, and not negative for an inequality. */
static double usable(double multiplier, char sense)
{
    if (!isfinite(multiplier) || (sense == 'L' && multiplier < 0.0))
        return 0.0;
    return multiplier;
}

static void add_constant(pricing *s, double term)
{
    s->constant += term;
    s->size += fabs(term);
}

static size_t at(const kv_problem *p, int block, int flow)
{
    return (size_t)block * (size_t)p->n_flows + (size_t)flow;
}

static void price_rows(pricing *s, const kv_rows *rows, const double *multiplier)
{
    for (int i = 0; i < rows->count; i++) {
        double value = usable(multiplier[i], rows->sense[i]);
        if (value == 0.0)
            continue;
        add_constant(s, -value * rows->rhs[i]);
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            s->costs->design[rows->design[e]] += value * rows->design_value[e];
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++)
            s->costs->flow[at(s->problem, rows->flow_block[e], rows->flow[e])] +=
                value * rows->flow_value[e];
    }
}

static void price_set(pricing *s, const kv_opening *o, double amount)
{
    const kv_problem *p = s->problem;
    for (int e = o->first; e < o->first + o->count; e++)
        s->costs->design[p->opening_design[e]] -= amount * p->opening_coefficient[e];
}

static void price_openings(pricing *s)
{
    const kv_problem *p = s->problem;
    const kv_multipliers *m = s->multipliers;
    for (int i = 0; i < m->n_opening; i++) {
        const kv_opening *o = &p->openings[m->opening[i]];
        size_t x = at(p, o->block, m->opening_flow[i]);
        double beta = usable(m->opening_value[i], 'L');
        if (beta == 0.0 || p->flow_arc[m->opening_flow[i]] != o->arc)
            continue;
        s->costs->flow[x] += beta;
        price_set(s, o, beta * p->flow_upper[x]);
    }
}

/* Rows of whole arcs. KV_OK or KV_ERR_MEMORY. */
static kv_status price_whole_arcs(pricing *s)
{
    const kv_problem *p = s->problem;
    const kv_multipliers *m = s->multipliers;
    for (int i = 0; i < m->n_arc_opening; i++) {
        const kv_opening *o = &p->openings[m->arc_opening[i]];
        double beta = usable(m->arc_opening_value[i], 'L');
        if (beta == 0.0)
            continue;
        double capacity = kv_opening_capacity(p, m->arc_opening[i]);
        if (!isfinite(capacity))
            return KV_ERR_MEMORY;
        for (int f = 0; f < p->n_flows; f++)
            if (p->flow_arc[f] == o->arc)
                s->costs->flow[at(p, o->block, f)] += beta;
        price_set(s, o, beta * capacity);
    }
    return KV_OK;
}

/* The rows of a block. alpha [n_resources]: its resources' multipliers. */
static void price_block_rows(pricing *s, int block, double *alpha)
{
    const kv_problem *p = s->problem;
    for (int r = 0; r < p->n_resources; r++) {
        size_t row = (size_t)block * (size_t)p->n_resources + (size_t)r;
        int limited = p->resource_base[row] < unlimited;
        alpha[r] = limited ? usable(s->multipliers->resource[row], 'L') : 0.0;
        if (alpha[r] == 0.0)
            continue;
        add_constant(s, -alpha[r] * p->resource_base[row]);
        for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
            s->costs->design[p->supply_design[e]] -= alpha[r] * p->supply[e];
    }
    for (int v = 0; v < p->n_balances; v++) {
        size_t row = (size_t)block * (size_t)p->n_balances + (size_t)v;
        add_constant(s, usable(s->multipliers->balance[row], 'E') * p->balance[row]);
    }
}

static void price_block_flows(pricing *s, int block, const double *alpha)
{
    const kv_problem *p = s->problem;
    const double *pi = s->multipliers->balance + (size_t)block * (size_t)p->n_balances;
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    for (int f = 0; f < p->n_flows; f++) {
        size_t x = at(p, block, f);
        double *r = &s->costs->flow[x];
        if (p->flow_upper[x] <= 0.0) {
            *r = 0.0;
            continue;
        }
        double cost = p->block_weight[block] * p->flow_cost[x], size = fabs(*r) + fabs(cost);
        *r += cost;
        if (p->flow_tail_row[f] >= 0) {
            *r -= usable(pi[p->flow_tail_row[f]], 'E');
            size += fabs(usable(pi[p->flow_tail_row[f]], 'E'));
        }
        if (p->flow_head_row[f] >= 0)
            *r += usable(pi[p->flow_head_row[f]], 'E');
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++)
            *r += use[e] * alpha[p->use_resource[e]];
        if (*r < 0.0)
            add_constant(s, *r * p->flow_upper[x]);
        s->size += size * rounding * p->flow_upper[x];
    }
}

static void price_designs(pricing *s, const double *lower, const double *upper)
{
    const kv_problem *p = s->problem;
    for (int j = 0; j < p->n_design; j++) {
        double d = s->costs->design[j];
        double low = p->design_integer[j] ? ceil(lower[j]) : lower[j];
        double high = p->design_integer[j] ? floor(upper[j]) : upper[j];
        if (low > high)
            s->constant = HUGE_VAL;
        add_constant(s, d == 0.0 ? 0.0 : d * (d > 0.0 ? low : high));
        s->size += fabs(p->design_cost[j]) * fmax(fabs(low), fabs(high));
    }
}

kv_status kv_reduced_costs_create(const kv_problem *problem, const double *lower,
                                  const double *upper, const kv_multipliers *multipliers,
                                  kv_reduced_costs *costs)
{
    const kv_problem *p = problem;
    pricing s = {.problem = p, .multipliers = multipliers, .costs = costs};
    double *alpha = kv_alloc((size_t)p->n_resources, sizeof *alpha);
    kv_status status = KV_ERR_MEMORY;
    *costs = (kv_reduced_costs){
        .flow = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof *costs->flow),
        .design = kv_alloc((size_t)p->n_design, sizeof *costs->design)};
    if (!alpha || !costs->flow || !costs->design)
        goto out;
    memcpy(costs->design, p->design_cost, (size_t)p->n_design * sizeof *costs->design);
    price_rows(&s, &p->coupling, multipliers->coupling);
    price_rows(&s, &p->side, multipliers->side);
    price_openings(&s);
    status = price_whole_arcs(&s);
    for (int b = 0; b < p->n_blocks && status == KV_OK; b++) {
        price_block_rows(&s, b, alpha);
        price_block_flows(&s, b, alpha);
    }
    price_designs(&s, lower ? lower : p->design_lower, upper ? upper : p->design_upper);
    costs->bound = isnan(s.constant) ? -HUGE_VAL : s.constant;
    costs->error = isfinite(s.size) ? rounding * s.size : HUGE_VAL;
out:
    kv_free(alpha);
    return status;
}

void kv_reduced_costs_clear(kv_reduced_costs *costs)
{
    kv_free(costs->flow);
    kv_free(costs->design);
    memset(costs, 0, sizeof *costs);
}
