/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A benchmark file as a world: the models of docs/benchmarks.md in the same shape as a case. Each
 * link (or facility) is a resource and a "project" whose designs are its own; set-up costs of links
 * are further projects of one design each. All arcs are arcs between places, without technology.
 */
#include "reports/checker/world.h"

#include <stdlib.h>
#include <string.h>

/* ---- a case that stands for the file ---- */

/* One product without a value of time, no technologies; a scenario for each block. */
static void case_make(kvc_world *w)
{
    const kv_benchmark *b = w->file;
    const int blocks = b->format == KV_BENCHMARK_SCENARIOS ? b->n_scenarios : 1;
    kv_case *c = kvc_alloc(w->arena, 1, sizeof *c);
    c->hash = b->hash;
    c->the_case.rows = kvc_alloc(w->arena, 1, sizeof *c->the_case.rows);
    c->the_case.rows[0].name = b->name;
    c->products.rows = kvc_alloc(w->arena, 1, sizeof *c->products.rows);
    c->products.count = c->the_case.count = 1;
    w->given = c;
    w->n_slots = w->n_blocks = blocks;
    w->n_periods = 1;
    w->view = kvc_alloc(w->arena, (size_t)blocks, sizeof(kv_case *));
    w->probability = kvc_numbers(w->arena, (size_t)blocks);
    w->weight = kvc_numbers(w->arena, (size_t)blocks);
    w->money = kvc_numbers(w->arena, (size_t)blocks);
    w->risk_reference = kvc_numbers(w->arena, (size_t)blocks);
    w->reference = kvc_alloc(w->arena, (size_t)blocks, sizeof(double));
    w->risk_first = -1;
    for (int i = 0; i < blocks; i++) {
        w->view[i] = c;
        kvc_set(w->probability[i], b->probability ? b->probability[i] : 1);
        mpq_set(w->weight[i], w->probability[i]);
        mpq_set_ui(w->money[i], 1, 1);
    }
}

/* ---- topology ---- */

static void nodes_add(kvc_world *w, int count)
{
    for (int v = 0; v < count; v++)
        *(kvc_node *)kvc_push(w->arena, &w->node, sizeof(kvc_node)) = (kvc_node){v, -1, NULL, -1};
    w->outside = -1;
}

static int arc_add(kvc_world *w, int tail, int head, int resource)
{
    const kvc_arc arc = {.kind = KVC_LINK,
                         .tail = tail,
                         .head = head,
                         .mode = -1,
                         .improved_by = -1,
                         .technology = -1,
                         .link = resource,
                         .transfer = -1,
                         .gate = -1,
                         .open = 1};
    return kvc_arc_add(w, &arc);
}

/* An opening set of the newest arc: the designs of one project. */
static void set_add(kvc_world *w, int project)
{
    kvc_opening *set = kvc_push(w->arena, &w->opening, sizeof *set);
    *set = (kvc_opening){-1, -1, -1, -1, w->opener.count, 1};
    *(int *)kvc_push(w->arena, &w->opener, sizeof(int)) = project;
    KVC_AT(kvc_arc, w->arc, w->arc.count - 1).set_count++;
}

static void good_add(kvc_world *w)
{
    *(kvc_good *)kvc_push(w->arena, &w->good, sizeof(kvc_good)) =
        (kvc_good){.product = 0, .origin = 0, .technology = -1};
}

static void design_add(kvc_world *w, int project, int idle)
{
    const kvc_design design = {KVC_START, project, -1, -1, 0, -1, 1, idle, NULL};
    kvc_design_add(w, &design);
}

/* Flows of all goods on the first `shared` arcs, and of good k on arc shared + k; balance rows. */
static void flows_add(kvc_world *w, int shared)
{
    kvc_row_lists rows = {0};
    int *row = kvc_alloc(w->arena, (size_t)w->node.count, sizeof(int));
    w->n_goods = w->good.count;
    w->n_physical = w->arc.count;
    for (int g = 0; g < w->n_goods; g++) {
        kvc_good *good = &KVC_AT(kvc_good, w->good, g);
        good->flow_first = w->flow.count;
        for (int a = 0; a < shared + (w->arc.count > shared); a++)
            *(kvc_flow *)kvc_push(w->arena, &w->flow, sizeof(kvc_flow)) =
                (kvc_flow){a < shared ? a : shared + g, g, -1, -1};
        good->flow_count = w->flow.count - good->flow_first;
        kvc_rows_add(w, g, row, &rows);
    }
    w->n_rows = rows.node.count;
    w->row_node = rows.node.items;
    w->row_good = rows.good.items;
    w->balance = kvc_numbers(w->arena, (size_t)w->n_blocks * (size_t)w->n_rows);
    w->sinks = kvc_numbers(w->arena, (size_t)w->n_blocks * (size_t)w->n_goods);
}

