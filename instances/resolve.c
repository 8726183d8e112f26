/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/resolve.h"

#include "base/memory.h"
#include "base/text.h"
#include "instances/cells.h"

#include <string.h>

enum { MOST_SUGGESTIONS = 50 }; /* looking for near names takes time */

typedef struct name_resolver {
    kv_case *the_case;
    const kv_positions *positions;
    unsigned char *damaged;
    kv_messages *messages;
    int *row_of; /* by number of the pool: row of the target table, -1 = none */
    int suggestions;
} name_resolver;

static const char *nearest_name(const name_resolver *resolver, int target, const char *name)
{
    const char *nearest = NULL;
    int count = kv_table_count(resolver->the_case, target), least = 5;
    for (int i = 0; i < count; i++) {
        const char *other = kv_row_name(resolver->the_case, target, i);
        int distance = other ? kv_text_distance(name, other) : 99;
        if (distance < least) {
            least = distance;
            nearest = other;
        }
    }
    return nearest;
}

/* The whole table referred to, its rows or its column of names are missing: one fault is enough. */
static void missing(name_resolver *resolver, int table, int target)
{
    kv_text mend = {0};
    kv_where where = {.file = kv_table_file(target)};
    if (resolver->damaged[target])
        return;
    resolver->damaged[target] = 1;
    kv_help_mend("write it", kv_schema[target].help, &mend);
    kv_messages_add(resolver->messages, KV_FAULT, &where, mend.data,
                    "the table is missing, and %s refers to it", kv_table_file(table));
    kv_text_clear(&mend);
}

static void dangling(name_resolver *resolver, int table, const kv_column *column, const void *row,
                     const char *name)
{
    kv_text mend = {0};
    resolver->damaged[table] = 1;
    if (!resolver->positions->field[column->ref][0] ||
        (resolver->damaged[column->ref] && !kv_table_count(resolver->the_case, column->ref))) {
        missing(resolver, table, column->ref);
        return;
    }
    kv_where where = {.file = kv_table_file(table), .line = kv_row_line(table, row)};
    where.field = resolver->positions->field[table][kv_column_number(table, column)];
    where.column = column->name;
    where.value = name;
    if (resolver->suggestions++ < MOST_SUGGESTIONS) {
        const char *nearest = nearest_name(resolver, column->ref, name);
        if (nearest)
            kv_text_addf(&mend, "did you mean '%s'? Otherwise ", nearest);
    }
    kv_text_addf(&mend, "add it to %s", kv_table_file(column->ref));
    kv_messages_add(resolver->messages, KV_FAULT, &where, mend.data, "not in %s",
                    kv_table_file(column->ref));
    kv_text_clear(&mend);
}

static void column_resolve(name_resolver *resolver, int table, const kv_column *column)
{
    size_t size = kv_schema[table].row_size;
    int count = kv_table_count(resolver->the_case, table);
    char *row = kv_table_rows(resolver->the_case, table);
    for (int i = 0; i < count; i++, row += size) {
        int *cell = kv_cell_int(column, row);
        int number = *cell;
        if (number < 0)
            continue;
        *cell = resolver->row_of[number];
        if (*cell < 0)
            dangling(resolver, table, column, row, kv_pool_text(resolver->the_case->pool, number));
    }
}

/* The first row of a name counts; a second one is a fault told elsewhere. */
static void names_number(name_resolver *resolver, int target)
{
    const kv_pool *pool = resolver->the_case->pool;
    int n = kv_pool_count(pool), count = kv_table_count(resolver->the_case, target);
    for (int i = 0; i < n; i++)
        resolver->row_of[i] = -1;
    for (int i = 0; i < count; i++) {
        const char *name = kv_row_name(resolver->the_case, target, i);
        int number = name ? kv_pool_find(pool, name, strlen(name)) : -1;
        if (number >= 0 && resolver->row_of[number] < 0)
            resolver->row_of[number] = i;
    }
}

kv_status kv_references_resolve(kv_case *the_case, const kv_positions *positions,
                                unsigned char *damaged, kv_messages *messages)
{
    name_resolver resolver = {the_case, positions, damaged, messages, NULL, 0};
    resolver.row_of = kv_alloc((size_t)kv_pool_count(the_case->pool) + 1, sizeof(int));
    if (!resolver.row_of)
        return KV_ERR_MEMORY;
    for (int target = 0; target < KV_TABLES; target++) {
        if (kv_schema[target].columns[0].type != KV_TYPE_KEY)
            continue;
        names_number(&resolver, target);
        for (int table = 0; table < KV_TABLES; table++)
            for (const kv_column *c = kv_schema[table].columns; c->name; c++)
                if (c->type == KV_TYPE_REF && c->ref == target)
                    column_resolve(&resolver, table, c);
    }
    kv_free(resolver.row_of);
    return KV_OK;
}
