/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Multipliers and the bound that they prove (docs/mathematics.md, section 6). For any multipliers
 *
 *   r   = w c - pi_tail + pi_head + sum u alpha + sum_O (beta_O + beta_O,k) + sum q kappa
 *   L   = sum min(0, r m) + sum pi d - sum alpha R - sum kappa h - sum gamma g
 *         + sum_j min over y_j in its box of
 *           (f_j - sum alpha s - sum_O (sum_k beta_O,k m_k + beta_O M_O) o + sum kappa p + sum gamma G) y_j
 *
 * (a cut d y + e x <= h adds mu e to r, mu d to the coefficients of y and -mu h to the constant,)
 * where beta_O,k belongs to the opening row of one flow and beta_O to the row of a whole arc (the
 * weak form) sum_k x <= M_O sum o y.
 *
 * Whole arcs. With M_O = sum_k m_k the row is the sum of the flows' rows, so that its multiplier
 * can as well be given to each of these and nothing is lost. If all of O is integer with o >= 1,
 * then either sum o y >= 1, where a resource u of the arc allows sum_k x <= (most of it that can ever be)
 * / min u, or sum o y = 0, where nothing flows: M_O may be lowered to that figure. The lowered row is not a
 * combination of the flows' rows and the resource row (at sum o y = 1/2 it halves the resource),
 * so it has a multiplier of its own.
 */
#include "base/memory.h"
#include "base/sum.h"
#include "solver/cut.h"
#include "solver/proof.h"

#include <math.h>
#include <string.h>

static const double unlimited = 1e30;

/* ---- multipliers --------------------------------------------------------------------------- */

kv_multipliers *kv_multipliers_create(const kv_problem *problem)
{
    kv_multipliers *m = kv_alloc(1, sizeof *m);
    size_t blocks = (size_t)problem->n_blocks;
    if (!m)
        return NULL;
    m->balance = kv_alloc(blocks * (size_t)problem->n_balances, sizeof *m->balance);
    m->resource = kv_alloc(blocks * (size_t)problem->n_resources, sizeof *m->resource);
    m->coupling = kv_alloc((size_t)problem->coupling.count, sizeof *m->coupling);
    m->side = kv_alloc((size_t)problem->side.count, sizeof *m->side);
    if (!m->balance || !m->resource || !m->coupling || !m->side) {
        kv_multipliers_free(m);
        return NULL;
    }
    return m;
}

/* Grow one array to `count` items of `size` bytes; a NULL array is made. */
static int grow(void *array, int count, size_t size)
{
    void **place = array;
    void *grown = kv_realloc(*place, (size_t)count, size);
    if (!grown)
        return -1;
    *place = grown;
    return 0;
}

kv_status kv_multipliers_reserve(kv_multipliers *multipliers, int n_opening)
{
    kv_multipliers *m = multipliers;
    if (n_opening < 0)
        return KV_ERR_ARGUMENT;
    if (n_opening <= m->opening_room)
        return KV_OK;
    if (grow(&m->opening, n_opening, sizeof *m->opening) != 0 ||
        grow(&m->opening_flow, n_opening, sizeof *m->opening_flow) != 0 ||
        grow(&m->opening_value, n_opening, sizeof *m->opening_value) != 0)
        return KV_ERR_MEMORY;
    m->opening_room = n_opening;
    return KV_OK;
}

kv_status kv_multipliers_reserve_arcs(kv_multipliers *multipliers, int n_arc_opening)
{
    kv_multipliers *m = multipliers;
    if (n_arc_opening < 0)
        return KV_ERR_ARGUMENT;
    if (n_arc_opening <= m->arc_opening_room)
        return KV_OK;
    if (grow(&m->arc_opening, n_arc_opening, sizeof *m->arc_opening) != 0 ||
        grow(&m->arc_opening_value, n_arc_opening, sizeof *m->arc_opening_value) != 0)
        return KV_ERR_MEMORY;
    m->arc_opening_room = n_arc_opening;
    return KV_OK;
}

