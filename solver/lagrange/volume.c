/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/volume.h"

#include "base/memory.h"
#include "solver/lagrange/knapsack.h"
#include "solver/lagrange/steps.h"

#include <math.h>
#include <string.h>

/* The average is renewed before its factor leaves the range of doubles. */
static const double least_factor = 1e-100;

typedef struct volume {
    const kv_knapsack *knapsack;
    kv_threads *threads;
    kv_pricing *pricing;
    double *design; /* [n_design] averaged */
    double *flow;   /* [n_positions] averaged, times 1 / factor */
    double factor;
} volume;

void kv_volume_options_default(kv_volume_options *options)
{
    *options = (kv_volume_options){.iterations = 3000,
                                   .deadline = 1e300,
                                   .tolerance = 1e-5,
                                   .cutoff = 1e300,
                                   .least_weight = 0.03};
}

/* ---- the averaged point ---- */

static void rescale(volume *v)
{
    for (int i = 0; i < v->knapsack->n_positions; i++)
        v->flow[i] *= v->factor;
    v->factor = 1.0;
}

/* Flows += weight * those of the cell. */
static void add_cell(volume *v, const kv_priced_cell *cell, double weight)
{
    const kv_carried *carried = v->pricing->carried + cell->first;
    double share = cell->open * weight;
    for (int i = 0; share != 0.0 && i < cell->count; i++)
        v->flow[carried[i].position] += share * carried[i].amount;
}

/* Average := (1 - weight) average + weight point. Flows that are 0 are not touched. */
static void mix_point(volume *v, double weight)
{
    const kv_knapsack *k = v->knapsack;
    const kv_pricing *w = v->pricing;
    double keep = 1.0 - weight;
    for (int j = 0; j < k->problem->n_design; j++)
        v->design[j] = keep * v->design[j] + weight * w->design[j];
    if (keep * v->factor < least_factor)
        rescale(v);
    v->factor *= keep;
    for (int t = 0; t < k->n_tiles; t++)
        for (int i = 0; i < w->n_priced[t]; i++) {
            const kv_priced_cell *cell = &w->priced[k->tile_first[t] + i];
            if (i + KV_CELLS_AHEAD < w->n_priced[t])
                __builtin_prefetch(&v->flow[w->carried[cell[KV_CELLS_AHEAD].first].position]);
            add_cell(v, cell, weight / v->factor);
        }
}

/* Without an average: the point itself. */
static void first_point(volume *v)
{
    const kv_knapsack *k = v->knapsack;
    memcpy(v->design, v->pricing->design, (size_t)k->problem->n_design * sizeof(double));
    memset(v->flow, 0, (size_t)k->n_positions * sizeof(double));
    v->factor = 1.0;
    for (int t = 0; t < k->n_tiles; t++)
        for (int i = 0; i < v->pricing->n_priced[t]; i++)
            add_cell(v, &v->pricing->priced[k->tile_first[t] + i], 1.0);
}

static void average_point(void *context, double weight)
{
    volume *v = context;
    if (weight >= 1.0)
        first_point(v);
    else
        mix_point(v, weight);
}

static double cost_of_average(const volume *v)
{
    const kv_knapsack *k = v->knapsack;
    double flows = 0.0, designs = 0.0;
    for (int i = 0; i < k->n_positions; i++)
        flows += k->cost[i] * v->flow[i];
    for (int j = 0; j < k->problem->n_design; j++)
        designs += k->problem->design_cost[j] * v->design[j];
    return flows * v->factor + designs;
}

static double price(void *context, double *multipliers, double *violation)
{
    volume *v = context;
    return kv_pricing_run(v->pricing, v->threads, multipliers, violation);
}

/* ---- from start to result ---- */

