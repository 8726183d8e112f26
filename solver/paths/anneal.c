/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "solver/paths/anneal.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

enum { ADAPT_AFTER = 64 };

static const double solving_share = 0.85; /* of the work, that the margin aims at */
/* Shares of the neighbours, and of further groups in one. */
static const double raise_share = 0.25, one_more_raised = 0.1, lower_share = 0.6, one_more = 0.3;
static const double discounted = 0.4; /* share of the neighbours */
/* A neighbour is not solved when its levels and a bound of its flows cost more than may be by so many
 * usual groups; that much is left for levels given up after the solve. */
static const double allowance = 0.25;
static const double first_margin = 0.004, least_margin = 0.001, most_margin = 1.0;

kv_status kv_annealing_create(kv_evaluation *evaluation, kv_incumbent *incumbent,
                              unsigned long seed, kv_annealing **annealing)
{
    kv_annealing *a = *annealing = kv_alloc(1, sizeof *a);
    if (!a)
        return KV_ERR_MEMORY;
    a->evaluation = evaluation;
    a->incumbent = incumbent;
    a->margin = first_margin;
    kv_random_seed(&a->random, seed);
    for (int i = 0; i < KV_ANNEALING_NOISE; i++)
        a->noise[i] = kv_random_uniform(&a->random);
    return kv_reroute_create(evaluation->shape, &a->plan);
}

void kv_annealing_free(kv_annealing *a)
{
    if (!a)
        return;
    kv_reroute_free(a->plan);
    kv_free(a);
}

/* What a group above level 0 costs in the mean. */
static double usual_cost(const kv_reroute *r)
{
    const kv_shape *s = r->shape;
    double sum = 0.0;
    int count = 0;
    for (int g = 0; g < s->n_groups; g++) {
        if (r->level[g] == 0)
            continue;
        sum += kv_shape_level_cost(s, g, r->level[g]) - kv_shape_level_cost(s, g, 0);
        count++;
    }
    return count > 0 ? sum / count : 0.0;
}

kv_status kv_annealing_begin(kv_annealing *a)
{
    kv_status status = kv_evaluation_solve(a->evaluation, a->incumbent->level);
    if (status == KV_OK && a->evaluation->flow_cost < HUGE_VAL)
        status = kv_reroute_take(a->plan, a->evaluation);
    kv_evaluation_settle(a->evaluation);
    a->usual = usual_cost(a->plan);
    return status;
}

/* ---- neighbours ---------------------------------------------------------------------------- */

static int draw(kv_annealing *a, int n)
{
    return kv_random_integer(&a->random, 0, n - 1);
}

/* A group that is above level 0, at random; -1 = none found. */
static int pick_used(kv_annealing *a)
{
    int n = a->plan->shape->n_groups;
    for (int i = 0; i < 50 * n; i++) {
        int g = draw(a, n);
        if (a->plan->level[g] > 0)
            return g;
    }
    return -1;
}

static int pick_raisable(kv_annealing *a)
{
    const kv_shape *s = a->plan->shape;
    for (int i = 0; i < 50 * s->n_groups; i++) {
        int g = draw(a, s->n_groups);
        if (a->plan->usable[g] && a->plan->level[g] < kv_shape_ladder(s, g) - 1)
            return g;
    }
    return -1;
}

/* A used group with an arc that has its tail or its head in common with one of another group. */
static int pick_near(kv_annealing *a, int group)
{
    const kv_shape *s = a->plan->shape;
    int arcs = s->group_first[group + 1] - s->group_first[group];
    for (int i = 0; i < 20 && arcs > 0; i++) {
        const kv_shape_arc *arc = &s->arc[s->group_arc[s->group_first[group] + draw(a, arcs)]];
        int from_tail = draw(a, 2);
        const int *first = from_tail ? s->out_first + arc->tail : s->in_first + arc->head;
        int at = first[0] + draw(a, first[1] - first[0]);
        int g = s->arc[from_tail ? at : s->in_arc[at]].group;
        if (g >= 0 && g != group && a->plan->level[g] > 0)
            return g;
    }
    return pick_used(a);
}

