/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/flow_relaxation.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Flows priced by one task. */
static const int tile_flows = 4000;

/* ---- from the problem ---- */

static kv_status copy_boxes(kv_flow_relaxation *w, const double *lower, const double *upper)
{
    const kv_problem *p = w->problem;
    w->lower = kv_alloc((size_t)p->n_design, sizeof(double));
    w->upper = kv_alloc((size_t)p->n_design, sizeof(double));
    if (!w->lower || !w->upper)
        return KV_ERR_MEMORY;
    for (int j = 0; j < p->n_design; j++) {
        w->lower[j] = lower ? lower[j] : p->design_lower[j];
        w->upper[j] = upper ? upper[j] : p->design_upper[j];
        if (p->design_integer[j]) {
            w->lower[j] = ceil(w->lower[j]);
            w->upper[j] = floor(w->upper[j]);
        }
        if (w->lower[j] > w->upper[j])
            return KV_ERR_INFEASIBLE;
    }
    return KV_OK;
}

/* Tasks do not depend on the number of threads. */
static int cut_tiles(kv_flow_relaxation *w)
{
    const kv_problem *p = w->problem;
    int n = 0, flows = tile_flows;
    for (int i = 0; i < p->n_blocks * p->n_commodities; i++) {
        int k = i % p->n_commodities;
        if (flows >= tile_flows) {
            if (w->tile_first)
                w->tile_first[n] = i;
            n++;
            flows = 0;
        }
        flows += p->commodity_flow_first[k + 1] - p->commodity_flow_first[k];
    }
    if (w->tile_first)
        w->tile_first[n] = p->n_blocks * p->n_commodities;
    return n;
}

static void find_largest(kv_flow_relaxation *w)
{
    const kv_problem *p = w->problem;
    for (int k = 0; k < p->n_commodities; k++) {
        int nodes = p->commodity_balance_first[k + 1] - p->commodity_balance_first[k] + 1;
        int arcs = p->commodity_flow_first[k + 1] - p->commodity_flow_first[k];
        w->most_nodes = nodes > w->most_nodes ? nodes : w->most_nodes;
        w->most_arcs = arcs > w->most_arcs ? arcs : w->most_arcs;
    }
}

/* ---- sizes ---- */

/* What a commodity moves in a block, or without supplies its mean m; and what a unit costs on a mean
 * flow. */
static void measure_commodity(const kv_problem *p, int block, int k, double *size, double *price)
{
    double supply = 0.0, most = 0.0, cost = 0.0;
    int n = p->commodity_flow_first[k + 1] - p->commodity_flow_first[k];
    for (int v = p->commodity_balance_first[k]; v < p->commodity_balance_first[k + 1]; v++)
        supply += fmax(0.0, p->balance[(size_t)block * (size_t)p->n_balances + (size_t)v]);
    for (int f = p->commodity_flow_first[k]; f < p->commodity_flow_first[k + 1]; f++) {
        size_t x = (size_t)block * (size_t)p->n_flows + (size_t)f;
        most += p->flow_upper[x];
        cost += p->block_weight[block] * fabs(p->flow_cost[x]);
    }
    *size = supply > 0.0 ? supply : most > 0.0 ? most / n : 1.0;
    *price = cost > 0.0 ? cost / n : 1.0;
}

/* A row's multiplier is worth what makes its cheapest flow dear or its cheapest design free; a
 * violation is as large as the flows that the row holds. */
static void scale_by_flows(kv_flow_relaxation *w, int block, int k, double size, double price)
{
    const kv_problem *p = w->problem;
    for (int f = p->commodity_flow_first[k]; f < p->commodity_flow_first[k + 1]; f++) {
        size_t x = (size_t)block * (size_t)p->n_flows + (size_t)f;
        double amount = fmin(size, p->flow_upper[x]);
        for (size_t e = w->entry_first[x]; e < w->entry_first[x + 1]; e++) {
            double value = fabs(w->entry_value[e]);
            int row = w->entry_row[e];
            if (value <= 0.0)
                continue;
            w->worth[row] = fmin(w->worth[row], price / value);
            w->size[row] = hypot(w->size[row], value * amount);
        }
    }
}

static void scale_by_designs(kv_flow_relaxation *w)
{
    const kv_problem *p = w->problem;
    for (int j = 0; j < p->n_design; j++)
        for (size_t e = w->design_first[j]; e < w->design_first[j + 1]; e++) {
            double value = fabs(w->design_value[e]), cost = fabs(p->design_cost[j]);
            double box = fmax(fabs(w->lower[j]), fabs(w->upper[j]));
            int row = w->design_row[e];
            if (value <= 0.0)
                continue;
            if (cost > 0.0)
                w->worth[row] = fmin(w->worth[row], cost / value);
            if (w->size[row] <= 0.0)
                w->size[row] = value * box;
        }
}

static void scale_rows(kv_flow_relaxation *w)
{
    const kv_problem *p = w->problem;
    for (int i = 0; i < w->n_rows; i++) {
        w->worth[i] = HUGE_VAL;
        w->size[i] = 0.0;
    }
    for (int b = 0; b < p->n_blocks; b++)
        for (int k = 0; k < p->n_commodities; k++) {
            double size, price;
            measure_commodity(p, b, k, &size, &price);
            scale_by_flows(w, b, k, size, price);
        }
    scale_by_designs(w);
    for (int i = 0; i < w->n_rows; i++) {
        w->worth[i] = w->worth[i] < HUGE_VAL ? w->worth[i] : 1.0;
        w->size[i] = w->size[i] > 0.0 ? w->size[i] : 1.0;
    }
}

