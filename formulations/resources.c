/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Resources, their capacity without investments, and which flows use how much of them. Use depends on
 * the arc and on whether the vehicle is loaded, so it is worked out once an arc and then copied.
 */
#include "formulations/builder.h"

#include "base/memory.h"
#include "instances/select.h"

#include <limits.h>
#include <math.h>

typedef struct finder { /* number of each resource, -1 = there is none */
    kv_builder *b;
    kv_list info; /* kv_resource_info */
    int *link;    /* [2 * links]: forward and backward, equal when shared */
    int *terminal, *fleet;
    int *energy; /* [places * carriers] */
    int carbon;
} finder;

static int add(finder *f, const kv_resource_info *info)
{
    kv_resource_info *item = kv_list_push(&f->info);
    if (!item)
        return -2;
    *item = *info;
    return f->info.count - 1;
}

static kv_resource_info blank(int kind)
{
    return (kv_resource_info){kind, -1, -1, -1, -1, -1, -1};
}

/* Whether a link (or terminal) has a capacity in some scenario. */
static int has_capacity(const kv_builder *b, int link, int terminal)
{
    for (int s = 0; s < b->map->n_scenarios; s++) {
        const kv_case *view = b->map->view[s];
        if (!isnan(link >= 0 ? view->links.rows[link].capacity
                             : view->terminals.rows[terminal].capacity))
            return 1;
    }
    return 0;
}

static int links_find(finder *f)
{
    for (int l = 0; l < f->b->given->links.count; l++) {
        const kv_link *link = &f->b->given->links.rows[l];
        kv_resource_info info = blank(KV_RESOURCE_LINK);
        f->link[2 * l] = f->link[2 * l + 1] = -1;
        if (!has_capacity(f->b, l, -1))
            continue;
        info.link = l;
        info.backward = link->capacity_shared ? -1 : 0;
        f->link[2 * l] = f->link[2 * l + 1] = add(f, &info);
        if (!link->capacity_shared) {
            info.backward = 1;
            f->link[2 * l + 1] = link->directions == KV_BOTH ? add(f, &info) : -1;
        }
        if (f->link[2 * l] < -1 || f->link[2 * l + 1] < -1)
            return -1;
    }
    return 0;
}

static int terminals_and_fleets_find(finder *f)
{
    for (int i = 0; i < f->b->given->terminals.count; i++) {
        kv_resource_info info = blank(KV_RESOURCE_TERMINAL);
        info.terminal = i;
        f->terminal[i] = has_capacity(f->b, -1, i) ? add(f, &info) : -1;
        if (f->terminal[i] < -1)
            return -1;
    }
    for (int q = 0; q < f->b->n_technologies; q++) {
        kv_resource_info info = blank(KV_RESOURCE_FLEET);
        info.technology = q;
        f->fleet[q] =
            f->b->given->technologies.rows[q].fleet == KV_FLEET_OWNED ? add(f, &info) : -1;
        if (f->fleet[q] < -1)
            return -1;
    }
    return 0;
}

static int carrier_has_range(const kv_case *c, int carrier)
{
    for (int q = 0; q < c->technologies.count; q++) {
        if (c->technologies.rows[q].carrier == carrier && !isnan(c->technologies.rows[q].range_km))
            return 1;
    }
    return 0;
}

/* The row of energy_points, or NULL. */
static const kv_energy_point *point_of(const kv_case *view, int place, int carrier)
{
    for (int i = 0; i < view->energy_points.count; i++) {
        const kv_energy_point *row = &view->energy_points.rows[i];
        if (row->place == place && row->carrier == carrier)
            return row;
    }
    return NULL;
}

/* A place and carrier give a resource when a project can build there, or when what is there has a
 * limit in some scenario. */
static int is_limited_point(const kv_builder *b, int place, int carrier)
{
    if (!point_of(b->given, place, carrier)) {
        kv_requirement need = {KV_EFFECT_ENERGY_POINT, place, carrier, -1};
        return kv_builder_has_effect(b->given, &need);
    }
    for (int s = 0; s < b->map->n_scenarios; s++) {
        if (!isnan(point_of(b->map->view[s], place, carrier)->capacity_mwh_per_year))
            return 1;
    }
    return 0;
}

