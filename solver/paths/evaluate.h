/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exact cost of levels: the cheapest flows of all blocks, and the levels that they need. Each solve
 * begins at a home, the levels last settled on; blocks that lose nothing they use are not solved again.
 */
#ifndef KV_SOLVER_PATHS_EVALUATE_H
#define KV_SOLVER_PATHS_EVALUATE_H

#include "solver/paths/routing.h"

typedef struct kv_evaluation {
    const kv_shape *shape;
    /* Of the last solve: */
    kv_routing **routing; /* [n_blocks] each of home or away */
    int *level;           /* [n_groups] levels that the flows need */
    double flow_cost;     /* of the flows; HUGE_VAL = not all can be served */
    double cost;          /* with that of the levels needed */
    long solved;          /* how often */
    double work;          /* elementary steps */

    kv_routing **home, **away;     /* [n_blocks] */
    int *home_level, *given_level; /* [n_groups] at home, and as last given */
    int *changed, n_changed;       /* groups in which they differ */
    double *home_cost;             /* [n_blocks] HUGE_VAL = not solved */
    double *block_cost;            /* [n_blocks] of the last solve */
} kv_evaluation;

/* KV_OK or KV_ERR_MEMORY; the caller frees *evaluation in any case. The shape must outlive it. */
kv_status kv_evaluation_create(const kv_shape *shape, kv_evaluation **evaluation);
void kv_evaluation_free(kv_evaluation *evaluation);

/* The cheapest flows at levels [n_groups]. KV_OK or KV_ERR_MEMORY. */
kv_status kv_evaluation_solve(kv_evaluation *evaluation, const int *level);

/* The same, but it may give up (costs are HUGE_VAL then) where a bound says that flows and levels cost
 * more than `most`. KV_OK or KV_ERR_MEMORY. */
kv_status kv_evaluation_try(kv_evaluation *evaluation, const int *level, double most);

/* From now on solves begin where the last one ended, unless it found no flows. */
void kv_evaluation_settle(kv_evaluation *evaluation);

/* The flows of the last solve, [n_blocks * n_flows] of the problem. */
void kv_evaluation_flow(const kv_evaluation *evaluation, double *flow);

/* The least level of a group that offers `load`, from level `from` on. */
int kv_level_for(const kv_shape *shape, int group, double load, int from);

#endif
