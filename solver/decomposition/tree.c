/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/tree.h"

#include "base/memory.h"
#include "solver/decomposition/dive.h"
#include "solver/decomposition/pair.h"
#include "solver/decomposition/screening.h"
#include "solver/decomposition/side_model.h"

#include <math.h>
#include <string.h>

/* Vectors of multipliers that are kept to prove the bound; beyond it nodes borrow their parent's. */
#define MOST_VECTOR_BYTES ((size_t)1 << 30)

static const double untrue = 1e-3; /* a point that misses rows by more says nothing of designs */

struct kv_tree {
    kv_search *search;
    const kv_group_rows *groups;
    kv_pair pair;
    unsigned char *drop[2]; /* [side rows with groups] left out at the nodes at hand */
    kv_records records;
    kv_splits splits;
    kv_screening screening;
    kv_node *nodes; /* open nodes and leaves */
    size_t n_nodes, capacity;
};

/* ---- nodes ---- */

static kv_status keep_node(kv_tree *t, kv_node *node)
{
    if (kv_reserve((void **)&t->nodes, &t->capacity, t->n_nodes + 1, sizeof(*t->nodes)))
        return KV_ERR_MEMORY;
    t->nodes[t->n_nodes++] = *node;
    return KV_OK;
}

kv_status kv_tree_create(kv_search *s, kv_tree **out)
{
    kv_tree *t = *out = kv_alloc(1, sizeof(*t));
    if (!t)
        return KV_ERR_MEMORY;
    t->search = s;
    t->groups = &s->groups;
    for (int i = 0; i < 2; i++)
        t->drop[i] = kv_alloc((size_t)s->groups.problem.side.count, 1);
    kv_node root;
    const kv_multipliers *vector =
        s->rounds.bound > s->certified ? s->rounds.vector : s->certificate;
    kv_status status = t->drop[0] && t->drop[1] ? kv_pair_create(s, &t->pair) : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_splits_create(&s->groups, &t->splits);
    if (status == KV_OK)
        status = kv_records_create(&s->problem, vector, MOST_VECTOR_BYTES, &t->records);
    if (status == KV_OK)
        status = kv_screening_create(s, &t->splits, &t->records, &t->screening);
    if (status == KV_OK)
        status = kv_node_create_root(s, &root);
    if (status == KV_OK && (status = keep_node(t, &root)) != KV_OK)
        kv_node_clear(&root);
    if (status != KV_OK) {
        kv_tree_free(t);
        *out = NULL;
    }
    return status;
}

void kv_tree_free(kv_tree *t)
{
    if (!t)
        return;
    for (size_t i = 0; i < t->n_nodes; i++)
        kv_node_clear(&t->nodes[i]);
    kv_free(t->nodes);
    kv_screening_clear(&t->screening);
    kv_records_clear(&t->records);
    kv_splits_clear(&t->splits);
    kv_pair_clear(&t->pair);
    kv_free(t->drop[0]);
    kv_free(t->drop[1]);
    kv_free(t);
}

/* ---- splitting ---- */

/* A leaf's design is integral: it is a candidate. */
static kv_status try_design(kv_tree *t, const kv_node *node)
{
    kv_search *s = t->search;
    double *design = kv_alloc((size_t)s->problem.n_design, sizeof(double));
    kv_status status = design ? KV_OK : KV_ERR_MEMORY;
    if (status == KV_OK)
        status = kv_side_nearest(&s->problem, node->lower, node->upper, s->drop_side, node->wish,
                                 30, design);
    if (status == KV_OK && !kv_search_seen(s, design))
        status = kv_search_evaluate(s, design);
    kv_free(design);
    return status == KV_ERR_LIMIT || status == KV_ERR_INFEASIBLE ? KV_OK : status;
}

/* How far a side row is from what its variables can be in the node's boxes; 0 = it can hold. */
static double row_misses(const kv_rows *rows, int i, const kv_node *node)
{
    double least = 0, most = 0, rhs = rows->rhs[i];
    for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++) {
        double value = rows->design_value[e], low = node->lower[rows->design[e]],
               high = node->upper[rows->design[e]];
        least += value * (value > 0 ? low : high);
        most += value * (value > 0 ? high : low);
    }
    return fmax(0, fmax(least - rhs, rows->sense[i] == 'E' ? rhs - most : 0));
}

/* The side row that makes a node infeasible is its proof. */
static void record_infeasible(kv_tree *t, const kv_child *child)
{
    const kv_node *node = &child->node;
    double worst = 0;
    for (int i = 0; i < t->groups->n_base; i++) {
        double miss = child->drop[i] ? 0 : row_misses(&t->groups->problem.side, i, node);
        if (miss > worst) {
            worst = miss;
            t->records.items[node->record].row = i;
        }
    }
}

