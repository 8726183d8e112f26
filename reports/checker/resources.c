/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resources, their base, what uses them and who supplies them (mathematics.md, section 4). */
#include "reports/checker/world.h"

#include "instances/select.h"

#include <math.h>

typedef struct finder { /* number of each resource, -1 = there is none */
    kvc_world *w;
    int *link, *terminal, *fleet, *energy, carbon; /* link: [2 * links] forward, backward */
} finder;

static int add(finder *f, kvc_resource resource)
{
    *(kvc_resource *)kvc_push(f->w->arena, &f->w->resource, sizeof resource) = resource;
    return f->w->resource.count - 1;
}

static kvc_resource blank(int kind)
{
    return (kvc_resource){kind, -1, -1, -1, -1, -1, -1};
}

static int has_capacity(const kvc_world *w, int link, int terminal)
{
    for (int s = 0; s < w->n_slots; s++) {
        const kv_case *view = w->view[s];
        if (!isnan(link >= 0 ? view->links.rows[link].capacity
                             : view->terminals.rows[terminal].capacity))
            return 1;
    }
    return 0;
}

static void links_find(finder *f)
{
    const kv_case *c = f->w->given;
    for (int l = 0; l < c->links.count; l++) {
        const kv_link *link = &c->links.rows[l];
        kvc_resource r = blank(KVC_ON_LINK);
        f->link[2 * l] = f->link[2 * l + 1] = -1;
        if (!has_capacity(f->w, l, -1))
            continue;
        r.link = l;
        r.backward = link->capacity_shared ? -1 : 0;
        f->link[2 * l] = f->link[2 * l + 1] = add(f, r);
        if (link->capacity_shared)
            continue;
        r.backward = 1;
        f->link[2 * l + 1] = link->directions == KV_BOTH ? add(f, r) : -1;
    }
}

static int carrier_has_range(const kv_case *c, int carrier)
{
    for (int q = 0; q < c->technologies.count; q++) {
        if (c->technologies.rows[q].carrier == carrier && !isnan(c->technologies.rows[q].range_km))
            return 1;
    }
    return 0;
}

static const kv_energy_point *point_of(const kv_case *view, int place, int carrier)
{
    for (int i = 0; i < view->energy_points.count; i++) {
        const kv_energy_point *row = &view->energy_points.rows[i];
        if (row->place == place && row->carrier == carrier)
            return row;
    }
    return NULL;
}

/* Without a row: where a project can build one. With a row: where it has a limit in some scenario. */
static int is_limited_point(const kvc_world *w, int place, int carrier)
{
    if (!point_of(w->given, place, carrier))
        return kvc_has_effect(w->given, KV_EFFECT_ENERGY_POINT, place, carrier, -1);
    for (int s = 0; s < w->n_slots; s++) {
        if (!isnan(point_of(w->view[s], place, carrier)->capacity_mwh_per_year))
            return 1;
    }
    return 0;
}

static void others_find(finder *f)
{
    const kv_case *c = f->w->given;
    for (int i = 0; i < c->terminals.count; i++) {
        kvc_resource r = blank(KVC_ON_TERMINAL);
        r.terminal = i;
        f->terminal[i] = has_capacity(f->w, -1, i) ? add(f, r) : -1;
    }
    for (int q = 0; q < c->technologies.count; q++) {
        kvc_resource r = blank(KVC_ON_FLEET);
        r.technology = q;
        f->fleet[q] = c->technologies.rows[q].fleet == KV_FLEET_OWNED ? add(f, r) : -1;
    }
    for (int i = 0; i < c->places.count * c->carriers.count; i++) {
        kvc_resource r = blank(KVC_ON_ENERGY);
        r.place = i / c->carriers.count;
        r.carrier = i % c->carriers.count;
        f->energy[i] = carrier_has_range(c, r.carrier) && is_limited_point(f->w, r.place, r.carrier)
                           ? add(f, r)
                           : -1;
    }
    f->carbon = -1;
    for (int b = 0; b < f->w->n_blocks && f->carbon < 0; b++) {
        const int slot = b / f->w->n_periods;
        const kv_policy *policy =
            kv_policy_in_force(f->w->view[slot], f->w->slot_row[slot], b % f->w->n_periods);
        if (policy && !isnan(policy->carbon_cap_kt_per_year))
            f->carbon = add(f, blank(KVC_ON_CARBON));
    }
}

/* ---- base ---- */

/* max(0, capacity - load); 0 when there is no capacity. */
static int capacity_left(const kvc_world *w, int block, double capacity, int unit, double load,
                         double growth, mpq_t base, mpq_t *t)
{
    if (isnan(capacity))
        return 0;
    kvc_capacity(&w->view[block / w->n_periods]->the_case.rows[0], capacity, unit, base);
    if (!isnan(load) && load != 0) {
        kvc_growth(w, block % w->n_periods, isnan(growth) ? 0 : growth, t[0]);
        kvc_set(t[1], load);
        mpq_mul(t[0], t[0], t[1]);
        mpq_sub(base, base, t[0]);
    }
    if (mpq_sgn(base) < 0)
        mpq_set_ui(base, 0, 1);
    return 1;
}

