/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the work of the relaxations grows: generated networks with more and more commodities, nodes,
 * arcs and blocks (scenarios), on 1 and 2 threads, and the exponents fitted to the figures by least
 * squares over the logarithms.
 *
 *     bench.scaling [--family NAME]... [--largest SIZE] [--limit S] [--smoke] [CASE...]
 *
 * Families: commodities, nodes, arcs, blocks. A family ends at the size SIZE (blocks: 1,000 at
 * most), and after the first run that takes more than S seconds of processor time (20). With CASEs
 * (SCENARIOS@TOPOLOGY, see support/instance.h) these are measured in the order given, by their
 * blocks, and no family unless it is named. CSV goes to standard output, a table and the exponents to
 * standard error.
 *
 * A run of less than half a second is done three times, and its least time counts. Methods: the
 * interior point to 1e-6; the volume algorithm until its bound is within 0.1 % of the
 * value that the interior point found; the volume algorithm until it stops by itself, which is at no
 * given distance. An iteration's time is fitted too, for the iterations vary from network to network.
 * Exit status 1 when a run fails, or when the results on 1 and 2 threads are not the same numbers.
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

enum { MOST_SIZES = 8, SMOKE_SIZES = 2 };
enum { INTERIOR_POINT, VOLUME_NEAR, VOLUME, N_METHODS };

static const char *const method_names[N_METHODS] = {"interior point", "volume 0.1 %", "volume"};

static const double near = 1e-3; /* of VOLUME_NEAR */

/* Runs shorter than this, in seconds of the clock, are repeated; the fastest counts. */
static const double short_run = 0.5;
enum { RUNS = 3 };

static const long most_volume_iterations = 20000;

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
    int largest, first_case;
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

