/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/covering.h"

#include "base/memory.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <string.h>

static const double nothing = 1e-9; /* of an offer, or of what a design costs */

kv_status kv_covering_create(const kv_problem *problem, kv_covering *c)
{
    memset(c, 0, sizeof(*c));
    c->problem = problem;
    c->design = kv_alloc((size_t)problem->n_design, sizeof(double));
    c->load = kv_alloc((size_t)problem->n_design, sizeof(double));
    c->first = kv_alloc((size_t)problem->n_arcs, sizeof(int));
    c->bears = kv_alloc((size_t)problem->n_arcs, 1);
    c->place = kv_alloc((size_t)problem->n_flows, sizeof(int));
    return c->design && c->load && c->first && c->bears && c->place ? KV_OK : KV_ERR_MEMORY;
}

void kv_covering_free(kv_covering *c)
{
    kv_free(c->design);
    kv_free(c->load);
    kv_free(c->first);
    kv_free(c->bears);
    kv_free(c->place);
    memset(c, 0, sizeof(*c));
}

/* ---- openings ---- */

void kv_covering_enter(kv_covering *c, int block)
{
    const kv_problem *p = c->problem;
    for (int a = 0; a < p->n_arcs; a++)
        c->first[a] = -1;
    int end = kv_first_opening(p, block + 1);
    for (int o = end - 1; o >= kv_first_opening(p, block); o--)
        c->first[p->openings[o].arc] = o;
}

int kv_covering_first(const kv_covering *c, int arc)
{
    return c->first[arc];
}

int kv_covering_is_of(const kv_problem *p, int opening, int block, int arc)
{
    return opening >= 0 && opening < p->n_openings && p->openings[opening].block == block &&
           p->openings[opening].arc == arc;
}

int kv_covering_attracts(const kv_covering *c, int block, int arc)
{
    const kv_problem *p = c->problem;
    for (int o = c->first[arc]; kv_covering_is_of(p, o, block, arc); o++) {
        const kv_opening *open = &p->openings[o];
        for (int e = open->first; e < open->first + open->count; e++)
            if (c->design[p->opening_design[e]] < 0)
                return 1;
    }
    return c->first[arc] < 0;
}

/* What all designs of a set offer at most. */
static double most_offered(const kv_problem *p, int opening)
{
    const kv_opening *open = &p->openings[opening];
    double sum = 0;
    for (int e = open->first; e < open->first + open->count; e++)
        sum += p->opening_coefficient[e] * p->design_upper[p->opening_design[e]];
    return sum;
}

/* The opening set of a flow's arc that can bear most: the one whose designs cost most still. */
static int dearest_opening(const kv_covering *c, int block, int arc)
{
    const kv_problem *p = c->problem;
    int best = -1;
    double most = -HUGE_VAL;
    for (int o = c->first[arc]; kv_covering_is_of(p, o, block, arc); o++) {
        const kv_opening *open = &p->openings[o];
        double least = HUGE_VAL;
        for (int e = open->first; e < open->first + open->count; e++)
            if (p->design_upper[p->opening_design[e]] > 0)
                least = fmin(least, c->design[p->opening_design[e]] / p->opening_coefficient[e]);
        if (least > most) {
            most = least;
            best = o;
        }
    }
    return best;
}

/* ---- what cannot flow ---- */

static int arc_is_closed(const kv_covering *c, int block, int arc)
{
    for (int o = c->first[arc]; kv_covering_is_of(c->problem, o, block, arc); o++)
        if (most_offered(c->problem, o) <= nothing)
            return 1;
    return 0;
}

/* A resource that the flow uses offers nothing. */
static int lacks_resource(const kv_problem *p, int block, int flow)
{
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    for (int e = p->use_first[flow]; e < p->use_first[flow + 1]; e++) {
        size_t row = (size_t)block * (size_t)p->n_resources + (size_t)p->use_resource[e];
        double offer = p->resource_base[row];
        for (int s = p->supply_first[row]; use[e] > 0 && s < p->supply_first[row + 1]; s++)
            offer += p->supply[s] * p->design_upper[p->supply_design[s]];
        if (use[e] > 0 && offer <= nothing * use[e])
            return 1;
    }
    return 0;
}

void kv_covering_close(kv_covering *c, unsigned char *kind)
{
    const kv_problem *p = c->problem;
    for (int b = 0; b < p->n_blocks; b++) {
        kv_covering_enter(c, b);
        for (int f = 0; f < p->n_flows; f++) {
            size_t at = (size_t)b * (size_t)p->n_flows + (size_t)f;
            int closed = p->flow_upper[at] <= 0 || arc_is_closed(c, b, p->flow_arc[f]) ||
                         lacks_resource(p, b, f);
            kind[at] = closed ? KV_FLOW_CLOSED : KV_FLOW_OPEN;
        }
    }
}

