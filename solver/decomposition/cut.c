/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/cut.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

#define UNLIMITED 1e29

typedef struct lifting { /* working data of one block */
    const kv_problem *problem;
    const kv_multipliers *multipliers;
    const double *at;
    int block;
    double *coupling_cost; /* [n_blocks * n_flows] sum q kappa */
    double *potential;     /* [n_balances] */
    double *alpha;         /* [n_resources] */
    double *reduced;       /* [n_flows] */
    double *beta;          /* [n_flows] multipliers of the opening rows given, summed over sets */
    unsigned char *closed; /* [n_arcs] 1 = closed at `at` */
    int *closing;          /* [n_arcs] an opening set that closes the arc, index in openings */
    double *room;          /* [n_resources] what the resource offers at `at` */
    double *demand;        /* [n_balances] sum of |d| of a component, at its root */
    int *parent, *size;    /* [n_balances] components over open arcs */
} lifting;

static int root(int *parent, int i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static double upper(const lifting *w, int f)
{
    return w->problem->flow_upper[(size_t)w->block * (size_t)w->problem->n_flows + (size_t)f];
}

static void find_state(lifting *w)
{
    const kv_problem *p = w->problem;
    size_t base = (size_t)w->block * (size_t)p->n_resources;
    for (int r = 0; r < p->n_resources; r++) {
        w->room[r] = p->resource_base[base + (size_t)r];
        w->alpha[r] = fmax(0, w->multipliers->resource[base + (size_t)r]);
        for (int e = p->supply_first[base + (size_t)r]; e < p->supply_first[base + (size_t)r + 1];
             e++)
            w->room[r] += p->supply[e] * w->at[p->supply_design[e]];
    }
    memset(w->closed, 0, (size_t)p->n_arcs);
    for (int o = 0; o < p->n_openings; o++) {
        const kv_opening *open = &p->openings[o];
        if (open->block != w->block || w->closed[open->arc])
            continue;
        double sum = 0;
        for (int e = open->first; e < open->first + open->count; e++)
            sum += p->opening_coefficient[e] * w->at[p->opening_design[e]];
        if (sum > 1e-6)
            continue;
        w->closed[open->arc] = 1;
        w->closing[open->arc] = o;
    }
}

static int blocked(const lifting *w, int f)
{
    const kv_problem *p = w->problem;
    if (w->closed[p->flow_arc[f]])
        return 1;
    for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++)
        if (w->room[p->use_resource[e]] <= 1e-9 &&
            p->use[(size_t)w->block * (size_t)p->use_first[p->n_flows] + (size_t)e] > 0)
            return 1;
    return 0;
}

/* Cost of a flow without potentials: omega c + sum u alpha + sum q kappa + beta. */
static double arc_cost(const lifting *w, int f)
{
    const kv_problem *p = w->problem;
    size_t at = (size_t)w->block * (size_t)p->n_flows + (size_t)f;
    double cost = p->block_weight[w->block] * p->flow_cost[at] + w->coupling_cost[at] + w->beta[f];
    for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++)
        cost += p->use[(size_t)w->block * (size_t)p->use_first[p->n_flows] + (size_t)e] *
                w->alpha[p->use_resource[e]];
    return cost;
}

/* Potentials of nodes that only blocked arcs connect to the rest of the commodity's network: the
 * least pi with no attractive arc into them. */
static void extend_potentials(lifting *w, int c)
{
    const kv_problem *p = w->problem;
    int first = p->commodity_balance_first[c], last = p->commodity_balance_first[c + 1];
    for (int i = first; i < last; i++) {
        w->parent[i] = i;
        w->size[i] = 0;
    }
    for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++) {
        if (upper(w, f) <= 0 || p->flow_tail_row[f] < 0 || p->flow_head_row[f] < 0 || blocked(w, f))
            continue;
        int s = root(w->parent, p->flow_tail_row[f]), t = root(w->parent, p->flow_head_row[f]);
        if (s != t)
            w->parent[s] = t;
    }
    int giant = first;
    for (int i = first; i < last; i++) {
        int r = root(w->parent, i);
        if (++w->size[r] > w->size[root(w->parent, giant)])
            giant = r;
    }
    if (first == last || w->size[root(w->parent, giant)] == last - first)
        return;
    giant = root(w->parent, giant);
    /* Where nothing is supplied or asked for, the potentials that were found say nothing. */
    for (int i = first; i < last; i++)
        w->demand[i] = 0;
    for (int i = first; i < last; i++)
        w->demand[root(w->parent, i)] +=
            fabs(p->balance[(size_t)w->block * (size_t)p->n_balances + (size_t)i]);
    for (int i = first; i < last; i++) {
        int r = root(w->parent, i);
        w->size[i] = r != giant && w->demand[r] <= 0;
        if (w->size[i])
            w->potential[i] = -HUGE_VAL;
    }
    for (int round = 0, changed = 1; changed && round < last - first; round++) {
        changed = 0;
        for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++) {
            int t = p->flow_tail_row[f], h = p->flow_head_row[f];
            if (upper(w, f) <= 0 || t < 0 || h < 0 || !w->size[h] || w->potential[t] == -HUGE_VAL)
                continue;
            double value = w->potential[t] - arc_cost(w, f);
            if (value > w->potential[h] + 1e-12) {
                w->potential[h] = value;
                changed = 1;
            }
        }
    }
    for (int i = first; i < last; i++)
        if (w->potential[i] == -HUGE_VAL)
            w->potential[i] = 0;
}

