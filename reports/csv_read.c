/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/csv_read.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"

#include <csv.h>
#include <math.h>
#include <string.h>

typedef struct reading {
    kv_csv *csv;
    int failed;
} reading;

static void take_field(void *bytes, size_t length, void *context)
{
    reading *r = context;
    kv_csv *csv = r->csv;
    void *fields = csv->field;
    if (kv_reserve(&fields, &csv->capacity, csv->n_fields + 1, sizeof *csv->field) != 0) {
        r->failed = 1;
        return;
    }
    csv->field = fields;
    csv->field[csv->n_fields++] = csv->text.length;
    kv_text_add_bytes(&csv->text, bytes, length);
    kv_text_add_bytes(&csv->text, "", 1);
    r->failed |= csv->text.failed;
}

static int push_line(kv_csv *csv)
{
    void *lines = csv->line_first;
    if (kv_reserve(&lines, &csv->line_capacity, (size_t)csv->n_lines + 1,
                   sizeof *csv->line_first) != 0)
        return -1;
    csv->line_first = lines;
    csv->line_first[csv->n_lines] = csv->n_fields;
    return 0;
}

static void end_line(int terminator, void *context)
{
    reading *r = context;
    (void)terminator;
    r->csv->n_lines++;
    if (push_line(r->csv) != 0) {
        r->csv->n_lines--;
        r->failed = 1;
    }
}

static void *parser_realloc(void *old, size_t size)
{
    return kv_realloc(old, size, 1);
}

static kv_status parse(const char *name, const char *data, size_t length, kv_csv *csv,
                       kv_messages *messages)
{
    struct csv_parser parser;
    reading r = {csv, 0};
    kv_where where = {.file = name};
    if (push_line(csv) != 0 || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return KV_ERR_MEMORY;
    csv_set_realloc_func(&parser, parser_realloc);
    csv_set_free_func(&parser, kv_free);
    size_t read = csv_parse(&parser, data, length, take_field, end_line, &r);
    int bad = read != length || csv_fini(&parser, take_field, end_line, &r) != 0;
    int error = csv_error(&parser);
    csv_free(&parser);
    if (r.failed || error == CSV_ENOMEM)
        return KV_ERR_MEMORY;
    if (!bad)
        return KV_OK;
    kv_messages_add(messages, KV_FAULT, &where, "check its quotes", "it is not a CSV file: %s",
                    csv_strerror(error));
    return KV_ERR_INPUT;
}

kv_status kv_csv_read(const char *dir, const char *name, kv_csv *csv, kv_messages *messages)
{
    static const char mark[] = "\xEF\xBB\xBF"; /* byte-order mark */
    char *path = kv_path_join(dir, name), *data = NULL;
    size_t length = 0;
    *csv = (kv_csv){0};
    if (!path)
        return KV_ERR_MEMORY;
    kv_status status = kv_file_read(path, &data, &length, messages);
    if (status == KV_OK) {
        size_t skip = length >= 3 && memcmp(data, mark, 3) == 0 ? 3 : 0;
        status = parse(name, data + skip, length - skip, csv, messages);
    }
    kv_free(data);
    kv_free(path);
    return status;
}

void kv_csv_clear(kv_csv *csv)
{
    kv_text_clear(&csv->text);
    kv_free(csv->field);
    kv_free(csv->line_first);
    *csv = (kv_csv){0};
}

int kv_csv_rows(const kv_csv *csv)
{
    return csv->n_lines > 0 ? csv->n_lines - 1 : 0;
}

static const char *field(const kv_csv *csv, int line, int column)
{
    if (column < 0 || line < 0 || line >= csv->n_lines)
        return "";
    size_t at = csv->line_first[line] + (size_t)column;
    return at < csv->line_first[line + 1] ? csv->text.data + csv->field[at] : "";
}

int kv_csv_column(const kv_csv *csv, const char *name)
{
    if (csv->n_lines == 0)
        return -1;
    int n = (int)(csv->line_first[1] - csv->line_first[0]);
    for (int c = 0; c < n; c++) {
        if (strcmp(field(csv, 0, c), name) == 0)
            return c;
    }
    return -1;
}

const char *kv_csv_field(const kv_csv *csv, int row, int column)
{
    return field(csv, row + 1, column);
}

double kv_csv_number(const kv_csv *csv, int row, int column)
{
    double value;
    return kv_parse_number(kv_csv_field(csv, row, column), '.', &value) == 0 ? value : (double)NAN;
}
