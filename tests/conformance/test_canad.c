/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published instances of fixed-charge network design (Crainic, Frangioni, Gendron), where their
 * files are beside the source tree; skipped with a message where they are not. */
#include "base/file.h"
#include "base/memory.h"
#include "solver/decomposition/sifting.h"
#include "support/published.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *read_all(const char *name)
{
    static char *text; /* static: gcc 12 takes what it points to for a part of this frame */
    size_t length;
    text = NULL;
    cr_assert(kv_file_read(published_path(name), &text, &length, NULL) == KV_OK);
    return text;
}

/* The optimum of the strong relaxation, opening rows being added until none is violated. */
static double strong_bound(const kv_problem *p)
{
    kv_relaxation *relaxation = NULL;
    double bound = -HUGE_VAL;
    int added = 1;
    cr_assert(kv_relaxation_create(p, NULL, NULL, &relaxation) == KV_OK);
    for (int round = 0; round < 40 && added; round++) {
        kv_ipm_result result;
        cr_assert(kv_relaxation_solve(relaxation, NULL, NULL, 1e-7, 1e300, &result) == KV_OK);
        cr_assert(result.status == KV_OK);
        double before = bound;
        bound = kv_bound_recompute(p, result.multipliers);
        cr_assert(bound >= before - 1e-6 * fabs(before)); /* rows only add to it */
        cr_assert(kv_relaxation_separate(relaxation, &result, 1e-5, &added) == KV_OK);
        kv_ipm_result_free(&result);
    }
    cr_assert(added == 0);
    kv_relaxation_free(relaxation);
    return bound;
}

/* The same by sifting; its bound comes within the tolerance of its value. */
static kv_ipm_result sift(const kv_problem *p, int n_threads)
{
    kv_relaxation *relaxation = NULL;
    kv_sifting *sifting = NULL;
    kv_threads *threads = kv_threads_create(n_threads);
    kv_ipm_result result = {0};
    int done = 0;
    cr_assert(threads && kv_relaxation_create(p, threads, NULL, &relaxation) == KV_OK);
    cr_assert(kv_sifting_create(relaxation, &sifting) == KV_OK);
    for (int round = 0; round < 20 && !done; round++) {
        kv_ipm_result_free(&result);
        cr_assert(kv_sifting_step(sifting, 1e-6, 1e300, &result, &done) == KV_OK);
    }
    cr_assert(done && result.status == KV_OK);
    cr_assert(result.primal - result.bound <= 1e-6 * result.primal);
    cr_assert(fabs(kv_bound_recompute(p, result.multipliers) - result.bound) <=
              1e-9 * result.bound);
    kv_sifting_free(sifting);
    kv_relaxation_free(relaxation);
    kv_threads_free(threads);
    return result;
}

/* Both threads work on the one block, and change nothing. */
static void check_sifting(const char *name, double value)
{
    kv_problem *p = published_problem(name);
    kv_ipm_result one = sift(p, 1), two = sift(p, 2);
    cr_assert(fabs(one.bound - value) <= 2e-6 * value, "%.10g", one.bound);
    cr_assert(memcmp(&one.bound, &two.bound, sizeof(double)) == 0);
    cr_assert(memcmp(one.flow, two.flow, sizeof(double) * (size_t)p->n_flows) == 0);
    kv_ipm_result_free(&one);
    kv_ipm_result_free(&two);
    kv_problem_free(p);
}

/* The best value known of an instance, from the table beside the files. */
static double best_known(const char *instance)
{
    char *text = read_all("best-known.csv"), key[64];
    snprintf(key, sizeof key, ",%s,", instance);
    char *row = strstr(text, key);
    cr_assert(row != NULL);
    for (int field = 0; field < 5; field++) {
        row = strchr(row, ',');
        cr_assert(row != NULL);
        row++;
    }
    double value = strtod(row, NULL);
    kv_free(text);
    return value;
}

/* The value of the strong relaxation that several codes agree on, to a figure of its last digit. */
Test(canad, strong_relaxation_of_c33)
{
    kv_problem *p = published_problem("canad/C/c33.dow");
    double bound = strong_bound(p);
    cr_assert(fabs(bound - 422853.3) <= 0.3, "%.10g", bound);
    kv_problem_free(p);
}

Test(canad, sifting_of_c33)
{
    check_sifting("canad/C/c33.dow", 422853.3);
}

Test(canad, sifting_of_c37)
{
    check_sifting("canad/C/c37.dow", 91300.65);
}

/* A few steps of the engine: the optimum lies between bound and plan, and not far from either. */
Test(canad, plan_of_c33)
{
    kv_problem *p = published_problem("canad/C/c33.dow");
    kv_limits limits;
    kv_plan *plan = NULL;
    double optimum = best_known("c33");
    kv_limits_default(&limits);
    limits.work = 250;
    cr_assert(kv_engine_decomposition.solve(p, &limits, &plan, NULL) == KV_OK);
    cr_assert(plan->status == KV_PLAN_FEASIBLE || plan->status == KV_PLAN_OPTIMAL);
    cr_assert(plan->bound <= optimum * (1 + 1e-9) && plan->objective >= optimum * (1 - 1e-9));
    cr_assert(plan->certified_bound >= 0.99 * optimum, "%.10g", plan->certified_bound);
    cr_assert(plan->objective <= 1.05 * optimum, "%.10g", plan->objective);
    kv_plan_free(plan);
    kv_problem_free(p);
}
