/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Engines: from a design problem to a plan, a bound and the multipliers that prove it. */
#ifndef KV_SOLVER_ENGINE_H
#define KV_SOLVER_ENGINE_H

#include "base/parallel.h"
#include "formulations/model.h"
#include "formulations/problem.h"

typedef struct kv_cut kv_cut; /* solver/cut.h */

/* Multipliers of the rows; their signs and the bound they give: docs/mathematics.md section 6. */
typedef struct kv_multipliers {
    double *balance;       /* [n_blocks * n_balances] MEUR per t */
    double *resource;      /* [n_blocks * n_resources] >= 0 */
    int n_opening;         /* opening rows with a multiplier */
    int *opening;          /* [n_opening] index in problem->openings */
    int *opening_flow;     /* [n_opening] flow column on that arc */
    double *opening_value; /* [n_opening] >= 0 */
    int n_arc_opening;     /* rows of a whole arc (weak form) that no flows' rows imply; mostly 0 */
    int *arc_opening;      /* [n_arc_opening] index in problem->openings */
    double *
        arc_opening_value; /* [n_arc_opening] >= 0, of sum_k x <= M sum o y, M = kv_opening_capacity */
    int opening_room, arc_opening_room; /* entries allocated */
    double *coupling;                   /* [coupling.count] >= 0 for 'L' */
    double *side;                       /* [side.count] >= 0 for 'L' */
    int n_cut, cut_room;
    const kv_cut **cut; /* [n_cut] cuts with a multiplier; they belong to somebody else */
    double *cut_value;  /* [n_cut] >= 0 */
} kv_multipliers;

kv_multipliers *kv_multipliers_create(const kv_problem *problem); /* zeros, room for no opening */
/* Make room for n_opening opening rows (n_opening itself is not changed). KV_OK or KV_ERR_MEMORY. */
kv_status kv_multipliers_reserve(kv_multipliers *multipliers, int n_opening);
/* The same for rows of whole arcs. */
kv_status kv_multipliers_reserve_arcs(kv_multipliers *multipliers, int n_arc_opening);
/* The same for cuts. */
kv_status kv_multipliers_reserve_cuts(kv_multipliers *multipliers, int n_cut);
void kv_multipliers_free(kv_multipliers *multipliers);
/* NULL when out of memory. */
kv_multipliers *kv_multipliers_copy(const kv_problem *problem, const kv_multipliers *multipliers);

/* The bound of section 6, recomputed in plain arithmetic with compensated sums (without the
 * problem's constant). Negative multipliers of 'L' rows count as 0. Integer y use rounded-in boxes. */
double kv_bound_recompute(const kv_problem *problem, const kv_multipliers *multipliers);
/* The same within other boxes [n_design] of the design variables (NULL = the problem's): +infinity
 * when a box holds no value, -infinity when out of memory. */
double kv_bound_within(const kv_problem *problem, const double *lower, const double *upper,
                       const kv_multipliers *multipliers);

/* M of the row sum_k x <= M sum_{j in O} o y of a whole arc: the sum of the flows' upper bounds; if
 * all of O is integer with o >= 1, no more than what any resource of the arc lets through:
 * kv_problem_resource_most / (least u of a flow with an upper bound > 0). +infinity without memory. */
double kv_opening_capacity(const kv_problem *problem, int opening);

typedef enum kv_plan_status {
    KV_PLAN_NONE,
    KV_PLAN_FEASIBLE,
    KV_PLAN_OPTIMAL,
    KV_PLAN_INFEASIBLE,
    KV_PLAN_UNBOUNDED
} kv_plan_status;

typedef struct kv_proof kv_proof; /* solver/proof.h */

typedef struct kv_plan {
    int status;                  /* kv_plan_status */
    double *design;              /* [n_design] */
    double *flow;                /* [n_blocks * n_flows], on the flow grid, balances exact */
    double objective;            /* of design and flow as they stand, without the constant */
    double bound;                /* the engine's claim */
    kv_multipliers *multipliers; /* root certificate */
    kv_proof *proof;             /* of the search, when it proves more than the root; or NULL */
    double certified_bound;      /* kv_proof_bound(proof), else kv_bound_recompute(multipliers) */
    long nodes, work;            /* branch-and-bound nodes; iterations of all kinds */
    double seconds;
    int ended_by_limit; /* 0 no, 1 work limit, 2 time or signal */
    const char *engine; /* name of the engine that found it, static */
} kv_plan;

