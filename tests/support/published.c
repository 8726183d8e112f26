/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/published.h"
#include "base/file.h"
#include "formulations/benchmark.h"

#include <criterion/criterion.h>
#include <stdio.h>

const char *published_path(const char *name)
{
    static char path[1024];
    snprintf(path, sizeof path, KV_SOURCE_DIR "/../shared/bench/%s", name);
    if (!kv_path_exists(path))
        cr_skip_test("no file %s", path);
    return path;
}

kv_problem *published_problem(const char *name)
{
    kv_benchmark *benchmark = NULL;
    kv_problem *p = NULL;
    cr_assert(kv_benchmark_read(published_path(name), NULL, &benchmark, NULL) == KV_OK);
    cr_assert(kv_benchmark_build(benchmark, &p, NULL) == KV_OK);
    cr_assert(kv_problem_check(p, NULL) == KV_OK);
    kv_benchmark_free(benchmark);
    return p;
}
