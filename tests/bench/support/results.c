/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench/support/results.h"

#include "base/memory.h"
#include "bench/support/measure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char header[] =
    "instance,nodes,arcs,commodities,blocks,columns,rows,method,threads,turn,status,seconds,"
    "cpu_seconds,read_cpu_seconds,value,iterations,peak_mb,limit\n";

static int keep(bench_results *results, const bench_result_row *row)
{
    if (kv_reserve((void **)&results->row, &results->capacity, results->count + 1, sizeof(*row)))
        return -1;
    results->row[results->count++] = *row;
    return 0;
}

/* 0, or -1 when the line is not a row. */
static int parse(const char *line, bench_result_row *r)
{
    memset(r, 0, sizeof(*r));
    int n =
        sscanf(line, "%95[^,],%d,%d,%d,%d,%d,%d,%23[^,],%d,%d,%15[^,],%lf,%lf,%lf,%lf,%ld,%lf,%lf",
               r->instance, &r->nodes, &r->arcs, &r->commodities, &r->blocks, &r->columns, &r->rows,
               r->method, &r->threads, &r->turn, r->status, &r->seconds, &r->cpu, &r->read_cpu,
               &r->value, &r->iterations, &r->peak_mb, &r->limit);
    return n == 18 ? 0 : -1;
}

int bench_results_open(bench_results *results, const char *path)
{
    char line[1024];
    int number = 0, failed = 0;
    memset(results, 0, sizeof(*results));
    results->path = path;
    FILE *file = path ? fopen(path, "r") : NULL;
    while (file && !failed && fgets(line, sizeof line, file)) {
        bench_result_row row;
        number++;
        if (number == 1 && strcmp(line, header) == 0)
            continue;
        /* A line that was cut off by an interruption is made again. */
        if (number > 1 && !strchr(line, '\n'))
            break;
        failed = number == 1 || parse(line, &row) != 0 || keep(results, &row) != 0;
    }
    if (file)
        fclose(file);
    if (failed)
        fprintf(stderr, "%s:%d: not a row of results\n", path, number);
    return failed ? -1 : 0;
}

void bench_results_close(bench_results *results)
{
    kv_free(results->row);
    memset(results, 0, sizeof(*results));
}

static void put(FILE *file, const bench_result_row *r)
{
    fprintf(file, "%s,%d,%d,%d,%d,%d,%d,%s,%d,%d,%s,%.6g,%.6g,%.6g,%.12g,%ld,%.1f,%g\n",
            r->instance, r->nodes, r->arcs, r->commodities, r->blocks, r->columns, r->rows,
            r->method, r->threads, r->turn, r->status, r->seconds, r->cpu, r->read_cpu, r->value,
            r->iterations, r->peak_mb, r->limit);
}

/* The file is written whole each time: so a line cut off before is gone too. */
int bench_results_add(bench_results *results, const bench_result_row *row)
{
    if (keep(results, row) != 0)
        return -1;
    if (!results->path)
        return 0;
    FILE *file = fopen(results->path, "w");
    if (file) {
        fputs(header, file);
        for (size_t i = 0; i < results->count; i++)
            put(file, &results->row[i]);
    }
    if (!file || fclose(file) != 0) {
        fprintf(stderr, "%s: %s\n", results->path, strerror(errno));
        return -1;
    }
    return 0;
}

const bench_result_row *bench_results_find(const bench_results *results, const char *instance,
                                           const char *method, int threads, int turn)
{
    for (size_t i = 0; i < results->count; i++) {
        const bench_result_row *r = &results->row[i];
        if (strcmp(r->instance, instance) == 0 && strcmp(r->method, method) == 0 &&
            r->threads == threads && r->turn == turn)
            return r;
    }
    return NULL;
}

