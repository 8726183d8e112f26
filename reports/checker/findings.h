/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a check found: how many rows of each kind it verified, the largest violation, what failed. */
#ifndef KV_REPORTS_CHECKER_FINDINGS_H
#define KV_REPORTS_CHECKER_FINDINGS_H

#include "reports/checker/world.h"

typedef enum kvc_kind {
    KVC_BALANCES,
    KVC_RESOURCES,
    KVC_OPENINGS,
    KVC_BOUNDS, /* of flows and design variables */
    KVC_COUPLINGS,
    KVC_SIDES,
    KVC_BUDGETS, /* the side rows of budgets: to the cent */
    KVC_WHOLE,   /* integrality */
    KVC_FIGURE,  /* values of tables against what follows from the plan */
    KVC_KINDS
} kvc_kind;

typedef struct kvc_tally {
    long rows, failed;
    mpq_t *worst;   /* violation relative to the row's size */
    char *worst_at; /* name of that row; NULL = none is violated */
} kvc_tally;

typedef struct kvc_findings {
    kvc_world *world;
    kvc_arena arena; /* of names */
    kvc_kind kind;   /* of the row seen last: */
    int is_worst, fails;
    mpq_t *violation, *ratio, *tolerance, *cent, *off_grid, *rounding;
    kvc_tally tally[KVC_KINDS];
    long failed;      /* all that failed */
    kv_text failures; /* a line each, the first of them */
    kv_text report;
} kvc_findings;

void kvc_findings_make(kvc_world *world, kvc_findings *findings);
void kvc_findings_clear(kvc_findings *findings);

/*
 * A row was looked at: `violation` <= 0 when it holds; `size` > 0 is the row's own size. 1 when it
 * has to be named with kvc_blame (it fails, or is the worst so far).
 */
int kvc_row_seen(kvc_findings *findings, kvc_kind kind, const mpq_t violation, const mpq_t size);
/* Names the row seen last: its name is taken from `name`, which is cleared. `unit` of the violation. */
void kvc_blame(kvc_findings *findings, kv_text *name, const char *unit);

/* Something else failed: a line of the report. */
void kvc_fail(kvc_findings *findings, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
