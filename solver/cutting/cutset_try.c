/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One set of nodes. With D = what must leave it, X_g the crossing flows of group g and b_g(y) what
 * bounds them, the sum of the rows is  - sum of the X_g kept - sum of b_g(y) of the others <= -D.
 * Rounding it with divisor delta gives a cut for every choice of the groups kept, of the designs
 * counted from their upper bounds and of delta; those that the point breaks most are looked for as
 * Marchand and Wolsey do.
 */
#include "solver/cutting/cutset_parts.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const double unlimited = 1e30, tiny = 1e-9;
static const double whole = 1e-5; /* of a design's box: nearer to an end it counts as whole */
static const double derivation_work = 20; /* an arc at a node of the set */
enum { MOST_DIVISORS = 12, MOST_TURNS = 12, MOST_ARCS = 8, SMALL_SET = 3 };

typedef enum turning { TURN_NONE, TURN_FULL, TURN_NEAREST, TURNINGS } turning;

/* ---- what crosses ---------------------------------------------------------------------------- */

static size_t resource_row(const kv_cutset *c, int r)
{
    return (size_t)c->block * (size_t)c->problem->n_resources + (size_t)r;
}

static void find_demand(kv_cutset *c)
{
    const kv_problem *p = c->problem;
    c->need = 0;
    for (int k = 0; k < p->n_commodities; k++) {
        double sum = 0;
        for (int i = 0; i < c->n_members; i++) {
            int row = c->balance_row[k * p->n_nodes + c->members[i]];
            if (row >= 0)
                sum += p->balance[(size_t)c->block * (size_t)p->n_balances + (size_t)row];
        }
        c->demand[k] = sum > tiny ? sum : 0;
        c->need += c->demand[k];
    }
}

static double use_of(const kv_cutset *c, int flow, int r)
{
    const kv_problem *p = c->problem;
    const double *use = p->use + (size_t)c->block * (size_t)p->use_first[p->n_flows];
    double sum = 0;
    for (int e = p->use_first[flow]; e < p->use_first[flow + 1]; e++)
        sum += p->use_resource[e] == r ? use[e] : 0;
    return sum;
}

static void cross(kv_cutset *c, int arc, int flow)
{
    const kv_problem *p = c->problem;
    size_t x = (size_t)c->block * (size_t)p->n_flows + (size_t)flow;
    int g = c->group[flow], at = c->block * p->n_arcs + arc, j = c->opener[at];
    kv_crossing *group = &c->crossing[g];
    if (group->resource == NOT_TOUCHED) {
        *group = (kv_crossing){g < p->n_resources ? g : -1, j, 0, HUGE_VAL, 0, KV_KEEP};
        if (g < p->n_resources && p->resource_base[resource_row(c, g)] >= unlimited)
            group->resource = -1;
        c->touched[c->n_touched++] = g;
    }
    if (group->resource >= 0)
        group->least_use = fmin(group->least_use, use_of(c, flow, g));
    group->flow += c->flow[x];
    if (j < 0 || j != group->opener)
        group->opener = -1;
    else
        group->opened +=
            p->flow_upper[x] * p->opening_coefficient[p->openings[c->opening[at]].first];
}

static void find_crossing(kv_cutset *c)
{
    const kv_problem *p = c->problem;
    for (int i = 0; i < c->n_touched; i++)
        c->crossing[c->touched[i]].resource = NOT_TOUCHED;
    c->n_touched = 0;
    for (int i = 0; i < c->n_members; i++) {
        int v = c->members[i];
        c->work += c->node_first[v + 1] - c->node_first[v];
        for (int e = c->node_first[v]; e < c->node_first[v + 1]; e++) {
            int a = c->node_arc[e];
            if (p->arc_tail[a] != v || c->inside[p->arc_head[a]])
                continue;
            c->work += c->arc_first[a + 1] - c->arc_first[a];
            for (int n = c->arc_first[a]; n < c->arc_first[a + 1]; n++) {
                int f = c->arc_flow[n];
                size_t x = (size_t)c->block * (size_t)p->n_flows + (size_t)f;
                if (c->demand[p->flow_commodity[f]] > 0 && p->flow_upper[x] > 0 &&
                    p->flow_tail_row[f] >= 0)
                    cross(c, a, f);
            }
        }
    }
}

