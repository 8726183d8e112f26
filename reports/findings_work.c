/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Indicators on volumes, modes and supply. Rules: docs/results.md. */
#include "reports/findings_parts.h"

#include "base/memory.h"
#include "reports/regional.h"
#include "reports/summary.h"

#include <math.h>

typedef char number[KV_NUMBER_SIZE];

static kv_verdict by_rule(int agrees, int partly)
{
    return agrees ? KV_VERDICT_AGREES : partly ? KV_VERDICT_PARTLY : KV_VERDICT_DISAGREES;
}

kv_verdict kv_finding_volume_growth(const kv_report *report, kv_text *text)
{
    const kv_figures *figures = &report->figures;
    double first = kv_summary_expected(report, figures->demand_t, 1, 0, 0), most = first;
    int peak = 0;
    number from, to, growth, years;
    for (int t = 1; t < figures->n_periods; t++) {
        double demand = kv_summary_expected(report, figures->demand_t, 1, 0, t);
        if (demand > most) {
            most = demand;
            peak = t;
        }
    }
    kv_prose_number(first / 1e6, from);
    kv_prose_number(most / 1e6, to);
    kv_prose_percent(first > 0 ? most / first - 1 : (double)NAN, growth);
    kv_summary_years(report, peak, years);
    kv_text_addf(text, "Volumes go from %s to at most %s Mt a year (%s more, in %s). ", from, to,
                 growth, years);
    return by_rule(most >= 1.1 * first, most >= 1.02 * first);
}

/* Share of sea, waterway and rail in the transport work of all periods; g CO2 per t-km. */
static void work_of(const kv_report *report, const kv_figures *figures, double *share,
                    double *grams, double *kilotons)
{
    double all = 0, green = 0, co2 = 0;
    for (int t = 0; t < figures->n_periods; t++) {
        double years = kv_period_years(&report->the_case->periods.rows[t]);
        for (int q = 0; q < figures->n_technologies; q++) {
            int mode = report->the_case->technologies.rows[q].mode, n = figures->n_technologies;
            double t_km = years * kv_summary_expected(report, figures->t_km, n, q, t);
            all += t_km;
            co2 += years * kv_summary_expected(report, figures->co2_t, n, q, t);
            green += mode == KV_MODE_RAIL || mode == KV_MODE_SEA || mode == KV_MODE_FERRY ||
                             mode == KV_MODE_WATERWAY
                         ? t_km
                         : 0;
        }
    }
    *share = all > 0 ? green / all : 0;
    *grams = all > 0 ? co2 * 1e6 / all : 0;
    *kilotons = co2 / 1e3;
}

kv_verdict kv_finding_modal_shift(const kv_report *report, kv_text *text)
{
    double share, grams, kilotons, idle_share, idle_grams, idle_kilotons;
    number a, b, c, d, e, f;
    if (!report->has_nothing) {
        kv_text_add(text,
                    "Doing nothing was not worked out, so there is nothing to compare with. ");
        return KV_VERDICT_UNKNOWN;
    }
    work_of(report, &report->figures, &share, &grams, &kilotons);
    work_of(report, &report->figures_nothing, &idle_share, &idle_grams, &idle_kilotons);
    kv_prose_percent(share, a);
    kv_prose_percent(idle_share, b);
    kv_prose_number(grams, c);
    kv_prose_number(idle_grams, d);
    kv_prose_number(kilotons, e);
    kv_prose_number(idle_kilotons, f);
    kv_text_addf(text,
                 "Over all periods sea, ferry and rail carry %s of the t-km with the plan and %s "
                 "if nothing is built; a t-km emits %s g of CO2 against %s g, in all %s kt against "
                 "%s kt. ",
                 a, b, c, d, e, f);
    int shifts = share > idle_share + 0.002, cleaner = kilotons < 0.995 * idle_kilotons;
    return by_rule(shifts && cleaner, shifts || cleaner);
}

/* Tons of each product used and from the region, times the scenarios' probabilities: sum
 * [products], shares [products] is room. */
static kv_status regional(const kv_report *report, int period, kv_regional *sum,
                          kv_regional *shares)
{
    int n = report->the_case->products.count;
    kv_status status = KV_OK;
    for (int b = 0; b < report->problem->n_blocks && status == KV_OK; b++) {
        double probability = report->map->probability[kv_report_block_slot(report, b)];
        if (report->map->block[b].period != period)
            continue;
        status = kv_regional_shares(report, b, shares);
        for (int k = 0; k < n && status == KV_OK; k++) {
            sum[k].used_t += probability * shares[k].used_t;
            sum[k].from_region_t += probability * shares[k].from_region_t;
        }
    }
    return status;
}

static void add_names(const kv_report *report, const kv_regional *sum, int regional_ones,
                      kv_text *text)
{
    int n = 0;
    for (int k = 0; k < report->the_case->products.count; k++) {
        const kv_product *product = &report->the_case->products.rows[k];
        if (sum[k].used_t > 0 && (sum[k].from_region_t >= 0.5 * sum[k].used_t) == regional_ones)
            kv_text_addf(text, "%s%s", n++ ? ", " : "",
                         product->name ? product->name : product->product);
    }
    kv_text_add(text, n ? ". " : "none. ");
}

kv_status kv_finding_regional_share(const kv_report *report, kv_verdict *verdict, kv_text *text)
{
    int n = report->the_case->products.count, end = report->figures.n_periods - 1;
    int all = 0, mostly = 0;
    double used = 0, own = 0;
    char years[KV_NUMBER_SIZE], share[KV_NUMBER_SIZE];
    kv_regional *sum = kv_alloc((size_t)n, 2 * sizeof *sum);
    kv_status status = sum ? regional(report, end, sum, sum + n) : KV_ERR_MEMORY;
    if (status == KV_OK) {
        for (int k = 0; k < n; k++) {
            all += sum[k].used_t > 0;
            mostly += sum[k].used_t > 0 && sum[k].from_region_t >= 0.5 * sum[k].used_t;
            used += sum[k].used_t;
            own += sum[k].from_region_t;
        }
        kv_summary_years(report, end, years);
        kv_prose_percent(used > 0 ? own / used : 0, share);
        kv_text_addf(text,
                     "In %s %d of the %d goods that sites of the region use come mostly from "
                     "the region (%s of all tons): ",
                     years, mostly, all, share);
        add_names(report, sum, 1, text);
        kv_text_add(text, "Mostly from outside: ");
        add_names(report, sum, 0, text);
        *verdict = by_rule(2 * mostly >= all && all > 0, 4 * mostly >= all && all > 0);
    }
    kv_free(sum);
    return status;
}
