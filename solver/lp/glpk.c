/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The only file that includes <glpk.h>. GLPK ends the process when an assertion fails, keeps an
 * environment per thread in which all its memory is chained, prints even with its output off, and
 * counts from 1. So every call that can fail runs inside `guarded`, which turns GLPK's abort into a
 * return value. The memory of a damaged object goes with the thread's environment.
 *
 * GLPK's tolerance on reduced costs is absolute (1e-7, and not to be set inside its branch and cut),
 * while costs in MEUR per ton are of the order of 1e-5: so it gets the objective times a power of
 * two that brings the geometric mean of the costs near 1, and everything it says is divided by it.
 */
#include "solver/lp/simplex.h"

#include "base/memory.h"
#include "solver/lp/entries.h"
#include "solver/lp/lp.h"

#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct kv_glpk {
    glp_prob *prob;
    double cost_scale; /* a power of two: GLPK's objective / ours */
    int damaged;
};

static _Thread_local jmp_buf *fault_jump;

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

/* The same for a step on an object, which is damaged by a fault. */
static int guarded_step(kv_glpk *g, void (*work)(void *context), void *context)
{
    if (g->damaged || guarded(work, context) != 0)
        g->damaged = 1;
    return g->damaged ? -1 : 0;
}

/* ---- life ---------------------------------------------------------------------------------- */

static void create_work(void *context)
{
    kv_glpk *g = context;
    g->prob = glp_create_prob();
    glp_set_obj_dir(g->prob, GLP_MIN);
}

kv_glpk *kv_glpk_create(void)
{
    kv_glpk *g = kv_alloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->cost_scale = 1.0;
    if (guarded(create_work, g) == 0)
        return g;
    kv_free(g);
    return NULL;
}

static void delete_work(void *context)
{
    glp_delete_prob(context);
}

void kv_glpk_free(kv_glpk *glpk)
{
    if (glpk && !glpk->damaged)
        (void)guarded(delete_work, glpk->prob);
    kv_free(glpk);
}

struct copying {
    glp_prob *from, *to;
};

static void copy_work(void *context)
{
    struct copying *copying = context;
    glp_copy_prob(copying->to, copying->from, GLP_OFF);
    glp_std_basis(copying->to);
}

kv_glpk *kv_glpk_copy(kv_glpk *glpk)
{
    kv_glpk *copy = kv_glpk_create();
    struct copying copying = {glpk->prob, copy ? copy->prob : NULL};
    if (copy && guarded(copy_work, &copying) == 0) {
        copy->cost_scale = glpk->cost_scale;
        return copy;
    }
    kv_free(copy);
    return NULL;
}

void kv_glpk_thread_end(void)
{
    glp_free_env();
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

struct addition {
    glp_prob *prob;
    double cost_scale;
    int count;
    const double *cost, *lower, *upper, *value;
    const unsigned char *integer;
    const size_t *first;
    const int *index;
    int *index1; /* room for the longest row or column, counted from 1 */
    double *value1;
};

static void add_rows_work(void *context)
{
    struct addition *a = context;
    int base = glp_add_rows(a->prob, a->count);
    for (int i = 0; i < a->count; i++)
        glp_set_row_bnds(a->prob, base + i, bound_kind(a->lower[i], a->upper[i]), a->lower[i],
                         a->upper[i]);
}

int kv_glpk_add_rows(kv_glpk *glpk, int count, const double *lower, const double *upper)
{
    struct addition a = {.prob = glpk->prob, .count = count, .lower = lower, .upper = upper};
    return count > 0 ? guarded_step(glpk, add_rows_work, &a) : 0;
}

/* Copy entries to the 1-based work arrays, leaving out zeros; returns how many. */
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
    int base = glp_add_cols(a->prob, a->count);
    for (int j = 0; j < a->count; j++) {
        int n = entries_from_one(a, a->first[j], a->first[j + 1]);
        glp_set_obj_coef(a->prob, base + j, a->cost[j] * a->cost_scale);
        if (a->integer && a->integer[j])
            glp_set_col_kind(a->prob, base + j, GLP_IV);
        glp_set_col_bnds(a->prob, base + j, bound_kind(a->lower[j], a->upper[j]), a->lower[j],
                         a->upper[j]);
        glp_set_mat_col(a->prob, base + j, n, a->index1, a->value1);
    }
}

