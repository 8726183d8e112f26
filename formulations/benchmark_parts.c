/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formulations/benchmark_parts.h"

#include "base/memory.h"
#include "base/text.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FINEST = 9, MOST_DIGITS = 15, MOST_DECIMALS = 12 };

/* ---- sizes ---- */

static int check_size(double count, const char *things, kv_messages *messages)
{
    if (count < INT_MAX)
        return 0;
    kv_messages_add(messages, KV_FAULT, NULL, NULL, "the model would have %.0f %s, more than %d",
                    count, things, INT_MAX - 1);
    return -1;
}

static int flows_of(const kv_benchmark_shape *shape)
{
    return shape->n_shared + (shape->n_arcs > shape->n_shared);
}

static int check_sizes(const kv_benchmark_shape *s, kv_messages *messages)
{
    double flows = (double)s->n_commodities * flows_of(s);
    int bad = check_size(flows * s->n_blocks, "flows", messages);
    bad |= check_size((double)s->n_commodities * s->n_nodes * s->n_blocks, "balances", messages);
    bad |= check_size((double)s->n_resources * s->n_blocks, "resource rows", messages);
    bad |= check_size((double)s->n_arcs * s->n_blocks, "opening sets", messages);
    return bad;
}

/* ---- arrays ---- */

static int reserve_names(kv_problem *p)
{
    p->node_name = kv_alloc((size_t)p->n_nodes, sizeof(char *));
    p->arc_name = kv_alloc((size_t)p->n_arcs, sizeof(char *));
    p->commodity_name = kv_alloc((size_t)p->n_commodities, sizeof(char *));
    p->resource_name = kv_alloc((size_t)p->n_resources, sizeof(char *));
    p->design_name = kv_alloc((size_t)p->n_design, sizeof(char *));
    p->block_name = kv_alloc((size_t)p->n_blocks, sizeof(char *));
    return p->node_name && p->arc_name && p->commodity_name && p->resource_name && p->design_name &&
                   p->block_name
               ? 0
               : -1;
}

static int reserve_topology(kv_problem *p)
{
    size_t flows = (size_t)p->n_flows, balances = (size_t)p->n_balances;
    size_t commodities = (size_t)p->n_commodities;
    p->arc_tail = kv_alloc((size_t)p->n_arcs, sizeof(int));
    p->arc_head = kv_alloc((size_t)p->n_arcs, sizeof(int));
    p->flow_arc = kv_alloc(flows, sizeof(int));
    p->flow_commodity = kv_alloc(flows, sizeof(int));
    p->commodity_flow_first = kv_alloc(commodities + 1, sizeof(int));
    p->balance_node = kv_alloc(balances, sizeof(int));
    p->balance_commodity = kv_alloc(balances, sizeof(int));
    p->commodity_balance_first = kv_alloc(commodities + 1, sizeof(int));
    p->flow_tail_row = kv_alloc(flows, sizeof(int));
    p->flow_head_row = kv_alloc(flows, sizeof(int));
    return p->arc_tail && p->arc_head && p->flow_arc && p->flow_commodity &&
                   p->commodity_flow_first && p->balance_node && p->balance_commodity &&
                   p->commodity_balance_first && p->flow_tail_row && p->flow_head_row
               ? 0
               : -1;
}

static int reserve_rows(kv_rows *rows)
{
    rows->design_first = kv_alloc(1, sizeof(int));
    rows->flow_first = kv_alloc(1, sizeof(int));
    return rows->design_first && rows->flow_first ? 0 : -1;
}

static int reserve_numbers(kv_problem *p)
{
    size_t blocks = (size_t)p->n_blocks, design = (size_t)p->n_design;
    p->block_weight = kv_alloc(blocks, sizeof(double));
    p->flow_cost = kv_alloc(blocks * (size_t)p->n_flows, sizeof(double));
    p->flow_upper = kv_alloc(blocks * (size_t)p->n_flows, sizeof(double));
    p->balance = kv_alloc(blocks * (size_t)p->n_balances, sizeof(double));
    p->resource_base = kv_alloc(blocks * (size_t)p->n_resources, sizeof(double));
    p->design_cost = kv_alloc(design, sizeof(double));
    p->design_lower = kv_alloc(design, sizeof(double));
    p->design_upper = kv_alloc(design, sizeof(double));
    p->design_integer = kv_alloc(design, 1);
    p->do_nothing_upper = kv_alloc(design, sizeof(double));
    return p->block_weight && p->flow_cost && p->flow_upper && p->balance && p->resource_base &&
                   p->design_cost && p->design_lower && p->design_upper && p->design_integer &&
                   p->do_nothing_upper
               ? 0
               : -1;
}

