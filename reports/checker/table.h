/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A result table (CSV) as texts, in the arena. */
#ifndef KV_REPORTS_CHECKER_TABLE_H
#define KV_REPORTS_CHECKER_TABLE_H

#include "reports/checker/world.h"

typedef struct kvc_table {
    kvc_world *world;
    const char *name; /* of the file */
    int n_columns, n_rows;
    char **header; /* [n_columns] */
    char **cell;   /* [n_rows * n_columns] */
    long *line;    /* [n_rows] line of the file */
} kvc_table;

/* Reads DIR/name; all of the `columns` (NULL-ended) must be there. KV_OK, or KV_ERR_INPUT,
 * KV_ERR_IO, KV_ERR_MEMORY with located messages. */
kv_status kvc_table_read(kvc_world *world, const char *dir, const char *name,
                         const char *const *columns, kvc_table *table);
int kvc_column(const kvc_table *table, const char *name); /* -1 = none */
/* "" where there is no such column. */
const char *kvc_cell(const kvc_table *table, int row, int column);
/* The decimal in a cell; 0, or -1 with a message. A blank cell is 0 and gives 1. */
int kvc_cell_number(const kvc_table *table, int row, int column, mpq_t number);
/* The same for a cell that may not be blank: 0, or -1 with a message. */
int kvc_cell_needed(const kvc_table *table, int row, int column, mpq_t number);
/* A cell that can't be read; the check ends with KV_ERR_INPUT. */
void kvc_cell_fault(const kvc_table *table, int row, int column, const char *what);

#endif
