/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/status.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

/* Opaque to the compiler, which would warn of sizes that it can see are too large. */
static volatile size_t huge = SIZE_MAX;

Test(memory, gives_zeroed_blocks)
{
    unsigned char *block = kv_alloc(1000, 3);
    cr_assert_not_null(block);
    for (int i = 0; i < 3000; i++)
        cr_assert_eq(block[i], 0);
    kv_free(block);
}

Test(memory, a_count_of_zero_is_a_block_too)
{
    void *none = kv_alloc(0, 8);
    void *nothing = kv_alloc(8, 0);
    cr_assert_not_null(none);
    cr_assert_not_null(nothing);
    none = kv_realloc(none, 0, 8);
    cr_assert_not_null(none);
    kv_free(none);
    kv_free(nothing);
    kv_free(NULL);
}

Test(memory, sizes_that_overflow_are_refused)
{
    cr_assert_null(kv_alloc(huge / 2, 4));
    cr_assert_null(kv_alloc(huge, 1));
    cr_assert_null(kv_alloc(1, huge));
    char *old = kv_strdup("kept");
    cr_assert_null(kv_realloc(old, huge / 8 + 1, 8));
    cr_assert_str_eq(old, "kept");
    kv_free(old);
}

Test(memory, realloc_keeps_what_was_there)
{
    char *text = kv_realloc(NULL, 4, 1);
    memcpy(text, "abc", 4);
    text = kv_realloc(text, 100000, 1);
    cr_assert_str_eq(text, "abc");
    kv_free(text);
}

Test(memory, reserve_grows_geometrically)
{
    void *items = NULL;
    size_t capacity = 0;
    int growths = 0;
    for (size_t n = 1; n <= 10000; n++) {
        size_t before = capacity;
        cr_assert_eq(kv_reserve(&items, &capacity, n, sizeof(double)), 0);
        cr_assert_geq(capacity, n);
        growths += capacity != before;
        ((double *)items)[n - 1] = (double)n;
    }
    cr_assert_lt(growths, 20);
    cr_assert_eq(((double *)items)[0], 1.0);
    kv_free(items);
}

Test(memory, reserve_changes_nothing_when_it_fails)
{
    void *items = NULL;
    size_t capacity = 0;
    cr_assert_eq(kv_reserve(&items, &capacity, 3, 8), 0);
    void *items_before = items;
    size_t before = capacity;
    cr_assert_eq(kv_reserve(&items, &capacity, huge / 4, 8), -1);
    cr_assert_eq(kv_reserve(&items, &capacity, huge, 1), -1);
    kv_memory_fail_at(1, 0);
    cr_assert_eq(kv_reserve(&items, &capacity, before + 1, 8), -1);
    kv_memory_fail_at(0, 0);
    cr_assert_eq(items, items_before);
    cr_assert_eq(capacity, before);
    kv_free(items);
}

Test(memory, reserve_of_nothing_does_nothing)
{
    void *items = NULL;
    size_t capacity = 0;
    cr_assert_eq(kv_reserve(&items, &capacity, 0, 8), 0);
    cr_assert_null(items);
}

Test(memory, the_nth_allocation_fails_once)
{
    kv_memory_fail_at(3, 0);
    for (int i = 1; i <= 5; i++) {
        void *block = kv_alloc(1, 1);
        cr_assert_eq(block == NULL, i == 3);
        kv_free(block);
    }
    kv_memory_fail_at(0, 0);
}

Test(memory, a_sticky_failure_stays)
{
    kv_memory_fail_at(2, 1);
    for (int i = 1; i <= 4; i++) {
        void *block = kv_realloc(NULL, 1, 1);
        cr_assert_eq(block == NULL, i >= 2);
        kv_free(block);
    }
    kv_memory_fail_at(0, 0);
    char *copy = kv_strdup("again");
    cr_assert_str_eq(copy, "again");
    kv_free(copy);
}

Test(memory, allocations_are_counted)
{
    long before = kv_memory_count();
    void *block = kv_alloc(1, 1);
    block = kv_realloc(block, 2, 1);
    cr_assert_eq(kv_memory_count(), before + 2);
    kv_free(block);
}

Test(status, every_status_has_a_text_of_its_own)
{
    for (int a = KV_OK; a <= KV_ERR_INTERNAL; a++) {
        const char *text = kv_status_text((kv_status)a);
        cr_assert_str_neq(text, "unknown status");
        for (int b = KV_OK; b < a; b++)
            cr_assert_str_neq(text, kv_status_text((kv_status)b));
    }
    cr_assert_str_eq(kv_status_text((kv_status)(KV_ERR_INTERNAL + 1)), "unknown status");
}
