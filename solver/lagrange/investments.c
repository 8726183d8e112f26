/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/lagrange/investments.h"

#include "base/memory.h"
#include "solver/lp/lp.h"

#include <math.h>
#include <string.h>

/* What counts as whole; the least part of a bound that a search goes on for. */
static const double whole = 1e-6, fine = 1e-9;
/* A ray is one when it gains this much where its largest multiplier is 1. */
static const double least_ray = 1e-9;

enum { NOT_SPLIT = -1, SIMPLEX_ITERATIONS = 20000 };

typedef struct node {
    int parent, design; /* the branch that leads here: y_design sense rhs */
    char sense;
    double rhs;
    double bound;       /* +infinity where there is no design */
    double *rate, *ray; /* [n_rows] multipliers; ray: shows that there is no design, or NULL */
    int child;          /* the first of two, or NOT_SPLIT */
    int next;           /* design to split at `value`, -1 = not to be split */
    double value;
} node;

struct kv_investments {
    const kv_problem *problem;
    const double *root_lower, *root_upper;
    int n_rows, *row;      /* [n_rows] the side rows that count */
    kv_lp *lp, *phase;     /* NULL without rows; phase: how little the rows can be missed by */
    double *lower, *upper; /* [n_design] boxes of the node at hand, and of the LP */
    double *box_lower, *box_upper;
    double *point;   /* [n_design] its LP solution */
    double *reduced; /* [n_design] room */
    const double *cost;
    node *nodes;
    size_t n_nodes, capacity;
    double best; /* least cost of a design found */
};

/* ---- from the problem ---- */

/* The side row with two more columns, for what it is missed by. */
static kv_status add_row(const kv_problem *p, int i, int slack, int *column, double *value,
                         kv_lp *lp)
{
    const kv_rows *rows = &p->side;
    int n = 0;
    for (int e = rows->design_first[i]; e < rows->design_first[i + 1]; e++, n++) {
        column[n] = rows->design[e];
        value[n] = rows->design_value[e];
    }
    for (int s = 0; s < 2 && slack >= 0; s++, n++) {
        column[n] = slack + s;
        value[n] = s == 0 ? -1.0 : 1.0;
    }
    return kv_lp_add_row(lp, rows->sense[i] == 'E' ? rows->rhs[i] : -1e30, rows->rhs[i], n, column,
                         value);
}

static kv_status make_lp(const kv_investments *w, int with_slacks, kv_lp **out)
{
    const kv_problem *p = w->problem;
    size_t n = (size_t)p->n_design, all = n + (with_slacks ? 2 * (size_t)w->n_rows : 0);
    double *cost = kv_alloc(all, sizeof(double)), *lower = kv_alloc(all, sizeof(double)),
           *upper = kv_alloc(all, sizeof(double)), *value = kv_alloc(n + 2, sizeof(double));
    size_t *first = kv_alloc(all + 1, sizeof(size_t));
    int *column = kv_alloc(n + 2, sizeof(int));
    kv_lp *lp = *out = kv_lp_create();
    kv_status status = KV_ERR_MEMORY;
    if (!cost || !lower || !upper || !value || !first || !column || !lp)
        goto out;
    for (size_t j = 0; j < all; j++) {
        int downwards = j >= n && (j - n) % 2 == 1; /* only equations can be missed that way */
        cost[j] = j >= n;
        lower[j] = j < n ? w->root_lower[j] : 0.0;
        upper[j] = j < n                                                    ? w->root_upper[j]
                   : downwards && p->side.sense[w->row[(j - n) / 2]] != 'E' ? 0.0
                                                                            : 1e30;
    }
    status = kv_lp_add_columns(lp, (int)all, cost, lower, upper, NULL, first, NULL, NULL);
    for (int i = 0; i < w->n_rows && status == KV_OK; i++)
        status = add_row(p, w->row[i], with_slacks ? (int)n + 2 * i : -1, column, value, lp);
out:
    kv_free(cost);
    kv_free(lower);
    kv_free(upper);
    kv_free(value);
    kv_free(first);
    kv_free(column);
    return status;
}

