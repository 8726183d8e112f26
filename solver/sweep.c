/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/sweep.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/transfer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double slack = 1e-6;            /* violation that a neighbour's plan may have */
static const double do_nothing_share = 0.25; /* of a point's time, at most */

/* A solved point that the next one starts from. */
typedef struct neighbour {
    kv_problem *problem;
    kv_map *map;
    kv_plan *plan, *do_nothing;
} neighbour;

typedef struct sweep {
    const kv_case *the_case;
    const kv_sweep_options *options;
    kv_messages *messages;
    double *budget; /* [n_budgets] rising */
    double deadline;
    int number, points;
} sweep;

static void neighbour_clear(neighbour *n)
{
    kv_plan_free(n->plan);
    kv_plan_free(n->do_nothing);
    kv_map_free(n->map);
    kv_problem_free(n->problem);
    memset(n, 0, sizeof *n);
}

static int rising(const void *a, const void *b)
{
    double first = *(const double *)a, second = *(const double *)b;
    return first < second ? -1 : first > second;
}

static int out_of_time(const sweep *s)
{
    return kv_stop_requested() || kv_clock() >= s->deadline;
}

/* The limits of a point: an even share of the time that is left. */
static kv_limits point_limits(const sweep *s)
{
    kv_limits limits = s->options->limits;
    limits.start = NULL;
    limits.fixed_lower = limits.fixed_upper = NULL;
    limits.relax_dropped_rows = 0;
    limits.seconds = fmax(0.0, s->deadline - kv_clock()) / (s->points - s->number);
    return limits;
}

/* *out = the plan on the layout of the problem, NULL when it has none to give. */
static kv_status carry_over(const neighbour *last, const kv_plan *plan, const kv_problem *problem,
                            kv_plan **out)
{
    *out = NULL;
    if (!kv_plan_exists(plan))
        return KV_OK;
    kv_status status = kv_plan_transfer(last->problem, plan, problem, out);
    return status == KV_ERR_ARGUMENT ? KV_OK : status;
}

/* Doing nothing does not depend on budgets: once a scenario, then carried over. */
static kv_status do_nothing(sweep *s, const neighbour *last, const kv_engine *engine,
                            neighbour *now)
{
    kv_status status = carry_over(last, last->do_nothing, now->problem, &now->do_nothing);
    if (status != KV_OK || now->do_nothing)
        return status;
    kv_limits limits = point_limits(s);
    limits.seconds *= do_nothing_share;
    status = kv_solve_do_nothing(engine, now->problem, &limits, &now->do_nothing, s->messages);
    if (status == KV_ERR_INFEASIBLE || status == KV_ERR_LIMIT)
        status = KV_OK;
    return status;
}

/* The plan of the budget below stays where it was not beaten. */
static void keep_better(const kv_problem *p, const kv_plan *start, kv_plan *plan)
{
    if (!kv_plan_fits(p, start, slack))
        return;
    double known = kv_problem_objective(p, start->design, start->flow);
    if (kv_plan_exists(plan) && plan->objective <= known)
        return;
    memcpy(plan->design, start->design, (size_t)p->n_design * sizeof(double));
    memcpy(plan->flow, start->flow, (size_t)p->n_blocks * (size_t)p->n_flows * sizeof(double));
    plan->objective = known;
    plan->status = KV_PLAN_FEASIBLE;
    plan->bound = fmin(plan->bound, known);
    plan->engine = start->engine;
}

/* The better of two plans to start from: the neighbour's, or doing nothing where that keeps all
 * rows. */
static const kv_plan *choose_start(const kv_problem *p, const kv_plan *carried,
                                   const kv_plan *nothing)
{
    int may = kv_plan_fits(p, nothing, slack);
    if (!carried)
        return may ? nothing : NULL;
    return may && nothing->objective < carried->objective ? nothing : carried;
}

static kv_status solve_point(sweep *s, const neighbour *last, const kv_engine *engine,
                             neighbour *now)
{
    kv_plan *carried = NULL;
    kv_status status = carry_over(last, last->plan, now->problem, &carried);
    if (status != KV_OK)
        return status;
    kv_limits limits = point_limits(s);
    limits.start = choose_start(now->problem, carried, now->do_nothing);
    if (kv_plan_exists(now->do_nothing))
        limits.do_nothing = now->do_nothing->objective;
    status = engine->solve(now->problem, &limits, &now->plan, s->messages);
    if (now->plan && (status == KV_ERR_INFEASIBLE || status == KV_ERR_LIMIT))
        status = KV_OK;
    if (status == KV_OK && limits.start)
        keep_better(now->problem, limits.start, now->plan);
    kv_plan_free(carried);
    return status;
}

/* Build, solve and give to the caller; *last becomes this point. */
static kv_status one_point(sweep *s, int scenario, double budget, neighbour *last)
{
    const kv_sweep_options *o = s->options;
    kv_build_options build = {
        .scenario = scenario, .regret_reference = o->regret_reference, .budget_factor = budget};
    neighbour now = {0};
    const kv_engine *engine = NULL;
    kv_status status = kv_build(s->the_case, &build, &now.problem, &now.map, s->messages);
    if (status == KV_OK)
        engine = kv_engine_find(o->engine, now.problem);
    if (status == KV_OK && !engine)
        status = KV_ERR_ARGUMENT;
    if (status == KV_OK)
        status = do_nothing(s, last, engine, &now);
    if (status == KV_OK)
        status = solve_point(s, last, engine, &now);
    if (status == KV_OK) {
        kv_sweep_point point = {s->number, scenario, budget,        now.problem,
                                now.map,   now.plan, now.do_nothing};
        status = o->done ? o->done(o->context, &point) : KV_OK;
    }
    if (status != KV_OK) {
        neighbour_clear(&now);
        return status;
    }
    s->number++;
    neighbour_clear(last);
    *last = now;
    return KV_OK;
}

kv_status kv_sweep(const kv_case *the_case, const kv_sweep_options *options, kv_messages *messages)
{
    sweep s = {.the_case = the_case, .options = options, .messages = messages};
    kv_status status = KV_OK;
    if (options->n_scenarios < 0 || options->n_budgets < 0)
        return KV_ERR_ARGUMENT;
    for (int i = 0; i < options->n_budgets; i++)
        if (!(options->budget[i] >= 0.0) || !isfinite(options->budget[i]))
            return KV_ERR_ARGUMENT;
    s.deadline = kv_clock() + options->limits.seconds;
    s.points = options->n_scenarios * options->n_budgets;
    s.budget = kv_alloc((size_t)options->n_budgets, sizeof *s.budget);
    if (!s.budget)
        return KV_ERR_MEMORY;
    if (options->n_budgets > 0) {
        memcpy(s.budget, options->budget, (size_t)options->n_budgets * sizeof *s.budget);
        qsort(s.budget, (size_t)options->n_budgets, sizeof *s.budget, rising);
    }
    for (int i = 0; i < options->n_scenarios && status == KV_OK; i++) {
        neighbour last = {0};
        for (int b = 0; b < options->n_budgets && status == KV_OK; b++) {
            if (out_of_time(&s))
                status = KV_ERR_LIMIT;
            else
                status = one_point(&s, options->scenario[i], s.budget[b], &last);
        }
        neighbour_clear(&last);
    }
    kv_free(s.budget);
    return status;
}
