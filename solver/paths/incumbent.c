/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/incumbent.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const double least_gain = 1e-9; /* relative */

kv_status kv_incumbent_create(const kv_shape *shape, kv_incumbent *incumbent)
{
    *incumbent =
        (kv_incumbent){.cost = HUGE_VAL, .level = kv_alloc((size_t)shape->n_groups, sizeof(int))};
    return incumbent->level ? KV_OK : KV_ERR_MEMORY;
}

void kv_incumbent_clear(kv_incumbent *incumbent)
{
    kv_free(incumbent->level);
    incumbent->level = NULL;
}

int kv_incumbent_offer(kv_incumbent *incumbent, const kv_evaluation *evaluation)
{
    if (!(evaluation->cost < HUGE_VAL))
        return 0;
    if (incumbent->cost < HUGE_VAL &&
        evaluation->cost >= incumbent->cost - least_gain * fabs(incumbent->cost))
        return 0;
    incumbent->cost = evaluation->cost;
    incumbent->found++;
    memcpy(incumbent->level, evaluation->level,
           (size_t)evaluation->shape->n_groups * sizeof *incumbent->level);
    return 1;
}
