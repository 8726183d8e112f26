/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a plan uses of each resource, and which arcs it opens. */
#include "reports/figures.h"

#include "base/memory.h"

#include <string.h>

static void add_use(const kv_problem *problem, const double *flow, double *used)
{
    size_t n_use = (size_t)problem->use_first[problem->n_flows];
    for (int b = 0; b < problem->n_blocks; b++) {
        const double *x = flow + (size_t)b * (size_t)problem->n_flows;
        const double *use = problem->use + (size_t)b * n_use;
        double *of_block = used + (size_t)b * (size_t)problem->n_resources;
        for (int p = 0; p < problem->n_flows; p++) {
            if (x[p] == 0)
                continue;
            for (int u = problem->use_first[p]; u < problem->use_first[p + 1]; u++)
                of_block[problem->use_resource[u]] += use[u] * x[p];
        }
    }
}

static void add_capacity(const kv_problem *problem, const double *design, double *capacity)
{
    int n = problem->n_blocks * problem->n_resources;
    for (int i = 0; i < n; i++) {
        capacity[i] = problem->resource_base[i];
        for (int s = problem->supply_first[i]; s < problem->supply_first[i + 1]; s++)
            capacity[i] += problem->supply[s] * design[problem->supply_design[s]];
    }
}

static void close_arcs(const kv_problem *problem, const double *design, unsigned char *open)
{
    for (int o = 0; o < problem->n_openings; o++) {
        const kv_opening *opening = &problem->openings[o];
        double sum = 0;
        for (int i = opening->first; i < opening->first + opening->count; i++)
            sum += problem->opening_coefficient[i] * design[problem->opening_design[i]];
        if (sum < 1e-6)
            open[(size_t)opening->block * (size_t)problem->n_arcs + (size_t)opening->arc] = 0;
    }
}

kv_status kv_usage_create(const kv_problem *problem, const double *design, const double *flow,
                          kv_usage *usage)
{
    size_t n = (size_t)problem->n_blocks * (size_t)problem->n_resources;
    *usage = (kv_usage){0};
    usage->used = kv_alloc(n, sizeof(double));
    usage->capacity = kv_alloc(n, sizeof(double));
    size_t n_open = (size_t)problem->n_blocks * (size_t)problem->n_arcs;
    usage->open = kv_alloc(n_open, 1);
    if (!usage->used || !usage->capacity || !usage->open)
        return KV_ERR_MEMORY;
    if (flow)
        add_use(problem, flow, usage->used);
    add_capacity(problem, design, usage->capacity);
    memset(usage->open, 1, n_open);
    close_arcs(problem, design, usage->open);
    return KV_OK;
}

void kv_usage_clear(kv_usage *usage)
{
    kv_free(usage->used);
    kv_free(usage->capacity);
    kv_free(usage->open);
    *usage = (kv_usage){0};
}

int kv_usage_full(const kv_problem *problem, const kv_usage *usage, int block, int resource)
{
    size_t i = (size_t)block * (size_t)problem->n_resources + (size_t)resource;
    if (usage->capacity[i] >= 1e30)
        return 0;
    return usage->used[i] >= usage->capacity[i] * (1 - 1e-6) - 1e-9;
}
