/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runs of a comparison of solvers: DIR/runs.csv, and the trace of each in DIR/traces. */
#ifndef KV_REPORTS_BENCH_RUNS_H
#define KV_REPORTS_BENCH_RUNS_H

#include "base/messages.h"
#include "base/status.h"
#include "reports/bench/trace.h"
#include "reports/columns.h"

typedef enum kv_bench_status {
    KV_BENCH_SOLVED, /* proved within the gap asked for; ours: in its certificate */
    KV_BENCH_LIMIT,
    KV_BENCH_OVERRAN, /* did not end by itself and was ended */
    KV_BENCH_INFEASIBLE,
    KV_BENCH_FAILED,
    KV_BENCH_STATUSES
} kv_bench_status;

enum { KV_BENCH_GAPS = 4, KV_BENCH_DECISIONS = 2 };
extern const double kv_bench_gaps[KV_BENCH_GAPS];           /* 0.05, 0.02, 0.01, 0.001 */
extern const double kv_bench_decisions[KV_BENCH_DECISIONS]; /* decision gaps: 0.05, 0.02 */

typedef struct kv_bench_run {
    char *instance, *solver, *formulation; /* owned; formulation "" for ours */
    char *version, *checked, *note;        /* owned; checked: "confirmed", "refused" or "" */
    long status;                           /* kv_bench_status */
    long threads, nodes;                   /* nodes -1 = not known */
    double limit, asked;                   /* s; share */
    double to[KV_BENCH_GAPS];  /* s until the gap was at most kv_bench_gaps; NaN = never */
    double to_asked;           /* the same for `asked` */
    double primal, bound, gap; /* NaN = none */
    double certified_gap, check_seconds; /* of ours; NaN = none */
    double best_known;                   /* of the list; NaN = not given */
    double do_nothing;                   /* cost of doing nothing, of ours; NaN = none */
    /* found by kv_bench_refresh */
    double decision_gap;                    /* by the certified bound of ours; NaN = none */
    double to_decision[KV_BENCH_DECISIONS]; /* s; NaN = never */
    double primal_integral;                 /* s */
    double seconds, cpu, peak_mb;
} kv_bench_run; /* kv_bench_run_begin .. kv_bench_run_clear */

typedef struct kv_bench_runs {
    kv_bench_run *run; /* [count], in the order in which they were made */
    size_t count, capacity;
} kv_bench_runs; /* start with {0}; end with kv_bench_runs_clear */

/* All figures unknown. KV_OK or KV_ERR_MEMORY; clear in either case. */
kv_status kv_bench_run_begin(const char *instance, const char *solver, const char *formulation,
                             kv_bench_run *run);
/* Replaces a text that the run owns; KV_OK or KV_ERR_MEMORY (the text is NULL then). */
kv_status kv_bench_run_text(char **text, const char *value);
void kv_bench_run_clear(kv_bench_run *run);

/* Last figures of the trace, and times to gaps. Of a settled trace. A gap below 0 by no more than logs
 * round is 0. */
void kv_bench_run_measure(kv_bench_run *run, const kv_trace *trace);

/* The runs of `dir`; none when there is no runs.csv. KV_ERR_INPUT with a message for each row that
 * is none. Clear in any case. */
kv_status kv_bench_runs_read(const char *dir, kv_bench_runs *runs, kv_messages *messages);
/* runs.csv, whole. */
kv_status kv_bench_runs_write(const kv_bench_runs *runs, const char *dir, kv_messages *messages);
void kv_bench_runs_clear(kv_bench_runs *runs);
/* Takes the run over and empties *run. KV_OK, KV_ERR_MEMORY (*run is left as it is). */
kv_status kv_bench_runs_add(kv_bench_runs *runs, kv_bench_run *run);
/* NULL when it has not been made. */
kv_bench_run *kv_bench_runs_find(const kv_bench_runs *runs, const char *instance,
                                 const char *solver, const char *formulation);

/* Cost of the best plan known of an instance, of all runs and of the list; NaN = none. */
double kv_bench_best(const kv_bench_runs *runs, const char *instance);
/* What a run of one solver says about those of the others on the instance, from their traces: primal
 * integrals against the best plan known, decision gaps where ours knows what doing nothing costs. */
kv_status kv_bench_refresh(kv_bench_runs *runs, const char *dir, const char *instance,
                           kv_messages *messages);

/* The name of a run's file: instance, solver and formulation joined by '.', and the ending; what is
 * no letter, digit, '-', '_', '@', '+' or '.' becomes '_'. */
void kv_bench_file_name(const kv_bench_run *run, const char *ending, kv_text *name);
kv_status kv_bench_trace_write(const kv_bench_run *run, const kv_trace *trace, const char *dir,
                               kv_messages *messages);
/* Empty when there is no file of it. */
kv_status kv_bench_trace_read(const kv_bench_run *run, const char *dir, kv_trace *trace,
                              kv_messages *messages);

/* What the tables of a comparison hold; ends with file == NULL. */
enum { KV_BENCH_RUNS_TABLE, KV_BENCH_SUMMARY_TABLE };
extern const kv_report_table kv_bench_tables[];

#endif