static kv_status create(kv_investments *w, const unsigned char *drop_side)
{
    const kv_problem *p = w->problem;
    double **arrays[] = {&w->lower,     &w->upper, &w->box_lower,
                         &w->box_upper, &w->point, &w->reduced};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        if (!(*arrays[i] = kv_alloc((size_t)p->n_design, sizeof(double))))
            return KV_ERR_MEMORY;
    memcpy(w->box_lower, w->root_lower, (size_t)p->n_design * sizeof(double));
    memcpy(w->box_upper, w->root_upper, (size_t)p->n_design * sizeof(double));
    if (!(w->row = kv_alloc((size_t)p->side.count, sizeof(int))))
        return KV_ERR_MEMORY;
    for (int i = 0; i < p->side.count; i++)
        if (!drop_side || !drop_side[i])
            w->row[w->n_rows++] = i;
    return w->n_rows > 0 ? make_lp(w, 0, &w->lp) : KV_OK;
}

kv_status kv_investments_create(const kv_problem *problem, const double *lower, const double *upper,
                                const unsigned char *drop_side, kv_investments **investments)
{
    kv_investments *w = *investments = kv_alloc(1, sizeof *w);
    if (!w)
        return KV_ERR_MEMORY;
    w->problem = problem;
    w->root_lower = lower;
    w->root_upper = upper;
    kv_status status = create(w, drop_side);
    if (status != KV_OK) {
        kv_investments_free(w);
        *investments = NULL;
    }
    return status;
}

static void clear_nodes(kv_investments *w)
{
    for (size_t i = 0; i < w->n_nodes; i++) {
        kv_free(w->nodes[i].rate);
        kv_free(w->nodes[i].ray);
    }
    w->n_nodes = 0;
}

void kv_investments_free(kv_investments *w)
{
    if (!w)
        return;
    clear_nodes(w);
    kv_lp_free(w->lp);
    kv_lp_free(w->phase);
    void *arrays[] = {w->row,       w->lower, w->upper,   w->box_lower,
                      w->box_upper, w->point, w->reduced, w->nodes};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++)
        kv_free(arrays[i]);
    kv_free(w);
}

/* ---- bounds ---- */

/* The least of (cost + rates' rows) y in the node's boxes; cost NULL = 0. */
static double bound_of(kv_investments *w, const double *cost, const double *rate)
{
    const kv_problem *p = w->problem;
    const kv_rows *rows = &p->side;
    double bound = 0.0;
    for (int j = 0; j < p->n_design; j++)
        w->reduced[j] = cost ? cost[j] : 0.0;
    for (int i = 0; i < w->n_rows; i++) {
        int r = w->row[i];
        bound -= rate[i] * rows->rhs[r];
        for (int e = rows->design_first[r]; rate[i] != 0.0 && e < rows->design_first[r + 1]; e++)
            w->reduced[rows->design[e]] += rate[i] * rows->design_value[e];
    }
    for (int j = 0; j < p->n_design; j++)
        bound += w->reduced[j] * (w->reduced[j] > 0.0 ? w->lower[j] : w->upper[j]);
    return isnan(bound) ? -HUGE_VAL : bound;
}

static void set_boxes(kv_investments *w, int i)
{
    size_t size = (size_t)w->problem->n_design * sizeof(double);
    memcpy(w->lower, w->root_lower, size);
    memcpy(w->upper, w->root_upper, size);
    for (; i >= 0 && w->nodes[i].parent >= 0; i = w->nodes[i].parent) {
        const node *n = &w->nodes[i];
        if (n->sense == 'L')
            w->upper[n->design] = fmin(w->upper[n->design], n->rhs);
        else
            w->lower[n->design] = fmax(w->lower[n->design], n->rhs);
    }
}

/* ---- LPs ---- */

