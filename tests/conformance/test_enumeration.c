/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The optimum of generated tiny cases, by the library and by enumeration from the tables. */
#include "base/memory.h"
#include "oracle/enumerate.h"
#include "oracle/tiny_case.h"
#include "support/process.h"
#include "support/solve_case.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEEDS = 240, SLICES = 8, COMBINATIONS = 5000, EFFECTS = 10 };
static const double same = 1e-7;    /* of objectives */
static const double claimed = 1e-6; /* of bounds, within the tolerances of simplex codes */
static const double proved = 1e-9;  /* of recomputed bounds */

/* Effects of the projects that the optimum starts. */
static int built[EFFECTS];

static double distance(double a, double b)
{
    return fabs(a - b) / fmax(1, fmax(fabs(a), fabs(b)));
}

/* What putting flows on the grid may cost, relative to the objective. */
static double grid_share(const kv_case *c, double objective)
{
    double eur = c->the_case.rows[0].flow_grid_t * 1000 * 50; /* 50 flows, dear goods */
    return eur * 1e-6 * c->periods.count * 5 / fmax(1, fabs(objective));
}

/* One plan against the optimum; `value` is MEUR without the constant. */
static void compare_plan(const kv_case *c, const kv_plan *plan, double value, const char *label)
{
    cr_expect(plan->status == KV_PLAN_OPTIMAL, "%s: status %d", label, plan->status);
    cr_expect(distance(plan->objective, value) <= same + grid_share(c, value),
              "%s: objective %.12g", label, plan->objective);
    cr_expect(distance(plan->bound, value) <= claimed, "%s: bound %.12g", label, plan->bound);
    cr_expect(plan->certified_bound <= value + proved * fmax(1, fabs(value)),
              "%s: recomputed bound %.12g", label, plan->certified_bound);
}

/* The other engines may stop within `claimed`, but never claim too much. */
static void compare_engine(const char *engine, const kv_case *c, unsigned seed,
                           const double *reference, const oracle_optimum *optimum)
{
    test_solved solved = test_build(c, -1, reference);
    double value = optimum->objective;
    test_solve(&solved, engine, KV_STRONG);
    if (optimum->found) {
        cr_expect(distance(solved.plan->objective, value) <= claimed + grid_share(c, value),
                  "seed %u: %s %.12g, enumeration %.12g", seed, engine, solved.plan->objective,
                  value);
        cr_expect(solved.plan->bound <= value + same * fmax(1, fabs(value)),
                  "seed %u: bound of %s %.12g, enumeration %.12g", seed, engine, solved.plan->bound,
                  value);
        cr_expect(solved.plan->certified_bound <= value + proved * fmax(1, fabs(value)),
                  "seed %u: recomputed bound of %s %.12g, enumeration %.12g", seed, engine,
                  solved.plan->certified_bound, value);
    } else {
        cr_expect(solved.plan->status == KV_PLAN_INFEASIBLE || solved.plan->status == KV_PLAN_NONE,
                  "seed %u: no plan exists, status of %s %d", seed, engine, solved.plan->status);
    }
    test_solved_clear(&solved);
}

static void compare(const kv_case *c, unsigned seed, int scenario, const double *reference,
                    const oracle_optimum *optimum, int strength)
{
    char label[400];
    char *text = oracle_optimum_text(c, optimum);
    test_solved solved = test_build(c, scenario, reference);
    snprintf(label, sizeof label, "seed %u/%d %s: enumeration %.300s", seed, scenario,
             strength == KV_STRONG ? "strong" : "weak", text);
    test_solve(&solved, "glpk", strength);
    if (optimum->found) {
        compare_plan(c, solved.plan, optimum->objective, label);
        cr_expect(distance(solved.problem->constant, optimum->constant) <= 1e-9,
                  "%s: constant %.12g is not %.12g", label, solved.problem->constant,
                  optimum->constant);
    } else {
        cr_expect(solved.plan->status == KV_PLAN_INFEASIBLE, "%s: no plan exists, status %d", label,
                  solved.plan->status);
    }
    if (strength == KV_STRONG && !isnan(optimum->do_nothing)) {
        snprintf(label, sizeof label, "seed %u/%d nothing: enumeration %.300s", seed, scenario,
                 text);
        test_solve_nothing(&solved, "glpk");
        compare_plan(c, solved.nothing, optimum->do_nothing, label);
    }
    kv_free(text);
    test_solved_clear(&solved);
}

