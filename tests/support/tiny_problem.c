/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/tiny_problem.h"

#include "base/memory.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static void *tiny_alloc(size_t count, size_t size)
{
    void *memory = kv_alloc(count, size);
    cr_assert(memory != NULL);
    return memory;
}

/* Room for one more item of `size` bytes in an array of `count`; the gap is at `at`, zeroed. */
static void tiny_insert(void *array, size_t count, size_t at, size_t size)
{
    char **place = array;
    char *grown = kv_realloc(*place, count + 1, size);
    cr_assert(grown != NULL);
    memmove(grown + (at + 1) * size, grown + at * size, (count - at) * size);
    memset(grown + at * size, 0, size);
    *place = grown;
}

static char **tiny_names(const char *word, int count)
{
    char **names = tiny_alloc((size_t)count, sizeof *names), text[40];
    for (int i = 0; i < count; i++) {
        snprintf(text, sizeof text, "%s%d", word, i);
        names[i] = kv_strdup(text);
        cr_assert(names[i] != NULL);
    }
    return names;
}

static void tiny_empty_rows(kv_rows *rows)
{
    rows->design_first = tiny_alloc(1, sizeof(int));
    rows->flow_first = tiny_alloc(1, sizeof(int));
}

static void tiny_topology(kv_problem *p, const int *tail, const int *head, int n_free)
{
    int balanced = p->n_commodities - n_free;
    p->arc_tail = tiny_alloc((size_t)p->n_arcs, sizeof(int));
    p->arc_head = tiny_alloc((size_t)p->n_arcs, sizeof(int));
    memcpy(p->arc_tail, tail, (size_t)p->n_arcs * sizeof(int));
    memcpy(p->arc_head, head, (size_t)p->n_arcs * sizeof(int));
    p->n_flows = p->n_commodities * p->n_arcs;
    p->n_balances = balanced * p->n_nodes;
    int **flow_arrays[] = {&p->flow_arc, &p->flow_commodity, &p->flow_tail_row, &p->flow_head_row};
    for (int i = 0; i < 4; i++)
        *flow_arrays[i] = tiny_alloc((size_t)p->n_flows, sizeof(int));
    p->commodity_flow_first = tiny_alloc((size_t)p->n_commodities + 1, sizeof(int));
    p->commodity_balance_first = tiny_alloc((size_t)p->n_commodities + 1, sizeof(int));
    p->balance_node = tiny_alloc((size_t)p->n_balances, sizeof(int));
    p->balance_commodity = tiny_alloc((size_t)p->n_balances, sizeof(int));
    for (int k = 0; k < p->n_commodities; k++) {
        for (int a = 0; a < p->n_arcs; a++) {
            int f = k * p->n_arcs + a;
            p->flow_arc[f] = a;
            p->flow_commodity[f] = k;
            p->flow_tail_row[f] = k < balanced ? k * p->n_nodes + tail[a] : -1;
            p->flow_head_row[f] = k < balanced ? k * p->n_nodes + head[a] : -1;
        }
        p->commodity_flow_first[k + 1] = (k + 1) * p->n_arcs;
        p->commodity_balance_first[k + 1] = (k < balanced ? k + 1 : balanced) * p->n_nodes;
    }
    for (int i = 0; i < p->n_balances; i++) {
        p->balance_node[i] = i % p->n_nodes;
        p->balance_commodity[i] = i / p->n_nodes;
    }
}

kv_problem *tiny_problem(int n_nodes, int n_arcs, const int *tail, const int *head,
                         int n_commodities, int n_free, int n_blocks, int n_resources, int n_design)
{
    kv_problem *p = kv_problem_create();
    cr_assert(p != NULL);
    p->n_nodes = n_nodes;
    p->n_arcs = n_arcs;
    p->n_commodities = n_commodities;
    p->n_blocks = n_blocks;
    p->n_resources = n_resources;
    p->n_design = n_design;
    p->node_name = tiny_names("n", n_nodes);
    p->arc_name = tiny_names("a", n_arcs);
    p->commodity_name = tiny_names("k", n_commodities);
    p->resource_name = tiny_names("r", n_resources);
    p->design_name = tiny_names("y", n_design);
    p->block_name = tiny_names("b", n_blocks);
    tiny_topology(p, tail, head, n_free);
    size_t blocks = (size_t)n_blocks, rows = blocks * (size_t)n_resources;
    p->block_weight = tiny_alloc(blocks, sizeof(double));
    for (int b = 0; b < n_blocks; b++)
        p->block_weight[b] = 1.0;
    p->flow_cost = tiny_alloc(blocks * (size_t)p->n_flows, sizeof(double));
    p->flow_upper = tiny_alloc(blocks * (size_t)p->n_flows, sizeof(double));
    p->balance = tiny_alloc(blocks * (size_t)p->n_balances, sizeof(double));
    p->use_first = tiny_alloc((size_t)p->n_flows + 1, sizeof(int));
    p->resource_base = tiny_alloc(rows, sizeof(double));
    for (size_t i = 0; i < rows; i++)
        p->resource_base[i] = 1e30;
    p->supply_first = tiny_alloc(rows + 1, sizeof(int));
    double **design_arrays[] = {&p->design_cost, &p->design_lower, &p->design_upper,
                                &p->do_nothing_upper};
    for (int i = 0; i < 4; i++)
        *design_arrays[i] = tiny_alloc((size_t)n_design, sizeof(double));
    p->design_integer = tiny_alloc((size_t)n_design, 1);
    for (int j = 0; j < n_design; j++)
        p->design_integer[j] = 1, p->design_upper[j] = 1.0;
    tiny_empty_rows(&p->coupling);
    tiny_empty_rows(&p->side);
    p->flow_grid = 1.0;
    return p;
}