double bench_results_value(const bench_results *results, const char *instance,
                           const char *const *methods)
{
    for (int m = 0; methods[m]; m++)
        for (size_t i = 0; i < results->count; i++) {
            const bench_result_row *r = &results->row[i];
            if (strcmp(r->instance, instance) == 0 && strcmp(r->method, methods[m]) == 0 &&
                strcmp(r->status, "ended") == 0)
                return r->value;
        }
    return NAN;
}

/* Least times of a method on an instance. */
typedef struct least {
    double cpu, wall;
    int runs, ended;
} least;

static least least_of(const bench_results *results, const char *instance, const char *method)
{
    least best = {HUGE_VAL, HUGE_VAL, 0, 0};
    for (size_t i = 0; i < results->count; i++) {
        const bench_result_row *r = &results->row[i];
        if (strcmp(r->instance, instance) != 0 || strcmp(r->method, method) != 0 ||
            strcmp(r->status, "failed") == 0)
            continue;
        double left = fmax(1e-4, 1 - (r->cpu > 0 ? r->read_cpu / r->cpu : 0));
        best.cpu = fmin(best.cpu, r->cpu * left);
        best.wall = fmin(best.wall, r->seconds * left);
        best.runs++;
        best.ended |= strcmp(r->status, "ended") == 0;
    }
    return best;
}

/* 1 = an earlier row is of the same instance. */
static int seen_before(const bench_results *results, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (strcmp(results->row[j].instance, results->row[i].instance) == 0)
            return 1;
    return 0;
}

static void compare(const bench_results *results, const char *mine, const char *peer)
{
    double *cpu = kv_alloc(results->count + 1, sizeof(double));
    double *wall = kv_alloc(results->count + 1, sizeof(double)), smallest = HUGE_VAL;
    int n = 0, overran = 0, not_ended = 0;
    const char *where = "";
    for (size_t i = 0; cpu && wall && i < results->count; i++) {
        const char *instance = results->row[i].instance;
        if (seen_before(results, i))
            continue;
        least ours = least_of(results, instance, mine), theirs = least_of(results, instance, peer);
        if (ours.runs == 0 || theirs.runs == 0)
            continue;
        if (!ours.ended) {
            not_ended++;
            continue;
        }
        cpu[n] = theirs.cpu / ours.cpu;
        wall[n] = theirs.wall / ours.wall;
        overran += !theirs.ended;
        if (cpu[n] < smallest) {
            smallest = cpu[n];
            where = instance;
        }
        n++;
    }
    if (n > 0 || not_ended > 0)
        fprintf(stderr, "%-16s %-16s %4d %8.2f %8.2f %9.3f  %-16s %8d %8d\n", mine, peer, n,
                bench_geometric_mean(n, cpu), bench_geometric_mean(n, wall), smallest, where,
                overran, not_ended);
    kv_free(cpu);
    kv_free(wall);
}

/* On how many instances the method ended well, in any run. */
static void count_ended(const bench_results *results, const char *method)
{
    int n = 0, ended = 0;
    for (size_t i = 0; i < results->count; i++) {
        int tried = 0;
        for (size_t j = i; j < results->count && !seen_before(results, i); j++)
            tried |= strcmp(results->row[j].instance, results->row[i].instance) == 0 &&
                     strcmp(results->row[j].method, method) == 0;
        n += tried;
        ended += tried && least_of(results, results->row[i].instance, method).ended;
    }
    if (n > 0)
        fprintf(stderr, "%-16s ended well on %d of %d instances\n", method, ended, n);
}

void bench_results_tell(const bench_results *results, const char *const *ours,
                        const char *const *peers)
{
    fputc('\n', stderr);
    for (int m = 0; ours[m]; m++)
        count_ended(results, ours[m]);
    fprintf(stderr,
            "\nTimes of the peer by ours: geometric means, and the least\n"
            "ours             peer             inst.      cpu    clock     least  on        "
            "        overran  ours didn't end\n");
    for (int m = 0; ours[m]; m++)
        for (int p = 0; peers[p]; p++)
            compare(results, ours[m], peers[p]);
}
