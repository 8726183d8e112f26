/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who bears what attracts. The multiplier of an opening row takes what attracts a flow over to the
 * designs that open its arc; as long as one of them is not worth building by that, it costs a bound
 * nothing. So of the flows that an LP does not hold, many need not be looked at.
 */
#ifndef KV_SOLVER_DECOMPOSITION_COVERING_H
#define KV_SOLVER_DECOMPOSITION_COVERING_H

#include "solver/decomposition/potentials.h"

typedef struct kv_covering {
    const kv_problem *problem;
    double *design;       /* [n_design] reduced costs (kv_covering_price) */
    double *load;         /* [n_design] what would be charged */
    int *first;           /* [n_arcs] first opening in the block at hand, -1 = none */
    unsigned char *bears; /* [n_arcs] 1 = a set of the arc can bear what attracts */
    int *place;           /* [n_flows] a multiplier of the flow's opening rows in the block */
} kv_covering;

kv_status kv_covering_create(const kv_problem *problem, kv_covering *covering);
void kv_covering_free(kv_covering *covering); /* what it owns */

/* Mark what cannot flow within the problem's boxes as KV_FLOW_CLOSED in kind [n_blocks * n_flows],
 * the rest as KV_FLOW_OPEN. */
void kv_covering_close(kv_covering *covering, unsigned char *kind);

/* Reduced costs of the designs. */
void kv_covering_price(kv_covering *covering, const kv_multipliers *multipliers);

/* By these reduced costs of designs and those of flows [n_blocks * n_flows]: KV_FLOW_FREE where the
 * designs of a flow's arc can bear all that attracts to them, else KV_FLOW_OPEN; closed flows stay.
 * If not `first`, flows that were free before become open where that is no longer so; no others
 * change. How many flows were sorted anew. */
long kv_covering_sort(kv_covering *covering, int first, const double *reduced, unsigned char *kind);

/* Charge what attracts in a block (reduced [n_flows]) to the opening sets that can bear most. For
 * flows that the LP holds (held [n_flows]) it did so itself, where more can be offered than needed.
 * entry [n]: the block's multipliers of opening rows; before: room for as many as there are in all.
 * KV_OK or KV_ERR_MEMORY. */
kv_status kv_covering_charge(kv_covering *covering, int block, const double *reduced,
                             const unsigned char *held, const int *entry, int n, int *before,
                             kv_multipliers *multipliers);

/* Openings of the arcs in a block, for kv_covering_attracts and below. */
void kv_covering_enter(kv_covering *covering, int block);
/* 1 = opening the arc pays by what is charged to a set of it, or nothing opens it. */
int kv_covering_attracts(const kv_covering *covering, int block, int arc);
/* The first opening of the arc in the block, -1 = none; whether an opening is one of them. */
int kv_covering_first(const kv_covering *covering, int arc);
int kv_covering_is_of(const kv_problem *problem, int opening, int block, int arc);

#endif
