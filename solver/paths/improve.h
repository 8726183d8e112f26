/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Good plans soon, for the problems of solver/paths/shape.h: first plans by capacity scaling, then
 * annealed destroy and repair with exact flows. It gives no bound. An engine lets it work in slices
 * between its own steps, or on a thread beside them: an improver keeps all it has to itself and is
 * used by one thread at a time.
 */
#ifndef KV_SOLVER_PATHS_IMPROVE_H
#define KV_SOLVER_PATHS_IMPROVE_H

#include "solver/engine.h"

typedef struct kv_improver kv_improver;

/*
 * lower, upper [n_design]: boxes (NULL = the problem's); drop_side [side.count]: side rows that do not
 * count (NULL = none). multipliers: of a relaxation of the problem (NULL = it finds its own); relaxed
 * [n_design]: the relaxation's design (NULL = it finds one). All but the problem may go afterwards.
 * KV_OK; KV_ERR_ARGUMENT (not a problem that it serves), KV_ERR_INFEASIBLE (no design within the boxes
 * and side rows), KV_ERR_MEMORY: *improver is NULL then.
 */
kv_status kv_improver_create(const kv_problem *problem, const double *lower, const double *upper,
                             const unsigned char *drop_side, const kv_multipliers *multipliers,
                             const double *relaxed, unsigned long seed, kv_improver **improver);
void kv_improver_free(kv_improver *improver);

/* Tell it a plan (design [n_design], flow [n_blocks * n_flows]); it goes on from there if it is the
 * best so far. KV_OK or KV_ERR_MEMORY. */
kv_status kv_improver_offer(kv_improver *improver, const double *design, const double *flow);

/*
 * Go on for about so many million elementary steps (one takes about a nanosecond: so milliseconds);
 * the first call needs what the first plans cost, whatever it is, and uses the threads (or NULL) for
 * them. What is done depends on the calls
 * so far alone, unless `deadline` (kv_clock() time) passes or a stop is requested. KV_OK or
 * KV_ERR_MEMORY.
 */
kv_status kv_improver_run(kv_improver *improver, double work, kv_threads *threads, double deadline);

/* A slice of work in proportion to the problem, about what a relaxation costs. */
double kv_improver_slice(const kv_improver *improver);
/* Million elementary steps so far. */
double kv_improver_work(const kv_improver *improver);

/* Cost of the best plan, without the problem's constant; HUGE_VAL = none. */
double kv_improver_cost(const kv_improver *improver);
/* The best plan: exact flows at a vertex. KV_OK, KV_ERR_LIMIT (there is none) or KV_ERR_MEMORY. */
kv_status kv_improver_plan(kv_improver *improver, double *design, double *flow);

#endif
