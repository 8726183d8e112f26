/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every Benders cut lies below the least cost of flows, for every design, whatever multipliers it
 * was made from; and it touches that cost at the design where an evaluation found it. */
#include "base/memory.h"
#include "solver/decomposition/cut.h"
#include "solver/ipm/ipm.h"
#include "support/random_problem.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

enum { MOST_DESIGNS = 400 };

/* A problem with the least cost of its flows for many designs. */
typedef struct table {
    kv_problem *problem;
    int count;
    double *design; /* [count * n_design] */
    double *total;  /* [count] least cost of all flows, +infinity = none is feasible */
    double *alone;  /* [count * n_blocks] of one block, rows over several blocks left out */
} table;

static int spans(const kv_problem *p, int row)
{
    const kv_rows *rows = &p->coupling;
    for (int e = rows->flow_first[row]; e < rows->flow_first[row + 1]; e++)
        if (rows->flow_block[e] != rows->flow_block[rows->flow_first[row]])
            return 1;
    return 0;
}

/* The LP of the flows: designs cost nothing, side rows are free. */
static kv_lp *flow_lp(const kv_problem *p, tiny_rows *rows)
{
    kv_lp *lp = tiny_lp(p, NULL, NULL, 0, rows);
    for (int j = 0; j < p->n_design; j++)
        cr_assert(kv_lp_set_cost(lp, j, 0) == KV_OK);
    for (int i = 0; i < p->side.count; i++)
        cr_assert(kv_lp_set_row_bounds(lp, rows->side + i, -1e30, 1e30) == KV_OK);
    kv_free(rows->of);
    kv_free(rows->flow);
    return lp;
}

/* Only block b costs something and rows over several blocks are free (b >= 0), or all as it is. */
static void choose(const kv_problem *p, kv_lp *lp, const tiny_rows *rows, int b)
{
    for (int i = 0; i < p->n_blocks * p->n_flows; i++) {
        int mine = b < 0 || i / p->n_flows == b;
        cr_assert(kv_lp_set_cost(lp, p->n_design + i,
                                 mine ? p->block_weight[i / p->n_flows] * p->flow_cost[i] : 0) ==
                  KV_OK);
    }
    for (int i = 0; i < p->coupling.count; i++) {
        double rhs = p->coupling.rhs[i];
        int out = b >= 0 && spans(p, i);
        cr_assert(kv_lp_set_row_bounds(lp, rows->coupling + i,
                                       out || p->coupling.sense[i] == 'L' ? -1e30 : rhs,
                                       out ? 1e30 : rhs) == KV_OK);
    }
}

static double least_cost(const kv_problem *p, kv_lp *lp, const double *y)
{
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    for (int j = 0; j < p->n_design; j++)
        cr_assert(kv_lp_set_column_bounds(lp, j, y[j], y[j]) == KV_OK);
    kv_lp_state state = kv_lp_solve(lp, &limits);
    cr_assert(state == KV_LP_OPTIMAL || state == KV_LP_INFEASIBLE, "state %d", state);
    return state == KV_LP_OPTIMAL ? kv_lp_objective(lp) : HUGE_VAL;
}

/* All integer designs; continuous ones at both ends and in the middle of their boxes. */
static void list_designs(table *t)
{
    const kv_problem *p = t->problem;
    size_t n = (size_t)p->n_design;
    t->design = kv_alloc(MOST_DESIGNS * n, sizeof(double));
    cr_assert(t->design != NULL);
    memcpy(t->design, p->design_lower, n * sizeof(double));
    for (t->count = 1; t->count < MOST_DESIGNS; t->count++) {
        double *y = t->design + (size_t)t->count * n;
        int j = 0;
        memcpy(y, y - n, n * sizeof(double));
        for (; j < p->n_design; j++) {
            double room = p->design_upper[j] - p->design_lower[j];
            y[j] += p->design_integer[j] ? 1 : room > 0 ? room / 2 : 1;
            if (y[j] <= p->design_upper[j] + 1e-9)
                break;
            y[j] = p->design_lower[j];
        }
        if (j == p->n_design)
            break;
    }
}

static table tabulate(kv_problem *problem)
{
    table t = {.problem = problem};
    const kv_problem *p = problem;
    size_t n = (size_t)p->n_design, nb = (size_t)p->n_blocks;
    tiny_rows rows;
    kv_lp *lp = flow_lp(p, &rows);
    list_designs(&t);
    t.total = kv_alloc((size_t)t.count, sizeof(double));
    t.alone = kv_alloc((size_t)t.count * nb, sizeof(double));
    cr_assert(t.total && t.alone);
    for (int b = -1; b < p->n_blocks; b++) {
        choose(p, lp, &rows, b);
        for (int i = 0; i < t.count; i++) {
            double cost = least_cost(p, lp, t.design + (size_t)i * n);
            if (b < 0)
                t.total[i] = cost;
            else
                t.alone[(size_t)i * nb + (size_t)b] = cost;
        }
    }
    kv_lp_free(lp);
    return t;
}

