/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The LP interface on GLPK 5.0; nothing else includes <glpk.h>.
 *
 * GLPK ends the process when an assertion fails, keeps an environment per thread in which all its
 * memory is chained, prints even with its output off, and counts from 1. So every call that can
 * fail runs inside `guarded`, which turns GLPK's abort into a return value; an object in which that
 * happened is replaced by a copy or, failing that, given up (its memory goes with the thread's
 * environment, kv_lp_thread_end).
 *
 * GLPK's tolerance on reduced costs is absolute (1e-7, and not to be set inside its branch and cut),
 * while costs in MEUR per ton are of the order of 1e-5: so it gets the objective times a power of
 * two that brings the geometric mean of the costs near 1, and everything it says is divided by it.
 */
#include "solver/lp/lp.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/lp/entries.h"

#include <float.h>
#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

enum { SLICE_LEAST = 200, SLICE_MOST = 20000 };
static const double slice_work = 1e8; /* iterations x entries between two looks at the stop flag */
static const double integer_slack = 1e-9; /* a bound this near to an integer is that integer */

struct kv_lp {
    glp_prob *prob;
    const void *owner; /* identity of the thread that created it */
    int scaled, broken, has_integers;
    double cost_scale; /* a power of two: GLPK's objective / ours */
    int busy;          /* 1 = inside a solve: callbacks must not touch it */
    int mip_values;    /* 1 = the last solution came from the MIP */
    long iterations, nodes;
    kv_entries entries;
};

static _Thread_local jmp_buf *fault_jump;
static _Thread_local char thread_identity;

/* ---- calls that GLPK may abort ------------------------------------------------------------- */

static int swallow(void *info, const char *text)
{
    (void)info;
    (void)text;
    return 1;
}

static void on_fault(void *info)
{
    (void)info;
    if (fault_jump)
        longjmp(*fault_jump, 1);
}

/* Run work(context); -1 when GLPK would have ended the process. May be nested. */
static int guarded(void (*work)(void *context), void *context)
{
    jmp_buf here;
    jmp_buf *const outer = fault_jump;
    if (glp_init_env() > 1)
        return -1;
    glp_term_hook(swallow, NULL);
    glp_term_out(GLP_OFF);
    glp_error_hook(on_fault, NULL);
    if (setjmp(here)) {
        fault_jump = outer;
        glp_term_out(GLP_OFF);
        return -1;
    }
    fault_jump = &here;
    work(context);
    fault_jump = outer;
    return 0;
}

static int usable(const kv_lp *lp)
{
    return lp && !lp->broken && !lp->busy && lp->owner == &thread_identity;
}

