/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/steps.h"

#include "base/clock.h"
#include "base/memory.h"

#include <math.h>

/* The first step would close this share of the bound if it kept its slope. Where there is no bound
 * yet it moves multipliers by this share of their sizes. */
static const double first_gain = 0.004, first_step = 0.1;
/* Step lengths: longer after a better bound, shorter after others by a multiple of the weight: the
 * less a point weighs, the more points it takes to know. */
static const double longer = 1.2, shorter_by = 3.0;
/* A failed step is shortened if its end lies above by this share of what it was to gain. */
static const double much = 0.5;
/* Weight of the newest point in the average: at most `most_weight`, halved by this iteration, down to
 * least_weight, and at least this share of that. */
static const double most_weight = 0.1, halved_at = 100.0, least_share = 0.05;
/* Stop when a step is worth less than this share of the bound, whatever the tolerance. */
static const double least_gain = 1e-12;
/* The violations seen until these iterations tell the sizes of rows that are not balances, within
 * such a factor of the first guess. */
static const long measured_at[] = {20, 60, 200, 600, 2000};
static const double most_wrong = 100.0;

/* Sums over the rows, in four parts so that they can be worked on together. */
typedef struct sums {
    double best, trial;        /* multipliers times the point's violation */
    double average;            /* best multipliers times that of the average */
    double point, cross, norm; /* violations of point and average in the rows' scale */
} sums;

static sums sum_rows(const kv_steps *v)
{
    const double *scale = v->scale;
    double part[6][4] = {{0.0}};
    for (int i = 0; i < v->n_rows; i++) {
        double u = v->violation[i], w = v->averaged[i], su = scale[i] * u;
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
static double choose_weight(const kv_steps *v, const sums *s, double point_slope, double most)
{
    double bend = v->step * (s->norm - 2.0 * s->cross + s->point);
    double weight =
        bend > 0.0 ? (v->step * (s->norm - s->cross) + v->slope - point_slope) / bend : most;
    return fmin(most, fmax(least_share * most, weight));
}

static double most_weight_of(const kv_steps *v)
{
    double weight = most_weight / (1.0 + (double)v->iterations / halved_at);
    return fmin(1.0, fmax(v->least_weight, weight));
}

static void take_step(kv_steps *v)
{
    for (int i = 0; i < v->n_rows; i++) {
        double value = v->best[i] + v->step * v->scale[i] * v->averaged[i];
        v->trial[i] = v->bounded[i] && value < 0.0 ? 0.0 : value;
    }
}

/* What is known of the average at the best multipliers. Rows whose multiplier is 0 and would become
 * negative do not count. */
static void measure(kv_steps *v)
{
    double norm[4] = {0.0, 0.0, 0.0, 0.0}, priced[4] = {0.0, 0.0, 0.0, 0.0};
    for (int i = 0; i < v->n_rows; i++) {
        double d = v->averaged[i];
        int blocked = v->bounded[i] && v->best[i] <= 0.0 && d < 0.0;
        norm[i & 3] += blocked ? 0.0 : v->scale[i] * d * d;
        priced[i & 3] += v->best[i] * d;
    }
    v->norm = (norm[0] + norm[1]) + (norm[2] + norm[3]);
    v->slope = v->value + ((priced[0] + priced[1]) + (priced[2] + priced[3])) - v->bound;
}

/* A step that fails is too long when its end says little of where it began: its piece lies above the
 * bound there by more than the step was to gain (Kiwiel 1990). */
static void keep_best(kv_steps *v, double bound, double weight, double point_slope)
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
    if (v->progress)
        v->progress(v->progress_context, v->iterations, v->bound);
}

/* Nothing is left to gain near the best multipliers, as far as the average tells. */
static int has_converged(const kv_steps *v)
{
    double least = fmax(least_gain, v->tolerance) * fmax(fabs(v->bound), 1e-9);
    return v->step * v->norm + fmax(0.0, v->slope) <= least;
}

/* Rows whose violations turn out to be of another size get other step lengths; the next step promises
 * what it did. */
static void measure_rows(kv_steps *v)
{
    double gain = v->step * v->norm;
    for (int i = v->n_sized; i < v->n_rows; i++) {
        double size = sqrt(v->square[i] / (double)v->iterations);
        size = fmin(v->size[i] * most_wrong, fmax(v->size[i] / most_wrong, size));
        v->scale[i] = v->worth[i] / size;
    }
    measure(v);
    if (v->norm > 0.0)
        v->step = gain / v->norm;
}

static void average_point(kv_steps *v, double weight)
{
    double keep = 1.0 - weight;
    v->average(v->context, weight);
    for (int i = 0; i < v->n_rows; i++)
        v->averaged[i] = keep * v->averaged[i] + weight * v->violation[i];
}

static void iterate_once(kv_steps *v)
{
    double weight = most_weight_of(v);
    take_step(v);
    v->iterations++;
    double bound = v->price(v->context, v->trial, v->violation);
    sums s = sum_rows(v);
    double value = bound - s.trial;
    double slope = value + s.best - v->bound, used = choose_weight(v, &s, slope, weight);
    average_point(v, used);
    v->value += used * (value - v->value);
    keep_best(v, bound, weight, slope);
    measure(v);
    for (int i = v->n_sized; i < v->n_rows; i++)
        v->square[i] += v->violation[i] * v->violation[i];
    for (size_t i = 0; i < sizeof measured_at / sizeof *measured_at; i++)
        if (v->iterations == measured_at[i])
            measure_rows(v);
}

static void begin(kv_steps *v)
{
    for (int i = 0; i < v->n_rows; i++)
        v->scale[i] = v->worth[i] / v->size[i];
    v->bound = v->price(v->context, v->best, v->violation);
    v->average(v->context, 1.0);
    v->value = v->bound;
    for (int i = 0; i < v->n_rows; i++) {
        v->averaged[i] = v->violation[i];
        v->value -= v->best[i] * v->violation[i];
    }
    measure(v);
    double money = fmax(fabs(v->bound), fabs(v->value));
    v->step = v->norm > 0.0 && money > 0.0 ? first_gain * money / v->norm : first_step;
}

kv_status kv_steps_run(kv_steps *steps)
{
    kv_steps *v = steps;
    begin(v);
    while (!has_converged(v) && v->bound <= v->cutoff) {
        if (v->iterations >= v->most_iterations || kv_stop_requested() || kv_clock() >= v->deadline)
            return KV_ERR_LIMIT;
        iterate_once(v);
    }
    return KV_OK;
}

kv_status kv_steps_create(kv_steps *steps)
{
    double **arrays[] = {&steps->best,     &steps->trial, &steps->violation,
                         &steps->averaged, &steps->scale, &steps->square};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (!(*arrays[i] = kv_alloc((size_t)steps->n_rows, sizeof(double))))
            return KV_ERR_MEMORY;
    return KV_OK;
}

void kv_steps_free(kv_steps *steps)
{
    double *arrays[] = {steps->best,     steps->trial, steps->violation,
                        steps->averaged, steps->scale, steps->square};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
}
