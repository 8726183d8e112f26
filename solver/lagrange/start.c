/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * First multipliers. The cost of a design is shared by what it opens and supplies, and there spread
 * over capacities: prices of resources and gates. Balance rows: distances to the sink (or from the
 * source) of each commodity at these prices, cut off where no supply is farther away. The reduced
 * costs of plain flows are then not negative, and cells are worth no more than their designs.
 */
#include "base/memory.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>

typedef struct paths {
    const kv_knapsack *knapsack;
    double *length; /* [n_positions] >= 0 */
    /* of one commodity in one block, nodes being its balance rows counted from 0: */
    int n;
    int *first, *next_node; /* arcs into a node (out of it when `forward`); flows' other ends */
    double *next_length;
    double *distance;
    int *queue;
    unsigned char *waiting;
} paths;

/* ---- prices ---- */

/* What each design costs for one of the cells, gates and resources that it opens or supplies. */
static double *share_costs(const kv_knapsack *k)
{
    const kv_problem *p = k->problem;
    double *cost = kv_alloc((size_t)p->n_design, sizeof(double));
    for (int j = 0; cost && j < p->n_design; j++)
        for (int e = k->design_first[j]; e < k->design_first[j + 1]; e++) {
            int kind = k->kind[k->design_row[e]];
            cost[j] += kind == KV_ROW_RESOURCE || kind == KV_ROW_GATE;
        }
    for (int c = 0; cost && c < k->n_cells; c++)
        if (k->cells[c].owner >= 0)
            cost[k->cells[c].owner] += 1.0;
    for (int j = 0; cost && j < p->n_design; j++)
        cost[j] = cost[j] > 0.0 ? fmax(0.0, p->design_cost[j]) / cost[j] : 0.0;
    return cost;
}

/* A resource or a gate costs what the cheapest design asks for a unit. */
static void price_rows(const kv_knapsack *k, const double *cost, double *multipliers)
{
    for (int i = 0; i < k->n_rows; i++)
        multipliers[i] =
            k->kind[i] == KV_ROW_RESOURCE || k->kind[i] == KV_ROW_GATE ? HUGE_VAL : 0.0;
    for (int j = 0; j < k->problem->n_design; j++)
        for (int e = k->design_first[j]; e < k->design_first[j + 1]; e++) {
            double *price = &multipliers[k->design_row[e]];
            if (k->design_value[e] < 0.0 && k->upper[j] > 0.0)
                *price = fmin(*price, cost[j] / -k->design_value[e]);
        }
    for (int i = 0; i < k->n_rows; i++)
        multipliers[i] = multipliers[i] < HUGE_VAL ? multipliers[i] : 0.0;
}

static void spread_costs(paths *s, const double *cost, const double *multipliers)
{
    const kv_knapsack *k = s->knapsack;
    for (int c = 0; c < k->n_cells; c++) {
        const kv_cell *cell = &k->cells[c];
        double most = 0.0, price = cell->owner >= 0 ? cost[cell->owner] : 0.0;
        for (int i = 0; i < cell->n_gates; i++)
            price += multipliers[cell->gate + i];
        for (int i = cell->first; i < cell->end; i++)
            most += k->most[i];
        for (int i = cell->first; i < cell->end; i++) {
            double length = k->cost[i];
            for (int e = k->entry_first[i]; e < k->entry_first[i + 1]; e++)
                length += k->entry_value[e] * multipliers[k->entry_row[e]];
            double spread = cell->owner >= 0 && cell->resource >= 0 && cell->supply > 0.0
                                ? price * k->use[i] / cell->supply
                                : (most > 0.0 ? price / most : 0.0);
            s->length[i] = fmax(0.0, length) + spread;
        }
    }
}

/* ---- one commodity ---- */

static void index_arcs(paths *s, int block, int commodity, int forward)
{
    const kv_knapsack *k = s->knapsack;
    const kv_problem *p = k->problem;
    int base = p->commodity_balance_first[commodity];
    for (int v = 0; v <= s->n; v++)
        s->first[v] = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
             f++) {
            int at = k->position[(size_t)block * (size_t)p->n_flows + (size_t)f];
            int near = forward ? p->flow_tail_row[f] : p->flow_head_row[f];
            int far = forward ? p->flow_head_row[f] : p->flow_tail_row[f];
            if (at < 0 || near < 0 || far < 0)
                continue;
            if (pass == 0) {
                s->first[near - base + 1]++;
            } else {
                int e = s->first[near - base]++;
                s->next_node[e] = far - base;
                s->next_length[e] = s->length[at];
            }
        }
        for (int v = 0; v < s->n && pass == 0; v++)
            s->first[v + 1] += s->first[v];
    }
    for (int v = s->n; v > 0; v--) /* ends back to beginnings */
        s->first[v] = s->first[v - 1];
    s->first[0] = 0;
}

