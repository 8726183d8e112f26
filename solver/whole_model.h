/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A design problem as one LP of the LP interface, and back: its plan and its multipliers. */
#ifndef KV_SOLVER_WHOLE_MODEL_H
#define KV_SOLVER_WHOLE_MODEL_H

#include "solver/engine.h"
#include "solver/lp/lp.h"

typedef struct kv_whole_model {
    const kv_problem *problem;
    kv_model *model; /* rows and columns; those of the LP have the same indices */
    kv_lp *lp;
    double *lower, *upper; /* [n_design] the boxes in force */
    double *values;        /* [n_columns] room */
    int empty_box;         /* 1 = a box holds no value: no plan exists */
} kv_whole_model;

/* The problem within the boxes (NULL = its own), without the dropped rows when asked. KV_OK (the LP
 * is not loaded when there is an empty box), KV_ERR_MEMORY, or KV_ERR_INTERNAL where the LP refuses
 * the model. End with the clear function, also after a failure. */
kv_status kv_whole_model_create(kv_whole_model *whole, const kv_problem *problem,
                                const kv_limits *limits);
void kv_whole_model_clear(kv_whole_model *whole);

/* The multipliers of the LP's last basis, into zeroed `multipliers`. KV_OK or KV_ERR_MEMORY. */
kv_status kv_whole_model_multipliers(const kv_whole_model *whole, kv_multipliers *multipliers);

/* The LP's last solution: integer variables rounded. */
void kv_whole_model_plan(const kv_whole_model *whole, double *design, double *flow);
/* The columns of a plan, into whole->values. */
void kv_whole_model_values(kv_whole_model *whole, const double *design, const double *flow);

/* Solve with the integer variables fixed at those of `design` (brought into their boxes), flows on
 * closed arcs at 0, and set the bounds back. */
kv_lp_state kv_whole_model_solve_fixed(kv_whole_model *whole, const double *design,
                                       const kv_lp_limits *limits);

#endif
