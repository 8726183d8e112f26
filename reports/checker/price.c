/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pricing. Multipliers are whole in units of 1e-24 (price), amounts are rounded to units of 1e-15,
 * upwards where that lowers the bound, so that products are whole in units of 1e-39 and are summed
 * without any error. The part of a reduced cost that all goods on an arc share is worked out once an
 * arc in rational numbers and rounded down; the rest of a flow's is whole.
 */
#include "reports/checker/price.h"

#include "reports/checker/cuts.h"

#include <math.h>

typedef struct pricing_block {
    kvc_world *w;
    kvc_pricing *p;
    const kvc_block *b;
    mpq_t *weight;        /* of costs: omega and what risk rows add */
    mpq_t *alpha;         /* [resources] */
    kvc_fix *node;        /* [balanced technologies used: technology * nodes + node] kappa */
    mpq_t *share;         /* [technologies] what a t-km of it costs by rows of shares */
    mpq_t *carbon;        /* a t of CO2 by the cumulative cap */
    kvc_fix *arc, *empty; /* [arcs] shared part of the reduced cost */
    kvc_fix *whole;       /* [arcs] beta of rows of whole arcs */
    kvc_fix *time;        /* [groups * arcs] weight x hours x value of time */
    int *group;           /* [products] */
    kvc_fix *extra;       /* [flows] of opening rows and rows of gates */
    mpq_t *t;
    mpz_ptr z;
} pricing_block;

/* ---- whole numbers ---- */

/* A number in units of 1e-24, rounded down. Above all prices it may be cut off, which lowers r. */
static kvc_fix price_floor(pricing_block *m, const mpq_t number)
{
    kvc_fix price = kvc_fix_floor(number);
    m->p->lost |= price <= -KVC_MOST;
    return price;
}

/* sum += price, both of the size of KVC_MOST at most. */
static void add_price(pricing_block *m, kvc_fix *sum, kvc_fix price)
{
    const kvc_fix room = 4 * KVC_MOST; /* kvc_fix_to_mpz holds that */
    *sum += price;
    if (-room < *sum && *sum < room)
        return;
    m->p->lost = 1;
    *sum = 0;
}

/* sum += a * b, b being an amount. */
static void add_whole(pricing_block *m, kvc_fix a, kvc_fix b)
{
    m->p->lost |= b >= KVC_MOST || b <= -KVC_MOST;
    kvc_fix_to_mpz(&m->z[0], a);
    kvc_fix_to_mpz(&m->z[1], b);
    mpz_addmul(m->p->fixed, &m->z[0], &m->z[1]);
}

/* An amount in units of 1e-15, rounded down. */
static kvc_fix amount_floor(const mpq_t amount, mpq_t t)
{
    mpq_neg(t, amount);
    return -kvc_amount_ceil(t);
}

/* ---- shared parts ---- */

/* The multipliers of the block's coupling rows, by what they lie on. */
static void take_coupling(pricing_block *m)
{
    kvc_world *w = m->w;
    const int block = m->b->block, slot = block / w->n_periods;
    for (int i = 0; i < w->coupling.count; i++) {
        const kvc_coupling *row = &KVC_AT(kvc_coupling, w->coupling, i);
        const kvc_fix kappa = m->p->vector->kappa[i];
        if (kappa == 0 || (row->block >= 0 ? row->block != block : row->slot != slot))
            continue;
        kvc_from_fix(m->t[0], kappa);
        if (row->kind == KVC_EMPTIES) {
            m->node[(size_t)row->technology * (size_t)w->node.count + (size_t)row->node] = kappa;
        } else if (row->kind == KVC_TOTAL_CARBON) {
            const kv_period *p = &w->given->periods.rows[block % w->n_periods];
            mpq_set_si(m->t[1], p->last_year - p->first_year + 1, 1);
            mpq_mul(*m->carbon, m->t[0], m->t[1]);
        } else if (row->kind == KVC_RISK_OF) {
            kvc_add_product(*m->weight, m->t[0], w->money[block], m->t[1]);
        } else if (row->kind == KVC_MAX_SHARE || row->kind == KVC_MIN_SHARE) {
            const int sign = row->kind == KVC_MAX_SHARE ? 1 : -1;
            const kv_technology *own = kvc_numbers_in(w, row->technology, block);
            if (sign < 0)
                mpq_neg(m->t[0], m->t[0]);
            mpq_add(m->share[row->technology], m->share[row->technology], m->t[0]);
            kvc_set(m->t[1], sign > 0 ? own->max_share : own->min_share);
            mpq_mul(m->t[1], m->t[1], m->t[0]);
            for (int q = 0; q < w->given->technologies.count; q++) {
                if (w->given->technologies.rows[q].mode == own->mode)
                    mpq_sub(m->share[q], m->share[q], m->t[1]);
            }
        }
    }
}

