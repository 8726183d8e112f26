/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which flows there are (mathematics.md, section 2, "What is generated"), the balance rows at their
 * ends, and what balances there.
 */
#include "reports/checker/world.h"

#include <string.h>

typedef struct reach {
    kvc_world *w;
    int *out_first, *out_arc, *in_first, *in_arc; /* usable arcs between places by tail, by head */
    unsigned char *from_supply, *to_demand;       /* [nodes] of the good at hand */
    int *row;                                     /* [nodes] balance row of the good, -1 */
    int *stack;
    unsigned char *gate_open, *technology_used;
    kvc_row_lists rows;
} reach;

static void mark_open(kvc_world *w)
{
    for (int a = 0; a < w->n_physical; a++) {
        kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
        for (int b = 0; b < w->n_blocks && !arc->open; b++) {
            arc->open = 1;
            for (int i = 0; i < arc->set_count && arc->open; i++)
                arc->open = kvc_opening_starts(w, arc->set_first + i, b, NULL, NULL) > 0;
        }
    }
}

static void by_node(const kvc_world *w, int at_tail, int *first, int *arcs)
{
    for (int a = 0; a < w->n_physical; a++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
        if (arc->open)
            first[(at_tail ? arc->tail : arc->head) + 2]++;
    }
    for (int v = 0; v < w->node.count; v++)
        first[v + 2] += first[v + 1];
    for (int a = 0; a < w->n_physical; a++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
        if (arc->open)
            arcs[first[(at_tail ? arc->tail : arc->head) + 1]++] = a;
    }
}

/* Whether a stop has supply (sign > 0) or demand (< 0) in some block. */
static int stop_has(const kvc_world *w, int stop, int sign)
{
    for (int b = 0; b < w->n_blocks; b++) {
        if (mpq_sgn(w->amount[(size_t)b * (size_t)w->stop.count + (size_t)stop]) * sign > 0)
            return 1;
    }
    return 0;
}

static int gate_is_inward(const kvc_gate *gate)
{
    return gate->kind == KVC_SOURCE || gate->kind == KVC_PLANT_OUT;
}

static int gate_door(const kvc_world *w, const kvc_gate *gate)
{
    return KVC_AT(kvc_station, w->station, gate->station).place;
}

static int is_product(const kvc_good *good)
{
    return good->product >= 0 && good->origin < 0;
}

/* Marks the doors where the good enters or leaves, and puts them on the stack. */
static int doors_mark(reach *r, const kvc_good *good, int inward, unsigned char *mark)
{
    const kvc_world *w = r->w;
    int count = 0;
    for (int i = good->stop_first; i < good->stop_first + good->stop_count; i++) {
        const int place = KVC_AT(kvc_stop, w->stop, i).place;
        if (mark[place] || !stop_has(w, i, inward ? 1 : -1))
            continue;
        mark[place] = 1;
        r->stack[count++] = place;
    }
    for (int i = 0; i < w->gate.count && is_product(good); i++) {
        const kvc_gate *gate = &KVC_AT(kvc_gate, w->gate, i);
        const int door = gate_door(w, gate);
        if (gate->product != good->product || !r->gate_open[i] || mark[door] ||
            gate_is_inward(gate) != inward)
            continue;
        mark[door] = 1;
        r->stack[count++] = door;
    }
    return count;
}

static void spread(reach *r, const kv_product *product, int forward, int count, unsigned char *mark)
{
    const int *first = forward ? r->out_first : r->in_first;
    const int *arcs = forward ? r->out_arc : r->in_arc;
    while (count > 0) {
        const int v = r->stack[--count];
        for (int i = first[v]; i < first[v + 1]; i++) {
            const kvc_arc *arc = &KVC_AT(kvc_arc, r->w->arc, arcs[i]);
            const int next = forward ? arc->head : arc->tail;
            if (mark[next] || !kvc_may_use(product, arc))
                continue;
            mark[next] = 1;
            r->stack[count++] = next;
        }
    }
}

static void flow_add(reach *r, int good, int arc)
{
    kvc_world *w = r->w;
    const kvc_arc *on = &KVC_AT(kvc_arc, w->arc, arc);
    *(kvc_flow *)kvc_push(w->arena, &w->flow, sizeof(kvc_flow)) = (kvc_flow){arc, good, -1, -1};
    if (on->technology >= 0)
        r->technology_used[on->technology] = 1;
}

