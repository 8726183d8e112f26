/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Range arcs: a technology with a range moves between charging or filling places along shortest
 * paths over open links. Dijkstra from each point with a binary heap, cut off at the range; of
 * equally short ways to a place the one whose last link comes first in the table wins.
 */
#include "formulations/builder.h"

#include "base/memory.h"

#include <math.h>

typedef struct hop {
    int link, to;
} hop; /* a link seen from one of its ends */

typedef struct search {
    const kv_case *given;
    int n_places;
    int *first; /* [n_places + 1] hops of each place */
    hop *hops;
    double *distance;                      /* [n_places] km, infinite = not reached */
    int *last_link;                        /* [n_places] on the way to it */
    unsigned char *settled;                /* [n_places] */
    int *heap, *place_in_heap, heap_count; /* places, least distance first; -1 = not in it */
    int *order, n_order;                   /* places settled, nearest first */
    unsigned char *point; /* [n_places] 1 = charging or filling place, 2 = with its own row */
    int *path;            /* [n_places] links of one path */
} search;

static int before(const search *s, int a, int b)
{
    if (s->distance[a] < s->distance[b])
        return 1;
    return !(s->distance[b] < s->distance[a]) && a < b;
}

static void heap_put(search *s, int slot, int place)
{
    s->heap[slot] = place;
    s->place_in_heap[place] = slot;
}

static void heap_up(search *s, int slot)
{
    int place = s->heap[slot];
    for (; slot > 0 && before(s, place, s->heap[(slot - 1) / 2]); slot = (slot - 1) / 2)
        heap_put(s, slot, s->heap[(slot - 1) / 2]);
    heap_put(s, slot, place);
}

static int heap_pop(search *s)
{
    int top = s->heap[0], last = s->heap[--s->heap_count], slot = 0;
    s->place_in_heap[top] = -1;
    if (s->heap_count == 0)
        return top;
    for (;;) {
        int child = 2 * slot + 1;
        if (child + 1 < s->heap_count && before(s, s->heap[child + 1], s->heap[child]))
            child++;
        if (child >= s->heap_count || !before(s, s->heap[child], last))
            break;
        heap_put(s, slot, s->heap[child]);
        slot = child;
    }
    heap_put(s, slot, last);
    return top;
}

static void relax(search *s, int from, const hop *h, double range)
{
    double distance = s->distance[from] + s->given->links.rows[h->link].length_km;
    if (s->settled[h->to] || distance > range)
        return;
    if (distance < s->distance[h->to]) {
        s->distance[h->to] = distance;
        s->last_link[h->to] = h->link;
        if (s->place_in_heap[h->to] < 0)
            heap_put(s, s->heap_count++, h->to);
        heap_up(s, s->place_in_heap[h->to]);
    } else if (!(distance > s->distance[h->to]) && h->link < s->last_link[h->to]) {
        s->last_link[h->to] = h->link;
    }
}

/* All places within the range of `from` over open links of the mode and standard. */
static void dijkstra(search *s, int from, int mode, const char *standard, double range)
{
    for (int v = 0; v < s->n_places; v++) {
        s->distance[v] = HUGE_VAL;
        s->last_link[v] = -1;
        s->settled[v] = 0;
        s->place_in_heap[v] = -1;
    }
    s->n_order = 0;
    s->distance[from] = 0;
    s->heap_count = 1;
    heap_put(s, 0, from);
    while (s->heap_count > 0) {
        int v = heap_pop(s);
        s->settled[v] = 1;
        s->order[s->n_order++] = v;
        for (int i = s->first[v]; i < s->first[v + 1]; i++) {
            const kv_link *l = &s->given->links.rows[s->hops[i].link];
            if (l->open && l->mode == mode && l->standard == standard)
                relax(s, v, &s->hops[i], range);
        }
    }
}

static int other_end(const kv_link *link, int place)
{
    return link->from == place ? link->to : link->from;
}

