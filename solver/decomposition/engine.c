/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The decomposition engine. The LP relaxation is solved by the structured interior point, opening
 * rows being added as they are violated, and cuts after it in network design: that is the root bound
 * and its certificate. A tree over the investments raises the bound, and its leaves prove it. Where it
 * serves, the search on paths finds plans beside it. Elsewhere designs are proposed by rounding and by
 * the investment problem with Benders cuts (each design that is evaluated gives one a block), within a
 * few changes of the incumbent and freely in turn, and evaluated by the interior point with their
 * integers fixed. At the end the incumbent's flows are made basic and put on the grid.
 */
#include "base/clock.h"
#include "base/memory.h"
#include "solver/decomposition/dive.h"
#include "solver/decomposition/polish.h"
#include "solver/decomposition/search.h"
#include "solver/decomposition/side_model.h"
#include "solver/decomposition/tree.h"
#include "solver/design_for_flows.h"
#include "solver/equations.h"
#include "solver/shut.h"

#include <math.h>
#include <string.h>

void openblas_set_num_threads(int n);

/* A network in one block leaves a thread to the search on paths. */
static int threads_of(const kv_problem *problem, const kv_limits *limits)
{
    int threads = limits->threads > 0 ? limits->threads : 1;
    return threads > 1 && problem->n_blocks == 1 && kv_cut_rounds_serve(problem) ? threads - 1
                                                                                 : threads;
}

static kv_status create(kv_search *s, const kv_problem *problem, const kv_limits *limits)
{
    memset(s, 0, sizeof(*s));
    s->problem = *problem;
    if (limits->fixed_lower)
        s->problem.design_lower = (double *)limits->fixed_lower;
    if (limits->fixed_upper)
        s->problem.design_upper = (double *)limits->fixed_upper;
    s->limits = limits;
    s->drop_side = limits->relax_dropped_rows ? problem->side.dropped : NULL;
    s->start = kv_clock();
    s->deadline = s->start + limits->seconds;
    s->bound = s->certified = -1e30;
    for (int j = 0; j < problem->n_design; j++)
        s->n_free_integers += problem->design_integer[j] &&
                              s->problem.design_upper[j] - s->problem.design_lower[j] > 0.5;
    openblas_set_num_threads(1); /* one BLAS thread a task: the tasks are the parallel part */
    s->threads = kv_threads_create(threads_of(problem, limits));
    s->root_design = kv_alloc((size_t)problem->n_design, sizeof(double));
    if (!s->threads || !s->root_design)
        return KV_ERR_MEMORY;
    kv_status status = kv_relaxation_create(&s->problem, s->threads, s->drop_side, &s->relaxation);
    if (status == KV_OK && s->n_free_integers)
        status = kv_master_create(&s->problem, NULL, NULL, s->drop_side, &s->master);
    if (status == KV_OK)
        s->relaxation->deadline = s->deadline;
    return status;
}

static void destroy(kv_search *s)
{
    kv_companion_free(s->companion);
    kv_cut_rounds_clear(&s->rounds);
    kv_group_rows_clear(&s->groups);
    kv_ipm_result_free(&s->root);
    kv_relaxation_free(s->relaxation);
    kv_master_free(s->master);
    kv_threads_free(s->threads);
    kv_multipliers_free(s->certificate);
    kv_multipliers_free(s->prices);
    kv_proof_free(s->proof);
    for (size_t i = 0; i < s->n_seen; i++)
        kv_free(s->seen[i]);
    kv_free(s->seen);
    kv_free(s->root_design);
    kv_free(s->design);
    kv_free(s->flow);
}

