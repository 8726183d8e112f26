/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What preprocessing gains in the glpk engine: each case solved without and with it.
 *
 *     bench.preprocess [--seconds S] [--gap G] [--threads N] PATH...
 *
 * PATH is a benchmark file or the folder of a case (its joint problem). S (default 60) is the limit
 * of each run, G (default 1e-6) the gap asked for. Prints a table in Markdown: size, processor seconds,
 * objective and bound of both runs, and the ratio of the seconds. Exit status 1 when a file can't be
 * read or the two contradict each other.
 */
#include "base/file.h"
#include "base/memory.h"
#include "formulations/benchmark.h"
#include "formulations/build.h"
#include "solver/engine.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

typedef struct outcome {
    double seconds, objective, bound, certified;
    long nodes;
    int status, ended_by_limit;
} outcome;

static kv_problem *read_problem(const char *path)
{
    struct stat about;
    kv_problem *problem = NULL;
    if (stat(path, &about) != 0)
        return NULL;
    if (S_ISDIR(about.st_mode)) {
        kv_case *the_case = NULL;
        kv_map *map = NULL;
        if (kv_case_read(path, NULL, 0, &the_case, NULL) == KV_OK)
            (void)kv_build(the_case, NULL, &problem, &map, NULL);
        kv_map_free(map);
        kv_case_free(the_case);
        return problem;
    }
    kv_benchmark *benchmark = NULL;
    if (kv_benchmark_read(path, NULL, &benchmark, NULL) == KV_OK)
        (void)kv_benchmark_build(benchmark, &problem, NULL);
    kv_benchmark_free(benchmark);
    return problem;
}

static double processor_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int run(const kv_problem *problem, const kv_limits *limits, outcome *out)
{
    kv_plan *plan = NULL;
    double start = processor_seconds();
    if (kv_engine_glpk.solve(problem, limits, &plan, NULL) != KV_OK)
        return -1;
    *out = (outcome){processor_seconds() - start, plan->objective, plan->bound,
                     plan->certified_bound,       plan->nodes,     plan->status,
                     plan->ended_by_limit};
    kv_plan_free(plan);
    return 0;
}

static long opening_rows(const kv_problem *p)
{
    long rows = 0;
    int *flows = kv_alloc((size_t)p->n_arcs, sizeof *flows);
    for (int f = 0; flows && f < p->n_flows; f++)
        flows[p->flow_arc[f]]++;
    for (int i = 0; flows && i < p->n_openings; i++)
        rows += flows[p->openings[i].arc];
    kv_free(flows);
    return rows;
}

static void print_side(const outcome *o)
{
    double gap = 100.0 * (o->objective - o->bound) / fmax(fabs(o->objective), 1e-9);
    printf(" %.2f | ", o->seconds);
    if (o->status == KV_PLAN_OPTIMAL || o->status == KV_PLAN_FEASIBLE)
        printf("%.8g | %.2f | %ld |", o->objective, fmax(gap, 0.0), o->nodes);
    else
        printf("none (bound %.8g) | - | %ld |", o->bound, o->nodes);
}

/* Of runs that were not stopped; of one that was, what it is at least. */
static void print_ratio(const outcome *without, const outcome *with)
{
    int stopped = without->ended_by_limit;
    if (with->ended_by_limit)
        printf(" - |\n");
    else
        printf(" %s%.1f |\n", stopped ? "> " : "", without->seconds / fmax(with->seconds, 1e-6));
}

/* A proved bound above the other's plan. */
static int contradict(const outcome *a, const outcome *b)
{
    return b->objective < 1e29 && a->bound < 1e29 &&
           a->bound > b->objective + 2e-5 * (1.0 + fabs(b->objective));
}

static int compare(const char *path, kv_limits *limits)
{
    kv_problem *problem = read_problem(path);
    outcome without, with;
    int failed = -1;
    if (!problem) {
        fprintf(stderr, "cannot read %s\n", path);
        return -1;
    }
    limits->no_preprocessing = 1;
    failed = run(problem, limits, &without);
    limits->no_preprocessing = 0;
    if (!failed)
        failed = run(problem, limits, &with);
    if (!failed) {
        const char *name = strrchr(path, '/');
        printf("| %s | %d | %ld |", name && name[1] ? name + 1 : path,
               problem->n_blocks * problem->n_flows, opening_rows(problem));
        print_side(&without);
        print_side(&with);
        print_ratio(&without, &with);
        fflush(stdout);
        if (contradict(&with, &without) || contradict(&without, &with)) {
            fprintf(stderr, "%s: bounds %.10g, %.10g contradict plans %.10g, %.10g\n", path,
                    without.bound, with.bound, without.objective, with.objective);
            failed = -1;
        }
    }
    kv_problem_free(problem);
    return failed;
}

int main(int count, char **words)
{
    kv_limits limits;
    int failed = 0;
    kv_limits_default(&limits);
    limits.gap = 1e-6;
    limits.seconds = 60.0;
    puts("| instance | columns | opening rows | s without | objective | gap % | nodes | s with | "
         "objective | gap % | nodes | ratio |");
    puts("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (int i = 1; i < count; i++) {
        int option = i + 1 < count && words[i][0] == '-';
        if (option && strcmp(words[i], "--seconds") == 0)
            limits.seconds = atof(words[++i]);
        else if (option && strcmp(words[i], "--gap") == 0)
            limits.gap = atof(words[++i]);
        else if (option && strcmp(words[i], "--threads") == 0)
            limits.threads = atoi(words[++i]);
        else
            failed |= compare(words[i], &limits);
    }
    return failed ? 1 : 0;
}
