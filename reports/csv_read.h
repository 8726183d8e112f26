/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small CSV file with a header, read whole: our own result tables, and findings.csv. */
#ifndef KV_REPORTS_CSV_READ_H
#define KV_REPORTS_CSV_READ_H

#include "base/messages.h"
#include "base/status.h"
#include "base/text.h"

#include <stddef.h>

typedef struct kv_csv {
    kv_text text;  /* all fields of all lines, the header first, each with an ending 0 */
    size_t *field; /* [n_fields] where each begins in the text */
    size_t capacity, n_fields;
    size_t *line_first; /* [n_lines + 1] first field of each line */
    size_t line_capacity;
    int n_lines; /* with the header */
} kv_csv;

/* Read `dir`/`name`. KV_OK, KV_ERR_IO, KV_ERR_INPUT (not a CSV file: a message), KV_ERR_MEMORY.
 * Clear in any case. */
kv_status kv_csv_read(const char *dir, const char *name, kv_csv *csv, kv_messages *messages);
void kv_csv_clear(kv_csv *csv);

int kv_csv_rows(const kv_csv *csv); /* without the header */
/* The number of a column, -1 if the header has none of that name. */
int kv_csv_column(const kv_csv *csv, const char *name);
/* The field of a row (from 0), "" where the row is too short or column is -1. */
const char *kv_csv_field(const kv_csv *csv, int row, int column);
double kv_csv_number(const kv_csv *csv, int row, int column); /* NaN where it is no number */

#endif
