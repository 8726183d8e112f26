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
    w->sum = kv_alloc(balances, sizeof(double));
    w->balance = kv_alloc(balances, sizeof(double));
    w->from = kv_alloc(balances, sizeof(double));
    w->to = kv_alloc(balances, sizeof(double));
    w->kept = kv_alloc(balances, sizeof(double));
    w->ending = kv_alloc(balances, 1);
    w->demand = kv_alloc(balances, 1);
    w->cost = kv_alloc((size_t)problem->n_flows, sizeof(double));
    w->floor = kv_alloc((size_t)problem->n_flows, sizeof(double));
    return w->parent && w->size && w->sum && w->balance && w->from && w->to && w->kept &&
                   w->ending && w->demand && w->cost && w->floor
               ? KV_OK
               : KV_ERR_MEMORY;
}

void kv_potentials_free(kv_potentials *w)
{
    void *arrays[] = {w->parent, w->size,   w->sum,    w->balance, w->from, w->to,
                      w->kept,   w->ending, w->demand, w->cost,    w->floor};
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

static const double *balances_of(const kv_problem *p, int block)
{
    return p->balance + (size_t)block * (size_t)p->n_balances;
}

static const double *most_of(const kv_problem *p, int block)
{
    return p->flow_upper + (size_t)block * (size_t)p->n_flows;
}

static double *potentials_of(const kv_problem *p, int block, kv_multipliers *multipliers)
{
    return multipliers->balance + (size_t)block * (size_t)p->n_balances;
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
    const double *balance = balances_of(p, block);
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

/* Where all flows have two ends, a commodity's potentials have a level that changes no bound but for
 * rounding: it is 0 where most is supplied or demanded. */
static void settle_level(const kv_problem *p, int block, int commodity, const unsigned char *kind,
                         double *potential)
{
    const double *balance = balances_of(p, block);
    int first = p->commodity_balance_first[commodity], most = first;
    for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
         f++)
        if (kind[f] != KV_FLOW_CLOSED && (p->flow_tail_row[f] < 0 || p->flow_head_row[f] < 0))
            return;
    for (int i = first; i < p->commodity_balance_first[commodity + 1]; i++)
        if (fabs(balance[i]) > fabs(balance[most]))
            most = i;
    double level = first < p->commodity_balance_first[commodity + 1] ? potential[most] : 0;
    for (int i = first; i < p->commodity_balance_first[commodity + 1]; i++)
        potential[i] -= level;
}

/* ---- shortest ways ---- */

static double potential_of(const double *potential, int row)
{
    return row < 0 ? 0 : potential[row];
}

/* Reduced costs with the potentials left out. */
static void leave_out_potentials(kv_potentials *w, const double *potential, const double *reduced)
{
    const kv_problem *p = w->problem;
    for (int f = 0; f < p->n_flows; f++)
        w->cost[f] = reduced[f] + potential_of(potential, p->flow_tail_row[f]) -
                     potential_of(potential, p->flow_head_row[f]);
}

static void put_back_potentials(const kv_potentials *w, int commodity, const double *potential,
                                double *reduced)
{
    const kv_problem *p = w->problem;
    for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
         f++)
        reduced[f] = w->cost[f] - potential_of(potential, p->flow_tail_row[f]) +
                     potential_of(potential, p->flow_head_row[f]);
}

/* Terminals, and the ends of flows that are used rather than unattractive: the share of m
 * is more than the share of the commodity's largest reduced cost. */
static void mark_passed(const kv_problem *p, int block, int commodity, const unsigned char *held,
                        const double *flow, const double *reduced, const unsigned char *terminal,
                        unsigned char *passed)
{
    const double *most = most_of(p, block);
    int from = p->commodity_flow_first[commodity], to = p->commodity_flow_first[commodity + 1];
    double largest = 0;
    for (int f = from; f < to; f++)
        if (held[f])
            largest = fmax(largest, fabs(reduced[f]));
    for (int i = p->commodity_balance_first[commodity];
         i < p->commodity_balance_first[commodity + 1]; i++)
        passed[i] = terminal[i] != 0;
    for (int f = from; f < to; f++) {
        if (!held[f] || most[f] <= 0 || flow[f] * largest < reduced[f] * most[f])
            continue;
        if (p->flow_tail_row[f] >= 0)
            passed[p->flow_tail_row[f]] = 1;
        if (p->flow_head_row[f] >= 0)
            passed[p->flow_head_row[f]] = 1;
    }
}