static void outside_flows(reach *r, int g)
{
    const kvc_world *w = r->w;
    const kvc_good *good = &KVC_AT(kvc_good, w->good, g);
    for (int i = 0; i < w->gate.count && is_product(good); i++) {
        const kvc_gate *gate = &KVC_AT(kvc_gate, w->gate, i);
        const int door = gate_door(w, gate);
        const int meets = gate_is_inward(gate) ? r->to_demand[door] : r->from_supply[door];
        if (gate->product == good->product && r->gate_open[i] && meets)
            flow_add(r, g, gate->arc);
    }
    for (int unsold = 0; unsold < 2; unsold++) {
        const int *arcs = unsold ? w->unsold_arc : w->unserved_arc;
        for (int i = good->stop_first; i < good->stop_first + good->stop_count; i++) {
            if (stop_has(w, i, unsold ? 1 : -1))
                flow_add(r, g, arcs[KVC_AT(kvc_stop, w->stop, i).place]);
        }
    }
}

void kvc_rows_add(kvc_world *world, int good, int *row, kvc_row_lists *lists)
{
    kvc_world *w = world;
    kvc_good *of = &KVC_AT(kvc_good, w->good, good);
    kvc_flow *flows = w->flow.items;
    for (int v = 0; v < w->node.count; v++)
        row[v] = w->file ? 0 : -1; /* of a file every node has a balance */
    for (int f = of->flow_first; f < w->flow.count; f++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, flows[f].arc);
        row[arc->tail] = row[arc->head] = 0;
    }
    of->row_first = lists->node.count;
    for (int v = 0; v < w->node.count; v++) {
        if (row[v] < 0)
            continue;
        row[v] = lists->node.count;
        *(int *)kvc_push(w->arena, &lists->node, sizeof(int)) = v;
        *(int *)kvc_push(w->arena, &lists->good, sizeof(int)) = good;
    }
    of->row_count = lists->node.count - of->row_first;
    for (int f = of->flow_first; f < w->flow.count; f++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, flows[f].arc);
        flows[f].tail_row = row[arc->tail];
        flows[f].head_row = row[arc->head];
    }
}

static void good_flows(reach *r, int g)
{
    kvc_world *w = r->w;
    kvc_good *good = &KVC_AT(kvc_good, w->good, g);
    const kv_product *product = &w->given->products.rows[good->product];
    memset(r->from_supply, 0, (size_t)w->node.count);
    memset(r->to_demand, 0, (size_t)w->node.count);
    spread(r, product, 1, doors_mark(r, good, 1, r->from_supply), r->from_supply);
    spread(r, product, 0, doors_mark(r, good, 0, r->to_demand), r->to_demand);
    good->flow_first = w->flow.count;
    for (int a = 0; a < w->n_physical; a++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
        if (arc->open && r->from_supply[arc->tail] && r->to_demand[arc->head] &&
            kvc_may_use(product, arc))
            flow_add(r, g, a);
    }
    outside_flows(r, g);
    good->flow_count = w->flow.count - good->flow_first;
    kvc_rows_add(w, g, r->row, &r->rows);
}

/* Empty vehicles of a technology, where something moves by it. */
static void empties_flows(reach *r, int technology)
{
    kvc_world *w = r->w;
    kvc_good good = {.product = -1, .origin = -1, .technology = technology};
    if (w->given->technologies.rows[technology].empties != KV_EMPTIES_BALANCED ||
        !r->technology_used[technology])
        return;
    good.flow_first = w->flow.count;
    for (int a = 0; a < w->n_physical; a++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
        if (arc->technology == technology && arc->open && arc->improved_by < 0 &&
            !arc->dangerous_only)
            flow_add(r, w->good.count, a);
    }
    good.flow_count = w->flow.count - good.flow_first;
    *(kvc_good *)kvc_push(w->arena, &w->good, sizeof good) = good;
}

