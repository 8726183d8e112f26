/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Costs and prices far from the others of their column: usually a slip of the unit. */
#include "base/memory.h"
#include "base/text.h"
#include "instances/checker.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double FAR = 1000; /* times the median */
enum { FEWEST = 4 };            /* figures, for the median to mean something */

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* The median of the positive figures of the column; 0 when there are too few. */
static double median(const kv_checker *checker, int table, const kv_column *column, double *values)
{
    int n = 0, count = kv_table_count(checker->the_case, table);
    for (int i = 0; i < count; i++) {
        double value = *kv_cell_double(column, kv_table_row(checker->the_case, table, i));
        if (value > 0)
            values[n++] = value;
    }
    if (n < FEWEST)
        return 0;
    qsort(values, (size_t)n, sizeof *values, compare_doubles);
    return values[n / 2];
}

static void check_column(kv_checker *checker, int table, const kv_column *column, double *values)
{
    double middle = median(checker, table, column, values);
    int count = kv_table_count(checker->the_case, table);
    for (int i = 0; i < count && middle > 0; i++) {
        double value = *kv_cell_double(column, kv_table_row(checker->the_case, table, i));
        char text[KV_NUMBER_SIZE];
        if (!(value > FAR * middle))
            continue;
        kv_format_number(middle, text);
        kv_check_add(checker, KV_WARNING, table, i, column->name, "check the figure and its unit",
                     "over a thousand times the median of the column, %s %s", text, column->unit);
    }
}

void kv_check_neighbours(kv_checker *checker)
{
    int most = 0;
    for (int table = 0; table < KV_TABLES; table++)
        if (kv_table_count(checker->the_case, table) > most)
            most = kv_table_count(checker->the_case, table);
    double *values = kv_alloc((size_t)most, sizeof *values);
    if (!values) {
        checker->status = KV_ERR_MEMORY;
        return;
    }
    for (int table = 0; table < KV_TABLES; table++)
        for (const kv_column *c = kv_schema[table].columns; c->name; c++)
            if (c->type == KV_TYPE_NUMBER && c->unit && strstr(c->unit, "EUR"))
                check_column(checker, table, c, values);
    kv_free(values);
}
