/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bound of the knapsack relaxation at given multipliers: cells in tiles, then the designs. */
#include "base/memory.h"
#include "solver/lagrange/fill.h"
#include "solver/lagrange/knapsack.h"

#include <math.h>
#include <string.h>

/* Flows looked at together: mostly none of them is worth having. */
enum { CHUNK = 8 };

kv_status kv_pricing_create(const kv_knapsack *knapsack, kv_pricing **pricing)
{
    size_t designs = (size_t)knapsack->problem->n_design;
    size_t cells = (size_t)knapsack->n_cells, flows = (size_t)knapsack->n_positions;
    kv_pricing *w = *pricing = kv_alloc(1, sizeof *w);
    if (!w)
        return KV_ERR_MEMORY;
    w->knapsack = knapsack;
    w->design_cost = kv_alloc(designs, sizeof(double));
    w->design = kv_alloc(designs, sizeof(double));
    w->value = kv_alloc(cells, sizeof(double));
    w->open = kv_alloc(cells, sizeof(double));
    w->n_chosen = kv_alloc(cells, sizeof(int));
    w->chosen = kv_alloc(flows, sizeof(int));
    w->reduced = kv_alloc(flows, sizeof(double));
    w->amount = kv_alloc(flows, sizeof(double));
    int made = w->design_cost && w->design && w->value && w->open && w->n_chosen && w->chosen &&
               w->reduced && w->amount;
    return made ? KV_OK : KV_ERR_MEMORY;
}

void kv_pricing_free(kv_pricing *w)
{
    if (!w)
        return;
    void *arrays[] = {w->design_cost, w->design, w->value,   w->open,
                      w->n_chosen,    w->chosen, w->reduced, w->amount};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(w);
}

/* ---- reduced costs ---- */

/* Two doubles worked on together. */
typedef double pair __attribute__((vector_size(2 * sizeof(double))));
typedef long long pair_mask __attribute__((vector_size(2 * sizeof(long long))));

static inline pair load(const double *from)
{
    pair to;
    memcpy(&to, from, sizeof to);
    return to;
}

/* Whether a difference tail[i] - head[i] of a chunk exceeds its cost, cost[i * step]. */
static inline int any_attracts(const double *tail, const double *head, const double *cost, int step)
{
    pair_mask any = {0, 0};
    pair level = {*cost, *cost};
    for (int i = 0; i < CHUNK; i += 2)
        any |= load(tail + i) - load(head + i) > (step ? load(cost + i) : level);
    return (any[0] | any[1]) != 0;
}

/* Flows first .. first + size - 1 with a negative reduced cost go to the end of the lists; how many
 * there are then. */
static int collect(const double *tail, const double *head, const double *cost, int cost_step,
                   int first, int size, int *chosen, double *reduced, int n)
{
    for (int i = 0; i < size; i++) {
        double r = cost[i * cost_step] - (tail[i] - head[i]);
        chosen[n] = first + i;
        reduced[n] = r;
        n += r < 0.0;
    }
    return n;
}

static int collect_run(const kv_knapsack *k, const kv_run *run, const double *multipliers,
                       int *chosen, double *reduced, int n)
{
    const double *tail = multipliers + run->tail, *head = multipliers + run->head;
    const double *cost = k->cost + run->first;
    int step = !run->uniform, i = 0;
    for (; i + CHUNK <= run->length; i += CHUNK)
        if (any_attracts(tail + i, head + i, cost + step * i, step))
            n = collect(tail + i, head + i, cost + step * i, step, run->first + i, CHUNK, chosen,
                        reduced, n);
    return collect(tail + i, head + i, cost + step * i, step, run->first + i, run->length - i,
                   chosen, reduced, n);
}

/* The same for a cell whose flows stand in other rows too. */
static int collect_general(const kv_knapsack *k, const kv_cell *cell, const double *multipliers,
                           int *chosen, double *reduced)
{
    int n = 0;
    for (int i = cell->first; i < cell->end; i++) {
        double r = k->cost[i] - (multipliers[k->tail[i]] - multipliers[k->head[i]]);
        for (int e = k->entry_first[i]; e < k->entry_first[i + 1]; e++)
            r += k->entry_value[e] * multipliers[k->entry_row[e]];
        chosen[n] = i;
        reduced[n] = r;
        n += r < 0.0;
    }
    return n;
}

int kv_pricing_attracted(const kv_knapsack *k, const kv_cell *cell, const double *multipliers,
                         int *chosen, double *reduced)
{
    int n = 0;
    if (k->entry_first[cell->end] > k->entry_first[cell->first])
        return collect_general(k, cell, multipliers, chosen, reduced);
    for (int i = cell->run; i < cell->run_end; i++)
        n = collect_run(k, &k->runs[i], multipliers, chosen, reduced, n);
    return n;
}

/* ---- cells ---- */

/* Open where the flows are worth more than the gates. Gates that are worth more are lowered: the
 * bound gains by it. */
