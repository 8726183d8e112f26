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
    size_t designs = (size_t)knapsack->problem->n_design, tiles = (size_t)knapsack->n_tiles;
    size_t cells = (size_t)knapsack->n_cells, flows = (size_t)knapsack->n_positions;
    kv_pricing *w = *pricing = kv_alloc(1, sizeof *w);
    if (!w)
        return KV_ERR_MEMORY;
    w->knapsack = knapsack;
    w->design_cost = kv_alloc(designs, sizeof(double));
    w->design = kv_alloc(designs, sizeof(double));
    w->n_priced = kv_alloc(tiles, sizeof(int));
    w->priced = kv_alloc(cells, sizeof(kv_priced_cell));
    w->carried = kv_alloc(flows, sizeof(kv_carried));
    w->chosen = kv_alloc(flows, sizeof(int));
    w->reduced = kv_alloc(flows, sizeof(double));
    w->amount = kv_alloc(flows, sizeof(double));
    int made = w->design_cost && w->design && w->n_priced && w->priced && w->carried && w->chosen &&
               w->reduced && w->amount;
    return made ? KV_OK : KV_ERR_MEMORY;
}

void kv_pricing_free(kv_pricing *w)
{
    if (!w)
        return;
    void *arrays[] = {w->design_cost, w->design, w->n_priced, w->priced,
                      w->carried,     w->chosen, w->reduced,  w->amount};
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
    const double *cost = run->uniform ? &run->cost : k->cost + run->first;
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
    if (cell->general)
        return collect_general(k, cell, multipliers, chosen, reduced);
    for (int i = cell->run; i < cell->run_end; i++)
        n = collect_run(k, &k->runs[i], multipliers, chosen, reduced, n);
    return n;
}

/* ---- cells ---- */

/* Open where the flows are worth more than the gates. Gates that are worth more are lowered: the
 * bound gains by it. */
static void price_gates(kv_pricing *w, const kv_cell *cell, kv_priced_cell *to)
{
    double *gates = w->multipliers + cell->gate, price = 0.0, worth = -to->value;
    for (int i = 0; i < cell->n_gates; i++)
        price += gates[i];
    to->open = price < worth;
    to->value = fmin(0.0, price - worth);
    for (int i = 0; price > worth && i < cell->n_gates; i++)
        gates[i] *= worth / price;
}

/* The cell's value and flows when it is open; what it would carry goes to the first entries of the
 * tile's `chosen` and `amount`. 1 = it may be worth opening. */
static int price_cell(kv_pricing *w, int first, const kv_cell *cell, kv_priced_cell *to)
{
    const kv_knapsack *k = w->knapsack;
    int *chosen = w->chosen + first, n;
    double *reduced = w->reduced + first, *amount = w->amount + first, value = 0.0, used = 0.0;
    n = kv_pricing_attracted(k, cell, w->multipliers, chosen, reduced);
    for (int i = 0; i < n; i++) {
        amount[i] = k->most[chosen[i]];
        value += reduced[i] * amount[i];
        used += k->use[chosen[i]] * amount[i];
    }
    if (cell->sole && w->design_cost[cell->owner] + value >= 0.0)
        return 0; /* not worth opening even without the resource's limit */
    if (cell->resource >= 0 && used > cell->supply)
        value = kv_fill(k->use, k->most, cell->supply, chosen, reduced, amount, &n, NULL);
    to->value = value;
    to->open = 1.0;
    to->count = n;
    if (cell->n_gates > 0)
        price_gates(w, cell, to);
    return n > 0 && to->open != 0.0;
}

/* The first `count` flows in `chosen`, with their rows. */
static void carry(const kv_knapsack *k, const kv_cell *cell, const int *chosen,
                  const double *amount, int count, kv_carried *to)
{
    const kv_run *run = &k->runs[cell->run];
    int tail = run->tail - run->first, head = run->head - run->first;
    if (cell->run_end - cell->run == 1)
        for (int i = 0; i < count; i++)
            to[i] = (kv_carried){chosen[i], tail + chosen[i], head + chosen[i], amount[i]};
    else
        for (int i = 0; i < count; i++)
            to[i] = (kv_carried){chosen[i], k->tail[chosen[i]], k->head[chosen[i]], amount[i]};
}