static int energy_find(finder *f)
{
    const kv_case *c = f->b->given;
    for (int v = 0; v < f->b->n_places; v++) {
        for (int e = 0; e < c->carriers.count; e++) {
            int *at = &f->energy[(size_t)v * (size_t)c->carriers.count + (size_t)e];
            kv_resource_info info = blank(KV_RESOURCE_ENERGY);
            info.place = v;
            info.carrier = e;
            *at = carrier_has_range(c, e) && is_limited_point(f->b, v, e) ? add(f, &info) : -1;
            if (*at < -1)
                return -1;
        }
    }
    return 0;
}

static int carbon_find(finder *f)
{
    kv_resource_info info = blank(KV_RESOURCE_CARBON);
    f->carbon = -1;
    for (int block = 0; block < f->b->n_blocks && f->carbon == -1; block++) {
        if (f->b->carbon_cap[block] < KV_UNLIMITED)
            f->carbon = add(f, &info);
    }
    return f->carbon < -1 ? -1 : 0;
}

/* Capacity less what else is there; a warning where nothing is left. */
static double capacity_left(kv_builder *b, int block, const char *file, long line, const char *name,
                            double capacity, double load, double growth)
{
    const kv_case *view = b->map->view[block / b->n_periods];
    const int period = block % b->n_periods;
    if (isnan(capacity))
        return KV_UNLIMITED;
    double other = load * kv_period_growth(view, period, growth);
    if (other > capacity) {
        kv_where where = {
            .file = file, .line = line, .column = "base_load_t_per_year", .value = name};
        kv_messages_add(
            b->messages, KV_WARNING, &where,
            "check the capacity, its unit, and the growth of the base load",
            "the base load of '%s' is above the capacity in %s of scenario %s; nothing is left",
            name, view->periods.rows[period].period,
            kv_builder_scenario_name(b, block / b->n_periods));
    }
    return fmax(0, capacity - other);
}

static double base_of(kv_builder *b, int block, const kv_resource_info *info)
{
    const kv_case *view = b->map->view[block / b->n_periods];
    const kv_case_row *row = &view->the_case.rows[0];
    if (info->kind == KV_RESOURCE_LINK) {
        const kv_link *l = &view->links.rows[info->link];
        return capacity_left(b, block, "links.csv", l->line, l->link,
                             kv_capacity_t_per_year(row, l->capacity, l->capacity_unit),
                             l->base_load_t_per_year, l->base_load_growth_per_year);
    }
    if (info->kind == KV_RESOURCE_TERMINAL) {
        const kv_terminal *t = &view->terminals.rows[info->terminal];
        return capacity_left(b, block, "terminals.csv", t->line, t->terminal,
                             kv_capacity_t_per_year(row, t->capacity, t->capacity_unit),
                             t->base_load_t_per_year, t->base_load_growth_per_year);
    }
    if (info->kind == KV_RESOURCE_ENERGY) {
        const kv_energy_point *point = point_of(view, info->place, info->carrier);
        if (point && isnan(point->capacity_mwh_per_year))
            return KV_UNLIMITED;
        return point ? point->capacity_mwh_per_year : 0;
    }
    return info->kind == KV_RESOURCE_CARBON ? b->carbon_cap[block] : 0;
}

static int use_add(finder *f, int arc, int resource)
{
    kv_arc_use *use = resource < 0 ? NULL : kv_list_push(&f->b->arc_use);
    if (resource >= 0 && !use)
        return -1;
    if (use)
        *use = (kv_arc_use){arc, resource};
    return 0;
}