static void add_row_work(void *context)
{
    struct addition *a = context;
    int row = glp_add_rows(a->prob, 1);
    int n = entries_from_one(a, 0, (size_t)a->count);
    glp_set_row_bnds(a->prob, row, bound_kind(*a->lower, *a->upper), *a->lower, *a->upper);
    glp_set_mat_row(a->prob, row, n, a->index1, a->value1);
}

/* Run an addition with room for `longest` entries. */
static int add_entries(kv_glpk *g, struct addition *a, size_t longest, void (*work)(void *context))
{
    int failed = -1;
    a->prob = g->prob;
    a->cost_scale = g->cost_scale;
    a->index1 = kv_alloc(longest + 1, sizeof *a->index1);
    a->value1 = kv_alloc(longest + 1, sizeof *a->value1);
    if (a->index1 && a->value1)
        failed = guarded_step(g, work, a);
    kv_free(a->index1);
    kv_free(a->value1);
    return failed;
}

int kv_glpk_add_columns(kv_glpk *glpk, int count, const double *cost, const double *lower,
                        const double *upper, const unsigned char *integer, const size_t *first,
                        const int *row, const double *value)
{
    struct addition a = {.count = count,
                         .cost = cost,
                         .lower = lower,
                         .upper = upper,
                         .value = value,
                         .integer = integer,
                         .first = first,
                         .index = row};
    size_t longest = 0;
    for (int j = 0; j < count; j++)
        if (first[j + 1] - first[j] > longest)
            longest = first[j + 1] - first[j];
    return count > 0 ? add_entries(glpk, &a, longest, add_columns_work) : 0;
}

int kv_glpk_add_row(kv_glpk *glpk, double lower, double upper, int n, const int *column,
                    const double *value)
{
    struct addition a = {
        .count = n, .lower = &lower, .upper = &upper, .value = value, .index = column};
    return add_entries(glpk, &a, (size_t)n, add_row_work);
}

struct deletion {
    glp_prob *prob;
    int count;
    int *row1; /* counted from 1 */
};

static void delete_rows_work(void *context)
{
    struct deletion *d = context;
    glp_del_rows(d->prob, d->count, d->row1);
}

int kv_glpk_delete_rows(kv_glpk *glpk, int count, const int *row)
{
    struct deletion d = {glpk->prob, count, kv_alloc((size_t)count + 1, sizeof *d.row1)};
    if (!d.row1)
        return -1;
    for (int i = 0; i < count; i++)
        d.row1[i + 1] = row[i] + 1;
    int failed = guarded_step(glpk, delete_rows_work, &d);
    kv_free(d.row1);
    return failed;
}

struct ray {
    glp_prob *prob;
    double *value1; /* counted from 1 */
    int found;
};

static void ray_work(void *context)
{
    struct ray *r = context;
    int rows = glp_get_num_rows(r->prob), k = glp_get_unbnd_ray(r->prob);
    if (k == 0 || !glp_bf_exists(r->prob))
        return;
    int place = k <= rows ? glp_get_row_bind(r->prob, k) : glp_get_col_bind(r->prob, k - rows);
    if (place == 0)
        return;
    for (int i = 1; i <= rows; i++)
        r->value1[i] = 0;
    r->value1[place] = 1;
    glp_btran(r->prob, r->value1);
    r->found = 1;
}

int kv_glpk_ray(kv_glpk *glpk, double *ray)
{
    size_t rows = (size_t)glp_get_num_rows(glpk->prob);
    struct ray r = {glpk->prob, kv_alloc(rows + 1, sizeof *r.value1), 0};
    if (!r.value1)
        return -1;
    int failed = guarded_step(glpk, ray_work, &r);
    if (r.found)
        memcpy(ray, r.value1 + 1, rows * sizeof *ray);
    kv_free(r.value1);
    return failed ? -1 : r.found;
}

