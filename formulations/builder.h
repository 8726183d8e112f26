/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of this folder share while a case is turned into its design problem. Private.
 *
 * Ownership: the problem and the map own what is finished from the moment it is put there (their
 * free functions cope with half-built ones); everything else belongs to the builder and goes with
 * kv_builder_clear. Lists start zeroed except for `size`.
 *
 * Order of work: that of the steps in build.c. Topology (places, links, openness,
 * lengths, roles of sites, recipes) is the same in all scenarios; numbers come from their views.
 */
#ifndef KV_FORMULATIONS_BUILDER_H
#define KV_FORMULATIONS_BUILDER_H

#include "formulations/build.h"

#include <stdint.h>

#define KV_UNLIMITED 1e30

typedef struct kv_list { /* growing array of items of one size */
    void *items;
    size_t size, capacity;
    int count;
} kv_list;

/* A new zeroed item at the end; NULL when out of memory. Pointers to items are then stale. */
void *kv_list_push(kv_list *list);
/* Gives the array up to the caller (freeable, never NULL) and empties the list; NULL when out of
 * memory, the list is then unchanged. */
void *kv_list_take(kv_list *list);
void kv_list_clear(kv_list *list);

/* count_a * count_b items of `size` bytes, zeroed; NULL when out of memory or on overflow. */
void *kv_alloc_grid(size_t count_a, size_t count_b, size_t size);

typedef struct kv_ends { /* of an arc, beside its kv_arc_info */
    int tail, head;
    int mode;                   /* kv_mode; -1 for transfers and arcs of outside */
    int handling;               /* kv_handling of a transfer, else KV_HANDLING_ANY */
    int dangerous;              /* 1 = dangerous products may use it */
    int need_first, need_count; /* in needs */
} kv_ends;

typedef struct
    kv_requirement {     /* an opening set of an arc: any start in service of these projects */
    int effect;          /* kv_effect_kind */
    int target, carrier; /* link, terminal or place; carrier for energy_point */
    int project;         /* IMPROVE_*: this one only; else -1 */
} kv_requirement;

typedef struct kv_stop {
    int good, place;
} kv_stop; /* planned supply or demand of a good */

typedef struct kv_station { /* a chosen source, market or plant: rows of sites with the same key */
    const char *site;
    int product, role, place;
    int row;                    /* first of its rows */
    int gate_first, gate_count; /* the first gate is that of its product */
} kv_station;

typedef struct kv_gate { /* an arc between outside and a door, for one product */
    int station, product;
    int kind;        /* KV_ARC_SOURCE, _PLANT_OUT, _PLANT_IN, _MARKET */
    int recipe_role; /* -1 = the station's own product */
    int arc;
} kv_gate;

typedef struct kv_arc_use {
    int arc, resource;
} kv_arc_use;

typedef struct kv_rates { /* of one technology on one arc in one block */
    kv_technology numbers;
    double annuity;                           /* share of the price a year */
    double price_eur_per_kwh, co2_kg_per_kwh; /* mean of the end places */
    double carbon_price_eur_per_t;
} kv_rates;

typedef struct kv_box { /* of a design variable */
    double lower, upper, do_nothing;
    unsigned char integer;
} kv_box;