/* The part of r that all goods on the arc share: all but time, balances and rows of one flow. */
static kvc_fix shared_part(pricing_block *m, int a, int empty)
{
    const kvc_world *w = m->w;
    const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
    mpq_t *t = m->t;
    mpq_mul(t[0], *m->weight, kvc_figure_of(m->b, a, empty, KVC_COST));
    for (int i = w->use_first[a]; i < w->use_first[a + 1]; i++) {
        const int r = KVC_AT(kvc_use, w->use, i).resource;
        if (mpq_sgn(m->alpha[r]) == 0)
            continue;
        kvc_use_of(m->b, i, empty, t[1]);
        kvc_add_product(t[0], t[1], m->alpha[r], t[2]);
    }
    if (mpq_sgn(*m->carbon) != 0)
        kvc_add_product(t[0], *m->carbon, kvc_figure_of(m->b, a, empty, KVC_CO2), t[2]);
    if (arc->technology < 0)
        return price_floor(m, t[0]);
    if (!empty)
        kvc_add_product(t[0], m->share[arc->technology], kvc_figure_of(m->b, a, 0, KVC_KM), t[2]);
    const kvc_fix *node = m->node + (size_t)arc->technology * (size_t)w->node.count;
    const kvc_fix met = node[arc->head] - node[arc->tail];
    if (met != 0) {
        const kv_technology *q = kvc_numbers_in(w, arc->technology, m->b->block);
        kvc_from_fix(t[1], met);
        if (!empty) {
            kvc_set(t[2], q->payload_t);
            mpq_div(t[1], t[1], t[2]);
            kvc_set(t[2], q->load_factor);
            mpq_div(t[1], t[1], t[2]);
        }
        mpq_add(t[0], t[0], t[1]);
    }
    return price_floor(m, t[0]);
}

/* Groups products by their value of time and works out what time costs on each arc. */
static void take_time(pricing_block *m)
{
    const kvc_world *w = m->w;
    const kv_case *view = w->view[m->b->block / w->n_periods];
    const int products = w->given->products.count;
    int *first = kvc_alloc(w->arena, (size_t)products, sizeof(int)), groups = 0;
    m->group = kvc_alloc(w->arena, (size_t)products, sizeof(int));
    for (int k = 0; k < products; k++) {
        int g = 0;
        while (g < groups && view->products.rows[first[g]].value_of_time_eur_per_t_h !=
                                 view->products.rows[k].value_of_time_eur_per_t_h)
            g++;
        m->group[k] = g;
        if (g == groups)
            first[groups++] = k;
    }
    m->time = kvc_alloc(w->arena, (size_t)groups * (size_t)w->n_physical, sizeof(kvc_fix));
    for (int g = 0; g < groups; g++) {
        kvc_set(m->t[0], view->products.rows[first[g]].value_of_time_eur_per_t_h);
        mpq_mul(m->t[0], m->t[0], *m->weight);
        for (int a = 0; a < w->n_physical && mpq_sgn(m->t[0]) != 0; a++) {
            mpq_mul(m->t[1], m->t[0], kvc_figure_of(m->b, a, 0, KVC_HOURS));
            m->time[(size_t)g * (size_t)w->n_physical + (size_t)a] = price_floor(m, m->t[1]);
        }
    }
}

/* ---- rows ---- */

/* context: coefficient per unit in t[1] of the block at hand. */
static void lower_design(void *context, int design)
{
    pricing_block *m = context;
    mpq_sub(m->p->design[design], m->p->design[design], m->t[1]);
}

static void take_supply(void *context, int design, const mpq_t amount)
{
    pricing_block *m = context;
    mpq_mul(m->t[1], m->t[2], amount);
    lower_design(m, design);
}

static void take_resources(pricing_block *m)
{
    kvc_world *w = m->w;
    const size_t first = (size_t)m->b->block * (size_t)w->resource.count;
    for (int r = 0; r < w->resource.count; r++) {
        const kvc_fix alpha = m->p->vector->alpha[first + (size_t)r];
        if (alpha <= 0 || !w->limited[first + (size_t)r])
            continue;
        kvc_from_fix(m->alpha[r], alpha);
        mpq_set(m->t[2], m->alpha[r]);
        add_whole(m, -alpha, kvc_amount_ceil(w->base[first + (size_t)r]));
        kvc_supplies(w, m->b->block, r, take_supply, m);
    }
}