/* ---- who bears what ---- */

void kv_covering_price(kv_covering *c, const kv_multipliers *multipliers)
{
    kv_price_designs(c->problem, multipliers, c->design);
}

static void add_loads(kv_covering *c, int block, const double *reduced, const unsigned char *kind)
{
    const kv_problem *p = c->problem;
    const double *most = p->flow_upper + (size_t)block * (size_t)p->n_flows;
    for (int f = 0; f < p->n_flows; f++) {
        if (!(reduced[f] < 0) || kind[f] == KV_FLOW_CLOSED)
            continue;
        int o = dearest_opening(c, block, p->flow_arc[f]);
        for (int e = o < 0 ? 0 : p->openings[o].first;
             o >= 0 && e < p->openings[o].first + p->openings[o].count; e++)
            c->load[p->opening_design[e]] -= reduced[f] * most[f] * p->opening_coefficient[e];
    }
}

/* All designs of the set can bear what attracts, and then some. */
static int can_bear(const kv_covering *c, int opening)
{
    const kv_problem *p = c->problem;
    const kv_opening *open = &p->openings[opening];
    for (int e = open->first; e < open->first + open->count; e++) {
        int j = p->opening_design[e];
        double left = c->design[j] - c->load[j];
        int built = p->design_lower[j] > 0; /* in any case: all that is charged counts */
        if (p->design_upper[j] > 0 && (built || left <= nothing * fabs(p->design_cost[j])))
            return 0;
    }
    return 1;
}

long kv_covering_sort(kv_covering *c, int first, const double *reduced, unsigned char *kind)
{
    const kv_problem *p = c->problem;
    long changed = 0;
    memset(c->load, 0, sizeof(double) * (size_t)p->n_design);
    for (int b = 0; b < p->n_blocks; b++) {
        size_t at = (size_t)b * (size_t)p->n_flows;
        kv_covering_enter(c, b);
        add_loads(c, b, reduced + at, kind + at);
    }
    for (int b = 0; b < p->n_blocks; b++) {
        unsigned char *of = kind + (size_t)b * (size_t)p->n_flows;
        kv_covering_enter(c, b);
        for (int a = 0; a < p->n_arcs; a++) {
            int o = dearest_opening(c, b, a);
            c->bears[a] = o >= 0 && can_bear(c, o);
        }
        for (int f = 0; f < p->n_flows; f++) {
            int bears = c->bears[p->flow_arc[f]];
            if (of[f] == KV_FLOW_CLOSED || (!first && (of[f] != KV_FLOW_FREE || bears)))
                continue;
            of[f] = bears ? KV_FLOW_FREE : KV_FLOW_OPEN;
            changed++;
        }
    }
    return changed;
}

/* The multiplier of the row of an opening and flow; a new one where it has none. */
static int find_entry(const kv_covering *c, int opening, int flow, const int *before,
                      kv_multipliers *m)
{
    int i = c->place[flow];
    while (i >= 0 && m->opening[i] != opening)
        i = before[i];
    if (i >= 0)
        return i;
    i = m->n_opening++;
    m->opening[i] = opening;
    m->opening_flow[i] = flow;
    m->opening_value[i] = 0;
    return i;
}

kv_status kv_covering_charge(kv_covering *c, int block, const double *reduced,
                             const unsigned char *held, const int *entry, int n, int *before,
                             kv_multipliers *m)
{
    const kv_problem *p = c->problem;
    int more = 0;
    kv_covering_enter(c, block);
    for (int f = 0; f < p->n_flows; f++) {
        c->place[f] = -1;
        more += reduced[f] < 0;
    }
    if (more == 0)
        return KV_OK;
    if (m->n_opening + more > m->opening_room &&
        kv_multipliers_reserve(m, m->n_opening + more + m->n_opening / 2) != KV_OK)
        return KV_ERR_MEMORY;
    for (int i = 0; i < n; i++) {
        before[entry[i]] = c->place[m->opening_flow[entry[i]]];
        c->place[m->opening_flow[entry[i]]] = entry[i];
    }
    for (int f = 0; f < p->n_flows; f++) {
        int o = reduced[f] < 0 ? dearest_opening(c, block, p->flow_arc[f]) : -1;
        if (o < 0 || (held[f] && most_offered(p, o) > 1 + 1e-9))
            continue;
        int i = find_entry(c, o, f, before, m);
        m->opening_value[i] = fmax(0, m->opening_value[i]) - reduced[f];
    }
    return KV_OK;
}
