/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A problem with a row "at least one" behind its side rows for each group of designs of which at most
 * one is chosen (the starts of a project), so that a tree can split none against at least one.
 */
#ifndef KV_SOLVER_DECOMPOSITION_GROUP_ROWS_H
#define KV_SOLVER_DECOMPOSITION_GROUP_ROWS_H

#include "solver/engine.h"

typedef struct kv_group_rows {
    kv_problem problem;  /* shallow but for its side rows */
    int n_base;          /* side rows of the problem itself */
    int n_groups;        /* of at least two free binaries, and of nothing else */
    int *group;          /* [n_design] or -1 */
    unsigned char *drop; /* [n_base + n_groups] side rows left out: those of groups, and as given */
} kv_group_rows;

/* drop_side [side.count] or NULL. The problem must outlive it. KV_OK or KV_ERR_MEMORY; to be cleared in
 * any case. */
kv_status kv_group_rows_create(const kv_problem *problem, const unsigned char *drop_side,
                               kv_group_rows *rows);
void kv_group_rows_clear(kv_group_rows *rows);

/* Room, and 0, for the rows of groups in multipliers of the problem that the rows were made of. KV_OK
 * or KV_ERR_MEMORY: then they are as before. */
kv_status kv_group_rows_extend(const kv_group_rows *rows, kv_multipliers *multipliers);

#endif
