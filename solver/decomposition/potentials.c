/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/potentials.h"

#include "base/memory.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <string.h>

kv_status kv_potentials_create(const kv_problem *problem, kv_potentials *w)
{
    size_t balances = (size_t)problem->n_balances;
    memset(w, 0, sizeof(*w));
    w->problem = problem;
    w->parent = kv_alloc(balances, sizeof(int));
    w->size = kv_alloc(balances, sizeof(int));
    w->next = kv_alloc(balances, sizeof(int));
    w->sum = kv_alloc(balances, sizeof(double));
    w->balance = kv_alloc(balances, sizeof(double));
    w->passed = kv_alloc(balances, 1);
    w->cost = kv_alloc((size_t)problem->n_flows, sizeof(double));
    return w->parent && w->size && w->next && w->sum && w->balance && w->passed && w->cost
               ? KV_OK
               : KV_ERR_MEMORY;
}

void kv_potentials_free(kv_potentials *w)
{
    void *arrays[] = {w->parent, w->size, w->next, w->sum, w->balance, w->passed, w->cost};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    memset(w, 0, sizeof(*w));
}

double kv_potentials_price(const kv_problem *problem, const kv_multipliers *multipliers, int block,
                           int commodity)
{
    const kv_problem *p = problem;
    double value = 0, supply = 0;
    for (int i = p->commodity_balance_first[commodity];
         i < p->commodity_balance_first[commodity + 1]; i++) {
        size_t at = (size_t)block * (size_t)p->n_balances + (size_t)i;
        value += multipliers->balance[at] * p->balance[at];
        supply += fmax(0, p->balance[at]);
    }
    return supply > 0 ? fabs(value) / supply : 0;
}

/* ---- levels ---- */

static int find_root(int *parent, int i)
{
    while (parent[i] != i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
    }
    return i;
}

/* Components over the flows held; balance = infinite where a flow has only one end in them. */
static void find_components(kv_potentials *w, const unsigned char *held)
{
    const kv_problem *p = w->problem;
    for (int i = 0; i < p->n_balances; i++) {
        w->parent[i] = i;
        w->size[i] = 0;
        w->sum[i] = w->balance[i] = 0;
    }
    for (int f = 0; f < p->n_flows; f++) {
        if (!held[f] || p->flow_tail_row[f] < 0 || p->flow_head_row[f] < 0)
            continue;
        int tail = find_root(w->parent, p->flow_tail_row[f]);
        int head = find_root(w->parent, p->flow_head_row[f]);
        w->parent[tail > head ? tail : head] = tail > head ? head : tail;
    }
    for (int f = 0; f < p->n_flows; f++) {
        int tail = p->flow_tail_row[f], head = p->flow_head_row[f];
        if (held[f] && (tail < 0) != (head < 0))
            w->balance[find_root(w->parent, tail < 0 ? head : tail)] = HUGE_VAL;
    }
}

/* A component that balances has a level of its own, which changes no bound: that of the base. */
static void align(kv_potentials *w, int block, const double *base, double *potential)
{
    const kv_problem *p = w->problem;
    const double *balance = p->balance + (size_t)block * (size_t)p->n_balances;
    double scale = 0;
    for (int i = 0; i < p->n_balances; i++) {
        int root = find_root(w->parent, i);
        w->size[root]++;
        w->sum[root] += base[i] - potential[i];
        w->balance[root] += balance[i];
        scale = fmax(scale, fabs(balance[i]));
    }
    for (int i = 0; i < p->n_balances; i++) {
        int root = find_root(w->parent, i);
        if (fabs(w->balance[root]) <= 1e-9 * scale)
            potential[i] += w->sum[root] / w->size[root];
    }
}

/* ---- shortest ways ---- */

static double potential_of(const double *potential, int row)
{
    return row < 0 ? 0 : potential[row];
}

/* Nodes with a balance, and the ends of flows that are used rather than unattractive: the share of m
 * is more than the share of the commodity's largest reduced cost. */
static void mark_passed(kv_potentials *w, int block, int commodity, const unsigned char *held,
                        const double *flow, const double *reduced)
{
    const kv_problem *p = w->problem;
    const double *most = p->flow_upper + (size_t)block * (size_t)p->n_flows;
    const double *balance = p->balance + (size_t)block * (size_t)p->n_balances;
    int from = p->commodity_flow_first[commodity], to = p->commodity_flow_first[commodity + 1];
    double largest = 0;
    for (int f = from; f < to; f++)
        if (held[f])
            largest = fmax(largest, fabs(reduced[f]));
    for (int i = p->commodity_balance_first[commodity];
         i < p->commodity_balance_first[commodity + 1]; i++)
        w->passed[i] = balance[i] != 0;
    for (int f = from; f < to; f++) {
        if (!held[f] || most[f] <= 0 || flow[f] * largest < reduced[f] * most[f])
            continue;
        if (p->flow_tail_row[f] >= 0)
            w->passed[p->flow_tail_row[f]] = 1;
        if (p->flow_head_row[f] >= 0)
            w->passed[p->flow_head_row[f]] = 1;
    }
}

/* potential[v] = the least of cost + potential[head] over what leaves v, for nodes not passed. */
static void shorten(kv_potentials *w, int block, int commodity, double *potential)
{
    const kv_problem *p = w->problem;
    const double *most = p->flow_upper + (size_t)block * (size_t)p->n_flows;
    int from = p->commodity_balance_first[commodity],
        to = p->commodity_balance_first[commodity + 1];
    for (int i = from; i < to; i++) {
        w->next[i] = -1;
        w->sum[i] = potential[i]; /* what it was */
        if (!w->passed[i])
            potential[i] = HUGE_VAL;
    }
    for (int pass = from, changed = 1; pass < to && changed; pass++) {
        changed = 0;
        for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
             f++) {
            int tail = p->flow_tail_row[f];
            double way = w->cost[f] + potential_of(potential, p->flow_head_row[f]);
            if (most[f] <= 0 || tail < 0 || w->passed[tail] || !(way < potential[tail]))
                continue;
            potential[tail] = way;
            w->next[tail] = f;
            changed = 1;
        }
    }
    for (int i = from; i < to; i++)
        if (!isfinite(potential[i]))
            potential[i] = w->sum[i];
}

void kv_potentials_mend(kv_potentials *w, int block, const unsigned char *held, const double *flow,
                        const double *priced, const double *base, kv_multipliers *multipliers,
                        double *reduced)
{
    const kv_problem *p = w->problem;
    double *potential = multipliers->balance + (size_t)block * (size_t)p->n_balances;
    if (base) {
        find_components(w, held);
        align(w, block, base, potential);
    }
    kv_price_flows(p, multipliers, block, priced, reduced);
    for (int f = 0; f < p->n_flows; f++)
        w->cost[f] = reduced[f] + potential_of(potential, p->flow_tail_row[f]) -
                     potential_of(potential, p->flow_head_row[f]);
    for (int c = 0; c < p->n_commodities; c++) {
        mark_passed(w, block, c, held, flow, reduced);
        shorten(w, block, c, potential);
    }
    kv_price_flows(p, multipliers, block, priced, reduced);
}
