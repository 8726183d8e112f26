/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the multipliers of a node say of boxes inside it, before anything is relaxed there. With its
 * balance, resource, opening and coupling multipliers held, the bound is an LP over the investments and
 * their side rows alone; its duals are side multipliers that prove it within those boxes. So boxes that no
 * budget pays for, or that cost more than the incumbent in any case, are closed in a millisecond.
 */
#ifndef KV_SOLVER_DECOMPOSITION_SCREEN_H
#define KV_SOLVER_DECOMPOSITION_SCREEN_H

#include "solver/decomposition/group_rows.h"
#include "solver/proof.h"

typedef struct kv_screen kv_screen;

/* The rows must outlive it; for the thread that creates it. KV_OK or KV_ERR_MEMORY. */
kv_status kv_screen_create(const kv_group_rows *groups, kv_screen **screen);
void kv_screen_free(kv_screen *screen);

/* The terms (of multipliers of groups->problem or of the problem without group rows), which must outlive
 * the questions that follow, and the level (MEUR) that questions are asked about: rows are missed at a price
 * at which that costs more than from `bound` to there. KV_OK or KV_ERR_MEMORY. */
kv_status kv_screen_begin(kv_screen *screen, const kv_bound_terms *terms, double bound,
                          double level);

/* The boxes [n_design] that are asked about, and the groups [n_groups] of which one at least is chosen. */
kv_status kv_screen_set(kv_screen *screen, const double *lower, const double *upper,
                        const unsigned char *chosen);

/* Within these boxes, narrowed by a branch (NULL = not narrowed), does any plan cost at least the level?
 * *closed = 1: yes, and *rate [side rows, with those of groups; the caller's] proves it with the
 * multipliers of the terms and of group `held` as well where the branch is that one of it is chosen (-1 =
 * it is not). KV_OK or KV_ERR_MEMORY. */
kv_status kv_screen_ask(kv_screen *screen, const kv_branch *branch, int held, int *closed,
                        double **rate);

#endif