/* Label correcting from all nodes with distance 0 (Bellman, Ford, Moore), first in, first out. */
static void find_distances(paths *s, int n_waiting)
{
    int from = 0, room = s->n + 1;
    while (n_waiting > 0) {
        int v = s->queue[from];
        from = (from + 1) % room;
        n_waiting--;
        s->waiting[v] = 0;
        for (int e = s->first[v]; e < s->first[v + 1]; e++) {
            int u = s->next_node[e];
            double length = s->distance[v] + s->next_length[e];
            if (length >= s->distance[u])
                continue;
            s->distance[u] = length;
            if (!s->waiting[u]) {
                s->waiting[u] = 1;
                s->queue[(from + n_waiting++) % room] = u;
            }
        }
    }
}

/* Distances from the supplies (forward) or to the demands, at most that of the farthest other end. */
static void solve_commodity(paths *s, int block, int commodity, double *potential)
{
    const kv_problem *p = s->knapsack->problem;
    int base = p->commodity_balance_first[commodity];
    const double *balance = p->balance + (size_t)block * (size_t)p->n_balances + (size_t)base;
    int sources = 0, sinks = 0, waiting = 0;
    double farthest = 0.0;
    s->n = p->commodity_balance_first[commodity + 1] - base;
    for (int v = 0; v < s->n; v++) {
        sources += balance[v] > 0.0;
        sinks += balance[v] < 0.0;
    }
    int forward = sources == 1 && sinks > 1;
    index_arcs(s, block, commodity, forward);
    for (int v = 0; v < s->n; v++) {
        int begins = forward ? balance[v] > 0.0 : balance[v] < 0.0;
        s->distance[v] = begins ? 0.0 : HUGE_VAL;
        s->waiting[v] = (unsigned char)begins;
        if (begins)
            s->queue[waiting++] = v;
    }
    find_distances(s, waiting);
    for (int v = 0; v < s->n; v++) {
        int ends = forward ? balance[v] < 0.0 : balance[v] > 0.0;
        if (ends && s->distance[v] < HUGE_VAL)
            farthest = fmax(farthest, s->distance[v]);
    }
    for (int v = 0; v < s->n; v++)
        potential[base + v] = (forward ? -1.0 : 1.0) * fmin(s->distance[v], farthest);
}

/* ---- all ---- */

static kv_status make_room(paths *s)
{
    const kv_problem *p = s->knapsack->problem;
    size_t nodes = 0, flows = 0;
    for (int i = 0; i < p->n_commodities; i++) {
        size_t v = (size_t)(p->commodity_balance_first[i + 1] - p->commodity_balance_first[i]);
        size_t f = (size_t)(p->commodity_flow_first[i + 1] - p->commodity_flow_first[i]);
        nodes = v > nodes ? v : nodes;
        flows = f > flows ? f : flows;
    }
    s->length = kv_alloc((size_t)s->knapsack->n_positions, sizeof(double));
    s->first = kv_alloc(nodes + 1, sizeof(int));
    s->next_node = kv_alloc(flows, sizeof(int));
    s->next_length = kv_alloc(flows, sizeof(double));
    s->distance = kv_alloc(nodes, sizeof(double));
    s->queue = kv_alloc(nodes + 1, sizeof(int));
    s->waiting = kv_alloc(nodes, 1);
    return s->length && s->first && s->next_node && s->next_length && s->distance && s->queue &&
                   s->waiting
               ? KV_OK
               : KV_ERR_MEMORY;
}

kv_status kv_knapsack_start(const kv_knapsack *knapsack, double *multipliers)
{
    const kv_problem *p = knapsack->problem;
    paths s = {.knapsack = knapsack};
    double *potential = kv_alloc((size_t)p->n_balances, sizeof(double));
    double *cost = share_costs(knapsack);
    kv_status status = make_room(&s);
    if (!potential || !cost)
        status = KV_ERR_MEMORY;
    if (status != KV_OK)
        goto out;
    price_rows(knapsack, cost, multipliers);
    spread_costs(&s, cost, multipliers);
    for (int b = 0, row = 0; b < p->n_blocks; b++) {
        for (int i = 0; i < p->n_commodities; i++)
            solve_commodity(&s, b, i, potential);
        for (int v = 0; v < p->n_balances; v++, row++)
            multipliers[row] = potential[knapsack->source[row] - b * p->n_balances];
    }
out:
    kv_free(potential);
    kv_free(cost);
    kv_free(s.length);
    kv_free(s.first);
    kv_free(s.next_node);
    kv_free(s.next_length);
    kv_free(s.distance);
    kv_free(s.queue);
    kv_free(s.waiting);
    return status;
}
