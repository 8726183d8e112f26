/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Row i is written s_i - sum_j a_ij x_j = 0 with the slack s_i in [L_i, U_i]; the slacks are the
 * first basis. The tableau holds T with x_B + T x_N = 0. Phase 1 lowers the sum of infeasibilities
 * of the basic variables, phase 2 the cost.
 */
#include "oracle/memory.h"
#include "oracle/simplex_data.h"

#include <math.h>
#include <string.h>

#define FEASIBLE 1e-13L /* of the largest scaled bound */
#define OPTIMAL  1e-13L /* of scaled reduced costs */
#define PIVOT    1e-10L /* smallest pivot */
enum { STALL = 60, PIVOT_LIMIT = 200000, REFRESH = 50 };

typedef struct tableau {
    int m, n; /* rows; variables: columns, then slacks */
    long double *t, *reduced, *cost, *lower, *upper, *x;
    long double *row_scale, *column_scale, cost_scale;
    long double slack;   /* what counts as no violation */
    int *basis, *row_of; /* row_of[j] = -1: not basic */
    int bland;
} tableau;

oracle_lp *oracle_lp_create(void)
{
    return oracle_alloc(1, sizeof(oracle_lp));
}

void oracle_lp_free(oracle_lp *lp)
{
    if (!lp) {
        return;
    }
    kv_free(lp->row_lower);
    kv_free(lp->row_upper);
    kv_free(lp->cost);
    kv_free(lp->lower);
    kv_free(lp->upper);
    kv_free(lp->entries);
    kv_free(lp->value);
    kv_free(lp->dual);
    kv_free(lp);
}

int oracle_lp_add_column(oracle_lp *lp, double cost, double lower, double upper)
{
    size_t n = (size_t)lp->n_columns;
    oracle_room((void **)&lp->cost, &lp->column_room[0], n, sizeof(double));
    oracle_room((void **)&lp->lower, &lp->column_room[1], n, sizeof(double));
    oracle_room((void **)&lp->upper, &lp->column_room[2], n, sizeof(double));
    lp->cost[n] = cost;
    lp->lower[n] = lower;
    lp->upper[n] = upper;
    return lp->n_columns++;
}

int oracle_lp_add_row(oracle_lp *lp, double lower, double upper)
{
    size_t n = (size_t)lp->n_rows;
    oracle_room((void **)&lp->row_lower, &lp->row_room[0], n, sizeof(double));
    oracle_room((void **)&lp->row_upper, &lp->row_room[1], n, sizeof(double));
    lp->row_lower[n] = lower;
    lp->row_upper[n] = upper;
    return lp->n_rows++;
}

void oracle_lp_add_entry(oracle_lp *lp, int row, int column, double value)
{
    if (value == 0) {
        return;
    }
    oracle_room((void **)&lp->entries, &lp->entry_room, lp->n_entries, sizeof(oracle_entry));
    lp->entries[lp->n_entries++] = (oracle_entry){row, column, value};
}

void oracle_lp_set_bounds(oracle_lp *lp, int column, double lower, double upper)
{
    lp->lower[column] = lower;
    lp->upper[column] = upper;
}

double oracle_lp_upper(const oracle_lp *lp, int column)
{
    return lp->upper[column];
}
int oracle_lp_rows(const oracle_lp *lp)
{
    return lp->n_rows;
}
int oracle_lp_columns(const oracle_lp *lp)
{
    return lp->n_columns;
}
double oracle_lp_objective(const oracle_lp *lp)
{
    return lp->objective;
}
double oracle_lp_value(const oracle_lp *lp, int column)
{
    return lp->value[column];
}
double oracle_lp_dual(const oracle_lp *lp, int row)
{
    return lp->dual[row];
}
double oracle_lp_error(const oracle_lp *lp)
{
    return lp->error;
}
long oracle_lp_pivots(const oracle_lp *lp)
{
    return lp->pivots;
}

/* The power of two next to 1 / sqrt(low * high). */
static long double near_inverse(long double low, long double high)
{
    if (!(high > 0)) {
        return 1;
    }
    return ldexpl(1, -(int)lrintl(log2l(low * high) / 2));
}

