/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rows and columns of a design problem, for GLPK and for export. */
#ifndef KV_FORMULATIONS_MODEL_H
#define KV_FORMULATIONS_MODEL_H

#include "formulations/problem.h"

typedef enum kv_strength {
    KV_WEAK, /* one opening row an arc, set and block: sum_k x <= (sum_k m) * sum o y, capped by resources */
    KV_STRONG /* one opening row a flow */
} kv_strength;

/* Column-major sparse model: min cost x, row_lower <= A x <= row_upper, lower <= x <= upper. */
typedef struct kv_model {
    int n_rows, n_columns;
    size_t n_entries;
    int *row_of_flow_balance; /* [n_blocks * n_balances] row, or -1 */
    int *row_of_resource;     /* [n_blocks * n_resources] row, or -1 (unlimited or unused) */
    int row_of_coupling, row_of_side; /* first rows; counts as in the problem */
    int row_of_opening, n_opening_rows;
    int *opening_of_row;      /* [n_opening_rows] index in problem->openings */
    int *flow_of_opening_row; /* [n_opening_rows] flow column, -1 for the weak form */
    int *column_of_flow;      /* [n_blocks * n_flows] column, or -1 (upper bound 0) */
    int *flow_of_column;      /* [n_columns] b * n_flows + p, or -1 for a design variable */
    int *index_of_row;        /* [n_rows] balance rows: b * n_balances + r; resource rows:
                                   * b * n_resources + r; others: position among their kind */
    int row_of_balance, row_of_resource_first; /* rows are in the order balance, resource,
                                                * coupling, side, opening */
    /* design variable j is column j: columns 0 .. n_design-1 */
    double *cost, *lower, *upper;  /* [n_columns] */
    unsigned char *integer;        /* [n_columns] */
    double *row_lower, *row_upper; /* [n_rows], +-1e30 = none */
    size_t *column_first;          /* [n_columns + 1] */
    int *row;                      /* [n_entries] */
    double *value;                 /* [n_entries] */
    double constant;
} kv_model;

/* Flow columns with upper bound 0 are left out, and rows that nothing could break. A weak opening row
 * is sum_k x <= M sum o y with M = min(sum_k m, what the resources used alike by all flows on the arc
 * can at most offer / use). Where some y of the set is continuous or some o < 1, so that this would
 * not say the same, the flows have their own rows in the weak form too. KV_OK or KV_ERR_MEMORY (also when there are more than INT_MAX rows,
 * columns or such). The caller frees *model. The problem must be one that kv_problem_check accepts. */
kv_status kv_model_create(const kv_problem *problem, kv_strength strength, kv_model **model);
void kv_model_free(kv_model *model);

/* Stable names: flow:<node>:<commodity>:<block>, resource:<resource>:<block>,
 * open:<arc>:<set>:<commodity or *>:<block>, coupling:<name>, side:<name>;
 * x:<arc>:<commodity>:<block>, y:<design>. `buffer` of `size` bytes; truncated names end in '~'. */
void kv_model_row_name(const kv_problem *problem, const kv_model *model, int row, char *buffer,
                       size_t size);
void kv_model_column_name(const kv_problem *problem, const kv_model *model, int column,
                          char *buffer, size_t size);

/* Write free MPS (".mps") or CPLEX LP (".lp"), by the ending of `path`; whole or not at all. The
 * objective is minimised, without the constant. MPS has the names above, those of 150 bytes or more
 * cut and numbered; LP, whose names may not hold ':', '/' and the like, has them with '_' instead and
 * numbered. KV_ERR_ARGUMENT with a message for another ending. */
kv_status kv_model_export(const kv_problem *problem, const kv_model *model, const char *path,
                          kv_messages *messages);

#endif
