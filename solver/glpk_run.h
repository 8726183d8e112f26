/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run of the glpk engine: what its steps share. Private to the engine. */
#ifndef KV_SOLVER_GLPK_RUN_H
#define KV_SOLVER_GLPK_RUN_H

#include "solver/lagrange/volume.h"
#include "solver/paths/companion.h"
#include "solver/preprocess/neighbourhood.h"
#include "solver/preprocess/reduction.h"
#include "solver/whole_model.h"

#define kv_report_seconds 0.2 /* longest time between two reports */

typedef struct kv_glpk_run {
    const kv_problem *problem;
    const kv_limits *limits;
    kv_plan *plan; /* design, flow and objective of the incumbent once has_plan */
    kv_whole_model whole;
    int prepared; /* 1 = what follows is in use */
    kv_volume_result volume;
    kv_reduction reduction;
    kv_neighbourhood near; /* of the plans found so far */
    double *design, *flow; /* a candidate */
    double start, deadline, bound, last_report;
    long work;
    kv_companion *companion; /* the search on paths, where it serves and an engine began it; */
    long met_at;             /* work when it was sent off last */
    int has_plan;
    int satisfied; /* the gaps asked for were reached */
    int out_of_limits;
} kv_glpk_run;

/* A run with an empty plan of that engine. KV_OK or KV_ERR_MEMORY; end it with kv_run_close in any
 * case, which gives the plan to the caller, or NULL where `status` is a failure, and returns it. */
kv_status kv_run_create(const kv_problem *problem, const kv_limits *limits, const char *engine,
                        kv_glpk_run *run);
kv_status kv_run_close(kv_glpk_run *run, kv_status status, kv_plan **plan);
/* A warning that the simplex method broke down. */
void kv_run_warn(kv_messages *messages);

/* Tell the caller where the run stands. */
void kv_run_report(kv_glpk_run *run, const char *phase, double incumbent, long work);
/* Whether an objective is near enough to the bound, as the limits ask. */
int kv_run_near_enough(const kv_glpk_run *run, double objective);
/* What is left out of the search costs more than this. */
double kv_run_cutoff(const kv_glpk_run *run);
/* Limits of the next LP or MIP; sets out_of_limits when nothing is left. */
kv_lp_limits kv_run_limits_left(kv_glpk_run *run);
/* Keep the candidate (run->design, run->flow) if it is the best so far. */
void kv_run_offer(kv_glpk_run *run);
/* Solve the relaxation. *status KV_ERR_MEMORY when that is why it failed. */
kv_lp_state kv_run_root(kv_glpk_run *run, kv_status *status);

/* The start plan's integers with the best flows for them, or the plan as it is. */
void kv_run_use_start(kv_glpk_run *run);
/* The certificate of the root, whatever its last basis is worth: the better of the LP's multipliers
 * and those of the preparation. KV_OK or KV_ERR_MEMORY. */
kv_status kv_run_certify(kv_glpk_run *run, kv_lp_state state);
/* Basic flows for the incumbent's integers, then the grid. Never worse than a good start plan. */
kv_status kv_run_polish(kv_glpk_run *run);
/* Status and bound of a plan in hand. A claim above the plan's own objective is no claim. */
void kv_run_judge(kv_glpk_run *run);

/* Multipliers and an average of good flows, into run->volume; their bound. KV_OK or KV_ERR_MEMORY. */
kv_status kv_run_volume(kv_glpk_run *run);
/* Columns and rows for the root, by run->volume. KV_OK, or what the LP says. */
kv_status kv_run_choose(kv_glpk_run *run);
/* First plans from the relaxation's solution. */
kv_status kv_run_find_plans(kv_glpk_run *run);
/* Between root and search: first plans, and the model narrowed by them. Sets run->satisfied. */
kv_lp_state kv_run_sharpen(kv_glpk_run *run, kv_status *status);

#endif
