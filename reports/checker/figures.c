/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unit costs and use of arcs (mathematics.md, section 2) and upper bounds of flows (section 3). */
#include "reports/checker/figures.h"

#include "instances/select.h"

#include <math.h>

typedef struct making {
    kvc_world *w;
    kvc_block *b;
    const kv_case *view;
    int period;
    mpq_t *hired, *load; /* [technologies] EUR a vehicle-km; vehicles per t */
    double *price, *co2; /* [carriers * places] */
    mpq_t *t;            /* scratch */
} making;

static mpq_srcptr value(const making *m, double number)
{
    return kvc_value(m->w->arena, &m->w->memo, number);
}

static mpq_t *slot_of(const making *m, int arc, int empty)
{
    return m->b->figure + (size_t)(2 * arc + empty) * KVC_FIGURES;
}

/* ---- rates ---- */

/* vehicle price x annuity / km a year. */
static void hired_rate(const making *m, const kv_technology *q, mpq_t rate)
{
    const double rho = m->view->the_case.rows[0].discount_rate_per_year;
    mpq_set_ui(rate, 0, 1);
    if (q->fleet != KV_FLEET_HIRED || isnan(q->vehicle_price_eur) || q->vehicle_price_eur == 0)
        return;
    if (rho > 0 && q->life_years == floor(q->life_years)) {
        mpq_set(m->t[0], value(m, rho));
        mpz_add(mpq_numref(m->t[0]), mpq_numref(m->t[0]), mpq_denref(m->t[0]));
        kvc_power(m->t[0], m->t[0], -(int)q->life_years);
        mpq_set_ui(m->t[1], 1, 1);
        mpq_sub(m->t[1], m->t[1], m->t[0]);
        mpq_div(rate, value(m, rho), m->t[1]);
    } else if (rho > 0) { /* the root of a broken life is no rational number: the double is */
        kvc_set(rate, rho / (1 - pow(1 + rho, -q->life_years)));
    } else {
        mpq_inv(rate, value(m, q->life_years));
    }
    mpq_mul(rate, rate, value(m, q->vehicle_price_eur));
    mpq_div(rate, rate, value(m, q->km_per_year));
}

static void rates(making *m)
{
    const kv_case *c = m->w->given;
    const size_t technologies = (size_t)c->technologies.count;
    const size_t points = (size_t)c->carriers.count * (size_t)c->places.count;
    m->hired = kvc_numbers(m->w->arena, technologies);
    m->load = kvc_numbers(m->w->arena, technologies);
    m->price = kvc_alloc(m->w->arena, points, sizeof(double));
    m->co2 = kvc_alloc(m->w->arena, points, sizeof(double));
    for (int q = 0; q < c->technologies.count; q++) {
        const kv_technology *now = kvc_numbers_in(m->w, q, m->b->block);
        hired_rate(m, now, m->hired[q]);
        mpq_mul(m->load[q], value(m, now->payload_t), value(m, now->load_factor));
        mpq_inv(m->load[q], m->load[q]);
        if (now->empties != KV_EMPTIES_SHARE)
            continue;
        mpq_set_ui(m->t[0], 1, 1);
        mpq_add(m->t[0], m->t[0], value(m, now->empty_share));
        mpq_mul(m->load[q], m->load[q], m->t[0]);
    }
    for (size_t i = 0; i < points; i++)
        kv_energy_in_force(m->view, (int)(i / (size_t)c->places.count),
                           c->places.rows[i % (size_t)c->places.count].country, m->period,
                           &m->price[i], &m->co2[i]);
}

/* ---- arcs ---- */

static const kv_effect *improvement(const kv_case *view, int effect, int project, int link,
                                    int terminal)
{
    for (int i = 0; i < view->effects.count; i++) {
        const kv_effect *e = &view->effects.rows[i];
        if (e->effect == effect && e->project == project &&
            (effect == KV_EFFECT_IMPROVE_LINK ? e->link == link : e->terminal == terminal))
            return e;
    }
    return NULL;
}

static void more_hours(const making *m, const kv_effect *improved, mpq_t hours)
{
    if (!improved)
        return;
    mpq_add(hours, hours, value(m, improved->hours));
    if (mpq_sgn(hours) < 0)
        mpq_set_ui(hours, 0, 1);
}

static void transfer_figures(making *m, const kvc_arc *arc, mpq_t *out)
{
    const kv_transfer *t = &m->view->transfers.rows[arc->transfer];
    const kv_effect *improved =
        arc->improved_by < 0
            ? NULL
            : improvement(m->view, KV_EFFECT_IMPROVE_TERMINAL, arc->improved_by, -1, t->terminal);
    mpq_set(out[KVC_COST], value(m, t->cost_eur_per_t));
    if (improved)
        mpq_mul(out[KVC_COST], out[KVC_COST], value(m, improved->factor));
    mpq_set(out[KVC_HOURS], value(m, t->hours));
    more_hours(m, improved, out[KVC_HOURS]);
}

