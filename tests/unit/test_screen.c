/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What multipliers say of boxes before anything is relaxed there: against enumeration of the designs. */
#include "base/memory.h"
#include "base/random.h"
#include "solver/decomposition/screen.h"
#include "support/tiny_problem.h"

#include <criterion/criterion.h>
#include <math.h>

enum { DESIGNS = 6, ROWS = 3, CASES = 400 }; /* 0 to 3 alone, 4 and 5 a group */

typedef struct fixture {
    kv_problem *problem;
    kv_group_rows groups;
    kv_screen *screen;
    double cost[DESIGNS], lower[DESIGNS], upper[DESIGNS];
    unsigned char chosen[1];
    kv_bound_terms terms;
} fixture;

static void make_rows(kv_problem *p, kv_random *random)
{
    for (int r = 0; r < ROWS; r++) {
        int equation = r == 0 && kv_random_integer(random, 0, 4) == 0;
        tiny_row(&p->side, equation ? 'E' : 'L', equation ? 0 : kv_random_integer(random, 2, 8), 0);
        for (int j = 0; j < DESIGNS; j++)
            if (!equation)
                tiny_row_design(&p->side, j, kv_random_integer(random, -1, 5));
        if (equation) { /* y0 = y1 */
            tiny_row_design(&p->side, 0, 1);
            tiny_row_design(&p->side, 1, -1);
        }
    }
    tiny_row(&p->side, 'L', 1, 0); /* at most one of the group */
    tiny_row_design(&p->side, 4, 1);
    tiny_row_design(&p->side, 5, 1);
}

static void setup(fixture *f, kv_random *random)
{
    int tail = 0, head = 1;
    kv_problem *p = f->problem = tiny_problem(2, 1, &tail, &head, 1, 0, 1, 1, DESIGNS);
    tiny_group(p, 4, 2);
    p->design_upper[3] = 3;
    make_rows(p, random);
    for (int j = 0; j < DESIGNS; j++) {
        f->cost[j] = kv_random_integer(random, -20, 10);
        f->lower[j] = p->design_lower[j];
        f->upper[j] = p->design_upper[j];
    }
    f->chosen[0] = (unsigned char)kv_random_integer(random, 0, 1);
    f->terms = (kv_bound_terms){100, f->cost};
    cr_assert(kv_group_rows_create(p, NULL, &f->groups) == KV_OK);
    cr_assert(kv_screen_create(&f->groups, &f->screen) == KV_OK);
}

static void teardown(fixture *f)
{
    kv_screen_free(f->screen);
    kv_group_rows_clear(&f->groups);
    kv_problem_free(f->problem);
}

static int holds(const kv_rows *rows, int r, const double *y)
{
    double sum = 0;
    for (int e = rows->design_first[r]; e < rows->design_first[r + 1]; e++)
        sum += rows->design_value[e] * y[rows->design[e]];
    return rows->sense[r] == 'E' ? sum == rows->rhs[r] : sum <= rows->rhs[r];
}

static int meets(const fixture *f, const kv_branch *branch, const double *y)
{
    double sum = 0;
    for (int r = 0; r < f->problem->side.count; r++)
        if (!holds(&f->problem->side, r, y))
            return 0;
    if (f->chosen[0] && y[4] + y[5] < 1)
        return 0;
    for (int i = 0; branch && i < branch->count; i++)
        sum += y[branch->design[i]];
    return !branch || (branch->sense == 'L' ? sum <= branch->rhs : sum >= branch->rhs);
}

/* The least cost of a design by enumeration; infinity where there is none. */
static double least(const fixture *f, const kv_branch *branch)
{
    double best = HUGE_VAL;
    for (int code = 0; code < 32 * 4; code++) {
        double y[DESIGNS] = {code & 1,  code >> 1 & 1, code >> 2 & 1,
                             code >> 5, code >> 3 & 1, code >> 4 & 1};
        double cost = f->terms.constant;
        for (int j = 0; j < DESIGNS; j++)
            cost += f->cost[j] * y[j];
        if (meets(f, branch, y))
            best = fmin(best, cost);
    }
    return best;
}

/* What the rates prove within the boxes that the branch leaves, worked out anew. */
static double proved(const fixture *f, const kv_branch *branch, const double *rate)
{
    const kv_rows *rows = &f->groups.problem.side;
    double cost[DESIGNS], bound = f->terms.constant, lower[DESIGNS], upper[DESIGNS];
    for (int j = 0; j < DESIGNS; j++) {
        cost[j] = f->cost[j];
        lower[j] = f->lower[j];
        upper[j] = f->upper[j];
    }
    if (branch)
        kv_branch_tighten(f->problem, branch, lower, upper);
    for (int r = 0; r < rows->count; r++) {
        cr_assert(rate[r] >= 0 || rows->sense[r] == 'E');
        bound -= rate[r] * rows->rhs[r];
        for (int e = rows->design_first[r]; e < rows->design_first[r + 1]; e++)
            cost[rows->design[e]] += rate[r] * rows->design_value[e];
    }
    for (int j = 0; j < DESIGNS; j++)
        bound += fmin(cost[j] * lower[j], cost[j] * upper[j]);
    return bound;
}

