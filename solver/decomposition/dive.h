/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Dives: the relaxation is solved, some integers are fixed where it wants them, and so on down to a
 * design; and neighbourhoods: dives in which most integers stay as in the incumbent (Danna,
 * Rothberg and Le Pape 2005 for the idea of searching where incumbent and relaxation differ).
 */
#ifndef KV_SOLVER_DECOMPOSITION_DIVE_H
#define KV_SOLVER_DECOMPOSITION_DIVE_H

#include "base/random.h"
#include "solver/decomposition/search.h"

/* Dive from the boxes `lower`, `upper` [n_design], which are narrowed in place; the design at the end
 * is evaluated. KV_OK also when the dive was cut off. */
kv_status kv_search_dive(kv_search *search, double *lower, double *upper);

/* The same from boxes whose relaxation is known: where it ended, of the problem with rows of groups. */
kv_status kv_search_dive_from(kv_search *search, const kv_relaxed *from, double *lower,
                              double *upper);

/* A dive in which each integer that the root relaxation or the incumbent uses is free with the
 * probability `share`, and the others stay as in the incumbent. Needs an incumbent. */
kv_status kv_search_neighbourhood(kv_search *search, double share, kv_random *random);

/* Evaluate the root's design with all its fractions rounded up, if the side rows allow that. */
kv_status kv_search_round_up(kv_search *search);

#endif
