/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/cutting/branching.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/cutting/plans.h"
#include "solver/preprocess/root.h"

#include <math.h>
#include <string.h>

#define MOST_VECTOR_BYTES ((size_t)1 << 30)
static const double whole = 1e-6;          /* distance from a whole number that counts as none */
static const double least_root = 2e-3;     /* efficacy of cuts at the root */
static const double least_progress = 2e-4; /* of the gap, in a round of cuts */
enum { ROUNDS = 60, MOST_CUTS = 80, SLOW_ROUNDS = 4, IDLE_ROUNDS = 4, SIZES = 9, CLIMB = 600 };

/* ---- life ---------------------------------------------------------------------------------- */

kv_status kv_branching_create(kv_glpk_run *run, kv_branching *branching)
{
    kv_branching *t = branching;
    const kv_problem *p = run->problem;
    size_t n = (size_t)p->n_design;
    memset(t, 0, sizeof *t);
    t->run = run;
    t->pool.whole = &run->whole;
    t->closed = HUGE_VAL;
    t->root_lower = kv_alloc(n, sizeof *t->root_lower);
    t->root_upper = kv_alloc(n, sizeof *t->root_upper);
    t->design = kv_alloc(n, sizeof *t->design);
    t->flow = kv_alloc((size_t)p->n_blocks * (size_t)p->n_flows, sizeof *t->flow);
    for (int up = 0; up < 2; up++) {
        t->gain[up] = kv_alloc(n, sizeof *t->gain[up]);
        t->tried[up] = kv_alloc(n, sizeof *t->tried[up]);
        if (!t->gain[up] || !t->tried[up])
            return KV_ERR_MEMORY;
    }
    if (!t->root_lower || !t->root_upper || !t->design || !t->flow)
        return KV_ERR_MEMORY;
    memcpy(t->root_lower, run->whole.lower, n * sizeof(double));
    memcpy(t->root_upper, run->whole.upper, n * sizeof(double));
    kv_status status = kv_cutset_create(p, &t->cutset);
    if (status == KV_OK)
        status = kv_records_create(p, run->plan->multipliers, MOST_VECTOR_BYTES, &t->records);
    return status;
}

void kv_branching_clear(kv_branching *branching)
{
    kv_branching *t = branching;
    for (size_t i = 0; i < t->n_open; i++)
        kv_basis_drop(t->open[i].basis);
    for (int up = 0; up < 2; up++) {
        kv_free(t->gain[up]);
        kv_free(t->tried[up]);
    }
    kv_records_clear(&t->records);
    kv_multipliers_free(t->vector);
    kv_cut_pool_clear(&t->pool);
    kv_cutset_free(t->cutset);
    kv_free(t->open);
    kv_cut_list_clear(&t->found);
    kv_free(t->root_lower);
    kv_free(t->root_upper);
    kv_free(t->design);
    kv_free(t->flow);
    memset(t, 0, sizeof *t);
}

double kv_branching_level(const kv_branching *branching)
{
    const kv_glpk_run *run = branching->run;
    double objective = run->plan->objective;
    if (!run->has_plan)
        return HUGE_VAL;
    double share = run->limits->decision_gap > 0 ? 1e-9 : fmax(1e-9, 0.999 * run->limits->gap);
    return objective - share * fabs(objective);
}

/* ---- one LP -------------------------------------------------------------------------------- */

static void take_point(kv_branching *t)
{
    const kv_problem *p = t->run->problem;
    const kv_model *m = t->run->whole.model;
    size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows;
    for (int j = 0; j < p->n_design; j++)
        t->design[j] = fmin(fmax(kv_lp_value(t->run->whole.lp, j), t->run->whole.lower[j]),
                            t->run->whole.upper[j]);
    for (size_t x = 0; x < flows; x++)
        t->flow[x] = m->column_of_flow[x] < 0
                         ? 0
                         : fmax(0, kv_lp_value(t->run->whole.lp, m->column_of_flow[x]));
}

