/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/transfer.h"

#include "base/intern.h"
#include "base/memory.h"

#include <math.h>
#include <string.h>

int kv_plan_exists(const kv_plan *plan)
{
    return plan && (plan->status == KV_PLAN_FEASIBLE || plan->status == KV_PLAN_OPTIMAL);
}

int kv_plan_fits(const kv_problem *problem, const kv_plan *plan, double slack)
{
    kv_violation v;
    if (!kv_plan_exists(plan))
        return 0;
    kv_problem_violation(problem, plan->design, plan->flow, &v);
    return v.balance <= slack && v.resource <= slack && v.opening <= slack && v.coupling <= slack &&
           v.side <= slack && v.bounds <= slack && v.integrality <= slack;
}

/* The design values by name. */
static kv_status transfer_design(const kv_problem *from, const kv_plan *plan, const kv_problem *to,
                                 double *design)
{
    kv_pool *names = kv_pool_create();
    kv_status status = names ? KV_OK : KV_ERR_MEMORY;
    for (int j = 0; j < from->n_design && status == KV_OK; j++)
        if (kv_pool_add(names, from->design_name[j], strlen(from->design_name[j])) != j)
            status = KV_ERR_MEMORY;
    for (int j = 0; j < to->n_design && status == KV_OK; j++) {
        int known = kv_pool_find(names, to->design_name[j], strlen(to->design_name[j]));
        double value = known < 0 ? 0.0 : plan->design[known];
        design[j] = fmin(fmax(value, to->design_lower[j]), to->design_upper[j]);
    }
    kv_pool_free(names);
    return status;
}

static void copy_if(double *to, size_t to_count, const double *from, size_t from_count)
{
    if (to_count == from_count)
        memcpy(to, from, to_count * sizeof *to);
}

static kv_status transfer_multipliers(const kv_problem *from, const kv_multipliers *old,
                                      const kv_problem *to, kv_multipliers *m)
{
    size_t blocks = (size_t)from->n_blocks;
    copy_if(m->balance, blocks * (size_t)to->n_balances, old->balance,
            blocks * (size_t)from->n_balances);
    copy_if(m->resource, blocks * (size_t)to->n_resources, old->resource,
            blocks * (size_t)from->n_resources);
    copy_if(m->coupling, (size_t)to->coupling.count, old->coupling, (size_t)from->coupling.count);
    copy_if(m->side, (size_t)to->side.count, old->side, (size_t)from->side.count);
    if (to->n_openings != from->n_openings)
        return KV_OK;
    if (kv_multipliers_reserve(m, old->n_opening) != KV_OK ||
        kv_multipliers_reserve_arcs(m, old->n_arc_opening) != KV_OK)
        return KV_ERR_MEMORY;
    for (int i = 0; i < old->n_opening; i++) {
        m->opening[i] = old->opening[i];
        m->opening_flow[i] = old->opening_flow[i];
        m->opening_value[i] = old->opening_value[i];
    }
    for (int i = 0; i < old->n_arc_opening; i++) {
        m->arc_opening[i] = old->arc_opening[i];
        m->arc_opening_value[i] = old->arc_opening_value[i];
    }
    m->n_opening = old->n_opening;
    m->n_arc_opening = old->n_arc_opening;
    return KV_OK;
}

kv_status kv_plan_transfer(const kv_problem *from, const kv_plan *plan, const kv_problem *to,
                           kv_plan **out)
{
    *out = NULL;
    if (from->n_blocks != to->n_blocks || from->n_flows != to->n_flows ||
        from->n_commodities != to->n_commodities)
        return KV_ERR_ARGUMENT;
    kv_plan *copy = kv_plan_create(to);
    if (!copy)
        return KV_ERR_MEMORY;
    kv_status status = transfer_design(from, plan, to, copy->design);
    if (status == KV_OK)
        status = transfer_multipliers(from, plan->multipliers, to, copy->multipliers);
    if (status != KV_OK) {
        kv_plan_free(copy);
        return status;
    }
    memcpy(copy->flow, plan->flow, (size_t)to->n_blocks * (size_t)to->n_flows * sizeof(double));
    copy->status = plan->status;
    copy->objective = plan->objective;
    copy->bound = plan->bound;
    copy->certified_bound = plan->certified_bound;
    copy->nodes = plan->nodes;
    copy->work = plan->work;
    copy->seconds = plan->seconds;
    copy->ended_by_limit = plan->ended_by_limit;
    copy->engine = plan->engine;
    *out = copy;
    return KV_OK;
}
