/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the plan does, in a few lines; and how good it is known to be. */
#include "base/memory.h"
#include "reports/budget.h"
#include "reports/summary.h"

#include <math.h>
#include <string.h>

typedef char number[KV_NUMBER_SIZE];

/* Construction cost of what is built, undiscounted, expected over the scenarios. */
static double spent(const kv_report *report, double *charged)
{
    double sum = 0;
    *charged = 0;
    for (int j = 0; j < report->problem->n_design; j++) {
        const kv_design_info *info = &report->map->design[j];
        if (info->kind != KV_DESIGN_START)
            continue;
        int slot = kv_report_design_slot(report, j);
        const kv_project *project = &kv_report_view(report, slot)->projects.rows[info->project];
        double probability = slot < report->map->n_scenarios ? report->map->probability[slot] : 1;
        double cost = probability * info->cost_meur * report->design[j];
        sum += cost;
        *charged += cost * project->freight_share;
    }
    return sum;
}

static kv_status add_built(const kv_report *report, kv_text *out)
{
    int n = report->the_case->projects.count, built = 0;
    double *started = kv_alloc((size_t)n, sizeof(double)), charged;
    number cost, freight;
    if (!started)
        return KV_ERR_MEMORY;
    kv_summary_started(report, -1, started);
    for (int p = 0; p < n; p++)
        built += started[p] > 1e-6;
    kv_free(started);
    kv_prose_number(spent(report, &charged), cost);
    kv_prose_number(charged, freight);
    kv_prose_item(out,
                  "It starts %d of the %d candidate projects%s, for %s MEUR, of which %s MEUR "
                  "are charged to freight.",
                  built, n, report->map->n_scenarios > 1 ? " in one scenario or more" : "", cost,
                  freight);
    return KV_OK;
}

static void add_saving(const kv_report *report, kv_text *out)
{
    const kv_plan *plan = report->result->plan;
    number objective, saving, share, idle;
    kv_prose_number(plan->objective, objective);
    if (!report->has_nothing) {
        kv_prose_item(out,
                      "All that can be decided costs %s MEUR in present value. What doing "
                      "nothing would cost was not worked out.",
                      objective);
        return;
    }
    double nothing = report->result->do_nothing->objective;
    kv_prose_number(nothing - plan->objective, saving);
    kv_prose_percent((nothing - plan->objective) / fabs(nothing), share);
    kv_prose_number(nothing, idle);
    kv_prose_item(out,
                  "It saves %s MEUR in present value over doing nothing (%s): transport, "
                  "purchases beyond the cheapest, what is not served and the investments cost "
                  "%s MEUR with the plan and %s MEUR if nothing is built.",
                  saving, share, objective, idle);
}

static void add_gap(const kv_report *report, kv_text *out)
{
    const kv_plan *plan = report->result->plan;
    number gap, reached;
    double certified = kv_gap(plan->objective, plan->certified_bound);
    if (isnan(certified)) {
        kv_prose_item(out, "How far it is from the best plan is not known.");
        return;
    }
    kv_prose_percent(certified, gap);
    if (report->has_nothing) {
        double decision = kv_decision_gap(plan->objective, plan->certified_bound,
                                          report->result->do_nothing->certified_bound);
        kv_prose_percent(floor(100 * (1 - decision)) / 100, reached);
        kv_prose_item(out,
                      "Proved: it reaches at least %s of what can be saved at all over doing "
                      "nothing, and no plan is more than %s cheaper.",
                      reached, gap);
        return;
    }
    kv_prose_item(out, "Proved: no plan is more than %s cheaper.", gap);
}

static double expected_share(const kv_report *report, const kv_figures *figures, int period)
{
    double demand = kv_summary_expected(report, figures->demand_t, 1, 0, period);
    double unserved = kv_summary_expected(report, figures->unserved_t, 1, 0, period);
    return demand > 0 ? 1 - unserved / demand : 1;
}

static void add_service(const kv_report *report, kv_text *out)
{
    int last = report->figures.n_periods - 1;
    number first, end, idle, years;
    kv_prose_percent(expected_share(report, &report->figures, 0), first);
    kv_prose_percent(expected_share(report, &report->figures, last), end);
    kv_summary_years(report, last, years);
    kv_text text = {0};
    if (strcmp(first, end) == 0)
        kv_text_addf(&text, "It serves %s of the demand, at first and in %s", first, years);
    else
        kv_text_addf(&text, "It serves %s of the demand at first and %s in %s", first, end, years);
    if (report->has_nothing) {
        kv_prose_percent(expected_share(report, &report->figures_nothing, last), idle);
        kv_text_addf(&text, " (%s if nothing is built)", idle);
    }
    kv_text_add(&text, ".");
    kv_prose_item(out, "%s", text.failed ? "" : text.data);
    kv_text_clear(&text);
}

