/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Risk (mathematics.md, section 5): the boxes of eta and xi, rounded outwards, and their best values
 * for a plan. */
#include "reports/checker/plan.h"
#include "reports/checker/price.h"

void kvc_risk_begin(kvc_world *world, kvc_risk_box *box)
{
    box->least = kvc_integers(world->arena, (size_t)world->n_slots);
    box->most = kvc_integers(world->arena, (size_t)world->n_slots);
}

void kvc_risk_block(kvc_risk_box *box, const kvc_block *block)
{
    kvc_world *w = block->world;
    const int slot = block->block / w->n_periods;
    if (w->risk_first < 0)
        return;
    kvc_chunk *mark = kvc_mark(w->arena);
    mpq_t *t = kvc_numbers(w->arena, 1);
    mpz_ptr z = kvc_integers(w->arena, 2);
    for (int f = 0; f < w->flow.count; f++) {
        kvc_flow_cost(block, f, *t);
        mpq_mul(*t, *t, w->money[block->block]);
        const int positive = mpq_sgn(*t) > 0;
        kvc_fix_to_mpz(&z[0], kvc_fix_floor(*t) + positive);
        kvc_fix_to_mpz(&z[1], kvc_ceiling(block, f));
        mpz_addmul(positive ? &box->most[slot] : &box->least[slot], &z[0], &z[1]);
    }
    kvc_release(w->arena, mark);
}

void kvc_risk_end(kvc_world *world, kvc_risk_box *box)
{
    kvc_world *w = world;
    if (w->risk_first < 0)
        return;
    mpq_t *t = kvc_numbers(w->arena, 3), *low = &w->lower[w->risk_first];
    mpq_t *high = &w->upper[w->risk_first];
    for (int s = 0; s < w->n_slots; s++) {
        for (int side = 0; side < 2; side++) {
            mpz_set(mpq_numref(t[side]), side ? &box->most[s] : &box->least[s]);
            mpz_ui_pow_ui(mpq_denref(t[side]), 10, 39);
            mpq_canonicalize(t[side]);
            mpq_sub(t[side], t[side], w->risk_reference[s]);
        }
        for (int j = 0; j < w->risk_first; j++) {
            mpq_mul(t[2], w->scenario_cost[(size_t)j * (size_t)w->n_slots + (size_t)s],
                    w->upper[j]);
            mpq_add(t[mpq_sgn(t[2]) > 0], t[mpq_sgn(t[2]) > 0], t[2]);
        }
        if (s == 0 || mpq_cmp(t[0], *low) < 0)
            mpq_set(*low, t[0]);
        if (s == 0 || mpq_cmp(t[1], *high) > 0)
            mpq_set(*high, t[1]);
    }
    for (int j = w->risk_first + 1; j < w->design.count; j++)
        mpq_sub(w->upper[j], *high, *low);
}

/* ---- of a plan ---- */

/* eta at the cost of slot `at`, xi to fit; *value = what they cost in the objective. */
static void risk_at(const kvc_plan *plan, int at, mpq_t *set, mpq_t value, mpq_t t)
{
    const kvc_world *w = plan->world;
    mpq_set(set[0], plan->slot_cost[at]);
    mpq_mul(value, w->cost[w->risk_first], set[0]);
    for (int j = w->risk_first + 1; j < w->design.count; j++) {
        const int slot = KVC_AT(kvc_design, w->design, j).slot;
        mpq_sub(set[j - w->risk_first], plan->slot_cost[slot], set[0]);
        if (mpq_sgn(set[j - w->risk_first]) < 0)
            mpq_set_ui(set[j - w->risk_first], 0, 1);
        kvc_add_product(value, w->cost[j], set[j - w->risk_first], t);
    }
}

/* The best eta is the cost of some scenario; without xi it is the largest. */
static void set_risk(kvc_plan *plan)
{
    kvc_world *w = plan->world;
    const int count = w->design.count - w->risk_first;
    mpq_t *t = kvc_numbers(w->arena, 3), *set = kvc_numbers(w->arena, (size_t)count);
    int best = -1;
    for (int s = 0; s < w->n_slots; s++)
        mpq_sub(plan->slot_cost[s], plan->slot_cost[s], w->risk_reference[s]);
    for (int s = 0; s < w->n_slots; s++) {
        risk_at(plan, s, set, t[0], t[1]);
        const int better =
            best < 0 || (count == 1 ? mpq_cmp(t[0], t[2]) > 0 : mpq_cmp(t[0], t[2]) < 0);
        if (better)
            mpq_set(t[2], t[0]);
        best = better ? s : best;
    }
    risk_at(plan, best, set, t[0], t[1]);
    for (int j = 0; j < count; j++)
        mpq_set(plan->design[w->risk_first + j], set[j]);
}

void kvc_plan_risk(kvc_plan *plan)
{
    kvc_world *w = plan->world;
    mpq_t *t = kvc_numbers(w->arena, 1);
    for (int s = 0; s < w->n_slots && w->risk_first >= 0; s++) {
        for (int j = 0; j < w->risk_first; j++)
            kvc_add_product(plan->slot_cost[s],
                            w->scenario_cost[(size_t)j * (size_t)w->n_slots + (size_t)s],
                            plan->design[j], *t);
    }
    if (w->risk_first >= 0)
        set_risk(plan);
    for (int j = 0; j < w->design.count; j++)
        kvc_add_product(*plan->objective, w->cost[j], plan->design[j], *t);
}
