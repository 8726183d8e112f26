/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which flows the LP holds, and their opening rows. */
#include "base/memory.h"
#include "solver/decomposition/sifting_state.h"

#include <math.h>
#include <string.h>

/* In later rounds flows come in whose cheapest way costs no more than this share of what it costs to
 * serve their commodity; in the first, s->share. */
static const double next_share = 0.1;
/* Flows that carry less than this share of their bound need not be held. */
static const double least_use = 1e-4;

/* Coupling rows over few flows tie each to the others: all are held, and their ends served. */
enum { SHORT_ROW = 16 };

/* ---- terminals ---- */

static int is_short(const kv_rows *rows, int row)
{
    return rows->flow_first[row + 1] - rows->flow_first[row] <= SHORT_ROW;
}

void kv_sifting_find_terminals(kv_sifting *s)
{
    const kv_problem *p = s->problem;
    const kv_rows *rows = &p->coupling;
    for (size_t i = 0; i < kv_sifting_balance(s, p->n_blocks); i++)
        s->terminal[i] = p->balance[i] > 0 ? KV_SUPPLY : p->balance[i] < 0 ? KV_DEMAND : 0;
    for (int i = 0; i < rows->count; i++)
        for (int e = rows->flow_first[i]; is_short(rows, i) && e < rows->flow_first[i + 1]; e++) {
            unsigned char *terminal = s->terminal + kv_sifting_balance(s, rows->flow_block[e]);
            int tail = p->flow_tail_row[rows->flow[e]], head = p->flow_head_row[rows->flow[e]];
            if (tail >= 0)
                terminal[tail] |= KV_DEMAND;
            if (head >= 0)
                terminal[head] |= KV_SUPPLY;
        }
}

void kv_sifting_find_bare(kv_sifting *s)
{
    const kv_problem *p = s->problem;
    const kv_rows *rows = &p->coupling;
    for (int b = 0; b < p->n_blocks; b++) {
        kv_covering_enter(&s->covering, b);
        for (int f = 0; f < p->n_flows; f++) {
            size_t at = kv_sifting_flow(s, b) + (size_t)f;
            int bare = s->kind[at] != KV_FLOW_CLOSED && p->use_first[f] == p->use_first[f + 1] &&
                       kv_covering_first(&s->covering, p->flow_arc[f]) < 0;
            s->bare[at] = bare ? KV_FLOW_OPEN : KV_FLOW_CLOSED;
        }
    }
    for (int e = 0; rows->count && e < rows->flow_first[rows->count]; e++)
        s->bare[kv_sifting_flow(s, rows->flow_block[e]) + (size_t)rows->flow[e]] = KV_FLOW_CLOSED;
}

/* ---- which flows ---- */

static long hold(kv_sifting *s, size_t at)
{
    long added = !s->columns[at] && s->kind[at] != KV_FLOW_CLOSED;
    s->columns[at] |= (unsigned char)added;
    return added;
}

void kv_sifting_hold_all(kv_sifting *s)
{
    s->all = 1;
    memset(s->columns, 1, kv_sifting_flow(s, s->problem->n_blocks));
}

/* Flows of a block on ways that cost no more than a share of what their commodity does. */
static void hold_detours(kv_sifting *s, int b, int worker, double share)
{
    const kv_problem *p = s->problem;
    double *detour = s->detour + (size_t)worker * (size_t)p->n_flows;
    size_t at = kv_sifting_flow(s, b);
    kv_potentials_detours(&s->worker[worker], s->kind + at, s->passed + kv_sifting_balance(s, b),
                          s->reduced + at, detour);
    for (int c = 0; c < p->n_commodities; c++) {
        double most = share * kv_potentials_price(p, s->at, b, c);
        for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++)
            if (detour[f] <= most)
                hold(s, at + (size_t)f);
    }
}

static int is_terminal(const kv_sifting *s, int block, int row)
{
    return row >= 0 && s->terminal[kv_sifting_balance(s, block) + (size_t)row];
}

/* Unserved demand and the like: what needs no resource and nothing built, and without which there may
 * be no solution. The cheapest such ways, and others' beginnings and ends: the cheapest may not hold
 * enough. */
static void hold_last_resort(kv_sifting *s, int b, int worker)
{
    const kv_problem *p = s->problem;
    size_t at = kv_sifting_flow(s, b);
    unsigned char *marked = s->marked + (size_t)worker * (size_t)p->n_flows;
    kv_potentials_ways(&s->worker[worker], s->bare + at, p->flow_cost + at,
                       s->terminal + kv_sifting_balance(s, b), marked);
    for (int f = 0; f < p->n_flows; f++)
        if (marked[f] ||
            (s->bare[at + (size_t)f] == KV_FLOW_OPEN &&
             (is_terminal(s, b, p->flow_tail_row[f]) || is_terminal(s, b, p->flow_head_row[f]))))
            hold(s, at + (size_t)f);
}

