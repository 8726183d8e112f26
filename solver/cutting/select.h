/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the cuts found are worth a row. */
#ifndef KV_SOLVER_CUTTING_SELECT_H
#define KV_SOLVER_CUTTING_SELECT_H

#include "solver/cut.h"
#include "solver/cutting/cutset.h"

/* Cuts as separation finds them: pass kv_cut_list_keep as what is told, and the list as its context. */
typedef struct kv_cut_list {
    kv_cut **cut; /* [count] owned */
    int count, room;
    double entries;   /* of the cuts that were told; beyond a limit no more are taken */
    kv_status status; /* KV_ERR_MEMORY: some were lost */
} kv_cut_list;

kv_cutset_found kv_cut_list_keep;
/* Frees the cuts and the list. */
void kv_cut_list_clear(kv_cut_list *list);

/* Keep the best at (y, x) by efficacy, in that order, none nearly parallel to a better one and at most
 * `most`; the others are freed. KV_OK or KV_ERR_MEMORY. */
kv_status kv_cut_list_select(kv_cut_list *list, const double *design, const double *flow, int most);

#endif
