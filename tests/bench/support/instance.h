/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What measuring programs are given: a file, or a network made for the occasion. */
#ifndef KV_TESTS_BENCH_SUPPORT_INSTANCE_H
#define KV_TESTS_BENCH_SUPPORT_INSTANCE_H

#include "formulations/problem.h"

/*
 * The design problem of PATH or PATH@MORE: a benchmark file (MORE: the .dow file under a scenario
 * file) or a folder of tables (MORE: the scenario). NULL with its faults on standard error.
 */
kv_problem *bench_read(const char *argument);
/* PATH without folder and ending, "@" and MORE's: names of rows. Into `name` of `size` bytes. */
void bench_name(const char *argument, char *name, int size);

/*
 * A generated network (fixed costs F, capacities T, seed 1). scenarios > 0: as many blocks, in each
 * of which every demand is between half and one and a half times that of the network. Ends the
 * program with a message when it can't be made.
 */
kv_problem *bench_generate(int nodes, int arcs, int commodities, int scenarios);

#endif
