/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one description of all result tables: their headers and the manual (docs/results.md) come
 * from it.
 */
#ifndef KV_REPORTS_COLUMNS_H
#define KV_REPORTS_COLUMNS_H

#include "base/messages.h"
#include "base/status.h"
#include "base/text.h"

/* Result tables; the number is the index in kv_report_tables. */
typedef enum kv_report_table_id {
    KV_OUT_INVESTMENTS,
    KV_OUT_FLOWS,
    KV_OUT_FLEET,
    KV_OUT_UNSERVED,
    KV_OUT_SOURCING,
    KV_OUT_REGIONAL,
    KV_OUT_COSTS,
    KV_OUT_EMISSIONS,
    KV_OUT_BUDGETS,
    KV_OUT_ACCESS,
    KV_OUT_PROGRESS,
    KV_OUT_FRONTIER,
    KV_OUT_PROJECTS,
    KV_OUT_TABLES
} kv_report_table_id;

typedef struct kv_report_column {
    const char *name;
    const char *unit; /* NULL = none */
    const char *help; /* what it means, for a planner */
} kv_report_column;

typedef struct kv_report_table {
    const char *file; /* "flows.csv" */
    const char *help;
    const kv_report_column *columns; /* ends with name == NULL */
} kv_report_table;

extern const kv_report_table kv_report_tables[KV_OUT_TABLES];

/* The fields of plan.json, and the properties of each map layer, in the same form. */
extern const kv_report_column kv_plan_fields[];   /* ends with name == NULL */
extern const kv_report_table kv_geojson_layers[]; /* ends with file == NULL */

int kv_report_column_count(const kv_report_table *table);

/* The section of the manual on all tables, plan.json and the map layers, in Markdown. */
void kv_report_manual(kv_text *out);

/* A result table being written, row by row, in the order of its columns. Start with kv_out_begin,
 * end with kv_out_write or kv_text_clear(&out.text). */
typedef struct kv_out {
    const kv_report_table *table;
    int n_columns, column; /* next column of the row */
    int uneven;            /* 1 = a row had too few or too many values: a fault of the program */
    kv_text text;
} kv_out;

void kv_out_begin(kv_out *out, kv_report_table_id table);           /* writes the header line */
void kv_out_begin_table(kv_out *out, const kv_report_table *table); /* the same of any table */
void kv_out_text(kv_out *out, const char *value);                   /* NULL = left blank */
void kv_out_integer(kv_out *out, long value);
void kv_out_on_grid(kv_out *out, double value,
                    double grid);             /* the decimal on the grid next to it */
void kv_out_exact(kv_out *out, double value); /* NaN = left blank */
void kv_out_rounded(kv_out *out, double value, int decimals); /* NaN = left blank */
void kv_out_end_row(kv_out *out);

/* Write the table whole into `dir` and free it. KV_ERR_MEMORY if a text was lost, KV_ERR_INTERNAL
 * if a row was uneven, else what kv_file_write gives. */
kv_status kv_out_write(kv_out *out, const char *dir, kv_messages *messages);

/* Write `text` into the file `name` of `dir`; KV_ERR_MEMORY if the text had failed. */
kv_status kv_report_write_text(const kv_text *text, const char *dir, const char *name,
                               kv_messages *messages);

#endif