/* The opening sets of the newest arc at its ends. */
static kv_status point_needs(kv_builder *b, const search *s, const kv_arc_info *info, int carrier)
{
    const int ends[] = {info->place, info->to_place};
    for (int i = 0; i < 2; i++) {
        if (s->point[ends[i]] != 2 &&
            kv_builder_need(b, KV_EFFECT_ENERGY_POINT, ends[i], carrier, -1) != 0)
            return KV_ERR_MEMORY;
    }
    return KV_OK;
}

/* An arc over `count` links of s->path, which stand in the order from head to tail. */
static kv_status range_arc(kv_builder *b, const search *s, int technology, int from, int to,
                           int count)
{
    const kv_link *links = b->given->links.rows;
    const kv_link *l = &links[s->path[0]];
    kv_arc_info info = {.kind = KV_ARC_RANGE,
                        .link = -1,
                        .technology = technology,
                        .transfer = -1,
                        .place = from,
                        .to_place = to,
                        .site = -1,
                        .improved_by = -1,
                        .path_first = b->path_link.count,
                        .path_count = count};
    kv_ends ends = {.mode = l->mode, .handling = KV_HANDLING_ANY, .dangerous = 1};
    for (int i = count; i-- > 0;) {
        int *link = kv_list_push(&b->path_link);
        if (!link)
            return KV_ERR_MEMORY;
        *link = s->path[i];
        info.length_km += links[s->path[i]].length_km;
        ends.dangerous = ends.dangerous && links[s->path[i]].dangerous_goods;
    }
    ends.tail = kv_builder_node(b, from, l->mode, l->standard);
    ends.head = kv_builder_node(b, to, l->mode, l->standard);
    if (ends.tail < 0 || ends.head < 0 || kv_builder_arc(b, &info, &ends) < 0)
        return KV_ERR_MEMORY;
    if (!l->open && kv_builder_need(b, KV_EFFECT_OPEN_LINK, s->path[0], -1, -1) != 0)
        return KV_ERR_MEMORY;
    return point_needs(b, s, &info, b->given->technologies.rows[technology].carrier);
}

/* Arcs from one point to all points in range over open links of one standard. */
static kv_status arcs_from(kv_builder *b, search *s, int technology, int from, const char *standard)
{
    const kv_technology *q = &b->given->technologies.rows[technology];
    dijkstra(s, from, q->mode, standard, q->range_km);
    for (int i = 1; i < s->n_order; i++) {
        int to = s->order[i], count = 0;
        if (!s->point[to])
            continue;
        for (int v = to; v != from;) {
            s->path[count++] = s->last_link[v];
            v = other_end(&b->given->links.rows[s->last_link[v]], v);
        }
        if (range_arc(b, s, technology, from, to, count) != KV_OK)
            return KV_ERR_MEMORY;
    }
    return KV_OK;
}

/* Links that are not open give arcs of their own between the points at their ends. */
static kv_status closed_link_arcs(kv_builder *b, search *s, int technology)
{
    const kv_technology *q = &b->given->technologies.rows[technology];
    for (int i = 0; i < b->given->links.count; i++) {
        const kv_link *l = &b->given->links.rows[i];
        kv_requirement open = {KV_EFFECT_OPEN_LINK, i, -1, -1};
        if (l->open || l->mode != q->mode || l->length_km > q->range_km || !s->point[l->from] ||
            !s->point[l->to] || l->from == l->to || !kv_builder_has_effect(b->given, &open))
            continue;
        s->path[0] = i;
        kv_status status = range_arc(b, s, technology, l->from, l->to, 1);
        if (status == KV_OK && l->directions == KV_BOTH)
            status = range_arc(b, s, technology, l->to, l->from, 1);
        if (status != KV_OK)
            return status;
    }
    return KV_OK;
}