typedef struct kv_builder {
    const kv_case *given;
    const kv_build_options *options;
    kv_problem *problem;
    kv_map *map;
    kv_messages *messages;
    int n_periods, n_blocks, n_places, n_products, n_technologies;
    int outside; /* node */
    double
        *block_money; /* [n_blocks] MEUR per EUR/yr of the scenario itself, without probability */

    /* rates */
    kv_technology *technology;         /* [n_blocks * n_technologies] numbers in force */
    double *energy_price, *energy_co2; /* [n_blocks * n_carriers * n_places] */
    double *carbon_price;              /* [n_blocks] EUR/t */
    double *carbon_cap;                /* [n_blocks] t/yr, KV_UNLIMITED = none */

    /* network */
    kv_list node;       /* kv_node, see network.c */
    int *node_of_place; /* [n_places] last node of the place, chained by kv_node.next */
    kv_list arc_info, ends, need, path_link; /* kv_arc_info, kv_ends, kv_requirement, int */

    /* demand */
    kv_list good;           /* kv_commodity_info: products in table order, then freight */
    kv_list stop;           /* kv_stop, sorted */
    int *stop_first;        /* [goods + 1] */
    double *stop_amount;    /* [n_blocks * stops] t/yr, + supply, on the grid */
    double *stop_price;     /* [n_blocks * stops] EUR/t unserved */
    kv_list station, gate;  /* kv_station, kv_gate */
    int *station_row;       /* [n_blocks * stations] row of sites in force, -1 = none */
    double *gate_upper;     /* [n_blocks * gates] t/yr */
    double *gate_price;     /* [n_blocks * gates] EUR/t, what the arc costs before the reference */
    double *gate_ratio;     /* [n_blocks * gates] t per t of the station's product */
    double *planned_supply; /* [n_blocks * n_products] t/yr */
    double *reference;      /* [n_blocks * n_products] EUR/t */
    int *unserved_arc, *unsold_arc; /* [n_places], -1 = none */

    /* investments */
    kv_list design, design_cost; /* kv_design_info; double [n_scenarios] a variable */
    kv_list design_box;          /* kv_box */
    int n_starts;                /* the first variables */
    int *start_first;            /* [projects + 1] */
    unsigned char *serves;       /* [n_starts * n_blocks] */
    unsigned char *start_in;     /* [n_starts * n_scenarios] 1 = is a start of the scenario */
    int *purchase, *stock;       /* [n_technologies * n_scenarios * n_periods] variable, -1 */
    int *carry;                  /* [funders * n_scenarios * n_periods] variable, -1 */
    int budgets_differ;          /* 1 = budget rows for each scenario, 0 = one set */

    /* flows */
    unsigned char *arc_closed; /* [n_blocks * n_arcs] an opening set is empty */
    int *good_of_commodity;    /* [n_commodities]; empties: -1 */
    int risk_first;            /* first risk variable: eta, then xi by scenario */
    double *total_sinks;       /* [n_blocks * n_commodities] rule (a), t/yr or vehicles/yr */
    kv_list arc_use;           /* kv_arc_use, sorted by arc */
    int *arc_use_first;        /* [n_arcs + 1] */
    double *arc_use_loaded, *arc_use_empty;        /* [n_blocks * uses] */
    kv_flow_detail *arc_detail, *arc_detail_empty; /* [n_blocks * n_arcs] */
} kv_builder;

