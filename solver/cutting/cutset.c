/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/cutting/cutset_parts.h"

#include "base/clock.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Arcs and flows that one separation looks at, at most, and arcs whose ends are tried as pairs. */
static const double most_work = 1e9;
enum { MOST_PAIRS = 1000 };

/* ---- what stays -------------------------------------------------------------------------------- */

void kv_cutset_free(kv_cutset *cutset)
{
    if (!cutset)
        return;
    kv_derivation_free(cutset->derivation);
    kv_free(cutset->group);
    kv_free(cutset->opener);
    kv_free(cutset->opening);
    kv_free(cutset->arc_first);
    kv_free(cutset->arc_flow);
    kv_free(cutset->node_first);
    kv_free(cutset->node_arc);
    kv_free(cutset->balance_row);
    kv_free(cutset->inside);
    kv_free(cutset->members);
    kv_free(cutset->demand);
    kv_free(cutset->all);
    kv_free(cutset->crossing);
    kv_free(cutset->touched);
    kv_free(cutset->rate);
    kv_free(cutset->rated);
    kv_free(cutset->complemented);
    kv_free(cutset->seed);
    kv_free(cutset->source);
    kv_free(cutset->complement);
    kv_free(cutset);
}

/* Lists of things by owner: first[owner] .. first[owner + 1] - 1. */
static void list_by_owner(int owners, int things, const int *owner, int *first, int *list)
{
    for (int i = 0; i < things; i++)
        first[owner[i]]++;
    for (int o = 0, end = 0; o <= owners; o++)
        first[o] = end += o < owners ? first[o] : 0;
    for (int i = things - 1; i >= 0; i--)
        list[--first[owner[i]]] = i;
}

static void list_arcs_of_nodes(kv_cutset *c)
{
    const kv_problem *p = c->problem;
    for (int a = 0; a < p->n_arcs; a++) {
        c->node_first[p->arc_tail[a]]++;
        c->node_first[p->arc_head[a]]++;
    }
    for (int v = 0, end = 0; v <= p->n_nodes; v++)
        c->node_first[v] = end += v < p->n_nodes ? c->node_first[v] : 0;
    for (int a = p->n_arcs - 1; a >= 0; a--) {
        c->node_arc[--c->node_first[p->arc_tail[a]]] = a;
        c->node_arc[--c->node_first[p->arc_head[a]]] = a;
    }
}

/* A resource that some design supplies in some block. */
static int is_supplied(const kv_problem *p, int r)
{
    for (int b = 0; b < p->n_blocks; b++) {
        int row = b * p->n_resources + r;
        if (p->supply_first[row + 1] > p->supply_first[row])
            return 1;
    }
    return 0;
}

static void find_groups(kv_cutset *c)
{
    const kv_problem *p = c->problem;
    for (int f = 0; f < p->n_flows; f++) {
        c->group[f] = p->n_resources + p->flow_arc[f];
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++)
            if (is_supplied(p, p->use_resource[e])) {
                c->group[f] = p->use_resource[e];
                break;
            }
    }
}

/* Arcs that a single integer design opens. */
static void find_openers(kv_cutset *c)
{
    const kv_problem *p = c->problem;
    for (int i = 0; i < p->n_blocks * p->n_arcs; i++)
        c->opener[i] = c->opening[i] = -1;
    for (int i = 0; i < p->n_openings; i++) {
        const kv_opening *o = &p->openings[i];
        int at = o->block * p->n_arcs + o->arc,
            j = o->count == 1 ? p->opening_design[o->first] : -1;
        if (j < 0 || !p->design_integer[j] || c->opener[at] >= 0)
            continue;
        c->opener[at] = j;
        c->opening[at] = i;
    }
}

