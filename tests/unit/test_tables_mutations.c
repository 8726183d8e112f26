/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mutations of a case, a byte or a cell at a time: reading ends with a case or with located faults,
 * and what is read can be viewed, whatever the bytes.
 */
#include "base/file.h"
#include "base/memory.h"
#include "base/random.h"
#include "base/text.h"
#include "instances/schema.h"
#include "instances/select.h"
#include "support/tables.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const char *const strange[] = {
    "",    "0",    "-1",   "1e308", "nan", "999999999999", "yes",  "\"",  "a/b",
    "2,5", "\xff", "#",    "p1",    "*",   "town",         "=1+1", " ",   "\t",
    "-",   ".",    "2031", "\xc3",  "1.5", "steady",       "road", "any", "none"};

/* What can be done with a case that was read must not fail either. */
static void use(const kv_case *the_case)
{
    int *rows = kv_alloc((size_t)the_case->sites.count + 1, sizeof(int));
    for (int s = 0; s < the_case->scenarios.count; s++) {
        kv_case *view = NULL;
        cr_assert_eq(kv_case_view(the_case, s, &view), KV_OK);
        for (int t = 0; t < the_case->periods.count; t++)
            kv_sites_in_force(view, s, t, rows);
        kv_case_view_free(view);
    }
    kv_free(rows);
    cr_expect_eq(kv_case_check(the_case, NULL), KV_OK, "what was read must pass its own check");
}

static void read_mutated(const tables *files, const char *what)
{
    kv_messages *messages = kv_messages_create();
    kv_case *the_case = NULL;
    kv_status status = tables_read(files, NULL, &the_case, messages);
    cr_expect(status == KV_OK || status == KV_ERR_INPUT, "%s: %s", what, kv_status_text(status));
    cr_expect_eq(status == KV_OK, kv_messages_faults(messages) == 0, "%s", what);
    cr_expect_eq(status == KV_OK, the_case != NULL, "%s", what);
    for (size_t i = 0; i < kv_messages_count(messages); i++) {
        const kv_message *message = kv_messages_get(messages, i);
        cr_expect_not_null(message->file, "%s: every message names its file", what);
        char *text = kv_message_text(message);
        cr_expect_not_null(text);
        kv_free(text);
    }
    if (the_case)
        use(the_case);
    kv_case_free(the_case);
    kv_messages_free(messages);
}

/* Replace one byte, leave it out, or put one in. */
static void mutate_byte(kv_random *random, const kv_case_file *file, kv_text *text)
{
    int place = kv_random_integer(random, 0, (int)file->length - 1);
    char byte = (char)kv_random_integer(random, 0, 255);
    int way = kv_random_integer(random, 0, 3);
    kv_text_add_bytes(text, file->bytes, (size_t)place);
    if (way == 3)
        byte = ",;\"\n\r#.0"[kv_random_integer(random, 0, 7)];
    if (way != 1)
        kv_text_add_bytes(text, &byte, 1);
    size_t next = (size_t)place + (way != 2);
    kv_text_add_bytes(text, file->bytes + next, file->length - next);
}

/* Replace one cell by something strange, perhaps from another table. */
static void mutate_cell(kv_random *random, const kv_case_file *file, kv_text *text)
{
    size_t cells = 1, at = 0, i = 0;
    for (i = 0; i < file->length; i++)
        cells += file->bytes[i] == ',' || file->bytes[i] == '\n';
    size_t chosen = (size_t)kv_random_integer(random, 0, (int)cells - 1);
    for (i = 0; i < file->length && at < chosen; i++)
        at += file->bytes[i] == ',' || file->bytes[i] == '\n';
    kv_text_add_bytes(text, file->bytes, i);
    kv_text_add(text,
                strange[kv_random_integer(random, 0, (int)(sizeof strange / sizeof *strange) - 1)]);
    while (i < file->length && file->bytes[i] != ',' && file->bytes[i] != '\n')
        i++;
    kv_text_add_bytes(text, file->bytes + i, file->length - i);
}

static void mutate(const tables *valid, int count, uint64_t seed)
{
    kv_random random;
    char what[64];
    kv_random_seed(&random, seed);
    for (int n = 0; n < count; n++) {
        tables files = *valid;
        kv_case_file *file = &files.files[kv_random_integer(&random, 0, files.count - 1)];
        kv_text text = {0};
        if (n % 2)
            mutate_byte(&random, file, &text);
        else
            mutate_cell(&random, file, &text);
        file->bytes = text.data ? text.data : "";
        file->length = text.length;
        snprintf(what, sizeof what, "mutation %d of %s", n, file->name);
        read_mutated(&files, what);
        kv_text_clear(&text);
    }
}

Test(tables_mutations, of_the_small_case)
{
    tables files;
    tables_valid(&files);
    mutate(&files, 1000, 1);
}

static void mutate_bundled(const char *name, int count, uint64_t seed)
{
    static char names[KV_TABLES][64];
    tables files = {0};
    char *data[KV_TABLES] = {0}, path[8192];
    size_t length;
    for (int t = 0; t < KV_TABLES; t++) {
        snprintf(names[t], sizeof names[t], "%s.csv", kv_schema[t].name);
        snprintf(path, sizeof path, "%s/instances/%s/%s", KV_SOURCE_DIR, name, names[t]);
        if (!kv_path_exists(path))
            continue;
        cr_assert_eq(kv_file_read(path, &data[t], &length, NULL), KV_OK);
        if (length > 0)
            files.files[files.count++] = (kv_case_file){names[t], data[t], length};
    }
    cr_assert_gt(files.count, 6, "%s is not there", name);
    mutate(&files, count, seed);
    for (int t = 0; t < KV_TABLES; t++)
        kv_free(data[t]);
}

Test(tables_mutations, of_the_tutorial)
{
    mutate_bundled("tutorial", 1000, 2);
}

Test(tables_mutations, of_the_nordic_battery_belt)
{
#ifdef __SANITIZE_ADDRESS__
    mutate_bundled("nordic-battery-belt", 200, 3); /* slow under the sanitizers */
#else
    mutate_bundled("nordic-battery-belt", 1000, 3);
#endif
}

/* A file cut off anywhere. */
Test(tables_mutations, cut_short)
{
    tables files;
    tables_valid(&files);
    for (int i = 0; i < files.count; i++) {
        size_t whole = files.files[i].length;
        for (size_t length = 0; length < whole; length += 7) {
            files.files[i].length = length;
            read_mutated(&files, files.files[i].name);
        }
        files.files[i].length = whole;
    }
}
