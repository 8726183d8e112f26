/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The LP interface: checks what it is given, keeps to its limits, and tries again where the simplex
 * method or the search breaks down. GLPK (solver/lp/glpk.c) does the rest.
 *
 * The simplex method runs in slices of iterations, between which the stop flag is looked at; their
 * length depends on the size of the LP alone, so that the path never depends on the clock.
 */
#include "solver/lp/lp.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/lp/entries.h"
#include "solver/lp/simplex.h"

#include <limits.h>
#include <math.h>
#include <string.h>

enum { SLICE_LEAST = 200, SLICE_MOST = 20000 };
static const double slice_work = 1e8;     /* iterations x entries of a slice */
static const double integer_slack = 1e-9; /* a bound this near to an integer is that integer */

struct kv_lp {
    kv_glpk *glpk;
    const void *owner; /* identity of the thread that created it */
    int scaled, broken;
    int busy;       /* 1 = inside a search: callbacks must not touch it */
    int mip_values; /* 1 = the last solution came from a search */
    long iterations, nodes;
    const double *shown; /* duals to give instead of the solve's, or NULL */
    kv_entries entries;
};

static _Thread_local char thread_identity;

static int usable(const kv_lp *lp)
{
    return lp && !lp->broken && !lp->busy && lp->owner == &thread_identity;
}

static kv_status unusable_status(const kv_lp *lp)
{
    return lp && lp->broken ? KV_ERR_NUMERIC : KV_ERR_ARGUMENT;
}

/* ---- life and building --------------------------------------------------------------------- */

kv_lp *kv_lp_create(void)
{
    kv_lp *lp = kv_alloc(1, sizeof *lp);
    if (!lp)
        return NULL;
    lp->owner = &thread_identity;
    lp->glpk = kv_glpk_create();
    if (lp->glpk)
        return lp;
    kv_free(lp);
    return NULL;
}

void kv_lp_free(kv_lp *lp)
{
    if (!lp)
        return;
    if (lp->owner == &thread_identity)
        kv_glpk_free(lp->glpk);
    kv_entries_clear(&lp->entries);
    kv_free(lp);
}

void kv_lp_thread_end(void)
{
    kv_glpk_thread_end();
}

void kv_lp_limits_default(kv_lp_limits *limits)
{
    memset(limits, 0, sizeof *limits);
    limits->seconds = 1e30;
    limits->dual = 1;
    limits->scale = 1;
}

/* The end of a building step; a failure in it leaves the LP broken. */
static kv_status built(kv_lp *lp, int failed)
{
    lp->broken |= failed != 0;
    return failed ? KV_ERR_MEMORY : KV_OK;
}

kv_status kv_lp_add_rows(kv_lp *lp, int count, const double *lower, const double *upper)
{
    if (!usable(lp))
        return unusable_status(lp);
    if (count < 0 || count > INT_MAX / 4 - kv_lp_rows(lp))
        return KV_ERR_ARGUMENT;
    for (int i = 0; i < count; i++)
        if (!kv_bounds_good(lower[i], upper[i]))
            return KV_ERR_ARGUMENT;
    return built(lp, kv_glpk_add_rows(lp->glpk, count, lower, upper));
}

kv_status kv_lp_add_columns(kv_lp *lp, int count, const double *cost, const double *lower,
                            const double *upper, const unsigned char *integer, const size_t *first,
                            const int *row, const double *value)
{
    if (!usable(lp))
        return unusable_status(lp);
    if (count < 0 || count > INT_MAX / 4 - kv_lp_columns(lp))
        return KV_ERR_ARGUMENT;
    int n_rows = kv_lp_rows(lp);
    if (kv_entries_reserve(&lp->entries, (size_t)n_rows) != 0)
        return KV_ERR_MEMORY;
    for (int j = 0; j < count; j++)
        if (!isfinite(cost[j]) || !kv_bounds_good(lower[j], upper[j]) || first[j] > first[j + 1] ||
            !kv_entries_good(&lp->entries, n_rows, first[j + 1] - first[j], row + first[j],
                             value + first[j]))
            return KV_ERR_ARGUMENT;
    return built(
        lp, kv_glpk_add_columns(lp->glpk, count, cost, lower, upper, integer, first, row, value));
}

