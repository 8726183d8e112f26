/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/volume.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>
#include <string.h>

/* Step lengths: the factor after so many iterations without a better bound, and after two better ones
 * in a row. */
enum { PATIENCE = 20, ENCOURAGED = 2 };
static const double shorter = 0.8, longer = 1.2, longest = 2.0;
/* The target is so far above the best bound, and is raised when the bound comes so near. */
static const double target_above = 0.04, target_near = 0.03;
/* Share of the newest point in the average, by iteration. */
static const struct {
    long from;
    double weight;
} averaging[] = {{0, 0.1}, {200, 0.05}, {1000, 0.02}};
/* The average is renewed before its factor leaves the range of doubles. */
static const double least_factor = 1e-100;

typedef struct volume {
    const kv_knapsack *knapsack;
    const kv_volume_options *options;
    kv_threads *threads;
    kv_pricing *pricing;
    double *best, *trial;        /* [n_rows] multipliers */
    double *violation, *average; /* [n_rows] of the last point; of the averaged one */
    double *design;              /* [n_design] averaged */
    double *flow;                /* [n_positions] averaged, times 1 / factor */
    double factor;
    double bound, target, step;
    int failures, successes;
    long iterations;
    double norm; /* of the average in the rows' scale, money */
} volume;

void kv_volume_options_default(kv_volume_options *options)
{
    *options = (kv_volume_options){.iterations = 3000,
                                   .deadline = 1e300,
                                   .tolerance = 1e-4,
                                   .cutoff = 1e300,
                                   .target = 1e300,
                                   .step = 0.1,
                                   .least_step = 1e-4};
}

/* ---- the averaged point ---- */

static void rescale(volume *v)
{
    for (int i = 0; i < v->knapsack->n_positions; i++)
        v->flow[i] *= v->factor;
    v->factor = 1.0;
}

/* Average := (1 - weight) average + weight point. Flows that are 0 are not touched. */
static void average_point(volume *v, double weight)
{
    const kv_knapsack *k = v->knapsack;
    const kv_pricing *w = v->pricing;
    double keep = 1.0 - weight;
    for (int i = 0; i < k->n_rows; i++)
        v->average[i] = keep * v->average[i] + weight * v->violation[i];
    for (int j = 0; j < k->problem->n_design; j++)
        v->design[j] = keep * v->design[j] + weight * w->design[j];
    if (keep * v->factor < least_factor)
        rescale(v);
    v->factor *= keep;
    for (int c = 0; c < k->n_cells; c++) {
        double share = w->open[c] * weight / v->factor;
        if (share == 0.0)
            continue;
        for (int i = k->cells[c].first; i < k->cells[c].first + w->n_chosen[c]; i++)
            v->flow[w->chosen[i]] += share * w->amount[i];
    }
}

/* Without an average: the point itself. */
static void first_point(volume *v)
{
    const kv_knapsack *k = v->knapsack;
    memcpy(v->average, v->violation, (size_t)k->n_rows * sizeof(double));
    memcpy(v->design, v->pricing->design, (size_t)k->problem->n_design * sizeof(double));
    v->factor = 1.0;
    for (int c = 0; c < k->n_cells; c++)
        for (int i = k->cells[c].first; i < k->cells[c].first + v->pricing->n_chosen[c]; i++)
            v->flow[v->pricing->chosen[i]] = v->pricing->open[c] * v->pricing->amount[i];
}

