/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The opening sets of each block: for each need of an arc the starts in service that meet it. */
#include "formulations/builder.h"

#include "base/memory.h"

typedef struct opener {
    kv_list openings, design; /* kv_opening, int */
    int *meets;               /* [needs + 1] first in `project` */
    kv_list project;          /* int: projects that meet a need, each once */
} opener;

/* For each need the projects that meet it, in table order. */
static kv_status projects_find(const kv_builder *b, opener *o)
{
    const kv_requirement *needs = b->need.items;
    if (!(o->meets = kv_alloc((size_t)b->need.count + 1, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int i = 0; i < b->need.count; i++) {
        o->meets[i] = o->project.count;
        for (int e = 0; e < b->given->effects.count; e++) {
            const kv_effect *effect = &b->given->effects.rows[e];
            if (!kv_need_matches(&needs[i], effect))
                continue;
            int seen = 0;
            for (int k = o->meets[i]; k < o->project.count && !seen; k++)
                seen = ((int *)o->project.items)[k] == effect->project;
            int *project = seen ? NULL : kv_list_push(&o->project);
            if (!seen && !project)
                return KV_ERR_MEMORY;
            if (project)
                *project = effect->project;
        }
    }
    o->meets[b->need.count] = o->project.count;
    return KV_OK;
}

/* One opening set of an arc in a block. */
static kv_status set_add(kv_builder *b, opener *o, int block, int arc, int set, int need)
{
    kv_opening *opening = kv_list_push(&o->openings);
    if (!opening)
        return KV_ERR_MEMORY;
    *opening = (kv_opening){block, arc, set, o->design.count, 0};
    for (int i = o->meets[need]; i < o->meets[need + 1]; i++) {
        int project = ((int *)o->project.items)[i];
        for (int j = b->start_first[project]; j < b->start_first[project + 1]; j++) {
            if (!b->serves[(size_t)j * (size_t)b->n_blocks + (size_t)block])
                continue;
            int *design = kv_list_push(&o->design);
            if (!design)
                return KV_ERR_MEMORY;
            *design = j;
        }
    }
    opening->count = o->design.count - opening->first;
    if (opening->count == 0)
        b->arc_closed[(size_t)block * (size_t)b->ends.count + (size_t)arc] = 1;
    return KV_OK;
}

static kv_status sets_make(kv_builder *b, opener *o)
{
    const kv_ends *ends = b->ends.items;
    for (int block = 0; block < b->n_blocks; block++) {
        for (int a = 0; a < b->ends.count; a++) {
            for (int i = 0; i < ends[a].need_count; i++) {
                if (set_add(b, o, block, a, i, ends[a].need_first + i) != KV_OK)
                    return KV_ERR_MEMORY;
            }
        }
    }
    return KV_OK;
}

static kv_status finish(kv_problem *p, opener *o)
{
    int n_openings = o->openings.count, n_design = o->design.count;
    if (!(p->opening_coefficient = kv_alloc((size_t)n_design, sizeof(double))) ||
        !(p->opening_design = kv_list_take(&o->design)) ||
        !(p->openings = kv_list_take(&o->openings)))
        return KV_ERR_MEMORY;
    p->n_openings = n_openings;
    for (int i = 0; i < n_design; i++)
        p->opening_coefficient[i] = 1;
    return KV_OK;
}

kv_status kv_build_openings(kv_builder *builder)
{
    opener o = {.openings.size = sizeof(kv_opening),
                .design.size = sizeof(int),
                .project.size = sizeof(int)};
    kv_status status = KV_ERR_MEMORY;
    builder->arc_closed = kv_alloc_grid((size_t)builder->n_blocks, (size_t)builder->ends.count, 1);
    if (builder->arc_closed && projects_find(builder, &o) == KV_OK &&
        sets_make(builder, &o) == KV_OK)
        status = finish(builder->problem, &o);
    kv_list_clear(&o.openings);
    kv_list_clear(&o.design);
    kv_list_clear(&o.project);
    kv_free(o.meets);
    return status;
}