/* The multipliers at hand, in t->vector, and their bound within the boxes in force. */
static kv_status take_vector(kv_branching *t, double *bound)
{
    const kv_problem *p = t->run->problem;
    kv_multipliers_free(t->vector);
    t->vector = kv_multipliers_create(p);
    kv_status status = t->vector ? kv_cut_pool_multipliers(&t->pool, t->vector) : KV_ERR_MEMORY;
    if (status == KV_OK)
        *bound = kv_bound_within(p, t->run->whole.lower, t->run->whole.upper, t->vector);
    return status;
}

/* A ray of an infeasible LP; it may take the dual simplex to find one. */
static int find_ray(kv_branching *t, double *ray)
{
    kv_lp_limits limits = kv_run_limits_left(t->run);
    kv_lp *lp = t->run->whole.lp;
    if (kv_lp_ray(lp, ray))
        return 1;
    limits.dual = 1;
    kv_lp_state state = kv_lp_solve(lp, &limits);
    t->run->work += kv_lp_iterations(lp);
    return state == KV_LP_INFEASIBLE && kv_lp_ray(lp, ray);
}

/* The multipliers at hand plus `step` times the ray; their bound. */
static kv_status take_step(kv_branching *t, const double *ray, const double *from, double step,
                           double *dual, double *bound)
{
    kv_lp *lp = t->run->whole.lp;
    int rows = kv_lp_rows(lp);
    for (int r = 0; r < rows; r++)
        dual[r] = from[r] + step * ray[r];
    kv_lp_show_duals(lp, dual);
    kv_status status = take_vector(t, bound);
    kv_lp_show_duals(lp, NULL);
    return status;
}

/* Multipliers far enough along the ray of an infeasible LP to be above any plan. */
static kv_status take_ray(kv_branching *t, double *bound)
{
    kv_lp *lp = t->run->whole.lp;
    size_t rows = (size_t)kv_lp_rows(lp);
    double *ray = kv_alloc(rows, sizeof *ray), *from = kv_alloc(rows, sizeof *from),
           *dual = kv_alloc(rows, sizeof *dual);
    kv_status status = ray && from && dual ? KV_OK : KV_ERR_MEMORY;
    double size = 0, best = -HUGE_VAL, best_step = 0;
    double enough = t->run->has_plan ? t->run->plan->objective : HUGE_VAL;
    *bound = -HUGE_VAL;
    if (status != KV_OK || !find_ray(t, ray))
        goto out;
    for (size_t i = 0; i < rows; i++) {
        from[i] = kv_lp_dual(lp, (int)i);
        size = fmax(size, fabs(ray[i]));
    }
    for (int i = 0; i < 2 * SIZES && status == KV_OK && best < enough && size > 0; i++) {
        double step = (i % 2 ? -1 : 1) * pow(10, i / 2 - 3) * fmax(1, fabs(t->run->bound)) / size;
        status = take_step(t, ray, from, step, dual, bound);
        if (*bound > best) {
            best = *bound;
            best_step = step;
        }
    }
    if (status == KV_OK && best < enough)
        status = take_step(t, ray, from, best_step, dual, bound);
out:
    kv_free(ray);
    kv_free(from);
    kv_free(dual);
    return status;
}

/* Where the simplex method leaves no ray: the volume algorithm goes on until it is above any plan. */
static kv_status climb(kv_branching *t, double *bound)
{
    kv_glpk_run *run = t->run;
    kv_volume_options options;
    kv_volume_result result = {0};
    kv_volume_options_default(&options);
    options.iterations = CLIMB;
    options.tolerance = 0;
    options.deadline = run->deadline;
    options.cutoff = run->has_plan ? run->plan->objective : 2 * fabs(run->bound);
    options.lower = run->whole.lower;
    options.upper = run->whole.upper;
    options.drop_side = run->reduction.drop_side;
    kv_status status =
        kv_volume_solve(run->problem, NULL, &options, run->plan->multipliers, &result);
    if (status == KV_OK && result.multipliers && result.bound > *bound) {
        kv_multipliers_free(t->vector);
        t->vector = result.multipliers;
        result.multipliers = NULL;
        *bound = result.bound;
        run->work += result.iterations;
    }
    kv_volume_result_free(&result);
    return status;
}

