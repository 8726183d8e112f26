/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/sifting.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/potentials.h"
#include "solver/ipm/lift.h"
#include "solver/lagrange/volume.h"

#include <math.h>
#include <string.h>

/* Flows within this share of what it costs to serve their commodity come in at first. */
static const double first_share = 0.02, wider = 5;
/* How well the first rounds are solved; later ones to a part of the gap that is left. */
static const double first_tolerance = 1e-3, tolerance_of_gap = 0.1;

/* Multipliers say which flows matter when the averaged flows cost about as much as the bound. */
static const double near_enough = 0.05;

enum { VOLUME_ITERATIONS = 2000 };

struct kv_sifting {
    kv_relaxation *relaxation;
    const kv_problem *problem;
    unsigned char *columns; /* [n_blocks * n_flows] 1 = the LP holds the flow */
    int all;                /* 1 = the LP holds all flows */
    kv_opening_row *rows;
    size_t n_rows, capacity;
    kv_multipliers *base; /* where potentials of nodes that the LP doesn't have come from */
    double share, tolerance;
    double dearest;           /* an LP over some flows that costs more has too few of them */
    double *priced, *reduced; /* [n_blocks * n_flows], [n_flows] */
    double *before;           /* [n_blocks * n_flows] reduced costs before lifting */
    double *design;           /* [n_design] reduced costs */
    kv_potentials potentials;
    int *place; /* [n_flows] multiplier of the flow's opening row in the block */
    int *next;  /* [n_blocks * n_balances] of potentials */
    int *first; /* [n_arcs] first opening in the block, -1 = none */
    int round;
};

kv_status kv_sifting_create(kv_relaxation *relaxation, kv_sifting **out)
{
    const kv_problem *p = relaxation->problem;
    size_t flows = (size_t)p->n_flows, all = (size_t)p->n_blocks * flows;
    size_t balances = (size_t)p->n_balances;
    kv_sifting *s = *out = kv_alloc(1, sizeof(*s));
    if (!s)
        return KV_ERR_MEMORY;
    s->relaxation = relaxation;
    s->problem = p;
    s->share = first_share;
    s->tolerance = first_tolerance;
    s->columns = kv_alloc(all, 1);
    s->priced = kv_alloc(all, sizeof(double));
    s->before = kv_alloc(all, sizeof(double));
    s->reduced = kv_alloc(flows, sizeof(double));
    s->design = kv_alloc((size_t)p->n_design, sizeof(double));
    s->place = kv_alloc(flows, sizeof(int));
    s->next = kv_alloc((size_t)p->n_blocks * balances, sizeof(int));
    s->first = kv_alloc((size_t)p->n_arcs, sizeof(int));
    if (s->columns && s->priced && s->before && s->reduced && s->design && s->next && s->place &&
        s->first && kv_potentials_create(p, &s->potentials) == KV_OK)
        return KV_OK;
    kv_sifting_free(s);
    *out = NULL;
    return KV_ERR_MEMORY;
}

void kv_sifting_free(kv_sifting *s)
{
    if (!s)
        return;
    void *arrays[] = {s->columns, s->rows, s->priced, s->before, s->reduced,
                      s->design,  s->next, s->place,  s->first};
    for (size_t i = 0; i < sizeof(arrays) / sizeof(*arrays); i++)
        kv_free(arrays[i]);
    kv_potentials_free(&s->potentials);
    kv_multipliers_free(s->base);
    kv_free(s);
}

/* ---- which flows ---- */

/* Flows that a point uses, or that attract almost; all of commodities without balances. */
static void choose(kv_sifting *s, const kv_multipliers *m, const double *flow)
{
    const kv_problem *p = s->problem;
    memset(s->priced, 0, sizeof(double) * (size_t)p->n_blocks * (size_t)p->n_flows);
    kv_price_rows(p, m, s->priced);
    for (int b = 0; b < p->n_blocks; b++) {
        kv_price_flows(p, m, b, s->priced, s->reduced);
        for (int c = 0; c < p->n_commodities; c++) {
            double most = s->share * kv_potentials_price(p, m, b, c);
            int free = p->commodity_balance_first[c] == p->commodity_balance_first[c + 1];
            for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++) {
                size_t at = (size_t)b * (size_t)p->n_flows + (size_t)f;
                if (p->flow_upper[at] > 0 && (free || s->reduced[f] <= most ||
                                              (flow && flow[at] > 1e-4 * p->flow_upper[at])))
                    s->columns[at] = 1;
            }
        }
    }
}

