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
    return state == KV_LP_OPTIMAL ? optimum : HUGE_VAL;
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
        if (optimum < HUGE_VAL) {
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
        if (optimum < HUGE_VAL) {
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

/* ---- hard cases ---- */

/* Costs, demands, capacities and uses each over eight orders of magnitude: most are solved, and
 * the rest end with a valid bound. */
Test(ipm, badly_scaled)
{
    random_kinds kinds = random_problem_all();
    kv_random random;
    int solved = 0, feasible = 0;
    kinds.scale = 1e8;
    kv_random_seed(&random, 4);
    for (int i = 0; i < 80; i++) {
        solve s = prepare(random_problem(&random, &kinds), 1);
        double optimum = simplex_optimum(&s, KV_STRONG, 1);
        run(&s, NULL);
        check_bound(&s, optimum, i);
        if (optimum < HUGE_VAL) {
            feasible++;
            solved += s.result.status == KV_OK &&
                      fabs(s.result.primal - optimum) <= 1e-6 * size_of(optimum);
        }
        forget(&s);
    }
    cr_assert(feasible >= 50 && 10 * solved >= 9 * feasible, "%d of %d", solved, feasible);
}

/* Rows that say the same, arcs that are alike, and a design that rows alone fix. */
Test(ipm, degenerate)
{
    random_kinds kinds = random_problem_all();
    kv_random random;
    kv_random_seed(&random, 5);
    for (int i = 0; i < 60; i++) {
        kv_problem *p = random_problem(&random, &kinds);
        for (int twice = 0; twice < 2; twice++) {
            tiny_row(&p->coupling, 'E', 0, 0);
            tiny_row_flow(&p->coupling, 0, 0, 1);
            tiny_row_flow(&p->coupling, 0, 1, -1);
            tiny_row(&p->side, 'L', 1, 0);
            tiny_row_design(&p->side, 0, 1);
            tiny_row(&p->side, 'L', -1, 0);
            tiny_row_design(&p->side, 0, -1);
        }
        for (int f = 0; f < p->n_blocks * p->n_flows; f++)
            p->flow_cost[f] = p->flow_cost[f] < 10 ? 1 : 50;
        solve s = prepare(p, 1);
        double optimum = simplex_optimum(&s, KV_STRONG, 1);
        run(&s, NULL);
        check_bound(&s, optimum, i);
        if (optimum < HUGE_VAL)
            check_optimum(&s, optimum, optimum, i);
        forget(&s);
    }
}

/* One commodity from node 0 to node 1 over two arcs; `extra` more arrives than leaves. */
static kv_problem *two_arcs(double extra, double capacity)
{
    static const int tail[] = {0, 0}, head[] = {1, 1};
    kv_problem *p = tiny_problem(2, 2, tail, head, 1, 0, 1, 0, 1);
    p->balance[0] = 6;
    p->balance[1] = -6 - extra;
    for (int f = 0; f < 2; f++) {
        p->flow_cost[f] = 2 + f;
        p->flow_upper[f] = capacity;
    }
    p->design_cost[0] = 1;
    return p;
}

Test(ipm, two_arcs_by_hand)
{
    solve s = prepare(two_arcs(0, 4), 1);
    run(&s, NULL);
    check_optimum(&s, 4 * 2 + 2 * 3, 14, 0);
    cr_assert(fabs(s.result.flow[0] - 4) < 1e-6 && fabs(s.result.flow[1] - 2) < 1e-6);
    forget(&s);
}

/* Of 8 that are asked for, 6 are there and 2 come from outside the network. */
Test(ipm, flow_with_one_end)
{
    kv_problem *p = two_arcs(2, 10);
    p->flow_tail_row[1] = -1;
    solve s = prepare(p, 1);
    run(&s, NULL);
    check_optimum(&s, 6 * 2 + 2 * 3, 18, 0);
    check_point(&s, 1, 0);
    forget(&s);
}

Test(ipm, what_cannot_balance_is_found_out)
{
    const double extra[] = {1, 0.02, 0, 0}, capacity[] = {10, 10, 2, 0};
    for (int i = 0; i < 4; i++) {
        solve s = prepare(two_arcs(extra[i], capacity[i]), 1);
        run(&s, NULL);
        cr_assert(s.status == KV_OK);
        cr_assert(s.result.status != KV_OK && isfinite(s.result.bound), "%d", i);
        cr_assert(s.result.violation > 1e-8, "%d", i);
        forget(&s);
        /* the bound of an infeasible problem has no limit: a cutoff ends the work */
        s = prepare(two_arcs(extra[i], capacity[i]), 1);
        s.options.cutoff = 1000;
        run(&s, NULL);
        cr_assert(s.status == KV_OK && s.result.bound > 1000, "%d: bound %g", i, s.result.bound);
        cr_assert(bound_of(&s) > 1000, "%d: bound %g", i, bound_of(&s));
        forget(&s);
    }
}

/* Nothing to carry, nothing to decide. */
Test(ipm, empty_problems)
{
    kv_problem *p = two_arcs(0, 4);
    p->balance[0] = p->balance[1] = 0;
    p->design_upper[0] = 0;
    for (int f = 0; f < 2; f++)
        p->flow_upper[f] = 0;
    solve s = prepare(p, 1);
    run(&s, NULL);
    check_optimum(&s, 0, 0, 0);
    forget(&s);

    p = two_arcs(0, 4);
    p->balance[0] = p->balance[1] = 0;
    s = prepare(p, 1);
    run(&s, NULL);
    check_optimum(&s, 0, 0, 1);
    forget(&s);
}

Test(ipm, side_row_over_fixed_designs)
{
    kv_problem *p = two_arcs(0, 4);
    p->design_upper[0] = 0;
    tiny_row(&p->side, 'L', -1, 1);
    tiny_row_design(&p->side, 0, -1);
    solve s = prepare(p, 1);
    run(&s, NULL);
    cr_assert(s.lp->infeasible);
    forget(&s);

    p = two_arcs(0, 4);
    p->design_upper[0] = 0;
    tiny_row(&p->side, 'L', -1, 1);
    tiny_row_design(&p->side, 0, -1);
    s = prepare(p, 1);
    s.lp_options.drop_side = p->side.dropped;
    run(&s, NULL);
    cr_assert(!s.lp->infeasible);
    check_optimum(&s, 14, 14, 0);
    forget(&s);
}

/* Coupling rows and resources that closed flows and fixed designs cannot meet. */
Test(ipm, rows_over_closed_flows)
{
    for (int kind = 0; kind < 3; kind++) {
        kv_problem *p = tiny_problem(2, 2, (int[]){0, 0}, (int[]){1, 1}, 1, 0, 1, 1, 1);
        p->balance[0] = 6;
        p->balance[1] = -6;
        p->flow_upper[0] = 6;
        p->design_upper[0] = 0;
        if (kind == 2) {
            tiny_use(p, 0, 1, 0, 1);
            p->resource_base[0] = -1;
        } else {
            tiny_row(&p->coupling, kind ? 'E' : 'L', -2, 0);
            tiny_row_flow(&p->coupling, 0, 1, 1);
            tiny_row_design(&p->coupling, 0, -1);
        }
        solve s = prepare(p, 1);
        s.options.cutoff = 1e4;
        run(&s, NULL);
        cr_assert(s.status == KV_OK && (s.result.status != KV_OK || s.result.bound > 1e4), "%d",
                  kind);
        cr_assert(bound_of(&s) > 1e4, "%d: bound %g", kind, bound_of(&s));
        forget(&s);
    }
}

/* ---- limits ---- */

/* The bound is worth something at every moment. */
Test(ipm, ended_early)
{
    random_kinds kinds = random_problem_all();
    kv_random random;
    kv_random_seed(&random, 6);
    for (int i = 0; i < 20; i++) {
        solve s = prepare(random_problem(&random, &kinds), 1);
        double optimum = simplex_optimum(&s, KV_STRONG, 1);
        s.options.max_iterations = i % 5;
        run(&s, NULL);
        check_bound(&s, optimum, i);
        cr_assert(s.result.status != KV_OK && s.result.iterations <= i % 5, "%d", i);
        forget(&s);
    }
}

Test(ipm, deadline_and_stop_request)
{
    for (int stop = 0; stop < 2; stop++) {
        solve s = prepare(two_arcs(0, 4), 1);
        if (stop)
            kv_stop_request();
        else
            s.options.deadline = kv_clock() - 1;
        run(&s, NULL);
        cr_assert(s.result.status == KV_ERR_LIMIT && s.result.iterations == 0);
        check_bound(&s, 14, stop);
        forget(&s);
        kv_stop_reset();
    }
}

/* ---- threads and memory ---- */

static int same(const double *a, const double *b, size_t n)
{
    return n == 0 || memcmp(a, b, n * sizeof *a) == 0;
}

Test(ipm, threads_change_nothing)
{
    random_kinds kinds = random_problem_all();
    kinds.most_blocks = 7;
    for (uint64_t i = 0; i < 15; i++) {
        solve s[3];
        for (int t = 0; t < 3; t++) {
            kv_random random;
            kv_threads *threads = kv_threads_create(t + 1);
            cr_assert(threads != NULL);
            kv_random_seed(&random, 100 + i);
            s[t] = prepare(random_problem(&random, &kinds), 1);
            run(&s[t], threads);
            kv_threads_free(threads);
        }
        const kv_problem *p = s[0].problem;
        size_t blocks = (size_t)p->n_blocks;
        for (int t = 1; t < 3; t++) {
            const kv_ipm_result *a = &s[0].result, *b = &s[t].result;
            cr_assert(a->status == b->status && a->iterations == b->iterations);
            cr_assert(same(&a->primal, &b->primal, 1) && same(&a->bound, &b->bound, 1));
            cr_assert(same(a->design, b->design, (size_t)p->n_design));
            cr_assert(same(a->flow, b->flow, blocks * (size_t)p->n_flows));
            cr_assert(same(a->multipliers->balance, b->multipliers->balance,
                           blocks * (size_t)p->n_balances));
            cr_assert(same(a->multipliers->resource, b->multipliers->resource,
                           blocks * (size_t)p->n_resources));
            cr_assert(a->multipliers->n_opening == b->multipliers->n_opening);
            cr_assert(same(a->multipliers->opening_value, b->multipliers->opening_value,
                           (size_t)a->multipliers->n_opening));
        }
        for (int t = 0; t < 3; t++)
            forget(&s[t]);
    }
}

/* Every allocation fails once: an error and nothing left behind. */
Test(ipm, out_of_memory)
{
    random_kinds kinds = random_problem_all();
    kv_random random;
    long failed = 0;
    kinds.most_blocks = 2;
    kv_random_seed(&random, 8);
    solve s = prepare(random_problem(&random, &kinds), 1);
    for (long n = 1;; n++) {
        memset(&s.result, 0, sizeof s.result);
        s.lp = NULL;
        kv_memory_fail_at(n, 0);
        run(&s, NULL);
        kv_memory_fail_at(0, 0);
        if (s.status == KV_OK)
            break;
        cr_assert(s.status == KV_ERR_MEMORY, "%ld: %d", n, s.status);
        kv_ipm_result_free(&s.result);
        kv_block_lp_free(s.lp);
        failed++;
    }
    cr_assert(failed > 100, "%ld", failed);
    forget(&s);
}

/* Solved again from its own solution, and from that of other costs: the same value in fewer
 * iterations, all in all. */
Test(ipm, from_a_point)
{
    random_kinds kinds = random_problem_all();
    kv_random random;
    long anew = 0, again = 0;
    int feasible = 0;
    kv_random_seed(&random, 31);
    for (int i = 0; i < 40; i++) {
        solve s = prepare(random_problem(&random, &kinds), 1), t = s;
        double optimum = simplex_optimum(&s, KV_STRONG, 1);
        run(&s, NULL);
        if (optimum < HUGE_VAL) {
            /* opening rows first: their multipliers are in the order of the rows */
            kv_ipm_start start = {s.result.design, s.result.flow, s.result.multipliers,
                                  s.result.multipliers->opening_value, 1e-3 * size_of(optimum)};
            t.options.start = &start;
            run(&t, NULL);
            check_optimum(&t, optimum, optimum, i);
            feasible++;
            anew += s.result.iterations;
            again += t.result.iterations;
        }
        kv_ipm_result_free(&t.result);
        kv_block_lp_free(t.lp);
        forget(&s);
    }
    cr_assert(feasible >= 30 && again < 0.7 * (double)anew, "%d: %ld, anew %ld", feasible, again,
              anew);
}
