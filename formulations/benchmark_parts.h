/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the models of benchmark instances share. Private. */
#ifndef KV_FORMULATIONS_BENCHMARK_PARTS_H
#define KV_FORMULATIONS_BENCHMARK_PARTS_H

#include "formulations/benchmark.h"

/* How many there are of each thing. The first n_shared arcs are for all commodities; each of the
 * other arcs, if there are any, for one: arc n_shared + k for commodity k. */
typedef struct kv_benchmark_shape {
    int n_nodes, n_shared, n_arcs, n_commodities, n_blocks, n_resources, n_design;
} kv_benchmark_shape;

/* The problem with all arrays but supplies and openings, and no side row: every commodity has a
 * balance at each node. Numbers are 0; weights 1, y in 0..1 and integer. The ends of arcs are given:
 * [n_arcs] each. KV_OK, KV_ERR_MEMORY, KV_ERR_INPUT with a message. */
kv_status kv_benchmark_shape_make(const kv_benchmark_shape *shape, const int *tail, const int *head,
                                  kv_problem **problem, kv_messages *messages);

/* Each flow on one of the first n_shared arcs uses one unit of resource_of_arc[arc]. */
kv_status kv_benchmark_use(kv_problem *problem, const int *resource_of_arc, int n_shared);

/* Every resource r is supplied in each block by designs design_first[r] .. design_first[r + 1] - 1
 * with supply[design] a unit. */
kv_status kv_benchmark_supply(kv_problem *problem, const int *design_first, const double *supply);

/* Each of the first n_shared arcs has one opening set in each block: the designs of its resource. A
 * resource with a base opens its arcs by itself and has none. */
kv_status kv_benchmark_open(kv_problem *problem, const int *resource_of_arc, int n_shared,
                            const int *design_first);

/* A name that was gathered in `text`, which is emptied; NULL when out of memory. */
char *kv_benchmark_take_name(kv_text *text);

/* The flow column of a commodity on a shared arc, and on its own. */
int kv_benchmark_flow(const kv_problem *problem, int commodity, int arc);
int kv_benchmark_own_flow(const kv_problem *problem, int commodity);

/* The sum of decimal numbers, as the decimal that it is. */
double kv_benchmark_sum(const double *values, int count);

/* The finest decimal grid on which all balances lie and no flow needs more than 15 digits; 0 if
 * there is none. */
double kv_benchmark_grid(const kv_problem *problem);

kv_status kv_benchmark_build_network(const kv_benchmark *benchmark, kv_problem **problem,
                                     kv_messages *messages); /* CANAD, SCENARIOS */
kv_status kv_benchmark_build_location(const kv_benchmark *benchmark, kv_problem **problem,
                                      kv_messages *messages);
kv_status kv_benchmark_build_sndlib(const kv_benchmark *benchmark, kv_problem **problem,
                                    kv_messages *messages);

#endif
