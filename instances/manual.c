/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/manual.h"

#include "instances/new.h"

#include <math.h>
#include <string.h>

/* Text in a cell of a Markdown table. */
static void add_cell_text(kv_text *out, const char *text)
{
    for (const char *s = text; *s; s++) {
        if (*s == '|')
            kv_text_add(out, "\\");
        kv_text_add_bytes(out, s, 1);
    }
}

static void add_values(kv_text *out, const kv_column *column)
{
    switch (column->type) {
    case KV_TYPE_KEY: kv_text_add(out, "short name"); break;
    case KV_TYPE_TEXT: kv_text_add(out, "text"); break;
    case KV_TYPE_REF: kv_text_addf(out, "a row of `%s.csv`", kv_schema[column->ref].name); break;
    case KV_TYPE_NUMBER: kv_text_add(out, "number"); break;
    case KV_TYPE_INTEGER: kv_text_add(out, "whole number"); break;
    case KV_TYPE_YEAR: kv_text_add(out, "year"); break;
    case KV_TYPE_YESNO: kv_text_add(out, "`yes`, `no`"); break;
    case KV_TYPE_CHOICE:
        for (int i = 0, n = 0; column->choices[i]; i++)
            if (*column->choices[i])
                kv_text_addf(out, "%s`%s`", n++ ? ", " : "", column->choices[i]);
        break;
    }
    if (column->type != KV_TYPE_NUMBER && column->type != KV_TYPE_INTEGER)
        return;
    if (isfinite(column->low) && isfinite(column->high)) {
        kv_text_add(out, ", ");
        kv_text_add_number(out, column->low);
        kv_text_add(out, " to ");
        kv_text_add_number(out, column->high);
    }
}

static const char *blank_means(const kv_column *column)
{
    if (column->need == KV_REQUIRED)
        return "*required*";
    return column->default_text ? column->default_text : "blank";
}

void kv_manual_columns(int table, kv_text *out)
{
    kv_text_add(out, "| column | values | unit | if left out | meaning |\n"
                     "| --- | --- | --- | --- | --- |\n");
    for (const kv_column *c = kv_schema[table].columns; c->name; c++) {
        kv_text_addf(out, "| `%s`%s | ", c->name, c->in_key ? " (key)" : "");
        add_values(out, c);
        kv_text_add(out, " | ");
        int own = c->unit && c->type != KV_TYPE_YEAR;
        if (own && (strcmp(c->unit, "unit") == 0 || strcmp(c->unit, "capacity_unit") == 0))
            kv_text_addf(out, "see `%s`", c->unit);
        else
            kv_text_add(out, own ? c->unit : "");
        kv_text_addf(out, " | %s | ", blank_means(c));
        add_cell_text(out, c->help);
        kv_text_add(out, c->may_vary ? " ◆ |\n" : " |\n");
    }
}

void kv_manual_rules(kv_text *out)
{
    kv_text_add(
        out,
        "A case is a folder of tables: CSV files in UTF-8 (a byte-order mark may be there), each "
        "with a\nheader line. Fields are separated by `,`, `;` or tab, as the header shows; "
        "decimals are written\nwith `.` or `,` (in quotes where `,` separates fields). Columns may "
        "come in any order, and\ncolumns that are not required may be left out. Lines that begin "
        "with `#` are comments, blank\nlines are skipped. A short name has lower-case letters a-z, "
        "digits and `_ . : -` only. Yes and\nno may also be written true/false, 1/0 or ja/nej.\n\n"
        "Two rows of a table never have the same key (the columns marked *key*). A scenario may "
        "change\nthe figures marked ◆ with `changes.csv`; the option `--set "
        "TABLE.KEY.COLUMN=VALUE` sets any column\noutside of the key. In both, a key is the "
        "row's key columns joined by `/`, blank ones empty (at\nthe end they may be left out), and "
        "`*` stands for any value.\n");
}

void kv_schema_manual(kv_text *out)
{
    kv_text_add(out, "# Tables and columns\n\n");
    kv_manual_rules(out);
    kv_text_add(out, "\n| table | must be there | what it holds |\n| --- | --- | --- |\n");
    for (int t = 0; t < KV_TABLES; t++)
        kv_text_addf(out, "| [`%s.csv`](#%scsv) | %s | %s |\n", kv_schema[t].name,
                     kv_schema[t].name, kv_schema[t].need == KV_REQUIRED ? "yes" : "",
                     kv_schema[t].help);
    for (int t = 0; t < KV_TABLES; t++) {
        kv_text_addf(out, "\n## %s.csv\n\n%s\n\n", kv_schema[t].name, kv_schema[t].help);
        kv_manual_columns(t, out);
    }
}
