/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/findings.h"

#include "base/file.h"
#include "base/memory.h"
#include "reports/csv_read.h"
#include "reports/findings_parts.h"
#include "reports/summary.h"

#include <string.h>

/* One indicator, without ';'. */
static kv_status answer_one(const kv_report *report, char *indicator, const double *started,
                            kv_verdict *verdict, kv_text *text)
{
    char *names = strchr(indicator, ':');
    if (names)
        *names++ = 0;
    *verdict = KV_VERDICT_UNKNOWN;
    if (strcmp(indicator, "volume_growth") == 0)
        *verdict = kv_finding_volume_growth(report, text);
    else if (strcmp(indicator, "modal_shift") == 0)
        *verdict = kv_finding_modal_shift(report, text);
    else if (strcmp(indicator, "regional_share") == 0)
        return kv_finding_regional_share(report, verdict, text);
    else if (strcmp(indicator, "port_expansion") == 0)
        *verdict = kv_finding_ports(report, names, started, text);
    else if (strcmp(indicator, "project") == 0)
        *verdict = kv_finding_projects(report, names, started, text);
    else if (strcmp(indicator, "corridors") == 0)
        *verdict = kv_finding_corridors(report, names, started, text);
    else if (strcmp(indicator, "countries") == 0)
        *verdict = kv_finding_countries(report, started, text);
    else
        kv_text_addf(text, "The indicator %s is not known. ", indicator);
    return KV_OK;
}

kv_status kv_finding_answer(const kv_report *report, const char *indicator, kv_verdict *verdict,
                            kv_text *text)
{
    char *copy = kv_strdup(indicator);
    double *started = kv_alloc((size_t)report->the_case->projects.count, sizeof(double));
    kv_status status = copy && started ? KV_OK : KV_ERR_MEMORY;
    int agrees = 0, disagrees = 0, unknown = 0, all = 0;
    if (status == KV_OK)
        kv_summary_started(report, -1, started);
    for (char *at = copy; at && status == KV_OK; all++) {
        char *next = strchr(at, ';');
        kv_verdict one;
        if (next)
            *next++ = 0;
        status = answer_one(report, at, started, &one, text);
        agrees += status == KV_OK && one == KV_VERDICT_AGREES;
        disagrees += status == KV_OK && one == KV_VERDICT_DISAGREES;
        unknown += status == KV_OK && one == KV_VERDICT_UNKNOWN;
        at = next;
    }
    *verdict = unknown            ? KV_VERDICT_UNKNOWN
               : agrees == all    ? KV_VERDICT_AGREES
               : disagrees == all ? KV_VERDICT_DISAGREES
                                  : KV_VERDICT_PARTLY;
    kv_free(started);
    kv_free(copy);
    return status;
}

static kv_status add_finding(const kv_report *report, const kv_csv *csv, int row, kv_text *out)
{
    static const char *const verdicts[] = {
        [KV_VERDICT_DISAGREES] = "The plan disagrees.",
        [KV_VERDICT_PARTLY] = "The plan agrees in part.",
        [KV_VERDICT_AGREES] = "The plan agrees.",
        [KV_VERDICT_UNKNOWN] = "The plan cannot tell.",
    };
    kv_verdict verdict;
    kv_text figures = {0};
    kv_status status = kv_finding_answer(
        report, kv_csv_field(csv, row, kv_csv_column(csv, "indicator")), &verdict, &figures);
    if (status == KV_OK)
        kv_prose_item(out, "%s: %s. %s %s", kv_csv_field(csv, row, kv_csv_column(csv, "finding")),
                      kv_csv_field(csv, row, kv_csv_column(csv, "text")), verdicts[verdict],
                      figures.data ? figures.data : "");
    out->failed |= figures.failed;
    kv_text_clear(&figures);
    return status;
}

kv_status kv_summary_findings(const kv_report *report, kv_text *out)
{
    const char *folder = report->the_case->folder;
    char *path = folder ? kv_path_join(folder, "findings.csv") : NULL;
    int there = path && kv_path_exists(path);
    kv_csv csv = {0};
    kv_free(path);
    if (folder && !path)
        return KV_ERR_MEMORY;
    if (!there)
        return KV_OK;
    kv_status status = kv_csv_read(folder, "findings.csv", &csv, NULL);
    if (status == KV_ERR_IO || status == KV_ERR_INPUT) {
        kv_prose_paragraph(out, "The case's findings.csv could not be read.");
        status = KV_OK;
    } else if (status == KV_OK && kv_csv_rows(&csv) > 0) {
        kv_prose_title(out, "What the plan says to earlier findings", '-');
        for (int row = 0; row < kv_csv_rows(&csv) && status == KV_OK; row++)
            status = add_finding(report, &csv, row, out);
        kv_text_add(out, "\n");
    }
    kv_csv_clear(&csv);
    return status;
}