size_t tiny_flow(const kv_problem *problem, int block, int commodity, int arc)
{
    return (size_t)block * (size_t)problem->n_flows + (size_t)(commodity * problem->n_arcs + arc);
}

size_t tiny_balance(const kv_problem *problem, int block, int commodity, int node)
{
    return (size_t)block * (size_t)problem->n_balances +
           (size_t)(commodity * problem->n_nodes + node);
}

void tiny_use(kv_problem *problem, int commodity, int arc, int resource, double u)
{
    kv_problem *p = problem;
    int f = commodity * p->n_arcs + arc, n_use = p->use_first[p->n_flows];
    size_t at = (size_t)p->use_first[f + 1];
    tiny_insert(&p->use_resource, (size_t)n_use, at, sizeof(int));
    p->use_resource[at] = resource;
    for (int b = 0; b < p->n_blocks; b++) {
        size_t place = (size_t)b * ((size_t)n_use + 1) + at;
        tiny_insert(&p->use, (size_t)p->n_blocks * (size_t)n_use + (size_t)b, place,
                    sizeof(double));
        p->use[place] = u;
    }
    for (int i = f + 1; i <= p->n_flows; i++)
        p->use_first[i]++;
}

void tiny_supply(kv_problem *problem, int block, int resource, int design, double s)
{
    kv_problem *p = problem;
    int row = block * p->n_resources + resource, rows = p->n_blocks * p->n_resources;
    size_t at = (size_t)p->supply_first[row + 1], count = (size_t)p->supply_first[rows];
    tiny_insert(&p->supply_design, count, at, sizeof(int));
    tiny_insert(&p->supply, count, at, sizeof(double));
    p->supply_design[at] = design;
    p->supply[at] = s;
    for (int i = row + 1; i <= rows; i++)
        p->supply_first[i]++;
}

void tiny_opening(kv_problem *problem, int block, int arc, int n, const int *design)
{
    kv_problem *p = problem;
    int i = p->n_openings, entries = i ? p->openings[i - 1].first + p->openings[i - 1].count : 0;
    tiny_insert(&p->openings, (size_t)i, (size_t)i, sizeof *p->openings);
    int follows = i && p->openings[i - 1].block == block && p->openings[i - 1].arc == arc;
    int set = follows ? p->openings[i - 1].set + 1 : 0;
    p->openings[i] = (kv_opening){block, arc, set, entries, n};
    p->n_openings++;
    for (int e = 0; e < n; e++) {
        size_t at = (size_t)(entries + e);
        tiny_insert(&p->opening_design, at, at, sizeof(int));
        tiny_insert(&p->opening_coefficient, at, at, sizeof(double));
        p->opening_design[at] = design[e];
        p->opening_coefficient[at] = 1.0;
    }
}

void tiny_group(kv_problem *p, int first, int n)
{
    p->n_groups = 1;
    p->design_group = kv_alloc((size_t)p->n_design, sizeof(int));
    p->group_limit = kv_alloc(1, sizeof(double));
    cr_assert(p->design_group != NULL && p->group_limit != NULL);
    p->group_limit[0] = 1;
    for (int j = 0; j < p->n_design; j++)
        p->design_group[j] = j >= first && j < first + n ? 0 : -1;
}

void tiny_row(kv_rows *rows, char sense, double rhs, int dropped)
{
    size_t n = (size_t)rows->count;
    char text[20];
    snprintf(text, sizeof text, "row%d", rows->count);
    tiny_insert(&rows->name, n, n, sizeof *rows->name);
    tiny_insert(&rows->sense, n, n, 1);
    tiny_insert(&rows->rhs, n, n, sizeof(double));
    tiny_insert(&rows->dropped, n, n, 1);
    tiny_insert(&rows->design_first, n + 1, n + 1, sizeof(int));
    tiny_insert(&rows->flow_first, n + 1, n + 1, sizeof(int));
    rows->name[n] = kv_strdup(text);
    cr_assert(rows->name[n] != NULL);
    rows->sense[n] = sense;
    rows->rhs[n] = rhs;
    rows->dropped[n] = (unsigned char)dropped;
    rows->design_first[n + 1] = rows->design_first[n];
    rows->flow_first[n + 1] = rows->flow_first[n];
    rows->count++;
}

void tiny_row_design(kv_rows *rows, int design, double value)
{
    size_t at = (size_t)rows->design_first[rows->count]++;
    tiny_insert(&rows->design, at, at, sizeof(int));
    tiny_insert(&rows->design_value, at, at, sizeof(double));
    rows->design[at] = design;
    rows->design_value[at] = value;
}

void tiny_row_flow(kv_rows *rows, int block, int flow, double value)
{
    size_t at = (size_t)rows->flow_first[rows->count]++;
    tiny_insert(&rows->flow_block, at, at, sizeof(int));
    tiny_insert(&rows->flow, at, at, sizeof(int));
    tiny_insert(&rows->flow_value, at, at, sizeof(double));
    rows->flow_block[at] = block;
    rows->flow[at] = flow;
    rows->flow_value[at] = value;
}
