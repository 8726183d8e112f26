/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "instances/new.h"

#include "base/file.h"
#include "base/memory.h"
#include "instances/example.h"
#include "instances/manual.h"
#include "instances/table.h"

#include <dirent.h>
#include <string.h>

/* The value of a column in "column=value;column=value", as bytes; NULL when it is not there. */
static const char *value_of(const char *row, const char *column, size_t *length)
{
    size_t n = strlen(column);
    for (const char *part = row; part; part = strchr(part, ';')) {
        part += *part == ';';
        if (strncmp(part, column, n) == 0 && part[n] == '=') {
            *length = strcspn(part + n + 1, ";");
            return part + n + 1;
        }
    }
    *length = 0;
    return NULL;
}

static void add_value(kv_text *text, const char *value, size_t length)
{
    kv_text field = {0};
    kv_text_add_bytes(&field, value, length);
    kv_text_add_field(text, field.data);
    text->failed |= field.failed;
    kv_text_clear(&field);
}

static void table_text(int table, kv_text *text)
{
    const kv_column *columns = kv_schema[table].columns;
    kv_text_addf(text, "# %s\n", kv_schema[table].help);
    for (const kv_column *c = columns; c->name; c++)
        kv_text_addf(text, "%s%s", c == columns ? "" : ",", c->name);
    kv_text_add(text, "\n");
    for (const char *const *row = kv_example_rows(table); *row; row++) {
        for (const kv_column *c = columns; c->name; c++) {
            size_t length;
            const char *value = value_of(*row, c->name, &length);
            kv_text_add(text, c == columns ? "" : ",");
            if (length > 0)
                add_value(text, value, length);
        }
        kv_text_add(text, "\n");
    }
}

static void readme_text(kv_text *text)
{
    kv_text_add(text,
                "# A case to start from\n\nThree places: a town with a battery factory, its "
                "harbour, and a gateway abroad from which anode\ncomes and where cells are sold. "
                "A railway, a larger quay and chargers may be built. All figures\nare invented: "
                "replace them by your own, row by row.\n\n"
                "    kvarken validate .      every fault of the tables, and what would mend it\n"
                "    kvarken solve . -o plan what to build, when, and what it brings\n\n"
                "## How tables are written\n\n");
    kv_manual_rules(text);
    for (int t = 0; t < KV_TABLES; t++) {
        kv_text_addf(text, "\n## %s\n\n%s%s\n\n", kv_table_file(t), kv_schema[t].help,
                     kv_schema[t].need == KV_REQUIRED ? "" : " This table may be left out.");
        kv_manual_columns(t, text);
    }
}

static int is_empty_folder(const char *dir)
{
    DIR *stream = opendir(dir);
    int entries = 0;
    if (!stream)
        return 0;
    for (const struct dirent *entry; (entry = readdir(stream)) != NULL;)
        entries += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    closedir(stream);
    return entries == 0;
}

static kv_status file_write(const char *dir, const char *name, const kv_text *text,
                            kv_messages *messages)
{
    char *path = text->failed ? NULL : kv_path_join(dir, name);
    if (!path)
        return KV_ERR_MEMORY;
    kv_status status = kv_file_write(path, text->data, text->length, messages);
    kv_free(path);
    return status;
}

kv_status kv_case_new(const char *dir, kv_messages *messages)
{
    kv_where where = {.file = dir};
    if (kv_path_exists(dir) && !is_empty_folder(dir)) {
        kv_messages_add(messages, KV_FAULT, &where, "give the name of a new folder",
                        "it is there already and not an empty folder");
        return KV_ERR_INPUT;
    }
    kv_status status = kv_folder_make(dir, messages);
    for (int table = 0; table < KV_TABLES && status == KV_OK; table++) {
        kv_text text = {0};
        table_text(table, &text);
        status = file_write(dir, kv_table_file(table), &text, messages);
        kv_text_clear(&text);
    }
    if (status == KV_OK) {
        kv_text text = {0};
        readme_text(&text);
        status = file_write(dir, "README.md", &text, messages);
        kv_text_clear(&text);
    }
    return status == KV_OK ? kv_datapackage_write(dir, messages) : status;
}