static void add_flow(kv_problem *p, int k, int arc, int flow)
{
    p->flow_arc[flow] = arc;
    p->flow_commodity[flow] = k;
    p->flow_tail_row[flow] = k * p->n_nodes + p->arc_tail[arc];
    p->flow_head_row[flow] = k * p->n_nodes + p->arc_head[arc];
}

static void lay_out(kv_problem *p, int n_shared)
{
    int flow = 0;
    for (int k = 0; k < p->n_commodities; k++) {
        for (int a = 0; a < n_shared; a++)
            add_flow(p, k, a, flow++);
        if (p->n_arcs > n_shared)
            add_flow(p, k, n_shared + k, flow++);
        p->commodity_flow_first[k + 1] = flow;
        for (int v = 0; v < p->n_nodes; v++) {
            p->balance_node[k * p->n_nodes + v] = v;
            p->balance_commodity[k * p->n_nodes + v] = k;
        }
        p->commodity_balance_first[k + 1] = (k + 1) * p->n_nodes;
    }
}

kv_status kv_benchmark_shape_make(const kv_benchmark_shape *shape, const int *tail, const int *head,
                                  kv_problem **problem, kv_messages *messages)
{
    *problem = NULL;
    if (check_sizes(shape, messages) != 0)
        return KV_ERR_INPUT;
    kv_problem *p = kv_problem_create();
    if (!p)
        return KV_ERR_MEMORY;
    p->n_nodes = shape->n_nodes;
    p->n_arcs = shape->n_arcs;
    p->n_commodities = shape->n_commodities;
    p->n_flows = shape->n_commodities * flows_of(shape);
    p->n_balances = shape->n_commodities * shape->n_nodes;
    p->n_resources = shape->n_resources;
    p->n_design = shape->n_design;
    p->n_blocks = shape->n_blocks;
    if (reserve_names(p) != 0 || reserve_topology(p) != 0 || reserve_numbers(p) != 0 ||
        reserve_rows(&p->coupling) != 0 || reserve_rows(&p->side) != 0) {
        kv_problem_free(p);
        return KV_ERR_MEMORY;
    }
    memcpy(p->arc_tail, tail, (size_t)p->n_arcs * sizeof(int));
    memcpy(p->arc_head, head, (size_t)p->n_arcs * sizeof(int));
    lay_out(p, shape->n_shared);
    for (int b = 0; b < p->n_blocks; b++)
        p->block_weight[b] = 1;
    for (int j = 0; j < p->n_design; j++)
        p->design_upper[j] = p->design_integer[j] = 1;
    *problem = p;
    return KV_OK;
}

int kv_benchmark_flow(const kv_problem *problem, int commodity, int arc)
{
    return problem->commodity_flow_first[commodity] + arc;
}

int kv_benchmark_own_flow(const kv_problem *problem, int commodity)
{
    return problem->commodity_flow_first[commodity + 1] - 1;
}

/* ---- resources, supplies, openings ---- */

kv_status kv_benchmark_use(kv_problem *p, const int *resource_of_arc, int n_shared)
{
    size_t n_use = (size_t)p->n_commodities * (size_t)n_shared, next = 0;
    p->use_first = kv_alloc((size_t)p->n_flows + 1, sizeof(int));
    p->use_resource = kv_alloc(n_use, sizeof(int));
    p->use = kv_alloc((size_t)p->n_blocks * n_use, sizeof(double));
    if (!p->use_first || !p->use_resource || !p->use)
        return KV_ERR_MEMORY;
    for (int f = 0; f < p->n_flows; f++) {
        if (p->flow_arc[f] < n_shared)
            p->use_resource[next++] = resource_of_arc[p->flow_arc[f]];
        p->use_first[f + 1] = (int)next;
    }
    for (size_t i = 0; i < (size_t)p->n_blocks * n_use; i++)
        p->use[i] = 1;
    return KV_OK;
}

