/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random problems of fixed-charge network design, as hard for numerics as their kind wants it: one
 * binary an arc, which supplies the arc's resource and opens it, in one to three blocks of different
 * demand.
 */
#ifndef KV_TESTS_SUPPORT_RANDOM_NETWORK_H
#define KV_TESTS_SUPPORT_RANDOM_NETWORK_H

#include "base/random.h"
#include "formulations/problem.h"

typedef enum network_kind {
    NETWORK_ORDINARY, /* costs and capacities as in published instances */
    NETWORK_EQUAL,    /* all arcs cost the same */
    NETWORK_FREE,     /* flow, opening or both cost nothing */
    NETWORK_TIGHT,    /* arcs hold exactly what one plan sends over them: no interior */
    NETWORK_PARALLEL, /* each arc three times, alike */
    NETWORK_APART,    /* two halves without a way across: penalties serve what goes there */
    NETWORK_SPREAD,   /* costs, demands, capacities, fixed costs over eight orders of magnitude */
    NETWORK_CUT_OFF,  /* no plan: nothing can come to a destination */
    NETWORK_SHORT,    /* no plan: too little can come there */
    NETWORK_KINDS
} network_kind;

const char *network_name(network_kind kind);

/* 5 to 14 nodes, at most 60 arcs, 1 to 12 commodities. All but the last two kinds have a plan.
 * Aborts the test when out of memory. */
kv_problem *random_network(kv_random *random, network_kind kind);

#endif