/* Adds a link's hours, tolls and ice (to cost) and length; t[3] += the length that is driven. */
static void link_figures(making *m, int row, const kv_technology *q, const kv_effect *improved,
                         mpq_t *out)
{
    const kv_link *l = &m->view->links.rows[row];
    mpq_t *t = m->t;
    mpq_set(t[0], value(m, l->length_km));
    mpq_add(out[KVC_KM], out[KVC_KM], t[0]);
    if (improved)
        mpq_mul(t[0], t[0], value(m, improved->factor));
    mpq_add(t[3], t[3], t[0]);
    mpq_div(t[0], t[0], value(m, isnan(l->speed_km_per_h) ? q->speed_km_per_h : l->speed_km_per_h));
    mpq_add(t[0], t[0], value(m, l->hours));
    mpq_set(t[1], value(m, l->ice_months));
    mpq_div(t[1], t[1], value(m, 12));
    kvc_add_product(t[0], t[1], value(m, l->ice_hours), t[2]);
    more_hours(m, improved, t[0]);
    mpq_add(out[KVC_HOURS], out[KVC_HOURS], t[0]);
    mpq_add(out[KVC_COST], out[KVC_COST], value(m, l->toll_eur_per_t));
    kvc_add_product(out[KVC_COST], t[1], value(m, l->ice_eur_per_t), t[2]);
}

/* From vehicle-km on: energy, carbon and the cost of a vehicle's way. t[4], t[5]: scratch. */
static void vehicle_figures(making *m, const kvc_arc *arc, const kv_technology *q, mpq_t *out)
{
    const size_t first = (size_t)q->carrier * (size_t)m->view->places.count;
    mpq_t *t = m->t;
    mpq_set(t[4], value(m, q->cost_eur_per_km));
    mpq_add(t[4], t[4], m->hired[arc->technology]);
    if (q->carrier >= 0) {
        const double *price = m->price + first, *co2 = m->co2 + first;
        mpq_add(t[5], value(m, co2[arc->place]), value(m, co2[arc->to_place]));
        mpq_div(t[5], t[5], value(m, 2000));
        mpq_mul(t[5], t[5], value(m, q->energy_kwh_per_km)); /* t of CO2 a km */
        mpq_mul(out[KVC_CO2], t[5], out[KVC_VEHICLE_KM]);
        kvc_add_product(t[4], t[5], m->w->carbon_price[m->b->block], t[2]);
        mpq_add(t[5], value(m, price[arc->place]), value(m, price[arc->to_place]));
        mpq_div_2exp(t[5], t[5], 1);
        kvc_add_product(t[4], t[5], value(m, q->energy_kwh_per_km), t[2]);
    }
    kvc_add_product(out[KVC_COST], t[4], out[KVC_VEHICLE_KM], t[2]);
    mpq_mul(out[KVC_ENERGY], out[KVC_VEHICLE_KM], value(m, q->energy_kwh_per_km));
    mpq_div(out[KVC_ENERGY], out[KVC_ENERGY], value(m, 2000));
}

static void moving_figures(making *m, int a)
{
    const kvc_arc *arc = &KVC_AT(kvc_arc, m->w->arc, a);
    const kv_technology *q = kvc_numbers_in(m->w, arc->technology, m->b->block);
    const kv_effect *improved = arc->improved_by < 0 ? NULL
                                                     : improvement(m->view, KV_EFFECT_IMPROVE_LINK,
                                                                   arc->improved_by, arc->link, -1);
    mpq_t *out = slot_of(m, a, 0);
    mpq_set_ui(m->t[3], 0, 1);
    if (arc->kind == KVC_LINK)
        link_figures(m, arc->link, q, improved, out);
    for (int i = 0; arc->kind == KVC_RANGE && i < arc->path_count; i++)
        link_figures(m, KVC_AT(int, m->w->path, arc->path_first + i), q, NULL, out);
    kvc_add_product(out[KVC_COST], m->t[3], value(m, q->cost_eur_per_tkm), m->t[2]);
    mpq_mul(out[KVC_VEHICLE_KM], m->t[3], m->load[arc->technology]);
    vehicle_figures(m, arc, q, out);
    if (q->empties != KV_EMPTIES_BALANCED)
        return;
    out = slot_of(m, a, 1);
    mpq_set(out[KVC_VEHICLE_KM], m->t[3]);
    vehicle_figures(m, arc, q, out);
}

/* ---- limits ---- */

