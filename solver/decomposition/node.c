/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/node.h"

#include "base/memory.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <string.h>

static const double tolerance_of_gap = 0.02; /* how well a node is solved */
/* Of the bound: a gap that counts where none is known; how well a node is solved in any case; how far
 * from its parent it may begin, as other boxes break rows that only a point well inside can mend. */
static const double usual_gap = 0.05, rough = 1e-5, begin_share = 2.0;
static const double roughest = 1e-3; /* a point found with less says nothing of where to split */

/* ---- life ---------------------------------------------------------------------------------- */

static void drop_point(kv_node_point *point)
{
    if (!point || --point->users > 0)
        return;
    kv_free(point->design);
    kv_free(point->flow);
    kv_multipliers_free(point->multipliers);
    kv_free(point);
}

void kv_node_clear(kv_node *node)
{
    kv_free(node->lower);
    kv_free(node->upper);
    kv_free(node->wish);
    kv_free(node->chosen);
    drop_point(node->point);
    memset(node, 0, sizeof *node);
}

kv_status kv_node_copy(const kv_search *search, const kv_node *from, kv_node *to)
{
    size_t n = (size_t)search->problem.n_design, size = n * sizeof(double);
    memset(to, 0, sizeof *to);
    to->lower = kv_alloc(n, sizeof(double));
    to->upper = kv_alloc(n, sizeof(double));
    to->wish = kv_alloc(n, sizeof(double));
    to->chosen = kv_alloc((size_t)search->groups.n_groups, 1);
    if (!to->lower || !to->upper || !to->wish || !to->chosen) {
        kv_node_clear(to);
        return KV_ERR_MEMORY;
    }
    to->bound = from->bound;
    to->record = from->record;
    memcpy(to->lower, from->lower, size);
    memcpy(to->upper, from->upper, size);
    memcpy(to->wish, from->wish, size);
    if (from->chosen)
        memcpy(to->chosen, from->chosen, (size_t)search->groups.n_groups);
    to->point = from->point;
    if (to->point)
        to->point->users++;
    return KV_OK;
}

static kv_node_point *create_point(const kv_search *s, const kv_ipm_result *from)
{
    const kv_problem *p = &s->groups.problem;
    size_t flows = (size_t)p->n_blocks * (size_t)p->n_flows;
    kv_node_point *point = kv_alloc(1, sizeof *point);
    if (!point)
        return NULL;
    point->users = 1;
    point->design = kv_alloc((size_t)p->n_design, sizeof(double));
    point->flow = kv_alloc(flows, sizeof(double));
    point->multipliers = kv_multipliers_copy(p, from->multipliers);
    if (!point->design || !point->flow || !point->multipliers) {
        drop_point(point);
        return NULL;
    }
    memcpy(point->design, from->design, (size_t)p->n_design * sizeof(double));
    memcpy(point->flow, from->flow, flows * sizeof(double));
    return point;
}

kv_status kv_node_create_root(const kv_search *search, kv_node *node)
{
    const kv_ipm_result *root = &search->root;
    kv_node given = {.bound = search->bound,
                     .lower = search->problem.design_lower,
                     .upper = search->problem.design_upper,
                     .wish = search->root_design};
    kv_status status = kv_node_copy(search, &given, node);
    if (status != KV_OK || !root->multipliers)
        return status;
    node->point = create_point(search, root);
    if (node->point)
        return KV_OK;
    kv_node_clear(node);
    return KV_ERR_MEMORY;
}

kv_status kv_node_take(const kv_search *search, kv_node *node, const kv_ipm_result *result)
{
    memcpy(node->wish, result->design, sizeof(double) * (size_t)search->problem.n_design);
    drop_point(node->point);
    node->point = create_point(search, result);
    return node->point ? KV_OK : KV_ERR_MEMORY;
}

/* ---- relaxation ---------------------------------------------------------------------------- */

/* Side rows at a node: the search's, and "at least one" of the groups chosen. */
static void choose_rows(const kv_search *s, const kv_node *node, unsigned char *drop)
{
    const kv_group_rows *g = &s->groups;
    memcpy(drop, g->drop, (size_t)g->n_base);
    for (int i = 0; i < g->n_groups; i++)
        drop[g->n_base + i] = !node->chosen[i];
}

kv_status kv_node_relax_whole(kv_search *s, const kv_node *node, double tolerance,
                              unsigned char *drop, kv_ipm_result *result)
{
    choose_rows(s, node, drop);
    kv_relaxation *r = s->relaxation;
    const kv_problem *problem = r->problem;
    const unsigned char *before = r->drop_side;
    r->problem = &s->groups.problem;
    r->drop_side = drop;
    kv_status status =
        kv_relaxation_solve(r, node->lower, node->upper, tolerance > 0 ? tolerance : rough,
                            kv_search_cutoff(s), result);
    r->problem = problem;
    r->drop_side = before;
    if (status == KV_OK)
        status = kv_multipliers_lift(&s->groups.problem, node->upper, result->multipliers);
    return status;
}

kv_status kv_node_relax_near(const kv_search *s, kv_cut_rounds *rounds, const kv_node *node,
                             unsigned char *drop, kv_ipm_result *result, int *good)
{
    double cutoff = kv_search_cutoff(s);
    memset(result, 0, sizeof *result);
    *good = 0;
    choose_rows(s, node, drop);
    if (!node->point)
        return KV_OK;
    kv_relaxed from = {node->point->design, node->point->flow, node->point->multipliers};
    double gap = s->has_incumbent ? s->incumbent - s->bound : usual_gap * fabs(s->bound);
    double share = tolerance_of_gap * gap / fmax(1, fabs(s->bound));
    double rough_enough = fmin(roughest, fmax(rough, share));
    kv_status status =
        kv_cut_rounds_relax(rounds, node->lower, node->upper, drop, &from,
                            begin_share * fabs(s->bound), rough_enough, cutoff, result);
    *good = status == KV_OK && (result->status == KV_OK || result->bound > cutoff);
    return status;
}
