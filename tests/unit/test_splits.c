/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the tree splits: by what splits gained, a unit of distance and of cost. */
#include "base/memory.h"
#include "solver/decomposition/split.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>

enum { DESIGNS = 5 }; /* 0 to 2 alone, 3 and 4 a group of which at most one is built */

typedef struct fixture {
    kv_problem *problem;
    kv_group_rows groups;
    kv_splits splits;
    double lower[DESIGNS], upper[DESIGNS], wish[DESIGNS];
    unsigned char chosen[1];
    kv_node node;
} fixture;

static void setup(fixture *f)
{
    int tail = 0, head = 1;
    kv_problem *p = f->problem = tiny_problem(2, 1, &tail, &head, 1, 0, 1, 1, DESIGNS);
    tiny_group(p, 3, 2);
    for (int j = 0; j < DESIGNS; j++) {
        p->design_cost[j] = 10;
        f->lower[j] = f->wish[j] = 0;
        f->upper[j] = 1;
    }
    f->chosen[0] = 0;
    f->node = (kv_node){.lower = f->lower, .upper = f->upper, .wish = f->wish, .chosen = f->chosen};
    cr_assert(kv_group_rows_create(p, NULL, &f->groups) == KV_OK);
    cr_assert(kv_splits_create(&f->groups, &f->splits) == KV_OK);
    cr_assert(f->groups.n_groups == 1);
}

static void teardown(fixture *f)
{
    kv_splits_clear(&f->splits);
    kv_group_rows_clear(&f->groups);
    kv_problem_free(f->problem);
}

Test(splits, most_undecided_and_dearest_at_first)
{
    fixture f;
    kv_split split;
    setup(&f);
    cr_assert(kv_splits_choose(&f.splits, &f.node, &split) == 0);
    f.wish[0] = 0.9;
    f.wish[1] = 0.5;
    cr_assert(kv_splits_choose(&f.splits, &f.node, &split) && split.design == 1);
    f.splits.cost[0] = 100;
    cr_assert(kv_splits_choose(&f.splits, &f.node, &split) && split.design == 0);
    teardown(&f);
}

Test(splits, what_gained_is_chosen_again)
{
    fixture f;
    kv_split split;
    setup(&f);
    f.wish[0] = f.wish[2] = 0.5;
    cr_assert(kv_splits_choose(&f.splits, &f.node, &split) && split.design == 0);
    kv_split two = {-1, 2, 0.5}, none = {-1, 0, 0.5};
    for (int up = 0; up < 2; up++) {
        kv_splits_learn(&f.splits, &two, up, 50);
        kv_splits_learn(&f.splits, &none, up, 0);
        kv_splits_learn(&f.splits, &none, up, HUGE_VAL); /* says nothing */
    }
    cr_assert(kv_splits_choose(&f.splits, &f.node, &split) && split.design == 2);
    cr_assert(f.splits.tried[1][0] == 1 && f.splits.tried[1][2] == 1);
    cr_assert(fabs(f.splits.gain[0][2] - 10) < 1e-12); /* 50 over half a unit that costs 10 */
    teardown(&f);
}

/* A group is split before its members; then they are. */
Test(splits, groups)
{
    fixture f;
    kv_split split;
    kv_branch branch;
    setup(&f);
    f.wish[3] = 0.3;
    f.wish[4] = 0.2;
    cr_assert(kv_splits_choose(&f.splits, &f.node, &split));
    cr_assert(split.group == 0 && split.design == -1 && fabs(split.value - 0.5) < 1e-12);
    cr_assert(kv_split_branch(&f.splits, &split, 1, &branch) == KV_OK);
    cr_assert(branch.count == 2 && branch.design[0] == 3 && branch.sense == 'G' && branch.rhs == 1);
    kv_free(branch.design);
    kv_split_apply(&f.splits, &split, 1, &f.node);
    cr_assert(f.chosen[0] == 1);
    cr_assert(kv_splits_choose(&f.splits, &f.node, &split) && split.design == 3);
    kv_split_apply(&f.splits, &split, 0, &f.node);
    cr_assert(f.upper[3] == 0 && f.lower[3] == 0 && f.upper[4] == 1);
    kv_split_apply(&f.splits, &(kv_split){0, -1, 0.5}, 0, &f.node);
    cr_assert(f.upper[4] == 0);
    teardown(&f);
}

Test(splits, failing_allocations)
{
    fixture f;
    setup(&f);
    for (long n = 1, over = 0; !over; n++) {
        kv_splits splits;
        kv_memory_fail_at(n, 1);
        kv_status status = kv_splits_create(&f.groups, &splits);
        kv_memory_fail_at(0, 0);
        cr_assert(status == KV_OK || status == KV_ERR_MEMORY);
        over = status == KV_OK;
        kv_splits_clear(&splits);
    }
    teardown(&f);
}
