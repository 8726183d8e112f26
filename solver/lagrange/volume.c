/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/volume.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>
#include <string.h>

/* The first step would close this share of the bound if it kept its slope. */
static const double first_gain = 0.004;
/* Step lengths: longer after a better bound, shorter after others by a multiple of the weight: the
 * less a point weighs, the more points it takes to know. */
static const double longer = 1.2, shorter_by = 3.0;
/* A failed step is shortened if its end lies above by this share of what it was to gain. */
static const double much = 0.5;
/* Weight of the newest point in the average: at most `most_weight`, halved by this iteration, down to
 * options->least_weight, and at least this share of that. */
static const double most_weight = 0.1, halved_at = 100.0, least_share = 0.05;
/* Stop when a step is worth less than this share of the bound, whatever the tolerance. */
static const double least_gain = 1e-12;
/* The violations seen until these iterations tell the sizes of rows that are not balances, within
 * such a factor of the first guess. */
static const long measured_at[] = {20, 60, 200, 600, 2000};
static const double most_wrong = 100.0;
/* The average is renewed before its factor leaves the range of doubles. */
static const double least_factor = 1e-100;

typedef struct volume {
    const kv_knapsack *knapsack;
    const kv_volume_options *options;
    kv_threads *threads;
    kv_pricing *pricing;
    double *best, *trial;        /* [n_rows] multipliers */
    double *violation, *average; /* [n_rows] of the last point; of the averaged one */
    double *scale;  /* [n_rows] step lengths: size of the multiplier by size of the violation */
    double *square; /* [n_rows] sum of squared violations of the points so far */
    double *design; /* [n_design] averaged */
    double *flow;   /* [n_positions] averaged, times 1 / factor */
    double factor;
    double bound;
    double value; /* cost of the averaged point */
    double slope; /* by how much that lies above the bound at the best multipliers, rows priced */
    double norm;  /* squared violation of the average in the rows' scale, money */
    double step;
    long iterations;
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

/* Sums over the rows, in four parts so that they can be worked on together. */
typedef struct sums {
    double best, trial;        /* multipliers times the point's violation */
    double average;            /* best multipliers times that of the average */
    double point, cross, norm; /* violations of point and average in the rows' scale */
} sums;

static sums sum_rows(const volume *v)
{
    const double *scale = v->scale;
    double part[6][4] = {{0.0}};
    for (int i = 0; i < v->knapsack->n_rows; i++) {
        double u = v->violation[i], w = v->average[i], su = scale[i] * u;
        part[0][i & 3] += v->best[i] * u;
        part[1][i & 3] += v->trial[i] * u;
        part[2][i & 3] += v->best[i] * w;
        part[3][i & 3] += su * u;
        part[4][i & 3] += su * w;
        part[5][i & 3] += scale[i] * w * w;
    }
    double total[6];
    for (int s = 0; s < 6; s++)
        total[s] = (part[s][0] + part[s][1]) + (part[s][2] + part[s][3]);
    return (sums){total[0], total[1], total[2], total[3], total[4], total[5]};
}

/*
 * The weight of the point that makes the best of both: the least bound on what the next step can gain,
 *   min over w in [0, 1] of  (1 - w) slope + w slope of the point + step/2 |(1 - w) average + w point|^2
 * (the bundle problem of two pieces, Kiwiel 1983), within limits that fall with the iterations.
 */
static double choose_weight(const volume *v, const sums *s, double point_slope, double most)
{
    double bend = v->step * (s->norm - 2.0 * s->cross + s->point);
    double weight =
        bend > 0.0 ? (v->step * (s->norm - s->cross) + v->slope - point_slope) / bend : most;
    return fmin(most, fmax(least_share * most, weight));
}

static double most_weight_of(const volume *v)
{
    double weight = most_weight / (1.0 + (double)v->iterations / halved_at);
    return fmin(1.0, fmax(v->options->least_weight, weight));
}

static void take_step(volume *v)
{
    const kv_knapsack *k = v->knapsack;
    for (int i = 0; i < k->n_rows; i++) {
        double value = v->best[i] + v->step * v->scale[i] * v->average[i];
        v->trial[i] = k->bounded[i] && value < 0.0 ? 0.0 : value;
    }
}

/* What is known of the average at the best multipliers. Rows whose multiplier is 0 and would become
 * negative do not count. */
static void measure(volume *v)
{
    const kv_knapsack *k = v->knapsack;
    double norm[4] = {0.0, 0.0, 0.0, 0.0}, priced[4] = {0.0, 0.0, 0.0, 0.0};
    for (int i = 0; i < k->n_rows; i++) {
        double d = v->average[i];
        int blocked = k->bounded[i] && v->best[i] <= 0.0 && d < 0.0;
        norm[i & 3] += blocked ? 0.0 : v->scale[i] * d * d;
        priced[i & 3] += v->best[i] * d;
    }
    v->norm = (norm[0] + norm[1]) + (norm[2] + norm[3]);
    v->slope = v->value + ((priced[0] + priced[1]) + (priced[2] + priced[3])) - v->bound;
}

/* A step that fails is too long when its end says little of where it began: its piece lies above the
 * bound there by more than the step was to gain (Kiwiel 1990). */
static void keep_best(volume *v, double bound, double weight, double point_slope)
{
    if (!(bound > v->bound)) {
        if (point_slope > much * (v->step * v->norm + fmax(0.0, v->slope)))
            v->step *= 1.0 - fmin(0.5, shorter_by * weight);
        return;
    }
    double *swap = v->best;
    v->best = v->trial;
    v->trial = swap;
    v->bound = bound;
    v->step *= longer;
    if (v->options->progress)
        v->options->progress(v->options->progress_context, v->iterations, v->bound);
}

/* Nothing is left to gain near the best multipliers, as far as the average tells. */
static int has_converged(const volume *v)
{
    double least = fmax(least_gain, v->options->tolerance) * fmax(fabs(v->bound), 1e-9);
    return v->step * v->norm + fmax(0.0, v->slope) <= least;
}

/* Rows whose violations turn out to be of another size get other step lengths; the next step promises
 * what it did. */
static void measure_rows(volume *v)
{
    const kv_knapsack *k = v->knapsack;
    double gain = v->step * v->norm;
    for (int i = k->n_balance; i < k->n_rows; i++) {
        double size = sqrt(v->square[i] / (double)v->iterations);
        size = fmin(k->size[i] * most_wrong, fmax(k->size[i] / most_wrong, size));
        v->scale[i] = k->worth[i] / size;
    }
    measure(v);
    if (v->norm > 0.0)
        v->step = gain / v->norm;
}

static void iterate_once(volume *v)
{
    double weight = most_weight_of(v);
    take_step(v);
    v->iterations++;
    double bound = kv_pricing_run(v->pricing, v->threads, v->trial, v->violation);
    sums s = sum_rows(v);
    double value = bound - s.trial;
    double slope = value + s.best - v->bound, used = choose_weight(v, &s, slope, weight);
    average_point(v, used);
    v->value += used * (value - v->value);
    keep_best(v, bound, weight, slope);
    measure(v);
    for (int i = v->knapsack->n_balance; i < v->knapsack->n_rows; i++)
        v->square[i] += v->violation[i] * v->violation[i];
    for (size_t i = 0; i < sizeof measured_at / sizeof *measured_at; i++)
        if (v->iterations == measured_at[i])
            measure_rows(v);
}

static kv_status iterate(volume *v)
{
    const kv_volume_options *o = v->options;
    while (!has_converged(v) && v->bound <= o->cutoff) {
        if (v->iterations >= o->iterations || kv_stop_requested() || kv_clock() >= o->deadline)
            return KV_ERR_LIMIT;
        iterate_once(v);
    }
    return KV_OK;
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
    v->scale = kv_alloc(rows, sizeof(double));
    v->square = kv_alloc(rows, sizeof(double));
    v->design = kv_alloc(designs, sizeof(double));
    v->flow = kv_alloc((size_t)v->knapsack->n_positions, sizeof(double));
    if (!v->best || !v->trial || !v->violation || !v->average || !v->scale || !v->square ||
        !v->design || !v->flow)
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
    kv_free(v->scale);
    kv_free(v->square);
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

static kv_status solve(volume *v, kv_knapsack *knapsack, const kv_multipliers *start,
                       kv_volume_result *out)
{
    kv_status status = make_room(v);
    if (status == KV_OK)
        status = kv_knapsack_start(v->knapsack, v->best);
    if (status == KV_OK)
        status = kv_knapsack_scale(knapsack, v->best);
    if (status == KV_OK && start)
        status = kv_knapsack_from(v->knapsack, start, v->best);
    if (status != KV_OK)
        return status;
    for (int i = 0; i < knapsack->n_rows; i++)
        v->scale[i] = knapsack->worth[i] / knapsack->size[i];
    v->bound = kv_pricing_run(v->pricing, v->threads, v->best, v->violation);
    first_point(v);
    v->value = cost_of_average(v);
    measure(v);
    v->step = v->norm > 0.0 ? first_gain * fmax(fabs(v->bound), fabs(v->value)) / v->norm : 1.0;
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
        status = solve(&v, knapsack, start, out);
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
