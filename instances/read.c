/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A case from its tables. First all tables are parsed to typed rows whose references are still
 * texts; then --set is applied, references are resolved and the whole is checked. So the order of
 * files and rows does not matter, and all faults are found at once.
 */
#include "base/file.h"
#include "base/memory.h"
#include "base/text.h"
#include "instances/cells.h"
#include "instances/checker.h"
#include "instances/folder.h"
#include "instances/read_table.h"
#include "instances/resolve.h"

#include <string.h>

typedef struct case_reader {
    kv_case *the_case;
    kv_messages *messages;
    const char *folder; /* NULL: files in memory */
    const kv_case_file *files;
    int n_files;
    kv_positions *positions;
    unsigned char damaged[KV_TABLES];
    int unreadable;
} case_reader;

/* ---- tables ---- */

static void missing_table(case_reader *reader, int table)
{
    kv_where where = {.file = kv_table_file(table)};
    kv_text mend = {0};
    if (kv_schema[table].need != KV_REQUIRED)
        return;
    reader->damaged[table] = 1;
    kv_help_mend("write it", kv_schema[table].help, &mend);
    kv_messages_add(reader->messages, KV_FAULT, &where, mend.data, "the table is missing");
    kv_text_clear(&mend);
}

/* Opens the table in the folder; *lines->name is NULL when there is no such file. */
static kv_status folder_open(case_reader *reader, int table, kv_lines *lines)
{
    char *path = kv_path_join(reader->folder, kv_table_file(table));
    if (!path)
        return KV_ERR_MEMORY;
    kv_status status = KV_OK;
    if (kv_path_exists(path))
        status = kv_lines_open(lines, path, kv_table_file(table), reader->the_case->hash,
                               reader->messages);
    kv_free(path);
    return status;
}

static kv_status table_open(case_reader *reader, int table, kv_lines *lines)
{
    const char *name = kv_table_file(table);
    *lines = (kv_lines){0};
    if (reader->folder)
        return folder_open(reader, table, lines);
    for (int i = 0; i < reader->n_files; i++)
        if (strcmp(reader->files[i].name, name) == 0)
            kv_lines_memory(lines, reader->files[i].bytes, reader->files[i].length, name,
                            reader->the_case->hash, reader->messages);
    return KV_OK;
}

static void check_rows(case_reader *reader, int table)
{
    kv_where where = {.file = kv_table_file(table)};
    int count = kv_table_count(reader->the_case, table);
    if (count == 0 && kv_schema[table].need == KV_REQUIRED)
        kv_messages_add(reader->messages, KV_FAULT, &where, "add a row", "the table has no row");
    if (table != KV_TABLE_CASE || count < 2)
        return;
    where.line = kv_row_line(table, kv_table_row(reader->the_case, table, 1));
    kv_messages_add(reader->messages, KV_FAULT, &where, "keep one row",
                    "%d rows where one is allowed", count);
}

static kv_status table_read(case_reader *reader, int table)
{
    kv_lines lines;
    size_t before = kv_messages_faults(reader->messages);
    const char *name = kv_table_file(table);
    uint64_t hash = reader->the_case->hash;
    reader->the_case->hash = kv_hash_bytes(hash, name, strlen(name));
    kv_status status = table_open(reader, table, &lines);
    if (status == KV_OK && !lines.name) {
        reader->the_case->hash = hash;
        missing_table(reader, table);
        return KV_OK;
    }
    if (status == KV_OK)
        status = kv_table_read(reader->the_case, table, &lines, reader->positions);
    if (status == KV_OK) {
        reader->the_case->hash = lines.hash;
        if (kv_messages_faults(reader->messages) == before)
            check_rows(reader, table);
    }
    kv_lines_close(&lines);
    if (kv_messages_faults(reader->messages) > before)
        reader->damaged[table] = 1;
    if (status == KV_ERR_IO) { /* told already; the other tables are still read */
        reader->unreadable = 1;
        return KV_OK;
    }
    return status;
}

/* ---- what follows from the tables ---- */

/* Periods in the order of their years, so that an index tells before and after. */
static void periods_sort(kv_case *the_case)
{
    kv_period *rows = the_case->periods.rows;
    for (int i = 1; i < the_case->periods.count; i++) {
        kv_period moved = rows[i];
        int j = i;
        for (; j > 0 && rows[j - 1].first_year > moved.first_year; j--)
            rows[j] = rows[j - 1];
        rows[j] = moved;
    }
}

