/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which designs, resources and arcs belong together. */
#include "base/memory.h"
#include "solver/paths/shape_parts.h"

#include <string.h>

static const double unlimited = 1e30;

/* ---- arcs' resources and opening sets ---- */

int kv_shape_limited(const kv_problem *p, int resource)
{
    for (int b = 0; b < p->n_blocks; b++)
        if (p->resource_base[(size_t)b * (size_t)p->n_resources + (size_t)resource] < unlimited)
            return 1;
    return 0;
}

/* A resource that is limited in some block is limited in all. */
static int limits_agree(const kv_problem *p)
{
    for (int r = 0; r < p->n_resources; r++)
        for (int b = 0; b < p->n_blocks && kv_shape_limited(p, r); b++)
            if (p->resource_base[(size_t)b * (size_t)p->n_resources + (size_t)r] >= unlimited)
                return 0;
    return 1;
}

/* The limited resource of a flow and its use, the same in all blocks; 0 when there are several. */
static int resource_of_flow(const kv_problem *p, int flow, int *resource, double *use)
{
    size_t a_block = (size_t)p->use_first[p->n_flows];
    *resource = -1;
    *use = 0.0;
    for (int e = p->use_first[flow]; e < p->use_first[flow + 1]; e++) {
        for (int b = 1; b < p->n_blocks; b++)
            if (p->use[(size_t)b * a_block + (size_t)e] != p->use[e])
                return 0;
        if (p->use[e] <= 0.0 || !kv_shape_limited(p, p->use_resource[e]))
            continue;
        if (*resource >= 0)
            return 0;
        *resource = p->use_resource[e];
        *use = p->use[e];
    }
    return 1;
}

/* All flows on an arc use the same. */
static kv_status find_resources(kv_shaping *w)
{
    const kv_problem *p = w->problem;
    unsigned char *met = kv_alloc((size_t)p->n_arcs, 1);
    kv_status status = met ? KV_OK : KV_ERR_MEMORY;
    for (int a = 0; a < p->n_arcs; a++)
        w->resource[a] = -1;
    for (int f = 0; f < p->n_flows && status == KV_OK; f++) {
        int a = p->flow_arc[f], resource;
        double use;
        if (!resource_of_flow(p, f, &resource, &use) ||
            (met[a] && (w->resource[a] != resource || w->use[a] != use)))
            status = KV_ERR_ARGUMENT;
        met[a] = 1;
        w->resource[a] = resource;
        w->use[a] = use;
    }
    kv_free(met);
    return status;
}

static kv_status index_openings(kv_shaping *w)
{
    const kv_problem *p = w->problem;
    int rows = p->n_blocks * p->n_arcs;
    for (int i = 0; i < p->n_openings; i++)
        w->opening_first[p->openings[i].block * p->n_arcs + p->openings[i].arc + 1]++;
    for (int row = 0; row < rows; row++)
        w->opening_first[row + 1] += w->opening_first[row];
    return KV_OK;
}

/* Two opening sets hold the same designs in the same order, each opening in full. */
static int same_set(const kv_problem *p, const kv_opening *a, const kv_opening *b)
{
    if (a->count != b->count)
        return 0;
    for (int i = 0; i < a->count; i++)
        if (p->opening_design[a->first + i] != p->opening_design[b->first + i] ||
            p->opening_coefficient[a->first + i] < 1.0 ||
            p->opening_coefficient[b->first + i] < 1.0)
            return 0;
    return 1;
}

static int same_sets(const kv_shaping *w, int row, int other)
{
    int n = w->opening_first[row + 1] - w->opening_first[row];
    if (w->opening_first[other + 1] - w->opening_first[other] != n)
        return 0;
    for (int i = 0; i < n; i++)
        if (!same_set(w->problem, &w->problem->openings[w->opening_first[row] + i],
                      &w->problem->openings[w->opening_first[other] + i]))
            return 0;
    return 1;
}

/* ---- what belongs together ---- */

