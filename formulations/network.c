/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nodes (place, mode, standard), link arcs and transfer arcs, with the opening sets that each needs.
 * Doors come first (node = place), then outside, then the others in the order they are named.
 */
#include "formulations/builder.h"

#include "base/memory.h"

#include <math.h>

static int node_add(kv_builder *b, int place, int mode, const char *standard)
{
    kv_node *node = kv_list_push(&b->node);
    if (!node)
        return -1;
    *node = (kv_node){place, mode, standard, place < 0 ? -1 : b->node_of_place[place]};
    if (place >= 0)
        b->node_of_place[place] = b->node.count - 1;
    return b->node.count - 1;
}

int kv_builder_node(kv_builder *builder, int place, int mode, const char *standard)
{
    const kv_node *nodes = builder->node.items;
    for (int v = builder->node_of_place[place]; v >= 0; v = nodes[v].next) {
        if (nodes[v].mode == mode && nodes[v].standard == standard)
            return v;
    }
    return node_add(builder, place, mode, standard);
}

int kv_builder_arc(kv_builder *builder, const kv_arc_info *info, const kv_ends *ends)
{
    kv_arc_info *new_info = kv_list_push(&builder->arc_info);
    kv_ends *new_ends = new_info ? kv_list_push(&builder->ends) : NULL;
    if (!new_ends)
        return -1;
    *new_info = *info;
    *new_ends = *ends;
    new_ends->need_first = builder->need.count;
    new_ends->need_count = 0;
    return builder->ends.count - 1;
}

int kv_builder_need(kv_builder *builder, int effect, int target, int carrier, int project)
{
    kv_requirement *need = kv_list_push(&builder->need);
    if (!need)
        return -1;
    *need = (kv_requirement){effect, target, carrier, project};
    ((kv_ends *)builder->ends.items)[builder->ends.count - 1].need_count++;
    return 0;
}

int kv_need_matches(const kv_requirement *need, const kv_effect *effect)
{
    if (effect->effect != need->effect || (need->project >= 0 && effect->project != need->project))
        return 0;
    switch (need->effect) {
    case KV_EFFECT_OPEN_TERMINAL:
    case KV_EFFECT_IMPROVE_TERMINAL: return effect->terminal == need->target;
    case KV_EFFECT_ENERGY_POINT:
        return effect->place == need->target && effect->carrier == need->carrier;
    default: return effect->link == need->target;
    }
}

int kv_builder_has_effect(const kv_case *the_case, const kv_requirement *need)
{
    for (int i = 0; i < the_case->effects.count; i++) {
        if (kv_need_matches(need, &the_case->effects.rows[i]))
            return 1;
    }
    return 0;
}

int kv_product_may_use(const kv_product *product, const kv_arc_info *info, const kv_ends *ends)
{
    if (ends->mode == KV_MODE_ROAD && !product->road)
        return 0;
    if (info->dangerous_only && !product->dangerous)
        return 0;
    if (product->dangerous && !ends->dangerous)
        return 0;
    return ends->handling == KV_HANDLING_ANY || ends->handling == product->handling;
}

int kv_arc_is_physical(const kv_arc_info *info)
{
    return info->kind == KV_ARC_LINK || info->kind == KV_ARC_RANGE || info->kind == KV_ARC_TRANSFER;
}

/* What a technology on a link needs before it can run there: open, electrified. 0 = it never can. */
static int link_needs(const kv_builder *b, int link, int technology, kv_requirement *needs,
                      int *count)
{
    const kv_link *l = &b->given->links.rows[link];
    *count = 0;
    if (!l->open)
        needs[(*count)++] = (kv_requirement){KV_EFFECT_OPEN_LINK, link, -1, -1};
    if (b->given->technologies.rows[technology].needs_electrification && !l->electrified)
        needs[(*count)++] = (kv_requirement){KV_EFFECT_ELECTRIFY, link, -1, -1};
    for (int i = 0; i < *count; i++) {
        if (!kv_builder_has_effect(b->given, &needs[i]))
            return 0;
    }
    return 1;
}

/* An arc with the needs given and, when extra is not NULL, that one. */
static kv_status arc_with_needs(kv_builder *b, const kv_arc_info *info, const kv_ends *ends,
                                const kv_requirement *needs, int count, const kv_requirement *extra)
{
    if (kv_builder_arc(b, info, ends) < 0)
        return KV_ERR_MEMORY;
    for (int i = 0; i < count; i++) {
        if (kv_builder_need(b, needs[i].effect, needs[i].target, needs[i].carrier,
                            needs[i].project) != 0)
            return KV_ERR_MEMORY;
    }
    if (extra && kv_builder_need(b, extra->effect, extra->target, extra->carrier, extra->project))
        return KV_ERR_MEMORY;
    return KV_OK;
}

/* 1 when an earlier effect of the same project improves the same thing. */
static int improved_before(const kv_case *c, int row)
{
    const kv_effect *e = &c->effects.rows[row];
    for (int i = 0; i < row; i++) {
        const kv_effect *o = &c->effects.rows[i];
        if (o->effect == e->effect && o->project == e->project && o->link == e->link &&
            o->terminal == e->terminal)
            return 1;
    }
    return 0;
}

/* The arcs of a technology on a link in one direction: the plain one, the one for dangerous goods,
 * the improved ones. */