static void find_openings(kv_sifting *s, int block)
{
    const kv_problem *p = s->problem;
    for (int a = 0; a < p->n_arcs; a++)
        s->first[a] = -1;
    for (int o = p->n_openings - 1; o >= 0; o--)
        if (p->openings[o].block == block)
            s->first[p->openings[o].arc] = o;
}

static int is_of(const kv_problem *p, int opening, int block, int arc)
{
    return opening >= 0 && opening < p->n_openings && p->openings[opening].block == block &&
           p->openings[opening].arc == arc;
}

/* All opening rows of the flows that the LP holds. */
static kv_status list_rows(kv_sifting *s)
{
    const kv_problem *p = s->problem;
    s->n_rows = 0;
    for (int b = 0; b < p->n_blocks; b++) {
        find_openings(s, b);
        for (int f = 0; f < p->n_flows; f++) {
            int a = p->flow_arc[f];
            if (!s->columns[(size_t)b * (size_t)p->n_flows + (size_t)f])
                continue;
            for (int o = s->first[a]; is_of(p, o, b, a); o++) {
                if (kv_reserve((void **)&s->rows, &s->capacity, s->n_rows + 1, sizeof(*s->rows)))
                    return KV_ERR_MEMORY;
                s->rows[s->n_rows++] = (kv_opening_row){o, f};
            }
        }
    }
    return KV_OK;
}

static kv_status begin(kv_sifting *s)
{
    const kv_problem *p = s->problem;
    kv_volume_options options;
    kv_volume_result result;
    s->all = 1;
    memset(s->columns, 1, (size_t)p->n_blocks * (size_t)p->n_flows);
    if (p->n_openings == 0 || p->coupling.count > 0)
        return KV_OK;
    kv_volume_options_default(&options);
    options.iterations = VOLUME_ITERATIONS;
    options.deadline = s->relaxation->deadline;
    options.drop_side = s->relaxation->drop_side;
    kv_status status = kv_volume_solve(p, s->relaxation->threads, &options, NULL, &result);
    if (status == KV_OK && result.status != KV_ERR_INFEASIBLE &&
        fabs(result.value - result.bound) <= near_enough * fabs(result.bound)) {
        memset(s->columns, 0, (size_t)p->n_blocks * (size_t)p->n_flows);
        choose(s, result.multipliers, result.flow);
        s->base = result.multipliers;
        s->dearest = result.value + 0.5 * fabs(result.value);
        result.multipliers = NULL;
        s->all = 0;
    }
    kv_volume_result_free(&result);
    return status;
}

/* ---- which flows come in ---- */

static int attracts(const kv_sifting *s, int block, int arc)
{
    const kv_problem *p = s->problem;
    for (int o = s->first[arc]; is_of(p, o, block, arc); o++) {
        const kv_opening *open = &p->openings[o];
        for (int e = open->first; e < open->first + open->count; e++)
            if (s->design[p->opening_design[e]] < 0)
                return 1;
    }
    return s->first[arc] < 0;
}

static long hold(kv_sifting *s, size_t at)
{
    long added = !s->columns[at] && s->problem->flow_upper[at] > 0;
    s->columns[at] |= (unsigned char)added;
    return added;
}

/* The flow, and the way on from its head to a node that flow passes. */
static long hold_way(kv_sifting *s, int block, int flow)
{
    const kv_problem *p = s->problem;
    const int *next = s->next + (size_t)block * (size_t)p->n_balances;
    long added = 0;
    for (int f = flow, steps = 0; f >= 0 && steps <= p->n_nodes; steps++) {
        added += hold(s, (size_t)block * (size_t)p->n_flows + (size_t)f);
        f = p->flow_head_row[f] < 0 ? -1 : next[p->flow_head_row[f]];
    }
    return added;
}

/* Of the flows that attracted before lifting, those come in on whose arcs opening pays by it, or
 * `every` one. */
