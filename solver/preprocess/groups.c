/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/preprocess/groups.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

static const double most_units = 1000; /* each number of units is tried */

/* Whether a row says sum of all members <= limit: its other terms cannot lower the sum. */
static int states(const kv_problem *p, int row, const kv_groups *g, int group, const double *lower)
{
    const kv_rows *rows = &p->side;
    const kv_group *one = &g->group[group];
    int met = 0;
    if (rows->rhs[row] > one->limit || one->limit > most_units)
        return 0;
    for (int e = rows->design_first[row]; e < rows->design_first[row + 1]; e++) {
        int j = rows->design[e], inside = g->of[j] == group;
        if (inside ? rows->design_value[e] < 1.0 : rows->design_value[e] < 0.0 || lower[j] < 0.0)
            return 0;
        met += inside;
    }
    return met == one->count;
}

static int is_stated(const kv_problem *p, const kv_groups *g, int group, const double *lower,
                     const unsigned char *drop_side)
{
    for (int i = 0; i < p->side.count; i++)
        if (!(drop_side && drop_side[i]) && states(p, i, g, group, lower))
            return 1;
    return 0;
}

/* All groups with their members; those with a member that does not fit are left without members. */
static void fill(const kv_problem *p, const double *lower, kv_groups *g)
{
    int end = 0;
    for (int i = 0; i < p->n_groups; i++) {
        kv_group *one = &g->group[i];
        *one = (kv_group){end, 0, p->group_limit[i]};
        for (int j = 0; j < p->n_design; j++) {
            if (p->design_group[j] != i)
                continue;
            g->member[end++] = j;
            one->count++;
        }
        for (int e = one->first; e < end; e++)
            if (!p->design_integer[g->member[e]] || lower[g->member[e]] != 0.0)
                one->count = 0;
        for (int e = one->first; e < one->first + one->count; e++)
            g->of[g->member[e]] = i;
    }
}

kv_status kv_groups_create(const kv_problem *problem, const double *lower,
                           const unsigned char *drop_side, kv_groups *groups)
{
    const kv_problem *p = problem;
    int count = p->design_group ? p->n_groups : 0;
    *groups = (kv_groups){.count = count,
                          .group = kv_alloc((size_t)count, sizeof *groups->group),
                          .member = kv_alloc((size_t)p->n_design, sizeof *groups->member),
                          .of = kv_alloc((size_t)p->n_design, sizeof *groups->of)};
    if (!groups->group || !groups->member || !groups->of)
        return KV_ERR_MEMORY;
    for (int j = 0; j < p->n_design; j++)
        groups->of[j] = -1;
    if (count > 0)
        fill(p, lower, groups);
    for (int i = 0; i < count; i++) {
        kv_group *one = &groups->group[i];
        if (one->count > 0 && is_stated(p, groups, i, lower, drop_side))
            continue;
        for (int e = one->first; e < one->first + one->count; e++)
            groups->of[groups->member[e]] = -1;
        one->count = 0;
    }
    return KV_OK;
}

void kv_groups_clear(kv_groups *groups)
{
    kv_free(groups->group);
    kv_free(groups->member);
    kv_free(groups->of);
    memset(groups, 0, sizeof *groups);
}

double kv_group_least(const kv_groups *groups, int group, const double *d, const double *upper,
                      double limit, int but)
{
    const kv_group *one = &groups->group[group];
    const int *member = groups->member + one->first;
    double least = 0.0, last = -HUGE_VAL;
    int last_place = -1;
    while (limit > 0.0) { /* the next best by (d, place) */
        int next = -1;
        for (int e = 0; e < one->count; e++) {
            double own = d[member[e]];
            int after = own > last || (own == last && e > last_place);
            if (member[e] != but && own < 0.0 && after && (next < 0 || own < d[member[next]]))
                next = e;
        }
        if (next < 0)
            break;
        double amount = fmin(limit, upper[member[next]]);
        least += amount * d[member[next]];
        limit -= amount;
        last = d[member[next]];
        last_place = next;
    }
    return least;
}
