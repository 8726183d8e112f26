/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of instances of `kvarken bench`. */
#ifndef KV_CLI_BENCH_LIST_H
#define KV_CLI_BENCH_LIST_H

#include "base/messages.h"
#include "base/status.h"

#include <stddef.h>

/* An instance: a benchmark file or a folder of tables, and the options that go with it. */
typedef struct cli_bench_instance {
    char *name; /* in all tables; no two are the same, nor are their files' names */
    char *path; /* from the current folder */
    /* as on a command line; NULL = not given */
    char *topology, *scenario, *capacity, *modules, *commodities;
    double best_known; /* NaN = not given */
    long line;         /* of the list */
} cli_bench_instance;

typedef struct cli_bench_list {
    cli_bench_instance *instance; /* [count] */
    size_t count, capacity;
} cli_bench_list; /* end with cli_bench_list_clear */

/*
 * Read the list `path`, "-" for standard input. docs/benchmarks.md says what it may hold. All faults
 * go to the messages at once, with line and column. KV_OK, KV_ERR_INPUT, KV_ERR_IO, KV_ERR_MEMORY;
 * clear in any case.
 */
kv_status cli_bench_list_read(const char *path, cli_bench_list *list, kv_messages *messages);
/* The same of a text; `name` is for messages, paths are relative to `folder` ("" = the current one). */
kv_status cli_bench_list_parse(const char *text, const char *name, const char *folder,
                               cli_bench_list *list, kv_messages *messages);
/* Read each instance of the list `path` and its scenario, as a run would. KV_OK, KV_ERR_INPUT with
 * the faults of all, KV_ERR_MEMORY. */
kv_status cli_bench_list_try(const cli_bench_list *list, const char *path, kv_messages *messages);
void cli_bench_list_clear(cli_bench_list *list);

enum { CLI_CASE_WORDS = 10 };
/* The options of the instance as words of a command line, --scenario for commands that have it;
 * returns how many. */
int cli_bench_case_words(const cli_bench_instance *instance, int with_scenario,
                         const char *words[CLI_CASE_WORDS]);

#endif
