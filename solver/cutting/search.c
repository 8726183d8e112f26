/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tree: best bound first, with dives to the leaves. */
#include "solver/cutting/branching.h"

#include "base/clock.h"
#include "base/memory.h"
#include "solver/cutting/plans.h"
#include "solver/preprocess/root.h"

#include <math.h>
#include <string.h>

static const double least_tree = 0.02; /* efficacy of cuts in the tree */
static const double dive_share = 0.25;
enum {
    CUT_DEPTH = 6,
    TREE_CUTS = 10,
    TREE_ROUNDS = 2,
    MOST_DIVE = 60,
    STROLL = 1000 /* iterations between meetings */
};

/* ---- nodes --------------------------------------------------------------------------------- */

void kv_branching_set_boxes(kv_branching *branching, int record)
{
    kv_branching *t = branching;
    const kv_problem *p = t->run->problem;
    kv_whole_model *w = &t->run->whole;
    memcpy(w->lower, t->root_lower, (size_t)p->n_design * sizeof(double));
    memcpy(w->upper, t->root_upper, (size_t)p->n_design * sizeof(double));
    for (int i = record; t->records.items[i].parent >= 0; i = t->records.items[i].parent)
        kv_branch_tighten(p, &t->records.items[i].branch, w->lower, w->upper);
    for (int j = 0; j < p->n_design; j++)
        (void)kv_lp_set_column_bounds(w->lp, j, w->lower[j], w->upper[j]);
}

void kv_basis_drop(kv_basis *basis)
{
    if (!basis || --basis->users > 0)
        return;
    kv_free(basis->state);
    kv_free(basis);
}

static kv_basis *take_basis(const kv_branching *t)
{
    kv_lp *lp = t->run->whole.lp;
    kv_basis *b = kv_alloc(1, sizeof *b);
    if (!b)
        return NULL;
    b->rows = kv_lp_rows(lp);
    b->state = kv_alloc((size_t)(b->rows + kv_lp_columns(lp)), 1);
    if (!b->state) {
        kv_free(b);
        return NULL;
    }
    kv_lp_basis(lp, b->state);
    return b;
}

static void update_bound(kv_branching *t)
{
    double least = t->closed;
    for (size_t i = 0; i < t->n_open; i++)
        least = fmin(least, t->open[i].bound);
    t->run->bound = fmax(t->run->bound, least);
}

static kv_status add_child(kv_branching *t, const kv_cut_node *parent, int j, int up,
                           kv_basis *basis)
{
    double y = t->design[j];
    kv_branch branch;
    kv_cut_node child = {.bound = parent->bound,
                         .depth = parent->depth + 1,
                         .basis = basis,
                         .design = j,
                         .up = up,
                         .distance = up ? ceil(y) - y : y - floor(y)};
    if (kv_reserve((void **)&t->open, &t->open_room, t->n_open + 1, sizeof *t->open))
        return KV_ERR_MEMORY;
    kv_status status = kv_branch_create(1, &j, up ? 'G' : 'L', up ? ceil(y) : floor(y), &branch);
    if (status == KV_OK)
        status = kv_records_add(&t->records, parent->record, up, &branch, -1, &child.record);
    if (status != KV_OK)
        return status;
    basis->users++;
    t->open[t->n_open++] = child;
    return KV_OK;
}

/* Both children; the one that is taken first stands last. */
static kv_status split(kv_branching *t, const kv_cut_node *node, int j)
{
    kv_basis *basis = take_basis(t);
    int first = t->design[j] - floor(t->design[j]) > 0.5;
    if (!basis)
        return KV_ERR_MEMORY;
    basis->users = 1;
    kv_status status = add_child(t, node, j, !first, basis);
    if (status == KV_OK)
        status = add_child(t, node, j, first, basis);
    kv_basis_drop(basis);
    return status;
}

/* ---- one node ------------------------------------------------------------------------------ */

