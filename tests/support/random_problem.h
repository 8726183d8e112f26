/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random design problems with every kind of row, larger and less regular than tiny_random, and
 * their LP by the rows and columns of formulations/model. */
#ifndef KV_TESTS_SUPPORT_RANDOM_PROBLEM_H
#define KV_TESTS_SUPPORT_RANDOM_PROBLEM_H

#include "base/random.h"
#include "formulations/model.h"
#include "solver/lp/lp.h"

/* What a random problem may have; zero = none of it, so start from random_problem_all. */
typedef struct random_kinds {
    int most_blocks, most_commodities, most_resources; /* at least one block and commodity */
    int empties;                                       /* a commodity without balance rows */
    int openings;
    int local_rows;    /* coupling rows within a block, <= and = */
    int spanning_rows; /* coupling rows over several blocks, <= and =, with designs */
    int side_rows;     /* budget, requires, stock balance (=), a dropped row */
    int continuous;    /* continuous and general integer designs, lower bounds above 0 */
    double scale;      /* costs and amounts are spread over this factor; 1 = alike */
} random_kinds;

random_kinds random_problem_all(void);

/* Every demand can be served over dear arcs that need nothing, and the side rows can be met unless
 * lower bounds forbid it. Aborts the test when out of memory. */
kv_problem *random_problem(kv_random *random, const random_kinds *kinds);

/* The LP relaxation from kv_model_create; lower, upper [n_design] may be NULL. With `open` = 0 the
 * opening rows are left out, except those of sets that can hold nothing within the boxes. */
kv_lp *random_problem_lp(const kv_problem *problem, kv_strength strength, const double *lower,
                         const double *upper, int open);

#endif
