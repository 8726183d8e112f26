/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of design variables: their boxes, what they cost in each scenario, and on the whole. */
#include "formulations/builder.h"

#include "base/memory.h"
#include "instances/select.h"

#include <math.h>

int kv_builder_design(kv_builder *builder, const kv_design_info *info, const kv_box *box,
                      const double *scenario_cost)
{
    kv_design_info *new_info = kv_list_push(&builder->design);
    kv_box *new_box = new_info ? kv_list_push(&builder->design_box) : NULL;
    if (!new_box)
        return -1;
    *new_info = *info;
    *new_box = *box;
    for (int s = 0; s < builder->map->n_scenarios; s++) {
        double *cost = kv_list_push(&builder->design_cost);
        if (!cost)
            return -1;
        *cost = scenario_cost[s];
    }
    return builder->design.count - 1;
}

int kv_builder_has_copies(const kv_builder *builder, int period)
{
    int decision_year = builder->given->the_case.rows[0].decision_year;
    return builder->map->n_scenarios > 1 && decision_year != 0 &&
           builder->given->periods.rows[period].first_year > decision_year;
}

double kv_residual_value(const kv_case *view, double cost, double from, double life)
{
    const double end = view->periods.rows[view->periods.count - 1].last_year + 1;
    if (view->the_case.rows[0].residual_value != KV_RESIDUAL_STRAIGHT_LINE)
        return 0;
    double left = fmax(0, from + life - end) / life;
    return cost * fmin(1, left) * kv_discount(view, end);
}

/* The group of a start: its project, or the first project of which it is a size. */
static int group_of(const kv_builder *b, const kv_design_info *info)
{
    const kv_project *projects = b->given->projects.rows;
    if (info->kind != KV_DESIGN_START)
        return -1;
    for (int i = 0; i < info->project && projects[info->project].size_of; i++) {
        if (projects[i].size_of == projects[info->project].size_of)
            return i;
    }
    return info->project;
}

/* Moves the list into the problem and the map; costs are weighed by probability. */
kv_status kv_build_designs(kv_builder *builder)
{
    kv_builder *b = builder;
    kv_problem *p = b->problem;
    const size_t count = (size_t)b->design.count;
    const int scenarios = b->map->n_scenarios;
    p->design_cost = kv_alloc(count, sizeof(double));
    p->design_lower = kv_alloc(count, sizeof(double));
    p->design_upper = kv_alloc(count, sizeof(double));
    p->do_nothing_upper = kv_alloc(count, sizeof(double));
    p->design_integer = kv_alloc(count, 1);
    p->design_group = kv_alloc(count, sizeof(int));
    if (!p->design_group || !p->design_cost || !p->design_lower || !p->design_upper ||
        !p->do_nothing_upper || !p->design_integer)
        return KV_ERR_MEMORY;
    p->n_design = b->design.count;
    const kv_box *boxes = b->design_box.items;
    const double *cost = b->design_cost.items;
    for (size_t j = 0; j < count; j++) {
        p->design_lower[j] = boxes[j].lower;
        p->design_upper[j] = boxes[j].upper;
        p->do_nothing_upper[j] = boxes[j].do_nothing;
        p->design_integer[j] = boxes[j].integer;
        p->design_group[j] = group_of(b, (const kv_design_info *)b->design.items + j);
        for (int s = 0; s < scenarios; s++)
            p->design_cost[j] += b->map->probability[s] * cost[j * (size_t)scenarios + (size_t)s];
    }
    b->map->design = kv_list_take(&b->design);
    return b->map->design ? KV_OK : KV_ERR_MEMORY;
}
