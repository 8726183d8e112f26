/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What other solvers print while they work, read line by line as it comes. */
#ifndef KV_REPORTS_BENCH_LOG_H
#define KV_REPORTS_BENCH_LOG_H

#include "reports/bench/trace.h"

typedef enum kv_log_outcome {
    KV_LOG_UNFINISHED, /* it has not said how it ended */
    KV_LOG_SOLVED,     /* proved within the gap asked for */
    KV_LOG_LIMIT,      /* stopped by its limit */
    KV_LOG_INFEASIBLE
} kv_log_outcome;

typedef struct kv_log {
    kv_trace trace;   /* as it came; kv_log_end settles it */
    char version[32]; /* "" = not said */
    kv_log_outcome outcome;
    double primal, bound; /* as last said; NaN = none */
    long nodes;           /* -1 = not said */
    /* of the readers */
    double relaxation; /* objective of the LP at work */
    double completed;  /* s, when the search was said to be over; NaN = not yet */
    int column[4];     /* of a table: time, nodes, bound, primal; -1 = none */
} kv_log;

/*
 * One line without its end, `seconds` after the start of the run. A line that has a clock of its own
 * counts at the earlier of the two times, any other at `seconds`.
 */
typedef void kv_log_reader(kv_log *log, const char *line, double seconds);

kv_log_reader kv_log_cbc;    /* CBC 2.10, with -timeMode elapsed */
kv_log_reader kv_log_glpsol; /* GLPK 4.65 and 5.0 */
kv_log_reader kv_log_highs;  /* HiGHS 1.2 to 1.15 */
kv_log_reader kv_log_scip;   /* SCIP 6 to 10 */

void kv_log_begin(kv_log *log);
/* The run ended after so many seconds: settles the trace and the last figures. */
void kv_log_end(kv_log *log, double seconds);
void kv_log_clear(kv_log *log);

/* ---- for the readers ---- */

/* Found at that time; NaN for what was not. */
void kv_log_found(kv_log *log, double seconds, double primal, double bound);
/* It says that it has no plan: what it said before of one is forgotten. */
void kv_log_no_plan(kv_log *log);
/* What follows the first `key` in the line, blanks skipped; NULL when it is not there. */
const char *kv_log_after(const char *line, const char *key);
/* The decimal number that begins there after blanks, and what follows it; NaN = none, *end is then
 * `at`. Both pointers may be NULL. */
double kv_log_decimal(const char *at, const char **end);
double kv_log_number(const char *at);
/* A count, large ones written as "1274k" or "12m"; -1 = none. */
long kv_log_count(const char *at);
/* The number after `key`. */
double kv_log_number_after(const char *line, const char *key);
/* Copies the version's word, up to a blank. */
void kv_log_version(kv_log *log, const char *at);
/* A line that begins with blanks and `name`, then blanks, ':' or both: what follows; else NULL. */
const char *kv_log_field(const char *line, const char *name);

#endif
