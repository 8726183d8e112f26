/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Leaves: their boxes, their bounds, and whether they cover the search (docs/certificate.md). */
#include "reports/checker/cuts.h"
#include "reports/checker/price.h"

#include <string.h>

typedef struct box {
    mpq_t *lower, *upper; /* [designs] */
    int empty;
} box;

/* ---- boxes ---- */

static void box_check(box *b, int j)
{
    b->empty |= mpq_cmp(b->lower[j], b->upper[j]) > 0;
}

static void box_make(kvc_world *w, box *b, int idle)
{
    const size_t count = (size_t)w->design.count;
    b->lower = kvc_numbers(w->arena, count);
    b->upper = kvc_numbers(w->arena, count);
    b->empty = 0;
    for (int j = 0; j < w->design.count; j++) {
        const kvc_design *d = &KVC_AT(kvc_design, w->design, j);
        if (!(idle && d->idle))
            mpq_set(b->upper[j], w->upper[j]);
        mpq_set(b->lower[j], w->lower[j]);
        if (idle && mpq_cmp(b->lower[j], b->upper[j]) > 0)
            mpq_set(b->lower[j], b->upper[j]);
        if (d->integer) {
            kvc_ceil(b->lower[j]);
            kvc_floor(b->upper[j]);
        }
        box_check(b, j);
    }
}

/* The least of coefficient x design in the box. */
static void least(const box *b, const mpq_t coefficient, int j, mpq_t value)
{
    mpq_mul(value, coefficient, mpq_sgn(coefficient) > 0 ? b->lower[j] : b->upper[j]);
}

/* What the branch leaves of the boxes as they are before it. t: scratch [3]. */
static void box_branch(box *b, const kvc_branch *branch, mpq_t *t)
{
    mpq_set(t[0], *branch->rhs); /* less the least of all terms */
    for (int i = 0; i < branch->count; i++) {
        least(b, branch->coefficient[i], branch->design[i], t[1]);
        mpq_sub(t[0], t[0], t[1]);
    }
    for (int i = 0; i < branch->count; i++) {
        const int j = branch->design[i], positive = mpq_sgn(branch->coefficient[i]) > 0;
        /* Its own least term does not move when the other end of its box does. */
        least(b, branch->coefficient[i], j, t[1]);
        mpq_add(t[2], t[0], t[1]);
        mpq_div(t[2], t[2], branch->coefficient[i]);
        if (positive)
            kvc_floor(t[2]);
        else
            kvc_ceil(t[2]);
        if (positive && mpq_cmp(t[2], b->upper[j]) < 0)
            mpq_set(b->upper[j], t[2]);
        if (!positive && mpq_cmp(t[2], b->lower[j]) > 0)
            mpq_set(b->lower[j], t[2]);
        box_check(b, j);
    }
}

/* ---- bounds ---- */

/* sum += value, rounded down to units of 1e-39. */
static void add_floor(mpz_ptr sum, const mpq_t value, mpz_ptr z)
{
    mpz_ui_pow_ui(&z[0], 10, 39);
    mpz_mul(&z[0], &z[0], mpq_numref(value));
    mpz_fdiv_q(&z[0], &z[0], mpq_denref(value));
    mpz_add(sum, sum, &z[0]);
}

static void take_side(kvc_world *w, const kvc_fix *gamma, int idle, mpq_t *coefficient, mpz_ptr sum,
                      mpz_ptr z, mpq_t *t)
{
    for (int i = 0; i < w->side.count; i++) {
        const kvc_row *row = &KVC_AT(kvc_row, w->side, i);
        if (gamma[i] == 0 || (idle && row->dropped))
            continue;
        kvc_from_fix(t[0], gamma[i]);
        mpq_mul(t[1], t[0], *row->rhs);
        mpq_neg(t[1], t[1]);
        add_floor(sum, t[1], z);
        for (int e = row->first; e < row->first + row->count; e++) {
            const kvc_entry *entry = &KVC_AT(kvc_entry, w->side_entry, e);
            kvc_add_product(coefficient[entry->design], t[0], *entry->value, t[1]);
        }
    }
}

static void take_branches(const kvc_leaf *leaf, mpq_t *coefficient, mpz_ptr sum, mpz_ptr z,
                          mpq_t *t)
{
    for (int i = 0; i < leaf->n_branches; i++) {
        const kvc_branch *branch = &leaf->branch[i];
        if (branch->multiplier == 0)
            continue;
        kvc_from_fix(t[0], branch->multiplier);
        mpq_mul(t[1], t[0], *branch->rhs);
        mpq_neg(t[1], t[1]);
        add_floor(sum, t[1], z);
        for (int e = 0; e < branch->count; e++)
            kvc_add_product(coefficient[branch->design[e]], t[0], branch->coefficient[e], t[1]);
    }
}