/* What was taken goes back in random order, or the large ones first. */
static void order(kv_annealing *a)
{
    kv_reroute *r = a->plan;
    int by_amount = draw(a, 2);
    for (int i = r->n_taken - 1; i > 0; i--) {
        int j = draw(a, i + 1), keep = r->taken[i];
        r->taken[i] = r->taken[j];
        r->taken[j] = keep;
    }
    for (int i = 1; i < r->n_taken && by_amount; i++) {
        int own = r->taken[i], j = i;
        for (; j > 0 && r->taken_amount[r->taken[j - 1]] < r->taken_amount[own]; j--)
            r->taken[j] = r->taken[j - 1];
        r->taken[j] = own;
    }
}

/* At times new levels look cheaper than they are, some more than others: what opens an arc alone pays
 * for it alone, whoever may follow. */
static void discount(kv_annealing *a)
{
    kv_reroute *r = a->plan;
    int all_paid = kv_random_uniform(&a->random) >= discounted, shift = draw(a, KV_ANNEALING_NOISE);
    double scale = 2.0 * log(1.0 - kv_random_uniform(&a->random));
    for (int g = 0; g < r->shape->n_groups; g++)
        r->discount[g] = all_paid ? 1.0 : exp(scale * a->noise[(g + shift) % KV_ANNEALING_NOISE]);
    r->work += r->shape->n_groups;
}

/* A group comes down, mostly by a level, or only loses its paths. */
static void disturb(kv_annealing *a, int group)
{
    kv_reroute *r = a->plan;
    int level = r->level[group];
    if (kv_random_uniform(&a->random) < lower_share && level > 0 && r->most_level[group] >= level)
        r->most_level[group] = level > 1 && draw(a, 3) == 0 ? draw(a, level) : level - 1;
    kv_reroute_clear(r, group);
}

/* How many: one, and each further one with a probability. */
static int count(kv_annealing *a, double more, int most)
{
    int n = 1;
    while (n < most && kv_random_uniform(&a->random) < more)
        n++;
    return n;
}

/* A neighbour in the plan's new levels; 0, or -1 when there is none or it costs too much. */
static int propose(kv_annealing *a, double cutoff)
{
    int raised = 0, last = -1;
    kv_reroute_begin(a->plan);
    if (kv_random_uniform(&a->random) < raise_share)
        raised = count(a, one_more_raised, 3);
    for (int i = 0; i < raised; i++) {
        int group = pick_raisable(a);
        if (group < 0)
            break;
        kv_reroute_raise(a->plan, group);
        last = group;
    }
    for (int n = count(a, one_more, 4); n > 0; n--) {
        int group = last >= 0 && draw(a, 4) > 0 ? pick_near(a, last) : pick_used(a);
        if (group < 0)
            break;
        disturb(a, group);
        last = group;
    }
    order(a);
    discount(a);
    return kv_reroute_insert(a->plan, cutoff);
}

/* ---- steps --------------------------------------------------------------------------------- */

/* Solve the neighbour and take it by the rule: when it costs no more than `most`. */
static kv_status judge(kv_annealing *a, double most)
{
    kv_evaluation *e = a->evaluation;
    kv_status status = kv_evaluation_try(e, a->plan->new_level, most + allowance * a->usual);
    if (status != KV_OK || e->cost > most)
        return status;
    (void)kv_incumbent_offer(a->incumbent, e);
    a->taken++;
    kv_evaluation_settle(e);
    return kv_reroute_take(a->plan, e);
}

static void adapt_margin(kv_annealing *a)
{
    double lp = a->evaluation->work - a->lp_work, other = a->plan->work - a->other_work;
    a->margin *= lp > solving_share * (lp + other) ? 0.95 : 1.05;
    a->margin = fmin(most_margin, fmax(least_margin, a->margin));
    a->lp_work = a->evaluation->work;
    a->other_work = a->plan->work;
}

kv_status kv_annealing_step(kv_annealing *a, double temperature)
{
    const kv_reroute *r = a->plan;
    kv_status status = KV_OK;
    double most = r->cost - temperature * log(1.0 - kv_random_uniform(&a->random));
    if (propose(a, r->cost + a->margin * fabs(r->cost)) == 0 &&
        memcmp(r->new_level, r->level, (size_t)r->shape->n_groups * sizeof(int)) != 0)
        status = judge(a, most);
    if (++a->tried % ADAPT_AFTER == 0)
        adapt_margin(a);
    return status;
}
