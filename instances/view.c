/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/changes.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* A case that shares what no change touches. The case comes first: a view is its address. */
typedef struct view_of_case {
    kv_case the_case;
    unsigned char owned[KV_TABLES]; /* 1 = the rows are a copy */
} view_of_case;

double kv_changed_value(const kv_change *change, double before)
{
    switch ((kv_operation)change->operation) {
    case KV_MULTIPLY: return before * change->value;
    case KV_ADD: return before + change->value;
    case KV_SET: break;
    }
    return isnan(before) ? before : change->value;
}

static kv_status table_own(view_of_case *view, int table)
{
    if (view->owned[table])
        return KV_OK;
    int count = kv_table_count(&view->the_case, table);
    size_t size = kv_schema[table].row_size;
    void *copy = kv_alloc((size_t)count, size);
    if (!copy)
        return KV_ERR_MEMORY;
    if (count > 0)
        memcpy(copy, kv_table_rows(&view->the_case, table), (size_t)count * size);
    kv_table_put(&view->the_case, table, copy, count);
    view->owned[table] = 1;
    return KV_OK;
}

static kv_status change_apply(view_of_case *view, const kv_change *change)
{
    int table = kv_schema_find(change->table);
    const kv_column *column =
        table < 0 ? NULL : kv_schema_column(&kv_schema[table], change->column);
    kv_key_pattern pattern;
    if (!column || !column->may_vary || !change->key)
        return KV_ERR_INPUT;
    kv_status status = kv_key_pattern_make(table, change->key, &pattern);
    if (status == KV_OK)
        status = table_own(view, table);
    int count = kv_table_count(&view->the_case, table);
    for (int i = 0; i < count && status == KV_OK; i++) {
        void *row = kv_table_row(&view->the_case, table, i);
        double *cell = kv_cell_double(column, row);
        if (kv_key_pattern_matches(&pattern, &view->the_case, row, 0))
            *cell = kv_changed_value(change, *cell);
    }
    kv_key_pattern_clear(&pattern);
    return status;
}

kv_status kv_case_view(const kv_case *the_case, int scenario, kv_case **view)
{
    *view = NULL;
    if (scenario < 0 || scenario >= the_case->scenarios.count)
        return KV_ERR_ARGUMENT;
    view_of_case *made = kv_alloc(1, sizeof *made);
    if (!made)
        return KV_ERR_MEMORY;
    made->the_case = *the_case;
    kv_status status = KV_OK;
    for (int i = 0; i < the_case->changes.count && status == KV_OK; i++)
        if (the_case->changes.rows[i].scenario == scenario)
            status = change_apply(made, &the_case->changes.rows[i]);
    if (status == KV_OK)
        *view = &made->the_case;
    else
        kv_case_view_free(&made->the_case);
    return status;
}

void kv_case_view_free(kv_case *view)
{
    view_of_case *made = (view_of_case *)view;
    if (!made)
        return;
    for (int table = 0; table < KV_TABLES; table++)
        if (made->owned[table])
            kv_free(kv_table_rows(view, table));
    kv_free(made);
}

void kv_case_free(kv_case *the_case)
{
    if (!the_case)
        return;
    for (int table = 0; table < KV_TABLES; table++)
        kv_free(kv_table_rows(the_case, table));
    kv_pool_free(the_case->pool);
    kv_free(the_case->folder);
    kv_free(the_case);
}
