/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published benchmark files, where they are beside the source tree (else skipped with a message):
 * all are read, and where an optimum is known it is found. And exported models of small instances,
 * solved by another program. */
#include "base/file.h"
#include "base/memory.h"
#include "formulations/model.h"
#include "solver/engine.h"
#include "support/benchmarks.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BENCH KV_SOURCE_DIR "/../shared/bench/"

enum { PATH_SIZE = 2048, COMMAND = 4096 };

static const kv_benchmark_options none_given = SMALL_OPTIONS;

/* ---- all files are read ---- */

static void read_one(const char *path, const kv_benchmark_options *options, int format)
{
    kv_messages *messages = kv_messages_create();
    kv_benchmark *b = NULL;
    kv_status status = kv_benchmark_read(path, options, &b, messages);
    char *said = kv_messages_count(messages) ? kv_message_text(kv_messages_get(messages, 0)) : NULL;
    cr_expect(status == KV_OK && kv_messages_faults(messages) == 0, "%s: %s", path,
              said ? said : "no message");
    cr_expect(!b || b->format == format, "%s is read as %s", path,
              kv_benchmark_format_name(b ? b->format : -1));
    kv_free(said);
    kv_benchmark_free(b);
    kv_messages_free(messages);
}

/* The options that files of a folder need. */
static kv_benchmark_options options_for(const char *name, char *topology)
{
    kv_benchmark_options options = none_given;
    if (strncmp(name, "capa.", 5) == 0 || strncmp(name, "capb.", 5) == 0 ||
        strncmp(name, "capc.", 5) == 0)
        options.capacity = 8000;
    if (strncmp(name, "r0", 2) == 0 && !strstr(name, ".dow")) {
        snprintf(topology, PATH_SIZE, BENCH "canad/R/%.3s.1.dow", name);
        options.topology = topology;
    }
    return options;
}

static void read_folder(const char *folder, int format, int at_least)
{
    char path[PATH_SIZE], topology[PATH_SIZE];
    struct dirent **items;
    int count = 0;
    snprintf(path, sizeof path, BENCH "%s", folder);
    if (!kv_path_exists(path))
        cr_skip_test("no folder %s", path);
    int n = scandir(path, &items, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        if (items[i]->d_name[0] != '.') {
            kv_benchmark_options options = options_for(items[i]->d_name, topology);
            snprintf(path, sizeof path, BENCH "%s/%s", folder, items[i]->d_name);
            read_one(path, &options, format);
            count++;
        }
        free(items[i]);
    }
    free(items);
    cr_assert_geq(count, at_least);
}

Test(benchmarks, canad_c_is_read)
{
    read_folder("canad/C", KV_BENCHMARK_CANAD, 22);
}

Test(benchmarks, canad_c_plus_is_read)
{
    read_folder("canad/CPlus", KV_BENCHMARK_CANAD, 9);
}

Test(benchmarks, canad_r_is_read)
{
    read_folder("canad/R", KV_BENCHMARK_CANAD, 90);
}

Test(benchmarks, sndlib_is_read)
{
    read_folder("sndlib", KV_BENCHMARK_SNDLIB, 17);
}

Test(benchmarks, locations_are_read)
{
    read_folder("orlib-cap", KV_BENCHMARK_LOCATION, 27);
}

Test(benchmarks, scenarios_are_read)
{
    read_folder("stochastic", KV_BENCHMARK_SCENARIOS, 18);
}

/* ---- known optima ---- */

static kv_problem *published(const char *name, const kv_benchmark_options *options)
{
    char path[PATH_SIZE];
    kv_benchmark *b = NULL;
    kv_problem *p = NULL;
    snprintf(path, sizeof path, BENCH "%s", name);
    if (!kv_path_exists(path))
        cr_skip_test("no file %s", path);
    cr_assert_eq(kv_benchmark_read(path, options, &b, NULL), KV_OK);
    cr_assert_eq(kv_benchmark_build(b, &p, NULL), KV_OK);
    cr_assert_eq(kv_problem_check(p, NULL), KV_OK);
    kv_benchmark_free(b);
    return p;
}