/* Demand of a good between two nodes in a block; also what the good's flows can be at most. */
static void demand_add(kvc_world *w, int block, int good, int from, int to, double demand)
{
    const kvc_good *of = &KVC_AT(kvc_good, w->good, good);
    mpq_t *t = kvc_numbers(w->arena, 1);
    kvc_set(*t, demand);
    for (int row = of->row_first; row < of->row_first + of->row_count; row++) {
        mpq_t *d = &w->balance[(size_t)block * (size_t)w->n_rows + (size_t)row];
        if (w->row_node[row] == from)
            mpq_add(*d, *d, *t);
        if (w->row_node[row] == to)
            mpq_sub(*d, *d, *t);
    }
    mpq_t *sinks = &w->sinks[(size_t)block * (size_t)w->n_goods + (size_t)good];
    mpq_add(*sinks, *sinks, *t);
}

/* Room for all numbers; designs are 0 or 1. */
static void numbers_make(kvc_world *w, int projects)
{
    const size_t designs = (size_t)w->design.count, arcs = (size_t)w->arc.count;
    w->start_first = kvc_alloc(w->arena, (size_t)projects + 1, sizeof(int));
    for (int j = 0; j < w->design.count; j++)
        w->start_first[KVC_AT(kvc_design, w->design, j).project + 1]++;
    for (int i = 0; i < projects; i++)
        w->start_first[i + 1] += w->start_first[i];
    w->n_starts = w->design.count;
    w->start_serves = kvc_alloc(w->arena, designs * (size_t)w->n_blocks + 1, 1);
    memset(w->start_serves, 1, designs * (size_t)w->n_blocks);
    w->cost = kvc_numbers(w->arena, designs);
    w->lower = kvc_numbers(w->arena, designs);
    w->upper = kvc_numbers(w->arena, designs);
    w->scenario_cost = kvc_numbers(w->arena, designs * (size_t)w->n_slots);
    w->file_supply = kvc_numbers(w->arena, designs);
    w->file_cost = kvc_numbers(w->arena, arcs);
    w->file_limit = kvc_numbers(w->arena, arcs);
    for (size_t j = 0; j < designs; j++)
        mpq_set_ui(w->upper[j], 1, 1);
}

/* `count` resources; the first `arcs` arcs use the one that is their link. */
static void resources_make(kvc_world *w, int count, int arcs)
{
    const size_t cells = (size_t)w->n_blocks * (size_t)count;
    for (int r = 0; r < count; r++)
        *(kvc_resource *)kvc_push(w->arena, &w->resource, sizeof(kvc_resource)) =
            (kvc_resource){KVC_ON_LINK, r, -1, -1, -1, -1, -1};
    w->use_first = kvc_alloc(w->arena, (size_t)w->arc.count + 1, sizeof(int));
    for (int a = 0; a < w->arc.count; a++) {
        if (a < arcs)
            *(kvc_use *)kvc_push(w->arena, &w->use, sizeof(kvc_use)) =
                (kvc_use){a, KVC_AT(kvc_arc, w->arc, a).link};
        w->use_first[a + 1] = w->use.count;
    }
    w->base = kvc_numbers(w->arena, cells);
    w->limited = kvc_alloc(w->arena, cells, 1);
    memset(w->limited, 1, cells);
}

void kvc_file_supplies(const kvc_world *world, int resource, kvc_supply_visit *visit, void *context)
{
    for (int j = world->start_first[resource]; j < world->start_first[resource + 1]; j++)
        visit(context, j, world->file_supply[j]);
}

/* ---- networks: CANAD and SCENARIOS ---- */

typedef struct dear {
    mpq_t *cost;
} dear;

static int dearer_first(const void *a, const void *b)
{
    return mpq_cmp(*((const dear *)b)->cost, *((const dear *)a)->cost);
}

/* Twice the sum over the (nodes - 1) dearest arcs of unit cost + fixed cost / capacity. */
static void penalty(kvc_world *w, mpq_t sum)
{
    const kv_benchmark *b = w->file;
    dear *arcs = kvc_alloc(w->arena, (size_t)b->n_links, sizeof *arcs);
    mpq_t *t = kvc_numbers(w->arena, 1);
    int count = 0;
    for (int a = 0; a < b->n_links; a++) {
        if (!(b->link_capacity[a] > 0))
            continue;
        arcs[count].cost = kvc_numbers(w->arena, 1);
        mpq_div(*arcs[count].cost, w->cost[a], w->file_supply[a]);
        mpq_add(*arcs[count].cost, *arcs[count].cost, w->file_cost[a]);
        count++;
    }
    if (count > 0)
        qsort(arcs, (size_t)count, sizeof *arcs, dearer_first);
    mpq_set_ui(sum, 0, 1);
    for (int i = 0; i < count && i < b->n_nodes - 1; i++)
        mpq_add(sum, sum, *arcs[i].cost);
    mpq_set_ui(*t, 2, 1);
    mpq_mul(sum, sum, *t);
}