/* ---- bounds of groups ------------------------------------------------------------------------ */

static double resource_base(const kv_cutset *c, const kv_crossing *g)
{
    return c->problem->resource_base[resource_row(c, g->resource)] / g->least_use;
}

/* The value of a group's bound at the point; HUGE_VAL where it has none. */
static double bound_value(const kv_cutset *c, const kv_crossing *g, kv_crossing_use use)
{
    const kv_problem *p = c->problem;
    if (use == KV_BY_OPENING)
        return g->opener >= 0 ? g->opened * c->design[g->opener] : HUGE_VAL;
    if (g->resource < 0 || !(g->least_use > 0))
        return HUGE_VAL;
    size_t row = resource_row(c, g->resource);
    double sum = p->resource_base[row];
    for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
        sum += p->supply[e] * c->design[p->supply_design[e]];
    return sum / g->least_use;
}

static void rate_design(kv_cutset *c, int j, double value)
{
    if (c->rate[j] == 0)
        c->rated[c->n_rated++] = j;
    c->rate[j] -= value;
}

static void rate_group(kv_cutset *c, const kv_crossing *g)
{
    const kv_problem *p = c->problem;
    if (g->use == KV_BY_OPENING)
        rate_design(c, g->opener, g->opened);
    if (g->use != KV_BY_RESOURCE)
        return;
    size_t row = resource_row(c, g->resource);
    for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
        if (p->supply[e] > 0)
            rate_design(c, p->supply_design[e], p->supply[e] / g->least_use);
}

/* Coefficients of the designs for the groups' present uses. */
static void rate_all(kv_cutset *c)
{
    for (int i = 0; i < c->n_rated; i++)
        c->rate[c->rated[i]] = 0;
    c->n_rated = 0;
    for (int i = 0; i < c->n_touched; i++)
        rate_group(c, &c->crossing[c->touched[i]]);
}

/* Each group by the bound that is nearest at the point, or kept where 0 is nearer. */
static void choose_bounds(kv_cutset *c)
{
    for (int i = 0; i < c->n_touched; i++) {
        kv_crossing *g = &c->crossing[c->touched[i]];
        double r = bound_value(c, g, KV_BY_RESOURCE), o = bound_value(c, g, KV_BY_OPENING);
        double best = fmin(r, o);
        g->use = best == HUGE_VAL                            ? KV_KEEP
                 : best - g->flow > g->flow + tiny * c->need ? KV_KEEP
                 : r < o                                     ? KV_BY_RESOURCE
                                                             : KV_BY_OPENING;
    }
    rate_all(c);
}

/* ---- a choice and what it breaks ------------------------------------------------------------- */

static double upper_of(const kv_cutset *c, int j)
{
    double upper = c->problem->design_upper[j];
    return c->problem->design_integer[j] ? floor(upper) : upper;
}

static double round_rate(double v, double f0)
{
    double down = floor(v);
    return down + fmax(0, v - down - f0) / (1 - f0);
}

/* The right-hand side before rounding, divided. */
static double divided_rhs(const kv_cutset *c, double divide)
{
    double rhs = -c->need;
    for (int i = 0; i < c->n_touched; i++) {
        const kv_crossing *g = &c->crossing[c->touched[i]];
        if (g->use == KV_BY_RESOURCE)
            rhs += resource_base(c, g);
    }
    for (int i = 0; i < c->n_rated; i++) {
        int j = c->rated[i];
        if (c->complemented[j])
            rhs -= c->rate[j] * upper_of(c, j);
    }
    return rhs / divide;
}

/* What the rounded terms of a design come to at the point. */
static double design_term(const kv_cutset *c, int j, double rate, double divide, double f0)
{
    double y = c->design[j];
    if (!c->problem->design_integer[j])
        return fmin(0, rate / divide) / (1 - f0) * y;
    if (c->complemented[j])
        return round_rate(-rate / divide, f0) * (upper_of(c, j) - y);
    return round_rate(rate / divide, f0) * y;
}

