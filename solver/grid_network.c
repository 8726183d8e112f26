/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Balancing: what is missing at the nodes goes along a spanning tree of the largest flows, from the
 * leaves to the root. A tree flow that becomes negative (only where no larger flow crosses the same
 * cut, so by little) is set to 0 and what it should have undone goes another way round.
 *
 * Rounding: the polyhedron of flows between floor and ceiling with whole balances has whole corners.
 * A node is never touched by just one flow that is not whole, so these contain a cycle; shifting
 * around it until one of them is whole leaves fewer. The cycles are found with a forest of flows
 * that are not whole yet.
 */
#include "solver/grid_network.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* ---- room ---------------------------------------------------------------------------------- */

void kv_grid_network_clear(kv_grid_network *network)
{
    void *arrays[] = {network->tail,   network->head,  network->weight, network->flow,
                      network->excess, network->order, network->parent, network->parent_arc,
                      network->queue,  network->first, network->next};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    memset(network, 0, sizeof *network);
}

kv_status kv_grid_network_reserve(kv_grid_network *network, int n_nodes, int n_arcs)
{
    size_t nodes = (size_t)n_nodes, arcs = (size_t)n_arcs;
    memset(network, 0, sizeof *network);
    network->tail = kv_alloc(arcs, sizeof *network->tail);
    network->head = kv_alloc(arcs, sizeof *network->head);
    network->weight = kv_alloc(arcs, sizeof *network->weight);
    network->flow = kv_alloc(arcs, sizeof *network->flow);
    network->order = kv_alloc(arcs, sizeof *network->order);
    network->next = kv_alloc(arcs, 2 * sizeof *network->next);
    network->excess = kv_alloc(nodes, sizeof *network->excess);
    network->parent = kv_alloc(nodes, sizeof *network->parent);
    network->parent_arc = kv_alloc(nodes, sizeof *network->parent_arc);
    network->queue = kv_alloc(nodes, sizeof *network->queue);
    network->first = kv_alloc(nodes, sizeof *network->first);
    if (network->tail && network->head && network->weight && network->flow && network->order &&
        network->next && network->excess && network->parent && network->parent_arc &&
        network->queue && network->first)
        return KV_OK;
    kv_grid_network_clear(network);
    return KV_ERR_MEMORY;
}

/* ---- lists of arc ends at the nodes -------------------------------------------------------- */

static void lists_empty(kv_grid_network *n)
{
    for (int v = 0; v < n->n_nodes; v++)
        n->first[v] = -1;
}

static void list_arc(kv_grid_network *n, int arc)
{
    n->next[2 * arc] = n->first[n->tail[arc]];
    n->first[n->tail[arc]] = 2 * arc;
    n->next[2 * arc + 1] = n->first[n->head[arc]];
    n->first[n->head[arc]] = 2 * arc + 1;
}

static void unlist_end(kv_grid_network *n, int node, int end)
{
    int *place = &n->first[node];
    while (*place != end)
        place = &n->next[*place];
    *place = n->next[end];
}

static void unlist_arc(kv_grid_network *n, int arc)
{
    unlist_end(n, n->tail[arc], 2 * arc);
    unlist_end(n, n->head[arc], 2 * arc + 1);
}

static int other_node(const kv_grid_network *n, int end)
{
    return end % 2 ? n->tail[end / 2] : n->head[end / 2];
}

/* Which listed arc ends a search may leave a node by: all; those of a residual network with flows
 * that are not 0; those of a residual network. */
enum { ANY, RESIDUAL_USED, RESIDUAL };

static int may_pass(const kv_grid_network *n, int end, int rule, int banned)
{
    int arc = end / 2;
    if (rule == ANY)
        return 1;
    if (arc == banned)
        return 0;
    if (end % 2 || rule == RESIDUAL_USED) /* backwards, or only where something flows */
        return n->flow[arc] > 0;
    return 1;
}

/* Breadth-first from `from`; parent_arc[v] is the arc by which v was reached, parent[v] -1 where it
 * was not. Stops at `to` (-1 = never). Returns the number of nodes reached, in queue. */
