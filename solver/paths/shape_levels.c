/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ladder of each group: the combinations of its designs of which none offers as much for less. */
#include "base/memory.h"
#include "solver/paths/shape_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COMBINATIONS = 1 << 16, MOST_LEVELS = 4096 };

typedef struct combination {
    double cost, offers; /* offers: in the first block, whether open or not */
    size_t at;           /* its values are those from at * n on */
} combination;

typedef struct stage {
    size_t count, room, value_room;
    combination *item;
    double *value; /* [count * n] */
} stage;

typedef struct ladder {
    kv_shaping *shaping;
    int group, n;      /* designs of the group */
    const int *design; /* [n] */
    double *supply;    /* [n] the same in all blocks */
    double *other;     /* [n] room */
    int *row, n_rows;  /* side rows on the group */
    double needed;     /* more is of no use, in the first block */
    stage now, next;
    size_t level_room, value_room, n_values; /* of the shape */
} ladder;

/* ---- what a combination offers ---- */

/* 1 when the values open the arcs of the group. */
static int opens(const ladder *l, const double *value)
{
    const kv_problem *p = l->shaping->problem;
    for (int i = 0; i < l->shaping->n_sets[l->group]; i++) {
        const kv_opening *o = &p->openings[l->shaping->group_sets[l->group] + i];
        int any = 0;
        for (int e = o->first; e < o->first + o->count; e++)
            for (int d = 0; d < l->n; d++)
                any |= l->design[d] == p->opening_design[e] && value[d] > 0.5;
        if (!any)
            return 0;
    }
    return 1;
}

static double what_is_offered(const ladder *l, const double *value)
{
    const kv_problem *p = l->shaping->problem;
    int r = l->shaping->group_resource[l->group];
    if (!opens(l, value))
        return 0.0;
    if (r < 0)
        return HUGE_VAL;
    double sum = p->resource_base[r];
    for (int d = 0; d < l->n; d++)
        sum += l->supply[d] * value[d];
    return fmax(0.0, sum);
}

/* 1 when the side rows on the group hold; with `yet`, when larger values may still mend them. */
static int is_lawful(const ladder *l, const double *value, int yet)
{
    const kv_rows *rows = &l->shaping->problem->side;
    for (int i = 0; i < l->n_rows; i++) {
        int row = l->row[i], grows = 1;
        double sum = -rows->rhs[row], size = fmax(1.0, fabs(rows->rhs[row]));
        for (int e = rows->design_first[row]; e < rows->design_first[row + 1]; e++) {
            grows &= rows->design_value[e] >= 0.0;
            for (int d = 0; d < l->n; d++)
                if (l->design[d] == rows->design[e])
                    sum += rows->design_value[e] * value[d];
        }
        if ((sum > 1e-9 * size && (grows || !yet)) ||
            (rows->sense[row] == 'E' && sum < -1e-9 * size && !yet))
            return 0;
    }
    return 1;
}

/* ---- combinations ---- */

/* A copy of `value` [n] with one of them changed; place -1 = none. */
static kv_status push(ladder *l, stage *to, const combination *from, const double *value, int place,
                      double changed)
{
    size_t n = (size_t)l->n;
    if (to->count >= MOST_COMBINATIONS)
        return KV_ERR_ARGUMENT;
    if (kv_reserve((void **)&to->item, &to->room, to->count + 1, sizeof *to->item) ||
        kv_reserve((void **)&to->value, &to->value_room, (to->count + 1) * n, sizeof *to->value))
        return KV_ERR_MEMORY;
    double *own = to->value + to->count * n;
    combination *item = &to->item[to->count];
    memcpy(own, value, n * sizeof *own);
    *item = (combination){from->cost, from->offers, to->count};
    if (place >= 0) {
        double more = changed - own[place];
        own[place] = changed;
        item->cost += l->shaping->problem->design_cost[l->design[place]] * more;
        item->offers += l->supply[place] * more;
    }
    to->count++;
    return KV_OK;
}

