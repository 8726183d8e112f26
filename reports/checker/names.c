/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names of everything that a row's name is made of (mathematics.md, section 7). */
#include "reports/checker/world.h"

#include "instances/schema.h"

#include <stdarg.h>
#include <string.h>

int kvc_find(const kv_pool *pool, const char *text)
{
    return kv_pool_find(pool, text, strlen(text));
}

const char *kvc_mode_name(int mode)
{
    return kv_schema_column(&kv_schema[KV_TABLE_LINKS], "mode")->choices[mode];
}

char *kvc_format(kvc_arena *arena, const char *format, ...)
{
    kv_text text = {0};
    va_list arguments;
    va_start(arguments, format);
    kv_text_addv(&text, format, arguments);
    va_end(arguments);
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] <= ' ')
            text.data[i] = '_';
    }
    return kvc_take(arena, &text);
}

/* ---- pools ---- */

static char *node_name(const kvc_world *w, int v)
{
    const kvc_node *node = &KVC_AT(kvc_node, w->node, v);
    if (node->place < 0)
        return kvc_format(w->arena, "outside");
    const char *place = w->given->places.rows[node->place].place;
    if (node->standard)
        return kvc_format(w->arena, "%s.%s.%s", place, kvc_mode_name(node->mode), node->standard);
    if (node->mode == KV_MODE_ROAD)
        return kvc_format(w->arena, "%s", place);
    return kvc_format(w->arena, "%s.%s", place, kvc_mode_name(node->mode));
}

int kvc_transfer_row(const kv_case *the_case, int transfer)
{
    int row = 0;
    for (int i = 0; i <= transfer; i++)
        row += the_case->transfers.rows[i].terminal == the_case->transfers.rows[transfer].terminal;
    return row;
}

static char *outside_arc_name(const kvc_world *w, const kvc_arc *arc)
{
    static const char *const kinds[] = {
        [KVC_SOURCE] = "source", [KVC_PLANT_OUT] = "out",     [KVC_PLANT_IN] = "in",
        [KVC_MARKET] = "market", [KVC_UNSERVED] = "unserved", [KVC_UNSOLD] = "unsold"};
    if (arc->gate < 0)
        return kvc_format(w->arena, "%s:%s", kinds[arc->kind],
                          w->given->places.rows[arc->place].place);
    const kvc_gate *gate = &KVC_AT(kvc_gate, w->gate, arc->gate);
    return kvc_format(w->arena, "%s:%s:%s", kinds[arc->kind],
                      KVC_AT(kvc_station, w->station, gate->station).site,
                      w->given->products.rows[gate->product].product);
}

static char *arc_name(const kvc_world *w, int a)
{
    const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
    const kv_case *c = w->given;
    char *name = NULL;
    if (arc->kind == KVC_LINK) {
        name =
            kvc_format(w->arena, "%s:%c:%s", c->links.rows[arc->link].link,
                       arc->backward ? 'b' : 'f', c->technologies.rows[arc->technology].technology);
    } else if (arc->kind == KVC_RANGE) {
        const kv_link *link = &c->links.rows[KVC_AT(int, w->path, arc->path_first)];
        name = kvc_format(w->arena, "%s~%s:%s%s%s", c->places.rows[arc->place].place,
                          c->places.rows[arc->to_place].place,
                          c->technologies.rows[arc->technology].technology, link->open ? "" : "@",
                          link->open ? "" : link->link);
    } else if (arc->kind == KVC_TRANSFER) {
        const kv_transfer *t = &c->transfers.rows[arc->transfer];
        name = kvc_format(w->arena, "%s:%d:%c", c->terminals.rows[t->terminal].terminal,
                          kvc_transfer_row(c, arc->transfer), arc->backward ? 'b' : 'f');
    } else {
        name = outside_arc_name(w, arc);
    }
    if (arc->improved_by < 0 && !arc->dangerous_only)
        return name;
    return kvc_format(w->arena, "%s%s%s%s", name, arc->improved_by >= 0 ? "+" : "",
                      arc->improved_by >= 0 ? c->projects.rows[arc->improved_by].project : "",
                      arc->dangerous_only ? "!d" : "");
}

