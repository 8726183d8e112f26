/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/random_problem.h"

#include "base/memory.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>

/* Nodes 0 .. n-1 on a ring with chords; from arc `dear` on, dear arcs to and from node 0. */
enum { MOST_NODES = 6, MOST_CHORDS = 4, MOST_ARCS = 2 * MOST_NODES + MOST_CHORDS + 2 * MOST_NODES };

typedef struct shape {
    kv_problem *problem;
    kv_random *random;
    const random_kinds *kinds;
    int dear, loaded; /* first dear arc; commodities with balance rows */
} shape;

random_kinds random_problem_all(void)
{
    return (random_kinds){4, 3, 4, 1, 1, 1, 1, 1, 1, 1.0};
}

static int pick(const shape *s, int low, int high)
{
    return kv_random_integer(s->random, low, high);
}

/* A factor between 1 / sqrt(scale) and sqrt(scale), evenly by its logarithm. */
static double spread(const shape *s)
{
    return pow(s->kinds->scale, kv_random_uniform(s->random) - 0.5);
}

static int add_arcs(kv_random *random, int *tail, int *head, int n_nodes, int *dear)
{
    int n = 0, chords = kv_random_integer(random, 0, MOST_CHORDS);
    for (int v = 0; v < n_nodes; v++) {
        tail[n] = v;
        head[n++] = (v + 1) % n_nodes;
        tail[n] = (v + 1) % n_nodes;
        head[n++] = v;
    }
    for (int i = 0; i < chords; i++) {
        tail[n] = kv_random_integer(random, 0, n_nodes - 1);
        head[n] = (tail[n] + kv_random_integer(random, 1, n_nodes - 1)) % n_nodes;
        n++;
    }
    *dear = n;
    for (int v = 1; v < n_nodes; v++) {
        tail[n] = v;
        head[n++] = 0;
        tail[n] = 0;
        head[n++] = v;
    }
    return n;
}

/* Supplies and demands that balance; in some blocks and commodities none. */
static double add_demand(const shape *s, int block, int commodity)
{
    kv_problem *p = s->problem;
    double size = spread(s), total = 0;
    int pairs = pick(s, 0, 3);
    for (int i = 0; i < pairs; i++) {
        int from = pick(s, 0, p->n_nodes - 1), to = pick(s, 0, p->n_nodes - 1);
        double d = size * pick(s, 1, 9);
        if (from == to)
            continue;
        p->balance[tiny_balance(p, block, commodity, from)] += d;
        p->balance[tiny_balance(p, block, commodity, to)] -= d;
        total += d;
    }
    return total;
}

static void add_commodity(const shape *s, int block, int commodity)
{
    kv_problem *p = s->problem;
    double total = add_demand(s, block, commodity), price = spread(s);
    for (int a = 0; a < p->n_arcs; a++) {
        size_t f = tiny_flow(p, block, commodity, a);
        if (a >= s->dear) {
            p->flow_cost[f] = price * pick(s, 20, 60);
            p->flow_upper[f] = total;
            continue;
        }
        p->flow_cost[f] = price * (pick(s, 0, 6) == 0 ? -1 : pick(s, 0, 8));
        p->flow_upper[f] = pick(s, 0, 6) == 0 ? 0 : total * (pick(s, 0, 2) ? 1 : 0.4);
    }
}

static void add_empties(const shape *s)
{
    kv_problem *p = s->problem;
    for (int b = 0; b < p->n_blocks; b++) {
        for (int a = 0; a < s->dear; a++) {
            p->flow_cost[tiny_flow(p, b, s->loaded, a)] = pick(s, 1, 3);
            p->flow_upper[tiny_flow(p, b, s->loaded, a)] = 500;
        }
        for (int v = 0; v < p->n_nodes; v++) {
            tiny_row(&p->coupling, 'E', 0, 0);
            for (int a = 0; a < s->dear; a++) {
                double sign = p->arc_head[a] == v ? 1 : p->arc_tail[a] == v ? -1 : 0;
                for (int k = 0; k <= s->loaded && sign != 0; k++)
                    tiny_row_flow(&p->coupling, b, k * p->n_arcs + a,
                                  k < s->loaded ? 0.25 * sign : sign);
            }
        }
    }
}

