/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The design to branch on: by pseudocosts, which trial LPs make reliable where they rest on few
 * branches (Achterberg, Koch and Martin, Operations Research Letters 33, 2005).
 */
#include "solver/cutting/branching.h"

#include "base/memory.h"

#include <math.h>
#include <stdlib.h>

static const double whole = 1e-6, little = 1e-6;
enum { RELIABLE = 4, MOST_TRIALS = 8, TRIAL_ITERATIONS = 25, IDLE_TRIALS = 4 };

typedef struct candidate {
    int design;
    double score;
} candidate;

static int by_score(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return (x->design > y->design) - (x->design < y->design);
}

/* The mean gain a unit over all designs tried in a direction. */
static double mean_gain(const kv_branching *t, int up)
{
    double sum = 0;
    long count = 0;
    for (int j = 0; j < t->run->problem->n_design; j++) {
        sum += t->gain[up][j];
        count += t->tried[up][j];
    }
    return count > 0 ? sum / (double)count : 1;
}

static double expected(const kv_branching *t, int j, int up, double mean)
{
    double y = t->design[j], distance = up ? ceil(y) - y : y - floor(y);
    double rate = t->tried[up][j] > 0 ? t->gain[up][j] / t->tried[up][j] : mean;
    return distance * rate;
}

static double score_of(double down, double up)
{
    return fmax(down, little) * fmax(up, little);
}

/* What the bound gains on one side, by a few iterations of the dual simplex. */
static double try_side(kv_branching *t, int j, int up, double bound, double most)
{
    kv_glpk_run *run = t->run;
    kv_lp *lp = run->whole.lp;
    kv_lp_limits limits = kv_run_limits_left(run);
    double y = t->design[j];
    limits.iterations = TRIAL_ITERATIONS;
    limits.dual = 1;
    if (up)
        (void)kv_lp_set_column_bounds(lp, j, ceil(y), run->whole.upper[j]);
    else
        (void)kv_lp_set_column_bounds(lp, j, run->whole.lower[j], floor(y));
    kv_lp_state state = kv_lp_solve(lp, &limits);
    run->work += kv_lp_iterations(lp);
    double gain = state == KV_LP_INFEASIBLE ? most
                  : state == KV_LP_FAILED   ? 0
                                            : fmin(most, kv_lp_objective(lp) - bound);
    (void)kv_lp_set_column_bounds(lp, j, run->whole.lower[j], run->whole.upper[j]);
    return fmax(0, gain);
}

static double try_design(kv_branching *t, int j, double bound, double most, int rows,
                         const unsigned char *basis)
{
    double gain[2], y = t->design[j];
    for (int up = 0; up < 2; up++) {
        gain[up] = try_side(t, j, up, bound, most);
        (void)kv_lp_set_basis(t->run->whole.lp, rows, basis);
        double distance = up ? ceil(y) - y : y - floor(y);
        t->gain[up][j] += gain[up] / fmax(distance, 1e-3);
        t->tried[up][j]++;
    }
    return score_of(gain[0], gain[1]);
}

static int find_candidates(const kv_branching *t, candidate *list)
{
    const kv_problem *p = t->run->problem;
    double mean[2] = {mean_gain(t, 0), mean_gain(t, 1)};
    int n = 0;
    for (int j = 0; j < p->n_design; j++) {
        if (!p->design_integer[j] || fabs(t->design[j] - nearbyint(t->design[j])) <= whole)
            continue;
        list[n++] =
            (candidate){j, score_of(expected(t, j, 0, mean[0]), expected(t, j, 1, mean[1]))};
    }
    qsort(list, (size_t)n, sizeof *list, by_score);
    return n;
}

int kv_branching_choose(kv_branching *branching, int depth, double bound)
{
    kv_branching *t = branching;
    kv_lp *lp = t->run->whole.lp;
    int rows = kv_lp_rows(lp), best = -1, trials = 0, idle = 0;
    double best_score = -1, level = kv_branching_level(t);
    double most = level < HUGE_VAL ? fmax(0, level - bound) + 1e-3 * fabs(bound) : fabs(bound);
    candidate *list = kv_alloc((size_t)t->run->problem->n_design, sizeof *list);
    unsigned char *basis = kv_alloc((size_t)(rows + kv_lp_columns(lp)), 1);
    int n = list && basis ? find_candidates(t, list) : 0;
    if (n > 0)
        kv_lp_basis(lp, basis);
    for (int i = 0; i < n && idle < IDLE_TRIALS; i++) {
        int j = list[i].design;
        double score = list[i].score;
        int few = t->tried[0][j] < RELIABLE || t->tried[1][j] < RELIABLE;
        if (few && trials < (depth < 10 ? MOST_TRIALS : MOST_TRIALS / 2)) {
            score = try_design(t, j, bound, most, rows, basis);
            trials++;
        }
        idle = score > best_score ? 0 : idle + 1;
        if (score > best_score) {
            best_score = score;
            best = j;
        }
    }
    kv_free(list);
    kv_free(basis);
    return best;
}
