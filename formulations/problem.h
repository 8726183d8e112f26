/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The design problem: flow on arcs uses resources, investments supply resources.
 *
 *   min  constant-free  sum_j f_j y_j + sum_b w_b sum_{a,k} c_akb x_akb
 *   flow      sum_out x - sum_in x = d_vkb            each balance row, block
 *   resource  sum u_akrb x_akb <= R_rb + sum_j s_jrb y_j
 *   opening   x_akb <= m_akb sum_{j in O} o_j y_j     each opening set O of arc a in block b, each k
 *   coupling  sum q x + sum p y  <= or =  h
 *   side      sum G y  <= or =  g
 *   0 <= x <= m, lower <= y <= upper, y integer where said
 *
 * Blocks share the topology, not the numbers. Units: flows t/yr (vehicles/yr for empties), unit
 * costs EUR/t, weights MEUR per EUR, so the objective is in MEUR; for benchmark files weight 1 and
 * the file's own money.
 */
#ifndef KV_FORMULATIONS_PROBLEM_H
#define KV_FORMULATIONS_PROBLEM_H

#include "base/messages.h"
#include "base/status.h"

#include <stddef.h>

/* Sparse rows over design variables and, for coupling rows, over flows of any blocks. */
typedef struct kv_rows {
    int count;
    char **name;       /* [count] stable, without blanks */
    char *sense;       /* [count] 'L' (<=) or 'E' (=) */
    double *rhs;       /* [count] */
    int *design_first; /* [count + 1] */
    int *design;       /* [design_first[count]] design variable */
    double *design_value;
    int *flow_first; /* [count + 1] (all 0 for side rows) */
    int *flow_block; /* block of the entry */
    int *flow;       /* flow column */
    double *flow_value;
    unsigned char *dropped; /* [count] 1 = left out when doing nothing (mandatory, jointly) */
} kv_rows;

typedef struct kv_opening { /* an opening set of an arc in a block, over all flows on the arc */
    int block, arc, set;    /* set: 0, 1, ... of this arc in this block */
    int first, count;       /* range in opening_design / opening_coefficient; count 0 = closed */
} kv_opening;

typedef struct kv_problem {
    int n_nodes, n_arcs, n_commodities, n_flows, n_balances, n_resources, n_design, n_blocks;
    char **node_name, **arc_name, **commodity_name, **resource_name, **design_name, **block_name;
    int *arc_tail, *arc_head; /* [n_arcs] nodes */

    /* Flow columns: the pairs (commodity, arc) that can meet; sorted by commodity, then arc. */
    int *flow_arc, *flow_commodity; /* [n_flows] */
    int *commodity_flow_first;      /* [n_commodities + 1] */
    /* Balance rows: pairs (commodity, node); sorted by commodity, then node. */
    int *balance_node, *balance_commodity; /* [n_balances] */
    int *commodity_balance_first;          /* [n_commodities + 1] */
    int *flow_tail_row, *flow_head_row;    /* [n_flows] balance row, or -1 (empties) */

    double *block_weight; /* [n_blocks] */
    double *flow_cost;    /* [n_blocks * n_flows] EUR/t, block-major: b * n_flows + p */
    double *flow_upper;   /* [n_blocks * n_flows] m, finite, 0 = cannot flow */
    double *balance;      /* [n_blocks * n_balances] d */

    int *use_first;        /* [n_flows + 1] resource use of a flow */
    int *use_resource;     /* [n_use] */
    double *use;           /* [n_blocks * n_use] u >= 0, block-major */
    double *resource_base; /* [n_blocks * n_resources] R; 1e30 = unlimited in this block */
    int *supply_first;     /* [n_blocks * n_resources + 1], row b * n_resources + r */
    int *supply_design;
    double *supply; /* s >= 0 */

    int n_openings; /* sorted by block, arc, set */
    kv_opening *openings;
    int *opening_design;
    double *opening_coefficient; /* o > 0 */

    kv_rows coupling, side;

    double *design_cost, *design_lower, *design_upper; /* [n_design], finite boxes */
    unsigned char *design_integer;                     /* [n_design] */
    double *do_nothing_upper; /* [n_design] upper bound when doing nothing */

    /* Groups of design variables of which at most group_limit units are ever built together in a
     * scenario (the starts of a project, the sizes of one); used for bounds. NULL = no groups. */
    int n_groups;
    int *design_group;   /* [n_design] group, -1 = none */
    double *group_limit; /* [n_groups] */

    double constant;  /* left out of the objective; add for the full cost */
    double flow_grid; /* t; balances lie on it; 0 = none */
} kv_problem;

/* A zeroed problem, to be filled; NULL when out of memory. Every array and every name is allocated
 * on its own by base/memory.h and owned by the problem. */
kv_problem *kv_problem_create(void);

/* Frees the problem and all it owns, also when only partly filled; NULL is allowed. */
void kv_problem_free(kv_problem *problem);

/* Every index in range, sorts as said, boxes and bounds finite, senses known, names there, nothing
 * twice in one row. KV_OK, KV_ERR_MEMORY, or KV_ERR_INTERNAL with a message that names the first
 * fault. */
kv_status kv_problem_check(const kv_problem *problem, kv_messages *messages);

/* Objective of (y [n_design], x [n_blocks * n_flows]) without the constant. */
double kv_problem_objective(const kv_problem *problem, const double *design, const double *flow);

/* The most that a resource can ever offer in a block, at least 0: R plus, of each group, the group's
 * limit times the largest supply of its members, and supply times upper bound of all other design
 * variables. 1e30 where R is unlimited. */
double kv_problem_resource_most(const kv_problem *problem, int block, int resource);

/* The largest violation of each kind of row, each relative to max(1, size of the row's largest term);
 * integrality absolute. */
typedef struct kv_violation {
    double balance, resource, opening, coupling, side, bounds, integrality;
} kv_violation;
void kv_problem_violation(const kv_problem *problem, const double *design, const double *flow,
                          kv_violation *violation); /* all infinite when out of memory */

#endif