kv_status kv_multipliers_reserve_cuts(kv_multipliers *multipliers, int n_cut)
{
    kv_multipliers *m = multipliers;
    if (n_cut < 0)
        return KV_ERR_ARGUMENT;
    if (n_cut <= m->cut_room)
        return KV_OK;
    if (grow(&m->cut, n_cut, sizeof *m->cut) != 0 ||
        grow(&m->cut_value, n_cut, sizeof *m->cut_value) != 0)
        return KV_ERR_MEMORY;
    m->cut_room = n_cut;
    return KV_OK;
}

void kv_multipliers_free(kv_multipliers *multipliers)
{
    if (!multipliers)
        return;
    kv_free(multipliers->balance);
    kv_free(multipliers->resource);
    kv_free(multipliers->opening);
    kv_free(multipliers->opening_flow);
    kv_free(multipliers->opening_value);
    kv_free(multipliers->arc_opening);
    kv_free(multipliers->arc_opening_value);
    kv_free(multipliers->coupling);
    kv_free(multipliers->side);
    kv_free(multipliers->cut);
    kv_free(multipliers->cut_value);
    kv_free(multipliers);
}

static void copy_numbers(double *to, const double *from, size_t count)
{
    if (count > 0)
        memcpy(to, from, count * sizeof *to);
}

static void copy_openings(kv_multipliers *to, const kv_multipliers *from)
{
    for (int i = 0; i < from->n_opening; i++) {
        to->opening[i] = from->opening[i];
        to->opening_flow[i] = from->opening_flow[i];
        to->opening_value[i] = from->opening_value[i];
    }
    for (int i = 0; i < from->n_arc_opening; i++) {
        to->arc_opening[i] = from->arc_opening[i];
        to->arc_opening_value[i] = from->arc_opening_value[i];
    }
    for (int i = 0; i < from->n_cut; i++) {
        to->cut[i] = from->cut[i];
        to->cut_value[i] = from->cut_value[i];
    }
    to->n_opening = from->n_opening;
    to->n_arc_opening = from->n_arc_opening;
    to->n_cut = from->n_cut;
}

kv_multipliers *kv_multipliers_copy(const kv_problem *problem, const kv_multipliers *multipliers)
{
    const kv_problem *p = problem;
    const kv_multipliers *from = multipliers;
    size_t blocks = (size_t)p->n_blocks;
    kv_multipliers *to = kv_multipliers_create(p);
    if (!to)
        return NULL;
    if (kv_multipliers_reserve(to, from->n_opening) != KV_OK ||
        kv_multipliers_reserve_arcs(to, from->n_arc_opening) != KV_OK ||
        kv_multipliers_reserve_cuts(to, from->n_cut) != KV_OK) {
        kv_multipliers_free(to);
        return NULL;
    }
    copy_numbers(to->balance, from->balance, blocks * (size_t)p->n_balances);
    copy_numbers(to->resource, from->resource, blocks * (size_t)p->n_resources);
    copy_numbers(to->coupling, from->coupling, (size_t)p->coupling.count);
    copy_numbers(to->side, from->side, (size_t)p->side.count);
    copy_openings(to, from);
    return to;
}

/* ---- the bound ----------------------------------------------------------------------------- */

/* A multiplier as it may be used: a number, and not negative for an inequality. */
static double usable(double multiplier, char sense)
{
    if (!isfinite(multiplier) || (sense == 'L' && multiplier < 0.0))
        return 0.0;
    return multiplier;
}

struct bound {
    const kv_problem *problem;
    const kv_multipliers *multipliers;
    kv_sum constant;
    kv_sum *design; /* [n_design] coefficient of y_j */
    double *priced; /* [n_blocks * n_flows] what opening and coupling rows add to r */
    int *arc_first; /* [n_arcs + 1] and */
    int *arc_flow;  /* [n_flows]: the flows of an arc; made when a whole arc has a multiplier */
};