/* What the relaxation proves of a node, as it is recomputed; its multipliers go to the records. */
static void record_bound(kv_tree *t, kv_node *child, kv_ipm_result *result)
{
    const kv_problem *p = &t->groups->problem;
    double bound = kv_bound_within(p, child->lower, child->upper, result->multipliers);
    if (bound <= child->bound)
        return;
    child->bound = bound;
    kv_records_keep(&t->records, p, child->record, result->multipliers);
    result->multipliers = NULL;
}

/* An integral leaf that its own design does not beat yet is bounded as well as can be. */
static kv_status sharpen(kv_tree *t, kv_node *node)
{
    kv_search *s = t->search;
    kv_ipm_result result = {0};
    if (kv_search_done(s) || (s->has_incumbent && node->bound >= s->incumbent))
        return KV_OK;
    kv_status status = kv_node_relax_whole(s, node, 1e-8, t->drop[0], &result);
    s->work += result.iterations;
    if (status == KV_OK)
        record_bound(t, node, &result);
    kv_ipm_result_free(&result);
    return status == KV_ERR_INFEASIBLE ? KV_OK : status;
}

/* What a side of a split gained, as far as it counts. */
static void learn(kv_tree *t, const kv_split *at, int up, double before, double bound)
{
    const kv_search *s = t->search;
    double most = s->has_incumbent ? fmax(0, s->incumbent - before) : HUGE_VAL;
    kv_splits_learn(&t->splits, at, up, fmin(most, fmax(0, bound - before)));
}

/* Where a child's relaxation ended. */
static kv_status settle_point(kv_tree *t, kv_node *child, kv_ipm_result *result)
{
    child->leaf = result->violation > untrue;
    return child->leaf ? KV_OK : kv_node_take(t->search, child, result);
}

/* Keep a child that was relaxed, unless the incumbent beats it or memory failed. Takes it in any case. */
static kv_status settle(kv_tree *t, kv_node *child, kv_status status)
{
    const kv_search *s = t->search;
    int beaten = s->has_incumbent && child->bound >= s->incumbent;
    if (status == KV_OK && !beaten)
        status = keep_node(t, child);
    if (status != KV_OK || beaten)
        kv_node_clear(child);
    return status;
}

/* A side of a split, unless screening closes it. */
static kv_status begin_child(kv_tree *t, const kv_node *parent, const kv_split *at, int up,
                             kv_child *child)
{
    int closed = 0;
    kv_status status = kv_node_copy(t->search, parent, &child->node);
    if (status != KV_OK)
        return status;
    kv_split_apply(&t->splits, at, up, &child->node);
    status = kv_screening_record(&t->screening, at, up, parent->record, &child->node.record);
    if (status == KV_OK)
        status = kv_screening_ask(&t->screening, &child->node, &closed);
    child->there = !closed && status == KV_OK;
    if (closed)
        learn(t, at, up, parent->bound, HUGE_VAL);
    if (!child->there)
        kv_node_clear(&child->node);
    return status;
}

/* A child whose relaxation has ended. */
static kv_status end_child(kv_tree *t, const kv_node *parent, const kv_split *at, int up,
                           kv_child *child)
{
    kv_search *s = t->search;
    kv_status status = child->status;
    s->nodes++;
    child->there = 0;
    if (status != KV_OK) {
        if (status == KV_ERR_INFEASIBLE) {
            record_infeasible(t, child);
            learn(t, at, up, parent->bound, HUGE_VAL);
        }
        kv_node_clear(&child->node);
        return status == KV_ERR_INFEASIBLE ? KV_OK : status;
    }
    s->work += child->result.iterations;
    status = settle_point(t, &child->node, &child->result);
    record_bound(t, &child->node, &child->result);
    learn(t, at, up, parent->bound, child->node.bound);
    status = settle(t, &child->node, status);
    kv_ipm_result_free(&child->result);
    return status;
}

/* Both sides of a split. *whole = 1: all that is left of the node is in them. */
static kv_status grow(kv_tree *t, const kv_node *parent, const kv_split *at, int *whole)
{
    kv_child child[2] = {{.drop = t->drop[0]}, {.drop = t->drop[1]}};
    kv_status status = KV_OK;
    for (int up = 0; up < 2 && status == KV_OK; up++)
        status = begin_child(t, parent, at, up, &child[up]);
    *whole = status == KV_OK && !kv_search_done(t->search);
    if (*whole)
        kv_pair_relax(&t->pair, child);
    for (int up = 0; up < 2; up++)
        if (child[up].there && *whole && status == KV_OK)
            status = end_child(t, parent, at, up, &child[up]);
    for (int up = 0; up < 2; up++)
        if (child[up].there) {
            kv_ipm_result_free(&child[up].result);
            kv_node_clear(&child[up].node);
        }
    return status;
}