void kvc_build_reach(kvc_world *world)
{
    kvc_world *w = world;
    reach r = {.w = w};
    const size_t nodes = (size_t)w->node.count, arcs = (size_t)w->arc.count;
    r.out_first = kvc_alloc(w->arena, nodes + 2, sizeof(int));
    r.in_first = kvc_alloc(w->arena, nodes + 2, sizeof(int));
    r.out_arc = kvc_alloc(w->arena, arcs, sizeof(int));
    r.in_arc = kvc_alloc(w->arena, arcs, sizeof(int));
    r.from_supply = kvc_alloc(w->arena, nodes, 1);
    r.to_demand = kvc_alloc(w->arena, nodes, 1);
    r.row = kvc_alloc(w->arena, nodes, sizeof(int));
    r.stack = kvc_alloc(w->arena, nodes, sizeof(int));
    r.gate_open = kvc_alloc(w->arena, (size_t)w->gate.count, 1);
    r.technology_used = kvc_alloc(w->arena, (size_t)w->given->technologies.count, 1);
    mark_open(w);
    by_node(w, 1, r.out_first, r.out_arc);
    by_node(w, 0, r.in_first, r.in_arc);
    for (int i = 0; i < w->gate.count * w->n_blocks; i++)
        r.gate_open[i % w->gate.count] |= mpq_sgn(w->gate_upper[i]) > 0;
    for (int g = 0; g < w->n_goods; g++)
        good_flows(&r, g);
    for (int q = 0; q < w->given->technologies.count; q++)
        empties_flows(&r, q);
    w->n_rows = r.rows.node.count;
    w->row_node = r.rows.node.items;
    w->row_good = r.rows.good.items;
}

/* The balance row of a good at a node, or -1. */
static int row_at(const kvc_world *w, const kvc_good *good, int node)
{
    int low = good->row_first, end = good->row_first + good->row_count;
    while (low < end) {
        const int middle = low + (end - low) / 2;
        if (w->row_node[middle] < node)
            low = middle + 1;
        else
            end = middle;
    }
    return low < good->row_first + good->row_count && w->row_node[low] == node ? low : -1;
}

/* d of all rows of a good in a block; at outside minus the sum of the others. */
static void good_balance(kvc_world *w, int block, const kvc_good *good)
{
    mpq_t *d = w->balance + (size_t)block * (size_t)w->n_rows;
    mpq_t *amount = w->amount + (size_t)block * (size_t)w->stop.count;
    const int outside = row_at(w, good, w->outside);
    for (int i = good->stop_first; i < good->stop_first + good->stop_count; i++) {
        const int row = row_at(w, good, KVC_AT(kvc_stop, w->stop, i).place);
        if (row < 0)
            continue;
        mpq_set(d[row], amount[i]);
        if (outside >= 0)
            mpq_sub(d[outside], d[outside], amount[i]);
    }
}

/* Rule (a): all that the good's sinks can take. */
static void good_sinks(kvc_world *w, int block, int g)
{
    const kvc_good *good = &KVC_AT(kvc_good, w->good, g);
    mpq_t *total = &w->sinks[(size_t)block * (size_t)w->n_goods + (size_t)g];
    for (int row = good->row_first; row < good->row_first + good->row_count; row++) {
        mpq_t *d = &w->balance[(size_t)block * (size_t)w->n_rows + (size_t)row];
        if (w->row_node[row] != w->outside && mpq_sgn(*d) < 0)
            mpq_sub(*total, *total, *d);
    }
    for (int f = good->flow_first; f < good->flow_first + good->flow_count; f++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, KVC_AT(kvc_flow, w->flow, f).arc);
        if (arc->kind == KVC_PLANT_IN || arc->kind == KVC_MARKET)
            mpq_add(*total, *total,
                    w->gate_upper[(size_t)block * (size_t)w->gate.count + (size_t)arc->gate]);
    }
}

void kvc_build_balances(kvc_world *world)
{
    kvc_world *w = world;
    w->balance = kvc_numbers(w->arena, (size_t)w->n_blocks * (size_t)w->n_rows);
    w->sinks = kvc_numbers(w->arena, (size_t)w->n_blocks * (size_t)w->n_goods);
    for (int block = 0; block < w->n_blocks; block++) {
        for (int g = 0; g < w->n_goods; g++) {
            good_balance(w, block, &KVC_AT(kvc_good, w->good, g));
            good_sinks(w, block, g);
        }
    }
}
