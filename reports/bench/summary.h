/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from the runs of a comparison: a line a solver, and what contradicts. */
#ifndef KV_REPORTS_BENCH_SUMMARY_H
#define KV_REPORTS_BENCH_SUMMARY_H

#include "reports/bench/runs.h"

/* A row of summary.csv; the texts belong to the runs. */
typedef struct kv_bench_line {
    const char *solver, *formulation; /* "best", that of the runs, or "" */
    int instances, solved, overran, failed;
    double to_1, to_asked;      /* s, shifted geometric means */
    double mean_gap, max_gap;   /* shares */
    double integral;            /* s, mean */
    double mean_peak, max_peak; /* MB */
} kv_bench_line;

typedef struct kv_bench_summary {
    kv_bench_line *line; /* [n_lines]; for a solver with several formulations "best" goes first */
    int n_lines;
    const char **instance; /* [n_instances] on which all solvers and formulations have run */
    int n_instances;
    int n_partial;  /* instances that some have not run on, and that are left out */
} kv_bench_summary; /* end with kv_bench_summary_clear */

/* KV_OK or KV_ERR_MEMORY; clear in either case. The runs have to stay as they are. */
kv_status kv_bench_summarise(const kv_bench_runs *runs, kv_bench_summary *summary);
void kv_bench_summary_clear(kv_bench_summary *summary);
kv_status kv_bench_summary_write(const kv_bench_summary *summary, const char *dir,
                                 kv_messages *messages);
/* For the terminal. */
void kv_bench_summary_text(const kv_bench_summary *summary, kv_text *out);

/* exp(mean of log(value + shift)) - shift, of n values >= 0; NaN for none. */
double kv_shifted_geometric_mean(int n, const double *values, double shift);

/* A warning for each instance of which one run claims a bound above the plan of another (by more
 * than 1e-5 of it, more than logs round). */
void kv_bench_contradictions(const kv_bench_runs *runs, kv_messages *messages);

#endif
