/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The runs of bench.relaxations: a CSV file that grows by a row a run, and what follows from it. */
#ifndef KV_TESTS_BENCH_SUPPORT_RESULTS_H
#define KV_TESTS_BENCH_SUPPORT_RESULTS_H

#include <stddef.h>

typedef struct bench_result_row {
    char instance[96], method[24], status[16]; /* "ended", "overran", "short", "failed" */
    int nodes, arcs, commodities, blocks;
    int columns, rows; /* of the exported LP */
    int threads, turn;
    double seconds, cpu,
        read_cpu; /* read_cpu: the part of cpu that went into reading; 0 = unknown */
    double value; /* of the LP, or the bound; NaN = none */
    long iterations;
    double peak_mb, limit;
} bench_result_row;

typedef struct bench_results {
    bench_result_row *row;
    size_t count, capacity;
    const char *path; /* NULL = kept in memory only */
} bench_results;

/* Rows of the file, if there is one. 0, or -1 with a message on standard error when a line of it is
 * not one of ours. */
int bench_results_open(bench_results *results, const char *path);
void bench_results_close(bench_results *results);
/* Adds the row to the file at once. 0, or -1 with a message. */
int bench_results_add(bench_results *results, const bench_result_row *row);
/* The row of a run, NULL when it has not been made. */
const bench_result_row *bench_results_find(const bench_results *results, const char *instance,
                                           const char *method, int threads, int turn);
/* The value of the LP: of the first of `methods` (NULL-ended) that ended. NaN when none did. */
double bench_results_value(const bench_results *results, const char *instance,
                           const char *const *methods);

/*
 * To standard error: on how many instances each of our methods ended well; for each against each
 * peer, over the instances that have both, the geometric mean of how many times as long the peer took
 * (processor time and clock, reading left out, the least of all turns) and the least of them. A peer
 * that overran counts with its limit.
 */
void bench_results_tell(const bench_results *results, const char *const *ours,
                        const char *const *peers);

#endif
