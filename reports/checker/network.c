/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nodes and arcs between places with their opening sets (mathematics.md, section 2). Doors come
 * first (node = place), then outside, then the others as they are named.
 */
#include "reports/checker/world.h"

#include <math.h>

static int node_add(kvc_world *w, int place, int mode, const char *standard)
{
    kvc_node *node = kvc_push(w->arena, &w->node, sizeof *node);
    *node = (kvc_node){place, mode, standard, place < 0 ? -1 : w->node_of_place[place]};
    if (place >= 0)
        w->node_of_place[place] = w->node.count - 1;
    return w->node.count - 1;
}

int kvc_node_of(kvc_world *world, int place, int mode, const char *standard)
{
    const kvc_node *nodes = world->node.items;
    for (int v = world->node_of_place[place]; v >= 0; v = nodes[v].next) {
        if (nodes[v].mode == mode && nodes[v].standard == standard)
            return v;
    }
    return node_add(world, place, mode, standard);
}

int kvc_arc_add(kvc_world *world, const kvc_arc *arc)
{
    kvc_arc *added = kvc_push(world->arena, &world->arc, sizeof *added);
    *added = *arc;
    added->set_first = world->opening.count;
    added->set_count = 0;
    return world->arc.count - 1;
}

static int matches(const kv_effect *e, int effect, int target, int carrier, int project)
{
    if (e->effect != effect || (project >= 0 && e->project != project))
        return 0;
    if (effect == KV_EFFECT_OPEN_TERMINAL || effect == KV_EFFECT_IMPROVE_TERMINAL)
        return e->terminal == target;
    if (effect == KV_EFFECT_ENERGY_POINT)
        return e->place == target && e->carrier == carrier;
    return e->link == target;
}

int kvc_has_effect(const kv_case *the_case, int effect, int target, int carrier, int project)
{
    for (int i = 0; i < the_case->effects.count; i++) {
        if (matches(&the_case->effects.rows[i], effect, target, carrier, project))
            return 1;
    }
    return 0;
}

/* A set of the newest arc, with the projects that can open it, each once. */
void kvc_opening_add(kvc_world *world, int effect, int target, int carrier, int project)
{
    kvc_world *w = world;
    kvc_opening *set = kvc_push(w->arena, &w->opening, sizeof *set);
    *set = (kvc_opening){effect, target, carrier, project, w->opener.count, 0};
    for (int i = 0; i < w->given->effects.count; i++) {
        const kv_effect *e = &w->given->effects.rows[i];
        int seen = !matches(e, effect, target, carrier, project);
        for (int k = set->first; k < w->opener.count && !seen; k++)
            seen = KVC_AT(int, w->opener, k) == e->project;
        if (!seen)
            *(int *)kvc_push(w->arena, &w->opener, sizeof(int)) = e->project;
    }
    set->count = w->opener.count - set->first;
    KVC_AT(kvc_arc, w->arc, w->arc.count - 1).set_count++;
}

int kvc_may_use(const kv_product *product, const kvc_arc *arc)
{
    if (arc->mode == KV_MODE_ROAD && !product->road)
        return 0;
    if (product->dangerous ? !arc->dangerous : arc->dangerous_only)
        return 0;
    return arc->handling == KV_HANDLING_ANY || arc->handling == product->handling;
}

int kvc_is_physical(const kvc_arc *arc)
{
    return arc->kind <= KVC_TRANSFER;
}

/* ---- links ---- */

/* An arc with the sets of its link, and one more if `effect` >= 0. */
static void link_arc(kvc_world *w, const kvc_arc *arc, int effect, int project)
{
    const kv_link *link = &w->given->links.rows[arc->link];
    const kv_technology *q = &w->given->technologies.rows[arc->technology];
    kvc_arc_add(w, arc);
    if (!link->open)
        kvc_opening_add(w, KV_EFFECT_OPEN_LINK, arc->link, -1, -1);
    if (q->needs_electrification && !link->electrified)
        kvc_opening_add(w, KV_EFFECT_ELECTRIFY, arc->link, -1, -1);
    if (effect >= 0)
        kvc_opening_add(w, effect, arc->link, -1, project);
}

/* 1 when an earlier effect of the project is of this kind on the same thing. */
static int is_repeated(const kv_case *c, int row)
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

