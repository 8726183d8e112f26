/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cuts: inequalities that every plan meets, each proved in one step of mixed-integer rounding from
 * rows of the problem (Marchand and Wolsey, Operations Research 49, 2001; docs/certificate.md, Cuts).
 */
#ifndef KV_SOLVER_CUT_H
#define KV_SOLVER_CUT_H

#include "solver/engine.h"

typedef enum kv_source_kind {
    KV_FROM_BALANCE,  /* row: b * n_balances + i */
    KV_FROM_RESOURCE, /* row: b * n_resources + r */
    KV_FROM_OPENING   /* row: opening; flow: flow column of its arc */
} kv_source_kind;

typedef struct kv_source { /* factor times a row of the problem */
    kv_source_kind kind;
    int row, flow;
    double factor; /* >= 0 for inequalities */
} kv_source;

struct kv_cut { /* sum design_value y + sum flow_value x <= rhs */
    int n_design, n_flows;
    int *design;
    double *design_value;
    int *flow; /* b * n_flows + p */
    double *flow_value;
    double rhs;
    int n_sources;
    kv_source *source;
    int n_complement;
    int *complement; /* integer designs counted from their upper bounds */
    double divide;   /* > 0 */
};

/* Room for derivations in one problem; made once. NULL when out of memory. */
typedef struct kv_derivation kv_derivation;
kv_derivation *kv_derivation_create(const kv_problem *problem);
void kv_derivation_free(kv_derivation *derivation);

/*
 * The cut that rounding the sum of the sources (divided by `divide`) gives, with the problem's own
 * boxes; its right-hand side is raised by what rounding errors may have done. *cut = NULL where it
 * would say nothing or be numerically doubtful (fraction of the right-hand side within 1e-3 of a whole
 * number, coefficients of very different sizes). KV_OK or KV_ERR_MEMORY.
 */
kv_status kv_cut_derive(kv_derivation *derivation, int n_sources, const kv_source *source,
                        int n_complement, const int *complement, double divide, kv_cut **cut);
void kv_cut_free(kv_cut *cut);

/* By how much a point (y [n_design], x [n_blocks * n_flows]) breaks it, by the length of its normal. */
double kv_cut_efficacy(const kv_cut *cut, const double *design, const double *flow);
/* Cosine of the angle between two cuts' normals. */
double kv_cut_parallel(const kv_cut *a, const kv_cut *b);

#endif
