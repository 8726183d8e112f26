/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Cases small enough to be solved by hand. Unless a test gives tables of its own:
 *   one period, the single year 2026; no discounting; no residual value; unserved 1000 EUR/t; grid
 *   0.001 t; scenario "base". So the objective in MEUR is 1e-6 of a year's cost in EUR.
 *   places a, b, c a few km apart, country SE; products ore (plain) and acid (dangerous);
 *   link ab, road a - b, 100 km;
 *   truck: road, payload 10 t, 50 km/h, 1 EUR/km: 10 EUR/t and 2 h over ab;
 *   carrier diesel at 0.2 EUR/kWh and 0.25 kg CO2/kWh, electricity at 0.1 EUR/kWh and none.
 */
#ifndef KV_TESTS_SUPPORT_SMALL_CASE_H
#define KV_TESTS_SUPPORT_SMALL_CASE_H

#include "support/solve_model.h"

typedef struct small_case {
    kv_case *the_case;
    kv_problem *problem;
    kv_map *map;
    test_optimum weak, strong; /* equal objectives have been asserted */
} small_case;

/* Reads a case of the default tables and the given ones: pairs of a file name ("links.csv") and its
 * text, ended by NULL. A file given replaces the default. Aborts the test on faults. */
kv_case *small_case_read(const char *const *tables);

/* Reads, builds (scenario: row or -1), checks and solves it in both forms. */
small_case small_case_solve(const char *const *tables);
small_case small_case_solve_scenario(const char *const *tables, int scenario,
                                     const double *reference);
void small_case_clear(small_case *small);

/* Asserts the objective without the constant, to 1e-9. */
void small_case_expect(const small_case *small, double objective, const char *what);
/* The flow on an arc in the only block, and the value of a design variable, of the strong form. */
double small_case_flow(const small_case *small, const char *arc, const char *commodity);
double small_case_design(const small_case *small, const char *name);
/* The optimum of doing nothing. */
double small_case_nothing(const small_case *small);

#endif