static double weight_at(long iteration)
{
    double weight = averaging[0].weight;
    for (size_t i = 0; i < sizeof averaging / sizeof *averaging; i++)
        if (iteration >= averaging[i].from)
            weight = averaging[i].weight;
    return weight;
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

/* ---- steps ---- */

/* Rows whose multiplier is 0 and would become negative do not count. */
static double norm_of(const volume *v)
{
    const kv_knapsack *k = v->knapsack;
    double sum[4] = {0.0, 0.0, 0.0, 0.0};
    for (int i = 0; i < k->n_rows; i++) {
        double d = v->average[i];
        int blocked = k->bounded[i] && v->best[i] <= 0.0 && d < 0.0;
        sum[i & 3] += blocked ? 0.0 : k->scale[i] * d * d;
    }
    return (sum[0] + sum[1]) + (sum[2] + sum[3]);
}

static void take_step(volume *v, double length)
{
    const kv_knapsack *k = v->knapsack;
    for (int i = 0; i < k->n_rows; i++) {
        double value = v->best[i] + length * k->scale[i] * v->average[i];
        v->trial[i] = k->bounded[i] && value < 0.0 ? 0.0 : value;
    }
}

static void raise_target(volume *v)
{
    double size = fmax(fabs(v->bound), 1e-9);
    if (v->bound > v->target - target_near * size)
        v->target = v->bound + target_above * size;
    if (v->options->target < v->target && v->options->target > v->bound)
        v->target = v->options->target;
}

static void keep_best(volume *v, double bound)
{
    if (bound > v->bound) {
        double *swap = v->best;
        v->best = v->trial;
        v->trial = swap;
        v->bound = bound;
        v->failures = 0;
        if (++v->successes >= ENCOURAGED) {
            v->step = fmin(longest, v->step * longer);
            v->successes = 0;
        }
        if (v->options->progress)
            v->options->progress(v->options->progress_context, v->iterations, v->bound);
        return;
    }
    v->successes = 0;
    if (++v->failures >= PATIENCE) {
        v->step *= shorter;
        v->failures = 0;
    }
}

/* The average is as good as feasible, and costs what the bound says. */
static int has_converged(const volume *v)
{
    double size = fmax(fabs(v->bound), 1e-9), tolerance = v->options->tolerance;
    if (tolerance <= 0.0 || v->norm > tolerance * tolerance * size)
        return 0;
    return fabs(cost_of_average(v) - v->bound) <= tolerance * size;
}

static kv_status iterate(volume *v)
{
    const kv_volume_options *o = v->options;
    for (;;) {
        v->norm = norm_of(v);
        if (v->step < o->least_step || v->bound > o->cutoff || has_converged(v) || !(v->norm > 0.0))
            return KV_OK;
        if (v->iterations >= o->iterations || kv_stop_requested() || kv_clock() >= o->deadline)
            return KV_ERR_LIMIT;
        raise_target(v);
        take_step(v, v->step * (v->target - v->bound) / v->norm);
        v->iterations++;
        double bound = kv_pricing_run(v->pricing, v->threads, v->trial, v->violation);
        average_point(v, weight_at(v->iterations));
        keep_best(v, bound);
    }
}

/* ---- from start to result ---- */

static kv_status make_room(volume *v)
{
    size_t rows = (size_t)v->knapsack->n_rows, designs = (size_t)v->knapsack->problem->n_design;
    kv_status status = kv_pricing_create(v->knapsack, &v->pricing);
    v->best = kv_alloc(rows, sizeof(double));
    v->trial = kv_alloc(rows, sizeof(double));
    v->violation = kv_alloc(rows, sizeof(double));
    v->average = kv_alloc(rows, sizeof(double));
    v->design = kv_alloc(designs, sizeof(double));
    v->flow = kv_alloc((size_t)v->knapsack->n_positions, sizeof(double));
    if (!v->best || !v->trial || !v->violation || !v->average || !v->design || !v->flow)
        return KV_ERR_MEMORY;
    return status;
}

static void free_room(volume *v)
{
    kv_pricing_free(v->pricing);
    kv_free(v->best);
    kv_free(v->trial);
    kv_free(v->violation);
    kv_free(v->average);
    kv_free(v->design);
    kv_free(v->flow);
}

static kv_status give_result(const volume *v, kv_volume_result *out)
{
    const kv_knapsack *k = v->knapsack;
    const kv_problem *p = k->problem;
    size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows;
    out->iterations = v->iterations;
    out->multipliers = kv_multipliers_create(p);
    out->design = kv_alloc((size_t)p->n_design, sizeof(double));
    out->flow = kv_alloc(flows, sizeof(double));
    if (!out->multipliers || !out->design || !out->flow)
        return KV_ERR_MEMORY;
    kv_status status = kv_knapsack_multipliers(k, v->best, out->multipliers);
    if (status != KV_OK)
        return status;
    out->bound = kv_bound_within(p, k->lower, k->upper, out->multipliers);
    out->value = cost_of_average(v);
    out->violation = sqrt(v->norm / fmax(fabs(v->bound), 1e-9));
    for (int j = 0; j < p->n_design; j++)
        out->design[j] = fmin(fmax(v->design[j], k->lower[j]), k->upper[j]);
    for (size_t x = 0; x < flows; x++)
        if (k->position[x] >= 0)
            out->flow[x] = fmin(v->flow[k->position[x]] * v->factor, p->flow_upper[x]);
    return KV_OK;
}

static kv_status solve(volume *v, const kv_multipliers *start, kv_volume_result *out)
{
    kv_status status = make_room(v);
    if (status == KV_OK)
        status = start ? kv_knapsack_from(v->knapsack, start, v->best)
                       : kv_knapsack_start(v->knapsack, v->best);
    if (status != KV_OK)
        return status;
    v->bound = kv_pricing_run(v->pricing, v->threads, v->best, v->violation);
    v->target = -HUGE_VAL;
    v->step = v->options->step;
    first_point(v);
    out->status = iterate(v);
    return give_result(v, out);
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
        volume v = {.knapsack = knapsack, .options = options, .threads = threads};
        status = solve(&v, start, out);
        free_room(&v);
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
