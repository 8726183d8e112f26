/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plan and bound of a run over time, and the measures that follow from them. All models minimise. */
#ifndef KV_REPORTS_BENCH_TRACE_H
#define KV_REPORTS_BENCH_TRACE_H

#include "base/messages.h"
#include "base/status.h"
#include "reports/csv_read.h"

#include <stddef.h>

typedef struct kv_trace_point {
    double seconds; /* since the start of the run */
    double primal;  /* cost of the best plan so far; NaN = none */
    double bound;   /* best bound so far; NaN = none */
} kv_trace_point;

typedef struct kv_trace {
    kv_trace_point *point; /* [count], by time once kv_trace_settle was called */
    size_t count, capacity;
    int failed; /* 1 = out of memory at some point */
} kv_trace;     /* start with {0}; end with kv_trace_clear */

/* Something was found at that time; NaN for what was not. Values of 1e30 and beyond say nothing. */
void kv_trace_add(kv_trace *trace, double seconds, double primal, double bound);

/* In the order of time, each point the best so far, points that say nothing new left out. A claimed
 * plan that is better than `final` (NaN = not known), the cost of the plan handed over in the end, is
 * taken to cost that. */
void kv_trace_settle(kv_trace *trace, double final);

void kv_trace_clear(kv_trace *trace);

/* When (primal - bound)/|primal| was first at most `gap`, NaN = never. Of a settled trace. */
double kv_trace_time_to(const kv_trace *trace, double gap);
/* When (primal - bound)/(do_nothing - bound) was; NaN too without do_nothing. */
double kv_trace_time_to_decision(const kv_trace *trace, double gap, double do_nothing);

/*
 * Primal integral over [0, limit], in s (Berthold 2013, "Measuring the impact of primal heuristics",
 * Operations Research Letters 41, equations 1 and 2): the integral of the primal gap
 * |best - primal|/max(|best|, |primal|), which is 1 without a plan and where the signs differ, and 0
 * where both are 0. After the run's end its last plan counts on. Of a settled trace; NaN when best
 * is.
 */
double kv_trace_primal_integral(const kv_trace *trace, double best, double limit);

/* Adds the rows of a table with the columns seconds, bound and `primal`. KV_OK or KV_ERR_MEMORY. */
kv_status kv_trace_take(const kv_csv *csv, const char *primal, kv_trace *trace);

/* A CSV file with the columns seconds, primal, bound. Reading gives a settled trace. */
kv_status kv_trace_write(const kv_trace *trace, const char *path, kv_messages *messages);
kv_status kv_trace_read(const char *dir, const char *name, kv_trace *trace, kv_messages *messages);

#endif
