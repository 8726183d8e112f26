/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/served_network.h"

#include <criterion/criterion.h>
#include <math.h>

enum { MOST_ARCS = 32, MOST_NODES = 8 };

typedef struct network {
    kv_random *random;
    kv_problem *p;
    int n_nodes, n_arcs, n_groups, n_shared;
    int tail[MOST_ARCS], head[MOST_ARCS], group[MOST_ARCS];
} network;

static int draw(const network *w, int low, int high)
{
    return kv_random_integer(w->random, low, high);
}

static void add_arc(network *w, int tail, int head, int group)
{
    cr_assert(w->n_arcs < MOST_ARCS);
    w->tail[w->n_arcs] = tail;
    w->head[w->n_arcs] = head;
    w->group[w->n_arcs++] = group;
}

/* A ring, so that everything can be reached, and a few arcs across it. */
static void draw_topology(network *w, int both_ways)
{
    w->n_nodes = both_ways ? 3 : draw(w, 4, 5);
    int across = both_ways ? 0 : draw(w, 1, 3);
    for (int i = 0; i < w->n_nodes + across; i++) {
        int tail = i < w->n_nodes ? i : draw(w, 0, w->n_nodes - 1);
        int head = i < w->n_nodes ? (i + 1) % w->n_nodes
                                  : (tail + draw(w, 1, w->n_nodes - 1)) % w->n_nodes;
        add_arc(w, tail, head, w->n_groups);
        if (both_ways)
            add_arc(w, head, tail, w->n_groups);
        w->n_groups++;
    }
}

static void draw_location(network *w)
{
    w->n_nodes = 5;
    for (w->n_groups = 0; w->n_groups < 4; w->n_groups++)
        for (int customer = 1; customer < w->n_nodes; customer++)
            add_arc(w, 0, customer, w->n_groups);
}

/* One source, and one sink or two; own = the commodity's arc for what is not served. */
static void draw_commodity(network *w, int k, int own)
{
    kv_problem *p = w->p;
    int source = draw(w, 0, w->n_nodes - 1), sinks = own >= 0 ? 1 : draw(w, 1, 2);
    int first = (source + draw(w, 1, w->n_nodes - 1)) % w->n_nodes;
    for (int b = 0; b < p->n_blocks; b++) {
        int sink = first;
        for (int i = 0; i < sinks; i++, sink = (sink + 1) % w->n_nodes) {
            double amount = draw(w, b == 0 ? 1 : 0, 6);
            if (sink == source)
                continue;
            p->balance[tiny_balance(p, b, k, source)] += amount;
            p->balance[tiny_balance(p, b, k, sink)] -= amount;
        }
        for (int a = 0; a < w->n_shared; a++)
            p->flow_upper[tiny_flow(p, b, k, a)] = p->balance[tiny_balance(p, b, k, source)];
        if (own < 0)
            continue;
        p->arc_tail[own] = source;
        p->arc_head[own] = first;
        for (int other = 0; other < p->n_commodities; other++) {
            int f = other * p->n_arcs + own;
            p->flow_tail_row[f] = other * p->n_nodes + source;
            p->flow_head_row[f] = other * p->n_nodes + first;
        }
        p->flow_upper[tiny_flow(p, b, k, own)] = p->balance[tiny_balance(p, b, k, source)];
        p->flow_cost[tiny_flow(p, b, k, own)] = 60;
    }
}

static void draw_customers(network *w)
{
    kv_problem *p = w->p;
    for (int b = 0; b < p->n_blocks; b++)
        for (int v = 1; v < w->n_nodes; v++) {
            double amount = draw(w, 1, 6);
            p->balance[tiny_balance(p, b, 0, 0)] += amount;
            p->balance[tiny_balance(p, b, 0, v)] = -amount;
            for (int a = 0; a < w->n_arcs; a++)
                if (w->head[a] == v)
                    p->flow_upper[tiny_flow(p, b, 0, a)] = amount;
        }
}