static int make_room(kv_cutset *c)
{
    const kv_problem *p = c->problem;
    size_t flows = (size_t)p->n_flows, arcs = (size_t)p->n_arcs, nodes = (size_t)p->n_nodes;
    size_t designs = (size_t)p->n_design, rows = (size_t)p->n_commodities * nodes;
    c->n_groups = p->n_resources + p->n_arcs;
    c->derivation = kv_derivation_create(p);
    c->group = kv_alloc(flows, sizeof *c->group);
    c->opener = kv_alloc((size_t)p->n_blocks * arcs, sizeof *c->opener);
    c->opening = kv_alloc((size_t)p->n_blocks * arcs, sizeof *c->opening);
    c->arc_first = kv_alloc(arcs + 1, sizeof *c->arc_first);
    c->arc_flow = kv_alloc(flows, sizeof *c->arc_flow);
    c->node_first = kv_alloc(nodes + 1, sizeof *c->node_first);
    c->node_arc = kv_alloc(2 * arcs, sizeof *c->node_arc);
    c->balance_row = kv_alloc(rows, sizeof *c->balance_row);
    c->inside = kv_alloc(nodes, 1);
    c->members = kv_alloc(nodes, sizeof *c->members);
    c->demand = kv_alloc((size_t)p->n_commodities, sizeof *c->demand);
    c->all = kv_alloc((size_t)p->n_commodities, sizeof *c->all);
    c->crossing = kv_alloc((size_t)c->n_groups, sizeof *c->crossing);
    c->touched = kv_alloc((size_t)c->n_groups, sizeof *c->touched);
    c->rate = kv_alloc(designs, sizeof *c->rate);
    c->rated = kv_alloc(designs, sizeof *c->rated);
    c->complemented = kv_alloc(designs, 1);
    c->complement = kv_alloc(designs, sizeof *c->complement);
    c->seed = kv_alloc(nodes, sizeof *c->seed);
    return c->derivation && c->group && c->opener && c->opening && c->arc_first && c->arc_flow &&
           c->node_first && c->node_arc && c->balance_row && c->inside && c->members && c->demand &&
           c->all && c->crossing && c->touched && c->rate && c->rated && c->complemented &&
           c->complement && c->seed;
}

typedef struct ranked_node {
    int node;
    double size; /* of what it needs and offers */
} ranked_node;

