/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Potentials of a problem of which an LP holds some flows only. What the LP leaves open (nodes that
 * no flow passes, parts of the network that share no flow) is settled by shortest ways, so that only
 * flows attract that really save something; what then still attracts lowers the potentials along
 * the ways that it shortens, which costs a bound far less than to count each such flow in full.
 */
#ifndef KV_SOLVER_DECOMPOSITION_POTENTIALS_H
#define KV_SOLVER_DECOMPOSITION_POTENTIALS_H

#include "solver/engine.h"

typedef enum kv_flow_kind {
    KV_FLOW_OPEN,  /* can carry more; where it attracts, a bound counts it */
    KV_FLOW_FREE,  /* what attracts is charged to a design that can bear it: costs nothing */
    KV_FLOW_FULL,  /* carries all that it can; where it attracts, a bound counts it */
    KV_FLOW_CLOSED /* cannot be */
} kv_flow_kind;

enum { KV_SUPPLY = 1, KV_DEMAND = 2 }; /* of a terminal, a node where flow begins or ends */

typedef struct kv_potentials { /* room of one worker */
    const kv_problem *problem;
    int *parent;           /* [n_balances] components of the flows held */
    double *sum, *balance; /* [n_balances] */
    int *size;
    double *cost;                   /* [n_flows] reduced costs, potentials left out */
    double *floor;                  /* [n_flows] least reduced costs */
    double *from, *to;              /* [n_balances] lengths of ways; trials */
    double *kept;                   /* [n_balances] */
    unsigned char *ending, *demand; /* [n_balances] 1 = has a way out; takes more than it gives */
} kv_potentials;

kv_status kv_potentials_create(const kv_problem *problem, kv_potentials *potentials);
void kv_potentials_free(kv_potentials *potentials); /* what it owns */

/* What a commodity's unit costs to serve in a block, by its potentials. */
double kv_potentials_price(const kv_problem *problem, const kv_multipliers *multipliers, int block,
                           int commodity);

/*
 * In what follows, of a block: kind [n_flows] of kv_flow_kind; priced [n_blocks * n_flows]:
 * kv_price_rows; reduced [n_flows] gets the reduced costs at the potentials in `multipliers`;
 * terminal [n_balances]: KV_SUPPLY, KV_DEMAND, both or 0; passed [n_balances]: 1 = flow passes the
 * node, or it is a terminal.
 */

/*
 * Mend the potentials of nodes that no flow passes, to the shortest way to one that flow does pass.
 * held [n_flows]: 1 = the LP holds the flow; flow [n_flows] its solution; base [n_balances]:
 * potentials whose level components take that share no flow, NULL = as they are. On return `next`
 * [n_balances] leads from each node that no flow passes (-1 = nowhere), and passed is set.
 */
void kv_potentials_mend(kv_potentials *potentials, int block, const unsigned char *held,
                        const unsigned char *kind, const double *flow, const double *priced,
                        const double *base, const unsigned char *terminal,
                        kv_multipliers *multipliers, double *reduced, unsigned char *passed,
                        int *next);

/* Shortest ways from all supplies to all demands, at the prices of all rows but the balances. Only
 * terminals are passed. */
void kv_potentials_route(kv_potentials *potentials, int block, const unsigned char *kind,
                         const double *priced, const unsigned char *terminal,
                         kv_multipliers *multipliers, double *reduced, unsigned char *passed);

/* Lower the potentials where ways out of a node are shorter than that, or raise them where ways to it
 * are: whatever is best for the bound, of each commodity; nothing where that does not gain. With
 * `keep` no free flow attracts more than it did. */
void kv_potentials_close(kv_potentials *potentials, int block, const unsigned char *kind, int keep,
                         const double *priced, kv_multipliers *multipliers, double *reduced);

/* What the cheapest way over each flow costs more than nothing, from a node that is passed to
 * another: detour [n_flows], infinite without a way. Negative reduced costs count as 0, flows that
 * are not open or are closed by their kind do not. */
void kv_potentials_detours(kv_potentials *potentials, const unsigned char *kind,
                           const unsigned char *passed, const double *reduced, double *detour);

/* The cheapest way from each supply to a demand and to each demand from a supply, at these costs
 * [n_flows], where there is one: its flows are marked [n_flows]. */
void kv_potentials_ways(kv_potentials *potentials, const unsigned char *kind, const double *cost,
                        const unsigned char *terminal, unsigned char *marked);

#endif
