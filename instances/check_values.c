/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every value by itself, for cases that no reader has looked at. */
#include "instances/cells.h"
#include "instances/checker.h"

#include <math.h>
#include <string.h>

static int is_blank(const kv_column *column, const void *row)
{
    if (kv_column_is_text(column))
        return *kv_cell_string(column, row) == NULL;
    if (kv_column_is_number(column))
        return isnan(*kv_cell_double(column, row));
    if (column->type == KV_TYPE_REF || column->type == KV_TYPE_CHOICE)
        return *kv_cell_int(column, row) == -1;
    return column->type == KV_TYPE_YEAR && *kv_cell_int(column, row) == 0;
}

static void check_number(kv_checker *checker, int table, const void *row, const kv_column *column,
                         double value)
{
    char buffer[KV_NUMBER_SIZE];
    kv_where where = {.file = kv_table_file(table),
                      .line = kv_row_line(table, row),
                      .column = column->name,
                      .value = buffer};
    kv_format_number(value, buffer);
    kv_range_check(column, value, &where, checker->messages);
}

static void check_int(kv_checker *checker, int table, int i, const kv_column *column, int value)
{
    int count = 2; /* of yes and no */
    if (column->type == KV_TYPE_REF)
        count = kv_table_count(checker->the_case, column->ref);
    for (int n = 0; column->choices; n++) {
        count = n;
        if (!column->choices[n])
            break;
    }
    if (value < 0 || value >= count)
        kv_check_add(checker, KV_FAULT, table, i, column->name, NULL, "%d is not from 0 to %d",
                     value, count - 1);
}

static void check_cell(kv_checker *checker, int table, int i, const kv_column *column)
{
    const void *row = kv_table_row(checker->the_case, table, i);
    if (is_blank(column, row)) {
        if (column->need == KV_REQUIRED)
            kv_check_add(checker, KV_FAULT, table, i, column->name, "fill it in",
                         "a value is missing");
        return;
    }
    if (column->type == KV_TYPE_NUMBER) {
        check_number(checker, table, row, column, *kv_cell_double(column, row));
    } else if (column->type == KV_TYPE_INTEGER || column->type == KV_TYPE_YEAR) {
        check_number(checker, table, row, column, *kv_cell_int(column, row));
    } else if (column->type == KV_TYPE_KEY) {
        const char *text = *kv_cell_string(column, row);
        if (!kv_is_identifier(text, strlen(text)))
            kv_check_add(checker, KV_FAULT, table, i, column->name,
                         "use lower-case letters a-z, digits and _ . : - only",
                         "not a valid short name");
    } else if (column->type != KV_TYPE_TEXT) {
        check_int(checker, table, i, column, *kv_cell_int(column, row));
    }
}

void kv_check_values(kv_checker *checker)
{
    for (int table = 0; table < KV_TABLES; table++) {
        int count = kv_table_count(checker->the_case, table);
        int least = kv_schema[table].need == KV_REQUIRED || table == KV_TABLE_SCENARIOS;
        if (count < least || (table == KV_TABLE_CASE && count != 1))
            kv_check_add(checker, KV_FAULT, table, -1, NULL, NULL, "%d rows", count);
        for (int i = 0; i < count; i++)
            for (const kv_column *c = kv_schema[table].columns; c->name; c++)
                check_cell(checker, table, i, c);
    }
}