static double co2(const kv_report *report, const kv_figures *figures, int period)
{
    double sum = 0;
    for (int q = 0; q < figures->n_technologies; q++)
        sum += kv_summary_expected(report, figures->co2_t, figures->n_technologies, q, period);
    return sum / 1000;
}

static void add_emissions(const kv_report *report, kv_text *out)
{
    int last = report->figures.n_periods - 1;
    number first, end, idle, years;
    kv_text text = {0};
    kv_prose_number(co2(report, &report->figures, 0), first);
    kv_prose_number(co2(report, &report->figures, last), end);
    kv_summary_years(report, last, years);
    kv_text_addf(&text, "Transport emits %s kt of CO2 a year at first and %s kt in %s", first, end,
                 years);
    if (report->has_nothing) {
        kv_prose_number(co2(report, &report->figures_nothing, last), idle);
        kv_text_addf(&text, " (%s kt if nothing is built)", idle);
    }
    kv_text_add(&text, ".");
    kv_prose_item(out, "%s", text.failed ? "" : text.data);
    kv_text_clear(&text);
}

kv_status kv_summary_short(const kv_report *report, kv_text *out)
{
    kv_prose_title(out, "In short", '-');
    kv_status status = add_built(report, out);
    add_saving(report, out);
    add_gap(report, out);
    add_service(report, out);
    add_emissions(report, out);
    kv_text_add(out, "\n");
    return status;
}

/* The saving is only as sure as the plan of doing nothing is good. */
static void add_idle_gap(const kv_report *report, kv_text *out)
{
    const kv_plan *nothing = report->result->do_nothing;
    number gap;
    if (!report->has_nothing)
        return;
    double idle = kv_gap(nothing->objective, nothing->bound);
    if (isnan(idle)) {
        kv_prose_paragraph(out, "How far that plan is from the best way of doing nothing is not "
                                "known; the saving may be smaller.");
    } else if (idle > 0.005) {
        kv_prose_percent(idle, gap);
        kv_prose_paragraph(out,
                           "The best way of doing nothing may be up to %s cheaper than the one "
                           "found, and the saving smaller by as much.",
                           gap);
    }
}

kv_status kv_summary_quality(const kv_report *report, kv_text *out)
{
    const kv_plan *plan = report->result->plan;
    number certified, gap, claimed, claimed_gap, objective;
    static const char stopped[] = "It ended at the time limit or was stopped: another run may end "
                                  "elsewhere.";
    static const char *const ends[] = {"It ended because the plan was good enough.",
                                       "It ended at the work limit.", stopped};
    int end = plan->ended_by_limit >= 0 && plan->ended_by_limit < 3 ? plan->ended_by_limit : 2;
    kv_prose_number(plan->objective, objective);
    kv_prose_number(plan->certified_bound, certified);
    kv_prose_percent(kv_gap(plan->objective, plan->certified_bound), gap);
    kv_prose_number(plan->bound, claimed);
    kv_prose_percent(kv_gap(plan->objective, plan->bound), claimed_gap);
    kv_prose_title(out, "How good the plan is, and how that is known", '-');
    if (fabs(plan->bound - plan->certified_bound) <= 1e-9 * fabs(plan->bound))
        kv_prose_paragraph(
            out,
            "The plan costs %s MEUR. From the multipliers in certificate.json anyone "
            "can recompute that no plan costs less than %s MEUR (certified gap %s). "
            "%s",
            objective, certified, gap, ends[end]);
    else
        kv_prose_paragraph(
            out,
            "The plan costs %s MEUR. From the multipliers in certificate.json anyone can "
            "recompute that no plan costs less than %s MEUR (certified gap %s); the "
            "search itself claims %s MEUR (gap %s). %s",
            objective, certified, gap, claimed, claimed_gap, ends[end]);
    kv_prose_paragraph(out,
                       "Left out of these costs, because no plan can change them: what goods cost "
                       "at their cheapest supplier. Doing nothing means: no project is built, "
                       "vehicles are renewed as needed.");
    add_idle_gap(report, out);
    return KV_OK;
}
