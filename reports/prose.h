/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: paragraphs wrapped at 78 letters, lists, and tables with aligned columns. Widths
 * count letters of UTF-8, not bytes. */
#ifndef KV_REPORTS_PROSE_H
#define KV_REPORTS_PROSE_H

#include "base/text.h"

enum { KV_PROSE_WIDTH = 78, KV_GRID_MOST_COLUMNS = 12 };

/* Letters of a UTF-8 text (code points; combining marks are not looked at). */
int kv_prose_letters(const char *text, size_t bytes);

void kv_prose_title(kv_text *out, const char *title, char underline);
/* A wrapped paragraph, followed by an empty line. */
void kv_prose_paragraph(kv_text *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* A wrapped item of a list, "- " before it. */
void kv_prose_item(kv_text *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Wrap `text`: the first line begins with `first`, the others with `rest`. */
void kv_prose_wrap(kv_text *out, const char *text, const char *first, const char *rest);

/* A number for reading: 3 significant digits or whole, thousands apart by commas; "-" for NaN. */
void kv_prose_number(double value, char *buffer /* [KV_NUMBER_SIZE] */);
/* A share as "12 %", "0.4 %" where small. */
void kv_prose_percent(double share, char *buffer /* [KV_NUMBER_SIZE] */);

/* A table. The widest left-aligned column is wrapped where the table would be too wide. Start with
 * {0}; kv_grid_write frees the cells. */
typedef struct kv_grid {
    const char *align; /* a letter a column: 'l' or 'r' */
    char **cells;
    size_t capacity;
    int n_columns, n_cells, failed;
} kv_grid;

void kv_grid_begin(kv_grid *grid, const char *align);
void kv_grid_cell(kv_grid *grid, const char *format, ...) __attribute__((format(printf, 2, 3)));
void kv_grid_number(kv_grid *grid, double value);
void kv_grid_percent(kv_grid *grid, double share);
void kv_grid_clear(kv_grid *grid);
/* The first row is the head. An empty line follows. */
void kv_grid_write(kv_grid *grid, kv_text *out);

#endif
