/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/screen.h"

#include "base/memory.h"
#include "base/sum.h"
#include "solver/decomposition/side_model.h"

#include <math.h>
#include <string.h>

/* Of a row's largest coefficient: missing it by this much costs as much as the level is away. */
static const double least_miss = 1e-3;
static const double margin =
    1e-9; /* above the level, so that the proof holds in exact arithmetic */
static const double none = 1e30;

enum { SIMPLEX_ITERATIONS = 2000 };

struct kv_screen {
    const kv_group_rows *groups;
    kv_lp *lp;             /* designs, then what rows are missed by; a row a side row that counts */
    int n_rows;            /* of the LP */
    int *row;              /* [n_rows] side row, those of groups behind the others */
    int *slack;            /* [n_rows + 1] first column for what each row is missed by */
    double *lower;         /* [n_design] boxes of the LP */
    double *upper;         /* [n_design] */
    double *within;        /* [2 n_design] room: boxes narrowed */
    double *rate;          /* [side rows, with those of groups] */
    kv_sum *cost;          /* [n_design] room */
    unsigned char *chosen; /* [n_groups] rows of groups that are held in the LP */
    const kv_bound_terms *terms;
    double level;
};

/* ---- the LP -------------------------------------------------------------------------------- */

static int is_equation(const kv_screen *s, int i)
{
    return s->groups->problem.side.sense[s->row[i]] == 'E';
}

static void choose_rows(kv_screen *s)
{
    const kv_rows *rows = &s->groups->problem.side;
    for (int i = 0; i < rows->count; i++)
        if (i >= s->groups->n_base || !s->groups->drop[i])
            s->row[s->n_rows++] = i;
    s->slack[0] = s->groups->problem.n_design;
    for (int i = 0; i < s->n_rows; i++)
        s->slack[i + 1] = s->slack[i] + 1 + is_equation(s, i);
}

/* A column for what each row is missed by, and of equations another for the other side. */
static kv_status add_slacks(kv_screen *s)
{
    size_t n = (size_t)(s->slack[s->n_rows] - s->slack[0]);
    double *zero = kv_alloc(n, sizeof *zero), *most = kv_alloc(n, sizeof *most),
           *value = kv_alloc(n, sizeof *value);
    size_t *first = kv_alloc(n + 1, sizeof *first);
    int *row = kv_alloc(n, sizeof *row);
    kv_status status = zero && most && value && first && row ? KV_OK : KV_ERR_MEMORY;
    for (int i = 0; i < s->n_rows && status == KV_OK; i++)
        for (int c = s->slack[i]; c < s->slack[i + 1]; c++) {
            int at = c - s->slack[0];
            most[at] = none;
            row[at] = i;
            value[at] = c == s->slack[i] ? -1 : 1;
            first[at + 1] = (size_t)at + 1;
        }
    if (status == KV_OK)
        status = kv_lp_add_columns(s->lp, (int)n, zero, zero, most, NULL, first, row, value);
    kv_free(zero);
    kv_free(most);
    kv_free(value);
    kv_free(first);
    kv_free(row);
    return status;
}

/* All rows that count, those of groups held by none yet. */
static kv_status make_lp(kv_screen *s)
{
    const kv_group_rows *g = s->groups;
    const kv_problem *p = &g->problem;
    unsigned char *drop = kv_alloc((size_t)p->side.count, 1);
    double *zero = kv_alloc((size_t)p->n_design, sizeof *zero);
    kv_status status = drop && zero ? KV_OK : KV_ERR_MEMORY;
    for (int i = 0; i < g->n_base && status == KV_OK; i++)
        drop[i] = g->drop[i];
    if (status == KV_OK)
        status = kv_side_model(p, zero, s->lower, s->upper, drop, &s->lp);
    if (status == KV_OK)
        status = add_slacks(s);
    for (int i = 0; i < s->n_rows && status == KV_OK; i++)
        if (s->row[i] >= g->n_base)
            status = kv_lp_set_row_bounds(s->lp, i, -none, none);
    kv_free(drop);
    kv_free(zero);
    return status;
}