static char *good_name(const kvc_world *w, int g)
{
    const kvc_good *good = &KVC_AT(kvc_good, w->good, g);
    const kv_case *c = w->given;
    if (good->product < 0)
        return kvc_format(w->arena, "empty:%s", c->technologies.rows[good->technology].technology);
    const char *product = c->products.rows[good->product].product;
    if (good->origin < 0)
        return kvc_format(w->arena, "%s", product);
    return kvc_format(w->arena, "%s@%s", product, c->places.rows[good->origin].place);
}

static char *resource_name(const kvc_world *w, int r)
{
    const kvc_resource *it = &KVC_AT(kvc_resource, w->resource, r);
    const kv_case *c = w->given;
    switch (it->kind) {
    case KVC_ON_LINK:
        return kvc_format(w->arena, "link:%s%s", c->links.rows[it->link].link,
                          it->backward < 0 ? ""
                          : it->backward   ? ":<"
                                           : ":>");
    case KVC_ON_TERMINAL:
        return kvc_format(w->arena, "terminal:%s", c->terminals.rows[it->terminal].terminal);
    case KVC_ON_FLEET:
        return kvc_format(w->arena, "fleet:%s", c->technologies.rows[it->technology].technology);
    case KVC_ON_ENERGY:
        return kvc_format(w->arena, "energy:%s:%s", c->places.rows[it->place].place,
                          c->carriers.rows[it->carrier].carrier);
    default: return kvc_format(w->arena, "carbon");
    }
}

static char *design_name(const kvc_world *w, int j)
{
    const kvc_design *d = &KVC_AT(kvc_design, w->design, j);
    const kv_case *c = w->given;
    const char *colon = d->slot >= 0 ? ":" : "",
               *slot = d->slot >= 0 ? kvc_slot_name(w, d->slot) : "";
    const char *period = d->period >= 0 ? c->periods.rows[d->period].period : "";
    switch (d->kind) {
    case KVC_START:
        return kvc_format(w->arena, "start:%s:%s%s%s", c->projects.rows[d->project].project, period,
                          colon, slot);
    case KVC_PURCHASE:
    case KVC_STOCK:
        return kvc_format(w->arena, "%s:%s:%s%s%s", d->kind == KVC_STOCK ? "stock" : "buy",
                          c->technologies.rows[d->technology].technology, period, colon, slot);
    case KVC_CARRY:
        return kvc_format(w->arena, "carry:%s:%s:%s", c->funders.rows[d->funder].funder, period,
                          d->slot >= 0 ? slot : "all");
    default: return kvc_format(w->arena, "risk:%s%s%s", d->slot < 0 ? "eta" : "xi", colon, slot);
    }
}

static char *block_name(const kvc_world *w, int b)
{
    return kvc_format(w->arena, "%s/%s", kvc_slot_name(w, b / w->n_periods),
                      w->given->periods.rows[b % w->n_periods].period);
}

static char *side_name(const kvc_world *w, int i)
{
    return KVC_AT(kvc_row, w->side, i).name;
}

static char *coupling_name(const kvc_world *w, int i)
{
    return KVC_AT(kvc_coupling, w->coupling, i).name;
}

/* A pool in which the number of each name is its index: a name that is taken gets ":2", ":3", ... */
void kvc_pool_make(kvc_world *world, kv_pool **pool, int count, kvc_name_writer *write)
{
    kvc_world *w = world;
    *pool = kv_pool_create();
    kvc_need(w->arena, *pool == NULL);
    for (int i = 0; i < count; i++) {
        char *name = write(w, i), *base = name;
        for (int n = 2; kvc_find(*pool, name) >= 0; n++)
            name = kvc_format(w->arena, "%s:%d", base, n);
        kvc_need(w->arena, kv_pool_add(*pool, name, strlen(name)) < 0);
    }
}

void kvc_build_names(kvc_world *world)
{
    kvc_world *w = world;
    kvc_pool_make(w, &w->node_names, w->node.count, node_name);
    kvc_pool_make(w, &w->arc_names, w->arc.count, arc_name);
    kvc_pool_make(w, &w->good_names, w->good.count, good_name);
    kvc_pool_make(w, &w->resource_names, w->resource.count, resource_name);
    kvc_pool_make(w, &w->design_names, w->design.count, design_name);
    kvc_pool_make(w, &w->block_names, w->n_blocks, block_name);
    kvc_build_coupling(w);
    kvc_pool_make(w, &w->side_names, w->side.count, side_name);
    kvc_pool_make(w, &w->coupling_names, w->coupling.count, coupling_name);
}

/* ---- coupling rows ---- */

