/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the checks of a case share. Internal to instances/. */
#ifndef KV_INSTANCES_CHECKER_H
#define KV_INSTANCES_CHECKER_H

#include "instances/table.h"

typedef struct kv_checker {
    const kv_case *the_case;
    const kv_positions *positions; /* NULL = unknown */
    const unsigned char *damaged;  /* [KV_TABLES]: 1 = has faults of its own; NULL = none has */
    kv_messages *messages;
    kv_status status; /* KV_ERR_MEMORY once an allocation failed */
} kv_checker;

/* Run all checks whose tables are undamaged. KV_OK (also with faults), KV_ERR_MEMORY. */
kv_status kv_checks_run(kv_checker *checker);

/*
 * A message about a row (-1: the file as a whole) and a column (NULL: the row as a whole), whose
 * value is added. `what` is a printf format.
 */
void kv_check_add(kv_checker *checker, kv_severity severity, int table, int row, const char *column,
                  const char *mend, const char *what, ...) __attribute__((format(printf, 7, 8)));

/* The name of a row for a message, "?" when it has none. */
const char *kv_check_name(const kv_checker *checker, int table, int row);

void kv_check_values(kv_checker *checker); /* every value by itself */
void kv_check_keys(kv_checker *checker);   /* no key twice */
void kv_check_case(kv_checker *checker);   /* case, periods, scenarios, policies */
void kv_check_places(kv_checker *checker);
void kv_check_links(kv_checker *checker);
void kv_check_terminals(kv_checker *checker);
void kv_check_transfers(kv_checker *checker);
void kv_check_energy(kv_checker *checker);
void kv_check_technologies(kv_checker *checker);
void kv_check_recipes(kv_checker *checker);
void kv_check_recipe_circles(kv_checker *checker);
void kv_check_sites(kv_checker *checker);
void kv_check_markets(kv_checker *checker); /* each product has someone at both ends */
void kv_check_freight(kv_checker *checker);
void kv_check_projects(kv_checker *checker); /* years, sizes */
void kv_check_effects(kv_checker *checker);
void kv_check_funding(kv_checker *checker); /* funding, funders, budgets */
void kv_check_rules(kv_checker *checker);
void kv_check_contradictions(kv_checker *checker);
void kv_check_reach(kv_checker *checker); /* routes between sites */
void kv_check_changes(kv_checker *checker);
void kv_check_neighbours(kv_checker *checker); /* costs far from the others of their column */

/* 1 = some project has this effect on the link, terminal or point; -1 = any. */
int kv_check_has_effect(const kv_checker *checker, int effect, int link, int terminal);

#endif