void kvc_use_of(const kvc_block *block, int use, int empty, mpq_t amount)
{
    const kvc_world *w = block->world;
    const kvc_use *it = &KVC_AT(kvc_use, w->use, use);
    switch (KVC_AT(kvc_resource, w->resource, it->resource).kind) {
    case KVC_ON_FLEET: mpq_set(amount, kvc_figure_of(block, it->arc, empty, KVC_VEHICLE_KM)); break;
    case KVC_ON_ENERGY: mpq_set(amount, kvc_figure_of(block, it->arc, empty, KVC_ENERGY)); break;
    case KVC_ON_CARBON:
        mpq_set(amount, kvc_figure_of(block, it->arc, empty, KVC_CO2));
        if (mpq_sgn(amount) < 0)
            mpq_set_ui(amount, 0, 1);
        break;
    default: mpq_set_ui(amount, empty ? 0 : 1, 1); break;
    }
}

/* What the resources let through an arc. */
static void arc_limit(making *m, int a, int empty)
{
    const kvc_world *w = m->w;
    mpq_t *limit = &m->b->limit[2 * a + empty], *t = m->t;
    mpq_set_si(*limit, -1, 1);
    for (int i = w->use_first[a]; i < w->use_first[a + 1]; i++) {
        const int r = KVC_AT(kvc_use, w->use, i).resource;
        if (!w->limited[(size_t)m->b->block * (size_t)w->resource.count + (size_t)r])
            continue;
        kvc_use_of(m->b, i, empty, t[0]);
        if (mpq_sgn(t[0]) <= 0)
            continue;
        mpq_div(t[0], m->b->most[r], t[0]);
        if (mpq_sgn(*limit) < 0 || mpq_cmp(t[0], *limit) < 0)
            mpq_set(*limit, t[0]);
    }
}

/* What can flow to or from outside. */
static void outside_ceiling(const kvc_block *b, const kvc_flow *flow, mpq_t ceiling)
{
    const kvc_world *w = b->world;
    const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, flow->arc);
    mpq_t *d = w->balance + (size_t)b->block * (size_t)w->n_rows;
    if (arc->gate >= 0)
        mpq_set(ceiling,
                w->gate_upper[(size_t)b->block * (size_t)w->gate.count + (size_t)arc->gate]);
    else if (arc->kind == KVC_UNSERVED)
        mpq_neg(ceiling, d[flow->head_row]);
    else
        mpq_set(ceiling, d[flow->tail_row]);
    if (mpq_sgn(ceiling) < 0)
        mpq_set_ui(ceiling, 0, 1);
}

kvc_fix kvc_ceiling(const kvc_block *block, int flow)
{
    const kvc_world *w = block->world;
    const kvc_flow *it = &KVC_AT(kvc_flow, w->flow, flow);
    if (kvc_is_physical(&KVC_AT(kvc_arc, w->arc, it->arc))) {
        const kvc_fix limit = block->limit_up[2 * it->arc + (it->tail_row < 0)];
        const kvc_fix sinks = block->sinks_up[it->good];
        return block->closed[it->arc] ? 0 : limit >= 0 && limit < sinks ? limit : sinks;
    }
    mpq_t ceiling;
    mpq_init(ceiling);
    outside_ceiling(block, it, ceiling);
    const kvc_fix result = kvc_amount_ceil(ceiling);
    mpq_clear(ceiling);
    return result;
}

/* Rule (a) of all goods; empties as if all goods went by their technology. */
static void sinks(making *m)
{
    const kvc_world *w = m->w;
    mpq_t *all = kvc_numbers(w->arena, 1);
    m->b->sinks_up = kvc_alloc(w->arena, (size_t)w->good.count, sizeof(kvc_fix));
    for (int g = 0; g < w->n_goods; g++) {
        mpq_t *own = &w->sinks[(size_t)m->b->block * (size_t)w->n_goods + (size_t)g];
        m->b->sinks_up[g] = kvc_amount_ceil(*own);
        mpq_add(*all, *all, *own);
    }
    for (int g = w->n_goods; g < w->good.count; g++) {
        const kv_technology *q =
            kvc_numbers_in(w, KVC_AT(kvc_good, w->good, g).technology, m->b->block);
        mpq_mul(m->t[0], value(m, q->payload_t), value(m, q->load_factor));
        mpq_div(m->t[0], *all, m->t[0]);
        m->b->sinks_up[g] = kvc_amount_ceil(m->t[0]);
    }
}

