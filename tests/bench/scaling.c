/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the work of the relaxations grows: generated networks with more and more commodities, nodes,
 * arcs and blocks (scenarios), on 1 and 2 threads, and the exponents fitted to the figures by least
 * squares over the logarithms.
 *
 *     bench.scaling [--family NAME]... [--largest SIZE] [--limit S] [--smoke]
 *
 * Families: commodities, nodes, arcs, blocks. A family ends at the size SIZE (blocks: 1,000 at
 * most), and after the first run that takes more than S seconds of processor time (20). CSV goes to
 * standard output, a table and the exponents to standard error. An iteration's time is fitted too,
 * for the iterations vary from network to network. Exit status 1 when a run fails, or when the
 * results on 1 and 2 threads are not the same numbers.
 */
#include "base/clock.h"
#include "bench/support/instance.h"
#include "bench/support/measure.h"
#include "solver/lagrange/volume.h"
#include "support/root_relaxation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_SIZES = 8, N_METHODS = 2, SMOKE_SIZES = 2 };

static const char *const method_names[N_METHODS] = {"interior point", "volume"};

typedef struct bench_family {
    const char *name;
    int nodes, arcs, commodities, blocks; /* -1 = what grows; blocks 0 = no scenarios */
    int sizes[MOST_SIZES];                /* ends with 0 */
    int smoke[SMOKE_SIZES];
} bench_family;

static const bench_family families[] = {
    {"commodities", 20, 120, -1, 0, {10, 20, 40, 80, 160, 320, 640}, {3, 6}},
    {"nodes", -1, 320, 40, 0, {20, 30, 40, 80, 160}, {4, 8}},
    {"arcs", 20, -1, 40, 0, {40, 80, 160, 320}, {12, 24}},
    {"blocks", 10, 60, 10, -1, {1, 4, 16, 64, 256, 1000}, {1, 3}},
};
enum { N_FAMILIES = sizeof(families) / sizeof(*families) };

typedef struct bench_options {
    int chosen[N_FAMILIES], any, smoke;
    int largest;
    double limit;
} bench_options;

typedef struct bench_result {
    long iterations;
    double bound, value;
    int ended;
    bench_time took;
} bench_result;

/* The points of one line of a figure. */
typedef struct bench_line {
    int n;
    double size[MOST_SIZES], cpu[MOST_SIZES], each[MOST_SIZES], wall[MOST_SIZES];
} bench_line;

static int run_volume(const kv_problem *problem, kv_threads *pool, double seconds,
                      bench_result *out)
{
    kv_volume_options options;
    kv_volume_result result;
    kv_volume_options_default(&options);
    options.deadline = kv_clock() + seconds;
    if (kv_volume_solve(problem, pool, &options, NULL, &result) != KV_OK)
        return -1;
    out->iterations = result.iterations;
    out->bound = result.bound;
    out->value = result.value;
    out->ended = result.status == KV_OK;
    kv_volume_result_free(&result);
    return 0;
}

static int run_interior(const kv_problem *problem, kv_threads *pool, double seconds,
                        bench_result *out)
{
    root_relaxation result;
    if (root_relaxation_solve(problem, pool, 1e-6, seconds, &result) != KV_OK)
        return -1;
    out->iterations = result.iterations;
    out->bound = result.recomputed;
    out->value = result.primal;
    out->ended = result.status == KV_OK;
    return 0;
}

/* 0, or -1 when the run failed. */
static int run(int method, const kv_problem *problem, int threads, double seconds,
               bench_result *out)
{
    kv_threads *pool = kv_threads_create(threads);
    memset(out, 0, sizeof(*out));
    if (!pool)
        return -1;
    bench_time start = bench_now();
    int failed = method == 0 ? run_interior(problem, pool, seconds, out)
                             : run_volume(problem, pool, seconds, out);
    out->took = bench_since(start);
    kv_threads_free(pool);
    return failed;
}

static void put(const bench_family *f, int size, int method, int threads, const kv_problem *p,
                const bench_result *r)
{
    printf("%s,%d,%s,%d,%d,%d,%d,%d,%d,%ld,%.6g,%.6g,%.12g,%.12g,%.1f\n", f->name, size,
           method_names[method], threads, p->n_nodes, p->n_arcs, p->n_commodities, p->n_blocks,
           r->ended, r->iterations, r->took.wall, r->took.cpu, r->bound, r->value, bench_peak_mb());
    fflush(stdout);
    fprintf(stderr, "%-12s %5d  %-14s %d  %5ld iterations %9.3f s %9.3f s cpu%s\n", f->name, size,
            method_names[method], threads, r->iterations, r->took.wall, r->took.cpu,
            r->ended ? "" : "  stopped");
}

static void add_point(bench_line *line, double size, const bench_result *r)
{
    if (!r->ended || r->iterations == 0)
        return;
    line->size[line->n] = size;
    line->cpu[line->n] = r->took.cpu;
    line->wall[line->n] = r->took.wall;
    line->each[line->n++] = r->took.cpu / (double)r->iterations;
}

