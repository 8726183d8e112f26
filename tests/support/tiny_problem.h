/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small design problems made by hand or at random, and their optimum by enumeration. */
#ifndef KV_TESTS_SUPPORT_TINY_PROBLEM_H
#define KV_TESTS_SUPPORT_TINY_PROBLEM_H

#include "base/random.h"
#include "formulations/problem.h"
#include "solver/lp/lp.h"

/* Every commodity can use every arc and has a balance row at every node, except the last n_free
 * commodities, which have none. Flow (k, a) is column k * n_arcs + a, balance (k, v) is row
 * k * n_nodes + v. All numbers are 0 at first, except: weights 1, bases unlimited, y in 0..1 and
 * integer, grid 1. Aborts the test when out of memory. */
kv_problem *tiny_problem(int n_nodes, int n_arcs, const int *tail, const int *head,
                         int n_commodities, int n_free, int n_blocks, int n_resources,
                         int n_design);

/* The column of flow (commodity, arc) in a block, and the row of a balance, as array indices. */
size_t tiny_flow(const kv_problem *problem, int block, int commodity, int arc);
size_t tiny_balance(const kv_problem *problem, int block, int commodity, int node);

/* A flow uses u of a resource in all blocks. Each pair at most once. */
void tiny_use(kv_problem *problem, int commodity, int arc, int resource, double u);
void tiny_supply(kv_problem *problem, int block, int resource, int design, double s);
/* Opening set over n designs with coefficient 1; to be added in order of block, arc. */
void tiny_opening(kv_problem *problem, int block, int arc, int n, const int *design);

/* Designs first .. first + n - 1 are a group of which at most one is meant to be built; no others are. The row
 * that says so is not added. */
void tiny_group(kv_problem *problem, int first, int n);

/* An empty row; the entries go to the last row added. */
void tiny_row(kv_rows *rows, char sense, double rhs, int dropped);
void tiny_row_design(kv_rows *rows, int design, double value);
void tiny_row_flow(kv_rows *rows, int block, int flow, double value);

/* Random network with a dear way round for each demand, resources with a base and a supply,
 * openings, coupling and side rows, two blocks at times; some y with larger boxes or continuous. */
kv_problem *tiny_random(kv_random *random);

/* The LP of the strong form, columns y then x (b * n_flows + f); rows in this order. */
typedef struct tiny_rows {
    int balance, resource, coupling, side, opening; /* first row of each kind */
    int n_opening, *of, *flow;                      /* opening and flow of each opening row */
} tiny_rows;
kv_lp *tiny_lp(const kv_problem *problem, const double *lower, const double *upper,
               int relax_dropped, tiny_rows *rows); /* rows may be NULL; else kv_free of and flow */

/* The least objective over all integer y, by an LP each; 1e30 if there is none. design
 * [n_design], flow [n_blocks * n_flows] may be NULL. lower, upper may be NULL. */
double tiny_optimum(const kv_problem *problem, const double *lower, const double *upper,
                    int relax_dropped, double *design, double *flow);

#endif
