/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frictionless Data Package, Table Schema and CSV Dialect, version 1 (specs.frictionlessdata.io). */
#include "base/file.h"
#include "base/memory.h"
#include "instances/header.h"
#include "instances/lines.h"
#include "instances/new.h"
#include "instances/table.h"

#include <csv.h>
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The first two records of a file: its header and, of case.csv, the case. */
typedef struct table_head {
    kv_record records[2];
    int n_records;
    char separator, point;
    int failed;
} table_head;

/* ---- a look into a file ---- */

static void on_field(void *bytes, size_t length, void *context)
{
    table_head *head = context;
    if (head->n_records < 2 && kv_record_add(&head->records[head->n_records], bytes, length) != 0)
        head->failed = 1;
}

static void on_row(int ending, void *context)
{
    table_head *head = context;
    (void)ending;
    head->n_records++;
}

static int parse_line(table_head *head, const char *line, size_t length)
{
    struct csv_parser parser;
    csv_init(&parser, CSV_APPEND_NULL);
    csv_set_delim(&parser, (unsigned char)head->separator);
    size_t done = csv_parse(&parser, line, length, on_field, on_row, head);
    int failed = done != length || csv_fini(&parser, on_field, on_row, head) != 0;
    csv_free(&parser);
    return failed;
}

/* Whether a field of the line is a number with a decimal comma. */
static int has_decimal_comma(const char *line, size_t length, char separator)
{
    size_t i = 0;
    while (i < length) {
        size_t from = i, digits = 0, commas = 0;
        for (; i < length && line[i] != separator && line[i] != '\r' && line[i] != '\n'; i++) {
            digits += line[i] >= '0' && line[i] <= '9';
            commas += line[i] == ',';
        }
        if (commas == 1 && digits > 1 && digits + commas + (line[from] == '-') == i - from)
            return 1;
        i++;
    }
    return 0;
}

/* Reads the head of the table; n_records stays 0 when there is none. */
static kv_status head_read(const char *path, const char *name, table_head *head)
{
    kv_lines lines;
    char *line;
    size_t length;
    *head = (table_head){.separator = ',', .point = '.'};
    if (!kv_path_exists(path))
        return KV_OK;
    kv_status status = kv_lines_open(&lines, path, name, KV_HASH_START, NULL);
    while (status == KV_OK && head->point == '.') {
        status = kv_lines_next(&lines, &line, &length);
        if (status != KV_OK || !line)
            break;
        if (length > 0 && line[0] == '#')
            continue;
        if (head->n_records == 0)
            head->separator = kv_header_separator(line, length);
        if (head->n_records < 2 && parse_line(head, line, length) != 0)
            status = KV_ERR_MEMORY;
        else if (head->separator != ',' && has_decimal_comma(line, length, head->separator))
            head->point = ',';
    }
    kv_lines_close(&lines);
    return status == KV_OK && head->failed ? KV_ERR_MEMORY : status;
}

static void head_clear(table_head *head)
{
    kv_record_clear(&head->records[0]);
    kv_record_clear(&head->records[1]);
}

/* ---- JSON; a NULL anywhere makes the whole NULL ---- */

/* Adds the member, which it takes over; without one of the two it drops both. */
static json_t *with(json_t *object, const char *name, json_t *value)
{
    if (!object || !value) {
        json_decref(value);
        json_decref(object);
        return NULL;
    }
    if (json_object_set_new(object, name, value) == 0)
        return object;
    json_decref(object);
    return NULL;
}

/* Appends the value, which it takes over. */
static int append(json_t *array, json_t *value)
{
    if (array && value)
        return json_array_append_new(array, value);
    json_decref(value);
    return -1;
}

static json_t *words(const char *const *list)
{
    json_t *array = json_array();
    int failed = 0;
    for (int i = 0; list[i]; i++)
        if (*list[i])
            failed |= append(array, json_string(list[i]));
    if (!failed)
        return array;
    json_decref(array);
    return NULL;
}

static json_t *constraints(const kv_column *column)
{
    json_t *object = json_object();
    if (column->need == KV_REQUIRED)
        object = with(object, "required", json_true());
    if (column->type == KV_TYPE_KEY)
        object = with(object, "pattern", json_string("[a-z0-9_.:-]+"));
    if (column->choices)
        object = with(object, "enum", words(column->choices));
    int whole = column->type == KV_TYPE_INTEGER || column->type == KV_TYPE_YEAR;
    if (isfinite(column->low) && column->low > -1e300)
        object = with(object, "minimum",
                      whole ? json_integer((json_int_t)column->low) : json_real(column->low));
    if (isfinite(column->high) && column->high < 1e300)
        object = with(object, "maximum",
                      whole ? json_integer((json_int_t)column->high) : json_real(column->high));
    return object;
}