/* Whatever is closed costs at least the level, and its rates prove that. 1 = it was closed. */
static int check(fixture *f, double level, const kv_branch *branch, int held, int i)
{
    double *rate = NULL;
    int closed;
    cr_assert(kv_screen_ask(f->screen, branch, held, &closed, &rate) == KV_OK);
    if (closed) {
        cr_assert(least(f, branch) >= level - 1e-9, "case %d: %g below %g", i, least(f, branch),
                  level);
        double bound = proved(f, branch, rate);
        cr_assert(bound >= level, "case %d: %.12g", i, bound);
        cr_assert(rate[f->groups.n_base] == 0 || f->chosen[0] || held == 0);
    }
    kv_free(rate);
    return closed;
}

Test(screen, what_is_closed_holds_no_better_plan)
{
    kv_random random;
    int closed = 0, right = 0, asked = 0;
    kv_random_seed(&random, 7);
    for (int i = 0; i < CASES; i++) {
        fixture f;
        setup(&f, &random);
        double level = 100 - kv_random_integer(&random, 0, 40);
        cr_assert(kv_screen_begin(f.screen, &f.terms, level - 20, level) == KV_OK);
        cr_assert(kv_screen_set(f.screen, f.lower, f.upper, f.chosen) == KV_OK);
        for (int j = -1; j < DESIGNS; j++)
            for (int up = 0; up < 2; up++) {
                kv_branch branch = {1, &j, up ? 'G' : 'L', up};
                const kv_branch *at = j < 0 ? NULL : &branch;
                int now = check(&f, level, at, -1, i);
                closed += now;
                right += least(&f, at) >= level;
                asked++;
            }
        teardown(&f);
    }
    /* the LP may miss what only whole numbers show, and not much more */
    cr_assert(closed >= 0.7 * right && right >= 0.1 * asked && right < 0.9 * asked,
              "%d closed of %d, %d asked", closed, right, asked);
}

Test(screen, one_of_a_group)
{
    kv_random random;
    int closed[2] = {0, 0}, right[2] = {0, 0}, group[2] = {4, 5};
    kv_random_seed(&random, 8);
    for (int i = 0; i < CASES; i++) {
        fixture f;
        setup(&f, &random);
        f.chosen[0] = 0;
        double level = 100 - kv_random_integer(&random, 0, 40);
        cr_assert(kv_screen_begin(f.screen, &f.terms, level - 20, level) == KV_OK);
        cr_assert(kv_screen_set(f.screen, f.lower, f.upper, f.chosen) == KV_OK);
        for (int up = 0; up < 2; up++) {
            kv_branch branch = {2, group, up ? 'G' : 'L', up};
            closed[up] += check(&f, level, &branch, up ? 0 : -1, i);
            right[up] += least(&f, &branch) >= level;
        }
        teardown(&f);
    }
    for (int up = 0; up < 2; up++)
        cr_assert(closed[up] >= 0.7 * right[up] && right[up] > 40, "%d of %d", closed[up],
                  right[up]);
}

/* What was asked about before says nothing of what is asked about now. */
Test(screen, questions_do_not_mix)
{
    kv_random random;
    kv_random_seed(&random, 9);
    for (int i = 0; i < CASES / 4; i++) {
        fixture f;
        int j = 2, before, now;
        double *rate = NULL;
        kv_branch branch = {1, &j, 'G', 1};
        setup(&f, &random);
        cr_assert(kv_screen_begin(f.screen, &f.terms, 60, 85) == KV_OK);
        cr_assert(kv_screen_set(f.screen, f.lower, f.upper, f.chosen) == KV_OK);
        before = check(&f, 85, NULL, -1, i);
        check(&f, 85, &branch, -1, i);
        unsigned char other = !f.chosen[0], was = f.chosen[0];
        cr_assert(kv_screen_set(f.screen, f.upper, f.upper, &other) == KV_OK);
        cr_assert(kv_screen_ask(f.screen, NULL, -1, &now, &rate) == KV_OK);
        kv_free(rate);
        cr_assert(kv_screen_set(f.screen, f.lower, f.upper, &was) == KV_OK);
        cr_assert_eq(check(&f, 85, NULL, -1, i), before);
        teardown(&f);
    }
}
