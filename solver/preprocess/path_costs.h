/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least that a unit of flow on an arc costs all the way from a source to a sink. */
#ifndef KV_SOLVER_PREPROCESS_PATH_COSTS_H
#define KV_SOLVER_PREPROCESS_PATH_COSTS_H

#include "formulations/problem.h"

enum { KV_PATH_NODES = 64 };

/* Doubles of room for a commodity of so many balance rows. */
size_t kv_path_room(int rows);

/*
 * For one commodity in one block: `reduced` [n_flows of the commodity] are reduced costs of its
 * flows, of which negative ones count as 0, `open` 1 where a flow may be. Flow falls apart into paths
 * from a source (or from where a flow has no balance row at its tail) to a sink and into cycles, so
 * that a unit on an arc costs at least least[f] more than the bound:
 *   min( to its tail + r + from its head,  r + the way back from its head to its tail ).
 * The way back is found exactly where there are at most KV_PATH_NODES nodes; else it is no shorter
 * than what the distances of its ends from the sources, or to the sinks, differ by. +infinity: nothing
 * can flow there. `room` [kv_path_room of all commodities' most rows].
 */
void kv_path_costs(const kv_problem *problem, int block, int commodity, const double *reduced,
                   const unsigned char *open, double *room, double *least);

#endif