static kv_status make_room(volume *v, kv_steps *steps)
{
    kv_status status = kv_pricing_create(v->knapsack, &v->pricing);
    v->design = kv_alloc((size_t)v->knapsack->problem->n_design, sizeof(double));
    v->flow = kv_alloc((size_t)v->knapsack->n_positions, sizeof(double));
    if (status == KV_OK)
        status = kv_steps_create(steps);
    return v->design && v->flow ? status : KV_ERR_MEMORY;
}

static kv_status give_result(const volume *v, const kv_steps *steps, kv_volume_result *out)
{
    const kv_knapsack *k = v->knapsack;
    const kv_problem *p = k->problem;
    size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows;
    out->iterations = steps->iterations;
    out->multipliers = kv_multipliers_create(p);
    out->design = kv_alloc((size_t)p->n_design, sizeof(double));
    out->flow = kv_alloc(flows, sizeof(double));
    if (!out->multipliers || !out->design || !out->flow)
        return KV_ERR_MEMORY;
    kv_status status = kv_knapsack_multipliers(k, steps->best, out->multipliers);
    if (status != KV_OK)
        return status;
    out->bound = kv_bound_within(p, k->lower, k->upper, out->multipliers);
    out->value = cost_of_average(v);
    out->violation = sqrt(steps->norm / fmax(fabs(steps->bound), 1e-9));
    for (int j = 0; j < p->n_design; j++)
        out->design[j] = fmin(fmax(v->design[j], k->lower[j]), k->upper[j]);
    for (size_t x = 0; x < flows; x++)
        if (k->position[x] >= 0)
            out->flow[x] = fmin(v->flow[k->position[x]] * v->factor, p->flow_upper[x]);
    return KV_OK;
}

static kv_status solve(volume *v, kv_knapsack *knapsack, kv_steps *steps,
                       const kv_multipliers *start, kv_volume_result *out)
{
    kv_status status = make_room(v, steps);
    if (status == KV_OK)
        status = kv_knapsack_start(v->knapsack, steps->best);
    if (status == KV_OK)
        status = kv_knapsack_scale(knapsack, steps->best);
    if (status == KV_OK && start)
        status = kv_knapsack_from(v->knapsack, start, steps->best);
    if (status != KV_OK)
        return status;
    out->status = kv_steps_run(steps);
    return give_result(v, steps, out);
}

static kv_steps steps_of(volume *v, const kv_volume_options *options)
{
    const kv_knapsack *k = v->knapsack;
    return (kv_steps){.n_rows = k->n_rows,
                      .n_sized = k->n_balance,
                      .bounded = k->bounded,
                      .worth = k->worth,
                      .size = k->size,
                      .context = v,
                      .price = price,
                      .average = average_point,
                      .progress = options->progress,
                      .progress_context = options->progress_context,
                      .most_iterations = options->iterations,
                      .deadline = options->deadline,
                      .tolerance = options->tolerance,
                      .cutoff = options->cutoff,
                      .least_weight = options->least_weight};
}

kv_status kv_volume_solve(const kv_problem *problem, kv_threads *threads,
                          const kv_volume_options *options, const kv_multipliers *start,
                          kv_volume_result *out)
{
    kv_knapsack *knapsack = NULL;
    *out = (kv_volume_result){.status = KV_ERR_INFEASIBLE};
    kv_status status =
        kv_knapsack_create(problem, options->lower, options->upper, options->drop_side, &knapsack);
    if (status == KV_OK) {
        volume v = {.knapsack = knapsack, .threads = threads};
        kv_steps steps = steps_of(&v, options);
        status = solve(&v, knapsack, &steps, start, out);
        kv_steps_free(&steps);
        kv_pricing_free(v.pricing);
        kv_free(v.design);
        kv_free(v.flow);
    } else if (status == KV_ERR_INFEASIBLE) {
        status = KV_OK;
    }
    kv_knapsack_free(knapsack);
    return status;
}

void kv_volume_result_free(kv_volume_result *result)
{
    kv_multipliers_free(result->multipliers);
    kv_free(result->design);
    kv_free(result->flow);
    *result = (kv_volume_result){.status = KV_OK};
}