static void count_built(const kv_case *c, const oracle_optimum *optimum)
{
    for (int i = 0; i < optimum->starts.count; i++) {
        for (int e = 0; e < c->effects.count && optimum->units[i] > 0; e++) {
            if (c->effects.rows[e].project == optimum->starts.start[i].project) {
                built[c->effects.rows[e].effect]++;
            }
        }
    }
}

/* One scenario alone or all, weak and strong. */
static double compare_case(const kv_case *c, unsigned seed, int scenario, const double *reference)
{
    oracle_optimum optimum;
    oracle_enumerate(c, scenario, reference, COMBINATIONS, &optimum);
    double objective = optimum.objective;
    cr_assert(!optimum.failed, "seed %u/%d: a programme failed", seed, scenario);
    cr_assert(optimum.worst_error < 1e-8, "seed %u/%d: error %g", seed, scenario,
              optimum.worst_error);
    compare(c, seed, scenario, reference, &optimum, KV_STRONG);
    compare(c, seed, scenario, reference, &optimum, KV_WEAK);
    if (scenario < 0) {
        compare_engine("decomposition", c, seed, reference, &optimum);
        compare_engine("cutting", c, seed, reference, &optimum);
    }
    count_built(c, &optimum);
    oracle_optimum_free(&optimum);
    return objective;
}

static void compare_seed(const char *folder, unsigned seed)
{
    double own[2] = {0, 0};
    cr_assert(oracle_tiny_write(folder, seed, NULL) == KV_OK);
    kv_case *c = test_read_case(folder);
    int regret = c->the_case.rows[0].risk == KV_RISK_REGRET;
    int apart = c->scenarios.count > 1 && (regret || seed % 4 == 0);
    for (int s = 0; s < c->scenarios.count && apart; s++) {
        own[s] = compare_case(c, seed, s, own);
    }
    compare_case(c, seed, -1, own);
    kv_case_free(c);
}

/* The seeds in slices, so that one failure leaves the rest. */
static void compare_slice(unsigned slice)
{
    char *folder = test_folder();
    for (unsigned seed = slice; seed <= SEEDS; seed += SLICES) {
        compare_seed(folder, seed);
    }
    test_remove(folder);
    free(folder);
}

ParameterizedTestParameters(enumeration, equals)
{
    static unsigned slices[SLICES];
    for (unsigned i = 0; i < SLICES; i++) {
        slices[i] = i + 1;
    }
    return cr_make_param_array(unsigned, slices, SLICES);
}

ParameterizedTest(unsigned *slice, enumeration, equals)
{
    compare_slice(*slice);
}

/* Each effect is in some optimum, so that its worth was compared and not only its absence. */
Test(enumeration, every_effect_is_built_somewhere)
{
    char *folder = test_folder();
    int missing = EFFECTS;
    for (unsigned seed = 1; seed <= SEEDS && missing > 0; seed++) {
        oracle_optimum optimum;
        double own[2] = {0, 0};
        cr_assert(oracle_tiny_write(folder, seed, NULL) == KV_OK);
        kv_case *c = test_read_case(folder);
        if (c->the_case.rows[0].risk != KV_RISK_REGRET) {
            oracle_enumerate(c, -1, own, COMBINATIONS, &optimum);
            count_built(c, &optimum);
            oracle_optimum_free(&optimum);
        }
        kv_case_free(c);
        missing = 0;
        for (int e = 0; e < EFFECTS; e++) {
            missing += built[e] == 0;
        }
    }
    for (int e = 0; e < EFFECTS; e++) {
        cr_log_info("effect %d is in %d optima", e, built[e]);
        cr_expect(built[e] > 0, "no optimum has effect %d", e);
    }
    test_remove(folder);
    free(folder);
}
