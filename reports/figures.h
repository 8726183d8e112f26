/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Figures worked out of one plan: use of resources, costs by category, work and emissions. */
#ifndef KV_REPORTS_FIGURES_H
#define KV_REPORTS_FIGURES_H

#include "formulations/build.h"

/* Use of resources and open arcs of a plan. */
typedef struct kv_usage {
    double *used;        /* [n_blocks * n_resources] units of the resource */
    double *capacity;    /* [n_blocks * n_resources] with what the design supplies */
    unsigned char *open; /* [n_blocks * n_arcs] 1 = each opening set of the arc is met */
} kv_usage;

/* `flow` may be NULL: nothing is used. KV_OK or KV_ERR_MEMORY; clear in either case. */
kv_status kv_usage_create(const kv_problem *problem, const double *design, const double *flow,
                          kv_usage *usage);
void kv_usage_clear(kv_usage *usage);
/* 1 = the resource has nothing left in the block. */
int kv_usage_full(const kv_problem *problem, const kv_usage *usage, int block, int resource);

/* Categories of cost, in the order of costs.csv. */
typedef enum kv_cost {
    KV_COST_VEHICLE,
    KV_COST_ENERGY,
    KV_COST_CARBON,
    KV_COST_TIME,
    KV_COST_TOLL_AND_ICE,
    KV_COST_TRANSFER,
    KV_COST_PURCHASE,
    KV_COST_UNSERVED,
    KV_COST_VEHICLES_BOUGHT,
    KV_COST_VEHICLES_KEPT,
    KV_COST_PROJECTS,
    KV_COST_OPERATING,
    KV_COST_RESIDUAL,
    KV_COST_RISK,
    KV_COST_REFERENCE, /* the constant, not part of the objective */
    KV_COSTS
} kv_cost;
extern const char *const kv_cost_names[KV_COSTS];

/* Money of one slot, period and category. */
typedef struct kv_money {
    double present; /* MEUR, part of the objective */
    double yearly;  /* MEUR/yr if the scenario comes true; NaN = no yearly meaning */
} kv_money;

/* Slots: 0 .. n_scenarios - 1 the scenarios built, n_scenarios = decided for all. */
typedef struct kv_figures {
    int n_slots, n_periods, n_technologies, n_blocks;
    kv_money *money;                   /* [n_slots * n_periods * KV_COSTS] */
    double risk;                       /* MEUR, of the risk measure */
    double *t_km, *vehicle_km, *co2_t; /* [n_blocks * n_technologies] a year */
    double *demand_t, *unserved_t;     /* [n_blocks] t/yr, planned demand and what is not served */
} kv_figures;

/* KV_OK or KV_ERR_MEMORY; clear in either case. */
kv_status kv_figures_create(const kv_case *the_case, const kv_problem *problem, const kv_map *map,
                            const double *design, const double *flow, kv_figures *figures);
void kv_figures_clear(kv_figures *figures);

kv_money *kv_figures_money(const kv_figures *figures, int slot, int period, kv_cost cost);

/* How one unit of a project start is paid, year by year (docs/mathematics.md section 5). */
typedef struct kv_start_money {
    double residual_present;  /* MEUR, charged to freight, positive */
    double spent_present;     /* MEUR, charged to freight */
    double operating_present; /* MEUR, all of it */
} kv_start_money;
void kv_start_money_of(const kv_case *view, const kv_project *project, int period,
                       kv_start_money *money);
/* The mean of one unit of a START variable over the scenarios that it belongs to, times their
 * probabilities. */
void kv_start_money_mean(const kv_map *map, int design, kv_start_money *mean);
/* MEUR of construction a unit of `project` started in `start` spends in `period`, undiscounted. */
double kv_start_spending(const kv_case *view, const kv_project *project, int start, int period);

#endif