static void draw_costs(network *w)
{
    kv_problem *p = w->p;
    for (int a = 0; a < w->n_shared; a++) {
        int cost = draw(w, 0, 9), use = draw(w, 1, 4) == 1 ? 2 : 1;
        for (int k = 0; k < p->n_commodities; k++) {
            tiny_use(p, k, a, w->group[a], use);
            for (int b = 0; b < p->n_blocks; b++)
                p->flow_cost[tiny_flow(p, b, k, a)] = cost;
        }
    }
    for (int b = 0; b < p->n_blocks; b++)
        p->block_weight[b] = p->n_blocks == 1 ? 1.0 : 0.25 * (b + 1);
}

/* Design j of resource j, its binary. */
static void draw_binaries(network *w, int low, int high)
{
    kv_problem *p = w->p;
    for (int g = 0; g < w->n_groups; g++) {
        double supply = draw(w, low, high);
        p->design_cost[g] = draw(w, 0, 40);
        for (int b = 0; b < p->n_blocks; b++) {
            p->resource_base[b * p->n_resources + g] = 0;
            tiny_supply(p, b, g, g, supply);
        }
    }
    for (int b = 0; b < p->n_blocks; b++)
        for (int a = 0; a < w->n_shared; a++)
            tiny_opening(p, b, a, 1, &w->group[a]);
}

/* Designs 3g and 3g + 1 are modules of link g, 3g + 2 its set-up. */
static void draw_modules(network *w, int one)
{
    kv_problem *p = w->p;
    double base[MOST_ARCS];
    int setup[MOST_ARCS];
    for (int g = 0; g < w->n_groups; g++) {
        double small = draw(w, 2, 5), large = draw(w, 6, 14);
        base[g] = draw(w, 0, 2) ? 0 : draw(w, 1, 3);
        setup[g] = draw(w, 0, 1);
        p->design_cost[3 * g] = draw(w, 1, 20);
        p->design_cost[3 * g + 1] = draw(w, 5, 40);
        p->design_cost[3 * g + 2] = setup[g] ? draw(w, 1, 20) : 0;
        p->design_upper[3 * g] = one ? 1 : 2;
        p->design_upper[3 * g + 2] = setup[g];
        for (int b = 0; b < p->n_blocks; b++) {
            p->resource_base[b * p->n_resources + g] = base[g];
            tiny_supply(p, b, g, 3 * g, small);
            tiny_supply(p, b, g, 3 * g + 1, large);
        }
        if (one) {
            tiny_row(&p->side, 'L', 1, 0);
            tiny_row_design(&p->side, 3 * g, 1);
            tiny_row_design(&p->side, 3 * g + 1, 1);
        }
    }
    for (int b = 0; b < p->n_blocks; b++)
        for (int a = 0; a < w->n_shared; a++) {
            int g = w->group[a], modules[2] = {3 * g, 3 * g + 1}, opener = 3 * g + 2;
            if (base[g] <= 0)
                tiny_opening(p, b, a, 2, modules);
            if (setup[g])
                tiny_opening(p, b, a, 1, &opener);
        }
}

kv_problem *served_network(kv_random *random, served_network_kind kind, int n_blocks, int direct)
{
    network w = {.random = random};
    int location = kind == SERVED_LOCATION, binary = location || kind == SERVED_FIXED;
    if (location)
        draw_location(&w);
    else
        draw_topology(&w, !binary);
    int commodities = location ? 1 : draw(&w, 2, 3), own = direct && !location;
    w.n_shared = w.n_arcs;
    for (int k = 0; k < commodities && own; k++)
        add_arc(&w, 0, 1, -1); /* its ends come with the commodity */
    w.p = tiny_problem(w.n_nodes, w.n_arcs, w.tail, w.head, commodities, 0, n_blocks, w.n_groups,
                       binary ? w.n_groups : 3 * w.n_groups);
    w.p->flow_grid = 1e-6;
    draw_costs(&w);
    for (int k = 0; k < commodities && !location; k++)
        draw_commodity(&w, k, own ? w.n_shared + k : -1);
    if (location)
        draw_customers(&w);
    if (binary)
        draw_binaries(&w, location ? 8 : 4, location ? 20 : 14);
    else
        draw_modules(&w, kind == SERVED_SIZES);
    return w.p;
}
