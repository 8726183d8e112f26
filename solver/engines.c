/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/engine.h"

#include <string.h>

/* Up to this many columns of all blocks GLPK's branch and cut is the faster way; its bound has a
 * certificate of the root only. */
static const double small_columns = 200.0;

const kv_engine *const kv_engines[] = {&kv_engine_glpk, &kv_engine_cutting,
                                       &kv_engine_decomposition, NULL};

const kv_engine *kv_engine_find(const char *name, const kv_problem *problem)
{
    if (strcmp(name, "auto") == 0 && problem) {
        double columns = (double)problem->n_blocks * problem->n_flows + problem->n_design;
        return columns <= small_columns ? &kv_engine_glpk : &kv_engine_decomposition;
    }
    for (int i = 0; kv_engines[i]; i++)
        if (strcmp(name, kv_engines[i]->name) == 0)
            return kv_engines[i];
    return NULL;
}