kv_status kv_lp_add_row(kv_lp *lp, double lower, double upper, int n, const int *column,
                        const double *value)
{
    if (!usable(lp))
        return unusable_status(lp);
    int n_columns = kv_lp_columns(lp);
    if (kv_entries_reserve(&lp->entries, (size_t)n_columns) != 0)
        return KV_ERR_MEMORY;
    if (n < 0 || !kv_bounds_good(lower, upper) ||
        !kv_entries_good(&lp->entries, n_columns, (size_t)n, column, value))
        return KV_ERR_ARGUMENT;
    return built(lp, kv_glpk_add_row(lp->glpk, lower, upper, n, column, value));
}

kv_status kv_lp_delete_rows(kv_lp *lp, int count, const int *row)
{
    if (!usable(lp))
        return unusable_status(lp);
    int rows = kv_lp_rows(lp);
    for (int i = 0; i < count; i++)
        if (row[i] < 0 || row[i] >= rows || (i > 0 && row[i] <= row[i - 1]))
            return KV_ERR_ARGUMENT;
    return count > 0 ? built(lp, kv_glpk_delete_rows(lp->glpk, count, row)) : KV_OK;
}

void kv_lp_basis(const kv_lp *lp, unsigned char *state)
{
    if (usable(lp))
        kv_glpk_basis(lp->glpk, state);
}

int kv_lp_ray(kv_lp *lp, double *ray)
{
    return usable(lp) && kv_glpk_ray(lp->glpk, ray) == 1;
}

void kv_lp_show_duals(kv_lp *lp, const double *dual)
{
    lp->shown = dual;
}

int kv_lp_row_is_basic(const kv_lp *lp, int row)
{
    return usable(lp) && row >= 0 && row < kv_lp_rows(lp) && kv_glpk_row_is_basic(lp->glpk, row);
}

kv_status kv_lp_set_basis(kv_lp *lp, int rows, const unsigned char *state)
{
    if (!usable(lp))
        return unusable_status(lp);
    if (rows < 0 || rows > kv_lp_rows(lp))
        return KV_ERR_ARGUMENT;
    kv_glpk_set_basis(lp->glpk, rows, state);
    return KV_OK;
}

kv_status kv_lp_set_column_bounds(kv_lp *lp, int column, double lower, double upper)
{
    if (!usable(lp))
        return unusable_status(lp);
    if (column < 0 || column >= kv_lp_columns(lp) || !kv_bounds_good(lower, upper))
        return KV_ERR_ARGUMENT;
    kv_glpk_column_bounds(lp->glpk, column, lower, upper);
    return KV_OK;
}

kv_status kv_lp_set_row_bounds(kv_lp *lp, int row, double lower, double upper)
{
    if (!usable(lp))
        return unusable_status(lp);
    if (row < 0 || row >= kv_lp_rows(lp) || !kv_bounds_good(lower, upper))
        return KV_ERR_ARGUMENT;
    kv_glpk_row_bounds(lp->glpk, row, lower, upper);
    return KV_OK;
}

kv_status kv_lp_set_cost(kv_lp *lp, int column, double cost)
{
    if (!usable(lp))
        return unusable_status(lp);
    if (column < 0 || column >= kv_lp_columns(lp) || !isfinite(cost))
        return KV_ERR_ARGUMENT;
    kv_glpk_cost(lp->glpk, column, cost);
    return KV_OK;
}

int kv_lp_rows(const kv_lp *lp)
{
    return usable(lp) ? kv_glpk_rows(lp->glpk) : 0;
}

int kv_lp_columns(const kv_lp *lp)
{
    return usable(lp) ? kv_glpk_columns(lp->glpk) : 0;
}

/* ---- the simplex method -------------------------------------------------------------------- */

/* After a fault in a solve: go on with a copy of the LP. */
static int recover(kv_lp *lp)
{
    kv_glpk *copy = kv_glpk_copy(lp->glpk);
    lp->scaled = 0;
    if (!copy) {
        lp->broken = 1;
        return -1;
    }
    kv_glpk_free(lp->glpk);
    lp->glpk = copy;
    return 0;
}

