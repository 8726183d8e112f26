/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the name of a row to the row. Names of things may hold colons, so each colon is tried as the
 * end of a part; where two readings are possible the first one counts, which is as good as any for a
 * bound.
 */
#include "reports/checker/certificate.h"

#include <stdlib.h>
#include <string.h>

/* The last colon of text[0 .. end), or NULL. */
static const char *colon_before(const char *text, const char *end)
{
    while (end > text && end[-1] != ':')
        end--;
    return end > text ? end - 1 : NULL;
}

static int find(const kv_pool *pool, const char *from, const char *to)
{
    return kv_pool_find(pool, from, (size_t)(to - from));
}

int kvc_flow_at(const kvc_world *world, int good, int arc)
{
    const kvc_good *g = &KVC_AT(kvc_good, world->good, good);
    int low = g->flow_first, end = g->flow_first + g->flow_count;
    while (low < end) {
        const int middle = low + (end - low) / 2;
        if (KVC_AT(kvc_flow, world->flow, middle).arc < arc)
            low = middle + 1;
        else
            end = middle;
    }
    return low < g->flow_first + g->flow_count && KVC_AT(kvc_flow, world->flow, low).arc == arc
               ? low
               : -1;
}

static int balance_at(const kvc_world *w, int good, int node)
{
    const kvc_good *g = &KVC_AT(kvc_good, w->good, good);
    int low = g->row_first, end = g->row_first + g->row_count;
    while (low < end) {
        const int middle = low + (end - low) / 2;
        if (w->row_node[middle] < node)
            low = middle + 1;
        else
            end = middle;
    }
    return low < g->row_first + g->row_count && w->row_node[low] == node ? low : -1;
}

/* text[0 .. end) is NODE:COMMODITY. */
static int balance_find(const kvc_world *w, const char *text, const char *end, kvc_row_name *found)
{
    for (const char *at = text; at < end; at++) {
        if (*at != ':')
            continue;
        const int node = find(w->node_names, text, at);
        const int good = node < 0 ? -1 : find(w->good_names, at + 1, end);
        found->row = good < 0 ? -1 : balance_at(w, good, node);
        if (found->row >= 0)
            return 0;
    }
    return -1;
}

static int resource_find(const kvc_world *w, const char *text, const char *end, kvc_row_name *found)
{
    found->row = find(w->resource_names, text, end);
    return found->row < 0 ? -1 : 0;
}

/* text[0 .. end) is ARC:SET with the flow of the good (-2 = all). */
static int opening_of(const kvc_world *w, const char *text, const char *end, int good,
                      kvc_row_name *found)
{
    const char *colon = colon_before(text, end);
    char *rest;
    if (!colon)
        return -1;
    const long set = strtol(colon + 1, &rest, 10);
    found->arc = find(w->arc_names, text, colon);
    if (rest != end || rest == colon + 1 || found->arc < 0 || set < 0 ||
        set >= KVC_AT(kvc_arc, w->arc, found->arc).set_count)
        return -1;
    found->set = (int)set;
    found->flow = good < 0 ? -1 : kvc_flow_at(w, good, found->arc);
    return good >= 0 && found->flow < 0 ? -1 : 0;
}

/* text[0 .. end) is ARC:SET:COMMODITY or ARC:SET:*. */
static int opening_find(const kvc_world *w, const char *text, const char *end, kvc_row_name *found)
{
    const char *colon = end;
    while ((colon = colon_before(text, colon)) != NULL) {
        const int all = end - colon == 2 && colon[1] == '*';
        const int good = all ? -2 : find(w->good_names, colon + 1, end);
        if ((all || good >= 0) && opening_of(w, text, colon, good, found) == 0)
            return 0;
    }
    return -1;
}

typedef int finder(const kvc_world *w, const char *text, const char *end, kvc_row_name *found);

/* The part before a block's name is for `find_rest`. */
static int in_block(const kvc_world *w, const char *text, finder *find_rest, kvc_row_name *found)
{
    const char *end = text + strlen(text), *colon = end;
    while ((colon = colon_before(text, colon)) != NULL) {
        found->block = find(w->block_names, colon + 1, end);
        if (found->block >= 0 && find_rest(w, text, colon, found) == 0)
            return 0;
    }
    return -1;
}

/* text[0 .. end) is ARC:COMMODITY. */
static int flow_find(const kvc_world *w, const char *text, const char *end, kvc_row_name *found)
{
    const char *colon = end;
    while ((colon = colon_before(text, colon)) != NULL) {
        const int good = find(w->good_names, colon + 1, end);
        const int arc = good < 0 ? -1 : find(w->arc_names, text, colon);
        found->flow = arc < 0 ? -1 : kvc_flow_at(w, good, arc);
        if (found->flow >= 0)
            return 0;
    }
    return -1;
}

int kvc_flow_find(const kvc_world *world, const char *name, int *block, int *flow)
{
    kvc_row_name found;
    if (in_block(world, name, flow_find, &found) != 0)
        return -1;
    *block = found.block;
    *flow = found.flow;
    return 0;
}

int kvc_row_find(const kvc_world *world, const char *name, kvc_row_name *found)
{
    const char *colon = strchr(name, ':');
    const size_t length = colon ? (size_t)(colon - name) : 0;
    *found = (kvc_row_name){.block = -1, .row = -1, .arc = -1, .set = -1, .flow = -1};
    found->kind = colon ? *name : 0;
    if (length == 4 && memcmp(name, "flow", 4) == 0)
        return in_block(world, colon + 1, balance_find, found);
    if (length == 8 && memcmp(name, "resource", 8) == 0)
        return in_block(world, colon + 1, resource_find, found);
    if (length == 4 && memcmp(name, "open", 4) == 0)
        return in_block(world, colon + 1, opening_find, found);
    if (length == 8 && memcmp(name, "coupling", 8) == 0)
        found->row = kvc_find(world->coupling_names, colon + 1);
    else if (length == 4 && memcmp(name, "side", 4) == 0)
        found->row = kvc_find(world->side_names, colon + 1);
    return found->row < 0 ? -1 : 0;
}

void kvc_add_balance_name(const kvc_world *world, int block, int row, kv_text *text)
{
    kv_text_addf(text, "flow:%s:%s:%s", kv_pool_text(world->node_names, world->row_node[row]),
                 kv_pool_text(world->good_names, world->row_good[row]),
                 kv_pool_text(world->block_names, block));
}

void kvc_add_flow_name(const kvc_world *world, int block, int flow, kv_text *text)
{
    const kvc_flow *it = &KVC_AT(kvc_flow, world->flow, flow);
    kv_text_addf(text, "%s:%s:%s", kv_pool_text(world->arc_names, it->arc),
                 kv_pool_text(world->good_names, it->good),
                 kv_pool_text(world->block_names, block));
}