static void scale_once(const oracle_lp *lp, tableau *s, int rows)
{
    int count = rows ? s->m : lp->n_columns;
    long double *low = oracle_alloc((size_t)count + 1, sizeof *low);
    long double *high = oracle_alloc((size_t)count + 1, sizeof *high);
    for (size_t e = 0; e < lp->n_entries; e++) {
        const oracle_entry *at = &lp->entries[e];
        long double size = fabsl(at->value * s->row_scale[at->row] * s->column_scale[at->column]);
        int i = rows ? at->row : at->column;
        low[i] = high[i] == 0 || size < low[i] ? size : low[i];
        high[i] = size > high[i] ? size : high[i];
    }
    for (int i = 0; i < count; i++) {
        (rows ? s->row_scale : s->column_scale)[i] *= near_inverse(low[i], high[i]);
    }
    kv_free(low);
    kv_free(high);
}

static void tableau_free(tableau *s)
{
    kv_free(s->t);
    kv_free(s->reduced);
    kv_free(s->cost);
    kv_free(s->lower);
    kv_free(s->upper);
    kv_free(s->x);
    kv_free(s->row_scale);
    kv_free(s->column_scale);
    kv_free(s->basis);
    kv_free(s->row_of);
}

/* Room for all parts, and scales. */
static void tableau_size(const oracle_lp *lp, tableau *s)
{
    memset(s, 0, sizeof *s);
    s->m = lp->n_rows;
    s->n = lp->n_columns + lp->n_rows;
    size_t m = (size_t)s->m, n = (size_t)s->n;
    s->t = oracle_alloc(m * n + 1, sizeof *s->t);
    s->reduced = oracle_alloc(n + 1, sizeof *s->reduced);
    s->cost = oracle_alloc(n + 1, sizeof *s->cost);
    s->lower = oracle_alloc(n + 1, sizeof *s->lower);
    s->upper = oracle_alloc(n + 1, sizeof *s->upper);
    s->x = oracle_alloc(n + 1, sizeof *s->x);
    s->row_scale = oracle_alloc(m + 1, sizeof *s->row_scale);
    s->column_scale = oracle_alloc(n + 1, sizeof *s->column_scale);
    s->basis = oracle_alloc(m + 1, sizeof *s->basis);
    s->row_of = oracle_alloc(n + 1, sizeof *s->row_of);
    for (int i = 0; i < s->m; i++) {
        s->row_scale[i] = 1;
    }
    for (int j = 0; j < s->n; j++) {
        s->column_scale[j] = 1;
    }
    for (int pass = 0; pass < 4; pass++) {
        scale_once(lp, s, pass % 2 == 0);
    }
}

static void tableau_fill(const oracle_lp *lp, tableau *s)
{
    int columns = lp->n_columns;
    s->cost_scale = 0;
    for (int j = 0; j < columns; j++) {
        s->cost[j] = lp->cost[j] * s->column_scale[j];
        s->lower[j] = lp->lower[j] / s->column_scale[j];
        s->upper[j] = lp->upper[j] / s->column_scale[j];
        s->cost_scale = fmaxl(s->cost_scale, fabsl(s->cost[j]));
        s->row_of[j] = -1;
        s->x[j] = isfinite(s->lower[j]) ? s->lower[j] : isfinite(s->upper[j]) ? s->upper[j] : 0;
    }
    s->cost_scale = s->cost_scale > 0 ? s->cost_scale : 1;
    for (int j = 0; j < columns; j++) {
        s->cost[j] /= s->cost_scale;
    }
    for (int i = 0; i < s->m; i++) {
        s->lower[columns + i] = lp->row_lower[i] * s->row_scale[i];
        s->upper[columns + i] = lp->row_upper[i] * s->row_scale[i];
        s->basis[i] = columns + i;
        s->row_of[columns + i] = i;
        s->t[(size_t)i * (size_t)s->n + (size_t)(columns + i)] = 1;
    }
    for (int j = 0; j < s->n; j++) {
        s->slack = isfinite(s->lower[j]) ? fmaxl(s->slack, fabsl(s->lower[j])) : s->slack;
        s->slack = isfinite(s->upper[j]) ? fmaxl(s->slack, fabsl(s->upper[j])) : s->slack;
    }
    s->slack = FEASIBLE * fmaxl(1, s->slack);
    for (size_t e = 0; e < lp->n_entries; e++) {
        const oracle_entry *at = &lp->entries[e];
        s->t[(size_t)at->row * (size_t)s->n + (size_t)at->column] -=
            at->value * s->row_scale[at->row] * s->column_scale[at->column];
    }
}

