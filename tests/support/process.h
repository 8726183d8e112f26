/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs the built program from a test, and makes and removes folders for it. */
#ifndef KV_TESTS_SUPPORT_PROCESS_H
#define KV_TESTS_SUPPORT_PROCESS_H

#include <stddef.h>

typedef struct test_run {
    int exit;        /* exit status, or -1 when a signal ended it */
    int signal;      /* that signal, else 0 */
    char *out, *err; /* all that it printed; end with test_run_clear */
} test_run;

/* Path of the program: the environment's KV_PROGRAM, else the one of the build. */
const char *test_program(void);

/* Run it with the words after the program's name; the last one is NULL. Aborts the test where it
 * can't be started. */
test_run test_kvarken(const char *const *words);

/* The same; `signal` is sent `after` seconds after the start, and again after every further
 * `after` seconds when `again`. */
test_run test_kvarken_signal(const char *const *words, int signal, double after, int again);

void test_run_clear(test_run *run);

/* A new empty folder for the test; free the text. */
char *test_folder(void);
/* dir/name; free the text. */
char *test_path(const char *dir, const char *name);
/* The whole file, or NULL; free the text. */
char *test_read(const char *path);
void test_write(const char *path, const char *text);
/* Removes a folder and all in it. */
void test_remove(const char *path);
/* A copy of a folder of plain files. */
void test_copy_folder(const char *from, const char *to);
/* Files in a folder; -1 when there is no such folder. Hidden files count too. */
int test_count_files(const char *path);

#endif
