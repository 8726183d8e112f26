/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The case as a checker sees it: docs/mathematics.md, sections 1 to 5, in rational numbers. Written
 * from that page; nothing of formulations/ is used. Topology comes from the case as given, numbers
 * from each scenario's view.
 *
 * Units: t/yr (vehicles/yr for empties), EUR/t, MEUR. A slot is a scenario that was built; block
 * b = slot * periods + period. Everything belongs to the arena.
 */
#ifndef KV_REPORTS_CHECKER_WORLD_H
#define KV_REPORTS_CHECKER_WORLD_H

#include "base/intern.h"
#include "base/messages.h"
#include "instances/benchmark/benchmark.h"
#include "instances/case.h"
#include "reports/checker/exact.h"

typedef enum kvc_arc_kind {
    KVC_LINK,
    KVC_RANGE,
    KVC_TRANSFER,
    KVC_SOURCE,
    KVC_PLANT_OUT,
    KVC_PLANT_IN,
    KVC_MARKET,
    KVC_UNSERVED,
    KVC_UNSOLD
} kvc_arc_kind;

typedef struct kvc_node {
    int place, mode;
    const char *standard;
    int next; /* another node of the place, -1 = none */
} kvc_node;

typedef struct kvc_opening { /* an opening set: any start in service of these projects */
    int effect, target, carrier;
    int project;      /* of an improvement: this one only; else -1 */
    int first, count; /* in opener: the projects */
} kvc_opening;

typedef struct kvc_arc {
    int kind, tail, head, mode, handling;
    int dangerous;      /* 1 = dangerous products may use it */
    int dangerous_only; /* 1 = no others may */
    int improved_by, technology, link, backward, transfer;
    int place, to_place;
    int path_first, path_count; /* RANGE: links in order of travel, in path */
    int set_first, set_count;   /* in opening */
    int gate;                   /* of a source, plant or market; else -1 */
    int open;                   /* 1 = in some block no set is empty */
} kvc_arc;

typedef struct kvc_good { /* a commodity with balances, or (origin = -1, product = -1) empties */
    int product, origin, technology;
    int stop_first, stop_count;
    int flow_first, flow_count; /* 0: no commodity of the problem */
    int row_first, row_count;   /* balance rows */
    int number;                 /* of its name among the commodities, -1 = none */
} kvc_good;

typedef struct kvc_stop { /* a place with planned supply or demand of a good in some block */
    int good, place;
} kvc_stop;

typedef struct kvc_station { /* a site whose amount is chosen */
    const char *site;
    int product, role, place, row;
    int gate_first, gate_count;
} kvc_station;

typedef struct kvc_gate { /* an arc between outside and its door */
    int station, product, kind, recipe_role, arc;
    int ordinal; /* which recipe gate of the site for the product it is, from 1 */
} kvc_gate;

typedef struct kvc_flow {
    int arc, good;
    int tail_row, head_row; /* balance rows of all goods counted through; -1 for empties */
} kvc_flow;

typedef enum kvc_design_kind {
    KVC_START,
    KVC_PURCHASE,
    KVC_STOCK,
    KVC_CARRY,
    KVC_RISK
} kvc_design_kind;

typedef struct kvc_design {
    int kind, project, technology, funder, period, slot; /* slot -1 = common */
    int integer;
    int idle; /* 1 = 0 when doing nothing */
    char *name;
} kvc_design;

typedef struct kvc_row { /* of design variables: a side row */
    char *name;          /* without "side:" */
    char sense;          /* 'L' or 'E' */
    int dropped;         /* 1 = left out when doing nothing */
    int first, count;    /* in side_entry */
    mpq_t *rhs;
} kvc_row;

typedef struct kvc_entry {
    int design;
    mpq_t *value;
} kvc_entry;

typedef enum kvc_resource_kind {
    KVC_ON_LINK,
    KVC_ON_TERMINAL,
    KVC_ON_FLEET,
    KVC_ON_ENERGY,
    KVC_ON_CARBON
} kvc_resource_kind;

typedef struct kvc_resource {
    int kind, link, backward, terminal, technology, place, carrier;
} kvc_resource;

typedef enum kvc_coupling_kind {
    KVC_EMPTIES,
    KVC_RECIPE,
    KVC_SUPPLIER,
    KVC_MAX_SHARE,
    KVC_MIN_SHARE,
    KVC_TOTAL_CARBON,
    KVC_RISK_OF
} kvc_coupling_kind;

typedef struct kvc_coupling { /* a coupling row; what is in it follows from its kind */
    int kind;
    int technology, node; /* EMPTIES; technology: shares too */
    int gate, station;    /* RECIPE; SUPPLIER */
    int slot, block;      /* slot: TOTAL_CARBON, RISK_OF, then block = -1 */
    char *name;
} kvc_coupling;

typedef struct kvc_use {
    int arc, resource;
} kvc_use;

