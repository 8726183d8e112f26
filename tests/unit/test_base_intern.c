/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/intern.h"
#include "base/memory.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

Test(pool, numbers_strings_in_order_of_first_sight)
{
    kv_pool *pool = kv_pool_create();
    cr_assert_eq(kv_pool_count(pool), 0);
    cr_assert_eq(kv_pool_add(pool, "UME", 3), 0);
    cr_assert_eq(kv_pool_add(pool, "VAA", 3), 1);
    cr_assert_eq(kv_pool_add(pool, "UME", 3), 0);
    cr_assert_eq(kv_pool_add(pool, "", 0), 2);
    cr_assert_eq(kv_pool_count(pool), 3);
    cr_assert_str_eq(kv_pool_text(pool, 0), "UME");
    cr_assert_str_eq(kv_pool_text(pool, 2), "");
    kv_pool_free(pool);
}

Test(pool, a_part_of_a_string_is_enough)
{
    kv_pool *pool = kv_pool_create();
    const char *line = "UME,VAA";
    kv_pool_add(pool, line, 3);
    kv_pool_add(pool, line + 4, 3);
    cr_assert_eq(kv_pool_find(pool, "VAA and more", 3), 1);
    cr_assert_eq(kv_pool_find(pool, "VAA", 2), -1);
    cr_assert_eq(kv_pool_find(pool, "LUL", 3), -1);
    kv_pool_free(pool);
}

Test(pool, wrong_numbers_have_no_text)
{
    kv_pool *pool = kv_pool_create();
    cr_assert_null(kv_pool_text(pool, 0));
    cr_assert_null(kv_pool_text(pool, -1));
    kv_pool_free(pool);
    kv_pool_free(NULL);
}

Test(pool, texts_stay_where_they_are)
{
    enum { COUNT = 20000 };
    kv_pool *pool = kv_pool_create();
    kv_pool_add(pool, "first", 5);
    const char *first = kv_pool_text(pool, 0);
    char text[20];
    for (int i = 1; i < COUNT; i++) {
        int length = snprintf(text, sizeof text, "place %d", i);
        cr_assert_eq(kv_pool_add(pool, text, (size_t)length), i);
    }
    cr_assert_eq(kv_pool_text(pool, 0), first);
    for (int i = 1; i < COUNT; i++) {
        int length = snprintf(text, sizeof text, "place %d", i);
        cr_assert_eq(kv_pool_find(pool, text, (size_t)length), i);
    }
    kv_pool_free(pool);
}

Test(pool, failing_allocations_change_nothing)
{
    for (long n = 1;; n++) {
        int failures = 0;
        kv_memory_fail_at(n, 0);
        kv_pool *pool = kv_pool_create();
        for (int i = 0; pool && i < 200; i++) {
            char text[20];
            size_t length = (size_t)snprintf(text, sizeof text, "%d", i);
            if (kv_pool_add(pool, text, length) < 0) {
                failures++;
                cr_assert_eq(kv_pool_find(pool, text, length), -1);
                cr_assert_eq(kv_pool_add(pool, text, length), i);
            }
        }
        kv_memory_fail_at(0, 0);
        cr_assert(!pool || kv_pool_count(pool) == 200);
        int complete = pool && failures == 0;
        kv_pool_free(pool);
        if (complete)
            break;
        cr_assert_lt(n, 1000);
    }
}