void kvc_block_make(kvc_world *world, int block, kvc_block *made)
{
    kvc_world *w = world;
    const size_t arcs = (size_t)w->n_physical;
    making m = {.w = w, .b = made, .view = w->view[block / w->n_periods]};
    *made = (kvc_block){.world = w, .block = block};
    m.period = block % w->n_periods;
    m.t = kvc_numbers(w->arena, 6);
    made->figure = kvc_numbers(w->arena, 2 * arcs * KVC_FIGURES);
    made->limit = kvc_numbers(w->arena, 2 * arcs);
    made->most = kvc_numbers(w->arena, (size_t)w->resource.count);
    made->closed = kvc_alloc(w->arena, (size_t)w->arc.count, 1);
    for (int r = 0; r < w->resource.count; r++)
        kvc_resource_most(w, block, r, made->most[r]);
    if (!w->file)
        rates(&m);
    for (int a = 0; a < w->n_physical; a++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
        for (int i = 0; i < arc->set_count; i++)
            made->closed[a] |= kvc_opening_starts(w, arc->set_first + i, block, NULL, NULL) == 0;
        if (w->file) {
            mpq_set(slot_of(&m, a, 0)[KVC_COST], w->file_cost[a]);
            mpq_set(made->limit[2 * a], w->file_limit[a]);
            continue;
        }
        if (arc->kind == KVC_TRANSFER)
            transfer_figures(&m, arc, slot_of(&m, a, 0));
        else
            moving_figures(&m, a);
        arc_limit(&m, a, 0);
        arc_limit(&m, a, 1);
    }
    sinks(&m);
    made->limit_up = kvc_alloc(w->arena, 2 * arcs, sizeof(kvc_fix));
    for (size_t i = 0; i < 2 * arcs; i++)
        made->limit_up[i] = mpq_sgn(made->limit[i]) < 0 ? -1 : kvc_amount_ceil(made->limit[i]);
}

/* ---- what others ask ---- */

mpq_srcptr kvc_figure_of(const kvc_block *block, int arc, int empty, kvc_figure figure)
{
    return block->figure[(size_t)(2 * arc + empty) * KVC_FIGURES + (size_t)figure];
}

int kvc_is_empty(const kvc_world *world, int flow)
{
    return KVC_AT(kvc_flow, world->flow, flow).tail_row < 0;
}

void kvc_flow_reference(const kvc_block *block, int flow, mpq_t reference)
{
    const kvc_world *w = block->world;
    const kvc_flow *it = &KVC_AT(kvc_flow, w->flow, flow);
    const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, it->arc);
    const kvc_good *good = &KVC_AT(kvc_good, w->good, it->good);
    mpq_set_ui(reference, 0, 1);
    if (kvc_is_physical(arc) || good->origin >= 0)
        return;
    const size_t at = (size_t)block->block * (size_t)w->given->products.count;
    kvc_set(reference, w->reference[at + (size_t)good->product]);
    if (arc->head == w->outside)
        mpq_neg(reference, reference);
}

/* What a ton of the good costs that is not sold; of freight its other end pays. */
static double unsold_price(const kv_case *view, const kvc_good *good)
{
    const double price = view->products.rows[good->product].unserved_price_eur_per_t;
    if (good->origin >= 0)
        return 0;
    return isnan(price) ? view->the_case.rows[0].unserved_price_eur_per_t : price;
}

/* The price of a flow to or from outside before the reference price. */
static void outside_price(const kvc_block *block, const kvc_flow *flow, const kvc_arc *arc,
                          mpq_t price)
{
    const kvc_world *w = block->world;
    const kvc_good *good = &KVC_AT(kvc_good, w->good, flow->good);
    if (arc->gate >= 0) {
        mpq_set(price,
                w->gate_price[(size_t)block->block * (size_t)w->gate.count + (size_t)arc->gate]);
        return;
    }
    if (arc->kind == KVC_UNSOLD) {
        kvc_set(price, unsold_price(w->view[block->block / w->n_periods], good));
        return;
    }
    mpq_set_ui(price, 0, 1);
    for (int i = good->stop_first; i < good->stop_first + good->stop_count; i++) {
        if (KVC_AT(kvc_stop, w->stop, i).place == arc->place)
            kvc_set(price, w->stop_price[(size_t)block->block * (size_t)w->stop.count + (size_t)i]);
    }
}

void kvc_flow_cost(const kvc_block *block, int flow, mpq_t cost)
{
    kvc_world *w = block->world;
    const kvc_flow *it = &KVC_AT(kvc_flow, w->flow, flow);
    const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, it->arc);
    mpq_t t;
    mpq_init(t);
    if (!kvc_is_physical(arc)) {
        outside_price(block, it, arc, cost);
        kvc_flow_reference(block, flow, t);
        mpq_sub(cost, cost, t);
    } else {
        const int empty = it->tail_row < 0;
        mpq_set(cost, kvc_figure_of(block, it->arc, empty, KVC_COST));
        if (!empty) {
            const kv_case *view = w->view[block->block / w->n_periods];
            const kvc_good *good = &KVC_AT(kvc_good, w->good, it->good);
            kvc_set(t, view->products.rows[good->product].value_of_time_eur_per_t_h);
            mpq_mul(t, t, kvc_figure_of(block, it->arc, 0, KVC_HOURS));
            mpq_add(cost, cost, t);
        }
    }
    mpq_clear(t);
}
