/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The case to start from, the data package, and the manual of the tables. */
#include "base/file.h"
#include "base/memory.h"
#include "instances/new.h"
#include "instances/schema.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *temporary_folder(void)
{
    char *folder = kv_strdup("/tmp/kvarken-new-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
    return folder;
}

static void remove_folder(char *folder)
{
    char command[256];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_expect_eq(system(command), 0);
    kv_free(folder);
}

static char *read_text(const char *folder, const char *name)
{
    char *path = kv_path_join(folder, name), *data = NULL;
    size_t length;
    cr_assert_eq(kv_file_read(path, &data, &length, NULL), KV_OK, "%s", path);
    kv_free(path);
    return data;
}

Test(tables_new, reads_without_faults_and_warnings)
{
    char *folder = temporary_folder();
    kv_messages *messages = kv_messages_create();
    kv_case *the_case = NULL;
    cr_assert_eq(kv_case_new(folder, messages), KV_OK);
    cr_expect_eq(kv_case_read(folder, NULL, 0, &the_case, messages), KV_OK);
    for (size_t i = 0; i < kv_messages_count(messages); i++)
        cr_expect_fail("%s", kv_message_text(kv_messages_get(messages, i)));
    cr_assert_not_null(the_case);
    cr_expect_eq(the_case->places.count, 3);
    for (int t = 0; t < KV_TABLES; t++) {
        char name[64];
        snprintf(name, sizeof name, "%s.csv", kv_schema[t].name);
        char *text = read_text(folder, name);
        cr_expect_eq(text[0], '#', "%s begins with a comment", name);
        for (const kv_column *c = kv_schema[t].columns; c->name; c++)
            cr_expect_not_null(strstr(text, c->name), "%s lacks %s", name, c->name);
        cr_expect_not_null(strchr(strchr(strchr(text, '\n') + 1, '\n') + 1, ','), "%s has no row",
                           name);
        kv_free(text);
    }
    kv_case_free(the_case);
    kv_messages_free(messages);
    remove_folder(folder);
}

Test(tables_new, readme_explains_each_column)
{
    char *folder = temporary_folder(), cell[4096];
    cr_assert_eq(kv_case_new(folder, NULL), KV_OK);
    char *readme = read_text(folder, "README.md");
    for (int t = 0; t < KV_TABLES; t++)
        for (const kv_column *c = kv_schema[t].columns; c->name; c++) {
            snprintf(cell, sizeof cell, "| %s", c->help);
            cr_expect_not_null(strstr(readme, cell), "%s.%s", kv_schema[t].name, c->name);
        }
    kv_free(readme);
    remove_folder(folder);
}

Test(tables_new, refuses_a_folder_with_something_in_it)
{
    char *folder = temporary_folder();
    kv_messages *messages = kv_messages_create();
    cr_assert_eq(kv_case_new(folder, NULL), KV_OK);
    char *before = read_text(folder, "links.csv");
    cr_expect_eq(kv_case_new(folder, messages), KV_ERR_INPUT);
    cr_assert_eq(kv_messages_count(messages), 1);
    cr_expect_str_eq(kv_messages_get(messages, 0)->what,
                     "it is there already and not an empty folder");
    cr_expect_eq(kv_case_new("/dev/null", NULL), KV_ERR_INPUT);
    cr_expect_eq(kv_case_new("/dev/null/case", NULL), KV_ERR_IO);
    char *after = read_text(folder, "links.csv");
    cr_expect_str_eq(after, before);
    kv_free(before);
    kv_free(after);
    kv_messages_free(messages);
    remove_folder(folder);
}

/* ---- the data package ---- */

static json_t *find_named(json_t *array, const char *name)
{
    size_t i;
    json_t *value;
    json_array_foreach(array, i, value)
    {
        if (strcmp(json_string_value(json_object_get(value, "name")), name) == 0)
            return value;
    }
    return NULL;
}

static void expect_field(json_t *fields, const kv_column *column)
{
    json_t *field = find_named(fields, column->name);
    cr_assert_not_null(field, "%s", column->name);
    json_t *constraints = json_object_get(field, "constraints");
    cr_expect_str_eq(json_string_value(json_object_get(field, "description")), column->help);
    cr_expect_eq(json_is_true(json_object_get(constraints, "required")),
                 column->need == KV_REQUIRED, "%s", column->name);
    if (column->type == KV_TYPE_NUMBER && column->low > -1e300)
        cr_expect_eq(json_number_value(json_object_get(constraints, "minimum")), column->low);
    if (column->type == KV_TYPE_CHOICE)
        cr_expect_gt(json_array_size(json_object_get(constraints, "enum")), 1);
}

Test(tables_new, data_package)
{
    char *folder = temporary_folder();
    cr_assert_eq(kv_case_new(folder, NULL), KV_OK);
    char *text = read_text(folder, "datapackage.json");
    json_t *package = json_loads(text, 0, NULL);
    cr_assert_not_null(package);
    cr_expect_str_eq(json_string_value(json_object_get(package, "name")), "my-case");
    json_t *resources = json_object_get(package, "resources");
    cr_assert_eq(json_array_size(resources), KV_TABLES);
    for (int t = 0; t < KV_TABLES; t++) {
        json_t *resource = find_named(resources, kv_schema[t].name);
        json_t *schema = json_object_get(resource, "schema");
        size_t refs = 0;
        for (const kv_column *c = kv_schema[t].columns; c->name; c++) {
            expect_field(json_object_get(schema, "fields"), c);
            refs += c->type == KV_TYPE_REF;
        }
        cr_expect_eq(json_array_size(json_object_get(schema, "foreignKeys")), refs);
    }
    json_decref(package);
    kv_free(text);
    remove_folder(folder);
}

/* Fields follow the file's header; separators and decimals are told as the file has them. */
Test(tables_new, data_package_of_other_dialects)
{
    char *folder = temporary_folder(), *path = kv_path_join(folder, "places.csv");
    const char *places = "longitude_deg;place;latitude_deg\n20,3;a;63,8\n";
    kv_text text = {0};
    cr_assert_eq(kv_file_write(path, places, strlen(places), NULL), KV_OK);
    cr_assert_eq(kv_datapackage_text(folder, &text), KV_OK);
    json_t *package = json_loads(text.data, 0, NULL);
    json_t *resources = json_object_get(package, "resources");
    cr_assert_eq(json_array_size(resources), 1);
    json_t *resource = json_array_get(resources, 0);
    json_t *fields = json_object_get(json_object_get(resource, "schema"), "fields");
    cr_expect_str_eq(
        json_string_value(json_object_get(json_object_get(resource, "dialect"), "delimiter")), ";");
    cr_expect_eq(json_array_size(fields), 3);
    json_t *first = json_array_get(fields, 0);
    cr_expect_str_eq(json_string_value(json_object_get(first, "name")), "longitude_deg");
    cr_expect_str_eq(json_string_value(json_object_get(first, "decimalChar")), ",");
    json_decref(package);
    kv_text_clear(&text);
    kv_free(path);
    remove_folder(folder);
}

/* ---- the manual ---- */

Test(tables_new, manual_is_up_to_date)
{
    kv_text manual = {0};
    char *page = read_text(KV_SOURCE_DIR, "docs/tables.md");
    kv_schema_manual(&manual);
    cr_expect(strcmp(page, manual.data) == 0,
              "docs/tables.md is out of date: build, and run the program "
              "bench.write_manual > docs/tables.md");
    kv_free(page);
    kv_text_clear(&manual);
}
