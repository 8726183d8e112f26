/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small valid case in memory, and what the reader says to it once something is changed. */
#ifndef KV_TESTS_SUPPORT_TABLES_H
#define KV_TESTS_SUPPORT_TABLES_H

#include "instances/case.h"

enum { TABLES_MOST_FILES = 32 };

/* The files of a case; only the bytes that tables_edit made are owned. End with tables_clear. */
typedef struct tables {
    kv_case_file files[TABLES_MOST_FILES];
    int count;
    char *owned[TABLES_MOST_FILES];
    int n_owned;
} tables;

/* A case of three places that uses every table and reads without faults and warnings. */
void tables_valid(tables *files);
/* Replace a file's text, or leave the file out (NULL), or add one. */
void tables_put(tables *files, const char *name, const char *text);
/* Replace the first `old` in the file by `now`; aborts when there is none. */
void tables_edit(tables *files, const char *name, const char *old, const char *now);
void tables_clear(tables *files);

/* Read the case, with one setting of --set or NULL. The caller frees *the_case. */
kv_status tables_read(const tables *files, const char *set, kv_case **the_case,
                      kv_messages *messages);
/* All messages, sorted, one a line: "fault links.csv:2:3: ..." ; "" for none. The caller frees it with
 * kv_free. */
char *tables_messages(const tables *files, const char *set);

/* Replace `old` by `now` in a file; old = NULL: `now` is the whole file, or NULL to leave it out. */
typedef struct tables_change {
    const char *file, *old, *now;
} tables_change;

/* What must be said to the valid case once it is changed: all messages, in order. */
typedef struct tables_case {
    const char *name;
    tables_change changes[6];
    const char *set, *messages;
} tables_case;

/* The messages of a case; the caller frees them with kv_free. */
char *tables_case_messages(const tables_case *one);

#endif
