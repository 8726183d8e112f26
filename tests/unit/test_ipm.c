/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The structured interior point against GLPK's simplex on random problems, and its linear systems
 * against a dense elimination. */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/ipm/ipm.h"
#include "solver/ipm/kkt.h"
#include "solver/ipm/lift.h"
#include "support/random_problem.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* Everything that one solve needs. */
typedef struct solve {
    kv_problem *problem;
    kv_opening_row *rows;
    kv_lp_options lp_options;
    kv_ipm_options options;
    kv_block_lp *lp;
    kv_ipm_result result;
    kv_status status;
} solve;

static solve prepare(kv_problem *problem, int open)
{
    const kv_problem *p = problem;
    solve s;
    int n = 0;
    memset(&s, 0, sizeof s);
    s.problem = problem;
    s.rows = kv_alloc((size_t)p->n_openings * (size_t)p->n_commodities, sizeof *s.rows);
    cr_assert(s.rows != NULL);
    for (int o = 0; open && o < p->n_openings; o++)
        for (int f = 0; f < p->n_flows; f++)
            if (p->flow_arc[f] == p->openings[o].arc)
                s.rows[n++] = (kv_opening_row){o, f};
    s.lp_options.openings = s.rows;
    s.lp_options.n_openings = n;
    kv_ipm_options_default(&s.options);
    s.options.tolerance = 1e-8;
    return s;
}

static void run(solve *s, kv_threads *threads)
{
    s->status = kv_block_lp_create(s->problem, &s->lp_options, &s->lp);
    if (s->status == KV_OK)
        s->status = kv_ipm_solve(s->lp, &s->lp_options, threads, &s->options, &s->result);
    if (s->status == KV_OK)
        s->status = kv_multipliers_lift(s->problem, s->lp_options.upper, s->result.multipliers);
}

static void forget(solve *s)
{
    kv_ipm_result_free(&s->result);
    kv_block_lp_free(s->lp);
    kv_free(s->rows);
    kv_problem_free(s->problem);
}

static double bound_of(const solve *s)
{
    return kv_bound_within(s->problem, s->lp_options.lower, s->lp_options.upper,
                           s->result.multipliers);
}

/* The optimum of the same LP by the simplex method, +infinity when it is infeasible. */
static double simplex_optimum(const solve *s, kv_strength strength, int open)
{
    kv_lp_limits limits;
    kv_lp *lp =
        random_problem_lp(s->problem, strength, s->lp_options.lower, s->lp_options.upper, open);
    kv_lp_limits_default(&limits);
    kv_lp_state state = kv_lp_solve(lp, &limits);
    double optimum = kv_lp_objective(lp);
    kv_lp_free(lp);
    cr_assert(state == KV_LP_OPTIMAL || state == KV_LP_INFEASIBLE, "simplex: state %d", state);
    return state == KV_LP_OPTIMAL ? optimum : INFINITY;
}

static double size_of(double value)
{
    return fmax(1.0, fabs(value));
}

/* The bound is valid and the result agrees with itself, whatever the interior point ended with. */
static void check_bound(const solve *s, double optimum, int i)
{
    double bound = bound_of(s), slack = 1e-9 * size_of(optimum);
    cr_assert(s->status == KV_OK, "%d: %d", i, s->status);
    cr_assert(isfinite(s->result.bound) && isfinite(s->result.primal), "%d", i);
    cr_assert(bound <= optimum + slack, "%d: bound %.12g above %.12g", i, bound, optimum);
}

/* `optimum` of the LP that was solved; `least` of the one with all opening rows. */
static void check_optimum(const solve *s, double optimum, double least, int i)
{
    double size = size_of(optimum), bound = bound_of(s);
    check_bound(s, least, i);
    cr_assert(s->result.status == KV_OK, "%d: status %d after %d iterations, violation %g", i,
              s->result.status, s->result.iterations, s->result.violation);
    cr_assert(fabs(s->result.primal - optimum) <= 1e-6 * size, "%d: primal %.12g, optimum %.12g", i,
              s->result.primal, optimum);
    cr_assert(bound >= optimum - 1e-6 * size, "%d: bound %.12g, optimum %.12g", i, bound, optimum);
    cr_assert(bound >= s->result.bound - 1e-8 * size, "%d: bound %.12g, claimed %.12g", i, bound,
              s->result.bound);
}