static double violation(const kv_cutset *c, double divide)
{
    double rhs = divided_rhs(c, divide), f0 = rhs - floor(rhs), sum = -floor(rhs);
    if (!(f0 > 0.01 && f0 < 0.99))
        return -HUGE_VAL;
    for (int i = 0; i < c->n_touched; i++) {
        const kv_crossing *g = &c->crossing[c->touched[i]];
        if (g->use == KV_KEEP)
            sum -= g->flow / divide / (1 - f0);
    }
    for (int i = 0; i < c->n_rated; i++)
        sum += design_term(c, c->rated[i], c->rate[c->rated[i]], divide, f0);
    return sum;
}

/* Groups of one design each, counted from 0 and without a base, are free to be kept or replaced:
 * that changes nothing else. */
static void choose_again(kv_cutset *c, double divide)
{
    double rhs = divided_rhs(c, divide), f0 = rhs - floor(rhs);
    if (!(f0 > 0.01 && f0 < 0.99))
        return;
    for (int i = 0; i < c->n_touched; i++) {
        kv_crossing *g = &c->crossing[c->touched[i]];
        int j = g->opener;
        if (j < 0 || c->complemented[j] || (c->rate[j] == 0 && g->use != KV_KEEP))
            continue;
        double best = -g->flow / divide / (1 - f0);
        kv_crossing_use use = KV_KEEP;
        double term = design_term(c, j, -g->opened, divide, f0);
        if (term >= best) {
            best = term;
            use = KV_BY_OPENING;
        }
        size_t row = g->resource >= 0 ? resource_row(c, g->resource) : 0;
        const kv_problem *p = c->problem;
        if (g->resource >= 0 && g->least_use > 0 && p->resource_base[row] == 0 &&
            p->supply_first[row + 1] - p->supply_first[row] == 1 &&
            p->supply_design[p->supply_first[row]] == j) {
            double supply = p->supply[p->supply_first[row]] / g->least_use;
            term = design_term(c, j, -supply, divide, f0);
            if (term > best)
                use = KV_BY_RESOURCE;
        } else if (g->use == KV_BY_RESOURCE) {
            continue;
        }
        g->use = use;
    }
    rate_all(c);
}

static void turn(kv_cutset *c, turning how)
{
    for (int i = 0; i < c->n_rated; i++) {
        int j = c->rated[i];
        double y = c->design[j], upper = upper_of(c, j);
        c->complemented[j] = c->problem->design_integer[j] && how != TURN_NONE && upper > 0 &&
                             (how == TURN_FULL ? y > upper - whole : y > 0.5 * upper);
    }
}

static void turn_back(kv_cutset *c)
{
    for (int j = 0; j < c->problem->n_design; j++)
        c->complemented[j] = 0;
}

static int is_whole(const kv_cutset *c, int j)
{
    double y = c->design[j];
    return !c->problem->design_integer[j] || y - floor(y) < whole || ceil(y) - y < whole;
}

static int add_divisor(double size, double *divisor, int n)
{
    if (!(size > tiny) || n >= MOST_DIVISORS)
        return n;
    for (int d = 0; d < n; d++)
        if (fabs(divisor[d] - size) <= 1e-9 * size)
            return n;
    divisor[n] = size;
    return n + 1;
}

/* Coefficients that designs which are not whole at the point have, or would have in place of the
 * flows that are kept. */
static int find_divisors(const kv_cutset *c, double *divisor)
{
    const kv_problem *p = c->problem;
    int n = 0;
    for (int i = 0; i < c->n_rated; i++)
        if (!is_whole(c, c->rated[i]))
            n = add_divisor(fabs(c->rate[c->rated[i]]), divisor, n);
    for (int i = 0; i < c->n_touched; i++) {
        const kv_crossing *g = &c->crossing[c->touched[i]];
        if (g->use != KV_KEEP)
            continue;
        if (g->opener >= 0 && !is_whole(c, g->opener))
            n = add_divisor(g->opened, divisor, n);
        if (g->resource < 0 || !(g->least_use > 0))
            continue;
        size_t row = resource_row(c, g->resource);
        for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
            if (!is_whole(c, p->supply_design[e]))
                n = add_divisor(p->supply[e] / g->least_use, divisor, n);
    }
    return n;
}

