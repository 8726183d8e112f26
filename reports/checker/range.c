/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Range arcs (mathematics.md, section 2): shortest paths over open links between charging or filling
 * places, by Dijkstra without a heap, lengths exact. Of equally short ways to a place the one whose
 * last link comes first in the table counts. Lengths are whole numbers in units of 1e-9 km here, so
 * that they compare exactly and fast.
 */
#include "reports/checker/world.h"

#include <math.h>

typedef struct search {
    kvc_world *w;
    int *first, *leaving;           /* links by the place that they leave, [places + 1] */
    long *length;                   /* [links] */
    long *distance;                 /* [places], -1 = not reached */
    int *last_link;                 /* [places] */
    unsigned char *settled, *point; /* point: 1 = a project may build one, 2 = has a row */
    int *path;
} search;

/* Whole units of 1e-9 km. */
static long units(kvc_world *w, double km)
{
    kvc_chunk *mark = kvc_mark(w->arena);
    mpq_t *n = kvc_numbers(w->arena, 2);
    kvc_set(n[0], km);
    kvc_set_power(n[1], 1, 9);
    mpq_mul(n[0], n[0], n[1]);
    kvc_floor(n[0]);
    long result = mpz_get_si(mpq_numref(n[0]));
    kvc_release(w->arena, mark);
    return result;
}

static int other_end(const kv_link *link, int place)
{
    return link->from == place ? link->to : link->from;
}

static int nearest(const search *s)
{
    int best = -1;
    for (int v = 0; v < s->w->given->places.count; v++) {
        if (s->distance[v] >= 0 && !s->settled[v] &&
            (best < 0 || s->distance[v] < s->distance[best]))
            best = v;
    }
    return best;
}

/* All places within the range; settled ones are put into `order`, nearest first. */
static int spread(search *s, int from, int mode, const char *standard, long range, int *order)
{
    const kv_case *c = s->w->given;
    int count = 0;
    for (int v = 0; v < c->places.count; v++) {
        s->distance[v] = s->last_link[v] = -1;
        s->settled[v] = 0;
    }
    s->distance[from] = 0;
    for (int v; (v = nearest(s)) >= 0;) {
        s->settled[v] = 1;
        order[count++] = v;
        for (int i = s->first[v]; i < s->first[v + 1]; i++) {
            const int l = s->leaving[i], to = other_end(&c->links.rows[l], v);
            const long far = s->distance[v] + s->length[l];
            if (!c->links.rows[l].open || c->links.rows[l].mode != mode ||
                c->links.rows[l].standard != standard || s->settled[to] || far > range)
                continue;
            if (s->distance[to] < 0 || far < s->distance[to] ||
                (far == s->distance[to] && l < s->last_link[to])) {
                s->distance[to] = far;
                s->last_link[to] = l;
            }
        }
    }
    return count;
}

/* An arc over `count` links of s->path, which stand from head to tail. */
static void range_arc(search *s, int technology, int from, int to, int count)
{
    kvc_world *w = s->w;
    const kv_case *c = w->given;
    const kv_link *l = &c->links.rows[s->path[0]];
    kvc_arc arc = {.kind = KVC_RANGE,
                   .mode = l->mode,
                   .handling = KV_HANDLING_ANY,
                   .dangerous = 1,
                   .improved_by = -1,
                   .technology = technology,
                   .link = -1,
                   .transfer = -1,
                   .place = from,
                   .to_place = to,
                   .path_first = w->path.count,
                   .path_count = count,
                   .gate = -1};
    for (int i = count; i-- > 0;) {
        *(int *)kvc_push(w->arena, &w->path, sizeof(int)) = s->path[i];
        arc.dangerous = arc.dangerous && c->links.rows[s->path[i]].dangerous_goods;
    }
    arc.tail = kvc_node_of(w, from, l->mode, l->standard);
    arc.head = kvc_node_of(w, to, l->mode, l->standard);
    kvc_arc_add(w, &arc);
    if (!l->open)
        kvc_opening_add(w, KV_EFFECT_OPEN_LINK, s->path[0], -1, -1);
    const int carrier = c->technologies.rows[technology].carrier, ends[] = {from, to};
    for (int i = 0; i < 2; i++) {
        if (s->point[ends[i]] != 2)
            kvc_opening_add(w, KV_EFFECT_ENERGY_POINT, ends[i], carrier, -1);
    }
}

