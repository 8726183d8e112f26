/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the parts of the generator of tiny cases share. */
#ifndef ORACLE_TINY_PARTS_H
#define ORACLE_TINY_PARTS_H

#include "base/random.h"
#include "base/text.h"
#include "instances/case.h"

enum { TINY_MAX = 16 };

typedef struct tiny {
    kv_random random;
    kv_text table[KV_TABLES]; /* header line and rows */
    int rows[KV_TABLES];

    int places, periods, scenarios, products;
    int first_year[4]; /* [periods + 1], the last is the year after the horizon */
    int decision_year; /* 0 = blank */
    /* What the case is about; 0 or 1. */
    int rail, sea, ferry, range, hydrogen, owned_truck, owned_range, owned_ship, balanced;
    int off_road; /* the third product goes by rail alone, which then reaches all places */
    int dangerous, plants, planned_plant, carbon_total, cvar, regret;
    double combinations, most_combinations;

    /* Things that projects can act on. */
    char closed_link[TINY_MAX][24], tight_link[TINY_MAX][24], any_link[TINY_MAX][24];
    int closed_mode[TINY_MAX];
    int n_closed, n_tight, n_links;
    char bare_link[TINY_MAX][24], safe_link[TINY_MAX][24]; /* not electrified; no dangerous goods */
    int n_bare, n_safe;
    char closed_terminal[TINY_MAX][24], terminal[TINY_MAX][24], tight_terminal[TINY_MAX][24];
    int n_closed_terminals, n_terminals, n_tight_terminals;
    int tight_mode[TINY_MAX];
    char point_place[TINY_MAX][16], point_carrier[TINY_MAX][16];
    int n_points;
    char fleet[TINY_MAX][24];
    int n_fleets;
    char project[TINY_MAX][16];
    int project_units[TINY_MAX], project_sized[TINY_MAX];
    int n_projects;
    char sized_effect[16]; /* a project whose one effect has an amount; "" = none */
} tiny;

/* 1 with probability share. */
int tiny_maybe(tiny *t, double share);
/* low .. high, both included. */
int tiny_integer(tiny *t, int low, int high);
double tiny_number(tiny *t, double low, double high);
/* Add a row to a table; the format is the row without the line's end. */
void tiny_row(tiny *t, int table, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* Remember a name in one of the lists above. */
void tiny_note(char list[TINY_MAX][24], int *count, const char *name);

void tiny_network(tiny *t);      /* places, links, terminals, transfers */
void tiny_technologies(tiny *t); /* carriers, energy, technologies, points, policies */
void tiny_demand(tiny *t);       /* products, recipes, sites, freight */
void tiny_projects(tiny *t);     /* projects, effects, funders, budgets, rules */

#endif
