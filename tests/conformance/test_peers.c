/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exported model, solved by other programs. */
#include "base/memory.h"
#include "oracle/tiny_case.h"
#include "support/process.h"
#include "support/solve_case.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CASES = 20, COMMAND = 1024 };
static const double same = 1e-6;

static int has_program(const char *name)
{
    char command[COMMAND];
    snprintf(command, sizeof command, "command -v %s >/dev/null 2>&1", name);
    return system(command) == 0;
}

/* The number behind the first `word` of a file; NaN if there is none. */
static double number_behind(const char *path, const char *word)
{
    char *text = test_read(path);
    char *at = text ? strstr(text, word) : NULL;
    double value = at ? strtod(at + strlen(word), NULL) : NAN;
    free(text);
    return value;
}

static double solve_cbc(const char *model, const char *folder)
{
    char command[COMMAND];
    char *answer = test_path(folder, "cbc.txt");
    snprintf(command, sizeof command,
             "cbc '%s' ratioGap 0 allowableGap 0 solve solution '%s' >/dev/null 2>&1", model,
             answer);
    double value = system(command) == 0 ? number_behind(answer, "Optimal - objective value") : NAN;
    free(answer);
    return value;
}

static double solve_glpsol(const char *model, const char *folder)
{
    char command[COMMAND];
    char *answer = test_path(folder, "glpsol.txt");
    snprintf(command, sizeof command, "glpsol --freemps '%s' -o '%s' >/dev/null 2>&1", model,
             answer);
    double value = NAN;
    if (system(command) == 0) {
        char *text = test_read(answer);
        char *at = text ? strstr(text, "Objective:") : NULL;
        at = at ? strchr(at, '=') : NULL;
        value = at ? strtod(at + 1, NULL) : NAN;
        free(text);
    }
    free(answer);
    return value;
}

static void compare(const kv_case *c, const char *folder, const char *label, int strength)
{
    test_solved solved = test_build(c, -1, (double[]){0, 0, 0, 0});
    kv_model *model = NULL;
    char *path = test_path(folder, "model.mps");
    test_solve(&solved, "glpk", strength);
    if (solved.plan->status == KV_PLAN_OPTIMAL) {
        double ours = solved.plan->bound, size = fmax(1, fabs(ours));
        cr_assert(kv_model_create(solved.problem, (kv_strength)strength, &model) == KV_OK);
        cr_assert(kv_model_export(solved.problem, model, path, NULL) == KV_OK);
        double cbc = solve_cbc(path, folder), glpsol = solve_glpsol(path, folder);
        cr_expect(fabs(cbc - ours) <= same * size, "%s: cbc %.12g, here %.12g", label, cbc, ours);
        cr_expect(fabs(glpsol - ours) <= same * size, "%s: glpsol %.12g, here %.12g", label, glpsol,
                  ours);
    }
    free(path);
    kv_model_free(model);
    test_solved_clear(&solved);
}

static void need_programs(void)
{
    if (!has_program("cbc") || !has_program("glpsol")) {
        cr_skip_test("cbc and glpsol are needed (packages coinor-cbc and glpk-utils)");
    }
}

Test(peers, tutorial)
{
    need_programs();
    char *folder = test_folder();
    kv_case *c = test_read_case(KV_SOURCE_DIR "/instances/tutorial");
    compare(c, folder, "tutorial, strong", KV_STRONG);
    compare(c, folder, "tutorial, weak", KV_WEAK);
    kv_case_free(c);
    test_remove(folder);
    free(folder);
}

Test(peers, tiny_cases)
{
    need_programs();
    char *tables = test_folder(), *folder = test_folder();
    for (unsigned seed = 1; seed <= CASES; seed++) {
        char label[32];
        snprintf(label, sizeof label, "seed %u", seed);
        cr_assert(oracle_tiny_write(tables, seed, NULL) == KV_OK);
        kv_case *c = test_read_case(tables);
        compare(c, folder, label, seed % 2 ? KV_STRONG : KV_WEAK);
        kv_case_free(c);
    }
    test_remove(tables);
    test_remove(folder);
    free(tables);
    free(folder);
}