/* R of a resource in a block; 0 when it is unlimited there. */
static int base_of(const kvc_world *w, int block, const kvc_resource *r, mpq_t base, mpq_t *t)
{
    const int slot = block / w->n_periods;
    const kv_case *view = w->view[slot];
    if (r->kind == KVC_ON_LINK) {
        const kv_link *l = &view->links.rows[r->link];
        return capacity_left(w, block, l->capacity, l->capacity_unit, l->base_load_t_per_year,
                             l->base_load_growth_per_year, base, t);
    }
    if (r->kind == KVC_ON_TERMINAL) {
        const kv_terminal *l = &view->terminals.rows[r->terminal];
        return capacity_left(w, block, l->capacity, l->capacity_unit, l->base_load_t_per_year,
                             l->base_load_growth_per_year, base, t);
    }
    if (r->kind == KVC_ON_ENERGY) {
        const kv_energy_point *point = point_of(view, r->place, r->carrier);
        if (point && isnan(point->capacity_mwh_per_year))
            return 0;
        kvc_set(base, point ? point->capacity_mwh_per_year : 0);
        return 1;
    }
    if (r->kind == KVC_ON_CARBON) {
        const kv_policy *policy = kv_policy_in_force(view, w->slot_row[slot], block % w->n_periods);
        if (!policy || isnan(policy->carbon_cap_kt_per_year))
            return 0;
        kvc_set(base, policy->carbon_cap_kt_per_year);
        mpq_set_ui(t[0], 1000, 1);
        mpq_mul(base, base, t[0]);
        return 1;
    }
    mpq_set_ui(base, 0, 1);
    return 1;
}

/* ---- use ---- */

static void use_add(finder *f, int arc, int resource)
{
    if (resource >= 0)
        *(kvc_use *)kvc_push(f->w->arena, &f->w->use, sizeof(kvc_use)) = (kvc_use){arc, resource};
}

static void arc_uses(finder *f, int a)
{
    const kvc_world *w = f->w;
    const kv_case *c = w->given;
    const kvc_arc *arc = &KVC_AT(kvc_arc, w->arc, a);
    if (arc->kind == KVC_TRANSFER)
        use_add(f, a, f->terminal[c->transfers.rows[arc->transfer].terminal]);
    if (arc->kind != KVC_LINK && arc->kind != KVC_RANGE)
        return;
    if (arc->kind == KVC_LINK)
        use_add(f, a, f->link[2 * arc->link + arc->backward]);
    int at = arc->place;
    for (int i = 0; arc->kind == KVC_RANGE && i < arc->path_count; i++) {
        const int l = KVC_AT(int, w->path, arc->path_first + i);
        const int backward = c->links.rows[l].from != at;
        use_add(f, a, f->link[2 * l + backward]);
        at = backward ? c->links.rows[l].from : c->links.rows[l].to;
    }
    use_add(f, a, f->fleet[arc->technology]);
    use_add(f, a, f->carbon);
    const int carrier = c->technologies.rows[arc->technology].carrier;
    if (arc->kind != KVC_RANGE || carrier < 0)
        return;
    use_add(f, a, f->energy[arc->place * c->carriers.count + carrier]);
    use_add(f, a, f->energy[arc->to_place * c->carriers.count + carrier]);
}

void kvc_build_resources(kvc_world *world)
{
    kvc_world *w = world;
    const kv_case *c = w->given;
    finder f = {.w = w};
    f.link = kvc_alloc(w->arena, 2 * (size_t)c->links.count, sizeof(int));
    f.terminal = kvc_alloc(w->arena, (size_t)c->terminals.count, sizeof(int));
    f.fleet = kvc_alloc(w->arena, (size_t)c->technologies.count, sizeof(int));
    f.energy =
        kvc_alloc(w->arena, (size_t)c->places.count * (size_t)c->carriers.count, sizeof(int));
    links_find(&f);
    others_find(&f);
    w->use_first = kvc_alloc(w->arena, (size_t)w->arc.count + 1, sizeof(int));
    for (int a = 0; a < w->arc.count; a++) {
        arc_uses(&f, a);
        w->use_first[a + 1] = w->use.count;
    }
    const size_t cells = (size_t)w->n_blocks * (size_t)w->resource.count;
    mpq_t *t = kvc_numbers(w->arena, 2);
    w->base = kvc_numbers(w->arena, cells);
    w->limited = kvc_alloc(w->arena, cells, 1);
    for (int b = 0; b < w->n_blocks; b++) {
        for (int r = 0; r < w->resource.count; r++) {
            const size_t at = (size_t)b * (size_t)w->resource.count + (size_t)r;
            w->limited[at] =
                (unsigned char)base_of(w, b, &KVC_AT(kvc_resource, w->resource, r), w->base[at], t);
        }
    }
}

