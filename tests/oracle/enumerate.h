/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The slow way to the optimum of a tiny case: every combination of starts that obeys rules and
 * budgets, each with linear programmes built from the tables. What does not hang together is solved
 * apart: a scenario and period at a time, a scenario at a time under a cumulative carbon cap, all at
 * once where vehicles are owned.
 */
#ifndef ORACLE_ENUMERATE_H
#define ORACLE_ENUMERATE_H

#include "oracle/starts.h"

typedef struct oracle_optimum {
    int found;         /* 1 = some combination can be done */
    double objective;  /* MEUR, without the constant */
    double constant;   /* MEUR */
    double do_nothing; /* MEUR, without the constant; NaN = can't be done */
    double *units;     /* [starts.count] of the best combination */
    oracle_starts starts;
    long combinations;  /* that obey rules and budgets */
    long programmes;    /* solved */
    double worst_error; /* largest error of a linear programme's solution */
    int failed;         /* 1 = a linear programme could not be solved: nothing else holds */
} oracle_optimum;

/*
 * The optimum in one scenario (a row of scenarios) alone or of all together (-1).
 * reference[scenarios of the case]: each scenario's own optimum, for regret; else NULL.
 * limit: more combinations of starts than this are refused (failed = 1).
 */
void oracle_enumerate(const kv_case *the_case, int scenario, const double *reference, double limit,
                      oracle_optimum *optimum);
void oracle_optimum_free(oracle_optimum *optimum);

/* Combinations of starts, before rules and budgets. */
double oracle_count_combinations(const oracle_world *world, const oracle_starts *starts);

/* Best starts as text, for messages; caller frees with kv_free. */
char *oracle_optimum_text(const kv_case *the_case, const oracle_optimum *optimum);

#endif
