/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The state of a path LP. Private to routing*.c. */
#ifndef KV_SOLVER_PATHS_ROUTING_PARTS_H
#define KV_SOLVER_PATHS_ROUTING_PARTS_H

#include "solver/paths/routing.h"

/*
 * Slots hold the basic paths: slot i < n_demands the key path of demand i, slot n_demands + q the path
 * of column q of the reduced basis. With A(g, p) the use of group g by path p, its matrix is
 * W_rq = A(g_r, path q) - A(g_r, key of its demand), over the full groups g_r, r = 0 .. size - 1.
 */
struct kv_routing {
    const kv_shape *shape;
    int block, first, n_demands; /* demands first .. first + n_demands - 1 of the shape */
    int n_groups, n_arcs, stride;

    double *cost;          /* [n_arcs] in force */
    double *capacity;      /* [n_groups] of the last level that was open; unlimited = HUGE_VAL */
    unsigned char *open;   /* [n_groups] */
    double big, tolerance; /* price of what must not be; reduced costs that count */
    double penalty;        /* of a path on closed arcs, up to big */
    double usual;          /* cost a unit of the last solve */
    int live_is_old;       /* 1 = the lists of open arcs are to be made anew */
    int *live_first;       /* [n_nodes + 1] open arcs that leave a node: */
    int *live_arc;         /* [n_arcs] */

    int *length;       /* [slots] arcs of a path */
    int *arcs;         /* [slots * stride] */
    double *path_cost; /* [slots] with the price of closed arcs and exceeded groups */
    double *amount;    /* [slots] */

    int size, room;          /* of the reduced basis */
    int *column_demand;      /* [room] */
    int *row_group;          /* [room] */
    int *row_of;             /* [n_groups] row of a full group, -1 = its slack is basic */
    double *inverse;         /* [room * room] W^-1, [r * room + q] */
    double *load, *price;    /* [n_groups] */
    int n_exceeded;          /* groups with more load than capacity */
    unsigned char *exceeded; /* [n_groups] */
    int updates;             /* of the inverse since it was last made anew */

    /* room for pricing */
    double *distance; /* [n_nodes] */
    int *pred;        /* [n_nodes] arc on the way, -1 = none */
    int *frontier;    /* [n_nodes] */
    int *candidate;   /* [stride] a path */

    /* room for pivots */
    double *column;   /* [room] W^-1 times the entering column */
    double *row;      /* [room] */
    double *key_rate; /* [n_demands] */
    int *touched_demand, n_touched_demands;
    double *load_rate; /* [n_groups] */
    int *touched_group, n_touched_groups;
    unsigned char *is_touched_demand; /* [n_demands] */
    unsigned char *is_touched_group;  /* [n_groups] */
    double *work_matrix;              /* [room * room] */

    double work;
};

typedef struct kv_routing_entry { /* what enters the basis */
    int demand;                   /* of the block, or -1: the slack of `row` */
    int row;
    int length;
    const int *arcs; /* of a path */
    double cost;     /* of a path */
} kv_routing_entry;

/* ---- routing_basis.c ---- */

/* Room for a reduced basis of `size`. KV_OK or KV_ERR_MEMORY (nothing changed). */
kv_status kv_routing_reserve(kv_routing *routing, int size);
/* The inverse, amounts and loads from the basic paths. 0, or -1 when the basis is singular. */
int kv_routing_refactor(kv_routing *routing);
/* Nothing routed, all slacks basic. */
void kv_routing_reset(kv_routing *routing);
/* W^-1 times routing->row [size] into routing->column. */
void kv_routing_transform(kv_routing *routing);
/* The path of column q becomes the key of its demand. */
void kv_routing_swap_key(kv_routing *routing, int q);
/* Column q is replaced by the one whose transform is in routing->column. */
void kv_routing_replace_column(kv_routing *routing, int q);
/* A new last column (transform in routing->column, its entry in the row: corner) and a new row [size] in
 * routing->row. KV_OK or KV_ERR_MEMORY. */
kv_status kv_routing_border(kv_routing *routing, double corner);
/* Row r is replaced by the row in routing->row. */
void kv_routing_replace_row(kv_routing *routing, int r);
/* Row r and column q go. */
void kv_routing_remove(kv_routing *routing, int r, int q);
/* Entry of group `group` in column q of W. */
double kv_routing_entry_of(const kv_routing *routing, int group, int q);
/* Use of a group by a path. */
double kv_routing_use(const kv_routing *routing, int group, int length, const int *arcs);

/* ---- routing_pivot.c ---- */

/* Bring something into the basis. KV_OK, KV_ERR_MEMORY, or KV_ERR_NUMERIC where the inverse is too far
 * off to go on (nothing changed). */
kv_status kv_routing_pivot(kv_routing *routing, const kv_routing_entry *entry);

/* ---- routing_price.c ---- */

/* Lists of open arcs. */
void kv_routing_list_live(kv_routing *routing);
/* Distances from a node under the prices, into distance and pred. */
void kv_routing_distances(kv_routing *routing, int origin);
/* The path to a node, into routing->candidate; its length. */
int kv_routing_trace(kv_routing *routing, int origin, int destination);
/* Prices of the full groups from the basic paths' costs. */
void kv_routing_find_prices(kv_routing *routing);
/* Cost and price of a path together. */
double kv_routing_priced(const kv_routing *routing, double cost, int length, const int *arcs);
/* What a path costs at the costs in force, closed arcs and exceeded groups included. */
double kv_routing_cost_of(const kv_routing *routing, int demand, int length, const int *arcs);

#endif