/* The next design from the master: near the incumbent (radius >= 0) or anywhere. */
static kv_status propose(kv_search *s, double radius, double *design, int *fresh)
{
    double bound, left = s->deadline - kv_clock();
    double miss = s->has_incumbent ? (s->incumbent - s->bound) / fmax(1, fabs(s->incumbent)) : 1;
    /* never without a time limit: GLPK's simplex may cycle on badly scaled cuts */
    kv_master_limits limits = {.seconds = fmin(30, fmax(1, 0.1 * left)),
                               .gap = fmax(1e-6, 0.1 * miss),
                               .nodes = 3000,
                               .center = s->design,
                               .radius = radius};
    kv_status status = kv_master_solve(s->master, &limits, design, &bound);
    s->nodes++;
    *fresh = status == KV_OK && !kv_search_seen(s, design);
    if (status == KV_ERR_LIMIT ||
        (status == KV_ERR_INFEASIBLE && (radius >= 0 || s->has_incumbent)))
        status = KV_OK;
    return status;
}

static kv_status climb(kv_search *s, kv_tree *tree)
{
    kv_status status = KV_OK;
    int done = 0;
    for (int i = 0; i < 3 && status == KV_OK && !done && !kv_search_done(s); i++)
        status = kv_tree_step(tree, &done);
    return status;
}

/* One turn of the search: a neighbourhood, steps of the tree, or a proposal of the master. */
static kv_status take_turn(kv_search *s, kv_tree *tree, int round, double share, double *design,
                           kv_random *random)
{
    int fresh = 0;
    if (round % 8 == 7) {
        kv_status status = propose(s, round % 16 == 7 ? -1 : 6, design, &fresh);
        if (status == KV_OK && fresh && !kv_search_done(s))
            status = kv_search_evaluate(s, design);
        return status;
    }
    if (round % 2 == 0)
        return climb(s, tree);
    int dived = 1;
    kv_status status = kv_tree_dive(tree, &dived);
    return status == KV_OK && dived ? kv_search_neighbourhood(s, share, random) : status;
}

/* Where there is the search on paths it works beside the tree, and replaces neighbourhoods. */
static kv_status take_turn_beside(kv_search *s, kv_tree *tree)
{
    kv_search_send_plans(s);
    kv_status status = climb(s, tree), met = kv_search_meet_plans(s);
    return status == KV_OK ? met : status;
}

/* The tree's proof, where it proves more than what there is. */
static kv_status keep_proof(kv_search *s, kv_tree *tree)
{
    kv_proof *proof = NULL;
    if (kv_tree_prove(tree, &proof) != KV_OK)
        return KV_ERR_MEMORY;
    if (s->proof && s->proof->bound >= proof->bound) {
        kv_proof_free(proof);
        return KV_OK;
    }
    kv_proof_free(s->proof);
    s->proof = proof;
    return KV_OK;
}

/* Tree and neighbourhoods in turn, until the limits are reached or nothing moves any more. */
static kv_status improve(kv_search *s, double *design)
{
    kv_random random;
    kv_tree *tree = NULL;
    double share = 0.6;
    int idle = 0;
    kv_status status = kv_tree_create(s, &tree);
    kv_random_seed(&random, s->limits->seed);
    for (int round = 0; status == KV_OK && !kv_search_done(s) && idle < 40; round++) {
        double before = s->incumbent, bound_before = s->bound;
        status = s->companion ? take_turn_beside(s, tree)
                              : take_turn(s, tree, round, share, design, &random);
        int better = s->incumbent < before - 1e-9 * fabs(before);
        if (round % 2 && round % 8 != 7)
            share = better ? fmin(0.9, share * 1.2) : fmax(0.15, share * 0.85);
        idle = better || s->bound > bound_before ? 0 : idle + 1;
    }
    if (tree && status != KV_ERR_MEMORY && keep_proof(s, tree) != KV_OK)
        status = KV_ERR_MEMORY;
    kv_tree_free(tree);
    return status;
}