kv_status kv_screen_create(const kv_group_rows *groups, kv_screen **screen)
{
    const kv_problem *p = &groups->problem;
    size_t n = (size_t)p->n_design, rows = (size_t)p->side.count;
    kv_screen *s = *screen = kv_alloc(1, sizeof *s);
    if (!s)
        return KV_ERR_MEMORY;
    s->groups = groups;
    s->row = kv_alloc(rows, sizeof *s->row);
    s->slack = kv_alloc(rows + 1, sizeof *s->slack);
    s->lower = kv_alloc(n, sizeof *s->lower);
    s->upper = kv_alloc(n, sizeof *s->upper);
    s->within = kv_alloc(2 * n, sizeof *s->within);
    s->rate = kv_alloc(rows, sizeof *s->rate);
    s->cost = kv_alloc(n, sizeof *s->cost);
    s->chosen = kv_alloc((size_t)groups->n_groups, 1);
    kv_status status = KV_ERR_MEMORY;
    if (s->row && s->slack && s->lower && s->upper && s->within && s->rate && s->cost &&
        s->chosen) {
        memcpy(s->lower, p->design_lower, n * sizeof *s->lower);
        memcpy(s->upper, p->design_upper, n * sizeof *s->upper);
        choose_rows(s);
        status = make_lp(s);
    }
    if (status == KV_OK)
        return KV_OK;
    kv_screen_free(s);
    *screen = NULL;
    return status;
}

void kv_screen_free(kv_screen *s)
{
    if (!s)
        return;
    kv_lp_free(s->lp);
    void *arrays[] = {s->row, s->slack, s->lower, s->upper, s->within, s->rate, s->cost, s->chosen};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(s);
}

/* ---- what is asked about ------------------------------------------------------------------- */

static double largest_of(const kv_rows *rows, int r)
{
    double most = 0;
    for (int e = rows->design_first[r]; e < rows->design_first[r + 1]; e++)
        most = fmax(most, fabs(rows->design_value[e]));
    return most;
}

kv_status kv_screen_begin(kv_screen *screen, const kv_bound_terms *terms, double bound,
                          double level)
{
    kv_screen *s = screen;
    const kv_problem *p = &s->groups->problem;
    kv_status status = KV_OK;
    s->terms = terms;
    s->level = level + margin * fabs(level);
    for (int j = 0; j < p->n_design && status == KV_OK; j++)
        status = kv_lp_set_cost(s->lp, j, terms->design[j]);
    for (int i = 0; i < s->n_rows; i++) {
        double size = largest_of(&p->side, s->row[i]);
        double price = size > 0 ? fmax(level - bound, margin) / (least_miss * size) : 0;
        for (int c = s->slack[i]; c < s->slack[i + 1] && status == KV_OK; c++)
            status = kv_lp_set_cost(s->lp, c, price);
    }
    return status;
}

static kv_status set_box(kv_screen *s, int j, double lower, double upper)
{
    if (s->lower[j] == lower && s->upper[j] == upper)
        return KV_OK;
    s->lower[j] = lower;
    s->upper[j] = upper;
    return kv_lp_set_column_bounds(s->lp, j, lower, upper);
}

static kv_status hold_group(kv_screen *s, int group, int held)
{
    if (s->chosen[group] == held)
        return KV_OK;
    s->chosen[group] = (unsigned char)held;
    int behind = s->groups->problem.side.count - (s->groups->n_base + group);
    return kv_lp_set_row_bounds(s->lp, s->n_rows - behind, -none, held ? -1.0 : none);
}

kv_status kv_screen_set(kv_screen *screen, const double *lower, const double *upper,
                        const unsigned char *chosen)
{
    kv_screen *s = screen;
    kv_status status = KV_OK;
    for (int j = 0; j < s->groups->problem.n_design && status == KV_OK; j++)
        status = set_box(s, j, lower[j], upper[j]);
    for (int g = 0; g < s->groups->n_groups && status == KV_OK; g++)
        status = hold_group(s, g, chosen[g]);
    return status;
}

/* ---- the answer ---------------------------------------------------------------------------- */

/* The multipliers of the LP's last basis; 0 of rows that are not held. */
static void take_rates(kv_screen *s)
{
    memset(s->rate, 0, (size_t)s->groups->problem.side.count * sizeof *s->rate);
    for (int i = 0; i < s->n_rows; i++) {
        int group = s->row[i] - s->groups->n_base;
        double value = -kv_lp_dual(s->lp, i);
        int usable =
            isfinite(value) && (is_equation(s, i) || value > 0) && (group < 0 || s->chosen[group]);
        s->rate[s->row[i]] = usable ? value : 0;
    }
}