static void network_build(kvc_world *w)
{
    const kv_benchmark *b = w->file;
    const int scenarios = b->format == KV_BENCHMARK_SCENARIOS;
    nodes_add(w, b->n_nodes);
    for (int a = 0; a < b->n_links; a++) {
        arc_add(w, b->link_tail[a], b->link_head[a], a);
        set_add(w, a);
        design_add(w, a, scenarios);
    }
    for (int k = 0; k < b->n_demands; k++) {
        good_add(w);
        if (scenarios)
            arc_add(w, b->demand_from[k], b->demand_to[k], -1);
    }
    flows_add(w, b->n_links);
    numbers_make(w, b->n_links);
    resources_make(w, b->n_links, b->n_links);
    for (int a = 0; a < b->n_links; a++) {
        kvc_set(w->cost[a], b->link_fixed_cost[a]);
        kvc_set(w->file_supply[a], b->link_capacity[a]);
        kvc_set(w->file_limit[a], b->link_capacity[a]);
        kvc_set(w->file_cost[a], b->link_unit_cost[a]);
    }
    for (int a = b->n_links; a < w->arc.count; a++) {
        mpq_set_si(w->file_limit[a], -1, 1);
        if (a == b->n_links)
            penalty(w, w->file_cost[a]);
        else
            mpq_set(w->file_cost[a], w->file_cost[b->n_links]);
    }
    for (int i = 0; i < w->n_blocks * b->n_demands; i++) {
        const int k = i % b->n_demands;
        demand_add(w, i / b->n_demands, k, b->demand_from[k], b->demand_to[k],
                   scenarios ? b->scenario_demand[i] : b->demand[k]);
    }
}

/* ---- LOCATION ---- */

static void location_build(kvc_world *w)
{
    const kv_benchmark *b = w->file;
    const int m = b->n_facilities, n = b->n_customers;
    mpq_t *t = kvc_numbers(w->arena, 2);
    nodes_add(w, n + 1);
    for (int i = 0; i < m; i++) {
        design_add(w, i, 0);
        for (int j = 0; j < n; j++) {
            arc_add(w, 0, j + 1, i);
            set_add(w, i);
        }
    }
    good_add(w);
    flows_add(w, m * n);
    numbers_make(w, m);
    resources_make(w, m, m * n);
    for (int i = 0; i < m; i++) {
        kvc_set(w->cost[i], b->facility_cost[i]);
        kvc_set(w->file_supply[i], b->facility_capacity[i]);
        for (int j = 0; j < n; j++) {
            const int a = i * n + j;
            kvc_set(t[0], b->customer_demand[j]);
            mpq_set(w->file_limit[a],
                    mpq_cmp(t[0], w->file_supply[i]) < 0 ? t[0] : w->file_supply[i]);
            kvc_set(t[1], b->serving_cost[(size_t)j * (size_t)m + (size_t)i]);
            if (mpq_sgn(t[0]) > 0)
                mpq_div(w->file_cost[a], t[1], t[0]);
        }
    }
    for (int j = 0; j < n; j++)
        demand_add(w, 0, 0, 0, j + 1, b->customer_demand[j]);
}

/* ---- SNDLIB ---- */

/* Commodities: each demand, or all of a source. Gives the good of each demand. */
static int *sndlib_goods(kvc_world *w, int *source)
{
    const kv_benchmark *b = w->file;
    int *good = kvc_alloc(w->arena, (size_t)b->n_demands, sizeof(int)), goods = 0;
    for (int k = 0; k < b->n_demands && b->commodities != KV_COMMODITIES_SOURCES; k++)
        good[k] = goods++;
    for (int v = 0; v < b->n_nodes && b->commodities == KV_COMMODITIES_SOURCES; v++) {
        int seen = 0;
        for (int k = 0; k < b->n_demands; k++) {
            if (b->demand_from[k] != v)
                continue;
            good[k] = goods;
            source[goods] = v;
            seen = 1;
        }
        goods += seen;
    }
    for (int g = 0; g < goods; g++)
        good_add(w);
    return good;
}