static int by_size(const void *a, const void *b)
{
    const ranked_node *x = a, *y = b;
    if (x->size != y->size)
        return x->size > y->size ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

/* Where work ends before all sets were looked at, those of the largest nodes were. */
static kv_status order_seeds(kv_cutset *c)
{
    const kv_problem *p = c->problem;
    ranked_node *seeds = kv_alloc((size_t)p->n_nodes, sizeof *seeds);
    if (!seeds)
        return KV_ERR_MEMORY;
    for (int v = 0; v < p->n_nodes; v++)
        seeds[v].node = v;
    for (int b = 0; b < p->n_blocks; b++)
        for (int i = 0; i < p->n_balances; i++)
            seeds[p->balance_node[i]].size +=
                fabs(p->balance[(size_t)b * (size_t)p->n_balances + (size_t)i]);
    qsort(seeds, (size_t)p->n_nodes, sizeof *seeds, by_size);
    for (int v = 0; v < p->n_nodes; v++)
        c->seed[v] = seeds[v].node;
    kv_free(seeds);
    return KV_OK;
}

kv_status kv_cutset_create(const kv_problem *problem, kv_cutset **cutset)
{
    const kv_problem *p = problem;
    kv_cutset *c = *cutset = kv_alloc(1, sizeof *c);
    if (!c)
        return KV_ERR_MEMORY;
    c->problem = p;
    if (!make_room(c))
        return KV_ERR_MEMORY;
    list_by_owner(p->n_arcs, p->n_flows, p->flow_arc, c->arc_first, c->arc_flow);
    list_arcs_of_nodes(c);
    find_groups(c);
    find_openers(c);
    for (int g = 0; g < c->n_groups; g++)
        c->crossing[g].resource = NOT_TOUCHED;
    for (int i = 0; i < p->n_commodities * p->n_nodes; i++)
        c->balance_row[i] = -1;
    for (int i = 0; i < p->n_balances; i++)
        c->balance_row[p->balance_commodity[i] * p->n_nodes + p->balance_node[i]] = i;
    return order_seeds(c);
}

/* ---- sets -------------------------------------------------------------------------------------- */

static void join(kv_cutset *c, int node)
{
    c->inside[node] = 1;
    c->members[c->n_members++] = node;
}

static void clear_set(kv_cutset *c)
{
    memset(c->inside, 0, (size_t)c->problem->n_nodes);
    c->n_members = 0;
}

/* The share of an arc's opening design that is built at the point: 1 = all of it. */
static double openness(const kv_cutset *c, int arc)
{
    int j = c->opener[c->block * c->problem->n_arcs + arc];
    if (j < 0)
        return 0.5;
    double upper = c->problem->design_upper[j];
    return upper > 0 ? fmin(1, c->design[j] / upper) : 0;
}

/* The node outside to which the arcs are most open, or -1. pull [n_nodes] is what ties each. */
static int next_node(const kv_cutset *c, const double *pull)
{
    int best = -1;
    for (int v = 0; v < c->problem->n_nodes; v++)
        if (!c->inside[v] && pull[v] > 0 && (best < 0 || pull[v] > pull[best]))
            best = v;
    return best;
}

static void tie(const kv_cutset *c, int node, double *pull)
{
    const kv_problem *p = c->problem;
    for (int i = c->node_first[node]; i < c->node_first[node + 1]; i++) {
        int a = c->node_arc[i], other = p->arc_tail[a] == node ? p->arc_head[a] : p->arc_tail[a];
        pull[other] += 1e-6 + openness(c, a);
    }
}

/* The nodes that are not in the set. */
static void turn_over(kv_cutset *c)
{
    c->n_members = 0;
    for (int v = 0; v < c->problem->n_nodes; v++) {
        c->inside[v] = !c->inside[v];
        if (c->inside[v])
            c->members[c->n_members++] = v;
    }
}

/* The set and its complement, which looks at what must come in. */
static kv_status try_both(kv_cutset *c, kv_cutset_found *found, void *context)
{
    kv_status status = kv_cutset_try(c, found, context);
    if (status != KV_OK)
        return status;
    turn_over(c);
    status = kv_cutset_try(c, found, context);
    turn_over(c);
    return status;
}

static int is_over(const kv_cutset *c)
{
    return c->work > most_work || kv_stop_requested() || kv_clock() >= c->deadline;
}

/* Sets grown from one node, each with one node more. */
static kv_status grow_sets(kv_cutset *c, int seed, double *pull, kv_cutset_found *found,
                           void *context)
{
    const kv_problem *p = c->problem;
    kv_status status = KV_OK;
    int last = seed, most = p->n_nodes / 2 < 24 ? p->n_nodes / 2 : 24;
    clear_set(c);
    memset(pull, 0, (size_t)p->n_nodes * sizeof *pull);
    for (int size = 1; size <= most && last >= 0 && status == KV_OK && !is_over(c); size++) {
        join(c, last);
        tie(c, last, pull);
        status = try_both(c, found, context);
        last = next_node(c, pull);
    }
    return status;
}

/* Each pair of neighbours: growth finds one of a node's pairs only. */
static kv_status try_pairs(kv_cutset *c, kv_cutset_found *found, void *context)
{
    const kv_problem *p = c->problem;
    kv_status status = KV_OK;
    for (int a = 0; a < p->n_arcs && status == KV_OK && !is_over(c); a++) {
        if (p->arc_tail[a] == p->arc_head[a])
            continue;
        clear_set(c);
        join(c, p->arc_tail[a]);
        join(c, p->arc_head[a]);
        status = try_both(c, found, context);
    }
    return status;
}

kv_status kv_cutset_separate(kv_cutset *cutset, const double *design, const double *flow,
                             double least, int quick, double deadline, kv_cutset_found *found,
                             void *context)
{
    kv_cutset *c = cutset;
    const kv_problem *p = c->problem;
    double *pull = kv_alloc((size_t)p->n_nodes, sizeof *pull);
    kv_status status = pull ? KV_OK : KV_ERR_MEMORY;
    c->design = design;
    c->flow = flow;
    c->least = least;
    c->quick = quick;
    c->work = 0;
    c->deadline = deadline;
    for (c->block = 0; c->block < p->n_blocks && status == KV_OK; c->block++) {
        for (int v = 0; v < p->n_nodes && status == KV_OK && !is_over(c); v++)
            status = grow_sets(c, c->seed[v], pull, found, context);
        if (status == KV_OK && !quick && p->n_arcs <= MOST_PAIRS)
            status = try_pairs(c, found, context);
    }
    kv_free(pull);
    return status;
}
