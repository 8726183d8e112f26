/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checker: whether the plan and the bound in a folder of results are what they say, recomputed in
 * exact arithmetic from the case alone. Shares no code with formulations and solver.
 */
#ifndef KV_REPORTS_CHECKER_CHECK_H
#define KV_REPORTS_CHECKER_CHECK_H

#include "base/messages.h"
#include "base/status.h"
#include "base/text.h"
#include "instances/benchmark/benchmark.h"
#include "instances/case.h"

typedef struct kv_check_options {
    int judge_claims; /* 1 = the engine's own bound and gaps have to be confirmed too */
} kv_check_options;

typedef struct kv_check_result {
    long failed;             /* checks that failed; 0 = all is confirmed */
    long rows;               /* rows of the plan that were verified */
    long flows;              /* flows that were priced */
    double objective, bound; /* recomputed; NaN = none, bound is rounded downwards */
    kv_text report;          /* for people; clear with kv_text_clear */
} kv_check_result;

/*
 * Check the results in folder `dir` of a case that was read and checked. KV_OK also when checks
 * failed; KV_ERR_INPUT, KV_ERR_IO (a file can't be read: messages), KV_ERR_MEMORY.
 * NULL options: what is certified, and "optimal", is judged.
 */
kv_status kv_check(const kv_case *the_case, const char *dir, const kv_check_options *options,
                   kv_check_result *result, kv_messages *messages);

/* The same for a benchmark file. */
kv_status kv_check_benchmark(const kv_benchmark *benchmark, const char *dir,
                             const kv_check_options *options, kv_check_result *result,
                             kv_messages *messages);

#endif
