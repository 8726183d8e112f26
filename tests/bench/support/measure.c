/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/support/measure.h"

#include "base/clock.h"

#include <math.h>
#include <sys/resource.h>

bench_time bench_now(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (bench_time){kv_clock(),
                        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                            1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)};
}

bench_time bench_since(bench_time start)
{
    bench_time now = bench_now();
    return (bench_time){now.wall - start.wall, now.cpu - start.cpu};
}

double bench_peak_mb(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024;
}

/* Runs in one batch so that a batch takes long enough to be told from the clocks' own steps. */
static long batch_of(void (*work)(void *context), void *context, bench_time *best)
{
    for (long batch = 1;; batch *= 4) {
        bench_time start = bench_now();
        for (long i = 0; i < batch; i++)
            work(context);
        bench_time took = bench_since(start);
        *best = (bench_time){took.wall / (double)batch, took.cpu / (double)batch};
        if (took.wall >= 0.01)
            return batch;
    }
}

bench_time bench_best(void (*work)(void *context), void *context, double seconds)
{
    bench_time best, whole = bench_now();
    long batch = batch_of(work, context, &best);
    while (bench_since(whole).wall < seconds) {
        bench_time start = bench_now();
        for (long i = 0; i < batch; i++)
            work(context);
        bench_time took = bench_since(start);
        best.wall = fmin(best.wall, took.wall / (double)batch);
        best.cpu = fmin(best.cpu, took.cpu / (double)batch);
    }
    return best;
}

bench_time bench_best_prepared(void (*prepare)(void *context), void (*work)(void *context),
                               void *context, double seconds)
{
    bench_time best = {HUGE_VAL, HUGE_VAL}, whole = bench_now();
    do {
        prepare(context);
        bench_time start = bench_now();
        work(context);
        bench_time took = bench_since(start);
        best.wall = fmin(best.wall, took.wall);
        best.cpu = fmin(best.cpu, took.cpu);
    } while (bench_since(whole).wall < seconds);
    return best;
}

int bench_fit(int n, const double *x, const double *y, double *exponent, double *factor,
              double *error)
{
    double sx = 0, sy = 0, sxx = 0, sxy = 0, count = 0, left = 0;
    for (int i = 0; i < n; i++) {
        if (!(x[i] > 0) || !(y[i] > 0))
            continue;
        double u = log(x[i]), v = log(y[i]);
        sx += u, sy += v, sxx += u * u, sxy += u * v, count++;
    }
    double spread = count * sxx - sx * sx;
    if (count < 2 || !(spread > 1e-12 * sxx))
        return -1;
    *exponent = (count * sxy - sx * sy) / spread;
    double constant = (sy - *exponent * sx) / count;
    for (int i = 0; i < n; i++)
        if (x[i] > 0 && y[i] > 0)
            left += pow(log(y[i]) - constant - *exponent * log(x[i]), 2);
    *factor = exp(constant);
    *error = sqrt(left / count);
    return 0;
}

double bench_geometric_mean(int n, const double *values)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += log(values[i]);
    return n > 0 ? exp(sum / n) : NAN;
}
