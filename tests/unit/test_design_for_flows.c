/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flows of doing nothing with what the rules demand beside them. */
#include "solver/design_for_flows.h"

#include "formulations/build.h"
#include "solver/transfer.h"
#include "support/process.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

typedef struct setting {
    kv_case *the_case;
    kv_problem *problem;
    kv_map *map;
    kv_plan *idle;
} setting;

/* The tutorial with these rules and its plan of doing nothing. */
static setting make(const char *rules)
{
    setting s = {0};
    char *parent = test_folder(), *folder = test_path(parent, "case");
    char *file = test_path(folder, "rules.csv");
    test_copy_folder(KV_SOURCE_DIR "/instances/tutorial", folder);
    test_write(file, rules);
    cr_assert_eq(kv_case_read(folder, NULL, 0, &s.the_case, NULL), KV_OK);
    kv_build_options options = {.scenario = -1, .budget_factor = 1};
    cr_assert_eq(kv_build(s.the_case, &options, &s.problem, &s.map, NULL), KV_OK);
    kv_limits limits;
    kv_limits_default(&limits);
    limits.gap = 1e-6;
    cr_assert_eq(kv_solve_do_nothing(&kv_engine_glpk, s.problem, &limits, &s.idle, NULL), KV_OK);
    cr_assert(kv_plan_exists(s.idle));
    test_remove(parent);
    free(file);
    free(folder);
    free(parent);
    return s;
}

static void end(setting *s)
{
    kv_plan_free(s->idle);
    kv_map_free(s->map);
    kv_problem_free(s->problem);
    kv_case_free(s->the_case);
}

static int builds(const setting *s, const kv_plan *plan, const char *project)
{
    int units = 0;
    for (int j = 0; j < s->problem->n_design; j++) {
        const kv_design_info *info = &s->map->design[j];
        if (info->kind == KV_DESIGN_START &&
            strcmp(s->the_case->projects.rows[info->project].project, project) == 0)
            units += plan->design[j] > 0.5;
    }
    return units;
}

Test(design_for_flows, nothing_is_built_where_nothing_is_demanded)
{
    setting s = make("rule,project,other\nrequires,new_ferry,east_berth\n");
    kv_plan *plan = NULL;
    cr_assert_eq(kv_design_for_flows(s.problem, s.idle->flow, NULL, 10, &plan), KV_OK);
    cr_assert(kv_plan_fits(s.problem, plan, 1e-6));
    cr_assert_float_eq(plan->objective, s.idle->objective, 1e-6 * s.idle->objective);
    kv_plan_free(plan);
    end(&s);
}

Test(design_for_flows, what_is_demanded_is_built_and_what_that_requires)
{
    setting s = make("rule,project,other\nmandatory,new_ferry,\nrequires,new_ferry,east_berth\n");
    kv_plan *plan = NULL;
    cr_assert_not(kv_plan_fits(s.problem, s.idle, 1e-6));
    cr_assert_eq(kv_design_for_flows(s.problem, s.idle->flow, NULL, 10, &plan), KV_OK);
    cr_assert(kv_plan_fits(s.problem, plan, 1e-6));
    cr_assert_gt(builds(&s, plan, "new_ferry"), 0);
    cr_assert_gt(builds(&s, plan, "east_berth"), 0);
    cr_assert_eq(builds(&s, plan, "rail_loop"), 0);
    cr_assert_gt(plan->objective, s.idle->objective);
    kv_plan_free(plan);
    end(&s);
}

/* Flows that need more than can be built have no design. */
Test(design_for_flows, flows_that_nothing_carries)
{
    setting s = make("rule,project,other\nrequires,new_ferry,east_berth\n");
    kv_plan *plan = NULL;
    for (size_t f = 0; f < (size_t)s.problem->n_blocks * (size_t)s.problem->n_flows; f++)
        s.idle->flow[f] = s.problem->flow_upper[f];
    cr_assert_eq(kv_design_for_flows(s.problem, s.idle->flow, NULL, 10, &plan), KV_ERR_INFEASIBLE);
    cr_assert_null(plan);
    end(&s);
}

/* Flows that open everything: the design has to open it. */
Test(design_for_flows, opens_what_is_used)
{
    setting s = make("rule,project,other\nrequires,new_ferry,east_berth\n");
    kv_plan *plan = NULL;
    kv_limits limits;
    kv_plan *best = NULL;
    kv_limits_default(&limits);
    cr_assert_eq(kv_engine_glpk.solve(s.problem, &limits, &best, NULL), KV_OK);
    cr_assert_eq(kv_design_for_flows(s.problem, best->flow, NULL, 10, &plan), KV_OK);
    cr_assert(kv_plan_fits(s.problem, plan, 1e-6));
    cr_assert_leq(plan->objective, best->objective + 0.01 * best->objective);
    cr_assert_eq(builds(&s, plan, "crane_small"), builds(&s, best, "crane_small"));
    kv_plan_free(best);
    kv_plan_free(plan);
    end(&s);
}
