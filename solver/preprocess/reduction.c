/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reduced-cost fixing. A plan costs at least the bound and, for each variable that is away from the
 * end that its reduced cost favours, that reduced cost times the distance. A plan no dearer than the
 * incumbent can't be farther away than (incumbent - bound) / reduced cost. For flows the reduced cost
 * of the whole way is taken (solver/preprocess/path_costs.h).
 *
 * A smaller m also strengthens the opening rows x <= m sum o y, where sum o y is 0 or at least 1.
 * Where it may be a fraction, only m = 0 says the same.
 */
#include "solver/preprocess/reduction.h"

#include "base/memory.h"
#include "solver/preprocess/groups.h"
#include "solver/preprocess/path_costs.h"

#include <math.h>
#include <string.h>

static const double unlimited = 1e30;
static const double slack = 1e-6; /* relative to the cutoff: what an LP's tolerance may hide */
static const double whole_slack = 1e-6; /* a number this near below an integer counts as that */
static const double worth = 0.999;      /* m is changed when it shrinks below this share */

/* ---- life ---------------------------------------------------------------------------------- */

static void mark_scalable(kv_reduction *r, unsigned char *whole)
{
    const kv_problem *p = &r->problem;
    memset(whole, 1, (size_t)p->n_blocks * (size_t)p->n_arcs);
    for (int i = 0; i < p->n_openings; i++) {
        const kv_opening *o = &p->openings[i];
        unsigned char *arc = &whole[(size_t)o->block * (size_t)p->n_arcs + (size_t)o->arc];
        for (int e = o->first; e < o->first + o->count; e++)
            *arc &= p->design_integer[p->opening_design[e]] && p->opening_coefficient[e] >= 1.0;
    }
    for (int b = 0; b < p->n_blocks; b++)
        for (int f = 0; f < p->n_flows; f++)
            r->scalable[(size_t)b * (size_t)p->n_flows + (size_t)f] =
                whole[(size_t)b * (size_t)p->n_arcs + (size_t)p->flow_arc[f]];
}

kv_status kv_reduction_create(const kv_problem *problem, const double *lower, const double *upper,
                              const unsigned char *drop_side, kv_reduction *reduction)
{
    kv_reduction *r = reduction;
    size_t n = (size_t)problem->n_design;
    size_t flows = (size_t)problem->n_blocks * (size_t)problem->n_flows;
    *r = (kv_reduction){.problem = *problem,
                        .lower = kv_alloc(n, sizeof *r->lower),
                        .upper = kv_alloc(n, sizeof *r->upper),
                        .flow_upper = kv_alloc(flows, sizeof *r->flow_upper),
                        .scalable = kv_alloc(flows, 1),
                        .arc = kv_alloc((size_t)problem->n_blocks * (size_t)problem->n_arcs, 1),
                        .drop_side = drop_side,
                        .cutoff = HUGE_VAL};
    if (!r->lower || !r->upper || !r->flow_upper || !r->scalable || !r->arc)
        return KV_ERR_MEMORY;
    for (size_t j = 0; j < n; j++) {
        r->lower[j] = lower ? lower[j] : problem->design_lower[j];
        r->upper[j] = upper ? upper[j] : problem->design_upper[j];
        if (!problem->design_integer[j])
            continue;
        r->lower[j] = ceil(r->lower[j]);
        r->upper[j] = floor(r->upper[j]);
    }
    memcpy(r->flow_upper, problem->flow_upper, flows * sizeof *r->flow_upper);
    r->problem.design_lower = r->lower;
    r->problem.design_upper = r->upper;
    r->problem.flow_upper = r->flow_upper;
    mark_scalable(r, r->arc);
    return KV_OK;
}

void kv_reduction_clear(kv_reduction *reduction)
{
    kv_free(reduction->lower);
    kv_free(reduction->upper);
    kv_free(reduction->flow_upper);
    kv_free(reduction->scalable);
    kv_free(reduction->arc);
    memset(reduction, 0, sizeof *reduction);
}

/* ---- boxes --------------------------------------------------------------------------------- */

/* Narrow the box of an integer variable; what goes beyond the other end leaves an empty box. */
static void narrow(kv_reduction *r, int j, double low, double high)
{
    double old_low = r->lower[j], old_high = r->upper[j];
    if (!r->problem.design_integer[j])
        return;
    if (low > old_low)
        r->lower[j] = fmax(old_low, ceil(low - whole_slack));
    if (high < old_high)
        r->upper[j] = fmin(old_high, floor(high + whole_slack));
    int shrank = r->lower[j] > old_low || r->upper[j] < old_high;
    r->narrowed += shrank;
    r->fixed += shrank && r->lower[j] >= r->upper[j];
}

/* room: cutoff less bound. Of a member of a group each number of units is tried with the best that
 * the others can then do. */
