/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of instances: what they may hold, and that all their faults are told at once. */
#include "base/memory.h"
#include "cli/bench/list.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A folder with empty files a.dow, b.dow, c.dow and s64, and a folder `tables`. */
static char *folder_of_files(void)
{
    static const char *const names[] = {"a.dow", "b.dow", "c.dow", "s64", "d e.dow"};
    char *dir = test_folder();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *path = test_path(dir, names[i]);
        test_write(path, "");
        free(path);
    }
    char *tables = test_path(dir, "tables");
    cr_assert_eq(mkdir(tables, 0777), 0);
    free(tables);
    return dir;
}

static cli_bench_list parse(const char *text, const char *dir)
{
    cli_bench_list list;
    kv_messages *messages = kv_messages_create();
    kv_status status = cli_bench_list_parse(text, "list.csv", dir, &list, messages);
    char *first =
        kv_messages_count(messages) ? kv_message_text(kv_messages_get(messages, 0)) : NULL;
    cr_assert_eq(status, KV_OK, "%s", first);
    kv_messages_free(messages);
    return list;
}

/* Each expected text stands in one message; there are no more. */
static void expect_faults(const char *text, const char *dir, const char *const *faults)
{
    cli_bench_list list;
    kv_messages *messages = kv_messages_create();
    size_t n = 0;
    cr_assert_eq(cli_bench_list_parse(text, "list.csv", dir, &list, messages), KV_ERR_INPUT);
    kv_messages_sort(messages);
    for (; faults[n]; n++) {
        cr_assert_lt(n, kv_messages_count(messages), "'%s' is missing", faults[n]);
        char *found = kv_message_text(kv_messages_get(messages, n));
        cr_assert(strstr(found, faults[n]), "'%s' is not in '%s'", faults[n], found);
        kv_free(found);
    }
    cr_assert_eq(kv_messages_count(messages), n);
    kv_messages_free(messages);
    cli_bench_list_clear(&list);
}

#define EXPECT_FAULTS(text, dir, ...)                                                              \
    expect_faults(text, dir, (const char *const[]){__VA_ARGS__, NULL})

Test(bench_list, paths_alone)
{
    char *dir = folder_of_files(), *path = test_path(dir, "b.dow");
    cli_bench_list list =
        parse("# comment\n\na.dow\r\n  b.dow  \n#c.dow\ns64 , c.dow\ntables", dir);
    cr_assert_eq(list.count, 4);
    cr_assert_str_eq(list.instance[0].name, "a");
    cr_assert_eq(list.instance[0].line, 3);
    cr_assert_str_eq(list.instance[1].path, path);
    cr_assert_null(list.instance[1].topology);
    cr_assert_str_eq(list.instance[2].name, "s64@c");
    cr_assert_not_null(strstr(list.instance[2].topology, "/c.dow"));
    cr_assert_str_eq(list.instance[3].name, "tables");
    cr_assert(isnan(list.instance[3].best_known));
    cli_bench_list_clear(&list);
    test_remove(dir);
    free(path);
    free(dir);
}

Test(bench_list, columns_of_a_header)
{
    char *dir = folder_of_files();
    cli_bench_list list = parse(
        "\xEF\xBB\xBF"
        "best_known,instance,capacity,modules,commodities,scenario,name\n"
        "1234.5,a.dow,8000,one,pairs,,\n,tables,,,,joint,\n,\"d e.dow\",,,,,\"x \"\"y\"\"\"\n",
        dir);
    const char *words[CLI_CASE_WORDS];
    cr_assert_eq(list.count, 3);
    cr_assert_eq(list.instance[0].best_known, 1234.5);
    cr_assert_str_eq(list.instance[0].name, "a@8000@one@pairs");
    cr_assert_str_eq(list.instance[1].name, "tables@joint");
    cr_assert_str_eq(list.instance[2].name, "x \"y\"");
    cr_assert_eq(cli_bench_case_words(&list.instance[0], 1, words), 6);
    cr_assert_str_eq(words[0], "--capacity");
    cr_assert_str_eq(words[5], "pairs");
    cr_assert_eq(cli_bench_case_words(&list.instance[1], 1, words), 2);
    cr_assert_str_eq(words[1], "joint");
    cr_assert_eq(cli_bench_case_words(&list.instance[1], 0, words), 0);
    cli_bench_list_clear(&list);
    test_remove(dir);
    free(dir);
}

Test(bench_list, all_faults_at_once)
{
    char *dir = folder_of_files();
    EXPECT_FAULTS("instance,capacity,modules,commodities,best_known\n"
                  "a.dow,much,two,three,few\n"
                  "a.dow,-1\n"
                  "nowhere.dow\n"
                  "b.dow,1,many,pairs,5,6\n"
                  ",1\n"
                  "\"b.dow\n",
                  dir, "list.csv:2:2: 'much': it is no number", "list.csv:2:3: 'two': it is none",
                  "list.csv:2:4: 'three': it is none", "list.csv:2:5: 'few': it is no number",
                  "list.csv:3:2: '-1'", "list.csv:4:1: '", "list.csv:5:6: '6': there is no column",
                  "list.csv:6:1: the instance is missing",
                  "list.csv:7:1: the field's quotes do not match");
    test_remove(dir);
    free(dir);
}

Test(bench_list, faults_of_the_header_and_of_names)
{
    char *dir = folder_of_files();
    EXPECT_FAULTS("instance,topologie,instance\na.dow\n", dir,
                  "list.csv:1:2: 'topologie': there is no such column",
                  "list.csv:1:3: 'instance': the column is there twice");
    EXPECT_FAULTS("a.dow\na.dow\n", dir,
                  "list.csv:2:1: 'a': an instance of the same name stands further up");
    EXPECT_FAULTS("instance,name\na.dow,x y\nb.dow,x_y\nc.dow,x-y", dir,
                  "list.csv:3:1: 'x_y': an instance of the same name");
    EXPECT_FAULTS("a.dow,b.dow,5\n", dir, "list.csv:1:3: '5': there is no column for it");
    EXPECT_FAULTS("a.dow,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16\n", dir,
                  "list.csv:1:16: the line has too many fields");
    EXPECT_FAULTS("# nothing\n", dir, "list.csv: the list has no instance");
    test_remove(dir);
    free(dir);
}

Test(bench_list, every_lost_allocation_is_told)
{
    char *dir = folder_of_files();
    int failed = 1;
    for (long n = 1; failed; n++) {
        cli_bench_list list;
        kv_memory_fail_at(n, 1);
        kv_status status = cli_bench_list_parse("instance,capacity\na.dow,1\ns64,2\n", "list.csv",
                                                dir, &list, NULL);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY);
        failed = status != KV_OK;
        cr_assert(failed || n > 8);
        cli_bench_list_clear(&list);
    }
    test_remove(dir);
    free(dir);
}
