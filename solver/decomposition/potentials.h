/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Potentials of nodes that no flow passes. An LP over some of the flows leaves them open within
 * limits, or altogether; flows that it does not hold may then seem to attract. The potential of
 * such a node is raised as far as what leaves it allows: to the shortest way, at reduced costs, to
 * a node that flow does pass. Then only what really saves something attracts.
 */
#ifndef KV_SOLVER_DECOMPOSITION_POTENTIALS_H
#define KV_SOLVER_DECOMPOSITION_POTENTIALS_H

#include "solver/engine.h"

typedef struct kv_potentials {
    const kv_problem *problem;
    int *parent;           /* [n_balances] components of the flows held */
    double *sum, *balance; /* [n_balances] */
    int *size;
    unsigned char *passed; /* [n_balances] 1 = flow passes the node */
    double *cost;          /* [n_flows] reduced costs, potentials left out */
    int *next;             /* [n_balances] flow of the shortest way, -1 = none */
} kv_potentials;

kv_status kv_potentials_create(const kv_problem *problem, kv_potentials *potentials);
void kv_potentials_free(kv_potentials *potentials); /* what it owns */

/* What a commodity's unit costs to serve in a block, by its potentials. */
double kv_potentials_price(const kv_problem *problem, const kv_multipliers *multipliers, int block,
                           int commodity);

/*
 * Mend the potentials of a block in `multipliers`. held [n_flows]: 1 = the LP holds the flow; flow
 * [n_flows] its solution; priced [n_blocks * n_flows]: kv_price_rows; base [n_balances]: potentials
 * whose level components take that share no flow, NULL = as they are. On return potentials->next
 * leads from each node that no flow passes, and reduced [n_flows] are the reduced costs.
 */
void kv_potentials_mend(kv_potentials *potentials, int block, const unsigned char *held,
                        const double *flow, const double *priced, const double *base,
                        kv_multipliers *multipliers, double *reduced);

#endif
