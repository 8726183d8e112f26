/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a case to its design problem, and back: what each arc and variable stands for. */
#ifndef KV_FORMULATIONS_BUILD_H
#define KV_FORMULATIONS_BUILD_H

#include "formulations/problem.h"
#include "instances/case.h"

typedef enum kv_arc_kind {
    KV_ARC_LINK,      /* technology on a link */
    KV_ARC_RANGE,     /* technology between two charging or filling places */
    KV_ARC_TRANSFER,  /* between modes at a terminal */
    KV_ARC_SOURCE,    /* outside -> door: chosen source */
    KV_ARC_PLANT_OUT, /* outside -> door: output or co-product of a chosen plant */
    KV_ARC_PLANT_IN,  /* door -> outside: input of a chosen plant */
    KV_ARC_MARKET,    /* door -> outside: chosen market */
    KV_ARC_UNSERVED,  /* outside -> door */
    KV_ARC_UNSOLD     /* door -> outside */
} kv_arc_kind;

typedef struct kv_arc_info {
    int kind;           /* kv_arc_kind */
    int link, backward; /* LINK: the link, 1 = against its from -> to */
    int technology;     /* LINK, RANGE */
    int transfer;       /* TRANSFER: row of transfers */
    int place,
        to_place; /* places of tail and head (the same for TRANSFER; the door for outside arcs) */
    int site;     /* SOURCE, PLANT_*, MARKET: a row of sites with that site and product */
    int improved_by;            /* project of a parallel arc, or -1 */
    int dangerous_only;         /* 1 = parallel arc for dangerous products */
    int path_first, path_count; /* RANGE: links ridden, in kv_map.path_links */
    double length_km;           /* true length of the links */
} kv_arc_info;

typedef enum kv_commodity_kind {
    KV_COMMODITY_PRODUCT,
    KV_COMMODITY_FREIGHT,
    KV_COMMODITY_EMPTY
} kv_commodity_kind;
typedef struct kv_commodity_info {
    int kind, product, origin, technology;
} kv_commodity_info;

typedef enum kv_resource_kind {
    KV_RESOURCE_LINK,
    KV_RESOURCE_TERMINAL,
    KV_RESOURCE_FLEET,
    KV_RESOURCE_ENERGY,
    KV_RESOURCE_CARBON
} kv_resource_kind;
typedef struct kv_resource_info {
    int kind, link, backward, terminal, technology, place, carrier;
} kv_resource_info;
/* LINK: backward -1 = both directions together, 0 forward, 1 backward */

typedef enum kv_design_kind {
    KV_DESIGN_START,
    KV_DESIGN_PURCHASE,
    KV_DESIGN_STOCK,
    KV_DESIGN_CARRY,
    KV_DESIGN_RISK
} kv_design_kind;
typedef struct kv_design_info {
    int kind, project, technology, funder;
    int period;          /* start of construction, purchase, stock or carry-over */
    int scenario;        /* -1 = common to all scenarios, else the index in kv_map.scenario */
    double cost_meur;    /* START: undiscounted construction cost a unit; PURCHASE: price a vehicle;
                          * of a common variable the mean over the scenarios */
    double service_year; /* START: first year of service */
} kv_design_info;

typedef struct kv_block_info {
    int scenario, period;
} kv_block_info; /* rows of the case's tables */

typedef struct kv_map {
    kv_arc_info *arc;             /* [n_arcs] */
    kv_commodity_info *commodity; /* [n_commodities] */
    kv_resource_info *resource;   /* [n_resources] */
    kv_design_info *design;       /* [n_design] */
    kv_block_info *block;         /* [n_blocks], ordered by scenario, then period */
    int *path_links;              /* links ridden by range arcs */
    int *node_place, *node_mode;  /* [n_nodes]; -1 for outside */
    const char **node_standard;   /* [n_nodes]; NULL = none; texts of the case */
    /* Prices of flows on arcs from and to outside (sources, plants, markets, unserved, unsold). */
    int n_prices, *price_of_flow; /* [n_flows] column of price, or -1 */
    double *price;                /* [n_blocks * n_prices] EUR/t before the reference price */
    double *reference;            /* [n_blocks * n_commodities] reference price, EUR/t */
    int n_scenarios, *scenario;   /* scenarios built, rows of the case's scenarios */
    double *probability;          /* [n_scenarios] probability used (1 if one alone) */
    kv_case **view;               /* [n_scenarios] the case as each sees it; owned */
    double *block_constant;       /* [n_blocks] MEUR left out of the objective, by block; their sum
                                   * is the problem's constant */
} kv_map;

typedef struct kv_build_options {
    int scenario; /* row of scenarios to build alone (probability 1), or -1 = joint */
    const double *regret_reference; /* [scenarios of the case] MEUR, only for risk = regret */
    double budget_factor;           /* multiplies all budgets; 1 as given */
} kv_build_options;

/*
 * Build the design problem of a checked case as docs/mathematics.md says. `*problem` and `*map`
 * are freed by the caller with kv_problem_free and kv_map_free; the case must outlive the map.
 * NULL options: joint, budgets as given. KV_OK, KV_ERR_MEMORY, KV_ERR_ARGUMENT (no such scenario, no
 * regret reference), or KV_ERR_INPUT with messages (things that only show here: a base load over a
 * capacity is a warning).
 */
kv_status kv_build(const kv_case *the_case, const kv_build_options *options, kv_problem **problem,
                   kv_map **map, kv_messages *messages);
void kv_map_free(kv_map *map);

/* Where a flow's unit cost comes from, EUR/t; the sum of the parts is the problem's flow_cost. */
typedef struct kv_flow_detail {
    double vehicle; /* distance cost, hired vehicles, t-km charges */
    double energy, carbon, time, toll_and_ice, transfer;
    double price;      /* purchase, revenue or penalty, less the reference price */
    double reference;  /* the reference price taken out: +ref on outside -> door, -ref back */
    double hours;      /* h */
    double km;         /* t-km per t: true length */
    double vehicle_km; /* per t */
    double energy_kwh; /* per t */
    double co2_kg;     /* per t */
} kv_flow_detail;
void kv_flow_explain(const kv_problem *problem, const kv_map *map, int block, int flow,
                     kv_flow_detail *detail);

#endif
