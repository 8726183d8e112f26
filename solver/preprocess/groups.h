/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups of design variables of which a side row lets only so many units be built. */
#ifndef KV_SOLVER_PREPROCESS_GROUPS_H
#define KV_SOLVER_PREPROCESS_GROUPS_H

#include "formulations/problem.h"

typedef struct kv_group { /* sum of the members <= limit */
    int first, count;     /* range in kv_groups.member */
    double limit;
} kv_group;

typedef struct kv_groups {
    int count;
    kv_group *group;
    int *member; /* design variables, each in at most one group */
    int *of;     /* [n_design] group, -1 = none */
} kv_groups;

/* The groups of the problem whose limit a side row states that counts (`drop_side` as usual) and
 * whose members are integers that may be 0. KV_OK or KV_ERR_MEMORY; clear it in any case. */
kv_status kv_groups_create(const kv_problem *problem, const double *lower,
                           const unsigned char *drop_side, kv_groups *groups);
void kv_groups_clear(kv_groups *groups);

/* The least of sum d y over the members of a group with 0 <= y <= upper and sum y <= limit, the
 * member `but` left out (-1 = none). */
double kv_group_least(const kv_groups *groups, int group, const double *d, const double *upper,
                      double limit, int but);

#endif
