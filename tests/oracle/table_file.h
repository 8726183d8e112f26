/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A CSV table as text cells: comma, quotes doubled inside quotes, a header line. */
#ifndef ORACLE_TABLE_FILE_H
#define ORACLE_TABLE_FILE_H

typedef struct oracle_table {
    char *text;    /* the file; cells point into it */
    char **cell;   /* [n_rows * n_columns] */
    char **header; /* [n_columns] */
    int n_rows, n_columns;
} oracle_table;

/* 0, or -1 when the file can't be read or a line has another number of fields than the header. */
int oracle_table_read(oracle_table *table, const char *folder, const char *file);
void oracle_table_free(oracle_table *table);
/* -1 when there is none of that name. */
int oracle_table_column(const oracle_table *table, const char *name);
/* "" where there is no such column. */
const char *oracle_table_cell(const oracle_table *table, int row, const char *column);
/* NaN for a blank cell or one that is not a number. */
double oracle_table_number(const oracle_table *table, int row, const char *column);

#endif
