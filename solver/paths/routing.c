/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/routing.h"

#include "base/memory.h"
#include "solver/paths/routing_parts.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { REFACTOR_AFTER = 120, PIVOTS_A_DEMAND = 60, PIVOTS_LEAST = 5000 };

/* What must not be costs this many times the dearest path; reduced costs below this share of it do not
 * count, and no more does an excess below this share of a capacity. */
static const double dearer = 10.0; /* step of the price of closed arcs */
static const double big_share = 1e4, cost_share = 1e-10, load_share = 1e-9;

/* ---- life ---------------------------------------------------------------------------------- */

static kv_status make_room(kv_routing *t)
{
    const kv_shape *s = t->shape;
    size_t nodes = (size_t)s->n_nodes, arcs = (size_t)s->n_arcs, groups = (size_t)s->n_groups;
    size_t demands = (size_t)t->n_demands;
    t->cost = kv_alloc(arcs, sizeof(double));
    t->capacity = kv_alloc(groups, sizeof(double));
    t->open = kv_alloc(groups, 1);
    t->live_first = kv_alloc(nodes + 1, sizeof(int));
    t->live_arc = kv_alloc(arcs, sizeof(int));
    t->row_of = kv_alloc(groups, sizeof(int));
    t->load = kv_alloc(groups, sizeof(double));
    t->price = kv_alloc(groups, sizeof(double));
    t->exceeded = kv_alloc(groups, 1);
    t->distance = kv_alloc(nodes, sizeof(double));
    t->pred = kv_alloc(nodes, sizeof(int));
    t->frontier = kv_alloc(nodes, sizeof(int));
    t->candidate = kv_alloc(nodes, sizeof(int));
    t->key_rate = kv_alloc(demands, sizeof(double));
    t->touched_demand = kv_alloc(demands, sizeof(int));
    t->load_rate = kv_alloc(groups, sizeof(double));
    t->touched_group = kv_alloc(groups, sizeof(int));
    t->is_touched_demand = kv_alloc(demands, 1);
    t->is_touched_group = kv_alloc(groups, 1);
    if (!t->cost || !t->capacity || !t->open || !t->live_first || !t->live_arc || !t->row_of ||
        !t->load || !t->price || !t->exceeded || !t->distance || !t->pred || !t->frontier ||
        !t->candidate || !t->key_rate || !t->touched_demand || !t->load_rate || !t->touched_group ||
        !t->is_touched_demand || !t->is_touched_group)
        return KV_ERR_MEMORY;
    return kv_routing_reserve(t, 1);
}

kv_status kv_routing_create(const kv_shape *shape, int block, kv_routing **routing)
{
    kv_routing *t = *routing = kv_alloc(1, sizeof *t);
    if (!t)
        return KV_ERR_MEMORY;
    t->shape = shape;
    t->block = block;
    t->first = shape->block_first[block];
    t->n_demands = shape->block_first[block + 1] - t->first;
    t->n_groups = shape->n_groups;
    t->n_arcs = shape->n_arcs;
    t->stride = shape->longest;
    kv_status status = make_room(t);
    if (status != KV_OK)
        return status;
    for (int g = 0; g < t->n_groups; g++) {
        t->row_of[g] = -1;
        t->capacity[g] = kv_shape_offers(shape, g, kv_shape_ladder(shape, g) - 1);
    }
    kv_routing_price(t, NULL);
    kv_routing_reset(t);
    for (int g = 0; g < t->n_groups; g++)
        kv_routing_offer(t, g, kv_shape_offers(shape, g, 0));
    return KV_OK;
}

void kv_routing_free(kv_routing *t)
{
    if (!t)
        return;
    void *arrays[] = {t->cost,
                      t->capacity,
                      t->open,
                      t->live_first,
                      t->live_arc,
                      t->length,
                      t->arcs,
                      t->path_cost,
                      t->amount,
                      t->column_demand,
                      t->row_group,
                      t->row_of,
                      t->inverse,
                      t->load,
                      t->price,
                      t->exceeded,
                      t->distance,
                      t->pred,
                      t->frontier,
                      t->candidate,
                      t->column,
                      t->row,
                      t->key_rate,
                      t->touched_demand,
                      t->load_rate,
                      t->touched_group,
                      t->is_touched_demand,
                      t->is_touched_group,
                      t->work_matrix};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(t);
}

