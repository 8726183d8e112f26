/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reports/budget.h"

#include "base/memory.h"

#include <math.h>
#include <string.h>

/* The side row of the budget, or -1. */
static int row_of(const kv_report *report, int funder, int slot, int period)
{
    const kv_rows *side = &report->problem->side;
    kv_text name = {0};
    int found = -1;
    kv_text_addf(&name, "budget:%s:%s:%s", report->the_case->funders.rows[funder].funder,
                 kv_report_period(report, period), kv_report_scenario(report, slot));
    for (int i = 0; !name.failed && i < side->count && found < 0; i++) {
        if (strcmp(side->name[i], name.data) == 0)
            found = i;
    }
    kv_text_clear(&name);
    return found;
}

static int has_budget(const kv_report *report, int funder)
{
    for (int i = 0; i < report->the_case->budgets.count; i++) {
        if (report->the_case->budgets.rows[i].funder == funder)
            return 1;
    }
    return 0;
}

static double carry_share(const kv_case *view, int funder, int period)
{
    for (int i = 0; i < view->budgets.count; i++) {
        const kv_budget *budget = &view->budgets.rows[i];
        if (budget->funder == funder && budget->period == period)
            return budget->carry_over;
    }
    return 0;
}

/* What is set aside at the end of the period. */
static double carried(const kv_report *report, int funder, int slot, int period)
{
    for (int j = 0; j < report->problem->n_design; j++) {
        const kv_design_info *info = &report->map->design[j];
        if (info->kind == KV_DESIGN_CARRY && info->funder == funder && info->period == period &&
            kv_report_design_slot(report, j) == slot)
            return report->design[j];
    }
    return 0;
}

static double spending(const kv_report *report, int funder, int slot, int period)
{
    const kv_case *view = kv_report_view(report, slot);
    double sum = 0;
    for (int j = 0; j < report->problem->n_design; j++) {
        const kv_design_info *info = &report->map->design[j];
        int s = kv_report_design_slot(report, j);
        if (info->kind != KV_DESIGN_START || report->design[j] == 0 ||
            (s != slot && s != report->map->n_scenarios))
            continue;
        for (int i = 0; i < view->funding.count; i++) {
            const kv_funding *funding = &view->funding.rows[i];
            if (funding->project == info->project && funding->funder == funder)
                sum += funding->share * report->design[j] *
                       kv_start_spending(view, &view->projects.rows[info->project], info->period,
                                         period);
        }
    }
    return sum;
}

/* 1 if the line exists: its row does. */
static int make_line(const kv_report *report, int funder, int slot, int period,
                     kv_budget_line *line)
{
    const kv_multipliers *multipliers = report->result->plan->multipliers;
    int row = row_of(report, funder, slot, period);
    if (row < 0)
        return 0;
    *line = (kv_budget_line){.funder = funder, .slot = slot, .period = period};
    line->budget = report->problem->side.rhs[row];
    line->spent = spending(report, funder, slot, period);
    line->carried_out = carried(report, funder, slot, period);
    if (period > 0)
        line->carried_in = carry_share(kv_report_view(report, slot), funder, period - 1) *
                           carried(report, funder, slot, period - 1);
    line->unspent = line->budget + line->carried_in - line->spent - line->carried_out;
    line->worth = multipliers ? fmax(0, multipliers->side[row]) : 0;
    return 1;
}

kv_status kv_budget_lines(const kv_report *report, kv_budget_line **lines, int *count)
{
    int n_funders = report->the_case->funders.count, n_slots = report->map->n_scenarios + 1;
    int n_periods = report->the_case->periods.count;
    *count = 0;
    *lines = kv_alloc((size_t)n_funders * (size_t)n_slots, (size_t)n_periods * sizeof **lines);
    if (!*lines)
        return KV_ERR_MEMORY;
    for (int f = 0; f < n_funders; f++) {
        for (int s = 0; has_budget(report, f) && s < n_slots; s++) {
            for (int t = 0; t < n_periods; t++)
                *count += make_line(report, f, s, t, &(*lines)[*count]);
        }
    }
    return KV_OK;
}

int kv_budget_binds(const kv_budget_line *line)
{
    double left = line->budget + line->carried_in - line->spent;
    if (line->worth > 1e-4)
        return 1;
    return line->spent > 1e-9 && left <= 1e-6 * (line->budget + line->carried_in);
}

kv_status kv_report_budgets(const kv_report *report, const char *dir, kv_messages *messages)
{
    kv_budget_line *lines = NULL;
    int count = 0;
    kv_out out;
    if (report->design && kv_budget_lines(report, &lines, &count) != KV_OK)
        return KV_ERR_MEMORY;
    kv_out_begin(&out, KV_OUT_BUDGETS);
    for (int i = 0; i < count; i++) {
        const kv_budget_line *line = &lines[i];
        kv_out_text(&out, report->the_case->funders.rows[line->funder].funder);
        kv_out_text(&out, kv_report_scenario(report, line->slot));
        kv_out_text(&out, kv_report_period(report, line->period));
        kv_out_rounded(&out, line->budget, 6);
        kv_out_rounded(&out, line->carried_in, 6);
        kv_out_rounded(&out, line->spent, 6);
        kv_out_rounded(&out, line->carried_out, 6);
        kv_out_rounded(&out, line->unspent, 6);
        kv_out_text(&out, kv_budget_binds(line) ? "yes" : "no");
        kv_out_rounded(&out, line->worth, 9);
        kv_out_end_row(&out);
    }
    kv_free(lines);
    return kv_out_write(&out, dir, messages);
}
