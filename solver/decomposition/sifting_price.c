/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the multipliers of an LP over some flows say of the whole problem. Nodes and parts of the
 * network that the LP leaves open get potentials by shortest ways; what attracts then is charged to
 * designs that can bear it, and the rest lowers the potentials along the ways that it shortens.
 */
#include "base/memory.h"
#include "solver/decomposition/sifting_state.h"
#include "solver/ipm/lift.h"

#include <math.h>
#include <string.h>

/* Times that potentials are closed, each time with more flows that designs turned out not to bear. */
enum { MOST_CLOSINGS = 3 };

static void mend_block(void *context, int b, int worker)
{
    kv_sifting *s = context;
    size_t at = kv_sifting_flow(s, b), row = kv_sifting_balance(s, b);
    kv_potentials_mend(&s->worker[worker], b, s->columns + at, s->kind + at, s->point + at,
                       s->priced, s->base->balance + row, s->terminal + row, s->at, s->reduced + at,
                       s->passed + row, s->next + row);
}

/* Flows that carry all they can gain nothing where they attract. */
static void mark_full(kv_sifting *s)
{
    const double *most = s->problem->flow_upper;
    for (size_t i = 0; i < kv_sifting_flow(s, s->problem->n_blocks); i++)
        if (s->kind[i] == KV_FLOW_OPEN && s->columns[i] && s->reduced[i] < 0 &&
            s->point[i] > 0.5 * most[i])
            s->kind[i] = KV_FLOW_FULL;
}

static void close_block(void *context, int b, int worker)
{
    kv_sifting *s = context;
    size_t at = kv_sifting_flow(s, b), row = kv_sifting_balance(s, b);
    memcpy(s->at->balance + row, s->mended + row, sizeof(double) * (size_t)s->problem->n_balances);
    kv_potentials_close(&s->worker[worker], b, s->kind + at, s->keep, s->priced, s->at,
                        s->reduced + at);
}

/* Potentials at which nothing attracts but what designs can bear. */
static void close_all(kv_sifting *s)
{
    kv_sifting_each_block(s, mend_block);
    memcpy(s->mended, s->at->balance, sizeof(double) * kv_sifting_balance(s, s->problem->n_blocks));
    kv_covering_price(&s->covering, s->at);
    kv_covering_sort(&s->covering, 1, s->reduced, s->kind);
    mark_full(s);
    for (int i = 0; i < MOST_CLOSINGS; i++) {
        s->keep = i == MOST_CLOSINGS - 1;
        kv_sifting_each_block(s, close_block);
        if (kv_covering_sort(&s->covering, 0, s->reduced, s->kind) == 0)
            return;
    }
}

static kv_status charge(kv_sifting *s)
{
    const kv_problem *p = s->problem;
    int *first = NULL, *order = NULL, *before = kv_alloc((size_t)s->at->n_opening, sizeof(int));
    double *reduced = s->detour;
    kv_status status = kv_sort_openings(p, s->at, &first, &order);
    if (!before)
        status = KV_ERR_MEMORY;
    for (int b = 0; b < p->n_blocks && status == KV_OK; b++) {
        kv_price_flows(p, s->at, b, s->priced, reduced);
        status = kv_covering_charge(&s->covering, b, reduced, s->columns + kv_sifting_flow(s, b),
                                    order + first[b], first[b + 1] - first[b], before, s->at);
    }
    kv_free(first);
    kv_free(order);
    kv_free(before);
    return status;
}

kv_status kv_sifting_price(kv_sifting *s, kv_ipm_result *result)
{
    kv_multipliers *m = result->multipliers;
    if (!s->all) {
        kv_sifting_take(s, m, result->flow);
        close_all(s);
    }
    kv_status status = kv_multipliers_lift(s->problem, NULL, m);
    if (status == KV_OK && !s->all) {
        kv_covering_price(&s->covering, m);
        kv_sifting_take(s, m, result->flow);
        status = charge(s);
    }
    if (status != KV_OK)
        return status;
    kv_covering_price(&s->covering, m);
    result->bound = kv_bound_recompute(s->problem, m);
    return KV_OK;
}
