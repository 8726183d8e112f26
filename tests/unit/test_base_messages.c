/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"
#include "base/messages.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static void expect_text(const kv_messages *list, size_t i, const char *expected)
{
    char *text = kv_message_text(kv_messages_get(list, i));
    cr_assert_str_eq(text, expected);
    kv_free(text);
}

Test(messages, are_kept_whole)
{
    kv_messages *list = kv_messages_create();
    char file[] = "links.csv";
    kv_where where = {file, 12, 4, "length_km", "abc"};
    kv_messages_add(list, KV_FAULT, &where, "write a number", "'%s' is not a number", "abc");
    file[0] = 'X'; /* the list has a copy */
    const kv_message *message = kv_messages_get(list, 0);
    cr_assert_eq(message->severity, KV_FAULT);
    cr_assert_str_eq(message->file, "links.csv");
    cr_assert_eq(message->line, 12);
    cr_assert_eq(message->field, 4);
    cr_assert_str_eq(message->column, "length_km");
    cr_assert_str_eq(message->value, "abc");
    cr_assert_str_eq(message->what, "'abc' is not a number");
    cr_assert_str_eq(message->mend, "write a number");
    expect_text(list, 0, "links.csv:12:4: length_km: 'abc' is not a number; write a number");
    cr_assert_null(kv_messages_get(list, 1));
    kv_messages_free(list);
}

Test(messages, texts_of_less)
{
    kv_messages *list = kv_messages_create();
    kv_where whole = {.file = "case.csv"};
    kv_where value = {.file = "case.csv", .line = 2, .value = "SKE"};
    kv_where field_only = {.file = "case.csv", .field = 3};
    kv_where line_only = {.line = 7};
    kv_messages_add(list, KV_FAULT, NULL, NULL, "nothing works");
    kv_messages_add(list, KV_FAULT, &whole, NULL, "the table is empty");
    kv_messages_add(list, KV_FAULT, &value, NULL, "the currency is unknown");
    kv_messages_add(list, KV_FAULT, &field_only, NULL, "a heading is missing");
    kv_messages_add(list, KV_WARNING, &line_only, NULL, "odd");
    kv_messages_add(list, KV_WARNING, NULL, NULL, "%s", "");
    expect_text(list, 0, "nothing works");
    expect_text(list, 1, "case.csv: the table is empty");
    expect_text(list, 2, "case.csv:2: 'SKE': the currency is unknown");
    expect_text(list, 3, "case.csv: a heading is missing");
    expect_text(list, 4, "line 7: odd");
    expect_text(list, 5, "");
    kv_messages_free(list);
}

Test(messages, a_terminal_is_safe_from_what_a_file_holds)
{
    kv_messages *list = kv_messages_create();
    kv_where where = {.file = "a\nb.csv", .line = 1, .value = "\x1b[2J\x7f"};
    kv_messages_add(list, KV_FAULT, &where, "x\ty", "bad\r");
    expect_text(list, 0, "a?b.csv:1: '?[2J?': bad?; x?y");
    kv_messages_free(list);
}

/* The length of the message's text when its value is `value`. */
static size_t text_length(const char *value)
{
    kv_messages *list = kv_messages_create();
    kv_where where = {.value = value};
    kv_messages_add(list, KV_FAULT, &where, NULL, "long");
    char *text = kv_message_text(kv_messages_get(list, 0));
    size_t length = strlen(text);
    kv_free(text);
    kv_messages_free(list);
    return length;
}

Test(messages, long_values_are_cut_between_characters)
{
    static const char rest[] = "...': long";
    char value[202] = "x";
    for (int i = 0; i < 100; i++)
        strcat(value, "å"); /* 2 bytes, so that byte 60 of `value` is inside one */
    cr_assert_eq(text_length(value + 1), 1 + 60 + strlen(rest));
    cr_assert_eq(text_length(value), 1 + 59 + strlen(rest));
    value[61] = 0;
    cr_assert_eq(text_length(value + 1), strlen("'': long") + 60);
}

Test(messages, at_most_a_thousand_of_each_are_kept)
{
    kv_messages *list = kv_messages_create();
    for (int i = 0; i < 1500; i++)
        kv_messages_add(list, KV_FAULT, NULL, NULL, "fault %d", i);
    for (int i = 0; i < 1200; i++)
        kv_messages_add(list, KV_WARNING, NULL, NULL, "warning %d", i);
    cr_assert_eq(kv_messages_count(list), 2000);
    cr_assert_eq(kv_messages_faults(list), 1500);
    cr_assert_eq(kv_messages_warnings(list), 1200);
    cr_assert_not(kv_messages_lost(list));
    kv_messages_free(list);
}

Test(messages, sorting_is_by_place_and_stable)
{
    static const kv_where places[] = {{.file = "b.csv", .line = 1},
                                      {.file = "a.csv", .line = 10, .field = 2},
                                      {.file = "a.csv", .line = 9, .field = 5},
                                      {.file = "a.csv", .line = 10, .field = 1},
                                      {.file = NULL},
                                      {.file = "a.csv", .line = 10, .field = 1}};
    static const int expected[] = {4, 2, 3, 5, 1, 0};
    kv_messages *list = kv_messages_create();
    for (int i = 0; i < 6; i++)
        kv_messages_add(list, KV_FAULT, &places[i], NULL, "%d", i);
    kv_messages_sort(list);
    kv_messages_sort(list);
    for (int i = 0; i < 6; i++)
        cr_assert_eq(atoi(kv_messages_get(list, (size_t)i)->what), expected[i], "at %d", i);
    kv_messages_free(list);
}

Test(messages, no_list_is_allowed)
{
    kv_messages_add(NULL, KV_FAULT, NULL, NULL, "nobody hears");
    kv_messages_sort(NULL);
    cr_assert_eq(kv_messages_count(NULL), 0);
    cr_assert_eq(kv_messages_faults(NULL), 0);
    cr_assert_eq(kv_messages_warnings(NULL), 0);
    cr_assert_eq(kv_messages_lost(NULL), 0);
    cr_assert_null(kv_messages_get(NULL, 0));
    kv_messages_free(NULL);
}

/* Returns 1 when no allocation failed. */
static int add_some(void)
{
    kv_where where = {"links.csv", 12, 4, "length_km", "abc"};
    kv_messages *list = kv_messages_create();
    if (!list)
        return 0;
    for (int i = 0; i < 20; i++)
        kv_messages_add(list, KV_FAULT, &where, "mend it", "number %d", i);
    int complete = !kv_messages_lost(list);
    cr_assert_eq(kv_messages_faults(list), 20);
    cr_assert_eq(kv_messages_count(list) == 20, complete);
    for (size_t i = 0; i < kv_messages_count(list); i++) {
        char *text = kv_message_text(kv_messages_get(list, i));
        cr_assert(!text || strncmp(text, "links.csv:12:4: length_km: 'abc': number ", 41) == 0);
        complete = complete && text;
        kv_free(text);
    }
    kv_messages_free(list);
    return complete;
}

Test(messages, failing_allocations)
{
    for (int sticky = 0; sticky <= 1; sticky++) {
        for (long n = 1;; n++) {
            kv_memory_fail_at(n, sticky);
            int complete = add_some();
            kv_memory_fail_at(0, 0);
            if (complete)
                break;
            cr_assert_lt(n, 1000);
        }
    }
}