/* A row of side or coupling with its multiplier. */
static void price_rows(struct bound *b, const kv_rows *rows, const double *multiplier)
{
    const kv_problem *p = b->problem;
    for (int i = 0; i < rows->count; i++) {
        double value = usable(multiplier[i], rows->sense[i]);
        if (value == 0.0)
            continue;
        kv_sum_add(&b->constant, -value * rows->rhs[i]);
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++)
            kv_sum_add(&b->design[rows->design[e]], value * rows->design_value[e]);
        for (int e = rows->flow_first[i]; e < rows->flow_first[i + 1]; e++)
            b->priced[(size_t)rows->flow_block[e] * (size_t)p->n_flows + (size_t)rows->flow[e]] +=
                value * rows->flow_value[e];
    }
}

static void price_cuts(struct bound *b)
{
    const kv_multipliers *m = b->multipliers;
    for (int i = 0; i < m->n_cut; i++) {
        const kv_cut *c = m->cut[i];
        double mu = usable(m->cut_value[i], 'L');
        if (mu == 0.0)
            continue;
        kv_sum_add(&b->constant, -mu * c->rhs);
        for (int e = 0; e < c->n_design; e++)
            kv_sum_add(&b->design[c->design[e]], mu * c->design_value[e]);
        for (int e = 0; e < c->n_flows; e++)
            b->priced[c->flow[e]] += mu * c->flow_value[e];
    }
}

/* beta times the right-hand side of an opening row with coefficient M. */
static void price_opening_set(struct bound *b, int opening, double beta, double capacity)
{
    const kv_problem *p = b->problem;
    const kv_opening *o = &p->openings[opening];
    for (int e = o->first; e < o->first + o->count; e++)
        kv_sum_add(&b->design[p->opening_design[e]], -beta * capacity * p->opening_coefficient[e]);
}

static void price_openings(struct bound *b)
{
    const kv_problem *p = b->problem;
    const kv_multipliers *m = b->multipliers;
    for (int i = 0; i < m->n_opening; i++) {
        const kv_opening *o = &p->openings[m->opening[i]];
        size_t x = (size_t)o->block * (size_t)p->n_flows + (size_t)m->opening_flow[i];
        double beta = usable(m->opening_value[i], 'L');
        if (beta == 0.0 || p->flow_arc[m->opening_flow[i]] != o->arc)
            continue;
        b->priced[x] += beta;
        price_opening_set(b, m->opening[i], beta, p->flow_upper[x]);
    }
}

static int index_arcs(struct bound *b)
{
    const kv_problem *p = b->problem;
    b->arc_first = kv_alloc((size_t)p->n_arcs + 1, sizeof *b->arc_first);
    b->arc_flow = kv_alloc((size_t)p->n_flows, sizeof *b->arc_flow);
    if (!b->arc_first || !b->arc_flow)
        return -1;
    for (int f = 0; f < p->n_flows; f++)
        b->arc_first[p->flow_arc[f]]++;
    for (int a = 0, end = 0; a <= p->n_arcs; a++)
        b->arc_first[a] = end += a < p->n_arcs ? b->arc_first[a] : 0;
    for (int f = p->n_flows - 1; f >= 0; f--)
        b->arc_flow[--b->arc_first[p->flow_arc[f]]] = f;
    return 0;
}

static int can_flow(const kv_problem *p, int block, int flow)
{
    return p->flow_upper[(size_t)block * (size_t)p->n_flows + (size_t)flow] > 0.0;
}

/* The least use of resource r by a flow of the list that can be, 0 when one does not use it. */
static double least_use(const kv_problem *p, int block, int r, const int *list, int count)
{
    const double *use = p->use + (size_t)block * (size_t)p->use_first[p->n_flows];
    double least = HUGE_VAL;
    for (int i = 0; i < count; i++) {
        double sum_of_uses = 0.0;
        if (!can_flow(p, block, list[i]))
            continue;
        for (int e = p->use_first[list[i]]; e < p->use_first[list[i] + 1]; e++)
            if (p->use_resource[e] == r)
                sum_of_uses += use[e];
        least = fmin(least, sum_of_uses);
    }
    return least;
}

