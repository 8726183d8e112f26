/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the text of a cell to the field of a row, by the column's description. Internal. */
#ifndef KV_INSTANCES_CELLS_H
#define KV_INSTANCES_CELLS_H

#include "base/text.h"
#include "instances/table.h"

/*
 * Read a cell that is not blank into the row. A reference becomes the number of its text in the
 * pool (resolved later). Faults and warnings are added at `where` (file, line, field, column and
 * value are set by the caller). `commas` = 1: the file's fields are separated by commas, so that
 * "1,500" may have been meant as a thousand and a half.
 * KV_OK, KV_ERR_INPUT (the field is as it was), KV_ERR_MEMORY.
 */
kv_status kv_cell_read(kv_pool *pool, const kv_column *column, const char *text, size_t length,
                       int commas, void *row, const kv_where *where, kv_messages *messages);

/* Set the field to the column's default, or to blank. KV_OK, KV_ERR_MEMORY, KV_ERR_INTERNAL. */
kv_status kv_cell_default(kv_pool *pool, const kv_column *column, void *row);

/* Range faults and warnings of a number; 0, or -1 when it is out of range. */
int kv_range_check(const kv_column *column, double value, const kv_where *where,
                   kv_messages *messages);

/* 1 = lower-case letters, digits and _ . : - only, and not empty. */
int kv_is_identifier(const char *text, size_t length);

/* What would mend a lack: "fill it in: <help without its full stop>". */
void kv_help_mend(const char *doing, const char *help, kv_text *out);

/* "0 to 1 km", "at least 0 km": a range for people. */
void kv_range_text(const kv_column *column, double low, double high, kv_text *out);

#endif
