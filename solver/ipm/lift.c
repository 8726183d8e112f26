/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/ipm/lift.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

#define UNLIMITED 1e29

typedef struct lifting { /* working data of one block */
    const kv_problem *problem;
    kv_multipliers *multipliers;
    const double *upper; /* [n_design] */
    int block;
    double *priced;     /* [n_blocks * n_flows] what opening and coupling rows add */
    double *reduced;    /* [n_flows] */
    double *offer;      /* [n_resources] the most that the resource offers within the boxes */
    double *raise;      /* [n_resources] */
    int *opening;       /* [n_arcs] the set of the arc that offers least, -1 = none below 1 */
    double *share;      /* [n_arcs] what it offers */
    int *place;         /* [n_flows] multiplier of that set and flow, -1 = none yet */
    int *first, *order; /* kv_sort_openings */
} lifting;

static double positive(double value)
{
    return value > 0 && isfinite(value) ? value : 0;
}

int kv_first_opening(const kv_problem *problem, int block)
{
    int low = 0, high = problem->n_openings;
    while (low < high) {
        int middle = low + (high - low) / 2;
        if (problem->openings[middle].block < block)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

kv_status kv_sort_openings(const kv_problem *problem, const kv_multipliers *multipliers,
                           int **first, int **order)
{
    const kv_multipliers *m = multipliers;
    size_t blocks = (size_t)problem->n_blocks;
    *first = kv_alloc(blocks + 2, sizeof(int));
    *order = kv_alloc((size_t)m->n_opening, sizeof(int));
    if (!*first || !*order)
        return KV_ERR_MEMORY;
    /* two places on: there they are the next free place while the entries are put down */
    for (int i = 0; i < m->n_opening; i++)
        (*first)[problem->openings[m->opening[i]].block + 2]++;
    for (size_t b = 0; b < blocks; b++)
        (*first)[b + 2] += (*first)[b + 1];
    for (int i = 0; i < m->n_opening; i++)
        (*order)[(*first)[problem->openings[m->opening[i]].block + 1]++] = i;
    return KV_OK;
}

void kv_price_rows(const kv_problem *problem, const kv_multipliers *multipliers, double *priced)
{
    const kv_problem *p = problem;
    const kv_multipliers *m = multipliers;
    const kv_rows *rows = &p->coupling;
    for (int i = 0; i < rows->count; i++) {
        double kappa = rows->sense[i] == 'L' ? positive(m->coupling[i]) : m->coupling[i];
        for (int e = rows->flow_first[i]; kappa != 0 && e < rows->flow_first[i + 1]; e++)
            priced[(size_t)rows->flow_block[e] * (size_t)p->n_flows + (size_t)rows->flow[e]] +=
                kappa * rows->flow_value[e];
    }
    for (int i = 0; i < m->n_opening; i++)
        priced[(size_t)p->openings[m->opening[i]].block * (size_t)p->n_flows +
               (size_t)m->opening_flow[i]] += positive(m->opening_value[i]);
}

/* What resources and opening sets offer at most within the boxes. */
static void find_offers(lifting *w)
{
    const kv_problem *p = w->problem;
    for (int r = 0; r < p->n_resources; r++) {
        size_t row = (size_t)w->block * (size_t)p->n_resources + (size_t)r;
        w->offer[r] = p->resource_base[row];
        for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
            w->offer[r] += p->supply[e] * w->upper[p->supply_design[e]];
        w->raise[r] = 0;
    }
    for (int a = 0; a < p->n_arcs; a++) {
        w->opening[a] = -1;
        w->share[a] = 1;
    }
    int end = kv_first_opening(p, w->block + 1);
    for (int o = kv_first_opening(p, w->block); o < end; o++) {
        const kv_opening *open = &p->openings[o];
        double sum = 0;
        for (int e = open->first; e < open->first + open->count; e++)
            sum += p->opening_coefficient[e] * w->upper[p->opening_design[e]];
        if (sum >= w->share[open->arc])
            continue;
        w->share[open->arc] = sum;
        w->opening[open->arc] = o;
    }
}

void kv_price_flows(const kv_problem *problem, const kv_multipliers *multipliers, int block,
                    const double *priced, double *reduced)
{
    const kv_problem *p = problem;
    const kv_multipliers *m = multipliers;
    const double *pi = m->balance + (size_t)block * (size_t)p->n_balances;
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    for (int f = 0; f < p->n_flows; f++) {
        size_t at = (size_t)block * (size_t)p->n_flows + (size_t)f;
        double sum = p->block_weight[block] * p->flow_cost[at] + priced[at];
        if (p->flow_tail_row[f] >= 0)
            sum -= pi[p->flow_tail_row[f]];
        if (p->flow_head_row[f] >= 0)
            sum += pi[p->flow_head_row[f]];
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++) {
            size_t row = (size_t)block * (size_t)p->n_resources + (size_t)p->use_resource[e];
            if (p->resource_base[row] < UNLIMITED)
                sum += use[e] * positive(m->resource[row]);
        }
        reduced[f] = p->flow_upper[at] > 0 ? sum : 0;
    }
}

static void price_design_rows(const kv_rows *rows, const double *multiplier, double *reduced)
{
    for (int i = 0; i < rows->count; i++) {
        double value = rows->sense[i] == 'L' ? positive(multiplier[i]) : multiplier[i];
        for (int e = rows->design_first[i]; value != 0 && e < rows->design_first[i + 1]; e++)
            reduced[rows->design[e]] += value * rows->design_value[e];
    }
}

void kv_price_designs(const kv_problem *problem, const kv_multipliers *multipliers, double *reduced)
{
    const kv_problem *p = problem;
    const kv_multipliers *m = multipliers;
    memcpy(reduced, p->design_cost, sizeof(double) * (size_t)p->n_design);
    for (int row = 0; row < p->n_blocks * p->n_resources; row++)
        for (int e = p->supply_first[row];
             p->resource_base[row] < UNLIMITED && e < p->supply_first[row + 1]; e++)
            reduced[p->supply_design[e]] -= positive(m->resource[row]) * p->supply[e];
    for (int i = 0; i < m->n_opening; i++) {
        const kv_opening *open = &p->openings[m->opening[i]];
        double most =
            p->flow_upper[(size_t)open->block * (size_t)p->n_flows + (size_t)m->opening_flow[i]];
        for (int e = open->first; e < open->first + open->count; e++)
            reduced[p->opening_design[e]] -=
                positive(m->opening_value[i]) * most * p->opening_coefficient[e];
    }
    price_design_rows(&p->coupling, m->coupling, reduced);
    price_design_rows(&p->side, m->side, reduced);
}

static void price_flows(lifting *w)
{
    kv_price_flows(w->problem, w->multipliers, w->block, w->priced, w->reduced);
}

/* The flow's scarcest resource takes over what attracts it: the largest need of its flows. */
static void raise_resources(lifting *w)
{
    const kv_problem *p = w->problem;
    const double *use = p->use + (size_t)w->block * (size_t)p->use_first[p->n_flows];
    const double *most = p->flow_upper + (size_t)w->block * (size_t)p->n_flows;
    for (int f = 0; f < p->n_flows; f++) {
        int scarcest = -1;
        double room = most[f] * fmin(1, w->share[p->flow_arc[f]]);
        if (w->reduced[f] >= 0)
            continue;
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++) {
            int r = p->use_resource[e];
            if (use[e] <= 0 || w->offer[r] > UNLIMITED || w->offer[r] >= room * use[e])
                continue;
            room = w->offer[r] / use[e];
            scarcest = e;
        }
        if (scarcest >= 0) {
            double *raise = &w->raise[p->use_resource[scarcest]];
            *raise = fmax(*raise, -w->reduced[f] / use[scarcest]);
        }
    }
    for (int r = 0; r < p->n_resources; r++) {
        double *alpha =
            &w->multipliers->resource[(size_t)w->block * (size_t)p->n_resources + (size_t)r];
        if (w->raise[r] > 0)
            *alpha = positive(*alpha) + w->raise[r];
    }
}

