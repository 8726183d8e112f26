/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best levels found, which the parts of the search share. */
#ifndef KV_SOLVER_PATHS_INCUMBENT_H
#define KV_SOLVER_PATHS_INCUMBENT_H

#include "solver/paths/evaluate.h"

typedef struct kv_incumbent {
    double cost; /* HUGE_VAL = none */
    int *level;  /* [n_groups] */
    long found;  /* how often a better one came */
} kv_incumbent;

/* KV_OK or KV_ERR_MEMORY; to be cleared in any case. */
kv_status kv_incumbent_create(const kv_shape *shape, kv_incumbent *incumbent);
void kv_incumbent_clear(kv_incumbent *incumbent);

/* Take over the levels of a solved evaluation if they cost less; 1 when they do. */
int kv_incumbent_offer(kv_incumbent *incumbent, const kv_evaluation *evaluation);

#endif
