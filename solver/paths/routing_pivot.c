/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pivot: rates of all basic variables, the first that is in the way, and the exchange. */
#include "solver/paths/routing_parts.h"

#include <math.h>
#include <string.h>

static const double least_rate = 1e-9, least_pivot = 1e-7, tie = 1e-12;

enum leaver { NOBODY, COLUMN, KEY, SLACK };

typedef struct step {
    const kv_routing_entry *entry;
    enum leaver leaver;
    int which;    /* column, demand or group */
    double theta; /* how much enters */
    double rate;  /* how fast the leaver goes */
} step;

/* ---- rates --------------------------------------------------------------------------------- */

static void touch_demand(kv_routing *t, int demand, double rate)
{
    if (!t->is_touched_demand[demand]) {
        t->is_touched_demand[demand] = 1;
        t->touched_demand[t->n_touched_demands++] = demand;
    }
    t->key_rate[demand] += rate;
}

static void touch_loads(kv_routing *t, int length, const int *arcs, double share)
{
    for (int i = 0; i < length; i++) {
        const kv_shape_arc *arc = &t->shape->arc[arcs[i]];
        if (arc->group < 0)
            continue;
        if (!t->is_touched_group[arc->group]) {
            t->is_touched_group[arc->group] = 1;
            t->touched_group[t->n_touched_groups++] = arc->group;
        }
        t->load_rate[arc->group] += share * arc->use;
    }
    t->work += 2.0 * length;
}

static void touch_slot(kv_routing *t, int slot, double share)
{
    touch_loads(t, t->length[slot], t->arcs + (size_t)slot * (size_t)t->stride, share);
}

static void clear_rates(kv_routing *t)
{
    for (int i = 0; i < t->n_touched_demands; i++) {
        t->key_rate[t->touched_demand[i]] = 0.0;
        t->is_touched_demand[t->touched_demand[i]] = 0;
    }
    for (int i = 0; i < t->n_touched_groups; i++) {
        t->load_rate[t->touched_group[i]] = 0.0;
        t->is_touched_group[t->touched_group[i]] = 0;
    }
    t->n_touched_demands = t->n_touched_groups = 0;
}

/* The entering path's column of W into routing->row. */
static void find_column(kv_routing *t, const kv_routing_entry *e)
{
    memset(t->row, 0, (size_t)t->size * sizeof *t->row);
    for (int side = 0; side < 2 && t->size > 0; side++) {
        int length = side ? t->length[e->demand] : e->length;
        const int *arcs = side ? t->arcs + (size_t)e->demand * (size_t)t->stride : e->arcs;
        for (int i = 0; i < length; i++) {
            const kv_shape_arc *arc = &t->shape->arc[arcs[i]];
            if (arc->group >= 0 && t->row_of[arc->group] >= 0)
                t->row[t->row_of[arc->group]] += side ? -arc->use : arc->use;
        }
    }
}

/* Columns fall at the rate routing->column, keys rise at key_rate, loads at load_rate. */
static void find_rates(kv_routing *t, const kv_routing_entry *e)
{
    if (e->demand >= 0) {
        find_column(t, e);
        kv_routing_transform(t);
        touch_demand(t, e->demand, -1.0);
        touch_loads(t, e->length, e->arcs, 1.0);
    } else {
        memcpy(t->column, t->inverse + (size_t)e->row * (size_t)t->room,
               (size_t)t->size * sizeof *t->column);
    }
    for (int q = 0; q < t->size; q++) {
        if (fabs(t->column[q]) < tie)
            continue;
        touch_demand(t, t->column_demand[q], t->column[q]);
        touch_slot(t, t->n_demands + q, -t->column[q]);
    }
    for (int i = 0; i < t->n_touched_demands; i++)
        touch_slot(t, t->touched_demand[i], t->key_rate[t->touched_demand[i]]);
}

/* ---- who is first in the way --------------------------------------------------------------- */

static void offer(step *s, enum leaver leaver, int which, double room, double rate)
{
    double theta = fmax(0.0, room) / rate;
    if (s->leaver != NOBODY && (theta > s->theta + tie * (1.0 + s->theta) ||
                                (theta > s->theta - tie * (1.0 + s->theta) && rate <= s->rate)))
        return;
    *s = (step){s->entry, leaver, which, theta, rate};
}

static void find_leaver(const kv_routing *t, step *s)
{
    for (int q = 0; q < t->size; q++)
        if (t->column[q] > least_rate)
            offer(s, COLUMN, q, t->amount[t->n_demands + q], t->column[q]);
    for (int i = 0; i < t->n_touched_demands; i++) {
        int k = t->touched_demand[i];
        if (t->key_rate[k] < -least_rate)
            offer(s, KEY, k, t->amount[k], -t->key_rate[k]);
    }
    for (int i = 0; i < t->n_touched_groups; i++) {
        int g = t->touched_group[i];
        double rate = t->load_rate[g];
        if (t->row_of[g] >= 0 || t->capacity[g] == HUGE_VAL)
            continue;
        if (t->exceeded[g] ? rate < -least_rate : rate > least_rate)
            offer(s, SLACK, g, fabs(t->capacity[g] - t->load[g]), fabs(rate));
    }
}

