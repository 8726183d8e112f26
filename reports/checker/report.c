/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The report: what was verified, in few lines. */
#include "reports/checker/judge.h"

#include <math.h>
#include <string.h>

static const char *const kinds[KVC_KINDS] = {
    [KVC_BALANCES] = "balances", [KVC_RESOURCES] = "resources", [KVC_OPENINGS] = "openings",
    [KVC_BOUNDS] = "bounds",     [KVC_COUPLINGS] = "couplings", [KVC_SIDES] = "side rows",
    [KVC_BUDGETS] = "budgets",   [KVC_WHOLE] = "whole numbers", [KVC_FIGURE] = "table values",
};

static void add_count(kv_text *text, long count)
{
    if (count >= 1000) {
        add_count(text, count / 1000);
        kv_text_addf(text, ",%03ld", count % 1000);
        return;
    }
    kv_text_addf(text, "%ld", count);
}

static void add_tally(kv_text *out, const char *name, const kvc_tally *tally)
{
    kv_text count = {0};
    add_count(&count, tally->rows);
    kv_text_addf(out, "  %-14s %9s  ", name, count.data ? count.data : "");
    out->failed |= count.failed;
    kv_text_clear(&count);
    if (!tally->worst_at)
        kv_text_add(out, "hold exactly");
    else if (tally->failed)
        kv_text_addf(out, "%ld FAILED, the largest violation %.2g of its size at %s", tally->failed,
                     kvc_double(*tally->worst), tally->worst_at);
    else
        kv_text_addf(out, "hold, largest violation %.2g of its size at %s",
                     kvc_double(*tally->worst), tally->worst_at);
    kv_text_add(out, "\n");
}

static void add_value(kv_text *out, const char *name, double written, double value)
{
    kv_text_addf(out, "  %-20s ", name);
    if (isnan(value))
        kv_text_add(out, "nothing is proved");
    else
        kv_text_addf(out, "%.12g recomputed", value);
    if (!isnan(written))
        kv_text_addf(out, ", %.12g written", written);
    kv_text_add(out, "\n");
}

static void add_percent(kv_text *out, const char *name, double share, const char *written)
{
    if (!isnan(share))
        kv_text_addf(out, "  %-20s at most %.4g %%%s\n", name, 100 * share, written);
}

static void add_plan(kvc_checking *c, kv_text *out)
{
    kv_text_add(out, "The plan, in exact arithmetic:\n");
    for (int i = 0; i < KVC_KINDS; i++) {
        if (c->findings.tally[i].rows > 0)
            add_tally(out, kinds[i], &c->findings.tally[i]);
    }
    add_value(out, "objective", kvc_json_number(c->plan.json, "objective"),
              kvc_double(*c->plan.objective));
}

static void add_bound(kvc_checking *c, kv_text *out)
{
    const kvc_certificate *it = &c->certificate;
    kv_text_add(out, "The bound, never rounded upwards:\n  ");
    add_count(out, c->flows);
    kv_text_addf(out, " flows priced, %d %s of the search", it->leaves.count,
                 it->leaves.count == 1 ? "leaf" : "leaves");
    if (c->infeasible > 0)
        kv_text_addf(out, ", %ld of them without a plan", c->infeasible);
    if (it->n_cuts > 0)
        kv_text_addf(out, ", %d %s derived", it->n_cuts, it->n_cuts == 1 ? "cut" : "cuts");
    if (it->unknown > 0)
        kv_text_addf(out, ", %ld multipliers of no row counted as 0", it->unknown);
    kv_text_add(out, "\n");
    if (c->no_plan)
        kv_text_add(out, "  there is no plan\n");
    else
        add_value(out, "bound", kvc_json_number(c->plan.json, "certified_bound"), c->bound);
    if (it->nothing.count > 0)
        add_value(out, "bound, doing nothing", kvc_json_number(c->plan.json, "do_nothing_bound"),
                  c->nothing);
    add_percent(out, "gap", kvc_proved_gap(c), "");
    add_percent(out, "decision gap", kvc_proved_decision_gap(c), "");
}

void kvc_write_report(kvc_checking *checking)
{
    kvc_checking *c = checking;
    kv_text *out = &c->findings.report;
    const kvc_world *w = &c->world;
    const char *name = w->given->the_case.rows[0].name;
    const char *scenario = kvc_json_text(c->plan.json, "scenario");
    kv_text_addf(out, "Case %s%s%s: %d %s, ", name ? name : "", scenario ? ", scenario " : "",
                 scenario ? scenario : "", w->n_blocks, w->n_blocks == 1 ? "block" : "blocks");
    add_count(out, (long)w->flow.count * w->n_blocks);
    kv_text_add(out, " flows\n");
    if (c->plan.exists)
        add_plan(c, out);
    add_bound(c, out);
    if (c->unconfirmed)
        kv_text_addf(
            out, "The engine claims the bound %.12g (gap %.4g %%): that is not confirmed.\n",
            kvc_json_number(c->plan.json, "bound"), 100 * kvc_json_number(c->plan.json, "gap"));
    if (c->findings.failed == 0) {
        kv_text_addf(out, "Confirmed.\n");
        return;
    }
    kv_text_add(out, "NOT confirmed: ");
    add_count(out, c->findings.failed);
    kv_text_addf(out, " %s\n", c->findings.failed == 1 ? "check failed" : "checks failed");
    kv_text_add(out, c->findings.failures.data ? c->findings.failures.data : "");
    out->failed |= c->findings.failures.failed;
}
