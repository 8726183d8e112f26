/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time, memory and small statistics of measuring programs. On a machine that does other work too,
 * processor time says more than the clock; all measurements have both. */
#ifndef KV_TESTS_BENCH_SUPPORT_MEASURE_H
#define KV_TESTS_BENCH_SUPPORT_MEASURE_H

typedef struct bench_time {
    double wall, cpu; /* s; processor time of all threads of this process */
} bench_time;

bench_time bench_now(void);
bench_time bench_since(bench_time start);
/* Largest resident memory of this process so far, MB. */
double bench_peak_mb(void);

/* Run `work` until it took `seconds` of the clock in all, once at least; the least time of a run,
 * of the clock and of the processor each. */
bench_time bench_best(void (*work)(void *context), void *context, double seconds);

/* The same, with `prepare` before each run left out of the time; for work of a millisecond or more. */
bench_time bench_best_prepared(void (*prepare)(void *context), void (*work)(void *context),
                               void *context, double seconds);

/* y = factor x^exponent by least squares over the logarithms; 0, or -1 with fewer than two different
 * positive x. `error` is the root of the mean square of what is left, in natural logarithms. */
int bench_fit(int n, const double *x, const double *y, double *exponent, double *factor,
              double *error);

/* exp of the mean logarithm of n positive values; NaN for none. */
double bench_geometric_mean(int n, const double *values);

#endif
