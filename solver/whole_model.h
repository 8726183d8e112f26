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

    int lazy; /* 1 = strong, opening rows as they are needed; 0 = all are in the LP */
    /* Of opening row i of the model: its row of the LP (-1 = left out), the m it has there, and a
     * multiplier that it could have although it is left out. [model->n_opening_rows] */
    int *held;
    double *held_upper, *spare;
    unsigned char *asleep; /* [n_columns] 1 = held at 0 until it is woken */
    int *stamp;            /* [model->n_opening_rows] last node of a search that asked for it */
    int *entry_column;     /* [n_design + 1] and */
    double *entry_value;   /*               room for a row */
    double *solution;      /* [n_columns] room */
} kv_whole_model;

/* The problem within the boxes (NULL = its own), without the dropped rows when asked. KV_OK (the LP
 * is not loaded when there is an empty box), KV_ERR_MEMORY, or KV_ERR_INTERNAL where the LP refuses
 * the model. End with the clear function, also after a failure. */
kv_status kv_whole_model_create(kv_whole_model *whole, const kv_problem *problem,
                                const kv_limits *limits);
/* The same with none of the opening rows: they are added as solutions break them. */
kv_status kv_whole_model_create_lazy(kv_whole_model *whole, const kv_problem *problem,
                                     const kv_limits *limits);
void kv_whole_model_clear(kv_whole_model *whole);

/* The flow (b * n_flows + f) of opening row i of a strong model. */
size_t kv_whole_model_flow(const kv_whole_model *whole, int i);
/* Put opening row i into the LP, unless it is there. KV_OK, or what the LP says. */
kv_status kv_whole_model_hold(kv_whole_model *whole, int i);
/* Hold all opening rows that the LP's solution breaks; how many were added. */
kv_status kv_whole_model_separate(kv_whole_model *whole, int *added);
/* Hold the opening rows of all flows of the LP's solution: cuts are made from them. */
kv_status kv_whole_model_hold_used(kv_whole_model *whole);
/* Solve the relaxation and hold rows until none is broken. *work counts iterations. KV_LP_FAILED also
 * when out of memory. */
kv_lp_state kv_whole_model_relax(kv_whole_model *whole, const kv_lp_limits *limits, long *work);
/* Fix a flow column at 0, or free it again. */
void kv_whole_model_sleep(kv_whole_model *whole, int column, int asleep);
/* Take over boxes [n_design] and the problem's present flow_upper, which only ever shrink. */
kv_status kv_whole_model_shrink(kv_whole_model *whole, const double *lower, const double *upper);
/* For a search: the next opening row from *next on that a node's solution breaks (kv_lp_limits). */
int kv_whole_model_broken(void *whole, const double *value, int node, int *next, kv_lp_row *row);

/* The multipliers of the LP's last basis, into zeroed `multipliers`. KV_OK or KV_ERR_MEMORY. Not for an
 * LP whose boxes or bounds have shrunk. */
kv_status kv_whole_model_multipliers(const kv_whole_model *whole, kv_multipliers *multipliers);

/* The LP's last solution: integer variables rounded. */
void kv_whole_model_plan(const kv_whole_model *whole, double *design, double *flow);
/* The columns of a plan, into whole->values. */
void kv_whole_model_values(kv_whole_model *whole, const double *design, const double *flow);

/* Solve with the integer variables fixed at those of `design` (brought into their boxes), flows on
 * closed arcs at 0, all rows held that are needed, and set the bounds back. */
kv_lp_state kv_whole_model_solve_fixed(kv_whole_model *whole, const double *design,
                                       const kv_lp_limits *limits, long *work);

#endif
