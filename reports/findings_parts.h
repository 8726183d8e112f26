/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The indicators of findings.h. Each adds sentences that end in a blank. Internal to reports/. */
#ifndef KV_REPORTS_FINDINGS_PARTS_H
#define KV_REPORTS_FINDINGS_PARTS_H

#include "instances/select.h"
#include "reports/findings.h"

/* findings_work.c */
kv_verdict kv_finding_volume_growth(const kv_report *report, kv_text *text);
kv_verdict kv_finding_modal_shift(const kv_report *report, kv_text *text);
kv_status kv_finding_regional_share(const kv_report *report, kv_verdict *verdict, kv_text *text);

/* findings_built.c: `names` joined by '+'; `started` [projects] units of each project. */
kv_verdict kv_finding_ports(const kv_report *report, char *names, const double *started,
                            kv_text *text);
kv_verdict kv_finding_projects(const kv_report *report, char *names, const double *started,
                               kv_text *text);
kv_verdict kv_finding_corridors(const kv_report *report, char *names, const double *started,
                                kv_text *text);
kv_verdict kv_finding_countries(const kv_report *report, const double *started, kv_text *text);

#endif
