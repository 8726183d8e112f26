/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lagrangian bounds by the volume algorithm (Barahona and Anbil, Mathematical Programming 87, 2000)
 * on the knapsack relaxation: subgradient steps along the violation of an average of the flows met
 * so far, which itself tends to a solution of the strong LP relaxation.
 */
#ifndef KV_SOLVER_LAGRANGE_VOLUME_H
#define KV_SOLVER_LAGRANGE_VOLUME_H

#include "solver/engine.h"

typedef struct kv_volume_options {
    long iterations;  /* at most; 0 = only the start is priced */
    double deadline;  /* kv_clock() time; 1e300 = none */
    double tolerance; /* stop when the next step promises less than this share of the bound */
    double cutoff;    /* stop once the bound is above it (an incumbent); 1e300 = none */
    /* Least weight of a point in the average, at most 0.1: 0.03 is fast, 0.005 gets nearer. */
    double least_weight;
    const double *lower, *upper;    /* [n_design] boxes, NULL = the problem's */
    const unsigned char *drop_side; /* [side.count] 1 = leave the row out; NULL = none */
    void (*progress)(void *context, long iteration, double bound); /* at better bounds; or NULL */
    void *progress_context;
} kv_volume_options;

/* 3,000 iterations, tolerance 1e-5, weight 0.03, no other limit. */
void kv_volume_options_default(kv_volume_options *options);

typedef struct kv_volume_result {
    kv_status status; /* KV_OK: tolerance or cutoff reached; KV_ERR_LIMIT: stopped by a
                         limit or a request before; KV_ERR_INFEASIBLE: a box is empty, nothing below is
                         set */
    long iterations;
    double bound; /* MEUR, kv_bound_within(multipliers) in the boxes: valid whatever the status */
    double value; /* MEUR, cost of the averaged design and flow */
    double violation; /* of priced rows by these: root of its share of the bound, as steps
                         measure it */
    kv_multipliers *multipliers;
    double *design; /* [n_design] averaged, in its boxes */
    double *flow;   /* [n_blocks * n_flows] averaged, in its bounds */
} kv_volume_result;

/* Raise the bound from `start` (NULL = shortest paths). `threads` may be NULL; the result does not
 * depend on it, except where the deadline ends the work. Returns KV_OK when there is a result (see
 * its status), or KV_ERR_MEMORY. The caller frees it with kv_volume_result_free in any case. */
kv_status kv_volume_solve(const kv_problem *problem, kv_threads *threads,
                          const kv_volume_options *options, const kv_multipliers *start,
                          kv_volume_result *out);
void kv_volume_result_free(kv_volume_result *result);

#endif
