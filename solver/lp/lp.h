/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A narrow interface to LP and MIP codes. Indices count from 0 and are checked here.
 *
 * Threads: an LP belongs to the thread that created it; all other functions must be called from
 * that thread (elsewhere they fail: KV_ERR_ARGUMENT, KV_LP_FAILED, 0). A thread that used LPs and
 * has freed them calls kv_lp_thread_end before it ends.
 */
#ifndef KV_SOLVER_LP_LP_H
#define KV_SOLVER_LP_LP_H

#include "base/status.h"

#include <stddef.h>

typedef struct kv_lp kv_lp;

typedef enum kv_lp_state {
    KV_LP_UNSOLVED,
    KV_LP_OPTIMAL,
    KV_LP_FEASIBLE,
    KV_LP_INFEASIBLE,
    KV_LP_UNBOUNDED,
    KV_LP_LIMIT,
    KV_LP_FAILED
} kv_lp_state;

kv_lp *kv_lp_create(
    void); /* minimise; NULL when out of memory. One thread at a time may use an LP. */
void kv_lp_free(kv_lp *lp);
/* Give back what the LP code keeps for the calling thread; all LPs of this thread must be freed. */
void kv_lp_thread_end(void);

/* Rows and columns are appended; +-1e30 = no bound. Returns KV_OK, KV_ERR_MEMORY or KV_ERR_ARGUMENT
 * (bad index, the same row twice in a column, not finite, lower above upper); nothing is changed
 * then. KV_ERR_NUMERIC when the LP broke down in an earlier call. */
kv_status kv_lp_add_rows(kv_lp *lp, int count, const double *lower, const double *upper);
kv_status kv_lp_add_columns(kv_lp *lp, int count, const double *cost, const double *lower,
                            const double *upper, const unsigned char *integer /* NULL = none */,
                            const size_t *first /* [count+1] */, const int *row,
                            const double *value);
/* A row with its entries over existing columns. */
kv_status kv_lp_add_row(kv_lp *lp, double lower, double upper, int n, const int *column,
                        const double *value);
/* Take rows out; those behind them move up. row [count] in increasing order. Rows whose slack is
 * basic leave an optimal basis optimal. */
kv_status kv_lp_delete_rows(kv_lp *lp, int count, const int *row);
kv_status kv_lp_set_column_bounds(kv_lp *lp, int column, double lower, double upper);
kv_status kv_lp_set_row_bounds(kv_lp *lp, int row, double lower, double upper);
kv_status kv_lp_set_cost(kv_lp *lp, int column, double cost);
int kv_lp_rows(const kv_lp *lp);
int kv_lp_columns(const kv_lp *lp);

typedef struct kv_lp_row { /* lower <= sum of value[i] * column[i] <= upper, i < n */
    double lower, upper;
    int n;
    const int *column;
    const double *value;
} kv_lp_row;

typedef struct kv_lp_limits {
    double seconds;  /* 1e30 = none */
    long iterations; /* simplex iterations; 0 = none */
    double gap;      /* relative MIP gap */
    long nodes;      /* MIP nodes; 0 = none */
    int presolve;    /* let the code reduce the model first: cannot be stopped nor continued warm */
    int dual;        /* 1 = dual simplex first */
    int scale;       /* 1 = scale the rows and columns once */
    int finish;      /* 1 = do not look at kv_stop_requested: for a short last step */
    const double *start; /* MIP: [columns] a feasible integer solution to start from, or NULL */
    /* called now and then during a MIP: bound and incumbent (1e30 = none); nonzero = stop. It may
     * ask for kv_lp_iterations of this LP, nothing else of it. */
    int (*progress)(void *context, double bound, double incumbent, long nodes);
    void *context;
    /* MIP: rows that integer solutions must keep although the LP does not hold them. Called with the
     * LP solution [columns] of each node (numbered from 1) until it returns 0; 1 = *row is one to add
     * for this node and those below. *next is 0 at first and the caller's own. Called without a
     * solution (NULL, node 0) when a search begins, perhaps anew. Not with presolve. */
    int (*broken)(void *context, const double *solution, int node, int *next, kv_lp_row *row);
    void *broken_context;
} kv_lp_limits;

void kv_lp_limits_default(kv_lp_limits *limits);

/* Solve the LP relaxation from the last basis; also stops on kv_stop_requested(). KV_LP_LIMIT =
 * stopped: values and duals are those of the last basis. The path does not depend on the clock. */
kv_lp_state kv_lp_solve(kv_lp *lp, const kv_lp_limits *limits);
/* Solve with the integers; *bound the best bound (-1e30 = none). KV_LP_OPTIMAL = solved to the gap
 * asked for; KV_LP_FEASIBLE = stopped with a solution; KV_LP_LIMIT = without. */
kv_lp_state kv_lp_solve_mip(kv_lp *lp, const kv_lp_limits *limits, double *bound);
/* Where a row or column is, in a basis: among those that solve the equations, or at a bound. */
enum { KV_LP_BASIC = 1, KV_LP_AT_LOWER = 2, KV_LP_AT_UPPER = 3 };
/* The basis that the next solve starts from: a byte a row, then a byte a column. state [rows +
 * columns]; one that is given need not tell lower and upper bounds apart where there is one only. Setting one from when there were fewer rows takes the rows since as basic. */
void kv_lp_basis(const kv_lp *lp, unsigned char *state);
kv_status kv_lp_set_basis(kv_lp *lp, int rows, const unsigned char *state);
int kv_lp_row_is_basic(const kv_lp *lp, int row); /* 1 = its slack is */
/* After KV_LP_INFEASIBLE by the dual simplex: multipliers of the rows [rows] (of either sign) along
 * which the dual has no end. 0 when there are none at hand. */
int kv_lp_ray(kv_lp *lp, double *ray);
/* Let kv_lp_dual give these [rows] instead of the solve's; NULL = the solve's again. */
void kv_lp_show_duals(kv_lp *lp, const double *dual);
/* After a solve: objective, column values, row duals (d objective / d row), reduced costs. LP only
 * for duals. Iterations and nodes are those of the last solve. 0 for an index out of range. */
double kv_lp_objective(const kv_lp *lp);
double kv_lp_value(const kv_lp *lp, int column);
double kv_lp_dual(const kv_lp *lp, int row);
double kv_lp_reduced_cost(const kv_lp *lp, int column);
long kv_lp_iterations(const kv_lp *lp);
long kv_lp_nodes(const kv_lp *lp);

#endif
