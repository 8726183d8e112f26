/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/checker/table.h"

#include "base/file.h"
#include "base/memory.h"

#include <string.h>

/* Ends the field at *at in place and moves on; *last = 1 when a line ends with it. */
static char *next_field(char **at, int *last, long *line)
{
    char *from = *at, *to = *at, *start = *at;
    if (*from == '"') {
        for (from++; *from && !(from[0] == '"' && from[1] != '"'); from++) {
            from += from[0] == '"';
            *line += *from == '\n';
            *to++ = *from;
        }
        from += *from == '"';
    }
    for (; *from && *from != ',' && *from != '\n' && *from != '\r'; from++)
        *to++ = *from;
    from += *from == '\r' && from[1] == '\n';
    *last = *from != ',';
    from += *from != 0;
    *to = 0;
    *at = from;
    return start;
}

static void fault(kvc_table *t, long line, const char *what)
{
    kv_where where = {.file = t->name, .line = line};
    kv_messages_add(t->world->messages, KV_FAULT, &where, NULL, "%s", what);
}

static kv_status split(kvc_table *t, char *text)
{
    kvc_world *w = t->world;
    kvc_list cells = {0}, lines = {0};
    long line = 1;
    int in_line = 0;
    for (char *at = text; *at;) {
        int last;
        const long began = line;
        *(char **)kvc_push(w->arena, &cells, sizeof(char *)) = next_field(&at, &last, &line);
        in_line++;
        if (!last)
            continue;
        if (t->n_columns == 0)
            t->n_columns = in_line;
        if (in_line != t->n_columns) {
            fault(t, began, "the line has another number of fields than the header");
            return KV_ERR_INPUT;
        }
        *(long *)kvc_push(w->arena, &lines, sizeof(long)) = began;
        in_line = 0;
        line++;
    }
    if (in_line > 0 || t->n_columns == 0) {
        fault(t, line, "the file is not whole");
        return KV_ERR_INPUT;
    }
    t->header = cells.items;
    t->cell = t->header + t->n_columns;
    t->line = (long *)lines.items + 1;
    t->n_rows = lines.count - 1;
    return KV_OK;
}

kv_status kvc_table_read(kvc_world *world, const char *dir, const char *name,
                         const char *const *columns, kvc_table *table)
{
    char *path = kv_path_join(dir, name), *bytes = NULL;
    size_t length = 0;
    *table = (kvc_table){.world = world, .name = name};
    kv_status status = path ? kv_file_read(path, &bytes, &length, world->messages) : KV_ERR_MEMORY;
    kv_text owned = {.data = bytes, .length = length, .capacity = length + 1};
    kv_free(path);
    if (status != KV_OK)
        return status;
    if (memchr(bytes, 0, length)) {
        kv_text_clear(&owned);
        fault(table, 0, "it is not a text file");
        return KV_ERR_INPUT;
    }
    char *text = kvc_take(world->arena, &owned);
    status = split(table, text + (strncmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0));
    for (; status == KV_OK && *columns; columns++) {
        kv_where where = {.file = name, .line = 1, .column = *columns};
        if (kvc_column(table, *columns) >= 0)
            continue;
        kv_messages_add(world->messages, KV_FAULT, &where, NULL, "the column is missing");
        status = KV_ERR_INPUT;
    }
    return status;
}

int kvc_column(const kvc_table *table, const char *name)
{
    for (int c = 0; c < table->n_columns; c++) {
        if (strcmp(table->header[c], name) == 0)
            return c;
    }
    return -1;
}

const char *kvc_cell(const kvc_table *table, int row, int column)
{
    return column < 0 ? "" : table->cell[(size_t)row * (size_t)table->n_columns + (size_t)column];
}

void kvc_cell_fault(const kvc_table *table, int row, int column, const char *what)
{
    kv_where where = {.file = table->name,
                      .line = table->line[row],
                      .field = column + 1,
                      .column = column < 0 ? NULL : table->header[column],
                      .value = column < 0 ? NULL : kvc_cell(table, row, column)};
    table->world->faulty_cells++;
    kv_messages_add(table->world->messages, KV_FAULT, &where, NULL, "%s", what);
}

int kvc_cell_number(const kvc_table *table, int row, int column, mpq_t number)
{
    const char *text = kvc_cell(table, row, column);
    mpq_set_ui(number, 0, 1);
    if (!*text)
        return 1;
    if (kvc_parse(number, text) == 0)
        return 0;
    kvc_cell_fault(table, row, column, "it is not a number");
    return -1;
}

int kvc_cell_needed(const kvc_table *table, int row, int column, mpq_t number)
{
    int result = kvc_cell_number(table, row, column, number);
    if (result > 0)
        kvc_cell_fault(table, row, column, "the number is missing");
    return result == 0 ? 0 : -1;
}
