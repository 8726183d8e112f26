/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A written plan against its case: objective and every row, recomputed from the case's tables and
 * the plan's tables (investments, fleet, flows, budgets) alone.
 */
#ifndef ORACLE_EVALUATE_H
#define ORACLE_EVALUATE_H

#include "instances/case.h"

typedef enum oracle_check {
    ORACLE_READING,  /* rows of the plan's tables that mean nothing in the case: their number */
    ORACLE_BALANCE,  /* in whole units of the flow grid */
    ORACLE_CAPACITY, /* links and terminals; from here on relative to max(1, size of the row) */
    ORACLE_FLEET,
    ORACLE_ENERGY,
    ORACLE_CARBON,
    ORACLE_OPENING,  /* flow on ways that no project opens, relative to the commodity's sinks */
    ORACLE_BOUNDS,   /* offers, unserved, unsold, purchases */
    ORACLE_COUPLING, /* plants, shares, vehicles' balance */
    ORACLE_STOCK,    /* vehicles held against vehicles bought */
    ORACLE_RULES,    /* units and rules, absolute */
    ORACLE_BUDGETS,  /* and the lines of budgets.csv against each other */
    ORACLE_CHECKS
} oracle_check;

typedef struct oracle_evaluation {
    double objective; /* MEUR, without the constant */
    double constant;  /* MEUR */
    double violation[ORACLE_CHECKS];
    char where[ORACLE_CHECKS][160]; /* where the largest violation is */
} oracle_evaluation;

/* `scenario`: a row of scenarios planned alone, or -1 for all; reference as in enumerate.h.
 * 0, or -1 when the plan's tables can't be read. */
int oracle_evaluate(const kv_case *the_case, int scenario, const double *reference,
                    const char *folder, oracle_evaluation *evaluation);

const char *oracle_check_name(int check);

#endif
