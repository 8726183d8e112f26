/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The relaxation at the root on 200 generated problems, degenerate and badly scaled ones among them,
 * against the simplex method on the whole strong LP: it ends well, or says that it can't and leaves
 * a valid bound.
 */
#include "oracle/simplex.h"
#include "solver/whole_model.h"
#include "support/random_network.h"
#include "support/random_problem.h"
#include "support/root_relaxation.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>

static const double near = 1e-6, proved = 1e-9;

/* ---- the value of the LP ---- */

typedef struct lp_value {
    int known;
    double value; /* INFINITY = no plan */
} lp_value;

/* By GLPK, where the duals prove it, or where there can't be a plan. */
static lp_value value_by_glpk(const kv_problem *p, int no_plan)
{
    lp_value v = {0, INFINITY};
    kv_whole_model whole = {0};
    kv_limits limits;
    kv_lp_limits lp_limits;
    kv_multipliers *m = kv_multipliers_create(p);
    kv_limits_default(&limits);
    kv_lp_limits_default(&lp_limits);
    lp_limits.scale = 1;
    lp_limits.iterations = 100000;
    cr_assert(m && kv_whole_model_create(&whole, p, &limits) == KV_OK);
    kv_lp_state state = kv_lp_solve(whole.lp, &lp_limits);
    if (state == KV_LP_OPTIMAL) {
        cr_assert(kv_whole_model_multipliers(&whole, m) == KV_OK);
        double bound = kv_bound_recompute(p, m);
        v.value = kv_lp_objective(whole.lp);
        v.known = fabs(v.value - bound) <= proved * fmax(1, fabs(v.value));
    } else {
        v.known = no_plan && state == KV_LP_INFEASIBLE;
    }
    kv_whole_model_clear(&whole);
    kv_multipliers_free(m);
    return v;
}

/* By the tests' own simplex method, in long double. */
static lp_value value_by_oracle(const kv_problem *p)
{
    kv_model *m = NULL;
    lp_value v = {0, INFINITY};
    oracle_lp *lp = oracle_lp_create();
    cr_assert(kv_model_create(p, KV_STRONG, &m) == KV_OK);
    for (int j = 0; j < m->n_columns; j++)
        oracle_lp_add_column(lp, m->cost[j], m->lower[j], m->upper[j]);
    for (int i = 0; i < m->n_rows; i++)
        oracle_lp_add_row(lp, m->row_lower[i] < -1e29 ? -INFINITY : m->row_lower[i],
                          m->row_upper[i] > 1e29 ? INFINITY : m->row_upper[i]);
    for (int j = 0; j < m->n_columns; j++)
        for (size_t e = m->column_first[j]; e < m->column_first[j + 1]; e++)
            oracle_lp_add_entry(lp, m->row[e], j, m->value[e]);
    oracle_lp_state state = oracle_lp_solve(lp);
    v.known = state == ORACLE_LP_INFEASIBLE ||
              (state == ORACLE_LP_OPTIMAL && oracle_lp_error(lp) <= proved);
    if (state == ORACLE_LP_OPTIMAL)
        v.value = oracle_lp_objective(lp);
    oracle_lp_free(lp);
    kv_model_free(m);
    return v;
}

static double value_of(const kv_problem *p, int no_plan, const char *what, int i)
{
    lp_value v = value_by_glpk(p, no_plan);
    if (!v.known)
        v = value_by_oracle(p);
    cr_assert(v.known, "%s %d: no value of the LP", what, i);
    return v.value;
}

/* ---- how each ends ---- */

/* Ended within 1e-6 of the LP's value; proved that there is no plan; said that it can't, or where
 * numbers are of very different size, ended within 1e-5. */
typedef struct tally {
    int solved, none, said;
} tally;

static void look_at(const kv_problem *p, int no_plan, const char *what, int i, tally *t)
{
    root_relaxation r;
    double value = value_of(p, no_plan, what, i), size = fmax(1, fabs(value));
    cr_assert(root_relaxation_solve(p, NULL, near, 60, &r) == KV_OK);
    if (r.status == KV_ERR_INFEASIBLE) {
        cr_assert(value == INFINITY, "%s %d: there is a plan of %.12g", what, i, value);
        t->none++;
        return;
    }
    cr_assert(r.recomputed <= value + proved * size, "%s %d: %.12g is no bound on %.12g", what, i,
              r.recomputed, value);
    cr_assert(r.status != KV_OK || r.recomputed >= value - 10 * near * size,
              "%s %d: %.12g is not near %.12g", what, i, r.recomputed, value);
    if (r.status == KV_OK && r.recomputed >= value - near * size)
        t->solved++;
    else
        t->said++;
}

static void networks(network_kind kind, int count, tally *t)
{
    kv_random random;
    kv_random_seed(&random, 100 + (unsigned long)kind);
    for (int i = 0; i < count; i++) {
        kv_problem *p = random_network(&random, kind);
        look_at(p, kind >= NETWORK_CUT_OFF, network_name(kind), i, t);
        kv_problem_free(p);
    }
}

/* With every kind of row, several blocks, lower bounds that rule out all plans at times. */
static void all_rows(double scale, int count, tally *t)
{
    random_kinds kinds = random_problem_all();
    kv_random random;
    kinds.scale = scale;
    kv_random_seed(&random, 200);
    for (int i = 0; i < count; i++) {
        kv_problem *p = random_problem(&random, &kinds);
        look_at(p, 0, scale > 1 ? "all rows, spread" : "all rows", i, t);
        kv_problem_free(p);
    }
}

/* 160 problems that have a plan but for the last two of their kinds. */
static tally all_networks(void)
{
    static const int counts[NETWORK_KINDS] = {15, 15, 20, 25, 15, 15, 35, 10, 10};
    tally t = {0};
    for (int kind = 0; kind < NETWORK_KINDS; kind++)
        networks((network_kind)kind, counts[kind], &t);
    return t;
}

Test(interior_generated, ends_well_or_says_so)
{
    tally t = all_networks();
    cr_assert(t.solved + t.none + t.said == 160 && t.none == 20);
    all_rows(1, 20, &t);
    all_rows(1e8, 20, &t);
    cr_assert(t.solved + t.none + t.said == 200);
    cr_assert(t.solved + t.none >= 195, "%d ended well, %d have no plan, %d said that they can't",
              t.solved, t.none, t.said);
}
