/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/tree.h"

#include "base/memory.h"
#include "solver/decomposition/side_model.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <string.h>

/* Vectors of multipliers that are kept to prove the bound; beyond it nodes borrow their parent's. */
#define MOST_VECTOR_BYTES ((size_t)1 << 30)

typedef struct tree_node {
    double bound;
    int record;            /* in the tree's records */
    int leaf;              /* 1 = cannot be split; its bound still counts */
    double *lower, *upper; /* [n_design] */
    double *wish;          /* [n_design] the relaxation's design */
    unsigned char *chosen; /* [n_groups] 1 = at least one of the group */
} tree_node;

struct kv_tree {
    kv_search *search;
    kv_problem problem; /* the search's, with a row "at least one" a group behind its side rows */
    kv_relaxation *relaxation;
    unsigned char *drop; /* [problem.side.count] side rows left out at the node at hand */
    kv_records records;
    int n_base; /* side rows of the search's problem */
    int n_groups;
    int *group;       /* [n_design] group that is split as one, -1 = none */
    tree_node *nodes; /* open nodes and leaves */
    size_t n_nodes, capacity;
};

typedef struct split {
    int group, design; /* one of them, the other is -1 */
    double value;      /* of the design */
} split;

/* ---- groups ---- */

static int is_binary(const kv_problem *p, int j)
{
    return p->design_integer[j] && p->design_lower[j] == 0 && p->design_upper[j] == 1;
}

/* Groups of at least two binaries, and of nothing else. */
static kv_status find_groups(kv_tree *t)
{
    const kv_problem *p = &t->search->problem;
    int *size = kv_alloc((size_t)p->n_groups, sizeof(int)),
        *name = kv_alloc((size_t)p->n_groups, sizeof(int));
    t->group = kv_alloc((size_t)p->n_design, sizeof(int));
    kv_status status = size && name && t->group ? KV_OK : KV_ERR_MEMORY;
    for (int j = 0; j < p->n_design && status == KV_OK && p->n_groups > 0; j++) {
        int g = p->design_group[j];
        if (g < 0 || p->design_upper[j] - p->design_lower[j] < 0.5)
            continue;
        size[g] = is_binary(p, j) && size[g] >= 0 ? size[g] + 1 : -1;
    }
    for (int g = 0; g < p->n_groups && status == KV_OK; g++)
        name[g] = size[g] > 1 && p->group_limit[g] <= 1 ? t->n_groups++ : -1;
    for (int j = 0; j < p->n_design && status == KV_OK; j++) {
        int g = p->n_groups > 0 ? p->design_group[j] : -1;
        t->group[j] = g >= 0 && is_binary(p, j) ? name[g] : -1;
    }
    kv_free(size);
    kv_free(name);
    return status;
}

/* The side rows with - sum of the group <= -1 behind them. */
static kv_status extend_rows(kv_tree *t)
{
    const kv_problem *p = &t->search->problem;
    kv_rows *rows = &t->problem.side;
    size_t n = (size_t)p->side.count + (size_t)t->n_groups;
    size_t old = p->side.count > 0 ? (size_t)p->side.design_first[p->side.count] : 0,
           total = old + (size_t)p->n_design;
    rows->sense = kv_alloc(n, 1);
    rows->rhs = kv_alloc(n, sizeof(double));
    rows->design_first = kv_alloc(n + 1, sizeof(int));
    rows->design = kv_alloc(total, sizeof(int));
    rows->design_value = kv_alloc(total, sizeof(double));
    rows->flow_first = kv_alloc(n + 1, sizeof(int));
    t->drop = kv_alloc(n, 1);
    if (!rows->sense || !rows->rhs || !rows->design_first || !rows->design || !rows->design_value ||
        !rows->flow_first || !t->drop)
        return KV_ERR_MEMORY;
    if (p->side.count > 0) {
        memcpy(rows->sense, p->side.sense, (size_t)p->side.count);
        memcpy(rows->rhs, p->side.rhs, sizeof(double) * (size_t)p->side.count);
        memcpy(rows->design_first, p->side.design_first, sizeof(int) * ((size_t)p->side.count + 1));
        memcpy(rows->design, p->side.design, sizeof(int) * old);
        memcpy(rows->design_value, p->side.design_value, sizeof(double) * old);
    }
    int at = (int)old;
    for (int g = 0; g < t->n_groups; g++) {
        for (int j = 0; j < p->n_design; j++)
            if (t->group[j] == g) {
                rows->design[at] = j;
                rows->design_value[at++] = -1;
            }
        rows->sense[t->n_base + g] = 'L';
        rows->rhs[t->n_base + g] = -1;
        rows->design_first[t->n_base + g + 1] = at;
    }
    rows->count = (int)n;
    return KV_OK;
}