kv_status kv_routing_copy(kv_routing *to, const kv_routing *from)
{
    size_t groups = (size_t)from->n_groups, slots = (size_t)(from->n_demands + from->size);
    size_t n = (size_t)from->size, stride = (size_t)from->stride;
    kv_status status = kv_routing_reserve(to, from->size);
    if (status != KV_OK)
        return status;
    memcpy(to->capacity, from->capacity, groups * sizeof(double));
    to->live_is_old |= memcmp(to->open, from->open, groups) != 0;
    memcpy(to->open, from->open, groups);
    to->usual = from->usual;
    memcpy(to->length, from->length, slots * sizeof(int));
    for (size_t slot = 0; slot < slots; slot++)
        for (size_t i = slot * stride; i < slot * stride + (size_t)from->length[slot]; i++)
            to->arcs[i] = from->arcs[i];
    memcpy(to->path_cost, from->path_cost, slots * sizeof(double));
    memcpy(to->amount, from->amount, slots * sizeof(double));
    memcpy(to->column_demand, from->column_demand, n * sizeof(int));
    memcpy(to->row_group, from->row_group, n * sizeof(int));
    memcpy(to->row_of, from->row_of, groups * sizeof(int));
    for (size_t r = 0; r < n; r++)
        memcpy(to->inverse + r * (size_t)to->room, from->inverse + r * (size_t)from->room,
               n * sizeof(double));
    memcpy(to->load, from->load, groups * sizeof(double));
    memcpy(to->exceeded, from->exceeded, groups);
    to->size = from->size;
    to->n_exceeded = from->n_exceeded;
    to->updates = from->updates;
    to->work += (double)(8 * slots + n * n + 4 * groups);
    return KV_OK;
}

/* ---- levels and costs ---------------------------------------------------------------------- */

static void watch_load(kv_routing *t, int group)
{
    int exceeded = t->row_of[group] < 0 && t->capacity[group] < HUGE_VAL &&
                   t->load[group] > t->capacity[group] * (1.0 + load_share);
    t->n_exceeded += exceeded - t->exceeded[group];
    t->exceeded[group] = (unsigned char)exceeded;
}

/* A full group's slack becomes basic. */
static void empty_group(kv_routing *t, int group)
{
    kv_routing_entry entry = {.demand = -1, .row = t->row_of[group]};
    kv_status status = kv_routing_pivot(t, &entry);
    if (status == KV_ERR_NUMERIC && kv_routing_refactor(t) == 0)
        status = kv_routing_pivot(t, &entry);
    if (status != KV_OK)
        kv_routing_reset(t);
}

void kv_routing_offer(kv_routing *t, int group, double offers)
{
    int open = offers > 0.0;
    if (open != t->open[group]) {
        t->open[group] = (unsigned char)open;
        t->live_is_old = 1;
    }
    if (!open || offers == t->capacity[group])
        return;
    if (t->row_of[group] >= 0)
        empty_group(t, group);
    t->capacity[group] = offers;
    watch_load(t, group);
}

void kv_routing_price(kv_routing *t, const double *cost)
{
    double most = 0.0, direct = 0.0;
    const double *from = cost ? cost : t->shape->cost + (size_t)t->block * (size_t)t->n_arcs;
    for (int a = 0; a < t->n_arcs; a++) {
        t->cost[a] = from[a];
        most = fmax(most, from[a]);
    }
    for (int i = 0; i < t->n_demands; i++) {
        double own = t->shape->demand[t->first + i].direct;
        direct = own < HUGE_VAL ? fmax(direct, own) : direct;
    }
    double dearest = fmax(most * (t->stride > 8 ? t->stride : 8), direct);
    dearest = dearest > 0.0 ? dearest : 1.0;
    t->big = t->penalty = big_share * dearest;
    t->tolerance = cost_share * dearest;
}

static void find_costs(kv_routing *t)
{

    for (int slot = 0; slot < t->n_demands + t->size; slot++) {
        int demand = slot < t->n_demands ? slot : t->column_demand[slot - t->n_demands];
        t->path_cost[slot] = kv_routing_cost_of(t, demand, t->length[slot],
                                                t->arcs + (size_t)slot * (size_t)t->stride);
    }
    t->work += 4.0 * (t->n_demands + t->size);
}

/* ---- the simplex method -------------------------------------------------------------------- */

typedef struct solving {
    kv_routing *t;
    long pivots, most;
    int failed; /* out of memory */
} solving;

/* Make the inverse anew, or where that fails begin from nothing. */
static void renew(kv_routing *t)
{
    if (kv_routing_refactor(t) != 0)
        kv_routing_reset(t);
    for (int g = 0; g < t->n_groups; g++)
        watch_load(t, g);
}

static void enter(solving *s, const kv_routing_entry *entry)
{
    kv_routing *t = s->t;
    int exceeded = t->n_exceeded;
    kv_status status = kv_routing_pivot(t, entry);
    s->pivots++;
    if (status == KV_ERR_MEMORY)
        s->failed = 1;
    if (status == KV_ERR_NUMERIC || t->updates >= REFACTOR_AFTER)
        renew(t);
    for (int g = 0; g < t->n_groups && exceeded > 0; g++)
        watch_load(t, g);
    kv_routing_find_prices(t);
}

/* Slacks of full groups whose price is below 0 enter. */
static int enter_slacks(solving *s)
{
    kv_routing *t = s->t;
    int entered = 0;
    while (s->pivots < s->most && !s->failed) {
        kv_routing_entry entry = {.demand = -1, .row = -1};
        double least = -t->tolerance;
        for (int r = 0; r < t->size; r++)
            if (t->price[t->row_group[r]] < least) {
                least = t->price[t->row_group[r]];
                entry.row = r;
            }
        if (entry.row < 0)
            break;
        enter(s, &entry);
        entered = 1;
    }
    return entered;
}