static void price_gates(kv_pricing *w, int c)
{
    const kv_cell *cell = &w->knapsack->cells[c];
    double *gates = w->multipliers + cell->gate, price = 0.0, worth = -w->value[c];
    for (int i = 0; i < cell->n_gates; i++)
        price += gates[i];
    w->open[c] = price < worth;
    w->value[c] = fmin(0.0, price - worth);
    for (int i = 0; price > worth && i < cell->n_gates; i++)
        gates[i] *= worth / price;
}

static void price_cell(kv_pricing *w, int c)
{
    const kv_knapsack *k = w->knapsack;
    const kv_cell *cell = &k->cells[c];
    int *chosen = w->chosen + cell->first;
    double *reduced = w->reduced + cell->first, *amount = w->amount + cell->first;
    int n = kv_pricing_attracted(k, cell, w->multipliers, chosen, reduced);
    double value = 0.0, used = 0.0;
    for (int i = 0; i < n; i++) {
        amount[i] = k->most[chosen[i]];
        value += reduced[i] * amount[i];
        used += k->use[chosen[i]] * amount[i];
    }
    w->value[c] = value;
    w->n_chosen[c] = n;
    if (cell->sole && w->design_cost[cell->owner] + value >= 0.0) {
        w->n_chosen[c] = 0; /* not worth opening even without the resource's limit */
        return;
    }
    if (cell->resource >= 0 && used > cell->supply)
        w->value[c] =
            kv_fill(k->use, k->most, cell->supply, chosen, reduced, amount, &w->n_chosen[c], NULL);
    w->open[c] = 1.0;
    if (cell->n_gates > 0)
        price_gates(w, c);
}

static void price_tile(void *context, int tile, int worker)
{
    kv_pricing *w = context;
    (void)worker;
    for (int c = w->knapsack->tile_first[tile]; c < w->knapsack->tile_first[tile + 1]; c++)
        price_cell(w, c);
}

/* ---- designs ---- */

static void price_designs(kv_pricing *w)
{
    const kv_knapsack *k = w->knapsack;
    for (int j = 0; j < k->problem->n_design; j++) {
        double cost = k->problem->design_cost[j];
        for (int e = k->design_first[j]; e < k->design_first[j + 1]; e++)
            cost += k->design_value[e] * w->multipliers[k->design_row[e]];
        w->design_cost[j] = cost;
    }
}

/* Least cost of designs and cells. */
static double choose_designs(kv_pricing *w)
{
    const kv_knapsack *k = w->knapsack;
    double bound = 0.0;
    for (int c = 0; c < k->n_cells; c++) {
        int j = k->cells[c].owner;
        if (j >= 0)
            w->design_cost[j] += w->value[c];
        else
            bound += w->value[c];
    }
    for (int j = 0; j < k->problem->n_design; j++) {
        w->design[j] = w->design_cost[j] < 0.0 ? k->upper[j] : k->lower[j];
        bound += w->design_cost[j] * w->design[j];
    }
    for (int c = 0; c < k->n_cells; c++)
        if (k->cells[c].owner >= 0)
            w->open[c] = w->design[k->cells[c].owner];
    return bound;
}

/* ---- violations ---- */

static void add_cell(const kv_pricing *w, int c, double *violation)
{
    const kv_knapsack *k = w->knapsack;
    const kv_cell *cell = &k->cells[c];
    double open = w->open[c];
    int *chosen = w->chosen + cell->first;
    double *amount = w->amount + cell->first;
    for (int i = 0; i < cell->n_gates; i++)
        violation[cell->gate + i] += open;
    for (int i = 0; i < w->n_chosen[c]; i++) {
        int at = chosen[i];
        double x = amount[i] * open;
        violation[k->tail[at]] -= x;
        violation[k->head[at]] += x;
        for (int e = k->entry_first[at]; e < k->entry_first[at + 1]; e++)
            violation[k->entry_row[e]] += k->entry_value[e] * x;
    }
}

static void find_violation(const kv_pricing *w, double *violation)
{
    const kv_knapsack *k = w->knapsack;
    for (int i = 0; i < k->n_rows; i++)
        violation[i] = k->rhs[i];
    for (int c = 0; c < k->n_cells; c++)
        if (w->open[c] != 0.0)
            add_cell(w, c, violation);
    for (int j = 0; j < k->problem->n_design; j++)
        for (int e = k->design_first[j]; w->design[j] != 0.0 && e < k->design_first[j + 1]; e++)
            violation[k->design_row[e]] += k->design_value[e] * w->design[j];
    for (int i = k->n_balance; i < k->n_balance + k->problem->n_commodities; i++)
        violation[i] = 0.0;
}

double kv_pricing_run(kv_pricing *w, kv_threads *threads, double *multipliers, double *violation)
{
    const kv_knapsack *k = w->knapsack;
    double sum[4] = {0.0, 0.0, 0.0, 0.0};
    w->multipliers = multipliers;
    price_designs(w);
    kv_threads_run(threads, k->n_tiles, price_tile, w);
    if (k->n_gates > 0)
        price_designs(w);
    double bound = choose_designs(w);
    find_violation(w, violation);
    for (int i = 0; i < k->n_rows; i++)
        sum[i & 3] += multipliers[i] * k->rhs[i];
    return bound + ((sum[0] + sum[1]) + (sum[2] + sum[3]));
}
