/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/knapsack.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* Flows priced by one task: enough to be worth handing out, few enough for two tasks on 20 nodes,
 * 230 arcs, 200 commodities. */
static const int tile_flows = 12000;

static kv_status copy_boxes(kv_knapsack *k, const double *lower, const double *upper)
{
    const kv_problem *p = k->problem;
    k->lower = kv_alloc((size_t)p->n_design, sizeof(double));
    k->upper = kv_alloc((size_t)p->n_design, sizeof(double));
    if (!k->lower || !k->upper)
        return KV_ERR_MEMORY;
    for (int j = 0; j < p->n_design; j++) {
        k->lower[j] = lower ? lower[j] : p->design_lower[j];
        k->upper[j] = upper ? upper[j] : p->design_upper[j];
        if (p->design_integer[j]) {
            k->lower[j] = ceil(k->lower[j]);
            k->upper[j] = floor(k->upper[j]);
        }
        if (k->lower[j] > k->upper[j])
            return KV_ERR_INFEASIBLE;
    }
    return KV_OK;
}

/* Tasks do not depend on the number of threads. */
static int cut_tiles(kv_knapsack *k)
{
    int n = 0, flows = tile_flows;
    for (int c = 0; c < k->n_cells; c++) {
        if (flows >= tile_flows) {
            if (k->tile_first)
                k->tile_first[n] = c;
            n++;
            flows = 0;
        }
        flows += k->cells[c].end - k->cells[c].first;
    }
    if (k->tile_first)
        k->tile_first[n] = k->n_cells;
    return n;
}

static kv_status make(kv_knapsack *k, const double *lower, const double *upper,
                      const unsigned char *drop_side)
{
    kv_status status = copy_boxes(k, lower, upper);
    if (status == KV_OK)
        status = kv_knapsack_cells(k);
    if (status == KV_OK)
        status = kv_knapsack_rows(k, drop_side);
    if (status != KV_OK)
        return status;
    k->n_tiles = cut_tiles(k);
    k->tile_first = kv_alloc((size_t)k->n_tiles + 1, sizeof(int));
    if (!k->tile_first)
        return KV_ERR_MEMORY;
    cut_tiles(k);
    return KV_OK;
}

kv_status kv_knapsack_create(const kv_problem *problem, const double *lower, const double *upper,
                             const unsigned char *drop_side, kv_knapsack **knapsack)
{
    kv_knapsack *k = *knapsack = kv_alloc(1, sizeof *k);
    if (!k)
        return KV_ERR_MEMORY;
    k->problem = problem;
    return make(k, lower, upper, drop_side);
}

void kv_knapsack_free(kv_knapsack *k)
{
    if (!k)
        return;
    void *arrays[] = {
        k->lower,        k->upper,       k->cells,        k->runs,          k->flow,
        k->position,     k->cost,        k->most,         k->use,           k->tail,
        k->head,         k->entry_first, k->entry_row,    k->entry_value,   k->kind,
        k->bounded,      k->source,      k->rhs,          k->worth,         k->size,
        k->design_first, k->design_row,  k->design_value, k->opening_first, k->tile_first};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(k);
}
