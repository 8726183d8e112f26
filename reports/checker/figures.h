/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The numbers of one block: what a ton (or an empty vehicle) costs and uses on each arc, and how
 * much can flow. Made anew for each block.
 */
#ifndef KV_REPORTS_CHECKER_FIGURES_H
#define KV_REPORTS_CHECKER_FIGURES_H

#include "reports/checker/world.h"

typedef enum kvc_figure { /* of a ton; of an empty vehicle */
                          KVC_COST, /* EUR, without time; of arcs to and from outside: the price less reference */
                          KVC_HOURS, /* h; 0 for empties */
                          KVC_VEHICLE_KM,
                          KVC_ENERGY, /* MWh at each end of a range arc: half of all */
                          KVC_CO2,    /* t */
                          KVC_KM,     /* true length; 0 for empties */
                          KVC_FIGURES
} kvc_figure;

typedef struct kvc_block kvc_block;

struct kvc_block {
    kvc_world *world;
    int block;
    mpq_t *figure;         /* [(arc * 2 + empty) * KVC_FIGURES + figure] of arcs between places */
    mpq_t *most;           /* [resources] that it can ever offer */
    mpq_t *limit;          /* [arc * 2 + empty] most / use, least over resources; -1 = no limit */
    kvc_fix *sinks_up;     /* [goods] rule (a), in units of 1e-15, rounded up; empties too */
    kvc_fix *limit_up;     /* [arc * 2 + empty] the same of `limit` */
    unsigned char *closed; /* [arcs] 1 = an opening set is empty in the block */
};

/* All belongs to the arena (use marks). */
void kvc_block_make(kvc_world *world, int block, kvc_block *made);

mpq_srcptr kvc_figure_of(const kvc_block *block, int arc, int empty, kvc_figure figure);
/* Use of the i-th use of the world on its arc. */
void kvc_use_of(const kvc_block *block, int use, int empty, mpq_t amount);
/* m of a flow in units of 1e-15 t, rounded up: a bound as valid as m, and used as if it were m. */
kvc_fix kvc_ceiling(const kvc_block *block, int flow);
/* EUR/t of a flow, time counted, reference price taken out. */
void kvc_flow_cost(const kvc_block *block, int flow, mpq_t cost);
/* The reference price in it (+ for arcs into the region). */
void kvc_flow_reference(const kvc_block *block, int flow, mpq_t reference);
int kvc_is_empty(const kvc_world *world, int flow);

#endif