/* ---- nodes ---- */

static void free_node(tree_node *node)
{
    kv_free(node->lower);
    kv_free(node->upper);
    kv_free(node->wish);
    kv_free(node->chosen);
}

static kv_status copy_node(const kv_tree *t, const tree_node *from, tree_node *to)
{
    size_t n = (size_t)t->problem.n_design, size = n * sizeof(double);
    memset(to, 0, sizeof(*to));
    to->lower = kv_alloc(n, sizeof(double));
    to->upper = kv_alloc(n, sizeof(double));
    to->wish = kv_alloc(n, sizeof(double));
    to->chosen = kv_alloc((size_t)t->n_groups, 1);
    if (!to->lower || !to->upper || !to->wish || !to->chosen) {
        free_node(to);
        return KV_ERR_MEMORY;
    }
    to->bound = from->bound;
    to->record = from->record;
    memcpy(to->lower, from->lower, size);
    memcpy(to->upper, from->upper, size);
    memcpy(to->wish, from->wish, size);
    if (from->chosen)
        memcpy(to->chosen, from->chosen, (size_t)t->n_groups);
    return KV_OK;
}

static kv_status keep_node(kv_tree *t, tree_node *node)
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
    t->problem = s->problem;
    t->n_base = s->problem.side.count;
    memset(&t->problem.side, 0, sizeof(t->problem.side));
    tree_node root, given = {.bound = s->bound,
                             .lower = s->problem.design_lower,
                             .upper = s->problem.design_upper,
                             .wish = s->root_design};
    kv_status status =
        kv_records_create(&s->problem, s->certificate, MOST_VECTOR_BYTES, &t->records);
    if (status == KV_OK)
        status = find_groups(t);
    if (status == KV_OK)
        status = extend_rows(t);
    if (status == KV_OK)
        status = copy_node(t, &given, &root);
    if (status == KV_OK && (status = keep_node(t, &root)) != KV_OK)
        free_node(&root);
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
        free_node(&t->nodes[i]);
    kv_free(t->nodes);
    kv_records_clear(&t->records);
    kv_free(t->group);
    kv_free(t->drop);
    kv_free(t->problem.side.sense);
    kv_free(t->problem.side.rhs);
    kv_free(t->problem.side.design_first);
    kv_free(t->problem.side.design);
    kv_free(t->problem.side.design_value);
    kv_free(t->problem.side.flow_first);
    kv_free(t);
}

/* ---- splitting ---- */

static double distance(double value)
{
    double part = value - floor(value);
    return fmin(part, 1 - part);
}

/* What is the most undecided, weighted by what it costs. 0 = all is integral. */
static int choose(const kv_tree *t, const tree_node *node, split *at, double *sum)
{
    const kv_problem *p = &t->problem;
    double best = 0;
    memset(sum, 0, sizeof(double) * 2 * (size_t)t->n_groups);
    for (int j = 0; j < p->n_design; j++)
        if (t->group[j] >= 0) {
            sum[2 * t->group[j]] += node->wish[j];
            sum[2 * t->group[j] + 1] = fmax(sum[2 * t->group[j] + 1], fabs(p->design_cost[j]));
        }
    *at = (split){-1, -1, 0};
    for (int g = 0; g < t->n_groups; g++) {
        double score = node->chosen[g] ? 0 : fmin(sum[2 * g], 1 - sum[2 * g]) * sum[2 * g + 1];
        if (score > best && sum[2 * g] > 1e-4 && sum[2 * g] < 1 - 1e-4) {
            best = score;
            *at = (split){g, -1, 0};
        }
    }
    for (int j = 0; j < p->n_design; j++) {
        double score = distance(node->wish[j]) * fmax(fabs(p->design_cost[j]), 1e-6);
        int open_group =
            t->group[j] >= 0 && !node->chosen[t->group[j]] && sum[2 * t->group[j]] < 1 - 1e-4;
        if (p->design_integer[j] && !open_group && distance(node->wish[j]) > 1e-4 && score > best &&
            node->upper[j] - node->lower[j] > 0.5) {
            best = score;
            *at = (split){-1, j, node->wish[j]};
        }
    }
    return at->group >= 0 || at->design >= 0;
}

