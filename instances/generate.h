/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random instances of fixed-charge capacitated multicommodity network design, in the manner of
 * Crainic, Frangioni and Gendron (2001), doi:10.1016/S0166-218X(00)00310-3.
 *
 * A strongly connected digraph: a ring through all nodes in random order, then arcs between random
 * pairs, no arc twice. Commodities between random pairs of nodes, pairs differing while there are
 * enough. With |A| arcs, |K| commodities, demands d (15..75 t), unit costs c (5..50), capacities u
 * and fixed costs f (their spread 1:5 and 1:10), all whole numbers:
 *
 *   capacity ratio  C = |A| sum(d) / sum(u)            L (loose): max(1, 0.04 |A|)
 *                                                      T (tight): max(2, 0.06 |A|)
 *   fixed ratio     F = |K| sum(f) / (sum(d) sum(c))   V (variable costs weigh more): 0.005 |K|
 *                                                      F (fixed costs weigh more):    0.015 |K|
 *
 * So an arc holds 1/C of all demand on average, and opening one costs F/|K| (0.5 % or 1.5 %) of
 * moving all demand over it. Capacities are raised where all demand could not be routed otherwise
 * (along paths of fewest arcs, one commodity after the other), so that a plan always exists. The
 * same parameters and seed give the same bytes on every machine.
 */
#ifndef KV_INSTANCES_GENERATE_H
#define KV_INSTANCES_GENERATE_H

#include "base/messages.h"
#include "base/status.h"
#include "base/text.h"

#include <stdint.h>

typedef struct kv_generate_parameters {
    int nodes;       /* 2 .. 10,000 */
    int arcs;        /* nodes .. nodes * (nodes - 1), at most 1,000,000 */
    int commodities; /* 1 .. 1,000,000 */
    char fixed;      /* 'F' or 'V' */
    char capacity;   /* 'T' or 'L' */
    uint64_t seed;
} kv_generate_parameters;

/* The instance as the text of a .dow file. KV_OK, KV_ERR_INPUT (parameters; see the messages),
 * KV_ERR_MEMORY. The caller clears `out`. */
kv_status kv_generate(const kv_generate_parameters *parameters, kv_text *out,
                      kv_messages *messages);

/* The same into a file. Also KV_ERR_IO. */
kv_status kv_generate_file(const kv_generate_parameters *parameters, const char *path,
                           kv_messages *messages);

#endif
