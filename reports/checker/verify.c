/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows of a block, exactly: balances, resources, openings, bounds, coupling rows, cost. */
#include "reports/checker/plan.h"

#include "reports/checker/certificate.h"

#include <math.h>

typedef struct verifying {
    kvc_plan *plan;
    kvc_world *w;
    const kvc_block *b;
    kvc_findings *f;
    mpq_t *balance;          /* [rows] out - in - d */
    mpq_t *used;             /* [resources] */
    mpq_t *gate;             /* [gates] */
    mpq_t *node, *node_size; /* [technologies * nodes] vehicles in - out; the largest term */
    mpq_t *work;             /* [technologies] loaded t-km */
    mpq_t *cost;             /* EUR/yr */
    mpq_t *t, *one;
} verifying;

static void larger(mpq_t a, const mpq_t b)
{
    if (mpq_cmp(b, a) > 0)
        mpq_set(a, b);
}

/* ---- one flow ---- */

/* Vehicles of technologies with balanced empties at the ends of the arc. t[0], t[1]: scratch. */
static void take_vehicles(verifying *v, const kvc_arc *arc, int empty, const mpq_t amount)
{
    const kvc_world *w = v->w;
    const kv_technology *q = kvc_numbers_in(w, arc->technology, v->b->block);
    const size_t first = (size_t)arc->technology * (size_t)w->node.count;
    mpq_set(v->t[0], amount);
    if (!empty) {
        mpq_div(v->t[0], v->t[0], kvc_value(w->arena, &v->w->memo, q->payload_t));
        mpq_div(v->t[0], v->t[0], kvc_value(w->arena, &v->w->memo, q->load_factor));
    }
    mpq_t *head = &v->node[first + (size_t)arc->head], *tail = &v->node[first + (size_t)arc->tail];
    mpq_add(*head, *head, v->t[0]);
    mpq_sub(*tail, *tail, v->t[0]);
    larger(v->node_size[first + (size_t)arc->head], v->t[0]);
    larger(v->node_size[first + (size_t)arc->tail], v->t[0]);
}

/* The bounds of the flow and the opening sets of its arc. */
static void verify_flow(verifying *v, const kvc_moved *moved)
{
    kvc_world *w = v->w;
    const kvc_flow *flow = &KVC_AT(kvc_flow, w->flow, moved->flow);
    const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, flow->arc);
    kv_text name = {0};
    kvc_from_amount(v->t[0], kvc_ceiling(v->b, moved->flow)); /* m */
    mpq_sub(v->t[1], *moved->amount, v->t[0]);
    mpq_neg(v->t[2], *moved->amount);
    larger(v->t[1], v->t[2]);
    mpq_set_ui(v->t[2], 1, 1);
    larger(v->t[2], v->t[0]);
    if (kvc_row_seen(v->f, KVC_BOUNDS, v->t[1], v->t[2])) {
        kv_text_add(&name, "x:");
        kvc_add_flow_name(w, v->b->block, moved->flow, &name);
        kvc_blame(v->f, &name, "t/yr");
    }
    for (int i = 0; i < arc->set_count; i++) {
        mpq_set_ui(v->t[3], 0, 1);
        kvc_sum_started(v->plan, arc->set_first + i, v->b->block, v->t[3]);
        mpq_mul(v->t[1], v->t[0], v->t[3]);
        mpq_sub(v->t[1], *moved->amount, v->t[1]);
        if (!kvc_row_seen(v->f, KVC_OPENINGS, v->t[1], v->t[2]))
            continue;
        kv_text_addf(&name, "open:%s:%d:%s:%s", kv_pool_text(w->arc_names, flow->arc), i,
                     kv_pool_text(w->good_names, flow->good),
                     kv_pool_text(w->block_names, v->b->block));
        kvc_blame(v->f, &name, "t/yr");
    }
}