static void learn(kv_branching *t, const kv_cut_node *node, double bound)
{
    if (node->design < 0 || !(bound > -HUGE_VAL) || bound >= HUGE_VAL || node->distance < 1e-6)
        return;
    t->gain[node->up][node->design] += fmax(0, bound - node->bound) / node->distance;
    t->tried[node->up][node->design]++;
}

static void keep_vector(kv_branching *t, const kv_cut_node *node)
{
    kv_records_keep(&t->records, t->run->problem, node->record, t->vector);
    t->vector = NULL;
}

static void close_node(kv_branching *t, double bound)
{
    t->closed = fmin(t->closed, bound);
}

/* Columns that an infeasible LP woke sleep again. */
static void sleep_again(kv_branching *t, const unsigned char *asleep)
{
    for (int j = 0; j < t->run->whole.model->n_columns; j++)
        if (asleep[j])
            kv_whole_model_sleep(&t->run->whole, j, 1);
}

/* Solve the node's LP, cut a little near the root. */
static kv_lp_state solve_node(kv_branching *t, kv_cut_node *node, kv_status *status)
{
    double bound, level = kv_branching_level(t);
    int added = 0;
    kv_lp_state state = kv_branching_solve(t, &bound, status);
    learn(t, node, bound);
    for (int round = 0; round < 1 + TREE_ROUNDS && *status == KV_OK; round++) {
        if (state == KV_LP_OPTIMAL || state == KV_LP_INFEASIBLE)
            if (bound > node->bound) {
                node->bound = bound;
                keep_vector(t, node);
            }
        if (state != KV_LP_OPTIMAL || node->bound >= level || node->depth > CUT_DEPTH ||
            round == TREE_ROUNDS)
            break;
        *status = kv_branching_separate(t, least_tree, TREE_CUTS, 1, &added);
        if (*status != KV_OK || added == 0)
            break;
        state = kv_branching_solve(t, &bound, status);
    }
    return state;
}

/* What becomes of a node: closed, or split. *open = 1 when it has children. */
static kv_status treat(kv_branching *t, kv_cut_node *node, int *open)
{
    kv_status status = KV_OK;
    *open = 0;
    kv_lp_state state = solve_node(t, node, &status);
    if (status != KV_OK)
        return status;
    if (state != KV_LP_OPTIMAL || node->bound >= kv_branching_level(t) || kv_branching_whole(t)) {
        if (state == KV_LP_LIMIT || state == KV_LP_FAILED)
            t->run->out_of_limits = 1;
        close_node(t, node->bound);
        return KV_OK;
    }
    int j = kv_branching_choose(t, node->depth, node->bound);
    if (j < 0) {
        close_node(t, node->bound);
        return KV_OK;
    }
    *open = 1;
    return split(t, node, j);
}

/* ---- the search ---------------------------------------------------------------------------- */

static size_t best_open(const kv_branching *t)
{
    size_t best = t->n_open - 1;
    for (size_t i = 0; i < t->n_open; i++)
        if (t->open[i].bound < t->open[best].bound)
            best = i;
    return best;
}

/* Leaves that the incumbent has made superfluous. */
static void prune(kv_branching *t)
{
    double level = kv_branching_level(t);
    size_t kept = 0;
    for (size_t i = 0; i < t->n_open; i++) {
        if (t->open[i].bound >= level) {
            close_node(t, t->open[i].bound);
            kv_basis_drop(t->open[i].basis);
        } else {
            t->open[kept++] = t->open[i];
        }
    }
    t->n_open = kept;
}

static int finished(kv_branching *t)
{
    kv_glpk_run *run = t->run;
    const kv_limits *l = run->limits;
    run->satisfied = kv_run_near_enough(run, run->has_plan ? run->plan->objective : 1e30);
    if (run->satisfied)
        return 1;
    run->out_of_limits |=
        kv_stop_requested() || kv_clock() >= run->deadline || (l->work > 0 && run->work >= l->work);
    return run->out_of_limits;
}

static kv_status start(kv_branching *t)
{
    kv_cut_node root = {.bound = t->run->bound, .design = -1};
    int open;
    kv_status status = treat(t, &root, &open);
    update_bound(t);
    return status;
}