static int reach(kv_grid_network *n, int from, int to, int rule, int banned)
{
    int count = 0;
    for (int v = 0; v < n->n_nodes; v++)
        n->parent[v] = -1;
    n->parent[from] = from;
    n->parent_arc[from] = -1;
    n->queue[count++] = from;
    for (int i = 0; i < count; i++) {
        int v = n->queue[i];
        for (int end = n->first[v]; end >= 0; end = n->next[end]) {
            int w = other_node(n, end);
            if (n->parent[w] >= 0 || !may_pass(n, end, rule, banned))
                continue;
            n->parent[w] = v;
            n->parent_arc[w] = end / 2;
            n->queue[count++] = w;
            if (w == to)
                return count;
        }
    }
    return count;
}

/* ---- balancing ----------------------------------------------------------------------------- */

/* Sift a heap of arcs whose top has the smallest weight (ties: the larger index on top). */
static int lighter(const kv_grid_network *n, int a, int b)
{
    if (n->flow[a] != n->flow[b])
        return n->flow[a] < n->flow[b];
    if (n->weight[a] < n->weight[b] || n->weight[a] > n->weight[b])
        return n->weight[a] < n->weight[b];
    return a > b;
}

static void sift(kv_grid_network *n, int at, int count)
{
    int arc = n->order[at];
    for (int child; (child = 2 * at + 1) < count; at = child) {
        if (child + 1 < count && lighter(n, n->order[child + 1], n->order[child]))
            child++;
        if (!lighter(n, n->order[child], arc))
            break;
        n->order[at] = n->order[child];
    }
    n->order[at] = arc;
}

/* order = arcs by falling flow, then weight, then rising index. */
static void sort_arcs(kv_grid_network *n)
{
    for (int a = 0; a < n->n_arcs; a++)
        n->order[a] = a;
    for (int i = n->n_arcs / 2 - 1; i >= 0; i--)
        sift(n, i, n->n_arcs);
    for (int last = n->n_arcs - 1; last > 0; last--) {
        int lightest = n->order[0];
        n->order[0] = n->order[last];
        n->order[last] = lightest;
        sift(n, 0, last);
    }
}

static int root_of(int *root, int v)
{
    while (root[v] != v)
        v = root[v] = root[root[v]];
    return v;
}

/* List the arcs of a maximum spanning forest (Kruskal; parent serves as the union-find). */
static void list_forest(kv_grid_network *n)
{
    sort_arcs(n);
    lists_empty(n);
    for (int v = 0; v < n->n_nodes; v++)
        n->parent[v] = v;
    for (int i = 0; i < n->n_arcs; i++) {
        int arc = n->order[i];
        int u = root_of(n->parent, n->tail[arc]), v = root_of(n->parent, n->head[arc]);
        if (u == v)
            continue;
        n->parent[u] = v;
        list_arc(n, arc);
    }
}

/* Move what is missing along the tree of `root`; missing is indexed by node. Marks nodes done. */
static int settle_tree(kv_grid_network *n, int root, int64_t *missing, unsigned char *done)
{
    int count = reach(n, root, -1, ANY, -1);
    for (int i = count - 1; i >= 0; i--) {
        int v = n->queue[i], arc = n->parent_arc[v];
        done[v] = 1;
        if (arc < 0)
            return llabs(missing[v]) <= n->slack ? 0 : -1;
        n->flow[arc] += n->tail[arc] == v ? missing[v] : -missing[v];
        missing[n->parent[v]] += missing[v];
        missing[v] = 0;
    }
    return -1;
}

/* Send what a negative flow should have undone another way round. 0, or -1 if there is none. */
static int mend_negative(kv_grid_network *n, int arc)
{
    int from = n->head[arc], to = n->tail[arc];
    int64_t left = -n->flow[arc];
    n->flow[arc] = 0;
    while (left > 0) {
        int64_t most = left;
        reach(n, from, to, RESIDUAL_USED, arc);
        if (n->parent[to] < 0)
            reach(n, from, to, RESIDUAL, arc);
        if (n->parent[to] < 0)
            return -1;
        for (int v = to; v != from; v = n->parent[v])
            if (n->tail[n->parent_arc[v]] == v && n->flow[n->parent_arc[v]] < most)
                most = n->flow[n->parent_arc[v]];
        for (int v = to; v != from; v = n->parent[v])
            n->flow[n->parent_arc[v]] += n->tail[n->parent_arc[v]] == v ? -most : most;
        left -= most;
    }
    return 0;
}