static void link_direction(kvc_world *w, int row, int technology, int backward)
{
    const kv_case *c = w->given;
    const kv_link *l = &c->links.rows[row];
    int from = backward ? l->to : l->from, to = backward ? l->from : l->to;
    if (!l->open && !kvc_has_effect(c, KV_EFFECT_OPEN_LINK, row, -1, -1))
        return;
    if (c->technologies.rows[technology].needs_electrification && !l->electrified &&
        !kvc_has_effect(c, KV_EFFECT_ELECTRIFY, row, -1, -1))
        return;
    kvc_arc arc = {.kind = KVC_LINK,
                   .mode = l->mode,
                   .handling = KV_HANDLING_ANY,
                   .dangerous = l->dangerous_goods,
                   .improved_by = -1,
                   .technology = technology,
                   .link = row,
                   .backward = backward,
                   .transfer = -1,
                   .place = from,
                   .to_place = to,
                   .gate = -1};
    arc.tail = kvc_node_of(w, from, l->mode, l->standard);
    arc.head = kvc_node_of(w, to, l->mode, l->standard);
    link_arc(w, &arc, -1, -1);
    if (!l->dangerous_goods && kvc_has_effect(c, KV_EFFECT_ALLOW_DANGEROUS, row, -1, -1)) {
        kvc_arc only = arc;
        only.dangerous = only.dangerous_only = 1;
        link_arc(w, &only, KV_EFFECT_ALLOW_DANGEROUS, -1);
    }
    for (int i = 0; i < c->effects.count; i++) {
        const kv_effect *e = &c->effects.rows[i];
        if (e->effect != KV_EFFECT_IMPROVE_LINK || e->link != row || is_repeated(c, i))
            continue;
        arc.improved_by = e->project;
        link_arc(w, &arc, KV_EFFECT_IMPROVE_LINK, e->project);
    }
}

static void link_arcs(kvc_world *w, int row)
{
    const kv_link *l = &w->given->links.rows[row];
    for (int q = 0; q < w->given->technologies.count; q++) {
        const kv_technology *technology = &w->given->technologies.rows[q];
        if (technology->mode != l->mode || !isnan(technology->range_km))
            continue;
        link_direction(w, row, q, 0);
        if (l->directions == KV_BOTH)
            link_direction(w, row, q, 1);
    }
}

/* ---- transfers ---- */

static void transfer_direction(kvc_world *w, int row, int backward)
{
    const kv_case *c = w->given;
    const kv_transfer *t = &c->transfers.rows[row];
    const kv_terminal *terminal = &c->terminals.rows[t->terminal];
    if (!terminal->open && !kvc_has_effect(c, KV_EFFECT_OPEN_TERMINAL, t->terminal, -1, -1))
        return;
    int from = kvc_node_of(w, terminal->place, t->from_mode, t->from_standard);
    int to = kvc_node_of(w, terminal->place, t->to_mode, t->to_standard);
    kvc_arc arc = {.kind = KVC_TRANSFER,
                   .tail = backward ? to : from,
                   .head = backward ? from : to,
                   .mode = -1,
                   .handling = t->handling,
                   .dangerous = 1,
                   .improved_by = -1,
                   .technology = -1,
                   .link = -1,
                   .backward = backward,
                   .transfer = row,
                   .place = terminal->place,
                   .to_place = terminal->place,
                   .gate = -1};
    kvc_arc_add(w, &arc);
    if (!terminal->open)
        kvc_opening_add(w, KV_EFFECT_OPEN_TERMINAL, t->terminal, -1, -1);
    for (int i = 0; i < c->effects.count; i++) {
        const kv_effect *e = &c->effects.rows[i];
        if (e->effect != KV_EFFECT_IMPROVE_TERMINAL || e->terminal != t->terminal ||
            is_repeated(c, i))
            continue;
        arc.improved_by = e->project;
        kvc_arc_add(w, &arc);
        if (!terminal->open)
            kvc_opening_add(w, KV_EFFECT_OPEN_TERMINAL, t->terminal, -1, -1);
        kvc_opening_add(w, KV_EFFECT_IMPROVE_TERMINAL, t->terminal, -1, e->project);
    }
}

void kvc_build_network(kvc_world *world)
{
    kvc_world *w = world;
    const kv_case *c = w->given;
    w->node_of_place = kvc_alloc(w->arena, (size_t)c->places.count, sizeof(int));
    for (int v = 0; v < c->places.count; v++)
        w->node_of_place[v] = -1;
    for (int v = 0; v < c->places.count; v++)
        node_add(w, v, KV_MODE_ROAD, NULL);
    w->outside = node_add(w, -1, -1, NULL);
    for (int l = 0; l < c->links.count; l++)
        link_arcs(w, l);
    kvc_build_range(w);
    for (int i = 0; i < c->transfers.count; i++) {
        transfer_direction(w, i, 0);
        if (c->transfers.rows[i].both_directions)
            transfer_direction(w, i, 1);
    }
    w->n_physical = w->arc.count;
}