static kv_status bring_boxes(const kv_investments *w, kv_lp *lp, double *lower, double *upper)
{
    kv_status status = KV_OK;
    for (int j = 0; j < w->problem->n_design && status == KV_OK; j++) {
        if (lower && w->lower[j] == lower[j] && w->upper[j] == upper[j])
            continue;
        status = kv_lp_set_column_bounds(lp, j, w->lower[j], w->upper[j]);
        if (lower) {
            lower[j] = w->lower[j];
            upper[j] = w->upper[j];
        }
    }
    return status;
}

/* What the LP's last basis says of the rows. */
static void take_rates(const kv_investments *w, const kv_lp *lp, double *rate)
{
    for (int i = 0; i < w->n_rows; i++) {
        double value = -kv_lp_dual(lp, i);
        int inequality = w->problem->side.sense[w->row[i]] == 'L';
        rate[i] = !isfinite(value) || (inequality && value < 0.0) ? 0.0 : value;
    }
}

static kv_lp_state solve_lp(kv_lp *lp, int dual)
{
    kv_lp_limits limits;
    kv_lp_limits_default(&limits);
    limits.iterations = SIMPLEX_ITERATIONS;
    limits.dual = dual;
    limits.finish = 1;
    return kv_lp_solve(lp, &limits);
}

/* Multipliers that no design of the node's boxes agrees with, if the numbers show some. */
static kv_status find_ray(kv_investments *w, node *n)
{
    kv_status status = w->phase ? KV_OK : make_lp(w, 1, &w->phase);
    if (status == KV_OK)
        status = bring_boxes(w, w->phase, NULL, NULL);
    if (status == KV_OK && !(n->ray = kv_alloc((size_t)w->n_rows, sizeof(double))))
        status = KV_ERR_MEMORY;
    if (status != KV_OK)
        return status == KV_ERR_MEMORY ? status : KV_OK;
    solve_lp(w->phase, 0);
    take_rates(w, w->phase, n->ray);
    if (bound_of(w, NULL, n->ray) > least_ray) {
        n->bound = HUGE_VAL;
    } else {
        kv_free(n->ray);
        n->ray = NULL;
    }
    return KV_OK;
}

/* The most undecided integer by what it costs. */
static void choose_split(const kv_investments *w, node *n)
{
    double most = 0.0;
    n->next = -1;
    for (int j = 0; j < w->problem->n_design; j++) {
        double part = w->point[j] - floor(w->point[j]), off = fmin(part, 1.0 - part);
        double score = off * (fabs(w->cost[j]) + 1e-9);
        if (!w->problem->design_integer[j] || off <= whole || score <= most)
            continue;
        most = score;
        n->next = j;
        n->value = w->point[j];
    }
}

/* The LP's solution: a design, or what to split. */
static void take_point(kv_investments *w, node *n, double *design)
{
    const kv_problem *p = w->problem;
    double cost = 0.0;
    for (int j = 0; j < p->n_design; j++)
        w->point[j] = fmin(w->upper[j], fmax(w->lower[j], kv_lp_value(w->lp, j)));
    choose_split(w, n);
    if (n->parent < 0)
        memcpy(design, w->point, (size_t)p->n_design * sizeof(double));
    if (n->next >= 0)
        return;
    for (int j = 0; j < p->n_design; j++) {
        w->point[j] = p->design_integer[j] ? round(w->point[j]) : w->point[j];
        cost += w->cost[j] * w->point[j];
    }
    if (cost >= w->best)
        return;
    w->best = cost;
    memcpy(design, w->point, (size_t)p->n_design * sizeof(double));
}

