/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The knapsack relaxation of a design problem: balance, coupling and side rows are priced by
 * multipliers, and what is left falls apart into cells. A cell is a set of flows of one block:
 *
 *   owned   flows that a single design y opens (x <= m o y), with the resource, if there is one, that
 *           they alone use and y alone supplies (sum u x <= s y): a continuous knapsack times y
 *   gated   the flows of an arc with any other opening sets: x <= m z, 0 <= z <= 1, and z <= sum o y
 *           of each set priced by one multiplier (a gate) instead of one a flow
 *   plain   flows that nothing opens, with the resource that they alone use and nothing supplies
 *
 * Resources that no cell keeps are priced too. On one resource and one binary an arc this is the
 * knapsack relaxation of Gendron, Crainic and Frangioni (1999). Every multiplier gives a bound that
 * kv_bound_recompute confirms (kv_knapsack_multipliers).
 *
 * Flows lie in the order of block, cell, arc, commodity ("positions"), multipliers of balance rows in
 * the order of block, node, commodity, so that the commodities of an arc form a run: contiguous in
 * position and in the rows of tail and head.
 */
#ifndef KV_SOLVER_LAGRANGE_KNAPSACK_H
#define KV_SOLVER_LAGRANGE_KNAPSACK_H

#include "solver/engine.h"

typedef struct kv_cell {
    int block;
    int owner;      /* design, or -1 */
    int sole;       /* 1 = its owner has no other cell and may be 0 */
    int resource;   /* resource kept, or -1 */
    int gate;       /* first row of its gates */
    int n_gates;    /* 0 = none */
    double supply;  /* capacity of the resource kept: for one unit of the owner, or as it stands */
    int first, end; /* positions */
    int run, run_end;
    int general; /* 1 = some of its flows stand in other rows, too */
} kv_cell;

typedef struct kv_run {
    int first, length; /* positions */
    int tail, head;    /* rows of the first position */
    int uniform;       /* 1 = all flows cost the same: `cost` */
    double cost;
} kv_run;

typedef enum kv_row_kind {
    KV_ROW_BALANCE,
    KV_ROW_NONE, /* stands for the missing balance row of a flow */
    KV_ROW_RESOURCE,
    KV_ROW_COUPLING,
    KV_ROW_SIDE,
    KV_ROW_GATE
} kv_row_kind;

typedef struct kv_knapsack {
    const kv_problem *problem;
    double *lower, *upper; /* [n_design] boxes, rounded inwards for integers */

    int n_cells;
    kv_cell *cells;
    int n_runs;
    kv_run *runs;
    int n_positions;
    int *flow;        /* [n_positions] flow column */
    int *position;    /* [n_blocks * n_flows] position, -1 = flow cannot be (m = 0 or closed) */
    double *cost;     /* [n_positions] weight * c */
    double *most;     /* [n_positions] m, of owned flows m o */
    double *use;      /* [n_positions] of the resource kept, 0 = none */
    int *tail, *head; /* [n_positions] rows */
    int *entry_first; /* [n_positions + 1] other rows of a flow */
    int *entry_row;
    double *entry_value;

    /* Priced rows: rhs + sum value x + sum value y, <= 0 or = 0; the sign of balance rows: d - out +
     * in. */
    int n_rows;
    int n_gates;            /* rows of gates, the last ones */
    int n_balance;          /* rows 0 .. n_balance-1 are balance rows */
    unsigned char *kind;    /* [n_rows] kv_row_kind */
    unsigned char *bounded; /* [n_rows] 1 = multiplier >= 0 */
    int *source;            /* [n_rows] index in the problem (block-major), opening of a gate */
    double *rhs;            /* [n_rows] */
    double *worth;     /* [n_rows] size of the multiplier (kv_knapsack_scale), 0 = fixed at 0 */
    double *size;      /* [n_rows] > 0, size of the violation */
    int *design_first; /* [n_design + 1] rows of a design */
    int *design_row;
    double *design_value;

    int *opening_first; /* [n_blocks * n_arcs + 1] openings of an arc in a block */

    int n_tiles; /* tasks of pricing: cells tile_first[t] .. tile_first[t + 1] - 1 */
    int *tile_first;
} kv_knapsack;

