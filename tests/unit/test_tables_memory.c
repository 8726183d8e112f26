/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every allocation fails once: reading, viewing and writing end with KV_ERR_MEMORY and leak nothing. */
#include "base/memory.h"
#include "instances/generate.h"
#include "instances/new.h"
#include "instances/select.h"
#include "support/tables.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#if defined(__SANITIZE_ADDRESS__)
#define HAS_LEAK_CHECK 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LEAK_CHECK 1
#endif
#endif
#ifdef HAS_LEAK_CHECK
#include <sanitizer/lsan_interface.h>
#endif

static void expect_no_leak(void)
{
#ifdef HAS_LEAK_CHECK
    cr_expect_eq(__lsan_do_recoverable_leak_check(), 0, "something leaks");
#endif
}

/* Runs `work` with the n-th allocation failing, for all n until it needs fewer; returns that n. A
 * failure may be got over (giving back what was reserved too much), but only seldom. */
static long fail_each(kv_status (*work)(void), const char *what, long step)
{
    long tried = 0, survived = 0;
    for (long n = 1;; n += step) {
        long before = kv_memory_count();
        kv_memory_fail_at(n, 0);
        kv_status status = work();
        kv_memory_fail_at(0, 0);
        if (kv_memory_count() - before < n) {
            cr_expect_eq(status, KV_OK, "%s: %s", what, kv_status_text(status));
            cr_expect_lt(survived, 30 + tried / 10, "%s: %ld failures of %ld had no effect", what,
                         survived, tried);
            return n;
        }
        tried++;
        survived += status == KV_OK;
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY, "%s, allocation %ld: %s", what, n,
                  kv_status_text(status));
    }
}

static kv_status read_valid(void)
{
    tables files;
    kv_case *the_case = NULL;
    tables_valid(&files);
    kv_status status = tables_read(&files, "links.road.toll_eur_per_t=1", &the_case, NULL);
    cr_expect_eq(status == KV_OK, the_case != NULL);
    kv_case_free(the_case);
    return status;
}

Test(tables_memory, reading)
{
    long needed = fail_each(read_valid, "reading", 1);
    cr_expect_gt(needed, 100, "only %ld allocations were tried", needed);
    expect_no_leak();
}

/* With faults in the tables, either the faults or the lack of memory is told, never a case. */
Test(tables_memory, reading_faults)
{
    tables files;
    tables_valid(&files);
    tables_put(&files, "links.csv",
               "link,from,to,mode,length_km,color\nroad,town,prot,raod,x,red\n");
    tables_put(&files, "sites.csv", NULL);
    for (long n = 1; n < 600; n++) {
        kv_case *the_case = NULL;
        kv_memory_fail_at(n, 0);
        kv_messages *messages = kv_messages_create();
        kv_status status = tables_read(&files, NULL, &the_case, messages);
        kv_memory_fail_at(0, 0);
        cr_expect(status == KV_ERR_MEMORY || status == KV_ERR_INPUT, "allocation %ld: %s", n,
                  kv_status_text(status));
        cr_expect_null(the_case);
        kv_messages_free(messages);
    }
    expect_no_leak();
}

static kv_case *shared_case;

static kv_status view_all(void)
{
    unsigned char used[8];
    for (int s = 0; s < shared_case->scenarios.count; s++) {
        kv_case *view = NULL;
        kv_status status = kv_case_view(shared_case, s, &view);
        if (status == KV_OK)
            status = kv_freight_in_force(view, s, used);
        kv_case_view_free(view);
        if (status != KV_OK)
            return status;
    }
    return kv_case_check(shared_case, NULL);
}

Test(tables_memory, viewing_and_checking)
{
    tables files;
    tables_valid(&files);
    cr_assert_eq(tables_read(&files, NULL, &shared_case, NULL), KV_OK);
    cr_expect_gt(fail_each(view_all, "viewing", 1), 10);
    kv_case_free(shared_case);
    expect_no_leak();
}

static kv_status write_new(void)
{
    char folder[] = "/tmp/kvarken-memory-XXXXXX", command[128];
    cr_assert_not_null(mkdtemp(folder));
    kv_status status = kv_case_new(folder, NULL);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    cr_assert_eq(system(command), 0);
    return status;
}

Test(tables_memory, writing_a_new_case)
{
    cr_expect_gt(fail_each(write_new, "writing", 17), 100);
    expect_no_leak();
}

static kv_status write_manual(void)
{
    kv_text text = {0};
    kv_schema_manual(&text);
    kv_status status = text.failed ? KV_ERR_MEMORY : KV_OK;
    kv_text_clear(&text);
    return status;
}

static kv_status generate(void)
{
    kv_generate_parameters parameters = {8, 20, 5, 'F', 'T', 1};
    kv_text text = {0};
    kv_status status = kv_generate(&parameters, &text, NULL);
    kv_text_clear(&text);
    return status;
}

Test(tables_memory, manual_and_generator)
{
    cr_expect_gt(fail_each(write_manual, "manual", 1), 5);
    cr_expect_gt(fail_each(generate, "generator", 1), 7);
    expect_no_leak();
}
