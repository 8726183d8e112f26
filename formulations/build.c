/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formulations/build.h"

#include "base/memory.h"
#include "formulations/builder.h"

void kv_map_free(kv_map *map)
{
    if (!map)
        return;
    for (int s = 0; map->view && s < map->n_scenarios; s++)
        kv_case_view_free(map->view[s]);
    void *arrays[] = {map->arc,           map->commodity,   map->resource,
                      map->design,        map->block,       map->path_links,
                      map->node_place,    map->node_mode,   (void *)map->node_standard,
                      map->price_of_flow, map->price,       map->reference,
                      map->scenario,      map->probability, (void *)map->view,
                      map->block_constant};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(map);
}

static void lists_init(kv_builder *b)
{
    b->node.size = sizeof(kv_node);
    b->arc_info.size = sizeof(kv_arc_info);
    b->ends.size = sizeof(kv_ends);
    b->need.size = sizeof(kv_requirement);
    b->path_link.size = sizeof(int);
    b->good.size = sizeof(kv_commodity_info);
    b->stop.size = sizeof(kv_stop);
    b->station.size = sizeof(kv_station);
    b->gate.size = sizeof(kv_gate);
    b->design.size = sizeof(kv_design_info);
    b->design_cost.size = sizeof(double);
    b->design_box.size = sizeof(kv_box);
    b->arc_use.size = sizeof(kv_arc_use);
}

static void builder_clear(kv_builder *b)
{
    kv_list *lists[] = {&b->node,    &b->arc_info,    &b->ends,      &b->need, &b->path_link,
                        &b->good,    &b->stop,        &b->station,   &b->gate, &b->design,
                        &b->arc_use, &b->design_cost, &b->design_box};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        kv_list_clear(lists[i]);
    void *arrays[] = {
        b->block_money,    b->technology,        b->energy_price,   b->energy_co2,
        b->carbon_price,   b->carbon_cap,        b->node_of_place,  b->stop_first,
        b->stop_amount,    b->stop_price,        b->station_row,    b->gate_upper,
        b->gate_price,     b->gate_ratio,        b->planned_supply, b->reference,
        b->unserved_arc,   b->unsold_arc,        b->start_first,    b->serves,
        b->start_in,       b->purchase,          b->stock,          b->carry,
        b->arc_closed,     b->good_of_commodity, b->total_sinks,    b->arc_use_first,
        b->arc_use_loaded, b->arc_use_empty,     b->arc_detail,     b->arc_detail_empty};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
}

/* What the map says of nodes. */
static kv_status nodes_describe(kv_builder *b)
{
    kv_map *map = b->map;
    const size_t nodes = (size_t)b->node.count;
    const kv_node *node = b->node.items;
    map->node_place = kv_alloc(nodes, sizeof(int));
    map->node_mode = kv_alloc(nodes, sizeof(int));
    map->node_standard = kv_alloc(nodes, sizeof(char *));
    if (!map->node_place || !map->node_mode || !map->node_standard)
        return KV_ERR_MEMORY;
    for (size_t v = 0; v < nodes; v++) {
        map->node_place[v] = node[v].place;
        map->node_mode[v] = node[v].mode;
        map->node_standard[v] = node[v].standard;
    }
    return KV_OK;
}

kv_status kv_build_rows(kv_builder *builder)
{
    kv_row_writer side, coupling;
    kv_row_writer_init(&side);
    kv_row_writer_init(&coupling);
    kv_project_rows(builder, &side);
    kv_budget_rows(builder, &side);
    kv_stock_rows(builder, &side);
    kv_coupling_rows(builder, &coupling);
    kv_status status = kv_build_risk(builder, &coupling);
    if (status == KV_OK)
        status = kv_row_writer_finish(&side, &builder->problem->side);
    if (status == KV_OK)
        status = kv_row_writer_finish(&coupling, &builder->problem->coupling);
    kv_row_writer_clear(&side);
    kv_row_writer_clear(&coupling);
    return status;
}

kv_status kv_build(const kv_case *the_case, const kv_build_options *options, kv_problem **problem,
                   kv_map **map, kv_messages *messages)
{
    static kv_status (*const steps[])(kv_builder *) = {
        kv_build_blocks,   kv_build_rates,          kv_build_network,  kv_build_demand,
        kv_build_stations, kv_build_starts,         kv_build_openings, kv_build_reach,
        kv_build_balances, kv_build_costs,          kv_build_totals,   kv_build_fleets,
        kv_build_carries,  kv_build_risk_variables, kv_build_designs,  kv_build_resources,
        kv_build_supplies, kv_build_bounds,         nodes_describe,    kv_build_names,
        kv_build_rows,
    };
    static const kv_build_options joint = {.scenario = -1, .budget_factor = 1};
    kv_builder b = {.given = the_case, .options = options ? options : &joint, .messages = messages};
    kv_status status = KV_OK;
    *problem = NULL;
    *map = NULL;
    lists_init(&b);
    b.problem = kv_problem_create();
    b.map = kv_alloc(1, sizeof(kv_map));
    if (!b.problem || !b.map || the_case->the_case.count != 1)
        status = b.problem && b.map ? KV_ERR_ARGUMENT : KV_ERR_MEMORY;
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == KV_OK; i++)
        status = steps[i](&b);
    builder_clear(&b);
    if (status != KV_OK) {
        kv_problem_free(b.problem);
        kv_map_free(b.map);
        return status;
    }
    *problem = b.problem;
    *map = b.map;
    return KV_OK;
}
