/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Physical lines go to libcsv one by one. So line numbers are exact, comments are left out before
 * their quotes can do harm, and after a malformed record reading goes on with the next line.
 */
#include "instances/read_table.h"

#include "base/memory.h"
#include "instances/cells.h"
#include "instances/header.h"

#include <csv.h>
#include <limits.h>
#include <string.h>

enum { LONGEST_FIELD = KV_LONGEST_LINE };

typedef struct table_reader {
    kv_case *the_case;
    int table;
    kv_lines *lines;
    kv_positions *positions;
    struct csv_parser parser;
    char separator;
    kv_header header;
    kv_record records[2], *record, *previous; /* previous: of the row before */
    unsigned char known[KV_MOST_FIELDS];      /* 1 = a text that the row before holds as read */
    int have_header, record_done;
    long record_line;       /* where the record began */
    char *rows, *blank_row; /* blank_row: all defaults */
    size_t count, capacity;
    kv_status status;
} table_reader;

/* ---- libcsv ---- */

static void *bounded_realloc(void *old, size_t size)
{
    return size > LONGEST_FIELD + 1024u ? NULL : kv_realloc(old, size, 1);
}

static void parser_start(table_reader *reader)
{
    csv_init(&reader->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL);
    csv_set_realloc_func(&reader->parser, bounded_realloc);
    csv_set_free_func(&reader->parser, kv_free);
    csv_set_blk_size(&reader->parser, 1024);
    csv_set_delim(&reader->parser, (unsigned char)reader->separator);
}

static void on_field(void *bytes, size_t length, void *context)
{
    table_reader *reader = context;
    if (kv_record_add(reader->record, bytes, length) != 0)
        reader->status = KV_ERR_MEMORY;
}

static void row_read(table_reader *reader);

static void on_row(int ending, void *context)
{
    table_reader *reader = context;
    (void)ending;
    if (reader->status == KV_OK)
        row_read(reader);
    kv_record_reset(reader->record);
    reader->record_done = 1;
}

/* ---- rows ---- */

static kv_status blank_row_make(table_reader *reader)
{
    const kv_table *schema = &kv_schema[reader->table];
    reader->blank_row = kv_alloc(1, schema->row_size);
    if (!reader->blank_row)
        return KV_ERR_MEMORY;
    kv_status status = KV_OK;
    for (const kv_column *c = schema->columns; c->name && status == KV_OK; c++)
        status = kv_cell_default(reader->the_case->pool, c, reader->blank_row);
    return status;
}

static int row_append(table_reader *reader, char **row)
{
    size_t size = kv_schema[reader->table].row_size;
    if (reader->count == reader->capacity) {
        void *rows = reader->rows;
        if (reader->count >= INT_MAX - 1 ||
            kv_reserve(&rows, &reader->capacity, reader->count + 1, size) != 0)
            return -1;
        reader->rows = rows;
    }
    *row = reader->rows + size * reader->count++;
    memcpy(*row, reader->blank_row, size);
    kv_row_set_line(reader->table, *row, reader->record_line);
    return 0;
}

/* Texts often repeat from row to row: then the value is taken from the row before. */
static int cell_repeated(const table_reader *reader, int field, const kv_column *column,
                         const char *text, size_t length, char *row)
{
    size_t length_before;
    if (!reader->known[field])
        return 0;
    const char *before = kv_record_field(reader->previous, field, &length_before);
    if (length_before != length || memcmp(before, text, length) != 0)
        return 0;
    const char *row_before = row - kv_schema[reader->table].row_size;
    if (column->type == KV_TYPE_REF)
        *kv_cell_int(column, row) = *kv_cell_int(column, row_before);
    else
        *kv_cell_string(column, row) = *kv_cell_string(column, row_before);
    return 1;
}

static void cell_missing(table_reader *reader, const kv_column *column, kv_where where)
{
    kv_text mend = {0};
    kv_help_mend("fill it in", column->help, &mend);
    where.value = NULL;
    kv_messages_add(reader->lines->messages, KV_FAULT, &where, mend.data, "a value is missing");
    kv_text_clear(&mend);
}

static void cells_read(table_reader *reader, char *row)
{
    kv_where where = {.file = reader->lines->name, .line = reader->record_line};
    for (int i = 0; i < reader->header.count && reader->status == KV_OK; i++) {
        const kv_column *column = reader->header.columns[i];
        if (!column)
            continue;
        size_t length;
        const char *text = kv_record_field(reader->record, i, &length);
        if (length > 0 && cell_repeated(reader, i, column, text, length, row))
            continue;
        where.field = i + 1;
        where.column = column->name;
        where.value = text;
        reader->known[i] = 0;
        if (length > 0) {
            kv_status status =
                kv_cell_read(reader->the_case->pool, column, text, length, reader->separator == ',',
                             row, &where, reader->lines->messages);
            int is_text = kv_column_is_text(column) || column->type == KV_TYPE_REF;
            reader->known[i] = status == KV_OK && is_text;
            if (status != KV_ERR_INPUT)
                reader->status = status;
        } else if (column->need == KV_REQUIRED) {
            cell_missing(reader, column, where);
        }
    }
    kv_record *moved = reader->previous;
    reader->previous = reader->record;
    reader->record = moved;
}