static void take_flow(verifying *v, const kvc_moved *moved)
{
    kvc_world *w = v->w;
    const kvc_flow *flow = &KVC_AT(kvc_flow, w->flow, moved->flow);
    const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, flow->arc);
    const int empty = flow->tail_row < 0;
    mpq_srcptr amount = *moved->amount;
    if (!empty) {
        mpq_add(v->balance[flow->tail_row], v->balance[flow->tail_row], amount);
        mpq_sub(v->balance[flow->head_row], v->balance[flow->head_row], amount);
    }
    for (int i = w->use_first[flow->arc]; i < w->use_first[flow->arc + 1]; i++) {
        const int r = KVC_AT(kvc_use, w->use, i).resource;
        kvc_use_of(v->b, i, empty, v->t[0]);
        kvc_add_product(v->used[r], v->t[0], amount, v->t[1]);
    }
    if (arc->gate >= 0)
        mpq_add(v->gate[arc->gate], v->gate[arc->gate], amount);
    if (arc->technology >= 0) {
        if (!empty)
            kvc_add_product(v->work[arc->technology], kvc_figure_of(v->b, flow->arc, 0, KVC_KM),
                            amount, v->t[1]);
        if (w->given->technologies.rows[arc->technology].empties == KV_EMPTIES_BALANCED)
            take_vehicles(v, arc, empty, amount);
        kvc_add_product(v->plan->co2[v->b->block], kvc_figure_of(v->b, flow->arc, empty, KVC_CO2),
                        amount, v->t[1]);
    }
    kvc_flow_cost(v->b, moved->flow, v->t[0]);
    kvc_add_product(*v->cost, v->t[0], amount, v->t[1]);
    kvc_flow_reference(v->b, moved->flow, v->t[1]);
    mpq_add(v->t[0], v->t[0], v->t[1]);
    kvc_compare(v->f, &v->plan->flows, moved->row, w->file ? "unit_cost" : "unit_cost_eur", v->t[0],
                9);
    verify_flow(v, moved);
}

/* ---- rows ---- */

static void verify_balances(verifying *v)
{
    kvc_world *w = v->w;
    for (int i = 0; i < w->n_rows; i++) {
        kv_text name = {0};
        mpq_t *rest = &v->balance[i];
        mpq_t *d = &w->balance[(size_t)v->b->block * (size_t)w->n_rows + (size_t)i];
        if (!mpq_equal(*rest, *d))
            mpq_sub(*rest, *rest, *d);
        else
            mpq_set_ui(*rest, 0, 1);
        mpq_abs(*rest, *rest);
        if (!kvc_row_seen(v->f, KVC_BALANCES, *rest, *v->one))
            continue;
        kvc_add_balance_name(w, v->b->block, i, &name);
        kvc_blame(v->f, &name, "t/yr");
    }
}

/* context: verifying; t[2] += supply x what is built. */
static void take_supply(void *context, int design, const mpq_t amount)
{
    verifying *v = context;
    kvc_add_product(v->t[2], v->plan->design[design], amount, v->t[3]);
}

static void verify_resources(verifying *v)
{
    kvc_world *w = v->w;
    for (int r = 0; r < w->resource.count; r++) {
        const size_t at = (size_t)v->b->block * (size_t)w->resource.count + (size_t)r;
        kv_text name = {0};
        if (!w->limited[at])
            continue;
        mpq_set(v->t[2], w->base[at]);
        kvc_supplies(w, v->b->block, r, take_supply, v);
        mpq_sub(v->t[0], v->used[r], v->t[2]);
        mpq_set_ui(v->t[1], 1, 1);
        larger(v->t[1], v->used[r]);
        larger(v->t[1], v->t[2]);
        if (!kvc_row_seen(v->f, KVC_RESOURCES, v->t[0], v->t[1]))
            continue;
        kv_text_addf(&name, "resource:%s:%s", kv_pool_text(w->resource_names, r),
                     kv_pool_text(w->block_names, v->b->block));
        kvc_blame(v->f, &name, "");
    }
}

/* t[0] = left side - right side, t[1] = size of a coupling row of the block. */
static void coupling_terms(verifying *v, const kvc_coupling *row)
{
    kvc_world *w = v->w;
    const size_t block = (size_t)v->b->block;
    mpq_t *t = v->t;
    mpq_set_ui(t[0], 0, 1);
    mpq_set_ui(t[1], 1, 1);
    if (row->kind == KVC_EMPTIES) {
        const size_t at = (size_t)row->technology * (size_t)w->node.count + (size_t)row->node;
        mpq_abs(t[0], v->node[at]);
        larger(t[1], v->node_size[at]);
    } else if (row->kind == KVC_RECIPE) {
        const kvc_gate *g = &KVC_AT(kvc_gate, w->gate, row->gate);
        const int own = KVC_AT(kvc_station, w->station, g->station).gate_first;
        mpq_mul(t[0], v->gate[own],
                w->gate_ratio[block * (size_t)w->gate.count + (size_t)row->gate]);
        larger(t[1], t[0]);
        larger(t[1], v->gate[row->gate]);
        mpq_sub(t[0], t[0], v->gate[row->gate]);
        mpq_abs(t[0], t[0]);
    } else if (row->kind == KVC_SUPPLIER) {
        const int product = KVC_AT(kvc_gate, w->gate, row->gate).product;
        const int site = w->station_row[block * (size_t)w->station.count + (size_t)row->station];
        mpq_set(t[2],
                w->planned_supply[block * (size_t)w->given->products.count + (size_t)product]);
        for (int i = 0; i < w->gate.count; i++) {
            const kvc_gate *g = &KVC_AT(kvc_gate, w->gate, i);
            if (g->product == product && (g->kind == KVC_SOURCE || g->kind == KVC_PLANT_OUT))
                mpq_add(t[2], t[2], v->gate[i]);
        }
        kvc_set(t[3], w->view[v->b->block / w->n_periods]->sites.rows[site].max_share);
        mpq_mul(t[2], t[2], t[3]);
        mpq_sub(t[0], v->gate[row->gate], t[2]);
        larger(t[1], t[2]);
        larger(t[1], v->gate[row->gate]);
    } else {
        const kv_technology *own = kvc_numbers_in(w, row->technology, v->b->block);
        mpq_set_ui(t[2], 0, 1);
        for (int q = 0; q < w->given->technologies.count; q++) {
            if (w->given->technologies.rows[q].mode == own->mode)
                mpq_add(t[2], t[2], v->work[q]);
        }
        larger(t[1], t[2]);
        kvc_set(t[3], row->kind == KVC_MAX_SHARE ? own->max_share : own->min_share);
        mpq_mul(t[2], t[2], t[3]);
        mpq_sub(t[0], v->work[row->technology], t[2]);
        if (row->kind == KVC_MIN_SHARE)
            mpq_neg(t[0], t[0]);
    }
}