/* One pass over a commodity's flows: potential[v] falls to cost + potential[head] of what leaves v,
 * for nodes not fixed. 1 when that changed something. */
static int relax(const kv_potentials *w, int commodity, const unsigned char *kind,
                 const unsigned char *fixed, double *potential, int *next)
{
    const kv_problem *p = w->problem;
    int changed = 0;
    for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
         f++) {
        int tail = p->flow_tail_row[f];
        double way = w->cost[f] + potential_of(potential, p->flow_head_row[f]);
        if (kind[f] == KV_FLOW_CLOSED || tail < 0 || fixed[tail] || !(way < potential[tail]))
            continue;
        potential[tail] = way;
        if (next)
            next[tail] = f;
        changed = 1;
    }
    return changed;
}

/* Nodes without a way out to fixed ones (infinite) get potentials so high that nothing attracts to
 * them. Nothing leads from them to others. */
static void raise_dead_ends(kv_potentials *w, int commodity, const unsigned char *kind,
                            double *potential)
{
    const kv_problem *p = w->problem;
    int from = p->commodity_balance_first[commodity],
        to = p->commodity_balance_first[commodity + 1], any = 0;
    double rise = 0;
    for (int i = from; i < to; i++) {
        w->ending[i] = isfinite(potential[i]) != 0;
        potential[i] = w->ending[i] ? potential[i] : 0;
        any |= !w->ending[i];
    }
    for (int pass = from;
         pass < to && any && relax(w, commodity, kind, w->ending, potential, NULL);)
        pass++;
    for (int f = p->commodity_flow_first[commodity];
         any && f < p->commodity_flow_first[commodity + 1]; f++) {
        int tail = p->flow_tail_row[f], head = p->flow_head_row[f];
        if (kind[f] != KV_FLOW_CLOSED && head >= 0 && !w->ending[head] &&
            (tail < 0 || w->ending[tail]))
            rise = fmax(rise, potential_of(potential, tail) - w->cost[f] - potential[head]);
    }
    for (int i = from; i < to; i++)
        potential[i] += w->ending[i] ? 0 : rise;
}

/* The least of cost + potential[head] over what leaves a node, for nodes not fixed. next
 * [n_balances] or NULL. */
static void shorten(kv_potentials *w, int commodity, const unsigned char *kind,
                    const unsigned char *fixed, double *potential, int *next)
{
    const kv_problem *p = w->problem;
    int from = p->commodity_balance_first[commodity],
        to = p->commodity_balance_first[commodity + 1];
    for (int i = from; i < to; i++) {
        if (next)
            next[i] = -1;
        if (!fixed[i])
            potential[i] = HUGE_VAL;
    }
    for (int pass = from; pass < to && relax(w, commodity, kind, fixed, potential, next);)
        pass++;
    raise_dead_ends(w, commodity, kind, potential);
}

void kv_potentials_mend(kv_potentials *w, int block, const unsigned char *held,
                        const unsigned char *kind, const double *flow, const double *priced,
                        const double *base, const unsigned char *terminal,
                        kv_multipliers *multipliers, double *reduced, unsigned char *passed,
                        int *next)
{
    const kv_problem *p = w->problem;
    double *potential = potentials_of(p, block, multipliers);
    if (base) {
        find_components(w, held);
        align(w, block, base, potential);
    }
    kv_price_flows(p, multipliers, block, priced, reduced);
    leave_out_potentials(w, potential, reduced);
    for (int c = 0; c < p->n_commodities; c++) {
        mark_passed(p, block, c, held, flow, reduced, terminal, passed);
        shorten(w, c, kind, passed, potential, next);
    }
    kv_price_flows(p, multipliers, block, priced, reduced);
}

/* ---- lengths ---- */

/* Lengths of the shortest ways from (or to) nodes where they are 0 now; the others infinite. by
 * [n_balances]: the last flow (the first one) of the way, or NULL. */
