/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formulations/problem.h"

#include "base/memory.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct check { /* the first fault found */
    const kv_problem *p;
    int failed;
    char text[400];
} check;

static void fault(check *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void fault(check *c, const char *format, ...)
{
    if (c->failed)
        return;
    c->failed = 1;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(c->text, sizeof c->text, format, arguments);
    va_end(arguments);
}

/* count items are there: an array of none may be missing. */
static int there(check *c, const void *array, int count, const char *what)
{
    if (count > 0 && !array)
        fault(c, "%s are missing", what);
    return !c->failed;
}

static void names(check *c, char **name, int count, const char *what)
{
    if (!there(c, name, count, what))
        return;
    for (int i = 0; i < count && !c->failed; i++) {
        if (!name[i] || !name[i][0]) {
            fault(c, "%s: number %d has no name", what, i);
            return;
        }
        for (const char *s = name[i]; *s; s++) {
            if ((unsigned char)*s <= ' ')
                fault(c, "%s: the name '%s' has a blank", what, name[i]);
        }
    }
}

static void indices(check *c, const int *array, int count, int low, int end, const char *what)
{
    if (!there(c, array, count, what))
        return;
    for (int i = 0; i < count && !c->failed; i++) {
        if (array[i] < low || array[i] >= end)
            fault(c, "%s: entry %d is %d, not in %d..%d", what, i, array[i], low, end - 1);
    }
}

static void all_finite(check *c, const double *array, size_t count, double low, const char *what)
{
    if (count > 0 && !array)
        fault(c, "%s are missing", what);
    for (size_t i = 0; i < count && !c->failed; i++) {
        if (!isfinite(array[i]) || array[i] < low)
            fault(c, "%s: entry %zu is %g", what, i, array[i]);
    }
}

/* first[0] = 0 <= first[1] <= ... */
static void rising(check *c, const int *first, int count, const char *what)
{
    if (!first) {
        fault(c, "%s are missing", what);
        return;
    }
    if (first[0] != 0)
        fault(c, "%s do not start at 0", what);
    for (int i = 0; i < count && !c->failed; i++) {
        if (first[i] > first[i + 1])
            fault(c, "%s fall at %d", what, i);
    }
}

/* Pairs sorted by commodity, then by item, each once, and `first` says where a commodity's are. */
static void pairs(check *c, const int *commodity, const int *item, const int *first, int count,
                  const char *what)
{
    rising(c, first, c->p->n_commodities, what);
    if (!c->failed && first[c->p->n_commodities] != count)
        fault(c, "%s: the commodities hold %d of %d", what, first[c->p->n_commodities], count);
    for (int i = 0; i < count && !c->failed; i++) {
        if (i < first[commodity[i]] || i >= first[commodity[i] + 1])
            fault(c, "%s: number %d is not among those of its commodity", what, i);
        else if (i > 0 && commodity[i] == commodity[i - 1] && item[i] <= item[i - 1])
            fault(c, "%s: number %d is not in order", what, i);
    }
}

/* The balance row of (commodity, node) that a flow names. */
static void end_row(check *c, int flow, int balance, int node, const char *what)
{
    const kv_problem *p = c->p;
    if (c->failed || balance < 0)
        return;
    if (p->balance_commodity[balance] != p->flow_commodity[flow] ||
        p->balance_node[balance] != node)
        fault(c, "%s row of flow %d is that of another commodity or node", what, flow);
}

static void topology(check *c)
{
    const kv_problem *p = c->p;
    indices(c, p->arc_tail, p->n_arcs, 0, p->n_nodes, "arc tails");
    indices(c, p->arc_head, p->n_arcs, 0, p->n_nodes, "arc heads");
    indices(c, p->flow_arc, p->n_flows, 0, p->n_arcs, "arcs of flows");
    indices(c, p->flow_commodity, p->n_flows, 0, p->n_commodities, "commodities of flows");
    indices(c, p->balance_node, p->n_balances, 0, p->n_nodes, "nodes of balances");
    indices(c, p->balance_commodity, p->n_balances, 0, p->n_commodities, "commodities of balances");
    if (c->failed)
        return;
    pairs(c, p->flow_commodity, p->flow_arc, p->commodity_flow_first, p->n_flows, "flows");
    pairs(c, p->balance_commodity, p->balance_node, p->commodity_balance_first, p->n_balances,
          "balances");
    indices(c, p->flow_tail_row, p->n_flows, -1, p->n_balances, "tail rows");
    indices(c, p->flow_head_row, p->n_flows, -1, p->n_balances, "head rows");
    for (int f = 0; f < p->n_flows && !c->failed; f++) {
        end_row(c, f, p->flow_tail_row[f], p->arc_tail[p->flow_arc[f]], "tail");
        end_row(c, f, p->flow_head_row[f], p->arc_head[p->flow_arc[f]], "head");
    }
}

static void numbers(check *c)
{
    const kv_problem *p = c->p;
    const size_t blocks = (size_t)p->n_blocks, flows = (size_t)p->n_flows;
    all_finite(c, p->block_weight, blocks, 0, "block weights");
    all_finite(c, p->flow_cost, blocks * flows, -HUGE_VAL, "unit costs");
    all_finite(c, p->flow_upper, blocks * flows, 0, "flow bounds");
    all_finite(c, p->balance, blocks * (size_t)p->n_balances, -HUGE_VAL, "balances");
    all_finite(c, p->design_cost, (size_t)p->n_design, -HUGE_VAL, "design costs");
    all_finite(c, p->design_lower, (size_t)p->n_design, -HUGE_VAL, "lower bounds of designs");
    all_finite(c, p->design_upper, (size_t)p->n_design, -HUGE_VAL, "upper bounds of designs");
    all_finite(c, p->do_nothing_upper, (size_t)p->n_design, -HUGE_VAL, "bounds when doing nothing");
    there(c, p->design_integer, p->n_design, "integer marks");
    for (int j = 0; j < p->n_design && !c->failed; j++) {
        if (p->design_lower[j] > p->design_upper[j])
            fault(c, "design %d: the lower bound is above the upper one", j);
        else if (p->do_nothing_upper[j] > p->design_upper[j] ||
                 p->do_nothing_upper[j] < p->design_lower[j])
            fault(c, "design %d: the bound when doing nothing is outside its box", j);
    }
    if (!c->failed && !(isfinite(p->constant) && p->flow_grid >= 0))
        fault(c, "the constant or the flow grid is not a number");
}

static void resources(check *c)
{
    const kv_problem *p = c->p;
    rising(c, p->use_first, p->n_flows, "uses of resources");
    if (c->failed)
        return;
    int n_use = p->use_first[p->n_flows];
    indices(c, p->use_resource, n_use, 0, p->n_resources, "resources used");
    all_finite(c, p->use, (size_t)p->n_blocks * (size_t)n_use, 0, "uses of resources");
    const size_t rows = (size_t)p->n_blocks * (size_t)p->n_resources;
    if (rows > INT_MAX - 1) {
        fault(c, "there are too many resource rows");
        return;
    }
    all_finite(c, p->resource_base, rows, -HUGE_VAL, "base capacities");
    rising(c, p->supply_first, (int)rows, "supplies of resources");
    if (c->failed)
        return;
    int n_supply = p->supply_first[rows];
    indices(c, p->supply_design, n_supply, 0, p->n_design, "designs that supply");
    all_finite(c, p->supply, (size_t)n_supply, 0, "supplies");
}

static int opening_order(const kv_opening *a, const kv_opening *b)
{
    if (a->block != b->block)
        return a->block < b->block;
    if (a->arc != b->arc)
        return a->arc < b->arc;
    return a->set < b->set;
}

static void openings(check *c)
{
    const kv_problem *p = c->p;
    there(c, p->openings, p->n_openings, "openings");
    for (int i = 0; i < p->n_openings && !c->failed; i++) {
        const kv_opening *o = &p->openings[i];
        if (o->block < 0 || o->block >= p->n_blocks || o->arc < 0 || o->arc >= p->n_arcs ||
            o->set < 0 || o->first < 0 || o->count < 0 || o->first > INT_MAX - o->count)
            fault(c, "opening %d is out of range", i);
        else if (i > 0 && !opening_order(&p->openings[i - 1], o))
            fault(c, "opening %d is not in order", i);
        for (int e = o->first; e < o->first + o->count && !c->failed; e++) {
            if (p->opening_design[e] < 0 || p->opening_design[e] >= p->n_design)
                fault(c, "opening %d: its design is out of range", i);
            else if (!(p->opening_coefficient[e] > 0) || !isfinite(p->opening_coefficient[e]))
                fault(c, "opening %d: its coefficient is not positive", i);
        }
    }
}

static void rows(check *c, const kv_rows *r, int may_flow, const char *what)
{
    const kv_problem *p = c->p;
    names(c, r->name, r->count, what);
    there(c, r->sense, r->count, what);
    there(c, r->dropped, r->count, what);
    all_finite(c, r->rhs, (size_t)r->count, -HUGE_VAL, what);
    rising(c, r->design_first, r->count, what);
    rising(c, r->flow_first, r->count, what);
    if (c->failed)
        return;
    for (int i = 0; i < r->count; i++) {
        if (r->sense[i] != 'L' && r->sense[i] != 'E')
            fault(c, "%s: row '%s' has the sense '%c'", what, r->name[i], r->sense[i]);
    }
    int n_design = r->design_first[r->count], n_flow = r->flow_first[r->count];
    indices(c, r->design, n_design, 0, p->n_design, what);
    all_finite(c, r->design_value, (size_t)n_design, -HUGE_VAL, what);
    indices(c, r->flow, n_flow, 0, p->n_flows, what);
    indices(c, r->flow_block, n_flow, 0, p->n_blocks, what);
    all_finite(c, r->flow_value, (size_t)n_flow, -HUGE_VAL, what);
    if (!may_flow && n_flow > 0)
        fault(c, "%s hold flows", what);
}

/* stamp[key] says in which list a key was seen last; a second time in one list is a fault. */
static void once(check *c, int *stamp, size_t key, int list, const char *what)
{
    if (stamp[key] == list + 1)
        fault(c, "%s: number %d holds something twice", what, list);
    stamp[key] = list + 1;
}

static void rows_distinct(check *c, const kv_rows *r, int *design, int *flow, const char *what)
{
    for (int i = 0; i < r->count && !c->failed; i++) {
        for (int e = r->design_first[i]; e < r->design_first[i + 1]; e++)
            once(c, design, (size_t)r->design[e], i, what);
        for (int e = r->flow_first[i]; e < r->flow_first[i + 1]; e++)
            once(c, flow, (size_t)r->flow_block[e] * (size_t)c->p->n_flows + (size_t)r->flow[e], i,
                 what);
    }
}

/* Nothing stands twice in a row: LP codes do not take it. Everything is in range by now. */
static kv_status distinct(check *c)
{
    const kv_problem *p = c->p;
    const size_t designs = (size_t)p->n_design, resources = (size_t)p->n_resources;
    const size_t pairs = (size_t)p->n_blocks * (size_t)p->n_flows;
    const size_t size = designs + resources + pairs;
    int *design = kv_alloc(designs, sizeof(int)), *resource = kv_alloc(resources, sizeof(int));
    int *stamp =
        kv_alloc(size, sizeof(int)); /* designs, then flows, of one kind of row at a time */
    kv_status status = design && resource && stamp ? KV_OK : KV_ERR_MEMORY;
    for (int f = 0; status == KV_OK && f < p->n_flows; f++) {
        for (int i = p->use_first[f]; i < p->use_first[f + 1]; i++)
            once(c, resource, (size_t)p->use_resource[i], f, "uses of resources");
    }
    for (int r = 0; status == KV_OK && r < p->n_blocks * p->n_resources; r++) {
        for (int i = p->supply_first[r]; i < p->supply_first[r + 1]; i++)
            once(c, design, (size_t)p->supply_design[i], r, "supplies of resources");
    }
    if (status == KV_OK) {
        rows_distinct(c, &p->coupling, stamp, stamp + designs, "coupling rows");
        memset(stamp, 0, size * sizeof(int));
        rows_distinct(c, &p->side, stamp, stamp + designs, "side rows");
        memset(stamp, 0, size * sizeof(int));
    }
    for (int i = 0; status == KV_OK && i < p->n_openings; i++) {
        for (int e = p->openings[i].first; e < p->openings[i].first + p->openings[i].count; e++)
            once(c, stamp, (size_t)p->opening_design[e], i, "openings");
    }
    kv_free(design);
    kv_free(resource);
    kv_free(stamp);
    return status;
}

static void groups(check *c)
{
    const kv_problem *p = c->p;
    if (!p->design_group)
        return;
    indices(c, p->design_group, p->n_design, -1, p->n_groups, "groups");
    all_finite(c, p->group_limit, (size_t)p->n_groups, 0, "limits of groups");
}

static void sizes(check *c)
{
    const kv_problem *p = c->p;
    const int counts[] = {p->n_nodes,    p->n_arcs,      p->n_commodities,  p->n_flows,
                          p->n_balances, p->n_resources, p->n_design,       p->n_blocks,
                          p->n_openings, p->n_groups,    p->coupling.count, p->side.count};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (counts[i] < 0)
            fault(c, "a count is negative");
    }
}

kv_status kv_problem_check(const kv_problem *problem, kv_messages *messages)
{
    check c = {.p = problem};
    sizes(&c);
    if (!c.failed) {
        names(&c, problem->node_name, problem->n_nodes, "nodes");
        names(&c, problem->arc_name, problem->n_arcs, "arcs");
        names(&c, problem->commodity_name, problem->n_commodities, "commodities");
        names(&c, problem->resource_name, problem->n_resources, "resources");
        names(&c, problem->design_name, problem->n_design, "design variables");
        names(&c, problem->block_name, problem->n_blocks, "blocks");
        topology(&c);
        numbers(&c);
        resources(&c);
        openings(&c);
        rows(&c, &problem->coupling, 1, "coupling rows");
        rows(&c, &problem->side, 0, "side rows");
        groups(&c);
    }
    if (!c.failed && distinct(&c) != KV_OK)
        return KV_ERR_MEMORY;
    if (!c.failed)
        return KV_OK;
    kv_messages_add(messages, KV_FAULT, NULL, NULL, "the design problem is malformed: %s", c.text);
    return KV_ERR_INTERNAL;
}