int kv_glpk_row_is_basic(const kv_glpk *glpk, int row)
{
    return glp_get_row_stat(glpk->prob, row + 1) == GLP_BS;
}

void kv_glpk_basis(const kv_glpk *glpk, unsigned char *state)
{
    int rows = glp_get_num_rows(glpk->prob), columns = glp_get_num_cols(glpk->prob);
    for (int i = 0; i < rows; i++)
        state[i] = (unsigned char)glp_get_row_stat(glpk->prob, i + 1);
    for (int j = 0; j < columns; j++)
        state[rows + j] = (unsigned char)glp_get_col_stat(glpk->prob, j + 1);
}

_Static_assert(KV_LP_BASIC == GLP_BS && KV_LP_AT_LOWER == GLP_NL && KV_LP_AT_UPPER == GLP_NU,
               "a basis is told as GLPK tells it");

void kv_glpk_set_basis(kv_glpk *glpk, int rows, const unsigned char *state)
{
    int all = glp_get_num_rows(glpk->prob), columns = glp_get_num_cols(glpk->prob);
    for (int i = 0; i < all; i++)
        glp_set_row_stat(glpk->prob, i + 1, i < rows ? state[i] : GLP_BS);
    for (int j = 0; j < columns; j++)
        glp_set_col_stat(glpk->prob, j + 1, state[rows + j]);
}

void kv_glpk_column_bounds(kv_glpk *glpk, int column, double lower, double upper)
{
    glp_set_col_bnds(glpk->prob, column + 1, bound_kind(lower, upper), lower, upper);
}

void kv_glpk_row_bounds(kv_glpk *glpk, int row, double lower, double upper)
{
    glp_set_row_bnds(glpk->prob, row + 1, bound_kind(lower, upper), lower, upper);
}

void kv_glpk_cost(kv_glpk *glpk, int column, double cost)
{
    glp_set_obj_coef(glpk->prob, column + 1, cost * glpk->cost_scale);
}

int kv_glpk_rows(const kv_glpk *glpk)
{
    return glp_get_num_rows(glpk->prob);
}

int kv_glpk_columns(const kv_glpk *glpk)
{
    return glp_get_num_cols(glpk->prob);
}

int kv_glpk_entries(const kv_glpk *glpk)
{
    return glp_get_num_nz(glpk->prob);
}

int kv_glpk_iterations(const kv_glpk *glpk)
{
    return glp_get_it_cnt(glpk->prob);
}

int kv_glpk_is_integer(const kv_glpk *glpk, int column)
{
    return glp_get_col_kind(glpk->prob, column + 1) != GLP_CV;
}

double kv_glpk_lower(const kv_glpk *glpk, int column)
{
    return fmax(glp_get_col_lb(glpk->prob, column + 1), -KV_LP_NO_BOUND);
}

double kv_glpk_upper(const kv_glpk *glpk, int column)
{
    return fmin(glp_get_col_ub(glpk->prob, column + 1), KV_LP_NO_BOUND);
}

/* ---- the simplex method -------------------------------------------------------------------- */

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

int kv_glpk_scale(kv_glpk *glpk)
{
    return guarded_step(glpk, scale_work, glpk->prob);
}

void kv_glpk_scale_costs(kv_glpk *glpk)
{
    int n = glp_get_num_cols(glpk->prob), count = 0, shift;
    double sum = 0.0;
    for (int j = 1; j <= n; j++) {
        double cost = fabs(glp_get_obj_coef(glpk->prob, j));
        sum += cost > 0.0 ? log2(cost) : 0.0;
        count += cost > 0.0;
    }
    shift = count > 0 ? (int)lrint(-sum / count) : 0;
    if (abs(shift) < 4)
        return;
    for (int j = 1; j <= n; j++)
        glp_set_obj_coef(glpk->prob, j, ldexp(glp_get_obj_coef(glpk->prob, j), shift));
    glpk->cost_scale = ldexp(glpk->cost_scale, shift);
}