/* The open node with the least bound; nodes that the incumbent beats are dropped on the way. */
static size_t select_node(kv_tree *t)
{
    size_t kept = 0, best = 0;
    const kv_search *s = t->search;
    for (size_t i = 0; i < t->n_nodes; i++) {
        if (s->has_incumbent && t->nodes[i].bound >= s->incumbent) {
            kv_node_clear(&t->nodes[i]);
            continue;
        }
        t->nodes[kept++] = t->nodes[i];
    }
    t->n_nodes = kept;
    for (best = 0; best < kept && t->nodes[best].leaf; best++)
        ;
    for (size_t i = best; i < kept; i++)
        if (!t->nodes[i].leaf && t->nodes[i].bound < t->nodes[best].bound)
            best = i;
    return best;
}

static void raise_bound(kv_tree *t)
{
    kv_search *s = t->search;
    double least = s->has_incumbent ? s->incumbent : 1e300;
    for (size_t i = 0; i < t->n_nodes; i++)
        least = fmin(least, t->nodes[i].bound);
    if (least < 1e299)
        s->bound = fmax(s->bound, least);
}

/* Both halves of a node; when they are there the node is replaced. */
static kv_status split_node(kv_tree *t, size_t at, const kv_split *how)
{
    kv_node node = t->nodes[at];
    if (kv_screening_begin(&t->screening, &node) == KV_ERR_MEMORY)
        return KV_ERR_MEMORY;
    int whole;
    kv_status status = grow(t, &node, how, &whole);
    if (status != KV_OK || !whole)
        return status;
    kv_node_clear(&t->nodes[at]);
    t->nodes[at] = t->nodes[--t->n_nodes];
    return KV_OK;
}

static kv_status close_leaf(kv_tree *t, size_t at)
{
    kv_node node = t->nodes[at];
    t->nodes[at].leaf = 1;
    kv_status status = try_design(t, &node);
    return status == KV_OK ? sharpen(t, &t->nodes[at]) : status;
}

kv_status kv_tree_step(kv_tree *t, int *done)
{
    size_t at = select_node(t);
    kv_split how;
    kv_status status = KV_OK;
    *done = at >= t->n_nodes;
    if (!*done)
        status = kv_splits_choose(&t->splits, &t->nodes[at], &how) ? split_node(t, at, &how)
                                                                   : close_leaf(t, at);
    if (status == KV_OK)
        raise_bound(t);
    kv_search_report(t->search, "search");
    return status;
}

/* Of each group of which one is chosen, the one that the relaxation likes best, if it does. */
static void fix_chosen(const kv_tree *t, kv_node *node)
{
    for (int j = 0; j < t->search->problem.n_design; j++) {
        int g = t->groups->group[j];
        if (g >= 0 && node->chosen[g] && node->wish[j] > 0.9)
            node->lower[j] = node->upper[j];
    }
}

kv_status kv_tree_dive(kv_tree *t, int *done)
{
    size_t at = select_node(t);
    kv_node node;
    *done = at >= t->n_nodes || t->nodes[at].dived || !t->nodes[at].point;
    if (*done)
        return KV_OK;
    t->nodes[at].dived = 1;
    kv_status status = kv_node_copy(t->search, &t->nodes[at], &node);
    if (status != KV_OK)
        return status;
    const kv_node_point *point = node.point;
    kv_relaxed from = {point->design, point->flow, point->multipliers};
    fix_chosen(t, &node);
    status = kv_search_dive_from(t->search, &from, node.lower, node.upper);
    kv_node_clear(&node);
    return status;
}

kv_status kv_tree_prove(kv_tree *t, kv_proof **proof)
{
    const kv_problem *p = &t->search->problem;
    kv_cut_rounds *r = &t->search->rounds;
    kv_status status =
        kv_records_prove(&t->records, p, t->search->bound, p->design_lower, p->design_upper, proof);
    if (status == KV_OK && r->n_cuts > 0) {
        status = kv_proof_take_cuts(*proof, r->n_cuts, r->cut);
        kv_multipliers_free(r->vector); /* the proof begins with it, and has its cuts */
        r->vector = NULL;
    }
    if (status != KV_OK) {
        kv_proof_free(*proof);
        *proof = NULL;
    }
    return status;
}