/* Milliseconds until the deadline; 0 = it has passed. */
static int milliseconds_left(double deadline)
{
    double left = (deadline - kv_clock()) * 1000.0;
    return left >= (double)INT_MAX ? INT_MAX : left <= 0.0 ? 0 : (int)ceil(left);
}

static long slice_length(const kv_lp *lp)
{
    double slice = slice_work / (1.0 + kv_glpk_rows(lp->glpk) + kv_glpk_entries(lp->glpk));
    return slice < SLICE_LEAST ? SLICE_LEAST : slice > SLICE_MOST ? SLICE_MOST : (long)slice;
}

static int must_stop(const kv_lp_limits *limits)
{
    return !limits->finish && kv_stop_requested();
}

static kv_lp_state state_of(kv_glpk_end end)
{
    switch (end) {
    case KV_GLPK_OPTIMAL:
    case KV_GLPK_GAP: return KV_LP_OPTIMAL;
    case KV_GLPK_FEASIBLE: return KV_LP_FEASIBLE;
    case KV_GLPK_INFEASIBLE: return KV_LP_INFEASIBLE;
    case KV_GLPK_UNBOUNDED: return KV_LP_UNBOUNDED;
    case KV_GLPK_STOPPED: return KV_LP_LIMIT;
    default: return KV_LP_FAILED;
    }
}

/* One method from the basis at hand, in slices; *faulted = 1 after a fault inside GLPK. */
static kv_lp_state run_slices(kv_lp *lp, const kv_lp_limits *limits, double deadline, int dual,
                              int presolve, int *faulted)
{
    long slice = slice_length(lp);
    for (;;) {
        long left = limits->iterations > 0 ? limits->iterations - lp->iterations : LONG_MAX;
        int before = kv_glpk_iterations(lp->glpk), milliseconds = milliseconds_left(deadline);
        int iterations = presolve ? INT_MAX : (int)(slice < left ? slice : left);
        if (must_stop(limits) || left <= 0 || milliseconds == 0)
            return KV_LP_LIMIT;
        kv_glpk_end end = kv_glpk_simplex(lp->glpk, dual, presolve, iterations, milliseconds);
        *faulted = end == KV_GLPK_FAULT;
        if (*faulted)
            return KV_LP_FAILED;
        int used = kv_glpk_iterations(lp->glpk) - before;
        lp->iterations += used > 0 ? used : 0;
        if (end != KV_GLPK_ITERATIONS)
            return state_of(end);
        if (used <= 0)
            return KV_LP_FAILED;
        slice = slice < INT_MAX / 2 ? slice + slice / 4 : slice; /* no cycle lasts for ever */
    }
}

/* The attempts, each for what the one before could not solve. */
enum { WARM, OTHER_METHOD, FRESH, SLACK, PRESOLVE, ATTEMPTS };

static kv_lp_state attempt(kv_lp *lp, const kv_lp_limits *limits, double deadline, int which,
                           int *faulted)
{
    int dual = which == OTHER_METHOD || which == FRESH ? !limits->dual : limits->dual;
    int failed = 0;
    if (which == FRESH || (limits->scale && !lp->scaled)) {
        failed |= kv_glpk_scale(lp->glpk);
        lp->scaled = 1;
    }
    if (which == FRESH)
        failed |= kv_glpk_advanced_basis(lp->glpk);
    if (which == SLACK)
        failed |= kv_glpk_slack_basis(lp->glpk);
    *faulted = failed != 0;
    if (failed)
        return KV_LP_FAILED;
    return run_slices(lp, limits, deadline, dual, which == PRESOLVE, faulted);
}

static kv_lp_state solve_relaxation(kv_lp *lp, const kv_lp_limits *limits, double deadline)
{
    kv_lp_state state = KV_LP_FAILED;
    int first = limits->presolve ? PRESOLVE : WARM;
    for (int i = 0; i < ATTEMPTS && state == KV_LP_FAILED; i++) {
        int faulted = 0;
        state = attempt(lp, limits, deadline, (first + i) % ATTEMPTS, &faulted);
        if (faulted && recover(lp) != 0)
            return KV_LP_FAILED;
    }
    return state;
}

