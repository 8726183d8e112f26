/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A slow and simple linear programme solver for tests: dense tableau, long double, two phases,
 * bounded variables, Bland's rule when it stalls.
 *
 *   min  c'x   s.t.  L <= A x <= U,  l <= x <= u        (+-INFINITY = no bound)
 *
 * Every solution is checked against the given data: `error` holds the largest relative violation
 * of primal and dual feasibility and of equal objectives, so a caller can refuse a bad one.
 */
#ifndef ORACLE_SIMPLEX_H
#define ORACLE_SIMPLEX_H

typedef struct oracle_lp oracle_lp;

typedef enum oracle_lp_state {
    ORACLE_LP_OPTIMAL,
    ORACLE_LP_INFEASIBLE,
    ORACLE_LP_UNBOUNDED,
    ORACLE_LP_STUCK
} oracle_lp_state;

oracle_lp *oracle_lp_create(void); /* ends the process when out of memory, as all here */
void oracle_lp_free(oracle_lp *lp);

/* Both give the index of what was added, from 0. */
int oracle_lp_add_column(oracle_lp *lp, double cost, double lower, double upper);
int oracle_lp_add_row(oracle_lp *lp, double lower, double upper);
/* Adds `value` to the coefficient of (row, column). */
void oracle_lp_add_entry(oracle_lp *lp, int row, int column, double value);
void oracle_lp_set_bounds(oracle_lp *lp, int column, double lower, double upper);

double oracle_lp_upper(const oracle_lp *lp, int column);
int oracle_lp_rows(const oracle_lp *lp);
int oracle_lp_columns(const oracle_lp *lp);

/* Solve from scratch. */
oracle_lp_state oracle_lp_solve(oracle_lp *lp);
/* After ORACLE_LP_OPTIMAL. */
double oracle_lp_objective(const oracle_lp *lp);
double oracle_lp_value(const oracle_lp *lp, int column);
double oracle_lp_dual(const oracle_lp *lp,
                      int row); /* d objective / d side of the row that binds */
double oracle_lp_error(const oracle_lp *lp);
long oracle_lp_pivots(const oracle_lp *lp);

#endif
