/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a group (the flows of one commodity in a block) takes off the Schur complement on the
 * block's border (columns.h): P' C^-1 P = Z' Z with Z = L^-1 P, P = B Phi p over the group's flows.
 * Where networks are sparse, so are L, P and Z but for the rows eliminated last: the pattern of Z
 * is found once. Rows that are nearly full, and groups whose network is dense, are left to
 * stack.h.
 */
#ifndef KV_SOLVER_IPM_GROUP_H
#define KV_SOLVER_IPM_GROUP_H

#include "solver/ipm/columns.h"
#include "solver/ipm/laplacian.h"

typedef struct kv_group {
    kv_laplacian c;
    int n_touched, *touched; /* border indices that the group's flows enter, ascending */
    int *first, *index; /* [c.n + 1] Z by rows in elimination order: border indices, ascending */
    int *tail_at, *head_at; /* entries of the group's columns: where in Z they begin, -1 = none */
    int n_full;
    unsigned char *full; /* [c.n] 1 = the row of Z goes to a stack */
    int dense;           /* 1 = all of Z goes to a stack; first, index, full, tail_at and head_at */
    int *tail, *head;    /* are not there, but [columns] places of the ends, -1 = none */
    double work;         /* roughly the time of a factorisation, in ns */
} kv_group;

/* Group g of a block; kv_group_free also after a failure. KV_OK or KV_ERR_MEMORY. */
kv_status kv_group_create(const kv_columns *columns, int g, kv_group *group);
void kv_group_free(kv_group *group);

size_t kv_group_entries(const kv_group *group); /* of Z, 0 where it is dense */

/* Factor C for the columns' phi and find the entries of Z, unless the group is dense: z
 * [kv_group_entries]; `row` [columns->order] is zeros before and after. 0, or -1 when C is not
 * positive definite. */
int kv_group_eliminate(kv_group *group, const kv_columns *columns, int g, double regular, double *z,
                       double *row);

#endif
