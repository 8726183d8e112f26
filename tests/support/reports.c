/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _XOPEN_SOURCE 700
#include "support/reports.h"

#include "base/file.h"
#include "base/memory.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void test_folder_make(char *folder)
{
    strcpy(folder, "/tmp/kvarken-test-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

void test_folder_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return;
    for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        char path[512];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        unlink(path);
    }
    closedir(dir);
    rmdir(folder);
}

void test_folder_put(const char *folder, const char *name, const char *text)
{
    char *path = kv_path_join(folder, name);
    cr_assert_eq(kv_file_write(path, text, strlen(text), NULL), KV_OK);
    kv_free(path);
}

static int scenario_row(const kv_case *the_case, const char *name)
{
    for (int i = 0; i < the_case->scenarios.count; i++) {
        if (strcmp(the_case->scenarios.rows[i].scenario, name) == 0)
            return i;
    }
    return -1;
}

test_report test_report_solve(const char *folder, const char *scenario)
{
    test_report report = {0};
    report.the_case = test_read_case(folder);
    report.solved = test_build(report.the_case, scenario_row(report.the_case, scenario), NULL);
    test_solve_nothing(&report.solved, "glpk");
    test_solve(&report.solved, "glpk", KV_STRONG);
    report.result = (kv_result){.the_case = report.the_case,
                                .problem = report.solved.problem,
                                .map = report.solved.map,
                                .plan = report.solved.plan,
                                .do_nothing = report.solved.nothing,
                                .scenario = scenario,
                                .engine = "glpk",
                                .threads = 1};
    test_folder_make(report.folder);
    return report;
}

test_report test_report_tutorial(const char *scenario)
{
    return test_report_solve(KV_SOURCE_DIR "/instances/tutorial", scenario);
}

void test_report_write(const test_report *report)
{
    kv_messages *messages = kv_messages_create();
    kv_status status = kv_result_write(&report->result, report->folder, messages);
    cr_assert_eq(status, KV_OK, "%s", kv_status_text(status));
    kv_messages_free(messages);
}

void test_report_clear(test_report *report)
{
    test_solved_clear(&report->solved);
    kv_case_free(report->the_case);
    test_folder_remove(report->folder);
}

kv_csv test_report_table(const test_report *report, const char *name)
{
    kv_csv csv;
    cr_assert_eq(kv_csv_read(report->folder, name, &csv, NULL), KV_OK, "%s", name);
    return csv;
}

char *test_report_file(const test_report *report, const char *name)
{
    char *path = kv_path_join(report->folder, name), *data = NULL;
    size_t length;
    cr_assert_eq(kv_file_read(path, &data, &length, NULL), KV_OK, "%s", name);
    kv_free(path);
    return data;
}
