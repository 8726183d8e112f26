/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A problem with rows for cuts: behind its side rows those over designs alone, behind its coupling rows
 * those with flows. The interior point and sifting solve it as any other; their multipliers are turned
 * into ones of the problem itself, in which cuts have multipliers of their own, and back.
 */
#ifndef KV_SOLVER_DECOMPOSITION_CUT_ROWS_H
#define KV_SOLVER_DECOMPOSITION_CUT_ROWS_H

#include "solver/cut.h"

typedef struct kv_cut_rows {
    const kv_problem *base;
    kv_problem problem;  /* the base with its own coupling and side rows; all else is the base's */
    unsigned char *drop; /* [problem.side.count] the base's dropped side rows; NULL = none */
    int n_cuts;
    const kv_cut **cut; /* [n_cuts] */
    int *row;           /* [n_cuts] among the coupling rows, or ~row among the side rows */
} kv_cut_rows;

/* No cuts yet. The base, and drop_side [side.count] or NULL, must outlive it. KV_OK or KV_ERR_MEMORY; to
 * be cleared in any case. `problem` stays at its place, also when cuts change. */
kv_status kv_cut_rows_create(const kv_problem *base, const unsigned char *drop_side,
                             kv_cut_rows *rows);
void kv_cut_rows_clear(kv_cut_rows *rows);

/* These cuts from now on, which must outlive it. KV_OK or KV_ERR_MEMORY (nothing changed). */
kv_status kv_cut_rows_set(kv_cut_rows *rows, int n, kv_cut *const *cut);

/* Multipliers of the problem with rows, from ones of the base with the cuts' multipliers, and the other
 * way. Cuts that have no row are left out. NULL when out of memory. */
kv_multipliers *kv_cut_rows_extend(const kv_cut_rows *rows, const kv_multipliers *multipliers);
kv_multipliers *kv_cut_rows_reduce(const kv_cut_rows *rows, const kv_multipliers *multipliers);

#endif