/* What the resources let through an arc whose flows are list[0 .. count-1], at most `most`. */
static double resource_capacity(const kv_problem *p, int block, const int *list, int count,
                                double most)
{
    int i = 0;
    while (i < count && !can_flow(p, block, list[i]))
        i++;
    if (i == count)
        return most;
    /* A resource that limits the whole arc is used by the first flow too. */
    for (int e = p->use_first[list[i]]; e < p->use_first[list[i] + 1]; e++) {
        int r = p->use_resource[e];
        size_t row = (size_t)block * (size_t)p->n_resources + (size_t)r;
        double least = least_use(p, block, r, list, count);
        if (p->resource_base[row] < unlimited && least > 0.0)
            most = fmin(most, kv_problem_resource_most(p, block, r) / least);
    }
    return most;
}

/* M of an opening set whose arc has the flows list[0 .. count-1]. */
static double capacity_of(const kv_problem *p, int opening, const int *list, int count)
{
    const kv_opening *o = &p->openings[opening];
    kv_sum all = {0.0, 0.0};
    for (int i = 0; i < count; i++)
        kv_sum_add(&all, p->flow_upper[(size_t)o->block * (size_t)p->n_flows + (size_t)list[i]]);
    for (int e = o->first; e < o->first + o->count; e++)
        if (!p->design_integer[p->opening_design[e]] || p->opening_coefficient[e] < 1.0)
            return kv_sum_total(&all);
    return resource_capacity(p, o->block, list, count, kv_sum_total(&all));
}

double kv_opening_capacity(const kv_problem *problem, int opening)
{
    int count = 0, *list = kv_alloc((size_t)problem->n_flows, sizeof *list);
    if (!list)
        return HUGE_VAL;
    for (int f = 0; f < problem->n_flows; f++)
        if (problem->flow_arc[f] == problem->openings[opening].arc)
            list[count++] = f;
    double capacity = capacity_of(problem, opening, list, count);
    kv_free(list);
    return capacity;
}

static int price_whole_arcs(struct bound *b)
{
    const kv_problem *p = b->problem;
    const kv_multipliers *m = b->multipliers;
    if (m->n_arc_opening > 0 && index_arcs(b) != 0)
        return -1;
    for (int i = 0; i < m->n_arc_opening; i++) {
        const kv_opening *o = &p->openings[m->arc_opening[i]];
        const int *list = b->arc_flow + b->arc_first[o->arc];
        int count = b->arc_first[o->arc + 1] - b->arc_first[o->arc];
        double beta = usable(m->arc_opening_value[i], 'L');
        if (beta == 0.0)
            continue;
        for (int k = 0; k < count; k++)
            b->priced[(size_t)o->block * (size_t)p->n_flows + (size_t)list[k]] += beta;
        price_opening_set(b, m->arc_opening[i], beta,
                          capacity_of(p, m->arc_opening[i], list, count));
    }
    return 0;
}

/* The flows and rows of one block. alpha is room for n_resources. */
static void price_block(struct bound *b, int block, double *alpha)
{
    const kv_problem *p = b->problem;
    size_t first_flow = (size_t)block * (size_t)p->n_flows;
    size_t first_row = (size_t)block * (size_t)p->n_balances;
    size_t n_use = (size_t)p->use_first[p->n_flows];
    const double *pi = b->multipliers->balance + first_row;
    const double *use = p->use + (size_t)block * n_use;
    for (int r = 0; r < p->n_resources; r++) {
        size_t row = (size_t)block * (size_t)p->n_resources + (size_t)r;
        int limited = p->resource_base[row] < unlimited;
        alpha[r] = limited ? usable(b->multipliers->resource[row], 'L') : 0.0;
        if (alpha[r] == 0.0)
            continue;
        kv_sum_add(&b->constant, -alpha[r] * p->resource_base[row]);
        for (int s = p->supply_first[row]; s < p->supply_first[row + 1]; s++)
            kv_sum_add(&b->design[p->supply_design[s]], -alpha[r] * p->supply[s]);
    }
    for (int v = 0; v < p->n_balances; v++)
        kv_sum_add(&b->constant, usable(pi[v], 'E') * p->balance[first_row + (size_t)v]);
    for (int f = 0; f < p->n_flows; f++) {
        size_t x = first_flow + (size_t)f;
        kv_sum r = {p->block_weight[block] * p->flow_cost[x], 0.0};
        if (p->flow_upper[x] <= 0.0)
            continue;
        if (p->flow_tail_row[f] >= 0)
            kv_sum_add(&r, -usable(pi[p->flow_tail_row[f]], 'E'));
        if (p->flow_head_row[f] >= 0)
            kv_sum_add(&r, usable(pi[p->flow_head_row[f]], 'E'));
        for (int e = p->use_first[f]; e < p->use_first[f + 1]; e++)
            kv_sum_add(&r, use[e] * alpha[p->use_resource[e]]);
        kv_sum_add(&r, b->priced[x]);
        if (kv_sum_total(&r) < 0.0)
            kv_sum_add(&b->constant, kv_sum_total(&r) * p->flow_upper[x]);
    }
}

