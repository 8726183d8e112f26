/* SPDX-License-Identifier: GPL-3.0-or-later */
/* summary.txt: the plan in words and figures, for pasting into a document. */
#include "reports/summary.h"

#include <string.h>

/* ---- what the parts share ---- */

int kv_summary_main_slot(const kv_report *report)
{
    int best = 0;
    for (int s = 1; s < report->map->n_scenarios; s++) {
        if (report->map->probability[s] > report->map->probability[best])
            best = s;
    }
    return best;
}

void kv_summary_started(const kv_report *report, int slot, double *started)
{
    int n_projects = report->the_case->projects.count, common = report->map->n_scenarios;
    for (int p = 0; p < n_projects; p++)
        started[p] = 0;
    for (int j = 0; report->design && j < report->problem->n_design; j++) {
        const kv_design_info *info = &report->map->design[j];
        int s = kv_report_design_slot(report, j);
        if (info->kind == KV_DESIGN_START && (slot < 0 || s == slot || s == common))
            started[info->project] += report->design[j];
    }
}

void kv_summary_years(const kv_report *report, int period, char *buffer)
{
    const kv_period *row = &report->the_case->periods.rows[period];
    kv_text text = {0};
    kv_text_addf(&text, "%d-%d", row->first_year, row->last_year);
    buffer[0] = 0;
    if (!text.failed && text.length < KV_NUMBER_SIZE)
        memcpy(buffer, text.data, text.length + 1);
    kv_text_clear(&text);
}

double kv_summary_expected(const kv_report *report, const double *by_block, int stride, int offset,
                           int period)
{
    double sum = 0;
    for (int b = 0; b < report->problem->n_blocks; b++) {
        if (report->map->block[b].period == period)
            sum += report->map->probability[kv_report_block_slot(report, b)] *
                   by_block[(size_t)b * (size_t)stride + (size_t)offset];
    }
    return sum;
}

/* ---- the whole ---- */

static void add_head(const kv_report *report, kv_text *out)
{
    const kv_case_row *row = &report->the_case->the_case.rows[0];
    kv_prose_title(out, row->title ? row->title : row->name, '=');
    const char *scenario = report->result->scenario, *title = NULL;
    for (int s = 0; s < report->the_case->scenarios.count; s++) {
        const kv_scenario *at = &report->the_case->scenarios.rows[s];
        if (scenario && at->scenario && strcmp(at->scenario, scenario) == 0)
            title = at->title;
    }
    int last = report->the_case->periods.count - 1;
    const char *currency = row->currency ? row->currency : "EUR";
    kv_prose_paragraph(
        out,
        "Investment plan for %d-%d, %s%s%s%s%s. M%s means million %s of %d; present values are "
        "counted at the start of %d, at %g %% a year.",
        report->the_case->periods.rows[0].first_year,
        report->the_case->periods.rows[last].last_year,
        report->map->n_scenarios > 1 ? "for all scenarios together" : "scenario ",
        report->map->n_scenarios > 1 ? "" : scenario, title ? " (" : "", title ? title : "",
        title ? ")" : "", currency, currency, row->price_year,
        report->the_case->periods.rows[0].first_year, 100 * row->discount_rate_per_year);
}

static void add_no_plan(const kv_report *report, kv_text *out)
{
    int status = report->result->plan->status;
    kv_prose_paragraph(out, "%s",
                       status == KV_PLAN_INFEASIBLE
                           ? "No plan exists: the rules and budgets of the case cannot all be kept."
                       : status == KV_PLAN_UNBOUNDED
                           ? "The case has no finite optimum: something in it pays without limit."
                           : "The search ended before any plan was found.");
}

kv_status kv_report_summary(const kv_report *report, const char *dir, kv_messages *messages)
{
    typedef kv_status part(const kv_report *r, kv_text *o);
    static part *const parts[] = {
        kv_summary_short,     kv_summary_build,    kv_summary_worth,    kv_summary_scenarios,
        kv_summary_budgets,   kv_summary_demand,   kv_summary_access,   kv_summary_costs,
        kv_summary_emissions, kv_summary_sourcing, kv_summary_findings, kv_summary_quality,
    };
    kv_text out = {0};
    kv_status status = KV_OK;
    add_head(report, &out);
    if (!report->design)
        add_no_plan(report, &out);
    for (size_t i = 0; report->design && i < sizeof parts / sizeof *parts && status == KV_OK; i++)
        status = parts[i](report, &out);
    if (status == KV_OK)
        status = kv_report_write_text(&out, dir, "summary.txt", messages);
    kv_text_clear(&out);
    return status;
}