static int find(int *parent, int i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static void join(int *parent, int a, int b)
{
    a = find(parent, a);
    b = find(parent, b);
    parent[a > b ? a : b] = a > b ? b : a;
}

static void join_arcs(kv_shaping *w, int *parent)
{
    const kv_problem *p = w->problem;
    for (int i = 0; i < p->n_openings; i++) {
        const kv_opening *o = &p->openings[i];
        int resource = w->resource[o->arc], first = o->count > 0 ? p->opening_design[o->first] : -1;
        for (int e = o->first; e < o->first + o->count; e++)
            join(parent, first, p->opening_design[e]);
        if (resource >= 0 && first >= 0)
            join(parent, p->n_design + resource, first);
        if (i > 0 && first >= 0 && o[-1].block == o->block && o[-1].arc == o->arc &&
            o[-1].count > 0)
            join(parent, first, p->opening_design[o[-1].first]);
    }
}

static void join_supplies(const kv_problem *p, int *parent)
{
    for (int row = 0; row < p->n_blocks * p->n_resources; row++) {
        int r = row % p->n_resources;
        for (int e = p->supply_first[row]; e < p->supply_first[row + 1]; e++)
            if (p->supply[e] != 0.0 && kv_shape_limited(p, r))
                join(parent, p->n_design + r, p->supply_design[e]);
    }
}

/* The member of the union that stands for an arc's group, or -1. */
static int member_of_arc(const kv_shaping *w, int arc)
{
    const kv_problem *p = w->problem;
    if (w->resource[arc] >= 0)
        return p->n_design + w->resource[arc];
    int first = w->opening_first[arc];
    if (first == w->opening_first[arc + 1] || p->openings[first].count == 0)
        return -1;
    return p->opening_design[p->openings[first].first];
}

static int is_closed(const kv_shaping *w, int row)
{
    for (int i = w->opening_first[row]; i < w->opening_first[row + 1]; i++)
        if (w->problem->openings[i].count == 0)
            return 1;
    return 0;
}

/* Number the groups in the order of their first arcs; `number` [n_design + n_resources]. */
static void number_groups(kv_shaping *w, int *parent)
{
    const kv_problem *p = w->problem;
    int n = p->n_design + p->n_resources;
    for (int i = 0; i < n; i++)
        w->component[i] = -1;
    for (int a = 0; a < p->n_arcs; a++) {
        int member = member_of_arc(w, a);
        if (member < 0 || is_closed(w, a) || w->component[find(parent, member)] >= 0)
            continue;
        w->component[find(parent, member)] = w->shape->n_groups++;
    }
    for (int i = 0; i < n; i++)
        w->component[i] = w->component[find(parent, i)];
}

/* ---- what the groups hold ---- */

static kv_status list_designs(kv_shaping *w)
{
    kv_shape *s = w->shape;
    int n_design = w->problem->n_design;
    s->design_first = kv_alloc((size_t)s->n_groups + 1, sizeof(int));
    s->design = kv_alloc((size_t)n_design, sizeof(int));
    int *next = kv_alloc((size_t)s->n_groups, sizeof(int));
    kv_status status = s->design_first && s->design && next ? KV_OK : KV_ERR_MEMORY;
    for (int j = 0; j < n_design && status == KV_OK; j++)
        if (w->component[j] >= 0)
            s->design_first[w->component[j] + 1]++;
    for (int g = 0; g < s->n_groups && status == KV_OK; g++) {
        s->design_first[g + 1] += s->design_first[g];
        next[g] = s->design_first[g];
    }
    for (int j = 0; j < n_design && status == KV_OK; j++)
        if (w->component[j] >= 0)
            s->design[next[w->component[j]]++] = j;
    kv_free(next);
    return status;
}

/* At most one resource a group. */
static kv_status list_resources(kv_shaping *w)
{
    const kv_problem *p = w->problem;
    for (int g = 0; g < w->shape->n_groups; g++)
        w->group_resource[g] = -1;
    for (int r = 0; r < p->n_resources; r++) {
        int g = kv_shape_limited(p, r) ? w->component[p->n_design + r] : -1;
        if (g >= 0 && w->group_resource[g] >= 0)
            return KV_ERR_ARGUMENT;
        if (g >= 0)
            w->group_resource[g] = r;
    }
    return KV_OK;
}

/* All arcs of a group have the same opening sets in all blocks. */
static kv_status compare_sets(kv_shaping *w)
{
    const kv_problem *p = w->problem;
    int *first_arc = kv_alloc((size_t)w->shape->n_groups, sizeof(int));
    kv_status status = first_arc ? KV_OK : KV_ERR_MEMORY;
    for (int g = 0; g < w->shape->n_groups && status == KV_OK; g++)
        first_arc[g] = -1;
    for (int a = 0; a < p->n_arcs && status == KV_OK; a++) {
        int member = member_of_arc(w, a), g = member < 0 ? -1 : w->component[member];
        if (g < 0) { /* in no group: closed in all blocks, or never */
            for (int b = 1; b < p->n_blocks; b++)
                if (is_closed(w, b * p->n_arcs + a) != is_closed(w, a))
                    status = KV_ERR_ARGUMENT;
            continue;
        }
        if (first_arc[g] < 0)
            first_arc[g] = a;
        for (int b = 0; b < p->n_blocks; b++)
            if (!same_sets(w, b * p->n_arcs + a, first_arc[g]))
                status = KV_ERR_ARGUMENT;
        w->group_sets[g] = w->opening_first[first_arc[g]];
        w->n_sets[g] = w->opening_first[first_arc[g] + 1] - w->group_sets[g];
    }
    kv_free(first_arc);
    return status;
}

kv_status kv_shape_find_groups(kv_shaping *w)
{
    const kv_problem *p = w->problem;
    int n = p->n_design + p->n_resources;
    kv_status status = limits_agree(p) ? find_resources(w) : KV_ERR_ARGUMENT;
    if (status == KV_OK)
        status = index_openings(w);
    int *parent = kv_alloc((size_t)n, sizeof(int));
    if (!parent && status == KV_OK)
        status = KV_ERR_MEMORY;
    if (status != KV_OK)
        goto out;
    for (int i = 0; i < n; i++)
        parent[i] = i;
    join_arcs(w, parent);
    join_supplies(p, parent);
    number_groups(w, parent);
    size_t groups = (size_t)w->shape->n_groups;
    w->group_resource = kv_alloc(groups, sizeof(int));
    w->group_sets = kv_alloc(groups, sizeof(int));
    w->n_sets = kv_alloc(groups, sizeof(int));
    status = w->group_resource && w->group_sets && w->n_sets ? list_designs(w) : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = list_resources(w);
    if (status == KV_OK)
        status = compare_sets(w);
out:
    kv_free(parent);
    return status;
}