static void measure_ways(const kv_problem *p, int commodity, const unsigned char *kind,
                         const double *reduced, int backward, double *length, int *by)
{
    int rows = p->commodity_balance_first[commodity + 1] - p->commodity_balance_first[commodity];
    for (int pass = 0, changed = 1; pass < rows && changed; pass++) {
        changed = 0;
        for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
             f++) {
            int begin = backward ? p->flow_head_row[f] : p->flow_tail_row[f];
            int end = backward ? p->flow_tail_row[f] : p->flow_head_row[f];
            if (kind[f] == KV_FLOW_CLOSED || kind[f] == KV_FLOW_FULL || end < 0)
                continue;
            double way = potential_of(length, begin) + fmax(0, reduced[f]);
            if (!(way < length[end]))
                continue;
            length[end] = way;
            if (by)
                by[end] = f;
            changed = 1;
        }
    }
}

/* Mark the flows of the way that begins (or ends) at a node. */
static void mark_way(const kv_problem *p, int row, int backward, const int *by,
                     unsigned char *marked)
{
    while (row >= 0 && by[row] >= 0 && !marked[by[row]]) {
        marked[by[row]] = 1;
        row = backward ? p->flow_head_row[by[row]] : p->flow_tail_row[by[row]];
    }
}

void kv_potentials_ways(kv_potentials *w, const unsigned char *kind, const double *cost,
                        const unsigned char *terminal, unsigned char *marked)
{
    const kv_problem *p = w->problem;
    int *by[2] = {w->parent, w->size};
    double *length[2] = {w->from, w->to};
    for (int i = 0; i < p->n_balances; i++) {
        by[0][i] = by[1][i] = -1;
        length[0][i] = terminal[i] & KV_SUPPLY ? 0 : HUGE_VAL;
        length[1][i] = terminal[i] & KV_DEMAND ? 0 : HUGE_VAL;
    }
    memset(marked, 0, (size_t)p->n_flows);
    for (int c = 0; c < p->n_commodities; c++)
        for (int backward = 0; backward < 2; backward++)
            measure_ways(p, c, kind, cost, backward, length[backward], by[backward]);
    for (int i = 0; i < p->n_balances; i++) {
        if (terminal[i] & KV_SUPPLY)
            mark_way(p, i, 1, by[1], marked);
        if (terminal[i] & KV_DEMAND)
            mark_way(p, i, 0, by[0], marked);
    }
}

void kv_potentials_detours(kv_potentials *w, const unsigned char *kind, const unsigned char *passed,
                           const double *reduced, double *detour)
{
    const kv_problem *p = w->problem;
    for (int i = 0; i < p->n_balances; i++)
        w->from[i] = w->to[i] = passed[i] ? 0 : HUGE_VAL;
    for (int c = 0; c < p->n_commodities; c++) {
        measure_ways(p, c, kind, reduced, 0, w->from, NULL);
        measure_ways(p, c, kind, reduced, 1, w->to, NULL);
    }
    for (int f = 0; f < p->n_flows; f++)
        detour[f] = kind[f] == KV_FLOW_CLOSED || kind[f] == KV_FLOW_FULL
                        ? HUGE_VAL
                        : potential_of(w->from, p->flow_tail_row[f]) + fmax(0, reduced[f]) +
                              potential_of(w->to, p->flow_head_row[f]);
}

/* Demands that no supply is near to pay less: their potentials fall by the length of the way. */
static void lower_demands(kv_potentials *w, int commodity, const unsigned char *kind,
                          const unsigned char *terminal, const double *reduced, double *potential)
{
    const kv_problem *p = w->problem;
    int from = p->commodity_balance_first[commodity],
        to = p->commodity_balance_first[commodity + 1];
    for (int i = from; i < to; i++)
        w->from[i] = terminal[i] & KV_SUPPLY ? 0 : HUGE_VAL;
    measure_ways(p, commodity, kind, reduced, 0, w->from, NULL);
    for (int i = from; i < to; i++)
        if (w->demand[i] && isfinite(w->from[i]))
            potential[i] -= w->from[i];
}