/* M of the row of a whole arc, in units of 1e-15, rounded up. */
static kvc_fix whole_capacity(pricing_block *m, int a)
{
    const kvc_world *w = m->w;
    kvc_fix sum = 0, most;
    int loaded = 0, empty = 0;
    for (int f = 0; f < w->flow.count; f++) {
        if (KVC_AT(kvc_flow, w->flow, f).arc != a || kvc_ceiling(m->b, f) == 0)
            continue;
        add_price(m, &sum, kvc_ceiling(m->b, f));
        loaded |= !kvc_is_empty(w, f);
        empty |= kvc_is_empty(w, f);
    }
    for (int i = w->use_first[a]; i < w->use_first[a + 1]; i++) {
        const int r = KVC_AT(kvc_use, w->use, i).resource;
        if (!w->limited[(size_t)m->b->block * (size_t)w->resource.count + (size_t)r])
            continue;
        kvc_use_of(m->b, i, !loaded, m->t[0]);
        kvc_use_of(m->b, i, empty, m->t[1]);
        if (mpq_cmp(m->t[1], m->t[0]) < 0)
            mpq_set(m->t[0], m->t[1]);
        if (mpq_sgn(m->t[0]) <= 0)
            continue;
        mpq_div(m->t[0], m->b->most[r], m->t[0]);
        most = kvc_amount_ceil(m->t[0]);
        sum = most < sum ? most : sum;
    }
    return sum;
}

static void take_openings(pricing_block *m)
{
    kvc_world *w = m->w;
    const kvc_list *betas = &m->p->vector->beta;
    for (int i = 0; i < betas->count; i++) {
        const kvc_beta *beta = &KVC_AT(kvc_beta, *betas, i);
        if (beta->block != m->b->block)
            continue;
        const kvc_fix most =
            beta->flow < 0 ? whole_capacity(m, beta->arc) : kvc_ceiling(m->b, beta->flow);
        if (beta->flow < 0)
            add_price(m, &m->whole[beta->arc], beta->value);
        else
            add_price(m, &m->extra[beta->flow], beta->value);
        m->p->lost |= most >= KVC_MOST;
        kvc_from_fix(m->t[1], beta->value);
        kvc_from_amount(m->t[0], most);
        mpq_mul(m->t[1], m->t[1], m->t[0]);
        kvc_opening_starts(w, KVC_AT(kvc_arc, w->arc, beta->arc).set_first + beta->set, m->b->block,
                           lower_design, m);
    }
}

/* Adds coefficient t[1] x kappa t[0], rounded down, to r of the flow through a gate. */
static void on_gate(pricing_block *m, int gate)
{
    const kvc_world *w = m->w;
    const kvc_gate *g = &KVC_AT(kvc_gate, w->gate, gate);
    const int f = kvc_flow_at(w, g->product, g->arc); /* products come first among goods */
    mpq_mul(m->t[1], m->t[1], m->t[0]);
    if (f >= 0)
        add_price(m, &m->extra[f], price_floor(m, m->t[1]));
}

static void take_supplier(pricing_block *m, const kvc_coupling *row, kvc_fix kappa)
{
    const kvc_world *w = m->w;
    const size_t block = (size_t)m->b->block;
    const kvc_gate *own = &KVC_AT(kvc_gate, w->gate, row->gate);
    const int site = w->station_row[block * (size_t)w->station.count + (size_t)row->station];
    kvc_set(m->t[2], w->view[m->b->block / w->n_periods]->sites.rows[site].max_share);
    mpq_mul(m->t[1], m->t[2],
            w->planned_supply[block * (size_t)w->given->products.count + (size_t)own->product]);
    add_whole(m, -kappa, kvc_amount_ceil(m->t[1]));
    for (int i = 0; i < w->gate.count; i++) {
        const kvc_gate *g = &KVC_AT(kvc_gate, w->gate, i);
        if (g->product != own->product || (g->kind != KVC_SOURCE && g->kind != KVC_PLANT_OUT))
            continue;
        mpq_set_ui(m->t[1], i == row->gate, 1);
        mpq_sub(m->t[1], m->t[1], m->t[2]);
        on_gate(m, i);
    }
}

