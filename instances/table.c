/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/table.h"

#include "base/memory.h"
#include "base/text.h"

#include <math.h>
#include <string.h>

/* The pair { rows, count } of any table; its pointer is copied as bytes, since its type differs. */
typedef KV_ROWS(void) rows_pair;

void *kv_table_rows(const kv_case *the_case, int table)
{
    void *rows;
    memcpy(&rows, (const char *)the_case + kv_schema[table].rows_offset, sizeof rows);
    return rows;
}

int kv_table_count(const kv_case *the_case, int table)
{
    const char *pair = (const char *)the_case + kv_schema[table].rows_offset;
    int count;
    memcpy(&count, pair + offsetof(rows_pair, count), sizeof count);
    return count;
}

void kv_table_put(kv_case *the_case, int table, void *rows, int count)
{
    char *pair = (char *)the_case + kv_schema[table].rows_offset;
    memcpy(pair, &rows, sizeof rows);
    memcpy(pair + offsetof(rows_pair, count), &count, sizeof count);
}

void *kv_table_row(const kv_case *the_case, int table, int row)
{
    return (char *)kv_table_rows(the_case, table) + (size_t)row * kv_schema[table].row_size;
}

long kv_row_line(int table, const void *row)
{
    const char *field = (const char *)row + kv_schema[table].line_offset;
    return kv_schema[table].line_is_int ? (long)*(const int *)field : *(const long *)field;
}

void kv_row_set_line(int table, void *row, long line)
{
    char *field = (char *)row + kv_schema[table].line_offset;
    if (kv_schema[table].line_is_int)
        *(int *)field = (int)line;
    else
        *(long *)field = line;
}

int kv_column_number(int table, const kv_column *column)
{
    return (int)(column - kv_schema[table].columns);
}

const char *kv_table_file(int table)
{
    static const char *const files[KV_TABLES] = {
        [KV_TABLE_CASE] = "case.csv",
        [KV_TABLE_PERIODS] = "periods.csv",
        [KV_TABLE_SCENARIOS] = "scenarios.csv",
        [KV_TABLE_PLACES] = "places.csv",
        [KV_TABLE_PRODUCTS] = "products.csv",
        [KV_TABLE_LINKS] = "links.csv",
        [KV_TABLE_TERMINALS] = "terminals.csv",
        [KV_TABLE_TRANSFERS] = "transfers.csv",
        [KV_TABLE_CARRIERS] = "carriers.csv",
        [KV_TABLE_ENERGY] = "energy.csv",
        [KV_TABLE_TECHNOLOGIES] = "technologies.csv",
        [KV_TABLE_TECHNOLOGY_PERIODS] = "technology_periods.csv",
        [KV_TABLE_RECIPES] = "recipes.csv",
        [KV_TABLE_SITES] = "sites.csv",
        [KV_TABLE_FREIGHT] = "freight.csv",
        [KV_TABLE_FUNDERS] = "funders.csv",
        [KV_TABLE_BUDGETS] = "budgets.csv",
        [KV_TABLE_PROJECTS] = "projects.csv",
        [KV_TABLE_EFFECTS] = "effects.csv",
        [KV_TABLE_ENERGY_POINTS] = "energy_points.csv",
        [KV_TABLE_FUNDING] = "funding.csv",
        [KV_TABLE_RULES] = "rules.csv",
        [KV_TABLE_POLICIES] = "policies.csv",
        [KV_TABLE_CHANGES] = "changes.csv",
    };
    return files[table];
}

int kv_column_is_text(const kv_column *column)
{
    return column->type == KV_TYPE_KEY || column->type == KV_TYPE_TEXT;
}

int kv_column_is_number(const kv_column *column)
{
    return column->type == KV_TYPE_NUMBER;
}

/* The first column is the name in every table that others refer to. */
const char *kv_row_name(const kv_case *the_case, int table, int row)
{
    const kv_column *column = &kv_schema[table].columns[0];
    if (row < 0 || row >= kv_table_count(the_case, table) || column->type != KV_TYPE_KEY)
        return NULL;
    return *kv_cell_string(column, kv_table_row(the_case, table, row));
}

static const char *int_text(const kv_case *the_case, const kv_column *column, int value,
                            int pending, char *buffer)
{
    if (column->type == KV_TYPE_REF) {
        const char *name = pending ? kv_pool_text(the_case->pool, value)
                                   : kv_row_name(the_case, column->ref, value);
        return value >= 0 && name ? name : "";
    }
    if (column->type == KV_TYPE_YESNO)
        return value ? "yes" : "no";
    if (column->type == KV_TYPE_CHOICE) {
        int n = 0;
        while (column->choices[n])
            n++;
        return value >= 0 && value < n ? column->choices[value] : "";
    }
    if (value == 0 && !column->default_text && column->type == KV_TYPE_YEAR)
        return "";
    kv_format_number(value, buffer);
    return buffer;
}

const char *kv_cell_text(const kv_case *the_case, const kv_column *column, const void *row,
                         int pending, char *buffer)
{
    if (kv_column_is_text(column)) {
        const char *text = *kv_cell_string(column, row);
        return text ? text : "";
    }
    if (kv_column_is_number(column)) {
        kv_format_number(*kv_cell_double(column, row), buffer);
        return buffer;
    }
    return int_text(the_case, column, *kv_cell_int(column, row), pending, buffer);
}

static int collect_key_columns(int table, const kv_column **columns)
{
    int n = 0;
    for (const kv_column *c = kv_schema[table].columns; c->name; c++)
        if (c->in_key && n < KV_MOST_KEY_COLUMNS)
            columns[n++] = c;
    return n;
}

kv_status kv_key_pattern_make(int table, const char *key, kv_key_pattern *pattern)
{
    *pattern = (kv_key_pattern){0};
    pattern->table = table;
    pattern->n_parts = collect_key_columns(table, pattern->columns);
    pattern->all = strcmp(key, "*") == 0;
    if (pattern->all)
        return KV_OK;
    pattern->copy = kv_strdup(key);
    if (!pattern->copy)
        return KV_ERR_MEMORY;
    char *part = pattern->copy;
    int n = 0;
    while (part && n < pattern->n_parts) {
        char *slash = strchr(part, '/');
        if (slash)
            *slash++ = 0;
        pattern->parts[n++] = strcmp(part, "*") == 0 ? NULL : part;
        part = slash;
    }
    for (int blank = n; blank < pattern->n_parts; blank++)
        pattern->parts[blank] = "";
    if (!part && n > 0)
        return KV_OK;
    kv_key_pattern_clear(pattern);
    return KV_ERR_INPUT;
}

int kv_key_pattern_matches(const kv_key_pattern *pattern, const kv_case *the_case, const void *row,
                           int pending)
{
    char buffer[KV_NUMBER_SIZE];
    for (int i = 0; !pattern->all && i < pattern->n_parts; i++) {
        if (!pattern->parts[i])
            continue;
        const char *text = kv_cell_text(the_case, pattern->columns[i], row, pending, buffer);
        if (strcmp(text, pattern->parts[i]) != 0)
            return 0;
    }
    return 1;
}

void kv_key_pattern_clear(kv_key_pattern *pattern)
{
    kv_free(pattern->copy);
    pattern->copy = NULL;
    pattern->n_parts = 0;
}