void kv_potentials_route(kv_potentials *w, int block, const unsigned char *kind,
                         const double *priced, const unsigned char *terminal,
                         kv_multipliers *multipliers, double *reduced, unsigned char *passed)
{
    const kv_problem *p = w->problem;
    double *potential = potentials_of(p, block, multipliers);
    kv_price_flows(p, multipliers, block, priced, reduced);
    leave_out_potentials(w, potential, reduced);
    for (int i = 0; i < p->n_balances; i++) {
        passed[i] = terminal[i] != 0;
        w->demand[i] = (terminal[i] & KV_DEMAND) != 0;
    }
    for (int c = 0; c < p->n_commodities; c++) {
        shorten(w, c, kind, w->demand, potential, NULL);
        put_back_potentials(w, c, potential, reduced);
        lower_demands(w, c, kind, terminal, reduced, potential);
        shorten(w, c, kind, w->demand, potential, NULL);
        put_back_potentials(w, c, potential, reduced);
        settle_level(p, block, c, kind, potential);
    }
}

/* ---- closing ---- */

/* What a commodity adds to the bound. */
static double value_of(const kv_potentials *w, int block, int commodity, const unsigned char *kind,
                       const double *potential)
{
    const kv_problem *p = w->problem;
    const double *balance = balances_of(p, block), *most = most_of(p, block);
    double sum = 0;
    for (int i = p->commodity_balance_first[commodity];
         i < p->commodity_balance_first[commodity + 1]; i++)
        sum += potential[i] * balance[i];
    for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
         f++) {
        double r = w->cost[f] - potential_of(potential, p->flow_tail_row[f]) +
                   potential_of(potential, p->flow_head_row[f]);
        if (r < 0 && (kind[f] == KV_FLOW_OPEN || kind[f] == KV_FLOW_FULL))
            sum += r * most[f];
    }
    return sum;
}

/* trial = potentials lowered to the shortest way out, or raised to what the shortest way in asks.
 * No reduced cost falls below its floor. */
static void close_commodity(const kv_potentials *w, int commodity, const unsigned char *kind,
                            int raise, double *trial)
{
    const kv_problem *p = w->problem;
    int rows = p->commodity_balance_first[commodity + 1] - p->commodity_balance_first[commodity];
    for (int pass = 0, changed = 1; pass < rows && changed; pass++) {
        changed = 0;
        for (int f = p->commodity_flow_first[commodity]; f < p->commodity_flow_first[commodity + 1];
             f++) {
            int tail = p->flow_tail_row[f], head = p->flow_head_row[f], row = raise ? head : tail;
            if (kind[f] == KV_FLOW_FULL || kind[f] == KV_FLOW_CLOSED || row < 0)
                continue;
            double r = w->cost[f] - potential_of(trial, tail) + potential_of(trial, head);
            double lacks = w->floor[f] - r;
            if (lacks > 1e-12 * fabs(w->cost[f])) {
                trial[row] += raise ? lacks : -lacks;
                changed = 1;
            }
        }
    }
}

void kv_potentials_close(kv_potentials *w, int block, const unsigned char *kind, int keep,
                         const double *priced, kv_multipliers *multipliers, double *reduced)
{
    const kv_problem *p = w->problem;
    double *potential = potentials_of(p, block, multipliers);
    kv_price_flows(p, multipliers, block, priced, reduced);
    leave_out_potentials(w, potential, reduced);
    for (int f = 0; f < p->n_flows; f++)
        w->floor[f] = kind[f] != KV_FLOW_FREE ? 0 : keep ? fmin(0, reduced[f]) : -HUGE_VAL;
    for (int c = 0; c < p->n_commodities; c++) {
        int first = p->commodity_balance_first[c];
        size_t bytes = sizeof(double) * (size_t)(p->commodity_balance_first[c + 1] - first);
        double best = value_of(w, block, c, kind, potential);
        memcpy(w->kept + first, potential + first, bytes);
        for (int raise = 0; raise < 2; raise++) {
            memcpy(w->to + first, w->kept + first, bytes);
            close_commodity(w, c, kind, raise, w->to);
            double value = value_of(w, block, c, kind, w->to);
            if (!(value > best))
                continue;
            best = value;
            memcpy(potential + first, w->to + first, bytes);
        }
        put_back_potentials(w, c, potential, reduced);
        settle_level(p, block, c, kind, potential);
    }
}