void kvc_leaf_bound(kvc_world *world, const kvc_pricing *pricing, const kvc_leaf *leaf, int idle,
                    kvc_bound *bound)
{
    kvc_world *w = world;
    const kvc_pricing *p = pricing;
    const kvc_fix *gamma = leaf->gamma ? leaf->gamma : p->vector->gamma;
    bound->value = kvc_numbers(w->arena, 1);
    bound->infinite = 0;
    kvc_chunk *mark = kvc_mark(w->arena);
    mpq_t *t = kvc_numbers(w->arena, 3);
    mpq_t *coefficient = kvc_numbers(w->arena, (size_t)w->design.count);
    mpz_ptr z = kvc_integers(w->arena, 2);
    box b;
    box_make(w, &b, idle);
    for (int i = 0; i < leaf->n_branches && !b.empty; i++)
        box_branch(&b, &leaf->branch[i], t);
    for (int j = 0; j < w->design.count; j++)
        mpq_set(coefficient[j], p->design[j]);
    mpz_set(&z[1], p->fixed);
    take_side(w, gamma, idle, coefficient, &z[1], z, t);
    take_branches(leaf, coefficient, &z[1], z, t);
    for (int j = 0; j < w->design.count; j++) {
        least(&b, coefficient[j], j, t[0]);
        add_floor(&z[1], t[0], z);
    }
    mpz_set(mpq_numref(*bound->value), &z[1]);
    mpz_ui_pow_ui(mpq_denref(*bound->value), 10, 39);
    mpq_canonicalize(*bound->value);
    if (p->ray)
        bound->infinite = mpq_sgn(*bound->value) > 0 ? 1 : -1;
    for (int i = 0; i < p->vector->cut.count && idle; i++) {
        if (p->cut[KVC_AT(kvc_gamma, p->vector->cut, i).cut].dropped)
            bound->infinite = -1;
    }
    if (p->lost)
        bound->infinite = -1;
    if (b.empty)
        bound->infinite = 1;
    kvc_release(w->arena, mark);
}

/* ---- cover ---- */

/* 1 = the same expression on the same side or on the other; the order of variables counts. */
static int same_expression(const kvc_branch *a, const kvc_branch *b)
{
    const int other = a->below != b->below;
    if (a->count != b->count)
        return 0;
    for (int i = 0; i < a->count; i++) {
        int k = 0;
        while (k < b->count && b->design[k] != a->design[i])
            k++;
        if (k == b->count ||
            mpz_cmpabs(mpq_numref(a->coefficient[i]), mpq_numref(b->coefficient[k])) != 0 ||
            (mpq_sgn(a->coefficient[i]) == mpq_sgn(b->coefficient[k])) == other)
            return 0;
    }
    return 1;
}

/* 1 = the two sides leave no whole number out: <= r and >= r + 1 (written -e <= -r - 1). */
static int complementary(kvc_world *w, const kvc_branch *below, const kvc_branch *above)
{
    kvc_chunk *mark = kvc_mark(w->arena);
    mpq_t *t = kvc_numbers(w->arena, 1);
    mpq_add(*t, *below->rhs, *above->rhs);
    const int result = mpq_cmp_si(*t, -1, 1) >= 0;
    kvc_release(w->arena, mark);
    return result;
}

static int covers(kvc_world *w, const kvc_leaf *const *leaf, int count, int depth)
{
    for (int i = 0; i < count; i++) {
        if (leaf[i]->n_branches <= depth)
            return 1;
    }
    const kvc_leaf **side = kvc_alloc(w->arena, 2 * (size_t)count, sizeof(kvc_leaf *));
    int n_below = 0, n_above = 0;
    for (int i = 0; i < count; i++) {
        const kvc_branch *own = &leaf[i]->branch[depth], *first = &leaf[0]->branch[depth];
        if (!same_expression(first, own))
            return 0;
        if (own->below)
            side[n_below++] = leaf[i];
        else
            side[count + n_above++] = leaf[i];
        const kvc_branch *like = own->below ? &side[0]->branch[depth] : &side[count]->branch[depth];
        if (!mpq_equal(*like->rhs, *own->rhs))
            return 0;
    }
    return n_below > 0 && n_above > 0 &&
           complementary(w, &side[0]->branch[depth], &side[count]->branch[depth]) &&
           covers(w, side, n_below, depth + 1) && covers(w, side + count, n_above, depth + 1);
}

int kvc_leaves_cover(kvc_world *world, const kvc_leaves *leaves)
{
    const int count = leaves->count;
    const kvc_leaf **leaf = kvc_alloc(world->arena, (size_t)count, sizeof(kvc_leaf *));
    for (int i = 0; i < count; i++)
        leaf[i] = &leaves->leaf[i];
    return count > 0 && covers(world, leaf, count, 0);
}