typedef struct kvc_world {
    kvc_arena *arena;
    const kv_case *given;
    kv_messages *messages;
    long faulty_cells; /* of the plan's tables that could not be read */
    kvc_memo memo;
    int scenario; /* row of scenarios, -1 = joint */

    /* slots and blocks */
    int n_slots, n_periods, n_blocks, *slot_row;
    kv_case **view;     /* [n_slots], freed by kvc_world_free */
    mpq_t *probability; /* [n_slots] */
    mpq_t *discount;    /* [years + 1] from the base year, to the year after the horizon */
    mpq_t *period_sum;  /* [n_periods] sum of discount over its years */
    mpq_t *money;       /* [n_blocks] MEUR per EUR/yr of the scenario itself */
    mpq_t *weight;      /* [n_blocks] omega: probability and (1 - theta) times it */
    int base_year, last_year;
    mpq_t *grid;
    int has_grid;
    kv_technology *technology; /* [n_blocks * technologies] numbers in force */
    mpq_t *carbon_price;       /* [n_blocks] EUR/t */

    /* network */
    kvc_list node, arc, opening, path, opener; /* kvc_node, kvc_arc, kvc_opening, int, int */
    int *node_of_place, outside;
    int n_physical; /* arcs between places */

    /* demand */
    kvc_list good, stop, station, gate;
    int n_goods;        /* goods with balances; empties follow in `good` */
    mpq_t *amount;      /* [n_blocks * stops] on the grid */
    double *stop_price; /* [n_blocks * stops] EUR/t of unserved */
    int *station_row;   /* [n_blocks * stations] row of sites in force, or -1 */
    mpq_t *gate_upper, *gate_price, *gate_ratio; /* [n_blocks * gates] */
    mpq_t *planned_supply;                       /* [n_blocks * products] before rounding */
    double *reference;                           /* [n_blocks * products] EUR/t */
    int *unserved_arc, *unsold_arc;              /* [places], -1 = none */

    /* investments */
    kvc_list design;               /* kvc_design: starts first */
    int n_starts, *start_first;    /* [projects + 1] */
    unsigned char *start_serves;   /* [n_starts * n_blocks] */
    mpq_t *scenario_cost;          /* [n_design * n_slots] before any weight */
    mpq_t *cost, *lower, *upper;   /* [n_design] */
    int *purchase, *stock, *carry; /* [(thing * n_slots + slot) * n_periods + period], -1 */
    int budgets_differ;
    int risk_first;            /* eta; -1 = no risk variables */
    mpq_t *risk_reference;     /* [n_slots] */
    kvc_list side, side_entry; /* kvc_row, kvc_entry */

    /* flows */
    kvc_list flow; /* kvc_flow, by good */
    int n_rows;    /* balance rows */
    int *row_node, *row_good;
    mpq_t *balance; /* [n_blocks * n_rows] d */
    mpq_t *sinks;   /* [n_blocks * goods] rule (a) */

    /* resources */
    kvc_list resource, use; /* kvc_resource; kvc_use, by arc */
    int *use_first;         /* [arcs + 1] */
    mpq_t *base;            /* [n_blocks * resources] */
    unsigned char *limited; /* [n_blocks * resources] */

    /* names, without their kind */
    kv_pool *node_names, *arc_names, *good_names, *resource_names, *design_names, *block_names,
        *side_names, *coupling_names, *signatures;
    kvc_list coupling; /* kvc_coupling, numbered like coupling_names */

    /* a benchmark file instead of tables; NULL = a case */
    const kv_benchmark *file;
    mpq_t *file_supply;        /* [designs] of a unit, to the resource whose project it counts as */
    mpq_t *file_cost;          /* [arcs] of a unit of flow */
    mpq_t *file_limit;         /* [arcs] of each flow; -1 = none */
    int *file_source;          /* [goods] node, of goods that are all demand of a source */
    int file_one;              /* 1 = at most one design of a resource is built */
    struct kvc_block **blocks; /* [n_blocks] for derivations of cuts; NULL = none was needed */
    mpq_t *constant;           /* left out of the objective */
} kvc_world;

#define KVC_AT(type, list, i) (((type *)(list).items)[i])

/* world.c: KV_OK, KV_ERR_MEMORY; arguments are outlived. Jumps on no memory in the arena. */
kv_status kvc_world_build(kvc_world *world);
void kvc_world_free(kvc_world *world);

/*
 * The steps, in their order. Design variables are first listed (build), and when all are known, their
 * costs and boxes are filled in.
 */
void kvc_build_network(kvc_world *world);
void kvc_build_range(kvc_world *world); /* called by the network */
void kvc_build_demand(kvc_world *world);
void kvc_build_stations(kvc_world *world);
void kvc_build_starts(kvc_world *world);
void kvc_build_reach(kvc_world *world);
void kvc_build_balances(kvc_world *world);
void kvc_build_resources(kvc_world *world);
void kvc_build_vehicles(kvc_world *world);
void kvc_build_carries(kvc_world *world);
void kvc_build_risk_variables(kvc_world *world);
void kvc_fill_designs(kvc_world *world);
void kvc_build_side(kvc_world *world);
void kvc_build_coupling(kvc_world *world);
void kvc_build_names(kvc_world *world);
/* A pool of `count` names, numbered by index: one that is taken gets ":2", ":3", ... */
typedef char *kvc_name_writer(const kvc_world *world, int i);
void kvc_pool_make(kvc_world *world, kv_pool **pool, int count, kvc_name_writer *write);
/* Balance rows for the flows of a good, from flow good->flow_first on; `row` [nodes]. */
typedef struct kvc_row_lists {
    kvc_list node, good; /* int */
} kvc_row_lists;
void kvc_rows_add(kvc_world *world, int good, int *row, kvc_row_lists *lists);

