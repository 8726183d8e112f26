/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "oracle/table_file.h"

#include "base/file.h"
#include "base/text.h"
#include "oracle/memory.h"

#include <math.h>
#include <string.h>

/* Ends the field at *at in place and moves on; *last = 1 when a line ends with it. */
static char *next_field(char **at, int *last)
{
    char *from = *at, *to = *at, *start = *at;
    if (*from == '"') {
        for (from++; *from && !(from[0] == '"' && from[1] != '"'); from++) {
            from += from[0] == '"';
            *to++ = *from;
        }
        from += *from == '"';
    } else {
        for (; *from && *from != ',' && *from != '\n' && *from != '\r'; from++) {
            *to++ = *from;
        }
    }
    from += *from == '\r';
    *last = *from != ',';
    from += *from != 0;
    *to = 0;
    *at = from;
    return start;
}

/* All fields of the text; the number of fields, lines in *lines; -1 when lines differ in length. */
static int split(char *text, char **cell, int *lines)
{
    int count = 0, in_line = 0, width = 0;
    *lines = 0;
    for (char *at = text; *at;) {
        int last = 0;
        char *field = next_field(&at, &last);
        if (cell) {
            cell[count] = field;
        }
        count++;
        in_line++;
        if (last) {
            width = *lines == 0 ? in_line : width;
            if (in_line != width) {
                return -1;
            }
            ++*lines;
            in_line = 0;
        }
    }
    return count;
}

int oracle_table_read(oracle_table *table, const char *folder, const char *file)
{
    size_t length = 0;
    int lines = 0, count = -1;
    char *path = kv_path_join(folder, file);
    memset(table, 0, sizeof *table);
    if (!path || kv_file_read(path, &table->text, &length, NULL) != KV_OK) {
        goto out;
    }
    table->header = oracle_alloc(length + 2, sizeof(char *));
    count = split(table->text, table->header, &lines);
    if (count <= 0) {
        goto out;
    }
    table->n_columns = count / lines;
    table->n_rows = lines - 1;
    table->cell = table->header + table->n_columns;
out:
    kv_free(path);
    if (count <= 0) {
        oracle_table_free(table);
        return -1;
    }
    return 0;
}

void oracle_table_free(oracle_table *table)
{
    kv_free(table->text);
    kv_free(table->header);
    memset(table, 0, sizeof *table);
}

int oracle_table_column(const oracle_table *table, const char *name)
{
    for (int c = 0; c < table->n_columns; c++) {
        if (strcmp(table->header[c], name) == 0) {
            return c;
        }
    }
    return -1;
}

const char *oracle_table_cell(const oracle_table *table, int row, const char *column)
{
    int c = oracle_table_column(table, column);
    return c < 0 ? "" : table->cell[row * table->n_columns + c];
}

double oracle_table_number(const oracle_table *table, int row, const char *column)
{
    double value = NAN;
    if (kv_parse_number(oracle_table_cell(table, row, column), '.', &value) != 0) {
        return NAN;
    }
    return value;
}
