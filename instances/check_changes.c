/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What scenarios change: that it is there, and that the figures stay in their ranges. */
#include "base/text.h"
#include "instances/cells.h"
#include "instances/changes.h"
#include "instances/checker.h"
#include "instances/names.h"

#include <math.h>

/* Where a message about a column of a change belongs. */
static kv_where change_where(const kv_checker *checker, int i, const char *column,
                             const char *value)
{
    kv_where where = {.file = kv_table_file(KV_TABLE_CHANGES)};
    const kv_table *schema = &kv_schema[KV_TABLE_CHANGES];
    where.line = checker->the_case->changes.rows[i].line;
    where.column = column;
    where.value = value;
    if (checker->positions)
        where.field = checker->positions->field[KV_TABLE_CHANGES][kv_column_number(
            KV_TABLE_CHANGES, kv_schema_column(schema, column))];
    return where;
}

static void mend_with_columns(kv_checker *checker, int i, int table)
{
    kv_text mend = {0};
    int n = 0;
    for (const kv_column *c = kv_schema[table].columns; c->name; c++)
        if (c->may_vary)
            kv_text_addf(&mend, "%s%s", n++ ? ", " : "change one of ", c->name);
    kv_check_add(checker, KV_FAULT, KV_TABLE_CHANGES, i, "column",
                 n ? mend.data : "change another table",
                 "a scenario cannot change this column of %s", kv_table_file(table));
    kv_text_clear(&mend);
}

/* The rows that the change concerns; 0 and a fault when there are none. */
static int count_rows(kv_checker *checker, int i, int table, const kv_column *column)
{
    const kv_case *c = checker->the_case;
    const kv_change *change = &c->changes.rows[i];
    kv_key_pattern pattern;
    kv_status status = kv_key_pattern_make(table, change->key, &pattern);
    int rows = 0, filled = 0;
    if (status == KV_ERR_MEMORY) {
        checker->status = status;
        return 0;
    }
    if (status == KV_ERR_INPUT) {
        kv_where where = change_where(checker, i, "key", change->key);
        kv_names_key_mend(table, &where, checker->messages);
        return 0;
    }
    for (int k = 0; k < kv_table_count(c, table); k++) {
        const void *row = kv_table_row(c, table, k);
        if (!kv_key_pattern_matches(&pattern, c, row, 0))
            continue;
        rows++;
        filled += !isnan(*kv_cell_double(column, row));
    }
    kv_key_pattern_clear(&pattern);
    if (rows == 0)
        kv_check_add(checker, KV_FAULT, KV_TABLE_CHANGES, i, "key", "check the key",
                     "no row of %s has this key", kv_table_file(table));
    else if (filled == 0)
        kv_check_add(checker, KV_FAULT, KV_TABLE_CHANGES, i, "column",
                     "give it a value there that means the same as blank",
                     "it is blank in %s, so that there is nothing to change", kv_table_file(table));
    return rows > 0 && filled > 0;
}

/* Whether the change can be applied; faults otherwise. */
static int check_change(kv_checker *checker, int i)
{
    const kv_change *change = &checker->the_case->changes.rows[i];
    kv_where where = change_where(checker, i, "table", change->table);
    int table = kv_names_table(change->table, &where, checker->messages);
    if (table < 0)
        return 0;
    where = change_where(checker, i, "column", change->column);
    const kv_column *column = kv_names_column(table, change->column, &where, checker->messages);
    if (!column)
        return 0;
    if (!column->may_vary) {
        mend_with_columns(checker, i, table);
        return 0;
    }
    return count_rows(checker, i, table, column);
}

/* The figures that the change leaves, after all changes of its scenario. */
static void check_results(kv_checker *checker, int i, const kv_case *view)
{
    const kv_change *change = &checker->the_case->changes.rows[i];
    int table = kv_schema_find(change->table);
    const kv_column *column = kv_schema_column(&kv_schema[table], change->column);
    kv_key_pattern pattern;
    char buffer[KV_NUMBER_SIZE];
    checker->status = kv_key_pattern_make(table, change->key, &pattern);
    for (int k = 0; k < kv_table_count(view, table) && checker->status == KV_OK; k++) {
        const void *row = kv_table_row(view, table, k);
        double value = *kv_cell_double(column, row);
        if (isnan(value) || (value >= column->low && value <= column->high) ||
            !kv_key_pattern_matches(&pattern, view, row, 0))
            continue;
        kv_text range = {0};
        kv_range_text(column, column->low, column->high, &range);
        kv_format_number(value, buffer);
        kv_check_add(checker, KV_FAULT, KV_TABLE_CHANGES, i, "value",
                     "check the change and the figure that it changes",
                     "%s of %s line %ld becomes %s, outside of the allowed range, %s", column->name,
                     kv_table_file(table), kv_row_line(table, row), buffer,
                     range.data ? range.data : "");
        kv_text_clear(&range);
        break;
    }
    kv_key_pattern_clear(&pattern);
}

void kv_check_changes(kv_checker *checker)
{
    const kv_case *c = checker->the_case;
    int fine = 1;
    for (int i = 0; i < c->changes.count && checker->status == KV_OK; i++)
        fine &= check_change(checker, i);
    for (int s = 0; s < c->scenarios.count && fine && c->changes.count > 0; s++) {
        kv_case *view = NULL;
        if (checker->status == KV_OK)
            checker->status = kv_case_view(c, s, &view);
        for (int i = 0; i < c->changes.count && checker->status == KV_OK; i++)
            if (c->changes.rows[i].scenario == s)
                check_results(checker, i, view);
        kv_case_view_free(view);
    }
}