/* Values of the basic variables from the others. */
static void refresh_values(tableau *s)
{
    for (int i = 0; i < s->m; i++) {
        const long double *row = s->t + (size_t)i * (size_t)s->n;
        long double sum = 0;
        for (int j = 0; j < s->n; j++) {
            if (s->row_of[j] < 0 && row[j] != 0) {
                sum -= row[j] * s->x[j];
            }
        }
        s->x[s->basis[i]] = sum;
    }
}

/* -1 below its lower bound, 1 above its upper, 0 within. */
static int side_of(const tableau *s, int j)
{
    if (s->x[j] < s->lower[j] - s->slack) {
        return -1;
    }
    return s->x[j] > s->upper[j] + s->slack ? 1 : 0;
}

/* Fill s->reduced for the phase at hand; 1 = some basic variable is infeasible (phase 1). */
static int price(tableau *s)
{
    int infeasible = 0;
    for (int i = 0; i < s->m && !infeasible; i++) {
        infeasible = side_of(s, s->basis[i]) != 0;
    }
    for (int j = 0; j < s->n; j++) {
        s->reduced[j] = infeasible ? 0 : s->cost[j];
    }
    for (int i = 0; i < s->m; i++) {
        int b = s->basis[i];
        long double weight = infeasible ? (long double)side_of(s, b) : s->cost[b];
        if (weight == 0) {
            continue;
        }
        const long double *row = s->t + (size_t)i * (size_t)s->n;
        for (int j = 0; j < s->n; j++) {
            s->reduced[j] -= weight * row[j];
        }
    }
    return infeasible;
}

/* The entering variable and its direction; -1 = none improves. */
static int entering(const tableau *s, int *direction)
{
    int best = -1;
    long double most = 0;
    for (int j = 0; j < s->n; j++) {
        if (s->row_of[j] >= 0 || s->lower[j] == s->upper[j]) {
            continue;
        }
        long double d = s->reduced[j];
        int up = d < -OPTIMAL && s->x[j] < s->upper[j];
        int down = d > OPTIMAL && s->x[j] > s->lower[j];
        if ((up || down) && fabsl(d) > most) {
            most = fabsl(d);
            best = j;
            *direction = up ? 1 : -1;
            if (s->bland) {
                return best;
            }
        }
    }
    return best;
}

/* How far the basic variable of row i lets the entering one go; *bound where it stops. */
static long double room_of_row(const tableau *s, int i, long double rate, long double *bound)
{
    int b = s->basis[i];
    int side = side_of(s, b);
    if (side * rate > 0) {
        return INFINITY; /* further from feasibility: paid for in the reduced cost */
    }
    if (side != 0) {
        *bound = side < 0 ? s->lower[b] : s->upper[b];
    } else {
        *bound = rate > 0 ? s->upper[b] : s->lower[b];
    }
    if (!isfinite(*bound)) {
        return INFINITY;
    }
    return fmaxl(0, (*bound - s->x[b]) / rate);
}

/* The leaving row: -1 = the entering variable reaches its other bound, -2 = nothing stops it. */
static int leaving(const tableau *s, int enter, int direction, long double *step,
                   long double *leave_at)
{
    int best = -2;
    long double largest = 0;
    *step = INFINITY;
    for (int i = 0; i < s->m; i++) {
        long double coefficient = s->t[(size_t)i * (size_t)s->n + (size_t)enter];
        long double bound = 0;
        if (fabsl(coefficient) < PIVOT) {
            continue;
        }
        long double room = room_of_row(s, i, -coefficient * direction, &bound);
        if (!isfinite(room)) {
            continue;
        }
        long double same = 1e-15L * fmaxl(1, *step);
        int better = best == -2 || room < *step - same;
        if (!better && room <= *step + same) {
            better = s->bland ? s->basis[i] < s->basis[best] : fabsl(coefficient) > largest;
        }
        if (better) {
            best = i;
            largest = fabsl(coefficient);
            *step = isfinite(*step) ? fminl(*step, room) : room;
            *leave_at = bound;
        }
    }
    if (s->upper[enter] - s->lower[enter] <= *step) {
        *step = s->upper[enter] - s->lower[enter];
        return isfinite(*step) ? -1 : -2;
    }
    return best;
}

