/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Both children of a node are relaxed at once, each by sifting of its own: one block leaves an interior
 * point little to share among threads, and two of them share nothing. Which child goes where does not depend
 * on the threads, so the results do not either.
 */
#ifndef KV_SOLVER_DECOMPOSITION_PAIR_H
#define KV_SOLVER_DECOMPOSITION_PAIR_H

#include "solver/decomposition/node.h"

typedef struct kv_pair {
    kv_search *search;
    kv_cut_rounds
        twin; /* with the search's cuts, for the second child; empty where blocks are many */
    kv_threads *both;      /* the two at once */
    kv_threads *inside[2]; /* of each of them; NULL = one */
    int has_twin;
} kv_pair;

/* A child: what is given, and what becomes of it. */
typedef struct kv_child {
    kv_node node;
    int there;           /* 0 = it was closed before: nothing else is there */
    unsigned char *drop; /* as of kv_node_relax; the caller's */
    kv_ipm_result result;
    kv_status status; /* as of kv_node_relax */
} kv_child;

/* The search's root must be done. KV_OK or KV_ERR_MEMORY; to be cleared in any case. */
kv_status kv_pair_create(kv_search *search, kv_pair *pair);
void kv_pair_clear(kv_pair *pair);

/* kv_node_relax, with tolerance 0, of those of the two that are there. */
void kv_pair_relax(kv_pair *pair, kv_child child[2]);

#endif
