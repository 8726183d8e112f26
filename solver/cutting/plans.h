/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Plans from the search on paths, beside the LPs of the cutting engine. */
#ifndef KV_SOLVER_CUTTING_PLANS_H
#define KV_SOLVER_CUTTING_PLANS_H

#include "solver/glpk_run.h"

/* Where it serves: begin the search on paths at the volume algorithm's multipliers, let it find first
 * plans, and keep the best. KV_OK or KV_ERR_MEMORY. */
kv_status kv_plans_begin(kv_glpk_run *run);

/* Send it off, before LPs are solved; and after them meet it: its better plan becomes the run's, or
 * the other way round. KV_OK or KV_ERR_MEMORY. Nothing happens where it does not serve. */
void kv_plans_send(kv_glpk_run *run);
kv_status kv_plans_meet(kv_glpk_run *run);

#endif
