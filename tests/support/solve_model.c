/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/solve_model.h"

#include "base/memory.h"
#include "solver/lp/lp.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static kv_lp *lp_of(const kv_problem *problem, const kv_model *model, int nothing)
{
    kv_lp *lp = kv_lp_create();
    cr_assert(lp != NULL);
    cr_assert(kv_lp_add_rows(lp, model->n_rows, model->row_lower, model->row_upper) == KV_OK);
    cr_assert(kv_lp_add_columns(lp, model->n_columns, model->cost, model->lower, model->upper,
                                model->integer, model->column_first, model->row,
                                model->value) == KV_OK);
    for (int j = 0; nothing && j < problem->n_design; j++) {
        kv_lp_set_column_bounds(lp, j, model->lower[j], problem->do_nothing_upper[j]);
    }
    for (int i = 0; nothing && i < problem->side.count; i++) {
        if (problem->side.dropped[i]) {
            kv_lp_set_row_bounds(lp, model->row_of_side + i, -1e30, 1e30);
        }
    }
    return lp;
}

static void fix_integers(kv_lp *lp, const kv_problem *problem)
{
    double *value = kv_alloc((size_t)problem->n_design + 1, sizeof(double));
    for (int j = 0; j < problem->n_design; j++) {
        value[j] = kv_lp_value(lp, j);
    }
    for (int j = 0; j < problem->n_design; j++) {
        if (problem->design_integer[j]) {
            kv_lp_set_column_bounds(lp, j, round(value[j]), round(value[j]));
        }
    }
    kv_free(value);
}

static void read_plan(const kv_lp *lp, const kv_problem *problem, const kv_model *model,
                      test_optimum *optimum)
{
    size_t pairs = (size_t)problem->n_blocks * (size_t)problem->n_flows;
    optimum->design = kv_alloc((size_t)problem->n_design + 1, sizeof(double));
    optimum->flow = kv_alloc(pairs + 1, sizeof(double));
    for (int j = 0; j < problem->n_design; j++) {
        optimum->design[j] = kv_lp_value(lp, j);
    }
    for (size_t i = 0; i < pairs; i++) {
        if (model->column_of_flow[i] >= 0) {
            optimum->flow[i] = kv_lp_value(lp, model->column_of_flow[i]);
        }
    }
}

static void expect_lawful(const kv_problem *problem, const test_optimum *optimum, int nothing)
{
    const double small = 1e-7;
    kv_violation v;
    kv_problem_violation(problem, optimum->design, optimum->flow, &v);
    cr_expect(v.balance < small && v.resource < small && v.opening < small && v.coupling < small &&
                  v.bounds < small && v.integrality < small && (nothing || v.side < small),
              "violations: balance %g resource %g opening %g coupling %g side %g bounds %g",
              v.balance, v.resource, v.opening, v.coupling, v.side, v.bounds);
    double again = kv_problem_objective(problem, optimum->design, optimum->flow);
    cr_expect(fabs(again - optimum->objective) <= 1e-9 * fmax(1, fabs(again)),
              "objective %.15g, recomputed %.15g", optimum->objective, again);
}

test_optimum test_model_solve(const kv_problem *problem, kv_strength strength, int nothing)
{
    test_optimum optimum = {0};
    kv_model *model = NULL;
    kv_lp_limits limits;
    double bound;
    kv_lp_limits_default(&limits);
    limits.gap = 0;
    cr_assert(kv_model_create(problem, strength, &model) == KV_OK);
    kv_lp *lp = lp_of(problem, model, nothing);
    kv_lp_state state = kv_lp_solve_mip(lp, &limits, &bound);
    cr_assert(state == KV_LP_OPTIMAL || state == KV_LP_INFEASIBLE, "state %d", state);
    if (state == KV_LP_OPTIMAL) {
        fix_integers(lp, problem);
        cr_assert(kv_lp_solve(lp, &limits) == KV_LP_OPTIMAL);
        optimum.found = 1;
        optimum.objective = kv_lp_objective(lp);
        read_plan(lp, problem, model, &optimum);
        expect_lawful(problem, &optimum, nothing);
    }
    kv_lp_free(lp);
    kv_model_free(model);
    return optimum;
}

void test_optimum_clear(test_optimum *optimum)
{
    kv_free(optimum->design);
    kv_free(optimum->flow);
    memset(optimum, 0, sizeof *optimum);
}

static int find(char *const *names, int count, const char *name)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

int test_design(const kv_problem *problem, const char *name)
{
    return find(problem->design_name, problem->n_design, name);
}

int test_arc(const kv_problem *problem, const char *name)
{
    return find(problem->arc_name, problem->n_arcs, name);
}

int test_commodity(const kv_problem *problem, const char *name)
{
    return find(problem->commodity_name, problem->n_commodities, name);
}

int test_resource(const kv_problem *problem, const char *name)
{
    return find(problem->resource_name, problem->n_resources, name);
}

int test_block(const kv_problem *problem, const char *name)
{
    return find(problem->block_name, problem->n_blocks, name);
}

int test_row(const kv_rows *rows, const char *name)
{
    return find(rows->name, rows->count, name);
}

int test_flow(const kv_problem *problem, const char *arc, const char *commodity)
{
    int a = test_arc(problem, arc), k = test_commodity(problem, commodity);
    for (int f = 0; f < problem->n_flows; f++) {
        if (problem->flow_arc[f] == a && problem->flow_commodity[f] == k) {
            return f;
        }
    }
    return -1;
}

double test_flow_value(const kv_problem *problem, const test_optimum *optimum, const char *block,
                       const char *arc, const char *commodity)
{
    int b = test_block(problem, block), f = test_flow(problem, arc, commodity);
    cr_assert(b >= 0 && f >= 0, "no flow of %s on %s in %s", commodity, arc, block);
    return optimum->flow[(size_t)b * (size_t)problem->n_flows + (size_t)f];
}

double test_design_value(const kv_problem *problem, const test_optimum *optimum, const char *name)
{
    int j = test_design(problem, name);
    cr_assert(j >= 0, "no design variable %s", name);
    return optimum->design[j];
}
