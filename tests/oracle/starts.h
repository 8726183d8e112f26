/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Scenarios that are planned for, and the starts of projects: when they may begin, what they cost,
 * whom they serve, and which choices of them obey rules and budgets (docs/mathematics.md,
 * section 5). Money in MEUR.
 */
#ifndef ORACLE_STARTS_H
#define ORACLE_STARTS_H

#include "instances/case.h"

typedef struct oracle_world {
    const kv_case *the_case;
    int n_scenarios, n_periods;
    int *scenario;       /* [n_scenarios] rows of the case's scenarios */
    double *probability; /* [n_scenarios] 1 if one alone */
    kv_case **view;      /* [n_scenarios] */
} oracle_world;

/* One scenario (a row of scenarios) alone, or all (-1). 0, or -1 when a view can't be made. */
int oracle_world_open(oracle_world *world, const kv_case *the_case, int scenario);
void oracle_world_close(oracle_world *world);

/* 1 = what is decided at the beginning of the period is the same in all scenarios. */
int oracle_is_common(const oracle_world *world, int period);

typedef struct oracle_start {
    int project, period;
    int scenario; /* index in the world; -1 = common */
} oracle_start;

typedef struct oracle_starts {
    oracle_start *start;
    int count;
} oracle_starts;

void oracle_starts_list(const oracle_world *world, oracle_starts *starts);
void oracle_starts_free(oracle_starts *starts);

/* First year of service of a start. */
double oracle_service_year(const kv_case *view, int project, int period);
/* 1 = the project may start then at all. */
int oracle_start_exists(const kv_case *view, int project, int period);
int oracle_start_serves(const kv_case *view, int project, int start_period, int period);
/* Present value charged to the objective, a unit. */
double oracle_start_cost(const kv_case *view, int project, int period);
/* Construction money spent in a period, a unit. */
double oracle_start_spending(const kv_case *view, int project, int start_period, int period);

/* 1 = the start is one of those that scenario k of the world sees. */
int oracle_start_seen(const oracle_start *start, int k);

/* served[project] = units that serve scenario k in the period; room for all projects. */
void oracle_serving(const oracle_world *world, const oracle_starts *starts, const double *units,
                    int k, int period, double *served);

/* Objective of the starts: common ones once, copies times probability. */
double oracle_starts_cost(const oracle_world *world, const oracle_starts *starts,
                          const double *units);
/* The same of one scenario as it sees it: all its starts at full weight. */
double oracle_starts_cost_seen(const oracle_world *world, const oracle_starts *starts,
                               const double *units, int k);

/* The largest violation of units, size_of and rules (0 = all met); `nothing` leaves out mandatory
 * and jointly. */
double oracle_rules_broken(const oracle_world *world, const oracle_starts *starts,
                           const double *units, int nothing);
/* The largest overspending of any funder, scenario and period, relative to max(1, budget). */
double oracle_budgets_broken(const oracle_world *world, const oracle_starts *starts,
                             const double *units);
/* What a funder pays in a period of scenario k. */
double oracle_funder_spends(const oracle_world *world, const oracle_starts *starts,
                            const double *units, int k, int funder, int period);
/* A funder's budget in scenario k and period, and the share of the rest that goes on. */
double oracle_budget_of(const oracle_world *world, int k, int funder, int period, double *carry);

#endif
