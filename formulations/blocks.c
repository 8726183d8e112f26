/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios, their views, and the blocks: one a scenario and period, with its weight. */
#include "formulations/builder.h"

#include "base/memory.h"
#include "instances/select.h"

#include <limits.h>
#include <math.h>

const char *kv_builder_scenario_name(const kv_builder *builder, int s)
{
    return builder->given->scenarios.rows[builder->map->scenario[s]].scenario;
}

static kv_status scenarios(kv_builder *b)
{
    kv_map *map = b->map;
    int alone = b->options->scenario;
    int count = alone >= 0 ? 1 : b->given->scenarios.count;
    if (alone >= b->given->scenarios.count || count < 1)
        return KV_ERR_ARGUMENT;
    map->scenario = kv_alloc((size_t)count, sizeof(int));
    map->probability = kv_alloc((size_t)count, sizeof(double));
    map->view = kv_alloc((size_t)count, sizeof(kv_case *));
    if (!map->scenario || !map->probability || !map->view)
        return KV_ERR_MEMORY;
    map->n_scenarios = count;
    for (int s = 0; s < count; s++) {
        map->scenario[s] = alone >= 0 ? alone : s;
        map->probability[s] = alone >= 0 ? 1 : b->given->scenarios.rows[s].probability;
        kv_status status = kv_case_view(b->given, map->scenario[s], &map->view[s]);
        if (status != KV_OK)
            return status;
    }
    return KV_OK;
}

kv_status kv_build_blocks(kv_builder *builder)
{
    kv_builder *b = builder;
    kv_problem *p = b->problem;
    kv_status status = scenarios(b);
    if (status != KV_OK)
        return status;
    b->n_periods = b->given->periods.count;
    b->n_places = b->given->places.count;
    b->n_products = b->given->products.count;
    b->n_technologies = b->given->technologies.count;
    if (b->n_periods < 1)
        return KV_ERR_ARGUMENT;
    if (b->map->n_scenarios > INT_MAX / b->n_periods)
        return KV_ERR_MEMORY;
    b->n_blocks = p->n_blocks = b->map->n_scenarios * b->n_periods;
    const size_t blocks = (size_t)b->n_blocks;
    p->block_weight = kv_alloc(blocks, sizeof(double));
    b->block_money = kv_alloc(blocks, sizeof(double));
    b->map->block = kv_alloc(blocks, sizeof(kv_block_info));
    b->map->block_constant = kv_alloc(blocks, sizeof(double));
    if (!p->block_weight || !b->block_money || !b->map->block || !b->map->block_constant)
        return KV_ERR_MEMORY;
    for (int i = 0; i < b->n_blocks; i++) {
        int s = i / b->n_periods, t = i % b->n_periods;
        b->map->block[i] = (kv_block_info){.scenario = b->map->scenario[s], .period = t};
        b->block_money[i] = kv_period_discount(b->map->view[s], t) * 1e-6;
        p->block_weight[i] = b->map->probability[s] * b->block_money[i];
    }
    p->flow_grid = b->given->the_case.rows[0].flow_grid_t;
    return KV_OK;
}

/* Price and emissions of each carrier at each place in block i. */
static void energy(kv_builder *b, int i)
{
    const int s = i / b->n_periods, t = i % b->n_periods, carriers = b->given->carriers.count;
    const size_t first = (size_t)i * (size_t)carriers * (size_t)b->n_places;
    for (int c = 0; c < carriers; c++) {
        for (int v = 0; v < b->n_places; v++) {
            size_t at = first + (size_t)c * (size_t)b->n_places + (size_t)v;
            kv_energy_in_force(b->map->view[s], c, b->given->places.rows[v].country, t,
                               &b->energy_price[at], &b->energy_co2[at]);
        }
    }
}

kv_status kv_build_rates(kv_builder *builder)
{
    kv_builder *b = builder;
    const size_t blocks = (size_t)b->n_blocks;
    const size_t carriers = (size_t)b->given->carriers.count;
    b->technology = kv_alloc_grid(blocks, (size_t)b->n_technologies, sizeof(kv_technology));
    b->energy_price = kv_alloc_grid(blocks * (size_t)b->n_places, carriers, sizeof(double));
    b->energy_co2 = kv_alloc_grid(blocks * (size_t)b->n_places, carriers, sizeof(double));
    b->carbon_price = kv_alloc(blocks, sizeof(double));
    b->carbon_cap = kv_alloc(blocks, sizeof(double));
    if (!b->technology || !b->energy_price || !b->energy_co2 || !b->carbon_price || !b->carbon_cap)
        return KV_ERR_MEMORY;
    for (int i = 0; i < b->n_blocks; i++) {
        const int s = i / b->n_periods, t = i % b->n_periods;
        const kv_case *view = b->map->view[s];
        for (int q = 0; q < b->n_technologies; q++)
            kv_technology_in_force(
                view, q, t, &b->technology[(size_t)i * (size_t)b->n_technologies + (size_t)q]);
        energy(b, i);
        const kv_policy *policy = kv_policy_in_force(view, b->map->scenario[s], t);
        b->carbon_cap[i] = KV_UNLIMITED;
        if (policy && !isnan(policy->carbon_price_eur_per_t))
            b->carbon_price[i] = policy->carbon_price_eur_per_t;
        if (policy && !isnan(policy->carbon_cap_kt_per_year))
            b->carbon_cap[i] = policy->carbon_cap_kt_per_year * 1000;
    }
    return KV_OK;
}