/* Rows of recipes and suppliers. */
static void take_gates(pricing_block *m)
{
    const kvc_world *w = m->w;
    for (int i = 0; i < w->coupling.count; i++) {
        const kvc_coupling *row = &KVC_AT(kvc_coupling, w->coupling, i);
        const kvc_fix kappa = m->p->vector->kappa[i];
        if (kappa == 0 || row->block != m->b->block || row->gate < 0)
            continue;
        kvc_from_fix(m->t[0], kappa);
        if (row->kind == KVC_SUPPLIER) {
            take_supplier(m, row, kappa);
            continue;
        }
        const kvc_gate *g = &KVC_AT(kvc_gate, w->gate, row->gate);
        mpq_set_ui(m->t[1], 1, 1);
        on_gate(m, row->gate);
        mpq_neg(m->t[1],
                w->gate_ratio[(size_t)m->b->block * (size_t)w->gate.count + (size_t)row->gate]);
        on_gate(m, KVC_AT(kvc_station, w->station, g->station).gate_first);
    }
}

/* What cuts say of the flows of the block. */
static void take_cuts(pricing_block *m)
{
    const kvc_world *w = m->w;
    const kvc_list *cuts = &m->p->vector->cut;
    const long first = w->design.count + (long)m->b->block * w->flow.count;
    for (int i = 0; i < cuts->count; i++) {
        const kvc_gamma *gamma = &KVC_AT(kvc_gamma, *cuts, i);
        const kvc_form *row = &m->p->cut[gamma->cut].row;
        kvc_from_fix(m->t[0], gamma->value);
        for (int k = 0; k < row->term.count; k++) {
            const kvc_term *term = &KVC_AT(kvc_term, row->term, k);
            if (term->variable < first || term->variable >= first + w->flow.count)
                continue;
            mpq_mul(m->t[1], m->t[0], *term->value);
            add_price(m, &m->extra[term->variable - first], price_floor(m, m->t[1]));
        }
    }
}

/* ---- the sum ---- */

static void price_flows(pricing_block *m)
{
    const kvc_world *w = m->w;
    const kvc_fix *pi = m->p->vector->pi + (size_t)m->b->block * (size_t)w->n_rows;
    for (int f = 0; f < w->flow.count; f++) {
        const kvc_flow *flow = &KVC_AT(kvc_flow, w->flow, f);
        const kvc_good *good = &KVC_AT(kvc_good, w->good, flow->good);
        kvc_fix r = m->extra[f];
        if (flow->tail_row >= 0)
            add_price(m, &r, pi[flow->head_row] - pi[flow->tail_row]);
        if (flow->arc >= w->n_physical) {
            kvc_flow_cost(m->b, f, m->t[0]);
            mpq_mul(m->t[0], m->t[0], *m->weight);
            add_price(m, &r, price_floor(m, m->t[0]));
        } else {
            const int empty = good->product < 0;
            add_price(m, &r, m->whole[flow->arc]);
            add_price(m, &r, empty ? m->empty[flow->arc] : m->arc[flow->arc]);
            if (!empty)
                add_price(m, &r,
                          m->time[(size_t)m->group[good->product] * (size_t)w->n_physical +
                                  (size_t)flow->arc]);
        }
        if (r < 0)
            add_whole(m, r, kvc_ceiling(m->b, f));
    }
    m->p->flows += w->flow.count;
}

static void price_balances(pricing_block *m)
{
    const kvc_world *w = m->w;
    const size_t first = (size_t)m->b->block * (size_t)w->n_rows;
    for (int i = 0; i < w->n_rows; i++) {
        const kvc_fix pi = m->p->vector->pi[first + (size_t)i];
        mpq_t *d = &w->balance[first + (size_t)i];
        if (pi != 0 && mpq_sgn(*d) != 0)
            add_whole(m, pi, pi > 0 ? amount_floor(*d, m->t[0]) : kvc_amount_ceil(*d));
    }
}

static void room_make(pricing_block *m)
{
    kvc_world *w = m->w;
    const size_t arcs = (size_t)w->arc.count, technologies = (size_t)w->given->technologies.count;
    m->t = kvc_numbers(w->arena, 5);
    m->weight = &m->t[3];
    m->carbon = &m->t[4];
    m->z = kvc_integers(w->arena, 2);
    m->alpha = kvc_numbers(w->arena, (size_t)w->resource.count);
    m->share = kvc_numbers(w->arena, technologies);
    m->node = kvc_alloc(w->arena, technologies * (size_t)w->node.count, sizeof(kvc_fix));
    m->arc = kvc_alloc(w->arena, arcs, sizeof(kvc_fix));
    m->empty = kvc_alloc(w->arena, arcs, sizeof(kvc_fix));
    m->whole = kvc_alloc(w->arena, arcs, sizeof(kvc_fix));
    m->extra = kvc_alloc(w->arena, (size_t)w->flow.count, sizeof(kvc_fix));
}

