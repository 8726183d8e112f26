/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which commodities can meet which arcs. A good reaches an arc between places only if the arc's tail
 * can be reached from a place where the good is supplied (in any block) and a place where it is taken
 * (in any block) can be reached from the arc's head, over arcs that it may use and that are open, or
 * can be opened, in some block. Other pairs, and rows of nodes without flows, are never generated.
 */
#include "formulations/builder.h"

#include "base/memory.h"

#include <string.h>

typedef struct reach {
    kv_builder *b;
    int *out_first, *out_arc, *in_first, *in_arc;     /* arcs between places, by tail and by head */
    unsigned char *open;                              /* [arcs] open in some block */
    unsigned char *from_supply, *to_demand, *touched; /* [nodes] of the good at hand */
    int *stack;
    unsigned char *gate_open;       /* [gates] lets something through in some block */
    unsigned char *technology_used; /* [technologies] by a product or freight */
    kv_list flow_arc, flow_commodity, balance_node, balance_commodity; /* int */
    kv_list flow_first, balance_first, commodity, good; /* int, int, kv_commodity_info, int */
} reach;

static int arc_is_open(const kv_builder *b, int arc)
{
    for (int block = 0; block < b->n_blocks; block++) {
        if (!b->arc_closed[(size_t)block * (size_t)b->ends.count + (size_t)arc])
            return 1;
    }
    return 0;
}

static void by_node(const reach *r, int at_tail, int *first, int *arcs)
{
    const kv_ends *ends = r->b->ends.items;
    const kv_arc_info *info = r->b->arc_info.items;
    for (int a = 0; a < r->b->ends.count; a++) {
        if (kv_arc_is_physical(&info[a]) && r->open[a])
            first[(at_tail ? ends[a].tail : ends[a].head) + 2]++;
    }
    for (int v = 0; v < r->b->node.count; v++)
        first[v + 2] += first[v + 1];
    for (int a = 0; a < r->b->ends.count; a++) {
        if (kv_arc_is_physical(&info[a]) && r->open[a])
            arcs[first[(at_tail ? ends[a].tail : ends[a].head) + 1]++] = a;
    }
}

static int reach_make(reach *r)
{
    kv_builder *b = r->b;
    const size_t arcs = (size_t)b->ends.count, nodes = (size_t)b->node.count;
    r->out_first = kv_alloc(nodes + 2, sizeof(int));
    r->in_first = kv_alloc(nodes + 2, sizeof(int));
    r->out_arc = kv_alloc(arcs, sizeof(int));
    r->in_arc = kv_alloc(arcs, sizeof(int));
    r->open = kv_alloc(arcs, 1);
    r->from_supply = kv_alloc(nodes, 1);
    r->to_demand = kv_alloc(nodes, 1);
    r->touched = kv_alloc(nodes, 1);
    r->stack = kv_alloc(nodes, sizeof(int));
    r->gate_open = kv_alloc((size_t)b->gate.count, 1);
    r->technology_used = kv_alloc((size_t)b->n_technologies, 1);
    if (!r->out_first || !r->in_first || !r->out_arc || !r->in_arc || !r->open || !r->from_supply ||
        !r->to_demand || !r->touched || !r->stack || !r->gate_open || !r->technology_used)
        return -1;
    for (int a = 0; a < b->ends.count; a++)
        r->open[a] = (unsigned char)arc_is_open(b, a);
    by_node(r, 1, r->out_first, r->out_arc);
    by_node(r, 0, r->in_first, r->in_arc);
    for (int block = 0; block < b->n_blocks; block++) {
        for (int i = 0; i < b->gate.count; i++)
            r->gate_open[i] |= b->gate_upper[(size_t)block * (size_t)b->gate.count + (size_t)i] > 0;
    }
    return 0;
}

static void reach_clear(reach *r)
{
    void *arrays[] = {r->out_first, r->in_first,  r->out_arc,        r->in_arc,
                      r->open,      r->touched,   r->stack,          r->from_supply,
                      r->to_demand, r->gate_open, r->technology_used};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_list *lists[] = {&r->flow_arc,   &r->flow_commodity, &r->balance_node, &r->balance_commodity,
                        &r->flow_first, &r->balance_first,  &r->commodity,    &r->good};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        kv_list_clear(lists[i]);
}

/* Whether a stop has supply (sign > 0) or demand (sign < 0) in some block. */
static int stop_has(const kv_builder *b, int stop, int sign)
{
    for (int block = 0; block < b->n_blocks; block++) {
        if (b->stop_amount[(size_t)block * (size_t)b->stop.count + (size_t)stop] * sign > 0)
            return 1;
    }
    return 0;
}

