/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/generate.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"

#include <math.h>
#include <string.h>

enum {
    MOST_NODES = 10000,
    MOST_ARCS = 1000000,
    MOST_COMMODITIES = 1000000,
    LEAST_COST = 5,
    MOST_COST = 50,
    LEAST_DEMAND = 15,
    MOST_DEMAND = 75
};

typedef struct random_arc {
    int from, to;
    long long cost, capacity, fixed, flow;
} random_arc;

typedef struct random_commodity {
    int origin, destination;
    long long demand;
} random_commodity;

typedef struct generator {
    const kv_generate_parameters *parameters;
    kv_random random;
    random_arc *arcs; /* by tail */
    random_commodity *commodities;
    int *first;           /* [nodes + 1]: the arcs that leave a node */
    int *queue, *arrived; /* [nodes]: breadth-first search */
    unsigned char *taken; /* [nodes * nodes / 8 + 1]: bits of pairs */
} generator;

/* ---- parameters ---- */

static void refuse(kv_messages *messages, const char *name, const char *mend, const char *what)
{
    kv_where where = {.column = name};
    kv_messages_add(messages, KV_FAULT, &where, mend, "%s", what);
}

static kv_status parameters_check(const kv_generate_parameters *p, kv_messages *messages)
{
    int fine = 1;
    if (p->nodes < 2 || p->nodes > MOST_NODES) {
        refuse(messages, "nodes", "give 2 to 10000 nodes", "number of nodes out of range");
        fine = 0;
    } else if (p->arcs < p->nodes || p->arcs > MOST_ARCS ||
               p->arcs > (long long)p->nodes * (p->nodes - 1)) {
        refuse(messages, "arcs",
               "give as many arcs as nodes at least, nodes x (nodes - 1) and 1000000 at most",
               "number of arcs out of range");
        fine = 0;
    }
    if (p->commodities < 1 || p->commodities > MOST_COMMODITIES) {
        refuse(messages, "commodities", "give 1 to 1000000 commodities",
               "number of commodities out of range");
        fine = 0;
    }
    if (p->fixed != 'F' && p->fixed != 'V') {
        refuse(messages, "fixed", "write F (fixed costs weigh more) or V (variable costs do)",
               "neither F nor V");
        fine = 0;
    }
    if (p->capacity != 'T' && p->capacity != 'L') {
        refuse(messages, "capacity", "write T (tight) or L (loose)", "neither T nor L");
        fine = 0;
    }
    return fine ? KV_OK : KV_ERR_INPUT;
}

static kv_status generator_allocate(generator *g)
{
    size_t nodes = (size_t)g->parameters->nodes;
    g->arcs = kv_alloc((size_t)g->parameters->arcs, sizeof *g->arcs);
    g->commodities = kv_alloc((size_t)g->parameters->commodities, sizeof *g->commodities);
    g->first = kv_alloc(nodes + 1, sizeof(int));
    g->queue = kv_alloc(nodes, sizeof(int));
    g->arrived = kv_alloc(nodes, sizeof(int));
    g->taken = kv_alloc(nodes * nodes / 8 + 1, 1);
    return g->arcs && g->commodities && g->first && g->queue && g->arrived && g->taken
               ? KV_OK
               : KV_ERR_MEMORY;
}

static void generator_clear(generator *g)
{
    kv_free(g->arcs);
    kv_free(g->commodities);
    kv_free(g->first);
    kv_free(g->queue);
    kv_free(g->arrived);
    kv_free(g->taken);
}

/* ---- arcs and commodities ---- */

/* 1 when the pair was free; it is taken then. */
static int take(generator *g, int from, int to)
{
    size_t pair = (size_t)from * (size_t)g->parameters->nodes + (size_t)to;
    unsigned char bit = (unsigned char)(1u << (pair & 7));
    if (g->taken[pair >> 3] & bit)
        return 0;
    g->taken[pair >> 3] |= bit;
    return 1;
}

