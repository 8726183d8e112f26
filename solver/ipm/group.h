/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a group (the flows of one commodity in a block) takes off the Schur complement on the
 * block's border (columns.h): P' C^-1 P = Z' Z with Z = L^-1 P, P = B Phi p over the group's flows.
 * There are three ways to that, chosen by the time they take:
 *
 * rows   Where networks are sparse, so are L, P and Z but for the rows eliminated last: the pattern
 *        of Z is found once, its rows are multiplied entry by entry. Nearly full rows are left to
 *        stack.h.
 * pairs  Where flows are few: W = B' C^-1 B of all pairs of flows, spread over their entries of p.
 * stack  Where flows are many and networks dense: all rows are left to stack.h.
 *
 * For the last two L is inverted: B has two entries a column, so that a column of L^-1 B is the
 * difference of two columns of L^-1.
 */
#ifndef KV_SOLVER_IPM_GROUP_H
#define KV_SOLVER_IPM_GROUP_H

#include "solver/ipm/columns.h"
#include "solver/ipm/laplacian.h"

typedef enum kv_group_way { KV_GROUP_ROWS, KV_GROUP_PAIRS, KV_GROUP_STACK } kv_group_way;

typedef struct kv_group_entry { /* of p of one of the group's flows */
    int index;                  /* on the border */
    int flow;                   /* counted from the group's first one */
    int at;                     /* in columns->value */
} kv_group_entry;

typedef struct kv_group {
    kv_laplacian c;
    kv_group_way way;
    double work;                      /* roughly the time of a factorisation, in ns */
    int n_flows, n_touched, *touched; /* border indices that the flows enter, ascending */
    /* rows: */
    int *first, *index; /* [c.n + 1] Z by rows in elimination order: border indices, ascending */
    int *tail_at, *head_at; /* entries of the group's columns: where in Z they begin, -1 = none */
    int n_full;
    unsigned char *full; /* [c.n] 1 = the row of Z goes to a stack */
    /* pairs and stack: */
    int *tail, *head; /* [n_flows] places of the ends, -1 = none */
    /* pairs: */
    int n_entries;
    kv_group_entry *entry; /* [n_entries] ascending by index */
} kv_group;

/* Group g of a block; kv_group_free also after a failure. KV_OK or KV_ERR_MEMORY. */
kv_status kv_group_create(const kv_columns *columns, int g, kv_group *group);
void kv_group_free(kv_group *group);

/* Values that are held from elimination on: entries of Z; W and the entries of p; none. */
size_t kv_group_values(const kv_group *group);

typedef struct kv_group_work { /* of one worker, large enough for all groups */
    double *row;               /* [order] zeros between calls */
    double *inverse;           /* [c.n squared] L^-1 */
    double *columns;           /* [c.n * n_flows] of pairs, and [c.n] */
} kv_group_work;

/* Factor C for the columns' phi and find the values [kv_group_values]. 0, or -1 when C is not
 * positive definite. */
int kv_group_eliminate(kv_group *group, const kv_columns *columns, int g, double regular,
                       kv_group_work *work, double *values);

/* matrix (lower triangle, order x order) -= P' C^-1 P of pairs, the columns of entries from ..
 * to - 1; all entries of an index or none. */
void kv_group_subtract_pairs(const kv_group *group, const double *values, int from, int to,
                             int order, double *matrix);

#endif