/* rows.c: a kv_rows that grows. Entries are added to the newest row; zero values are left out. */
typedef struct kv_row_writer {
    kv_list name, sense, rhs, dropped;          /* char *, char, double, unsigned char */
    kv_list design_first, design, design_value; /* int, int, double */
    kv_list flow_first, flow_block, flow, flow_value;
    int failed; /* out of memory at some point */
} kv_row_writer;
void kv_row_writer_init(kv_row_writer *writer);
void kv_row_writer_clear(kv_row_writer *writer);
void kv_row_begin(kv_row_writer *writer, char sense, double rhs, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void kv_row_design(kv_row_writer *writer, int design, double value);
void kv_row_flow(kv_row_writer *writer, int block, int flow, double value);
/* Marks the newest row as left out when doing nothing. */
void kv_row_dropped(kv_row_writer *writer);
/* Takes the newest row back when it has no entries. */
void kv_row_drop_empty(kv_row_writer *writer);
/* Moves all into `rows` (which must be empty). KV_OK or KV_ERR_MEMORY. */
kv_status kv_row_writer_finish(kv_row_writer *writer, kv_rows *rows);

/* Each step returns KV_OK or an error; a step may use what the steps before it made. */
kv_status kv_build_blocks(kv_builder *builder); /* blocks.c */
kv_status kv_build_rates(kv_builder *builder);
kv_status kv_build_network(kv_builder *builder);        /* network.c */
kv_status kv_build_range_arcs(kv_builder *builder);     /* range.c, called by the network */
kv_status kv_build_demand(kv_builder *builder);         /* demand.c */
kv_status kv_build_stations(kv_builder *builder);       /* sites.c */
kv_status kv_build_starts(kv_builder *builder);         /* starts.c */
kv_status kv_build_openings(kv_builder *builder);       /* openings.c */
kv_status kv_build_reach(kv_builder *builder);          /* reach.c */
kv_status kv_build_balances(kv_builder *builder);       /* balances.c */
kv_status kv_build_costs(kv_builder *builder);          /* costs.c */
kv_status kv_build_totals(kv_builder *builder);         /* bounds.c */
kv_status kv_build_fleets(kv_builder *builder);         /* vehicles.c */
kv_status kv_build_carries(kv_builder *builder);        /* budgets.c */
kv_status kv_build_resources(kv_builder *builder);      /* resources.c */
kv_status kv_build_supplies(kv_builder *builder);       /* supplies.c */
kv_status kv_build_bounds(kv_builder *builder);         /* bounds.c */
kv_status kv_build_rows(kv_builder *builder);           /* build.c */
kv_status kv_build_risk_variables(kv_builder *builder); /* risk.c */
kv_status kv_build_designs(kv_builder *builder);        /* designs.c */
kv_status kv_build_risk(kv_builder *builder, kv_row_writer *coupling); /* risk.c */
kv_status kv_build_names(kv_builder *builder);                         /* names.c */

/* network.c */
typedef struct kv_node {
    int place, mode;
    const char *standard;
    int next;
} kv_node;
/* The node, made when new; -1 when out of memory. */
int kv_builder_node(kv_builder *builder, int place, int mode, const char *standard);
/* A new arc; the info is copied. -1 when out of memory. Needs pushed after it belong to it. */
int kv_builder_arc(kv_builder *builder, const kv_arc_info *info, const kv_ends *ends);
/* Adds an opening set to the newest arc; 0, or -1 when out of memory. */
int kv_builder_need(kv_builder *builder, int effect, int target, int carrier, int project);
/* 1 when some project has the effect on the target (project >= 0: that one). */
int kv_builder_has_effect(const kv_case *the_case, const kv_requirement *need);
/* 1 when the effect row is one that the need asks for. */
int kv_need_matches(const kv_requirement *need, const kv_effect *effect);
/* 1 when the product may use the arc. */
int kv_product_may_use(const kv_product *product, const kv_arc_info *info, const kv_ends *ends);
/* 1 for arcs that are not arcs of outside. */
int kv_arc_is_physical(const kv_arc_info *info);

/* sites.c: the recipe factor in t a t of output; a message and NaN when t_per_gwh is missing. */
double kv_recipe_ratio(kv_builder *builder, const kv_case *view, const kv_site *site,
                       const kv_recipe *recipe);

/* costs.c */
void kv_arc_detail(const kv_case *view, const kv_map *map, const kv_arc_info *info,
                   const kv_rates *rates, int empty, kv_flow_detail *detail);
double kv_flow_detail_total(const kv_flow_detail *detail);
double kv_annuity(double rate, double life_years);

/* starts.c */
/* A new design variable with one cost a scenario (copied); its number, -1 when out of memory. */
int kv_builder_design(kv_builder *builder, const kv_design_info *info, const kv_box *box,
                      const double *scenario_cost);
/* MEUR of the residual at the horizon, undiscounted cost `cost`, service from `from` for `life`. */
double kv_residual_value(const kv_case *view, double cost, double from, double life);
/* 1 when the design of a period can differ between scenarios. */
int kv_builder_has_copies(const kv_builder *builder, int period);
/* Case row of built scenario s. */
const char *kv_builder_scenario_name(const kv_builder *builder, int s);

/* Side rows by subject, added to the writer. */
void kv_project_rows(kv_builder *builder, kv_row_writer *side); /* projects.c */
void kv_budget_rows(kv_builder *builder, kv_row_writer *side);  /* budgets.c */
void kv_stock_rows(kv_builder *builder, kv_row_writer *side);   /* vehicles.c */
/* Coupling rows but those of risk, added to the writer. */
void kv_coupling_rows(kv_builder *builder, kv_row_writer *coupling); /* coupling.c */

/* reach.c: the flow column of the pair, or -1. */
int kv_flow_find(const kv_problem *problem, int commodity, int arc);

#endif
