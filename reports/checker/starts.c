/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Project starts (mathematics.md, section 5): which there are, what they cost, whom they serve. */
#include "reports/checker/world.h"

#include <math.h>

int kvc_has_copies(const kvc_world *world, int period)
{
    const int decision_year = world->given->the_case.rows[0].decision_year;
    return world->n_slots > 1 && decision_year != 0 &&
           world->given->periods.rows[period].first_year > decision_year;
}

int kvc_design_add(kvc_world *world, const kvc_design *design)
{
    *(kvc_design *)kvc_push(world->arena, &world->design, sizeof *design) = *design;
    return world->design.count - 1;
}

int kvc_in_slot(const kvc_world *world, int design, int slot)
{
    const int own = KVC_AT(kvc_design, world->design, design).slot;
    return own < 0 || own == slot;
}

/* Whether a project started at the beginning of `start` serves `period`. t[0..1] are scratch. */
static int serves(const kvc_world *w, int project, int start, int period, mpq_t *t)
{
    const kv_project *p = &w->given->projects.rows[project];
    const kv_period *then = &w->given->periods.rows[period];
    kvc_set(t[0], p->lead_time_years);
    mpq_set_si(t[1], w->given->periods.rows[start].first_year, 1);
    mpq_add(t[0], t[0], t[1]);
    if (mpq_cmp_si(t[0], then->first_year, 1) > 0)
        return 0;
    kvc_set(t[1], p->life_years);
    mpq_add(t[0], t[0], t[1]);
    return mpq_cmp_si(t[0], then->last_year + 1, 1) >= 0;
}

int kvc_serves(const kvc_world *world, int design, int block)
{
    const kvc_design *d = &KVC_AT(kvc_design, world->design, design);
    mpq_t t[2];
    if (!kvc_in_slot(world, design, block / world->n_periods))
        return 0;
    mpq_init(t[0]);
    mpq_init(t[1]);
    int result = serves(world, d->project, d->period, block % world->n_periods, t);
    mpq_clear(t[0]);
    mpq_clear(t[1]);
    return result;
}

int kvc_opening_starts(const kvc_world *world, int opening, int block, kvc_visit *visit,
                       void *context)
{
    const kvc_opening *set = &KVC_AT(kvc_opening, world->opening, opening);
    int count = 0;
    for (int i = set->first; i < set->first + set->count; i++) {
        const int project = KVC_AT(int, world->opener, i);
        for (int j = world->start_first[project]; j < world->start_first[project + 1]; j++) {
            if (!world->start_serves[(size_t)j * (size_t)world->n_blocks + (size_t)block])
                continue;
            count++;
            if (visit)
                visit(context, j);
        }
    }
    return count;
}

static int can_start(const kvc_world *w, int project, int start, mpq_t *t)
{
    const kv_project *p = &w->given->projects.rows[project];
    const int year = w->given->periods.rows[start].first_year;
    if ((p->earliest_year && year < p->earliest_year) || (p->latest_year && year > p->latest_year))
        return 0;
    for (int period = 0; period < w->n_periods; period++) {
        if (serves(w, project, start, period, t))
            return 1;
    }
    return 0;
}

void kvc_residual(const kvc_world *world, int slot, const mpq_t cost, const mpq_t from,
                  const mpq_t life, mpq_t result)
{
    const int after = world->last_year + 1;
    mpq_t left;
    if (world->view[slot]->the_case.rows[0].residual_value != KV_RESIDUAL_STRAIGHT_LINE) {
        mpq_set_ui(result, 0, 1);
        return;
    }
    mpq_init(left);
    mpq_set_si(left, after, 1);
    mpq_sub(left, from, left);
    mpq_add(left, left, life);
    if (mpq_sgn(left) < 0)
        mpq_set_ui(left, 0, 1);
    mpq_div(left, left, life);
    if (mpq_cmp_ui(left, 1, 1) > 0)
        mpq_set_ui(left, 1, 1);
    mpq_mul(result, cost, left);
    mpq_mul(result, result, world->discount[after - world->base_year]);
    mpq_clear(left);
}