/* Build the relaxation. lower, upper [n_design] boxes (NULL = the problem's); drop_side [side.count]
 * marks side rows to leave out (NULL = none). KV_OK, KV_ERR_MEMORY, KV_ERR_INFEASIBLE (an empty box);
 * the caller frees *knapsack in any case. The problem must outlive it. */
kv_status kv_knapsack_create(const kv_problem *problem, const double *lower, const double *upper,
                             const unsigned char *drop_side, kv_knapsack **knapsack);
void kv_knapsack_free(kv_knapsack *knapsack);

/* Parts of kv_knapsack_create. */
kv_status kv_knapsack_cells(kv_knapsack *knapsack); /* cells and positions */
kv_status kv_knapsack_rows(kv_knapsack *knapsack, const unsigned char *drop_side);
/* The kind of an arc's openings in a block: -1 none, j >= 0 owned by j, -2 gates, -3 closed. */
int kv_knapsack_opener(const kv_knapsack *knapsack, int block, int arc);

/* ---- pricing ---- */

/* Cells between one that is worked on and one whose data are asked for: many blocks leave the caches. */
enum { KV_CELLS_AHEAD = 6 };

/* A flow above 0 when its cell is open. */
typedef struct kv_carried {
    int position, tail, head;
    double amount; /* when the cell is open by 1 */
} kv_carried;

/* A cell that carries something when it is open. */
typedef struct kv_priced_cell {
    int cell, owner;  /* as in its kv_cell */
    int plain;        /* 1 = without gates, and its flows stand in balance rows only */
    int first, count; /* carried[first] .. carried[first + count - 1] */
    double value;     /* least value for one unit of its owner; with gates: in all */
    double open;      /* y of its owner, z, or 1 */
} kv_priced_cell;

typedef struct kv_pricing {
    const kv_knapsack *knapsack;
    double *multipliers;    /* [n_rows] */
    double *design_cost;    /* [n_design] cost of y with priced rows; then with its cells too */
    double *design;         /* [n_design] y of least cost */
    int *n_priced;          /* [n_tiles] */
    kv_priced_cell *priced; /* [n_cells] a tile's from its first cell on, in the order of cells */
    kv_carried *carried;    /* [n_positions] a tile's from its first position on */
    int *chosen;            /* [n_positions] room to work in, from a tile's first position on */
    double *reduced, *amount;
} kv_pricing;

kv_status kv_pricing_create(const kv_knapsack *knapsack, kv_pricing **pricing);
void kv_pricing_free(kv_pricing *pricing);

/* The bound at these multipliers [n_rows], its design and flows (in `pricing`), and
 * rhs + sum value x + sum value y of each row in violation [n_rows] (a supergradient). Gates that
 * are worth more than their flows are lowered first. The result
 * does not depend on the number of threads. */
double kv_pricing_run(kv_pricing *pricing, kv_threads *threads, double *multipliers,
                      double *violation);

/* The flows of a cell with a negative reduced cost, in the order of positions; how many.
 * chosen, reduced [cell->end - cell->first]. */
int kv_pricing_attracted(const kv_knapsack *knapsack, const kv_cell *cell,
                         const double *multipliers, int *chosen, double *reduced);

/* ---- multipliers ---- */

/* The problem's multipliers with the same bound or a better one. KV_OK or KV_ERR_MEMORY. */
kv_status kv_knapsack_multipliers(const kv_knapsack *knapsack, const double *multipliers,
                                  kv_multipliers *out);

/* A start [n_rows]: shortest paths where opening costs are spread over capacities. */
kv_status kv_knapsack_start(const kv_knapsack *knapsack, double *multipliers);
/* Set the rows' sizes by the first multipliers [n_rows]. KV_OK or KV_ERR_MEMORY. */
kv_status kv_knapsack_scale(kv_knapsack *knapsack, const double *multipliers);
/* The rows' multipliers from the problem's. */
kv_status kv_knapsack_from(const kv_knapsack *knapsack, const kv_multipliers *from,
                           double *multipliers);

#endif
