/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The size of each row's multiplier and of its violation, so that steps along violations can move all
 * multipliers at about the same pace. A commodity's size is what it moves, its price what moving it
 * costs at the first multipliers. An entry u of a flow is worth a multiplier of price / u and brings
 * a violation of u x size; one of a design, its cost / u and u x its box. A row goes by the mean of
 * its entries, of flows or of designs, whatever makes for the smaller steps.
 */
#include "base/memory.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>

typedef struct sizes {
    double *size, *price; /* [n_blocks * n_commodities] t/yr, money/t */
} sizes;

/* Supplies of a commodity in a block, or without any its mean flow bound; and farthest potential, or
 * without any its mean cost. */
static void measure_commodity(const kv_knapsack *k, const double *multipliers, int block,
                              int commodity, double *size, double *price)
{
    const kv_problem *p = k->problem;
    double supply = 0.0, most = 0.0, cost = 0.0, farthest = 0.0;
    int n = 0;
    for (int v = p->commodity_balance_first[commodity];
         v < p->commodity_balance_first[commodity + 1]; v++)
        supply += fmax(0.0, p->balance[(size_t)block * (size_t)p->n_balances + (size_t)v]);
    for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
         f++) {
        int at = k->position[(size_t)block * (size_t)p->n_flows + (size_t)f];
        if (at < 0)
            continue;
        n++;
        most += k->most[at];
        cost += fabs(k->cost[at]);
        farthest = fmax(farthest, fabs(multipliers[k->tail[at]]));
        farthest = fmax(farthest, fabs(multipliers[k->head[at]]));
    }
    *size = supply > 0.0 ? supply : most > 0.0 ? most / n : 1.0;
    *price = farthest > 0.0 ? farthest : cost > 0.0 ? cost / n : 1.0;
}

/* Entries of a row, each with what it brings to a violation. */
typedef struct entries {
    double worth;  /* sum of price x amount */
    double weight; /* sum of value x amount */
    double square; /* sum of amount squared, the amount being value x size */
} entries;

static void add(entries *row, double value, double size, double price)
{
    double amount = fabs(value) * size;
    row->worth += price * amount;
    row->weight += fabs(value) * amount;
    row->square += amount * amount;
}

/* The row's sizes: of its multiplier, and of its violation; 0 and 1 without entries. */
static double worth_of(const entries *row)
{
    return row->weight > 0.0 ? row->worth / row->weight : 0.0;
}

static double size_of(const entries *row)
{
    return row->square > 0.0 ? sqrt(row->square) : 1.0;
}

static void scale_balances(kv_knapsack *k, const sizes *s)
{
    const kv_problem *p = k->problem;
    for (int i = 0; i < k->n_balance; i++) {
        int b = k->source[i] / p->n_balances, v = k->source[i] % p->n_balances;
        int at = b * p->n_commodities + p->balance_commodity[v];
        k->worth[i] = s->price[at];
        k->size[i] = s->size[at];
    }
}

static void add_flows(const kv_knapsack *k, const sizes *s, entries *flows)
{
    for (int c = 0; c < k->n_cells; c++)
        for (int i = k->cells[c].first; i < k->cells[c].end; i++) {
            int at = k->cells[c].block * k->problem->n_commodities +
                     k->problem->flow_commodity[k->flow[i]];
            for (int e = k->entry_first[i]; e < k->entry_first[i + 1]; e++)
                add(&flows[k->entry_row[e]], k->entry_value[e], s->size[at], s->price[at]);
        }
}

static void add_designs(const kv_knapsack *k, entries *designs)
{
    for (int j = 0; j < k->problem->n_design; j++) {
        double box = fmax(fabs(k->lower[j]), fabs(k->upper[j]));
        double cost = fabs(k->problem->design_cost[j]);
        for (int e = k->design_first[j]; e < k->design_first[j + 1] && cost * box > 0.0; e++)
            add(&designs[k->design_row[e]], k->design_value[e], box, cost / box);
    }
}

kv_status kv_knapsack_scale(kv_knapsack *knapsack, const double *multipliers)
{
    kv_knapsack *k = knapsack;
    const kv_problem *p = k->problem;
    size_t commodities = (size_t)p->n_blocks * (size_t)p->n_commodities;
    sizes s = {kv_alloc(commodities, sizeof(double)), kv_alloc(commodities, sizeof(double))};
    entries *flows = kv_alloc((size_t)k->n_rows, sizeof *flows);
    entries *designs = kv_alloc((size_t)k->n_rows, sizeof *designs);
    kv_status status = KV_ERR_MEMORY;
    if (!s.size || !s.price || !flows || !designs)
        goto out;
    for (int b = 0; b < p->n_blocks; b++)
        for (int i = 0; i < p->n_commodities; i++) {
            int at = b * p->n_commodities + i;
            measure_commodity(k, multipliers, b, i, &s.size[at], &s.price[at]);
        }
    scale_balances(k, &s);
    add_flows(k, &s, flows);
    add_designs(k, designs);
    for (int i = k->n_balance; i < k->n_rows; i++) {
        double flow = worth_of(&flows[i]) / size_of(&flows[i]);
        double design = worth_of(&designs[i]) / size_of(&designs[i]);
        const entries *row =
            flow > 0.0 && (design <= 0.0 || flow <= design) ? &flows[i] : &designs[i];
        k->worth[i] = worth_of(row) > 0.0 ? worth_of(row) : 1.0;
        k->worth[i] = k->kind[i] == KV_ROW_NONE ? 0.0 : k->worth[i];
        k->size[i] = size_of(row);
    }
    status = KV_OK;
out:
    kv_free(s.size);
    kv_free(s.price);
    kv_free(flows);
    kv_free(designs);
    return status;
}
