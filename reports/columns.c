/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/columns.h"

#include "base/file.h"
#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

int kv_report_column_count(const kv_report_table *table)
{
    int n = 0;
    while (table->columns[n].name)
        n++;
    return n;
}

/* ---- the manual ---- */

static void manual_rows(kv_text *out, const char *what, const kv_report_column *columns)
{
    kv_text_addf(out, "| %s | unit | meaning |\n| --- | --- | --- |\n", what);
    for (const kv_report_column *column = columns; column->name; column++) {
        kv_text_addf(out, "| `%s` | %s | ", column->name, column->unit ? column->unit : "");
        for (const char *at = column->help; *at; at++) {
            kv_text_add(out, *at == '|' ? "\\" : "");
            kv_text_add_bytes(out, at, 1);
        }
        kv_text_add(out, " |\n");
    }
    kv_text_add(out, "\n");
}

static void manual_table(kv_text *out, const kv_report_table *table, const char *what)
{
    kv_text_addf(out, "### %s\n\n%s\n\n", table->file, table->help);
    manual_rows(out, what, table->columns);
}

void kv_report_manual(kv_text *out)
{
    kv_text_add(out, "## plan.json\n\n");
    manual_rows(out, "field", kv_plan_fields);
    kv_text_add(out, "## Tables\n\n");
    for (int t = 0; t < KV_OUT_TABLES; t++)
        manual_table(out, &kv_report_tables[t], "column");
    kv_text_add(out, "## Map layers\n\n");
    for (const kv_report_table *layer = kv_geojson_layers; layer->file; layer++)
        manual_table(out, layer, "property");
}

/* ---- writing a table ---- */

void kv_out_begin(kv_out *out, kv_report_table_id table)
{
    kv_out_begin_table(out, &kv_report_tables[table]);
}

void kv_out_begin_table(kv_out *out, const kv_report_table *table)
{
    *out = (kv_out){.table = table, .n_columns = kv_report_column_count(table)};
    for (int c = 0; c < out->n_columns; c++) {
        kv_text_add(&out->text, c ? "," : "");
        kv_text_add(&out->text, out->table->columns[c].name);
    }
    kv_text_add(&out->text, "\n");
}

static void next_field(kv_out *out)
{
    if (out->column > 0)
        kv_text_add(&out->text, ",");
    out->column++;
}

void kv_out_text(kv_out *out, const char *value)
{
    next_field(out);
    if (value)
        kv_text_add_field(&out->text, value);
}

void kv_out_integer(kv_out *out, long value)
{
    next_field(out);
    kv_text_addf(&out->text, "%ld", value);
}

void kv_out_exact(kv_out *out, double value)
{
    next_field(out);
    kv_text_add_number(&out->text, value);
}

/* The product of a whole number and a grid is rarely the double next to the decimal that it is. */
void kv_out_on_grid(kv_out *out, double value, double grid)
{
    char text[KV_NUMBER_SIZE];
    int decimals = 0;
    kv_format_number(grid, text);
    const char *point = strchr(text, '.'), *power = strchr(text, 'e');
    if (point)
        decimals = (int)strcspn(point + 1, "e");
    if (power)
        decimals -= atoi(power + 1);
    if (grid > 0 && decimals <= 12)
        kv_out_rounded(out, value, decimals > 0 ? decimals : 0);
    else
        kv_out_exact(out, value);
}

void kv_out_rounded(kv_out *out, double value, int decimals)
{
    char buffer[KV_NUMBER_SIZE] = "";
    if (!isnan(value))
        kv_format_decimal(value, decimals, buffer);
    next_field(out);
    kv_text_add(&out->text, buffer);
}

void kv_out_end_row(kv_out *out)
{
    if (out->column != out->n_columns)
        out->uneven = 1;
    out->column = 0;
    kv_text_add(&out->text, "\n");
}

kv_status kv_out_write(kv_out *out, const char *dir, kv_messages *messages)
{
    kv_status status = KV_ERR_INTERNAL;
    if (!out->uneven && out->column == 0)
        status = kv_report_write_text(&out->text, dir, out->table->file, messages);
    kv_text_clear(&out->text);
    return status;
}

kv_status kv_report_write_text(const kv_text *text, const char *dir, const char *name,
                               kv_messages *messages)
{
    if (text->failed)
        return KV_ERR_MEMORY;
    char *path = kv_path_join(dir, name);
    if (!path)
        return KV_ERR_MEMORY;
    kv_status status = kv_file_write(path, text->data ? text->data : "", text->length, messages);
    kv_free(path);
    return status;
}