static kv_status search(kv_search *s)
{
    size_t n = (size_t)s->problem.n_design;
    double *design = kv_alloc(n, sizeof(double)), *lower = kv_alloc(n, sizeof(double)),
           *upper = kv_alloc(n, sizeof(double));
    kv_status status = design && lower && upper ? KV_OK : KV_ERR_MEMORY;
    int fresh = 0;
    if (status != KV_OK)
        goto out;
    if (s->limits->start && s->limits->start->status != KV_PLAN_NONE)
        status = kv_search_evaluate(s, s->limits->start->design);
    if (status == KV_OK && !s->companion && !kv_search_done(s)) {
        status = kv_side_nearest(&s->problem, s->problem.design_lower, s->problem.design_upper,
                                 s->drop_side, s->root_design,
                                 fmin(60, fmax(1, s->deadline - kv_clock())), design);
        if (status == KV_OK && !kv_search_seen(s, design))
            status = kv_search_evaluate(s, design);
        else if (status == KV_ERR_LIMIT)
            status = KV_OK;
    }
    if (status == KV_OK && !s->has_incumbent && !kv_search_done(s)) {
        memcpy(lower, s->problem.design_lower, n * sizeof(double));
        memcpy(upper, s->problem.design_upper, n * sizeof(double));
        status = kv_search_dive(s, lower, upper);
    }
    if (status == KV_OK && !s->has_incumbent && !kv_search_done(s))
        status = kv_search_round_up(s);
    for (int i = 0; i < 10 && status == KV_OK && !s->has_incumbent && !kv_search_done(s); i++) {
        status = propose(s, -1, design, &fresh);
        if (status == KV_OK && fresh)
            status = kv_search_evaluate(s, design);
    }
    if (status == KV_OK && s->has_incumbent)
        status = improve(s, design);
out:
    kv_free(design);
    kv_free(lower);
    kv_free(upper);
    return status;
}

/* The continuous designs that the flows on the grid need, exactly; the integers stay. */
static kv_status fit_design(kv_search *s, const kv_problem *problem)
{
    size_t n = (size_t)problem->n_design;
    kv_problem held = s->problem;
    kv_plan *fitted = NULL;
    kv_violation before, after;
    double *lower = kv_alloc(n, sizeof(double)), *upper = kv_alloc(n, sizeof(double));
    kv_status status = lower && upper ? KV_OK : KV_ERR_MEMORY;
    for (size_t j = 0; j < n && status == KV_OK; j++) {
        int whole = problem->design_integer[j];
        lower[j] = whole ? s->design[j] : held.design_lower[j];
        upper[j] = whole ? s->design[j] : held.design_upper[j];
    }
    held.design_lower = lower;
    held.design_upper = upper;
    if (status == KV_OK)
        status = kv_design_for_flows(&held, s->flow, s->drop_side, 30, &fitted);
    if (status == KV_OK)
        status = kv_equations_settle(&held, s->drop_side, fitted->design);
    if (status == KV_OK) {
        kv_problem_violation(problem, s->design, s->flow, &before);
        kv_problem_violation(problem, fitted->design, s->flow, &after);
        if (after.resource <= fmax(1e-8, before.resource) &&
            after.side <= fmax(1e-8, before.side) && after.opening <= fmax(1e-8, before.opening) &&
            after.coupling <= fmax(1e-8, before.coupling))
            memcpy(s->design, fitted->design, n * sizeof(double));
    }
    kv_plan_free(fitted);
    kv_free(lower);
    kv_free(upper);
    return status == KV_ERR_MEMORY ? status : KV_OK;
}

/* Flows are made basic and exact, and continuous designs fitted to them. */
static kv_status finish(kv_search *s, const kv_problem *problem, kv_plan *plan)
{
    size_t n_flow = (size_t)problem->n_blocks * (size_t)problem->n_flows;
    double left = fmax(30, 0.2 * (kv_clock() - s->start));
    for (int j = 0; j < problem->n_design; j++)
        if (problem->design_integer[j])
            s->design[j] = round(s->design[j]);
    kv_search_report(s, "polish");
    kv_status status = KV_OK;
    if (s->prices)
        status = kv_polish(&s->problem, s->threads, s->design, s->prices,
                           fmax(s->deadline, kv_clock() + left), s->flow, &s->work);
    /* blocks that time did not suffice for are not basic, but the plan is as good */
    if (status != KV_ERR_MEMORY) {
        kv_sweep_crumbs(problem, s->flow);
        status = kv_flow_to_grid(problem, s->design, s->flow);
    }
    if (status == KV_OK)
        status = fit_design(s, problem);
    if (status == KV_OK)
        status = kv_design_settle(problem, s->design, s->flow);
    if (status == KV_OK) {
        memcpy(plan->design, s->design, sizeof(double) * (size_t)problem->n_design);
        memcpy(plan->flow, s->flow, n_flow * sizeof(double));
        plan->objective = kv_problem_objective(problem, plan->design, plan->flow);
        plan->status = KV_PLAN_FEASIBLE;
    }
    return status;
}

