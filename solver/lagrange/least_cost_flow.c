/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/least_cost_flow.h"

#include "base/memory.h"
#include "base/sum.h"

#include <math.h>
#include <string.h>

/* Excess below this share of all supply is rounding. */
static const double rounding = 1e-9;

enum { NOT_REACHED = -1, SETTLED = -2 };

kv_status kv_least_cost_flow_create(int most_nodes, int most_arcs, kv_least_cost_flow *network)
{
    kv_least_cost_flow *w = network;
    size_t nodes = (size_t)most_nodes, arcs = (size_t)most_arcs;
    memset(w, 0, sizeof *w);
    w->most_nodes = most_nodes;
    w->most_arcs = most_arcs;
    int **of_nodes[] = {&w->parent, &w->heap, &w->place, &w->settled};
    double **sizes_of_nodes[] = {&w->supply, &w->potential, &w->excess, &w->distance};
    double **sizes_of_arcs[] = {&w->cost, &w->upper, &w->flow};
    int failed = !(w->tail = kv_alloc(arcs, sizeof(int))) ||
                 !(w->head = kv_alloc(arcs, sizeof(int))) ||
                 !(w->incident = kv_alloc(2 * arcs, sizeof(int))) ||
                 !(w->first = kv_alloc(nodes + 1, sizeof(int)));
    for (int i = 0; i < 4 && !failed; i++)
        failed = !(*of_nodes[i] = kv_alloc(nodes, sizeof(int))) ||
                 !(*sizes_of_nodes[i] = kv_alloc(nodes, sizeof(double)));
    for (int i = 0; i < 3 && !failed; i++)
        failed = !(*sizes_of_arcs[i] = kv_alloc(arcs, sizeof(double)));
    return failed ? KV_ERR_MEMORY : KV_OK;
}

void kv_least_cost_flow_free(kv_least_cost_flow *network)
{
    kv_least_cost_flow *w = network;
    void *arrays[] = {w->tail,      w->head,   w->cost,     w->upper,  w->supply,
                      w->flow,      w->first,  w->incident, w->excess, w->distance,
                      w->potential, w->parent, w->heap,     w->place,  w->settled};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
}

/* ---- beginning ---- */

static void index_arcs(kv_least_cost_flow *w)
{
    memset(w->first, 0, ((size_t)w->n_nodes + 1) * sizeof(int));
    for (int a = 0; a < w->n_arcs; a++) {
        w->first[w->tail[a]]++;
        w->first[w->head[a]]++;
    }
    for (int v = 0, end = 0; v <= w->n_nodes; v++)
        w->first[v] = end += v < w->n_nodes ? w->first[v] : 0;
    for (int a = w->n_arcs - 1; a >= 0; a--) {
        w->incident[--w->first[w->tail[a]]] = a;
        w->incident[--w->first[w->head[a]]] = a;
    }
}

/* With potentials 0 arcs that cost less than nothing are filled; what then is too much at a node. */
static double begin(kv_least_cost_flow *w)
{
    double total = 0.0;
    memcpy(w->excess, w->supply, (size_t)w->n_nodes * sizeof(double));
    memset(w->potential, 0, (size_t)w->n_nodes * sizeof(double));
    for (int a = 0; a < w->n_arcs; a++) {
        w->flow[a] = w->cost[a] < 0.0 ? w->upper[a] : 0.0;
        w->excess[w->tail[a]] -= w->flow[a];
        w->excess[w->head[a]] += w->flow[a];
    }
    for (int v = 0; v < w->n_nodes; v++)
        total += fabs(w->excess[v]);
    return total;
}

/* ---- the heap ---- */

static int nearer(const kv_least_cost_flow *w, int i, int j)
{
    double a = w->distance[w->heap[i]], b = w->distance[w->heap[j]];
    return a < b || (a <= b && w->heap[i] < w->heap[j]);
}

static void exchange(kv_least_cost_flow *w, int i, int j)
{
    int node = w->heap[i];
    w->heap[i] = w->heap[j];
    w->heap[j] = node;
    w->place[w->heap[i]] = i;
    w->place[w->heap[j]] = j;
}

static void rise(kv_least_cost_flow *w, int i)
{
    for (; i > 0 && nearer(w, i, (i - 1) / 2); i = (i - 1) / 2)
        exchange(w, i, (i - 1) / 2);
}

static void reach(kv_least_cost_flow *w, int node, double distance, int arc)
{
    if (w->place[node] == SETTLED || (w->place[node] >= 0 && distance >= w->distance[node]))
        return;
    if (w->place[node] == NOT_REACHED) {
        w->place[node] = w->n_heap;
        w->heap[w->n_heap++] = node;
    }
    w->distance[node] = distance;
    w->parent[node] = arc;
    rise(w, w->place[node]);
}

