/* SPDX-License-Identifier: GPL-3.0-or-later */
/* investments.csv: what is built, when, who pays, what it is worth. */
#include "reports/report.h"

#include "instances/schema.h"

#include <math.h>

/* "SE:0.5|EU:0.5" */
static void add_funders(kv_text *text, const kv_case *view, int project)
{
    for (int i = 0; i < view->funding.count; i++) {
        const kv_funding *funding = &view->funding.rows[i];
        if (funding->project != project)
            continue;
        char share[KV_NUMBER_SIZE];
        kv_format_decimal(funding->share, 6, share);
        kv_text_addf(text, "%s%s:%s", text->length ? "|" : "",
                     view->funders.rows[funding->funder].funder, share);
    }
}

static void add_row(kv_out *out, const kv_report *report, int j)
{
    const kv_design_info *info = &report->map->design[j];
    int slot = kv_report_design_slot(report, j);
    const kv_case *view = kv_report_view(report, slot);
    const kv_project *project = &view->projects.rows[info->project];
    const kv_column *kind = kv_schema_column(&kv_schema[KV_TABLE_PROJECTS], "kind");
    double units = report->design[j], cost = info->cost_meur * units;
    kv_start_money money;
    kv_text funders = {0};
    kv_start_money_mean(report->map, j, &money);
    add_funders(&funders, view, info->project);
    out->text.failed |= funders.failed;
    kv_out_text(out, project->project);
    kv_out_text(out, project->name);
    kv_out_text(out, kind->choices[project->kind]);
    kv_out_text(out, project->country);
    kv_out_text(out, kv_report_scenario(report, slot));
    kv_out_text(out, kv_report_period(report, info->period));
    kv_out_integer(out, view->periods.rows[info->period].first_year);
    kv_out_rounded(out, info->service_year, 3);
    kv_out_exact(out, units);
    kv_out_rounded(out, cost, 6);
    kv_out_rounded(out, cost * project->freight_share, 6);
    kv_out_rounded(out, money.residual_present * units, 6);
    kv_out_rounded(out, report->problem->design_cost[j] * units, 6);
    kv_out_text(out, funders.data);
    kv_out_rounded(out, report->benefit[j] * units, 6);
    kv_out_end_row(out);
    kv_text_clear(&funders);
}

kv_status kv_report_investments(const kv_report *report, const char *dir, kv_messages *messages)
{
    kv_out out;
    kv_out_begin(&out, KV_OUT_INVESTMENTS);
    for (int j = 0; report->design && j < report->problem->n_design; j++) {
        if (report->map->design[j].kind == KV_DESIGN_START && report->design[j] > 1e-9)
            add_row(&out, report, j);
    }
    return kv_out_write(&out, dir, messages);
}
