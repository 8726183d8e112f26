/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Solved cases and the folders of results that they leave, for tests of the reports. */
#ifndef KV_TESTS_SUPPORT_REPORTS_H
#define KV_TESTS_SUPPORT_REPORTS_H

#include "reports/csv_read.h"
#include "reports/result.h"
#include "support/solve_case.h"

typedef struct test_report {
    kv_case *the_case;
    test_solved solved;
    kv_result result;
    char folder[64]; /* a fresh temporary folder, for the results */
} test_report;

/* The case in `folder` solved to optimality with glpk, with doing nothing, for the scenario of that
 * name or "joint". Nothing is written yet. Aborts the test when it can't. */
test_report test_report_solve(const char *folder, const char *scenario);
/* The bundled tutorial case. */
test_report test_report_tutorial(const char *scenario);
/* Writes all results; aborts the test when it can't. */
void test_report_write(const test_report *report);
/* Frees all and removes the folder. */
void test_report_clear(test_report *report);

/* A result table or file of the report's folder; aborts the test when it isn't there. */
kv_csv test_report_table(const test_report *report, const char *name);
char *test_report_file(const test_report *report, const char *name); /* kv_free */

/* A fresh temporary folder, into folder[64]; and its removal with all files in it. */
void test_folder_make(char *folder);
void test_folder_remove(const char *folder);
/* Writes a file into the folder. */
void test_folder_put(const char *folder, const char *name, const char *text);

#endif