static void pivot(tableau *s, int leave, int enter)
{
    size_t n = (size_t)s->n;
    long double *row = s->t + (size_t)leave * n;
    long double inverse = 1 / row[enter];
    for (size_t j = 0; j < n; j++) {
        row[j] *= inverse;
    }
    row[enter] = 1;
    for (int i = 0; i < s->m; i++) {
        long double *other = s->t + (size_t)i * n;
        long double factor = other[enter];
        if (i == leave || factor == 0) {
            continue;
        }
        for (size_t j = 0; j < n; j++) {
            other[j] -= factor * row[j];
        }
        other[enter] = 0;
    }
    s->row_of[s->basis[leave]] = -1;
    s->basis[leave] = enter;
    s->row_of[enter] = leave;
}

/* Move the entering variable by `step` and change the basis where a row stops it. */
static void move(tableau *s, int enter, int direction, int leave, long double step,
                 long double leave_at)
{
    for (int i = 0; i < s->m; i++) {
        s->x[s->basis[i]] -= s->t[(size_t)i * (size_t)s->n + (size_t)enter] * direction * step;
    }
    s->x[enter] += direction * step;
    if (leave < 0) {
        s->x[enter] = direction > 0 ? s->upper[enter] : s->lower[enter];
        return;
    }
    s->x[s->basis[leave]] = leave_at;
    pivot(s, leave, enter);
}

static oracle_lp_state iterate(tableau *s, long *pivots)
{
    int stalled = 0;
    for (*pivots = 0; *pivots < PIVOT_LIMIT; ++*pivots) {
        int direction = 1;
        long double step = 0, leave_at = 0;
        int infeasible = price(s);
        int enter = entering(s, &direction);
        if (enter < 0) {
            return infeasible ? ORACLE_LP_INFEASIBLE : ORACLE_LP_OPTIMAL;
        }
        int leave = leaving(s, enter, direction, &step, &leave_at);
        if (leave == -2) {
            return infeasible ? ORACLE_LP_STUCK : ORACLE_LP_UNBOUNDED;
        }
        stalled = step > s->slack ? 0 : stalled + 1;
        s->bland = stalled > STALL;
        move(s, enter, direction, leave, step, leave_at);
        if (*pivots % REFRESH == REFRESH - 1) {
            refresh_values(s);
        }
    }
    return ORACLE_LP_STUCK;
}

/* Values and duals in the units given; the dual of row i is the reduced cost of its slack. */
static void take_solution(oracle_lp *lp, tableau *s)
{
    kv_free(lp->value);
    kv_free(lp->dual);
    lp->value = oracle_alloc((size_t)lp->n_columns + 1, sizeof(double));
    lp->dual = oracle_alloc((size_t)lp->n_rows + 1, sizeof(double));
    long double objective = 0;
    for (int j = 0; j < lp->n_columns; j++) {
        lp->value[j] = (double)(s->x[j] * s->column_scale[j]);
        objective += (long double)lp->cost[j] * s->x[j] * s->column_scale[j];
    }
    lp->objective = (double)objective;
    for (int i = 0; i < lp->n_rows; i++) {
        lp->dual[i] = (double)(s->reduced[lp->n_columns + i] * s->cost_scale * s->row_scale[i]);
    }
}

oracle_lp_state oracle_lp_solve(oracle_lp *lp)
{
    tableau s;
    tableau_size(lp, &s);
    tableau_fill(lp, &s);
    refresh_values(&s);
    oracle_lp_state state = iterate(&s, &lp->pivots);
    if (state == ORACLE_LP_OPTIMAL) {
        refresh_values(&s);
        take_solution(lp, &s);
        oracle_lp_check(lp);
    }
    tableau_free(&s);
    return state;
}