static void arcs_from(search *s, int technology, int from, const char *standard, int *order)
{
    const kv_case *c = s->w->given;
    const kv_technology *q = &c->technologies.rows[technology];
    int reached = spread(s, from, q->mode, standard, units(s->w, q->range_km), order);
    for (int i = 1; i < reached; i++) {
        int count = 0;
        if (!s->point[order[i]])
            continue;
        for (int v = order[i]; v != from;) {
            s->path[count++] = s->last_link[v];
            v = other_end(&c->links.rows[s->last_link[v]], v);
        }
        range_arc(s, technology, from, order[i], count);
    }
}

/* Each link that is not open gives arcs of its own between the points at its ends. */
static void closed_links(search *s, int technology)
{
    const kv_case *c = s->w->given;
    const kv_technology *q = &c->technologies.rows[technology];
    const long range = units(s->w, q->range_km);
    for (int i = 0; i < c->links.count; i++) {
        const kv_link *l = &c->links.rows[i];
        if (l->open || l->mode != q->mode || s->length[i] > range || !s->point[l->from] ||
            !s->point[l->to] || l->from == l->to ||
            !kvc_has_effect(c, KV_EFFECT_OPEN_LINK, i, -1, -1))
            continue;
        s->path[0] = i;
        range_arc(s, technology, l->from, l->to, 1);
        if (l->directions == KV_BOTH)
            range_arc(s, technology, l->to, l->from, 1);
    }
}

static void points_mark(search *s, int carrier)
{
    const kv_case *c = s->w->given;
    for (int v = 0; v < c->places.count; v++)
        s->point[v] = 0;
    for (int i = 0; i < c->effects.count; i++) {
        const kv_effect *e = &c->effects.rows[i];
        if (e->effect == KV_EFFECT_ENERGY_POINT && e->carrier == carrier && e->place >= 0)
            s->point[e->place] = 1;
    }
    for (int i = 0; i < c->energy_points.count; i++) {
        if (c->energy_points.rows[i].carrier == carrier)
            s->point[c->energy_points.rows[i].place] = 2;
    }
}

static int standard_seen(const kv_case *c, int row)
{
    for (int i = 0; i < row; i++) {
        if (c->links.rows[i].mode == c->links.rows[row].mode &&
            c->links.rows[i].standard == c->links.rows[row].standard)
            return 1;
    }
    return 0;
}

static void technology_arcs(search *s, int technology, int *order)
{
    const kv_case *c = s->w->given;
    const kv_technology *q = &c->technologies.rows[technology];
    points_mark(s, q->carrier);
    for (int i = 0; i < c->links.count; i++) {
        if (c->links.rows[i].mode != q->mode || standard_seen(c, i))
            continue;
        for (int v = 0; v < c->places.count; v++) {
            if (s->point[v])
                arcs_from(s, technology, v, c->links.rows[i].standard, order);
        }
    }
    closed_links(s, technology);
}

/* Links by the place they leave: both ends, or `from` alone if they are one-way. */
static void index_links(search *s)
{
    const kv_case *c = s->w->given;
    for (int i = 0; i < c->links.count; i++) {
        const kv_link *l = &c->links.rows[i];
        s->length[i] = units(s->w, l->length_km);
        s->first[l->from + 2]++;
        s->first[l->to + 2] += l->directions == KV_BOTH;
    }
    for (int v = 0; v < c->places.count; v++)
        s->first[v + 2] += s->first[v + 1];
    for (int i = 0; i < c->links.count; i++) {
        const kv_link *l = &c->links.rows[i];
        s->leaving[s->first[l->from + 1]++] = i;
        if (l->directions == KV_BOTH)
            s->leaving[s->first[l->to + 1]++] = i;
    }
}

void kvc_build_range(kvc_world *world)
{
    const kv_case *c = world->given;
    const size_t places = (size_t)c->places.count, links = (size_t)c->links.count;
    search s = {.w = world};
    s.first = kvc_alloc(world->arena, places + 2, sizeof(int));
    s.leaving = kvc_alloc(world->arena, 2 * links, sizeof(int));
    s.length = kvc_alloc(world->arena, links, sizeof(long));
    s.distance = kvc_alloc(world->arena, places, sizeof(long));
    s.last_link = kvc_alloc(world->arena, places, sizeof(int));
    s.settled = kvc_alloc(world->arena, places, 1);
    s.point = kvc_alloc(world->arena, places, 1);
    s.path = kvc_alloc(world->arena, places + 1, sizeof(int));
    int *order = kvc_alloc(world->arena, places, sizeof(int));
    index_links(&s);
    for (int q = 0; q < c->technologies.count; q++) {
        if (!isnan(c->technologies.rows[q].range_km))
            technology_arcs(&s, q, order);
    }
}
