/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bound of the flow relaxation against that of the strong LP, from the multipliers of the LP:
 * without a step, and after some.
 *
 *     bench.flow_relaxation [--steps N] [--threads N] [--smoke] CASE...
 *
 * CASE is a benchmark file, SCENARIOS@TOPOLOGY or FOLDER@SCENARIO. CSV goes to standard output. Exit
 * status 1 when a bound falls below that of the multipliers that it began with.
 */
#include "bench/support/instance.h"
#include "bench/support/measure.h"
#include "solver/decomposition/sifting.h"
#include "solver/lagrange/flow_bound.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ROUNDS = 30 };

typedef struct bench_options {
    long steps;
    int threads, smoke;
} bench_options;

/* The LP as the root of the engine solves it. 0, or -1. */
static int solve_root(const kv_problem *problem, kv_threads *threads, kv_ipm_result *result)
{
    kv_relaxation *relaxation = NULL;
    kv_sifting *sifting = NULL;
    int done = 0;
    kv_status status = kv_relaxation_create(problem, threads, NULL, &relaxation);
    if (status == KV_OK)
        status = kv_sifting_create(relaxation, &sifting);
    for (int i = 0; i < MOST_ROUNDS && status == KV_OK && !done; i++) {
        kv_ipm_result_free(result);
        status = kv_sifting_step(sifting, 1e-6, 1e300, result, &done);
    }
    kv_sifting_free(sifting);
    kv_relaxation_free(relaxation);
    return status == KV_OK ? 0 : -1;
}

/* 1 when something is wrong. */
static int raise(const kv_problem *problem, kv_threads *threads, const char *name, long steps,
                 const kv_ipm_result *root)
{
    kv_flow_bound_options options;
    kv_flow_bound result;
    kv_flow_bound_options_default(&options);
    options.steps.iterations = steps;
    bench_time start = bench_now();
    int wrong =
        kv_flow_bound_solve(problem, threads, &options, root->multipliers, &result) != KV_OK ||
        !result.proof;
    bench_time took = bench_since(start);
    if (!wrong) {
        double begun = kv_bound_recompute(problem, root->multipliers);
        wrong = result.bound < begun - 1e-9 * fabs(begun);
        printf("%s,%ld,%.12g,%.12g,%.12g,%.6g,%d,%.4g,%.4g\n", name, result.iterations, begun,
               result.linear, result.bound, (result.bound - begun) / fabs(begun),
               result.proof->n_leaves, took.wall, took.cpu);
        fflush(stdout);
    }
    if (wrong)
        fprintf(stderr, "%s: no bound, or a worse one\n", name);
    kv_flow_bound_free(&result);
    return wrong;
}

static int measure(kv_problem *problem, const char *name, const bench_options *options)
{
    kv_ipm_result root = {0};
    kv_threads *threads = kv_threads_create(options->threads);
    int wrong = !problem || !threads || solve_root(problem, threads, &root) != 0;
    if (!wrong) {
        wrong = raise(problem, threads, name, 0, &root);
        wrong |= options->steps > 0 && raise(problem, threads, name, options->steps, &root);
    }
    kv_ipm_result_free(&root);
    kv_threads_free(threads);
    kv_problem_free(problem);
    return wrong;
}

int main(int argc, char **argv)
{
    bench_options options = {100, 1, 0};
    int wrong = 0, first = 1;
    for (; first < argc && strncmp(argv[first], "--", 2) == 0; first++) {
        if (strcmp(argv[first], "--smoke") == 0)
            options.smoke = 1;
        else if (strcmp(argv[first], "--steps") == 0 && first + 1 < argc)
            options.steps = atol(argv[++first]);
        else if (strcmp(argv[first], "--threads") == 0 && first + 1 < argc)
            options.threads = atoi(argv[++first]);
        else
            break;
    }
    if ((first >= argc) == !options.smoke || options.steps < 0 || options.threads < 1) {
        fprintf(stderr, "usage: %s [--steps N] [--threads N] [--smoke] CASE...\n", argv[0]);
        return 2;
    }
    printf("instance,steps,lp_bound,linear,bound,gain,leaves,seconds,cpu_seconds\n");
    if (options.smoke)
        wrong = measure(bench_generate(6, 18, 5, 0), "smoke", &options);
    for (int i = first; i < argc; i++) {
        char name[128];
        bench_name(argv[i], name, sizeof name);
        wrong |= measure(bench_read(argv[i]), name, &options);
    }
    return wrong;
}
