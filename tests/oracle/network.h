/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All that can be moved on in one scenario and period, straight from the tables: nodes, arcs with
 * the projects that open them, and what a ton or an empty vehicle costs and uses on them
 * (docs/mathematics.md, section 2). Nothing is left out because it would not pay.
 */
#ifndef ORACLE_NETWORK_H
#define ORACLE_NETWORK_H

#include "instances/case.h"

enum { ORACLE_PATH = 64, ORACLE_SETS = 6, ORACLE_SET_SIZE = 32 };

typedef struct oracle_node {
    int place, mode;
    const char *standard; /* NULL = none */
} oracle_node;

typedef enum oracle_arc_kind { ORACLE_LINK, ORACLE_RANGE, ORACLE_TRANSFER } oracle_arc_kind;

typedef struct oracle_set { /* any one of these projects opens */
    int count;
    int project[ORACLE_SET_SIZE];
} oracle_set;

typedef struct oracle_arc {
    int kind, tail, head;
    int technology, mode;                                  /* -1 for a transfer */
    int n_links, link[ORACLE_PATH], backward[ORACLE_PATH]; /* in order of travel */
    int transfer, reversed;                                /* row of transfers; -1 */
    int improved_by;                                       /* project, or -1 */
    int dangerous_only, no_dangerous;
    double factor, more_hours; /* of the improvement, else 1 and 0 */
    int n_sets;
    oracle_set set[ORACLE_SETS]; /* all are needed */
} oracle_arc;

typedef struct oracle_network {
    const kv_case *view;
    int scenario, period; /* rows */
    oracle_node *node;    /* the doors first: node p is the door of place p */
    int n_nodes;
    oracle_arc *arc;
    int n_arcs;
    size_t node_room, arc_room;
} oracle_network;

void oracle_network_build(oracle_network *network, const kv_case *view, int scenario, int period);
void oracle_network_free(oracle_network *network);
/* -1 when there is none. */
int oracle_network_node(const oracle_network *network, int place, int mode, const char *standard);

/* 1 = all opening sets of the arc hold a served project. */
int oracle_arc_open(const oracle_arc *arc, const double *served);
/* 1 = the product may use the arc. */
int oracle_arc_allows(const oracle_network *network, const oracle_arc *arc, int product);

/* Of one t of the product, or of one empty vehicle (product -1). */
typedef struct oracle_use {
    double cost;    /* EUR */
    double true_km; /* t-km by the true length of the links */
    double vehicle_km, energy_mwh, co2_t;
} oracle_use;
oracle_use oracle_arc_use(const oracle_network *network, const oracle_arc *arc, int product);

/* 1 = a range technology takes this carrier at a place whose use is limited: *base in MWh. */
int oracle_energy_limited(const kv_case *view, int place, int carrier, double *base);
/* Room left on a link or terminal without projects; INFINITY = no limit. */
double oracle_link_room(const kv_case *view, int period, int link);
double oracle_terminal_room(const kv_case *view, int period, int terminal);

#endif
