/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budgets with carry-over (mathematics.md, section 5). */
#include "reports/checker/world.h"

#include <math.h>
#include <string.h>

static const kv_budget *row_of(const kv_case *view, int funder, int period)
{
    for (int i = 0; i < view->budgets.count; i++) {
        const kv_budget *row = &view->budgets.rows[i];
        if (row->funder == funder && row->period == period)
            return row;
    }
    return NULL;
}

int kvc_has_budget(const kvc_world *world, int funder)
{
    for (int i = 0; i < world->given->budgets.count; i++) {
        if (world->given->budgets.rows[i].funder == funder)
            return 1;
    }
    return 0;
}

void kvc_budget(const kvc_world *world, int funder, int slot, int period, mpq_t amount)
{
    const kv_case *view = world->view[slot];
    const kv_budget *row = row_of(view, funder, period);
    mpq_t factor;
    kvc_set(amount, row ? row->amount_meur : 0);
    mpq_init(factor);
    kvc_set(factor, view->scenarios.rows[world->slot_row[slot]].budget_factor);
    mpq_mul(amount, amount, factor);
    mpq_clear(factor);
}

void kvc_carry_share(const kvc_world *world, int funder, int slot, int period, mpq_t share)
{
    const kv_budget *row = row_of(world->view[slot], funder, period);
    kvc_set(share, row ? row->carry_over : 0);
}

void kvc_spending(const kvc_world *world, int slot, int design, int period, mpq_t spent)
{
    const kvc_design *d = &KVC_AT(kvc_design, world->design, design);
    const kv_project *project = &world->view[slot]->projects.rows[d->project];
    const kv_period *p = &world->given->periods.rows[period];
    const int years = kvc_building_years(project);
    const int from = world->given->periods.rows[d->period].first_year, end = from + years;
    const int low = from > p->first_year ? from : p->first_year;
    const int high = end < p->last_year + 1 ? end : p->last_year + 1;
    mpq_t share;
    kvc_set(spent, high > low ? project->cost_meur : 0);
    mpq_init(share);
    mpq_set_si(share, high > low ? high - low : 0, (unsigned long)years);
    mpq_canonicalize(share);
    mpq_mul(spent, spent, share);
    mpq_clear(share);
}

void kvc_funding(const kvc_world *world, int slot, int project, int funder, mpq_t share)
{
    const kv_case *view = world->view[slot];
    mpq_t part;
    mpq_init(part);
    mpq_set_ui(share, 0, 1);
    for (int i = 0; i < view->funding.count; i++) {
        if (view->funding.rows[i].project != project || view->funding.rows[i].funder != funder)
            continue;
        kvc_set(part, view->funding.rows[i].share);
        mpq_add(share, share, part);
    }
    mpq_clear(part);
}

/* Whether budgets can differ between the scenarios. */
static int scenarios_differ(const kvc_world *w)
{
    if (w->n_slots == 1)
        return 0;
    for (int s = 0; s < w->n_slots; s++) {
        if (w->given->scenarios.rows[w->slot_row[s]].budget_factor != 1)
            return 1;
    }
    for (int i = 0; i < w->given->changes.count; i++) {
        const char *table = w->given->changes.rows[i].table;
        if (strcmp(table, "budgets") == 0 || strcmp(table, "projects") == 0 ||
            strcmp(table, "funding") == 0)
            return 1;
    }
    for (int j = 0; j < w->n_starts; j++) {
        if (KVC_AT(kvc_design, w->design, j).slot >= 0)
            return 1;
    }
    return 0;
}

int kvc_carry_at(const kvc_world *world, int funder, int slot, int period)
{
    return world->carry[(funder * world->n_slots + slot) * world->n_periods + period];
}

void kvc_build_carries(kvc_world *world)
{
    kvc_world *w = world;
    const size_t cells =
        (size_t)w->given->funders.count * (size_t)w->n_slots * (size_t)w->n_periods;
    w->carry = kvc_alloc(w->arena, cells, sizeof(int));
    w->budgets_differ = scenarios_differ(w);
    int *next = w->carry;
    for (int funder = 0; funder < w->given->funders.count; funder++) {
        for (int s = 0; s < w->n_slots; s++) {
            for (int period = 0; period < w->n_periods; period++, next++) {
                const kv_budget *row = row_of(w->view[s], funder, period);
                *next = -1;
                if (period == w->n_periods - 1 || (s > 0 && !w->budgets_differ) ||
                    !kvc_has_budget(w, funder) || !row || !(row->carry_over > 0))
                    continue;
                kvc_design carry = {KVC_CARRY, -1, -1, funder, period, -1, 0, 0, NULL};
                carry.slot = w->budgets_differ ? s : -1;
                *next = kvc_design_add(w, &carry);
            }
        }
    }
}

void kvc_fill_carries(kvc_world *world)
{
    kvc_world *w = world;
    mpq_t *t = kvc_numbers(w->arena, 1);
    for (int j = w->n_starts; j < w->design.count; j++) {
        const kvc_design *d = &KVC_AT(kvc_design, w->design, j);
        for (int period = 0; d->kind == KVC_CARRY && period <= d->period; period++) {
            kvc_budget(w, d->funder, d->slot < 0 ? 0 : d->slot, period, t[0]);
            mpq_add(w->upper[j], w->upper[j], t[0]);
        }
    }
}

static void budget_row(kvc_world *w, int funder, int s, int period, mpq_t *t)
{
    kvc_budget(w, funder, s, period, t[0]);
    kvc_side_begin(w, 'L', 0, t[0], "budget:%s:%s:%s", w->given->funders.rows[funder].funder,
                   w->given->periods.rows[period].period,
                   kvc_row_scenario(w, w->budgets_differ, s));
    for (int j = 0; j < w->n_starts; j++) {
        if (!kvc_in_slot(w, j, s))
            continue;
        kvc_funding(w, s, KVC_AT(kvc_design, w->design, j).project, funder, t[0]);
        if (mpq_sgn(t[0]) == 0)
            continue;
        kvc_spending(w, s, j, period, t[1]);
        mpq_mul(t[0], t[0], t[1]);
        kvc_side_entry(w, j, t[0]);
    }
    mpq_set_ui(t[0], 1, 1);
    if (kvc_carry_at(w, funder, s, period) >= 0)
        kvc_side_entry(w, kvc_carry_at(w, funder, s, period), t[0]);
    if (period > 0 && kvc_carry_at(w, funder, s, period - 1) >= 0) {
        kvc_carry_share(w, funder, s, period - 1, t[0]);
        mpq_neg(t[0], t[0]);
        kvc_side_entry(w, kvc_carry_at(w, funder, s, period - 1), t[0]);
    }
}

void kvc_budget_rows(kvc_world *world)
{
    kvc_world *w = world;
    mpq_t *t = kvc_numbers(w->arena, 2);
    for (int funder = 0; funder < w->given->funders.count; funder++) {
        for (int s = 0; s < (w->budgets_differ ? w->n_slots : 1); s++) {
            for (int period = 0; kvc_has_budget(w, funder) && period < w->n_periods; period++)
                budget_row(w, funder, s, period, t);
        }
    }
}
