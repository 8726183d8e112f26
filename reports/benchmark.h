/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a solve leaves of a benchmark instance. Internal to reports/. */
#ifndef KV_REPORTS_BENCHMARK_H
#define KV_REPORTS_BENCHMARK_H

#include "reports/report.h"

/* The tables of a benchmark's plan, in the form of kv_report_tables; ends with file == NULL. */
extern const kv_report_table kv_benchmark_tables[];

/* The section of docs/benchmarks.md on these tables and those of a comparison, in Markdown. */
void kv_benchmark_manual(kv_text *out);

/* result->benchmark is set, the_case and map are NULL. As kv_result_write. */
kv_status kv_benchmark_result_write(const kv_result *result, const char *dir,
                                    kv_messages *messages);

/* summary.txt (reports/benchmark_summary.c). */
kv_status kv_benchmark_summary(const kv_report *report, const char *dir, kv_messages *messages);

#endif
