/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * First multipliers of balance rows: distances to the sink (or from the source) of each commodity
 * with opening costs spread over capacities, cut off where no supply is farther away. Reduced costs
 * are then not negative, so the bound is at least that of the shortest paths.
 */
#include "base/memory.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>
#include <string.h>

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

/* ---- lengths ---- */

static kv_status spread_costs(paths *s)
{
    const kv_knapsack *k = s->knapsack;
    int *cells_of = kv_alloc((size_t)k->problem->n_design, sizeof(int));
    if (!cells_of)
        return KV_ERR_MEMORY;
    for (int c = 0; c < k->n_cells; c++)
        if (k->cells[c].owner >= 0)
            cells_of[k->cells[c].owner]++;
    for (int c = 0; c < k->n_cells; c++) {
        const kv_cell *cell = &k->cells[c];
        double most = 0.0, cost = 0.0;
        for (int i = cell->first; i < cell->end; i++)
            most += k->most[i];
        if (cell->owner >= 0)
            cost = fmax(0.0, k->problem->design_cost[cell->owner]) / cells_of[cell->owner];
        for (int i = cell->first; i < cell->end; i++) {
            double spread = cell->resource >= 0 && cell->supply > 0.0
                                ? cost * k->use[i] / cell->supply
                                : (most > 0.0 ? cost / most : 0.0);
            s->length[i] = fmax(0.0, k->cost[i]) + spread;
        }
    }
    kv_free(cells_of);
    return KV_OK;
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
    kv_status status = make_room(&s);
    if (!potential)
        status = KV_ERR_MEMORY;
    if (status == KV_OK)
        status = spread_costs(&s);
    if (status != KV_OK)
        goto out;
    memset(multipliers, 0, (size_t)knapsack->n_rows * sizeof(double));
    for (int b = 0, row = 0; b < p->n_blocks; b++) {
        for (int i = 0; i < p->n_commodities; i++)
            solve_commodity(&s, b, i, potential);
        for (int v = 0; v < p->n_balances; v++, row++)
            multipliers[row] = potential[knapsack->source[row] - b * p->n_balances];
    }
out:
    kv_free(potential);
    kv_free(s.length);
    kv_free(s.first);
    kv_free(s.next_node);
    kv_free(s.next_length);
    kv_free(s.distance);
    kv_free(s.queue);
    kv_free(s.waiting);
    return status;
}