static void price_flows(lifting *w)
{
    const kv_problem *p = w->problem;
    for (int f = 0; f < p->n_flows; f++) {
        w->reduced[f] = arc_cost(w, f);
        if (p->flow_tail_row[f] >= 0)
            w->reduced[f] -= w->potential[p->flow_tail_row[f]];
        if (p->flow_head_row[f] >= 0)
            w->reduced[f] += w->potential[p->flow_head_row[f]];
    }
}

/* Raise the multipliers of resources that offer nothing until their (open) flows do not attract. */
static void lift_resources(lifting *w)
{
    const kv_problem *p = w->problem;
    size_t n_use = (size_t)p->use_first[p->n_flows];
    for (int f = 0; f < p->n_flows; f++) {
        if (w->reduced[f] >= 0 || upper(w, f) <= 0 || w->closed[p->flow_arc[f]])
            continue;
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++) {
            int r = p->use_resource[e];
            double use = p->use[(size_t)w->block * n_use + (size_t)e];
            if (w->room[r] > 1e-9 || use <= 0)
                continue;
            w->alpha[r] += -w->reduced[f] / use; /* later flows see it when priced anew */
            w->reduced[f] = 0;
            break;
        }
    }
    price_flows(w);
}

static void add_slope(kv_cuts *cuts, int block, int j, double value)
{
    cuts->slope[(size_t)block * (size_t)cuts->n_design + (size_t)j] += value;
}

static void sum_block(const lifting *w, kv_cuts *cuts)
{
    const kv_problem *p = w->problem;
    const kv_multipliers *m = w->multipliers;
    int b = w->block;
    double constant = 0;
    for (int i = 0; i < p->n_balances; i++)
        constant += w->potential[i] * p->balance[(size_t)b * (size_t)p->n_balances + (size_t)i];
    for (int r = 0; r < p->n_resources; r++) {
        size_t row = (size_t)b * (size_t)p->n_resources + (size_t)r;
        if (p->resource_base[row] > UNLIMITED || w->alpha[r] <= 0)
            continue;
        constant -= w->alpha[r] * p->resource_base[row];
        for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
            add_slope(cuts, b, p->supply_design[e], w->alpha[r] * p->supply[e]);
    }
    for (int f = 0; f < p->n_flows; f++) {
        double most = upper(w, f), gain = fmin(0, w->reduced[f]) * most;
        if (gain >= 0)
            continue;
        if (!w->closed[p->flow_arc[f]]) {
            constant += gain;
            continue;
        }
        const kv_opening *open = &p->openings[w->closing[p->flow_arc[f]]];
        for (int e = open->first; e < open->first + open->count; e++)
            add_slope(cuts, b, p->opening_design[e], -gain * p->opening_coefficient[e]);
    }
    for (int i = 0; i < m->n_opening; i++) {
        const kv_opening *open = &p->openings[m->opening[i]];
        if (open->block != b || m->opening_value[i] <= 0)
            continue;
        for (int e = open->first; e < open->first + open->count; e++)
            add_slope(cuts, b, p->opening_design[e],
                      m->opening_value[i] * upper(w, m->opening_flow[i]) *
                          p->opening_coefficient[e]);
    }
    cuts->constant[b] = constant;
}

/* Coupling rows: their price on flows, their right-hand sides and design entries. A row within one
 * block belongs to that block; one over several makes the cuts joint (and is put into block 0). */