static void report(kv_branching *t)
{
    update_bound(t);
    if (kv_clock() - t->run->last_report > kv_report_seconds)
        kv_run_report(t->run, "search", t->run->has_plan ? t->run->plan->objective : 1e30,
                      t->run->work);
}

/* Whether to go on with the last child: only near the bound, so that most nodes raise it. */
static int worth_diving(const kv_branching *t, int dive)
{
    double level = kv_branching_level(t), bound = t->run->bound;
    if (level == HUGE_VAL)
        return 1;
    return dive < MOST_DIVE && t->open[t->n_open - 1].bound <= bound + dive_share * (level - bound);
}

/* The node at a place of the list, with its boxes and basis. */
static kv_cut_node take_node(kv_branching *t, size_t at)
{
    kv_cut_node node = t->open[at];
    memmove(&t->open[at], &t->open[at + 1], (t->n_open - at - 1) * sizeof node);
    t->n_open--;
    t->run->plan->nodes++;
    kv_branching_set_boxes(t, node.record);
    if (node.basis)
        (void)kv_lp_set_basis(t->run->whole.lp, node.basis->rows, node.basis->state);
    return node;
}

typedef struct kv_walk {
    unsigned char *asleep; /* [n_columns] before the node at hand */
    int dive, open;        /* nodes of the present dive; whether the last node has children */
} kv_walk;

static kv_status step(kv_branching *t, kv_walk *w)
{
    size_t at = w->open && worth_diving(t, w->dive) ? t->n_open - 1 : best_open(t);
    w->dive = at == t->n_open - 1 && w->open ? w->dive + 1 : 0;
    kv_cut_node node = take_node(t, at);
    memcpy(w->asleep, t->run->whole.asleep, (size_t)t->run->whole.model->n_columns);
    double known = t->run->plan->objective;
    kv_status status = treat(t, &node, &w->open);
    if (!w->open)
        sleep_again(t, w->asleep);
    kv_basis_drop(node.basis);
    if (t->run->plan->objective < known)
        prune(t);
    report(t);
    return status;
}

/* Nodes for a while, the search on paths beside them. */
static kv_status stroll(kv_branching *t, kv_walk *w)
{
    kv_status status = KV_OK;
    double known = t->run->plan->objective;
    long until = t->run->work + STROLL;
    kv_plans_send(t->run);
    do
        status = step(t, w);
    while (status == KV_OK && t->n_open > 0 && t->run->work < until && !finished(t));
    kv_status met = kv_plans_meet(t->run);
    if (t->run->plan->objective < known)
        prune(t);
    return status == KV_OK ? met : status;
}

kv_status kv_branching_search(kv_branching *branching)
{
    kv_branching *t = branching;
    kv_walk w = {.asleep = kv_alloc((size_t)t->run->whole.model->n_columns, 1), .open = 1};
    kv_status status = w.asleep ? start(t) : KV_ERR_MEMORY;
    while (status == KV_OK && t->n_open > 0 && !finished(t))
        status = stroll(t, &w);
    if (t->n_open == 0 && status == KV_OK)
        update_bound(t);
    kv_free(w.asleep);
    kv_branching_set_boxes(t, 0);
    return status;
}

/* ---- the proof ----------------------------------------------------------------------------- */

kv_status kv_branching_prove(kv_branching *branching)
{
    kv_branching *t = branching;
    kv_plan *plan = t->run->plan;
    kv_proof *proof = NULL;
    kv_status status = kv_records_prove(&t->records, t->run->problem, t->run->bound, t->root_lower,
                                        t->root_upper, &proof);
    if (status == KV_OK)
        status = kv_proof_take_cuts(proof, t->pool.count, t->pool.cut);
    if (status != KV_OK) {
        kv_proof_free(proof);
        return status;
    }
    if (proof->bound > plan->certified_bound) {
        plan->certified_bound = proof->bound;
        plan->proof = proof;
    } else {
        kv_proof_free(proof);
    }
    return KV_OK;
}