kv_lp_state kv_lp_solve(kv_lp *lp, const kv_lp_limits *limits)
{
    if (!usable(lp))
        return KV_LP_FAILED;
    lp->mip_values = 0;
    lp->iterations = lp->nodes = 0;
    kv_glpk_scale_costs(lp->glpk);
    return solve_relaxation(lp, limits, kv_clock() + limits->seconds);
}

/* ---- branch and cut ------------------------------------------------------------------------ */

struct watch {
    kv_lp *lp;
    const kv_lp_limits *limits;
    long iterations; /* before the search */
    double bound;
};

static int on_event(void *context, const kv_glpk_event *event)
{
    struct watch *watch = context;
    const kv_lp_limits *limits = watch->limits;
    kv_lp *lp = watch->lp;
    watch->bound = fmax(watch->bound, event->bound);
    lp->iterations = watch->iterations + event->iterations;
    lp->nodes = event->nodes;
    int stop = must_stop(limits) || (limits->nodes > 0 && event->nodes > limits->nodes) ||
               (limits->iterations > 0 && lp->iterations >= limits->iterations);
    if (limits->progress &&
        limits->progress(limits->context, watch->bound, event->incumbent, event->nodes))
        stop = 1;
    return stop;
}

/* The next row that a node's solution breaks; -1 when it is not one that can be added. */
static int on_broken(void *context, const double *solution, int node, int *next, double *lower,
                     double *upper, int *n, const int **column, const double **value)
{
    struct watch *watch = context;
    kv_lp_row row = {0};
    int n_columns = kv_glpk_columns(watch->lp->glpk);
    if (!watch->limits->broken(watch->limits->broken_context, solution, node, next, &row))
        return 0;
    if (row.n < 0 || row.n > n_columns || !kv_bounds_good(row.lower, row.upper) ||
        !kv_entries_good(&watch->lp->entries, n_columns, (size_t)row.n, row.column, row.value))
        return -1;
    *lower = row.lower;
    *upper = row.upper;
    *n = row.n;
    *column = row.column;
    *value = row.value;
    return 1;
}

/* The bound that a search leaves. */
static double final_bound(const kv_lp *lp, const struct watch *watch, kv_glpk_end end)
{
    double objective = kv_glpk_objective(lp->glpk, 1);
    switch (end) {
    case KV_GLPK_OPTIMAL: return objective;
    case KV_GLPK_GAP: return fmax(watch->bound, objective - watch->limits->gap * fabs(objective));
    case KV_GLPK_INFEASIBLE: return KV_LP_NO_BOUND;
    default: return watch->bound;
    }
}

/* The search from an optimal root basis; once more without cuts when it breaks down. */
static kv_lp_state run_search(kv_lp *lp, const kv_lp_limits *limits, double deadline, double *bound)
{
    struct watch watch = {lp, limits, lp->iterations, *bound};
    kv_glpk_search search = {.gap = limits->gap,
                             .presolve = limits->presolve,
                             .start = limits->start,
                             .event = on_event,
                             .broken = limits->broken && !limits->presolve ? on_broken : NULL,
                             .context = &watch};
    if (kv_entries_reserve(&lp->entries, (size_t)kv_glpk_columns(lp->glpk)) != 0)
        return KV_LP_FAILED;
    for (int cuts = 1; cuts >= 0; cuts--) {
        search.cuts = cuts;
        search.milliseconds = milliseconds_left(deadline);
        if (search.milliseconds == 0)
            return KV_LP_LIMIT;
        watch.iterations = lp->iterations;
        if (search.broken) {
            int next = 0;
            kv_lp_row none = {0};
            (void)limits->broken(limits->broken_context, NULL, 0, &next, &none);
        }
        lp->busy = 1;
        kv_glpk_end end = kv_glpk_branch(lp->glpk, &search);
        lp->busy = 0;
        *bound = end == KV_GLPK_FAULT ? watch.bound : final_bound(lp, &watch, end);
        if (end != KV_GLPK_FAULT && end != KV_GLPK_FAILED)
            return state_of(end);
        if (end == KV_GLPK_FAULT && recover(lp) != 0)
            return KV_LP_FAILED;
        if (solve_relaxation(lp, limits, deadline) != KV_LP_OPTIMAL)
            return KV_LP_FAILED;
    }
    return KV_LP_FAILED;
}