static void forget(table *t)
{
    kv_free(t->design);
    kv_free(t->total);
    kv_free(t->alone);
    kv_problem_free(t->problem);
}

static double value(const kv_cuts *cuts, int block, const double *y)
{
    double sum = cuts->constant[block];
    for (int j = 0; j < cuts->n_design; j++)
        sum -= cuts->slope[(size_t)block * (size_t)cuts->n_design + (size_t)j] * y[j];
    return sum;
}

static double total_value(const kv_cuts *cuts, const double *y)
{
    double sum = 0;
    for (int b = 0; b < cuts->n_blocks; b++)
        sum += value(cuts, b, y);
    return sum;
}

/* How large the terms of a cut are: what rounding is measured by. */
static double terms(const kv_cuts *cuts, const double *y)
{
    double most = 1;
    for (int b = 0; b < cuts->n_blocks; b++) {
        most = fmax(most, fabs(cuts->constant[b]));
        for (int j = 0; j < cuts->n_design; j++)
            most = fmax(most,
                        fabs(cuts->slope[(size_t)b * (size_t)cuts->n_design + (size_t)j] * y[j]));
    }
    return most;
}

static void check_valid(const table *t, const kv_cuts *cuts, int i)
{
    const kv_problem *p = t->problem;
    for (int d = 0; d < t->count; d++) {
        const double *y = t->design + (size_t)d * (size_t)p->n_design;
        double slack = 1e-7 * fmax(1, fabs(t->total[d])) + 1e-11 * terms(cuts, y);
        cr_assert(total_value(cuts, y) <= t->total[d] + slack,
                  "%d, design %d: cut %.10g above %.10g", i, d, total_value(cuts, y), t->total[d]);
        for (int b = 0; b < p->n_blocks && !cuts->joint; b++) {
            double least = t->alone[(size_t)d * (size_t)p->n_blocks + (size_t)b];
            cr_assert(value(cuts, b, y) <= least + slack, "%d, design %d, block %d: %.10g above %g",
                      i, d, b, value(cuts, b, y), least);
        }
    }
}

static kv_cuts *make(const kv_problem *p, const kv_multipliers *multipliers, const double *at)
{
    kv_cuts *cuts = NULL;
    cr_assert(kv_cuts_create(p, multipliers, at, &cuts) == KV_OK);
    cr_assert(cuts->n_blocks == p->n_blocks && cuts->n_design == p->n_design);
    return cuts;
}

/* The interior point with designs in boxes (NULL = the problem's) and all or no opening rows. */
static kv_ipm_result solve(const kv_problem *p, const double *lower, const double *upper, int open,
                           double cutoff)
{
    kv_opening_row *rows =
        kv_alloc((size_t)p->n_openings * (size_t)p->n_commodities, sizeof(*rows));
    kv_block_lp *lp = NULL;
    kv_ipm_result result;
    kv_ipm_options options;
    int n = 0;
    cr_assert(rows != NULL);
    for (int o = 0; open && o < p->n_openings; o++)
        for (int f = 0; f < p->n_flows; f++)
            if (p->flow_arc[f] == p->openings[o].arc)
                rows[n++] = (kv_opening_row){o, f};
    unsigned char *all = kv_alloc((size_t)p->side.count, 1);
    cr_assert(all != NULL);
    memset(all, 1, (size_t)p->side.count);
    kv_lp_options lp_options = {lower, upper, lower ? all : NULL, rows, n};
    kv_ipm_options_default(&options);
    options.tolerance = 1e-8;
    options.cutoff = cutoff;
    cr_assert(kv_block_lp_create(p, &lp_options, &lp) == KV_OK);
    cr_assert(kv_ipm_solve(lp, &lp_options, NULL, &options, &result) == KV_OK);
    kv_block_lp_free(lp);
    kv_free(all);
    kv_free(rows);
    return result;
}

static table random_table(kv_random *random, int i)
{
    random_kinds kinds = random_problem_all();
    kinds.most_blocks = 1 + i % 3;
    kinds.most_commodities = 2;
    kinds.spanning_rows = i % 4 == 0;
    return tabulate(random_problem(random, &kinds));
}

Test(cuts, of_the_root_relaxation)
{
    kv_random random;
    kv_random_seed(&random, 1);
    for (int i = 0; i < 25; i++) {
        table t = random_table(&random, i);
        for (int open = 0; open < 2; open++) {
            kv_ipm_result result = solve(t.problem, NULL, NULL, open, 1e300);
            kv_cuts *cuts = make(t.problem, result.multipliers, result.design);
            check_valid(&t, cuts, i);
            kv_cuts_free(cuts);
            kv_ipm_result_free(&result);
        }
        forget(&t);
    }
}

