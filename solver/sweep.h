/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The same case at several budgets and in several scenarios: each point in turn, scenario by
 * scenario and in each from the smallest budget up, every search starting from the plan of the
 * budget below, which is a plan of this one too. So more budget never gives a worse plan.
 */
#ifndef KV_SOLVER_SWEEP_H
#define KV_SOLVER_SWEEP_H

#include "formulations/build.h"
#include "solver/engine.h"

typedef struct kv_sweep_point {
    int number;    /* 0, 1, ... in the order of solving */
    int scenario;  /* row of the case's scenarios, or -1 = joint */
    double budget; /* factor on all budgets */
    const kv_problem *problem;
    const kv_map *map;
    const kv_plan *plan;       /* status KV_PLAN_NONE, _INFEASIBLE, ... where there is no plan */
    const kv_plan *do_nothing; /* NULL where it could not be solved; the same at all budgets */
} kv_sweep_point;

typedef struct kv_sweep_options {
    int n_scenarios;
    const int *scenario; /* [n_scenarios] rows of scenarios, or -1 = joint */
    int n_budgets;
    const double *budget;           /* [n_budgets] factors >= 0, in any order */
    const double *regret_reference; /* as in kv_build_options */
    const char *engine;             /* a name or "auto" */
    /* gap, decision gap, work, threads, ... of each point; seconds are for all of them together;
     * start and boxes are not used. */
    kv_limits limits;
    /* Called after each point; what it is given lives until it returns. Anything but KV_OK ends the
     * sweep with that status. */
    kv_status (*done)(void *context, const kv_sweep_point *point);
    void *context;
} kv_sweep_options;

/*
 * Run the sweep. KV_OK when all points were solved (each perhaps ended by its own limit); KV_ERR_LIMIT
 * when the time was out or a stop was requested before the last one (the point at work is still
 * given to `done`); otherwise the status of what failed.
 */
kv_status kv_sweep(const kv_case *the_case, const kv_sweep_options *options, kv_messages *messages);

#endif
