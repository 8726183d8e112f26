/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The LP of one block with the design fixed, whose columns come in as they are wanted. */
#ifndef KV_SOLVER_DECOMPOSITION_POLISH_LP_H
#define KV_SOLVER_DECOMPOSITION_POLISH_LP_H

#include "solver/engine.h"
#include "solver/lp/lp.h"

typedef struct kv_polish_lp {
    const kv_problem *problem;
    const double *design;
    int block;
    kv_lp *lp;
    double *upper;                         /* [n_flows] for this design */
    int *column;                           /* [n_flows] column in the LP, -1 = not in it */
    double *reduced;                       /* [n_flows] */
    unsigned char *basic_flow, *basic_row; /* [n_flows], [n_balances] of kv_forest_choose */
    int *balance_row;                      /* [n_balances] */
    int *resource_row;                     /* [n_resources], -1 = none */
    int *coupling_row;                     /* [coupling.count], -1 = none in this block */
    double *coupling_rhs; /* [coupling.count] right-hand side left for this block */
    double *coupling_own; /* [coupling.count] left side of the flows at entry */
    /* coupling entries by flow of this block */
    int *entry_first, *entry_row;
    double *entry;
    int *row_index; /* scratch of a column's entries */
    double *row_value;
    double cost_scale;
} kv_polish_lp;

/* Room for the problem, design and block that are set; all of it is freed by kv_polish_lp_free, also
 * after KV_ERR_MEMORY. */
kv_status kv_polish_lp_create(kv_polish_lp *w);
void kv_polish_lp_free(kv_polish_lp *w);

/* Bounds of the flows for the design, and all rows, with what of rows over several blocks the flows
 * [n_blocks * n_flows] of the others leave. No columns. KV_OK or KV_ERR_MEMORY. */
kv_status kv_polish_lp_begin(kv_polish_lp *w, const double *flow);
kv_status kv_polish_lp_add(kv_polish_lp *w, int flow);

/* Reduced costs of all flows from row prices: given multipliers, or the LP's duals (NULL). `costs` 0:
 * of flows that cost nothing. */
void kv_polish_lp_price(kv_polish_lp *w, const kv_multipliers *multipliers, int costs);

#endif
