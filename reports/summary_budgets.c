/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Budgets: what each funder spends by period, and where more money would help. */
#include "base/memory.h"
#include "reports/budget.h"
#include "reports/summary.h"

#include <string.h>

enum { MOST_PERIODS = KV_GRID_MOST_COLUMNS - 2 };

/* Whether a line is shown: the common one, or that of the likeliest scenario. */
static int is_shown(const kv_report *report, const kv_budget_line *line)
{
    return line->slot == report->map->n_scenarios || line->slot == kv_summary_main_slot(report);
}

static void add_table(const kv_report *report, const kv_budget_line *lines, int count, kv_text *out)
{
    const kv_case *c = report->the_case;
    int n_periods = c->periods.count < MOST_PERIODS ? c->periods.count : MOST_PERIODS;
    char align[KV_GRID_MOST_COLUMNS + 1] = "l";
    char years[KV_NUMBER_SIZE];
    kv_grid grid;
    for (int t = 0; t <= n_periods; t++) {
        align[t + 1] = 'r';
        align[t + 2] = 0;
    }
    kv_grid_begin(&grid, align);
    kv_grid_cell(&grid, "Funder");
    for (int t = 0; t < n_periods; t++) {
        kv_summary_years(report, t, years);
        kv_grid_cell(&grid, "%s", years);
    }
    kv_grid_cell(&grid, "all");
    for (int f = 0; f < c->funders.count; f++) {
        double sum = 0, by_period[MOST_PERIODS] = {0};
        int binds[MOST_PERIODS] = {0}, any = 0;
        for (int i = 0; i < count; i++) {
            if (lines[i].funder != f || !is_shown(report, &lines[i]) ||
                lines[i].period >= n_periods)
                continue;
            any = 1;
            by_period[lines[i].period] = lines[i].spent;
            binds[lines[i].period] = kv_budget_binds(&lines[i]);
            sum += lines[i].spent;
        }
        if (!any)
            continue;
        kv_grid_cell(&grid, "%s", c->funders.rows[f].funder);
        for (int t = 0; t < n_periods; t++) {
            kv_prose_number(by_period[t], years);
            kv_grid_cell(&grid, "%s%s", years, binds[t] ? "*" : " ");
        }
        kv_grid_number(&grid, sum);
    }
    kv_grid_write(&grid, out);
}

/* What the short names of the funders stand for. */
static void add_names(const kv_report *report, const kv_budget_line *lines, int count, kv_text *out)
{
    kv_text text = {0};
    int last = -1;
    for (int i = 0; i < count; i++) {
        const kv_funder *row = &report->the_case->funders.rows[lines[i].funder];
        if (lines[i].funder == last || !row->name || strcmp(row->name, row->funder) == 0)
            continue;
        last = lines[i].funder;
        kv_text_addf(&text, "%s%s = %s", text.length ? "; " : "", row->funder, row->name);
    }
    if (text.length)
        kv_prose_paragraph(out, "%s.", text.data);
    out->failed |= text.failed;
    kv_text_clear(&text);
}

kv_status kv_summary_budgets(const kv_report *report, kv_text *out)
{
    kv_budget_line *lines = NULL;
    int count = 0, binding = 0, dearest = -1;
    if (kv_budget_lines(report, &lines, &count) != KV_OK)
        return KV_ERR_MEMORY;
    for (int i = 0; i < count; i++) {
        binding += kv_budget_binds(&lines[i]);
        if (lines[i].worth > 1e-4 && (dearest < 0 || lines[i].worth > lines[dearest].worth))
            dearest = i;
    }
    if (count > 0) {
        kv_prose_title(out, "Who spends what, and where budgets bind", '-');
        kv_prose_paragraph(out,
                           "MEUR spent by period; * = the budget binds: it is spent, or more money "
                           "would lower the bound.%s",
                           report->map->n_scenarios > 1
                               ? " Where budgets differ between scenarios, the likeliest is shown."
                               : "");
        add_table(report, lines, count, out);
        kv_text text = {0};
        kv_text_addf(&text, "%d of %d budget rows bind.", binding, count);
        if (dearest >= 0) {
            const kv_budget_line *line = &lines[dearest];
            char worth[KV_NUMBER_SIZE], years[KV_NUMBER_SIZE];
            kv_prose_number(line->worth, worth);
            kv_summary_years(report, line->period, years);
            kv_text_addf(
                &text,
                " The tightest is %s in %s%s%s: one more MEUR there would save about %s "
                "MEUR in present value.",
                report->the_case->funders.rows[line->funder].funder, years,
                line->slot < report->map->n_scenarios ? ", scenario " : "",
                line->slot < report->map->n_scenarios ? kv_report_scenario(report, line->slot) : "",
                worth);
        }
        kv_prose_paragraph(out, "%s", text.failed ? "" : text.data);
        out->failed |= text.failed;
        kv_text_clear(&text);
        add_names(report, lines, count, out);
    }
    kv_free(lines);
    return KV_OK;
}
