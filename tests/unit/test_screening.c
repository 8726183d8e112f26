/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nodes before they are relaxed: what a budget closes goes to the records, and the node to the other side. */
#include "base/memory.h"
#include "solver/decomposition/screening.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>

enum {
    DESIGNS = 5
}; /* 0 to 2 alone, 3 and 4 a group of which at most one is built; each costs 10 */

typedef struct fixture {
    kv_search search;
    kv_multipliers *zero;
    kv_records records;
    kv_splits splits;
    kv_screening screening;
    double lower[DESIGNS], upper[DESIGNS], wish[DESIGNS];
    unsigned char chosen[1];
    kv_node node;
    kv_problem *problem;
} fixture;

/* 3 y0 + 3 y1 + y2 + 2 y3 + 2 y4 <= 4; an incumbent of 1,000; nothing at all needs to be built. */
static void setup(fixture *f)
{
    static const double use[DESIGNS] = {3, 3, 1, 2, 2};
    int tail = 0, head = 1;
    *f = (fixture){.search = {.has_incumbent = 1, .incumbent = 1000, .bound = 0}};
    kv_problem *p = f->problem = tiny_problem(2, 1, &tail, &head, 1, 0, 1, 1, DESIGNS);
    tiny_group(p, 3, 2);
    tiny_row(&p->side, 'L', 4, 0);
    for (int j = 0; j < DESIGNS; j++) {
        p->design_cost[j] = 10;
        tiny_row_design(&p->side, j, use[j]);
        f->upper[j] = 1;
    }
    tiny_row(&p->side, 'L', 1, 0);
    tiny_row_design(&p->side, 3, 1);
    tiny_row_design(&p->side, 4, 1);
    f->search.problem = *p;
    f->node = (kv_node){.lower = f->lower, .upper = f->upper, .wish = f->wish, .chosen = f->chosen};
    f->zero = kv_multipliers_create(p);
    cr_assert(f->zero != NULL);
    cr_assert(kv_group_rows_create(p, NULL, &f->search.groups) == KV_OK);
    cr_assert(kv_splits_create(&f->search.groups, &f->splits) == KV_OK);
    cr_assert(kv_records_create(p, f->zero, (size_t)1 << 20, &f->records) == KV_OK);
    cr_assert(kv_screening_create(&f->search, &f->splits, &f->records, &f->screening) == KV_OK);
    cr_assert(kv_screening_begin(&f->screening, &f->node) == KV_OK);
}

static void teardown(fixture *f)
{
    kv_screening_clear(&f->screening);
    kv_records_clear(&f->records);
    kv_splits_clear(&f->splits);
    kv_group_rows_clear(&f->search.groups);
    kv_multipliers_free(f->zero);
    kv_problem_free(f->problem);
}

/* The node becomes a side of a split. */
static void split(fixture *f, int design, double value, int up)
{
    kv_split at = {-1, design, value};
    kv_split_apply(&f->splits, &at, up, &f->node);
    cr_assert(kv_screening_record(&f->screening, &at, up, f->node.record, &f->node.record) ==
              KV_OK);
}

/* What leaf the records prove with these branches; -infinity when there is none. */
static double proved(fixture *f, int n_branches)
{
    kv_proof *proof = NULL;
    double bound = -HUGE_VAL;
    cr_assert(kv_records_prove(&f->records, f->problem, 1000, f->problem->design_lower,
                               f->problem->design_upper, &proof) == KV_OK);
    for (int i = 0; i < proof->n_leaves; i++)
        if (proof->leaf[i].n_branches == n_branches)
            bound = fmax(bound, proof->leaf[i].bound);
    kv_proof_free(proof);
    return bound;
}

Test(screening, what_the_budget_has_no_room_for)
{
    fixture f;
    int closed;
    setup(&f);
    f.wish[0] = 0.6;
    f.wish[1] = 0.4;
    f.wish[2] = 0.5;
    split(&f, 0, 0.6, 0); /* so that the other side's record is complete */
    f.node.record = 0;
    f.upper[0] = 1;
    split(&f, 0, 0.6, 1);
    cr_assert(kv_screening_ask(&f.screening, &f.node, &closed) == KV_OK && !closed);
    cr_assert(f.upper[1] == 0 && f.lower[0] == 1, "y1 has no room beside y0");
    cr_assert(f.upper[2] == 1 && f.lower[2] == 0, "y2 has");
    cr_assert_eq(f.records.count, 5);
    cr_assert(proved(&f, 2) >= 1000, "the side closed is a leaf");
    teardown(&f);
}

Test(screening, a_group_that_has_no_room)
{
    fixture f;
    int closed;
    setup(&f);
    f.wish[1] = 0.5;
    f.wish[3] = f.wish[4] = 0.2;
    split(&f, 1, 0.5, 1);
    cr_assert(kv_screening_ask(&f.screening, &f.node, &closed) == KV_OK && !closed);
    cr_assert(f.upper[3] == 0 && f.upper[4] == 0 && !f.chosen[0]);
    teardown(&f);
}

Test(screening, a_node_that_no_plan_can_have)
{
    fixture f;
    int closed;
    setup(&f);
    split(&f, 0, 0.5, 0);
    f.node.record = 0;
    f.upper[0] = 1;
    f.lower[1] = 1; /* as an ancestor's branch would have it */
    split(&f, 0, 0.5, 1);
    cr_assert(kv_screening_ask(&f.screening, &f.node, &closed) == KV_OK && closed);
    cr_assert(f.records.items[f.node.record].rate != NULL);
    teardown(&f);
}

Test(screening, nothing_is_closed_without_an_incumbent)
{
    fixture f;
    int closed;
    setup(&f);
    kv_free(f.screening.terms.design);
    f.screening.terms.design = NULL;
    f.search.has_incumbent = 0;
    cr_assert(kv_screening_begin(&f.screening, &f.node) == KV_OK);
    f.wish[0] = f.wish[1] = 0.5;
    split(&f, 0, 0.5, 1);
    cr_assert(kv_screening_ask(&f.screening, &f.node, &closed) == KV_OK && !closed);
    cr_assert(f.upper[1] == 1);
    teardown(&f);
}