/* The bound that they prove within the LP's boxes. */
static double prove(kv_screen *s)
{
    const kv_problem *p = &s->groups->problem;
    const kv_rows *rows = &p->side;
    kv_sum bound = {0};
    memset(s->cost, 0, (size_t)p->n_design * sizeof *s->cost);
    kv_sum_add(&bound, s->terms->constant);
    for (int j = 0; j < p->n_design; j++)
        kv_sum_add(&s->cost[j], s->terms->design[j]);
    for (int r = 0; r < rows->count; r++) {
        kv_sum_add(&bound, -s->rate[r] * rows->rhs[r]);
        for (int e = rows->design_first[r]; s->rate[r] != 0 && e < rows->design_first[r + 1]; e++)
            kv_sum_add(&s->cost[rows->design[e]], s->rate[r] * rows->design_value[e]);
    }
    for (int j = 0; j < p->n_design; j++) {
        double cost = kv_sum_total(&s->cost[j]);
        if (cost != 0)
            kv_sum_add(&bound, cost * (cost > 0 ? s->lower[j] : s->upper[j]));
    }
    return kv_sum_total(&bound);
}

/* The LP at hand: whether all plans in it cost at least the level. */
static kv_status answer(kv_screen *s, int *closed, double **rate)
{
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    limits.iterations = SIMPLEX_ITERATIONS;
    limits.dual = 1;
    limits.finish = 1;
    kv_lp_state state = kv_lp_solve(s->lp, &limits);
    if (state != KV_LP_OPTIMAL && state != KV_LP_LIMIT)
        return KV_OK;
    take_rates(s);
    if (!(prove(s) >= s->level))
        return KV_OK;
    size_t n = (size_t)s->groups->problem.side.count;
    *rate = kv_alloc(n, sizeof **rate);
    if (!*rate)
        return KV_ERR_MEMORY;
    memcpy(*rate, s->rate, n * sizeof **rate);
    *closed = 1;
    return KV_OK;
}

/* The boxes of the branch's designs, as they are now and narrowed. 1 = one of them is empty. */
static int narrow(kv_screen *s, const kv_branch *branch, double *lower, double *upper)
{
    size_t size = (size_t)s->groups->problem.n_design * sizeof(double);
    memcpy(lower, s->lower, size);
    memcpy(upper, s->upper, size);
    kv_branch_tighten(&s->groups->problem, branch, lower, upper);
    for (int i = 0; i < branch->count; i++)
        if (lower[branch->design[i]] > upper[branch->design[i]])
            return 1;
    return 0;
}

static kv_status apply(kv_screen *s, const kv_branch *branch, const double *lower,
                       const double *upper, double *old)
{
    kv_status status = KV_OK;
    for (int i = 0; i < branch->count && status == KV_OK; i++) {
        int j = branch->design[i];
        old[2 * i] = s->lower[j];
        old[2 * i + 1] = s->upper[j];
        status = set_box(s, j, lower[j], upper[j]);
    }
    return status;
}

static kv_status undo(kv_screen *s, const kv_branch *branch, const double *old)
{
    kv_status status = KV_OK;
    for (int i = 0; i < branch->count && status == KV_OK; i++)
        status = set_box(s, branch->design[i], old[2 * i], old[2 * i + 1]);
    return status;
}

kv_status kv_screen_ask(kv_screen *screen, const kv_branch *branch, int held, int *closed,
                        double **rate)
{
    kv_screen *s = screen;
    size_t n = (size_t)s->groups->problem.n_design;
    *closed = 0;
    *rate = NULL;
    if (!branch)
        return answer(s, closed, rate);
    if (narrow(s, branch, s->within, s->within + n))
        return KV_OK;
    double *old = kv_alloc(2 * (size_t)branch->count, sizeof *old);
    int was = held >= 0 && s->chosen[held];
    kv_status status = old ? apply(s, branch, s->within, s->within + n, old) : KV_ERR_MEMORY,
              after = KV_OK;
    if (status == KV_OK && held >= 0)
        status = hold_group(s, held, 1);
    if (status == KV_OK)
        status = answer(s, closed, rate);
    if (old)
        after = undo(s, branch, old);
    if (after == KV_OK && held >= 0)
        after = hold_group(s, held, was);
    kv_free(old);
    return status == KV_OK ? after : status;
}