static void add_resources(const shape *s)
{
    kv_problem *p = s->problem;
    for (int r = 0; r < p->n_resources; r++) {
        int first = pick(s, 0, s->dear - 1);
        double size = spread(s);
        for (int k = 0; k < p->n_commodities; k++)
            for (int a = 0; a < s->dear; a++)
                if (a == first || pick(s, 0, 5) == 0)
                    tiny_use(p, k, a, r, size * (0.5 + 0.5 * pick(s, 0, 3)));
        for (int b = 0; b < p->n_blocks; b++) {
            int kind = pick(s, 0, 7);
            p->resource_base[b * p->n_resources + r] = kind == 0  ? 1e30
                                                       : kind < 4 ? 0
                                                                  : size * pick(s, 1, 12);
            for (int i = pick(s, 0, 2), j = pick(s, 0, p->n_design - 1); i > 0; i--)
                tiny_supply(p, b, r, (i + j) % p->n_design, size * pick(s, 1, 9));
        }
    }
}

static void add_openings(const shape *s)
{
    kv_problem *p = s->problem;
    for (int b = 0; b < p->n_blocks; b++)
        for (int a = 0; a < s->dear; a++)
            for (int sets = pick(s, 0, 5) - 3; sets > 0; sets--) {
                int first = pick(s, 0, p->n_design - 1);
                int set[2] = {first, (first + 1) % p->n_design};
                tiny_opening(p, b, a, pick(s, 0, 9) ? pick(s, 1, 2) : 0, set);
            }
}

/* Within a block: a share (<=) and a recipe (=); both hold when the arcs carry nothing. */
static void add_local_rows(const shape *s)
{
    kv_problem *p = s->problem;
    for (int b = 0; b < p->n_blocks; b++) {
        int k = pick(s, 0, s->loaded - 1), a = pick(s, 0, s->dear - 1);
        tiny_row(&p->coupling, 'L', 0, 0);
        for (int other = 0; other < s->dear; other++)
            tiny_row_flow(&p->coupling, b, k * p->n_arcs + other, other == a ? 0.7 : -0.3);
        if (pick(s, 0, 1))
            continue;
        int l = pick(s, 0, s->loaded - 1), c = (a + 1 + pick(s, 0, s->dear - 2)) % s->dear;
        tiny_row(&p->coupling, 'E', 0, 0);
        tiny_row_flow(&p->coupling, b, k * p->n_arcs + a, 1);
        tiny_row_flow(&p->coupling, b, l * p->n_arcs + c, -0.5);
    }
}

/* Over all blocks: a cap that a design raises (<=), and flows that must be alike (=). */
static void add_spanning_rows(const shape *s)
{
    kv_problem *p = s->problem;
    tiny_row(&p->coupling, 'L', spread(s) * pick(s, 0, 20), 0);
    for (int b = 0; b < p->n_blocks; b++)
        for (int f = 0; f < p->n_flows; f++)
            if (p->flow_arc[f] < s->dear && pick(s, 0, 1))
                tiny_row_flow(&p->coupling, b, f, 0.25 * pick(s, 1, 8));
    tiny_row_design(&p->coupling, pick(s, 0, p->n_design - 1), -5);
    if (p->n_blocks > 1 && pick(s, 0, 1)) {
        int f = pick(s, 0, s->dear - 1);
        tiny_row(&p->coupling, 'E', 0, 0);
        tiny_row_flow(&p->coupling, 0, f, 1);
        tiny_row_flow(&p->coupling, 1, f, -1);
    }
}

static void add_designs(const shape *s)
{
    kv_problem *p = s->problem;
    for (int j = 0; j < p->n_design; j++) {
        p->design_cost[j] = spread(s) * pick(s, 0, 25);
        p->do_nothing_upper[j] = 0;
        int kind = s->kinds->continuous ? pick(s, 0, 5) : 0;
        if (kind == 1)
            p->design_upper[j] = 2;
        if (kind == 2) {
            p->design_integer[j] = 0;
            p->design_upper[j] = 0.5 * pick(s, 1, 6);
            p->do_nothing_upper[j] = p->design_upper[j];
        }
        if (kind == 3 && j > 3)
            p->design_lower[j] = p->do_nothing_upper[j] = 1;
    }
}

/* A budget, one thing that requires another, a stock that is what was bought and what was there,
 * and a row that doing nothing leaves out. */