/* Bound a node from its parent's multipliers (in n->rate) and its own LP. */
static kv_status bound_node(kv_investments *w, int i, double *design)
{
    node *n = &w->nodes[i];
    set_boxes(w, i);
    n->bound = bound_of(w, w->cost, n->rate);
    if (n->bound >= w->best)
        return KV_OK;
    kv_status status = bring_boxes(w, w->lp, w->box_lower, w->box_upper);
    kv_lp_state state = status == KV_OK ? solve_lp(w->lp, n->parent >= 0) : KV_LP_FAILED;
    if (status == KV_ERR_MEMORY)
        return status;
    if (state == KV_LP_INFEASIBLE)
        return find_ray(w, n);
    if (state != KV_LP_OPTIMAL)
        return KV_OK;
    double *rate = kv_alloc((size_t)w->n_rows, sizeof(double));
    if (!rate)
        return KV_ERR_MEMORY;
    take_rates(w, w->lp, rate);
    double bound = bound_of(w, w->cost, rate);
    if (bound > n->bound) {
        n->bound = bound;
        memcpy(n->rate, rate, (size_t)w->n_rows * sizeof(double));
    }
    kv_free(rate);
    take_point(w, n, design);
    return KV_OK;
}

/* ---- the tree ---- */

static kv_status add_node(kv_investments *w, node given, double *design)
{
    if (kv_reserve((void **)&w->nodes, &w->capacity, w->n_nodes + 1, sizeof *w->nodes))
        return KV_ERR_MEMORY;
    given.child = NOT_SPLIT;
    given.next = -1;
    given.ray = NULL;
    given.rate = kv_alloc((size_t)w->n_rows, sizeof(double));
    if (!given.rate)
        return KV_ERR_MEMORY;
    if (given.parent >= 0)
        memcpy(given.rate, w->nodes[given.parent].rate, (size_t)w->n_rows * sizeof(double));
    w->nodes[w->n_nodes++] = given;
    return w->n_rows > 0 ? bound_node(w, (int)w->n_nodes - 1, design) : KV_OK;
}

/* The leaf with the least bound. */
static int least_leaf(const kv_investments *w)
{
    int least = -1;
    for (size_t i = 0; i < w->n_nodes; i++)
        if (w->nodes[i].child == NOT_SPLIT &&
            (least < 0 || w->nodes[i].bound < w->nodes[least].bound))
            least = (int)i;
    return least;
}

static kv_status split(kv_investments *w, int i, double *design)
{
    double below = floor(w->nodes[i].value);
    node down = {.parent = i, .design = w->nodes[i].next, .sense = 'L', .rhs = below};
    node up = {.parent = i, .design = w->nodes[i].next, .sense = 'G', .rhs = below + 1.0};
    int child = (int)w->n_nodes;
    kv_status status = add_node(w, down, design);
    if (status == KV_OK)
        status = add_node(w, up, design);
    if (status == KV_OK)
        w->nodes[i].child = child;
    return status;
}

/* Without side rows each design goes where it is cheapest. */
static void solve_boxes(kv_investments *w, double *design)
{
    w->best = 0.0;
    for (int j = 0; j < w->problem->n_design; j++) {
        design[j] = w->cost[j] < 0.0 ? w->root_upper[j] : w->root_lower[j];
        w->best += w->cost[j] * design[j];
    }
    w->nodes[0].bound = w->best;
}

kv_status kv_investments_solve(kv_investments *investments, const double *cost, int most_nodes,
                               double *design, double *bound)
{
    kv_investments *w = investments;
    clear_nodes(w);
    w->cost = cost;
    w->best = HUGE_VAL;
    memcpy(design, w->root_lower, (size_t)w->problem->n_design * sizeof(double));
    kv_status status = KV_OK;
    for (int j = 0; w->lp && j < w->problem->n_design && status == KV_OK; j++)
        status = kv_lp_set_cost(w->lp, j, cost[j]) == KV_ERR_MEMORY ? KV_ERR_MEMORY : KV_OK;
    if (status == KV_OK)
        status = add_node(w, (node){.parent = -1}, design);
    if (status == KV_OK && w->n_rows == 0)
        solve_boxes(w, design);
    while (status == KV_OK && (int)w->n_nodes + 2 <= most_nodes) {
        int i = least_leaf(w);
        if (w->nodes[i].next < 0 || w->nodes[i].bound >= w->best - fine * fabs(w->best))
            break;
        status = split(w, i, design);
    }
    if (status == KV_OK)
        *bound = w->nodes[least_leaf(w)].bound;
    return status;
}