/* The cheapest value of coefficient times y_j in its box; +infinity when the box is empty. */
static double cheapest(const struct bound *b, int j, double low, double high)
{
    double coefficient = kv_sum_total(&b->design[j]);
    if (b->problem->design_integer[j]) {
        low = ceil(low);
        high = floor(high);
    }
    if (low > high)
        return HUGE_VAL;
    if (coefficient == 0.0)
        return 0.0;
    return coefficient * (coefficient > 0.0 ? low : high);
}

static double finish(struct bound *b, const double *lower, const double *upper)
{
    int empty = 0;
    for (int j = 0; j < b->problem->n_design; j++) {
        double least = cheapest(b, j, lower[j], upper[j]);
        empty |= least == HUGE_VAL;
        kv_sum_add(&b->constant, least);
    }
    double bound = kv_sum_total(&b->constant);
    return empty ? HUGE_VAL : isnan(bound) ? -HUGE_VAL : bound;
}

/* All rows but the side rows. KV_OK or KV_ERR_MEMORY. */
static kv_status price_all(struct bound *b)
{
    const kv_problem *p = b->problem;
    double *alpha = kv_alloc((size_t)p->n_resources, sizeof *alpha);
    kv_status status = KV_ERR_MEMORY;
    b->design = kv_alloc((size_t)p->n_design, sizeof *b->design);
    b->priced = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof *b->priced);
    if (!alpha || !b->design || !b->priced)
        goto out;
    for (int j = 0; j < p->n_design; j++)
        kv_sum_add(&b->design[j], p->design_cost[j]);
    price_rows(b, &p->coupling, b->multipliers->coupling);
    price_openings(b);
    price_cuts(b);
    if (price_whole_arcs(b) != 0)
        goto out;
    for (int block = 0; block < p->n_blocks; block++)
        price_block(b, block, alpha);
    status = KV_OK;
out:
    kv_free(alpha);
    return status;
}

static void clear(struct bound *b)
{
    kv_free(b->design);
    kv_free(b->priced);
    kv_free(b->arc_first);
    kv_free(b->arc_flow);
}

double kv_bound_within(const kv_problem *problem, const double *lower, const double *upper,
                       const kv_multipliers *multipliers)
{
    struct bound b = {.problem = problem, .multipliers = multipliers};
    double bound = -HUGE_VAL;
    if (price_all(&b) == KV_OK) {
        price_rows(&b, &problem->side, multipliers->side);
        bound = finish(&b, lower ? lower : problem->design_lower,
                       upper ? upper : problem->design_upper);
    }
    clear(&b);
    return bound;
}

kv_status kv_bound_terms_create(const kv_problem *problem, const kv_multipliers *multipliers,
                                kv_bound_terms *terms)
{
    struct bound b = {.problem = problem, .multipliers = multipliers};
    kv_status status = price_all(&b);
    terms->constant = kv_sum_total(&b.constant);
    terms->design = kv_alloc((size_t)problem->n_design, sizeof *terms->design);
    if (!terms->design)
        status = KV_ERR_MEMORY;
    for (int j = 0; j < problem->n_design && status == KV_OK; j++)
        terms->design[j] = kv_sum_total(&b.design[j]);
    if (status != KV_OK) {
        kv_free(terms->design);
        terms->design = NULL;
    }
    clear(&b);
    return status;
}

double kv_bound_recompute(const kv_problem *problem, const kv_multipliers *multipliers)
{
    return kv_bound_within(problem, NULL, NULL, multipliers);
}
