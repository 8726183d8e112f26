/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/engine.h"

#include <string.h>

/* Up to so many columns of all blocks the simplex method solves the LPs of a tree fast enough. */
static const double small_columns = 200.0, network_columns = 20000.0;

const kv_engine *const kv_engines[] = {&kv_engine_glpk, &kv_engine_cutting,
                                       &kv_engine_decomposition, NULL};

/* Only designs by whole numbers and flows, each block on its own: network design. */
static int is_network_design(const kv_problem *p)
{
    for (int j = 0; j < p->n_design; j++)
        if (!p->design_integer[j])
            return 0;
    return p->coupling.count == 0;
}

static const kv_engine *choose(const kv_problem *p)
{
    double columns = (double)p->n_blocks * p->n_flows + p->n_design;
    double most = is_network_design(p) ? network_columns : small_columns;
    return columns <= most ? &kv_engine_cutting : &kv_engine_decomposition;
}

const kv_engine *kv_engine_find(const char *name, const kv_problem *problem)
{
    if (strcmp(name, "auto") == 0 && problem)
        return choose(problem);
    for (int i = 0; kv_engines[i]; i++)
        if (strcmp(name, kv_engines[i]->name) == 0)
            return kv_engines[i];
    return NULL;
}