/* ---- supply ---- */

/* What a unit of the effect's project adds to the resource; 0 when it adds nothing. */
static int effect_amount(const kvc_world *w, int block, const kv_effect *e, const kvc_resource *r,
                         mpq_t amount, mpq_t t)
{
    const kv_case_row *row = &w->view[block / w->n_periods]->the_case.rows[0];
    if ((r->kind == KVC_ON_LINK && e->effect == KV_EFFECT_LINK_CAPACITY && e->link == r->link) ||
        (r->kind == KVC_ON_TERMINAL && e->effect == KV_EFFECT_TERMINAL_CAPACITY &&
         e->terminal == r->terminal)) {
        kvc_capacity(row, e->amount, e->unit, amount);
    } else if (r->kind == KVC_ON_FLEET && e->effect == KV_EFFECT_FLEET &&
               e->technology == r->technology) {
        kvc_set(amount, e->amount);
        kvc_set(t, kvc_numbers_in(w, r->technology, block)->km_per_year);
        mpq_mul(amount, amount, t);
    } else if (r->kind == KVC_ON_ENERGY && e->effect == KV_EFFECT_ENERGY_POINT &&
               e->place == r->place && e->carrier == r->carrier) {
        kvc_set(amount, e->amount);
    } else {
        return 0;
    }
    return mpq_sgn(amount) > 0;
}

void kvc_supplies(const kvc_world *world, int block, int resource, kvc_supply_visit *visit,
                  void *context)
{
    const kvc_world *w = world;
    if (w->file) {
        kvc_file_supplies(w, resource, visit, context);
        return;
    }
    const kv_case *view = w->view[block / w->n_periods];
    const kvc_resource *r = &KVC_AT(kvc_resource, w->resource, resource);
    mpq_t amount, t;
    mpq_init(amount);
    mpq_init(t);
    for (int i = 0; i < view->effects.count; i++) {
        const int project = view->effects.rows[i].project;
        if (!effect_amount(w, block, &view->effects.rows[i], r, amount, t))
            continue;
        for (int j = w->start_first[project]; j < w->start_first[project + 1]; j++) {
            if (w->start_serves[(size_t)j * (size_t)w->n_blocks + (size_t)block])
                visit(context, j, amount);
        }
    }
    if (r->kind == KVC_ON_FLEET) {
        const int slot = block / w->n_periods, period = block % w->n_periods;
        kvc_set(amount, kvc_numbers_in(w, r->technology, block)->km_per_year);
        visit(context, w->stock[kvc_fleet_at(w, r->technology, slot, period)], amount);
    }
    mpq_clear(amount);
    mpq_clear(t);
}

/* Adds up what a unit of each design supplies; context: mpq_t [designs]. */
static void gather(void *context, int design, const mpq_t amount)
{
    mpq_t *supply = context;
    mpq_add(supply[design], supply[design], amount);
}

/* The group of a start: its project, or the first project of which it is a size. */
static int group_of(const kvc_world *w, int project)
{
    const kv_project *projects = w->given->projects.rows;
    for (int i = 0; i < project && projects[project].size_of; i++) {
        if (projects[i].size_of == projects[project].size_of)
            return i;
    }
    return project;
}

void kvc_resource_most(const kvc_world *world, int block, int resource, mpq_t most)
{
    const kvc_world *w = world;
    const int projects = w->file ? 1 : w->given->projects.count;
    kvc_chunk *mark = kvc_mark(w->arena);
    mpq_t *supply = kvc_numbers(w->arena, (size_t)w->design.count);
    mpq_t *largest = kvc_numbers(w->arena, (size_t)projects + 1), *t = &largest[projects];
    kvc_supplies(w, block, resource, gather, supply);
    mpq_set(most, w->base[(size_t)block * (size_t)w->resource.count + (size_t)resource]);
    for (int j = 0; j < w->design.count; j++) {
        const kvc_design *d = &KVC_AT(kvc_design, w->design, j);
        if (mpq_sgn(supply[j]) == 0)
            continue;
        if (d->kind == KVC_START && !(w->file && !w->file_one)) {
            mpq_t *group = &largest[w->file ? 0 : group_of(w, d->project)];
            if (mpq_cmp(supply[j], *group) > 0)
                mpq_set(*group, supply[j]);
        } else {
            kvc_add_product(most, supply[j], w->upper[j], *t);
        }
    }
    for (int i = 0; i < projects; i++) {
        const kv_project *project = w->file ? NULL : &w->given->projects.rows[i];
        mpq_set_si(*t, !project || project->size_of ? 1 : project->max_units, 1);
        mpq_mul(*t, *t, largest[i]);
        mpq_add(most, most, *t);
    }
    kvc_release(w->arena, mark);
}
