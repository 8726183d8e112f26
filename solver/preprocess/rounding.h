/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First plans from the relaxation: rounded designs, the flows that are best for them, and what they
 * do not need given back. */
#ifndef KV_SOLVER_PREPROCESS_ROUNDING_H
#define KV_SOLVER_PREPROCESS_ROUNDING_H

#include "solver/whole_model.h"

typedef struct kv_rounding {
    kv_whole_model *whole;
    const kv_lp_limits *limits;   /* of all LPs together */
    long *work;                   /* counts iterations */
    double *design, *flow;        /* [n_design], [n_blocks * n_flows] room; a plan when `found` */
    void (*found)(void *context); /* a plan that keeps all rows to the LP's tolerance */
    void *context;
} kv_rounding;

/*
 * Try the roundings of `relaxed` [n_design] (upwards from several fractions), then those of a few
 * relaxations in which the cost of each design is spread over what was used of it (slope scaling; Kim
 * and Pardalos, Operations Research Letters 24, 1999). Costs are as before in the end. KV_OK, also
 * when no plan was found, or KV_ERR_MEMORY.
 */
kv_status kv_round(const kv_rounding *rounding, const double *relaxed);

/* Lower integer designs of a plan, the dearest first, as far as rows and boxes let it. KV_OK or
 * KV_ERR_MEMORY. */
kv_status kv_trim(const kv_whole_model *whole, double *design, const double *flow);

#endif