/* The way that the distances at hand offer a demand, if it still gains. */
static int enter_path(solving *s, int demand)
{
    kv_routing *t = s->t;
    const kv_shape_demand *d = &t->shape->demand[t->first + demand];
    const int *key = t->arcs + (size_t)demand * (size_t)t->stride;
    double now = kv_routing_priced(t, t->path_cost[demand], t->length[demand], key);
    double direct = kv_routing_cost_of(t, demand, 0, NULL);
    double far = t->distance[d->destination];
    kv_routing_entry entry = {.demand = demand, .arcs = t->candidate, .cost = direct};
    t->work += 2.0 * t->length[demand] + 4.0;
    if (fmin(far, direct) >= now - t->tolerance)
        return 0;
    if (far < direct) {
        entry.length = kv_routing_trace(t, d->origin, d->destination);
        entry.cost = kv_routing_cost_of(t, demand, entry.length, t->candidate);
    }
    /* prices may have changed since the distances were found */
    if (kv_routing_priced(t, entry.cost, entry.length, entry.arcs) >= now - t->tolerance)
        return 0;
    enter(s, &entry);
    (void)enter_slacks(s);
    return 1;
}

/* A round: all demands are offered their shortest ways. 1 = something entered. */
static int price_all(solving *s)
{
    kv_routing *t = s->t;
    int entered = enter_slacks(s);
    for (int i = 0; i < t->n_demands; i++) {
        const kv_shape_demand *d = &t->shape->demand[t->first + i];
        if (s->pivots >= s->most || s->failed)
            return 0;
        if (i == 0 || d->tree != d[-1].tree)
            kv_routing_distances(t, d->origin);
        entered |= enter_path(s, i);
    }
    return entered;
}

static double total_cost(const kv_routing *t)
{
    double sum = 0.0;
    if (t->n_exceeded > 0)
        return HUGE_VAL;
    for (int slot = 0; slot < t->n_demands + t->size; slot++) {
        int i = slot < t->n_demands ? slot : t->column_demand[slot - t->n_demands];
        if (t->path_cost[slot] < t->big)
            sum += t->path_cost[slot] * t->amount[slot];
        else if (t->amount[slot] > load_share * t->shape->demand[t->first + i].amount)
            return HUGE_VAL;
    }
    return sum;
}

/* Whether something is left on closed arcs. */
static int uses_closed(const kv_routing *t)
{
    for (int slot = 0; slot < t->n_demands + t->size; slot++) {
        const int *arcs = t->arcs + (size_t)slot * (size_t)t->stride;
        for (int i = 0; i < t->length[slot] && t->amount[slot] > 0.0; i++) {
            int group = t->shape->arc[arcs[i]].group;
            if (group >= 0 && !t->open[group])
                return 1;
        }
    }
    return 0;
}

/* Closed arcs are at first not much dearer than what a unit cost last: so prices stay moderate. */
static void solve_dearer(solving *s)
{
    kv_routing *t = s->t;
    t->penalty = t->usual > 0.0 ? fmin(t->usual, t->big) : t->big;
    for (;;) {
        find_costs(t);
        kv_routing_find_prices(t);
        while (price_all(s))
            ;
        if (t->penalty >= t->big || !uses_closed(t))
            break;
        t->penalty = fmin(dearer * t->penalty, t->big);
    }
    t->penalty = t->big;
    find_costs(t);
}

kv_status kv_routing_solve(kv_routing *t, double *cost)
{
    solving s = {.t = t, .most = PIVOTS_LEAST + (long)PIVOTS_A_DEMAND * t->n_demands};
    double sum = 0.0;
    kv_routing_list_live(t);
    solve_dearer(&s);
    *cost = total_cost(t);
    for (int i = 0; i < t->n_demands; i++)
        sum += t->shape->demand[t->first + i].amount;
    if (*cost < HUGE_VAL && sum > 0.0)
        t->usual = *cost / sum;
    return s.failed ? KV_ERR_MEMORY : KV_OK;
}

/* ---- results ------------------------------------------------------------------------------- */

const double *kv_routing_load(const kv_routing *routing)
{
    return routing->load;
}

int kv_routing_next(const kv_routing *t, int *next, kv_routing_path *path)
{
    while (*next < t->n_demands + t->size) {
        int slot = (*next)++;
        int demand = slot < t->n_demands ? slot : t->column_demand[slot - t->n_demands];
        if (t->amount[slot] <= 0.0)
            continue;
        *path = (kv_routing_path){t->first + demand, t->amount[slot], t->length[slot],
                                  t->arcs + (size_t)slot * (size_t)t->stride};
        return 1;
    }
    return 0;
}

double kv_routing_work(const kv_routing *routing)
{
    return routing->work;
}
