/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sifting. Column x of arc a is worth waking when its reduced cost r is negative, unless an opening
 * set of the arc whose designs stand at 0 can pay for it: the multiplier beta = -r of its row takes
 * beta m o from the reduced cost of each design of the set, which must not become negative.
 */
#include "solver/preprocess/root.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const double gain_least = 1e-10; /* -r m that counts, as share of the LP's value */
static const double at_zero = 1e-9;

typedef struct sifter {
    kv_whole_model *whole;
    double *need;   /* [n_columns] -r of sleeping columns that would gain, else 0 */
    double *afford; /* [n_design] reduced cost that is left; 0 where the design is not at 0 */
} sifter;

static void find_needs(sifter *s)
{
    const kv_whole_model *w = s->whole;
    double least = gain_least * fmax(fabs(kv_lp_objective(w->lp)), 1e-6);
    for (int j = 0; j < w->model->n_columns; j++) {
        double r = kv_lp_reduced_cost(w->lp, j);
        if (w->model->flow_of_column[j] < 0) {
            int closed = w->upper[j] <= 0.0, at = kv_lp_value(w->lp, j) <= at_zero;
            s->afford[j] = closed ? HUGE_VAL : at && w->lower[j] <= 0.0 ? fmax(r, 0.0) : 0.0;
        } else if (w->asleep[j]) {
            double m = w->problem->flow_upper[w->model->flow_of_column[j]];
            s->need[j] = -r * m > least ? -r : 0.0;
        }
    }
    for (int i = 0; i < w->model->n_opening_rows; i++)
        w->spare[i] = 0.0;
}

/* Let the opening set of rows first .. end-1 pay for all of its columns, if it can. */
static void pay(sifter *s, int first, int end)
{
    kv_whole_model *w = s->whole;
    const kv_problem *p = w->problem;
    const kv_opening *o = &p->openings[w->model->opening_of_row[first]];
    double sum = 0.0;
    for (int i = first; i < end; i++)
        if (w->held[i] < 0)
            sum += s->need[w->model->column_of_flow[kv_whole_model_flow(w, i)]] *
                   p->flow_upper[kv_whole_model_flow(w, i)];
    if (sum == 0.0)
        return;
    for (int e = o->first; e < o->first + o->count; e++)
        if (sum * p->opening_coefficient[e] > s->afford[p->opening_design[e]])
            return;
    for (int e = o->first; e < o->first + o->count; e++)
        s->afford[p->opening_design[e]] -= sum * p->opening_coefficient[e];
    for (int i = first; i < end; i++) {
        int column = w->model->column_of_flow[kv_whole_model_flow(w, i)];
        if (w->held[i] >= 0)
            continue;
        w->spare[i] = s->need[column];
        s->need[column] = 0.0;
    }
}

/* Wake what would gain, with its rows. Returns how many, or -1 when the LP refuses. */
static int wake_gaining(sifter *s)
{
    kv_whole_model *w = s->whole;
    const kv_model *m = w->model;
    int woken = 0;
    find_needs(s);
    for (int i = 0, end; i < m->n_opening_rows; i = end) {
        for (end = i; end < m->n_opening_rows && m->opening_of_row[end] == m->opening_of_row[i];)
            end++;
        pay(s, i, end);
    }
    for (int i = 0; i < m->n_opening_rows; i++)
        if (s->need[m->column_of_flow[kv_whole_model_flow(w, i)]] > 0.0 &&
            kv_whole_model_hold(w, i) != KV_OK)
            return -1;
    for (int j = 0; j < m->n_columns; j++) {
        if (s->need[j] <= 0.0)
            continue;
        kv_whole_model_sleep(w, j, 0);
        s->need[j] = 0.0;
        woken++;
    }
    return woken;
}

int kv_root_wake(kv_whole_model *whole)
{
    int woken = 0;
    for (int j = 0; j < whole->model->n_columns; j++) {
        woken += whole->asleep[j];
        kv_whole_model_sleep(whole, j, 0);
    }
    return woken;
}

kv_lp_state kv_root_solve_fixed(kv_whole_model *whole, const double *design,
                                const kv_lp_limits *limits, long *work)
{
    size_t n = (size_t)whole->model->n_columns;
    unsigned char *asleep = kv_alloc(n, 1);
    if (!asleep)
        return KV_LP_FAILED;
    memcpy(asleep, whole->asleep, n);
    (void)kv_root_wake(whole);
    kv_lp_state state = kv_whole_model_solve_fixed(whole, design, limits, work);
    for (int j = 0; j < whole->model->n_columns; j++)
        if (asleep[j] && !(state == KV_LP_OPTIMAL && kv_lp_value(whole->lp, j) > at_zero))
            kv_whole_model_sleep(whole, j, 1);
    kv_free(asleep);
    return state;
}

static kv_lp_state sift(sifter *s, const kv_lp_limits *limits, long *work)
{
    kv_lp_limits left = *limits;
    long start = *work;
    for (;;) {
        kv_lp_state state = kv_whole_model_relax(s->whole, &left, work);
        int woken = state == KV_LP_OPTIMAL      ? wake_gaining(s)
                    : state == KV_LP_INFEASIBLE ? kv_root_wake(s->whole)
                                                : 0;
        if (woken < 0)
            return KV_LP_FAILED;
        if (woken == 0)
            return state;
        if (limits->iterations > 0) {
            left.iterations = limits->iterations - (*work - start);
            if (left.iterations <= 0)
                return KV_LP_LIMIT;
        }
        left.dual = 0;
    }
}

kv_lp_state kv_root_solve(kv_whole_model *whole, const kv_lp_limits *limits, long *work,
                          kv_status *status)
{
    sifter s = {.whole = whole,
                .need = kv_alloc((size_t)whole->model->n_columns, sizeof *s.need),
                .afford = kv_alloc((size_t)whole->problem->n_design, sizeof *s.afford)};
    kv_lp_state state = KV_LP_FAILED;
    *status = s.need && s.afford ? KV_OK : KV_ERR_MEMORY;
    if (*status == KV_OK)
        state = sift(&s, limits, work);
    kv_free(s.need);
    kv_free(s.afford);
    return state;
}
