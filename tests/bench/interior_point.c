/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The interior point on the strong LP relaxation of given instances, on 1 and 2 threads in turns:
 * rounds, iterations, seconds, the share of processor time spent in BLAS and LAPACK, the bound and
 * the bound recomputed from its multipliers.
 *
 *     bench.interior_point [--turns N] [--limit S] [--tolerance T] [--smoke] CASE...
 *
 * CASE is a benchmark file, SCENARIOS@TOPOLOGY or FOLDER@SCENARIO. CSV goes to standard output, a
 * table to standard error. Exit status 1 when the bounds on 1 and 2 threads are not the same number
 * (unless the limit ended a run), or a solve failed.
 */
#include "bench/support/instance.h"
#include "bench/support/measure.h"
#include "bench/wrap/blas_times.h"
#include "support/root_relaxation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct bench_options {
    int turns;
    double limit, tolerance;
    int smoke;
} bench_options;

static void put(const char *name, int threads, int turn, const root_relaxation *r, bench_time took)
{
    blas_times blas = blas_times_read();
    double share = took.cpu > 0 ? blas.seconds / took.cpu : 0;
    double rate = blas.seconds > 0 ? 1e-9 * blas.operations / blas.seconds : 0;
    printf("%s,%d,%d,%s,%d,%ld,%.6g,%.6g,%ld,%.6g,%.4f,%.4g,%.12g,%.12g,%.12g,%.3g,%.1f\n", name,
           threads, turn, r->status == KV_OK ? "ended" : "stopped", r->rounds, r->iterations,
           took.wall, took.cpu, blas.calls, blas.seconds, share, rate, r->primal, r->bound,
           r->recomputed, r->violation, bench_peak_mb());
    fflush(stdout);
    fprintf(stderr,
            "%-16s %d  %-7s %2d rounds %4ld iterations %8.2f s %8.2f s cpu  BLAS %4.1f %% at %5.1f "
            "Gflop/s  bound %.8g, recomputed %.8g\n",
            name, threads, r->status == KV_OK ? "ended" : "stopped", r->rounds, r->iterations,
            took.wall, took.cpu, 100 * share, rate, r->bound, r->recomputed);
}

/* 1 when something is wrong. */
static int measure(const kv_problem *problem, const char *name, const bench_options *options)
{
    double bound[3] = {0};
    int wrong = 0, ended = 1, solved = 1;
    for (int turn = 1; turn <= options->turns; turn++)
        for (int threads = 1; threads <= 2; threads++) {
            root_relaxation result;
            kv_threads *pool = kv_threads_create(threads);
            blas_times_reset();
            bench_time start = bench_now();
            int failed = !pool || root_relaxation_solve(problem, pool, options->tolerance,
                                                        options->limit, &result) != KV_OK;
            bench_time took = bench_since(start);
            kv_threads_free(pool);
            if (failed) {
                fprintf(stderr, "%s: no solution\n", name);
                return 1;
            }
            put(name, threads, turn, &result, took);
            solved &= result.status == KV_OK;
            ended &= took.wall < options->limit;
            bound[threads] = result.recomputed;
        }
    if (options->smoke && !solved) {
        fprintf(stderr, "%s: bound and value do not meet\n", name);
        wrong = 1;
    }
    if (ended && memcmp(&bound[1], &bound[2], sizeof(double)) != 0) {
        fprintf(stderr, "%s: 1 and 2 threads do not give the same bound\n", name);
        wrong = 1;
    }
    return wrong;
}

static int measure_smoke(const bench_options *options)
{
    kv_problem *problem = bench_generate(6, 18, 5, 0);
    int wrong = measure(problem, "smoke", options);
    kv_problem_free(problem);
    return wrong;
}

int main(int argc, char **argv)
{
    bench_options options = {1, 60, 1e-6, 0};
    int wrong = 0, first = 1;
    for (; first < argc && strncmp(argv[first], "--", 2) == 0; first++) {
        if (strcmp(argv[first], "--smoke") == 0)
            options.smoke = 1;
        else if (strcmp(argv[first], "--turns") == 0 && first + 1 < argc)
            options.turns = atoi(argv[++first]);
        else if (strcmp(argv[first], "--limit") == 0 && first + 1 < argc)
            options.limit = atof(argv[++first]);
        else if (strcmp(argv[first], "--tolerance") == 0 && first + 1 < argc)
            options.tolerance = atof(argv[++first]);
        else
            break;
    }
    if ((first >= argc) == !options.smoke || options.turns < 1 || !(options.limit > 0) ||
        !(options.tolerance > 0)) {
        fprintf(stderr, "usage: %s [--turns N] [--limit S] [--tolerance T] [--smoke] CASE...\n",
                argv[0]);
        return 2;
    }
    printf("instance,threads,turn,status,rounds,iterations,seconds,cpu_seconds,"
           "blas_calls,blas_cpu_seconds,blas_share,blas_gflops,primal,bound,recomputed_bound,"
           "violation,peak_mb\n");
    if (options.smoke)
        wrong = measure_smoke(&options);
    for (int i = first; i < argc; i++) {
        char name[128];
        kv_problem *problem = bench_read(argv[i]);
        bench_name(argv[i], name, sizeof name);
        wrong |= !problem || measure(problem, name, &options);
        kv_problem_free(problem);
    }
    return wrong;
}
