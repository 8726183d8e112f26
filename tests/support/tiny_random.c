/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/tiny_problem.h"

#include <criterion/criterion.h>

/* A ring of nodes with arcs both ways, then a dear arc for each of `n_loaded` commodities. */
enum { RING = 4, RING_ARCS = 2 * RING, MOST_LOADED = 2 };

static void add_flows(kv_problem *p, kv_random *random, int n_loaded, int with_empties)
{
    for (int b = 0; b < p->n_blocks; b++) {
        p->block_weight[b] = 0.5 + 0.25 * kv_random_integer(random, 0, 3);
        for (int k = 0; k < n_loaded; k++) {
            double d = kv_random_integer(random, 1, 9);
            int from = p->arc_tail[RING_ARCS + k], to = p->arc_head[RING_ARCS + k];
            p->balance[tiny_balance(p, b, k, from)] = d;
            p->balance[tiny_balance(p, b, k, to)] = -d;
            for (int a = 0; a < RING_ARCS; a++) {
                p->flow_cost[tiny_flow(p, b, k, a)] = kv_random_integer(random, 0, 5);
                p->flow_upper[tiny_flow(p, b, k, a)] =
                    kv_random_integer(random, 0, 3) ? d : 0.5 * d;
            }
            p->flow_cost[tiny_flow(p, b, k, RING_ARCS + k)] = kv_random_integer(random, 12, 30);
            p->flow_upper[tiny_flow(p, b, k, RING_ARCS + k)] = d;
        }
        for (int a = 0; with_empties && a < RING_ARCS; a++) {
            p->flow_cost[tiny_flow(p, b, n_loaded, a)] = 1.0;
            p->flow_upper[tiny_flow(p, b, n_loaded, a)] = 20.0;
        }
    }
}

/* At each node, loaded vehicles and empties in = the same out. */
static void add_empties(kv_problem *p, int n_loaded)
{
    for (int b = 0; b < p->n_blocks; b++) {
        for (int v = 0; v < RING; v++) {
            tiny_row(&p->coupling, 'E', 0.0, 0);
            for (int a = 0; a < RING_ARCS; a++) {
                double sign = p->arc_head[a] == v ? 1.0 : p->arc_tail[a] == v ? -1.0 : 0.0;
                for (int k = 0; k <= n_loaded && sign != 0.0; k++)
                    tiny_row_flow(&p->coupling, b, k * p->n_arcs + a,
                                  sign * (k < n_loaded ? 1.0 / 3.0 : 1.0));
            }
        }
    }
}

static void add_resources(kv_problem *p, kv_random *random, int n_loaded)
{
    for (int r = 0; r < p->n_resources; r++) {
        int arc = kv_random_integer(random, 0, RING_ARCS - 1);
        int other = (arc + 1 + kv_random_integer(random, 0, RING_ARCS - 2)) % RING_ARCS;
        int alike = kv_random_integer(random, 0, 3);
        for (int k = 0; k < n_loaded; k++) {
            tiny_use(p, k, arc, r, alike || kv_random_integer(random, 0, 1) ? 1.0 : 1.5);
            if (kv_random_integer(random, 0, 1))
                tiny_use(p, k, other, r, 0.25);
        }
        for (int b = 0; b < p->n_blocks; b++) {
            p->resource_base[b * p->n_resources + r] =
                kv_random_integer(random, 0, 5) == 0 ? 1e30 : kv_random_integer(random, 0, 6);
            tiny_supply(p, b, r, kv_random_integer(random, 0, p->n_design - 1),
                        kv_random_integer(random, 1, 9));
        }
    }
}

static void add_openings(kv_problem *p, kv_random *random)
{
    for (int b = 0; b < p->n_blocks; b++) {
        for (int a = 0; a < RING_ARCS; a++) {
            int sets = kv_random_integer(random, 0, 4) - 1;
            for (int s = 0; s < sets && s < 2; s++) {
                int first = kv_random_integer(random, 0, p->n_design - 1);
                int set[2] = {first, (first + 1) % p->n_design};
                tiny_opening(p, b, a, kv_random_integer(random, 0, 9) ? 2 - s : 0, set);
            }
        }
    }
}

static void add_design(kv_problem *p, kv_random *random)
{
    tiny_row(&p->side, 'L', kv_random_integer(random, 8, 40), 0);
    for (int j = 0; j < p->n_design; j++) {
        p->design_cost[j] = kv_random_integer(random, -1, 20);
        tiny_row_design(&p->side, j, kv_random_integer(random, 1, 15));
        if (kv_random_integer(random, 0, 4) == 0)
            p->design_upper[j] = 2.0;
    }
    if (kv_random_integer(random, 0, 2) == 0) {
        p->design_integer[p->n_design - 1] = 0;
        p->design_upper[p->n_design - 1] = 1.5;
        p->do_nothing_upper[p->n_design - 1] = 1.5;
    }
    tiny_row(&p->side, 'L', 1.0, 0);
    tiny_row_design(&p->side, 0, 1.0);
    tiny_row_design(&p->side, 1, 1.0);
    if (kv_random_integer(random, 0, 2) == 0) {
        tiny_row(&p->side, 'E', 1.0, 1);
        tiny_row_design(&p->side, 1, 1.0);
        tiny_row_design(&p->side, 2, 1.0);
    }
}

kv_problem *tiny_random(kv_random *random)
{
    int tail[RING_ARCS + MOST_LOADED], head[RING_ARCS + MOST_LOADED];
    int n_loaded = kv_random_integer(random, 1, MOST_LOADED);
    int with_empties = kv_random_integer(random, 0, 2) == 0;
    for (int v = 0; v < RING; v++) {
        tail[2 * v] = head[2 * v + 1] = v;
        head[2 * v] = tail[2 * v + 1] = (v + 1) % RING;
    }
    for (int k = 0; k < n_loaded; k++) {
        tail[RING_ARCS + k] = kv_random_integer(random, 0, RING - 1);
        head[RING_ARCS + k] = (tail[RING_ARCS + k] + kv_random_integer(random, 1, RING - 1)) % RING;
    }
    kv_problem *p = tiny_problem(RING, RING_ARCS + n_loaded, tail, head, n_loaded + with_empties,
                                 with_empties, kv_random_integer(random, 1, 2),
                                 kv_random_integer(random, 0, 2), kv_random_integer(random, 3, 4));
    add_flows(p, random, n_loaded, with_empties);
    if (with_empties)
        add_empties(p, n_loaded);
    add_resources(p, random, n_loaded);
    add_openings(p, random);
    add_design(p, random);
    if (kv_random_integer(random, 0, 2) == 0) { /* a cap on one arc over all blocks */
        tiny_row(&p->coupling, 'L', kv_random_integer(random, 2, 8), 0);
        for (int b = 0; b < p->n_blocks; b++)
            tiny_row_flow(&p->coupling, b, kv_random_integer(random, 0, RING_ARCS - 1), 1.0);
        tiny_row_design(&p->coupling, 0, -2.0);
    }
    cr_assert(kv_problem_check(p, NULL) == KV_OK);
    return p;
}
