/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/checker/world.h"

#include "instances/select.h"

#include <math.h>

static void slots(kvc_world *w)
{
    const int count = w->scenario >= 0 ? 1 : w->given->scenarios.count;
    w->slot_row = kvc_alloc(w->arena, (size_t)count, sizeof(int));
    w->probability = kvc_numbers(w->arena, (size_t)count);
    w->risk_reference = kvc_numbers(w->arena, (size_t)count);
    w->view = kvc_alloc(w->arena, (size_t)count, sizeof(kv_case *));
    w->n_slots = count;
    for (int s = 0; s < count; s++) {
        w->slot_row[s] = w->scenario >= 0 ? w->scenario : s;
        kvc_set(w->probability[s], w->scenario >= 0 ? 1 : w->given->scenarios.rows[s].probability);
        kvc_need(w->arena, kv_case_view(w->given, w->slot_row[s], &w->view[s]) != KV_OK);
    }
}

static void years(kvc_world *w)
{
    const kv_case *c = w->given;
    w->n_periods = c->periods.count;
    w->base_year = c->periods.rows[0].first_year;
    w->last_year = c->periods.rows[w->n_periods - 1].last_year;
    const int count = w->last_year + 1 - w->base_year + 1;
    mpq_t *t = kvc_numbers(w->arena, 1);
    w->discount = kvc_numbers(w->arena, (size_t)count);
    w->period_sum = kvc_numbers(w->arena, (size_t)w->n_periods);
    kvc_set(*t, c->the_case.rows[0].discount_rate_per_year);
    mpz_add(mpq_numref(*t), mpq_numref(*t), mpq_denref(*t));
    for (int y = 0; y < count; y++)
        kvc_power(w->discount[y], *t, -y);
    for (int p = 0; p < w->n_periods; p++) {
        for (int y = c->periods.rows[p].first_year; y <= c->periods.rows[p].last_year; y++)
            mpq_add(w->period_sum[p], w->period_sum[p], w->discount[y - w->base_year]);
    }
}

static void blocks(kvc_world *w)
{
    const size_t technologies = (size_t)w->given->technologies.count;
    mpq_t *t = kvc_numbers(w->arena, 1);
    w->n_blocks = w->n_slots * w->n_periods;
    w->money = kvc_numbers(w->arena, (size_t)w->n_blocks);
    w->weight = kvc_numbers(w->arena, (size_t)w->n_blocks);
    w->carbon_price = kvc_numbers(w->arena, (size_t)w->n_blocks);
    w->technology = kvc_alloc(w->arena, (size_t)w->n_blocks * technologies, sizeof *w->technology);
    kvc_set_power(*t, 1, -6);
    for (int b = 0; b < w->n_blocks; b++) {
        const int s = b / w->n_periods, period = b % w->n_periods;
        mpq_mul(w->money[b], w->period_sum[period], *t);
        mpq_mul(w->weight[b], w->money[b], w->probability[s]);
        for (size_t q = 0; q < technologies; q++)
            kv_technology_in_force(w->view[s], (int)q, period,
                                   &w->technology[(size_t)b * technologies + q]);
        const kv_policy *policy = kv_policy_in_force(w->view[s], w->slot_row[s], period);
        if (policy && !isnan(policy->carbon_price_eur_per_t))
            kvc_set(w->carbon_price[b], policy->carbon_price_eur_per_t);
    }
}

/* ---- risk ---- */

static const kv_case_row *row_of(const kvc_world *w)
{
    return &w->given->the_case.rows[0];
}

static int has_excess(const kvc_world *w)
{
    return row_of(w)->risk == KV_RISK_CVAR && row_of(w)->risk_level < 1;
}