static int gate_is_inward(const kv_gate *gate)
{
    return gate->kind == KV_ARC_SOURCE || gate->kind == KV_ARC_PLANT_OUT;
}

/* Marks the doors where the good enters (inward) or leaves, and puts them on the stack. */
static int doors_mark(reach *r, int good, int inward, unsigned char *mark)
{
    const kv_builder *b = r->b;
    const kv_stop *stops = b->stop.items;
    const kv_gate *gates = b->gate.items;
    const kv_station *stations = b->station.items;
    int count = 0;
    for (int i = b->stop_first[good]; i < b->stop_first[good + 1]; i++) {
        if (!mark[stops[i].place] && stop_has(b, i, inward ? 1 : -1)) {
            mark[stops[i].place] = 1;
            r->stack[count++] = stops[i].place;
        }
    }
    for (int i = 0; i < b->gate.count && good < b->n_products; i++) {
        int door = stations[gates[i].station].place;
        if (gates[i].product == good && r->gate_open[i] && !mark[door] &&
            gate_is_inward(&gates[i]) == inward) {
            mark[door] = 1;
            r->stack[count++] = door;
        }
    }
    return count;
}

static void spread(reach *r, const kv_product *product, int forward, int count, unsigned char *mark)
{
    const kv_ends *ends = r->b->ends.items;
    const kv_arc_info *info = r->b->arc_info.items;
    const int *first = forward ? r->out_first : r->in_first;
    const int *arcs = forward ? r->out_arc : r->in_arc;
    while (count > 0) {
        int v = r->stack[--count];
        for (int i = first[v]; i < first[v + 1]; i++) {
            int a = arcs[i], next = forward ? ends[a].head : ends[a].tail;
            if (mark[next] || !kv_product_may_use(product, &info[a], &ends[a]))
                continue;
            mark[next] = 1;
            r->stack[count++] = next;
        }
    }
}

static int push_int(kv_list *list, int value)
{
    int *item = kv_list_push(list);
    if (!item)
        return -1;
    *item = value;
    return 0;
}

/* A flow column of the commodity at hand. */
static int flow_add(reach *r, int arc)
{
    const kv_ends *ends = (const kv_ends *)r->b->ends.items + arc;
    const kv_arc_info *info = (const kv_arc_info *)r->b->arc_info.items + arc;
    r->touched[ends->tail] = r->touched[ends->head] = 1;
    if (info->technology >= 0)
        r->technology_used[info->technology] = 1;
    return push_int(&r->flow_arc, arc) || push_int(&r->flow_commodity, r->commodity.count) ? -1 : 0;
}

static int good_flows(reach *r, int good)
{
    const kv_builder *b = r->b;
    const kv_ends *ends = b->ends.items;
    const kv_arc_info *info = b->arc_info.items;
    const kv_gate *gates = b->gate.items;
    const kv_stop *stops = b->stop.items;
    const kv_station *stations = b->station.items;
    const kv_commodity_info *goods = b->good.items;
    const kv_product *product = &b->given->products.rows[goods[good].product];
    for (int a = 0; a < b->ends.count && kv_arc_is_physical(&info[a]); a++) {
        if (r->open[a] && r->from_supply[ends[a].tail] && r->to_demand[ends[a].head] &&
            kv_product_may_use(product, &info[a], &ends[a]) && flow_add(r, a) != 0)
            return -1;
    }
    for (int i = 0; i < b->gate.count && good < b->n_products; i++) {
        int door = stations[gates[i].station].place;
        int meets = gate_is_inward(&gates[i]) ? r->to_demand[door] : r->from_supply[door];
        if (gates[i].product == good && r->gate_open[i] && meets && flow_add(r, gates[i].arc) != 0)
            return -1;
    }
    for (int unsold = 0; unsold < 2; unsold++) {
        const int *arc = unsold ? b->unsold_arc : b->unserved_arc;
        for (int i = b->stop_first[good]; i < b->stop_first[good + 1]; i++) {
            if (stop_has(b, i, unsold ? 1 : -1) && flow_add(r, arc[stops[i].place]) != 0)
                return -1;
        }
    }
    return 0;
}