/* With all integers fixed the incumbent's multipliers are a certificate, too. */
static void keep_better(kv_search *s)
{
    if (s->certificate && kv_bound_recompute(&s->problem, s->certificate) >=
                              kv_bound_recompute(&s->problem, s->prices))
        return;
    kv_multipliers_free(s->certificate);
    s->certificate = s->prices;
    s->prices = NULL;
}

static void close_plan(kv_search *s, kv_plan *plan, kv_status status)
{
    const kv_limits *l = s->limits;
    if (s->prices && !s->n_free_integers)
        keep_better(s);
    if (s->certificate) {
        kv_multipliers_free(plan->multipliers);
        plan->multipliers = s->certificate;
        s->certificate = NULL;
        plan->certified_bound = kv_bound_within(&s->problem, s->problem.design_lower,
                                                s->problem.design_upper, plan->multipliers);
    }
    if (s->proof && s->proof->bound > plan->certified_bound) {
        plan->proof = s->proof;
        s->proof = NULL;
        plan->certified_bound = plan->proof->bound;
    }
    plan->bound = fmax(s->bound, plan->certified_bound);
    if (plan->status == KV_PLAN_FEASIBLE) {
        if (plan->bound > plan->objective)
            plan->bound = plan->objective;
        if (plan->objective - plan->bound <= 1e-6 * fmax(1e-10, fabs(plan->objective)))
            plan->status = KV_PLAN_OPTIMAL;
    }
    if (status == KV_ERR_INFEASIBLE)
        plan->status = KV_PLAN_INFEASIBLE;
    plan->seconds = kv_clock() - s->start;
    plan->work = s->work;
    plan->nodes = s->nodes;
    plan->engine = kv_engine_decomposition.name;
    if (kv_stop_requested() || kv_clock() >= s->deadline)
        plan->ended_by_limit = 2;
    else if (l->work > 0 && s->work >= l->work)
        plan->ended_by_limit = 1;
}

static kv_status solve(const kv_problem *problem, const kv_limits *limits, kv_plan **out,
                       kv_messages *messages)
{
    kv_search s;
    kv_status status = create(&s, problem, limits);
    kv_plan *plan = *out = kv_plan_create(problem);
    if (!plan)
        status = KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_search_root(&s);
    if (status == KV_OK && s.n_free_integers)
        status = kv_search_flow_bound(&s);
    if (status == KV_OK && s.n_free_integers)
        status = search(&s);
    if (status != KV_ERR_MEMORY && kv_search_prove_cuts(&s) != KV_OK)
        status = KV_ERR_MEMORY;
    if (s.has_incumbent && plan &&
        (status == KV_OK || status == KV_ERR_LIMIT || status == KV_ERR_NUMERIC))
        status = finish(&s, problem, plan);
    if (plan)
        close_plan(&s, plan, status);
    if (status == KV_ERR_NUMERIC)
        kv_messages_add(messages, KV_WARNING, NULL, "try another engine (--engine glpk)",
                        "the interior point broke down; the bound is valid, the plan may be worse "
                        "than it could be");
    destroy(&s);
    if (status == KV_ERR_MEMORY) {
        kv_plan_free(plan);
        *out = NULL;
        return status;
    }
    return status == KV_ERR_LIMIT || status == KV_ERR_INFEASIBLE || status == KV_ERR_NUMERIC
               ? KV_OK
               : status;
}

const kv_engine kv_engine_decomposition = {
    "decomposition",
    "structured interior point, Benders cuts and search near the incumbent; for large cases",
    solve};
