/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a published benchmark instance to its design problem. docs/benchmarks.md states the models.
 */
#ifndef KV_FORMULATIONS_BENCHMARK_H
#define KV_FORMULATIONS_BENCHMARK_H

#include "formulations/problem.h"
#include "instances/benchmark/benchmark.h"

/*
 * The design problem of an instance, in the file's own units: weights 1, or the probabilities of the
 * scenarios. Arcs, resources and design variables of a link share its name. The caller frees
 * *problem with kv_problem_free. KV_OK, KV_ERR_MEMORY, or KV_ERR_INPUT with a message when the model
 * would have more than INT_MAX columns or rows of a kind.
 */
kv_status kv_benchmark_build(const kv_benchmark *benchmark, kv_problem **problem,
                             kv_messages *messages);

/* 1 = a plan exists in which nothing is built, so that doing nothing can be compared with. */
int kv_benchmark_has_do_nothing(const kv_benchmark *benchmark);

/* Cost of a unit of demand that is not served, of SCENARIOS: twice the sum over the (nodes - 1)
 * dearest arcs of unit cost + fixed cost / capacity; arcs without capacity do not count. +infinity
 * when out of memory. */
double kv_benchmark_penalty(const kv_benchmark *benchmark);

#endif