int kv_glpk_advanced_basis(kv_glpk *glpk)
{
    return guarded_step(glpk, advanced_basis_work, glpk->prob);
}

int kv_glpk_slack_basis(kv_glpk *glpk)
{
    return guarded_step(glpk, slack_basis_work, glpk->prob);
}

struct simplex {
    glp_prob *prob;
    glp_smcp parm;
    int code;
};

static void simplex_work(void *context)
{
    struct simplex *simplex = context;
    simplex->code = glp_simplex(simplex->prob, &simplex->parm);
}

kv_glpk_end kv_glpk_simplex(kv_glpk *glpk, int dual, int presolve, int iterations, int milliseconds)
{
    struct simplex s = {.prob = glpk->prob};
    glp_init_smcp(&s.parm);
    s.parm.msg_lev = GLP_MSG_OFF;
    s.parm.meth = dual ? GLP_DUALP : GLP_PRIMAL;
    s.parm.presolve = presolve ? GLP_ON : GLP_OFF;
    s.parm.it_lim = iterations;
    s.parm.tm_lim = milliseconds;
    if (guarded_step(glpk, simplex_work, &s) != 0)
        return KV_GLPK_FAULT;
    switch (s.code) {
    case 0: break;
    case GLP_EITLIM: return KV_GLPK_ITERATIONS;
    case GLP_ETMLIM: return KV_GLPK_STOPPED;
    case GLP_ENOPFS: return KV_GLPK_INFEASIBLE;
    default: return KV_GLPK_FAILED;
    }
    switch (glp_get_status(glpk->prob)) {
    case GLP_OPT: return KV_GLPK_OPTIMAL;
    case GLP_NOFEAS: return KV_GLPK_INFEASIBLE;
    case GLP_UNBND: return KV_GLPK_UNBOUNDED;
    default: return KV_GLPK_FAILED;
    }
}

/* ---- branch and cut ------------------------------------------------------------------------ */

struct branching {
    glp_prob *prob;
    glp_iocp parm;
    int code, first_iteration;
    double cost_scale;
    const kv_glpk_search *search;
    double bound;
    double *start1; /* the start solution, from 1; NULL once handed over */
    double
        *solution; /* [columns] of a node, with room for a row behind it; NULL = no rows to add */
    int *index1;
};

/* Ask for the rows that a node's solution breaks, and add them. */
static void add_broken(struct branching *b, glp_tree *tree)
{
    glp_prob *prob = glp_ios_get_prob(tree);
    size_t n = (size_t)glp_get_num_cols(prob);
    double lower, upper, *value1 = b->solution + n;
    const double *value;
    const int *column;
    int next = 0, count, state;
    for (size_t j = 0; j < n; j++)
        b->solution[j] = glp_get_col_prim(prob, (int)j + 1);
    while ((state = b->search->broken(b->search->context, b->solution, glp_ios_curr_node(tree),
                                      &next, &lower, &upper, &count, &column, &value)) > 0) {
        int row = glp_add_rows(prob, 1);
        for (int e = 0; e < count; e++) {
            b->index1[e + 1] = column[e] + 1;
            value1[e + 1] = value[e];
        }
        glp_set_row_bnds(prob, row, bound_kind(lower, upper), lower, upper);
        glp_set_mat_row(prob, row, count, b->index1, value1);
    }
    if (state < 0)
        glp_ios_terminate(tree);
}

static void on_event(glp_tree *tree, void *info)
{
    struct branching *b = info;
    glp_prob *prob = glp_ios_get_prob(tree);
    kv_glpk_event event = {.incumbent = KV_LP_NO_BOUND};
    int best = glp_ios_best_node(tree);
    if (glp_mip_status(prob) == GLP_FEAS)
        event.incumbent = glp_mip_obj_val(prob) / b->cost_scale;
    if (best > 0)
        b->bound =
            fmax(b->bound, fmin(glp_ios_node_bound(tree, best) / b->cost_scale, event.incumbent));
    if (glp_ios_reason(tree) == GLP_IHEUR && b->start1) {
        (void)glp_ios_heur_sol(tree, b->start1);
        kv_free(b->start1);
        b->start1 = NULL;
    }
    if (glp_ios_reason(tree) == GLP_IROWGEN && b->solution)
        add_broken(b, tree);
    glp_ios_tree_size(tree, NULL, NULL, &event.nodes);
    event.bound = b->bound;
    event.iterations = glp_get_it_cnt(prob) - b->first_iteration;
    if (b->search->event(b->search->context, &event))
        glp_ios_terminate(tree);
}

