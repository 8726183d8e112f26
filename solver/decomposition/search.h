/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of a run of the decomposition engine; the steps that use it are in root.c, flow_root.c,
 * evaluate.c, dive.c, plans.c and engine.c. */
#ifndef KV_SOLVER_DECOMPOSITION_SEARCH_H
#define KV_SOLVER_DECOMPOSITION_SEARCH_H

#include "solver/decomposition/cut_rounds.h"
#include "solver/decomposition/group_rows.h"
#include "solver/decomposition/master.h"
#include "solver/decomposition/relaxation.h"
#include "solver/paths/companion.h"
#include "solver/proof.h"

typedef struct kv_search {
    kv_problem problem; /* shallow copy: boxes of the limits in place of the problem's */
    const kv_limits *limits;
    const unsigned char *drop_side;
    kv_threads *threads;
    kv_relaxation *relaxation;
    kv_master *master;
    double start, deadline; /* kv_clock() times */
    int n_free_integers;

    kv_group_rows groups;        /* the problem with rows that the tree may hold, */
    kv_cut_rounds rounds;        /* and with cuts: what the root and nodes relax */
    kv_ipm_result root;          /* where the root's relaxation ended */
    double *root_design;         /* [n_design] of the root relaxation */
    kv_multipliers *certificate; /* the best root multipliers */
    double certified;            /* their bound */
    kv_proof *proof;             /* of the flow relaxation or the tree, the better; or NULL */
    double bound;                /* the best bound known */

    int has_incumbent;
    double incumbent;        /* objective of the incumbent, interior point accuracy */
    double *design;          /* [n_design] */
    double *flow;            /* [n_blocks * n_flows] */
    kv_multipliers *prices;  /* of the incumbent's evaluation, or NULL: its flows are basic */
    kv_companion *companion; /* the search on paths; NULL = not a problem for it */
    double slice;            /* of its work */
    long met_at;             /* work when it was sent off last */

    double **seen; /* designs evaluated */
    size_t n_seen, seen_capacity;
    long nodes, work;
} kv_search;

/* Solve the root relaxation with opening rows in rounds; sets root_design, certificate, bounds and,
 * if no integer is free, the incumbent. KV_OK; KV_ERR_INFEASIBLE; KV_ERR_LIMIT (what is there is valid);
 * KV_ERR_NUMERIC; KV_ERR_MEMORY. */
kv_status kv_search_root(kv_search *search);

/* The proof of the root with its cuts, where it proves more than what there is. KV_OK or KV_ERR_MEMORY. */
kv_status kv_search_prove_cuts(kv_search *search);

/* Where side rows hold integers: the root's bound by the flow relaxation from the LP's multipliers;
 * its proof is kept. KV_OK or KV_ERR_MEMORY. */
kv_status kv_search_flow_bound(kv_search *search);

/* Evaluate a design's integers: the best continuous designs and flows for them. New incumbents are
 * kept; cuts go to the master. KV_OK also when the design is infeasible. */
kv_status kv_search_evaluate(kv_search *search, const double *design);

/* The relaxation within boxes [n_design], from where another one ended (NULL: from where the root's did, if
 * that is known); result as of kv_relaxation_solve. */
kv_status kv_search_relax_within(kv_search *search, const kv_relaxed *from, const double *lower,
                                 const double *upper, double tolerance, double cutoff,
                                 kv_ipm_result *result);
/* A point that the interior point left is a plan's when its rows hold well enough to be polished. */
int kv_search_usable(const kv_ipm_result *result);
/* Such a point becomes the incumbent if it costs less; what is kept of the result moves. */
void kv_search_keep_incumbent(kv_search *search, kv_ipm_result *result);
/* Benders cuts of multipliers go to the master; `at` as of kv_cuts_create. */
kv_status kv_search_add_cuts(kv_search *search, const kv_multipliers *multipliers,
                             const double *at);

/* Where the search on paths serves: begin it at the root's multipliers and design found so far, and
 * let it find first plans. KV_OK or KV_ERR_MEMORY. */
kv_status kv_search_begin_plans(kv_search *search);
/* Send it off before a step that raises the bound, for as much work as was done since the last time, and
 * meet it afterwards: its better plan becomes the incumbent, or the other way round. KV_OK or
 * KV_ERR_MEMORY. Nothing happens where it does not serve. */
void kv_search_send_plans(kv_search *search);
kv_status kv_search_meet_plans(kv_search *search);

/* The incumbent, or without one more than any plan can cost. */
double kv_search_cutoff(const kv_search *search);

/* 1 when the integers of `design` were evaluated before. */
int kv_search_seen(const kv_search *search, const double *design);

/* 1 when gap, work, time or a signal ends the run. */
int kv_search_done(const kv_search *search);

void kv_search_report(const kv_search *search, const char *phase);

#endif
