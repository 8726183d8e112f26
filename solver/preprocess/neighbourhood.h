/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The designs between a few plans and the relaxation, searched. */
#ifndef KV_SOLVER_PREPROCESS_NEIGHBOURHOOD_H
#define KV_SOLVER_PREPROCESS_NEIGHBOURHOOD_H

#include "solver/whole_model.h"

typedef struct kv_neighbourhood {
    double *lower, *upper; /* [n_design] boxes around all designs met */
    int plans;             /* plans met */
} kv_neighbourhood;

/* Around the relaxed design [n_design]: its integers rounded down and up. KV_OK or KV_ERR_MEMORY. */
kv_status kv_neighbourhood_create(const kv_problem *problem, const double *relaxed,
                                  kv_neighbourhood *neighbourhood);
void kv_neighbourhood_clear(kv_neighbourhood *neighbourhood);
/* Widen it to hold the design of a plan. */
void kv_neighbourhood_add(const kv_problem *problem, kv_neighbourhood *neighbourhood,
                          const double *design);

/*
 * Branch and cut within it, on the columns that are awake, from the plan in whole->values when
 * `has_start`. It ends by `limits` (its iterations and nodes; so the path does not depend on the
 * clock). *work counts iterations. KV_LP_OPTIMAL or KV_LP_FEASIBLE: the LP has a plan's values. The
 * boxes of the model are as before in the end.
 */
kv_lp_state kv_neighbourhood_search(const kv_neighbourhood *neighbourhood, kv_whole_model *whole,
                                    const kv_lp_limits *limits, int has_start, long *work);

#endif