/* Ends the commodity at hand, unless it has no flows. */
static int commodity_end(reach *r, const kv_commodity_info *info, int good, int with_balances)
{
    const int n = r->commodity.count;
    int first_flow = ((int *)r->flow_first.items)[n];
    if (r->flow_arc.count == first_flow)
        return 0;
    for (int v = 0; v < r->b->node.count && with_balances; v++) {
        if (r->touched[v] && (push_int(&r->balance_node, v) || push_int(&r->balance_commodity, n)))
            return -1;
    }
    kv_commodity_info *commodity = kv_list_push(&r->commodity);
    if (!commodity)
        return -1;
    *commodity = *info;
    return push_int(&r->good, good) || push_int(&r->flow_first, r->flow_arc.count) ||
                   push_int(&r->balance_first, r->balance_node.count)
               ? -1
               : 0;
}

static int goods_reach(reach *r)
{
    const kv_builder *b = r->b;
    const kv_commodity_info *goods = b->good.items;
    const size_t nodes = (size_t)b->node.count;
    for (int g = 0; g < b->good.count; g++) {
        const kv_product *product = &b->given->products.rows[goods[g].product];
        memset(r->from_supply, 0, nodes);
        memset(r->to_demand, 0, nodes);
        memset(r->touched, 0, nodes);
        spread(r, product, 1, doors_mark(r, g, 1, r->from_supply), r->from_supply);
        spread(r, product, 0, doors_mark(r, g, 0, r->to_demand), r->to_demand);
        if (good_flows(r, g) != 0 || commodity_end(r, &goods[g], g, 1) != 0)
            return -1;
    }
    return 0;
}

/* Empty vehicles, where a technology must balance them and something moves by it. */
static int empties_reach(reach *r)
{
    const kv_builder *b = r->b;
    const kv_arc_info *info = b->arc_info.items;
    for (int q = 0; q < b->n_technologies; q++) {
        if (b->given->technologies.rows[q].empties != KV_EMPTIES_BALANCED || !r->technology_used[q])
            continue;
        kv_commodity_info empty = {KV_COMMODITY_EMPTY, -1, -1, q};
        for (int a = 0; a < b->ends.count; a++) {
            if (info[a].technology == q && r->open[a] && info[a].improved_by < 0 &&
                !info[a].dangerous_only && flow_add(r, a) != 0)
                return -1;
        }
        if (commodity_end(r, &empty, -1, 0) != 0)
            return -1;
    }
    return 0;
}

static kv_status finish(reach *r)
{
    kv_problem *p = r->b->problem;
    int n_flows = r->flow_arc.count, n_balances = r->balance_node.count,
        n_commodities = r->commodity.count;
    if (!(p->flow_arc = kv_list_take(&r->flow_arc)) ||
        !(p->flow_commodity = kv_list_take(&r->flow_commodity)) ||
        !(p->balance_node = kv_list_take(&r->balance_node)) ||
        !(p->balance_commodity = kv_list_take(&r->balance_commodity)) ||
        !(p->commodity_flow_first = kv_list_take(&r->flow_first)) ||
        !(p->commodity_balance_first = kv_list_take(&r->balance_first)) ||
        !(r->b->map->commodity = kv_list_take(&r->commodity)) ||
        !(r->b->good_of_commodity = kv_list_take(&r->good)))
        return KV_ERR_MEMORY;
    p->n_flows = n_flows;
    p->n_balances = n_balances;
    p->n_commodities = n_commodities;
    return KV_OK;
}

kv_status kv_build_reach(kv_builder *builder)
{
    reach r = {.b = builder};
    kv_list *lists[] = {&r.flow_arc,   &r.flow_commodity, &r.balance_node, &r.balance_commodity,
                        &r.flow_first, &r.balance_first,  &r.good};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        lists[i]->size = sizeof(int);
    r.commodity.size = sizeof(kv_commodity_info);
    kv_status status = KV_ERR_MEMORY;
    if (reach_make(&r) == 0 && push_int(&r.flow_first, 0) == 0 &&
        push_int(&r.balance_first, 0) == 0 && goods_reach(&r) == 0 && empties_reach(&r) == 0)
        status = finish(&r);
    reach_clear(&r);
    return status;
}

int kv_flow_find(const kv_problem *problem, int commodity, int arc)
{
    int low = problem->commodity_flow_first[commodity];
    int end = problem->commodity_flow_first[commodity + 1];
    while (low < end) {
        int middle = low + (end - low) / 2;
        if (problem->flow_arc[middle] < arc)
            low = middle + 1;
        else
            end = middle;
    }
    return low < problem->commodity_flow_first[commodity + 1] && problem->flow_arc[low] == arc ? low
                                                                                               : -1;
}