static void coupling_add(kvc_world *w, kvc_coupling row, char *name)
{
    row.name = name;
    *(kvc_coupling *)kvc_push(w->arena, &w->coupling, sizeof row) = row;
}

static const char *block_text(const kvc_world *w, int b)
{
    return kv_pool_text(w->block_names, b);
}

/* At each node where flows of the technology meet. */
static void empties_rows(kvc_world *w, int q)
{
    unsigned char *met = kvc_alloc(w->arena, (size_t)w->node.count, 1);
    for (int f = 0; f < w->flow.count; f++) {
        const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, KVC_AT(kvc_flow, w->flow, f).arc);
        if (arc->technology == q)
            met[arc->tail] = met[arc->head] = 1;
    }
    for (int b = 0; b < w->n_blocks; b++) {
        for (int v = 0; v < w->node.count; v++) {
            kvc_coupling row = {KVC_EMPTIES, q, v, -1, -1, -1, b, NULL};
            if (met[v])
                coupling_add(w, row,
                             kvc_format(w->arena, "empties:%s:%s:%s",
                                        w->given->technologies.rows[q].technology,
                                        kv_pool_text(w->node_names, v), block_text(w, b)));
        }
    }
}

static void gate_rows(kvc_world *w, int b)
{
    for (int i = 0; i < w->gate.count; i++) {
        const kvc_gate *g = &KVC_AT(kvc_gate, w->gate, i);
        const kvc_station *s = &KVC_AT(kvc_station, w->station, g->station);
        const char *product = w->given->products.rows[g->product].product;
        const int row = w->station_row[(size_t)b * (size_t)w->station.count + (size_t)g->station];
        if (row < 0)
            continue;
        const double share = w->view[b / w->n_periods]->sites.rows[row].max_share;
        kvc_coupling recipe = {KVC_RECIPE, -1, -1, i, -1, -1, b, NULL};
        kvc_coupling supplier = {KVC_SUPPLIER, -1, -1, i, g->station, -1, b, NULL};
        if (g->recipe_role >= 0 && g->ordinal > 1)
            coupling_add(w, recipe,
                         kvc_format(w->arena, "recipe:%s:%s:%d:%s", s->site, product,
                                    g->ordinal < 9 ? g->ordinal : 9, block_text(w, b)));
        else if (g->recipe_role >= 0)
            coupling_add(
                w, recipe,
                kvc_format(w->arena, "recipe:%s:%s:%s", s->site, product, block_text(w, b)));
        else if (s->role == KV_SITE_SOURCE && share < 1)
            coupling_add(
                w, supplier,
                kvc_format(w->arena, "supplier:%s:%s:%s", s->site, product, block_text(w, b)));
    }
}

static void share_rows(kvc_world *w, int b)
{
    for (int q = 0; q < w->given->technologies.count; q++) {
        const kv_technology *now = kvc_numbers_in(w, q, b);
        kvc_coupling row = {KVC_MAX_SHARE, q, -1, -1, -1, -1, b, NULL};
        if (now->max_share < 1)
            coupling_add(w, row,
                         kvc_format(w->arena, "share:%s:%s", now->technology, block_text(w, b)));
        row.kind = KVC_MIN_SHARE;
        if (now->min_share > 0)
            coupling_add(
                w, row, kvc_format(w->arena, "min_share:%s:%s", now->technology, block_text(w, b)));
    }
}

void kvc_build_coupling(kvc_world *world)
{
    kvc_world *w = world;
    for (int q = 0; q < w->given->technologies.count; q++) {
        if (w->given->technologies.rows[q].empties == KV_EMPTIES_BALANCED)
            empties_rows(w, q);
    }
    for (int b = 0; b < w->n_blocks; b++) {
        gate_rows(w, b);
        share_rows(w, b);
    }
    for (int s = 0; s < w->n_slots; s++) {
        kvc_coupling row = {KVC_TOTAL_CARBON, -1, -1, -1, -1, s, -1, NULL};
        if (w->given->the_case.rows[0].carbon_cap_total_kt >= 0)
            coupling_add(w, row, kvc_format(w->arena, "carbon:%s", kvc_slot_name(w, s)));
        row.kind = KVC_RISK_OF;
        if (w->risk_first >= 0)
            coupling_add(w, row, kvc_format(w->arena, "risk:%s", kvc_slot_name(w, s)));
    }
}
