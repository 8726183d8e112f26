/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/shut.h"

#include "base/memory.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <string.h>

static const double least_open = 1e-6; /* less than this of an opening set is nothing */
static const double least_room = 1e-9; /* of the most that a resource can ever offer */
static const double crumb_share = 1e-9, crumb_points = 1e3;
static const double unlimited = 1e30;

/* Mark the arcs of a block with an opening set that has nothing open. */
static void mark_arcs(const kv_problem *p, const double *design, int block, unsigned char *closed)
{
    memset(closed, 0, (size_t)p->n_arcs);
    int end = kv_first_opening(p, block + 1);
    for (int i = kv_first_opening(p, block); i < end; i++) {
        const kv_opening *open = &p->openings[i];
        double sum = 0;
        for (int e = open->first; e < open->first + open->count; e++)
            sum += p->opening_coefficient[e] * design[p->opening_design[e]];
        closed[open->arc] |= sum < least_open;
    }
}

static int has_room(const kv_problem *p, const double *design, int block, int resource)
{
    size_t row = (size_t)block * (size_t)p->n_resources + (size_t)resource;
    double room = p->resource_base[row];
    if (room >= unlimited)
        return 1;
    for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
        room += p->supply[e] * design[p->supply_design[e]];
    return room > least_room * fmin(1e9, fmax(1, kv_problem_resource_most(p, block, resource)));
}

static int uses_full(const kv_problem *p, const double *use, const unsigned char *full, int flow)
{
    for (int e = p->use_first[flow]; e < p->use_first[flow + 1]; e++)
        if (full[p->use_resource[e]] && use[e] > 0)
            return 1;
    return 0;
}

kv_status kv_shut_block(const kv_problem *problem, const double *design, int block,
                        unsigned char *shut)
{
    const kv_problem *p = problem;
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    const double *upper = p->flow_upper + (size_t)block * (size_t)p->n_flows;
    unsigned char *closed = kv_alloc((size_t)p->n_arcs, 1),
                  *full = kv_alloc((size_t)p->n_resources, 1);
    kv_status status = closed && full ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK && design)
        mark_arcs(p, design, block, closed);
    for (int r = 0; r < p->n_resources && status == KV_OK && design; r++)
        full[r] = (unsigned char)!has_room(p, design, block, r);
    for (int f = 0; f < p->n_flows && status == KV_OK; f++)
        shut[f] = upper[f] <= 0.0 || closed[p->flow_arc[f]] || uses_full(p, use, full, f);
    kv_free(closed);
    kv_free(full);
    return status;
}

kv_status kv_shut_flows(const kv_problem *problem, const double *design, unsigned char *shut)
{
    kv_status status = KV_OK;
    for (int b = 0; b < problem->n_blocks && status == KV_OK; b++)
        status = kv_shut_block(problem, design, b, shut + (size_t)b * (size_t)problem->n_flows);
    return status;
}

static int has_ends(const kv_problem *p, int block, int commodity)
{
    const double *d = p->balance + (size_t)block * (size_t)p->n_balances;
    for (int r = p->commodity_balance_first[commodity];
         r < p->commodity_balance_first[commodity + 1]; r++)
        if (d[r] != 0)
            return 1;
    return 0;
}

void kv_sweep_crumbs(const kv_problem *problem, double *flow)
{
    const kv_problem *p = problem;
    for (int b = 0; b < p->n_blocks && p->flow_grid > 0; b++) {
        double *x = flow + (size_t)b * (size_t)p->n_flows;
        for (int k = 0; k < p->n_commodities; k++) {
            int first = p->commodity_flow_first[k], end = p->commodity_flow_first[k + 1];
            double crumb = 0;
            for (int f = first; f < end; f++)
                crumb = fmax(crumb, x[f]);
            crumb *= has_ends(p, b, k) || crumb >= crumb_points * p->flow_grid ? crumb_share : 2;
            for (int f = first; f < end; f++)
                if (x[f] < fmin(crumb, crumb_points * p->flow_grid))
                    x[f] = 0;
        }
    }
}
