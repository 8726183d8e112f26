/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The part of a design problem in which every plan at least as good as an incumbent lies: boxes of
 * the investments and upper bounds of the flows, from multipliers.
 */
#ifndef KV_SOLVER_PREPROCESS_REDUCTION_H
#define KV_SOLVER_PREPROCESS_REDUCTION_H

#include "solver/preprocess/reduced_costs.h"

typedef struct kv_reduction {
    /* The original with the arrays below in the place of its own: same layout, so that designs,
     * flows and multipliers of one are those of the other. Not to be freed as a problem. */
    kv_problem problem;
    double *lower, *upper;   /* [n_design] boxes */
    double *flow_upper;      /* [n_blocks * n_flows] m, 0 = the column is superfluous */
    unsigned char *scalable; /* [n_blocks * n_flows] 1 = m may shrink: all its opening sets are of
                                integer designs with coefficients of at least 1 */
    unsigned char *arc;      /* [n_blocks * n_arcs] room */
    const unsigned char *drop_side; /* [side.count] rows that do not count, or NULL */
    double
        cutoff;   /* the least cutoff that was used; +infinity = none: nothing better is left out */
    int fixed;    /* designs whose boxes shrank to a point */
    int narrowed; /* boxes that shrank at all */
    long removed; /* flows whose m became 0 */
    long tightened; /* flows whose m shrank to something else */
} kv_reduction;

/* Everything as in the problem, within boxes [n_design] (NULL = its own). The problem and
 * `drop_side` must outlive it. KV_OK or KV_ERR_MEMORY; clear it in any case. */
kv_status kv_reduction_create(const kv_problem *problem, const double *lower, const double *upper,
                              const unsigned char *drop_side, kv_reduction *reduction);
void kv_reduction_clear(kv_reduction *reduction);

/*
 * Leave out plans that must cost more than `cutoff` (an incumbent's objective) by the multipliers
 * (of the reduction's problem), which are 0 on dropped rows; then what follows from the boxes. Plans
 * that cost no more than the cutoff all stay. KV_OK; KV_ERR_INFEASIBLE when no such plan exists;
 * KV_ERR_MEMORY.
 */
kv_status kv_reduction_tighten(kv_reduction *reduction, const kv_multipliers *multipliers,
                               double cutoff);

#endif