static kv_status unusable_status(const kv_lp *lp)
{
    return lp && lp->broken ? KV_ERR_NUMERIC : KV_ERR_ARGUMENT;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void create_work(void *context)
{
    kv_lp *lp = context;
    lp->prob = glp_create_prob();
    glp_set_obj_dir(lp->prob, GLP_MIN);
}

kv_lp *kv_lp_create(void)
{
    kv_lp *lp = kv_alloc(1, sizeof *lp);
    if (!lp)
        return NULL;
    lp->owner = &thread_identity;
    lp->cost_scale = 1.0;
    if (guarded(create_work, lp) != 0) {
        kv_free(lp);
        return NULL;
    }
    return lp;
}

static void delete_work(void *context)
{
    glp_delete_prob(context);
}

void kv_lp_free(kv_lp *lp)
{
    if (!lp)
        return;
    if (usable(lp))
        (void)guarded(delete_work, lp->prob);
    kv_entries_clear(&lp->entries);
    kv_free(lp);
}

void kv_lp_thread_end(void)
{
    glp_free_env();
}

void kv_lp_limits_default(kv_lp_limits *limits)
{
    memset(limits, 0, sizeof *limits);
    limits->seconds = 1e30;
    limits->dual = 1;
    limits->scale = 1;
}

/* ---- building ------------------------------------------------------------------------------ */

/* GLPK's kind of a pair of bounds. */
static int bound_kind(double lower, double upper)
{
    int has_lower = lower > -KV_LP_NO_BOUND, has_upper = upper < KV_LP_NO_BOUND;
    if (has_lower && has_upper)
        return lower < upper ? GLP_DB : GLP_FX;
    return has_lower ? GLP_LO : has_upper ? GLP_UP : GLP_FR;
}

/* Everything a building step hands to its guarded half. */
struct addition {
    kv_lp *lp;
    int count;
    const double *cost, *lower, *upper, *value;
    const unsigned char *integer;
    const size_t *first;
    const int *index;
    int *index1; /* room for the largest row or column, counted from 1 */
    double *value1;
};

static void add_rows_work(void *context)
{
    struct addition *a = context;
    glp_prob *prob = a->lp->prob;
    int base = glp_add_rows(prob, a->count);
    for (int i = 0; i < a->count; i++)
        glp_set_row_bnds(prob, base + i, bound_kind(a->lower[i], a->upper[i]), a->lower[i],
                         a->upper[i]);
}

/* Run a building step; a fault in it leaves the LP broken. */
static kv_status build(struct addition *addition, void (*work)(void *context))
{
    if (guarded(work, addition) == 0)
        return KV_OK;
    addition->lp->broken = 1;
    return KV_ERR_MEMORY;
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
    if (count == 0)
        return KV_OK;
    struct addition a = {.lp = lp, .count = count, .lower = lower, .upper = upper};
    return build(&a, add_rows_work);
}

/* Copy n entries to the 1-based work arrays, leaving out zeros; returns how many. */
static int entries_from_one(struct addition *a, size_t first, size_t last)
{
    int n = 0;
    for (size_t e = first; e < last; e++) {
        if (a->value[e] == 0.0)
            continue;
        a->index1[++n] = a->index[e] + 1;
        a->value1[n] = a->value[e];
    }
    return n;
}

static void add_columns_work(void *context)
{
    struct addition *a = context;
    glp_prob *prob = a->lp->prob;
    int base = glp_add_cols(prob, a->count);
    for (int j = 0; j < a->count; j++) {
        int n = entries_from_one(a, a->first[j], a->first[j + 1]);
        glp_set_obj_coef(prob, base + j, a->cost[j] * a->lp->cost_scale);
        if (a->integer && a->integer[j]) {
            glp_set_col_kind(prob, base + j, GLP_IV);
            a->lp->has_integers = 1;
        }
        glp_set_col_bnds(prob, base + j, bound_kind(a->lower[j], a->upper[j]), a->lower[j],
                         a->upper[j]);
        glp_set_mat_col(prob, base + j, n, a->index1, a->value1);
    }
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
    size_t longest = 0;
    if (kv_entries_reserve(&lp->entries, (size_t)n_rows) != 0)
        return KV_ERR_MEMORY;
    for (int j = 0; j < count; j++) {
        if (!isfinite(cost[j]) || !kv_bounds_good(lower[j], upper[j]) || first[j] > first[j + 1] ||
            !kv_entries_good(&lp->entries, n_rows, first[j + 1] - first[j], row + first[j],
                             value + first[j]))
            return KV_ERR_ARGUMENT;
        if (first[j + 1] - first[j] > longest)
            longest = first[j + 1] - first[j];
    }
    if (count == 0)
        return KV_OK;
    kv_status status = KV_ERR_MEMORY;
    struct addition a = {lp, count, cost, lower, upper, value, integer, first, row, NULL, NULL};
    a.index1 = kv_alloc(longest + 1, sizeof *a.index1);
    a.value1 = kv_alloc(longest + 1, sizeof *a.value1);
    if (a.index1 && a.value1)
        status = build(&a, add_columns_work);
    kv_free(a.index1);
    kv_free(a.value1);
    return status;
}

static void add_row_work(void *context)
{
    struct addition *a = context;
    int row = glp_add_rows(a->lp->prob, 1);
    int n = entries_from_one(a, 0, (size_t)a->count);
    glp_set_row_bnds(a->lp->prob, row, bound_kind(*a->lower, *a->upper), *a->lower, *a->upper);
    glp_set_mat_row(a->lp->prob, row, n, a->index1, a->value1);
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
    kv_status status = KV_ERR_MEMORY;
    struct addition a = {
        .lp = lp, .count = n, .lower = &lower, .upper = &upper, .value = value, .index = column};
    a.index1 = kv_alloc((size_t)n + 1, sizeof *a.index1);
    a.value1 = kv_alloc((size_t)n + 1, sizeof *a.value1);
    if (a.index1 && a.value1)
        status = build(&a, add_row_work);
    kv_free(a.index1);
    kv_free(a.value1);
    return status;
}

kv_status kv_lp_set_column_bounds(kv_lp *lp, int column, double lower, double upper)
{
    if (!usable(lp))
        return unusable_status(lp);
    if (column < 0 || column >= kv_lp_columns(lp) || !kv_bounds_good(lower, upper))
        return KV_ERR_ARGUMENT;
    glp_set_col_bnds(lp->prob, column + 1, bound_kind(lower, upper), lower, upper);
    return KV_OK;
}

kv_status kv_lp_set_row_bounds(kv_lp *lp, int row, double lower, double upper)
{
    if (!usable(lp))
        return unusable_status(lp);
    if (row < 0 || row >= kv_lp_rows(lp) || !kv_bounds_good(lower, upper))
        return KV_ERR_ARGUMENT;
    glp_set_row_bnds(lp->prob, row + 1, bound_kind(lower, upper), lower, upper);
    return KV_OK;
}

kv_status kv_lp_set_cost(kv_lp *lp, int column, double cost)
{
    if (!usable(lp))
        return unusable_status(lp);
    if (column < 0 || column >= kv_lp_columns(lp) || !isfinite(cost))
        return KV_ERR_ARGUMENT;
    glp_set_obj_coef(lp->prob, column + 1, cost * lp->cost_scale);
    return KV_OK;
}

int kv_lp_rows(const kv_lp *lp)
{
    return usable(lp) ? glp_get_num_rows(lp->prob) : 0;
}

int kv_lp_columns(const kv_lp *lp)
{
    return usable(lp) ? glp_get_num_cols(lp->prob) : 0;
}

/* ---- the simplex method -------------------------------------------------------------------- */

struct simplex_call {
    glp_prob *prob;
    glp_smcp parm;
    int code;
};

static void simplex_work(void *context)
{
    struct simplex_call *call = context;
    call->code = glp_simplex(call->prob, &call->parm);
}

static void scale_work(void *context)
{
    glp_unscale_prob(context);
    glp_scale_prob(context, GLP_SF_AUTO);
}

static void advanced_basis_work(void *context)
{
    glp_adv_basis(context, 0);
}

static void slack_basis_work(void *context)
{
    glp_std_basis(context);
}

static void copy_work(void *context)
{
    kv_lp *lp = context;
    glp_prob *copy = glp_create_prob();
    glp_copy_prob(copy, lp->prob, GLP_OFF);
    lp->prob = copy;
}

/* After a fault in a solve: go on with a copy of the LP; the damaged object is abandoned. */
static int recover(kv_lp *lp)
{
    lp->scaled = 0;
    if (guarded(copy_work, lp) != 0 || guarded(slack_basis_work, lp->prob) != 0)
        lp->broken = 1;
    return lp->broken ? -1 : 0;
}

/* Milliseconds until the deadline, as GLPK takes them; 0 = it has passed. */
static int milliseconds_left(double deadline)
{
    double left = (deadline - kv_clock()) * 1000.0;
    return left >= (double)INT_MAX ? INT_MAX : left <= 0.0 ? 0 : (int)ceil(left);
}

/* Iterations between two looks at the stop flag; by size, so that the path never depends on the
 * clock. */
static long slice_length(const kv_lp *lp)
{
    double entries = 1.0 + glp_get_num_rows(lp->prob) + glp_get_num_nz(lp->prob);
    double slice = slice_work / entries;
    return slice < SLICE_LEAST ? SLICE_LEAST : slice > SLICE_MOST ? SLICE_MOST : (long)slice;
}

static kv_lp_state state_of(const kv_lp *lp, int code)
{
    if (code == GLP_ETMLIM)
        return KV_LP_LIMIT;
    if (code == GLP_ENOPFS)
        return KV_LP_INFEASIBLE;
    if (code != 0)
        return KV_LP_FAILED;
    switch (glp_get_status(lp->prob)) {
    case GLP_OPT: return KV_LP_OPTIMAL;
    case GLP_NOFEAS: return KV_LP_INFEASIBLE;
    case GLP_UNBND: return KV_LP_UNBOUNDED;
    default: return KV_LP_FAILED;
    }
}

/* One method from the basis at hand, in slices; *faulted = 1 after a fault inside GLPK. */
static kv_lp_state run_simplex(kv_lp *lp, const kv_lp_limits *limits, double deadline, int method,
                               int presolve, int *faulted)
{
    long slice = slice_length(lp);
    for (;;) {
        struct simplex_call call = {.prob = lp->prob};
        long left = limits->iterations > 0 ? limits->iterations - lp->iterations : LONG_MAX;
        glp_init_smcp(&call.parm);
        call.parm.msg_lev = GLP_MSG_OFF;
        call.parm.meth = method;
        call.parm.presolve = presolve ? GLP_ON : GLP_OFF;
        call.parm.it_lim = presolve ? INT_MAX : (int)(slice < left ? slice : left);
        call.parm.tm_lim = milliseconds_left(deadline);
        if ((!limits->finish && kv_stop_requested()) || left <= 0 || call.parm.tm_lim == 0)
            return KV_LP_LIMIT;
        int before = glp_get_it_cnt(lp->prob);
        if (guarded(simplex_work, &call) != 0) {
            *faulted = 1;
            return KV_LP_FAILED;
        }
        int used = glp_get_it_cnt(lp->prob) - before;
        lp->iterations += used > 0 ? used : 0;
        if (call.code != GLP_EITLIM)
            return state_of(lp, call.code);
        if (used <= 0)
            return KV_LP_FAILED;
        slice = slice < INT_MAX / 2 ? slice + slice / 4 : slice; /* no cycle lasts for ever */
    }
}

/* Choose cost_scale anew for the costs at hand; a factor of less than 16 is not worth a change. */
static void scale_costs(kv_lp *lp)
{
    int n = glp_get_num_cols(lp->prob), count = 0, shift;
    double sum = 0.0;
    for (int j = 1; j <= n; j++) {
        double cost = fabs(glp_get_obj_coef(lp->prob, j));
        if (cost > 0.0) {
            sum += log2(cost);
            count++;
        }
    }
    shift = count > 0 ? (int)lrint(-sum / count) : 0;
    if (abs(shift) < 4)
        return;
    for (int j = 1; j <= n; j++)
        glp_set_obj_coef(lp->prob, j, ldexp(glp_get_obj_coef(lp->prob, j), shift));
    lp->cost_scale = ldexp(lp->cost_scale, shift);
}

/* The attempts, each for what the one before could not solve. */
enum {
    ATTEMPT_WARM,
    ATTEMPT_OTHER_METHOD,
    ATTEMPT_FRESH,
    ATTEMPT_SLACK,
    ATTEMPT_PRESOLVE,
    ATTEMPTS
};

static kv_lp_state attempt_simplex(kv_lp *lp, const kv_lp_limits *limits, double deadline,
                                   int attempt, int *faulted)
{
    int method = limits->dual ? GLP_DUALP : GLP_PRIMAL;
    int other = limits->dual ? GLP_PRIMAL : GLP_DUALP;
    int prepared = 0;
    if (attempt == ATTEMPT_FRESH || (limits->scale && !lp->scaled)) {
        prepared |= guarded(scale_work, lp->prob);
        lp->scaled = 1;
    }
    if (attempt == ATTEMPT_FRESH)
        prepared |= guarded(advanced_basis_work, lp->prob);
    if (attempt == ATTEMPT_SLACK)
        prepared |= guarded(slack_basis_work, lp->prob);
    if (prepared != 0) {
        *faulted = 1;
        return KV_LP_FAILED;
    }
    if (attempt == ATTEMPT_OTHER_METHOD || attempt == ATTEMPT_FRESH)
        method = other;
    return run_simplex(lp, limits, deadline, method, attempt == ATTEMPT_PRESOLVE, faulted);
}

static kv_lp_state solve_relaxation(kv_lp *lp, const kv_lp_limits *limits, double deadline)
{
    kv_lp_state state = KV_LP_FAILED;
    int first = limits->presolve ? ATTEMPT_PRESOLVE : ATTEMPT_WARM;
    for (int i = 0; i < ATTEMPTS && state == KV_LP_FAILED; i++) {
        int faulted = 0;
        state = attempt_simplex(lp, limits, deadline, (first + i) % ATTEMPTS, &faulted);
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
    scale_costs(lp);
    return solve_relaxation(lp, limits, kv_clock() + limits->seconds);
}

/* ---- branch and cut ------------------------------------------------------------------------ */

struct search {
    kv_lp *lp;
    const kv_lp_limits *limits;
    glp_iocp parm;
    int code;
    double bound;
    long iterations; /* before this search, and GLPK's count when it began */
    int first_iteration;
    double *start1; /* the start solution, from 1; NULL once handed over */
};

static void search_event(glp_tree *tree, void *info)
{
    struct search *search = info;
    glp_prob *prob = glp_ios_get_prob(tree);
    int nodes = 0, best = glp_ios_best_node(tree);
    double scale = search->lp->cost_scale;
    double incumbent =
        glp_mip_status(prob) == GLP_FEAS ? glp_mip_obj_val(prob) / scale : KV_LP_NO_BOUND;
    if (best > 0)
        search->bound =
            fmax(search->bound, fmin(glp_ios_node_bound(tree, best) / scale, incumbent));
    if (glp_ios_reason(tree) == GLP_IHEUR && search->start1) {
        (void)glp_ios_heur_sol(tree, search->start1);
        kv_free(search->start1);
        search->start1 = NULL;
    }
    glp_ios_tree_size(tree, NULL, NULL, &nodes);
    search->lp->nodes = nodes;
    const kv_lp_limits *limits = search->limits;
    long used = search->iterations + glp_get_it_cnt(prob) - search->first_iteration;
    search->lp->iterations = used;
    int stop = (!limits->finish && kv_stop_requested()) ||
               (limits->nodes > 0 && nodes > limits->nodes) ||
               (limits->iterations > 0 && used >= limits->iterations);
    if (limits->progress && limits->progress(limits->context, search->bound, incumbent, nodes))
        stop = 1;
    if (stop)
        glp_ios_terminate(tree);
}

static void search_work(void *context)
{
    struct search *search = context;
    search->code = glp_intopt(search->lp->prob, &search->parm);
}

static void search_parameters(struct search *search, double deadline, int cuts)
{
    glp_init_iocp(&search->parm);
    search->parm.msg_lev = GLP_MSG_OFF;
    search->parm.br_tech = GLP_BR_PCH;
    search->parm.bt_tech = GLP_BT_BLB;
    search->parm.tol_int = 1e-6;
    search->parm.tol_obj = 1e-9;
    search->parm.mip_gap = search->limits->gap;
    search->parm.presolve = search->limits->presolve ? GLP_ON : GLP_OFF;
    search->parm.mir_cuts = search->parm.cov_cuts = cuts ? GLP_ON : GLP_OFF;
    search->parm.tm_lim = milliseconds_left(deadline);
    search->parm.cb_func = search_event;
    search->parm.cb_info = search;
}

/* What the search ended with; *bound as kv_lp_solve_mip gives it. */
static kv_lp_state search_state(const struct search *search, double *bound)
{
    const glp_prob *prob = search->lp->prob;
    double objective = glp_mip_obj_val((glp_prob *)prob) / search->lp->cost_scale;
    *bound = search->bound;
    switch (glp_mip_status((glp_prob *)prob)) {
    case GLP_OPT: *bound = objective; return KV_LP_OPTIMAL;
    case GLP_NOFEAS: *bound = KV_LP_NO_BOUND; return KV_LP_INFEASIBLE;
    case GLP_FEAS:
        if (search->code != GLP_EMIPGAP)
            return KV_LP_FEASIBLE;
        *bound = fmax(search->bound, objective - search->limits->gap * fabs(objective));
        return KV_LP_OPTIMAL;
    default: return search->code == GLP_EFAIL ? KV_LP_FAILED : KV_LP_LIMIT;
    }
}

/* The search from an optimal root basis; once more without cuts when it breaks down. */
static kv_lp_state run_search(kv_lp *lp, const kv_lp_limits *limits, double deadline, double *bound)
{
    kv_lp_state state = KV_LP_FAILED;
    struct search search = {.lp = lp, .limits = limits, .bound = *bound};
    int n = glp_get_num_cols(lp->prob);
    if (limits->start && !limits->presolve) {
        search.start1 = kv_alloc((size_t)n + 1, sizeof *search.start1);
        if (search.start1)
            memcpy(search.start1 + 1, limits->start, (size_t)n * sizeof *search.start1);
    }
    for (int cuts = 1; cuts >= 0 && state == KV_LP_FAILED; cuts--) {
        search_parameters(&search, deadline, cuts);
        if (search.parm.tm_lim == 0) {
            state = KV_LP_LIMIT;
            break;
        }
        search.first_iteration = glp_get_it_cnt(lp->prob);
        search.iterations = lp->iterations;
        lp->busy = 1;
        int faulted = guarded(search_work, &search) != 0;
        lp->busy = 0;
        if (!faulted) {
            lp->iterations = search.iterations + glp_get_it_cnt(lp->prob) - search.first_iteration;
            state = search_state(&search, bound);
        } else if (recover(lp) != 0 || solve_relaxation(lp, limits, deadline) != KV_LP_OPTIMAL) {
            break;
        }
    }
    kv_free(search.start1);
    return state;
}

/* Swap the bounds of integer columns for those rounded inwards (round = 1) or put back the saved
 * ones. Returns 1 when some column has no integer left. */
static int round_integer_bounds(kv_lp *lp, double *saved, int round)
{
    int n = glp_get_num_cols(lp->prob), empty = 0;
    for (int j = 1; j <= n; j++) {
        double *pair = saved + 2 * (size_t)(j - 1);
        if (glp_get_col_kind(lp->prob, j) == GLP_CV)
            continue;
        if (round) {
            double low = pair[0] = fmax(glp_get_col_lb(lp->prob, j), -KV_LP_NO_BOUND);
            double high = pair[1] = fmin(glp_get_col_ub(lp->prob, j), KV_LP_NO_BOUND);
            low = low > -KV_LP_NO_BOUND ? ceil(low - integer_slack) : low;
            high = high < KV_LP_NO_BOUND ? floor(high + integer_slack) : high;
            empty |= low > high;
            glp_set_col_bnds(lp->prob, j, bound_kind(low, fmax(low, high)), low, fmax(low, high));
        } else {
            glp_set_col_bnds(lp->prob, j, bound_kind(pair[0], pair[1]), pair[0], pair[1]);
        }
    }
    return empty;
}

kv_lp_state kv_lp_solve_mip(kv_lp *lp, const kv_lp_limits *limits, double *bound)
{
    *bound = -KV_LP_NO_BOUND;
    if (!usable(lp))
        return KV_LP_FAILED;
    double deadline = kv_clock() + limits->seconds;
    double *saved = kv_alloc((size_t)glp_get_num_cols(lp->prob) + 1, 2 * sizeof *saved);
    kv_lp_state state = KV_LP_FAILED;
    if (!saved)
        return state;
    lp->mip_values = 0;
    lp->iterations = lp->nodes = 0;
    scale_costs(lp);
    if (round_integer_bounds(lp, saved, 1)) {
        *bound = KV_LP_NO_BOUND;
        state = KV_LP_INFEASIBLE;
    } else {
        kv_lp_limits root = *limits;
        root.presolve = 0;
        state = limits->presolve ? KV_LP_OPTIMAL : solve_relaxation(lp, &root, deadline);
    }
    if (state == KV_LP_OPTIMAL) {
        if (!limits->presolve)
            *bound = glp_get_obj_val(lp->prob) / lp->cost_scale;
        state = run_search(lp, limits, deadline, bound);
        lp->mip_values = state == KV_LP_OPTIMAL || state == KV_LP_FEASIBLE;
    } else if (state == KV_LP_INFEASIBLE) {
        *bound = KV_LP_NO_BOUND;
    }
    if (!lp->broken)
        (void)round_integer_bounds(lp, saved, 0);
    kv_free(saved);
    return state;
}

/* ---- results ------------------------------------------------------------------------------- */

double kv_lp_objective(const kv_lp *lp)
{
    if (!usable(lp))
        return 0.0;
    return (lp->mip_values ? glp_mip_obj_val(lp->prob) : glp_get_obj_val(lp->prob)) /
           lp->cost_scale;
}

double kv_lp_value(const kv_lp *lp, int column)
{
    if (column < 0 || column >= kv_lp_columns(lp))
        return 0.0;
    return lp->mip_values ? glp_mip_col_val(lp->prob, column + 1)
                          : glp_get_col_prim(lp->prob, column + 1);
}

double kv_lp_dual(const kv_lp *lp, int row)
{
    return row < 0 || row >= kv_lp_rows(lp) ? 0.0
                                            : glp_get_row_dual(lp->prob, row + 1) / lp->cost_scale;
}

double kv_lp_reduced_cost(const kv_lp *lp, int column)
{
    return column < 0 || column >= kv_lp_columns(lp)
               ? 0.0
               : glp_get_col_dual(lp->prob, column + 1) / lp->cost_scale;
}

long kv_lp_iterations(const kv_lp *lp)
{
    return lp ? lp->iterations : 0;
}

long kv_lp_nodes(const kv_lp *lp)
{
    return lp ? lp->nodes : 0;
}
