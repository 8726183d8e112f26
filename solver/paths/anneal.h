/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Annealed destroy and repair: a group comes down a level, or goes up one, or loses its paths; what
 * went there finds its way again. Neighbours that then cost little more than the plan are solved
 * exactly and taken by the rule of Metropolis.
 */
#ifndef KV_SOLVER_PATHS_ANNEAL_H
#define KV_SOLVER_PATHS_ANNEAL_H

#include "base/random.h"
#include "solver/paths/incumbent.h"
#include "solver/paths/reroute.h"

enum { KV_ANNEALING_NOISE = 1024 };

typedef struct kv_annealing {
    kv_evaluation *evaluation; /* the caller's */
    kv_reroute *plan;          /* the present plan */
    kv_random random;
    double
        margin; /* share of the cost that a neighbour may cost more before it is solved: adapts, so
                      that solving takes about half the work */
    double noise[KV_ANNEALING_NOISE]; /* uniform on [0, 1) */
    double usual; /* what a group above level 0 cost in the mean when it began */
    long tried, taken;
    kv_incumbent *incumbent;    /* the caller's: better plans go there */
    double lp_work, other_work; /* when the margin was adapted last */
} kv_annealing;

/* Both are the caller's and outlive it. KV_OK or KV_ERR_MEMORY; the caller frees *annealing in any
 * case. */
kv_status kv_annealing_create(kv_evaluation *evaluation, kv_incumbent *incumbent,
                              unsigned long seed, kv_annealing **annealing);
void kv_annealing_free(kv_annealing *annealing);

/* Go to the incumbent. KV_OK or KV_ERR_MEMORY. */
kv_status kv_annealing_begin(kv_annealing *annealing);

/* Try one neighbour at a temperature (money). KV_OK or KV_ERR_MEMORY. */
kv_status kv_annealing_step(kv_annealing *annealing, double temperature);

#endif