static json_t *field_json(const kv_column *column, const table_head *head)
{
    static const char *const yes[] = {"yes", "true", "1", "ja", NULL};
    static const char *const no[] = {"no", "false", "0", "nej", NULL};
    static const char *const types[] = {
        [KV_TYPE_KEY] = "string",    [KV_TYPE_TEXT] = "string",     [KV_TYPE_REF] = "string",
        [KV_TYPE_NUMBER] = "number", [KV_TYPE_INTEGER] = "integer", [KV_TYPE_YEAR] = "integer",
        [KV_TYPE_CHOICE] = "string", [KV_TYPE_YESNO] = "boolean"};
    json_t *field = with(json_object(), "name", json_string(column->name));
    field = with(field, "type", json_string(types[column->type]));
    field = with(field, "description", json_string(column->help));
    if (column->unit)
        field = with(field, "unit", json_string(column->unit));
    if (column->default_text)
        field = with(field, "default", json_string(column->default_text));
    if (column->type == KV_TYPE_NUMBER && head->point == ',')
        field = with(field, "decimalChar", json_string(","));
    if (column->type == KV_TYPE_YESNO) {
        field = with(field, "trueValues", words(yes));
        field = with(field, "falseValues", words(no));
    }
    return with(field, "constraints", constraints(column));
}

static json_t *foreign_key(const kv_column *column)
{
    json_t *reference = with(json_object(), "resource", json_string(kv_schema[column->ref].name));
    reference = with(reference, "fields", json_string(kv_schema[column->ref].columns[0].name));
    json_t *key = with(json_object(), "fields", json_string(column->name));
    return with(key, "reference", reference);
}

/* The columns in the order of the file. */
static json_t *schema_json(int table, const table_head *head)
{
    json_t *fields = json_array(), *foreign = json_array(), *primary = json_array();
    int failed = 0, blank_keys = 0;
    for (int i = 0; i < head->records[0].count && i < KV_MOST_FIELDS; i++) {
        size_t length;
        const char *name = kv_record_field(&head->records[0], i, &length);
        const kv_column *column = kv_schema_column(&kv_schema[table], name);
        if (!column)
            continue;
        failed |= append(fields, field_json(column, head));
        if (column->type == KV_TYPE_REF)
            failed |= append(foreign, foreign_key(column));
        if (column->in_key)
            failed |= append(primary, json_string(column->name));
        blank_keys |= column->in_key && column->need != KV_REQUIRED;
    }
    json_t *schema = with(json_object(), "fields", fields);
    schema = with(schema, "foreignKeys", foreign);
    json_t *missing = json_array();
    failed |= append(missing, json_string(""));
    schema = with(schema, "missingValues", missing);
    if (blank_keys || json_array_size(primary) == 0)
        json_decref(primary); /* a primary key of this standard has no blank parts */
    else
        schema = with(schema, "primaryKey", primary);
    if (failed) {
        json_decref(schema);
        return NULL;
    }
    return schema;
}

static json_t *resource_json(int table, const table_head *head)
{
    char separator[2] = {head->separator, 0};
    json_t *dialect = with(json_object(), "delimiter", json_string(separator));
    dialect = with(dialect, "commentChar", json_string("#"));
    json_t *resource = with(json_object(), "name", json_string(kv_schema[table].name));
    resource = with(resource, "path", json_string(kv_table_file(table)));
    resource = with(resource, "profile", json_string("tabular-data-resource"));
    resource = with(resource, "description", json_string(kv_schema[table].help));
    resource = with(resource, "encoding", json_string("utf-8"));
    resource = with(resource, "dialect", dialect);
    return with(resource, "schema", schema_json(table, head));
}

/* name and title of the package from the one row of case.csv. */
static json_t *package_names(json_t *package, const table_head *head)
{
    const kv_record *names = &head->records[0], *values = &head->records[1];
    for (int i = 0; i < names->count && i < values->count && i < KV_MOST_FIELDS; i++) {
        size_t length;
        const char *name = kv_record_field(names, i, &length);
        const char *value = kv_record_field(values, i, &length);
        if (length > 0 && (strcmp(name, "name") == 0 || strcmp(name, "title") == 0))
            package = with(package, name, json_string(value));
    }
    return package;
}

/* ---- the whole ---- */

static kv_status table_add(const char *folder, int table, json_t **package, json_t *resources)
{
    table_head head;
    char *path = kv_path_join(folder, kv_table_file(table));
    if (!path)
        return KV_ERR_MEMORY;
    kv_status status = head_read(path, kv_table_file(table), &head);
    kv_free(path);
    if (status == KV_OK && head.n_records > 0) {
        if (append(resources, resource_json(table, &head)) != 0)
            status = KV_ERR_MEMORY;
        if (table == KV_TABLE_CASE && head.n_records > 1)
            *package = package_names(*package, &head);
    }
    head_clear(&head);
    return status;
}

kv_status kv_datapackage_text(const char *folder, kv_text *out)
{
    json_t *package = with(json_object(), "profile", json_string("tabular-data-package"));
    json_t *resources = json_array();
    kv_status status = package && resources ? KV_OK : KV_ERR_MEMORY;
    for (int table = 0; table < KV_TABLES && status == KV_OK; table++)
        status = table_add(folder, table, &package, resources);
    if (status == KV_OK) {
        package = with(package, "resources", resources);
        resources = NULL;
        char *text = package ? json_dumps(package, JSON_INDENT(2)) : NULL;
        kv_text_add(out, text);
        kv_text_add(out, "\n");
        status = !text || out->failed ? KV_ERR_MEMORY : KV_OK;
        free(text);
    }
    json_decref(resources);
    json_decref(package);
    return status;
}

kv_status kv_datapackage_write(const char *folder, kv_messages *messages)
{
    kv_text text = {0};
    char *path = kv_path_join(folder, "datapackage.json");
    kv_status status = path ? kv_datapackage_text(folder, &text) : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_file_write(path, text.data, text.length, messages);
    kv_text_clear(&text);
    kv_free(path);
    return status;
}
