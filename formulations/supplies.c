/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What each unit of each design variable adds to the resources in each block. */
#include "formulations/builder.h"

#include "base/memory.h"

#include <limits.h>
#include <string.h>

typedef struct supplier {
    kv_builder *b;
    kv_list design, amount; /* int, double */
    int *position;          /* [n_design] in the row at hand, -1 = not there */
    int row_first;
} supplier;

static int supply_add(supplier *s, int design, double amount)
{
    if (!(amount > 0))
        return 0;
    if (s->position[design] >= 0) {
        ((double *)s->amount.items)[s->position[design]] += amount;
        return 0;
    }
    int *item = kv_list_push(&s->design);
    double *value = item ? kv_list_push(&s->amount) : NULL;
    if (!value)
        return -1;
    *item = design;
    *value = amount;
    s->position[design] = s->design.count - 1;
    return 0;
}

/* What a unit of the effect's project adds to the resource; 0 when it adds nothing. */
static double effect_amount(const kv_builder *b, int block, const kv_effect *e,
                            const kv_resource_info *r)
{
    const kv_case *view = b->map->view[block / b->n_periods];
    const kv_technology *numbers = b->technology + (size_t)block * (size_t)b->n_technologies;
    switch (r->kind) {
    case KV_RESOURCE_LINK:
        return e->effect == KV_EFFECT_LINK_CAPACITY && e->link == r->link
                   ? kv_capacity_t_per_year(&view->the_case.rows[0], e->amount, e->unit)
                   : 0;
    case KV_RESOURCE_TERMINAL:
        return e->effect == KV_EFFECT_TERMINAL_CAPACITY && e->terminal == r->terminal
                   ? kv_capacity_t_per_year(&view->the_case.rows[0], e->amount, e->unit)
                   : 0;
    case KV_RESOURCE_FLEET:
        return e->effect == KV_EFFECT_FLEET && e->technology == r->technology
                   ? e->amount * numbers[r->technology].km_per_year
                   : 0;
    case KV_RESOURCE_ENERGY:
        return e->effect == KV_EFFECT_ENERGY_POINT && e->place == r->place &&
                       e->carrier == r->carrier
                   ? e->amount
                   : 0;
    default: return 0;
    }
}

static int row_fill(supplier *s, int block, const kv_resource_info *r)
{
    const kv_builder *b = s->b;
    const kv_case *view = b->map->view[block / b->n_periods];
    for (int i = 0; i < view->effects.count; i++) {
        const int project = view->effects.rows[i].project;
        const double amount = effect_amount(b, block, &view->effects.rows[i], r);
        for (int j = b->start_first[project]; amount > 0 && j < b->start_first[project + 1]; j++) {
            if (b->serves[(size_t)j * (size_t)b->n_blocks + (size_t)block] &&
                supply_add(s, j, amount) != 0)
                return -1;
        }
    }
    if (r->kind != KV_RESOURCE_FLEET)
        return 0;
    const kv_technology *numbers = b->technology + (size_t)block * (size_t)b->n_technologies;
    const int stock = b->stock[(size_t)r->technology * (size_t)b->n_blocks + (size_t)block];
    return supply_add(s, stock, numbers[r->technology].km_per_year);
}

static int rows_fill(supplier *s)
{
    kv_problem *p = s->b->problem;
    for (int block = 0; block < p->n_blocks; block++) {
        for (int r = 0; r < p->n_resources; r++) {
            const size_t row = (size_t)block * (size_t)p->n_resources + (size_t)r;
            s->row_first = s->design.count;
            p->supply_first[row] = s->row_first;
            if (p->resource_base[row] < KV_UNLIMITED &&
                row_fill(s, block, &s->b->map->resource[r]) != 0)
                return -1;
            for (int i = s->row_first; i < s->design.count; i++)
                s->position[((int *)s->design.items)[i]] = -1;
        }
    }
    p->supply_first[(size_t)p->n_blocks * (size_t)p->n_resources] = s->design.count;
    return 0;
}

kv_status kv_build_supplies(kv_builder *builder)
{
    kv_problem *p = builder->problem;
    supplier s = {.b = builder, .design.size = sizeof(int), .amount.size = sizeof(double)};
    kv_status status = KV_ERR_MEMORY;
    const size_t rows = (size_t)p->n_blocks * (size_t)p->n_resources;
    if (rows >= INT_MAX)
        return KV_ERR_MEMORY;
    s.position = kv_alloc((size_t)p->n_design, sizeof(int));
    p->supply_first = kv_alloc(rows + 1, sizeof(int));
    if (!s.position || !p->supply_first)
        goto out;
    for (int j = 0; j < p->n_design; j++)
        s.position[j] = -1;
    if (rows_fill(&s) == 0 && (p->supply_design = kv_list_take(&s.design)) &&
        (p->supply = kv_list_take(&s.amount)))
        status = KV_OK;
out:
    kv_list_clear(&s.design);
    kv_list_clear(&s.amount);
    kv_free(s.position);
    return status;
}