static int take_nearest(kv_least_cost_flow *w)
{
    int node = w->heap[0];
    exchange(w, 0, --w->n_heap);
    for (int i = 0, child = 1; child < w->n_heap; i = child, child = 2 * i + 1) {
        if (child + 1 < w->n_heap && nearer(w, child + 1, child))
            child++;
        if (!nearer(w, child, i))
            break;
        exchange(w, i, child);
    }
    w->place[node] = SETTLED;
    w->settled[w->n_settled++] = node;
    return node;
}

/* ---- trees ---- */

/* What more the arc can carry away from the node. */
static double room_from(const kv_least_cost_flow *w, int arc, int node)
{
    return w->tail[arc] == node ? w->upper[arc] - w->flow[arc] : w->flow[arc];
}

static void look_around(kv_least_cost_flow *w, int node)
{
    for (int i = w->first[node]; i < w->first[node + 1]; i++) {
        int a = w->incident[i], out = w->tail[a] == node, far = out ? w->head[a] : w->tail[a];
        if (room_from(w, a, node) <= 0.0)
            continue;
        double r = w->cost[a] - w->potential[w->tail[a]] + w->potential[w->head[a]];
        reach(w, far, w->distance[node] + fmax(0.0, out ? r : -r), a);
    }
}

/* Shortest paths from all that have too much, until all that have too little are reached. How many of
 * these were. Potentials make the tree's reduced costs 0. */
static int grow_tree(kv_least_cost_flow *w)
{
    int wanting = 0, reached = 0;
    w->n_heap = w->n_settled = 0;
    for (int v = 0; v < w->n_nodes; v++) {
        w->place[v] = NOT_REACHED;
        wanting += w->excess[v] < 0.0;
    }
    for (int v = 0; v < w->n_nodes; v++)
        if (w->excess[v] > 0.0)
            reach(w, v, 0.0, -1);
    double farthest = 0.0;
    while (w->n_heap > 0 && reached < wanting) {
        int v = take_nearest(w);
        farthest = w->distance[v];
        reached += w->excess[v] < 0.0;
        if (reached < wanting)
            look_around(w, v);
    }
    for (int v = 0; v < w->n_nodes; v++)
        w->potential[v] -= w->place[v] == SETTLED ? w->distance[v] : farthest;
    return reached;
}

static int other_end(const kv_least_cost_flow *w, int arc, int node)
{
    return w->tail[arc] == node ? w->head[arc] : w->tail[arc];
}

/* Send what can go along the tree to a node that has too little. */
static void send_to(kv_least_cost_flow *w, int sink)
{
    double amount = -w->excess[sink];
    int v = sink;
    for (; w->parent[v] >= 0; v = other_end(w, w->parent[v], v))
        amount = fmin(amount, room_from(w, w->parent[v], other_end(w, w->parent[v], v)));
    amount = fmin(amount, w->excess[v]);
    if (amount <= 0.0)
        return;
    w->excess[v] -= amount;
    w->excess[sink] += amount;
    for (v = sink; w->parent[v] >= 0; v = other_end(w, w->parent[v], v))
        w->flow[w->parent[v]] += w->head[w->parent[v]] == v ? amount : -amount;
}

static double left_over(const kv_least_cost_flow *w)
{
    double left = 0.0, wanted = 0.0;
    for (int v = 0; v < w->n_nodes; v++) {
        left += fmax(0.0, w->excess[v]);
        wanted += fmax(0.0, -w->excess[v]);
    }
    return fmin(left, wanted);
}

kv_status kv_least_cost_flow_solve(kv_least_cost_flow *network)
{
    kv_least_cost_flow *w = network;
    index_arcs(w);
    double least = rounding * begin(w);
    while (left_over(w) > least) {
        if (grow_tree(w) == 0)
            return KV_ERR_INFEASIBLE;
        for (int i = 0; i < w->n_settled; i++)
            if (w->excess[w->settled[i]] < 0.0)
                send_to(w, w->settled[i]);
    }
    return KV_OK;
}

double kv_least_cost_flow_value(const kv_least_cost_flow *network)
{
    const kv_least_cost_flow *w = network;
    kv_sum sum = {0.0, 0.0};
    for (int v = 0; v < w->n_nodes; v++)
        kv_sum_add(&sum, w->potential[v] * w->supply[v]);
    for (int a = 0; a < w->n_arcs; a++) {
        double r = w->cost[a] - w->potential[w->tail[a]] + w->potential[w->head[a]];
        if (r < 0.0)
            kv_sum_add(&sum, r * w->upper[a]);
    }
    return kv_sum_total(&sum);
}
