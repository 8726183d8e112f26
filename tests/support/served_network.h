/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small random network design problems of the kinds that the search on paths serves. */
#ifndef KV_TESTS_SUPPORT_SERVED_NETWORK_H
#define KV_TESTS_SUPPORT_SERVED_NETWORK_H

#include "support/tiny_problem.h"

typedef enum served_network_kind {
    SERVED_FIXED,    /* a binary and a capacity an arc */
    SERVED_MODULES,  /* links of two arcs: two modules in numbers, at times a base and a set-up */
    SERVED_SIZES,    /* the same with at most one module a link, by a side row */
    SERVED_LOCATION, /* facilities with an arc to each customer */
    SERVED_NETWORK_KINDS
} served_network_kind;

/* With several blocks each has a weight and demands of its own. `direct`: each commodity but that of
 * a location has a dear arc of its own, so that every design is a plan. At most 1,000 designs within
 * the boxes. */
kv_problem *served_network(kv_random *random, served_network_kind kind, int n_blocks, int direct);

#endif