static void narrow_member(kv_reduction *r, const kv_groups *g, int j, const double *d, double room)
{
    int group = g->of[j];
    double limit = floor(g->group[group].limit);
    double best = kv_group_least(g, group, d, r->upper, limit, -1);
    double least = 1.0, most = fmin(r->upper[j], limit);
    for (int up = 1; up >= 0; up--) { /* convex in y_j: look from either end */
        double y = up ? most : 0.0, end = up ? 0.0 : most;
        while (y != end &&
               d[j] * y + kv_group_least(g, group, d, r->upper, limit - y, j) - best > room)
            y += up ? -1.0 : 1.0;
        if (up)
            most = y;
        else
            least = y;
    }
    narrow(r, j, least, most);
}

/* What the groups add to the bound: of each, the best that its limit allows instead of all. */
static double group_gain(const kv_reduction *r, const kv_groups *g, const double *d)
{
    double gain = 0.0;
    for (int i = 0; i < g->count; i++) {
        const kv_group *one = &g->group[i];
        double alone = 0.0;
        for (int e = one->first; e < one->first + one->count; e++)
            alone += fmin(0.0, d[g->member[e]]) * r->upper[g->member[e]];
        if (one->count > 0)
            gain += kv_group_least(g, i, d, r->upper, one->limit, -1) - alone;
    }
    return gain;
}

static void narrow_designs(kv_reduction *r, const kv_groups *g, const double *d, double room)
{
    const kv_problem *p = &r->problem;
    for (int j = 0; j < p->n_design; j++) {
        double width = r->upper[j] - r->lower[j];
        if (!p->design_integer[j] || !(width > 0.0))
            continue;
        if (g->of[j] >= 0)
            narrow_member(r, g, j, d, room);
        else if (d[j] > 0.0 && d[j] * width > room)
            narrow(r, j, r->lower[j], r->lower[j] + room / d[j]);
        else if (d[j] < 0.0 && -d[j] * width > room)
            narrow(r, j, r->upper[j] + room / d[j], r->upper[j]);
    }
}

/* What one side row, sum <= rhs, leaves of the boxes. sign -1: the row's other side. */
static void propagate_row(kv_reduction *r, int row, double sign)
{
    const kv_rows *rows = &r->problem.side;
    double least = 0.0, size = fabs(rows->rhs[row]);
    for (int e = rows->design_first[row]; e < rows->design_first[row + 1]; e++) {
        double a = sign * rows->design_value[e];
        double term = a * (a > 0.0 ? r->lower[rows->design[e]] : r->upper[rows->design[e]]);
        least += term;
        size += fabs(term);
    }
    double room = sign * rows->rhs[row] - least + 1e-9 * size;
    for (int e = rows->design_first[row]; e < rows->design_first[row + 1] && room >= 0.0; e++) {
        int j = rows->design[e];
        double a = sign * rows->design_value[e], width = r->upper[j] - r->lower[j];
        if (!r->problem.design_integer[j] || !(fabs(a) * width > room))
            continue;
        if (a > 0.0)
            narrow(r, j, r->lower[j], r->lower[j] + room / a);
        else
            narrow(r, j, r->upper[j] + room / a, r->upper[j]);
    }
}

static void propagate_side(kv_reduction *r)
{
    const kv_rows *rows = &r->problem.side;
    for (int i = 0; i < rows->count; i++) {
        if (r->drop_side && r->drop_side[i])
            continue;
        propagate_row(r, i, 1.0);
        if (rows->sense[i] == 'E')
            propagate_row(r, i, -1.0);
    }
}

static int is_empty(const kv_reduction *r)
{
    for (int j = 0; j < r->problem.n_design; j++)
        if (r->lower[j] > r->upper[j])
            return 1;
    return 0;
}

/* ---- flows --------------------------------------------------------------------------------- */

static void limit_flow(kv_reduction *r, size_t x, double most)
{
    double old = r->flow_upper[x];
    most = fmax(most, 0.0);
    if (old <= 0.0 || !(most <= worth * old) || (most > 0.0 && !r->scalable[x]))
        return;
    r->flow_upper[x] = most;
    r->removed += most <= 0.0;
    r->tightened += most > 0.0;
}

/* Arcs that no design of the boxes opens carry nothing. */
static void close_arcs(kv_reduction *r)
{
    const kv_problem *p = &r->problem;
    memset(r->arc, 0, (size_t)p->n_blocks * (size_t)p->n_arcs);
    for (int i = 0; i < p->n_openings; i++) {
        const kv_opening *o = &p->openings[i];
        double open = 0.0;
        for (int e = o->first; e < o->first + o->count; e++)
            open += fmax(0.0, r->upper[p->opening_design[e]]);
        r->arc[(size_t)o->block * (size_t)p->n_arcs + (size_t)o->arc] |= open <= 0.0;
    }
    for (int b = 0; b < p->n_blocks; b++)
        for (int f = 0; f < p->n_flows; f++)
            if (r->arc[(size_t)b * (size_t)p->n_arcs + (size_t)p->flow_arc[f]])
                limit_flow(r, (size_t)b * (size_t)p->n_flows + (size_t)f, 0.0);
}