/* A plan of zeros: status KV_PLAN_NONE, objective 1e30, bounds -1e30, multipliers 0 (none opening).
 * NULL when out of memory. */
kv_plan *kv_plan_create(const kv_problem *problem);
void kv_plan_free(kv_plan *plan);

/* What an engine tells while it works, at every new incumbent or bound and at least some times a
 * second; an incumbent or bound that is not known is 1e30, -1e30. `phase` is a static text, one of
 * "root", "search", "polish" or an engine's own. */
typedef struct kv_progress {
    double seconds;
    long work;
    int has_incumbent;
    double incumbent, bound;
    const char *phase;
} kv_progress;

typedef struct kv_limits {
    /* The search is done when BOTH gap and (if it is on and do_nothing is known) decision_gap are
     * reached: a small gap over the whole cost may hide the decision, and a user who wants only one
     * sets gap very large or decision_gap to 0. */
    double gap;          /* (objective - bound)/|objective| <= gap */
    double decision_gap; /* (objective - bound)/(do_nothing - bound) <= it; 0 = off */
    double do_nothing;   /* objective of doing nothing; NaN = not known */
    double seconds;      /* wall clock; 1e30 = none */
    long work;           /* work limit; 0 = none */
    int threads;
    unsigned long seed;
    kv_strength strength;
    const kv_plan *start; /* a plan to start from (same problem layout), or NULL */
    const double *fixed_lower,
        *fixed_upper;       /* [n_design] boxes to use instead of the problem's, or NULL */
    int relax_dropped_rows; /* 1 = leave out the side rows marked dropped (doing nothing) */
    int no_preprocessing;   /* 1 = `glpk` searches the model as it is, to compare with */
    void (*progress)(void *context, const kv_progress *progress); /* may be NULL */
    void *progress_context;
} kv_limits;

/* gap 0.01, no other limit, one thread, seed 0, strong opening rows. */
void kv_limits_default(kv_limits *limits);

typedef struct kv_engine {
    const char *name;
    const char *help;
    /* Solve; *plan is created (status KV_PLAN_NONE at least) unless KV_ERR_MEMORY or KV_ERR_INTERNAL. */
    kv_status (*solve)(const kv_problem *problem, const kv_limits *limits, kv_plan **plan,
                       kv_messages *messages);
} kv_engine;

extern const kv_engine kv_engine_glpk;    /* branch and cut of GLPK on the whole model */
extern const kv_engine kv_engine_cutting; /* branch and cut of our own, for network design */
extern const kv_engine
    kv_engine_decomposition;                /* interior point bounds, rounding and Benders search */
extern const kv_engine *const kv_engines[]; /* all, NULL-ended */

/* Engine by name; "auto" chooses by the size of the problem (`problem` may be NULL for any other
 * name). NULL when unknown. */
const kv_engine *kv_engine_find(const char *name, const kv_problem *problem);

/* The best plan in which no project is built and fleets are only renewed: same engine, boxes
 * do_nothing_upper, dropped rows left out. */
kv_status kv_solve_do_nothing(const kv_engine *engine, const kv_problem *problem,
                              const kv_limits *limits, kv_plan **plan, kv_messages *messages);

/* Put flows on the grid: every flow of a commodity with balance rows goes to a grid point next to
 * it (what the LP's tolerance left open goes along a spanning tree of large flows), so that every
 * balance holds exactly in units of the grid. Commodities without balance rows (empties) are brought
 * in line with that in the equality rows they stand in, on a grid of 1e-9. Flows that the design
 * [n_design] leaves no room for become 0 where balances allow it (NULL: all may be). Needs a feasible
 * flow [n_blocks * n_flows]. KV_OK (nothing to do without a grid), KV_ERR_MEMORY, or KV_ERR_NUMERIC when
 * the flow is too far from balance; the flow is unchanged on failure. */
kv_status kv_flow_to_grid(const kv_problem *problem, const double *design, double *flow);

/* Set the variables of a risk measure (those that only relax coupling rows: eta, xi) to their best
 * for the other decisions and the flows, exactly; nothing where there are none. design [n_design],
 * flow [n_blocks * n_flows]. KV_OK or KV_ERR_MEMORY. */
kv_status kv_design_settle(const kv_problem *problem, double *design, const double *flow);

#endif
