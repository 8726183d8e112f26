/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The flow relaxation of a design problem: resource, opening and coupling rows are priced by
 * multipliers. What is left are flows of least cost, a commodity and block at a time (a shortest path
 * where there is one source and no m binds), and the investment problem with its side rows, which is
 * solved over whole numbers. So its bound can lie above that of the strong LP where side rows leave
 * the LP fractions; without side rows the two are equal at best (Geoffrion 1974). On one resource and
 * one binary an arc this is the shortest path relaxation of Gendron, Crainic and Frangioni (1999).
 */
#ifndef KV_SOLVER_LAGRANGE_FLOW_RELAXATION_H
#define KV_SOLVER_LAGRANGE_FLOW_RELAXATION_H

#include "solver/lagrange/investments.h"
#include "solver/lagrange/least_cost_flow.h"

typedef enum kv_flow_row_kind {
    KV_FLOW_RESOURCE,
    KV_FLOW_OPENING,
    KV_FLOW_COUPLING
} kv_flow_row_kind;

/* Priced rows: rhs + sum value x + sum value y, <= 0 or = 0. */
typedef struct kv_flow_relaxation {
    const kv_problem *problem;
    const unsigned char *drop_side; /* [side.count] or NULL */
    double *lower, *upper;          /* [n_design] boxes, rounded inwards for integers */
    unsigned char *closed; /* [n_blocks * n_flows] 1 = the boxes leave nothing to open it */
    int n_rows;
    unsigned char *kind;    /* [n_rows] kv_flow_row_kind */
    unsigned char *bounded; /* [n_rows] 1 = multiplier >= 0 */
    int *source;            /* [n_rows] row of the problem (block-major), opening */
    int *flow;              /* [n_rows] flow column of an opening row */
    double *rhs;            /* [n_rows] */
    double *worth, *size;   /* [n_rows] sizes of multiplier and violation, > 0 */
    size_t *entry_first;    /* [n_blocks * n_flows + 1] entries of a flow */
    int *entry_row;
    double *entry_value;
    size_t *design_first; /* [n_design + 1] entries of a design */
    int *design_row;
    double *design_value;
    int most_nodes, most_arcs; /* of a commodity, with a node for missing balance rows */
    int n_tiles;               /* tasks of pricing: blocks x commodities tile_first[t] .. - 1 */
    int *tile_first;           /* [n_tiles + 1] b * n_commodities + k */
} kv_flow_relaxation;

/* Build it; boxes NULL = the problem's, drop_side NULL = none dropped. KV_OK, KV_ERR_MEMORY,
 * KV_ERR_INFEASIBLE (an empty box); the caller frees *relaxation in any case. The problem and
 * drop_side must outlive it. */
kv_status kv_flow_relaxation_create(const kv_problem *problem, const double *lower,
                                    const double *upper, const unsigned char *drop_side,
                                    kv_flow_relaxation **relaxation);
void kv_flow_relaxation_free(kv_flow_relaxation *relaxation);

/* Part of it: rows with their entries. */
kv_status kv_flow_relaxation_rows(kv_flow_relaxation *relaxation);

/* First multipliers [n_rows]: designs' costs on the resources that they supply, else spread over what
 * they open. */
void kv_flow_relaxation_start(const kv_flow_relaxation *relaxation, double *multipliers);
/* The rows' multipliers from the problem's. KV_OK or KV_ERR_MEMORY. */
kv_status kv_flow_relaxation_from(const kv_flow_relaxation *relaxation, const kv_multipliers *from,
                                  double *multipliers);

typedef struct kv_flow_pricing {
    const kv_flow_relaxation *relaxation;
    kv_investments *investments;
    kv_status status;            /* KV_ERR_MEMORY once a pricing ran out of it */
    int most_nodes;              /* of the investment problem's tree */
    int n_networks;              /* one a worker */
    kv_least_cost_flow *network; /* [n_networks] */
    const double *multipliers;   /* of the pricing at hand */
    double *flow;                /* [n_blocks * n_flows] x of the last point */
    double *potential;           /* [n_blocks * n_balances] pi of the last point */
    double *part;                /* [n_blocks * n_commodities] bound of each; +infinity = no flow */
    double *design_cost;         /* [n_design] of the investment problem */
    double *design;              /* [n_design] y of the last point */
} kv_flow_pricing;

/* threads: those of all pricings, or NULL. KV_OK or KV_ERR_MEMORY; freed in any case. */
kv_status kv_flow_pricing_create(const kv_flow_relaxation *relaxation, kv_threads *threads,
                                 kv_flow_pricing **pricing);
void kv_flow_pricing_free(kv_flow_pricing *pricing);

/* The bound at these multipliers [n_rows], its point in `pricing`, and rhs + sum value x + sum value y
 * of each row in violation [n_rows] (a supergradient). +infinity when there is no plan, or without
 * memory (see `status`); violation is as it was then. The result
 * does not depend on the number of threads. */
double kv_flow_pricing_run(kv_flow_pricing *pricing, kv_threads *threads, const double *multipliers,
                           double *violation);

/* The problem's multipliers for the last point, side rows at 0. KV_OK or KV_ERR_MEMORY. */
kv_status kv_flow_pricing_multipliers(const kv_flow_pricing *pricing, kv_multipliers *out);

#endif