/* With all designs fixed, some at nothing: valid everywhere, and tight where it was found. */
Test(cuts, of_evaluations)
{
    kv_random random;
    int tight = 0, cut_off = 0;
    kv_random_seed(&random, 2);
    for (int i = 0; i < 40; i++) {
        table t = random_table(&random, i);
        const kv_problem *p = t.problem;
        for (int repeat = 0; repeat < 4; repeat++) {
            int d = repeat ? kv_random_integer(&random, 0, t.count - 1) : 0;
            const double *y = t.design + (size_t)d * (size_t)p->n_design;
            double spent = 0;
            for (int j = 0; j < p->n_design; j++)
                spent += p->design_cost[j] * y[j];
            kv_ipm_result result = solve(p, y, y, 1, 1e5);
            kv_cuts *cuts = make(p, result.multipliers, result.design);
            check_valid(&t, cuts, i);
            if (t.total[d] < HUGE_VAL) {
                double slack = 1e-6 * fmax(1, fabs(t.total[d] + spent));
                cr_assert(result.status == KV_OK, "%d: %d", i, result.status);
                cr_assert(total_value(cuts, y) >= t.total[d] - slack, "%d: %.10g below %.10g", i,
                          total_value(cuts, y), t.total[d]);
                tight++;
            } else if (result.bound > 1e5) {
                cr_assert(total_value(cuts, y) >= 0.99e5 - spent, "%d: %g", i,
                          total_value(cuts, y));
                cut_off++;
            }
            kv_cuts_free(cuts);
            kv_ipm_result_free(&result);
        }
        forget(&t);
    }
    cr_assert(tight >= 100, "%d and %d", tight, cut_off);
}

/* Integers fixed, the rest free: as the engine evaluates. */
Test(cuts, with_continuous_designs_free)
{
    kv_random random;
    kv_random_seed(&random, 3);
    for (int i = 0; i < 25; i++) {
        table t = random_table(&random, i);
        const kv_problem *p = t.problem;
        double low[8], high[8];
        const double *y =
            t.design + (size_t)kv_random_integer(&random, 0, t.count - 1) * (size_t)p->n_design;
        for (int j = 0; j < p->n_design; j++) {
            low[j] = p->design_integer[j] ? y[j] : p->design_lower[j];
            high[j] = p->design_integer[j] ? y[j] : p->design_upper[j];
        }
        kv_ipm_result result = solve(p, low, high, i % 2, 1e300);
        kv_cuts *cuts = make(p, result.multipliers, result.design);
        check_valid(&t, cuts, i);
        kv_cuts_free(cuts);
        kv_ipm_result_free(&result);
        forget(&t);
    }
}

/* Multipliers without sense, of the wrong sign at times, lifted at any design. */
Test(cuts, of_random_multipliers)
{
    kv_random random;
    kv_random_seed(&random, 4);
    for (int i = 0; i < 40; i++) {
        table t = random_table(&random, i);
        const kv_problem *p = t.problem;
        kv_multipliers *m = kv_multipliers_create(p);
        cr_assert(m && kv_multipliers_reserve(m, p->n_openings) == KV_OK);
        for (int v = 0; v < p->n_blocks * p->n_balances; v++)
            m->balance[v] = kv_random_integer(&random, -20, 20);
        for (int r = 0; r < p->n_blocks * p->n_resources; r++)
            m->resource[r] = kv_random_integer(&random, -3, 6);
        for (int r = 0; r < p->coupling.count; r++)
            m->coupling[r] =
                kv_random_integer(&random, 0, 2) ? 0 : kv_random_uniform(&random) - 0.5;
        for (int o = 0; o < p->n_openings; o++) {
            m->opening[o] = o;
            m->opening_flow[o] = p->openings[o].arc; /* of the first commodity */
            m->opening_value[o] = kv_random_integer(&random, -2, 8);
        }
        m->n_opening = p->n_openings;
        for (int repeat = 0; repeat < 3; repeat++) {
            int d = kv_random_integer(&random, 0, t.count - 1);
            kv_cuts *cuts = make(p, m, t.design + (size_t)d * (size_t)p->n_design);
            check_valid(&t, cuts, i);
            kv_cuts_free(cuts);
        }
        kv_multipliers_free(m);
        forget(&t);
    }
}

Test(cuts, out_of_memory)
{
    kv_random random;
    kv_random_seed(&random, 5);
    kv_problem *p = tiny_random(&random);
    kv_multipliers *m = kv_multipliers_create(p);
    long n = 0;
    kv_cuts *cuts = NULL;
    kv_status status;
    cr_assert(m != NULL);
    do {
        kv_memory_fail_at(++n, 0);
        status = kv_cuts_create(p, m, p->design_lower, &cuts);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK ? cuts != NULL : status == KV_ERR_MEMORY && cuts == NULL);
    } while (status != KV_OK);
    cr_assert(n > 10);
    kv_cuts_free(cuts);
    kv_multipliers_free(m);
    kv_problem_free(p);
}