/* Until the bound is near `value`, or with NaN until the algorithm stops by itself. */
static int run_volume(const kv_problem *problem, kv_threads *pool, double seconds, double value,
                      bench_result *out)
{
    kv_volume_options options;
    kv_volume_result result;
    kv_volume_options_default(&options);
    options.deadline = kv_clock() + seconds;
    if (isfinite(value)) {
        options.cutoff = value - near * fabs(value);
        options.iterations = most_volume_iterations;
    }
    if (kv_volume_solve(problem, pool, &options, NULL, &result) != KV_OK)
        return -1;
    out->iterations = result.iterations;
    out->bound = result.bound;
    out->value = result.value;
    out->ended = result.status == KV_OK &&
                 (!isfinite(value) || result.bound >= value - 2 * near * fabs(value));
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

/* 0, or -1 when the run failed. `value` is that of the interior point. */
static int run_once(int method, const kv_problem *problem, int threads, double seconds,
                    double value, bench_result *out)
{
    kv_threads *pool = kv_threads_create(threads);
    memset(out, 0, sizeof(*out));
    if (!pool)
        return -1;
    bench_time start = bench_now();
    int failed = method == INTERIOR_POINT
                     ? run_interior(problem, pool, seconds, out)
                     : run_volume(problem, pool, seconds, method == VOLUME ? NAN : value, out);
    out->took = bench_since(start);
    kv_threads_free(pool);
    return failed;
}

/* The same, with the least times of three runs where these are short. */
static int run(int method, const kv_problem *problem, int threads, double seconds, double value,
               bench_result *out)
{
    int failed = run_once(method, problem, threads, seconds, value, out);
    for (int i = 1; i < RUNS && !failed && out->took.wall < short_run; i++) {
        bench_time least = out->took;
        failed = run_once(method, problem, threads, seconds, value, out);
        out->took.cpu = fmin(out->took.cpu, least.cpu);
        out->took.wall = fmin(out->took.wall, least.wall);
    }
    return failed;
}

/* What is measured: a family's name, its lines, and which methods take too long for larger sizes. */
typedef struct bench_series {
    const char *name;
    const bench_options *options;
    bench_line line[N_METHODS][3]; /* by method and threads */
    int over[N_METHODS];
} bench_series;

static void put(const char *name, int size, int method, int threads, const kv_problem *p,
                const bench_result *r)
{
    printf("%s,%d,%s,%d,%d,%d,%d,%d,%d,%ld,%.6g,%.6g,%.12g,%.12g,%.1f\n", name, size,
           method_names[method], threads, p->n_nodes, p->n_arcs, p->n_commodities, p->n_blocks,
           r->ended, r->iterations, r->took.wall, r->took.cpu, r->bound, r->value, bench_peak_mb());
    fflush(stdout);
    fprintf(stderr, "%-12s %5d  %-14s %d  %5ld iterations %9.3f s %9.3f s cpu%s\n", name, size,
            method_names[method], threads, r->iterations, r->took.wall, r->took.cpu,
            r->ended ? "" : "  stopped");
}

static void add_point(bench_line *line, double size, const bench_result *r)
{
    if (!r->ended || r->iterations == 0 || line->n == MOST_SIZES)
        return;
    line->size[line->n] = size;
    line->cpu[line->n] = r->took.cpu;
    line->wall[line->n] = r->took.wall;
    line->each[line->n++] = r->took.cpu / (double)r->iterations;
}

static void tell_exponents(const bench_series *s, int method, int threads)
{
    const bench_line *line = &s->line[method][threads];
    double whole, clock, each, factor, error, error_clock, error_each;
    if (bench_fit(line->n, line->size, line->cpu, &whole, &factor, &error) != 0 ||
        bench_fit(line->n, line->size, line->wall, &clock, &factor, &error_clock) != 0 ||
        bench_fit(line->n, line->size, line->each, &each, &factor, &error_each) != 0)
        return;
    fprintf(stderr,
            "%-14s %d thread%s: time ~ %s^%.2f (+-%.0f %%), by the clock ^%.2f (+-%.0f %%), of an "
            "iteration ^%.2f (+-%.0f %%), %d sizes\n",
            method_names[method], threads, threads > 1 ? "s" : " ", s->name, whole, 100 * error,
            clock, 100 * error_clock, each, 100 * error_each, line->n);
}

/* The interior point ends well; no bound passes the value that it found. */
static int result_is_wrong(const char *name, int size, int method, const bench_result *r,
                           double value)
{
    if (method == INTERIOR_POINT && !r->ended) {
        fprintf(stderr, "%s %d: bound and value do not meet\n", name, size);
        return 1;
    }
    if (r->bound > value + 2e-6 * fabs(value)) {
        fprintf(stderr, "%s %d: the bound %.12g is above the value %.12g\n", name, size, r->bound,
                value);
        return 1;
    }
    return 0;
}

/* Both thread counts, in turn; 1 when the results are not the same. `value` is set by the interior
 * point. */
static int measure_method(bench_series *s, int size, int method, const kv_problem *problem,
                          double *value)
{
    const bench_options *options = s->options;
    bench_result result[3];
    for (int threads = 1; threads <= 2; threads++) {
        bench_result *r = &result[threads];
        if (run(method, problem, threads, 5 * options->limit, *value, r) != 0) {
            fprintf(stderr, "%s %d: the %s failed\n", s->name, size, method_names[method]);
            return 1;
        }
        put(s->name, size, method, threads, problem, r);
        add_point(&s->line[method][threads], size, r);
        s->over[method] |= !r->ended || r->took.cpu > options->limit;
    }
    if (method == INTERIOR_POINT && result[1].ended)
        *value = result[1].value;
    if (options->smoke && result_is_wrong(s->name, size, method, &result[1], *value))
        return 1;
    if (result[1].took.wall < 5 * options->limit && result[2].took.wall < 5 * options->limit &&
        memcmp(&result[1].bound, &result[2].bound, sizeof(double)) != 0) {
        fprintf(stderr, "%s %d: 1 and 2 threads do not give the same bound\n", s->name, size);
        return 1;
    }
    return 0;
}

static int measure_size(bench_series *s, int size, const kv_problem *problem)
{
    double value = NAN;
    int wrong = 0;
    for (int method = 0; method < N_METHODS; method++)
        if (!s->over[method] && (method != VOLUME_NEAR || isfinite(value)))
            wrong |= measure_method(s, size, method, problem, &value);
    return wrong;
}

static void tell_all(const bench_series *s)
{
    for (int method = 0; method < N_METHODS; method++)
        for (int threads = 1; threads <= 2; threads++)
            tell_exponents(s, method, threads);
}

static int measure_family(const bench_family *f, const bench_options *options)
{
    bench_series series = {.name = f->name, .options = options};
    const int *sizes = options->smoke ? f->smoke : f->sizes;
    int n = options->smoke ? SMOKE_SIZES : MOST_SIZES, wrong = 0;
    for (int i = 0; i < n && sizes[i] > 0 && sizes[i] <= options->largest; i++) {
        int small = options->smoke, size = sizes[i];
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
        wrong |= measure_size(&series, size, problem);
        kv_problem_free(problem);
    }
    tell_all(&series);
    return wrong;
}

/* The cases from words[0] on, by their blocks. */
static int measure_cases(int n, char **words, const bench_options *options)
{
    bench_series series = {.name = "blocks", .options = options};
    int wrong = 0;
    for (int i = 0; i < n; i++) {
        kv_problem *problem = bench_read(words[i]);
        fprintf(stderr, "%s\n", words[i]);
        wrong |= !problem || measure_size(&series, problem->n_blocks, problem);
        kv_problem_free(problem);
    }
    tell_all(&series);
    return wrong;
}

/* 0, or -1 for words that mean nothing. */
static int read_words(int argc, char **argv, bench_options *options)
{
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
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
    options->first_case = i;
    return 0;
}

int main(int argc, char **argv)
{
    bench_options options = {.largest = 1000000, .limit = 20};
    int wrong = 0;
    if (read_words(argc, argv, &options) != 0) {
        fprintf(stderr,
                "usage: %s [--family NAME]... [--largest SIZE] [--limit S] [--smoke] [CASE...]\n",
                argv[0]);
        return 2;
    }
    printf("family,size,method,threads,nodes,arcs,commodities,blocks,ended,iterations,seconds,"
           "cpu_seconds,bound,value,peak_mb\n");
    for (int f = 0; f < N_FAMILIES; f++)
        if (options.chosen[f] || (!options.any && options.first_case == argc))
            wrong |= measure_family(&families[f], &options);
    if (options.first_case < argc)
        wrong |= measure_cases(argc - options.first_case, argv + options.first_case, &options);
    return wrong;
}