/* Rows and bounds of the point that was handed out; the objective is its own. */
static void check_point(const solve *s, int open, int i)
{
    kv_violation v;
    double objective = kv_problem_objective(s->problem, s->result.design, s->result.flow);
    kv_problem_violation(s->problem, s->result.design, s->result.flow, &v);
    cr_assert(v.balance <= 1e-6 && v.resource <= 1e-6 && v.coupling <= 1e-6 && v.side <= 1e-6, "%d",
              i);
    cr_assert(v.bounds <= 1e-9, "%d: bounds %g", i, v.bounds);
    cr_assert(!open || v.opening <= 1e-6, "%d: opening %g", i, v.opening);
    cr_assert(fabs(objective - s->result.primal) <= 1e-9 * size_of(objective), "%d", i);
}

/* ---- agreement with the simplex method ---- */

/* Solve `count` random problems both ways; returns how many of them had a solution. */
static int compare(uint64_t seed, int count, const random_kinds *kinds, int open)
{
    kv_random random;
    int feasible = 0;
    kv_random_seed(&random, seed);
    for (int i = 0; i < count; i++) {
        solve s = prepare(random_problem(&random, kinds), open);
        double optimum = simplex_optimum(&s, KV_STRONG, open);
        run(&s, NULL);
        if (optimum < INFINITY) {
            feasible++;
            check_optimum(&s, optimum, open ? optimum : simplex_optimum(&s, KV_STRONG, 1), i);
            check_point(&s, open, i);
        } else if (!s.lp->infeasible) {
            check_bound(&s, optimum, i);
            cr_assert(s.result.status != KV_OK, "%d: an infeasible LP has no optimum", i);
        }
        forget(&s);
    }
    return feasible;
}

Test(ipm, strong_relaxation)
{
    random_kinds kinds = random_problem_all();
    cr_assert(compare(1, 120, &kinds, 1) >= 100);
}

Test(ipm, relaxation_without_opening_rows)
{
    random_kinds kinds = random_problem_all();
    cr_assert(compare(2, 80, &kinds, 0) >= 60);
}

Test(ipm, each_kind_of_row_alone)
{
    for (int kind = 0; kind < 6; kind++) {
        random_kinds kinds = {2, 2, 0, 0, 0, 0, 0, 0, 0, 1.0};
        kinds.most_resources = kind == 0 ? 3 : 0;
        kinds.empties = kind == 1;
        kinds.openings = kind == 2;
        kinds.local_rows = kind == 3;
        kinds.spanning_rows = kind == 4;
        kinds.side_rows = kind == 5;
        cr_assert(compare(10 + (uint64_t)kind, 12, &kinds, 1) >= 11);
    }
}

/* Some designs at one value, others in half of their box. */
Test(ipm, other_boxes)
{
    random_kinds kinds = random_problem_all();
    kv_random random;
    int feasible = 0;
    kv_random_seed(&random, 3);
    for (int i = 0; i < 80; i++) {
        kv_problem *p = random_problem(&random, &kinds);
        double low[8], high[8];
        for (int j = 0; j < p->n_design; j++) {
            low[j] = p->design_lower[j];
            high[j] = p->design_upper[j];
            switch (kv_random_integer(&random, 0, 3)) {
            case 0: high[j] = low[j]; break;
            case 1: low[j] = high[j]; break;
            case 2: high[j] = p->design_integer[j] ? high[j] : 0.5 * (low[j] + high[j]); break;
            default: break;
            }
        }
        solve s = prepare(p, 1);
        s.lp_options.lower = low;
        s.lp_options.upper = high;
        double optimum = simplex_optimum(&s, KV_STRONG, 1);
        run(&s, NULL);
        if (optimum < INFINITY) {
            feasible++;
            cr_assert(!s.lp->infeasible, "%d", i);
            cr_assert(s.result.status == KV_OK, "%d: status %d", i, s.result.status);
            cr_assert(fabs(s.result.primal - optimum) <= 1e-6 * size_of(optimum),
                      "%d: primal %.12g, optimum %.12g", i, s.result.primal, optimum);
            check_bound(&s, optimum, i);
            check_point(&s, 1, i);
        }
        forget(&s);
    }
    cr_assert(feasible >= 20, "%d", feasible);
}
