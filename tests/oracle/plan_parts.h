/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the evaluation of a plan share. */
#ifndef ORACLE_PLAN_PARTS_H
#define ORACLE_PLAN_PARTS_H

#include "oracle/evaluate.h"
#include "oracle/pieces.h"
#include "oracle/table_file.h"

#include <stdint.h>

typedef struct oracle_plan {
    oracle_world world;
    oracle_starts starts;
    oracle_pieces pieces;
    double *units;     /* [starts] */
    double *served;    /* [blocks * projects] */
    double *stock;     /* [blocks * technologies] as written */
    double *purchases; /* [blocks * technologies] */
    double *cost;      /* [n_scenarios] MEUR at full probability */
    double *co2;       /* [n_scenarios] t over all years */
    oracle_evaluation *result;
} oracle_plan;

/* Note a violation; the largest of each kind stays. */
void oracle_note(oracle_plan *plan, int check, double violation, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Index of the scenario in the world, or -1; of the period, or -1. */
int oracle_plan_scenario(const oracle_plan *plan, const char *name);
int oracle_plan_period(const oracle_plan *plan, const char *name);

/* investments.csv, fleet.csv, budgets.csv: decisions, their cost and rows. */
int oracle_plan_decisions(oracle_plan *plan, const char *folder);
/* flows.csv: cost and rows of all blocks. */
int oracle_plan_flows(oracle_plan *plan, const char *folder);

#endif
