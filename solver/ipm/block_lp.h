/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The LP relaxation of a design problem in the shape that the interior point uses: for each block
 * groups of flow columns (one a commodity) whose flow rows touch no other group, linking rows
 * (resources, chosen opening rows, coupling rows within the block) and, across blocks, design
 * variables y and global rows (side rows, coupling rows over several blocks).
 *
 *   min  c x + f y                       0 <= x <= u,  0 <= y <= v  (y shifted by its lower bound)
 *   flow      B_kb x_kb          = d      one row a component and commodity left out (rank)
 *   linking   L_b x_b + T_b y (+ s) = h   s >= 0 for <=, absent for =
 *   global    Q x + G y       (+ s) = g
 *
 * All is scaled: x by a factor a group, y by a factor a variable, linking and global rows by a
 * factor a row, the objective by one factor, so that entries are of the order of 1 and flow rows
 * keep their +-1.
 */
#ifndef KV_SOLVER_IPM_BLOCK_LP_H
#define KV_SOLVER_IPM_BLOCK_LP_H

#include "formulations/problem.h"
#include "solver/engine.h"

/* An opening row that the LP holds. */
typedef struct kv_opening_row {
    int opening; /* index in problem->openings */
    int flow;    /* flow column on its arc */
} kv_opening_row;

typedef struct kv_lp_options {
    const double *lower, *upper;    /* [n_design] boxes, NULL = the problem's. Flows are closed by
                                       these boxes, but bounded by the problem's: so multipliers
                                       found with fixed designs stay good cuts for others */
    const unsigned char *drop_side; /* [side.count] 1 = leave the side row out; NULL = none */
    const kv_opening_row *openings; /* opening rows to hold */
    int n_openings;
    const unsigned char *columns; /* [n_blocks * n_flows] 1 = the LP holds the flow; NULL = all */
} kv_lp_options;

typedef enum kv_link_kind { KV_LINK_RESOURCE, KV_LINK_OPENING, KV_LINK_COUPLING } kv_link_kind;

typedef struct kv_block {
    int n_columns, n_groups, n_rows, n_linking; /* n_rows: flow rows of all groups */
    int *flow;                                  /* [n_columns] flow column of the problem */
    double *cost, *upper;                       /* [n_columns] scaled */
    int *tail, *head;                           /* [n_columns] flow row in the block, -1 = none */
    int *group_first;                           /* [n_groups + 1] columns */
    int *group_row;                             /* [n_groups + 1] flow rows */
    double *group_scale;                        /* [n_groups] x = scale * x' */
    int *row_balance;                           /* [n_rows] balance row of the problem */
    double *rhs;                                /* [n_rows] */
    int *
        entry_first; /* [n_columns + 1] entries in linking rows and, from n_linking on, in global rows with flows */
    int *entry_row;
    double *entry;
    /* linking rows; opening rows, each over one column, come last */
    int n_dense; /* linking rows that are not opening rows */
    int *kind,
        *index; /* [n_linking] kv_link_kind; resource, position in options->openings, coupling row */
    unsigned char *equality; /* [n_linking] */
    double *linking_rhs, *linking_scale;
    int *y_first, *y_index; /* [n_linking + 1] entries over y */
    double *y_value;
} kv_block;

typedef struct kv_block_lp {
    const kv_problem *problem;
    int n_blocks, n_y, n_global, n_global_flow; /* the first n_global_flow global rows hold flows */
    kv_block *block;
    int *y_design;                      /* [n_y] design variable */
    double *y_cost, *y_upper, *y_scale; /* y = lower + scale * y' */
    int *global_kind;                   /* [n_global] 0 = side, 1 = coupling */
    int *global_index;
    unsigned char *global_equality;
    double *global_rhs, *global_scale;
    int *global_first, *global_y; /* entries over y */
    double *global_value;
    double *lower, *upper; /* [n_design] boxes used */
    double cost_scale;     /* scaled objective * cost_scale = MEUR */
    double fixed_cost;     /* MEUR of the lower bounds and fixed variables */
    long n_x;
    int infeasible; /* 1 = a row without free entries cannot hold */
} kv_block_lp;

kv_status kv_block_lp_create(const kv_problem *problem, const kv_lp_options *options,
                             kv_block_lp **lp);
void kv_block_lp_free(kv_block_lp *lp);

#endif