static void apply(const kv_tree *t, const split *at, int up, tree_node *child)
{
    if (at->design >= 0) {
        if (up)
            child->lower[at->design] = floor(at->value) + 1;
        else
            child->upper[at->design] = floor(at->value);
        return;
    }
    if (up)
        child->chosen[at->group] = 1;
    for (int j = 0; !up && j < t->problem.n_design; j++)
        if (t->group[j] == at->group)
            child->upper[j] = child->lower[j];
}

/* Side rows at a node: the search's, and "at least one" of the groups chosen. The relaxation speaks
 * of the extended problem while it is solved. */
static kv_status relax(kv_tree *t, const tree_node *node, double tolerance, kv_ipm_result *result)
{
    kv_search *s = t->search;
    kv_relaxation *r = s->relaxation;
    const kv_problem *problem = r->problem;
    const unsigned char *drop = r->drop_side;
    for (int i = 0; i < t->n_base; i++)
        t->drop[i] = s->drop_side ? s->drop_side[i] : 0;
    for (int g = 0; g < t->n_groups; g++)
        t->drop[t->n_base + g] = !node->chosen[g];
    r->problem = &t->problem;
    r->drop_side = t->drop;
    kv_status status =
        kv_relaxation_solve(r, node->lower, node->upper, tolerance, kv_search_cutoff(s), result);
    r->problem = problem;
    r->drop_side = drop;
    return status;
}

/* A leaf's design is integral: it is a candidate. */
static kv_status try_design(kv_tree *t, const tree_node *node)
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

/* The branch from a node to one of its children, as a row. KV_OK or KV_ERR_MEMORY. */
static kv_status make_branch(const kv_tree *t, const split *at, int up, kv_branch *branch)
{
    int count = 0, *list = kv_alloc((size_t)t->problem.n_design, sizeof(int));
    if (!list)
        return KV_ERR_MEMORY;
    if (at->design >= 0)
        list[count++] = at->design;
    for (int j = 0; at->design < 0 && j < t->problem.n_design; j++)
        if (t->group[j] == at->group)
            list[count++] = j;
    double below = at->design >= 0 ? floor(at->value) : 0;
    kv_status status = kv_branch_create(count, list, up ? 'G' : 'L', below + up, branch);
    kv_free(list);
    return status;
}

static kv_status record_child(kv_tree *t, const split *at, int up, tree_node *child)
{
    kv_branch branch;
    int group = at->design < 0 && up ? t->n_base + at->group : -1;
    kv_status status = make_branch(t, at, up, &branch);
    if (status == KV_OK)
        status = kv_records_add(&t->records, child->record, up, &branch, group, &child->record);
    return status;
}

/* How far a side row is from what its variables can be in the node's boxes; 0 = it can hold. */
static double row_misses(const kv_rows *rows, int i, const tree_node *node)
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
static void record_infeasible(kv_tree *t, const tree_node *node)
{
    double worst = 0;
    for (int i = 0; i < t->n_base; i++) {
        double miss = t->drop[i] ? 0 : row_misses(&t->problem.side, i, node);
        if (miss > worst) {
            worst = miss;
            t->records.items[node->record].row = i;
        }
    }
}

