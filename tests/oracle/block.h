/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The linear programme of one scenario and period when it is given which projects serve: a
 * node-arc form with all nodes, products and open arcs, straight from the tables. Objective in MEUR
 * with true prices; the constant of the reference prices is apart.
 */
#ifndef ORACLE_BLOCK_H
#define ORACLE_BLOCK_H

#include "oracle/demand.h"
#include "oracle/network.h"
#include "oracle/simplex.h"

typedef struct oracle_block {
    const kv_case *view;
    int scenario, period; /* rows */
    oracle_network network;
    oracle_demand demand;
    double weight;   /* MEUR per EUR/yr: probability x discounted years x 1e-6 */
    double constant; /* MEUR, to be taken from the objective */
} oracle_block;

void oracle_block_open(oracle_block *block, const kv_case *view, int scenario, int period,
                       double probability);
void oracle_block_close(oracle_block *block);

/* Where else the columns of the block count; a row of -1 = nowhere. */
typedef struct oracle_terms {
    double objective; /* factor on the objective */
    int cost_row;     /* gets the cost times cost_factor */
    double cost_factor;
    int carbon_row; /* gets t CO2 a year times the years of the period */
} oracle_terms;

/*
 * Add the block's columns and rows to `lp`; served[projects] units. fleet_row[technologies] (may be
 * NULL) gets the row in which an owned technology's vehicle-km are at most what fleet projects give,
 * -1 for hired ones; the caller adds the stock with coefficient -km_per_year.
 */
void oracle_block_add(const oracle_block *block, const double *served, const oracle_terms *terms,
                      oracle_lp *lp, int *fleet_row);

#endif