static void charge_couplings(const kv_problem *p, const kv_multipliers *m, double *coupling_cost,
                             kv_cuts *cuts)
{
    const kv_rows *rows = &p->coupling;
    for (int i = 0; i < rows->count; i++) {
        double kappa = rows->sense[i] == 'L' ? fmax(0, m->coupling[i]) : m->coupling[i];
        if (kappa == 0)
            continue;
        int block = rows->flow_first[i] < rows->flow_first[i + 1]
                        ? rows->flow_block[rows->flow_first[i]]
                        : 0;
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++) {
            coupling_cost[(size_t)rows->flow_block[e] * (size_t)p->n_flows +
                          (size_t)rows->flow[e]] += kappa * rows->flow_value[e];
            cuts->joint |= rows->flow_block[e] != block;
        }
        cuts->constant[block] -= kappa * rows->rhs[i];
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            add_slope(cuts, block, rows->design[e], -kappa * rows->design_value[e]);
    }
}

static void lift_block(lifting *w, kv_cuts *cuts)
{
    const kv_problem *p = w->problem;
    const kv_multipliers *m = w->multipliers;
    double charged = cuts->constant[w->block]; /* right-hand sides of coupling rows */
    memcpy(w->potential, m->balance + (size_t)w->block * (size_t)p->n_balances,
           sizeof(double) * (size_t)p->n_balances);
    memset(w->beta, 0, sizeof(double) * (size_t)p->n_flows);
    for (int i = 0; i < m->n_opening; i++)
        if (p->openings[m->opening[i]].block == w->block)
            w->beta[m->opening_flow[i]] += fmax(0, m->opening_value[i]);
    find_state(w);
    for (int c = 0; c < p->n_commodities; c++)
        extend_potentials(w, c);
    price_flows(w);
    lift_resources(w);
    sum_block(w, cuts);
    cuts->constant[w->block] += charged;
}

static kv_status allocate(const kv_problem *p, lifting *w, kv_cuts **cuts)
{
    size_t nf = (size_t)p->n_flows, nb = (size_t)p->n_balances, nr = (size_t)p->n_resources;
    kv_cuts *c = *cuts = kv_alloc(1, sizeof(*c));
    if (!c)
        return KV_ERR_MEMORY;
    c->n_blocks = p->n_blocks;
    c->n_design = p->n_design;
    if (!(c->constant = kv_alloc((size_t)p->n_blocks, sizeof(double))) ||
        !(c->slope = kv_alloc((size_t)p->n_blocks * (size_t)p->n_design, sizeof(double))) ||
        !(w->coupling_cost = kv_alloc((size_t)p->n_blocks * nf, sizeof(double))) ||
        !(w->potential = kv_alloc(nb, sizeof(double))) ||
        !(w->alpha = kv_alloc(nr, sizeof(double))) ||
        !(w->reduced = kv_alloc(nf, sizeof(double))) || !(w->beta = kv_alloc(nf, sizeof(double))) ||
        !(w->closed = kv_alloc((size_t)p->n_arcs, 1)) ||
        !(w->closing = kv_alloc((size_t)p->n_arcs, sizeof(int))) ||
        !(w->room = kv_alloc(nr, sizeof(double))) || !(w->parent = kv_alloc(nb, sizeof(int))) ||
        !(w->demand = kv_alloc(nb, sizeof(double))) || !(w->size = kv_alloc(nb, sizeof(int))))
        return KV_ERR_MEMORY;
    return KV_OK;
}

kv_status kv_cuts_create(const kv_problem *problem, const kv_multipliers *multipliers,
                         const double *at, kv_cuts **cuts)
{
    lifting w = {.problem = problem, .multipliers = multipliers, .at = at};
    kv_status status = allocate(problem, &w, cuts);
    if (status == KV_OK) {
        charge_couplings(problem, multipliers, w.coupling_cost, *cuts);
        for (w.block = 0; w.block < problem->n_blocks; w.block++)
            lift_block(&w, *cuts);
    }
    void *arrays[] = {w.coupling_cost, w.potential, w.alpha,  w.reduced, w.beta,  w.closed,
                      w.closing,       w.room,      w.parent, w.size,    w.demand};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    if (status != KV_OK) {
        kv_cuts_free(*cuts);
        *cuts = NULL;
    }
    return status;
}

void kv_cuts_free(kv_cuts *cuts)
{
    if (!cuts)
        return;
    kv_free(cuts->constant);
    kv_free(cuts->slope);
    kv_free(cuts);
}