void kvc_price_block(kvc_pricing *pricing, const kvc_block *block)
{
    kvc_world *w = block->world;
    kvc_chunk *mark = kvc_mark(w->arena);
    pricing_block m = {.w = w, .p = pricing, .b = block};
    room_make(&m);
    if (!pricing->ray)
        mpq_set(*m.weight, w->weight[block->block]);
    take_coupling(&m);
    take_resources(&m);
    take_openings(&m);
    take_gates(&m);
    take_cuts(&m);
    take_time(&m);
    for (int a = 0; a < w->n_physical; a++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
        m.arc[a] = shared_part(&m, a, 0);
        if (arc->technology >= 0 &&
            w->given->technologies.rows[arc->technology].empties == KV_EMPTIES_BALANCED)
            m.empty[a] = shared_part(&m, a, 1);
    }
    price_balances(&m);
    price_flows(&m);
    kvc_release(w->arena, mark);
}

kvc_pricing *kvc_pricing_make(kvc_world *world, const kvc_certificate *certificate, int vector,
                              int ray)
{
    kvc_pricing *p = kvc_alloc(world->arena, 1, sizeof *p);
    p->vector = &certificate->vector[vector];
    p->cut = certificate->cut;
    p->ray = ray;
    p->fixed = kvc_integers(world->arena, 1);
    p->design = kvc_numbers(world->arena, (size_t)world->design.count);
    for (int j = 0; j < world->design.count && !ray; j++)
        mpq_set(p->design[j], world->cost[j]);
    return p;
}

/* Right-hand sides of cuts and what they say of design variables. */
static void end_cuts(pricing_block *m)
{
    kvc_pricing *p = m->p;
    for (int i = 0; i < p->vector->cut.count; i++) {
        const kvc_gamma *gamma = &KVC_AT(kvc_gamma, p->vector->cut, i);
        const kvc_form *row = &p->cut[gamma->cut].row;
        kvc_from_fix(m->t[0], gamma->value);
        add_whole(m, -gamma->value, kvc_amount_ceil(*row->rhs));
        for (int k = 0; k < row->term.count; k++) {
            const kvc_term *term = &KVC_AT(kvc_term, row->term, k);
            if (term->variable < m->w->design.count)
                kvc_add_product(p->design[term->variable], m->t[0], *term->value, m->t[1]);
        }
    }
}

/* Rows over several blocks: their right-hand sides and what they say of design variables. */
void kvc_price_end(kvc_world *world, kvc_pricing *pricing)
{
    kvc_world *w = world;
    kvc_chunk *mark = kvc_mark(w->arena);
    mpq_t *t = kvc_numbers(w->arena, 2);
    pricing_block m = {.w = w, .p = pricing, .z = kvc_integers(w->arena, 2), .t = t};
    end_cuts(&m);
    for (int i = 0; i < w->coupling.count; i++) {
        const kvc_coupling *row = &KVC_AT(kvc_coupling, w->coupling, i);
        const kvc_fix kappa = pricing->vector->kappa[i];
        if (kappa <= 0 || row->block >= 0)
            continue;
        kvc_from_fix(t[0], kappa);
        if (row->kind == KVC_TOTAL_CARBON) {
            kvc_set(t[1], w->given->the_case.rows[0].carbon_cap_total_kt);
            mpz_mul_ui(mpq_numref(t[1]), mpq_numref(t[1]), 1000);
            mpq_canonicalize(t[1]);
            add_whole(&m, -kappa, kvc_amount_ceil(t[1]));
            continue;
        }
        add_whole(&m, -kappa, kvc_amount_ceil(w->risk_reference[row->slot]));
        for (int j = 0; j < w->risk_first; j++)
            kvc_add_product(pricing->design[j], t[0],
                            w->scenario_cost[(size_t)j * (size_t)w->n_slots + (size_t)row->slot],
                            t[1]);
        for (int j = w->risk_first; j < w->design.count; j++) {
            const int slot = KVC_AT(kvc_design, w->design, j).slot;
            if (slot < 0 || slot == row->slot)
                mpq_sub(pricing->design[j], pricing->design[j], t[0]);
        }
    }
    kvc_release(w->arena, mark);
}
