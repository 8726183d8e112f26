/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What plan.json and the certificate claim against what was recomputed, and the report. */
#ifndef KV_REPORTS_CHECKER_JUDGE_H
#define KV_REPORTS_CHECKER_JUDGE_H

#include "reports/checker/plan.h"
#include "reports/checker/price.h"

typedef struct kvc_checking {
    jmp_buf no_memory;
    kvc_arena arena;
    kvc_world world;
    kvc_plan plan;
    kvc_findings findings;
    kvc_certificate certificate;
    kvc_pricing **pricing; /* [2 * vectors] with costs, as a ray; NULL = not asked for */
    int judge_claims;
    /* recomputed by kvc_judge */
    long flows, infeasible; /* flows priced; leaves that hold no plan */
    double bound, nothing;  /* NaN = not proved */
    int unconfirmed;        /* 1 = the engine claims a better bound than is proved */
    int no_plan;            /* 1 = it is proved that there is no plan */
} kvc_checking;

void kvc_judge(kvc_checking *checking);
/* What is proved, NaN where nothing is. */
double kvc_proved_gap(const kvc_checking *checking);
double kvc_proved_decision_gap(const kvc_checking *checking);
void kvc_write_report(kvc_checking *checking); /* report.c */

#endif
