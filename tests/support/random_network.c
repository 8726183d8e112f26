/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/random_network.h"

#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>

enum { MOST_NODES = 14, MOST_ARCS = 60, MOST_COMMODITIES = 12, MOST_BLOCKS = 3 };

static const double orders = 8.0; /* of magnitude, of NETWORK_SPREAD */

/* Arcs 0 .. n_network-1 have to be opened; arc n_network + k, where there are penalties, serves
 * commodity k at a price. */
typedef struct network {
    kv_random *random;
    network_kind kind;
    int n_nodes, n_network, n_commodities, n_blocks, penalties;
    int tail[MOST_ARCS], head[MOST_ARCS];
    int origin[MOST_COMMODITIES], destination[MOST_COMMODITIES];
    double demand[MOST_BLOCKS][MOST_COMMODITIES];
    double cost[MOST_ARCS], capacity[MOST_ARCS], fixed[MOST_ARCS];
    double load[MOST_ARCS]; /* the most that any block of one plan sends over the arc */
} network;

const char *network_name(network_kind kind)
{
    static const char *const names[NETWORK_KINDS] = {
        "ordinary", "equal", "free", "tight", "parallel", "apart", "spread", "cut off", "short"};
    return names[kind];
}

static int pick(const network *w, int low, int high)
{
    return kv_random_integer(w->random, low, high);
}

/* Evenly by its logarithm, around 1. */
static double spread(const network *w)
{
    return pow(10, orders * (kv_random_uniform(w->random) - 0.5));
}

/* ---- arcs and commodities ---- */

static int half_of(const network *w, int node)
{
    return w->kind == NETWORK_APART && node >= w->n_nodes / 2;
}

static void add_arc(network *w, int tail, int head)
{
    w->tail[w->n_network] = tail;
    w->head[w->n_network++] = head;
}

/* A ring (two, of networks apart) and random arcs. */
static void draw_arcs(network *w)
{
    int room = MOST_ARCS - w->n_commodities, same = w->kind == NETWORK_PARALLEL ? 3 : 1;
    int n = pick(w, w->n_nodes, room / same), middle = w->n_nodes / 2;
    for (int v = 0; v < w->n_nodes; v++) {
        int next = (v + 1) % w->n_nodes;
        if (w->kind == NETWORK_APART)
            next = v < middle ? (v + 1) % middle : v + 1 < w->n_nodes ? v + 1 : middle;
        add_arc(w, v, next);
    }
    while (w->n_network < n) {
        int tail = pick(w, 0, w->n_nodes - 1);
        int head = (tail + pick(w, 1, w->n_nodes - 1)) % w->n_nodes;
        if (half_of(w, tail) == half_of(w, head))
            add_arc(w, tail, head);
    }
    for (int copy = 1; copy < same; copy++)
        for (int a = 0; a < n; a++)
            add_arc(w, w->tail[a], w->head[a]);
}

static void draw_commodities(network *w)
{
    for (int k = 0; k < w->n_commodities; k++) {
        w->origin[k] = pick(w, 0, w->n_nodes - 1);
        w->destination[k] = (w->origin[k] + pick(w, 1, w->n_nodes - 1)) % w->n_nodes;
        double size = w->kind == NETWORK_SPREAD ? spread(w) : pick(w, 15, 75);
        for (int b = 0; b < w->n_blocks; b++)
            w->demand[b][k] = b == 0 ? size : size * pick(w, 0, 3) / 2;
    }
}

static void draw_costs(network *w)
{
    int free = pick(w, 0, 2); /* of NETWORK_FREE */
    for (int a = 0; a < w->n_network; a++) {
        int first = w->kind == NETWORK_PARALLEL ? a % (w->n_network / 3) : a;
        w->cost[a] = pick(w, 5, 50);
        w->fixed[a] = pick(w, 100, 1000);
        w->capacity[a] = pick(w, 30, 200);
        if (w->kind == NETWORK_SPREAD) {
            w->cost[a] = spread(w);
            w->fixed[a] = spread(w);
            w->capacity[a] = spread(w);
        }
        if (w->kind == NETWORK_EQUAL) {
            w->cost[a] = 10;
            w->fixed[a] = 500;
            w->capacity[a] = 60;
        }
        if (w->kind == NETWORK_FREE && free != 0)
            w->cost[a] = 0;
        if (w->kind == NETWORK_FREE && free != 1)
            w->fixed[a] = 0;
        if (first != a) {
            w->cost[a] = w->cost[first];
            w->fixed[a] = w->fixed[first];
            w->capacity[a] = w->capacity[first];
        }
    }
}

/* ---- a plan ---- */

/* The arcs by which a breadth-first search from a node arrives; -1 = not at all. */
static void search(const network *w, int from, int *arrived)
{
    int queue[MOST_NODES], first = 0, last = 0;
    for (int v = 0; v < w->n_nodes; v++)
        arrived[v] = -1;
    queue[last++] = from;
    while (first < last) {
        int v = queue[first++];
        for (int a = 0; a < w->n_network; a++) {
            int to = w->head[a];
            if (w->tail[a] != v || to == from || arrived[to] >= 0)
                continue;
            arrived[to] = a;
            queue[last++] = to;
        }
    }
}