/* Where in the multipliers the scarcest set of each flow's arc stands. */
static void find_places(lifting *w)
{
    const kv_problem *p = w->problem;
    const kv_multipliers *m = w->multipliers;
    for (int f = 0; f < p->n_flows; f++)
        w->place[f] = -1;
    for (int e = w->first[w->block]; e < w->first[w->block + 1]; e++) {
        int i = w->order[e];
        if (w->opening[p->openings[m->opening[i]].arc] == m->opening[i])
            w->place[m->opening_flow[i]] = i;
    }
}

static kv_status raise_openings(lifting *w)
{
    const kv_problem *p = w->problem;
    kv_multipliers *m = w->multipliers;
    int more = 0;
    find_places(w);
    for (int f = 0; f < p->n_flows; f++)
        more += w->reduced[f] < 0 && w->opening[p->flow_arc[f]] >= 0 && w->place[f] < 0;
    if (m->n_opening + more > m->opening_room &&
        kv_multipliers_reserve(m, m->n_opening + more + m->n_opening / 2) != KV_OK)
        return KV_ERR_MEMORY;
    for (int f = 0; f < p->n_flows; f++) {
        if (w->reduced[f] >= 0 || w->opening[p->flow_arc[f]] < 0)
            continue;
        int i = w->place[f];
        if (i < 0) {
            i = m->n_opening++;
            m->opening[i] = w->opening[p->flow_arc[f]];
            m->opening_flow[i] = f;
            m->opening_value[i] = 0;
        }
        m->opening_value[i] = positive(m->opening_value[i]) - w->reduced[f];
    }
    return KV_OK;
}

kv_status kv_multipliers_lift(const kv_problem *problem, const double *upper,
                              kv_multipliers *multipliers)
{
    const kv_problem *p = problem;
    if (multipliers->n_arc_opening > 0)
        return KV_OK;
    size_t nf = (size_t)p->n_flows, nr = (size_t)p->n_resources, na = (size_t)p->n_arcs;
    lifting w = {.problem = p,
                 .multipliers = multipliers,
                 .upper = upper ? upper : p->design_upper,
                 .priced = kv_alloc((size_t)p->n_blocks * nf, sizeof(double)),
                 .reduced = kv_alloc(nf, sizeof(double)),
                 .offer = kv_alloc(nr, sizeof(double)),
                 .raise = kv_alloc(nr, sizeof(double)),
                 .opening = kv_alloc(na, sizeof(int)),
                 .share = kv_alloc(na, sizeof(double)),
                 .place = kv_alloc(nf, sizeof(int))};
    kv_status status =
        w.priced && w.reduced && w.offer && w.raise && w.opening && w.share && w.place
            ? KV_OK
            : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_sort_openings(p, multipliers, &w.first, &w.order);
    if (status == KV_OK)
        kv_price_rows(p, multipliers, w.priced);
    for (; w.block < p->n_blocks && status == KV_OK; w.block++) {
        find_offers(&w);
        price_flows(&w);
        raise_resources(&w);
        price_flows(&w);
        status = raise_openings(&w);
    }
    void *arrays[] = {w.priced, w.reduced, w.offer, w.raise, w.opening,
                      w.share,  w.place,   w.first, w.order};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    return status;
}