/* ---- the cut --------------------------------------------------------------------------------- */

static kv_status push_source(kv_cutset *c, kv_source_kind kind, int row, int flow, double factor)
{
    if (c->n_sources == c->source_room) {
        int room = 2 * c->source_room + 64;
        kv_source *grown = kv_realloc(c->source, (size_t)room, sizeof *grown);
        if (!grown)
            return KV_ERR_MEMORY;
        c->source = grown;
        c->source_room = room;
    }
    c->source[c->n_sources++] = (kv_source){kind, row, flow, factor};
    return KV_OK;
}

static kv_status push_balances(kv_cutset *c)
{
    const kv_problem *p = c->problem;
    kv_status status = KV_OK;
    for (int k = 0; k < p->n_commodities; k++)
        for (int i = 0; i < c->n_members && c->demand[k] > 0 && status == KV_OK; i++) {
            int row = c->balance_row[k * p->n_nodes + c->members[i]];
            if (row >= 0)
                status = push_source(c, KV_FROM_BALANCE, c->block * p->n_balances + row, 0, -1);
        }
    return status;
}

/* The opening rows of the crossing flows of groups that are replaced so. */
static kv_status push_openings(kv_cutset *c)
{
    const kv_problem *p = c->problem;
    kv_status status = KV_OK;
    for (int i = 0; i < c->n_members; i++) {
        int v = c->members[i];
        for (int e = c->node_first[v]; e < c->node_first[v + 1]; e++) {
            int a = c->node_arc[e];
            if (p->arc_tail[a] != v || c->inside[p->arc_head[a]])
                continue;
            for (int n = c->arc_first[a]; n < c->arc_first[a + 1] && status == KV_OK; n++) {
                int f = c->arc_flow[n];
                size_t x = (size_t)c->block * (size_t)p->n_flows + (size_t)f;
                if (c->demand[p->flow_commodity[f]] > 0 && p->flow_upper[x] > 0 &&
                    p->flow_tail_row[f] >= 0 && c->crossing[c->group[f]].use == KV_BY_OPENING)
                    status =
                        push_source(c, KV_FROM_OPENING, c->opening[c->block * p->n_arcs + a], f, 1);
            }
        }
    }
    return status;
}

static kv_status make_cut(kv_cutset *c, double divide, kv_cut **cut)
{
    int n = 0;
    c->n_sources = 0;
    for (int i = 0; i < c->n_members; i++)
        c->work +=
            derivation_work * (c->node_first[c->members[i] + 1] - c->node_first[c->members[i]]);
    kv_status status = push_balances(c);
    for (int i = 0; i < c->n_touched && status == KV_OK; i++) {
        const kv_crossing *g = &c->crossing[c->touched[i]];
        if (g->use == KV_BY_RESOURCE)
            status = push_source(c, KV_FROM_RESOURCE, (int)resource_row(c, g->resource), 0,
                                 1 / g->least_use);
    }
    if (status == KV_OK)
        status = push_openings(c);
    for (int i = 0; i < c->n_rated; i++)
        if (c->complemented[c->rated[i]])
            c->complement[n++] = c->rated[i];
    if (status == KV_OK)
        status =
            kv_cut_derive(c->derivation, c->n_sources, c->source, n, c->complement, divide, cut);
    if (status == KV_OK && *cut && kv_cut_efficacy(*cut, c->design, c->flow) < c->least) {
        kv_cut_free(*cut);
        *cut = NULL;
    }
    return status;
}

/* ---- the search for the best choice ---------------------------------------------------------- */

typedef struct choice {
    double broken, divide;
    turning how;
} choice;

static double evaluate(kv_cutset *c, double divide)
{
    choose_again(c, divide);
    return violation(c, divide);
}

