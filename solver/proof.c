/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/proof.h"

#include "base/memory.h"
#include "base/sum.h"
#include "solver/cut.h"

#include <math.h>
#include <string.h>

/* ---- room ---------------------------------------------------------------------------------- */

void kv_leaf_clear(kv_leaf *leaf)
{
    for (int i = 0; leaf->branch && i < leaf->n_branches; i++)
        kv_free(leaf->branch[i].design);
    kv_free(leaf->branch);
    kv_free(leaf->branch_rate);
    kv_free(leaf->side);
    kv_free(leaf->side_rate);
    memset(leaf, 0, sizeof *leaf);
}

void kv_proof_free(kv_proof *proof)
{
    if (!proof)
        return;
    for (int i = 0; i < proof->n_vectors; i++)
        kv_multipliers_free(proof->vector[i]);
    for (int i = 0; i < proof->n_leaves; i++)
        kv_leaf_clear(&proof->leaf[i]);
    for (int i = 0; i < proof->n_cuts; i++)
        kv_cut_free(proof->cut[i]);
    kv_free(proof->vector);
    kv_free(proof->leaf);
    kv_free(proof->cut);
    kv_free(proof);
}

static int prices(const kv_proof *proof, const kv_cut *cut)
{
    for (int v = 0; v < proof->n_vectors; v++)
        for (int c = 0; c < proof->vector[v]->n_cut; c++)
            if (proof->vector[v]->cut[c] == cut)
                return 1;
    return 0;
}

kv_status kv_proof_take_cuts(kv_proof *proof, int n, kv_cut **cut)
{
    proof->cut = kv_alloc((size_t)n, sizeof(kv_cut *));
    if (!proof->cut)
        return KV_ERR_MEMORY;
    for (int i = 0; i < n; i++)
        if (cut[i] && prices(proof, cut[i])) {
            proof->cut[proof->n_cuts++] = cut[i];
            cut[i] = NULL;
        }
    return KV_OK;
}

kv_status kv_leaf_create(int n_branches, int n_side, kv_leaf *leaf)
{
    memset(leaf, 0, sizeof *leaf);
    leaf->branch = kv_alloc((size_t)n_branches, sizeof *leaf->branch);
    leaf->branch_rate = kv_alloc((size_t)n_branches, sizeof *leaf->branch_rate);
    leaf->side = kv_alloc((size_t)n_side, sizeof *leaf->side);
    leaf->side_rate = kv_alloc((size_t)n_side, sizeof *leaf->side_rate);
    if (!leaf->branch || !leaf->branch_rate || !leaf->side || !leaf->side_rate) {
        kv_leaf_clear(leaf);
        return KV_ERR_MEMORY;
    }
    leaf->n_branches = n_branches;
    leaf->n_side = n_side;
    return KV_OK;
}

kv_status kv_branch_create(int count, const int *design, char sense, double rhs, kv_branch *branch)
{
    branch->design = kv_alloc((size_t)count, sizeof *branch->design);
    if (!branch->design)
        return KV_ERR_MEMORY;
    memcpy(branch->design, design, (size_t)count * sizeof *design);
    branch->count = count;
    branch->sense = sense;
    branch->rhs = rhs;
    return KV_OK;
}

/* ---- bounds -------------------------------------------------------------------------------- */

void kv_branch_tighten(const kv_problem *problem, const kv_branch *branch, double *lower,
                       double *upper)
{
    (void)problem;
    double low = 0, high = 0;
    for (int i = 0; i < branch->count; i++) {
        low += lower[branch->design[i]];
        high += upper[branch->design[i]];
    }
    for (int i = 0; i < branch->count; i++) {
        int j = branch->design[i];
        double own_low = lower[j], own_high = upper[j];
        if (branch->sense == 'L')
            upper[j] = fmin(own_high, floor(branch->rhs - (low - own_low) + 1e-9));
        else
            lower[j] = fmax(own_low, ceil(branch->rhs - (high - own_high) - 1e-9));
    }
}

typedef struct costs {
    kv_sum constant;
    kv_sum *design; /* [n_design] */
    double *lower, *upper;
} costs;