static void draw_pair(generator *g, int *from, int *to)
{
    int nodes = g->parameters->nodes;
    *from = kv_random_integer(&g->random, 0, nodes - 1);
    *to = kv_random_integer(&g->random, 0, nodes - 2);
    *to += *to >= *from;
}

/* A ring through all nodes in random order (Fisher and Yates), so that all reach all. */
static void ring_take(generator *g)
{
    int nodes = g->parameters->nodes, *order = g->queue;
    for (int v = 0; v < nodes; v++)
        order[v] = v;
    for (int v = nodes - 1; v > 0; v--) {
        int other = kv_random_integer(&g->random, 0, v), moved = order[v];
        order[v] = order[other];
        order[other] = moved;
    }
    for (int v = 0; v < nodes; v++)
        take(g, order[v], order[(v + 1) % nodes]);
}

static void arcs_draw(generator *g)
{
    int nodes = g->parameters->nodes, from, to, n = 0;
    ring_take(g);
    for (int left = g->parameters->arcs - nodes; left > 0;) {
        draw_pair(g, &from, &to);
        left -= take(g, from, to);
    }
    for (from = 0; from < nodes; from++) {
        g->first[from] = n;
        for (to = 0; to < nodes; to++) {
            size_t pair = (size_t)from * (size_t)nodes + (size_t)to;
            if (!(g->taken[pair >> 3] & (1u << (pair & 7))))
                continue;
            g->arcs[n].from = from;
            g->arcs[n++].to = to;
        }
    }
    g->first[nodes] = n;
    for (int a = 0; a < n; a++) {
        g->arcs[a].cost = kv_random_integer(&g->random, LEAST_COST, MOST_COST);
        g->arcs[a].capacity = kv_random_integer(&g->random, 1000, 5000); /* shares, scaled below */
        g->arcs[a].fixed = kv_random_integer(&g->random, 1000, 10000);
    }
}

static void commodities_draw(generator *g)
{
    size_t nodes = (size_t)g->parameters->nodes, count = (size_t)g->parameters->commodities;
    int distinct = count <= nodes * (nodes - 1);
    memset(g->taken, 0, nodes * nodes / 8 + 1);
    for (size_t k = 0; k < count;) {
        random_commodity *commodity = &g->commodities[k];
        draw_pair(g, &commodity->origin, &commodity->destination);
        if (distinct && !take(g, commodity->origin, commodity->destination))
            continue;
        commodity->demand = kv_random_integer(&g->random, LEAST_DEMAND, MOST_DEMAND);
        k++;
    }
}

/* ---- scaling to the two ratios ---- */

static void scale(generator *g)
{
    const kv_generate_parameters *p = g->parameters;
    double demand = 0, cost = 0, capacity = 0, fixed = 0;
    double tightness = p->capacity == 'T' ? fmax(2, 0.06 * p->arcs) : fmax(1, 0.04 * p->arcs);
    double weight = p->fixed == 'F' ? 0.015 : 0.005; /* F / |K| */
    for (int k = 0; k < p->commodities; k++)
        demand += (double)g->commodities[k].demand;
    for (int a = 0; a < p->arcs; a++) {
        cost += (double)g->arcs[a].cost;
        capacity += (double)g->arcs[a].capacity;
        fixed += (double)g->arcs[a].fixed;
    }
    double per_capacity = p->arcs * demand / tightness / capacity;
    double per_fixed = weight * demand * cost / fixed;
    for (int a = 0; a < p->arcs; a++) {
        g->arcs[a].capacity =
            (long long)fmax(1, floor(per_capacity * (double)g->arcs[a].capacity + 0.5));
        g->arcs[a].fixed = (long long)fmax(1, floor(per_fixed * (double)g->arcs[a].fixed + 0.5));
    }
}

/* ---- a plan must exist ---- */

/* Breadth-first from origin to destination over arcs with room (or all); arrived[v] = the arc by
 * which v was reached. 1 when the destination was reached. */