/* Sum of disc over the years of [low, high). */
static void discount_sum(const kvc_world *w, int low, int high, mpq_t sum)
{
    mpq_set_ui(sum, 0, 1);
    for (int year = low; year < high; year++)
        mpq_add(sum, sum, w->discount[year - w->base_year]);
}

/* Whole years of construction. */
int kvc_building_years(const kv_project *project)
{
    return (int)fmax(1, ceil(project->lead_time_years));
}

/* f of a unit in a slot, MEUR. t: scratch [6]. */
static void start_cost(const kvc_world *w, int project, int start, int slot, mpq_t *t, mpq_t cost)
{
    const kv_project *p = &w->view[slot]->projects.rows[project];
    const int first = w->given->periods.rows[start].first_year, years = kvc_building_years(p);
    const int horizon = w->last_year + 1;
    mpq_set_si(t[0], first, 1); /* from: the service year */
    kvc_set(t[1], p->lead_time_years);
    mpq_add(t[0], t[0], t[1]);
    kvc_set(t[1], p->life_years);
    kvc_set(t[2], p->cost_meur);
    discount_sum(w, first, first + years < horizon ? first + years : horizon, cost);
    mpq_set_ui(t[3], 1, (unsigned long)years);
    mpq_mul(cost, cost, t[3]);
    mpq_mul(cost, cost, t[2]);
    kvc_residual(w, slot, t[2], t[0], t[1], t[3]);
    mpq_sub(cost, cost, t[3]);
    kvc_set(t[3], p->freight_share);
    mpq_mul(cost, cost, t[3]);
    mpq_add(t[4], t[0], t[1]); /* end of service */
    kvc_ceil(t[0]);
    kvc_floor(t[4]);
    const long low = mpz_get_si(mpq_numref(t[0])), end = mpz_get_si(mpq_numref(t[4]));
    discount_sum(w, (int)low, end < horizon ? (int)end : horizon, t[3]);
    kvc_set(t[5], p->operating_meur_per_year);
    kvc_add_product(cost, t[3], t[5], t[4]);
}

void kvc_build_starts(kvc_world *world)
{
    kvc_world *w = world;
    const kv_case *c = w->given;
    mpq_t *t = kvc_numbers(w->arena, 2);
    w->start_first = kvc_alloc(w->arena, (size_t)c->projects.count + 1, sizeof(int));
    for (int i = 0; i < c->projects.count; i++) {
        w->start_first[i] = w->design.count;
        for (int period = 0; period < w->n_periods; period++) {
            const int copies = kvc_has_copies(w, period) ? w->n_slots : 0;
            for (int slot = copies ? 0 : -1; slot < copies && can_start(w, i, period, t); slot++) {
                kvc_design start = {KVC_START, i, -1, -1, period, slot, 1, 1, NULL};
                kvc_design_add(w, &start);
                if (!copies)
                    break;
            }
        }
    }
    w->start_first[c->projects.count] = w->n_starts = w->design.count;
    w->start_serves = kvc_alloc(w->arena, (size_t)w->n_starts * (size_t)w->n_blocks + 1, 1);
    for (int j = 0; j < w->n_starts; j++) {
        for (int b = 0; b < w->n_blocks; b++)
            w->start_serves[(size_t)j * (size_t)w->n_blocks + (size_t)b] =
                (unsigned char)kvc_serves(w, j, b);
    }
}

void kvc_fill_starts(kvc_world *world)
{
    kvc_world *w = world;
    mpq_t *t = kvc_numbers(w->arena, 6);
    for (int j = 0; j < w->n_starts; j++) {
        const kvc_design *d = &KVC_AT(kvc_design, w->design, j);
        mpq_set_si(w->upper[j], w->given->projects.rows[d->project].max_units, 1);
        for (int s = 0; s < w->n_slots; s++) {
            if (kvc_in_slot(w, j, s))
                start_cost(w, d->project, d->period, s, t,
                           w->scenario_cost[(size_t)j * (size_t)w->n_slots + (size_t)s]);
        }
    }
}