static long add_columns(kv_sifting *s, int every)
{
    const kv_problem *p = s->problem;
    long added = 0;
    for (int b = 0; b < p->n_blocks; b++) {
        find_openings(s, b);
        for (int f = 0; f < p->n_flows; f++) {
            size_t at = (size_t)b * (size_t)p->n_flows + (size_t)f;
            if (s->before[at] < 0 && p->flow_upper[at] > 0 &&
                (every || attracts(s, b, p->flow_arc[f])))
                added += hold_way(s, b, f);
        }
    }
    return added;
}

/* The opening set of a flow's arc that can bear most: the one whose designs cost most still. */
static int dearest_opening(const kv_sifting *s, int block, int arc)
{
    const kv_problem *p = s->problem;
    int best = -1;
    double most = -HUGE_VAL;
    for (int o = s->first[arc]; is_of(p, o, block, arc); o++) {
        const kv_opening *open = &p->openings[o];
        double least = HUGE_VAL;
        for (int e = open->first; e < open->first + open->count; e++)
            least = fmin(least, s->design[p->opening_design[e]] / p->opening_coefficient[e]);
        if (least > most) {
            most = least;
            best = o;
        }
    }
    return best;
}

/* What all designs of a set offer at most. */
static double most_offered(const kv_problem *p, int opening)
{
    const kv_opening *open = &p->openings[opening];
    double sum = 0;
    for (int e = open->first; e < open->first + open->count; e++)
        sum += p->opening_coefficient[e] * p->design_upper[p->opening_design[e]];
    return sum;
}

/* Multipliers of the block by flow: the last of each in s->place, the one before in before[]. */
static void find_places(kv_sifting *s, int block, const kv_multipliers *m, int *before)
{
    for (int f = 0; f < s->problem->n_flows; f++)
        s->place[f] = -1;
    for (int i = 0; i < m->n_opening; i++)
        if (s->problem->openings[m->opening[i]].block == block) {
            before[i] = s->place[m->opening_flow[i]];
            s->place[m->opening_flow[i]] = i;
        }
}

/* Charge it to the row of the opening and flow. */
static void charge(const kv_sifting *s, int opening, int flow, double value, const int *before,
                   kv_multipliers *m)
{
    int i = s->place[flow];
    while (i >= 0 && m->opening[i] != opening)
        i = before[i];
    if (i < 0) {
        i = m->n_opening++;
        m->opening[i] = opening;
        m->opening_flow[i] = flow;
        m->opening_value[i] = 0;
    }
    m->opening_value[i] = fmax(0, m->opening_value[i]) + value;
}

/* What attracts is charged to an opening set, which costs nothing as long as the set is not worth
 * opening. For flows that the LP holds it did so itself, where more can be offered than needed. */
static kv_status cover(kv_sifting *s, int block, kv_multipliers *m)
{
    const kv_problem *p = s->problem;
    const unsigned char *held = s->columns + (size_t)block * (size_t)p->n_flows;
    int more = 0, *before = kv_alloc((size_t)m->n_opening, sizeof(int));
    find_openings(s, block);
    for (int f = 0; f < p->n_flows; f++)
        more += s->reduced[f] < 0;
    if (!before || kv_multipliers_reserve(m, m->n_opening + more) != KV_OK) {
        kv_free(before);
        return KV_ERR_MEMORY;
    }
    find_places(s, block, m, before);
    for (int f = 0; f < p->n_flows; f++) {
        int o = s->reduced[f] < 0 ? dearest_opening(s, block, p->flow_arc[f]) : -1;
        if (o >= 0 && (!held[f] || most_offered(p, o) <= 1 + 1e-9))
            charge(s, o, f, -s->reduced[f], before, m);
    }
    kv_free(before);
    return KV_OK;
}

