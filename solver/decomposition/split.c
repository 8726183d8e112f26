/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/decomposition/split.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const double whole = 1e-4;       /* distance from a whole number that counts as none */
static const double least_cost = 1e-6;  /* of a design that costs nothing */
static const double least_score = 1e-6; /* of a side, as a share of the cost */

/* ---- life ---------------------------------------------------------------------------------- */

kv_status kv_splits_create(const kv_group_rows *groups, kv_splits *splits)
{
    const kv_problem *p = &groups->problem;
    size_t n = (size_t)p->n_design + (size_t)groups->n_groups;
    *splits = (kv_splits){.groups = groups};
    splits->cost = kv_alloc(n, sizeof *splits->cost);
    splits->sum = kv_alloc((size_t)groups->n_groups, sizeof *splits->sum);
    splits->list = kv_alloc(n, sizeof *splits->list);
    for (int up = 0; up < 2; up++) {
        splits->gain[up] = kv_alloc(n, sizeof *splits->gain[up]);
        splits->tried[up] = kv_alloc(n, sizeof *splits->tried[up]);
        if (!splits->gain[up] || !splits->tried[up])
            return KV_ERR_MEMORY;
    }
    if (!splits->cost || !splits->sum || !splits->list)
        return KV_ERR_MEMORY;
    for (int j = 0; j < p->n_design; j++) {
        int g = groups->group[j];
        splits->cost[j] = fmax(least_cost, fabs(p->design_cost[j]));
        if (g >= 0)
            splits->cost[p->n_design + g] = fmax(splits->cost[p->n_design + g], splits->cost[j]);
    }
    return KV_OK;
}

void kv_splits_clear(kv_splits *splits)
{
    kv_free(splits->cost);
    kv_free(splits->sum);
    kv_free(splits->list);
    for (int up = 0; up < 2; up++) {
        kv_free(splits->gain[up]);
        kv_free(splits->tried[up]);
    }
    memset(splits, 0, sizeof *splits);
}

/* ---- choosing ------------------------------------------------------------------------------ */

static double distance(double value, int up)
{
    return up ? ceil(value) - value : value - floor(value);
}

static int is_whole(double value)
{
    return fmin(distance(value, 0), distance(value, 1)) <= whole;
}

/* What a side is expected to gain: the mean of all counts as one split of its own. */
static double expected(const kv_splits *s, int i, int up, double value)
{
    double mean = s->all_tried[up] > 0 ? s->all_gain[up] / (double)s->all_tried[up] : 1.0;
    double rate = (s->gain[up][i] + mean) / (s->tried[up][i] + 1);
    return s->cost[i] * distance(value, up) * rate;
}

static double score(const kv_splits *s, int i, double value)
{
    double least = least_score * s->cost[i];
    return fmax(least, expected(s, i, 0, value)) * fmax(least, expected(s, i, 1, value));
}

int kv_splits_list(kv_splits *s, const kv_node *node, kv_split *list)
{
    const kv_group_rows *g = s->groups;
    const kv_problem *p = &g->problem;
    int n = 0;
    memset(s->sum, 0, sizeof(double) * (size_t)g->n_groups);
    for (int j = 0; j < p->n_design; j++)
        if (g->group[j] >= 0 && node->upper[j] - node->lower[j] > 0.5)
            s->sum[g->group[j]] += node->wish[j];
    for (int i = 0; i < g->n_groups; i++)
        if (!node->chosen[i] && s->sum[i] > whole && s->sum[i] < 1 - whole)
            list[n++] = (kv_split){i, -1, s->sum[i]};
    for (int j = 0; j < p->n_design; j++) {
        int of = g->group[j], open = of >= 0 && !node->chosen[of] && s->sum[of] < 1 - whole;
        if (p->design_integer[j] && !open && !is_whole(node->wish[j]) &&
            floor(node->wish[j]) >= node->lower[j] && ceil(node->wish[j]) <= node->upper[j])
            list[n++] = (kv_split){-1, j, node->wish[j]};
    }
    return n;
}

int kv_splits_choose(kv_splits *s, const kv_node *node, kv_split *split)
{
    int n = kv_splits_list(s, node, s->list), n_design = s->groups->problem.n_design;
    double best = -1;
    *split = (kv_split){-1, -1, 0};
    for (int i = 0; i < n; i++) {
        const kv_split *at = &s->list[i];
        double now = score(s, at->design >= 0 ? at->design : n_design + at->group, at->value);
        if (now > best) {
            best = now;
            *split = *at;
        }
    }
    return best >= 0;
}

void kv_splits_learn(kv_splits *s, const kv_split *split, int up, double gain)
{
    int i = split->design >= 0 ? split->design : s->groups->problem.n_design + split->group;
    double moved = distance(split->value, up) * s->cost[i];
    if (!(moved > 0) || !(gain >= 0) || gain >= HUGE_VAL)
        return;
    s->gain[up][i] += gain / moved;
    s->tried[up][i]++;
    s->all_gain[up] += gain / moved;
    s->all_tried[up]++;
}

/* ---- branches ------------------------------------------------------------------------------ */

void kv_split_apply(const kv_splits *s, const kv_split *split, int up, kv_node *child)
{
    if (split->design >= 0) {
        if (up)
            child->lower[split->design] = floor(split->value) + 1;
        else
            child->upper[split->design] = floor(split->value);
        return;
    }
    if (up)
        child->chosen[split->group] = 1;
    for (int j = 0; !up && j < s->groups->problem.n_design; j++)
        if (s->groups->group[j] == split->group)
            child->upper[j] = child->lower[j];
}

kv_status kv_split_branch(const kv_splits *s, const kv_split *split, int up, kv_branch *branch)
{
    int n = s->groups->problem.n_design, count = 0, *list = kv_alloc((size_t)n, sizeof(int));
    if (!list)
        return KV_ERR_MEMORY;
    if (split->design >= 0)
        list[count++] = split->design;
    for (int j = 0; split->design < 0 && j < n; j++)
        if (s->groups->group[j] == split->group)
            list[count++] = j;
    double below = split->design >= 0 ? floor(split->value) : 0;
    kv_status status = kv_branch_create(count, list, up ? 'G' : 'L', below + up, branch);
    kv_free(list);
    return status;
}