static int by_cost(const void *a, const void *b)
{
    const combination *x = a, *y = b;
    if (x->cost != y->cost)
        return x->cost < y->cost ? -1 : 1;
    if (x->offers != y->offers)
        return x->offers < y->offers ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

/* From `next` to `now`: all, or those that nothing cheaper surpasses, or equals at the same cost. */
static kv_status take_stage(ladder *l, int all)
{
    double best = -HUGE_VAL;
    kv_status status = KV_OK;
    l->now.count = 0;
    if (!all)
        qsort(l->next.item, l->next.count, sizeof *l->next.item, by_cost);
    for (size_t i = 0; i < l->next.count && status == KV_OK; i++) {
        const combination *item = &l->next.item[i];
        if (!all && item->offers <= best)
            continue;
        best = item->offers;
        status = push(l, &l->now, item, l->next.value + item->at * (size_t)l->n, -1, 0.0);
    }
    l->next.count = 0;
    return status;
}

/* Each combination with every value of one design. Where only capacity counts, none goes on once it
 * offers all that is of use. */
static kv_status vary(ladder *l, int place, int all)
{
    int j = l->design[place];
    double low = l->shaping->lower[j], high = l->shaping->upper[j];
    kv_status status = KV_OK;
    l->next.count = 0;
    for (size_t i = 0; i < l->now.count && status == KV_OK; i++) {
        combination from = l->now.item[i];
        const double *value = l->now.value + from.at * (size_t)l->n;
        for (double y = low; y <= high + 0.5 && status == KV_OK; y += 1.0) {
            status = push(l, &l->next, &from, value, place, y);
            if (status == KV_OK && l->n_rows > 0 &&
                !is_lawful(l, l->next.value + (l->next.count - 1) * (size_t)l->n, 1)) {
                l->next.count--;
                break;
            }
            double now = from.offers + l->supply[place] * (y - value[place]);
            if (!all && y > low && now >= l->needed)
                break;
        }
    }
    return status == KV_OK ? take_stage(l, all) : status;
}

/* ---- levels ---- */

static kv_status add_level(ladder *l, const combination *item, const double *value)
{
    kv_shape *s = l->shaping->shape;
    size_t n = (size_t)l->n, at = (size_t)s->n_levels;
    if (kv_reserve((void **)&s->value, &l->value_room, l->n_values + n + 1, sizeof *s->value) ||
        kv_reserve((void **)&s->level_value, &l->level_room, at + 1, sizeof *s->level_value))
        return KV_ERR_MEMORY;
    double *costs = kv_realloc(s->level_cost, l->level_room, sizeof *costs);
    if (costs)
        s->level_cost = costs;
    double *offers = kv_realloc(s->level_offers, l->level_room, sizeof *offers);
    if (offers)
        s->level_offers = offers;
    if (!costs || !offers)
        return KV_ERR_MEMORY;
    s->level_cost[at] = item->cost;
    s->level_offers[at] = item->offers;
    s->level_value[at] = l->n_values;
    memcpy(s->value + l->n_values, value, n * sizeof *value);
    l->n_values += n;
    s->n_levels++;
    return KV_OK;
}

/* The lawful combinations, each of which offers more than the one before and costs no less. */
static kv_status add_levels(ladder *l)
{
    size_t n = (size_t)l->n;
    double best = -1.0;
    int count = 0;
    kv_status status = KV_OK;
    for (size_t i = 0; i < l->now.count; i++)
        l->now.item[i].offers = what_is_offered(l, l->now.value + l->now.item[i].at * n);
    qsort(l->now.item, l->now.count, sizeof *l->now.item, by_cost);
    for (size_t i = 0; i < l->now.count && status == KV_OK; i++) {
        const combination *item = &l->now.item[i];
        const double *value = l->now.value + item->at * n;
        if (item->offers <= best || !is_lawful(l, value, 0))
            continue;
        best = item->offers;
        status = count++ < MOST_LEVELS ? add_level(l, item, value) : KV_ERR_ARGUMENT;
        if (best >= l->needed)
            break;
    }
    return status == KV_OK && count == 0 ? KV_ERR_INFEASIBLE : status;
}

/* What a resource has and gets in a block, into base and supply [n]. */
static double find_supplies(const ladder *l, int block, double *supply)
{
    const kv_problem *p = l->shaping->problem;
    int r = l->shaping->group_resource[l->group], row = block * p->n_resources + r;
    memset(supply, 0, (size_t)l->n * sizeof *supply);
    for (int e = r < 0 ? 0 : p->supply_first[row]; r >= 0 && e < p->supply_first[row + 1]; e++)
        for (int d = 0; d < l->n; d++)
            if (l->design[d] == p->supply_design[e])
                supply[d] += p->supply[e];
    return r >= 0 ? p->resource_base[row] : 0.0;
}

/* A level offers the same in all blocks. */
static int blocks_agree(ladder *l)
{
    double base = find_supplies(l, 0, l->supply);
    for (int b = 1; b < l->shaping->problem->n_blocks; b++)
        if (find_supplies(l, b, l->other) != base ||
            memcmp(l->other, l->supply, (size_t)l->n * sizeof *l->supply) != 0)
            return 0;
    return 1;
}

/* Side rows on the group; KV_ERR_ARGUMENT for one that goes beyond it. */
static kv_status find_rows(ladder *l)
{
    const kv_shaping *w = l->shaping;
    const kv_rows *rows = &w->problem->side;
    l->n_rows = 0;
    for (int i = 0; i < rows->count; i++) {
        int inside = 0, outside = 0;
        if (w->drop_side && w->drop_side[i])
            continue;
        for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++) {
            int in = w->component[rows->design[e]] == l->group;
            inside += in;
            outside += !in && rows->design_value[e] != 0.0;
        }
        if (inside && outside)
            return KV_ERR_ARGUMENT;
        if (inside)
            l->row[l->n_rows++] = i;
    }
    return KV_OK;
}

