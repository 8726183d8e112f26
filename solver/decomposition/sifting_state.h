/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of sifting and its parts: which flows the LP holds (sifting_flows.c), what its
 * multipliers say of the whole problem (sifting_price.c), the rounds (sifting.c). */
#ifndef KV_SOLVER_DECOMPOSITION_SIFTING_STATE_H
#define KV_SOLVER_DECOMPOSITION_SIFTING_STATE_H

#include "solver/decomposition/covering.h"
#include "solver/decomposition/sifting.h"

struct kv_sifting {
    kv_relaxation *relaxation;
    const kv_problem *problem;
    unsigned char *terminal; /* [n_blocks * n_balances] KV_SUPPLY, KV_DEMAND */
    unsigned char *bare;     /* [n_blocks * n_flows] KV_FLOW_OPEN = needs nothing, else _CLOSED */
    unsigned char *columns;  /* [n_blocks * n_flows] 1 = the LP holds the flow */
    int all;                 /* 1 = the LP holds all flows, */
    int few;                 /* and does so from the beginning */
    int astray;              /* LPs above the cutoff that ended nowhere near a solution */
    long usual;              /* flows held for the root, 0 = not known yet */
    kv_opening_row *rows;    /* opening rows of the flows that it holds */
    size_t n_rows, rows_room;
    kv_multipliers *base; /* where potentials of nodes that the LP doesn't have come from */
    double share, tolerance;
    double dearest; /* an LP over some flows that costs more has too few of them */
    int round;

    /* what the next LP begins with; before.multipliers NULL = nothing */
    kv_ipm_start before;
    double *design, *flow, *opening; /* [n_design], [n_blocks * n_flows], [n_rows] */
    kv_multipliers *multipliers;
    size_t opening_room;

    /* of the round at hand */
    double *priced;        /* [n_blocks * n_flows] kv_price_rows */
    double *reduced;       /* [n_blocks * n_flows] reduced costs before charging */
    unsigned char *kind;   /* [n_blocks * n_flows] kv_flow_kind */
    unsigned char *passed; /* [n_blocks * n_balances] */
    int *next;             /* [n_blocks * n_balances] of kv_potentials_mend */
    double *mended;        /* [n_blocks * n_balances] potentials before closing */
    int keep;              /* of kv_potentials_close */
    kv_multipliers *at;    /* the multipliers, and the flows or NULL */
    const double *point;
    kv_covering covering;
    int n_workers;
    kv_potentials *worker; /* [n_workers] */
    double *detour;        /* [n_workers * n_flows] */
    unsigned char *marked; /* [n_workers * n_flows] */
};

static inline size_t kv_sifting_flow(const kv_sifting *s, int block)
{
    return (size_t)block * (size_t)s->problem->n_flows;
}

static inline size_t kv_sifting_balance(const kv_sifting *s, int block)
{
    return (size_t)block * (size_t)s->problem->n_balances;
}

/* Run a task for all blocks; it writes what belongs to its block. */
void kv_sifting_each_block(kv_sifting *s, void (*task)(void *s, int block, int worker));
/* Take these multipliers, and the flows (NULL = none), for the tasks. */
void kv_sifting_take(kv_sifting *s, kv_multipliers *multipliers, const double *flow);

/* ---- sifting_flows.c ---- */

/* Where flow begins and ends: by balances, and where short coupling rows tie flows to others. */
void kv_sifting_find_terminals(kv_sifting *s);
/* Flows that use no resource, stand in no coupling row and wait for nothing to be opened. */
void kv_sifting_find_bare(kv_sifting *s);
/* Hold flows by multipliers (whose potentials become those of shortest ways) and by an average of
 * flows (NULL = none). */
void kv_sifting_choose(kv_sifting *s, kv_multipliers *multipliers, const double *flow);
void kv_sifting_hold_all(kv_sifting *s);
/* How many flows are held. */
long kv_sifting_held(const kv_sifting *s);
/* Hold flows that could save something at the multipliers at hand; how many. */
long kv_sifting_add(kv_sifting *s);
/* Hold what attracts, even where designs bear it; how many flows. */
long kv_sifting_add_attracting(kv_sifting *s, int every);
/* All opening rows of the flows that the LP holds. KV_OK or KV_ERR_MEMORY. */
kv_status kv_sifting_list_rows(kv_sifting *s);

/* ---- sifting_price.c ---- */

/* Mend and lift the multipliers of the LP at hand; the bound on the whole. KV_OK or KV_ERR_MEMORY. */
kv_status kv_sifting_price(kv_sifting *s, kv_ipm_result *result);

#endif
