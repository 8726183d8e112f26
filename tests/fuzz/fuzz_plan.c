/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checker's readers. A small case and a small benchmark file are solved and written once; the
 * first byte chooses one of the files of either folder, and the rest stands in its place while the
 * folder is checked. Whatever the file says, the check ends soon; what it proves is true: no bound
 * above the optimum, and no plan below it that is confirmed.
 */
#define _XOPEN_SOURCE 700
#include "base/memory.h"
#include "formulations/benchmark.h"
#include "fuzz/fuzz.h"
#include "reports/checker/check.h"
#include "reports/result.h"
#include "support/benchmarks.h"
#include "support/process.h"
#include "support/tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { PLAN_JSON, CERTIFICATE, N_CASE = 8, N_FILES = 12 };

/* Of the case, then of the benchmark file. */
static const char *const names[N_FILES] = {
    "plan.json", "certificate.json", "investments.csv", "fleet.csv",
    "flows.csv", "budgets.csv",      "unserved.csv",    "costs.csv",
    "plan.json", "certificate.json", "design.csv",      "flows.csv"};

/* Processor time that a check of a small folder may take, with room for sanitizers. */
static const double longest = 20;

typedef struct solved {
    kv_case *the_case;
    kv_benchmark *benchmark;
    kv_problem *problem;
    kv_map *map;
    char *folder;
    double optimum;
} solved;

static solved worlds[2];
static char *original[N_FILES];

static void remove_folders(void)
{
    for (int i = 0; i < 2; i++) {
        test_remove(worlds[i].folder);
        free(worlds[i].folder);
        kv_case_free(worlds[i].the_case);
        kv_benchmark_free(worlds[i].benchmark);
        kv_problem_free(worlds[i].problem);
        kv_map_free(worlds[i].map);
    }
    for (int i = 0; i < N_FILES; i++)
        free(original[i]);
}

static void read_case(solved *world)
{
    tables files;
    kv_build_options options = {.scenario = -1, .budget_factor = 1};
    tables_valid(&files);
    fuzz_must(tables_read(&files, NULL, &world->the_case, NULL) == KV_OK, "no case");
    fuzz_must(kv_build(world->the_case, &options, &world->problem, &world->map, NULL) == KV_OK,
              "no problem");
}

static void read_benchmark(solved *world)
{
    kv_benchmark_options options = SMALL_OPTIONS;
    fuzz_must(kv_benchmark_read_bytes(small_canad, strlen(small_canad), NULL, 0, &options, "small",
                                      &world->benchmark, NULL) == KV_OK,
              "no benchmark");
    fuzz_must(kv_benchmark_build(world->benchmark, &world->problem, NULL) == KV_OK, "no problem");
}

static void solve(solved *world)
{
    kv_limits limits;
    kv_plan *plan = NULL;
    kv_limits_default(&limits);
    limits.gap = 1e-9;
    fuzz_must(kv_engine_glpk.solve(world->problem, &limits, &plan, NULL) == KV_OK &&
                  plan->status == KV_PLAN_OPTIMAL,
              "no plan");
    kv_result result = {.the_case = world->the_case,
                        .benchmark = world->benchmark,
                        .problem = world->problem,
                        .map = world->map,
                        .plan = plan,
                        .scenario = world->the_case ? "joint" : NULL,
                        .engine = "glpk",
                        .threads = 1};
    plan->status = KV_PLAN_FEASIBLE; /* its certificate is that of the root */
    world->optimum = plan->objective;
    world->folder = test_folder();
    fuzz_must(kv_result_write(&result, world->folder, NULL) == KV_OK, "no results");
    kv_plan_free(plan);
}

static const solved *world_of(int file)
{
    return &worlds[file >= N_CASE];
}

static kv_status check(const solved *world, kv_check_result *result, kv_messages *messages)
{
    return world->the_case
               ? kv_check(world->the_case, world->folder, NULL, result, messages)
               : kv_check_benchmark(world->benchmark, world->folder, NULL, result, messages);
}

static void begin(void)
{
    kv_check_result result;
    read_case(&worlds[0]);
    read_benchmark(&worlds[1]);
    for (int i = 0; i < 2; i++) {
        solve(&worlds[i]);
        fuzz_must(check(&worlds[i], &result, NULL) == KV_OK && result.failed == 0,
                  "a plan that is not confirmed");
        kv_text_clear(&result.report);
    }
    for (int i = 0; i < N_FILES; i++) {
        char *path = test_path(world_of(i)->folder, names[i]);
        original[i] = test_read(path);
        fuzz_must(original[i] != NULL, "a file is not there");
        free(path);
    }
    atexit(remove_folders);
}

static void put(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");
    fuzz_must(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0,
              "a file can't be written");
}

/* plan.json may name another scenario, whose optimum is another. */
static void judge(int file, const kv_check_result *result)
{
    const double optimum = world_of(file)->optimum, size = 1e-6 * fmax(1, fabs(optimum));
    fuzz_must(result->report.length > 0, "a check without a report");
    if (file % N_CASE == PLAN_JSON)
        return;
    fuzz_must(!(result->bound > optimum + size), "a bound above the optimum");
    fuzz_must(result->failed > 0 || isnan(result->objective) || result->objective >= optimum - size,
              "a plan below the optimum is confirmed");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kv_check_result result;
    if (!worlds[0].folder)
        begin();
    if (size == 0)
        return 0;
    const int file = data[0] % N_FILES;
    char *path = test_path(world_of(file)->folder, names[file]);
    kv_messages *messages = kv_messages_create();
    put(path, data + 1, size - 1);
    clock_t start = clock();
    kv_status status = check(world_of(file), &result, messages);
    double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
    fuzz_must(status == KV_OK || status == KV_ERR_INPUT, "another status than done or faults");
    fuzz_must((status == KV_ERR_INPUT) == (kv_messages_faults(messages) > 0),
              "faults and status differ");
    fuzz_must(seconds <= longest, "a check of a small folder takes long");
    if (status == KV_OK)
        judge(file, &result);
    fuzz_messages(messages);
    kv_text_clear(&result.report);
    kv_messages_free(messages);
    put(path, original[file], strlen(original[file]));
    free(path);
    return 0;
}
