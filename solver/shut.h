/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which flows a design leaves no room for. */
#ifndef KV_SOLVER_SHUT_H
#define KV_SOLVER_SHUT_H

#include "formulations/problem.h"

/* shut[b * n_flows + f] = 1 where flow f can't be in block b with this design [n_design]: its bound
 * is 0, an opening set of its arc has nothing open, or a resource that it uses has no room at all.
 * `design` NULL: only the bounds count. KV_OK or KV_ERR_MEMORY. */
kv_status kv_shut_flows(const kv_problem *problem, const double *design, unsigned char *shut);

#endif
