/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/group_rows.h"

#include "base/memory.h"

#include <string.h>

static int is_binary(const kv_problem *p, int j)
{
    return p->design_integer[j] && p->design_lower[j] == 0 && p->design_upper[j] == 1;
}

/* Groups of at least two binaries, and of nothing else. */
static kv_status find_groups(const kv_problem *p, kv_group_rows *t)
{
    int *size = kv_alloc((size_t)p->n_groups, sizeof(int)),
        *name = kv_alloc((size_t)p->n_groups, sizeof(int));
    t->group = kv_alloc((size_t)p->n_design, sizeof(int));
    kv_status status = size && name && t->group ? KV_OK : KV_ERR_MEMORY;
    for (int j = 0; j < p->n_design && status == KV_OK && p->n_groups > 0; j++) {
        int g = p->design_group[j];
        if (g < 0 || p->design_upper[j] - p->design_lower[j] < 0.5)
            continue;
        size[g] = is_binary(p, j) && size[g] >= 0 ? size[g] + 1 : -1;
    }
    for (int g = 0; g < p->n_groups && status == KV_OK; g++)
        name[g] = size[g] > 1 && p->group_limit[g] <= 1 ? t->n_groups++ : -1;
    for (int j = 0; j < p->n_design && status == KV_OK; j++) {
        int g = p->n_groups > 0 ? p->design_group[j] : -1;
        t->group[j] = g >= 0 && is_binary(p, j) ? name[g] : -1;
    }
    kv_free(size);
    kv_free(name);
    return status;
}

/* The side rows with - sum of the group <= -1 behind them. */
static kv_status extend_rows(const kv_problem *p, kv_group_rows *t)
{
    kv_rows *rows = &t->problem.side;
    size_t n = (size_t)p->side.count + (size_t)t->n_groups;
    size_t old = p->side.count > 0 ? (size_t)p->side.design_first[p->side.count] : 0,
           total = old + (size_t)p->n_design;
    rows->sense = kv_alloc(n, 1);
    rows->rhs = kv_alloc(n, sizeof(double));
    rows->design_first = kv_alloc(n + 1, sizeof(int));
    rows->design = kv_alloc(total, sizeof(int));
    rows->design_value = kv_alloc(total, sizeof(double));
    rows->flow_first = kv_alloc(n + 1, sizeof(int));
    t->drop = kv_alloc(n, 1);
    if (!rows->sense || !rows->rhs || !rows->design_first || !rows->design || !rows->design_value ||
        !rows->flow_first || !t->drop)
        return KV_ERR_MEMORY;
    if (p->side.count > 0) {
        memcpy(rows->sense, p->side.sense, (size_t)p->side.count);
        memcpy(rows->rhs, p->side.rhs, sizeof(double) * (size_t)p->side.count);
        memcpy(rows->design_first, p->side.design_first, sizeof(int) * ((size_t)p->side.count + 1));
        memcpy(rows->design, p->side.design, sizeof(int) * old);
        memcpy(rows->design_value, p->side.design_value, sizeof(double) * old);
    }
    int at = (int)old;
    for (int g = 0; g < t->n_groups; g++) {
        for (int j = 0; j < p->n_design; j++)
            if (t->group[j] == g) {
                rows->design[at] = j;
                rows->design_value[at++] = -1;
            }
        rows->sense[t->n_base + g] = 'L';
        rows->rhs[t->n_base + g] = -1;
        rows->design_first[t->n_base + g + 1] = at;
    }
    rows->count = (int)n;
    return KV_OK;
}

kv_status kv_group_rows_create(const kv_problem *problem, const unsigned char *drop_side,
                               kv_group_rows *rows)
{
    *rows = (kv_group_rows){.problem = *problem, .n_base = problem->side.count};
    memset(&rows->problem.side, 0, sizeof rows->problem.side);
    kv_status status = find_groups(problem, rows);
    if (status == KV_OK)
        status = extend_rows(problem, rows);
    if (status != KV_OK)
        return status;
    for (int i = 0; i < rows->n_base; i++)
        rows->drop[i] = drop_side ? drop_side[i] : 0;
    memset(rows->drop + rows->n_base, 1, (size_t)rows->n_groups);
    return KV_OK;
}

kv_status kv_group_rows_extend(const kv_group_rows *rows, kv_multipliers *multipliers)
{
    size_t n = (size_t)rows->problem.side.count;
    double *side = kv_realloc(multipliers->side, n, sizeof *side);
    if (n > 0 && !side)
        return KV_ERR_MEMORY;
    multipliers->side = side;
    for (size_t i = (size_t)rows->n_base; i < n; i++)
        side[i] = 0;
    return KV_OK;
}

void kv_group_rows_clear(kv_group_rows *rows)
{
    kv_free(rows->group);
    kv_free(rows->drop);
    kv_free(rows->problem.side.sense);
    kv_free(rows->problem.side.rhs);
    kv_free(rows->problem.side.design_first);
    kv_free(rows->problem.side.design);
    kv_free(rows->problem.side.design_value);
    kv_free(rows->problem.side.flow_first);
    memset(rows, 0, sizeof *rows);
}
