/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of recognising a problem. Private to shape*.c. */
#ifndef KV_SOLVER_PATHS_SHAPE_PARTS_H
#define KV_SOLVER_PATHS_SHAPE_PARTS_H

#include "solver/paths/shape.h"

typedef struct kv_shaping {
    const kv_problem *problem;
    const double *lower, *upper;    /* [n_design] */
    const unsigned char *drop_side; /* [side.count] or NULL */
    kv_shape *shape;
    int *opening_first;   /* [n_blocks * n_arcs + 1] openings of an arc in a block */
    int *resource;        /* [n_arcs of the problem] limited resource of an arc, -1 = none */
    double *use;          /* [n_arcs] and use */
    int *component;       /* [n_design + n_resources] group, -1 = none */
    int *group_resource;  /* [n_groups] -1 = none */
    int *group_sets;      /* [n_groups] first opening of the group's arcs in block 0, */
    int *n_sets;          /* [n_groups] and how many there are */
    unsigned char *alone; /* [n_arcs] 1 = an arc of one commodity, as a way of its own */
    double *most;         /* [n_blocks] all that is demanded */
} kv_shaping;

/* In this order; each KV_OK, KV_ERR_ARGUMENT (not served), KV_ERR_INFEASIBLE or KV_ERR_MEMORY. */
kv_status kv_shape_find_groups(kv_shaping *shaping);  /* groups, their designs and sets */
kv_status kv_shape_find_levels(kv_shaping *shaping);  /* ladders */
kv_status kv_shape_find_demands(kv_shaping *shaping); /* demands but for ways of their own */
kv_status kv_shape_find_arcs(kv_shaping *shaping);    /* arcs and ways of their own */
kv_status kv_shape_find_bounds(kv_shaping *shaping);  /* no flow's bound counts */

/* 1 when a limited resource's row of some block holds it back. */
int kv_shape_limited(const kv_problem *problem, int resource);

#endif