static void add_side_rows(const shape *s)
{
    kv_problem *p = s->problem;
    int n = p->n_design;
    double all = 0;
    for (int j = 0; j < n; j++)
        all += p->design_upper[j] * (1 + j % 3);
    tiny_row(&p->side, 'L', fmax(n, floor(all * pick(s, 3, 9) / 10)), 0);
    for (int j = 0; j < n; j++)
        tiny_row_design(&p->side, j, 1 + j % 3);
    tiny_row(&p->side, 'L', 0, 0);
    tiny_row_design(&p->side, 0, 1);
    tiny_row_design(&p->side, 1, -p->design_upper[0]);
    if (s->kinds->continuous && n >= 4) {
        p->design_integer[3] = 0;
        p->design_lower[3] = 0;
        p->design_upper[3] = p->do_nothing_upper[3] = p->design_upper[2] + 1.5;
        tiny_row(&p->side, 'E', 0.5 * pick(s, 0, 3), 0);
        tiny_row_design(&p->side, 3, 1);
        tiny_row_design(&p->side, 2, -1);
    }
    tiny_row(&p->side, 'L', -1, 1);
    tiny_row_design(&p->side, 1, -1);
}

kv_problem *random_problem(kv_random *random, const random_kinds *kinds)
{
    int tail[MOST_ARCS], head[MOST_ARCS], n_nodes = kv_random_integer(random, 3, MOST_NODES);
    shape s = {.random = random, .kinds = kinds};
    int n_arcs = add_arcs(random, tail, head, n_nodes, &s.dear);
    int n_blocks = kv_random_integer(random, 1, kinds->most_blocks);
    int empties = kinds->empties && kv_random_integer(random, 0, 1);
    s.loaded = kv_random_integer(random, 1, kinds->most_commodities);
    s.problem = tiny_problem(n_nodes, n_arcs, tail, head, s.loaded + empties, empties, n_blocks,
                             kv_random_integer(random, 0, kinds->most_resources),
                             kv_random_integer(random, 2, 6));
    for (int b = 0; b < n_blocks; b++) {
        s.problem->block_weight[b] = 0.25 * kv_random_integer(random, 1, 8);
        for (int k = 0; k < s.loaded; k++)
            add_commodity(&s, b, k);
    }
    if (empties)
        add_empties(&s);
    add_designs(&s);
    add_resources(&s);
    if (kinds->openings)
        add_openings(&s);
    if (kinds->local_rows)
        add_local_rows(&s);
    if (kinds->spanning_rows)
        add_spanning_rows(&s);
    if (kinds->side_rows)
        add_side_rows(&s);
    cr_assert(kv_problem_check(s.problem, NULL) == KV_OK);
    return s.problem;
}

/* 1 = the opening row closes its arc whatever the designs do within the boxes. */
static int closes(const kv_problem *p, const kv_model *model, int row, const double *upper)
{
    const kv_opening *open = &p->openings[model->opening_of_row[row - model->row_of_opening]];
    double room = 0;
    for (int e = open->first; e < open->first + open->count; e++)
        room += p->opening_coefficient[e] * (upper ? upper : p->design_upper)[p->opening_design[e]];
    return room <= 1e-9;
}

kv_lp *random_problem_lp(const kv_problem *problem, kv_strength strength, const double *lower,
                         const double *upper, int open)
{
    kv_model *m = NULL;
    kv_lp *lp = kv_lp_create();
    cr_assert(lp != NULL && kv_model_create(problem, strength, &m) == KV_OK);
    for (int r = m->row_of_opening; !open && r < m->row_of_opening + m->n_opening_rows; r++)
        if (!closes(problem, m, r, upper))
            m->row_upper[r] = 1e30;
    for (int j = 0; j < problem->n_design; j++) {
        m->lower[j] = lower ? lower[j] : m->lower[j];
        m->upper[j] = upper ? upper[j] : m->upper[j];
    }
    cr_assert(kv_lp_add_rows(lp, m->n_rows, m->row_lower, m->row_upper) == KV_OK);
    cr_assert(kv_lp_add_columns(lp, m->n_columns, m->cost, m->lower, m->upper, NULL,
                                m->column_first, m->row, m->value) == KV_OK);
    kv_model_free(m);
    return lp;
}