/* All that can be sent goes over ways of fewest arcs. */
static void route(network *w)
{
    for (int b = 0; b < w->n_blocks; b++) {
        double load[MOST_ARCS] = {0};
        for (int k = 0; k < w->n_commodities; k++) {
            int arrived[MOST_NODES];
            search(w, w->origin[k], arrived);
            for (int v = w->destination[k]; v != w->origin[k] && arrived[v] >= 0;
                 v = w->tail[arrived[v]])
                load[arrived[v]] += w->demand[b][k];
        }
        for (int a = 0; a < w->n_network; a++)
            w->load[a] = fmax(w->load[a], load[a]);
    }
}

/* Capacities that hold the plan, where nothing else serves, or are just what it needs. */
static void fit_capacities(network *w)
{
    for (int a = 0; a < w->n_network; a++) {
        if (w->kind == NETWORK_TIGHT)
            w->capacity[a] = w->load[a];
        else if (!w->penalties)
            w->capacity[a] = fmax(w->capacity[a], w->load[a]);
    }
}

/* Less can come to the first commodity's destination than it needs. */
static void spoil(network *w)
{
    int v = w->destination[0], n = 0;
    for (int a = 0; a < w->n_network; a++)
        n += w->head[a] == v;
    for (int a = 0; a < w->n_network; a++)
        if (w->head[a] == v)
            w->capacity[a] = w->kind == NETWORK_CUT_OFF ? 0 : 0.95 * w->demand[0][0] / n;
}

/* ---- the problem ---- */

static void put_flows(const network *w, kv_problem *p)
{
    double dear = 0;
    for (int a = 0; a < w->n_network; a++)
        dear = fmax(dear, w->cost[a] + (w->capacity[a] > 0 ? w->fixed[a] / w->capacity[a] : 0));
    dear = fmin(w->kind == NETWORK_SPREAD ? 1e6 : 1e30, w->n_nodes * dear);
    for (int b = 0; b < w->n_blocks; b++)
        for (int k = 0; k < w->n_commodities; k++) {
            double demand = w->demand[b][k];
            p->balance[tiny_balance(p, b, k, w->origin[k])] += demand;
            p->balance[tiny_balance(p, b, k, w->destination[k])] -= demand;
            for (int a = 0; a < w->n_network; a++) {
                p->flow_cost[tiny_flow(p, b, k, a)] = w->cost[a];
                p->flow_upper[tiny_flow(p, b, k, a)] = fmin(demand, w->capacity[a]);
            }
            if (!w->penalties)
                continue;
            p->flow_cost[tiny_flow(p, b, k, w->n_network + k)] = fmax(1, dear);
            p->flow_upper[tiny_flow(p, b, k, w->n_network + k)] = demand;
        }
}

static void put_designs(const network *w, kv_problem *p)
{
    for (int a = 0; a < w->n_network; a++) {
        p->design_cost[a] = w->fixed[a];
        for (int k = 0; k < w->n_commodities; k++)
            tiny_use(p, k, a, a, 1);
    }
    for (int b = 0; b < w->n_blocks; b++)
        for (int a = 0; a < w->n_network; a++) {
            p->resource_base[b * p->n_resources + a] = 0;
            if (w->capacity[a] > 0)
                tiny_supply(p, b, a, a, w->capacity[a]);
            tiny_opening(p, b, a, 1, &a);
        }
}

static kv_problem *put(network *w)
{
    int n_arcs = w->n_network + (w->penalties ? w->n_commodities : 0);
    for (int k = 0; k < w->n_commodities && w->penalties; k++) {
        w->tail[w->n_network + k] = w->origin[k];
        w->head[w->n_network + k] = w->destination[k];
    }
    kv_problem *p = tiny_problem(w->n_nodes, n_arcs, w->tail, w->head, w->n_commodities, 0,
                                 w->n_blocks, w->n_network, w->n_network);
    for (int b = 0; b < w->n_blocks; b++)
        p->block_weight[b] = w->n_blocks == 1 ? 1 : 0.25 * pick(w, 1, 6);
    p->flow_grid = 0;
    put_flows(w, p);
    put_designs(w, p);
    cr_assert(kv_problem_check(p, NULL) == KV_OK);
    return p;
}

kv_problem *random_network(kv_random *random, network_kind kind)
{
    network w = {.random = random, .kind = kind};
    int no_plan = kind == NETWORK_CUT_OFF || kind == NETWORK_SHORT;
    w.n_nodes = pick(&w, 5, MOST_NODES);
    w.n_commodities = pick(&w, 1, MOST_COMMODITIES);
    w.n_blocks = pick(&w, 0, 1) ? 1 : pick(&w, 2, MOST_BLOCKS);
    w.penalties = !no_plan && kind != NETWORK_TIGHT && (kind == NETWORK_APART || pick(&w, 0, 1));
    draw_arcs(&w);
    draw_commodities(&w);
    draw_costs(&w);
    route(&w);
    fit_capacities(&w);
    if (no_plan)
        spoil(&w);
    return put(&w);
}
