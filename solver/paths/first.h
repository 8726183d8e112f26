/* SPDX-License-Identifier: GPL-3.0-or-later */
/* First plans: capacity scaling, slope scaling, and levels opened by the relaxation. */
#ifndef KV_SOLVER_PATHS_FIRST_H
#define KV_SOLVER_PATHS_FIRST_H

#include "solver/engine.h"
#include "solver/paths/incumbent.h"

typedef struct kv_first {
    const kv_shape *shape;
    const double *lower, *upper;       /* [n_design] boxes as the shape has them, or NULL */
    const unsigned char *drop_side;    /* as the shape has it */
    const kv_multipliers *multipliers; /* of the relaxation */
    const unsigned char *keep;         /* [n_groups] 1 = of use in the relaxation */
    kv_evaluation *evaluation;
    kv_incumbent *incumbent; /* gets the best plan */
    kv_threads *threads;     /* or NULL */
    double deadline;         /* kv_clock() time */
    double work;             /* elementary steps, of all but the evaluation */
} kv_first;

/* KV_OK (also when no plan was found) or KV_ERR_MEMORY. */
kv_status kv_first_plans(kv_first *first);

#endif
