/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lagrangian bounds by the volume algorithm on the flow relaxation, with the proof of the investment
 * problem in them. */
#ifndef KV_SOLVER_LAGRANGE_FLOW_BOUND_H
#define KV_SOLVER_LAGRANGE_FLOW_BOUND_H

#include "solver/lagrange/volume.h"
#include "solver/proof.h"

typedef struct kv_flow_bound_options {
    kv_volume_options steps;    /* as for the knapsack relaxation */
    int step_nodes, last_nodes; /* of the investment problem's tree: in a step, and in the proof */
} kv_flow_bound_options;

/* Those of volume.h; 50 and 2,000 nodes. */
void kv_flow_bound_options_default(kv_flow_bound_options *options);

typedef struct kv_flow_bound {
    kv_status status; /* KV_OK: tolerance or cutoff reached; KV_ERR_LIMIT: stopped before;
                         KV_ERR_INFEASIBLE: no plan, or none within the boxes: nothing below is set */
    long iterations;
    double bound;    /* MEUR, kv_proof_bound(proof) in the boxes: valid whatever the status */
    double linear;   /* MEUR, what the same multipliers prove without whole numbers */
    kv_proof *proof; /* leaves of the investment problem's tree, over one vector */
    double *design;  /* [n_design] the investment problem's design at that vector */
} kv_flow_bound;

/* Raise the bound from `start` (NULL = costs of designs spread over what they offer). `threads` may be
 * NULL; the result does not depend on it, except where the deadline ends the work. Returns KV_OK when
 * there is a result (see its status), or KV_ERR_MEMORY. The caller frees it in any case. */
kv_status kv_flow_bound_solve(const kv_problem *problem, kv_threads *threads,
                              const kv_flow_bound_options *options, const kv_multipliers *start,
                              kv_flow_bound *out);
void kv_flow_bound_free(kv_flow_bound *result);

#endif