static void points_mark(search *s, int carrier)
{
    for (int v = 0; v < s->n_places; v++)
        s->point[v] = 0;
    for (int i = 0; i < s->given->effects.count; i++) {
        const kv_effect *e = &s->given->effects.rows[i];
        if (e->effect == KV_EFFECT_ENERGY_POINT && e->carrier == carrier && e->place >= 0)
            s->point[e->place] = 1;
    }
    for (int i = 0; i < s->given->energy_points.count; i++) {
        const kv_energy_point *point = &s->given->energy_points.rows[i];
        if (point->carrier == carrier)
            s->point[point->place] = 2;
    }
}

/* 1 when an earlier link of the mode has the same standard. */
static int standard_seen(const kv_case *c, int link)
{
    for (int i = 0; i < link; i++) {
        if (c->links.rows[i].mode == c->links.rows[link].mode &&
            c->links.rows[i].standard == c->links.rows[link].standard)
            return 1;
    }
    return 0;
}

static kv_status technology_arcs(kv_builder *b, search *s, int technology)
{
    const kv_technology *q = &b->given->technologies.rows[technology];
    points_mark(s, q->carrier);
    for (int i = 0; i < b->given->links.count; i++) {
        const kv_link *l = &b->given->links.rows[i];
        if (l->mode != q->mode || standard_seen(b->given, i))
            continue;
        for (int v = 0; v < s->n_places; v++) {
            if (s->point[v] && arcs_from(b, s, technology, v, l->standard) != KV_OK)
                return KV_ERR_MEMORY;
        }
    }
    return closed_link_arcs(b, s, technology);
}

static void search_clear(search *s)
{
    void *arrays[] = {s->first, s->hops,          s->distance, s->last_link, s->settled,
                      s->heap,  s->place_in_heap, s->order,    s->point,     s->path};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
}

/* Links leave both their ends, or only `from` when they are one-way. */
static int search_make(search *s)
{
    const size_t places = (size_t)s->n_places, links = (size_t)s->given->links.count;
    s->first = kv_alloc(places + 2, sizeof(int));
    s->hops = kv_alloc(links * 2, sizeof(hop));
    s->distance = kv_alloc(places, sizeof(double));
    s->last_link = kv_alloc(places, sizeof(int));
    s->settled = kv_alloc(places, 1);
    s->heap = kv_alloc(places, sizeof(int));
    s->place_in_heap = kv_alloc(places, sizeof(int));
    s->order = kv_alloc(places, sizeof(int));
    s->point = kv_alloc(places, 1);
    s->path = kv_alloc(places + 1, sizeof(int));
    if (!s->first || !s->hops || !s->distance || !s->last_link || !s->settled || !s->heap ||
        !s->place_in_heap || !s->order || !s->point || !s->path)
        return -1;
    const kv_link *rows = s->given->links.rows;
    for (size_t i = 0; i < links; i++) {
        s->first[rows[i].from + 2]++;
        s->first[rows[i].to + 2] += rows[i].directions == KV_BOTH;
    }
    for (size_t v = 0; v < places; v++)
        s->first[v + 2] += s->first[v + 1];
    for (size_t i = 0; i < links; i++) {
        s->hops[s->first[rows[i].from + 1]++] = (hop){(int)i, rows[i].to};
        if (rows[i].directions == KV_BOTH)
            s->hops[s->first[rows[i].to + 1]++] = (hop){(int)i, rows[i].from};
    }
    return 0;
}

kv_status kv_build_range_arcs(kv_builder *builder)
{
    kv_status status = KV_OK;
    search s = {.given = builder->given, .n_places = builder->n_places};
    if (search_make(&s) != 0)
        status = KV_ERR_MEMORY;
    for (int q = 0; q < builder->n_technologies && status == KV_OK; q++) {
        if (!isnan(builder->given->technologies.rows[q].range_km))
            status = technology_arcs(builder, &s, q);
    }
    search_clear(&s);
    return status;
}