/* What all designs at the tops of their boxes offer of a resource. */
static double offer_most(const kv_reduction *r, int block, int resource)
{
    const kv_problem *p = &r->problem;
    size_t row = (size_t)block * (size_t)p->n_resources + (size_t)resource;
    double most = p->resource_base[row], size = fabs(most);
    for (int e = p->supply_first[row]; e < p->supply_first[row + 1] && most < unlimited; e++) {
        most += p->supply[e] * r->upper[p->supply_design[e]];
        size += fabs(p->supply[e] * r->upper[p->supply_design[e]]);
    }
    return most < unlimited ? most + 1e-12 * size * (most > 0.0) : most;
}

/* most [n_resources]: room. */
static void limit_by_resources(kv_reduction *r, int block, double *most)
{
    const kv_problem *p = &r->problem;
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    for (int i = 0; i < p->n_resources; i++)
        most[i] = offer_most(r, block, i);
    for (int f = 0; f < p->n_flows; f++)
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++)
            if (use[e] > 0.0 && most[p->use_resource[e]] < unlimited)
                limit_flow(r, (size_t)block * (size_t)p->n_flows + (size_t)f,
                           most[p->use_resource[e]] / use[e]);
}

typedef struct path_room { /* for one commodity */
    unsigned char *open;
    double *distance, *least;
} path_room;

static void limit_by_paths(kv_reduction *r, const double *reduced, double room, path_room *paths)
{
    const kv_problem *p = &r->problem;
    for (int b = 0; b < p->n_blocks; b++) {
        for (int k = 0; k < p->n_commodities; k++) {
            int count = p->commodity_flow_first[k + 1] - p->commodity_flow_first[k];
            size_t x = (size_t)b * (size_t)p->n_flows + (size_t)p->commodity_flow_first[k];
            for (int f = 0; f < count; f++)
                paths->open[f] = r->flow_upper[x + (size_t)f] > 0.0;
            kv_path_costs(p, b, k, reduced + x, paths->open, paths->distance, paths->least);
            for (int f = 0; f < count; f++)
                if (paths->least[f] > 0.0)
                    limit_flow(r, x + (size_t)f, room / paths->least[f]);
        }
    }
}

static kv_status limit_flows(kv_reduction *r, const double *reduced, double room)
{
    const kv_problem *p = &r->problem;
    size_t distances = 0;
    for (int k = 0; k < p->n_commodities; k++) {
        size_t own =
            kv_path_room(p->commodity_balance_first[k + 1] - p->commodity_balance_first[k]);
        distances = own > distances ? own : distances;
    }
    path_room paths = {kv_alloc((size_t)p->n_flows, 1), kv_alloc(distances, sizeof(double)),
                       kv_alloc((size_t)p->n_flows, sizeof(double))};
    double *most = kv_alloc((size_t)p->n_resources, sizeof *most);
    kv_status status = KV_ERR_MEMORY;
    if (paths.open && paths.distance && paths.least && most) {
        close_arcs(r);
        for (int b = 0; b < p->n_blocks; b++)
            limit_by_resources(r, b, most);
        limit_by_paths(r, reduced, room, &paths);
        status = KV_OK;
    }
    kv_free(paths.open);
    kv_free(paths.distance);
    kv_free(paths.least);
    kv_free(most);
    return status;
}

/* ---- all ----------------------------------------------------------------------------------- */

kv_status kv_reduction_tighten(kv_reduction *reduction, const kv_multipliers *multipliers,
                               double cutoff)
{
    kv_reduction *r = reduction;
    kv_reduced_costs costs;
    kv_groups groups = {0};
    kv_status status =
        kv_reduced_costs_create(&r->problem, r->lower, r->upper, multipliers, &costs);
    if (status == KV_OK)
        status = kv_groups_create(&r->problem, r->lower, r->drop_side, &groups);
    if (status == KV_OK && costs.bound == HUGE_VAL)
        status = KV_ERR_INFEASIBLE;
    if (status != KV_OK || !(cutoff < unlimited) || !isfinite(costs.bound) ||
        !isfinite(costs.error))
        goto out;
    double bound = costs.bound + group_gain(r, &groups, costs.design);
    double room = cutoff - bound + costs.error + slack * fmax(fabs(cutoff), fabs(bound));
    r->cutoff = fmin(r->cutoff, cutoff);
    if (room < 0.0) {
        status = KV_ERR_INFEASIBLE;
        goto out;
    }
    narrow_designs(r, &groups, costs.design, room);
    propagate_side(r);
    status = is_empty(r) ? KV_ERR_INFEASIBLE : limit_flows(r, costs.flow, room);
out:
    kv_groups_clear(&groups);
    kv_reduced_costs_clear(&costs);
    return status;
}