static void seen_coupling(kvc_findings *f, int i, const mpq_t violation, const mpq_t size)
{
    kv_text name = {0};
    if (!kvc_row_seen(f, KVC_COUPLINGS, violation, size))
        return;
    kv_text_addf(&name, "coupling:%s", kv_pool_text(f->world->coupling_names, i));
    kvc_blame(f, &name, "");
}

static void verify_couplings(verifying *v)
{
    for (int i = 0; i < v->w->coupling.count; i++) {
        const kvc_coupling *row = &KVC_AT(kvc_coupling, v->w->coupling, i);
        if (row->block != v->b->block)
            continue;
        coupling_terms(v, row);
        seen_coupling(v->f, i, v->t[0], v->t[1]);
    }
}

/* ---- all ---- */

static void room_make(verifying *v)
{
    kvc_world *w = v->w;
    const size_t cells = (size_t)w->given->technologies.count * (size_t)w->node.count;
    v->balance = kvc_numbers(w->arena, (size_t)w->n_rows);
    v->used = kvc_numbers(w->arena, (size_t)w->resource.count);
    v->gate = kvc_numbers(w->arena, (size_t)w->gate.count);
    v->node = kvc_numbers(w->arena, cells);
    v->node_size = kvc_numbers(w->arena, cells);
    v->work = kvc_numbers(w->arena, (size_t)w->given->technologies.count);
    v->t = kvc_numbers(w->arena, 6);
    v->cost = &v->t[4];
    v->one = &v->t[5];
    mpq_set_ui(*v->one, 1, 1);
}

void kvc_verify_block(kvc_plan *plan, const kvc_block *block, kvc_findings *findings)
{
    kvc_world *w = plan->world;
    const int slot = block->block / w->n_periods;
    kvc_chunk *mark = kvc_mark(w->arena);
    verifying v = {.plan = plan, .w = w, .b = block, .f = findings};
    room_make(&v);
    for (int i = 0; i < plan->moved.count; i++) {
        const kvc_moved *moved = &KVC_AT(kvc_moved, plan->moved, i);
        if (moved->block == block->block)
            take_flow(&v, moved);
    }
    verify_balances(&v);
    verify_resources(&v);
    verify_couplings(&v);
    kvc_add_product(*plan->objective, *v.cost, w->weight[block->block], v.t[0]);
    kvc_add_product(plan->slot_cost[slot], *v.cost, w->money[block->block], v.t[0]);
    kvc_release(w->arena, mark);
}

void kvc_verify_totals(kvc_plan *plan, kvc_findings *findings)
{
    kvc_world *w = plan->world;
    mpq_t *t = kvc_numbers(w->arena, 4);
    for (int i = 0; i < w->coupling.count; i++) {
        const kvc_coupling *row = &KVC_AT(kvc_coupling, w->coupling, i);
        if (row->kind != KVC_TOTAL_CARBON)
            continue;
        kvc_set(t[0], w->given->the_case.rows[0].carbon_cap_total_kt);
        kvc_set_power(t[1], 1, 3);
        mpq_mul(t[0], t[0], t[1]);
        mpq_set(t[1], t[0]);
        mpq_neg(t[0], t[0]);
        for (int b = row->slot * w->n_periods; b < (row->slot + 1) * w->n_periods; b++) {
            const kv_period *p = &w->given->periods.rows[b % w->n_periods];
            mpq_set_si(t[2], p->last_year - p->first_year + 1, 1);
            kvc_add_product(t[0], plan->co2[b], t[2], t[3]);
        }
        mpq_set_ui(t[2], 1, 1);
        larger(t[1], t[2]);
        seen_coupling(findings, i, t[0], t[1]);
    }
}