kv_status kv_benchmark_supply(kv_problem *p, const int *design_first, const double *supply)
{
    size_t a_block = (size_t)design_first[p->n_resources], next = 0;
    size_t rows = (size_t)p->n_blocks * (size_t)p->n_resources;
    if ((double)p->n_blocks * (double)a_block >= INT_MAX)
        return KV_ERR_MEMORY;
    p->supply_first = kv_alloc(rows + 1, sizeof(int));
    p->supply_design = kv_alloc((size_t)p->n_blocks * a_block, sizeof(int));
    p->supply = kv_alloc((size_t)p->n_blocks * a_block, sizeof(double));
    if (!p->supply_first || !p->supply_design || !p->supply)
        return KV_ERR_MEMORY;
    for (size_t row = 0; row < rows; row++) {
        size_t r = row % (size_t)p->n_resources;
        for (int j = design_first[r]; j < design_first[r + 1]; j++) {
            p->supply_design[next] = j;
            p->supply[next++] = supply[j];
        }
        p->supply_first[row + 1] = (int)next;
    }
    return KV_OK;
}

kv_status kv_benchmark_open(kv_problem *p, const int *resource_of_arc, int n_shared,
                            const int *design_first)
{
    size_t room = (size_t)p->n_blocks * (size_t)n_shared, entries = 0;
    int next = 0;
    for (int a = 0; a < n_shared; a++) {
        int r = resource_of_arc[a];
        entries += (size_t)(design_first[r + 1] - design_first[r]);
    }
    if ((double)entries * p->n_blocks >= INT_MAX)
        return KV_ERR_MEMORY;
    p->openings = kv_alloc(room, sizeof *p->openings);
    p->opening_design = kv_alloc(entries, sizeof(int));
    p->opening_coefficient = kv_alloc(entries, sizeof(double));
    if (!p->openings || !p->opening_design || !p->opening_coefficient)
        return KV_ERR_MEMORY;
    for (int b = 0; b < p->n_blocks; b++) { /* the designs stand once, for all blocks */
        next = 0;
        for (int a = 0; a < n_shared; a++) {
            int r = resource_of_arc[a], count = design_first[r + 1] - design_first[r];
            if (p->resource_base[r] > 0)
                continue;
            p->openings[p->n_openings++] = (kv_opening){b, a, 0, next, count};
            for (int i = 0; i < count; i++) {
                p->opening_design[next] = design_first[r] + i;
                p->opening_coefficient[next++] = 1;
            }
        }
    }
    return KV_OK;
}

/* ---- names and the grid ---- */

char *kv_benchmark_take_name(kv_text *text)
{
    char *name = text->failed ? NULL : text->data;
    if (text->failed)
        kv_text_clear(text);
    *text = (kv_text){0};
    return name;
}

/* Digits behind the decimal point that the shortest decimal of a number has; 99 if very many. */
static int decimals_of(double value)
{
    char text[KV_NUMBER_SIZE];
    kv_format_number(value, text);
    const char *exponent = strchr(text, 'e'), *point = strchr(text, '.');
    int digits = point ? (int)strcspn(point + 1, "e") : 0;
    if (exponent)
        digits -= atoi(exponent + 1);
    return digits < 0 ? 0 : digits;
}

double kv_benchmark_sum(const double *values, int count)
{
    double sum = 0;
    int decimals = 0;
    char text[KV_NUMBER_SIZE];
    for (int i = 0; i < count; i++) {
        int own = decimals_of(values[i]);
        decimals = own > decimals ? own : decimals;
        sum += values[i];
    }
    kv_format_decimal(sum, decimals < MOST_DECIMALS ? decimals : MOST_DECIMALS, text);
    kv_parse_number(text, '.', &sum);
    return sum;
}

double kv_benchmark_grid(const kv_problem *p)
{
    double most = 1;
    int needed = 0, decimals = FINEST;
    for (int b = 0; b < p->n_blocks; b++) {
        double sum = 0;
        for (int i = 0; i < p->n_balances; i++) {
            double d = p->balance[(size_t)b * (size_t)p->n_balances + (size_t)i];
            int own = decimals_of(d);
            needed = own > needed ? own : needed;
            sum += fabs(d);
        }
        most = fmax(most, sum / 2);
    }
    while (decimals > 0 && most * pow(10, decimals) > pow(10, MOST_DIGITS))
        decimals--;
    if (needed > decimals)
        return 0;
    return strtod((char[]){'1', 'e', '-', (char)('0' + decimals), 0}, NULL);
}
