/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts in the LP of a whole model. */
#ifndef KV_SOLVER_CUTTING_POOL_H
#define KV_SOLVER_CUTTING_POOL_H

#include "solver/cutting/select.h"
#include "solver/whole_model.h"

typedef struct kv_cut_pool {
    kv_whole_model *whole;
    kv_cut **cut; /* [count] owned; those that vectors speak of stay although they left the LP */
    int *row;     /* [count] row of the LP, -1 = not in it */
    int *idle;    /* [count] rounds that it has been slack */
    int count, capacity;
} kv_cut_pool;

void kv_cut_pool_clear(kv_cut_pool *pool);

/* Put the best of the cuts into the LP (kv_cut_list_select), and empty the list; *added says how many
 * went in. KV_OK, or what the LP says. */
kv_status kv_cut_pool_add(kv_cut_pool *pool, kv_cut_list *list, const double *design,
                          const double *flow, int most, int *added);

/* Take out of the LP the cuts that were slack in its last `rounds` solutions, and opening rows
 * likewise slack now. KV_OK, or what the LP says. */
kv_status kv_cut_pool_purge(kv_cut_pool *pool, int rounds);

/* The LP's multipliers, those of cuts too, into zeroed `multipliers`. KV_OK or KV_ERR_MEMORY. */
kv_status kv_cut_pool_multipliers(const kv_cut_pool *pool, kv_multipliers *multipliers);

#endif