/* Where many blocks leave the caches, ask for a cell's data before they are wanted. */
static inline void fetch_soon(const kv_knapsack *k, int c)
{
    if (c < k->n_cells) {
        __builtin_prefetch(&k->most[k->cells[c].first]);
        __builtin_prefetch(&k->use[k->cells[c].first]);
    }
}

/* What stands at the tile's beginning is worked with, cell after cell; what is kept lies close. */
static void price_tile(void *context, int tile, int worker)
{
    kv_pricing *w = context;
    const kv_knapsack *k = w->knapsack;
    int first_cell = k->tile_first[tile], first = k->cells[first_cell].first, next = first, n = 0;
    (void)worker;
    for (int c = first_cell; c < k->tile_first[tile + 1]; c++) {
        kv_priced_cell *to = &w->priced[first_cell + n];
        fetch_soon(k, c + KV_CELLS_AHEAD);
        if (!price_cell(w, first, &k->cells[c], to))
            continue;
        to->cell = c;
        to->owner = k->cells[c].owner;
        to->plain = !k->cells[c].general && k->cells[c].n_gates == 0;
        to->first = next;
        carry(k, &k->cells[c], w->chosen + first, w->amount + first, to->count, w->carried + next);
        next += to->count;
        n++;
    }
    w->n_priced[tile] = n;
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
    for (int t = 0; t < k->n_tiles; t++)
        for (int i = 0; i < w->n_priced[t]; i++) {
            const kv_priced_cell *at = &w->priced[k->tile_first[t] + i];
            if (at->owner >= 0)
                w->design_cost[at->owner] += at->value;
            else
                bound += at->value;
        }
    for (int j = 0; j < k->problem->n_design; j++) {
        w->design[j] = w->design_cost[j] < 0.0 ? k->upper[j] : k->lower[j];
        bound += w->design_cost[j] * w->design[j];
    }
    for (int t = 0; t < k->n_tiles; t++)
        for (int i = 0; i < w->n_priced[t]; i++) {
            kv_priced_cell *at = &w->priced[k->tile_first[t] + i];
            if (at->owner >= 0)
                at->open = w->design[at->owner];
        }
    return bound;
}

/* ---- violations ---- */

/* What a cell adds to the rows of its gates, and to others than balances. */
static void add_other_rows(const kv_pricing *w, const kv_priced_cell *priced, double *violation)
{
    const kv_knapsack *k = w->knapsack;
    const kv_cell *cell = &k->cells[priced->cell];
    for (int i = 0; i < cell->n_gates; i++)
        violation[cell->gate + i] += priced->open;
    for (int i = priced->first; i < priced->first + priced->count; i++) {
        int at = w->carried[i].position;
        for (int e = k->entry_first[at]; e < k->entry_first[at + 1]; e++)
            violation[k->entry_row[e]] += k->entry_value[e] * (w->carried[i].amount * priced->open);
    }
}

static void add_cell(const kv_pricing *w, const kv_priced_cell *priced, double *violation)
{
    const kv_carried *carried = w->carried + priced->first;
    for (int i = 0; i < priced->count; i++) {
        double x = carried[i].amount * priced->open;
        violation[carried[i].tail] -= x;
        violation[carried[i].head] += x;
    }
    if (!priced->plain)
        add_other_rows(w, priced, violation);
}

static void find_violation(const kv_pricing *w, double *violation)
{
    const kv_knapsack *k = w->knapsack;
    for (int i = 0; i < k->n_rows; i++)
        violation[i] = k->rhs[i];
    for (int t = 0; t < k->n_tiles; t++)
        for (int i = 0; i < w->n_priced[t]; i++)
            if (w->priced[k->tile_first[t] + i].open != 0.0)
                add_cell(w, &w->priced[k->tile_first[t] + i], violation);
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