static choice best_choice(kv_cutset *c)
{
    choice best = {0, 0, TURN_NONE};
    double divisor[MOST_DIVISORS];
    int n = find_divisors(c, divisor);
    for (int how = 0; how < TURNINGS; how++)
        for (int d = 0; d < n; d++) {
            choose_bounds(c);
            turn(c, (turning)how);
            double broken = evaluate(c, divisor[d]);
            if (broken > best.broken)
                best = (choice){broken, divisor[d], (turning)how};
            turn_back(c);
        }
    return best;
}

/* Count single designs from their other end as long as that helps. */
static double turn_single(kv_cutset *c, const choice *best)
{
    double broken = best->broken;
    int turns = 0;
    for (int i = 0; i < c->n_rated && turns < MOST_TURNS; i++) {
        int j = c->rated[i];
        if (is_whole(c, j))
            continue;
        turns++;
        c->complemented[j] = !c->complemented[j];
        double now = violation(c, best->divide);
        if (now > broken)
            broken = now;
        else
            c->complemented[j] = !c->complemented[j];
    }
    return broken;
}

/* The best cut of the set for the commodities with a demand. */
static kv_status try_commodities(kv_cutset *c, kv_cutset_found *found, void *context)
{
    kv_cut *cut = NULL;
    kv_status status = KV_OK;
    find_crossing(c);
    choose_bounds(c);
    choice best = best_choice(c);
    if (best.broken > 1e-4) {
        choose_bounds(c);
        turn(c, best.how);
        (void)evaluate(c, best.divide);
        best.broken = turn_single(c, &best);
        status = make_cut(c, best.divide, &cut);
        turn_back(c);
    }
    if (status == KV_OK && cut)
        found(context, cut);
    return status;
}

/* Crossing arcs whose opening design is not whole at the point, at most `most`. */
static int find_arcs(const kv_cutset *c, int *arc, int most)
{
    const kv_problem *p = c->problem;
    int n = 0;
    for (int i = 0; i < c->n_members; i++)
        for (int e = c->node_first[c->members[i]]; e < c->node_first[c->members[i] + 1]; e++) {
            int a = c->node_arc[e], j = c->opener[c->block * p->n_arcs + a];
            if (p->arc_tail[a] != c->members[i] || c->inside[p->arc_head[a]] || j < 0)
                continue;
            double y = c->design[j];
            if (y - floor(y) > 1e-3 && ceil(y) - y > 1e-3 && n < most)
                arc[n++] = a;
        }
    return n;
}

/* Leave only the commodities that use the arc at the point; how many, of all that must leave. */
static int keep_users(kv_cutset *c, int arc, const double *all)
{
    const kv_problem *p = c->problem;
    int kept = 0;
    memset(c->demand, 0, (size_t)p->n_commodities * sizeof *c->demand);
    c->need = 0;
    for (int n = c->arc_first[arc]; n < c->arc_first[arc + 1]; n++) {
        int f = c->arc_flow[n], k = p->flow_commodity[f];
        size_t x = (size_t)c->block * (size_t)p->n_flows + (size_t)f;
        if (c->flow[x] <= tiny || all[k] <= 0)
            continue;
        c->demand[k] = all[k];
        c->need += all[k];
        kept++;
    }
    return kept;
}

kv_status kv_cutset_try(kv_cutset *cutset, kv_cutset_found *found, void *context)
{
    kv_cutset *c = cutset;
    int arc[MOST_ARCS], n, commodities = 0;
    find_demand(c);
    if (c->need <= tiny)
        return KV_OK;
    for (int k = 0; k < c->problem->n_commodities; k++) {
        c->all[k] = c->demand[k];
        commodities += c->demand[k] > 0;
    }
    int small = c->n_members <= SMALL_SET || c->n_members >= c->problem->n_nodes - SMALL_SET;
    n = c->quick || !small ? 0 : find_arcs(c, arc, MOST_ARCS);
    kv_status status = try_commodities(c, found, context);
    for (int i = 0; i < n && status == KV_OK && commodities > 1; i++) {
        int kept = keep_users(c, arc[i], c->all);
        if (kept > 0 && kept < commodities)
            status = try_commodities(c, found, context);
    }
    return status;
}
