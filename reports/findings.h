/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a plan says to the findings of earlier studies. A case may have a file findings.csv with the
 * columns finding (a short name), text (what was found), indicator and source. The indicator says how
 * the plan answers; several are joined by `;`:
 *
 *   volume_growth            demand in the best-served period against the first
 *   port_expansion:A+B       terminals at these places: which are extended
 *   project:P+Q              which of these projects are built
 *   corridors:road+rail      whether links of these modes are built or improved
 *   regional_share           which goods that the region uses come mostly from it, last period
 *   modal_shift              share of sea and rail, and emissions, against doing nothing
 *   countries                countries in which is built
 *
 * The rules by which a plan agrees, partly agrees or disagrees stand in docs/results.md.
 */
#ifndef KV_REPORTS_FINDINGS_H
#define KV_REPORTS_FINDINGS_H

#include "base/text.h"
#include "reports/report.h"

typedef enum kv_verdict {
    KV_VERDICT_DISAGREES,
    KV_VERDICT_PARTLY,
    KV_VERDICT_AGREES,
    KV_VERDICT_UNKNOWN /* the indicator is not known, or names something that is not there */
} kv_verdict;

/* Answer one indicator: the figures go to `text` as one or more sentences. KV_OK or KV_ERR_MEMORY.
 */
kv_status kv_finding_answer(const kv_report *report, const char *indicator, kv_verdict *verdict,
                            kv_text *text);

#endif