/* network.c */
int kvc_node_of(kvc_world *world, int place, int mode, const char *standard);
int kvc_arc_add(kvc_world *world, const kvc_arc *arc);
void kvc_opening_add(kvc_world *world, int effect, int target, int carrier, int project);
int kvc_has_effect(const kv_case *the_case, int effect, int target, int carrier, int project);
int kvc_may_use(const kv_product *product, const kvc_arc *arc);
int kvc_is_physical(const kvc_arc *arc);

/* demand.c: amounts of a growing load, averaged over the years of a period. */
void kvc_growth(const kvc_world *world, int period, double rate, mpq_t mean);
void kvc_capacity(const kv_case_row *row, double capacity, int unit, mpq_t t_per_year);
void kvc_amount(const kv_product *product, double amount, int unit, mpq_t t_per_year);
/* t of a recipe's product per t of output. */
void kvc_ratio(const kv_case *view, const kv_site *site, const kv_recipe *recipe, mpq_t ratio);

/* starts.c */
int kvc_serves(const kvc_world *world, int design, int block); /* of a start */
int kvc_building_years(const kv_project *project);
void kvc_fill_starts(kvc_world *world);
int kvc_in_slot(const kvc_world *world, int design, int slot);
int kvc_design_add(kvc_world *world, const kvc_design *design);
int kvc_has_copies(const kvc_world *world, int period);
/* cost * min(1, years left at the horizon / life) * disc(H + 1), or 0. */
void kvc_residual(const kvc_world *world, int slot, const mpq_t cost, const mpq_t from,
                  const mpq_t life, mpq_t result);
/* Sum over the starts of an opening set that serve the block; calls `visit` for each. */
typedef void kvc_visit(void *context, int design);
int kvc_opening_starts(const kvc_world *world, int opening, int block, kvc_visit *visit,
                       void *context); /* how many */

/* vehicles.c */
int kvc_fleet_at(const kvc_world *world, int technology, int slot, int period);
const kv_technology *kvc_numbers_in(const kvc_world *world, int technology, int block);
void kvc_fill_vehicles(kvc_world *world);
void kvc_stock_rows(kvc_world *world);

/* budgets.c */
int kvc_carry_at(const kvc_world *world, int funder, int slot, int period);
void kvc_fill_carries(kvc_world *world);
void kvc_budget_rows(kvc_world *world);

/* side.c: rows are begun, then get entries. */
void kvc_side_begin(kvc_world *world, char sense, int dropped, const mpq_t rhs, const char *format,
                    ...) __attribute__((format(printf, 5, 6)));
void kvc_side_entry(kvc_world *world, int design, const mpq_t value);
void kvc_side_drop_empty(kvc_world *world);
const char *kvc_slot_name(const kvc_world *world, int slot);
const char *kvc_row_scenario(const kvc_world *world, int differs, int slot);
/* What a unit of a start spends in a period, MEUR. */
void kvc_spending(const kvc_world *world, int slot, int design, int period, mpq_t spent);
/* The funder's share of a project's cost. */
void kvc_funding(const kvc_world *world, int slot, int project, int funder, mpq_t share);
void kvc_budget(const kvc_world *world, int funder, int slot, int period, mpq_t amount);
/* Share of what is left that is carried on; 0 without a row. */
void kvc_carry_share(const kvc_world *world, int funder, int slot, int period, mpq_t share);
int kvc_has_budget(const kvc_world *world, int funder);

/* resources.c */
/* What each unit of a design adds to a resource in a block: calls `visit` with design and amount. */
typedef void kvc_supply_visit(void *context, int design, const mpq_t amount);
void kvc_supplies(const kvc_world *world, int block, int resource, kvc_supply_visit *visit,
                  void *context);
/* The most that the resource can ever offer in the block. */
void kvc_resource_most(const kvc_world *world, int block, int resource, mpq_t most);

/* benchmark.c: a benchmark file as a world. */
void kvc_file_build(kvc_world *world);
/* benchmark_names.c: the pools of its names, once its things are there. */
void kvc_file_names(kvc_world *world);
/* The numbers of a block are those of the file; for kvc_block_make and resources. */
void kvc_file_supplies(const kvc_world *world, int resource, kvc_supply_visit *visit,
                       void *context);

/* names.c: the number of a name in the pool, -1 = none. */
int kvc_find(const kv_pool *pool, const char *text);
const char *kvc_mode_name(int mode);
int kvc_transfer_row(const kv_case *the_case, int transfer); /* among its terminal's, from 1 */
/* A text in the arena, blanks as '_'. */
char *kvc_format(kvc_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
