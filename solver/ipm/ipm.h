/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Primal-dual interior point (Mehrotra 1992, with Gondzio's multiple centrality correctors 1996)
 * on the LP relaxation of a design problem, on the structure of kkt.h. It stops on the bound
 * recomputed from its multipliers against the primal value.
 */
#ifndef KV_SOLVER_IPM_IPM_H
#define KV_SOLVER_IPM_IPM_H

#include "solver/ipm/block_lp.h"

/* A point and multipliers to begin with: of a problem with fewer columns or rows, or other boxes. */
typedef struct kv_ipm_start {
    const double *design; /* [n_design] */
    const double *flow;   /* [n_blocks * n_flows] */
    const kv_multipliers *multipliers;
    const double *opening; /* [n_openings] multipliers of the LP's opening rows */
    double gap;            /* MEUR: how far apart value and bound may be to begin with */
} kv_ipm_start;

typedef struct kv_ipm_options {
    double
        tolerance; /* (primal - bound) / max(1, |primal|); relative row violation: a share of it */
    int max_iterations;
    double deadline;           /* kv_clock() time; 1e300 = none */
    double cutoff;             /* MEUR: stop once the bound is above it; 1e300 = none */
    const kv_ipm_start *start; /* NULL = none */
    void (*trace)(void *context, int iteration, double primal, double bound, double violation);
    void *trace_context;
} kv_ipm_options;

/* The share: where numbers are of very different size, a row that is missed by little may be worth
 * much. */
static const double kv_ipm_rows_share = 0.05;

void kv_ipm_options_default(kv_ipm_options *options);

typedef struct kv_ipm_result {
    kv_status
        status; /* KV_OK converged; KV_ERR_LIMIT; KV_ERR_NUMERIC; the rest is valid in all three */
    int iterations;
    double primal;    /* MEUR, of design and flow as they stand */
    double bound;     /* MEUR, recomputed from the multipliers: valid whatever the status */
    double violation; /* largest relative violation of a row */
    double *design;   /* [n_design] */
    double *flow;     /* [n_blocks * n_flows] */
    kv_multipliers *multipliers;
} kv_ipm_result;

/* Solve; the caller frees the result with kv_ipm_result_free. Returns KV_OK when there is a result
 * (see result->status), else KV_ERR_MEMORY. */
kv_status kv_ipm_solve(const kv_block_lp *lp, const kv_lp_options *lp_options, kv_threads *threads,
                       const kv_ipm_options *options, kv_ipm_result *result);
void kv_ipm_result_free(kv_ipm_result *result);

#endif
