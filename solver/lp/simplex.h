/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GLPK 5.0 behind functions that never end the process: where GLPK would, they return
 * KV_GLPK_FAULT (-1 where they return an int), and the object is good for kv_glpk_copy and
 * kv_glpk_free only. Indices count from 0 and must be right; all is for the thread that created the
 * object. Private to solver/lp.
 */
#ifndef KV_SOLVER_LP_SIMPLEX_H
#define KV_SOLVER_LP_SIMPLEX_H

#include <stddef.h>

typedef struct kv_glpk kv_glpk;

typedef enum kv_glpk_end { /* why a solve ended */
                           KV_GLPK_OPTIMAL,
                           KV_GLPK_FEASIBLE, /* a search that was stopped with a solution */
                           KV_GLPK_INFEASIBLE,
                           KV_GLPK_UNBOUNDED,
                           KV_GLPK_GAP,        /* a search that reached its gap */
                           KV_GLPK_ITERATIONS, /* the iteration limit */
                           KV_GLPK_STOPPED, /* the time limit or the caller, without a solution in a search */
                           KV_GLPK_FAILED,
                           KV_GLPK_FAULT
} kv_glpk_end;

kv_glpk *kv_glpk_create(void); /* NULL when out of memory */
void kv_glpk_free(kv_glpk *glpk);
/* A new object with the rows and columns of this one and no basis; NULL when that fails. */
kv_glpk *kv_glpk_copy(kv_glpk *glpk);
void kv_glpk_thread_end(void);

/* Columns in the form of kv_lp_add_columns, one row in the form of kv_lp_add_row. */
int kv_glpk_add_rows(kv_glpk *glpk, int count, const double *lower, const double *upper);
int kv_glpk_add_columns(kv_glpk *glpk, int count, const double *cost, const double *lower,
                        const double *upper, const unsigned char *integer, const size_t *first,
                        const int *row, const double *value);
int kv_glpk_add_row(kv_glpk *glpk, double lower, double upper, int n, const int *column,
                    const double *value);
int kv_glpk_delete_rows(kv_glpk *glpk, int count, const int *row);
void kv_glpk_basis(const kv_glpk *glpk, unsigned char *state);
void kv_glpk_set_basis(kv_glpk *glpk, int rows, const unsigned char *state);
/* 1 = the row of the inverse that shows infeasibility is in ray [rows]; 0 = there is none; -1 = fault. */
int kv_glpk_ray(kv_glpk *glpk, double *ray);
int kv_glpk_row_is_basic(const kv_glpk *glpk, int row);
void kv_glpk_column_bounds(kv_glpk *glpk, int column, double lower, double upper);
void kv_glpk_row_bounds(kv_glpk *glpk, int row, double lower, double upper);
void kv_glpk_cost(kv_glpk *glpk, int column, double cost);

int kv_glpk_rows(const kv_glpk *glpk);
int kv_glpk_columns(const kv_glpk *glpk);
int kv_glpk_entries(const kv_glpk *glpk);
int kv_glpk_iterations(const kv_glpk *glpk); /* of all solves */
int kv_glpk_is_integer(const kv_glpk *glpk, int column);
double kv_glpk_lower(const kv_glpk *glpk, int column); /* -1e30 = none */
double kv_glpk_upper(const kv_glpk *glpk, int column); /* 1e30 = none */

int kv_glpk_scale(kv_glpk *glpk); /* rows and columns */
/* Choose the factor on the costs anew; a change of less than 16 times is not made. */
void kv_glpk_scale_costs(kv_glpk *glpk);
int kv_glpk_advanced_basis(kv_glpk *glpk);
int kv_glpk_slack_basis(kv_glpk *glpk);

/* The simplex method from the last basis. */
kv_glpk_end kv_glpk_simplex(kv_glpk *glpk, int dual, int presolve, int iterations,
                            int milliseconds);

/* What a search tells as it goes; nonzero = stop. bound -1e30, incumbent 1e30 = none. */
typedef struct kv_glpk_event {
    double bound, incumbent;
    int nodes, iterations; /* iterations of this search */
} kv_glpk_event;

typedef struct kv_glpk_search {
    double gap;
    int presolve, cuts, milliseconds;
    const double *start; /* [columns] or NULL; not used with presolve */
    int (*event)(void *context, const kv_glpk_event *event);
    /* Rows to add for a node, as kv_lp_limits has it, or NULL. Returns 1 with a row of n <= columns
     * entries, 0 without, -1 to stop. */
    int (*broken)(void *context, const double *solution, int node, int *next, double *lower,
                  double *upper, int *n, const int **column, const double **value);
    void *context;
} kv_glpk_search;

/* Branch and cut, from an optimal basis unless presolve is on. */
kv_glpk_end kv_glpk_branch(kv_glpk *glpk, const kv_glpk_search *search);

double kv_glpk_objective(const kv_glpk *glpk, int mip);
double kv_glpk_value(const kv_glpk *glpk, int column, int mip);
double kv_glpk_dual(const kv_glpk *glpk, int row);
double kv_glpk_reduced_cost(const kv_glpk *glpk, int column);

#endif