static void choose_of_block(void *context, int b, int worker)
{
    kv_sifting *s = context;
    const kv_problem *p = s->problem;
    size_t at = kv_sifting_flow(s, b), row = kv_sifting_balance(s, b);
    kv_potentials_route(&s->worker[worker], b, s->kind + at, s->priced, s->terminal + row, s->at,
                        s->reduced + at, s->passed + row);
    hold_detours(s, b, worker, s->share);
    hold_last_resort(s, b, worker);
    for (int c = 0; c < p->n_commodities; c++) {
        int free = p->commodity_balance_first[c] == p->commodity_balance_first[c + 1];
        for (int f = p->commodity_flow_first[c]; f < p->commodity_flow_first[c + 1]; f++) {
            size_t i = at + (size_t)f;
            int carries = s->point && s->point[i] > least_use * p->flow_upper[i];
            if (free || carries)
                hold(s, i);
        }
    }
}

void kv_sifting_choose(kv_sifting *s, kv_multipliers *multipliers, const double *flow)
{
    const kv_rows *rows = &s->problem->coupling;
    kv_sifting_take(s, multipliers, flow);
    kv_sifting_each_block(s, choose_of_block);
    for (int i = 0; i < rows->count; i++)
        for (int e = rows->flow_first[i]; is_short(rows, i) && e < rows->flow_first[i + 1]; e++)
            hold(s, kv_sifting_flow(s, rows->flow_block[e]) + (size_t)rows->flow[e]);
}

/* ---- which flows come in ---- */

/* The flow, and the way on from its head to a node that flow passes. */
static long hold_way(kv_sifting *s, int block, int flow)
{
    const kv_problem *p = s->problem;
    const int *next = s->next + kv_sifting_balance(s, block);
    long added = 0;
    for (int f = flow, steps = 0; f >= 0 && steps <= p->n_nodes; steps++) {
        added += hold(s, kv_sifting_flow(s, block) + (size_t)f);
        f = p->flow_head_row[f] < 0 ? -1 : next[p->flow_head_row[f]];
    }
    return added;
}

/* Of the flows that attracted before charging, those come in on whose arcs opening pays by it, or
 * `every` one. */
long kv_sifting_add_attracting(kv_sifting *s, int every)
{
    const kv_problem *p = s->problem;
    long added = 0;
    for (int b = 0; b < p->n_blocks; b++) {
        kv_covering_enter(&s->covering, b);
        for (int f = 0; f < p->n_flows; f++) {
            size_t at = kv_sifting_flow(s, b) + (size_t)f;
            if (s->reduced[at] < 0 && s->kind[at] != KV_FLOW_CLOSED &&
                (every || kv_covering_attracts(&s->covering, b, p->flow_arc[f])))
                added += hold_way(s, b, f);
        }
    }
    return added;
}

static void add_of_block(void *context, int b, int worker)
{
    hold_detours(context, b, worker, next_share);
}

long kv_sifting_held(const kv_sifting *s)
{
    long n = 0;
    for (size_t i = 0; i < kv_sifting_flow(s, s->problem->n_blocks); i++)
        n += s->columns[i];
    return n;
}

long kv_sifting_add(kv_sifting *s)
{
    long before = kv_sifting_held(s);
    kv_sifting_each_block(s, add_of_block);
    kv_sifting_add_attracting(s, 0);
    return kv_sifting_held(s) - before;
}

/* ---- opening rows ---- */

kv_status kv_sifting_list_rows(kv_sifting *s)
{
    const kv_problem *p = s->problem;
    s->n_rows = 0;
    for (int b = 0; b < p->n_blocks; b++) {
        kv_covering_enter(&s->covering, b);
        for (int f = 0; f < p->n_flows; f++) {
            int a = p->flow_arc[f];
            if (!s->columns[kv_sifting_flow(s, b) + (size_t)f])
                continue;
            for (int o = kv_covering_first(&s->covering, a); kv_covering_is_of(p, o, b, a); o++) {
                if (kv_reserve((void **)&s->rows, &s->rows_room, s->n_rows + 1, sizeof(*s->rows)))
                    return KV_ERR_MEMORY;
                s->rows[s->n_rows++] = (kv_opening_row){o, f};
            }
        }
    }
    return KV_OK;
}
