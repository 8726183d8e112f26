/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No two rows of a table have the same key. */
#include "instances/checker.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdint.h>
#include <string.h>

typedef struct key_columns {
    int count;
    const kv_column *columns[KV_MOST_KEY_COLUMNS];
} key_columns;

/* A blank period means the first one, so both are the same key. */
static int key_int(const kv_column *column, const void *row)
{
    int value = *kv_cell_int(column, row);
    return column->type == KV_TYPE_REF && column->ref == KV_TABLE_PERIODS && value < 0 ? 0 : value;
}

static uint64_t mix(uint64_t hash, uint64_t part)
{
    hash = (hash ^ part) * 0x9e3779b97f4a7c15u;
    return hash ^ (hash >> 31);
}

static uint64_t key_hash(const key_columns *key, const void *row)
{
    uint64_t hash = 0x243f6a8885a308d3u;
    for (int i = 0; i < key->count; i++) {
        if (!kv_column_is_text(key->columns[i])) {
            hash = mix(hash, (uint32_t)key_int(key->columns[i], row));
            continue;
        }
        const char *text = *kv_cell_string(key->columns[i], row);
        for (; text && *text; text++)
            hash = mix(hash, (unsigned char)*text);
        hash = mix(hash, 256);
    }
    return hash;
}

static int same_key(const key_columns *key, const void *a, const void *b)
{
    for (int i = 0; i < key->count; i++) {
        const kv_column *column = key->columns[i];
        if (!kv_column_is_text(column)) {
            if (key_int(column, a) != key_int(column, b))
                return 0;
            continue;
        }
        const char *left = *kv_cell_string(column, a), *right = *kv_cell_string(column, b);
        if (left != right && (!left || !right || strcmp(left, right) != 0))
            return 0;
    }
    return 1;
}

static void same_key_fault(kv_checker *checker, int table, const key_columns *key, int row,
                           int first)
{
    char buffer[KV_NUMBER_SIZE];
    kv_text text = {0};
    const void *data = kv_table_row(checker->the_case, table, row);
    for (int i = 0; i < key->count; i++)
        kv_text_addf(&text, "%s%s", i ? "/" : "",
                     kv_cell_text(checker->the_case, key->columns[i], data, 0, buffer));
    long line = kv_row_line(table, kv_table_row(checker->the_case, table, first));
    if (text.failed)
        checker->status = KV_ERR_MEMORY;
    else
        kv_check_add(checker, KV_FAULT, table, row, key->count == 1 ? key->columns[0]->name : NULL,
                     "remove one of them or change its key",
                     "the key '%s' is there already in line %ld", text.data, line);
    kv_text_clear(&text);
}

/* Another part of the hash stands beside the row, so that few rows are looked at. */
typedef struct key_slot {
    int row; /* number + 1, 0 = free */
    uint32_t tag;
} key_slot;

enum { AT_ONCE = 32 }; /* rows whose slots are fetched before they are looked at */

typedef struct key_slots {
    key_slot *slots;
    size_t mask;
} key_slots;

static void row_key(kv_checker *checker, int table, const key_columns *key, key_slots *seen,
                    int row, uint64_t hash)
{
    const void *data = kv_table_row(checker->the_case, table, row);
    uint32_t tag = (uint32_t)(hash >> 32);
    size_t slot = (size_t)hash & seen->mask;
    key_slot *found = &seen->slots[slot];
    while (found->row &&
           (found->tag != tag ||
            !same_key(key, data, kv_table_row(checker->the_case, table, found->row - 1)))) {
        slot = (slot + 1) & seen->mask;
        found = &seen->slots[slot];
    }
    if (found->row)
        same_key_fault(checker, table, key, row, found->row - 1);
    else
        *found = (key_slot){row + 1, tag};
}

static void table_keys(kv_checker *checker, int table, const key_columns *key)
{
    int count = kv_table_count(checker->the_case, table);
    uint64_t hashes[AT_ONCE];
    size_t n_slots = 16;
    while (n_slots < 2 * (size_t)count)
        n_slots *= 2;
    key_slots seen = {kv_alloc(n_slots, sizeof(key_slot)), n_slots - 1};
    if (!seen.slots) {
        checker->status = KV_ERR_MEMORY;
        return;
    }
    for (int first = 0; first < count; first += AT_ONCE) {
        int n = count - first < AT_ONCE ? count - first : AT_ONCE;
        for (int i = 0; i < n; i++) {
            hashes[i] = key_hash(key, kv_table_row(checker->the_case, table, first + i));
            __builtin_prefetch(&seen.slots[(size_t)hashes[i] & seen.mask], 1);
        }
        for (int i = 0; i < n; i++)
            row_key(checker, table, key, &seen, first + i, hashes[i]);
    }
    kv_free(seen.slots);
}

/* A row whose required key column is blank has been told already. */
void kv_check_keys(kv_checker *checker)
{
    for (int table = 0; table < KV_TABLES; table++) {
        key_columns key = {0};
        for (const kv_column *c = kv_schema[table].columns; c->name; c++)
            if (c->in_key && key.count < KV_MOST_KEY_COLUMNS)
                key.columns[key.count++] = c;
        int known = !checker->positions || checker->positions->field[table][0];
        int partial = checker->damaged && checker->damaged[table] && (key.count > 1 || !known);
        if (key.count > 0 && table != KV_TABLE_CASE && !partial && checker->status == KV_OK)
            table_keys(checker, table, &key);
    }
}