/* What the relaxation proves of a node, as it is recomputed; its multipliers go to the records. */
static kv_status record_bound(kv_tree *t, tree_node *child, kv_ipm_result *result)
{
    kv_status status = kv_multipliers_lift(&t->problem, child->upper, result->multipliers);
    if (status != KV_OK)
        return status;
    double bound = kv_bound_within(&t->problem, child->lower, child->upper, result->multipliers);
    if (bound > child->bound) {
        child->bound = bound;
        kv_records_keep(&t->records, &t->problem, child->record, result->multipliers);
        result->multipliers = NULL;
    }
    return KV_OK;
}

/* An integral leaf that its own design does not beat yet is bounded as well as can be. */
static kv_status sharpen(kv_tree *t, tree_node *node)
{
    kv_search *s = t->search;
    kv_ipm_result result = {0};
    if (kv_search_done(s) || (s->has_incumbent && node->bound >= s->incumbent))
        return KV_OK;
    kv_status status = relax(t, node, 1e-8, &result);
    s->work += result.iterations;
    if (status == KV_OK)
        status = record_bound(t, node, &result);
    kv_ipm_result_free(&result);
    return status == KV_ERR_INFEASIBLE ? KV_OK : status;
}

static kv_status grow(kv_tree *t, const tree_node *parent, const split *at, int up)
{
    kv_search *s = t->search;
    tree_node child;
    kv_ipm_result result = {0};
    kv_status status = copy_node(t, parent, &child);
    if (status != KV_OK)
        return status;
    apply(t, at, up, &child);
    status = record_child(t, at, up, &child);
    if (status == KV_OK)
        status = relax(t, &child, 1e-5, &result);
    s->work += result.iterations;
    s->nodes++;
    if (status == KV_ERR_INFEASIBLE) {
        record_infeasible(t, &child);
        free_node(&child);
        return KV_OK;
    }
    if (status == KV_OK)
        status = record_bound(t, &child, &result);
    if (status == KV_OK) {
        if (s->has_incumbent && child.bound >= s->incumbent) {
            free_node(&child);
            child.lower = NULL;
        } else if (result.violation > 1e-3) {
            child.leaf = 1;
        } else {
            memcpy(child.wish, result.design, sizeof(double) * (size_t)t->problem.n_design);
        }
        if (child.lower)
            status = keep_node(t, &child);
    }
    if (status != KV_OK)
        free_node(&child);
    kv_ipm_result_free(&result);
    return status;
}

/* The open node with the least bound; nodes that the incumbent beats are dropped on the way. */
static size_t select_node(kv_tree *t)
{
    size_t kept = 0, best = 0;
    const kv_search *s = t->search;
    for (size_t i = 0; i < t->n_nodes; i++) {
        if (s->has_incumbent && t->nodes[i].bound >= s->incumbent) {
            free_node(&t->nodes[i]);
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

kv_status kv_tree_step(kv_tree *t, int *done)
{
    size_t at = select_node(t);
    split how;
    double *sum = kv_alloc(2 * (size_t)t->n_groups, sizeof(double));
    kv_status status = sum ? KV_OK : KV_ERR_MEMORY;
    *done = at >= t->n_nodes;
    if (status == KV_OK && !*done) {
        tree_node node = t->nodes[at];
        if (!choose(t, &node, &how, sum)) {
            t->nodes[at].leaf = 1;
            status = try_design(t, &node);
            if (status == KV_OK)
                status = sharpen(t, &t->nodes[at]);
        } else if ((status = grow(t, &node, &how, 0)) == KV_OK && !kv_search_done(t->search) &&
                   (status = grow(t, &node, &how, 1)) == KV_OK && !kv_search_done(t->search)) {
            free_node(&t->nodes[at]); /* both halves are there: the node is replaced */
            t->nodes[at] = t->nodes[--t->n_nodes];
        }
    }
    if (status == KV_OK)
        raise_bound(t);
    kv_free(sum);
    kv_search_report(t->search, "search");
    return status;
}

kv_status kv_tree_prove(kv_tree *t, kv_proof **proof)
{
    const kv_problem *p = &t->search->problem;
    return kv_records_prove(&t->records, p, t->search->bound, p->design_lower, p->design_upper,
                            proof);
}