/* Lift the multipliers of the LP at hand; the bound on the whole. */
static kv_status price(kv_sifting *s, kv_ipm_result *result)
{
    const kv_problem *p = s->problem;
    kv_multipliers *m = result->multipliers;
    memset(s->priced, 0, sizeof(double) * (size_t)p->n_blocks * (size_t)p->n_flows);
    kv_price_rows(p, m, s->priced);
    for (int b = 0; b < p->n_blocks && !s->all; b++) {
        size_t at = (size_t)b * (size_t)p->n_flows, rows = (size_t)b * (size_t)p->n_balances;
        kv_potentials_mend(&s->potentials, b, s->columns + at, result->flow + at, s->priced,
                           s->base->balance + rows, m, s->before + at);
        memcpy(s->next + rows, s->potentials.next, sizeof(int) * (size_t)p->n_balances);
    }
    kv_status status = kv_multipliers_lift(p, NULL, m);
    kv_price_designs(p, m, s->design);
    memset(s->priced, 0, sizeof(double) * (size_t)p->n_blocks * (size_t)p->n_flows);
    kv_price_rows(p, m, s->priced);
    for (int b = 0; b < p->n_blocks && status == KV_OK && !s->all; b++) {
        kv_price_flows(p, m, b, s->priced, s->reduced);
        status = cover(s, b, m);
    }
    if (status != KV_OK)
        return status;
    kv_price_designs(p, m, s->design);
    result->bound = kv_bound_recompute(p, m);
    return KV_OK;
}

static void take_all(kv_sifting *s)
{
    s->all = 1;
    memset(s->columns, 1, (size_t)s->problem->n_blocks * (size_t)s->problem->n_flows);
}

/* The LP at hand could not be solved: more flows, in the end all. */
static void widen(kv_sifting *s)
{
    s->share *= wider;
    if (s->share > 1)
        take_all(s);
    else
        choose(s, s->base, NULL);
}

/* The LP of this round; the first one that does not fail before it begins. */
static kv_status solve(kv_sifting *s, double tolerance, double cutoff, kv_ipm_result *result)
{
    kv_status status = s->round++ == 0 ? begin(s) : KV_OK;
    while (status == KV_OK) {
        if ((status = list_rows(s)) != KV_OK)
            break;
        kv_lp_options options = {.drop_side = s->relaxation->drop_side,
                                 .openings = s->rows,
                                 .n_openings = (int)s->n_rows,
                                 .columns = s->all ? NULL : s->columns};
        s->tolerance = s->all ? tolerance : fmax(s->tolerance, 0.5 * tolerance);
        status = kv_relaxation_run(s->relaxation, &options, s->tolerance,
                                   s->all ? cutoff : fmin(cutoff, s->dearest), result);
        if (status != KV_ERR_INFEASIBLE || s->all)
            break;
        widen(s);
        status = KV_OK;
    }
    return status;
}

/* More flows where they attract, and a tolerance for the next round; 1 = there is nothing left. */
static int prepare_next(kv_sifting *s, double gap, double tolerance, const kv_ipm_result *result)
{
    int tight = s->tolerance <= 0.5 * tolerance;
    if (add_columns(s, 0) == 0 && tight && add_columns(s, 1) == 0)
        return 1;
    s->tolerance = fmin(0.5 * s->tolerance, tolerance_of_gap * fmax(gap, 0));
    memcpy(s->base->balance, result->multipliers->balance,
           sizeof(double) * (size_t)s->problem->n_blocks * (size_t)s->problem->n_balances);
    return 0;
}

static int out_of_time(const kv_relaxation *r)
{
    return kv_clock() >= r->deadline || kv_stop_requested();
}

kv_status kv_sifting_step(kv_sifting *s, double tolerance, double cutoff, kv_ipm_result *result,
                          int *done)
{
    kv_status status = solve(s, tolerance, cutoff, result);
    *done = 0;
    if (status != KV_OK)
        return status;
    int failed = !s->all && ((result->status != KV_OK && !out_of_time(s->relaxation)) ||
                             result->bound > fmin(cutoff, s->dearest));
    if ((status = price(s, result)) != KV_OK) {
        kv_ipm_result_free(result);
        return status;
    }
    double gap = (result->primal - result->bound) / fmax(1, fabs(result->primal));
    if (failed)
        widen(s);
    else if (s->all || result->status != KV_OK)
        *done = 1;
    else if (gap <= tolerance && result->violation <= kv_ipm_rows_share * tolerance)
        *done = 1;
    else if (prepare_next(s, gap, tolerance, result))
        take_all(s); /* multipliers that no flow left out agrees with: there is no interior */
    return KV_OK;
}