static void move(kv_routing *t, const step *s)
{
    for (int q = 0; q < t->size; q++) {
        double *amount = &t->amount[t->n_demands + q];
        *amount = fmax(0.0, *amount - s->theta * t->column[q]);
    }
    for (int i = 0; i < t->n_touched_demands; i++) {
        double *amount = &t->amount[t->touched_demand[i]];
        *amount = fmax(0.0, *amount + s->theta * t->key_rate[t->touched_demand[i]]);
    }
    for (int i = 0; i < t->n_touched_groups; i++) {
        int g = t->touched_group[i];
        if (t->row_of[g] < 0 || (s->entry->demand < 0 && t->row_of[g] == s->entry->row))
            t->load[g] = fmax(0.0, t->load[g] + s->theta * t->load_rate[g]);
    }
}

/* ---- the exchange -------------------------------------------------------------------------- */

static void put_path(kv_routing *t, int slot, const step *s)
{
    const kv_routing_entry *e = s->entry;
    int *arcs = t->arcs + (size_t)slot * (size_t)t->stride;
    for (int i = 0; i < e->length; i++)
        arcs[i] = e->arcs[i];
    t->length[slot] = e->length;
    t->path_cost[slot] = e->cost;
    t->amount[slot] = s->theta;
}

static int column_of(const kv_routing *t, int demand)
{
    for (int q = 0; q < t->size; q++)
        if (t->column_demand[q] == demand)
            return q;
    return -1;
}

static void fill_group(kv_routing *t, int group, int row)
{
    t->row_group[row] = group;
    t->row_of[group] = row;
    t->load[group] = t->capacity[group];
    t->n_exceeded -= t->exceeded[group];
    t->exceeded[group] = 0;
}

static void find_row(kv_routing *t, int group)
{
    for (int q = 0; q < t->size; q++)
        t->row[q] = kv_routing_entry_of(t, group, q);
    t->work += 16.0 * t->size;
}

static kv_status enter_path(kv_routing *t, const step *s)
{
    const kv_routing_entry *e = s->entry;
    int q = s->which;
    if (s->leaver == SLACK) {
        int group = s->which;
        double corner = kv_routing_use(t, group, e->length, e->arcs) -
                        kv_routing_use(t, group, t->length[e->demand],
                                       t->arcs + (size_t)e->demand * (size_t)t->stride);
        find_row(t, group);
        kv_status status = kv_routing_border(t, corner);
        if (status != KV_OK)
            return status;
        fill_group(t, group, t->size - 1);
        q = t->size - 1;
    } else {
        if (s->leaver == KEY) {
            q = column_of(t, s->which);
            if (q < 0) { /* the only path of its demand: nothing else changes */
                put_path(t, e->demand, s);
                return KV_OK;
            }
            kv_routing_swap_key(t, q);
            t->column[q] = s->rate;
        }
        kv_routing_replace_column(t, q);
    }
    t->column_demand[q] = e->demand;
    put_path(t, t->n_demands + q, s);
    return KV_OK;
}

/* What stood last takes the places of row r and column q. */
static void close_up(kv_routing *t, int r, int q)
{
    int last = t->size; /* already one less */
    t->row_of[t->row_group[r]] = -1;
    if (r != last) {
        t->row_group[r] = t->row_group[last];
        t->row_of[t->row_group[r]] = r;
    }
    if (q != last) {
        size_t to = (size_t)(t->n_demands + q), from = (size_t)(t->n_demands + last);
        size_t stride = (size_t)t->stride;
        t->column_demand[q] = t->column_demand[last];
        t->length[to] = t->length[from];
        t->path_cost[to] = t->path_cost[from];
        t->amount[to] = t->amount[from];
        memcpy(t->arcs + to * stride, t->arcs + from * stride,
               (size_t)t->length[from] * sizeof *t->arcs);
    }
}

static void enter_slack(kv_routing *t, const step *s)
{
    int r = s->entry->row, q = s->which;
    if (s->leaver == SLACK) {
        find_row(t, s->which);
        kv_routing_replace_row(t, r);
        t->row_of[t->row_group[r]] = -1;
        fill_group(t, s->which, r);
        return;
    }
    if (s->leaver == KEY) {
        q = column_of(t, s->which);
        kv_routing_swap_key(t, q);
    }
    kv_routing_remove(t, r, q);
    close_up(t, r, q);
}

kv_status kv_routing_pivot(kv_routing *t, const kv_routing_entry *entry)
{
    step s = {.entry = entry, .leaver = NOBODY};
    kv_status status = KV_OK;
    find_rates(t, entry);
    find_leaver(t, &s);
    int bad = s.leaver == NOBODY || (s.rate < least_pivot && t->updates > 0);
    if (!bad) {
        move(t, &s);
        if (entry->demand >= 0)
            status = enter_path(t, &s);
        else
            enter_slack(t, &s);
    }
    clear_rates(t);
    t->work += 4.0 * (t->size + t->n_touched_groups) + 50.0;
    return bad ? KV_ERR_NUMERIC : status;
}