static void branch_work(void *context)
{
    struct branching *b = context;
    b->code = glp_intopt(b->prob, &b->parm);
}

/* MIR and cover cuts: GLPK's Gomory cuts can cut off good solutions where numbers differ in size. */
static void branch_parameters(struct branching *b)
{
    glp_init_iocp(&b->parm);
    b->parm.msg_lev = GLP_MSG_OFF;
    b->parm.br_tech = GLP_BR_PCH;
    b->parm.bt_tech = GLP_BT_BLB;
    b->parm.tol_int = 1e-6;
    b->parm.tol_obj = 1e-9;
    b->parm.mip_gap = b->search->gap;
    b->parm.presolve = b->search->presolve ? GLP_ON : GLP_OFF;
    b->parm.mir_cuts = b->parm.cov_cuts = b->search->cuts ? GLP_ON : GLP_OFF;
    b->parm.tm_lim = b->search->milliseconds;
    b->parm.cb_func = on_event;
    b->parm.cb_info = b;
}

kv_glpk_end kv_glpk_branch(kv_glpk *glpk, const kv_glpk_search *search)
{
    struct branching b = {.prob = glpk->prob,
                          .cost_scale = glpk->cost_scale,
                          .search = search,
                          .bound = -KV_LP_NO_BOUND};
    size_t n = (size_t)glp_get_num_cols(glpk->prob);
    b.first_iteration = glp_get_it_cnt(glpk->prob);
    branch_parameters(&b);
    if (search->start && !search->presolve)
        b.start1 = kv_alloc(n + 1, sizeof *b.start1);
    if (b.start1)
        memcpy(b.start1 + 1, search->start, n * sizeof *b.start1);
    if (search->broken) {
        b.solution = kv_alloc(2 * n + 1, sizeof *b.solution);
        b.index1 = kv_alloc(n + 1, sizeof *b.index1);
    }
    int fault = search->broken && (!b.solution || !b.index1);
    if (!fault)
        fault = guarded_step(glpk, branch_work, &b);
    kv_free(b.start1);
    kv_free(b.solution);
    kv_free(b.index1);
    if (fault)
        return KV_GLPK_FAULT;
    switch (glp_mip_status(glpk->prob)) {
    case GLP_OPT: return KV_GLPK_OPTIMAL;
    case GLP_NOFEAS: return KV_GLPK_INFEASIBLE;
    case GLP_FEAS: return b.code == GLP_EMIPGAP ? KV_GLPK_GAP : KV_GLPK_FEASIBLE;
    default: return b.code == GLP_EFAIL ? KV_GLPK_FAILED : KV_GLPK_STOPPED;
    }
}

/* ---- results ------------------------------------------------------------------------------- */

double kv_glpk_objective(const kv_glpk *glpk, int mip)
{
    return (mip ? glp_mip_obj_val(glpk->prob) : glp_get_obj_val(glpk->prob)) / glpk->cost_scale;
}

double kv_glpk_value(const kv_glpk *glpk, int column, int mip)
{
    return mip ? glp_mip_col_val(glpk->prob, column + 1) : glp_get_col_prim(glpk->prob, column + 1);
}

double kv_glpk_dual(const kv_glpk *glpk, int row)
{
    return glp_get_row_dual(glpk->prob, row + 1) / glpk->cost_scale;
}

double kv_glpk_reduced_cost(const kv_glpk *glpk, int column)
{
    return glp_get_col_dual(glpk->prob, column + 1) / glpk->cost_scale;
}
