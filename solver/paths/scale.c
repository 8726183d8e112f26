/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/scale.h"

#include "base/memory.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>
#include <string.h>

enum { STEPS = 20 }; /* of the volume algorithm in a round */

static const double weight = 0.05;      /* of a point in the average */
static const double follow = 0.1;       /* weight of the flows in new capacities */
static const double least_share = 2e-3; /* of a capacity, that it keeps in any case */
/* Steps aim at a bound that is higher by this share than that of the round's first point, and than
 * any since, and go so far on the way there (Barahona and Anbil 2000). */
static const double first_aim = 0.02, aim = 0.01, length = 0.1;

struct kv_scaling {
    const kv_shape *shape;
    kv_knapsack *knapsack;
    kv_pricing *pricing;
    double *best, *trial;        /* [n_rows] multipliers */
    double *violation, *average; /* [n_rows] of a point, and averaged */
    double *scale;               /* [n_rows] step lengths */
    double *supply;              /* [n_cells] capacity as it was */
    double *most;                /* [n_positions] bound of a flow as it was */
    int *cell_group;             /* [n_cells] */
    double *capacity, *load;     /* [n_blocks * n_groups] at present, and averaged */
    double bound;
    int begun;
    double work;
};

static size_t place(const kv_scaling *c, int cell)
{
    return (size_t)c->knapsack->cells[cell].block * (size_t)c->shape->n_groups +
           (size_t)c->cell_group[cell];
}

/* The group of each cell, which must be one binary's, with a capacity. */
static kv_status find_groups(kv_scaling *c)
{
    const kv_shape *s = c->shape;
    const kv_knapsack *k = c->knapsack;
    int *group_of = kv_alloc((size_t)s->problem->n_design, sizeof(int));
    kv_status status = group_of ? KV_OK : KV_ERR_MEMORY;
    for (int j = 0; j < s->problem->n_design && status == KV_OK; j++)
        group_of[j] = -1;
    for (int g = 0; g < s->n_groups && status == KV_OK; g++)
        for (int i = s->design_first[g]; i < s->design_first[g + 1]; i++)
            group_of[s->design[i]] = g;
    for (int i = 0; i < k->n_cells && status == KV_OK; i++) {
        const kv_cell *cell = &k->cells[i];
        c->cell_group[i] = -1;
        c->supply[i] = cell->supply;
        if (cell->owner < 0 && cell->n_gates == 0 && cell->resource < 0)
            continue; /* always there */
        if (cell->owner < 0 || cell->resource < 0 || cell->supply <= 0.0 ||
            group_of[cell->owner] < 0 || k->upper[cell->owner] != 1.0) {
            status = KV_ERR_ARGUMENT;
            break;
        }
        c->cell_group[i] = group_of[cell->owner];
        c->capacity[place(c, i)] = cell->supply;
    }
    kv_free(group_of);
    return status;
}

static kv_status make_room(kv_scaling *c)
{
    const kv_knapsack *k = c->knapsack;
    size_t rows = (size_t)k->n_rows, cells = (size_t)k->n_cells;
    size_t pairs = (size_t)c->shape->n_blocks * (size_t)c->shape->n_groups;
    c->best = kv_alloc(rows, sizeof(double));
    c->trial = kv_alloc(rows, sizeof(double));
    c->violation = kv_alloc(rows, sizeof(double));
    c->average = kv_alloc(rows, sizeof(double));
    c->scale = kv_alloc(rows, sizeof(double));
    c->supply = kv_alloc(cells, sizeof(double));
    c->most = kv_alloc((size_t)k->n_positions, sizeof(double));
    c->cell_group = kv_alloc(cells, sizeof(int));
    c->capacity = kv_alloc(pairs, sizeof(double));
    c->load = kv_alloc(pairs, sizeof(double));
    return c->best && c->trial && c->violation && c->average && c->scale && c->supply && c->most &&
                   c->cell_group && c->capacity && c->load
               ? KV_OK
               : KV_ERR_MEMORY;
}

static kv_status begin(kv_scaling *c, const kv_multipliers *start)
{
    kv_knapsack *k = c->knapsack;
    kv_status status = make_room(c);
    if (status == KV_OK)
        status = find_groups(c);
    if (status == KV_OK)
        status = kv_pricing_create(k, &c->pricing);
    if (status == KV_OK)
        status = kv_knapsack_start(k, c->best);
    if (status == KV_OK)
        status = kv_knapsack_scale(k, c->best);
    if (status == KV_OK)
        status = kv_knapsack_from(k, start, c->best);
    for (int i = 0; i < k->n_rows && status == KV_OK; i++)
        c->scale[i] = k->worth[i] / k->size[i];
    if (status == KV_OK)
        memcpy(c->most, k->most, (size_t)k->n_positions * sizeof(double));
    return status;
}