int kv_investments_nodes(const kv_investments *investments)
{
    return (int)investments->n_nodes;
}

double kv_investments_root(const kv_investments *investments)
{
    return investments->nodes[0].bound;
}

/* ---- the proof ---- */

static int depth_of(const kv_investments *w, int i)
{
    int depth = 0;
    for (; w->nodes[i].parent >= 0; i = w->nodes[i].parent)
        depth++;
    return depth;
}

static kv_status make_leaf(const kv_investments *w, int i, kv_leaf *leaf)
{
    const node *n = &w->nodes[i];
    int at = depth_of(w, i);
    kv_status status = kv_leaf_create(at, w->n_rows, leaf);
    if (status != KV_OK)
        return status;
    for (int r = 0; r < w->n_rows; r++) {
        leaf->side[r] = w->row[r];
        leaf->side_rate[r] = n->rate[r];
    }
    for (; n->parent >= 0 && status == KV_OK; n = &w->nodes[n->parent])
        status = kv_branch_create(1, &n->design, n->sense, n->rhs, &leaf->branch[--at]);
    if (status != KV_OK)
        kv_leaf_clear(leaf);
    return status;
}

/* Along its ray the bound of an empty leaf rises above any other. */
static void raise_leaf(const kv_investments *w, int i, const kv_bound_terms *terms,
                       const double *side, double target, kv_leaf *leaf)
{
    for (double length = 1e-9; leaf->bound < target && length < 1e18; length *= 4.0) {
        for (int r = 0; r < w->n_rows; r++)
            leaf->side_rate[r] = w->nodes[i].rate[r] + length * w->nodes[i].ray[r];
        leaf->bound = kv_leaf_bound(w->problem, leaf, terms, side, w->root_lower, w->root_upper);
    }
}

static kv_status prove(const kv_investments *w, const kv_bound_terms *terms, kv_proof *proof)
{
    const double *side = proof->vector[0]->side;
    kv_status status = KV_OK;
    proof->bound = HUGE_VAL;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < w->n_nodes && status == KV_OK; i++) {
            kv_leaf *leaf = &proof->leaf[proof->n_leaves];
            if (w->nodes[i].child != NOT_SPLIT || (w->nodes[i].ray != NULL) != pass)
                continue;
            if ((status = make_leaf(w, (int)i, leaf)) != KV_OK)
                break;
            proof->n_leaves++;
            leaf->bound =
                kv_leaf_bound(w->problem, leaf, terms, side, w->root_lower, w->root_upper);
            if (pass)
                raise_leaf(w, (int)i, terms, side, proof->bound, leaf);
            else
                proof->bound = fmin(proof->bound, leaf->bound);
        }
    for (int i = 0; i < proof->n_leaves; i++)
        proof->bound = fmin(proof->bound, proof->leaf[i].bound);
    return status;
}

kv_status kv_investments_prove(const kv_investments *investments, kv_multipliers *multipliers,
                               kv_proof **proof)
{
    const kv_investments *w = investments;
    kv_bound_terms terms = {0, NULL};
    kv_proof *made = *proof = kv_alloc(1, sizeof *made);
    kv_status status = KV_ERR_MEMORY;
    if (!made || !(made->vector = kv_alloc(1, sizeof(kv_multipliers *)))) {
        kv_multipliers_free(multipliers);
        goto out;
    }
    made->vector[0] = multipliers;
    made->n_vectors = 1;
    made->leaf = kv_alloc(w->n_nodes, sizeof *made->leaf);
    if (made->leaf)
        status = kv_bound_terms_create(w->problem, multipliers, &terms);
    if (status == KV_OK)
        status = prove(w, &terms, made);
out:
    kv_free(terms.design);
    if (status != KV_OK) {
        kv_proof_free(made);
        *proof = NULL;
    }
    return status;
}