static void tell_exponents(const bench_family *f, int method, int threads, const bench_line *line)
{
    double whole, each, factor, error, error_each;
    if (bench_fit(line->n, line->size, line->cpu, &whole, &factor, &error) != 0 ||
        bench_fit(line->n, line->size, line->each, &each, &factor, &error_each) != 0)
        return;
    fprintf(stderr,
            "%-14s %d thread%s: time ~ %s^%.2f (+-%.0f %%), of an iteration ~ %s^%.2f (+-%.0f %%), "
            "%d sizes\n",
            method_names[method], threads, threads > 1 ? "s" : " ", f->name, whole, 100 * error,
            f->name, each, 100 * error_each, line->n);
}

/* The interior point ends well; no bound passes the value that it found (`value`,
 * NaN = none so far; it is set by the interior point). */
static int result_is_wrong(const bench_family *f, int size, int method, const bench_result *r,
                           double *value)
{
    if (method == 0 && !r->ended) {
        fprintf(stderr, "%s %d: bound and value do not meet\n", f->name, size);
        return 1;
    }
    if (method == 0)
        *value = r->ended ? r->value : NAN;
    if (r->bound > *value + 2e-6 * fabs(*value)) {
        fprintf(stderr, "%s %d: the bound %.12g is above the value %.12g\n", f->name, size,
                r->bound, *value);
        return 1;
    }
    return 0;
}

/* Both thread counts, in turn; 1 when the results are not the same. `over` = 1 when a run takes
 * too long for a larger size. */
static int measure_method(const bench_family *f, int size, int method, const kv_problem *problem,
                          const bench_options *options, bench_line line[3], double *value,
                          int *over)
{
    bench_result result[3];
    for (int threads = 1; threads <= 2; threads++) {
        bench_result *r = &result[threads];
        if (run(method, problem, threads, 5 * options->limit, r) != 0) {
            fprintf(stderr, "%s %d: the %s failed\n", f->name, size, method_names[method]);
            return 1;
        }
        put(f, size, method, threads, problem, r);
        add_point(&line[threads], size, r);
        *over |= !r->ended || r->took.cpu > options->limit;
    }
    if (options->smoke && result_is_wrong(f, size, method, &result[1], value))
        return 1;
    if (result[1].took.wall < 5 * options->limit && result[2].took.wall < 5 * options->limit &&
        memcmp(&result[1].bound, &result[2].bound, sizeof(double)) != 0) {
        fprintf(stderr, "%s %d: 1 and 2 threads do not give the same bound\n", f->name, size);
        return 1;
    }
    return 0;
}

static int measure_family(const bench_family *f, const bench_options *options)
{
    bench_line line[N_METHODS][3] = {{{0}}};
    const int *sizes = options->smoke ? f->smoke : f->sizes;
    int n = options->smoke ? SMOKE_SIZES : MOST_SIZES, wrong = 0, over[N_METHODS] = {0};
    for (int i = 0; i < n && sizes[i] > 0 && sizes[i] <= options->largest; i++) {
        int small = options->smoke, size = sizes[i];
        double value = NAN;
        kv_problem *problem = bench_generate(f->nodes < 0 ? size
                                             : small      ? 6
                                                          : f->nodes,
                                             f->arcs < 0 ? size
                                             : small     ? 12
                                                         : f->arcs,
                                             f->commodities < 0 ? size
                                             : small            ? 4
                                                                : f->commodities,
                                             f->blocks < 0 ? size : f->blocks);
        for (int method = 0; method < N_METHODS; method++)
            if (!over[method])
                wrong |= measure_method(f, size, method, problem, options, line[method], &value,
                                        &over[method]);
        kv_problem_free(problem);
    }
    for (int method = 0; method < N_METHODS; method++)
        for (int threads = 1; threads <= 2; threads++)
            tell_exponents(f, method, threads, &line[method][threads]);
    return wrong;
}

/* 0, or -1 for words that mean nothing. */
static int read_words(int argc, char **argv, bench_options *options)
{
    for (int i = 1; i < argc; i++) {
        int known = 0;
        if (strcmp(argv[i], "--smoke") == 0)
            known = options->smoke = 1;
        else if (strcmp(argv[i], "--limit") == 0 && i + 1 < argc)
            known = (options->limit = atof(argv[++i])) > 0;
        else if (strcmp(argv[i], "--largest") == 0 && i + 1 < argc)
            known = (options->largest = atoi(argv[++i])) > 0;
        else if (strcmp(argv[i], "--family") == 0 && i + 1 < argc) {
            i++;
            for (int f = 0; f < N_FAMILIES; f++)
                if (strcmp(argv[i], families[f].name) == 0)
                    known = options->chosen[f] = options->any = 1;
        }
        if (!known)
            return -1;
    }
    return 0;
}

int main(int argc, char **argv)
{
    bench_options options = {.largest = 1000000, .limit = 20};
    int wrong = 0;
    if (read_words(argc, argv, &options) != 0) {
        fprintf(stderr, "usage: %s [--family NAME]... [--largest SIZE] [--limit S] [--smoke]\n",
                argv[0]);
        return 2;
    }
    printf("family,size,method,threads,nodes,arcs,commodities,blocks,ended,iterations,seconds,"
           "cpu_seconds,bound,value,peak_mb\n");
    for (int f = 0; f < N_FAMILIES; f++)
        if (options.chosen[f] || !options.any)
            wrong |= measure_family(&families[f], &options);
    return wrong;
}