kv_status kv_scaling_create(const kv_shape *shape, const double *lower, const double *upper,
                            const unsigned char *drop_side, const unsigned char *keep,
                            const kv_multipliers *start, kv_scaling **scaling)
{
    const kv_problem *p = shape->problem;
    double *kept = kv_alloc((size_t)p->n_design, sizeof(double));
    kv_scaling *c = *scaling = kv_alloc(1, sizeof *c);
    kv_status status = kept && c ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK) {
        memcpy(kept, upper ? upper : p->design_upper, (size_t)p->n_design * sizeof *kept);
        for (int g = 0; g < shape->n_groups; g++)
            for (int i = shape->design_first[g]; i < shape->design_first[g + 1] && !keep[g]; i++)
                kept[shape->design[i]] =
                    lower ? lower[shape->design[i]] : p->design_lower[shape->design[i]];
        c->shape = shape;
        status = kv_knapsack_create(p, lower, kept, drop_side, &c->knapsack);
        if (status == KV_ERR_INFEASIBLE)
            status = KV_ERR_ARGUMENT;
    }
    if (status == KV_OK)
        status = begin(c, start);
    kv_free(kept);
    return status;
}

void kv_scaling_free(kv_scaling *c)
{
    if (!c)
        return;
    kv_pricing_free(c->pricing);
    kv_knapsack_free(c->knapsack);
    void *arrays[] = {c->best,   c->trial, c->violation,  c->average,  c->scale,
                      c->supply, c->most,  c->cell_group, c->capacity, c->load};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(c);
}

/* ---- a round ------------------------------------------------------------------------------- */

/* What the flows of a cell use in the last point. */
static double use_of_cell(const kv_scaling *c, const kv_priced_cell *cell)
{
    const kv_carried *carried = c->pricing->carried + cell->first;
    double use = 0.0;
    for (int i = 0; i < cell->count; i++)
        use += c->knapsack->use[carried[i].position] * carried[i].amount;
    return use * cell->open;
}

static void average_loads(kv_scaling *c, int tile, double share)
{
    const kv_knapsack *k = c->knapsack;
    const kv_priced_cell *next = c->pricing->priced + k->tile_first[tile];
    const kv_priced_cell *end = next + c->pricing->n_priced[tile];
    for (int i = k->tile_first[tile]; i < k->tile_first[tile + 1]; i++) {
        double use = next < end && next->cell == i ? use_of_cell(c, next++) : 0.0;
        if (c->cell_group[i] >= 0)
            c->load[place(c, i)] += share * (use - c->load[place(c, i)]);
    }
}

static void average_point(kv_scaling *c, double share)
{
    for (int i = 0; i < c->knapsack->n_rows; i++)
        c->average[i] += share * (c->violation[i] - c->average[i]);
    for (int t = 0; t < c->knapsack->n_tiles; t++)
        average_loads(c, t, share);
}

static void take_step(kv_scaling *c, double target)
{
    const kv_knapsack *k = c->knapsack;
    double norm = 0.0;
    for (int i = 0; i < k->n_rows; i++)
        norm += c->scale[i] * c->average[i] * c->average[i];
    double step = norm > 0.0 ? length * (target - c->bound) / norm : 0.0;
    for (int i = 0; i < k->n_rows; i++) {
        double value = c->best[i] + step * c->scale[i] * c->average[i];
        c->trial[i] = k->bounded[i] && value < 0.0 ? 0.0 : value;
    }
}

/* Capacities follow the flows. What a design could offer in all stays: its box grows as they fall. */
static void set_capacities(kv_scaling *c)
{
    kv_knapsack *k = c->knapsack;
    for (int j = 0; j < c->shape->problem->n_design; j++)
        k->upper[j] = k->upper[j] > 0.0 ? 1.0 : k->upper[j];
    for (int i = 0; i < k->n_cells; i++) {
        kv_cell *cell = &k->cells[i];
        if (c->cell_group[i] < 0)
            continue;
        double *capacity = &c->capacity[place(c, i)], load = c->load[place(c, i)];
        *capacity = follow * fmin(load, c->supply[i]) + (1.0 - follow) * *capacity;
        *capacity = fmax(least_share * c->supply[i], *capacity);
        cell->supply = *capacity;
        k->upper[cell->owner] = fmax(k->upper[cell->owner], c->supply[i] / *capacity);
        for (int n = cell->first; n < cell->end; n++)
            k->most[n] = k->use[n] > 0.0 ? fmin(c->most[n], *capacity / k->use[n]) : c->most[n];
    }
}

void kv_scaling_round(kv_scaling *c, kv_threads *threads)
{
    c->bound = kv_pricing_run(c->pricing, threads, c->best, c->violation);
    if (!c->begun)
        average_point(c, 1.0);
    c->begun = 1;
    double target = c->bound + first_aim * fabs(c->bound);
    for (int i = 0; i < STEPS; i++) {
        take_step(c, target);
        double bound = kv_pricing_run(c->pricing, threads, c->trial, c->violation);
        average_point(c, weight);
        if (bound > c->bound) {
            double *swap = c->best;
            c->best = c->trial;
            c->trial = swap;
            c->bound = bound;
        }
        target = fmax(target, c->bound + aim * fabs(c->bound));
        c->work += 2.0 * c->knapsack->n_positions + 3.0 * c->knapsack->n_rows;
    }
    set_capacities(c);
}

const double *kv_scaling_capacity(const kv_scaling *c)
{
    return c->capacity;
}

double kv_scaling_work(const kv_scaling *c)
{
    return c->work;
}