kv_lp_state kv_branching_solve(kv_branching *branching, double *bound, kv_status *status)
{
    kv_branching *t = branching;
    kv_lp_limits limits = kv_run_limits_left(t->run);
    kv_lp_state state = kv_root_solve(&t->run->whole, &limits, &t->run->work, status);
    *bound = -HUGE_VAL;
    if (*status != KV_OK)
        return state;
    if (state == KV_LP_OPTIMAL) {
        take_point(t);
        *status = take_vector(t, bound);
    } else if (state == KV_LP_INFEASIBLE) {
        *status = take_ray(t, bound);
        if (*status == KV_OK && *bound < kv_branching_level(t))
            *status = climb(t, bound);
    }
    return state;
}

int kv_branching_whole(kv_branching *branching)
{
    kv_branching *t = branching;
    const kv_problem *p = t->run->problem;
    for (int j = 0; j < p->n_design; j++)
        if (p->design_integer[j] && fabs(t->design[j] - nearbyint(t->design[j])) > whole)
            return 0;
    double known = t->run->has_plan ? t->run->plan->objective : HUGE_VAL;
    kv_whole_model_plan(&t->run->whole, t->run->design, t->run->flow);
    kv_run_offer(t->run);
    if (t->run->plan->objective < known)
        kv_run_report(t->run, "search", t->run->plan->objective, t->run->work);
    return 1;
}

/* ---- cuts ---------------------------------------------------------------------------------- */

kv_status kv_branching_separate(kv_branching *branching, double least, int most, int quick,
                                int *added)
{
    kv_branching *t = branching;
    *added = 0;
    t->found.status = KV_OK;
    kv_status status = kv_cutset_separate(t->cutset, t->design, t->flow, least, quick,
                                          t->run->deadline, kv_cut_list_keep, &t->found);
    if (status == KV_OK)
        status = t->found.status;
    if (status == KV_OK)
        status = kv_cut_pool_add(&t->pool, &t->found, t->design, t->flow, most, added);
    return status;
}

/* The root's vector with its cuts, when it proves more than the last. */
static void keep_root(kv_branching *t, double bound)
{
    if (!(bound > t->run->bound))
        return;
    t->run->bound = bound;
    kv_records_keep(&t->records, t->run->problem, 0, t->vector);
    t->vector = NULL;
}

kv_lp_state kv_branching_root(kv_branching *branching, kv_status *status)
{
    kv_branching *t = branching;
    kv_glpk_run *run = t->run;
    double bound;
    int slow = 0, added = 1;
    kv_lp_state state = kv_branching_solve(t, &bound, status);
    for (int round = 0; round < ROUNDS && state == KV_LP_OPTIMAL && *status == KV_OK; round++) {
        double before = run->bound;
        keep_root(t, bound);
        double gap = run->has_plan ? run->plan->objective - before : 0.1 * fabs(before);
        slow = run->bound - before < least_progress * gap ? slow + 1 : 0;
        kv_run_report(run, "cuts", run->plan->objective, run->work);
        if (kv_branching_whole(t) || slow >= SLOW_ROUNDS ||
            kv_run_near_enough(run, run->has_plan ? run->plan->objective : 1e30) ||
            (*status = kv_cut_pool_purge(&t->pool, IDLE_ROUNDS)) != KV_OK ||
            (*status = kv_branching_separate(t, least_root, MOST_CUTS, 0, &added)) != KV_OK ||
            !added)
            break;
        kv_plans_send(run);
        state = kv_branching_solve(t, &bound, status);
        kv_status met = kv_plans_meet(run);
        *status = *status == KV_OK ? met : *status;
    }
    return state;
}