/* Which resources an arc uses. */
static int arc_uses(finder *f, int a)
{
    const kv_case *c = f->b->given;
    const kv_arc_info *info = &f->b->map->arc[a];
    if (info->kind == KV_ARC_TRANSFER)
        return use_add(f, a, f->terminal[c->transfers.rows[info->transfer].terminal]);
    if (info->kind != KV_ARC_LINK && info->kind != KV_ARC_RANGE)
        return 0;
    if (info->kind == KV_ARC_LINK && use_add(f, a, f->link[2 * info->link + info->backward]) != 0)
        return -1;
    int at = info->place;
    for (int i = 0; info->kind == KV_ARC_RANGE && i < info->path_count; i++) {
        int link = f->b->map->path_links[info->path_first + i];
        const int backward = c->links.rows[link].from != at;
        if (use_add(f, a, f->link[2 * link + backward]) != 0)
            return -1;
        at = backward ? c->links.rows[link].from : c->links.rows[link].to;
    }
    const int carrier = c->technologies.rows[info->technology].carrier;
    if (use_add(f, a, f->fleet[info->technology]) != 0 || use_add(f, a, f->carbon) != 0)
        return -1;
    if (info->kind != KV_ARC_RANGE || carrier < 0)
        return 0;
    const size_t carriers = (size_t)c->carriers.count;
    return use_add(f, a, f->energy[(size_t)info->place * carriers + (size_t)carrier]) ||
                   use_add(f, a, f->energy[(size_t)info->to_place * carriers + (size_t)carrier])
               ? -1
               : 0;
}

/* u of one use, by kind of the resource. */
static double use_of(int kind, int empty, const kv_flow_detail *detail)
{
    switch (kind) {
    case KV_RESOURCE_FLEET: return detail->vehicle_km;
    case KV_RESOURCE_ENERGY: return detail->energy_kwh / 1000 / 2;
    case KV_RESOURCE_CARBON: return fmax(0, detail->co2_kg / 1000);
    default: return empty ? 0 : 1;
    }
}

static kv_status arc_uses_fill(kv_builder *b)
{
    const size_t uses = (size_t)b->arc_use.count, blocks = (size_t)b->n_blocks;
    const kv_arc_use *use = b->arc_use.items;
    b->arc_use_first = kv_alloc((size_t)b->problem->n_arcs + 1, sizeof(int));
    b->arc_use_loaded = kv_alloc_grid(blocks, uses, sizeof(double));
    b->arc_use_empty = kv_alloc_grid(blocks, uses, sizeof(double));
    if (!b->arc_use_first || !b->arc_use_loaded || !b->arc_use_empty)
        return KV_ERR_MEMORY;
    for (size_t i = 0; i < uses; i++)
        b->arc_use_first[use[i].arc + 1]++;
    for (int a = 0; a < b->problem->n_arcs; a++)
        b->arc_use_first[a + 1] += b->arc_use_first[a];
    for (size_t block = 0; block < blocks; block++) {
        for (size_t i = 0; i < uses; i++) {
            const size_t arc = block * (size_t)b->problem->n_arcs + (size_t)use[i].arc;
            const int kind = b->map->resource[use[i].resource].kind;
            b->arc_use_loaded[block * uses + i] = use_of(kind, 0, &b->arc_detail[arc]);
            b->arc_use_empty[block * uses + i] = use_of(kind, 1, &b->arc_detail_empty[arc]);
        }
    }
    return KV_OK;
}

/* Whether a use is above 0 in some block. */
static int is_used(const kv_builder *b, const double *use, int i)
{
    for (int block = 0; block < b->n_blocks; block++) {
        if (use[(size_t)block * (size_t)b->arc_use.count + (size_t)i] > 0)
            return 1;
    }
    return 0;
}

