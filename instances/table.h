/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and cells of any table, addressed through the schema. Internal to instances/. */
#ifndef KV_INSTANCES_TABLE_H
#define KV_INSTANCES_TABLE_H

#include "instances/schema.h"

enum { KV_MOST_COLUMNS = 40, KV_MOST_KEY_COLUMNS = 8 };

/* Where each column stands in its file: the field, from 1; 0 = not there or unknown. */
typedef struct kv_positions {
    unsigned short field[KV_TABLES][KV_MOST_COLUMNS];
} kv_positions;

void *kv_table_rows(const kv_case *the_case, int table);
int kv_table_count(const kv_case *the_case, int table);
void kv_table_put(kv_case *the_case, int table, void *rows, int count);
void *kv_table_row(const kv_case *the_case, int table, int row);
long kv_row_line(int table, const void *row);
void kv_row_set_line(int table, void *row, long line);

/* The number of a column in its table. */
int kv_column_number(int table, const kv_column *column);
/* "links.csv", lives for ever. */
const char *kv_table_file(int table);

/* The field of a row that a column describes. */
static inline double *kv_cell_double(const kv_column *column, const void *row)
{
    return (double *)((char *)row + column->offset);
}
static inline int *kv_cell_int(const kv_column *column, const void *row)
{
    return (int *)((char *)row + column->offset);
}
static inline const char **kv_cell_string(const kv_column *column, const void *row)
{
    return (const char **)((char *)row + column->offset);
}

/* Whether the column's field is a text, a double; else it is an int. */
int kv_column_is_text(const kv_column *column);
int kv_column_is_number(const kv_column *column);

/* The key text of a row of a table with a single key column, or NULL. */
const char *kv_row_name(const kv_case *the_case, int table, int row);

/*
 * The cell as a text, "" for a blank one. `buffer` (KV_NUMBER_SIZE) is used for numbers. With
 * `pending`, references still hold numbers of the case's pool.
 */
const char *kv_cell_text(const kv_case *the_case, const kv_column *column, const void *row,
                         int pending, char *buffer);

/* Rows by key: parts of the key joined by '/', "*" for any value of a part, or for all rows; blank
 * parts at the end may be left out. */
typedef struct kv_key_pattern {
    int table, n_parts, all;
    const kv_column *columns[KV_MOST_KEY_COLUMNS];
    const char *parts[KV_MOST_KEY_COLUMNS]; /* NULL = any */
    char *copy;
} kv_key_pattern;

/* KV_OK, KV_ERR_INPUT (too many parts), KV_ERR_MEMORY. Free with kv_key_pattern_clear. */
kv_status kv_key_pattern_make(int table, const char *key, kv_key_pattern *pattern);
int kv_key_pattern_matches(const kv_key_pattern *pattern, const kv_case *the_case, const void *row,
                           int pending);
void kv_key_pattern_clear(kv_key_pattern *pattern);

#endif