/* The value of an instance from the table beside the files. */
static double best_known(const char *instance)
{
    char *text = NULL, key[64];
    size_t length;
    cr_assert_eq(kv_file_read(BENCH "best-known.csv", &text, &length, NULL), KV_OK);
    snprintf(key, sizeof key, ",%s,", instance);
    const char *at = strstr(text, key);
    cr_assert(at != NULL);
    for (int field = 0; field < 5; field++)
        at = strchr(at, ',') + 1;
    double value = strtod(at, NULL);
    kv_free(text);
    return value;
}

Test(benchmarks, warehouse_optima_are_found)
{
    static const char *const names[] = {"cap41", "cap44", "cap74", "cap101", "cap131"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char file[64];
        kv_limits limits;
        kv_plan *plan = NULL;
        snprintf(file, sizeof file, "orlib-cap/%s.txt", names[i]);
        kv_problem *p = published(file, NULL);
        double known = best_known(names[i]);
        kv_limits_default(&limits);
        limits.gap = 1e-9;
        cr_assert_eq(kv_engine_glpk.solve(p, &limits, &plan, NULL), KV_OK);
        cr_expect(fabs(plan->objective - known) <= 1e-3, "%s: %.10g, known is %.10g", names[i],
                  plan->objective, known);
        cr_expect(plan->certified_bound <= known + 1e-3);
        kv_plan_free(plan);
        kv_problem_free(p);
    }
}

/* ---- exported models of small instances ---- */

static double solve_with_cbc(const char *model, const char *folder)
{
    char command[COMMAND];
    char *answer = test_path(folder, "cbc.txt");
    snprintf(command, sizeof command,
             "cbc '%s' ratioGap 0 allowableGap 0 solve solution '%s' >/dev/null 2>&1", model,
             answer);
    static const char word[] = "Optimal - objective value";
    char *text = system(command) == 0 ? test_read(answer) : NULL;
    const char *at = text ? strstr(text, word) : NULL;
    double value = at ? strtod(at + strlen(word), NULL) : (double)NAN;
    free(text);
    free(answer);
    return value;
}

static void compare(const small_reading *reading, double optimum, const char *folder)
{
    kv_problem *p = small_problem(reading);
    char *path = test_path(folder, "model.mps");
    for (int strength = KV_WEAK; strength <= KV_STRONG; strength++) {
        kv_model *model = NULL;
        cr_assert_eq(kv_model_create(p, (kv_strength)strength, &model), KV_OK);
        cr_assert_eq(kv_model_export(p, model, path, NULL), KV_OK);
        double found = solve_with_cbc(path, folder);
        cr_expect(fabs(found - optimum) <= 1e-6, "%.12g, not %.12g", found, optimum);
        kv_model_free(model);
    }
    free(path);
    kv_problem_free(p);
}

Test(benchmarks, cbc_finds_the_same_optima)
{
    if (system("command -v cbc >/dev/null 2>&1") != 0)
        cr_skip_test("cbc is needed (package coinor-cbc)");
    char *folder = test_folder();
    small_reading canad = {.text = small_canad, .options = SMALL_OPTIONS};
    small_reading location = {.text = small_location, .options = SMALL_OPTIONS};
    small_reading scenarios = {
        .text = small_scenarios, .topology = small_canad, .options = SMALL_OPTIONS};
    small_reading sndlib = {.text = small_sndlib, .options = SMALL_OPTIONS};
    location.options.capacity = 8;
    compare(&canad, 25, folder);
    compare(&location, 86, folder);
    compare(&scenarios, 19, folder);
    compare(&sndlib, 44, folder);
    sndlib.options.modules = KV_MODULES_ONE;
    compare(&sndlib, 61, folder);
    test_remove(folder);
    free(folder);
}
