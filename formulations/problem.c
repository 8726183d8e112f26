/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formulations/problem.h"

#include "base/memory.h"
#include "base/sum.h"

#include <math.h>

kv_problem *kv_problem_create(void)
{
    return kv_alloc(1, sizeof(kv_problem));
}

static void names_free(char **names, int count)
{
    for (int i = 0; names && i < count; i++)
        kv_free(names[i]);
    kv_free(names);
}

static void rows_free(kv_rows *rows)
{
    names_free(rows->name, rows->count);
    kv_free(rows->sense);
    kv_free(rows->rhs);
    kv_free(rows->design_first);
    kv_free(rows->design);
    kv_free(rows->design_value);
    kv_free(rows->flow_first);
    kv_free(rows->flow_block);
    kv_free(rows->flow);
    kv_free(rows->flow_value);
    kv_free(rows->dropped);
}

void kv_problem_free(kv_problem *problem)
{
    if (!problem)
        return;
    kv_problem *p = problem;
    names_free(p->node_name, p->n_nodes);
    names_free(p->arc_name, p->n_arcs);
    names_free(p->commodity_name, p->n_commodities);
    names_free(p->resource_name, p->n_resources);
    names_free(p->design_name, p->n_design);
    names_free(p->block_name, p->n_blocks);
    rows_free(&p->coupling);
    rows_free(&p->side);
    void *arrays[] = {p->arc_tail,
                      p->arc_head,
                      p->flow_arc,
                      p->flow_commodity,
                      p->balance_node,
                      p->balance_commodity,
                      p->commodity_flow_first,
                      p->commodity_balance_first,
                      p->flow_tail_row,
                      p->flow_head_row,
                      p->block_weight,
                      p->flow_cost,
                      p->flow_upper,
                      p->balance,
                      p->use_first,
                      p->use_resource,
                      p->use,
                      p->resource_base,
                      p->supply_first,
                      p->supply_design,
                      p->supply,
                      p->openings,
                      p->opening_design,
                      p->opening_coefficient,
                      p->design_cost,
                      p->design_lower,
                      p->design_upper,
                      p->design_integer,
                      p->do_nothing_upper,
                      p->design_group,
                      p->group_limit};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(problem);
}

double kv_problem_objective(const kv_problem *problem, const double *design, const double *flow)
{
    kv_sum total = {0};
    for (int j = 0; j < problem->n_design; j++)
        kv_sum_add(&total, problem->design_cost[j] * design[j]);
    for (int b = 0; b < problem->n_blocks; b++) {
        const size_t first = (size_t)b * (size_t)problem->n_flows;
        kv_sum block = {0};
        for (int p = 0; p < problem->n_flows; p++) {
            if (flow[first + (size_t)p] != 0)
                kv_sum_add(&block, problem->flow_cost[first + (size_t)p] * flow[first + (size_t)p]);
        }
        kv_sum_add(&total, problem->block_weight[b] * kv_sum_total(&block));
    }
    return kv_sum_total(&total);
}

/* Whether an earlier entry of the range has the same group. */
static int group_seen(const kv_problem *problem, size_t first, size_t i)
{
    int group = problem->design_group[problem->supply_design[i]];
    for (size_t e = first; e < i; e++) {
        if (problem->design_group[problem->supply_design[e]] == group)
            return 1;
    }
    return 0;
}

double kv_problem_resource_most(const kv_problem *problem, int block, int resource)
{
    size_t row = (size_t)block * (size_t)problem->n_resources + (size_t)resource;
    double most = problem->resource_base[row];
    if (most >= 1e30)
        return 1e30;
    size_t first = (size_t)problem->supply_first[row], end = (size_t)problem->supply_first[row + 1];
    for (size_t i = first; i < end; i++) {
        int design = problem->supply_design[i];
        int group = problem->design_group ? problem->design_group[design] : -1;
        if (group < 0) {
            most += problem->supply[i] * problem->design_upper[design];
        } else if (!group_seen(problem, first, i)) {
            double largest = 0;
            for (size_t e = i; e < end; e++) {
                if (problem->design_group[problem->supply_design[e]] == group)
                    largest = fmax(largest, problem->supply[e]);
            }
            most += largest * problem->group_limit[group];
        }
    }
    return fmax(most, 0);
}