/* How many of each module could be wanted, and what the link can carry at most. t: scratch [3]. */
static void sndlib_link(kvc_world *w, int e, const mpq_t all, mpq_t *t)
{
    const kv_benchmark *b = w->file;
    mpq_t *limit = &w->file_limit[2 * e];
    kvc_set(t[0], b->link_capacity[e]);
    mpq_sub(t[0], all, t[0]);
    if (mpq_sgn(t[0]) < 0)
        mpq_set_ui(t[0], 0, 1);
    mpq_set_ui(t[2], 0, 1); /* what modules add */
    for (int j = b->module_first[e]; j < b->module_first[e + 1]; j++) {
        kvc_set(w->cost[j], b->module_cost[j]);
        kvc_set(w->file_supply[j], b->module_capacity[j]);
        mpq_set_ui(w->upper[j], 0, 1);
        if (mpq_sgn(w->file_supply[j]) > 0)
            mpq_div(w->upper[j], t[0], w->file_supply[j]);
        kvc_ceil(w->upper[j]);
        if (w->file_one && mpq_cmp_ui(w->upper[j], 1, 1) > 0)
            mpq_set_ui(w->upper[j], 1, 1);
        mpq_mul(t[1], w->file_supply[j], w->upper[j]);
        if (!w->file_one)
            mpq_add(t[2], t[2], t[1]);
        else if (mpq_cmp(t[1], t[2]) > 0)
            mpq_set(t[2], t[1]);
    }
    kvc_set(*limit, b->link_capacity[e]);
    mpq_set(w->base[e], *limit);
    mpq_add(*limit, *limit, t[2]);
    mpq_set(w->file_limit[2 * e + 1], *limit);
    kvc_set(w->file_cost[2 * e], b->link_unit_cost[e]);
    mpq_set(w->file_cost[2 * e + 1], w->file_cost[2 * e]);
}

static void sndlib_rules(kvc_world *w)
{
    const kv_benchmark *b = w->file;
    mpq_t *one = kvc_numbers(w->arena, 1);
    mpq_set_ui(*one, 1, 1);
    for (int e = 0; w->file_one && e < b->n_links; e++) {
        if (b->module_first[e + 1] - b->module_first[e] < 2)
            continue;
        kvc_side_begin(w, 'L', 0, *one, "one:%s", b->link_id[e]);
        for (int j = b->module_first[e]; j < b->module_first[e + 1]; j++)
            kvc_side_entry(w, j, *one);
    }
}

static void sndlib_build(kvc_world *w)
{
    const kv_benchmark *b = w->file;
    int setups = 0;
    mpq_t *t = kvc_numbers(w->arena, 4);
    w->file_one = b->modules == KV_MODULES_ONE;
    w->file_source = kvc_alloc(w->arena, (size_t)b->n_nodes, sizeof(int));
    nodes_add(w, b->n_nodes);
    for (int e = 0; e < b->n_links; e++) {
        for (int j = b->module_first[e]; j < b->module_first[e + 1]; j++)
            design_add(w, e, 0);
    }
    for (int e = 0; e < b->n_links; e++) {
        const int setup = b->link_fixed_cost[e] > 0 ? b->n_links + setups++ : -1;
        for (int side = 0; side < 2; side++) {
            arc_add(w, side ? b->link_head[e] : b->link_tail[e],
                    side ? b->link_tail[e] : b->link_head[e], e);
            if (!(b->link_capacity[e] > 0))
                set_add(w, e);
            if (setup >= 0)
                set_add(w, setup);
        }
        if (setup >= 0)
            design_add(w, setup, 0);
    }
    const int *good = sndlib_goods(w, w->file_source);
    flows_add(w, 2 * b->n_links);
    numbers_make(w, b->n_links + setups);
    resources_make(w, b->n_links, 2 * b->n_links);
    for (int k = 0; k < b->n_demands; k++) {
        demand_add(w, 0, good[k], b->demand_from[k], b->demand_to[k], b->demand[k]);
        kvc_set(t[0], b->demand[k]);
        mpq_add(t[3], t[3], t[0]);
    }
    for (int e = 0, setup = 0; e < b->n_links; e++) {
        sndlib_link(w, e, t[3], t);
        if (b->link_fixed_cost[e] > 0)
            kvc_set(w->cost[b->module_first[b->n_links] + setup++], b->link_fixed_cost[e]);
    }
    sndlib_rules(w);
    w->constant = kvc_numbers(w->arena, 1);
    kvc_set(*w->constant, b->sunk_cost);
}

void kvc_file_build(kvc_world *world)
{
    kvc_world *w = world;
    case_make(w);
    switch (w->file->format) {
    case KV_BENCHMARK_LOCATION: location_build(w); break;
    case KV_BENCHMARK_SNDLIB: sndlib_build(w); break;
    default: network_build(w); break;
    }
    kvc_file_names(w);
}