/* Swap the bounds of integer columns for those rounded inwards (round = 1) or put back the saved
 * ones. Returns 1 when some column has no integer left. */
static int round_integer_bounds(kv_lp *lp, double *saved, int round)
{
    int n = kv_glpk_columns(lp->glpk), empty = 0;
    for (int j = 0; j < n; j++) {
        double *pair = saved + 2 * (size_t)j, low, high;
        if (!kv_glpk_is_integer(lp->glpk, j))
            continue;
        if (!round) {
            kv_glpk_column_bounds(lp->glpk, j, pair[0], pair[1]);
            continue;
        }
        low = pair[0] = kv_glpk_lower(lp->glpk, j);
        high = pair[1] = kv_glpk_upper(lp->glpk, j);
        if (low > -KV_LP_NO_BOUND)
            low = ceil(low - integer_slack);
        if (high < KV_LP_NO_BOUND)
            high = floor(high + integer_slack);
        empty |= low > high;
        kv_glpk_column_bounds(lp->glpk, j, low, fmax(low, high));
    }
    return empty;
}

/* Root and search within rounded bounds. */
static kv_lp_state solve_mip(kv_lp *lp, const kv_lp_limits *limits, double deadline, double *bound)
{
    kv_lp_limits root = *limits;
    root.presolve = 0;
    kv_lp_state state = limits->presolve ? KV_LP_OPTIMAL : solve_relaxation(lp, &root, deadline);
    if (state == KV_LP_INFEASIBLE)
        *bound = KV_LP_NO_BOUND;
    if (state != KV_LP_OPTIMAL)
        return state;
    if (!limits->presolve)
        *bound = kv_glpk_objective(lp->glpk, 0);
    state = run_search(lp, limits, deadline, bound);
    lp->mip_values = state == KV_LP_OPTIMAL || state == KV_LP_FEASIBLE;
    return state;
}

kv_lp_state kv_lp_solve_mip(kv_lp *lp, const kv_lp_limits *limits, double *bound)
{
    *bound = -KV_LP_NO_BOUND;
    if (!usable(lp))
        return KV_LP_FAILED;
    double deadline = kv_clock() + limits->seconds;
    double *saved = kv_alloc((size_t)kv_glpk_columns(lp->glpk) + 1, 2 * sizeof *saved);
    kv_lp_state state = KV_LP_INFEASIBLE;
    if (!saved)
        return KV_LP_FAILED;
    lp->mip_values = 0;
    lp->iterations = lp->nodes = 0;
    kv_glpk_scale_costs(lp->glpk);
    if (round_integer_bounds(lp, saved, 1))
        *bound = KV_LP_NO_BOUND;
    else
        state = solve_mip(lp, limits, deadline, bound);
    if (!lp->broken)
        (void)round_integer_bounds(lp, saved, 0);
    kv_free(saved);
    return state;
}

/* ---- results ------------------------------------------------------------------------------- */

double kv_lp_objective(const kv_lp *lp)
{
    return usable(lp) ? kv_glpk_objective(lp->glpk, lp->mip_values) : 0.0;
}

double kv_lp_value(const kv_lp *lp, int column)
{
    if (column < 0 || column >= kv_lp_columns(lp))
        return 0.0;
    return kv_glpk_value(lp->glpk, column, lp->mip_values);
}

double kv_lp_dual(const kv_lp *lp, int row)
{
    if (row < 0 || row >= kv_lp_rows(lp))
        return 0.0;
    return lp->shown ? lp->shown[row] : kv_glpk_dual(lp->glpk, row);
}

double kv_lp_reduced_cost(const kv_lp *lp, int column)
{
    return column < 0 || column >= kv_lp_columns(lp) ? 0.0 : kv_glpk_reduced_cost(lp->glpk, column);
}

long kv_lp_iterations(const kv_lp *lp)
{
    return lp ? lp->iterations : 0;
}

long kv_lp_nodes(const kv_lp *lp)
{
    return lp ? lp->nodes : 0;
}
