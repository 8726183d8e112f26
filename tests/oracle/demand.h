/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Who gives and takes what in one scenario and period: the balances of each commodity at the doors
 * of the places, and what sites may choose (docs/mathematics.md, section 3).
 */
#ifndef ORACLE_DEMAND_H
#define ORACLE_DEMAND_H

#include "instances/case.h"

typedef struct oracle_commodity {
    int product, origin;    /* origin: place of freight; -1 = a product's own commodity */
    double *balance;        /* [places] t/yr on the flow grid, a supply is positive */
    double *unserved_price; /* [places] EUR/t where the balance is negative */
    double unsold_price;    /* EUR/t */
    double sinks;           /* t/yr that can be taken at most */
    double reference;       /* EUR/t */
} oracle_commodity;

typedef enum oracle_offer_kind {
    ORACLE_SOURCE,
    ORACLE_PLANT_OUT,
    ORACLE_PLANT_IN,
    ORACLE_MARKET
} oracle_offer_kind;

typedef struct oracle_offer { /* what a site may choose */
    int kind, site;           /* row of sites */
    int product, place;
    double cost, upper; /* EUR/t, t/yr */
    double ratio;       /* t per t of the plant's product; 1 for that itself */
    int into;           /* 1 = outside -> door, 0 = door -> outside */
    int main;           /* offer of the plant's product; -1 = none or itself */
} oracle_offer;

typedef struct oracle_demand {
    oracle_commodity *commodity;
    int n_commodities;
    oracle_offer *offer;
    int n_offers;
    double *planned_supply; /* [products] t/yr of planned sources and plants, co-products too */
    double constant;        /* EUR/yr: sum of reference price x balance at outside */
    size_t commodity_room, offer_room;
} oracle_demand;

/* `scenario` and `period` are rows of the tables. */
void oracle_demand_build(oracle_demand *demand, const kv_case *view, int scenario, int period);
void oracle_demand_free(oracle_demand *demand);
/* -1 when there is none. */
int oracle_demand_find(const oracle_demand *demand, int product, int origin);

#endif