static int mend_negatives(kv_grid_network *n)
{
    int listed = 0;
    for (int a = 0; a < n->n_arcs; a++) {
        if (n->flow[a] >= 0)
            continue;
        if (!listed) {
            lists_empty(n);
            for (int e = n->n_arcs - 1; e >= 0; e--)
                if (n->tail[e] != n->head[e])
                    list_arc(n, e);
            listed = 1;
        }
        if (mend_negative(n, a) != 0)
            return -1;
    }
    return 0;
}

kv_status kv_grid_network_balance(kv_grid_network *network)
{
    kv_grid_network *n = network;
    kv_status status = KV_ERR_MEMORY;
    int failed = 0, any = 0;
    int64_t *missing = kv_alloc((size_t)n->n_nodes, sizeof *missing);
    unsigned char *done = kv_alloc((size_t)n->n_nodes, 1);
    if (!missing || !done)
        goto out;
    for (int v = 0; v < n->n_nodes; v++)
        missing[v] = n->excess[v];
    for (int a = 0; a < n->n_arcs; a++) {
        missing[n->tail[a]] -= n->flow[a];
        missing[n->head[a]] += n->flow[a];
    }
    for (int v = 0; v < n->n_nodes; v++)
        any |= missing[v] != 0;
    if (any)
        list_forest(n);
    for (int v = 0; any && v < n->n_nodes; v++)
        if (!done[v])
            failed |= settle_tree(n, v, missing, done) != 0;
    if (any && !failed)
        failed = mend_negatives(n) != 0;
    status = failed ? KV_ERR_NUMERIC : KV_OK;
out:
    kv_free(missing);
    kv_free(done);
    return status;
}

/* ---- rounding ------------------------------------------------------------------------------ */

/* How far each flow of the cycle can go until the first is whole: the flow of `arc` grows, or
 * shrinks with direction -1. */
static int64_t cycle_room(const kv_grid_network *n, int arc, int64_t unit, int direction)
{
    int64_t part = n->flow[arc] % unit;
    int64_t room = direction > 0 ? unit - part : part;
    for (int v = n->tail[arc]; v != n->head[arc]; v = n->parent[v]) {
        int a = n->parent_arc[v]; /* the path leads from the head of `arc` to its tail */
        int grows = (n->head[a] == v) == (direction > 0);
        part = n->flow[a] % unit;
        if ((grows ? unit - part : part) < room)
            room = grows ? unit - part : part;
    }
    return room;
}

/* Shift around the cycle that `arc` closes with the forest; whole flows leave the forest. */
static void shift_cycle(kv_grid_network *n, int arc, int64_t unit)
{
    int64_t up = cycle_room(n, arc, unit, 1), down = cycle_room(n, arc, unit, -1);
    int64_t shift = up <= down ? up : -down;
    n->flow[arc] += shift;
    for (int v = n->tail[arc]; v != n->head[arc]; v = n->parent[v]) {
        int a = n->parent_arc[v];
        n->flow[a] += n->head[a] == v ? shift : -shift;
        if (n->flow[a] % unit == 0)
            unlist_arc(n, a);
    }
}

kv_status kv_grid_network_round(kv_grid_network *network, int64_t unit)
{
    kv_grid_network *n = network;
    lists_empty(n);
    for (int a = 0; a < n->n_arcs; a++) {
        int64_t part = n->flow[a] % unit;
        if (n->tail[a] == n->head[a])
            n->flow[a] += 2 * part < unit ? -part : unit - part;
        while (n->flow[a] % unit != 0) {
            reach(n, n->head[a], n->tail[a], ANY, -1);
            if (n->parent[n->tail[a]] < 0) {
                list_arc(n, a);
                break;
            }
            shift_cycle(n, a, unit);
        }
    }
    for (int v = 0; v < n->n_nodes; v++)
        if (n->first[v] >= 0)
            return KV_ERR_NUMERIC;
    return KV_OK;
}
