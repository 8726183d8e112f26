/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "base/memory.h"
#include "reports/columns.h"

#include "support/reports.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MANUAL KV_SOURCE_DIR "/docs/results.md"

/* With KV_UPDATE_GOLDEN=1 the generated part of the page is written anew. */
Test(columns, manual_says_what_the_code_says)
{
    kv_text manual = {0};
    char *page = NULL;
    size_t length;
    kv_report_manual(&manual);
    cr_assert_eq(kv_file_read(MANUAL, &page, &length, NULL), KV_OK);
    char *generated = strstr(page, "## plan.json\n");
    cr_assert_not_null(generated);
    if (getenv("KV_UPDATE_GOLDEN") && strcmp(generated, manual.data) != 0) {
        kv_text fresh = {0};
        kv_text_add_bytes(&fresh, page, (size_t)(generated - page));
        kv_text_add(&fresh, manual.data);
        cr_assert_eq(kv_file_write(MANUAL, fresh.data, fresh.length, NULL), KV_OK);
        kv_text_clear(&fresh);
    } else {
        cr_assert_str_eq(generated, manual.data);
    }
    kv_free(page);
    kv_text_clear(&manual);
}

Test(columns, each_table_is_described)
{
    for (int t = 0; t < KV_OUT_TABLES; t++) {
        const kv_report_table *table = &kv_report_tables[t];
        cr_assert_not_null(table->file);
        cr_assert_gt(kv_report_column_count(table), 2, "%s", table->file);
        for (const kv_report_column *column = table->columns; column->name; column++) {
            cr_assert_not_null(column->help);
            for (const kv_report_column *other = table->columns; other < column; other++)
                cr_assert_str_neq(column->name, other->name);
        }
    }
}

Test(columns, rows_are_written_and_quoted)
{
    char folder[64];
    kv_out out;
    kv_csv csv;
    test_folder_make(folder);
    kv_out_begin(&out, KV_OUT_PROGRESS);
    kv_out_rounded(&out, 1.23456, 3);
    kv_out_integer(&out, 42);
    kv_out_text(&out, "a, \"b\"");
    kv_out_exact(&out, 0.1);
    kv_out_exact(&out, (double)NAN);
    kv_out_end_row(&out);
    cr_assert_eq(kv_out_write(&out, folder, NULL), KV_OK);
    cr_assert_eq(kv_csv_read(folder, "progress.csv", &csv, NULL), KV_OK);
    cr_assert_eq(kv_csv_rows(&csv), 1);
    cr_assert_str_eq(kv_csv_field(&csv, 0, kv_csv_column(&csv, "seconds")), "1.235");
    cr_assert_str_eq(kv_csv_field(&csv, 0, kv_csv_column(&csv, "phase")), "a, \"b\"");
    cr_assert_eq(kv_csv_number(&csv, 0, kv_csv_column(&csv, "incumbent")), 0.1);
    cr_assert_str_eq(kv_csv_field(&csv, 0, kv_csv_column(&csv, "bound")), "");
    kv_csv_clear(&csv);
    test_folder_remove(folder);
}

Test(columns, uneven_rows_are_a_fault_of_the_program)
{
    kv_out out;
    kv_out_begin(&out, KV_OUT_PROGRESS);
    kv_out_integer(&out, 1);
    kv_out_end_row(&out);
    cr_assert_eq(kv_out_write(&out, "/nowhere", NULL), KV_ERR_INTERNAL);
}
