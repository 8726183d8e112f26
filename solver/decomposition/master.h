/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The investment problem with Benders cuts:
 *   min f y + sum_b theta_b,  theta_b >= constant_b - slope_b y (each cut),  G y <= g, y integer.
 * Its bound is a valid bound on the design problem; its solution is the next candidate.
 */
#ifndef KV_SOLVER_DECOMPOSITION_MASTER_H
#define KV_SOLVER_DECOMPOSITION_MASTER_H

#include "solver/decomposition/cut.h"

typedef struct kv_master kv_master;

/* Boxes as given (NULL = the problem's); side rows marked in drop_side (NULL = none) left out. */
kv_status kv_master_create(const kv_problem *problem, const double *lower, const double *upper,
                           const unsigned char *drop_side, kv_master **master);
void kv_master_free(kv_master *master);

kv_status kv_master_add(kv_master *master, const kv_cuts *cuts);

typedef struct kv_master_limits {
    double seconds, gap;
    long nodes;
    const double
        *center; /* [n_design]: with radius >= 0, at most `radius` changes of integer variables */
    double radius;
} kv_master_limits;

/* Solve; `design` [n_design] the best solution. *bound is a valid bound on the design problem when radius < 0.
 * KV_OK, KV_ERR_INFEASIBLE (no y meets the side rows or the radius), KV_ERR_LIMIT (no solution in time; bound set). */
kv_status kv_master_solve(kv_master *master, const kv_master_limits *limits, double *design,
                          double *bound);

#endif
