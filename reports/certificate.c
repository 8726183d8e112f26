/* SPDX-License-Identifier: GPL-3.0-or-later */
/* certificate.json: the multipliers from which the bound can be recomputed (docs/certificate.md).*/
#include "reports/report.h"

#include <math.h>

typedef struct writing {
    const kv_report *report;
    kv_text text, name;
    int any; /* 1 = a multiplier was written */
} writing;

/* A multiplier under the name gathered in w->name, which is emptied. */
static void add_multiplier(writing *w, double value)
{
    kv_text_add(&w->text, w->any ? ",\n      " : "\n      ");
    kv_text_add_json(&w->text, w->name.data);
    kv_text_add(&w->text, ": ");
    kv_text_add_number(&w->text, value);
    w->any = 1;
    w->text.failed |= w->name.failed;
    kv_text_clear(&w->name);
}

static int counts(double value)
{
    return value != 0 && isfinite(value);
}

static void add_block_rows(writing *w, const kv_multipliers *multipliers, int b)
{
    const kv_problem *problem = w->report->problem;
    const char *block = problem->block_name[b];
    for (int i = 0; i < problem->n_balances; i++) {
        double pi = multipliers->balance[(size_t)b * (size_t)problem->n_balances + (size_t)i];
        if (!counts(pi))
            continue;
        kv_text_addf(&w->name, "flow:%s:%s:%s", problem->node_name[problem->balance_node[i]],
                     problem->commodity_name[problem->balance_commodity[i]], block);
        add_multiplier(w, pi);
    }
    for (int r = 0; r < problem->n_resources; r++) {
        double alpha = multipliers->resource[(size_t)b * (size_t)problem->n_resources + (size_t)r];
        if (!(counts(alpha) && alpha > 0))
            continue;
        kv_text_addf(&w->name, "resource:%s:%s", problem->resource_name[r], block);
        add_multiplier(w, alpha);
    }
}

static void add_openings(writing *w, const kv_multipliers *multipliers)
{
    const kv_problem *problem = w->report->problem;
    for (int i = 0; i < multipliers->n_opening; i++) {
        const kv_opening *opening = &problem->openings[multipliers->opening[i]];
        int commodity = problem->flow_commodity[multipliers->opening_flow[i]];
        double beta = multipliers->opening_value[i];
        if (!(counts(beta) && beta > 0))
            continue;
        kv_text_addf(&w->name, "open:%s:%d:%s:%s", problem->arc_name[opening->arc], opening->set,
                     problem->commodity_name[commodity], problem->block_name[opening->block]);
        add_multiplier(w, beta);
    }
    for (int i = 0; i < multipliers->n_arc_opening; i++) {
        const kv_opening *opening = &problem->openings[multipliers->arc_opening[i]];
        double beta = multipliers->arc_opening_value[i];
        if (!(counts(beta) && beta > 0))
            continue;
        kv_text_addf(&w->name, "open:%s:%d:*:%s", problem->arc_name[opening->arc], opening->set,
                     problem->block_name[opening->block]);
        add_multiplier(w, beta);
    }
}

static void add_rows(writing *w, const char *kind, const kv_rows *rows, const double *values)
{
    for (int i = 0; i < rows->count; i++) {
        if (!counts(values[i]) || (rows->sense[i] == 'L' && values[i] < 0))
            continue;
        kv_text_addf(&w->name, "%s:%s", kind, rows->name[i]);
        add_multiplier(w, values[i]);
    }
}

static void add_field_number(kv_text *text, const char *name, double value)
{
    kv_text_addf(text, "  \"%s\": ", name);
    if (isfinite(value) && fabs(value) < 1e30)
        kv_text_add_number(text, value);
    else
        kv_text_add(text, "null");
    kv_text_add(text, ",\n");
}

static void add_head(writing *w)
{
    const kv_result *result = w->report->result;
    const kv_plan *plan = result->plan;
    kv_text_add(&w->text, "{\n  \"format\": \"kvarken-certificate\",\n  \"version\": 2,\n");
    kv_text_add(&w->text, "  \"case\": ");
    kv_text_add_json(&w->text, kv_result_case_name(result));
    kv_text_addf(&w->text, ",\n  \"case_hash\": \"%016llx\",\n  \"scenario\": ",
                 (unsigned long long)kv_result_case_hash(result));
    kv_text_add_json(&w->text, result->scenario);
    kv_text_add(&w->text, ",\n");
    add_field_number(&w->text, "objective",
                     kv_result_has_plan(result) ? plan->objective : (double)NAN);
    add_field_number(&w->text, "bound", plan->certified_bound);
}

/* One entry of the pool: all multipliers of a plan. */
static void add_vector(writing *w, const kv_multipliers *multipliers)
{
    w->any = 0;
    kv_text_add(&w->text, "\n    {");
    for (int b = 0; b < w->report->problem->n_blocks; b++)
        add_block_rows(w, multipliers, b);
    add_openings(w, multipliers);
    add_rows(w, "coupling", &w->report->problem->coupling, multipliers->coupling);
    add_rows(w, "side", &w->report->problem->side, multipliers->side);
    kv_text_add(&w->text, "\n    }");
}

/* The bound of doing nothing, proved by the entry of the pool with that number. */
static void add_nothing(writing *w, int entry)
{
    const kv_plan *nothing = w->report->result->do_nothing;
    kv_text_add(&w->text, ",\n  \"do_nothing\": {\n  ");
    add_field_number(&w->text, "objective",
                     w->report->has_nothing ? nothing->objective : (double)NAN);
    kv_text_add(&w->text, "  ");
    add_field_number(&w->text, "bound", nothing->certified_bound);
    kv_text_addf(&w->text, "    \"multipliers\": %d\n  }", entry);
}

kv_status kv_report_certificate(const kv_report *report, const char *dir, kv_messages *messages)
{
    writing w = {.report = report};
    const kv_plan *plan = report->result->plan, *nothing = report->result->do_nothing;
    int entries = 0;
    add_head(&w);
    kv_text_add(&w.text, "  \"pool\": [");
    if (plan->multipliers && ++entries)
        add_vector(&w, plan->multipliers);
    if (nothing && nothing->multipliers) {
        kv_text_add(&w.text, entries++ ? "," : "");
        add_vector(&w, nothing->multipliers);
    }
    kv_text_add(&w.text, entries ? "\n  ],\n  \"parts\": [" : "],\n  \"parts\": [");
    if (plan->multipliers)
        kv_text_add(&w.text,
                    "\n    { \"kind\": \"leaf\", \"branches\": [], \"multipliers\": 0 }\n  ");
    kv_text_add(&w.text, "]");
    if (nothing && nothing->multipliers)
        add_nothing(&w, entries - 1);
    kv_text_add(&w.text, "\n}\n");
    kv_status status = kv_report_write_text(&w.text, dir, "certificate.json", messages);
    kv_text_clear(&w.text);
    kv_text_clear(&w.name);
    return status;
}