static void add_side(const kv_problem *p, costs *c, int row, double rate)
{
    const kv_rows *rows = &p->side;
    if (!isfinite(rate) || rate == 0 || (rows->sense[row] == 'L' && rate < 0))
        return;
    kv_sum_add(&c->constant, -rate * rows->rhs[row]);
    for (int e = rows->design_first[row]; e < rows->design_first[row + 1]; e++)
        kv_sum_add(&c->design[rows->design[e]], rate * rows->design_value[e]);
}

static int has_own_rate(const kv_leaf *leaf, int row)
{
    for (int i = 0; i < leaf->n_side; i++)
        if (leaf->side[i] == row)
            return 1;
    return 0;
}

static void add_branch(costs *c, const kv_branch *branch, double rate)
{
    double sign = branch->sense == 'L' ? 1 : -1;
    if (!isfinite(rate) || rate <= 0)
        return;
    kv_sum_add(&c->constant, -rate * sign * branch->rhs);
    for (int i = 0; i < branch->count; i++)
        kv_sum_add(&c->design[branch->design[i]], rate * sign);
}

static double least_cost(const kv_problem *p, costs *c)
{
    int empty = 0;
    for (int j = 0; j < p->n_design; j++) {
        double low = c->lower[j], high = c->upper[j], rate = kv_sum_total(&c->design[j]);
        if (p->design_integer[j]) {
            low = ceil(low);
            high = floor(high);
        }
        empty |= low > high;
        if (rate != 0)
            kv_sum_add(&c->constant, rate * (rate > 0 ? low : high));
    }
    double bound = kv_sum_total(&c->constant);
    return empty ? HUGE_VAL : isnan(bound) ? -HUGE_VAL : bound;
}

double kv_leaf_bound(const kv_problem *problem, const kv_leaf *leaf, const kv_bound_terms *terms,
                     const double *side, const double *lower, const double *upper)
{
    const kv_problem *p = problem;
    size_t n = (size_t)p->n_design;
    costs c = {.design = kv_alloc(n, sizeof *c.design),
               .lower = kv_alloc(n, sizeof *c.lower),
               .upper = kv_alloc(n, sizeof *c.upper)};
    double bound = -HUGE_VAL;
    if (!c.design || !c.lower || !c.upper)
        goto out;
    memcpy(c.lower, lower, n * sizeof *lower);
    memcpy(c.upper, upper, n * sizeof *upper);
    kv_sum_add(&c.constant, terms->constant);
    for (size_t j = 0; j < n; j++)
        kv_sum_add(&c.design[j], terms->design[j]);
    for (int i = 0; i < p->side.count; i++)
        if (!has_own_rate(leaf, i))
            add_side(p, &c, i, side[i]);
    for (int i = 0; i < leaf->n_side; i++)
        add_side(p, &c, leaf->side[i], leaf->side_rate[i]);
    for (int i = 0; i < leaf->n_branches; i++) {
        kv_branch_tighten(p, &leaf->branch[i], c.lower, c.upper);
        add_branch(&c, &leaf->branch[i], leaf->branch_rate[i]);
    }
    bound = least_cost(p, &c);
out:
    kv_free(c.design);
    kv_free(c.lower);
    kv_free(c.upper);
    return bound;
}

double kv_proof_bound(const kv_problem *problem, const kv_proof *proof, const double *lower,
                      const double *upper)
{
    double least = HUGE_VAL;
    for (int v = 0; v < proof->n_vectors; v++) {
        kv_bound_terms terms = {0, NULL};
        if (kv_bound_terms_create(problem, proof->vector[v], &terms) != KV_OK)
            return -HUGE_VAL;
        for (int i = 0; i < proof->n_leaves; i++)
            if (proof->leaf[i].vector == v)
                least = fmin(least,
                             kv_leaf_bound(problem, &proof->leaf[i], &terms, proof->vector[v]->side,
                                           lower ? lower : problem->design_lower,
                                           upper ? upper : problem->design_upper));
        kv_free(terms.design);
    }
    return least;
}
