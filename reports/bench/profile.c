/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/bench/profile.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double least_time = 0.01; /* s */

static int has_solver(const kv_profile *profile, const char *solver)
{
    for (int s = 0; s < profile->n_solvers; s++)
        if (strcmp(profile->solver[s], solver) == 0)
            return 1;
    return 0;
}

/* The time of one run; NaN = not reached. */
static kv_status time_of(const kv_bench_run *run, const char *dir, double gap, double *time,
                         kv_messages *messages)
{
    kv_trace trace;
    kv_status status = kv_bench_trace_read(run, dir, &trace, messages);
    *time = kv_trace_time_to(&trace, gap);
    if (*time > run->limit || strcmp(run->checked, "refused") == 0)
        *time = (double)NAN;
    kv_trace_clear(&trace);
    return status;
}

static kv_status fill_time(const kv_bench_runs *runs, const char *solver, const char *instance,
                           const char *dir, double gap, double *least, kv_messages *messages)
{
    kv_status status = KV_OK;
    *least = (double)NAN;
    for (size_t i = 0; i < runs->count && status == KV_OK; i++) {
        const kv_bench_run *run = &runs->run[i];
        double time;
        if (strcmp(run->solver, solver) != 0 || strcmp(run->instance, instance) != 0)
            continue;
        status = time_of(run, dir, gap, &time, messages);
        *least = fmin(*least, time);
    }
    return status;
}

kv_status kv_profile_create(const kv_bench_runs *runs, const kv_bench_summary *summary,
                            const char *dir, double gap, kv_profile *profile, kv_messages *messages)
{
    int n = summary->n_instances;
    *profile = (kv_profile){.n_instances = n};
    profile->solver = kv_alloc((size_t)summary->n_lines, sizeof *profile->solver);
    profile->time = kv_alloc((size_t)summary->n_lines * (size_t)n, sizeof(double));
    kv_status status = profile->solver && profile->time ? KV_OK : KV_ERR_MEMORY;
    for (int l = 0; l < summary->n_lines && status == KV_OK; l++) {
        const char *solver = summary->line[l].solver;
        if (has_solver(profile, solver))
            continue;
        double *time = profile->time + (size_t)profile->n_solvers * (size_t)n;
        profile->solver[profile->n_solvers++] = solver;
        for (int i = 0; i < n && status == KV_OK; i++)
            status = fill_time(runs, solver, summary->instance[i], dir, gap, &time[i], messages);
    }
    return status;
}

void kv_profile_clear(kv_profile *profile)
{
    kv_free(profile->solver);
    kv_free(profile->time);
    *profile = (kv_profile){0};
}

static int by_size(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

int kv_profile_ratios(const kv_profile *profile, int solver, double *ratio)
{
    int n = profile->n_instances, found = 0;
    for (int i = 0; i < n; i++) {
        double fastest = (double)NAN, mine = profile->time[(size_t)solver * (size_t)n + (size_t)i];
        for (int s = 0; s < profile->n_solvers; s++)
            fastest = fmin(fastest, profile->time[(size_t)s * (size_t)n + (size_t)i]);
        if (!isnan(mine))
            ratio[found++] = fmax(mine, least_time) / fmax(fastest, least_time);
    }
    if (found > 0)
        qsort(ratio, (size_t)found, sizeof *ratio, by_size);
    return found;
}