static int width_is_right(table_reader *reader)
{
    int fields = reader->record->count;
    if (fields > reader->header.count && kv_record_blank_from(reader->record, reader->header.count))
        return 1;
    if (fields == reader->header.count)
        return 1;
    kv_where where = {.file = reader->lines->name, .line = reader->record_line};
    kv_messages_add(reader->lines->messages, KV_FAULT, &where,
                    "put a field that holds a separator in quotes, and leave no field out",
                    "%d fields where the header has %d", fields, reader->header.count);
    return 0;
}

static void row_read(table_reader *reader)
{
    char *row;
    if (kv_record_blank_from(reader->record, 0))
        return;
    if (!reader->have_header) {
        reader->have_header = 1;
        kv_header_read(&reader->header, reader->table, reader->record, reader->lines,
                       reader->positions);
        return;
    }
    if (!width_is_right(reader))
        return;
    if (row_append(reader, &row) != 0)
        reader->status = KV_ERR_MEMORY;
    else
        cells_read(reader, row);
}

/* ---- lines ---- */

static int is_comment(const char *line, size_t length)
{
    size_t i = 0;
    while (i < length && (line[i] == ' ' || line[i] == '\t'))
        i++;
    if (i < length && line[i] == '"') /* a spreadsheet may have put it in quotes */
        i++;
    return i < length && line[i] == '#';
}

/* After an error of libcsv: say what it is, drop the record, start afresh. */
static void parse_failed(table_reader *reader)
{
    int error = csv_error(&reader->parser);
    kv_where where = {.file = reader->lines->name,
                      .line = reader->record_line,
                      .field = reader->record->count + 1};
    if (error == CSV_EPARSE)
        kv_messages_add(reader->lines->messages, KV_FAULT, &where,
                        "put the whole field in quotes and double the quotes inside",
                        "a quote stands where none may be");
    else if (error == CSV_ENOMEM && reader->parser.entry_size < LONGEST_FIELD)
        reader->status = KV_ERR_MEMORY;
    else
        kv_messages_add(reader->lines->messages, KV_FAULT, &where, "close the quote",
                        "the field is longer than %d bytes", LONGEST_FIELD);
    csv_free(&reader->parser);
    parser_start(reader);
    kv_record_reset(reader->record);
    reader->record_done = 1;
}

static void line_read(table_reader *reader, const char *line, size_t length)
{
    if (reader->record_done) {
        if (is_comment(line, length))
            return;
        reader->record_line = reader->lines->number;
        if (!reader->have_header) {
            reader->separator = kv_header_separator(line, length);
            csv_set_delim(&reader->parser, (unsigned char)reader->separator);
        }
    }
    reader->record_done = 0;
    size_t done = csv_parse(&reader->parser, line, length, on_field, on_row, reader);
    if (done != length && reader->status == KV_OK)
        parse_failed(reader);
    if (reader->parser.pstate == 0) /* a blank line gives no record */
        reader->record_done = 1;
}

static void last_record(table_reader *reader)
{
    if (reader->status != KV_OK)
        return;
    if (csv_fini(&reader->parser, on_field, on_row, reader) == 0)
        return;
    if (csv_error(&reader->parser) == CSV_ENOMEM) {
        reader->status = KV_ERR_MEMORY;
        return;
    }
    kv_where where = {.file = reader->lines->name,
                      .line = reader->record_line,
                      .field = reader->record->count + 1};
    kv_messages_add(reader->lines->messages, KV_FAULT, &where, "close the quote",
                    "a quote that opens here is never closed");
}

static void empty_file(table_reader *reader)
{
    kv_where where = {.file = reader->lines->name};
    kv_text mend = {0};
    kv_text_add(&mend, "write a header line: ");
    for (const kv_column *c = kv_schema[reader->table].columns; c->name; c++)
        kv_text_addf(&mend, "%s%s", c == kv_schema[reader->table].columns ? "" : ",", c->name);
    kv_messages_add(reader->lines->messages, KV_FAULT, &where, mend.data, "the file is empty");
    kv_text_clear(&mend);
}

static void lines_read(table_reader *reader)
{
    char *line;
    size_t length;
    while (reader->status == KV_OK) {
        reader->status = kv_lines_next(reader->lines, &line, &length);
        if (reader->status != KV_OK || !line)
            break;
        line_read(reader, line, length);
    }
    last_record(reader);
    if (reader->status == KV_OK && !reader->have_header)
        empty_file(reader);
    if (reader->status == KV_ERR_INPUT) /* told already; the other tables are still read */
        reader->status = KV_OK;
}

/* Gives back what was reserved beyond the last row. */
static void rows_keep(table_reader *reader)
{
    size_t size = kv_schema[reader->table].row_size;
    void *exact = kv_realloc(reader->rows, reader->count ? reader->count : 1, size);
    kv_table_put(reader->the_case, reader->table, exact ? exact : (void *)reader->rows,
                 (int)reader->count);
    reader->rows = NULL;
}

kv_status kv_table_read(kv_case *the_case, int table, kv_lines *lines, kv_positions *positions)
{
    table_reader reader = {.the_case = the_case, .table = table, .lines = lines};
    reader.positions = positions;
    reader.separator = ',';
    reader.record = &reader.records[0];
    reader.previous = &reader.records[1];
    reader.record_done = 1;
    parser_start(&reader);
    reader.status = blank_row_make(&reader);
    lines_read(&reader);
    if (reader.status == KV_OK)
        rows_keep(&reader);
    csv_free(&reader.parser);
    kv_record_clear(&reader.records[0]);
    kv_record_clear(&reader.records[1]);
    kv_free(reader.blank_row);
    kv_free(reader.rows);
    return reader.status;
}
