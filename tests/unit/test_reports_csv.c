/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "reports/csv_read.h"

#include "support/reports.h"

#include <criterion/criterion.h>
#include <math.h>

static kv_status read_text(const char *text, kv_csv *csv, kv_messages *messages)
{
    char folder[64];
    test_folder_make(folder);
    test_folder_put(folder, "t.csv", text);
    kv_status status = kv_csv_read(folder, "t.csv", csv, messages);
    test_folder_remove(folder);
    return status;
}

Test(csv, fields_by_name)
{
    kv_csv csv;
    cr_assert_eq(read_text("\xEF\xBB\xBF"
                           "a,b\n1,\"x, y\"\n2\n",
                           &csv, NULL),
                 KV_OK);
    cr_assert_eq(kv_csv_rows(&csv), 2);
    cr_assert_eq(kv_csv_column(&csv, "a"), 0);
    cr_assert_eq(kv_csv_column(&csv, "c"), -1);
    cr_assert_str_eq(kv_csv_field(&csv, 0, 1), "x, y");
    cr_assert_str_eq(kv_csv_field(&csv, 1, 1), "");
    cr_assert_str_eq(kv_csv_field(&csv, 1, -1), "");
    cr_assert_str_eq(kv_csv_field(&csv, 7, 0), "");
    cr_assert_eq(kv_csv_number(&csv, 1, 0), 2);
    cr_assert(isnan(kv_csv_number(&csv, 0, 1)));
    kv_csv_clear(&csv);
}

Test(csv, empty_file_has_no_rows)
{
    kv_csv csv;
    cr_assert_eq(read_text("", &csv, NULL), KV_OK);
    cr_assert_eq(kv_csv_rows(&csv), 0);
    cr_assert_eq(kv_csv_column(&csv, "a"), -1);
    kv_csv_clear(&csv);
}

Test(csv, open_quote_is_a_fault)
{
    kv_csv csv;
    kv_messages *messages = kv_messages_create();
    cr_assert_eq(read_text("a\n\"x\n", &csv, messages), KV_ERR_INPUT);
    cr_assert_eq(kv_messages_faults(messages), 1);
    cr_assert_str_eq(kv_messages_get(messages, 0)->file, "t.csv");
    kv_csv_clear(&csv);
    kv_messages_free(messages);
}

Test(csv, missing_file_is_a_fault)
{
    kv_csv csv;
    cr_assert_eq(kv_csv_read("/nowhere", "t.csv", &csv, NULL), KV_ERR_IO);
    kv_csv_clear(&csv);
}

Test(csv, no_memory_at_any_point)
{
    char folder[64];
    test_folder_make(folder);
    test_folder_put(folder, "t.csv", "a,b\n1,2\n3,4\n");
    int done = 0;
    for (long n = 1; !done; n++) {
        kv_csv csv;
        kv_memory_fail_at(n, 0);
        kv_status status = kv_csv_read(folder, "t.csv", &csv, NULL);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY);
        done = status == KV_OK;
        kv_csv_clear(&csv);
        cr_assert_lt(n, 100);
    }
    test_folder_remove(folder);
}
