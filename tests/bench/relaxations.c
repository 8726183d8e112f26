/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The strong LP relaxation of given instances, by the volume algorithm (until its bound is within
 * 0.1 % and 0.01 % of the LP's value), by the interior point (1e-6), and by other solvers on the
 * exported LP: CLP (dual simplex; barrier without crossover), GLPK (simplex) and, where it is on the
 * PATH, HiGHS (simplex; interior point without crossover). All run one after the other in turns,
 * each as a process of its own.
 *
 *     bench.relaxations [--csv FILE] [--limit S] [--threads N] [--turns N] [--method NAME]...
 *                       [--smoke] CASE...
 *
 * CASE is a benchmark file, SCENARIOS@TOPOLOGY or FOLDER@SCENARIO. FILE grows by a row a run; runs
 * that it has are not made again, so an interrupted comparison goes on where it was. A run is
 * stopped after S seconds (60) of processor time, or 4 S of the clock. At the end the ratios of all
 * rows go to standard error. Exit status 1 when two values of one LP differ by more than 3e-6.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "bench/support/child.h"
#include "bench/support/instance.h"
#include "bench/support/measure.h"
#include "bench/support/results.h"
#include "formulations/model.h"
#include "instances/generate.h"
#include "solver/lagrange/volume.h"
#include "support/root_relaxation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MOST_WORDS = 16 };

static const double same_value = 3e-6;

typedef struct bench_method {
    const char *name, *program; /* program NULL = ours */
    double share;               /* of the LP's value that the bound may miss; 0 = the LP itself */
    const char *words[6];       /* of the program; "MPS" and "OPTIONS" stand for files */
    const char *options;        /* contents of OPTIONS, but for the threads */
} bench_method;

static const bench_method methods[] = {
    {"interior_point", NULL, 0, {NULL}, NULL},
    {"clp_dual", "clp", 0, {"MPS", "-dualsimplex", NULL}, NULL},
    {"volume_0.1%", NULL, 1e-3, {NULL}, NULL},
    {"volume_0.01%", NULL, 1e-4, {NULL}, NULL},
    {"clp_barrier", "clp", 0, {"MPS", "-crossover", "off", "-barrier", NULL}, NULL},
    {"highs_simplex", "highs", 0, {"--options_file", "OPTIONS", "MPS", NULL}, "solver = simplex\n"},
    {"highs_ipm",
     "highs",
     0,
     {"--options_file", "OPTIONS", "MPS", NULL},
     "solver = ipm\nrun_crossover = off\n"},
    {"glpk", "glpsol", 0, {"--freemps", "--nomip", "MPS", NULL}, NULL},
};
enum { N_METHODS = sizeof(methods) / sizeof(*methods) };

static const char *const ours[] = {"volume_0.1%", "volume_0.01%", "interior_point", NULL};
static const char *const peers[] = {"clp_dual",  "clp_barrier", "highs_simplex",
                                    "highs_ipm", "glpk",        NULL};
/* Whose value is taken for that of the LP, best first. */
static const char *const exact[] = {"clp_dual",       "highs_simplex", "clp_barrier", "highs_ipm",
                                    "interior_point", "glpk",          NULL};

typedef struct bench_options {
    const char *csv, *run; /* run: the method that this process is for */
    double limit, target;
    int threads, turns, smoke, any, chosen[N_METHODS];
} bench_options;

/* An instance on its way through the methods. */
typedef struct bench_work {
    const bench_options *options;
    bench_results *results;
    const char *argument;
    bench_result_row base; /* what all its rows share */
    char folder[64], mps[96], settings[96], self[1024];
    double glpk_read; /* s of processor time; -1 = not known */
} bench_work;

/* ---- our methods, in a process of their own ---- */

static int run_volume(const kv_problem *problem, kv_threads *pool, const bench_options *given)
{
    kv_volume_options options;
    kv_volume_result result;
    kv_volume_options_default(&options);
    options.iterations = 100000;
    options.tolerance = 1e-9;
    options.least_weight = strcmp(given->run, "volume_0.1%") == 0 ? 0.03 : 0.005;
    options.cutoff = given->target;
    options.deadline = kv_clock() + 4 * given->limit;
    bench_time start = bench_now();
    if (kv_volume_solve(problem, pool, &options, NULL, &result) != KV_OK)
        return 2;
    bench_time took = bench_since(start);
    printf("result %s %.17g %ld %.6f\n", result.bound >= given->target ? "ended" : "short",
           result.bound, result.iterations, took.cpu);
    kv_volume_result_free(&result);
    return 0;
}

static int run_interior(const kv_problem *problem, kv_threads *pool, double limit)
{
    root_relaxation result;
    bench_time start = bench_now();
    if (root_relaxation_solve(problem, pool, 1e-6, 4 * limit, &result) != KV_OK)
        return 2;
    bench_time took = bench_since(start);
    printf("result %s %.17g %ld %.6f\n", result.status == KV_OK ? "ended" : "short",
           result.recomputed, result.iterations, took.cpu);
    return 0;
}

static int run_ours(const bench_options *options, const char *argument)
{
    kv_problem *problem = bench_read(argument);
    kv_threads *pool = kv_threads_create(options->threads);
    int failed = 2;
    if (problem && pool)
        failed = strcmp(options->run, "interior_point") == 0
                     ? run_interior(problem, pool, options->limit)
                     : run_volume(problem, pool, options);
    kv_threads_free(pool);
    kv_problem_free(problem);
    return failed;
}

/* ---- what programs print ---- */

/* What follows the last `key` in the text; NULL when it is not there. */
static const char *after_last(const char *text, const char *key)
{
    const char *found = NULL;
    for (const char *at = text; at && (at = strstr(at, key)) != NULL;)
        found = at += strlen(key);
    return found;
}

static void read_ours(const char *text, bench_result_row *row)
{
    double solving = 0;
    const char *at = after_last(text, "result ");
    if (at &&
        sscanf(at, "%15s %lf %ld %lf", row->status, &row->value, &row->iterations, &solving) == 4)
        row->read_cpu = fmax(0, row->cpu - solving);
}

static void read_clp(const char *text, bench_result_row *row)
{
    const char *at = after_last(text, "Optimal objective ");
    if (at && sscanf(at, "%lf - %ld iterations", &row->value, &row->iterations) == 2)
        strcpy(row->status, "ended");
    if ((at = after_last(text, "Model was imported from")) && (at = strstr(at, " in ")))
        row->read_cpu = fmin(row->cpu, atof(at + 4));
}

static void read_glpsol(const char *text, bench_result_row *row)
{
    const char *at = after_last(text, "obj = ");
    if (!strstr(text, "OPTIMAL LP SOLUTION FOUND") && !strstr(text, "OPTIMAL SOLUTION FOUND"))
        return;
    if (at && sscanf(at, "%lf", &row->value) == 1)
        strcpy(row->status, "ended");
    while (at && at > text && *at != '#' && *at != '*')
        at--;
    if (at)
        row->iterations = atol(at + 1);
}

static void read_highs(const char *text, bench_result_row *row)
{
    const char *status = after_last(text, "Model status"),
               *at = after_last(text, "Objective value");
    const char *took = after_last(text, "HiGHS run time");
    if (!status || strncmp(status + strspn(status, " :\t"), "Optimal", 7) != 0 || !at)
        return;
    row->value = atof(at + strspn(at, " :\t"));
    strcpy(row->status, "ended");
    if (took && row->seconds > 0) /* its own time is by the clock, without reading */
        row->read_cpu = row->cpu * fmax(0, 1 - atof(took + strspn(took, " :\t")) / row->seconds);
    static const char *const counts[] = {"Simplex   iterations", "IPM       iterations"};
    for (int i = 0; i < 2; i++)
        if ((at = after_last(text, counts[i])) && atol(at + strspn(at, " :\t")) > row->iterations)
            row->iterations = atol(at + strspn(at, " :\t"));
}

/* ---- runs ---- */

static int put_file(const char *path, const char *text, int threads)
{
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    fprintf(file, "%sthreads = %d\nparallel = off\nsolve_relaxation = true\n", text, threads);
    return fclose(file) == 0 ? 0 : -1;
}

/* The words of a peer's command line. 0, or -1. */
static int peer_words(bench_work *w, const bench_method *m, const char **words)
{
    int n = 0;
    words[n++] = m->program;
    for (int i = 0; m->words[i]; i++)
        words[n++] = strcmp(m->words[i], "MPS") == 0       ? w->mps
                     : strcmp(m->words[i], "OPTIONS") == 0 ? w->settings
                                                           : m->words[i];
    words[n] = NULL;
    return m->options ? put_file(w->settings, m->options, w->options->threads) : 0;
}

static double glpk_reading(bench_work *w)
{
    const char *const words[] = {"glpsol", "--freemps", "--check", w->mps, NULL};
    bench_child child;
    if (w->glpk_read < 0 && bench_child_run(words, w->options->limit, &child) == 0) {
        w->glpk_read = child.end.cpu;
        kv_text_clear(&child.out);
    }
    return fmax(0, w->glpk_read);
}

/* The words of this program for one of our methods; `target` and `limit` are buffers of 40 bytes. */
static void our_words(bench_work *w, const bench_method *m, char *target, char *limit,
                      char *threads, const char **words)
{
    double value = bench_results_value(w->results, w->base.instance, exact);
    snprintf(target, 40, "%.17g", value - m->share * fabs(value));
    snprintf(limit, 40, "%g", w->options->limit);
    snprintf(threads, 40, "%d", w->options->threads);
    const char *all[] = {w->self, "--run",     m->name, "--target",  target, "--limit",
                         limit,   "--threads", threads, w->argument, NULL};
    memcpy(words, all, sizeof all);
}

static void run_method(bench_work *w, const bench_method *m, bench_result_row *row)
{
    char target[40], limit[40], threads[40];
    const char *words[MOST_WORDS];
    bench_child child;
    int failed = 0;
    if (m->program)
        failed = peer_words(w, m, words);
    else
        our_words(w, m, target, limit, threads, words);
    if (failed != 0 || bench_child_run(words, w->options->limit, &child) != 0)
        return;
    row->seconds = child.end.wall;
    row->cpu = child.end.cpu;
    row->peak_mb = child.end.peak_mb;
    const char *text = child.out.data ? child.out.data : "";
    if (child.end.overran)
        strcpy(row->status, "overran");
    else if (!m->program)
        read_ours(text, row);
    else if (strcmp(m->program, "clp") == 0)
        read_clp(text, row);
    else if (strcmp(m->program, "glpsol") == 0)
        read_glpsol(text, row);
    else
        read_highs(text, row);
    if (m->program && strcmp(m->program, "glpsol") == 0)
        row->read_cpu = fmin(row->cpu, glpk_reading(w));
    kv_text_clear(&child.out);
}

/* 1 when two values of the LP differ. */
static int differs(const bench_work *w, const bench_result_row *row, double share)
{
    double value = bench_results_value(w->results, row->instance, exact);
    if (share > 0 || strcmp(row->status, "ended") != 0 || isnan(value))
        return 0;
    if (fabs(row->value - value) <= same_value * fmax(1, fabs(value)))
        return 0;
    fprintf(stderr, "%s: %s finds %.12g, not %.12g\n", row->instance, row->method, row->value,
            value);
    return 1;
}

/* A run, if it is wanted and has not been made. 1 when something is wrong. */
static int visit(bench_work *w, int method, int turn)
{
    const bench_method *m = &methods[method];
    bench_result_row row = w->base;
    double value = bench_results_value(w->results, row.instance, exact);
    if ((w->options->any && !w->options->chosen[method]) ||
        bench_results_find(w->results, row.instance, m->name, w->options->threads, turn) ||
        (m->program && !bench_on_path(m->program)))
        return 0;
    if (m->share > 0 && isnan(value)) {
        fprintf(stderr, "%s: no value of the LP for %s to go for\n", row.instance, m->name);
        return 0;
    }
    strcpy(row.method, m->name);
    strcpy(row.status, "failed");
    row.threads = w->options->threads;
    row.turn = turn;
    row.value = NAN;
    row.limit = w->options->limit;
    run_method(w, m, &row);
    fprintf(stderr, "%-16s %-15s %-8s %9.2f s %9.2f s cpu (%.2f reading)  %.10g  %ld iterations\n",
            row.instance, m->name, row.status, row.seconds, row.cpu, row.read_cpu, row.value,
            row.iterations);
    int wrong = differs(w, &row, m->share);
    return bench_results_add(w->results, &row) != 0 || wrong;
}

/* ---- an instance ---- */

static int export_lp(bench_work *w)
{
    kv_problem *p = bench_read(w->argument);
    kv_model *model = NULL;
    int failed = !p || kv_model_create(p, KV_STRONG, &model) != KV_OK ||
                 kv_model_export(p, model, w->mps, NULL) != KV_OK;
    if (!failed) {
        w->base.nodes = p->n_nodes;
        w->base.arcs = p->n_arcs;
        w->base.commodities = p->n_commodities;
        w->base.blocks = p->n_blocks;
        w->base.columns = model->n_columns;
        w->base.rows = model->n_rows;
    }
    kv_model_free(model);
    kv_problem_free(p);
    return failed;
}

/* 1 = a run is left to be made. */
static int anything_left(const bench_work *w)
{
    for (int turn = 1; turn <= w->options->turns; turn++)
        for (int m = 0; m < N_METHODS; m++)
            if ((!w->options->any || w->options->chosen[m]) &&
                (!methods[m].program || bench_on_path(methods[m].program)) &&
                !bench_results_find(w->results, w->base.instance, methods[m].name,
                                    w->options->threads, turn))
                return 1;
    return 0;
}

/* 1 when something is wrong. */
static int measure(const bench_options *options, bench_results *results, const char *argument)
{
    bench_work w = {.options = options, .results = results, .argument = argument, .glpk_read = -1};
    int wrong = 0;
    ssize_t length = readlink("/proc/self/exe", w.self, sizeof w.self - 1);
    bench_name(argument, w.base.instance, sizeof w.base.instance);
    for (char *c = w.base.instance; *c; c++)
        if (*c == ',')
            *c = '_';
    strcpy(w.folder, "/tmp/kvarken-relaxations-XXXXXX");
    if (!anything_left(&w))
        return 0;
    if (length < 0 || !mkdtemp(w.folder))
        return 1;
    snprintf(w.mps, sizeof w.mps, "%s/lp.mps", w.folder);
    snprintf(w.settings, sizeof w.settings, "%s/options", w.folder);
    if (export_lp(&w) != 0) {
        fprintf(stderr, "%s: its LP can't be exported\n", argument);
        wrong = 1;
    }
    for (int turn = 1; turn <= options->turns && !wrong; turn++)
        for (int m = 0; m < N_METHODS; m++)
            wrong |= visit(&w, m, turn);
    unlink(w.mps);
    unlink(w.settings);
    rmdir(w.folder);
    return wrong;
}

/* A tiny instance: every run ends well, and none is made twice. */
static int measure_smoke(bench_options *options)
{
    kv_generate_parameters parameters = {6, 18, 5, 'F', 'T', 1};
    char path[] = "/tmp/kvarken-smoke-XXXXXX";
    bench_results results = {0};
    int descriptor = mkstemp(path);
    options->limit = 60;
    int wrong = descriptor < 0 || close(descriptor) != 0 ||
                kv_generate_file(&parameters, path, NULL) != KV_OK ||
                measure(options, &results, path);
    size_t runs = results.count;
    wrong |= runs < 3 || measure(options, &results, path) || results.count != runs;
    for (size_t i = 0; i < results.count; i++)
        wrong |= strcmp(results.row[i].status, "ended") != 0;
    bench_results_tell(&results, ours, peers);
    bench_results_close(&results);
    unlink(path);
    return wrong;
}

/* ---- the command line ---- */

static int choose(bench_options *options, const char *name)
{
    for (int m = 0; m < N_METHODS; m++)
        if (strcmp(methods[m].name, name) == 0)
            return options->chosen[m] = options->any = 1;
    return 0;
}

/* The first word that is not an option; -1 for options that mean nothing. */
static int read_words(int argc, char **argv, bench_options *o)
{
    int i = 1;
    for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
        const char *word = argv[i], *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(word, "--smoke") == 0) {
            o->smoke = 1;
            continue;
        }
        if (!value)
            return -1;
        i++;
        if (strcmp(word, "--csv") == 0)
            o->csv = value;
        else if (strcmp(word, "--run") == 0)
            o->run = value;
        else if (strcmp(word, "--target") == 0)
            o->target = atof(value);
        else if (strcmp(word, "--limit") == 0)
            o->limit = atof(value);
        else if (strcmp(word, "--threads") == 0)
            o->threads = atoi(value);
        else if (strcmp(word, "--turns") == 0)
            o->turns = atoi(value);
        else if (strcmp(word, "--method") != 0 || !choose(o, value))
            return -1;
    }
    return o->limit > 0 && o->threads > 0 && o->turns > 0 ? i : -1;
}

int main(int argc, char **argv)
{
    bench_options options = {.limit = 60, .threads = 1, .turns = 1};
    bench_results results;
    int first = read_words(argc, argv, &options), wrong = 0;
    if (first < 0 || (first >= argc) == !options.smoke) {
        fprintf(stderr,
                "usage: %s [--csv FILE] [--limit S] [--threads N] [--turns N] [--method NAME]... "
                "[--smoke] CASE...\n",
                argv[0]);
        return 2;
    }
    if (options.run)
        return run_ours(&options, argv[first]);
    char threads[16];
    snprintf(threads, sizeof threads, "%d", options.threads);
    setenv("OPENBLAS_NUM_THREADS", threads, 1);
    setenv("OMP_NUM_THREADS", threads, 1);
    if (options.smoke)
        return measure_smoke(&options);
    if (bench_results_open(&results, options.csv) != 0)
        return 2;
    for (int i = first; i < argc; i++)
        wrong |= measure(&options, &results, argv[i]);
    bench_results_tell(&results, ours, peers);
    bench_results_close(&results);
    return wrong;
}