/* ---- all ---- */

kv_status kv_flow_relaxation_create(const kv_problem *problem, const double *lower,
                                    const double *upper, const unsigned char *drop_side,
                                    kv_flow_relaxation **relaxation)
{
    kv_flow_relaxation *w = *relaxation = kv_alloc(1, sizeof *w);
    if (!w)
        return KV_ERR_MEMORY;
    w->problem = problem;
    w->drop_side = drop_side;
    kv_status status = copy_boxes(w, lower, upper);
    if (status == KV_OK)
        status = kv_flow_relaxation_rows(w);
    if (status != KV_OK)
        return status;
    scale_rows(w);
    find_largest(w);
    w->n_tiles = cut_tiles(w);
    w->tile_first = kv_alloc((size_t)w->n_tiles + 1, sizeof(int));
    if (!w->tile_first)
        return KV_ERR_MEMORY;
    cut_tiles(w);
    return KV_OK;
}

void kv_flow_relaxation_free(kv_flow_relaxation *w)
{
    if (!w)
        return;
    void *arrays[] = {w->lower,        w->upper,     w->closed,      w->kind,       w->bounded,
                      w->source,       w->flow,      w->rhs,         w->worth,      w->size,
                      w->entry_first,  w->entry_row, w->entry_value, w->design_row, w->design_value,
                      w->design_first, w->tile_first};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(w);
}

/* ---- first multipliers ---- */

/* Rows of resources that the design supplies, else opening rows that it is in. */
static double count_rows(const kv_flow_relaxation *w, int design, kv_flow_row_kind kind)
{
    double count = 0.0;
    for (size_t e = w->design_first[design]; e < w->design_first[design + 1]; e++)
        count += w->kind[w->design_row[e]] == kind;
    return count;
}

void kv_flow_relaxation_start(const kv_flow_relaxation *relaxation, double *multipliers)
{
    const kv_flow_relaxation *w = relaxation;
    for (int i = 0; i < w->n_rows; i++)
        multipliers[i] = HUGE_VAL;
    for (int j = 0; j < w->problem->n_design; j++) {
        double cost = fmax(0.0, w->problem->design_cost[j]);
        double supplied = count_rows(w, j, KV_FLOW_RESOURCE);
        double opened = count_rows(w, j, KV_FLOW_OPENING);
        for (size_t e = w->design_first[j]; e < w->design_first[j + 1]; e++) {
            int row = w->design_row[e], resource = w->kind[row] == KV_FLOW_RESOURCE;
            double share = resource ? cost / supplied : supplied > 0.0 ? 0.0 : cost / opened;
            if (w->kind[row] != KV_FLOW_COUPLING && w->design_value[e] < 0.0 && w->upper[j] > 0.0)
                multipliers[row] = fmin(multipliers[row], share / -w->design_value[e]);
        }
    }
    for (int i = 0; i < w->n_rows; i++)
        multipliers[i] = multipliers[i] < HUGE_VAL && w->rhs[i] >= 0.0 ? multipliers[i] : 0.0;
}

/* Opening rows' multipliers by opening: entries[first[o] .. first[o + 1] - 1]. */
static void sort_openings(const kv_problem *p, const kv_multipliers *from, int *first, int *entries)
{
    for (int i = 0; i < from->n_opening; i++)
        first[from->opening[i]]++;
    for (int o = 0, end = 0; o <= p->n_openings; o++)
        first[o] = end += o < p->n_openings ? first[o] : 0;
    for (int i = from->n_opening - 1; i >= 0; i--)
        entries[--first[from->opening[i]]] = i;
}

/* value [n_flows], zeros before and after: the multipliers of the flows' rows of one opening. */
static void copy_openings(const kv_flow_relaxation *w, const kv_multipliers *from, const int *first,
                          const int *entries, double *value, double *multipliers)
{
    for (int i = 0; i < w->n_rows; i++) {
        int o = w->source[i];
        if (w->kind[i] != KV_FLOW_OPENING)
            continue;
        for (int e = first[o]; e < first[o + 1]; e++)
            value[from->opening_flow[entries[e]]] += from->opening_value[entries[e]];
        for (; i < w->n_rows && w->kind[i] == KV_FLOW_OPENING && w->source[i] == o; i++)
            multipliers[i] = value[w->flow[i]];
        i--;
        for (int e = first[o]; e < first[o + 1]; e++)
            value[from->opening_flow[entries[e]]] = 0.0;
    }
}

kv_status kv_flow_relaxation_from(const kv_flow_relaxation *relaxation, const kv_multipliers *from,
                                  double *multipliers)
{
    const kv_flow_relaxation *w = relaxation;
    double *value = kv_alloc((size_t)w->problem->n_flows, sizeof(double));
    int *first = kv_alloc((size_t)w->problem->n_openings + 1, sizeof(int));
    int *entries = kv_alloc((size_t)from->n_opening, sizeof(int));
    kv_status status = value && first && entries ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK) {
        sort_openings(w->problem, from, first, entries);
        copy_openings(w, from, first, entries, value, multipliers);
    }
    for (int i = 0; i < w->n_rows && status == KV_OK; i++) {
        if (w->kind[i] == KV_FLOW_RESOURCE)
            multipliers[i] = from->resource[w->source[i]];
        else if (w->kind[i] == KV_FLOW_COUPLING)
            multipliers[i] = from->coupling[w->source[i]];
        if (!isfinite(multipliers[i]) || (w->bounded[i] && multipliers[i] < 0.0))
            multipliers[i] = 0.0;
    }
    kv_free(value);
    kv_free(first);
    kv_free(entries);
    return status;
}
