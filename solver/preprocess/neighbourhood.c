/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/preprocess/neighbourhood.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const double whole_slack = 1e-6;

kv_status kv_neighbourhood_create(const kv_problem *problem, const double *relaxed,
                                  kv_neighbourhood *neighbourhood)
{
    kv_neighbourhood *n = neighbourhood;
    size_t count = (size_t)problem->n_design;
    *n = (kv_neighbourhood){.lower = kv_alloc(count, sizeof *n->lower),
                            .upper = kv_alloc(count, sizeof *n->upper)};
    if (!n->lower || !n->upper)
        return KV_ERR_MEMORY;
    for (size_t j = 0; j < count; j++) {
        n->lower[j] = floor(relaxed[j] + whole_slack);
        n->upper[j] = ceil(relaxed[j] - whole_slack);
    }
    return KV_OK;
}

void kv_neighbourhood_clear(kv_neighbourhood *neighbourhood)
{
    kv_free(neighbourhood->lower);
    kv_free(neighbourhood->upper);
    memset(neighbourhood, 0, sizeof *neighbourhood);
}

void kv_neighbourhood_add(const kv_problem *problem, kv_neighbourhood *neighbourhood,
                          const double *design)
{
    for (int j = 0; j < problem->n_design; j++) {
        neighbourhood->lower[j] = fmin(neighbourhood->lower[j], nearbyint(design[j]));
        neighbourhood->upper[j] = fmax(neighbourhood->upper[j], nearbyint(design[j]));
    }
    neighbourhood->plans++;
}

/* The box of an integer design: its own (inside = 0) or the part in the neighbourhood. */
static void set_box(const kv_neighbourhood *n, kv_whole_model *whole, int j, int inside)
{
    double low = whole->lower[j], high = whole->upper[j];
    if (inside) {
        low = fmax(low, fmin(n->lower[j], high));
        high = fmin(high, fmax(n->upper[j], low));
    }
    (void)kv_lp_set_column_bounds(whole->lp, j, low, high);
}

static void set_boxes(const kv_neighbourhood *n, kv_whole_model *whole, int inside)
{
    for (int j = 0; j < whole->problem->n_design; j++)
        if (whole->problem->design_integer[j])
            set_box(n, whole, j, inside);
}

kv_lp_state kv_neighbourhood_search(const kv_neighbourhood *neighbourhood, kv_whole_model *whole,
                                    const kv_lp_limits *limits, int has_start, long *work)
{
    kv_lp_limits mine = *limits;
    double bound;
    mine.start = has_start ? whole->values : NULL;
    mine.broken = kv_whole_model_broken;
    mine.broken_context = whole;
    set_boxes(neighbourhood, whole, 1);
    kv_lp_state state = kv_lp_solve_mip(whole->lp, &mine, &bound);
    *work += kv_lp_iterations(whole->lp);
    set_boxes(neighbourhood, whole, 0);
    return state;
}
