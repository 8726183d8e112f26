/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another program, run with a limit on its time, and what it took. */
#ifndef KV_TESTS_BENCH_SUPPORT_CHILD_H
#define KV_TESTS_BENCH_SUPPORT_CHILD_H

#include "base/process.h"
#include "base/text.h"

typedef struct bench_child {
    kv_process_end end;
    kv_text out; /* what it printed on standard output and error */
} bench_child;

/* Run words[0] (looked for on the PATH) with its words, NULL-ended, until it ends or has used `limit`
 * seconds of processor time or four times as many of the clock. 0, or -1 when it can't be started.
 * The caller clears child->out. */
int bench_child_run(const char *const *words, double limit, bench_child *child);

/* 1 = there is a program of that name on the PATH. */
int bench_on_path(const char *program);

#endif