/* Copies the uses of arcs to their flows, leaving out those that are 0 in all blocks. */
static kv_status flow_uses(kv_builder *b)
{
    kv_problem *p = b->problem;
    const kv_arc_use *uses = b->arc_use.items;
    const size_t count = (size_t)b->arc_use.count;
    kv_status status = KV_ERR_MEMORY;
    unsigned char *loaded = kv_alloc(count, 1), *empty = kv_alloc(count, 1);
    int *origin = NULL; /* the arc's use behind each of the flow's */
    if (!loaded || !empty || !(p->use_first = kv_alloc((size_t)p->n_flows + 1, sizeof(int))))
        goto out;
    for (int i = 0; i < b->arc_use.count; i++) {
        loaded[i] = (unsigned char)is_used(b, b->arc_use_loaded, i);
        empty[i] = (unsigned char)is_used(b, b->arc_use_empty, i);
    }
    for (int pass = 0; pass < 2; pass++) { /* count, then fill */
        int n_use = 0;
        for (int f = 0; f < p->n_flows; f++) {
            const int a = p->flow_arc[f];
            const unsigned char *kept =
                b->good_of_commodity[p->flow_commodity[f]] < 0 ? empty : loaded;
            for (int i = b->arc_use_first[a]; i < b->arc_use_first[a + 1]; i++) {
                if (!kept[i])
                    continue;
                if (n_use == INT_MAX)
                    goto out;
                if (pass == 1)
                    origin[n_use] = i;
                n_use++;
            }
            p->use_first[f + 1] = n_use;
        }
        if (pass == 0 &&
            (!(origin = kv_alloc((size_t)n_use, sizeof(int))) ||
             !(p->use_resource = kv_alloc((size_t)n_use, sizeof(int))) ||
             !(p->use = kv_alloc_grid((size_t)b->n_blocks, (size_t)n_use, sizeof(double)))))
            goto out;
    }
    const size_t n_use = (size_t)p->use_first[p->n_flows];
    for (int f = 0; f < p->n_flows; f++) {
        const double *from =
            b->good_of_commodity[p->flow_commodity[f]] < 0 ? b->arc_use_empty : b->arc_use_loaded;
        for (int i = p->use_first[f]; i < p->use_first[f + 1]; i++) {
            p->use_resource[i] = uses[origin[i]].resource;
            for (size_t block = 0; block < (size_t)b->n_blocks; block++)
                p->use[block * n_use + (size_t)i] = from[block * count + (size_t)origin[i]];
        }
    }
    status = KV_OK;
out:
    kv_free(loaded);
    kv_free(empty);
    kv_free(origin);
    return status;
}

static int finder_make(finder *f)
{
    const kv_case *c = f->b->given;
    f->link = kv_alloc_grid((size_t)c->links.count, 2, sizeof(int));
    f->terminal = kv_alloc((size_t)c->terminals.count, sizeof(int));
    f->fleet = kv_alloc((size_t)c->technologies.count, sizeof(int));
    f->energy = kv_alloc_grid((size_t)c->places.count, (size_t)c->carriers.count, sizeof(int));
    return f->link && f->terminal && f->fleet && f->energy ? 0 : -1;
}

kv_status kv_build_resources(kv_builder *builder)
{
    kv_builder *b = builder;
    kv_problem *p = b->problem;
    finder f = {.b = b, .info.size = sizeof(kv_resource_info)};
    kv_status status = KV_ERR_MEMORY;
    if (finder_make(&f) != 0 || links_find(&f) != 0 || terminals_and_fleets_find(&f) != 0 ||
        energy_find(&f) != 0 || carbon_find(&f) != 0)
        goto out;
    for (int a = 0; a < p->n_arcs; a++) {
        if (arc_uses(&f, a) != 0)
            goto out;
    }
    int count = f.info.count;
    p->resource_base = kv_alloc_grid((size_t)b->n_blocks, (size_t)count, sizeof(double));
    if (!p->resource_base || !(b->map->resource = kv_list_take(&f.info)))
        goto out;
    p->n_resources = count;
    for (int block = 0; block < b->n_blocks; block++) {
        for (int r = 0; r < count; r++)
            p->resource_base[(size_t)block * (size_t)count + (size_t)r] =
                base_of(b, block, &b->map->resource[r]);
    }
    status = arc_uses_fill(b);
    if (status == KV_OK)
        status = flow_uses(b);
out:
    kv_list_clear(&f.info);
    kv_free(f.link);
    kv_free(f.terminal);
    kv_free(f.fleet);
    kv_free(f.energy);
    return status;
}
