/* SPDX-License-Identifier: GPL-3.0-or-later */
/* docs/benchmarks.md ends with the description of the tables that the code has. */
#include "base/file.h"
#include "base/memory.h"
#include "reports/benchmark.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#define PAGE KV_SOURCE_DIR "/docs/benchmarks.md"

/* With KV_UPDATE_GOLDEN=1 the generated part of the page is written anew. */
Test(docs_benchmarks, page_ends_with_the_tables_of_the_code)
{
    kv_text manual = {0};
    char *page = NULL;
    size_t length;
    kv_benchmark_manual(&manual);
    cr_assert_eq(kv_file_read(PAGE, &page, &length, NULL), KV_OK);
    char *generated = strstr(page, "### design.csv\n");
    size_t kept = generated ? (size_t)(generated - page) : length;
    if (getenv("KV_UPDATE_GOLDEN")) {
        kv_text fresh = {0};
        kv_text_add_bytes(&fresh, page, kept);
        kv_text_add(&fresh, manual.data);
        cr_assert_eq(kv_file_write(PAGE, fresh.data, fresh.length, NULL), KV_OK);
        kv_text_clear(&fresh);
    } else {
        cr_assert_not_null(generated);
        cr_assert_str_eq(generated, manual.data);
    }
    kv_free(page);
    kv_text_clear(&manual);
}