static double most_needed(const ladder *l)
{
    const kv_shaping *w = l->shaping;
    double most = 0.0, use = 0.0;
    for (int b = 0; b < w->problem->n_blocks; b++)
        most = fmax(most, w->most[b]);
    for (int a = 0; a < w->problem->n_arcs; a++)
        if (w->resource[a] >= 0 && w->resource[a] == w->group_resource[l->group])
            use = fmax(use, w->use[a]);
    return most * use;
}

/* The combinations, from that of lower bounds on: more of what supplies for less is all that counts
 * where no side row does; what only opens comes in both ways. */
static kv_status combine(ladder *l, double *value)
{
    combination first = {0.0, 0.0, 0};
    for (int d = 0; d < l->n; d++) {
        value[d] = l->shaping->lower[l->design[d]];
        first.cost += l->shaping->problem->design_cost[l->design[d]] * value[d];
        first.offers += l->supply[d] * value[d];
    }
    l->now.count = l->next.count = 0;
    kv_status status = push(l, &l->now, &first, value, -1, 0.0);
    for (int opener = 0; opener < 2; opener++)
        for (int d = 0; d < l->n && status == KV_OK; d++)
            if ((l->supply[d] <= 0.0) == opener)
                status = vary(l, d, l->n_rows > 0 || opener);
    return status;
}

static kv_status climb(ladder *l)
{
    double *value = kv_alloc((size_t)l->n + 1, sizeof *value);
    l->supply = kv_alloc((size_t)l->n, sizeof *l->supply);
    l->other = kv_alloc((size_t)l->n, sizeof *l->other);
    kv_status status = value && l->supply && l->other ? find_rows(l) : KV_ERR_MEMORY;
    if (status == KV_OK && !blocks_agree(l))
        status = KV_ERR_ARGUMENT;
    if (status == KV_OK) {
        l->needed = most_needed(l);
        status = combine(l, value);
    }
    if (status == KV_OK)
        status = add_levels(l);
    kv_free(value);
    kv_free(l->supply);
    kv_free(l->other);
    return status;
}

/* Designs in no group: at the cheaper end of their boxes; no side row may hold one. */
static kv_status settle_idle(kv_shaping *w)
{
    const kv_problem *p = w->problem;
    kv_shape *s = w->shape;
    s->idle = kv_alloc((size_t)p->n_design, sizeof *s->idle);
    if (!s->idle)
        return KV_ERR_MEMORY;
    for (int i = 0; i < p->side.count; i++)
        for (int e = p->side.design_first[i]; e < p->side.design_first[i + 1]; e++)
            if (!(w->drop_side && w->drop_side[i]) && w->component[p->side.design[e]] < 0)
                return KV_ERR_ARGUMENT;
    for (int j = 0; j < p->n_design; j++) {
        if (w->component[j] >= 0)
            continue;
        s->idle[j] = p->design_cost[j] < 0.0 ? w->upper[j] : w->lower[j];
        s->idle_cost += p->design_cost[j] * s->idle[j];
    }
    return KV_OK;
}

kv_status kv_shape_find_levels(kv_shaping *w)
{
    kv_shape *s = w->shape;
    ladder l = {.shaping = w};
    kv_status status = settle_idle(w);
    s->level_first = kv_alloc((size_t)s->n_groups + 1, sizeof *s->level_first);
    l.row = kv_alloc((size_t)w->problem->side.count, sizeof *l.row);
    if (status == KV_OK && (!s->level_first || !l.row))
        status = KV_ERR_MEMORY;
    for (int g = 0; g < s->n_groups && status == KV_OK; g++) {
        l.group = g;
        l.n = s->design_first[g + 1] - s->design_first[g];
        l.design = s->design + s->design_first[g];
        status = climb(&l);
        s->level_first[g + 1] = s->n_levels;
    }
    kv_free(l.now.item);
    kv_free(l.now.value);
    kv_free(l.next.item);
    kv_free(l.next.value);
    kv_free(l.row);
    return status;
}