static kv_status link_direction(kv_builder *b, int link, int technology, int backward)
{
    const kv_link *l = &b->given->links.rows[link];
    kv_requirement needs[2];
    int count;
    if (!link_needs(b, link, technology, needs, &count))
        return KV_OK;
    int from = backward ? l->to : l->from, to = backward ? l->from : l->to;
    kv_arc_info info = {.kind = KV_ARC_LINK,
                        .link = link,
                        .backward = backward,
                        .technology = technology,
                        .transfer = -1,
                        .place = from,
                        .to_place = to,
                        .site = -1,
                        .improved_by = -1,
                        .length_km = l->length_km};
    kv_ends ends = {.mode = l->mode, .handling = KV_HANDLING_ANY, .dangerous = l->dangerous_goods};
    ends.tail = kv_builder_node(b, from, l->mode, l->standard);
    ends.head = kv_builder_node(b, to, l->mode, l->standard);
    if (ends.tail < 0 || ends.head < 0)
        return KV_ERR_MEMORY;
    kv_status status = arc_with_needs(b, &info, &ends, needs, count, NULL);
    kv_requirement allow = {KV_EFFECT_ALLOW_DANGEROUS, link, -1, -1};
    if (status == KV_OK && !l->dangerous_goods && kv_builder_has_effect(b->given, &allow)) {
        kv_arc_info only = info;
        kv_ends only_ends = ends;
        only.dangerous_only = only_ends.dangerous = 1;
        status = arc_with_needs(b, &only, &only_ends, needs, count, &allow);
    }
    for (int i = 0; i < b->given->effects.count && status == KV_OK; i++) {
        const kv_effect *e = &b->given->effects.rows[i];
        if (e->effect != KV_EFFECT_IMPROVE_LINK || e->link != link || improved_before(b->given, i))
            continue;
        kv_requirement improve = {KV_EFFECT_IMPROVE_LINK, link, -1, e->project};
        info.improved_by = e->project;
        status = arc_with_needs(b, &info, &ends, needs, count, &improve);
    }
    return status;
}

static kv_status link_arcs(kv_builder *b, int link)
{
    const kv_link *l = &b->given->links.rows[link];
    for (int q = 0; q < b->n_technologies; q++) {
        const kv_technology *technology = &b->given->technologies.rows[q];
        if (technology->mode != l->mode || !isnan(technology->range_km))
            continue;
        kv_status status = link_direction(b, link, q, 0);
        if (status == KV_OK && l->directions == KV_BOTH)
            status = link_direction(b, link, q, 1);
        if (status != KV_OK)
            return status;
    }
    return KV_OK;
}

static kv_status transfer_direction(kv_builder *b, int row, int backward)
{
    const kv_transfer *t = &b->given->transfers.rows[row];
    const kv_terminal *terminal = &b->given->terminals.rows[t->terminal];
    kv_requirement open = {KV_EFFECT_OPEN_TERMINAL, t->terminal, -1, -1};
    if (!terminal->open && !kv_builder_has_effect(b->given, &open))
        return KV_OK;
    int from = kv_builder_node(b, terminal->place, t->from_mode, t->from_standard);
    int to = kv_builder_node(b, terminal->place, t->to_mode, t->to_standard);
    if (from < 0 || to < 0)
        return KV_ERR_MEMORY;
    kv_arc_info info = {.kind = KV_ARC_TRANSFER,
                        .link = -1,
                        .backward = backward,
                        .technology = -1,
                        .transfer = row,
                        .place = terminal->place,
                        .to_place = terminal->place,
                        .site = -1,
                        .improved_by = -1};
    kv_ends ends = {.tail = backward ? to : from,
                    .head = backward ? from : to,
                    .mode = -1,
                    .handling = t->handling,
                    .dangerous = 1};
    kv_status status = arc_with_needs(b, &info, &ends, &open, !terminal->open, NULL);
    for (int i = 0; i < b->given->effects.count && status == KV_OK; i++) {
        const kv_effect *e = &b->given->effects.rows[i];
        if (e->effect != KV_EFFECT_IMPROVE_TERMINAL || e->terminal != t->terminal ||
            improved_before(b->given, i))
            continue;
        kv_requirement improve = {KV_EFFECT_IMPROVE_TERMINAL, t->terminal, -1, e->project};
        info.improved_by = e->project;
        status = arc_with_needs(b, &info, &ends, &open, !terminal->open, &improve);
    }
    return status;
}

kv_status kv_build_network(kv_builder *builder)
{
    kv_builder *b = builder;
    kv_status status = KV_OK;
    if (!(b->node_of_place = kv_alloc((size_t)b->n_places, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int v = 0; v < b->n_places; v++)
        b->node_of_place[v] = -1;
    for (int v = 0; v < b->n_places; v++) {
        if (node_add(b, v, KV_MODE_ROAD, NULL) < 0)
            return KV_ERR_MEMORY;
    }
    if ((b->outside = node_add(b, -1, -1, NULL)) < 0)
        return KV_ERR_MEMORY;
    for (int l = 0; l < b->given->links.count && status == KV_OK; l++)
        status = link_arcs(b, l);
    if (status == KV_OK)
        status = kv_build_range_arcs(b);
    for (int i = 0; i < b->given->transfers.count && status == KV_OK; i++) {
        status = transfer_direction(b, i, 0);
        if (status == KV_OK && b->given->transfers.rows[i].both_directions)
            status = transfer_direction(b, i, 1);
    }
    return status;
}