/* Without a table of scenarios there is one. */
static kv_status scenario_base(case_reader *reader)
{
    kv_case *the_case = reader->the_case;
    if (the_case->scenarios.count > 0 || reader->damaged[KV_TABLE_SCENARIOS])
        return KV_OK;
    kv_scenario *row = kv_alloc(1, sizeof *row);
    int name = kv_pool_add(the_case->pool, "base", 4);
    if (!row || name < 0) {
        kv_free(row);
        return KV_ERR_MEMORY;
    }
    row->scenario = kv_pool_text(the_case->pool, name);
    row->probability = row->freight_factor = row->budget_factor = 1;
    kv_free(the_case->scenarios.rows);
    the_case->scenarios.rows = row;
    the_case->scenarios.count = 1;
    return KV_OK;
}

/* Where an effect leaves the unit no choice, it may be blank. */
static void effect_units(kv_case *the_case)
{
    for (int i = 0; i < the_case->effects.count; i++) {
        kv_effect *row = &the_case->effects.rows[i];
        if (row->unit < 0 && row->effect == KV_EFFECT_ENERGY_POINT)
            row->unit = KV_UNIT_MWH_YR;
        if (row->unit < 0 && row->effect == KV_EFFECT_FLEET)
            row->unit = KV_UNIT_VEHICLES;
    }
}

static kv_status tables_read(case_reader *reader, const char *const *sets, int n_sets)
{
    kv_case *the_case = reader->the_case;
    the_case->hash = KV_HASH_START;
    the_case->pool = kv_pool_create();
    if (!the_case->pool)
        return KV_ERR_MEMORY;
    kv_status status = KV_OK;
    for (int table = 0; table < KV_TABLES && status == KV_OK; table++)
        status = table_read(reader, table);
    if (status == KV_OK)
        status = scenario_base(reader);
    if (status == KV_OK)
        status = kv_sets_apply(the_case, sets, n_sets, reader->messages);
    if (status != KV_OK)
        return status;
    periods_sort(the_case);
    effect_units(the_case);
    status = kv_references_resolve(the_case, reader->positions, reader->damaged, reader->messages);
    if (status != KV_OK)
        return status;
    kv_checker checker = {.the_case = the_case,
                          .positions = reader->positions,
                          .damaged = reader->damaged,
                          .messages = reader->messages};
    return kv_checks_run(&checker);
}

/* ---- the two ways in ---- */

static kv_status case_read(case_reader *reader, const char *const *sets, int n_sets,
                           kv_case **the_case)
{
    kv_messages *own = reader->messages ? NULL : kv_messages_create();
    if (own)
        reader->messages = own;
    size_t before = kv_messages_faults(reader->messages);
    kv_status status = KV_ERR_MEMORY;
    *the_case = NULL;
    reader->the_case = kv_alloc(1, sizeof *reader->the_case);
    reader->positions = kv_alloc(1, sizeof *reader->positions);
    if (!reader->messages || !reader->the_case || !reader->positions)
        goto out;
    if (reader->folder) {
        reader->the_case->folder = kv_strdup(reader->folder);
        if (!reader->the_case->folder)
            goto out;
        status = kv_folder_look(reader->folder, reader->messages);
        if (status != KV_OK)
            goto out;
    }
    status = tables_read(reader, sets, n_sets);
    if (status == KV_OK && kv_messages_lost(reader->messages))
        status = KV_ERR_MEMORY;
    if (status == KV_OK && kv_messages_faults(reader->messages) > before)
        status = reader->unreadable ? KV_ERR_IO : KV_ERR_INPUT;
    if (status == KV_OK) {
        *the_case = reader->the_case;
        reader->the_case = NULL;
    }
out:
    kv_case_free(reader->the_case);
    kv_free(reader->positions);
    kv_messages_free(own);
    return status;
}

kv_status kv_case_read(const char *folder, const char *const *sets, int n_sets, kv_case **the_case,
                       kv_messages *messages)
{
    case_reader reader = {.folder = folder, .messages = messages};
    return folder ? case_read(&reader, sets, n_sets, the_case) : KV_ERR_ARGUMENT;
}

kv_status kv_case_read_memory(const kv_case_file *files, int n_files, const char *const *sets,
                              int n_sets, kv_case **the_case, kv_messages *messages)
{
    case_reader reader = {.files = files, .n_files = n_files, .messages = messages};
    return case_read(&reader, sets, n_sets, the_case);
}
