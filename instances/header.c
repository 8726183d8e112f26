/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/header.h"

#include "base/memory.h"
#include "base/text.h"
#include "instances/cells.h"
#include "instances/names.h"

#include <string.h>

/* ---- records ---- */

int kv_record_add(kv_record *record, const char *bytes, size_t length)
{
    int field = record->count++;
    if (field == 0)
        record->last = -1;
    if (length > 0)
        record->last = field;
    if (field >= KV_MOST_FIELDS)
        return 0;
    if (length >= record->capacity || record->length > record->capacity - length - 1) {
        void *bytes_now = record->bytes;
        size_t needed = record->length + length + 1;
        if (kv_reserve(&bytes_now, &record->capacity, needed < 256 ? 256 : needed, 1) != 0)
            return -1;
        record->bytes = bytes_now;
    }
    record->start[field] = record->length;
    if (length > 0)
        memcpy(record->bytes + record->length, bytes, length);
    record->length += length;
    record->bytes[record->length++] = 0;
    record->start[field + 1] = record->length;
    return 0;
}

void kv_record_reset(kv_record *record)
{
    record->length = 0;
    record->count = 0;
    record->last = -1;
}

void kv_record_clear(kv_record *record)
{
    kv_free(record->bytes);
    *record = (kv_record){0};
}

const char *kv_record_field(const kv_record *record, int field, size_t *length)
{
    *length = record->start[field + 1] - record->start[field] - 1;
    return record->bytes + record->start[field];
}

int kv_record_blank_from(const kv_record *record, int field)
{
    return record->count == 0 || record->last < field;
}

/* ---- the header ---- */

char kv_header_separator(const char *line, size_t length)
{
    int commas = 0, semicolons = 0, tabs = 0, quoted = 0;
    for (size_t i = 0; i < length; i++) {
        quoted ^= line[i] == '"';
        commas += !quoted && line[i] == ',';
        semicolons += !quoted && line[i] == ';';
        tabs += !quoted && line[i] == '\t';
    }
    if (semicolons > commas && semicolons >= tabs)
        return ';';
    return tabs > commas ? '\t' : ',';
}

static void unknown_column(int table, const char *name, const kv_where *where,
                           kv_messages *messages)
{
    kv_text mend = {0};
    kv_text_addf(&mend, "did you mean '%s'? Otherwise remove the column",
                 kv_names_nearest_column(table, name)->name);
    kv_messages_add(messages, KV_FAULT, where, mend.data, "no such column in this table");
    kv_text_clear(&mend);
}

static void required_columns(int table, const kv_lines *lines, const kv_positions *positions)
{
    kv_where where = {.file = lines->name, .line = lines->number};
    const kv_column *columns = kv_schema[table].columns;
    for (int i = 0; columns[i].name; i++) {
        if (columns[i].need != KV_REQUIRED || positions->field[table][i])
            continue;
        where.column = columns[i].name;
        kv_text mend = {0};
        kv_help_mend("add it", columns[i].help, &mend);
        kv_messages_add(lines->messages, KV_FAULT, &where, mend.data, "the column is missing");
        kv_text_clear(&mend);
    }
}

static const kv_column *name_read(int table, const char *name, const kv_where *where,
                                  const kv_lines *lines, kv_positions *positions)
{
    const kv_column *column = kv_schema_column(&kv_schema[table], name);
    if (!column && *name == 0) {
        kv_messages_add(lines->messages, KV_FAULT, where, "name the column or remove it",
                        "a column without a name");
        return NULL;
    }
    if (!column) {
        unknown_column(table, name, where, lines->messages);
        return NULL;
    }
    unsigned short *field = &positions->field[table][kv_column_number(table, column)];
    if (*field) {
        kv_messages_add(lines->messages, KV_FAULT, where, "remove one of them",
                        "the column is there twice, first in field %d", *field);
        return NULL;
    }
    *field = (unsigned short)where->field;
    return column;
}

void kv_header_read(kv_header *header, int table, const kv_record *record, const kv_lines *lines,
                    kv_positions *positions)
{
    kv_where where = {.file = lines->name, .line = lines->number};
    header->count = record->last + 1; /* blank names at the end are no columns */
    if (header->count > KV_MOST_FIELDS) {
        kv_messages_add(lines->messages, KV_FAULT, &where, "remove columns", "more than %d columns",
                        KV_MOST_FIELDS);
        header->count = KV_MOST_FIELDS;
    }
    for (int i = 0; i < header->count; i++) {
        size_t length;
        where.value = kv_record_field(record, i, &length);
        where.field = i + 1;
        header->columns[i] = name_read(table, where.value, &where, lines, positions);
    }
    required_columns(table, lines, positions);
}
