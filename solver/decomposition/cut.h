/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Benders cuts from multipliers. For fixed multipliers the bound of docs/mathematics.md section 6,
 * before y is minimised over, is linear in y and splits by block:
 *
 *   cost of block b  >=  constant_b - sum_j slope_bj y_j        for every y
 *
 * Found with some designs closed, multipliers say nothing of what is closed. They are lifted: node
 * potentials are extended over arcs that are closed, resources that offer nothing take the
 * multiplier that makes their flows unattractive, and what stays attractive on a closed arc is
 * charged to its opening set (Magnanti and Wong 1981 for why the choice matters).
 */
#ifndef KV_SOLVER_DECOMPOSITION_CUT_H
#define KV_SOLVER_DECOMPOSITION_CUT_H

#include "solver/engine.h"

typedef struct kv_cuts {
    int n_blocks, n_design;
    double *constant; /* [n_blocks] MEUR */
    double *slope;    /* [n_blocks * n_design] MEUR a unit, block-major */
    int joint;        /* 1 = multipliers of coupling rows over several blocks are not 0: only the
                         sum over the blocks is valid (constants and slopes summed) */
} kv_cuts;

/* `at` [n_design]: the most that each design could be where the multipliers were found (its value if
 * it was fixed, the upper end of its box if it was free): what offers nothing there is lifted. Free
 * with kv_cuts_free. */
kv_status kv_cuts_create(const kv_problem *problem, const kv_multipliers *multipliers,
                         const double *at, kv_cuts **cuts);
void kv_cuts_free(kv_cuts *cuts);

#endif