static int search(generator *g, int origin, int destination, int all)
{
    int head = 0, tail = 0;
    for (int v = 0; v < g->parameters->nodes; v++)
        g->arrived[v] = -1;
    g->queue[tail++] = origin;
    while (head < tail && g->arrived[destination] < 0) {
        int v = g->queue[head++];
        for (int a = g->first[v]; a < g->first[v + 1]; a++) {
            int to = g->arcs[a].to;
            if (to == origin || g->arrived[to] >= 0 ||
                (!all && g->arcs[a].flow >= g->arcs[a].capacity))
                continue;
            g->arrived[to] = a;
            g->queue[tail++] = to;
        }
    }
    return g->arrived[destination] >= 0;
}

/* Sends what fits along the path found, or all of `amount` when capacities may be raised. */
static long long send_along(generator *g, const random_commodity *commodity, long long amount,
                            int raise)
{
    for (int v = commodity->destination; v != commodity->origin && !raise;) {
        const random_arc *arc = &g->arcs[g->arrived[v]];
        if (arc->capacity - arc->flow < amount)
            amount = arc->capacity - arc->flow;
        v = arc->from;
    }
    for (int v = commodity->destination; v != commodity->origin;) {
        random_arc *arc = &g->arcs[g->arrived[v]];
        arc->flow += amount;
        if (arc->capacity < arc->flow)
            arc->capacity = arc->flow;
        v = arc->from;
    }
    return amount;
}

/* Routes all commodities from scratch; returns how often capacities had to be raised. */
static int route_all(generator *g)
{
    int raised = 0;
    for (int a = 0; a < g->parameters->arcs; a++)
        g->arcs[a].flow = 0;
    for (int k = 0; k < g->parameters->commodities; k++) {
        const random_commodity *commodity = &g->commodities[k];
        long long left = commodity->demand;
        while (left > 0) {
            int raise = !search(g, commodity->origin, commodity->destination, 0);
            if (raise)
                search(g, commodity->origin, commodity->destination, 1);
            raised += raise;
            left -= send_along(g, commodity, left, raise);
        }
    }
    return raised;
}

/* Until the routing needs no more raising: so anyone can repeat it on the capacities as written.
 * It ends, as no arc ever gets more than all demand. */
static void make_feasible(generator *g)
{
    while (route_all(g) > 0)
        continue;
}

/* ---- text ---- */

static void write_text(const generator *g, kv_text *out)
{
    const kv_generate_parameters *p = g->parameters;
    kv_text_add(out, "MULTIGEN.DAT:\n");
    kv_text_addf(out, "%8d%8d%8d\n", p->nodes, p->arcs, p->commodities);
    for (int a = 0; a < p->arcs; a++)
        kv_text_addf(out, "%8d%8d%8lld%8lld%8lld%8d%8d\n", g->arcs[a].from + 1, g->arcs[a].to + 1,
                     g->arcs[a].cost, g->arcs[a].capacity, g->arcs[a].fixed, 0, 0);
    for (int k = 0; k < p->commodities; k++)
        kv_text_addf(out, "%8d%8d%8lld\n", g->commodities[k].origin + 1,
                     g->commodities[k].destination + 1, g->commodities[k].demand);
}

kv_status kv_generate(const kv_generate_parameters *parameters, kv_text *out, kv_messages *messages)
{
    generator g = {.parameters = parameters};
    kv_status status = parameters_check(parameters, messages);
    if (status == KV_OK)
        status = generator_allocate(&g);
    if (status == KV_OK) {
        kv_random_seed(&g.random, parameters->seed);
        arcs_draw(&g);
        commodities_draw(&g);
        scale(&g);
        make_feasible(&g);
        write_text(&g, out);
        status = out->failed ? KV_ERR_MEMORY : KV_OK;
    }
    generator_clear(&g);
    return status;
}

kv_status kv_generate_file(const kv_generate_parameters *parameters, const char *path,
                           kv_messages *messages)
{
    kv_text text = {0};
    kv_status status = kv_generate(parameters, &text, messages);
    if (status == KV_OK)
        status = kv_file_write(path, text.data, text.length, messages);
    kv_text_clear(&text);
    return status;
}