/* eta, then xi of each scenario. */
void kvc_build_risk_variables(kvc_world *world)
{
    kvc_world *w = world;
    w->risk_first = -1;
    if (row_of(w)->risk == KV_RISK_EXPECTED || !(row_of(w)->risk_weight > 0) || w->n_slots == 1)
        return;
    w->risk_first = w->design.count;
    for (int s = -1; s < (has_excess(w) ? w->n_slots : 0); s++) {
        kvc_design risk = {KVC_RISK, -1, -1, -1, -1, s, 0, 0, NULL};
        kvc_design_add(w, &risk);
    }
}

/* (1 - theta) x what there is + theta x risk. The boxes follow when all flows have been seen. */
static void risk_weigh(kvc_world *w)
{
    mpq_t *t = kvc_numbers(w->arena, 3);
    if (w->risk_first < 0)
        return;
    kvc_set(t[0], row_of(w)->risk_weight);
    mpq_set_ui(t[1], 1, 1);
    mpq_sub(t[1], t[1], t[0]);
    for (int j = 0; j < w->risk_first; j++)
        mpq_mul(w->cost[j], w->cost[j], t[1]);
    for (int b = 0; b < w->n_blocks; b++)
        mpq_mul(w->weight[b], w->weight[b], t[1]);
    mpq_set(w->cost[w->risk_first], t[0]);
    kvc_set(t[1], row_of(w)->risk_level);
    mpq_set_ui(t[2], 1, 1);
    mpq_sub(t[1], t[2], t[1]);
    for (int s = 0; has_excess(w) && s < w->n_slots; s++) {
        mpq_mul(t[2], t[0], w->probability[s]);
        mpq_div(w->cost[w->risk_first + 1 + s], t[2], t[1]);
    }
}

/* Costs and boxes of all design variables. */
void kvc_fill_designs(kvc_world *world)
{
    kvc_world *w = world;
    const size_t count = (size_t)w->design.count, n_slots = (size_t)w->n_slots;
    mpq_t *t = kvc_numbers(w->arena, 1);
    w->scenario_cost = kvc_numbers(w->arena, count * n_slots);
    w->cost = kvc_numbers(w->arena, count);
    w->lower = kvc_numbers(w->arena, count);
    w->upper = kvc_numbers(w->arena, count);
    kvc_fill_starts(w);
    kvc_fill_vehicles(w);
    kvc_fill_carries(w);
    for (size_t j = 0; j < count; j++) {
        for (size_t s = 0; s < n_slots; s++)
            kvc_add_product(w->cost[j], w->scenario_cost[j * n_slots + s], w->probability[s], *t);
    }
    risk_weigh(w);
}

kv_status kvc_world_build(kvc_world *world)
{
    kvc_world *w = world;
    w->has_grid = w->given->the_case.rows[0].flow_grid_t > 0;
    mpq_t *grid = kvc_numbers(w->arena, 1);
    kvc_set(*grid, w->has_grid ? w->given->the_case.rows[0].flow_grid_t : 1);
    w->grid = grid;
    slots(w);
    years(w);
    blocks(w);
    kvc_build_network(w);
    kvc_build_demand(w);
    kvc_build_stations(w);
    kvc_build_starts(w);
    kvc_build_reach(w);
    kvc_build_balances(w);
    kvc_build_vehicles(w);
    kvc_build_carries(w);
    kvc_build_risk_variables(w);
    kvc_build_resources(w);
    kvc_fill_designs(w);
    kvc_build_side(w);
    kvc_build_names(w);
    return KV_OK;
}

void kvc_world_free(kvc_world *world)
{
    for (int s = 0; !world->file && world->view && s < world->n_slots; s++)
        kv_case_view_free(world->view[s]);
    kvc_memo_free(&world->memo);
    kv_pool *pools[] = {world->node_names,     world->arc_names,      world->good_names,
                        world->resource_names, world->design_names,   world->block_names,
                        world->side_names,     world->coupling_names, world->signatures};
    for (size_t i = 0; i < sizeof pools / sizeof *pools; i++)
        kv_pool_free(pools[i]);
}
